"""The one settings object: ``WAGTAIL_EPARTICIPATION`` and its defaults."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

#: The policy packs that come with the package.
SHIPPED_PACKS = Path(__file__).parent / "policy" / "packs"

#: Every key a site may set; ``docs/reference/settings.md`` explains each.
DEFAULTS: dict[str, Any] = {
    # The municipality's zone: all rules on days and hours are read in it.
    "TIME_ZONE": "Asia/Riyadh",
    # Base template that the public pages extend, e.g. "base.html".
    "BASE_TEMPLATE": "wagtail_eparticipation/base.html",
    # Policy pack that `eparticipation_setup` installs when none is named.
    "POLICY_PACK": "qassim",
    # Directories with a site's own policy packs: <directory>/<slug>/pack.toml.
    "POLICY_PACK_DIRS": [],
    # Longest accepted text of one participation, in characters.
    "MAX_TEXT_LENGTH": 10_000,
    # Fernet keys, newest first, that wrap each person's own key. Empty: derived
    # from SECRET_KEY, which the system check W004 advises against in production.
    "IDENTITY_KEYS": [],
    # Dotted path of the function that cleans plain text into safe HTML.
    "SANITIZER": "wagtail_eparticipation.sanitize.bleach_cleaner",
    # Seconds after closing in which a form issued before closing still counts.
    "CLOSING_GRACE": 0,
    # The service to which complaints go: {"BACKEND": dotted path, "OPTIONS": {…}};
    # empty: this site has none, and topics cannot offer complaints.
    "COMPLAINT_SERVICE": {},
    # Published participations shown on one page of the discussion.
    "DISCUSSION_PAGE_SIZE": 20,
    # Upper bound of Cache-Control max-age on public pages, in seconds.
    "PAGE_MAX_AGE": 300,
    # Dotted path of the class that tells whom an identity provider vouches for.
    "IDENTITY_PROVIDER": "wagtail_eparticipation.participations.identity_provider"
    ".IdentityProvider",
    # Days that lie at least between two messages to somebody who is invited.
    "INVITATION_REMINDER_DAYS": 7,
    # Working days that the form proposes for the answer of a competent department.
    "REFERRAL_WORKING_DAYS": 5,
    # Files that people attach; keys that are left out have these values.
    "ATTACHMENTS": {
        "MAX_FILES": 3,
        # Bytes of one file.
        "MAX_BYTES": 10 * 1024 * 1024,
        "TYPES": [
            "image/jpeg",
            "image/png",
            "image/webp",
            "image/gif",
            "application/pdf",
        ],
        # Whether files are taken that nothing has looked through for malware.
        "UNSCANNED": False,
    },
    # What looks through files: {"BACKEND": dotted path, "OPTIONS": {…}}; empty: none.
    "ATTACHMENT_SCANNER": {},
    # Storage alias (settings.STORAGES) of reports and sealed packages.
    "ARCHIVE_STORAGE": "default",
    # Storage alias of uploads that name people and of evidence, which no web server
    # may hand out. Empty: a folder beside MEDIA_ROOT, named like it with "-private".
    "PRIVATE_STORAGE": "",
    # Minutes without a run of the periodic job after which, while a topic was open,
    # an incident is suspected.
    "INCIDENT_GAP_MINUTES": 60,
    # How often one network may do what, where the defaults do not fit:
    # {"send": {"burst": (120, 600), "sustained": (1500, 21600)}}.
    "LIMITS": {},
    # Seconds in which nobody fills in a form: what is sent sooner is set aside.
    "MINIMUM_FORM_SECONDS": 3,
    # Whether the sender's device is asked for a short calculation: "off",
    # "suspicious" (after a first sign of a program, or instead of waiting), "always".
    "PROOF_OF_WORK": "off",
    # How long that calculation takes: the greatest number to be looked for.
    "PROOF_OF_WORK_NUMBER": 50_000,
    # Country whose national telephone numbers are recognised in texts (ISO 3166).
    "TELEPHONE_REGION": "SA",
    # File with the reference text of quotations, "chapter|verse|text" a line, which the
    # site installs itself. Empty: quotations are marked, and not compared.
    "REFERENCE_TEXT": "",
}


def get_setting(name: str) -> Any:
    """Return one setting; raises ``KeyError`` for a name that does not exist."""
    configured = getattr(settings, "WAGTAIL_EPARTICIPATION", {})
    if not isinstance(configured, Mapping):
        raise ImproperlyConfigured(
            "WAGTAIL_EPARTICIPATION must be a dictionary: names of settings and values."
        )
    return configured.get(name, DEFAULTS[name])


def municipal_zone() -> ZoneInfo:
    """The zone in which the municipality's days and hours are read (P-6.5.1)."""
    return ZoneInfo(get_setting("TIME_ZONE"))
