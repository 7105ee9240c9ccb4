"""The editor's form of a survey."""

from wagtail.contrib.forms.forms import WagtailAdminFormPageForm

from wagtail_eparticipation.surveys.library_copies import with_copies
from wagtail_eparticipation.surveys.references import resolved


class SurveyPageForm(WagtailAdminFormPageForm):
    """Asks for more when the survey is handed on than while it is drafted."""

    def clean_questions(self):
        """Questions with copies of those of the library, and ids in all conditions."""
        questions = self.cleaned_data["questions"]
        language = self.instance.locale if self.instance.locale_id else None
        return resolved(with_copies(questions, language))

    def _post_clean(self):
        super()._post_clean()
        if self.is_deferred_validation or self.errors.get("questions"):
            return
        for message in self.instance.publication_problems():
            self.add_error("questions", message)
