"""The desk asks whether lost time is given back by an extension (R-7.9c, R-7.9e)."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.desk_cards import Card, register_card
from wagtail_eparticipation.consultations.incidents import (
    LAST_DAY,
    incidents_of,
    lost,
)
from wagtail_eparticipation.consultations.stages import Stage

#: The reason that the extension is given, where the policy knows it.
REASON = "extend.technical_outage"


def duration_words(span: timedelta) -> str:
    """A duration in whole hours and minutes, rounded up to the minute."""
    minutes = -(-int(span.total_seconds()) // 60)
    hours, minutes = divmod(minutes, 60)
    in_hours = ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    in_minutes = ngettext("%(count)d minute", "%(count)d minutes", minutes) % {
        "count": minutes
    }
    if not hours:
        return in_minutes
    if not minutes:
        return in_hours
    return _("%(hours)s and %(minutes)s") % {"hours": in_hours, "minutes": in_minutes}


def incident_card(consultation, user, now: datetime) -> Card | None:
    """How long people could not take part, while the period can be extended.

    One query; nothing where nothing happened.
    """
    window = getattr(consultation, "window", None)
    if window is None or consultation.stage(now) != Stage.COLLECTING:
        return None
    if not access.may(user, "request", consultation):
        return None
    spans = [(each.started_at, each.ended_at) for each in incidents_of(consultation)]
    whole = lost(spans, window.opens_at, window.closes_at)
    if not whole:
        return None
    late = lost(spans, window.closes_at - LAST_DAY, window.closes_at)
    if late:
        text = _(
            "The site was away for %(duration)s in the last day before closing. Extend"
            " the period?"
        )
    else:
        text = _("The site was away for %(duration)s in this period. Extend it?")
    return Card(
        title=_("Lost time"),
        value=duration_words(whole),
        text=text % {"duration": duration_words(late or whole)},
        url=extension_url(consultation, window.closes_at + whole),
        tone="warning" if late else "",
    )


def extension_url(consultation, closes_at: datetime) -> str:
    """The form of the extension, with the reason and the new closing filled in."""
    address = reverse("eparticipation_admin:desk_act", args=[consultation.pk, "extend"])
    query = {"reason": REASON, "closes_at": closes_at.isoformat(timespec="minutes")}
    return f"{address}?{urlencode(query)}"


register_card(30, incident_card)
