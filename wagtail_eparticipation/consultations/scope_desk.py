"""Limiting members of staff to departments, in the Wagtail admin."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import Locale

from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.consultations.role_forms import staff
from wagtail_eparticipation.consultations.vocabulary import Department


class ScopeForm(WagtailAdminModelForm):
    """One member of staff and the departments; one language's names suffice."""

    class Meta:
        model = StaffScope
        fields = ["user", "departments"]
        widgets = {"departments": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = staff()
        self.fields["user"].label_from_instance = get_user_display_name
        self.fields["departments"].queryset = Department.objects.filter(
            locale=Locale.get_default()
        ).order_by("name", "pk")


class StaffScopeViewSet(ModelViewSet):
    """Who works for some departments only; nobody else is limited."""

    model = StaffScope
    name = "eparticipation_scopes"
    icon = "lock"
    index_results_template_name = "wagtail_eparticipation/index_results.html"
    menu_label = _("Limits to departments")
    add_to_reference_index = False
    copy_view_enabled = False
    ordering = ["user__username", "pk"]
    list_display = [
        TitleColumn(
            "user",
            label=_("Member of staff"),
            accessor=lambda scope: get_user_display_name(scope.user),
            url_name="eparticipation_scopes:edit",
        ),
        Column(
            "departments",
            label=_("Departments"),
            accessor=lambda scope: "، ".join(
                str(department) for department in scope.departments.all()
            ),
        ),
    ]

    def get_form_class(self, for_update=False):
        return ScopeForm


viewsets = [StaffScopeViewSet()]
