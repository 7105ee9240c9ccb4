"""Connects the reply desk: the tool for complaints, cards, receipts, events."""

from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation import signals
from wagtail_eparticipation.consultations.desk_cards import register_card
from wagtail_eparticipation.consultations.ledger_words import register_event_words
from wagtail_eparticipation.consultations.sections import register_section
from wagtail_eparticipation.moderation import review_parts
from wagtail_eparticipation.participations import (
    receipt_notes,
    receipt_views,
    tools,
)
from wagtail_eparticipation.participations.models import State
from wagtail_eparticipation.replies import (
    campaign_receipts,
    cards,
    clarification_cards,
    clarification_views,
    communication_sources,  # noqa: F401 (imported to register)
    from_register,
    handovers,
    receipts,
    reply_wanted,
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


@receiver(signals.participation_received, dispatch_uid="eparticipation_case_asked")
def open_asked(participation, now, **kwargs):
    """What a tool for questions brings in goes to the desk with the act of sending."""
    try:
        asks = tools.get(participation.tool).asks
    except tools.UnknownTool:
        return
    if asks and not participation.batch and from_register.opens_itself(participation):
        from_register.open_case(participation, actor=None)


@receiver(signals.participation_confirmed, dispatch_uid="eparticipation_case_confirmed")
def open_confirmed(participation, now, **kwargs):
    """The same once the address is known to be theirs."""
    open_asked(participation, now)


@receiver(signals.participation_withdrawn, dispatch_uid="eparticipation_case_withdrawn")
@receiver(signals.participation_replaced, dispatch_uid="eparticipation_case_replaced")
def close_taken_back(participation, now, **kwargs):
    """Nobody waits for a reply to what its author took back."""
    from_register.close_taken_back(participation, now)


@receiver(signals.participation_destroyed, dispatch_uid="eparticipation_case_destroyed")
def forget_destroyed(participation, now, **kwargs):
    """Its case ends, and no word about it stays at the desk."""
    from_register.close_taken_back(participation, now)
    from_register.forget_words(participation)


@receiver(
    signals.participation_moderated, dispatch_uid="eparticipation_handover_moderated"
)
def hand_over_rerouted(participation, now, **kwargs):
    """The same for what a moderator recognised as a complaint."""
    if participation.state == State.REROUTED:
        handovers.begin(participation, now=now)


receipt_notes.register(receipts.handover_note, order=160)
receipt_notes.register(receipts.case_notes, order=170)
review_parts.register(reply_wanted.TEMPLATE, reply_wanted.part)
receipt_notes.register(campaign_receipts.reply_note, order=250)
register_section(
    "questions",
    order=300,
    template="wagtail_eparticipation/replies/questions_section.html",
    provide=clarification_views.section,
)
receipt_views.register_other(views.look_up)
register_card(90, cards.means_card)
register_card(210, cards.cases_card)
register_card(215, cards.figures_card)
register_card(220, cards.complaints_card)
register_card(230, clarification_cards.clarifications_card)
register_card(240, clarification_cards.communications_card)
register_event_words(
    {
        "complaint.handed": _("Complaint handed over"),
        "complaint.failed": _("Complaint could not be handed over"),
        "complaint.retried": _("Handing over tried again"),
        "case.received": _("Enquiry received"),
        "case.taken_up": _("Enquiry taken up"),
        "case.opened": _("Reply asked for"),
        "case.answered": _("Enquiry answered"),
        "case.in_part": _("Enquiry answered in part"),
        "case.referred": _("Competent entity asked"),
        "case.referral_answered": _("Competent entity answered"),
        "case.referral_recalled": _("Question to the competent entity taken back"),
        "case.outside": _("Enquiry outside competence"),
        "case.closed": _("Enquiry closed"),
        "case.identity_destroyed": _("Identity destroyed"),
        "case.asked": _("Sender asked about becoming a participation"),
        "case.converted": _("Enquiry became a participation"),
        "clarification.published": _("Clarification published"),
        "clarification.corrected": _("Clarification corrected"),
        "clarification.translated": _("Clarification translated"),
        "clarification.withdrawn": _("Clarification withdrawn"),
        "campaign.replied": _("Reply to a campaign"),
        "campaign.told": _("All members of a campaign told"),
    }
)
