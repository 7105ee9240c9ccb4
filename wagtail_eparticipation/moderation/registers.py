"""Connects moderation: gates, the desk's card, page history, bulk acts."""

from wagtail import hooks

from wagtail_eparticipation.consultations.desk_cards import register_card
from wagtail_eparticipation.moderation import (  # noqa: F401 (imported to register)
    gates,
    history,
)
from wagtail_eparticipation.moderation.bulk import KeepMany, PublishMany
from wagtail_eparticipation.moderation.cards import waiting_card
from wagtail_eparticipation.moderation.receipts import rule_of
from wagtail_eparticipation.participations import receipt_notes

register_card(200, waiting_card)
receipt_notes.register(rule_of, order=150)
hooks.register("register_bulk_action", PublishMany)
hooks.register("register_bulk_action", KeepMany)
