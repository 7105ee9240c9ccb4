"""Following a thread by mail without an account: asked for, confirmed, muted.

Nobody learns who follows: asking twice, or for an address that follows already, is
answered in the same way. Addresses are sealed and go with the row.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.official import SPEAKING
from wagtail_eparticipation.discussion.people import ThreadFollower
from wagtail_eparticipation.participations import tokens
from wagtail_eparticipation.participations.contacts import destroy_rows
from wagtail_eparticipation.participations.identity import contact_hash
from wagtail_eparticipation.participations.models import Identity

#: How long a mail that asks for confirmation can be answered.
CONFIRM_WITHIN = timedelta(days=7)
#: How long the link that stops the mails works; as long as the mail is kept.
MUTE_WITHIN = timedelta(days=3650)
#: Threads for which one address can be asked in a day, so that nobody is flooded.
ASKED_IN_A_DAY = 5


class NothingToFollow(ValueError):
    """The topic's stage brings no replies any more."""


@transaction.atomic
def ask(comment: PublishedComment, *, email: str, language: str) -> None:
    """Keep a wish that waits for its confirmation by mail.

    Raises :class:`NothingToFollow`. An address that follows already, or was asked
    too often today, gets no mail.
    """
    now = clock.database_now()
    if comment.consultation.stage(now) not in SPEAKING:
        raise NothingToFollow
    forget_unconfirmed(now)
    root_id = comment.root_id or comment.pk
    person = contact_hash(email)
    known = ThreadFollower.objects.filter(root=root_id, contact_hash=person).first()
    if known is None:
        if _asked_today(person, now) >= ASKED_IN_A_DAY:
            return
        known = _new(comment.consultation, root_id, email, language, now)
    if known is not None and known.confirmed_at is None:
        signals.thread_follow_asked.send(sender=ThreadFollower, follower=known, now=now)


def _asked_today(person: str, now: datetime) -> int:
    since = now - timedelta(days=1)
    return ThreadFollower.objects.filter(
        contact_hash=person, confirmed_at=None, created_at__gt=since
    ).count()


def _new(consultation, root_id, email, language, now) -> ThreadFollower | None:
    follower = ThreadFollower(
        consultation=consultation, root_id=root_id, language=language, created_at=now
    )
    try:
        with transaction.atomic():
            follower.seal_contact(email, now)
            follower.save(force_insert=True)
    except IntegrityError:
        # Asked for at the same moment: that one sends the mail.
        return None
    return follower


def may_be_followed(consultation, stage: str) -> bool:
    """Whether the stage may still bring replies."""
    return stage in SPEAKING


def token_for(follower: ThreadFollower, purpose: str) -> str:
    """What a mail's link carries; ``purpose`` is ``"confirm"`` or ``"mute"``."""
    return tokens.hide_in_address(f"follow-{purpose}:{follower.public_id.hex}")


def read_token(token: str, purpose: str) -> str | None:
    """The follower's public id out of a link, or ``None`` for a made-up or old one."""
    lifetime = CONFIRM_WITHIN if purpose == "confirm" else MUTE_WITHIN
    value = tokens.read_from_address(token, lifetime) or ""
    kind, _colon, public_id = value.partition(":")
    return public_id if kind == f"follow-{purpose}" else None


def confirm(follower: ThreadFollower) -> None:
    """The owner of the address wants the mails."""
    now = clock.database_now()
    ThreadFollower.objects.filter(pk=follower.pk, confirmed_at=None).update(
        confirmed_at=now
    )


@transaction.atomic
def mute(follower: ThreadFollower, *, everything: bool = False) -> None:
    """No more mails about this thread, or about any; the addresses are destroyed."""
    rows = ThreadFollower.objects.filter(pk=follower.pk)
    if everything and follower.contact_hash:
        rows = ThreadFollower.objects.filter(contact_hash=follower.contact_hash)
    destroy_rows(rows)


def followers_of_thread(comment: PublishedComment):
    """Who is to hear of a reply: confirmed, and not its own author."""
    rows = ThreadFollower.objects.filter(
        root=comment.root_id, confirmed_at__isnull=False
    )
    author = (
        Identity.objects.filter(participation=comment.participation_id)
        .exclude(contact_hash="")
        .values_list("contact_hash", flat=True)
        .first()
        if comment.participation_id
        else None
    )
    return rows.exclude(contact_hash=author) if author else rows


def forget_unconfirmed(now: datetime) -> int:
    """Delete wishes that nobody confirmed in time; returns how many."""
    return destroy_rows(
        ThreadFollower.objects.filter(
            confirmed_at=None, created_at__lt=now - CONFIRM_WITHIN
        )
    )


def end_all(consultation) -> int:
    """Delete everybody who follows a topic's threads: it is over."""
    return destroy_rows(ThreadFollower.objects.filter(consultation=consultation))
