"""What analysing adds to the gates, and when numbers freeze by themselves."""

from django.db import transaction
from django.dispatch import receiver
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_eparticipation import signals
from wagtail_eparticipation.analysis import snapshot
from wagtail_eparticipation.analysis.cards import articles_card, coverage_card
from wagtail_eparticipation.analysis.coverage import coverage_of
from wagtail_eparticipation.analysis.models import Snapshot
from wagtail_eparticipation.consultations.desk_cards import register_card
from wagtail_eparticipation.consultations.gates import Missing, gate
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.languages import content_languages, missing_languages
from wagtail_eparticipation.participations.models import Channel, State


def address(name: str, *args) -> str:
    """An admin address of ours; empty while the site's admin is not mounted."""
    try:
        return reverse(f"eparticipation_admin:{name}", args=args)
    except NoReverseMatch:
        return ""


@gate("decide")
def numbers_are_frozen(consultation, now):
    """The closing has its snapshot; taken here at the latest (C.3, AC-S4-A1)."""
    if snapshot.catch_up(consultation) is None:
        yield Missing(
            _("The numbers have not been frozen: the period has not ended."),
            address("analysis", consultation.pk),
        )


@gate("decide")
def everything_is_disposed(consultation, now):
    """Each counted participation has a theme or a recorded ground (R-6.3.1b)."""
    coverage = coverage_of(consultation)
    if coverage.open:
        yield Missing(
            ngettext(
                "%(count)d participation has neither a theme nor a ground for not "
                "being reviewed individually.",
                "%(count)d participations have neither a theme nor a ground for not "
                "being reviewed individually.",
                coverage.open,
            )
            % {"count": coverage.open},
            _with_filter(address("analysis_sort", consultation.pk), "open"),
        )
    if coverage.total and not consultation.themes.exists():
        yield Missing(
            _("There is no theme yet."), address("theme_add", consultation.pk)
        )


@gate("decide")
def themes_are_answered(consultation, now):
    """Each top-level theme has its disposition and a reason (AC-S4-H1)."""
    for theme in consultation.themes.filter(parent=None):
        edit = address("theme_edit", consultation.pk, theme.pk)
        if not theme.disposition:
            yield Missing(
                _("The theme “%(theme)s” has no disposition.") % {"theme": theme.title},
                edit,
            )
        if not any(str(text).strip() for text in theme.reason.values()):
            yield Missing(
                _("The theme “%(theme)s” has no reason.") % {"theme": theme.title},
                edit,
            )


@gate("announce")
def themes_are_answered_in_each_language(consultation, now):
    """Title and reason of each top-level theme in every language (AC-S5-B2)."""
    names = dict(content_languages())
    for theme in consultation.themes.filter(parent=None):
        edit = address("theme_edit", consultation.pk, theme.pk)
        if not theme.disposition:
            yield Missing(
                _("The theme “%(theme)s” has no disposition.") % {"theme": theme.title},
                edit,
            )
        for code in missing_languages(theme.titles):
            yield Missing(
                _("The theme “%(theme)s” has no title in this language: %(language)s.")
                % {"theme": theme.title, "language": names[code]},
                edit,
                code,
            )
        for code in missing_languages(theme.reason):
            yield Missing(
                _("The theme “%(theme)s” has no reason in this language: %(language)s.")
                % {"theme": theme.title, "language": names[code]},
                edit,
                code,
            )


def _with_filter(url: str, theme: str) -> str:
    return f"{url}?theme={theme}" if url else ""


@receiver(signals.stage_changed, dispatch_uid="eparticipation_analysis_freeze")
def freeze_numbers(consultation, stage_to, now, **kwargs):
    """Freeze at closing, at withdrawal and at the decision."""
    if stage_to in (Stage.ANALYSING, Stage.WITHDRAWN):
        try:
            snapshot.take(consultation, Snapshot.Kind.CLOSING)
        except snapshot.TooEarly:
            return
    elif stage_to == Stage.DECIDED:
        snapshot.take(consultation, Snapshot.Kind.DECISION)


@receiver(signals.participation_received, dispatch_uid="eparticipation_analysis_late")
def note_offline_admission(participation, **kwargs):
    """An offline item typed in after closing makes an addendum (AC-S4-A1).

    So does what came within the grace (AC-S3-F3). All else of the portal was received
    in time or lies in the late box, so the busy path asks nothing. An import makes one
    at its end.
    """
    offline = participation.channel != Channel.PORTAL and not participation.batch
    if (offline or participation.within_grace) and participation.state != State.LATE:
        _catch_up_on_commit(participation)


@receiver(signals.import_finished, dispatch_uid="eparticipation_analysis_import")
def note_import(consultation, **kwargs):
    """What an import added after closing makes one addendum."""
    transaction.on_commit(lambda: snapshot.catch_up(consultation))


@receiver(signals.participation_moderated, dispatch_uid="eparticipation_analysis_admit")
def note_late_admission(participation, **kwargs):
    """A participation taken out of the late box makes an addendum."""
    if participation.late_reason and participation.state != State.LATE:
        _catch_up_on_commit(participation)


def _catch_up_on_commit(participation):
    consultation = participation.consultation
    transaction.on_commit(lambda: snapshot.catch_up(consultation))


register_card(300, coverage_card)
register_card(310, articles_card)
