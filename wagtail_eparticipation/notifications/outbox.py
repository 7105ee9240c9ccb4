"""The outbox: queued with the act itself, sent after commit, retried, never twice."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import get_connection
from django.db import transaction
from django_tasks import task
from django_tasks.backends.immediate import ImmediateBackend

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.notifications.models import Notice

logger = logging.getLogger(__name__)

State = Notice.State

#: Notices handed to one background task.
BATCH = 100
#: Sending is tried so often, each time after twice the pause, before it has failed.
ATTEMPTS = 8
FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=6)
#: A claim older than this belongs to a worker that died.
STALE = timedelta(hours=1)
#: SMTP answers from 500 on say that trying again is of no use.
PERMANENT = 500


@dataclass
class Delivery:
    """What a run of the outbox did."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    dropped: int = 0


def key_of(*parts) -> str:
    """What makes two messages the same message, as one unguessable-looking key."""
    return hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()


def notice_language(code: str) -> str:
    """The site's language in which somebody who wrote in ``code`` is answered."""
    codes = [each for each, _name in content_languages()]
    short = code.split("-")[0]
    for each in codes:
        if each == code or each.split("-")[0] == short:
            return each
    return codes[0]


def new_notice(
    consultation,
    kind: str,
    *key,
    language: str,
    now: datetime,
    participation_id: int | None = None,
    case=None,
    user=None,
    **data,
) -> Notice:
    """An unsaved notice; ``key`` is what makes it the same message within its kind."""
    return Notice(
        consultation=consultation,
        kind=kind,
        participation_id=participation_id,
        case=case,
        user=user,
        language=notice_language(language),
        data=data,
        key=key_of(kind, consultation and consultation.pk, *key),
        created_at=now,
        due_at=now,
    )


def queue(notices: list[Notice]) -> None:
    """Keep notices in the present transaction and send them once it has committed.

    Those whose key is known already are passed over.
    """
    if not notices:
        return
    keys = [notice.key for notice in notices]
    Notice.objects.bulk_create(notices, batch_size=500, ignore_conflicts=True)
    transaction.on_commit(lambda: _send_soon(keys), robust=True)


def _send_soon(keys: list[str]) -> None:
    ids = list(
        Notice.objects.filter(key__in=keys[:BATCH], state=State.QUEUED)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if ids:
        deliver_batch.enqueue(ids)
    at_once = isinstance(deliver_batch.get_backend(), ImmediateBackend)
    for start in range(BATCH, len(keys), BATCH):
        if at_once:
            # No worker: the periodic job sends the rest, not this request.
            return
        some = Notice.objects.filter(key__in=keys[start : start + BATCH])
        deliver_batch.enqueue(list(some.values_list("pk", flat=True)))


@task()
def deliver_batch(ids: list[int]) -> None:
    """Send these notices; ids that are not waiting any more are passed over."""
    _deliver(ids, clock.now())


def deliver_due(now: datetime | None = None, limit: int = 1000) -> Delivery:
    """Send what is due, retries included; call it every few minutes (R-5.0d).

    Safe to run at any time and in several processes at once: each notice is claimed
    before it is sent. What a dead worker had claimed is sent again after an hour,
    with the same Message-ID.
    """
    now = now or clock.now()
    Notice.objects.filter(state=State.SENDING, claimed_at__lt=now - STALE).update(
        state=State.QUEUED
    )
    due = Notice.objects.filter(state=State.QUEUED, due_at__lte=now)
    ids = list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])
    return _deliver(ids, now)


def _deliver(ids: list[int], now: datetime) -> Delivery:
    done = Delivery()
    if not ids:
        return done
    connection = get_connection()
    try:
        connection.open()
    except (SMTPException, OSError) as error:
        for notice in Notice.objects.filter(pk__in=ids, state=State.QUEUED):
            _postpone(notice, error, now, done)
        return done
    try:
        for pk in ids:
            _deliver_one(pk, connection, now, done)
    finally:
        connection.close()
    return done


def _deliver_one(pk: int, connection, now: datetime, done: Delivery) -> None:
    from wagtail_eparticipation.notifications.compose import compose

    claimed = Notice.objects.filter(pk=pk, state=State.QUEUED).update(
        state=State.SENDING, claimed_at=now
    )
    if not claimed:
        return
    notice = Notice.objects.select_related(
        "consultation", "participation", "case", "user"
    ).get(pk=pk)
    message = compose(notice)
    if message is None:
        _settle(notice, State.DROPPED, now, done)
        return
    message.connection = connection
    try:
        message.send()
    except (SMTPException, OSError) as error:
        _postpone(notice, error, now, done)
    else:
        notice.sent_at = now
        _settle(notice, State.SENT, now, done)


def _settle(notice: Notice, state: str, now: datetime, done: Delivery) -> None:
    notice.state = state
    notice.error = ""
    notice.save(update_fields=["state", "error", "sent_at"])
    if state == State.SENT:
        done.sent += 1
    else:
        done.dropped += 1
    _tell(notice, now)


def _postpone(notice: Notice, error: Exception, now: datetime, done: Delivery) -> None:
    notice.attempts += 1
    notice.error = describe(error)
    refused = is_permanent(error)
    if refused or notice.attempts >= ATTEMPTS:
        notice.state = State.FAILED
        done.failed += 1
    else:
        notice.state = State.QUEUED
        notice.due_at = now + pause_after(notice.attempts)
        done.postponed += 1
    notice.save(update_fields=["state", "attempts", "due_at", "error"])
    logger.warning(
        "Notice %s (%s) was not sent: %s", notice.public_id, notice.kind, notice.error
    )
    if notice.state == State.FAILED:
        _tell(notice, now, refused=refused)


def _tell(notice: Notice, now: datetime, *, refused: bool = False) -> None:
    signals.notice_settled.send(sender=Notice, notice=notice, refused=refused, now=now)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts."""
    return min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)


def describe(error: Exception) -> str:
    """Kind of failure and the server's codes; never the address (AC-S3-E6)."""
    codes = sorted({str(code) for code in _codes(error)})
    return " ".join([type(error).__name__, *codes])[:120]


def is_permanent(error: Exception) -> bool:
    """Whether the server refused for good, so that retrying is of no use."""
    codes = _codes(error)
    refused = isinstance(error, SMTPRecipientsRefused)
    return refused and bool(codes) and min(codes) >= PERMANENT


def _codes(error: Exception) -> list[int]:
    if isinstance(error, SMTPRecipientsRefused):
        return [code for code, _text in error.recipients.values()]
    if isinstance(error, SMTPResponseException):
        return [error.smtp_code]
    return []
