"""What a form sent, as far as the server reads it at all."""

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import QueryDict
from django.http.multipartparser import MultiPartParserError


def typed_in(request) -> QueryDict | None:
    """The fields of a POST, to be changed freely; ``None`` for what cannot be read.

    Too large, too many fields, a broken encoding: the caller says so in the reader's
    language, where Django would answer with a bare page of its own.
    """
    try:
        return request.POST.copy()
    except (SuspiciousOperation, BadRequest, MultiPartParserError):
        return None
