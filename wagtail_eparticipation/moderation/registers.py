"""Connects moderation: gates, the desk's card, page history, bulk acts."""

from django.utils.translation import gettext_lazy
from wagtail import hooks

from wagtail_eparticipation.consultations.desk_cards import register_card
from wagtail_eparticipation.consultations.ledger_words import register_event_words
from wagtail_eparticipation.consultations.setup import register_step
from wagtail_eparticipation.moderation import (
    figures_views,  # noqa: F401 (imported to register)
    flagging,  # noqa: F401 (imported to register)
    gates,  # noqa: F401 (imported to register)
    hinting,
    history,  # noqa: F401 (imported to register)
    modes,
    receipts,
)
from wagtail_eparticipation.moderation.advisers import (  # noqa: F401
    registers as adviser_registers,
)
from wagtail_eparticipation.moderation.assigning import AssignMany
from wagtail_eparticipation.moderation.bulk import KeepMany, PublishMany
from wagtail_eparticipation.moderation.cards import (
    quarantine_card,
    reports_card,
    waiting_card,
)
from wagtail_eparticipation.moderation.claims import end_with_decision
from wagtail_eparticipation.moderation.lexicon import make_lexicon
from wagtail_eparticipation.moderation.reports import settle_by_decision
from wagtail_eparticipation.participations import hints, receipt_notes, receipt_parts
from wagtail_eparticipation.signals import (
    content_reported,
    participation_amended,
    participation_confirmed,
    participation_moderated,
    participation_received,
)

register_card(200, waiting_card)
register_card(202, quarantine_card)
register_card(205, reports_card)
register_event_words(
    {
        "attachment.released": gettext_lazy("Attached file released"),
        "attachment.withheld": gettext_lazy("Attached file kept from view"),
        "attachment.copy_replaced": gettext_lazy("Redacted copy of a file kept"),
        "report.received": gettext_lazy("Report of a published voice received"),
        "report.dismissed": gettext_lazy("Report dismissed"),
        "report.upheld": gettext_lazy("Report upheld"),
        "moderation.redacted": gettext_lazy("Places hidden"),
        "moderation.original_opened": gettext_lazy("Sealed original opened"),
        "moderation.reversal_proposed": gettext_lazy("Showing again proposed"),
        "moderation.redaction_reversed": gettext_lazy("Hidden places shown again"),
        "moderation.reversal_declined": gettext_lazy("Showing again declined"),
        "moderation.destruction_proposed": gettext_lazy("Destruction proposed"),
        "moderation.destroyed": gettext_lazy("Content destroyed"),
        "moderation.destruction_declined": gettext_lazy("Destruction declined"),
        "objection.made": gettext_lazy("Objection received"),
        "objection.upheld": gettext_lazy("Objection upheld"),
        "objection.dismissed": gettext_lazy("Objection dismissed"),
        "objection.superseded": gettext_lazy("Objection settled by other words"),
        "moderation.assigned": gettext_lazy("Assigned to a moderator"),
        "moderation.unassigned": gettext_lazy("Assigned to nobody any more"),
        "moderation.taken_over": gettext_lazy("Taken over from another moderator"),
        "moderation.published_first": gettext_lazy("Published before review"),
        "moderation.left_published": gettext_lazy("Reviewed and left published"),
    }
)
participation_moderated.connect(
    settle_by_decision, dispatch_uid="eparticipation.moderation.reports"
)
participation_moderated.connect(
    end_with_decision, dispatch_uid="eparticipation.moderation.claims"
)
participation_moderated.connect(
    modes.close_with_decision, dispatch_uid="eparticipation.moderation.early"
)
for _signal in (
    participation_received,
    participation_confirmed,
    participation_amended,
):
    _signal.connect(
        modes.publish_when_allowed, dispatch_uid="eparticipation.moderation.modes"
    )
content_reported.connect(
    modes.review_when_reported, dispatch_uid="eparticipation.moderation.reported"
)
receipt_notes.register(receipts.rule_of, order=150)
receipt_notes.register(receipts.hidden_places, order=152)
receipt_notes.register(receipts.content_destroyed, order=154)
receipt_parts.register(
    "wagtail_eparticipation/moderation/receipt_objection.html", receipts.objection
)
register_step(make_lexicon)
hints.register(hinting.hints)
hooks.register("register_bulk_action", PublishMany)
hooks.register("register_bulk_action", KeepMany)
hooks.register("register_bulk_action", AssignMany)
