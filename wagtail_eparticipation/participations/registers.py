"""Connects the register: its own tools and addresses."""

from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.consultations.desk_cards import register_card
from wagtail_eparticipation.consultations.ledger_words import register_event_words
from wagtail_eparticipation.consultations.page_checks import register_lacking
from wagtail_eparticipation.normalise import search_key
from wagtail_eparticipation.participations import (
    cards,
    categories,
    identify_views,  # noqa: F401 (registers the page's route)
    own_notes,
    receipt_notes,
    suggestion_forms,
    suggestion_status,
    tools,
    views,  # noqa: F401 (registers the page's route)
)

tools.register(
    tools.Tool(
        "comment",
        _("Comment"),
        hint=_("Say what you think of this topic."),
        form="wagtail_eparticipation.participations.forms.CommentForm",
        icon="comment",
        once=lambda row: None if row.parent_id else "",
    )
)
tools.register(
    tools.Tool(
        "suggestion",
        _("Suggestion"),
        hint=_("Propose something in particular, with a title."),
        form="wagtail_eparticipation.participations.suggestion_forms.SuggestionForm",
        icon="lightbulb",
        describe=suggestion_forms.describe,
        once=lambda row: search_key(row.title),
    )
)

receipt_notes.register(own_notes.steps, order=100)
receipt_notes.register(suggestion_status.steps, order=300)
receipt_notes.register(own_notes.ahead, order=900)

register_lacking(categories.lacking)

register_card(100, cards.register_card)
register_card(105, cards.import_card)
register_card(110, cards.late_card)

register_event_words(
    {
        "participation.amended": _("Participation changed by its author"),
        "participation.replaced": _("Participation replaced by a later one"),
        "participation.confirmed": _("Participation confirmed by its author"),
        "participation.admitted": _("Participation admitted from the late box"),
        "suggestion.status": _("Status of a suggestion changed"),
        "import.finished": _("Import finished"),
        "import.rolled_back": _("Import taken back"),
        "register.exported": _("Register exported"),
    }
)
