"""What an act will do, in plain words, before anybody presses the button."""

from django.utils.translation import gettext as _

from wagtail_eparticipation.calendars.words import closing_words, date_words, last_day
from wagtail_eparticipation.consultations.act_names import DEVIATIONS, labels_of
from wagtail_eparticipation.consultations.moderation_modes import ModerationMode
from wagtail_eparticipation.consultations.timeline import stage_name
from wagtail_eparticipation.consultations.withholding import withheld_parts
from wagtail_eparticipation.policy.reading import policy_of


def consequences(name: str, consultation, parameters) -> list[str]:
    """Everything that follows from the act with these parameters, one line each.

    ``parameters`` are complete, as ``effects.clean`` gives them; empty while nobody
    has chosen dates yet.
    """
    lines = _WORDS[name](consultation, parameters) if name in _WORDS else []
    if name in DEVIATIONS:
        lines.append(
            _("The act, its reason and the clause stand on the public timeline.")
        )
    return lines


def _closing(consultation, parameters) -> list[str]:
    new = parameters.get("closes_at")
    if new is None:
        return []
    window = getattr(consultation, "window", None)
    lines = [
        _("The topic is open %(new)s; before, it was %(old)s.")
        % {
            "new": closing_words(new),
            "old": closing_words(window.closes_at) if window else "–",
        },
        _("This holds for all languages, channels and invitations at once."),
    ]
    planned = consultation.planned_decision_on
    if planned and planned <= last_day(new):
        lines.append(
            _(
                "The planned decision (%(day)s) would then come before the closing: "
                "correct it on the page."
            )
            % {"day": date_words(planned)}
        )
    return lines


def _extend(consultation, parameters):
    return [
        *_closing(consultation, parameters),
        _("Everybody who took part or subscribed is told once."),
    ]


def _close_early(consultation, parameters):
    lines = _closing(consultation, parameters)
    if parameters.get("urgent"):
        lines.append(_("There is no notice: it closes at the moment of authorisation."))
    lines.append(_("What comes later goes to the late box."))
    return lines


def _reopen(consultation, parameters):
    return [
        *_closing(consultation, parameters),
        _("People can take part again; the stage goes back to collecting."),
        _("The frozen numbers and all participations so far stay valid."),
    ]


def _withdraw(consultation, parameters):
    return [
        _("Nobody can take part any more, and no decision will be announced."),
        _("The topic still gets its closing report and its archive."),
    ]


def _cancel(consultation, parameters):
    return [
        _("The topic will not be published."),
        _("The topic still gets its closing report and its archive."),
    ]


def _skip_collecting(consultation, parameters):
    return [_("The topic becomes information only: nobody can take part.")]


def _skip_analysing(consultation, parameters):
    return [
        _("Formal coding is left out; each participation still needs a disposition.")
    ]


def _accelerate(consultation, parameters):
    version = consultation.policy_version
    if version is None:
        return []
    days = policy_of(version).accelerated_minimum_days(consultation.kind)
    return [_("The period may be as short as %(days)d days.") % {"days": days}]


def _restrict_audience(consultation, parameters):
    return [_("Only invited people can take part; the topic stays visible to all.")]


def _amend(consultation, parameters):
    stage = parameters.get("stage")
    if not stage:
        return []
    return [
        _("The stage “%(stage)s” takes another course than the standard one.")
        % {"stage": stage_name(consultation, stage)}
    ]


def _close_channel(consultation, parameters):
    return [
        _("Nobody can take part this way from now on; the other ways stay open."),
        _("The reason stands in the table of means and on the public timeline."),
        _("What was made this way before can still be entered."),
    ]


def _open_channel(consultation, parameters):
    return [
        _("People can take part this way again."),
        _("The reason stands on the public timeline."),
    ]


def _change_moderation(consultation, parameters):
    words = [
        _("It holds for what comes in from now on; what waits is still reviewed."),
        _("The reason stands on the public timeline, and the forms say how it is."),
    ]
    mode = parameters.get("mode")
    if mode in ModerationMode.values and mode != ModerationMode.BEFORE:
        words.append(
            _(
                "What seems to hold personal data or an insult is still reviewed "
                "before anybody reads it."
            )
        )
    return words


def _not_publish_results(consultation, parameters):
    return [
        *labels_of(parameters.get("parts", ())),
        _("The reason stands where these results would be."),
    ]


def _publish_results(consultation, parameters):
    return [
        _("These results become public:"),
        *labels_of(withheld_parts(consultation)),
    ]


def _decide(consultation, parameters):
    return [
        _("The decision is recorded and the numbers are frozen."),
        _("Themes and their answers keep what was decided; only wording can change."),
        _("Nothing becomes public before the announcement."),
    ]


def _announce(consultation, parameters):
    return [
        _("The decision pages become public in all languages at once."),
        _("Participants who left an address are told, with the answer to their theme."),
    ]


_WORDS = {
    "extend": _extend,
    "close_early": _close_early,
    "reopen": _reopen,
    "withdraw": _withdraw,
    "cancel": _cancel,
    "skip_collecting": _skip_collecting,
    "skip_analysing": _skip_analysing,
    "accelerate": _accelerate,
    "restrict_audience": _restrict_audience,
    "amend": _amend,
    "close_channel": _close_channel,
    "open_channel": _open_channel,
    "change_moderation": _change_moderation,
    "not_publish_results": _not_publish_results,
    "publish_results": _publish_results,
    "decide": _decide,
    "announce": _announce,
}
