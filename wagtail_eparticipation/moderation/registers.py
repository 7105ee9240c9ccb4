"""Connects moderation: gates, the desk's card, page history, bulk acts."""

from wagtail import hooks

from wagtail_eparticipation.consultations.desk_cards import register_card
from wagtail_eparticipation.moderation import (  # noqa: F401 (imported to register)
    gates,
    history,
)
from wagtail_eparticipation.moderation.bulk import KeepMany, PublishMany
from wagtail_eparticipation.moderation.cards import waiting_card

register_card(200, waiting_card)
hooks.register("register_bulk_action", PublishMany)
hooks.register("register_bulk_action", KeepMany)
