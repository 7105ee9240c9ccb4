"""The one door: every participation, of any tool and channel, enters here (R-3.1a).

One transaction: the window is held, the database's clock read, the row written, the
event noted. Nothing shared is updated, so submits never wait for each other; a
repeated submit finds its first by a unique key (R-7.5d).
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock, sanitize, signals
from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.consultations import windows
from wagtail_eparticipation.consultations.channel_table import off_since, own_period
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations import (
    admission,
    once,
    persons,
    receipts,
    tools,
)
from wagtail_eparticipation.participations.deadlocks import retried
from wagtail_eparticipation.participations.identity import (
    Person,
    keyed_hash,
    know_of_no_identity,
    seal,
)
from wagtail_eparticipation.participations.models import (
    Channel,
    Consent,
    Participation,
    Publication,
    State,
)
from wagtail_eparticipation.participations.refusals import (
    DoorRefusal,
    must_be_named,
    refusal_of,
)
from wagtail_eparticipation.participations.same_words import words_key

_NOBODY = persons.Admission()

#: States in which a participation is its person's own voice.
_HOLDS_A_PLACE = frozenset({State.RECEIVED, State.QUARANTINED, State.UNPUBLISHED})

#: How long an address can be confirmed after sending, however the period ends.
CONFIRM_WITHIN = timedelta(hours=48)

#: A person who sends several things in the same instant is taken in one by one.
_ATTEMPTS = 5


@dataclass(frozen=True)
class Submission:
    """What somebody sends, before the door has looked at it.

    ``idempotency_key`` names this one act of sending; sending the same key again is
    the same participation. ``issued_at`` is when the form was handed out.
    ``source_id`` is the outside id of an imported item; only its keyed hash is kept.
    ``provenance`` is kept beside ``data`` and says where it came from, nothing else.
    ``suspicious`` ones are set aside for a person to look at, never dropped.
    ``standing`` says who it is, as far as the topic asks. ``enclosed`` is what else
    the form held and another room keeps, as text; only a keyed digest of it stays
    here, to tell a repeated form from a changed one.
    ``article`` is the id of the article that it is about; a reply is about its
    parent's, whatever it says. ``texts`` is of how many texts, each within the limit,
    the text is made up. ``open_from`` and ``open_until`` narrow the topic's period.
    """

    tool: str
    language: str
    text: str = ""
    title: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    channel: str = Channel.PORTAL
    publication: str = Publication.NOT_PUBLISHED
    capacity: str = ""
    person: Person = field(default_factory=Person)
    consent: str = Consent.NONE
    consent_version: str = ""
    consent_language: str = ""
    idempotency_key: str = ""
    issued_at: datetime | None = None
    made_at: datetime | None = None
    source_id: str = ""
    evidence: str = ""
    provenance: dict[str, Any] = field(default_factory=dict)
    batch: str = ""
    parent: Participation | None = None
    article: str = ""
    request_version: int | None = None
    standing: persons.Standing = persons.Standing()
    suspicious: bool = False
    enclosed: str = ""
    texts: int = 1
    open_from: datetime | None = None
    open_until: datetime | None = None


@dataclass(frozen=True)
class Outcome:
    """The row, the receipt code to show once, and whether it was sent before.

    ``differs``: it was sent before with other entries, and the new ones were not taken
    in.
    """

    participation: Participation
    receipt_code: str
    repeated: bool = False
    differs: bool = False

    @property
    def is_stale(self) -> bool:
        """Whether nothing stands of what was sent now: say so (AC-S3-C2)."""
        gone = self.participation.state in (State.WITHDRAWN, State.REPLACED)
        return self.differs or (self.repeated and gone)

    @property
    def late(self) -> bool:
        """Whether it lies in the late box."""
        return self.participation.state == State.LATE


def new_key() -> str:
    """A key for one act of sending."""
    return secrets.token_hex(16)


def submit(
    consultation,
    submission: Submission,
    *,
    actor=None,
    keep: Callable[[Participation], None] | None = None,
) -> Outcome:
    """Take a submission in (R-5.3.1a), or raise a :class:`DoorRefusal`.

    ``actor`` is the member of staff who entered it, if any. ``keep`` writes what
    another room keeps of a new one, in the same transaction; what it raises undoes
    everything. Raises ``sanitize.TextTooLong`` for a text over the limit.
    """
    tools.get(submission.tool)
    key = stored_key(consultation, submission.idempotency_key or new_key())
    cleaned = clean(submission)
    return retried(lambda: _submit(consultation, submission, cleaned, key, actor, keep))


def _submit(consultation, submission, cleaned, key: str, actor, keep) -> Outcome:
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with transaction.atomic():
                outcome = _take_in(consultation, submission, cleaned, key, actor)
                if keep is not None:
                    keep(outcome.participation)
                return outcome
        except (IntegrityError, DoorRefusal) as error:
            # Sent again after the topic was withdrawn or closed: the same receipt.
            repeated = _find_repeated(consultation, submission, cleaned, key)
            if repeated is not None:
                return repeated
            # The same person at the same time: now the other one is there.
            if isinstance(error, DoorRefusal) or attempt == _ATTEMPTS:
                raise


def stored_key(consultation, key: str) -> str:
    """Keys are per consultation, so a key cannot be probed on another topic."""
    return hashlib.sha256(f"{consultation.pk}:{key}".encode()).hexdigest()


def clean(submission: Submission) -> dict[str, str]:
    limit = get_setting("MAX_TEXT_LENGTH") * submission.texts
    # The lines that part several texts.
    limit += 20 * (submission.texts - 1)
    text = sanitize.plain(submission.text, max_length=limit)
    title = sanitize.plain(submission.title, max_length=200).replace("\n", " ")
    if not text and not title and not submission.data:
        raise DoorRefusal(_("Write something first: the text is empty."), code="empty")
    name = ""
    if submission.publication == Publication.WITH_NAME:
        shown = submission.person.organisation or submission.person.name
        name = sanitize.plain(shown, max_length=120).replace("\n", " ")
    return {"text": text, "title": title, "public_name": name}


def _take_in(consultation, submission, cleaned, key, actor) -> Outcome:
    window = windows.hold_shared(consultation)
    now = clock.database_now()
    stored = windows.stored_stage(consultation)
    verdict = verdict_on(consultation, submission, window, now, stored)
    refuse(consultation, submission, verdict, window)
    admitted = _NOBODY
    if actor is None:
        admitted = persons.admit(consultation, submission.standing)
    code = receipts.code_for(key)
    participation = build(
        consultation,
        submission,
        cleaned,
        verdict,
        window=window,
        now=now,
        key=key,
        code=code,
        admitted=admitted,
    )
    earlier = None
    if participation.state in _HOLDS_A_PLACE:
        earlier = once.take_place(participation, now=now)
    participation.save(force_insert=True)
    if earlier is not None:
        once.announce(earlier, participation, now=now)
    if submission.person:
        seal(participation, submission.person, submission.language)
    else:
        know_of_no_identity(participation)
    record(
        consultation,
        "participation.received",
        actor=actor,
        at=now,
        data=event_of(participation),
    )
    signals.participation_received.send(
        sender=Participation,
        participation=participation,
        receipt_code=code,
        now=now,
    )
    return Outcome(participation, code)


def verdict_on(
    consultation, submission, window, now: datetime, stored: str
) -> admission.Verdict:
    """Whether a submission is in time, with the window held and the clock read."""
    opens, closes = period_of(submission, window)
    return admission.judge(
        stored,
        opens,
        closes,
        bool(window and window.accepting),
        now=now,
        channel=submission.channel,
        made_at=submission.made_at or now,
        issued_at=submission.issued_at,
        evidence=submission.evidence,
        grace=timedelta(seconds=get_setting("CLOSING_GRACE")),
        off_since=off_since(window, submission.channel),
        own_period=own_period(consultation, submission.channel),
        was_open=partial(windows.was_open, consultation),
    )


def period_of(submission, window) -> tuple[datetime | None, datetime | None]:
    """The period in which a submission is in time: the topic's, or a narrower one."""
    if window is None:
        return None, None
    return (
        max(filter(None, (window.opens_at, submission.open_from))),
        min(filter(None, (window.closes_at, submission.open_until))),
    )


