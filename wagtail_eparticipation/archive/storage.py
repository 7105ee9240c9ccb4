"""Where reports and packages are kept; a site may name a write-once storage."""

import secrets

from django.core.files.storage import InvalidStorageError, Storage, storages

from wagtail_eparticipation.conf import get_setting


def archive_storage() -> Storage:
    """The storage named by the setting ``ARCHIVE_STORAGE``.

    Asked for when the models load: an unknown name is told by the check E004, which
    could not run if this stopped the site.
    """
    try:
        return storages[get_setting("ARCHIVE_STORAGE")]
    except InvalidStorageError:
        return storages["default"]


def package_path(instance, filename: str) -> str:
    """Under ``eparticipation/archive/``, in a folder that nobody can guess.

    The default storage is often served as it stands, and these files are public only
    through their views, which know when (AC-S5-C1).
    """
    return f"eparticipation/archive/{secrets.token_hex(16)}/{filename}"
