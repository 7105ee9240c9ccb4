"""What a flag's detail means, in the moderator's language; others stand as they are."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wagtail_eparticipation.moderation.advisers.reference_text import (
    Difference,
    ReferenceTextError,
    compare,
)

_WORDS = {
    "email": gettext_lazy("e-mail address"),
    "bank": gettext_lazy("account or card number"),
    "identity": gettext_lazy("number of an identity document"),
    "phone": gettext_lazy("telephone number"),
    "plate": gettext_lazy("number plate"),
    "short_address": gettext_lazy("national short address"),
    "box_or_code": gettext_lazy("post box or code"),
    "address_phrase": gettext_lazy("where somebody lives"),
    "handle": gettext_lazy("account in a social network"),
    "name": pgettext_lazy("of a person in a text", "name"),
    "lost_characters": gettext_lazy("characters that were lost on the way"),
    "script": gettext_lazy("an address that runs a program"),
    "program": gettext_lazy("an address of a program"),
    "look_alike": gettext_lazy("letters that imitate others"),
    "messenger": gettext_lazy("an address of a messenger"),
    "shortener": gettext_lazy("a shortened address"),
    "address": gettext_lazy("a numeric address"),
    "link": pgettext_lazy("in a text", "link"),
    "attack": gettext_lazy("commands meant for machines"),
    "repeated": gettext_lazy("the same again and again"),
    "only_link": gettext_lazy("nothing but a link"),
    "symbols": gettext_lazy("hardly any letters"),
    "same_person": gettext_lazy("the same person has taken part before"),
    "no_words": gettext_lazy("no words"),
    "complaint": gettext_lazy("reads like a complaint"),
    "not found": gettext_lazy("not found in the reference text"),
    "unchecked": gettext_lazy("not compared"),
}


def words_for(detail: str) -> str:
    """A detail as the shipped advisers write it, in words."""
    known = _WORDS.get(detail)
    if known is not None:
        return str(known)
    kind, _space, rest = detail.partition(" ")
    if kind == "campaign" and rest.isdigit():
        return _("sent by %(count)s others as well") % {"count": rest}
    if kind == "matches" and rest:
        return _("agrees with the reference text, %(place)s") % {"place": rest}
    if kind == "differs" and rest:
        return _("differs from the reference text, %(place)s") % {"place": rest}
    return detail


def differences_in(detail: str, quotation: str) -> tuple[Difference, ...]:
    """The words of a quotation beside those of the reference text, where they differ.

    Compared when it is shown: flags keep no words.
    """
    if not detail.startswith("differs ") or not quotation:
        return ()
    try:
        verdict = compare(quotation)
    except ReferenceTextError:
        return ()
    return verdict.differences if verdict else ()
