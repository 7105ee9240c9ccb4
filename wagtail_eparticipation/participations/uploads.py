"""Reading a form with files: no file above the limit is kept while it comes in."""

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import QueryDict

from wagtail_eparticipation.participations.attachment_settings import limits
from wagtail_eparticipation.participations.typed import typed_in

#: The field of a form that takes files; those of any other are not read.
FIELD = "files"
#: Where a request keeps the names of files that were left out for their size.
_LEFT_OUT = "eparticipation_left_out"


class NoLargerThan(FileUploadHandler):
    """Lets each file through to the site's own handlers, as far as it may be large.

    What is too large is read to its end and forgotten, so that the texts of the form,
    which may come behind it, are read all the same.
    """

    def __init__(self, request, most: int):
        super().__init__(request)
        self.most, self.arrived, self.skips = most, 0, False

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.arrived, self.skips = 0, self.field_name != FIELD

    def receive_data_chunk(self, raw_data, start):
        # Not before: to skip a file closes the one that the next handler is at.
        if self.skips:
            raise SkipFile
        self.arrived += len(raw_data)
        if self.arrived > self.most:
            getattr(self.request, _LEFT_OUT).append(self.file_name)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        return None


def receive(request) -> QueryDict | None:
    """What :func:`typed_in` gives, with files limited while they are read.

    ``None`` also for a request so long that it is not read at all.
    """
    most = limits()
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > most.whole:
        return None
    setattr(request, _LEFT_OUT, [])
    # A middleware that has read the form already has read its files, too.
    if not hasattr(request, "_files"):
        request.upload_handlers.insert(0, NoLargerThan(request, most.max_bytes))
    return typed_in(request)


def files_of(request) -> list:
    """The files of a form that was read."""
    try:
        return request.FILES.getlist(FIELD)
    except SuspiciousOperation:
        return []


def left_out(request) -> list[str]:
    """Names of the files that were too large."""
    return getattr(request, _LEFT_OUT, [])