def refuse(consultation, submission, verdict: admission.Verdict, window) -> None:
    """Raise the :class:`DoorRefusal` of what is not taken in at all."""
    if refusal := refusal_of(verdict, window, submission.channel):
        raise refusal
    must_be_named(consultation, submission.channel)


def build(
    consultation,
    submission,
    cleaned,
    verdict,
    *,
    window,
    now,
    key: str,
    code: str,
    admitted: persons.Admission = _NOBODY,
) -> Participation:
    """The row of a submission that is taken in, not yet written."""
    return Participation(
        consultation=consultation,
        period_id=window.period_id,
        tool=submission.tool,
        channel=submission.channel,
        state=_state(verdict, submission, cleaned["text"]),
        title=cleaned["title"],
        text=cleaned["text"],
        text_html=sanitize.clean_html(cleaned["text"]),
        data=_data(submission),
        language=submission.language,
        capacity=submission.capacity,
        parent=submission.parent,
        article=submission.parent.article if submission.parent else submission.article,
        publication=submission.publication,
        public_name=cleaned["public_name"],
        consent=submission.consent,
        consent_version=submission.consent_version,
        consent_language=submission.consent_language,
        request_version=submission.request_version,
        made_at=submission.made_at or now,
        received_at=now,
        within_grace=verdict.within_grace,
        late_reason=verdict.reason,
        idempotency_key=key,
        receipt_hash=receipts.hash_of(code),
        sent_digest=sent_digest(submission, cleaned),
        source_key=source_key(submission),
        batch=submission.batch,
        person_key=admitted.key,
        invited_key=admitted.invited_key,
        confirm_until=None if submission.standing.confirmed else now + CONFIRM_WITHIN,
        segment_id=admitted.segment_id,
        suspicious=submission.suspicious,
        words_key=words_key(cleaned["text"]),
    )


