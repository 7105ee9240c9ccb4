"""An address that somebody left for news about one thing, sealed (R-7.8d)."""

from datetime import datetime

from django.db import models

from wagtail_eparticipation.participations.identity import (
    IdentityUnreadable,
    contact_hash,
    open_text,
    seal_text,
)
from wagtail_eparticipation.participations.models import PersonKey


class SealedContact(models.Model):
    """A row with an e-mail address that only the notifications room opens.

    ``sealed`` is encrypted under a key of its own; ``contact_hash`` is the keyed hash
    by which the same address is found again. Destroying the key is the erasure.
    """

    key = models.ForeignKey(
        PersonKey, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    sealed = models.BinaryField(default=b"")
    contact_hash = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=12)

    class Meta:
        abstract = True

    @property
    def has_contact(self) -> bool:
        """Whether there is an address to write to."""
        return self.key_id is not None

    def seal_contact(self, email: str, now: datetime) -> None:
        """Put the address in; saves its key, not the row."""
        self.key, self.sealed = seal_text(email.strip(), now)
        self.key.save(force_insert=True)
        self.contact_hash = contact_hash(email)

    def open_contact(self) -> str:
        """The address, for one message; empty when it cannot be read any more."""
        if self.key is None:
            return ""
        try:
            return open_text(self.key, self.sealed)
        except IdentityUnreadable:
            return ""

    def destroy_contact(self) -> None:
        """Destroy the key and what it opens; the row stays, without a person."""
        key, self.key = self.key, None
        self.sealed, self.contact_hash = b"", ""
        self.save(update_fields=["key", "sealed", "contact_hash"])
        if key is not None:
            key.delete()


#: Keys named in one statement; SQLite takes no more than a thousand or so.
_AT_ONCE = 500


def destroy_rows(rows: models.QuerySet) -> int:
    """Delete rows together with the keys of their addresses; returns how many."""
    pairs = list(rows.values_list("pk", "key_id"))
    for start in range(0, len(pairs), _AT_ONCE):
        some = pairs[start : start + _AT_ONCE]
        rows.model.objects.filter(pk__in=[pk for pk, _key in some]).delete()
        keys = [key for _pk, key in some if key is not None]
        PersonKey.objects.filter(pk__in=keys).delete()
    return len(pairs)
