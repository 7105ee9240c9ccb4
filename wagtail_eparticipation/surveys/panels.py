"""The editor's view of a survey's other languages."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from wagtail_eparticipation.surveys import agreement


class LanguagesPanel(Panel):
    """Which languages ask something else than this one, and whether it is locked."""

    def __init__(self, **kwargs):
        kwargs.setdefault("heading", _("State of the survey"))
        super().__init__(**kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_eparticipation/surveys/languages_panel.html"

        def is_shown(self):
            return bool(self.instance.pk) and bool(self.locked or self.languages)

        @cached_property
        def locked(self) -> bool:
            return agreement.is_answered(self.instance.translation_key)

        @cached_property
        def languages(self) -> list[dict]:
            """``name``, ``state`` and ``differences`` of each other language."""
            page = self.instance
            return [
                {
                    "name": other.locale.get_display_name(),
                    "page": other,
                    "withheld": other.live and other.withheld,
                    "differences": agreement.disagreements(
                        other.get_latest_revision_as_object(), page
                    ),
                }
                for other in agreement.versions_of(page)
                if other.pk != page.pk
            ]

        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            context.update(
                locked=self.locked,
                languages=self.languages,
                withheld=self.instance.live and self.instance.withheld,
            )
            return context
