"""The editor's view of what is wrong or odd in the conditions of a survey."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from wagtail_eparticipation.surveys.checking import errors_in
from wagtail_eparticipation.surveys.reachable import warnings_in


class ConditionsPanel(Panel):
    """What must be put right before publishing, and what can never be reached."""

    def __init__(self, **kwargs):
        kwargs.setdefault("heading", _("Conditions of the questions"))
        super().__init__(**kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_eparticipation/surveys/condition_panel.html"

        def is_shown(self):
            return bool(self.instance.pk) and bool(self.errors or self.warnings)

        @cached_property
        def errors(self) -> list[str]:
            return errors_in(self.instance.parts_list())

        @cached_property
        def warnings(self) -> list[str]:
            return warnings_in(self.instance.parts_list())

        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            context.update(errors=self.errors, warnings=self.warnings)
            return context
