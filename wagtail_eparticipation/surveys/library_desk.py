"""The question library in the Wagtail admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, LocaleColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_eparticipation.surveys.library import LibraryQuestion


class LibraryQuestionViewSet(SnippetViewSet):
    """Questions kept for further surveys, in each language."""

    model = LibraryQuestion
    icon = "copy"
    menu_label = _("Question library")
    list_display = ["name", Column("kind", label=_("Kind")), LocaleColumn()]
    search_fields = ["name"]
    search_backend_name = None
    panels = [FieldPanel("name"), FieldPanel("question")]

    def get_queryset(self, request):
        return LibraryQuestion.objects.select_related("locale")


viewsets = [LibraryQuestionViewSet()]
