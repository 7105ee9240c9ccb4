"""What the advisers found in what was received, for the moderators' queue (R-7.0.2c).

A flag says where and under which rule; never which words. The places are those of one
wording: each revision has flags of its own, and those of earlier ones stay.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import DatabaseError, models, transaction
from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.moderation.advisers.findings import Finding
from wagtail_eparticipation.moderation.advisers.registry import advise, registered
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.policy.reading import policy_of

logger = logging.getLogger(__name__)

#: Flags kept of one wording; the longest text has room for no more phone numbers.
MOST = 2_000
#: Equal texts are counted up to here: this many or more are a campaign anyhow.
COUNTED_UP_TO = 1_000
#: Rows written by one statement.
_AT_ONCE = 1_000


class Flag(models.Model):
    """One finding in one wording of a participation: ids, codes and places only.

    ``rule``, ``code``, ``adviser``, ``field``, ``start``, ``end``, ``category``,
    ``hide`` and ``detail`` are those of a ``Finding``.
    """

    participation = models.ForeignKey(
        Participation,
        on_delete=models.PROTECT,
        related_name="flags",
        verbose_name=_("participation"),
    )
    revision = models.PositiveSmallIntegerField(default=1)
    rule = models.CharField(_("rule"), max_length=40)
    code = models.CharField(_("sub-code"), max_length=60, blank=True)
    adviser = models.CharField(_("adviser"), max_length=60)
    field = models.CharField(max_length=20)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    category = models.CharField(_("category"), max_length=20, blank=True)
    hide = models.BooleanField(_("to be hidden"), default=False)
    detail = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(_("made at"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["rule", "participation", "revision"],
                name="eparticipation_flag_rule",
            )
        ]

    def __str__(self):
        return f"{self.participation_id} r{self.revision} {self.rule}"


class Facts(Mapping):
    """What advisers may know of a participation beside its words, asked for lazily.

    ``same_words``: how many others in the topic say the same, up to
    :data:`COUNTED_UP_TO`; a campaign, no breach (R-7.5c). ``same_person``: whether
    it stands in the place of an earlier one of the same person (R-7.5a). An adviser
    that does not ask costs no query.
    """

    _NAMES = ("same_words", "same_person")

    def __init__(self, row: Participation, same_words: Mapping[str, int] | None = None):
        self.row = row
        self._known = same_words
        self._counted: int | None = None

    def __getitem__(self, name: str) -> Any:
        if name == "same_words":
            if self._counted is None:
                self._counted = self._count()
            return self._counted
        if name == "same_person":
            return self.row.replaces_id is not None
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._NAMES)

    def __len__(self) -> int:
        return len(self._NAMES)

    def _count(self) -> int:
        row = self.row
        if not row.words_key:
            return 0
        if self._known is not None:
            return max(0, self._known[row.words_key] - 1)
        others = Participation.objects.counted().filter(
            consultation=row.consultation_id, words_key=row.words_key
        )
        return others.exclude(pk=row.pk).order_by()[:COUNTED_UP_TO].count()


class _CountsOfMany(Mapping):
    """How often each text of many rows stands in the topic; one query when asked."""

    def __init__(self, rows: Sequence[Participation]):
        self.rows = rows
        self._found: dict[str, int] | None = None

    def __getitem__(self, key: str) -> int:
        if self._found is None:
            self._found = self._ask()
        return self._found.get(key, 0)

    def __iter__(self) -> Iterator[str]:
        return iter({row.words_key for row in self.rows})

    def __len__(self) -> int:
        return len({row.words_key for row in self.rows})

    def _ask(self) -> dict[str, int]:
        same = Participation.objects.counted().filter(
            consultation=self.rows[0].consultation_id,
            words_key__in={row.words_key for row in self.rows if row.words_key},
        )
        counts = same.order_by().values_list("words_key").annotate(Count("pk"))
        return dict(counts)


def words_of(row: Participation) -> dict[str, str]:
    """The texts of a participation that the advisers read, by field."""
    data = row.data if isinstance(row.data, dict) else {}
    return {
        "title": row.title,
        "text": row.text,
        "sources": str(data.get("sources") or ""),
        "place": str(data.get("place") or ""),
        "public_name": row.public_name,
    }


def look_at(row: Participation, facts: Mapping[str, Any]) -> list[Finding]:
    """What the advisers find now; raises what an adviser raises.

    A topic without a policy of its own is read by all advisers.
    """
    words = {name: text for name, text in words_of(row).items() if text}
    if not words or not registered():
        return []
    version = row.consultation.policy_version
    policy = policy_of(version) if version else None
    found = advise(words, language=row.language, policy=policy, facts=facts)
    return [each for each in found if not _is_chosen_name(each)]


def _is_chosen_name(finding: Finding) -> bool:
    """Whether it is nothing but the name that its author chose to be shown under."""
    return finding.field == "public_name" and finding.category == "name"


def findings_in(row: Participation, facts: Mapping[str, Any]) -> list[Finding]:
    """What the advisers find now; of one that fails the log says which, no more."""
    try:
        return look_at(row, facts)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 (no voice is lost by an adviser)
        # Without the trace: its values could hold the text.
        logger.error("advisers failed at %s: %s", row.pk, type(error).__name__)
        return []


def _flags_for(row: Participation, facts: Mapping[str, Any], now) -> list[Flag]:
    return [
        Flag(
            participation_id=row.pk,
            revision=row.revision,
            rule=each.rule[:40],
            code=each.code[:60],
            adviser=each.adviser[:60],
            field=each.field[:20],
            start=max(0, each.start),
            end=max(0, each.end),
            category=each.category[:20],
            hide=each.hide,
            detail=each.detail[:200],
            made_at=now,
        )
        for each in findings_in(row, facts)[:MOST]
    ]


def flag(row: Participation, *, now) -> list[Flag]:
    """Write the flags of a wording that has none yet, in the caller's transaction."""
    found = _flags_for(row, Facts(row), now)
    if found:
        Flag.objects.bulk_create(found, batch_size=_AT_ONCE)
    return found


