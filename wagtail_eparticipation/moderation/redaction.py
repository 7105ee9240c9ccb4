"""Hiding places in what somebody wrote, with the original sealed (R-7.8b, R-7.8f).

The register holds the words with marks from then on, so that no page, search, mail,
export or report can show more (AC-S3-E2). The original of that wording, and of all
earlier ones, is encrypted; it is opened by the privacy role alone (AC-S3-E3), and what
was hidden wrongly is shown again by two people (AC-S3-E4).
"""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max

from wagtail_eparticipation import clock, sanitize
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.discussion.publish import rewrite
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.moderation import errors, flags, places
from wagtail_eparticipation.moderation.categories import mark_of
from wagtail_eparticipation.moderation.models import ModerationDecision
from wagtail_eparticipation.moderation.places import Place
from wagtail_eparticipation.moderation.sealed import Redaction, SealedOriginal
from wagtail_eparticipation.participations.door import wording_digest
from wagtail_eparticipation.participations.identity import (
    keyed_hash,
    open_text,
    seal_text,
)
from wagtail_eparticipation.participations.models import TAKEN_BACK, Participation

#: Columns of a participation that hold words, and the words kept in its data.
COLUMNS = ("title", "text", "public_name")
IN_DATA = ("sources", "place")
#: Where a suggestion's place is on the map; goes and comes with the words of "place".
POINT = ("latitude", "longitude")


def words_of(row) -> dict[str, str]:
    """Everything in a participation, or in an earlier wording, that was written."""
    found = {name: getattr(row, name, "") for name in COLUMNS}
    found |= {name: str(row.data.get(name, "")) for name in IN_DATA}
    return {name: text for name, text in found.items() if text}


def seen_digest(row) -> str:
    """Keyed digest of the words as they stand, by which a page knows they changed."""
    words = json.dumps(words_of(row), sort_keys=True, ensure_ascii=False)
    return keyed_hash("seen", words)


def current(participation: Participation) -> list[Place]:
    """What is hidden now in the wording that counts, counted in the original."""
    return _latest(_in_force(participation))


def _in_force(participation: Participation):
    return Redaction.objects.filter(
        participation=participation,
        revision=participation.revision,
        state=Redaction.State.IN_FORCE,
    )


def _latest(versions) -> list[Place]:
    last = versions.order_by("-version").first()
    return places.from_json(last.places) if last else []


def _next_version(held: Participation) -> int:
    last = _in_force(held).aggregate(last=Max("version"))["last"]
    return (last or 0) + 1


def to_hide(participation: Participation, wanted: Iterable[Place]) -> list[Place]:
    """The places as they can be hidden in the words that stand; may be empty.

    Raises ``errors.PlaceNotThere``.
    """
    try:
        return places.checked(words_of(participation), wanted)
    except places.InvalidPlace as error:
        raise errors.PlaceNotThere from error


def hide(
    held: Participation,
    wanted: Iterable[Place],
    *,
    actor,
    now: datetime,
    clause: str = "",
) -> Redaction:
    """Hide further places; they count characters of the words as they stand now.

    The caller holds the row, has the right and records why. What is hidden already
    stays hidden; nobody needs to see the original for it.
    """
    words = words_of(held)
    new = to_hide(held, wanted)
    # What was emptied meanwhile, such as a name, has no places any more.
    earlier = [place for place in current(held) if place.field in words]
    if not earlier:
        _seal_current(held, now)
        _seal_earlier(held, now)
    whole = places.with_gaps(words, earlier)
    moved = [places.in_original(place, earlier) for place in new]
    all_of_them = places.joined([*earlier, *moved])
    shown, marked = places.hidden(whole, _remarked(all_of_them), held.language)
    if _hides_place(marked):
        _drop_point(held)
    _write(held, shown)
    made = Redaction.objects.create(
        participation=held,
        revision=held.revision,
        version=_next_version(held),
        places=[place.as_json() for place in marked],
        state=Redaction.State.IN_FORCE,
        made_by=actor,
        made_at=now,
    )
    _note(made, held, "moderation.redacted", actor, now, clause=clause)
    return made


def _remarked(found: list[Place]) -> list[Place]:
    """Marks are made anew: a place that grew may be of another kind."""
    return [Place(each.field, each.start, each.end, each.category) for each in found]


