"""Rows of a list of people: what its columns are, and what is wrong with a row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_eparticipation import sanitize
from wagtail_eparticipation.consultations.vocabulary import Segment
from wagtail_eparticipation.consultations.vocabulary_names import names_of
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.normalise import search_key

#: What a column can be, with the headings by which it is guessed.
FIELDS = {
    "name": (gettext_lazy("Name"), "name full_name recipient الاسم المدعو الجهة"),
    "email": (gettext_lazy("E-mail address"), "email e-mail mail البريد"),
    "segment": (gettext_lazy("Segment of the public"), "segment group الشريحة الفئة"),
    "language": (gettext_lazy("Language"), "language lang اللغة"),
}
#: Longest name and address that are kept, in characters.
_NAME, _EMAIL = 200, 254


@dataclass(frozen=True)
class ListPlan:
    """How a list is read: columns by field, and what holds where a row says nothing."""

    columns: Mapping[str, str]
    language: str
    segment_id: int | None = None


@dataclass(frozen=True)
class ListRow:
    """One person to be invited; ``error`` says why they cannot be."""

    number: int
    name: str = ""
    email: str = ""
    segment_id: int | None = None
    language: str = ""
    error: str = ""


@dataclass
class ListReport:
    """What becomes, or became, of the rows; ``errors`` pairs numbers with messages."""

    by_mail: int = 0
    by_letter: int = 0
    repeated: int = 0
    failed: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)

    @property
    def invited(self) -> int:
        return self.by_mail + self.by_letter

    @property
    def rows(self) -> int:
        return self.invited + self.repeated + self.failed

    def refuse(self, number: int, message: str) -> None:
        """Count a row that cannot be used, and say why; never whom it names."""
        self.failed += 1
        self.errors.append((number, message))


class Segments:
    """The site's segments by name in any language, each as in the first language."""

    def __init__(self):
        first = content_languages()[0][0]
        rows = list(Segment.objects.select_related("locale").order_by("name", "pk"))
        leading: dict = {}
        for row in rows:
            if row.locale.language_code == first or row.translation_key not in leading:
                leading[row.translation_key] = row
        self.by_name = {
            search_key(row.name): leading[row.translation_key] for row in rows
        }
        names = names_of(Segment)
        self.choices = [(row.pk, names[row.pk]) for row in leading.values()]

    def find(self, name: str) -> int:
        """The id of a segment; raises ``ValueError`` for an unknown name."""
        found = self.by_name.get(search_key(name))
        if found is None:
            raise ValueError(
                _("There is no segment “%(value)s”.") % {"value": name[:60]}
            )
        return found.pk


def read(headings: list[str], rows: Iterator[list], plan: ListPlan):
    """Each row as a :class:`ListRow`; empty ones are left out."""
    segments = Segments()
    places = {
        name: headings.index(heading)
        for name, heading in plan.columns.items()
        if heading in headings
    }
    for number, cells in enumerate(rows, start=2):
        texts = {
            name: _text(cells[place]) if place < len(cells) else ""
            for name, place in places.items()
        }
        if any(texts.values()):
            yield _row(number, texts, plan, segments)


def _text(cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = sanitize.plain(str(cell)[:1000], max_length=1000)
    return " ".join(text.split())


def _row(number: int, texts: dict[str, str], plan, segments: Segments) -> ListRow:
    name, email = texts.get("name", ""), texts.get("email", "")
    try:
        if not name and not email:
            raise ValueError(_("It has neither a name nor an e-mail address."))
        if len(name) > _NAME:
            raise ValueError(_("The name is too long."))
        _check_address(email)
        segment = texts.get("segment", "")
        segment_id = segments.find(segment) if segment else plan.segment_id
        language = _language(texts.get("language", ""), plan.language)
    except ValueError as error:
        return ListRow(number, error=str(error))
    return ListRow(number, name, email, segment_id, language)


def _check_address(email: str) -> None:
    if not email:
        return
    try:
        validate_email(email)
    except ValidationError:
        raise ValueError(_("The e-mail address is not valid.")) from None
    if len(email) > _EMAIL:
        raise ValueError(_("The e-mail address is not valid."))


def _language(text: str, fallback: str) -> str:
    if not text:
        return fallback
    key = search_key(text)
    for code, own_name in content_languages():
        if key in (search_key(code), search_key(own_name)):
            return code
    raise ValueError(_("“%(value)s” is not known here.") % {"value": text[:60]})
