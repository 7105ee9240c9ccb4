"""The short-lived log of misuse: what happened, from how many networks, and how often.

No address, no browser, no words. A network is a hash under a key that is made for the
day and destroyed after it: whoever holds the whole database and every secret of the
site can neither find the network again nor tell whether two days saw the same one.
A flood writes few rows: further attempts of the same kind only raise a count, and that
only at powers of two. The periodic job empties the log (policy: ``abuse_log``).
"""

import logging
import secrets
from datetime import date, datetime, timedelta

from django.db import DatabaseError, models, transaction
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.participations import abuse
from wagtail_eparticipation.participations.identity import keyed_hash
from wagtail_eparticipation.policy.reading import policy_of

logger = logging.getLogger(__name__)

#: Attempts of one kind are gathered in one row for this long.
WINDOW_SECONDS = 3600
#: Where no policy says how long the log is kept.
DEFAULT_DAYS = 14
#: Rows deleted in one statement.
_AT_ONCE = 500


class Kind(models.TextChoices):
    """What is noted; those that set something aside are the codes of ``suspicion``."""

    LIMITED = "limited", _("Too many from one network")
    BAD_TOKEN = "bad_token", _("Form that is not ours")
    PROOF_FAILED = "proof_failed", _("Proof of work that is wrong or used before")
    TRAPPED = "trapped", _("A trap for programs was filled in")
    TOO_FAST = "too_fast", _("Sent too soon after the form was opened")
    CROWDED = "crowded", _("Many from the same network in a short time")
    SAME_WORDS = "same_words", _("The same words again and again from one network")
    UNPROVEN = "unproven", _("Sent without the proof of work that was asked for")


class AbuseEvent(models.Model):
    """One kind of misuse from one network in one hour, and how often.

    ``participation`` is the public id of what was set aside for it.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    purpose = models.CharField(_("what was tried"), max_length=20)
    network = models.CharField(_("network, as of that day"), max_length=32)
    consultation = models.ForeignKey(
        Consultation,
        null=True,
        on_delete=models.PROTECT,
        related_name="abuse_events",
        verbose_name=_("consultation"),
    )
    participation = models.UUIDField(null=True, db_index=True)
    count = models.PositiveIntegerField(_("times, at least"), default=1)
    at = models.DateTimeField(_("first"), db_index=True)
    last_at = models.DateTimeField(_("last"))
    #: One row for each kind, network, topic and hour.
    slot = models.CharField(max_length=64, unique=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("entry of the abuse log")
        verbose_name_plural = _("abuse log")
        ordering = ["-id"]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    @property
    def reference(self) -> str:
        """The topic's reference; empty for what belongs to no topic."""
        return self.consultation.reference if self.consultation_id else ""


class AbuseKey(models.Model):
    """The key of one day's networks; deleting it is forgetting them."""

    day = models.DateField(unique=True)
    secret = models.CharField(max_length=64)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("key of the abuse log")
        verbose_name_plural = _("keys of the abuse log")

    def __str__(self):
        return self.day.isoformat()


def note(request, kind: str, purpose: str, consultation=None) -> None:
    """Note misuse; never stands in anybody's way, and writes little in a flood."""
    network = abuse.network_of(request)
    place = consultation.pk if consultation is not None else 0
    what = f"log:{kind}:{purpose}:{place}"
    number, _left = abuse.count(what, network, WINDOW_SECONDS)
    if number and number & (number - 1) == 0:
        _write(network, kind, purpose, consultation, count=number)


def note_set_aside(request, signs, purpose: str, participation) -> None:
    """Note why a participation was set aside: one row for each sign."""
    network = abuse.network_of(request)
    for kind in signs:
        _write(
            network,
            kind,
            purpose,
            participation.consultation,
            participation=participation.public_id,
        )


def _write(network, kind, purpose, consultation, *, count=1, participation=None):
    now = clock.now()
    try:
        with transaction.atomic():
            hashed = _hash_of(network, _day_of(now))
            window = int(now.timestamp()) // WINDOW_SECONDS
            place = consultation.pk if consultation is not None else 0
            slot = keyed_hash(
                "abuse-slot",
                f"{hashed}:{kind}:{purpose}:{place}:{window}:{participation}",
            )
            AbuseEvent.objects.update_or_create(
                slot=slot,
                defaults={"count": count, "last_at": now},
                create_defaults={
                    "slot": slot,
                    "kind": kind,
                    "purpose": purpose,
                    "network": hashed,
                    "consultation": consultation,
                    "participation": participation,
                    "count": count,
                    "at": now,
                    "last_at": now,
                },
            )
    except DatabaseError as error:
        # A log that cannot be written must stop nobody from taking part.
        logger.warning("Misuse was not noted: %s", type(error).__name__)


def _day_of(now: datetime) -> date:
    return now.astimezone(municipal_zone()).date()


def _hash_of(network: str, day: date) -> str:
    key, _made = AbuseKey.objects.get_or_create(
        day=day, defaults={"secret": secrets.token_hex(32)}
    )
    return keyed_hash("abuse-network", f"{key.secret}:{network}")[:32]


def signs_of(participation) -> list[str]:
    """Why it was set aside, in words, as long as the log says it; one query."""
    rows = AbuseEvent.objects.filter(participation=participation.public_id)
    kinds = rows.order_by("id").values_list("kind", flat=True)
    labels = dict(Kind.choices)
    return [str(labels.get(kind, kind)) for kind in kinds]


def days_kept(version) -> int | None:
    """For how many days a policy keeps the log; ``None`` for good."""
    rule = policy_of(version).retention.get("abuse_log") if version else None
    if rule is None:
        return DEFAULT_DAYS
    if rule.unit == "permanent":
        return None
    return rule.amount * {"days": 1, "months": 30, "years": 365}[rule.unit]


def forget(now: datetime) -> int:
    """Delete what is older than its topic's policy keeps it; returns how many rows.

    The keys of past days go with it. To run twice, or late, does no harm.
    """
    AbuseKey.objects.filter(day__lt=_day_of(now)).delete()
    topics = Consultation.objects.filter(abuse_events__isnull=False).distinct()
    topics = topics.select_related("policy_version")
    gone = 0
    by_days: dict[int | None, list[int]] = {}
    for topic in topics.order_by("pk"):
        by_days.setdefault(days_kept(topic.policy_version), []).append(topic.pk)
    for days, keys in by_days.items():
        if days is not None:
            for start in range(0, len(keys), _AT_ONCE):
                some = keys[start : start + _AT_ONCE]
                gone += _delete(now, days, consultation__in=some)
    return gone + _delete(now, DEFAULT_DAYS, consultation=None)


def _delete(now: datetime, days: int, **which) -> int:
    """In pieces, so that no statement holds the table for long."""
    rows = AbuseEvent.objects.filter(last_at__lt=now - timedelta(days=days), **which)
    gone = 0
    while True:
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
        if not keys:
            return gone
        gone += AbuseEvent.objects.filter(pk__in=keys).delete()[0]