def _hides_place(found: Iterable[Place]) -> bool:
    """Whether the place that a suggestion is about is hidden, if only in part."""
    return any(each.field == "place" for each in found)


def _drop_point(row) -> None:
    row.data = {key: value for key, value in row.data.items() if key not in POINT}


def _restore_point(held: Participation, original: dict[str, str]) -> None:
    point = {name: float(original[name]) for name in POINT if name in original}
    held.data = {**held.data, **point}


def _to_seal(row) -> dict[str, str]:
    """The words of a wording, and the point that can give a place away."""
    known = {name: row.data.get(name) for name in POINT}
    point = {name: str(value) for name, value in known.items() if value is not None}
    return words_of(row) | point


def _seal_current(held: Participation, now: datetime) -> None:
    """Seal the wording that counts, once: all may have been shown again since."""
    if not held.sealed_originals.filter(revision=held.revision).exists():
        _seal_wording(held, held.revision, _to_seal(held), now)


def _seal_wording(held, revision: int, words: dict[str, str], now: datetime) -> None:
    key, content = seal_text(json.dumps(words, ensure_ascii=False), now)
    key.save(force_insert=True)
    SealedOriginal.objects.create(
        participation=held, revision=revision, key=key, sealed=content, sealed_at=now
    )


def _seal_earlier(held: Participation, now: datetime) -> None:
    """Earlier wordings may say the same: they are sealed whole, a mark remains."""
    sealed = set(
        SealedOriginal.objects.filter(participation=held).values_list(
            "revision", flat=True
        )
    )
    for earlier in held.revisions.exclude(number__in=sealed):
        words = words_of(earlier)
        if not words:
            continue
        _seal_wording(held, earlier.number, _to_seal(earlier), now)
        mark = mark_of("other", earlier.language or held.language)
        for name in words:
            _put(earlier, name, mark)
        _drop_point(earlier)
        earlier.save(update_fields=["title", "text", "data"])


def _put(row, name: str, text: str) -> None:
    if name in COLUMNS:
        setattr(row, name, text)
    else:
        row.data = {**row.data, name: text}


def _write(held: Participation, shown: dict[str, str]) -> None:
    """Put the releasable words in place of the others, here and in public."""
    for name, text in shown.items():
        _put(held, name, text)
    held.text_html = sanitize.clean_html(held.text, links=held.links_released)
    held.save(update_fields=[*COLUMNS, "data", "text_html"])
    flags.refresh(held)
    rewrite(held)


def _note(made: Redaction, held, kind: str, actor, now: datetime, **more: str) -> None:
    """Numbers and kinds for the ledger; never a word of what was hidden."""
    record(
        held.consultation,
        kind,
        actor=actor,
        at=now,
        data={
            "participation": str(held.public_id),
            "redaction": made.pk,
            "revision": made.revision,
            "hidden": dict(Counter(each["category"] for each in made.places)),
            "digest": wording_digest(held),
            **more,
        },
    )


@transaction.atomic
def open_original(original: SealedOriginal, *, actor, reason: str) -> dict[str, str]:
    """The words of a sealed wording by field: privacy role, reason, ledger (AC-S3-E3).

    Raises ``PermissionDenied``, ``errors.GroundNeeded``, ``errors.OriginalDestroyed``.
    """
    consultation = original.participation.consultation
    access.require(actor, "identity", consultation)
    reason = sanitize.plain(reason, max_length=1000)
    if not reason:
        raise errors.GroundNeeded
    words = _unsealed(original)
    record(
        consultation,
        "moderation.original_opened",
        actor=actor,
        data={
            "participation": str(original.participation.public_id),
            "revision": original.revision,
            "reason": reason,
        },
    )
    return words


def _unsealed(original: SealedOriginal) -> dict[str, str]:
    if original.key_id is None:
        raise errors.OriginalDestroyed
    return json.loads(open_text(original.key, original.sealed))


def may_ask(user, consultation) -> bool:
    """Whether a user may ask that hidden places be shown again."""
    return access.may(user, "moderate", consultation) or access.may(
        user, "identity", consultation
    )


