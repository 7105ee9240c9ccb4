"""Incidents in the Wagtail admin: who asks for acts records when a topic was away."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_eparticipation.compat import register_policy
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.incident_cards import duration_words
from wagtail_eparticipation.consultations.incidents import Incident


class ByDuty(ModelPermissionPolicy):
    """Whoever may ask for an act on a topic may record what happened to it."""

    def user_has_permission(self, user, action):
        return access.has_duty(user, "request")

    def user_has_any_permission(self, user, actions):
        return access.has_duty(user, "request")


_POLICY = ByDuty(Incident)
register_policy(Incident, _POLICY)


def in_scope(user):
    """The incidents that concern a user's departments: their topics', and all's."""
    topics = access.visible_to(user, "request")
    return Incident.objects.filter(Q(consultation=None) | Q(consultation__in=topics))


def may_change(user, incident) -> bool:
    """Those of all topics are for people who are limited to no department."""
    if incident.consultation_id is None:
        return access.has_duty(user, "request") and access.departments_of(user) is None
    return access.may(user, "request", incident.consultation)


class IncidentForm(WagtailAdminModelForm):
    """When it was, and which topic it concerned."""

    class Meta:
        model = Incident
        fields = ["consultation", "kind", "started_at", "ended_at", "note"]
        widgets = {"started_at": AdminDateTimeInput, "ended_at": AdminDateTimeInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["consultation"]
        field.queryset = access.visible_to(self.for_user, "request").order_by("-pk")
        if access.departments_of(self.for_user) is not None:
            # Only people who work for all departments speak for all topics.
            field.required = True
            field.help_text = ""


class IncidentIndexView(generic.IndexView):
    """The incidents of the user's departments, the latest first."""

    def get_base_queryset(self):
        return in_scope(self.request.user).select_related("consultation")


class IncidentCreateView(generic.CreateView):
    """Records an incident under the name of who records it."""

    def save_instance(self):
        self.form.instance.recorded_by = self.request.user
        return super().save_instance()


class _Scoped:
    """Lets nobody at the incidents of other departments."""

    def get_object(self, *args, **kwargs):
        incident = super().get_object(*args, **kwargs)
        if not may_change(self.request.user, incident):
            raise PermissionDenied
        return incident


class IncidentEditView(_Scoped, generic.EditView):
    """Corrects an incident."""


class IncidentDeleteView(_Scoped, generic.DeleteView):
    """Removes one that was none."""


class IncidentViewSet(ModelViewSet):
    """When people could not take part, and for how long (R-7.9e)."""

    model = Incident
    name = "eparticipation_incidents"
    icon = "warning"
    index_results_template_name = "wagtail_eparticipation/index_results.html"
    menu_label = _("Incidents")
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    history_view_enabled = False
    usage_view_enabled = False
    permission_policy = _POLICY
    index_view_class = IncidentIndexView
    add_view_class = IncidentCreateView
    edit_view_class = IncidentEditView
    delete_view_class = IncidentDeleteView
    ordering = ["-started_at", "-pk"]
    list_filter = ["kind"]
    list_display = [
        TitleColumn(
            "kind",
            label=_("Incident"),
            accessor="get_kind_display",
            url_name="eparticipation_incidents:edit",
        ),
        Column(
            "consultation",
            label=_("Consultation"),
            accessor=lambda each: (
                each.consultation.title if each.consultation_id else _("All topics")
            ),
        ),
        DateColumn("started_at", label=_("From")),
        Column(
            "duration",
            label=_("Duration"),
            accessor=lambda each: duration_words(each.duration),
        ),
        BooleanColumn("noticed", label=_("Suspected by the job")),
    ]

    def get_form_class(self, for_update=False):
        return IncidentForm


viewsets = [IncidentViewSet()]
