"""In which language somebody wrote: their choice, corrected by the script (R-7.2a)."""

import re
import unicodedata

from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.languages import content_languages, is_rtl

#: Languages of residents that a form offers beside the site's own.
FURTHER = ("ur", "hi", "bn", "fa", "tr", "id", "fr", "es")
OTHER = "und"

_ADDRESS = re.compile(r"\S*(?:://|www\.|@)\S*")
#: Share of the letters from which the script speaks louder than the choice.
_NEARLY_ALL = 0.9


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
    """The chosen language, unless nearly all of the text is in a script against it.

    Somebody who leaves an English page's preset and writes Arabic is recorded as
    writing the site's right-to-left language, and the other way round. Addresses say
    nothing about the language around them, and a name in another script does not
    overrule a choice.
    """
    right_to_left = left_to_right = 0
    for character in _ADDRESS.sub(" ", text[:2000]):
        kind = unicodedata.bidirectional(character)
        right_to_left += kind in ("R", "AL")
        left_to_right += kind == "L"
    against = left_to_right if is_rtl(chosen) else right_to_left
    least = _NEARLY_ALL * (right_to_left + left_to_right)
    if chosen == OTHER or not against or against < least:
        return chosen
    fitting = [
        code for code, _n in content_languages() if is_rtl(code) != is_rtl(chosen)
    ]
    return fitting[0] if fitting else OTHER
