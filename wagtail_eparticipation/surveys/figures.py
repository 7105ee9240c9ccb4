"""Numbers, days and steps of a histogram in words."""

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from wagtail_eparticipation.surveys.histogram import Step
from wagtail_eparticipation.surveys.measures import Measures

_HUNDREDTH = Decimal("0.01")


def figure(kind: str, number: Decimal) -> str:
    """A number with at most two places, or the day that it stands for."""
    if kind == "date":
        return date_format(date.fromordinal(int(number.to_integral_value())))
    rounded = number.quantize(_HUNDREDTH, ROUND_HALF_EVEN).normalize()
    if rounded == rounded.to_integral_value():
        rounded = rounded.quantize(Decimal(1))
    return number_format(rounded)


def step_words(kind: str, step: Step, *, whole: bool) -> str:
    """From where to where a step of a histogram goes."""
    if step.low is None and step.high is None:
        return _("All")
    whole = whole or kind == "date"
    last = step.high - 1 if whole and step.high is not None else step.high
    high = "" if last is None else figure(kind, last)
    low = "" if step.low is None else figure(kind, step.low)
    if step.low is None:
        words = _("up to %(high)s") if whole else _("below %(high)s")
    elif step.high is None:
        words = _("from %(low)s on")
    elif whole and low == high:
        words = "%(low)s"
    else:
        words = _("%(low)s to %(high)s") if whole else _("%(low)s to below %(high)s")
    return words % {"low": low, "high": high}


def summary(
    kind: str, found: Measures, *, unit: str = "", ends: bool = True
) -> list[dict[str, str]]:
    """Mean, median and, with ``ends``, the smallest and the largest, as pairs."""
    days = kind == "date"
    named = [(_("Mean"), found.mean), (_("Median"), found.median)]
    if ends:
        named += [
            (_("Earliest") if days else _("Smallest"), found.smallest),
            (_("Latest") if days else _("Largest"), found.largest),
        ]
    return [
        {"label": label, "value": f"{figure(kind, value)} {unit}".strip()}
        for label, value in named
    ]
