"""Where the log of communications looks: acts, request, discussion, desk, letters."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.consultations.act_names import DONE_TITLES
from wagtail_eparticipation.consultations.models import Act, PublicationAct
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.ledger.models import LedgerEvent
from wagtail_eparticipation.participations.models import number_of
from wagtail_eparticipation.participations.suggestions import SuggestionStatus
from wagtail_eparticipation.replies.campaigns import CampaignReply
from wagtail_eparticipation.replies.clarifications import (
    Clarification,
    ClarificationText,
)
from wagtail_eparticipation.replies.communications import (
    EDITORS,
    REPLY_DESK,
    Entry,
    register_source,
)
from wagtail_eparticipation.replies.models import CaseAnswer

#: Acts by which nothing is said: before the publication, and the closing itself, which
#: comes after the report that this log is for.
_SILENT_ACTS = frozenset({"approve", "lapse", "close", "archive"})


def acts(consultation) -> Iterator[Entry]:
    """What was done and why, as the timeline says it, in each language; one query."""
    rows = Act.objects.filter(consultation=consultation, state=Act.State.DONE)
    for act in rows.exclude(name__in=_SILENT_ACTS).order_by("pk"):
        title = str(DONE_TITLES.get(act.name, act.name))
        about = {"at": act.done_at, "kind": "act", "channel": "portal"}
        about |= {"subject": title, "role": str(EDITORS)}
        for language, text in act.reason.items():
            yield Entry(**about, language=language, text=text)
        if not act.reason:
            yield Entry(**about)


def requests(consultation) -> Iterator[Entry]:
    """Corrections of the request after its first publication; one query."""
    rows = consultation.request_versions.filter(published_at__isnull=False)
    fields = ("number", "change_note", "published_at", "pk", "consultation_id")
    for version in rows.only(*fields).order_by("number")[1:]:
        about = {"at": version.published_at, "kind": "request", "channel": "portal"}
        about |= {"subject": str(version.number), "role": str(EDITORS)}
        for language, text in version.change_note.items():
            yield Entry(**about, language=language, text=text)
        if not version.change_note:
            yield Entry(**about)


def publications(consultation) -> Iterator[Entry]:
    """What was posted outside the portal; one query."""
    rows = consultation.publication_acts.filter(
        state=PublicationAct.State.DONE, happened_at__isnull=False
    )
    for act in rows.order_by("pk"):
        yield Entry(
            at=act.happened_at,
            kind="publication",
            channel="outside",
            subject=act.medium,
            text=act.text,
            role=str(EDITORS),
        )


def official_replies(consultation) -> Iterator[Entry]:
    """Replies and statements in the discussion, and those taken back; one query."""
    rows = PublishedComment.objects.filter(
        consultation=consultation, is_official=True, hidden=False
    )
    for comment in rows.order_by("pk"):
        about = {"channel": "portal", "language": comment.language}
        about |= {"subject": comment.number, "role": pick(comment.office)}
        yield Entry(
            at=comment.published_at, kind="official", text=comment.comment, **about
        )
        if comment.removed_at is not None:
            yield Entry(at=comment.removed_at, kind="official_taken_back", **about)


def private_answers(consultation) -> Iterator[Entry]:
    """That somebody was answered, never what was said to them; one query."""
    rows = CaseAnswer.objects.filter(case__consultation=consultation)
    values = rows.values_list("answered_at", "language", "case__public_id")
    for at, language, public_id in values.order_by("pk"):
        yield Entry(
            at=at,
            kind="private_answer",
            channel="private",
            language=language,
            number=1,
            subject=number_of(public_id),
            role=str(REPLY_DESK),
        )


def clarifications(consultation) -> Iterator[Entry]:
    """Every version in every language, and what was withdrawn; two queries."""
    rows = ClarificationText.objects.filter(
        version__clarification__consultation=consultation
    ).select_related("version__clarification")
    for text in rows.order_by("pk"):
        version, clarification = text.version, text.version.clarification
        later = text.written_at > version.published_at
        kind = "clarification_corrected" if version.number > 1 else "clarification"
        said = f"{text.question}\n\n{text.answer}"
        if clarification.is_withdrawn:
            # What was withdrawn may have been so for what it said.
            said = ""
        yield Entry(
            at=text.written_at,
            kind="clarification_translated" if later else kind,
            channel="portal",
            language=text.language,
            subject=clarification.number,
            text=said,
            role=str(REPLY_DESK),
        )
    gone = Clarification.objects.filter(
        consultation=consultation, withdrawn_at__isnull=False
    )
    for clarification in gone.order_by("pk"):
        for language, reason in clarification.withdrawal_reason.items():
            yield Entry(
                at=clarification.withdrawn_at,
                kind="clarification_withdrawn",
                channel="portal",
                language=language,
                subject=clarification.number,
                text=reason,
                role=str(REPLY_DESK),
            )


def campaign_replies(consultation) -> Iterator[Entry]:
    """To how many members of a campaign a reply went; its text stands above; one
    query."""
    rows = CampaignReply.objects.filter(consultation=consultation)
    for reply in rows.order_by("pk"):
        yield Entry(
            at=reply.replied_at,
            kind="campaign",
            channel="private",
            language=reply.language,
            number=reply.noted,
            subject=reply.number,
            role=str(REPLY_DESK),
        )


def suggestion_steps(consultation) -> Iterator[Entry]:
    """What was said of suggestions, with the public reason; one query."""
    rows = SuggestionStatus.objects.filter(
        participation__consultation=consultation
    ).select_related("participation")
    for step in rows.order_by("pk"):
        about = {"at": step.at, "kind": "suggestion_status", "channel": "portal"}
        about |= {"subject": step.participation.number, "role": str(REPLY_DESK)}
        label = str(step.get_status_display())
        for language, reason in step.reason.items():
            yield Entry(**about, language=language, text=f"{label}: {reason}")
        if not step.reason:
            yield Entry(**about, text=label)


def letters(consultation) -> Iterator[Entry]:
    """Letters of invitation that were printed; one query."""
    rows = LedgerEvent.objects.filter(
        consultation=consultation, kind="invitation.printed"
    )
    for event in rows.order_by("pk"):
        yield Entry(
            at=event.at,
            kind="letter",
            channel="letter",
            number=event.data.get("count", 0),
            role=str(EDITORS),
        )


register_source(acts, {"act": _("Act")})
register_source(requests, {"request": _("Correction of the request")})
register_source(publications, {"publication": _("Publication outside the portal")})
register_source(
    official_replies,
    {
        "official": _("Official reply"),
        "official_taken_back": _("Official reply taken back"),
    },
)
register_source(private_answers, {"private_answer": _("Answer to an enquiry")})
register_source(
    clarifications,
    {
        "clarification": _("Clarification published"),
        "clarification_corrected": _("Clarification corrected"),
        "clarification_translated": _("Clarification translated"),
        "clarification_withdrawn": _("Clarification withdrawn"),
    },
)
register_source(campaign_replies, {"campaign": _("Reply to a campaign")})
register_source(suggestion_steps, {"suggestion_status": _("Status of a suggestion")})
register_source(letters, {"letter": _("Letters of invitation")})
