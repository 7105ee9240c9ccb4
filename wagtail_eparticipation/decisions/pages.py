"""The page on which a decision is drafted, approved and, later, read by everybody."""

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from wagtail_eparticipation.calendars.words import validate_sayable
from wagtail_eparticipation.consultations.locks import (
    ArchiveLock,
    ConsultationPagePermissions,
    is_sealed,
)
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import Stored
from wagtail_eparticipation.consultations.workflows import decision_workflow
from wagtail_eparticipation.translation import TranslatableFields

#: Stages in which a decision is public.
PUBLIC = frozenset({Stored.ANNOUNCED, Stored.CLOSED, Stored.ARCHIVED})

#: Worded in each language.
TRANSLATED_FIELDS = (
    "body",
    "asked",
    "said",
    "decision",
    "next_steps",
    "implementer",
    "correction_note",
)
#: The same in each language: synchronised, never translated.
FACT_FIELDS = ("number", "decided_on", "effective_on", "review_on")

RICH_TEXT = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]


class DecisionPageForm(WagtailAdminPageForm):
    """Starts a new decision from what the request already says."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        topic = self.parent_page and self.parent_page.specific
        if self.instance.pk or topic is None:
            return
        proposals = {
            "title": _("Decision: %(topic)s") % {"topic": topic.title},
            "slug": "decision",
            "asked": getattr(topic, "question", ""),
            "body": getattr(topic, "decision_maker", ""),
        }
        for name, value in proposals.items():
            if name in self.fields and not self.initial.get(name):
                self.initial[name] = value


class DecisionPagePermissions(ConsultationPagePermissions):
    """Nobody deletes or takes back what was announced, superusers neither.

    Nor is a decision moved: it belongs to the topic below which it stands.
    """

    def _is_public(self) -> bool:
        return self._stage() in PUBLIC

    def can_delete(self, ignore_bulk=False):
        if self._is_public():
            return False
        # The topic's own rule would keep drafts of the decision for good.
        return super(ConsultationPagePermissions, self).can_delete(ignore_bulk)

    def can_move(self):
        return False

    def can_publish(self):
        return self._can_publish()

    def can_unpublish(self):
        if self._is_public():
            return False
        return super(ConsultationPagePermissions, self).can_unpublish()


class DecisionPageMixin(models.Model):
    """A decision in one language: we asked, you said, we decided, what next.

    The answers to the themes are not written here: they are those of the analysis,
    so that they are the same in every language and in every notice. Until the act
    'announce' the page is under embargo, live or not (AC-S5-C1).
    """

    consultation = models.ForeignKey(
        Consultation,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="decision_pages",
    )
    number = models.CharField(
        gettext_lazy("decision number"), max_length=60, blank=True
    )
    decided_on = models.DateField(
        gettext_lazy("date of the decision"),
        null=True,
        blank=True,
        validators=[validate_sayable],
    )
    body = models.CharField(
        gettext_lazy("decided by"),
        max_length=200,
        blank=True,
        help_text=gettext_lazy("The entity or office that decided, not a person."),
    )
    asked = models.TextField(
        gettext_lazy("what we asked"),
        blank=True,
        help_text=gettext_lazy("Taken from the request; shorten it if needed."),
    )
    said = RichTextField(
        gettext_lazy("what you said: introduction"),
        blank=True,
        features=RICH_TEXT,
        help_text=gettext_lazy(
            "The numbers and the themes with their answers follow by themselves."
        ),
    )
    decision = RichTextField(
        gettext_lazy("what we decided"), blank=True, features=RICH_TEXT
    )
    next_steps = RichTextField(
        gettext_lazy("what happens next"), blank=True, features=RICH_TEXT
    )
    effective_on = models.DateField(
        gettext_lazy("in force from"),
        null=True,
        blank=True,
        validators=[validate_sayable],
    )
    implementer = models.CharField(
        gettext_lazy("carried out by"), max_length=200, blank=True
    )
    review_on = models.DateField(
        gettext_lazy("date of the review"),
        null=True,
        blank=True,
        validators=[validate_sayable],
    )
    correction_note = models.TextField(
        gettext_lazy("what was corrected"),
        blank=True,
        help_text=gettext_lazy(
            "After the announcement every change needs a public note; the earlier "
            "version stays readable."
        ),
    )

    base_form_class = DecisionPageForm
    subpage_types: list[str] = []
    max_count_per_parent = 1
    exclude_fields_in_copy = ["consultation"]
    translatable_fields = TranslatableFields(
        texts=("title", "slug", "seo_title", "search_description", *TRANSLATED_FIELDS),
        facts=FACT_FIELDS,
    )
    search_fields = [
        *Page.search_fields,
        index.SearchField("asked"),
        index.SearchField("decision"),
        index.SearchField("next_steps"),
    ]
    content_panels = [
        *Page.content_panels,
        HelpPanel(
            content=gettext_lazy(
                "Approval does not publish this page. It becomes public in all "
                "languages at the same moment, by the act 'announce' on the desk of "
                "the consultation."
            )
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("number"), FieldPanel("decided_on")]),
                FieldPanel("body"),
            ],
            heading=gettext_lazy("Record"),
        ),
        FieldPanel("asked"),
        FieldPanel("said"),
        FieldPanel("decision"),
        FieldPanel("next_steps"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("effective_on"), FieldPanel("review_on")]),
                FieldPanel("implementer"),
            ],
            heading=gettext_lazy("Carrying it out"),
        ),
        FieldPanel("correction_note"),
    ]

    class Meta:
        abstract = True

    def with_content_json(self, content):
        page = super().with_content_json(content)
        page.consultation_id = self.consultation_id
        return page

    def clean(self):
        super().clean()
        errors = {}
        if (
            self.decided_on
            and self.effective_on
            and self.effective_on < self.decided_on
        ):
            errors["effective_on"] = _("A decision cannot be in force before its date.")
        if self.decided_on and self.review_on and self.review_on <= self.decided_on:
            errors["review_on"] = _("The review must come after the decision.")
        if self.expire_at:
            errors["expire_at"] = _(
                "A decision does not expire: its page stays at its address."
            )
        if self.is_public and self._lacks_correction_note():
            errors["correction_note"] = _(
                "Say what was corrected: the announced decision is already public."
            )
        if errors:
            raise ValidationError(errors)

    def consultation_of_parent(self):
        """The process of the topic below which the page stands, or ``None``."""
        parent = self.get_parent() if self.path else None
        return getattr(parent and parent.specific, "consultation", None)

    def _lacks_correction_note(self) -> bool:
        from wagtail_eparticipation.decisions.versions import (
            latest_version,
            words_of,
        )

        last = latest_version(self)
        if last is None or last.content["words"] == words_of(self):
            return False
        note = self.correction_note.strip()
        return not note or note == last.note

    @property
    def is_public(self) -> bool:
        """Whether the embargo is over: the act 'announce' was done."""
        return (
            self.consultation is not None and self.consultation.stored_stage in PUBLIC
        )

    @property
    def language(self) -> str:
        """The code of the page's language."""
        return self.locale.language_code

    @property
    def question(self) -> str:
        """What was asked: the editor's words, else the topic's question."""
        if self.asked.strip():
            return self.asked
        return getattr(self.get_parent().specific, "question", "")

    def get_workflow(self):
        # The hub's workflow, inherited through the topic, begins with its review.
        return decision_workflow() or super().get_workflow()

    def get_lock(self):
        return ArchiveLock(self) if is_sealed(self) else super().get_lock()

    def permissions_for_user(self, user):
        return DecisionPagePermissions(user, self)

    def route(self, request, path_components):
        if not (self.live and self.is_public):
            raise Http404
        if len(path_components) == 2 and path_components[0] == "version":
            return RouteResult(self, kwargs={"version": path_components[1]})
        return super().route(request, path_components)

    def serve(self, request, version=None):
        from wagtail_eparticipation.consultations.caching import limit_caching
        from wagtail_eparticipation.decisions import views

        if not self.is_public:
            raise Http404
        request.is_preview = False
        if version is None:
            response = super().serve(request)
        else:
            response = views.earlier_version(request, self, version)
        return limit_caching(response, [self.consultation])

    def serve_preview(self, request, mode_name):
        # The base renders through serve(), which the embargo refuses.
        from django.template.response import TemplateResponse

        request.is_preview = True
        return TemplateResponse(request, self.template, self.get_context(request))

    def get_context(self, request, *args, **kwargs):
        from wagtail_eparticipation.decisions.presentation import outcome_context

        context = super().get_context(request, *args, **kwargs)
        context.update(outcome_context(request, self))
        return context

    def get_sitemap_urls(self, request=None):
        return super().get_sitemap_urls(request) if self.is_public else []

    @classmethod
    def get_indexed_objects(cls):
        objects = super().get_indexed_objects()
        return objects.filter(consultation__stored_stage__in=PUBLIC)


class DecisionPage(DecisionPageMixin, Page):  # noqa: DJ008 (a page is its title)
    """The decision on a topic, in one language."""

    # Wagtail gives each class its own template: the mixin's would be passed over.
    template = "wagtail_eparticipation/decisions/decision_page.html"
    parent_page_types = ["wagtail_eparticipation.ConsultationPage"]
    page_description = gettext_lazy("The decision on a topic, announced by an act.")

    class Meta:
        verbose_name = gettext_lazy("decision page")
        verbose_name_plural = gettext_lazy("decision pages")
