"""The page of a survey: its questions in one language, under the topic's page."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.http import Http404, HttpResponseNotAllowed
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.forms.models import FormMixin
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from wagtail_eparticipation.consultations.locks import ArchiveLock, is_sealed
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.routes import find_route
from wagtail_eparticipation.participations.attachment_settings import taken_on
from wagtail_eparticipation.surveys import agreement, periods, places
from wagtail_eparticipation.surveys.blocks import QuestionStreamBlock
from wagtail_eparticipation.surveys.builder import SurveyFormBuilder
from wagtail_eparticipation.surveys.checking import errors_in
from wagtail_eparticipation.surveys.condition_panel import ConditionsPanel
from wagtail_eparticipation.surveys.models import SurveyResponse
from wagtail_eparticipation.surveys.page_form import SurveyPageForm
from wagtail_eparticipation.surveys.page_permissions import SurveyPagePermissions
from wagtail_eparticipation.surveys.panels import LanguagesPanel
from wagtail_eparticipation.surveys.questions import (
    Part,
    Question,
    counted_in,
    in_parts,
    is_files,
    repeated_ids,
)
from wagtail_eparticipation.surveys.reading_blocks import parts_in
from wagtail_eparticipation.surveys.settled import settled_errors
from wagtail_eparticipation.surveys.versions import asked_ever, told
from wagtail_eparticipation.translation import TranslatableFields

#: Worded in each language.
TRANSLATED_FIELDS = ("introduction", "questions", "correction")
#: The same in each language: synchronised, never translated.
FACT_FIELDS = ("results_visibility", "opens_at", "closes_at", "response_limit")


class ResultsVisibility(models.TextChoices):
    """When the public sees the counts; chosen before opening (R-4.1c)."""

    NEVER = "never", gettext_lazy("Never on the page; only in the decision and report")
    OWN_RESPONSE = (
        "own_response",
        gettext_lazy("To whoever has answered; to all when the period is over"),
    )
    AFTER_CLOSING = "after_closing", gettext_lazy("When the period is over")


class SurveyPageMixin(FormMixin, models.Model):
    """A survey in one language; its responses are counted over all of them (S4-E).

    It belongs to the consultation of its parent page: dates, audience and stage are
    those of the consultation. After the first answer questions and options change by
    corrections with a note, each of which makes a public version (see ``versions``).
    """

    introduction = RichTextField(
        gettext_lazy("introduction"),
        blank=True,
        features=["bold", "italic", "ol", "ul", "link", "document-link"],
        help_text=gettext_lazy(
            "What the survey is about, how long it takes, what becomes of the answers."
        ),
    )
    questions = StreamField(
        QuestionStreamBlock(),
        verbose_name=gettext_lazy("questions"),
        help_text=gettext_lazy(
            "As soon as the first person answers, they change by a correction only."
        ),
    )
    results_visibility = models.CharField(
        gettext_lazy("results are shown"),
        max_length=20,
        choices=ResultsVisibility.choices,
        default=ResultsVisibility.AFTER_CLOSING,
        help_text=gettext_lazy(
            "Chosen in advance and told to everybody; fixed once the period begins."
        ),
    )
    opens_at = models.DateTimeField(
        gettext_lazy("open from"),
        null=True,
        blank=True,
        help_text=gettext_lazy("Empty: from the beginning of the topic's period."),
    )
    closes_at = models.DateTimeField(
        gettext_lazy("open until"),
        null=True,
        blank=True,
        help_text=gettext_lazy("Empty: until the end of the topic's period."),
    )
    response_limit = models.PositiveIntegerField(
        gettext_lazy("at most this many responses"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=gettext_lazy("Empty: no limit."),
    )
    correction = models.TextField(
        gettext_lazy("what is corrected"),
        blank=True,
        max_length=500,
        help_text=gettext_lazy(
            "Once people have answered, questions are changed only with a note that "
            "says to everybody what is corrected and why. It makes a new version."
        ),
    )
    #: Live in Wagtail but not shown: it asks something else than the other languages.
    withheld = models.BooleanField(default=False, editable=False)

    base_form_class = SurveyPageForm
    form_builder = SurveyFormBuilder
    subpage_types: list[str] = []
    # Wagtail's forms have a landing page; ours is the receipt of the register.
    landing_page_template = "wagtail_eparticipation/surveys/survey_page.html"
    preview_modes = [
        ("page", gettext_lazy("Page")),
        ("form", gettext_lazy("Form")),
        ("questions", gettext_lazy("All questions with their conditions")),
    ]
    exclude_fields_in_copy = ["withheld", "correction"]
    translatable_fields = TranslatableFields(
        texts=["title", "slug", *TRANSLATED_FIELDS], facts=FACT_FIELDS
    )
    search_fields = [*Page.search_fields, index.SearchField("introduction")]
    content_panels = [
        *Page.content_panels,
        LanguagesPanel(),
        ConditionsPanel(),
        FieldPanel("introduction"),
        FieldPanel("questions"),
        MultiFieldPanel(
            [FieldPanel("opens_at"), FieldPanel("closes_at")],
            heading=gettext_lazy("A period of its own"),
            classname="collapsed",
        ),
        FieldPanel("response_limit"),
        FieldPanel("results_visibility"),
        FieldPanel("correction"),
    ]

    class Meta:
        abstract = True

    @classmethod
    def text_field_names(cls) -> list[str]:
        """Names of the fields that each language words for itself."""
        return ["title", "slug", *TRANSLATED_FIELDS]

    @classmethod
    def fact_field_names(cls) -> list[str]:
        """Names of the fields that are the same in every language."""
        return list(FACT_FIELDS)

    def with_content_json(self, content):
        page = super().with_content_json(content)
        page.withheld = self.withheld
        return page

    @cached_property
    def topic_page(self):
        """The page of the topic in this language; ``None`` before the first save.

        One query, with the process, its period and its policy.
        """
        if not self.path:
            return None
        topics = Consultation._meta.get_field("pages").related_model.objects
        # The policy's long content is read once in a process, see ``policy_of``.
        found = topics.select_related(
            "locale", "consultation__window", "consultation__policy_version"
        ).defer("consultation__policy_version__content")
        topic = found.filter(path=self.path[: -self.steplen]).first()
        parent = None if topic else self.get_parent()
        return topic or (parent and parent.specific)

    @property
    def consultation(self):
        """The process to which the responses belong, or ``None``."""
        return getattr(self.topic_page, "consultation", None)

    @property
    def is_public(self) -> bool:
        """Whether visitors may see it: the topic is public and the languages agree."""
        topic = self.topic_page
        shown = topic is not None and topic.live and getattr(topic, "is_public", False)
        return shown and not self.withheld

    def parts_list(self) -> list[Part]:
        """The pages of the form in order, as plain values, worded in its language."""
        known = self.__dict__.get("_parts_read")
        # A page under edit is given other questions.
        if known is None or known[0] is not self.questions:
            with override(self.locale.language_code):
                known = self.questions, parts_in(self.questions)
            self.__dict__["_parts_read"] = known
        return known[1]

    def questions_list(self) -> list[Question]:
        """The questions in order, as plain values."""
        return in_parts(self.parts_list())

    def clean(self):
        super().clean()
        errors = {}
        questions = self.questions_list()
        if self.live and not questions:
            errors["questions"] = _("A survey needs at least one question.")
        elif repeated_ids(questions):
            errors["questions"] = _(
                "Two questions or options share an id, so their answers could not be "
                "told apart. Delete one of them and add it anew."
            )
        window = getattr(self.consultation, "window", None)
        for name in periods.problems(self, window):
            errors[name] = _("This does not lie within the period of the topic.")
        if self.opens_at and self.closes_at and self.opens_at >= self.closes_at:
            errors["closes_at"] = _("This is not after the beginning.")
        if self.slug and find_route(self.slug) is not None:
            errors["slug"] = _("“%(slug)s” is an address of the topic itself.") % {
                "slug": self.slug
            }
        if self.pk:
            errors |= settled_errors(self)
        if errors:
            raise ValidationError(errors)

    def publication_problems(self) -> list[str]:
        """What stands in the way of publishing this language (AC-S4-E4, R-4.1d)."""
        parts = self.parts_list()
        if not in_parts(parts):
            return [_("A survey needs at least one question.")]
        errors = errors_in(parts) + self._files_nobody_takes(parts)
        leader = agreement.leader_for(self)
        if leader is None:
            return errors
        language = leader.locale.get_display_name()
        return errors + [
            _("This differs from the version in %(language)s: %(difference)s")
            % {"language": language, "difference": difference}
            for difference in agreement.disagreements(self, leader)
        ]

    def _files_nobody_takes(self, parts) -> list[str]:
        asked = next(filter(is_files, in_parts(parts)), None)
        if asked is None or self.consultation is None or taken_on(self.consultation):
            return []
        return [
            _(
                "“%(question)s” asks for files, which the topic does not take: switch"
                " them on in the topic's desk, or take the question out."
            )
            % {"question": asked.label}
        ]

    def get_lock(self):
        topic = self.topic_page
        if topic is not None and hasattr(topic, "consultation") and is_sealed(topic):
            return ArchiveLock(self)
        return super().get_lock()

    def permissions_for_user(self, user):
        return SurveyPagePermissions(user, self)

    def get_form_fields(self):
        return self.questions_list()

    def get_form_class(self):
        parts = self.parts_list()
        return self.form_builder(in_parts(parts), parts).get_form_class()

    def get_form(self, *args, **kwargs):
        form = super().get_form(*args, **kwargs)
        form.show_full(places.full_options(self))
        return form

    def get_data_fields(self):
        return [
            ("submit_time", _("Received")),
            ("reference", _("Number in the register")),
            ("state", _("State")),
            ("language", _("Language")),
            *((q.clean_name, q.label) for q in counted_in(asked_ever(self))),
        ]

    def get_submission_class(self):
        return SurveyResponse

    def get_submissions(self):
        """The responses of all languages: one survey, one list (AC-S4-E6)."""
        found = SurveyResponse.objects.filter(survey_key=self.translation_key)
        return found.for_listing()

    def get_submissions_list_view_class(self):
        from wagtail_eparticipation.surveys.submissions import SubmissionsView

        return self.submissions_list_view_class or SubmissionsView

    def route(self, request, path_components):
        if not (self.live and self.is_public):
            raise Http404
        if path_components == ["answer"]:
            return RouteResult(self, kwargs={"form": True})
        return super().route(request, path_components)

    def serve(self, request, form=False):
        from wagtail_eparticipation.surveys import views

        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        request.is_preview = False
        return views.ask(request, self) if form else views.show(request, self)

    def serve_preview(self, request, mode_name):
        from wagtail_eparticipation.surveys import overview, views

        request.is_preview = True
        if mode_name == "questions":
            return overview.preview(request, self)
        return views.preview(request, self, mode_name)

    def get_context(self, request, *args, **kwargs):
        from wagtail_eparticipation.surveys.presentation import survey_context

        # FormMixin adds nothing to a page's context but in previews, which are ours.
        context = super().get_context(request, *args, **kwargs)
        context.update(survey_context(request, self))
        context["version"] = SimpleLazyObject(lambda: told(self))
        return context

    def get_sitemap_urls(self, request=None):
        return super().get_sitemap_urls(request) if self.is_public else []


class SurveyPage(SurveyPageMixin, Page):  # noqa: DJ008 (a page is its title)
    """A survey of a consultation, in one language."""

    # Wagtail gives each class its own template: the mixin's would be passed over.
    template = "wagtail_eparticipation/surveys/survey_page.html"
    parent_page_types = ["wagtail_eparticipation.ConsultationPage"]
    page_description = gettext_lazy(
        "Questions with free text or options, counted over all languages."
    )

    class Meta:
        verbose_name = gettext_lazy("survey page")
        verbose_name_plural = gettext_lazy("survey pages")
