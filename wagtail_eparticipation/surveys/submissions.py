"""A survey's responses in Wagtail's Forms menu: read and exported, never deleted."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import HeaderButton
from wagtail.contrib.forms.views import SubmissionsListView

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.surveys.questions import option_labels
from wagtail_eparticipation.surveys.versions import asked_ever

#: Who sees single responses: those who work with what people said.
DUTIES = ("moderate", "analyse", "decide")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def may_read(user, consultation) -> bool:
    """Whether ``user`` may read single responses of a consultation."""
    return any(access.may(user, duty, consultation) for duty in DUTIES)


def readable_surveys(user, forms):
    """Wagtail's form pages without the surveys that ``user`` may not read.

    For the hook ``filter_form_submissions_for_user``; form pages of other kinds pass.
    """
    from wagtail_eparticipation.surveys.listing import survey_models

    if not any(access.has_duty(user, duty) for duty in DUTIES):
        return forms.not_type(*survey_models())
    limited = access.departments_of(user)
    if limited is None:
        return forms
    theirs = Consultation.objects.filter(department_id__in=limited)
    topics = set(theirs.values_list("pages__path", flat=True))
    hidden = [
        pk
        for model in survey_models()
        for pk, path in model.objects.values_list("pk", "path")
        if path[: -model.steplen] not in topics
    ]
    return forms.exclude(pk__in=hidden) if hidden else forms


class _InChunks:
    """A queryset that an export walks through without holding all of it."""

    def __init__(self, queryset):
        self.queryset, self.model = queryset, queryset.model

    def __iter__(self):
        return self.queryset.iterator(chunk_size=500)


class SubmissionsView(SubmissionsListView):
    """All languages in one list, options in the language of the page one looks at."""

    results_template_name = "wagtail_eparticipation/surveys/submissions.html"

    def dispatch(self, request, *args, **kwargs):
        consultation = kwargs["form_page"].consultation
        if consultation is None or not may_read(request.user, consultation):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def labels(self) -> dict[str, str]:
        """The options' texts by id."""
        return option_labels(asked_ever(self.form_page))

    @cached_property
    def header_buttons(self):
        args = [self.form_page.consultation.pk, self.form_page.pk]
        return [
            HeaderButton(
                label=_("Export with codebook"),
                url=reverse("eparticipation_admin:survey_export", args=args),
                icon_name="download",
            )
        ]

    def to_row_dict(self, item):
        data = item.get_data(self.labels)
        return {field: data.get(field) for field in self.list_export}

    def as_spreadsheet(self, queryset, spreadsheet_format):
        return super().as_spreadsheet(_InChunks(queryset), spreadsheet_format)

    def write_csv_row(self, writer, row_dict):
        return super().write_csv_row(
            writer, {field: safe_cell(value) for field, value in row_dict.items()}
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if not self.is_export:
            names = [name for name, _label in self.form_page.get_data_fields()]
            rows = (each.get_data(self.labels) for each in context["submissions"])
            context["data_rows"] = [
                {"fields": [row.get(name, "") for name in names]} for row in rows
            ]
        return context


def safe_cell(value):
    """A text that no spreadsheet takes for a formula; other values as they are."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return f"'{value}"
    return value
