"""Replying to a whole campaign: publish once, then tell every member in steps.

The reply is one transaction. Noting its members follows in steps of a thousand, each
a transaction of its own that says how far it came: whatever interrupts it, the
periodic job goes on from there, and a step that runs twice changes nothing.
"""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks.backends.immediate import ImmediateBackend

from wagtail_eparticipation import clock, sanitize, signals
from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.discussion import official
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations.models import (
    COUNTED,
    Identity,
    Participation,
)
from wagtail_eparticipation.replies import clarifying
from wagtail_eparticipation.replies.campaigns import CampaignMember, CampaignReply

logger = logging.getLogger(__name__)

#: Members noted in one transaction.
STEP = 1000
#: From so many on, the same words are a campaign.
LEAST = 2


class NoCampaign(ValueError):
    """There is nobody to reply to, or nothing to say; the message says so."""


@dataclass(frozen=True)
class Group:
    """Everybody who sent the same words: how many, and how many can be told."""

    words_key: str
    members: int
    reachable: int
    last_id: int


def members_of(consultation, words_key: str) -> QuerySet[Participation]:
    """The counted participations with these words."""
    if not words_key:
        return Participation.objects.none()
    return Participation.objects.filter(
        consultation=consultation, words_key=words_key, state__in=COUNTED
    )


def group_of(participation: Participation) -> Group:
    """The campaign that a participation belongs to: two queries at any size."""
    consultation, key = participation.consultation, participation.words_key
    rows = members_of(consultation, key)
    found = rows.aggregate(members=Count("pk"), last=Max("pk"))
    identities = Identity.objects.filter(participation__in=rows, has_contact=True)
    told = identities.aggregate(
        people=Count("contact_hash", distinct=True, filter=~Q(contact_hash="")),
        unnamed=Count("pk", filter=Q(contact_hash="")),
    )
    return Group(
        key, found["members"], told["people"] + told["unnamed"], found["last"] or 0
    )


def voice_of(consultation, words_key: str) -> PublishedComment | None:
    """The first published voice of a campaign, under which a reply can stand."""
    return (
        PublishedComment.objects.filter(
            consultation=consultation,
            participation__words_key=words_key,
            participation__state__in=COUNTED,
            hidden=False,
            removed_at=None,
        )
        .order_by("published_at", "pk")
        .first()
    )


def reply_to_all(
    participation: Participation,
    text: str,
    *,
    language: str,
    actor,
    question: str = "",
    confirmed: bool = False,
) -> CampaignReply:
    """Reply to everybody with the words of ``participation``; once for one text.

    The same text once more is told to those who joined meanwhile.
    With a ``question`` it is published as a clarification, else as an official reply
    under the campaign's first published voice, or as a statement of its own. Raises
    ``PermissionDenied``, :class:`NoCampaign` or ``clarifying.Refused``.
    """
    consultation = participation.consultation
    access.require(actor, "reply", consultation)
    words = sanitize.plain(text, max_length=get_setting("MAX_TEXT_LENGTH"))
    if not words:
        raise NoCampaign(_("Write the reply."))
    digest = hashlib.sha256(words.encode()).hexdigest()
    with transaction.atomic():
        # Of two presses the second one waits here and then finds the first.
        Consultation.objects.select_for_update().get(pk=consultation.pk)
        known = CampaignReply.objects.filter(
            consultation=consultation,
            words_key=participation.words_key,
            text_digest=digest,
        ).first()
        group = group_of(participation)
        if known is not None:
            return _go_on(known, group)
        if group.members < LEAST:
            raise NoCampaign(_("Nobody else sent the same words."))
        now = clock.database_now()
        shown = _show(group, consultation, words, language, actor, question, confirmed)
        reply = CampaignReply.objects.create(
            consultation=consultation,
            words_key=group.words_key,
            text_digest=digest,
            text=words,
            language=language,
            replied_at=now,
            replied_by=actor,
            last_id=group.last_id,
            expected=group.members,
            **shown,
        )
        record(
            consultation,
            "campaign.replied",
            actor=actor,
            at=now,
            data={
                "reply": str(reply.public_id),
                "members": group.members,
                "reachable": group.reachable,
            },
        )
        transaction.on_commit(lambda: _begin(reply.pk), robust=True)
    return reply


