"""What is hidden, by kind, and the mark that stands in its place (R-7.8f)."""

from django.utils.translation import override, pgettext_lazy

#: Categories by code, as the mark names them.
CATEGORIES = {
    "contact": pgettext_lazy("what is hidden", "contact data"),
    "identity": pgettext_lazy("what is hidden", "identity number"),
    "bank": pgettext_lazy("what is hidden", "bank data"),
    "vehicle": pgettext_lazy("what is hidden", "vehicle plate"),
    "address": pgettext_lazy("what is hidden", "address"),
    "name": pgettext_lazy("what is hidden", "name"),
    "offence": pgettext_lazy("what is hidden", "offensive words"),
    "unlawful": pgettext_lazy("what is hidden", "unlawful content"),
    "marketing": pgettext_lazy("what is hidden", "advertising"),
    "quotation": pgettext_lazy("what is hidden", "quotation"),
    "link": pgettext_lazy("what is hidden", "link"),
    "other": pgettext_lazy("what is hidden", "hidden content"),
}


def mark_of(category: str, language: str) -> str:
    """The mark in the language of the text: ``[▮ contact data]`` (AC-S3-E2)."""
    with override(language):
        return f"[▮ {CATEGORIES[category]}]"
