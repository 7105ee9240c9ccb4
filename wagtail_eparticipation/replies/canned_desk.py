"""Answers that are kept ready, in the Wagtail admin; scoped to departments."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import BooleanColumn, LocaleColumn, NumberColumn
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views import snippets

from wagtail_eparticipation.compat import register_policy
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.replies.canned import CannedAnswer


class OwnDepartments(ModelPermissionPolicy):
    """Django's permissions, narrowed: what is offered to every department is changed
    by those who are not limited to some."""

    def user_has_permission_for_instance(self, user, action, instance):
        if not super().user_has_permission_for_instance(user, action, instance):
            return False
        limited = access.departments_of(user)
        if limited is None or instance.department_id in limited:
            return True
        return action == "view" and instance.department_id is None

    def user_has_any_permission_for_instance(self, user, actions, instance):
        return any(
            self.user_has_permission_for_instance(user, action, instance)
            for action in actions
        )


_POLICY = OwnDepartments(CannedAnswer)
register_policy(CannedAnswer, _POLICY)


class CannedAnswerForm(WagtailAdminModelForm):
    """Who is limited to departments writes for one of these."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        user = self.for_user
        limited = access.departments_of(user) if user is not None else None
        field = self.fields["department"]
        field.queryset = field.queryset.filter(
            locale=self.instance.locale_id or self.instance.get_default_locale()
        )
        if limited is not None:
            field.queryset = field.queryset.filter(pk__in=limited)
            field.required = True
            field.error_messages["required"] = gettext(
                "Choose one of your departments: answers for all are kept by others."
            )


class _Own:
    """Finds only what the policy lets its user change."""

    def get_object(self, queryset=None):
        found = super().get_object(queryset)
        if not _POLICY.user_has_permission_for_instance(
            self.request.user, "change", found
        ):
            raise PermissionDenied
        return found


class CannedEditView(_Own, snippets.EditView):
    """Changes one that belongs to the user's departments."""


class CannedDeleteView(_Own, snippets.DeleteView):
    """Deletes one that belongs to the user's departments."""


class CannedHistoryView(_Own, snippets.HistoryView):
    """Who changed one of the user's departments."""


class CannedUsageView(_Own, snippets.UsageView):
    """Where one of the user's departments is used."""


class CannedAnswerViewSet(snippets.SnippetViewSet):
    """Canned answers, in each language; how often each was used."""

    model = CannedAnswer
    icon = "copy"
    menu_label = _("Canned answers")
    permission_policy = _POLICY
    add_to_reference_index = False
    copy_view_enabled = False
    edit_view_class = CannedEditView
    delete_view_class = CannedDeleteView
    history_view_class = CannedHistoryView
    usage_view_class = CannedUsageView
    edit_handler = ObjectList(CannedAnswer.panels, base_form_class=CannedAnswerForm)
    list_display = [
        "title",
        "department",
        BooleanColumn("active", label=_("Offered")),
        NumberColumn("used", label=_("Used")),
        LocaleColumn(),
    ]
    list_filter = ["department", "active"]
    list_export = ["title", "body", "department", "sort_order", "active", "used"]
    search_fields = ["title", "body"]
    search_backend_name = None

    def get_queryset(self, request):
        rows = CannedAnswer.objects.select_related("department", "locale")
        limited = access.departments_of(request.user)
        if limited is not None:
            rows = rows.filter(Q(department=None) | Q(department__in=limited))
        return rows


viewsets = [CannedAnswerViewSet()]
