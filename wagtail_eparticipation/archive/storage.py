"""Where reports and packages are kept; a site may name a write-once storage."""

from django.core.files.storage import Storage, storages

from wagtail_eparticipation.conf import get_setting


def archive_storage() -> Storage:
    """The storage named by the setting ``ARCHIVE_STORAGE``."""
    return storages[get_setting("ARCHIVE_STORAGE")]


def package_path(instance, filename: str) -> str:
    """Under ``eparticipation/archive/``, with a name that tells what it is."""
    return f"eparticipation/archive/{filename}"
