"""The words that are insults whatever the context, as moderators keep them (R-7.4a).

Every process keeps the active words. Before a batch of texts, but not more often than
every :data:`BELIEVED_SECONDS`, it asks the database for their stamp, which is one query
over a small table, and reads them again only when the stamp is another. So an edit
holds everywhere within seconds, without a shared cache.
"""

import threading
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Max
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from wagtail_eparticipation.normalise import fold

#: The words with which a site begins.
SEED = Path(__file__).with_name("lexicon.toml")
#: One character of a ligature can stand for many.
KEY_LENGTH = 120
#: Sub-codes of policies that do not tell these kinds apart.
_WIDER = dict.fromkeys(("racism", "sectarianism", "tribalism"), "discrimination")
#: The rule of the policy whose sub-codes the words carry.
RULE = "courtesy"


def lexicon_key(word: str) -> str:
    """What a word or phrase is compared by: its folded words apart by single spaces."""
    letters = (c if c.isalnum() else " " for c in fold(word).text)
    return " ".join("".join(letters).split())


class LexiconWord(models.Model):
    """A word or phrase that is an insult, with what it offends.

    ``removed`` marks what moderators took out, so that preparing the site again does
    not bring it back; nothing shows it.
    """

    word = models.CharField(
        _("word or phrase"),
        max_length=80,
        help_text=_(
            "In its simplest form: the article, joined letters, plurals and marks are "
            "seen through. Only what insults whatever the context; criticism of work "
            "does not belong here."
        ),
    )
    key = models.CharField(max_length=KEY_LENGTH, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=20)
    sub_code = models.CharField(_("kind of offence"), max_length=50, blank=True)
    active = models.BooleanField(
        pgettext_lazy("of a word in a list", "in use"), default=True
    )
    note = models.CharField(_("note"), max_length=250, blank=True)
    removed = models.BooleanField(default=False, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("word of the lexicon")
        verbose_name_plural = _("lexicon")
        ordering = ["word", "pk"]

    def __str__(self):
        return self.word

    def save(self, *args, **kwargs):
        # The key is no choice: it follows the word, whoever saves it.
        self.key = lexicon_key(self.word)
        super().save(*args, **kwargs)

    def clean(self):
        self.key = lexicon_key(self.word)
        if len(self.key.replace(" ", "")) < 2:
            raise ValidationError(
                {"word": _("Write a word of at least two letters or digits.")}
            )
        if len(self.key) > KEY_LENGTH:
            raise ValidationError(
                {"word": _("This is too long for a word: name the insult alone.")}
            )
        others = LexiconWord.objects.filter(key=self.key, removed=False)
        if others.exclude(pk=self.pk).exists():
            raise ValidationError(
                {
                    "word": _(
                        "This word is in the lexicon already, perhaps in another "
                        "spelling that counts as the same."
                    )
                }
            )


#: So long a process believes what it has read; its own changes it sees at once.
BELIEVED_SECONDS = 10

_lock = threading.Lock()
_kept: tuple[object, Mapping[str, str]] | None = None
_asked_at = float("-inf")


def _stamp() -> tuple:
    found = LexiconWord.objects.aggregate(
        n=Count("pk"), last=Max("updated_at"), highest=Max("pk")
    )
    return found["n"], found["last"], found["highest"]


@receiver([post_save, post_delete], sender=LexiconWord)
def forget(**kwargs) -> None:
    """Ask again: a word was changed here."""
    global _asked_at
    _asked_at = float("-inf")


def refresh() -> None:
    """Read the words again if they have changed.

    No query for some seconds, then one, two if they have.
    """
    global _kept, _asked_at
    now = time.monotonic()
    if _kept is not None and now - _asked_at < BELIEVED_SECONDS:
        return
    stamp, _asked_at = _stamp(), now
    if _kept is not None and _kept[0] == stamp:
        return
    rows = LexiconWord.objects.filter(active=True, removed=False)
    entries = dict(rows.values_list("key", "sub_code"))
    with _lock:
        _kept = stamp, entries


def entries() -> Mapping[str, str]:
    """Sub-code by key of the active words, as last read."""
    if _kept is None:
        refresh()
    return _kept[1]


def seeds() -> list[LexiconWord]:
    """The words with which a site begins, unsaved; several spellings count once."""
    rows = {}
    for group in tomllib.loads(SEED.read_text(encoding="utf-8"))["words"]:
        for word in group["list"]:
            row = LexiconWord(
                word=word, language=group["language"], sub_code=group["sub_code"]
            )
            row.key = lexicon_key(word)
            rows.setdefault(row.key, row)
    return list(rows.values())


def _fitting(sub_code: str, sub_codes: set[str]) -> str:
    """The policy's own sub-code for one of the seeds', or none."""
    if sub_code in sub_codes:
        return sub_code
    wider = _WIDER.get(sub_code, "")
    return wider if wider in sub_codes else ""


def ensure_lexicon(sub_codes: set[str]) -> int:
    """Add the seeds that were never there; returns how many.

    ``sub_codes`` are those of the policy's rule: each word gets the one that fits it,
    or none, and the rule alone is then named.
    """
    known = set(LexiconWord.objects.values_list("key", flat=True))
    missing = [row for row in seeds() if row.key not in known]
    for row in missing:
        row.sub_code = _fitting(row.sub_code, sub_codes)
    LexiconWord.objects.bulk_create(missing)
    forget()
    return len(missing)


def make_lexicon(policy) -> list[str]:
    """The words with which a site begins, for a policy that has the rule."""
    if not policy.has_rule(RULE):
        return []
    reasons = policy.rule(RULE).sub_reasons
    count = ensure_lexicon({reason.code.rpartition(".")[2] for reason in reasons})
    if not count:
        return []
    words = ngettext(
        "%(count)s word added to the lexicon",
        "%(count)s words added to the lexicon",
        count,
    )
    return [words % {"count": count}]