def flag_many(rows: Sequence[Participation], *, now) -> int:
    """The same for many new rows of one topic at once; how many flags were written."""
    counts = _CountsOfMany(rows)
    found = [each for row in rows for each in _flags_for(row, Facts(row, counts), now)]
    if found:
        Flag.objects.bulk_create(found, batch_size=_AT_ONCE)
    return len(found)


def of(participation: Participation) -> list[Flag]:
    """The flags of the wording that counts, in the order of the text."""
    return list(
        Flag.objects.filter(
            participation=participation, revision=participation.revision
        ).order_by("id")
    )


@transaction.atomic
def refresh(participation: Participation) -> list[Flag]:
    """Look at a participation again: flags of the current wording are made anew.

    For whoever changed its words without a new revision, or the advisers' lists.
    """
    locked = Participation.objects.select_for_update().get(pk=participation.pk)
    locked.consultation = participation.consultation
    Flag.objects.filter(participation=locked, revision=locked.revision).delete()
    return flag(locked, now=clock.now())


def refresh_all(rows: QuerySet[Participation], *, size: int = 500) -> Iterator[int]:
    """Look at many again, in the order of their keys; after each part how many.

    What comes in or changes meanwhile is flagged by its own act.
    """
    reached = 0
    rows = rows.select_related("consultation__policy_version").order_by("pk")
    while True:
        with transaction.atomic():
            part = list(rows.filter(pk__gt=reached)[:size])
            if not part:
                return
            reached = part[-1].pk
            _replace(part)
        yield len(part)


def _replace(part: Sequence[Participation]) -> None:
    current = Flag.objects.filter(
        participation__in=[row.pk for row in part],
        revision=F("participation__revision"),
    )
    # By their keys: MariaDB deletes from no table that it joins.
    Flag.objects.filter(pk__in=list(current.values_list("pk", flat=True))).delete()
    now = clock.now()
    by_topic: dict[int, list[Participation]] = {}
    for row in part:
        by_topic.setdefault(row.consultation_id, []).append(row)
    for same in by_topic.values():
        flag_many(same, now=now)


def with_rule(rows: QuerySet[Participation], rule: str) -> QuerySet[Participation]:
    """Those of ``rows`` whose current wording has a flag under this rule."""
    return rows.filter(
        Exists(
            Flag.objects.filter(
                rule=rule, participation=OuterRef("pk"), revision=OuterRef("revision")
            )
        )
    )


def rules_among(rows: Iterable[Participation]) -> dict[int, list[str]]:
    """Keys of the rules by which the current wordings are flagged; one query."""
    rows = list(rows)
    found: dict[int, list[str]] = {row.pk: [] for row in rows}
    if not rows:
        return found
    pairs = (
        Flag.objects.filter(
            participation__in=list(found), revision=F("participation__revision")
        )
        .order_by("participation_id", "rule")
        .values_list("participation_id", "rule")
        .distinct()
    )
    for pk, rule in pairs:
        found[pk].append(rule)
    return found
