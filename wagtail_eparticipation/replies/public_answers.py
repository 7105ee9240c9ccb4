"""Answering an enquiry under its published voice, with a private copy (R-5.3.1e)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation.discussion import official
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.replies import answering
from wagtail_eparticipation.replies.clarifications import PublicAnswer
from wagtail_eparticipation.replies.models import Case, CaseAnswer


def voice_of(case: Case) -> PublishedComment | None:
    """The published voice that a case is about, or became; ``None`` without one."""
    about = case.about_id or case.participation_id
    if about is None:
        return None
    return (
        PublishedComment.objects.select_related("participation")
        .filter(participation=about, hidden=False, removed_at=None)
        .first()
    )


@transaction.atomic
def answer_in_discussion(
    case: Case, text: str, *, actor, final: bool = True
) -> PublicAnswer:
    """Answer in public under the voice and in private at once: one act.

    Raises ``PermissionDenied``, or ``answering.NotPossible`` with a message.
    """
    voice = voice_of(case)
    if voice is None:
        raise answering.NotPossible(
            _("There is no published voice of this enquiry to answer under.")
        )
    answer = answering.answer(case, text, actor=actor, final=final)
    try:
        comment = official.reply_officially(
            voice.consultation,
            text=answer.text,
            language=answer.language,
            actor=actor,
            to=voice,
            now=answer.answered_at,
        )
    except ValidationError as refusal:
        raise answering.NotPossible(" ".join(refusal.messages)) from refusal
    return PublicAnswer.objects.create(answer=answer, comment=comment)


def with_public_places(answers, language: str) -> list[CaseAnswer]:
    """Answers with ``public_url``: where each stands in public, or nothing."""
    found = list(
        answers.select_related(
            "made_public__comment",
            "made_public__clarification",
            "case__consultation",
            "answered_by",
        )
    )
    for answer in found:
        answer.public_url = place_of(answer, language)
    return found


def place_of(answer: CaseAnswer, language: str, *, absolute: bool = False) -> str:
    """Address of the public copy of an answer in a language; empty without one."""
    public = getattr(answer, "made_public", None)
    if public is None:
        return ""
    page_url = topic_url(answer.case.consultation, language, absolute=absolute)
    if not page_url:
        return ""
    if public.comment is not None:
        if public.comment.is_taken_down:
            return ""
        key, anchor = public.comment.key, public.comment.anchor
        return f"{page_url}discussion/{key}/#{anchor}"
    if public.clarification.is_withdrawn:
        return ""
    return f"{page_url}questions/{public.clarification.key}/"


def clarification_of(case: Case, language: str) -> str:
    """Address of what was published of an enquiry that had been answered before."""
    rows = case.clarifications.filter(withdrawn_at=None, answers=None)
    found = rows.order_by("pk").first()
    page_url = topic_url(case.consultation, language) if found else ""
    return f"{page_url}questions/{found.key}/" if page_url else ""


def topic_url(consultation, language: str, *, absolute: bool = False) -> str:
    """Address of the topic's page in a language, or empty while none is live."""
    page = consultation.page_in(language)
    if page is None:
        return ""
    return (page.full_url if absolute else page.get_url()) or ""


def topic_title(consultation, language: str) -> str:
    """The topic's title for a text in a language; empty without a topic."""
    return pick(consultation.titles, language) if consultation is not None else ""
