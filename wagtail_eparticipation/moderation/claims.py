"""Who reads an item just now, and whose task it is (AC-S3-D3, R-5.3.1c).

A lock is soft: it ends by itself, anybody in charge may take it over, and what two
people decide at the same time is still refused by comparing what they saw.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.ledger.record import record, record_many
from wagtail_eparticipation.moderation import errors
from wagtail_eparticipation.moderation.objections import Objection
from wagtail_eparticipation.participations.models import Participation

#: A lock that is not renewed ends after this.
HOLD_FOR = timedelta(minutes=5)
#: How often the page renews it while it is open.
RENEW_EVERY = timedelta(minutes=1)
#: Rows in one statement.
_SOME = 500


class Claim(models.Model):
    """Who holds a participation at the moment, and to whom it is assigned.

    Two different things in one row, because both end when it is decided. No row means
    neither. ``held_until`` in the past is no lock.
    """

    participation = models.OneToOneField(
        Participation, on_delete=models.PROTECT, related_name="claim"
    )
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    held_until = models.DateTimeField(null=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("assigned to"),
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    assigned_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["id"]

    def __str__(self):
        return f"{self.participation_id}: {self.held_by_id or '–'}"

    def is_held(self, now: datetime) -> bool:
        """Whether somebody holds it at ``now``."""
        held = self.held_by_id is not None and self.held_until is not None
        return held and self.held_until > now

    def is_held_against(self, user, now: datetime) -> bool:
        """Whether somebody else holds it at ``now``."""
        return self.is_held(now) and self.held_by_id != user.pk


def held_by_others(user, now: datetime) -> Q:
    """The participations that somebody else holds, as a condition on them."""
    held = Q(claim__held_until__gt=now, claim__held_by__isnull=False)
    return held & ~Q(claim__held_by=user.pk)


def claim_of(participation: Participation) -> Claim | None:
    """The claim with the names of who holds it and whose task it is."""
    return (
        Claim.objects.select_related("held_by", "assigned_to")
        .filter(participation=participation)
        .first()
    )


def hold(participation: Participation, user, *, now: datetime | None = None) -> bool:
    """Take the lock or renew one's own; ``False`` where somebody else holds it.

    One conditional statement decides between two who come at the same time.
    """
    now = now or clock.database_now()
    ours = {"held_by": user, "held_until": now + HOLD_FOR}
    rows = Claim.objects.filter(participation=participation)
    free = (
        Q(held_by=user.pk)
        | Q(held_by__isnull=True)
        | Q(held_until__isnull=True)
        | Q(held_until__lte=now)
    )
    if rows.filter(free).update(**ours):
        return True
    # Ignoring the conflict, not catching it: who made the row first holds it.
    Claim.objects.bulk_create(
        [Claim(participation=participation, **ours)], ignore_conflicts=True
    )
    return rows.filter(held_by=user.pk, held_until__gt=now).exists()


def let_go(participation: Participation, user) -> None:
    """End one's own lock; the assignment stays."""
    Claim.objects.filter(participation=participation, held_by=user.pk).update(
        held_by=None, held_until=None
    )


@transaction.atomic
def take_over(participation: Participation, *, actor, now=None) -> Claim:
    """Take the lock from whoever holds it; noted by ids."""
    access.require(actor, "moderate", participation.consultation)
    now = now or clock.database_now()
    _hold_items([participation.pk])
    claim, _created = Claim.objects.select_for_update().get_or_create(
        participation=participation
    )
    if claim.is_held_against(actor, now):
        record(
            participation.consultation,
            "moderation.taken_over",
            actor=actor,
            at=now,
            data={
                "participation": str(participation.public_id),
                "from": f"user:{claim.held_by_id}",
            },
        )
    claim.held_by, claim.held_until = actor, now + HOLD_FOR
    claim.save(update_fields=["held_by", "held_until"])
    return claim


@transaction.atomic
def assign(
    participations: Iterable[Participation], to, *, actor, now: datetime | None = None
) -> int:
    """Make them somebody's task, or nobody's (``None``); how many that changed.

    ``actor`` and ``to`` must moderate the topic of each; otherwise ``PermissionDenied``
    and nothing is changed. What is theirs already is passed over. Raises
    ``SameAsObjected`` where the objection to one of them is against ``to``.
    """
    rows = sorted(participations, key=lambda row: row.pk)
    topics = {row.consultation_id: row.consultation for row in rows}
    for consultation in topics.values():
        access.require(actor, "moderate", consultation)
        if to is not None:
            access.require(to, "moderate", consultation)
    if to is not None and is_objected_to(rows, to):
        raise errors.SameAsObjected
    now = now or clock.database_now()
    changed = 0
    for start in range(0, len(rows), _SOME):
        changed += _assign_some(rows[start : start + _SOME], to, actor, now)
    return changed


def is_objected_to(rows: Iterable[Participation], user) -> bool:
    """Whether an open objection to one of them is against ``user`` (AC-S3-D1)."""
    keys = [row.pk for row in rows]
    for start in range(0, len(keys), _SOME):
        found = Objection.objects.filter(open_for__in=keys[start : start + _SOME])
        if any(each.is_against(user) for each in found.select_related("decision")):
            return True
    return False


def _hold_items(keys: list[int]) -> None:
    """Lock the items before their claims and the ledger, as every decision does.

    In another order two that meet would wait for each other.
    """
    held = Participation.objects.select_for_update().filter(pk__in=keys)
    # Of the keys alone MariaDB would lock another index first.
    list(held.order_by("pk").values_list("pk", "receipt_hash"))


def _assign_some(rows: list[Participation], to, actor, now: datetime) -> int:
    keys = [row.pk for row in rows]
    _hold_items(keys)
    found = Claim.objects.select_for_update().filter(participation__in=keys)
    before = dict(found.values_list("participation_id", "assigned_to_id"))
    wanted = to.pk if to is not None else None
    changing = [row for row in rows if before.get(row.pk) != wanted]
    given = {
        "assigned_to": to,
        "assigned_by": actor if to is not None else None,
        "assigned_at": now if to is not None else None,
    }
    Claim.objects.bulk_create(
        [Claim(participation=row, **given) for row in changing if row.pk not in before],
        ignore_conflicts=True,
    )
    Claim.objects.filter(participation__in=[row.pk for row in changing]).update(**given)
    for consultation, own in _by_topic(changing).items():
        record_many(
            consultation,
            "moderation.assigned" if to is not None else "moderation.unassigned",
            [
                {
                    "participation": str(row.public_id),
                    "to": f"user:{wanted}" if wanted else "",
                }
                for row in own
            ],
            actor=actor,
            at=now,
        )
    return len(changing)


def _by_topic(rows: list[Participation]) -> dict:
    found: dict = {}
    for row in rows:
        found.setdefault(row.consultation, []).append(row)
    return found


def end_many(keys: Iterable[int]) -> None:
    """Forget the claims of what was decided."""
    Claim.objects.filter(participation__in=list(keys)).update(
        held_by=None,
        held_until=None,
        assigned_to=None,
        assigned_by=None,
        assigned_at=None,
    )


def end_with_decision(
    sender, participation, decision, now, together=False, **kwargs
) -> None:
    """A receiver of ``participation_moderated``: nothing is left to be done there.

    Those that are decided ``together`` have been ended together.
    """
    if not together:
        end_many([participation.pk])
