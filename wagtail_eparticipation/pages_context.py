"""What every public template of ours is given."""

from typing import Any

from django.utils.translation import get_language

from wagtail_eparticipation.conf import DEFAULTS, get_setting
from wagtail_eparticipation.languages import content_languages, direction


def public_context(request, addresses: dict[str, str] | None = None) -> dict[str, Any]:
    """The base template and the languages of the page for the switch in its header.

    ``addresses`` gives this page's address per language code; languages without one
    are left out, so the switch never leads to a missing page.
    """
    active = (get_language() or "").split("-")[0]
    base = get_setting("BASE_TEMPLATE")
    own = base == DEFAULTS["BASE_TEMPLATE"]
    return {
        # A site's own base knows nothing of our blocks: hosted.html joins the two.
        "ep_base": base if own else "wagtail_eparticipation/hosted.html",
        "ep_host_template": base,
        "ep_direction": direction(active),
        "ep_languages": [
            {
                "code": code,
                "name": name,
                "url": addresses[code],
                "current": code.split("-")[0] == active,
            }
            for code, name in content_languages()
            if addresses and code in addresses
        ],
    }
