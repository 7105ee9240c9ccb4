"""Connects the register: its own tools and addresses."""

from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.consultations.articles import register_users
from wagtail_eparticipation.consultations.desk_cards import register_card
from wagtail_eparticipation.consultations.ledger_words import register_event_words
from wagtail_eparticipation.consultations.page_checks import register_lacking
from wagtail_eparticipation.consultations.sections import register_section
from wagtail_eparticipation.normalise import search_key
from wagtail_eparticipation.participations import (
    abuse_checks,  # noqa: F401 (registers checks of settings)
    aggregating,
    attaching,  # noqa: F401 (follows what becomes of participations)
    attachment_desk,
    attachment_receipts,
    cards,
    categories,
    checks,  # noqa: F401 (registers a system check)
    identify_views,  # noqa: F401 (registers the page's route)
    invitation_cards,
    on_articles,
    own_notes,
    receipt_notes,
    receipt_parts,
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
        once=lambda row: None if row.parent_id else row.article,
        describe=on_articles.describe,
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

register_users(on_articles.articles_used)

receipt_notes.register(own_notes.steps, order=100)
receipt_notes.register(own_notes.prolonged, order=150)
receipt_notes.register(suggestion_status.steps, order=300)
receipt_notes.register(own_notes.ahead, order=900)

receipt_parts.register(
    "wagtail_eparticipation/participations/receipt_files.html",
    attachment_receipts.files_part,
)

register_lacking(categories.lacking)

register_card(100, cards.register_card)
register_card(105, cards.import_card)
register_card(106, cards.assisted_card)
register_card(107, cards.aggregate_card)
register_card(108, invitation_cards.invitations_card)
register_card(109, attachment_desk.files_card)
register_card(110, cards.late_card)

register_section(
    "figures_apart",
    order=550,
    template="wagtail_eparticipation/participations/figures_section.html",
    provide=aggregating.section,
)

register_event_words(
    {
        "participation.amended": _("Participation changed by its author"),
        "participation.replaced": _("Participation replaced by a later one"),
        "participation.confirmed": _("Participation confirmed by its author"),
        "participation.admitted": _("Participation admitted from the late box"),
        "participation.corrected": _("Participation corrected after its paper"),
        "participation.same_person": _("Two participations judged as one person"),
        "participation.different_people": _(
            "Two participations judged as different people"
        ),
        "participation.match_undone": _("Judgement about a person undone"),
        "import.row_read": _("Row of an import read a second time"),
        "aggregate.recorded": _("Figure of another place recorded"),
        "aggregate.replaced": _("Figure of another place replaced"),
        "aggregate.taken_back": _("Figure of another place taken back"),
        "attachments.on": _("Files can be attached"),
        "attachments.off": _("Files are not taken any more"),
        "attachment.received": _("Attached file received"),
        "attachment.removed": _("Attached file removed by its author"),
        "attachment.malware": _("Attached file destroyed: malware"),
        "attachment.original_opened": _("Sealed original of a file opened"),
        "suggestion.status": _("Status of a suggestion changed"),
        "import.finished": _("Import finished"),
        "import.rolled_back": _("Import taken back"),
        "register.exported": _("Register exported"),
        "invitation.listed": _("Invitations made from a list"),
        "invitation.group": _("Code for a group made"),
        "invitation.sent": _("Invitations handed over to be sent"),
        "invitation.reminded": _("Invited people reminded"),
        "invitation.printed": _("Letters of invitation printed"),
        "invitation.revoked": _("Invitation revoked"),
        "invitation.undelivered": _("Invitation could not be delivered"),
        "invitation.contacts_destroyed": _("Contacts of invited people destroyed"),
    }
)
