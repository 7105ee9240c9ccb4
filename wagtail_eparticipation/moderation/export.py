"""The queue as a file, as it is cut on the desk; releasable words only."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from wagtail.admin import messages

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.moderation.queue_filters import filters_of, matching
from wagtail_eparticipation.participations import export_files, export_views


@require_GET
def export(request, form: str):
    """What the queue shows under these filters, noted on the ledgers before it leaves.

    A filter that is not understood exports nothing: more would come than was asked for.
    """
    if not access.has_duty(request.user, "moderate"):
        raise PermissionDenied
    filters = filters_of(request)
    if not filters.is_valid():
        return _refused(
            request,
            _("Nothing was exported: a filter is not known here. Choose it again."),
        )
    words = request.GET.get("q", "").replace("\x00", "").strip()
    rows = matching(request)
    chosen = export_views.chosen_words(filters, words)
    try:
        return export_views.answer(request, rows, chosen, form=form)
    except export_files.XlsxUnavailable as error:
        return _refused(request, str(error))


def _refused(request, message: str):
    messages.error(request, message)
    return redirect("eparticipation_admin:moderation")


admin_urls = [
    path(
        "moderation/export/",
        partial(export, form="csv"),
        name="moderation_export",
    ),
    path(
        "moderation/export/xlsx/",
        partial(export, form="xlsx"),
        name="moderation_export_xlsx",
    ),
]
