"""Writing themes, and the numbers of each."""

from django.db import transaction
from django.db.models import Count, Max
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from wagtail_eparticipation.analysis.assign import OPEN_STAGES, NotNow
from wagtail_eparticipation.analysis.models import Theme, ThemeAssignment
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations.models import COUNTED

#: Wording can still be completed between decision and announcement.
WORDING_STAGES = OPEN_STAGES | {Stage.DECIDED}


def require_wording_open(consultation) -> None:
    """Raise :class:`NotNow` once the answers to the themes are public."""
    stage = consultation.stage()
    if stage not in WORDING_STAGES:
        raise NotNow(
            _("Themes cannot be changed in this stage: %(stage)s.")
            % {"stage": stage.label}
        )


def may_write(user, consultation) -> bool:
    """Whether a user may change themes now: analysts, then who decides as well."""
    stage = consultation.stage()
    if stage == Stage.DECIDED and access.may(user, "decide", consultation):
        return True
    return stage in WORDING_STAGES and access.may(user, "analyse", consultation)


@transaction.atomic
def save_theme(theme: Theme, *, actor) -> Theme:
    """Keep a theme and record its disposition and reason in the ledger (R-5.4.1f).

    Between decision and announcement only the wording may change, not the
    disposition nor the set of themes; what was there at the decision is reworded by a
    decision maker alone.
    """
    consultation = theme.consultation
    if not may_write(actor, consultation):
        access.require(actor, "analyse", consultation)
    require_wording_open(consultation)
    before = Theme.objects.filter(pk=theme.pk).first()
    if consultation.stage() == Stage.DECIDED:
        _check_after_decision(before, theme, actor)
    if before is None and not theme.order:
        last = consultation.themes.aggregate(last=Max("order"))["last"]
        theme.order = (last or 0) + 1
    theme.save()
    record(
        consultation,
        "theme_saved",
        actor=actor,
        data={
            "theme": theme.pk,
            "titles": theme.titles,
            "disposition": theme.disposition,
            "reason": theme.reason,
        },
    )
    return theme


def _check_after_decision(before: Theme | None, theme: Theme, actor) -> None:
    if before is None or (
        (before.disposition, before.parent_id) != (theme.disposition, theme.parent_id)
    ):
        raise NotNow(_("The decision was taken; only wording can change now."))
    may_reword = access.may(actor, "decide", theme.consultation)
    if not may_reword and _is_reworded(before, theme):
        raise NotNow(
            _(
                "The decision was taken with this wording. You can add a language that "
                "is missing; other words are changed by a decision maker."
            )
        )


def _is_reworded(before: Theme, after: Theme) -> bool:
    """Whether a text that was there says something else now, or stands elsewhere."""
    if before.order != after.order:
        return True
    for name in ("titles", "description", "reason"):
        texts = getattr(after, name)
        for language, text in getattr(before, name).items():
            if text.strip() and texts.get(language, "").strip() != text.strip():
                return True
    return False


@transaction.atomic
def delete_theme(theme: Theme, *, actor) -> None:
    """Remove an empty theme; raises ``ProtectedError`` while something hangs on it."""
    consultation = theme.consultation
    access.require(actor, "analyse", consultation)
    if consultation.stage() not in OPEN_STAGES:
        raise NotNow(_("The decision was taken; only wording can change now."))
    data = {"theme": theme.pk, "titles": theme.titles}
    theme.delete()
    record(consultation, "theme_deleted", actor=actor, data=data)


def tree(consultation) -> list[Theme]:
    """All themes in order, parts right after their whole; three queries.

    Each carries ``parts`` (its children), ``languages`` (language → participations)
    and ``total``; a top-level theme's numbers include its parts', each participation
    once.
    """
    themes = list(consultation.themes.order_by("order", "pk"))
    numbers = _numbers(consultation)
    parts: dict[int, list[Theme]] = {}
    for theme in themes:
        theme.parts = []
        theme.languages = numbers.get(theme.pk, {})
        theme.total = sum(theme.languages.values())
        if theme.parent_id:
            parts.setdefault(theme.parent_id, []).append(theme)
    ordered = []
    for theme in themes:
        if theme.parent_id is None:
            theme.parts = parts.get(theme.pk, [])
            ordered += [theme, *theme.parts]
    return ordered


def _numbers(consultation) -> dict[int, dict[str, int]]:
    """Theme id → language → distinct participations, parts counted into wholes."""
    base = ThemeAssignment.objects.filter(
        theme__consultation=consultation, participation__state__in=COUNTED
    ).order_by()
    numbers: dict[int, dict[str, int]] = {}
    own = base.filter(theme__parent__isnull=False).values_list(
        "theme_id", "participation__language"
    )
    whole = base.values_list(
        Coalesce("theme__parent_id", "theme_id"), "participation__language"
    )
    for rows in (own, whole):
        counted = rows.annotate(n=Count("participation_id", distinct=True))
        for theme_id, language, n in counted:
            numbers.setdefault(theme_id, {})[language] = n
    return numbers


def top_level(consultation) -> list[Theme]:
    """The themes that the decision answers, with their numbers."""
    return [theme for theme in tree(consultation) if theme.parent_id is None]
