"""What may not be changed any more in a survey's page (R-4.1c)."""

from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.surveys import agreement, versions
from wagtail_eparticipation.surveys.frozen import changed_in, frozen, kinds_in
from wagtail_eparticipation.surveys.models import SurveyResponse

#: Stages before anybody could know when the results will be shown.
NOT_OPEN_YET = frozenset(
    {Stage.DRAFT, Stage.APPROVED, Stage.FORTHCOMING, Stage.CANCELLED}
)


def settled_errors(page) -> dict[str, str]:
    """What is refused in ``page`` as it is to be saved, by field.

    Once people have answered, questions change by a correction with a note of its own,
    and nothing is asked in another kind under the same id.
    """
    stored = type(page).objects.filter(pk=page.pk).first()
    if stored is None:
        return {}
    errors = {}
    refusal = _of_questions(page, stored)
    if refusal:
        errors["questions"] = refusal
    if stored.live and stored.correction and not page.correction.strip():
        errors["correction"] = _(
            "Everybody has been told what was corrected: the note stays until another"
            " correction has one of its own."
        )
    visibility_changed = stored.results_visibility != page.results_visibility
    if visibility_changed and stored.live and _has_opened(page):
        errors["results_visibility"] = _(
            "The period has begun: when the results are shown is fixed."
        )
    return errors


def _has_opened(page) -> bool:
    consultation = page.consultation
    return consultation is not None and consultation.stage() not in NOT_OPEN_YET


def _of_questions(page, stored) -> str:
    before, after = frozen(stored), frozen(page)
    changed = changed_in(before, after)
    if changed is None or not is_locked(stored):
        return ""
    key = page.translation_key
    asked, now = versions.kinds_asked(key) | kinds_in(before), kinds_in(after)
    if any(asked.get(each, kind) != kind for each, kind in now.items()):
        return _(
            "People have answered “%(question)s”, so it stays a question of the same "
            "kind. Take it out and add a new one instead."
        ) % {"question": _first_of_another_kind(page, asked)}
    note = page.correction.strip()
    if not note:
        return _(
            "People have answered this survey. Questions and options change only with "
            "a note that says to everybody what is corrected and why: write it under "
            "“What is corrected”. What differs: “%(question)s”."
        ) % {"question": changed}
    if note == versions.last_note(key, page.locale.language_code):
        return _(
            "The note under “What is corrected” is that of the last correction. Say "
            "what is corrected now. What differs: “%(question)s”."
        ) % {"question": changed}
    return ""


def _first_of_another_kind(page, asked: dict[str, str]) -> str:
    for question in page.questions_list():
        for key in (question.id, *question.keys):
            if asked.get(key, question.kind) != question.kind:
                return question.label
    return ""


def is_locked(stored) -> bool:
    """Whether people have answered it; what nobody could answer yet may still agree."""
    if not agreement.is_answered(stored.translation_key):
        return False
    own = SurveyResponse.objects.filter(page_id=stored.pk)
    return (stored.live and not stored.withheld) or own.exists()
