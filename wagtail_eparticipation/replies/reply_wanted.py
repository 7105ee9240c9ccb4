"""Marking that a reply is needed, on the pages of the moderators (R-5.3.1e)."""

from typing import Any

from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from wagtail_eparticipation import sanitize
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.discussion.people import ContentReport
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.replies import from_register
from wagtail_eparticipation.replies.answering import NotPossible, may_reply
from wagtail_eparticipation.replies.models import Case

TEMPLATE = "wagtail_eparticipation/replies/reply_wanted.html"


def part(request, *, participation=None, report=None) -> dict[str, Any] | None:
    """What the page says of replies, and the form that asks for one.

    One query: the cases about it so far. Nothing where nobody could be answered.
    """
    subject = participation or report
    topic = subject.consultation
    if not from_register.may_open(request.user, topic):
        return None
    if participation is not None:
        cases = list(participation.cases.order_by("id"))
        possible = from_register.can_be_answered(participation)
        possible = possible and not any(case.is_open for case in cases)
        address = "case_of_participation"
    else:
        cases = list(Case.objects.filter(report=report))
        possible = report.has_contact and not cases
        address = "case_of_report"
    if not cases and not possible:
        return None
    url = reverse(f"eparticipation_admin:{address}", args=[subject.public_id])
    may_read = access.may(request.user, "reply", topic)
    return {
        "cases": [(case, may_read) for case in cases],
        "open_url": f"{url}?{request.GET.urlencode()}" if possible else "",
        "is_report": report is not None,
    }


@require_POST
def open_for_participation(request, public_id):
    """Ask the desk to answer a participation; back to the page it was asked on."""
    found = get_object_or_404(
        Participation.objects.select_related("consultation"), public_id=public_id
    )
    return _open(request, from_register.open_case, found, "moderation_review")


@require_POST
def open_for_report(request, public_id):
    """Ask the desk to answer who reported a voice."""
    found = get_object_or_404(
        ContentReport.objects.select_related("consultation"), public_id=public_id
    )
    return _open(request, from_register.open_case_of_report, found, "report")


def _open(request, act, found, page: str):
    try:
        case = act(found, actor=request.user, question=request.POST.get("question", ""))
    except sanitize.TextTooLong:
        messages.error(request, _("The question is too long; nothing was passed on."))
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("The reply desk has it as case %(number)s.") % {"number": case.number},
        )
        if may_reply(request.user, case) and not access.may(
            request.user, "moderate", found.consultation
        ):
            return redirect("eparticipation_admin:case", case.public_id)
    address = reverse(f"eparticipation_admin:{page}", args=[found.public_id])
    query = request.GET.urlencode()
    return redirect(f"{address}?{query}" if query else address)


admin_urls = [
    path(
        "moderation/<uuid:public_id>/reply-wanted/",
        open_for_participation,
        name="case_of_participation",
    ),
    path(
        "reports/<uuid:public_id>/reply-wanted/",
        open_for_report,
        name="case_of_report",
    ),
]