def _state(verdict, submission, text: str) -> str:
    tool = tools.get(submission.tool)
    diverted = tool.received_as
    # What is no opinion is no late opinion either: it goes where it belongs.
    if verdict.kind != "accepted" and not diverted:
        return State.LATE
    if not diverted and not submission.standing.confirmed:
        return State.UNCONFIRMED
    if submission.suspicious:
        return State.QUARANTINED
    read = tools.is_read(submission.tool, text)
    return diverted or (State.RECEIVED if read else State.UNPUBLISHED)


def _data(submission: Submission) -> dict[str, Any]:
    data = {**submission.data, **submission.provenance}
    if submission.evidence:
        data["evidence"] = submission.evidence
    return data


def source_key(submission: Submission) -> str | None:
    if not submission.source_id:
        return None
    return keyed_hash("source", f"{submission.channel}:{submission.source_id}")


def event_of(participation: Participation) -> dict[str, str]:
    """What the ledger keeps: ids, and a keyed digest that proves the wording."""
    return {
        "participation": str(participation.public_id),
        "tool": participation.tool,
        "channel": participation.channel,
        "state": participation.state,
        "digest": wording_digest(participation),
    }


def wording_digest(participation: Participation) -> str:
    """Keyed digest of the words: says whether they changed, never what they are."""
    words = f"{participation.public_id}\0{participation.title}\0{participation.text}"
    return keyed_hash("wording", words)


def sent_digest(submission: Submission, cleaned: dict[str, str]) -> str:
    """Keyed digest of everything a person entered: words, choices, who and how."""
    entered = [
        cleaned,
        submission.data,
        submission.language,
        submission.publication,
        submission.capacity,
        vars(submission.person),
        submission.enclosed,
    ]
    if submission.article:
        entered.append(submission.article)
    return keyed_hash("sent", json.dumps(entered, sort_keys=True, default=str))


def _other_words(found: Participation, cleaned: dict[str, str]) -> bool:
    """What can be said once the digest is gone with the identity."""
    return (found.title, found.text) != (cleaned["title"], cleaned["text"])


def says_otherwise(found: Participation, submission: Submission) -> bool:
    """Whether an outside item that came in as ``found`` now says something else.

    Who said it, and on what footing it was imported, may differ: a file is exported
    again with further columns. Raises ``ValidationError`` for what no door takes.
    """
    cleaned = clean(submission)
    if found.sent_digest == sent_digest(submission, cleaned):
        return False
    if submission.enclosed and found.sent_digest:
        # Its answers lie in another room: the digest alone knows of them.
        return True
    own = {name: found.data.get(name) for name in submission.data}
    return _other_words(found, cleaned) or own != submission.data


def _find_repeated(consultation, submission, cleaned, key: str) -> Outcome | None:
    rows = Participation.objects.filter(consultation=consultation)
    found = rows.filter(idempotency_key=key).first()
    if found is None and (source := source_key(submission)):
        found = rows.filter(source_key=source).first()
    if found is None:
        return None
    code = receipts.code_matching(found.idempotency_key, found.receipt_hash)
    if found.sent_digest:
        differs = found.sent_digest != sent_digest(submission, cleaned)
    else:
        differs = _other_words(found, cleaned)
    return Outcome(found, code, repeated=True, differs=differs)
