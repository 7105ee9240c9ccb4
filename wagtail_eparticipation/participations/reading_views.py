"""The second reading of an import on the desk: a row beside its evidence (AC-S3-I6)."""

from dataclasses import replace

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateTimeInput

from wagtail_eparticipation.calendars.words import validate_sayable, zone_words
from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.participations import second_reading, tools
from wagtail_eparticipation.participations.amend_forms import amend_form
from wagtail_eparticipation.participations.amending import Changes
from wagtail_eparticipation.participations.attachment_fields import NAMES as FILES
from wagtail_eparticipation.participations.batches import ImportBatch
from wagtail_eparticipation.participations.import_evidence import picture_kind
from wagtail_eparticipation.participations.models import Publication
from wagtail_eparticipation.participations.samples import SampleReading


class DateForm(forms.Form):
    """When something was made, in the municipality's zone."""

    made_at = forms.DateTimeField(
        label=gettext_lazy("Date and time"),
        widget=AdminDateTimeInput,
        validators=[validate_sayable],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["made_at"].help_text = zone_words()

    def clean_made_at(self):
        """The form reads the site's zone; people mean the municipality's clock."""
        return self.cleaned_data["made_at"].replace(tzinfo=municipal_zone())


class SecondReading(DeskView):
    """One drawn row after the other, until a second person has read them all."""

    duty = "moderate"
    header_icon = "glasses"
    page_title = gettext_lazy("Second reading")
    template_name = "wagtail_eparticipation/participations/second_reading.html"

    @cached_property
    def batch(self) -> ImportBatch:
        found = get_object_or_404(
            self.consultation.import_batches, pk=self.kwargs["batch"]
        )
        found.consultation = self.consultation
        return found

    @cached_property
    def reading(self) -> SampleReading | None:
        waiting = second_reading.waiting(self.batch)
        if self.request.method == "POST":
            key = self.request.POST.get("reading", "")
            if not (key.isascii() and key.isdigit() and len(key) < 19):
                raise Http404
            found = get_object_or_404(self.batch.sample, pk=key)
        else:
            found = waiting.first()
        if found is not None:
            found.batch = self.batch
            found.participation.consultation = self.consultation
        return found

    def post(self, request, *args, **kwargs):
        if not second_reading.may_read(request.user, self.batch):
            raise PermissionDenied
        action = request.POST.get("action", "")
        try:
            if action == "same":
                second_reading.confirm(self.reading, actor=request.user)
            elif action == "correct":
                return self.correct()
            else:
                raise Http404
        except second_reading.CannotRead as error:
            messages.error(request, str(error))
        return redirect(request.path)

    def correct(self):
        request = self.request
        form = _words_form(self.reading.participation, request.POST)
        date = DateForm(request.POST)
        # Both are asked, so that every mistake is named at once.
        if not all([form is not None and form.is_valid(), date.is_valid()]):
            messages.error(request, _("Nothing was saved; see below."))
            context = self.get_context_data(form=form, date=date)
            return self.render_to_response(context)
        second_reading.correct_row(
            self.reading,
            _changes(form),
            made_at=date.cleaned_data["made_at"],
            actor=request.user,
        )
        messages.success(request, _("The row was corrected."))
        return redirect(request.path)

    def get_context_data(self, **kwargs):
        may_read = second_reading.may_read(self.request.user, self.batch)
        reading = self.reading if may_read else None
        progress = second_reading.readings_of(self.consultation)
        context = {
            "batch": self.batch,
            "may_read": may_read,
            "reading": reading,
            "progress": progress.get(self.batch.pk, second_reading.Reading()),
            "is_picture": bool(picture_kind(self.batch)),
        }
        if reading is not None:
            row = reading.participation
            kwargs.setdefault("form", _words_form(row))
            local = row.made_at.astimezone(municipal_zone()).replace(tzinfo=None)
            kwargs.setdefault("date", DateForm(initial={"made_at": local}))
            context |= {
                "row": row,
                "described": tools.describe(row, row.language),
                "place": row.data.get("row"),
                "evidence": row.data.get("evidence", ""),
                "fields": _fields(kwargs["form"]),
                "media": kwargs["date"].media,
            }
        # TemplateView hands the address's ids over under names that are ours here.
        return super().get_context_data(**(kwargs | context))


def _words_form(row, typed=None):
    """What its author could change, but for the name, which no import shows."""
    form = amend_form(row, typed)
    for name in FILES if form is not None else ():
        form.fields.pop(name, None)
    if form is not None and "publication" in form.fields:
        form.fields.pop("name", None)
        field = form.fields["publication"]
        field.choices = [
            pair for pair in field.choices if pair[0] != Publication.WITH_NAME
        ]
    return form


def _changes(form) -> Changes:
    """What the form says, and the title where the tool's form has none."""
    changes = form.changes()
    if "title" in form.fields:
        return changes
    return replace(changes, title=form.participation.title)


def _fields(form) -> list:
    return form.changing_fields() if form is not None else []


admin_urls = [
    path(
        "consultations/<int:pk>/imports/<int:batch>/reading/",
        SecondReading.as_view(),
        name="second_reading",
    )
]
