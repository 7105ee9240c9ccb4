"""What a consultation's desk shows about its decision."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.desk_cards import Card
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.decisions import completeness, file
from wagtail_eparticipation.decisions.record import is_approved, pages_of

#: Stages in which there is something to decide or to read about it.
_SHOWN_IN = frozenset({Stage.ANALYSING, Stage.DECIDED, Stage.ANNOUNCED})


def _concerns(consultation, user, now) -> bool:
    return consultation.stage(now) in _SHOWN_IN and any(
        access.may(user, duty, consultation) for duty in ("decide", "analyse")
    )


def file_card(consultation, user, now) -> Card | None:
    """The decision maker's file, and whether anybody confirmed reading it."""
    if not _concerns(consultation, user, now):
        return None
    readers = consultation.ledger_events.filter(kind=file.EVENT).count()
    return Card(
        title=_("Decision maker's file"),
        value=ngettext(
            "Considered %(count)d time", "Considered %(count)d times", readers
        )
        % {"count": readers}
        if readers
        else _("Not considered yet"),
        url=reverse("eparticipation_admin:decision_file", args=[consultation.pk]),
        tone="success" if readers else "warning",
    )


def page_card(consultation, user, now) -> Card | None:
    """How far the decision's pages are, with the way to the next one."""
    if not _concerns(consultation, user, now):
        return None
    pages = pages_of(consultation)
    wanted = completeness.topics_of(consultation)
    if not pages:
        topic = next(iter(wanted), None)
        return Card(
            title=_("Decision page"),
            value=_("Not begun"),
            url=completeness.add_url(topic) if topic else "",
            tone="warning",
        )
    approved = [page for page in pages if is_approved(page)]
    first_open = next((page for page in pages if page not in approved), pages[0])
    return Card(
        title=_("Decision page"),
        value=_("%(approved)d of %(wanted)d languages approved")
        % {"approved": len(approved), "wanted": max(len(wanted), len(pages))},
        url=completeness.edit_url(first_open),
        tone="success" if len(approved) >= len(wanted) else "warning",
    )