def _go_on(reply: CampaignReply, group: Group) -> CampaignReply:
    """Tell those as well who sent the same words since the reply was given."""
    if reply.finished_at is not None and group.last_id > reply.last_id:
        reply.last_id, reply.expected = group.last_id, group.members
        reply.finished_at = None
        reply.save(update_fields=["last_id", "expected", "finished_at"])
        transaction.on_commit(lambda: _begin(reply.pk), robust=True)
    return reply


def _show(group, consultation, words, language, actor, question, confirmed) -> Mapping:
    if question.strip():
        made = clarifying.publish(
            consultation,
            {language: clarifying.Words(question, words)},
            original=language,
            actor=actor,
            key=f"campaign:{group.words_key}:{words}",
            confirmed=confirmed,
        )
        return {"clarification": made.clarification}
    try:
        comment = official.reply_officially(
            consultation,
            text=words,
            language=language,
            actor=actor,
            to=voice_of(consultation, group.words_key),
        )
    except ValidationError as refusal:
        raise NoCampaign(" ".join(refusal.messages)) from refusal
    return {"comment": comment}


def _begin(pk: int) -> None:
    """A worker does all of it; without one, this request the first step."""
    if isinstance(tell_members.get_backend(), ImmediateBackend):
        step(pk, clock.now())
    else:
        tell_members.enqueue(pk)


@task()
def tell_members(pk: int) -> None:
    """Note every member of a reply; goes on from wherever it had come to."""
    while step(pk, clock.now()):
        pass


def carry_on(now: datetime | None = None) -> list[str]:
    """Finish what was interrupted; returns what was done, in words."""
    now = now or clock.now()
    waiting = CampaignReply.objects.filter(finished_at=None).order_by("pk")
    done = []
    for pk in list(waiting.values_list("pk", flat=True)):
        try:
            while step(pk, now):
                pass
        except Exception:
            # One campaign's fault does not stop the others.
            logger.exception("Campaign reply %s could not go on", pk)
        else:
            done.append(f"campaign reply {pk} told")
    return done


@transaction.atomic
def step(pk: int, now: datetime) -> bool:
    """Note the next thousand members; whether more may follow.

    Of several at once one works, and the others leave it to it.
    """
    reply = (
        CampaignReply.objects.select_for_update(skip_locked=True)
        .filter(pk=pk, finished_at=None)
        .first()
    )
    if reply is None:
        return False
    rows = members_of(reply.consultation_id, reply.words_key)
    ids = list(
        rows.filter(pk__gt=reply.done_id, pk__lte=reply.last_id)
        .order_by("pk")
        .values_list("pk", flat=True)[:STEP]
    )
    if not ids:
        _finish(reply, now)
        return False
    CampaignMember.objects.bulk_create(
        [CampaignMember(reply=reply, participation_id=each) for each in ids],
        ignore_conflicts=True,
    )
    reply.done_id = ids[-1]
    reply.noted += len(ids)
    if len(ids) < STEP:
        _finish(reply, now)
    reply.save(update_fields=["done_id", "noted", "finished_at"])
    signals.campaign_replied.send(
        sender=CampaignReply, reply=reply, participations=ids, now=now
    )
    return reply.finished_at is None


def _finish(reply: CampaignReply, now: datetime) -> None:
    reply.finished_at = now
    reply.save(update_fields=["finished_at"])
    record(
        reply.consultation,
        "campaign.told",
        at=now,
        data={"reply": str(reply.public_id), "members": reply.noted},
    )
