"""Participations that are saved to go on with later (R-5.3.1b, AC-S3-F8).

What was typed is encrypted with a key that is made of the link alone: the database
opens nothing without the link, and the link finds nothing without the database.
A draft never counts and is no part of the register.
"""

import base64
import hashlib
import json
import secrets
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from django.db import models, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.windows import hold_shared
from wagtail_eparticipation.participations.identity import (
    IdentityUnreadable,
    open_text,
    seal_text,
)
from wagtail_eparticipation.participations.models import PersonKey
from wagtail_eparticipation.participations.refusals import DoorRefusal

#: After the closing, its holder can read and copy a draft for so long.
READABLE_FOR = timedelta(days=30)
#: So long before the closing, who asked for it is reminded.
REMINDED_BEFORE = timedelta(hours=24)
#: Most that one draft holds, in bytes; many times what a form asks for.
SIZE_LIMIT = 256 * 1024
#: Never kept: acceptance is given when it is sent, and the rest belongs to the form.
_NOT_KEPT = frozenset(
    {"accept", "website", "draft", "altcha", "csrfmiddlewaretoken", "files_drop"}
)


class SavedDraft(models.Model):
    """A form that somebody left unfinished.

    ``place`` says what of a tool it was, such as which survey. ``key`` and ``address``
    are there only while its holder wants to be reminded.
    """

    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        on_delete=models.CASCADE,
        related_name="saved_drafts",
    )
    tool = models.CharField(max_length=30)
    place = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=12)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    content = models.BinaryField()
    saved_at = models.DateTimeField()
    key = models.ForeignKey(
        PersonKey, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    address = models.BinaryField(default=b"")
    asked_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = gettext_lazy("saved draft")
        verbose_name_plural = gettext_lazy("saved drafts")
        ordering = ["id"]

    def __str__(self):
        return f"draft {self.pk}"


def _find_hash(token: str) -> str:
    return hashlib.sha256(b"eparticipation.draft.find" + token.encode()).hexdigest()


def _fernet(token: str) -> Fernet:
    key = hashlib.sha256(b"eparticipation.draft.open" + token.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def find(token: str) -> SavedDraft | None:
    """The draft of a link; ``None`` once it was sent, deleted or has expired."""
    if not token or len(token) > 100:
        return None
    rows = SavedDraft.objects.select_related(
        "key", "consultation__window", "consultation__policy_version"
    )
    found = rows.filter(token_hash=_find_hash(token)).first()
    if found is None or not is_readable(found.consultation, clock.now()):
        return None
    return found


def is_readable(consultation, now: datetime) -> bool:
    """Whether drafts of a topic can still be read (AC-S3-F8)."""
    window = getattr(consultation, "window", None)
    return window is not None and now < window.closes_at + READABLE_FOR


@transaction.atomic
def save(
    consultation,
    typed: QueryDict,
    *,
    tool: str,
    place: str = "",
    language: str,
    issued_at: datetime,
    token: str = "",
) -> str:
    """Keep what was typed; returns the token of its link.

    ``token`` is that of a draft that is saved again; where other words were saved under
    it meanwhile, from a second window, these get a link of their own. A form that was
    handed out before the closing can still be saved, for reading. Raises
    :class:`DoorRefusal`.
    """
    content = json.dumps(
        {name: typed.getlist(name) for name in typed if name not in _NOT_KEPT}
    ).encode()
    if len(content) > SIZE_LIMIT:
        raise DoorRefusal(
            _("This is too long to be saved. Shorten it, or send it now."), code="big"
        )
    window = hold_shared(consultation)
    now = clock.database_now()
    consultation.window = window
    in_hand = window is not None and min(now, issued_at) < window.closes_at
    if not in_hand or not is_readable(consultation, now) or now < window.opens_at:
        raise DoorRefusal(
            _(
                "Participation is not open, and nothing can be saved here. Copy your"
                " text if you want to keep it."
            ),
            code="shut",
        )
    known = _held(consultation, tool, place, token)
    if known is not None and _overtaken(known, token, typed, issued_at):
        token = _beside(token, issued_at)
        known = _held(consultation, tool, place, token)
    elif known is None:
        token = secrets.token_urlsafe(32)
    if known is None:
        known = SavedDraft(
            consultation=consultation,
            tool=tool,
            place=place,
            token_hash=_find_hash(token),
        )
    known.language = language
    known.content = _fernet(token).encrypt(content)
    known.saved_at = now
    known.save()
    return token


def _overtaken(draft, token: str, typed: QueryDict, issued_at: datetime) -> bool:
    """Whether other words were saved after this form was handed out."""
    if draft.saved_at <= issued_at:
        return False
    kept = typed_of(draft, token)
    names = (kept.keys() | typed.keys()) - _NOT_KEPT - {"token"}
    return any(kept.getlist(name) != typed.getlist(name) for name in names)


def _beside(token: str, issued_at: datetime) -> str:
    """The link of what a second window saves: the same however often it is pressed."""
    value = f"eparticipation.draft.beside:{token}:{issued_at.isoformat()}"
    return base64.urlsafe_b64encode(hashlib.sha256(value.encode()).digest()).decode()


def _held(consultation, tool: str, place: str, token: str) -> SavedDraft | None:
    if not token or len(token) > 100:
        return None
    rows = SavedDraft.objects.select_for_update().filter(
        consultation=consultation, tool=tool, place=place
    )
    return rows.filter(token_hash=_find_hash(token)).first()


def typed_of(draft: SavedDraft, token: str) -> QueryDict:
    """What was typed, as the form sent it; empty when it cannot be opened."""
    typed = QueryDict(mutable=True)
    try:
        content = json.loads(_fernet(token).decrypt(bytes(draft.content)))
    except InvalidToken:
        return typed
    for name, values in content.items():
        typed.setlist(name, values)
    return typed


def remember_address(draft: SavedDraft, email: str) -> None:
    """Keep an address, sealed, for one reminder before the closing."""
    with transaction.atomic():
        forget_address(draft)
        now = clock.database_now()
        draft.key, draft.address = seal_text(email.strip(), now)
        draft.key.save(force_insert=True)
        draft.asked_at = now
        draft.save(update_fields=["key", "address", "asked_at"])


def forget_address(draft: SavedDraft) -> None:
    """Destroy the address; the draft stays."""
    key, draft.key = draft.key, None
    draft.address, draft.asked_at = b"", None
    draft.save(update_fields=["key", "address", "asked_at"])
    if key is not None:
        key.delete()


def address_of(draft: SavedDraft) -> str:
    """The address, for one reminder; empty when there is none."""
    if draft.key is None:
        return ""
    try:
        return open_text(draft.key, draft.address)
    except IdentityUnreadable:
        return ""


def discard(token: str) -> None:
    """Delete a draft, because it was sent or its holder wants it; twice is fine."""
    if not token or len(token) > 100:
        return
    drop(SavedDraft.objects.filter(token_hash=_find_hash(token)))


def drop(rows: models.QuerySet) -> int:
    """Delete drafts with the keys of their addresses; returns how many."""
    number = 0
    for pk, key in list(rows.values_list("pk", "key_id")):
        number += SavedDraft.objects.filter(pk=pk).delete()[0]
        PersonKey.objects.filter(pk=key).delete()
    return number


def to_remind(now: datetime) -> models.QuerySet:
    """Drafts whose holder wants a reminder, on the last day before the closing."""
    return SavedDraft.objects.filter(
        key__isnull=False,
        consultation__window__accepting=True,
        consultation__window__closes_at__gt=now,
        consultation__window__closes_at__lte=now + REMINDED_BEFORE,
    ).order_by("pk")


def forget_expired(now: datetime) -> int:
    """Delete drafts that nobody can open any more; how many (the periodic job)."""
    return drop(
        SavedDraft.objects.filter(
            consultation__window__closes_at__lte=now - READABLE_FOR
        )
    )
