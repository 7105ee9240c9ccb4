"""Connects the reply desk: the tool for complaints, cards, receipts, events."""

from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation import signals
from wagtail_eparticipation.consultations.desk_cards import register_card
from wagtail_eparticipation.consultations.ledger_words import register_event_words
from wagtail_eparticipation.participations import (
    receipt_notes,
    receipt_views,
    tools,
)
from wagtail_eparticipation.participations.models import State
from wagtail_eparticipation.replies import (
    cards,
    handovers,
    receipts,
    views,  # (registers the page's route, too)
)


def _details(participation, language):
    data = participation.data
    if data.get("place"):
        yield _("Place"), data["place"]
    shared = _("yes") if data.get("share_contact") else _("no")
    yield _("Contact passed on to the complaint service"), shared


tools.register(
    tools.Tool(
        "complaint",
        _("Complaint"),
        hint=_("Report that something is broken or went wrong. It is not published."),
        form="wagtail_eparticipation.replies.forms.ComplaintForm",
        icon="warning",
        publishable=False,
        received_as=State.REROUTED,
        amend_form=lambda participation, typed: None,
        describe=lambda participation, language: list(
            _details(participation, language)
        ),
    )
)


@receiver(signals.participation_received, dispatch_uid="eparticipation_handover")
def hand_over_complaint(participation, now, **kwargs):
    """A complaint goes to the complaint service with the act of sending it."""
    if participation.state == State.REROUTED:
        handovers.begin(participation, now=now)


@receiver(
    signals.participation_moderated, dispatch_uid="eparticipation_handover_moderated"
)
def hand_over_rerouted(participation, now, **kwargs):
    """The same for what a moderator recognised as a complaint."""
    if participation.state == State.REROUTED:
        handovers.begin(participation, now=now)


receipt_notes.register(receipts.handover_note, order=160)
receipt_views.register_other(views.look_up)
register_card(90, cards.means_card)
register_card(210, cards.cases_card)
register_card(220, cards.complaints_card)
register_event_words(
    {
        "complaint.handed": _("Complaint handed over"),
        "complaint.failed": _("Complaint could not be handed over"),
        "complaint.retried": _("Handing over tried again"),
        "case.received": _("Enquiry received"),
        "case.taken_up": _("Enquiry taken up"),
        "case.answered": _("Enquiry answered"),
        "case.outside": _("Enquiry outside competence"),
        "case.closed": _("Enquiry closed"),
        "case.identity_destroyed": _("Identity destroyed"),
        "case.asked": _("Sender asked about becoming a participation"),
        "case.converted": _("Enquiry became a participation"),
    }
)
