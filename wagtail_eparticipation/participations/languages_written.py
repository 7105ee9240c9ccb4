"""In which language somebody wrote: their choice, corrected by the script (R-7.2a)."""

import unicodedata

from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.languages import content_languages, is_rtl

#: Languages of residents that a form offers beside the site's own.
FURTHER = ("ur", "hi", "bn", "fa", "tr", "id", "fr", "es")
OTHER = "und"


def choices() -> list[tuple[str, str]]:
    """The site's languages first, then others under their own names."""
    offered = content_languages()
    known = {code for code, _name in offered}
    further = [
        (code, get_language_info(code)["name_local"])
        for code in FURTHER
        if code not in known
    ]
    return [*offered, *further, (OTHER, _("Another language"))]


def corrected(chosen: str, text: str) -> str:
    """The chosen language, unless the text's script contradicts its direction.

    Somebody who leaves an English page's preset and writes Arabic is recorded as
    writing the site's right-to-left language, and the other way round.
    """
    right_to_left = left_to_right = 0
    for character in text[:2000]:
        kind = unicodedata.bidirectional(character)
        right_to_left += kind in ("R", "AL")
        left_to_right += kind == "L"
    if right_to_left == left_to_right or chosen == OTHER:
        return chosen
    written_rtl = right_to_left > left_to_right
    if is_rtl(chosen) == written_rtl:
        return chosen
    fitting = [code for code, _n in content_languages() if is_rtl(code) == written_rtl]
    return fitting[0] if fitting else OTHER
