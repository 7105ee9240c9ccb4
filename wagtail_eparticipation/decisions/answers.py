"""The answer to what somebody wrote: their themes, with disposition and reason."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_eparticipation.analysis.models import SetAside, Theme, ThemeAssignment
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.decisions.presentation import (
    SHOWN_IN,
    answer_sentence,
    page_in,
)
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.participations.receipt_notes import ReceiptNote


@dataclass(frozen=True)
class Answer:
    """One theme that somebody raised, as it is answered."""

    title: str
    decided: str
    reason: str


def themes_of(participation_ids: list[int]) -> list[Theme]:
    """The top-level themes of participations, in order, each once.

    A participation set aside for repetition has the themes of the one that was read
    for it (R-6.3.1b).
    """
    represented = SetAside.objects.filter(
        participation_id__in=participation_ids, representative__isnull=False
    ).values_list("representative_id", flat=True)
    ids = [*participation_ids, *represented]
    raised = (
        ThemeAssignment.objects.filter(participation_id__in=ids)
        .select_related("theme__parent")
        .order_by("theme__order", "theme_id")
    )
    tops = {}
    for assignment in raised:
        top = assignment.theme.parent or assignment.theme
        tops.setdefault(top.pk, top)
    return sorted(tops.values(), key=lambda theme: (theme.order, theme.pk))


def answers_to(participation_ids: list[int], language: str) -> list[Answer]:
    """The answers to participations in a language; call with it active (AC-S5-B1)."""
    return [
        Answer(
            title=pick(theme.titles, language),
            decided=answer_sentence(theme.disposition),
            reason=pick(theme.reason, language),
        )
        for theme in themes_of(participation_ids)
    ]


def receipt_notes_of(participation, language: str) -> Iterator[ReceiptNote]:
    """What a participant sees by the receipt: how it was read, what was answered.

    How it was dealt with is said from the decision on (R-6.3.1c), the answers from
    the announcement on (AC-S5-B1).
    """
    stage = participation.consultation.stage()
    if stage != Stage.DECIDED and stage not in SHOWN_IN:
        return
    yield from _how_it_was_read(participation)
    if stage not in SHOWN_IN:
        return
    url = _decision_url(participation.consultation, language)
    for answer in answers_to([participation.pk], language):
        yield ReceiptNote(
            title=_("Answer to the theme “%(theme)s”") % {"theme": answer.title},
            text=f"{answer.decided}\n{answer.reason}",
            url=url,
        )


def _how_it_was_read(participation) -> Iterator[ReceiptNote]:
    aside = SetAside.objects.filter(participation=participation).first()
    if aside is None:
        if participation.theme_assignments.exists():
            yield ReceiptNote(title=_("Your participation was read and analysed."))
    elif aside.ground == SetAside.Ground.REPETITION:
        similar = SetAside.objects.filter(
            representative_id=aside.representative_id
        ).count()
        yield ReceiptNote(
            title=_("Your participation was grouped with similar ones."),
            text=ngettext(
                "It says the same as another one, which was read for %(count)d "
                "participation. It is counted. (P-6.3.1)",
                "It says the same as another one, which was read for %(count)d "
                "participations. All of them are counted. (P-6.3.1)",
                similar,
            )
            % {"count": similar},
        )
    else:
        yield ReceiptNote(
            title=_("Your participation was not reviewed individually."),
            text=_(
                "Because of the great number of participations, %(size)d were read as "
                "a sample: %(method)s. Yours is counted. (P-6.3.1)"
            )
            % {"size": aside.sample_size, "method": aside.method},
        )


def _decision_url(consultation, language: str) -> str:
    topic = consultation.page_in(language)
    page = page_in(consultation, topic.locale_id) if topic else None
    return (page.get_url() or "") if page else ""
