"""Departments, segments and subjects in the Wagtail admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import LocaleColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_eparticipation.consultations.vocabulary import Department, Segment, Subject


class DepartmentViewSet(SnippetViewSet):
    model = Department
    icon = "home"
    menu_label = _("Departments")
    list_display = ["name", "unit", "contact_role", LocaleColumn()]
    list_export = ["name", "unit", "contact_role", "contact_phone", "contact_email"]
    search_fields = ["name", "unit"]
    search_backend_name = None


class SegmentViewSet(SnippetViewSet):
    model = Segment
    icon = "group"
    menu_label = _("Segments of the public")
    list_display = ["name", "estimated_size", LocaleColumn()]
    list_export = ["name", "description", "estimated_size", "size_source"]
    search_fields = ["name"]
    search_backend_name = None


class SubjectViewSet(SnippetViewSet):
    model = Subject
    icon = "tag"
    menu_label = _("Subjects")
    list_display = ["name", LocaleColumn()]
    search_fields = ["name"]
    search_backend_name = None


viewsets = [DepartmentViewSet(), SegmentViewSet(), SubjectViewSet()]
