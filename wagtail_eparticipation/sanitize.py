"""What people typed, made safe: the only module that imports an HTML cleaner.

Two steps, in this order. :func:`plain` bounds the length and takes out what no
reader can see but every reader can be fooled by; its result is stored as the
participation's text. :func:`clean_html` turns that text into the HTML kept beside
it, through the cleaner that the setting ``SANITIZER`` names. bleach is no longer
maintained, so another cleaner may be named there without touching other code.
"""

import re
import unicodedata
from html import escape, unescape
from importlib.util import find_spec

import bleach
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.conf import get_setting

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
#: Letters and symbols by their category that show nothing: Hangul fillers, the empty
#: Braille cell.
_SHOW_NOTHING = frozenset("\u115f\u1160\u2800\u3164\uffa0")
#: What tags and character references are made of.
_MARKUP = frozenset("<>&")
#: An address in escaped text; what could end an attribute is no part of it.
_LINK = re.compile(r"\bhttps?://[^\s<>\"'`\u060c\u061b\u061f]{4,2000}", re.IGNORECASE)
_AFTER_LINK = re.compile(r"(?:[.,:;!?)\]}*_~]|&gt;|&lt;|&quot;)+$")
_BLANK_LINES = re.compile(r"[ \t]*\n(?:[ \t]*\n)+")

#: Ranges that are removed: controls but for tab and newline, soft hyphen's kin that
#: reorder or hide text (bidi embeddings, overrides, isolates; interlinear notes;
#: deprecated format characters; byte order mark; tag characters), surrogates and
#: noncharacters, which no database or PDF takes. Kept on purpose: U+200C and U+200D,
#: which Persian and emoji need, and the marks U+200E, U+200F and U+061C, which cannot
#: change the order beyond their own place.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
    "\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\U000e0000-\U000e007f]"
)


class TextTooLong(ValidationError):
    """The text exceeds the limit; ``length`` and ``max_length`` are in characters.

    A ``ValidationError``, so that a form shows it beside its field.
    """

    def __init__(self, length: int, max_length: int):
        self.length = length
        self.max_length = max_length
        super().__init__(
            _(
                "The text is too long: %(length)s characters, where at most "
                "%(max_length)s are accepted. Please shorten it and send it again."
            ),
            code="too_long",
            params={"length": length, "max_length": max_length},
        )


def plain(text: str, *, max_length: int) -> str:
    """Return ``text`` as plain characters with ``\\n`` line ends, trimmed (P-4.4.10).

    Text in which nothing can be seen is empty. ``max_length`` counts characters of the
    result. Raises :class:`TextTooLong`; input
    of more than twice the limit is refused by its length alone, before any work (a
    browser sends each line end as two characters, hence twice).
    """
    if len(text) > 2 * max_length:
        raise TextTooLong(len(text), max_length)
    cleaned = _visible(text).strip()
    if len(cleaned) > max_length:
        raise TextTooLong(len(cleaned), max_length)
    return cleaned if _shows_something(cleaned) else ""


def _shows_something(text: str) -> bool:
    """Whether any letter, number, sign or symbol is there to be read."""
    return any(
        unicodedata.category(character)[0] in "LNPS" and character not in _SHOW_NOTHING
        for character in text
    )


def _visible(text: str) -> str:
    return _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))


def clean_html(text: str, *, links: bool = False) -> str:
    """Return safe HTML for a text that :func:`plain` made.

    No tag of the author survives. Blank lines become paragraphs, line ends ``<br>``;
    each paragraph finds its own direction. An empty text gives an empty string.
    Addresses stay text unless a moderator released the ``links`` (R-7.10a).
    """
    cleaner = import_string(get_setting("SANITIZER"))
    # A character reference such as "&#x202E;" would bring back what `plain` removed.
    without_tags = _visible(unescape(cleaner(text)))
    paragraphs = _BLANK_LINES.split(escape(without_tags, quote=False).strip())
    if links:
        paragraphs = [_LINK.sub(_anchor, paragraph) for paragraph in paragraphs]
    return "".join(
        f'<p dir="auto">{paragraph.strip().replace(chr(10), "<br>")}</p>'
        for paragraph in paragraphs
        if paragraph.strip()
    )


def _anchor(found: re.Match) -> str:
    """A link that says where it leads, carries no weight and opens no window of ours.

    The text is escaped already; punctuation at the end belongs to the sentence.
    """
    address = _AFTER_LINK.sub("", found[0])
    rest = found[0][len(address) :]
    quoted = address.replace('"', "&quot;").replace("'", "&#x27;")
    return (
        f'<a href="{quoted}" rel="nofollow ugc noopener" dir="ltr">{address}</a>{rest}'
    )


def as_safe(stored_html: str) -> SafeString:
    """Mark HTML that :func:`clean_html` made, and nothing else, as safe to render."""
    return mark_safe(stored_html)  # noqa: S308 - the cleaner's own output


def bleach_cleaner(text: str) -> str:
    """Plain text to HTML without any tag, by bleach (the default).

    Without one of ``< > &`` there is neither tag nor reference to find; most texts
    have none, and an import has very many texts.
    """
    if _MARKUP.isdisjoint(text):
        return text
    return bleach.clean(text, tags=set(), attributes={}, strip=True)


def nh3_cleaner(text: str) -> str:
    """The same by nh3, which also drops the text of scripts; ``pip install nh3``."""
    if find_spec("nh3") is None:
        raise ImproperlyConfigured(
            "The setting SANITIZER names nh3_cleaner, but nh3 is not installed: "
            "pip install nh3"
        )
    import nh3

    return nh3.clean(text, tags=set(), attributes={})


def is_key(value) -> bool:
    """Whether what was sent can be the key of a row in any of the databases."""
    text = str(value)
    return text.isascii() and text.isdigit() and len(text) < 19
