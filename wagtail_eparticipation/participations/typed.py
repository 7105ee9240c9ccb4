"""What a form sent, as far as the server reads it at all."""

from functools import wraps

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import QueryDict
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect


def typed_in(request) -> QueryDict | None:
    """The fields of a POST, to be changed freely; ``None`` for what cannot be read.

    Too large, too many fields, a broken encoding: the caller says so in the reader's
    language, where Django would answer with a bare page of its own.
    """
    try:
        return request.POST.copy()
    except (SuspiciousOperation, BadRequest, MultiPartParserError):
        return None


def says_when_too_much(view):
    """Let a view of the admin say that what was sent cannot be read, and how to go on.

    The check for forged requests reads the form before any view; it runs inside here.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def read_first(request, *args, **kwargs):
        if request.method == "POST" and typed_in(request) is None:
            template = "wagtail_eparticipation/participations/too_big_admin.html"
            return render(request, template, status=413)
        return protected(request, *args, **kwargs)

    return read_first
