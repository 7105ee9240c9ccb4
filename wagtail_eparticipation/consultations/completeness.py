"""What a request still lacks before it can be approved and published (R-5.1.2f, C.3).

Asks the page as it stands, saved or not, and answers with links to the fields. Reads
no clock; the instants compared are those of the page itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.consultations.article_checks import (
    lost_articles,
    other_articles,
)
from wagtail_eparticipation.consultations.blocks import ChannelKind
from wagtail_eparticipation.consultations.gates import Missing
from wagtail_eparticipation.consultations.models import Act, AudienceMode
from wagtail_eparticipation.consultations.page_checks import lacking
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.policy.reading import policy_of

SUMMARY_WORDS = 150

#: Texts that every language must have.
REQUIRED_TEXTS = (
    "title",
    "question",
    "summary",
    "decision_open",
    "already_fixed",
    "decision_maker",
    "initial_study",
    "privacy_basis",
    "privacy_purpose",
    "privacy_recipients",
    "privacy_retention",
)
#: Facts kept on the original page; translations follow it.
REQUIRED_FACTS = (
    "department",
    "opens_on",
    "closes_on",
    "planned_decision_on",
    "tools",
)
#: Lists of blocks with at least one entry.
REQUIRED_LISTS = ("background", "objectives", "channels", "audience")

#: Cells of an audience row without which the topic cannot open (R-5.1.4a).
IMPACT_CELLS = ("importance", "role", "interests", "reach")


@dataclass(frozen=True)
class MissingField(Missing):
    """A missing item of the request and the field that mends it."""

    field: str = ""


def field_url(page, field: str) -> str:
    """The editor of ``page``, opened at a field."""
    if not page.pk:
        return f"#ask-{field}"
    return f"{reverse('wagtailadmin_pages:edit', args=[page.pk])}#ask-{field}"


def missing_items(
    page, language: str | None = None, drafted=None
) -> list[MissingField]:
    """What one page lacks; ``language`` defaults to the page's own.

    ``drafted`` is the original as somebody is about to approve it, if it is at hand.

    The original is asked for everything; a translation for its texts, of which none
    may still be the original's wording (AC-S1-A2).
    """
    language = language or page.locale.language_code
    original = page.original()
    found = list(_empty_texts(page, language))
    if original is None or original.pk == page.pk:
        found += _missing_facts(page, language)
        found += _channel_gaps(page, language)
        found += _impact_gaps(page, language)
    else:
        found += _untranslated(page, original, language)
    found += _article_gaps(page, original or page, drafted, language)
    found += [_missing(page, language, *each) for each in lacking(page)]
    return found


def missing_to_submit(page) -> list[MissingField]:
    """What its editor has to mend: of the original all languages, else its own."""
    return missing_languages_of(page) if page.is_original else missing_items(page)


def missing_languages_of(page) -> list[MissingField]:
    """What stands in the way in any language, of a page's original or translations.

    A language with a public note in ``excluded_languages`` may come later.
    """
    original = page.original() or page
    found = missing_items(original)
    versions = {original.locale.language_code: original}
    for other in original.sibling_versions():
        versions[other.locale.language_code] = other
    for code, name in content_languages():
        if code == original.locale.language_code or original.is_excluded(code):
            continue
        if code not in versions:
            found.append(
                MissingField(
                    _(
                        "There is no version in %(language)s. Translate the page, or "
                        "write a public note that this language follows later."
                    )
                    % {"language": name},
                    field_url(original, "excluded_languages"),
                    code,
                    "excluded_languages",
                )
            )
        else:
            found += missing_items(versions[code], drafted=original)
    return found


def _missing(page, language: str, field: str, message: str) -> MissingField:
    names = dict(content_languages())
    return MissingField(
        _("%(message)s (%(language)s)")
        % {"message": message, "language": names.get(language, language)},
        field_url(page, field),
        language,
        field,
    )


def _label(page, field: str) -> str:
    return str(page._meta.get_field(field).verbose_name)


def _is_empty(value: Any) -> bool:
    if isinstance(value, str):
        return not strip_tags(value).replace("\xa0", " ").strip()
    return value is None or (hasattr(value, "__len__") and len(value) == 0)


def _empty_texts(page, language: str) -> Iterator[MissingField]:
    for field in (*REQUIRED_TEXTS, *REQUIRED_LISTS):
        if _is_empty(getattr(page, field)):
            yield _missing(
                page,
                language,
                field,
                _("Fill in “%(field)s”.") % {"field": _label(page, field)},
            )


def _missing_facts(page, language: str) -> Iterator[MissingField]:
    for field in REQUIRED_FACTS:
        if _is_empty(getattr(page, field)):
            yield _missing(
                page,
                language,
                field,
                _("Fill in “%(field)s”.") % {"field": _label(page, field)},
            )
    if page.project_page_id is None and not page.project_reference.strip():
        yield _missing(
            page,
            language,
            "project_page",
            _("Link the project that this topic serves, or give its reference number."),
        )
    if page.audience_mode == AudienceMode.INVITED and _is_empty(page.audience_reason):
        yield _missing(
            page,
            language,
            "audience_reason",
            _("Say in public why only invited people may take part."),
        )
    if "complaint" in page.tools and not get_setting("COMPLAINT_SERVICE"):
        yield _missing(
            page,
            language,
            "tools",
            _("This site has no complaint service to which complaints could go."),
        )
    for field, message in page.period_errors().items():
        yield _missing(page, language, field, message)
    if message := _too_short(page):
        yield _missing(page, language, "closes_on", message)


def _too_short(page) -> str:
    """What is wrong with the length of the period, as planned or as it will be.

    Nobody can take part before the topic is public, whatever was planned.
    """
    days, period = shortest_period(page), page.period()
    if not days or not period or period[1] <= period[0]:
        return ""
    opens_at, closes_at = period
    least = timedelta(days=days)
    if closes_at - opens_at < least:
        return _(
            "The period is shorter than the %(days)s days that the policy asks "
            "for. Only the act “accelerate”, with a reason and a second person, "
            "allows less."
        ) % {"days": days}
    published_at = max(clock.now(), page.go_live_at or opens_at)
    if closes_at - published_at < least:
        return _(
            "Published at the time that is set, or now, the topic would be open for "
            "less than the %(days)s days that the policy asks for. Set later dates, or "
            "an earlier publication."
        ) % {"days": days}
    return ""


def shortest_period(page) -> int | None:
    """Days that the pinned policy asks for, fewer once accelerated (AC-S1-A5).

    ``None`` for a topic whose dates are settled, or that follows no policy yet.
    """
    consultation = page.consultation
    if consultation is None or consultation.policy_version is None:
        return None
    if consultation.stored_stage not in (Stored.DRAFT, Stored.APPROVED):
        return None
    policy = policy_of(consultation.policy_version)
    done = consultation.acts.filter(name="accelerate", state=Act.State.DONE)
    if done.exists():
        return policy.accelerated_minimum_days(page.kind)
    return policy.minimum_days(page.kind)


def _channel_gaps(page, language: str) -> Iterator[MissingField]:
    for block in page.channels:
        if block.value["kind"] == ChannelKind.NATIONAL and not block.value["url"]:
            yield _missing(
                page,
                language,
                "channels",
                _("Give the address of this topic on the national platform."),
            )
    rows = [block.value for block in page.channels if not block.value["closed_reason"]]
    if page.channels and not any(not row.is_assisted for row in rows):
        yield _missing(page, language, "channels", _("Add a digital way to take part."))
    if page.channels and not any(row.is_assisted for row in rows):
        yield _missing(
            page,
            language,
            "channels",
            _("Add a way to take part with the help of a person."),
        )


def _article_gaps(page, original, drafted, language) -> Iterator[MissingField]:
    messages = (lost_articles(page), other_articles(page, original, drafted))
    for message in messages:
        if message:
            yield _missing(page, language, "articles", message)


def _impact_gaps(page, language: str) -> Iterator[MissingField]:
    labels = {
        "importance": _("why this group matters"),
        "role": _("its role in the decision"),
        "interests": _("which interests are affected"),
        "reach": _("how it will be reached"),
    }
    for block in page.audience:
        for cell in IMPACT_CELLS:
            if _is_empty(block.value[cell]):
                yield _missing(
                    page,
                    language,
                    "audience",
                    _("Segment “%(segment)s”: say %(cell)s.")
                    % {"segment": block.value["segment"], "cell": labels[cell]},
                )


def _untranslated(page, original, language: str) -> Iterator[MissingField]:
    for field, path in same_wording(page, original):
        place = f"{_label(page, field)} {path}".strip()
        yield _missing(
            page,
            language,
            field,
            _("Translate “%(field)s”: it still has the original wording.")
            % {"field": place},
        )


def same_wording(page, original) -> list[tuple[str, str]]:
    """Fields, and the entry's number in them, whose words equal the original's."""
    found = []
    for field in page.text_field_names():
        for path, words in _words(page._meta.get_field(field), page, field):
            theirs = dict(_words(original._meta.get_field(field), original, field))
            if _has_letters(words) and theirs.get(path) == words:
                found.append((field, path))
    return found


def _words(definition, page, field: str) -> Iterator[tuple[str, str]]:
    """Texts of a field with the place of each; names and addresses are left out."""
    value = getattr(page, field)
    if not hasattr(value, "stream_block"):
        yield "", value or ""
        return
    for number, block in enumerate(value, start=1):
        yield from _block_words(block.block, block.value, str(number))


def _block_words(block, value, path: str) -> Iterator[tuple[str, str]]:
    from wagtail import blocks

    if isinstance(block, (blocks.URLBlock, blocks.EmailBlock, blocks.ChoiceBlock)):
        return
    if isinstance(block, (blocks.CharBlock, blocks.TextBlock)):
        yield path, value or ""
    elif isinstance(block, blocks.RichTextBlock):
        yield path, value.source if value else ""
    elif isinstance(block, blocks.StructBlock) and hasattr(value, "bound_blocks"):
        for name, child in value.bound_blocks.items():
            if name not in UNTRANSLATED_CELLS:
                label = str(child.block.label)
                yield from _block_words(child.block, child.value, f"{path} – {label}")
    elif isinstance(block, blocks.ListBlock):
        for number, child in enumerate(value, start=1):
            yield from _block_words(block.child_block, child, f"{path}.{number}")


#: Cells that may rightly be the same in two languages: telephone numbers, figures.
UNTRANSLATED_CELLS = frozenset(
    {"help_contact", "help_hours", "value", "title", "reference"}
)


def _has_letters(text: str) -> bool:
    return sum(character.isalpha() for character in strip_tags(text)) > 3