@transaction.atomic
def ask_to_show(
    participation: Participation, wanted: Iterable[int], *, actor, ground: str
) -> Redaction:
    """Propose that some hidden places be shown again; changes nothing yet.

    ``wanted`` are indexes into :func:`current`. Raises ``PermissionDenied`` and the
    errors of ``moderation.errors``.
    """
    held = _hold(participation)
    if not may_ask(actor, held.consultation):
        raise PermissionDenied
    _must_stand(held)
    ground = sanitize.plain(ground, max_length=4000)
    if not ground:
        raise errors.GroundNeeded
    hidden_now = current(held)
    wanted = set(wanted)
    if not wanted or not wanted <= set(range(len(hidden_now))):
        raise errors.PlaceNotThere
    left = [each for index, each in enumerate(hidden_now) if index not in wanted]
    now = clock.database_now()
    try:
        with transaction.atomic():
            asked = Redaction.objects.create(
                participation=held,
                revision=held.revision,
                places=[place.as_json() for place in left],
                shows_again=True,
                state=Redaction.State.PROPOSED,
                ground=ground,
                made_by=actor,
                made_at=now,
                open_for=held,
            )
    except IntegrityError:
        raise errors.AwaitingSecondPerson from None
    _note(asked, held, "moderation.reversal_proposed", actor, now)
    return asked


@transaction.atomic
def show_again(asked: Redaction, *, actor) -> Redaction:
    """Carry out what another person asked for: a new public version (AC-S3-E4).

    Needs the privacy role, which may compare with the original. Raises
    ``errors.SamePerson``, ``errors.NotOpen``, ``errors.OriginalDestroyed``.
    """
    held, asked = _hold_asked(asked)
    access.require(actor, "identity", held.consultation)
    if actor.pk == asked.made_by_id:
        raise errors.SamePerson
    _must_stand(held)
    if asked.revision != held.revision:
        raise errors.StateChanged(held.get_state_display())
    if ModerationDecision.objects.filter(open_for=held).exists():
        # Its places are counted in the words as they stand.
        raise errors.AwaitingSecondPerson
    original = SealedOriginal.objects.select_related("key").get(
        participation=held, revision=held.revision
    )
    now = clock.database_now()
    left = _still_hidden(held, asked)
    words = _unsealed(original)
    shown, marked = places.hidden(words, left, held.language)
    if not _hides_place(marked):
        _restore_point(held, words)
    # What was emptied meanwhile, such as a name, does not come back with it.
    stands = words_of(held)
    _write(held, {name: text for name, text in shown.items() if name in stands})
    asked.places = [place.as_json() for place in marked if place.field in stands]
    asked.version = _next_version(held)
    _settle(asked, Redaction.State.IN_FORCE, actor, now)
    _note(asked, held, "moderation.redaction_reversed", actor, now)
    return asked


def _must_stand(held: Participation) -> None:
    """Nothing is shown again of what its author took back."""
    if held.state in TAKEN_BACK:
        raise errors.StateChanged(held.get_state_display())


def _still_hidden(held: Participation, asked: Redaction) -> list[Place]:
    """What is hidden now but for what was asked for; more may be hidden meanwhile."""
    # The one that was in force when it was asked: proposals come later by their keys.
    before = _latest(_in_force(held).filter(pk__lt=asked.pk))
    left = places.from_json(asked.places)
    wanted = {place for place in before if place not in left}
    return [place for place in current(held) if place not in wanted]


@transaction.atomic
def keep_hidden(asked: Redaction, *, actor) -> Redaction:
    """Decline; who asked may take it back so."""
    held, asked = _hold_asked(asked)
    if actor.pk != asked.made_by_id:
        access.require(actor, "identity", held.consultation)
    now = clock.database_now()
    _settle(asked, Redaction.State.DECLINED, actor, now)
    _note(asked, held, "moderation.reversal_declined", actor, now)
    return asked


def _hold(participation: Participation) -> Participation:
    held = Participation.objects.select_for_update().get(pk=participation.pk)
    # Apart, so that the topic's row is not held as well.
    held.consultation = Consultation.objects.get(pk=held.consultation_id)
    return held


def _hold_asked(asked: Redaction) -> tuple[Participation, Redaction]:
    held = _hold(asked.participation)
    now_there = Redaction.objects.get(pk=asked.pk)
    if now_there.state != Redaction.State.PROPOSED:
        raise errors.NotOpen
    return held, now_there


def _settle(asked: Redaction, state: str, actor, now: datetime) -> None:
    asked.state, asked.open_for = state, None
    asked.second_person, asked.second_person_at = actor, now
    asked.save()
