"""Freezing the approved request with all its languages (R-5.1.1a, R-5.1.1b).

The frozen content is plain JSON that needs neither page nor database to be read:
names of departments and segments, file names and checksums are in it. Its SHA-256 is
taken over canonical JSON, so that anybody can compute it again (AC-S1-B2).
"""

import hashlib
import json
from datetime import date, datetime, time
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Max, Model
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from wagtail_eparticipation.consultations.models import Consultation, RequestVersion
from wagtail_eparticipation.consultations.vocabulary import Department, Segment, Subject

#: Words about the page itself, which are no part of what is asked.
NOT_FROZEN = frozenset({"change_note", "excluded_languages"})
#: Left out while empty: what was frozen before there were such fields stays equal.
ADDED_LATER = frozenset({"articles", "suggestion_categories", "polls"})


def canonical_json(content: dict[str, Any]) -> str:
    """One text for equal content, whatever the order of its keys."""
    return json.dumps(
        content,
        cls=DjangoJSONEncoder,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def checksum_of(content: dict[str, Any]) -> str:
    """SHA-256 of :func:`canonical_json`, in hexadecimal."""
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def content_of(page, facts_from=None) -> dict[str, Any]:
    """What a page asks, as plain JSON; facts are those of the original page.

    Equal pages give equal content. Block ids are kept: objectives and audience rows
    are referred to by them.
    """
    language = page.locale.language_code
    original = facts_from or page.original() or page
    content: dict[str, Any] = {"title": page.title}
    own_words = set(page.text_field_names())
    for name in page.request_field_names():
        if name in NOT_FROZEN:
            continue
        source = page if name in own_words else original
        field = source._meta.get_field(name)
        value = getattr(source, name)
        if name in ADDED_LATER and not value:
            continue
        if hasattr(value, "stream_block"):
            content[name] = _stream(value, language)
        else:
            content[name] = _plain(value, language, field)
    content["subjects"] = [
        _named(link.subject, language) for link in original.subject_links.all()
    ]
    return content


def _stream(value, language: str) -> list[dict[str, Any]]:
    return [
        {
            "id": block.id,
            "type": block.block_type,
            "value": _block(block.block, block.value, language),
        }
        for block in value
    ]


def _block(block, value, language: str) -> Any:
    if isinstance(block, ImageBlock):
        return _image(value)
    if isinstance(block, DocumentChooserBlock):
        return _document(value)
    if isinstance(block, blocks.StructBlock):
        return {
            name: _block(child, value.get(name), language)
            for name, child in block.child_blocks.items()
        }
    if isinstance(block, blocks.ListBlock):
        return [_block(block.child_block, each, language) for each in value]
    if isinstance(block, blocks.RichTextBlock):
        return value.source if value else ""
    # A cell never shown to the editor is None, one left empty is "": the same thing.
    return "" if value is None else _plain(value, language)


def _plain(value: Any, language: str, field=None) -> Any:
    if isinstance(value, (Department, Segment, Subject)):
        return _named(value, language)
    if isinstance(value, Model):
        return {"id": value.pk, "title": str(value)}
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if field is not None and getattr(field, "choices", None):
        return str(value)
    return value


def _image(image) -> dict[str, Any] | None:
    if image is None:
        return None
    return {
        "id": image.pk,
        "title": image.title,
        "alt": image.contextual_alt_text or "",
        "sha1": image.file_hash,
    }


def _document(document) -> dict[str, Any] | None:
    if document is None:
        return None
    return {
        "id": document.pk,
        "title": document.title,
        "file": document.filename,
        "sha1": document.file_hash,
    }


def _named(item, language: str) -> dict[str, Any]:
    """A vocabulary entry as it is called in the page's language."""
    if item.locale.language_code != language:
        same = type(item).objects.filter(
            translation_key=item.translation_key, locale__language_code=language
        )
        item = same.first() or item
    named = {"key": str(item.translation_key), "name": item.name}
    for attribute in (
        "unit",
        "contact_role",
        "contact_phone",
        "contact_email",
        "description",
        "estimated_size",
        "size_source",
    ):
        if getattr(item, attribute, None):
            named[attribute] = getattr(item, attribute)
    return named


def content_in_all_languages(original, versions=None) -> dict[str, Any]:
    """``{language: content}`` of a topic as its editors last saved it.

    ``versions`` names the pages instead; languages that may follow later and are not
    live are left out.
    """
    pages = [original, *original.sibling_versions()] if versions is None else versions
    return {
        page.locale.language_code: content_of(page, facts_from=original)
        for page in pages
        if page.live or not original.is_excluded(page.locale.language_code)
    }


def latest_version(consultation: Consultation) -> RequestVersion | None:
    """The request in force: the version with the highest number."""
    return consultation.request_versions.order_by("-number").first()


def freeze(
    consultation: Consultation,
    content: dict[str, Any],
    *,
    now: datetime,
    approved_by=None,
    change_note: dict[str, str] | None = None,
    published: bool = False,
) -> tuple[RequestVersion, bool]:
    """Keep ``content`` as the next version; returns it and whether it is new.

    The newest version is returned unchanged when it says the same. Call it in the
    transaction of the approval.
    """
    # Two approvals at once must not take the same number.
    Consultation.objects.select_for_update().get(pk=consultation.pk)
    checksum = checksum_of(content)
    newest = latest_version(consultation)
    if newest is not None and newest.checksum == checksum:
        if published and newest.published_at is None:
            newest.published_at = now
            newest.save(update_fields=["published_at"])
        return newest, False
    highest = consultation.request_versions.aggregate(top=Max("number"))["top"] or 0
    version = RequestVersion.objects.create(
        consultation=consultation,
        number=highest + 1,
        content=content,
        checksum=checksum,
        change_note=change_note or {},
        approved_by=approved_by,
        approved_at=now,
        published_at=now if published else None,
    )
    return version, True


def is_genuine(version: RequestVersion) -> bool:
    """Whether the content still has the checksum it was frozen with."""
    return checksum_of(version.content) == version.checksum


def differences(older: dict[str, Any], newer: dict[str, Any]) -> list[str]:
    """Names of the fields, as ``language.field``, in which two contents differ."""
    found = []
    for language in sorted({*older, *newer}):
        before, after = older.get(language, {}), newer.get(language, {})
        found += [
            f"{language}.{name}"
            for name in sorted({*before, *after})
            if before.get(name) != after.get(name)
        ]
    return found
