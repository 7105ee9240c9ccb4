"""The log of everything said on a topic, in the Wagtail admin (R-5.3.1f)."""

from datetime import date

from django import forms
from django.core.paginator import Paginator
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.widgets import AdminDateInput

from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.participations.cells import safe_cell
from wagtail_eparticipation.replies.communications import (
    CHANNELS,
    Entry,
    communications,
    kinds,
)

#: Entries on one page.
PER_PAGE = 100


class CommunicationsFilter(forms.Form):
    """How the log is cut; what is not understood cuts everything away."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=AdminDateInput)
    until = forms.DateField(label=_("Until"), required=False, widget=AdminDateInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        everything = [("", _("All"))]
        self.fields["kind"].choices = everything + kinds()
        self.fields["channel"].choices = [*everything, *CHANNELS.items()]
        self.fields["language"].choices = [*everything, *content_languages()]

    def cut(self, entries: list[Entry]) -> list[Entry]:
        """Those that fit, in their order."""
        if not self.is_valid():
            return []
        return [each for each in entries if self._fits(each)]

    def _fits(self, each: Entry) -> bool:
        data = self.cleaned_data
        same = all(
            not data[name] or getattr(each, name) == data[name]
            for name in ("kind", "channel", "language")
        )
        day: date = each.at.astimezone(municipal_zone()).date()
        return (
            same
            and (data["since"] is None or day >= data["since"])
            and (data["until"] is None or day <= data["until"])
        )


class Communications(SpreadsheetExportMixin, DeskView):
    """What was said, when, by which way, to how many, by which role."""

    header_icon = "history"
    page_title = _("Communications")
    template_name = "wagtail_eparticipation/replies/desk_communications.html"
    export_filename = "communications"
    list_export = [
        "at",
        "kind_label",
        "channel_label",
        "language",
        "number",
        "subject",
        "text",
        "role",
    ]
    export_headings = {
        "at": _("When"),
        "kind_label": _("Kind"),
        "channel_label": _("Channel"),
        "language": _("Language"),
        "number": _("To how many"),
        "subject": _("About"),
        "text": _("Text as published"),
        "role": _("By"),
    }

    def get(self, request, *args, **kwargs):
        self.form = CommunicationsFilter(request.GET)
        self.entries = self.form.cut(communications(self.consultation))
        if self.is_export:
            return self.as_spreadsheet(self.entries, request.GET["export"])
        return super().get(request, *args, **kwargs)

    def to_row_dict(self, item):
        row = super().to_row_dict(item)
        at = item.at.astimezone(municipal_zone())
        row["at"] = at.strftime("%Y-%m-%d %H:%M")
        return {name: safe_cell(value) for name, value in row.items()}

    def get_context_data(self, **kwargs):
        pages = Paginator(self.entries, PER_PAGE)
        chosen = self.request.GET.copy()
        for name in ("p", "export"):
            chosen.pop(name, None)
        return super().get_context_data(
            form=self.form,
            page_of_entries=pages.get_page(self.request.GET.get("p")),
            total=len(self.entries),
            chosen=chosen.urlencode(),
            **kwargs,
        )


admin_urls = [
    path(
        "consultations/<int:pk>/communications/",
        Communications.as_view(),
        name="communications",
    )
]
