"""Connects moderation: gates, the desk's card, page history, bulk acts."""

from django.utils.translation import gettext_lazy
from wagtail import hooks

from wagtail_eparticipation.consultations.desk_cards import register_card
from wagtail_eparticipation.consultations.ledger_words import register_event_words
from wagtail_eparticipation.moderation import (  # noqa: F401 (imported to register)
    gates,
    history,
)
from wagtail_eparticipation.moderation.bulk import KeepMany, PublishMany
from wagtail_eparticipation.moderation.cards import reports_card, waiting_card
from wagtail_eparticipation.moderation.receipts import rule_of
from wagtail_eparticipation.moderation.reports import settle_by_decision
from wagtail_eparticipation.participations import receipt_notes
from wagtail_eparticipation.signals import participation_moderated

register_card(200, waiting_card)
register_card(205, reports_card)
register_event_words(
    {
        "report.received": gettext_lazy("Report of a published voice received"),
        "report.dismissed": gettext_lazy("Report dismissed"),
        "report.upheld": gettext_lazy("Report upheld"),
    }
)
participation_moderated.connect(
    settle_by_decision, dispatch_uid="eparticipation.moderation.reports"
)
receipt_notes.register(rule_of, order=150)
hooks.register("register_bulk_action", PublishMany)
hooks.register("register_bulk_action", KeepMany)
