"""Where files lie that no web server may hand out: uploads that name people, evidence.

``MEDIA_ROOT`` is often served as it stands, to anybody who knows a path. These files
are handed out by views alone, which ask who is there.
"""

import os
from pathlib import Path

from django.conf import settings
from django.core.files.storage import (
    FileSystemStorage,
    InvalidStorageError,
    Storage,
    storages,
)
from django.utils.functional import cached_property

from wagtail_eparticipation.conf import get_setting


class BesideMedia(FileSystemStorage):
    """The folder beside ``MEDIA_ROOT`` whose name ends in ``-private``."""

    @cached_property
    def base_location(self) -> str:
        return f"{os.path.abspath(settings.MEDIA_ROOT)}-private"

    def url(self, name):
        raise ValueError("Private files have no address of their own.")


def private_storage() -> Storage:
    """The storage named by the setting ``PRIVATE_STORAGE``, or :class:`BesideMedia`.

    Asked for when the models load: an unknown name is told by the check E004, which
    could not run if this stopped the site.
    """
    name = get_setting("PRIVATE_STORAGE")
    try:
        return storages[name] if name else BesideMedia()
    except InvalidStorageError:
        return BesideMedia()


def served_folder(storage: Storage) -> str:
    """The folder of a storage, if it lies where media are served from; else empty."""
    location = getattr(storage, "location", "")
    media = Path(os.path.abspath(settings.MEDIA_ROOT))
    inside = location and Path(location).resolve().is_relative_to(media.resolve())
    return str(location) if inside else ""
