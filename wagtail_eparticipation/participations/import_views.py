"""Imports in the Wagtail admin: upload, say what the columns are, try, import."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.participations import (
    batch_course,
    batch_run,
    second_reading,
)
from wagtail_eparticipation.participations.batches import ImportBatch
from wagtail_eparticipation.participations.import_evidence import Evidence
from wagtail_eparticipation.participations.import_forms import MappingForm, UploadForm
from wagtail_eparticipation.participations.table_files import UnreadableFile

_TEMPLATES = "wagtail_eparticipation/participations"


class Imports(DeskView):
    """The imports of a topic, and the form that begins another."""

    duty = "moderate"
    header_icon = "upload"
    page_title = gettext_lazy("Imports")
    template_name = f"{_TEMPLATES}/imports.html"

    def post(self, request, *args, **kwargs):
        form = UploadForm(request.POST, request.FILES, consultation=self.consultation)
        if form.is_valid():
            data = form.cleaned_data
            tool, subject = data["tool"]
            try:
                batch = batch_course.prepare(
                    self.consultation,
                    data["file"],
                    data["file"].name,
                    channel=data["channel"],
                    actor=request.user,
                    evidence=data["evidence"],
                    tool=tool,
                    subject=subject,
                )
            except (batch_course.ImportRefused, UnreadableFile) as error:
                form.add_error("file", str(error))
            else:
                return redirect(
                    "eparticipation_admin:import", self.consultation.pk, batch.pk
                )
        messages.error(request, _("Nothing was imported; see below."))
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        if "form" not in kwargs:
            kwargs["form"] = UploadForm(consultation=self.consultation)
        readings = second_reading.readings_of(self.consultation)
        batches = list(self.consultation.import_batches.select_related("entered_by"))
        for batch in batches:
            batch.reading = readings.get(batch.pk)
        return super().get_context_data(
            batches=batches,
            total=second_reading.total_of(readings.values()),
            media=kwargs["form"].media,
            **kwargs,
        )


class Import(DeskView):
    """One import: before, its columns and a rehearsal; after, what became of it."""

    duty = "moderate"
    header_icon = "upload"
    page_title = gettext_lazy("Import")
    template_name = f"{_TEMPLATES}/import.html"

    @cached_property
    def batch(self) -> ImportBatch:
        found = get_object_or_404(
            self.consultation.import_batches, pk=self.kwargs["batch"]
        )
        found.consultation = self.consultation
        return found

    @cached_property
    def is_open(self) -> bool:
        """Whether its file can be tried and imported, from the beginning or on."""
        return batch_run.is_one(self.batch, batch_run.open_to_a_run(self.now))

    def post(self, request, *args, **kwargs):
        action = request.POST.get("action", "")
        acts = {
            "cancel": self.cancel,
            "try": self.rehearse,
            "import": self.carry_out,
            "roll_back": self.roll_back,
        }
        if action not in acts:
            raise Http404
        try:
            return acts[action]()
        except (batch_course.ImportRefused, UnreadableFile) as error:
            messages.error(request, str(error))
            return redirect(request.path)

    def cancel(self):
        batch_course.discard(self.batch, actor=self.request.user)
        messages.success(self.request, _("The file was deleted; nothing was imported."))
        return redirect("eparticipation_admin:imports", self.consultation.pk)

    def rehearse(self):
        form = self.mapping_form(self.request.POST)
        report = None
        if form.is_valid():
            plan = form.plan()
            report = batch_course.rehearse(self.batch, plan, actor=self.request.user)
        return self.render_to_response(self.get_context_data(form=form, report=report))

    def carry_out(self):
        form = self.mapping_form(self.request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        plan = form.plan()
        batch_course.carry_out(self.batch, plan, actor=self.request.user)
        messages.success(self.request, _("The file was imported."))
        return redirect(self.request.path)

    def roll_back(self):
        reason = self.request.POST.get("reason", "")[:2000]
        taken = batch_course.roll_back(
            self.batch, reason=reason, actor=self.request.user
        )
        text = _("Rows taken back: %(rows)d") % {"rows": taken}
        messages.success(self.request, text)
        return redirect(self.request.path)

    def mapping_form(self, data=None) -> MappingForm:
        headings, _rows = self.beginning
        return MappingForm(data, headings=headings, batch=self.batch)

    @cached_property
    def beginning(self) -> tuple[list[str], list[list[str]]]:
        batch_run.require_open(self.batch)
        return batch_course.headings_of(self.batch)

    def get_context_data(self, **kwargs):
        if has_form := self.is_open and bool(self.batch.file):
            kwargs.setdefault("form", self.mapping_form())
            headings, rows = self.beginning
            kwargs |= {
                "headings": headings,
                "rows": rows,
                "sheets": batch_course.sheets_left_out(self.batch),
                "media": kwargs["form"].media,
            }
        # TemplateView hands the address's id over under the same name.
        kwargs["batch"] = self.batch
        readings = second_reading.readings_of(self.consultation)
        kwargs["reading"] = readings.get(self.batch.pk)
        return super().get_context_data(
            has_form=has_form,
            is_prepared=self.batch.state == ImportBatch.State.PREPARED,
            is_stopped=self.is_open and self.batch.state != ImportBatch.State.PREPARED,
            may_roll_back=self.consultation.stage(self.now) == Stage.COLLECTING
            and batch_run.is_one(self.batch, batch_run.holding_rows(self.now)),
            **kwargs,
        )


_ONE = "consultations/<int:pk>/imports/"

admin_urls = [
    path(_ONE, Imports.as_view(), name="imports"),
    path(f"{_ONE}<int:batch>/", Import.as_view(), name="import"),
    path(f"{_ONE}<int:batch>/evidence/", Evidence.as_view(), name="import_evidence"),
]
