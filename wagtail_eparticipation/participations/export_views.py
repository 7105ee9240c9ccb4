"""Taking the register out of the Wagtail admin as a file, as it is cut there."""

import tempfile
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from wagtail.admin import messages

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.participations import export_files, exporting, listing
from wagtail_eparticipation.participations.table_files import digest_of

_NAME = "participations"


@require_GET
def export(request, form: str):
    """The register as the listing shows it, cut and searched alike.

    Who took it is on the ledgers' record before a byte leaves. A filter that is not
    understood exports nothing: more would come than was asked for.
    """
    if not listing.may_see_register(request.user):
        raise PermissionDenied
    filters = listing.RegisterFilterSet(
        request.GET, queryset=listing.scope(request.user), request=request
    )
    if not filters.is_valid():
        return _refused(
            request,
            _("Nothing was exported: a filter is not known here. Choose it again."),
        )
    words = request.GET.get("q", "").replace("\x00", "")
    rows = listing.searched(filters.qs, words)
    try:
        return answer(request, rows, chosen_words(filters, words), form=form)
    except export_files.XlsxUnavailable as error:
        return _refused(request, str(error))


def answer(request, rows, chosen: list[tuple[str, str]], *, form: str):
    """The file of these rows of the register, whichever list they were cut in.

    ``form`` is ``csv`` or ``xlsx``; raises ``XlsxUnavailable``.
    """
    make = {"csv": _csv, "xlsx": _xlsx}[form]
    response = make(request, rows, chosen)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _refused(request, message: str):
    messages.error(request, message)
    return redirect("eparticipation_admin:register")


def chosen_words(filters, words: str = "") -> list[tuple[str, str]]:
    """How the rows were cut, as labels and values for the reader of the file."""
    found = []
    for name, value in filters.form.cleaned_data.items():
        if value:
            field = filters.form.fields[name]
            if isinstance(value, Consultation):
                shown = value.reference
            elif isinstance(value, Model):
                shown = value
            else:
                shown = dict(field.choices).get(value, value)
            found.append((str(field.label), str(shown)))
    return [*found, *([(_("Search"), words)] if words else [])]


def _csv(request, rows, _chosen):
    exporting.note(rows, actor=request.user, form="csv")
    lines = export_files.csv_lines(exporting.rows_of(rows))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_NAME}.csv"'
    return response


def _xlsx(request, rows, chosen):
    # Deleted by the system as soon as the response has closed it.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        export_files.write_xlsx(
            file, exporting.rows_of(rows), made_at=clock.now(), chosen=chosen
        )
        exporting.note(rows, actor=request.user, form="xlsx", digest=digest_of(file))
    except BaseException:
        file.close()
        raise
    return FileResponse(file, as_attachment=True, filename=f"{_NAME}.xlsx")


admin_urls = [
    path(
        "register/export/",
        partial(export, form="csv"),
        name="register_export",
    ),
    path(
        "register/export/xlsx/",
        partial(export, form="xlsx"),
        name="register_export_xlsx",
    ),
]
