"""One topic in one language: what is asked, and what nobody may change later."""

from datetime import UTC, datetime, time

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index
from wagtail.url_routing import RouteResult

from wagtail_eparticipation.calendars.words import LAST_YEAR, day_end, last_day
from wagtail_eparticipation.conf import DEFAULTS, get_setting, municipal_zone
from wagtail_eparticipation.consultations.article_checks import lost_articles
from wagtail_eparticipation.consultations.audience_modes import IdentityMode
from wagtail_eparticipation.consultations.channel_table import closed_in_table
from wagtail_eparticipation.consultations.completeness import SUMMARY_WORDS
from wagtail_eparticipation.consultations.locks import (
    UNSEEN,
    ArchiveLock,
    ConsultationPagePermissions,
    is_sealed,
)
from wagtail_eparticipation.consultations.models import Consultation, Origin
from wagtail_eparticipation.consultations.page_checks import settled_errors
from wagtail_eparticipation.consultations.panels import consultation_edit_handler
from wagtail_eparticipation.consultations.request_fields import (
    RequestConduct,
    RequestDefinition,
)
from wagtail_eparticipation.consultations.routes import find_route
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.consultations.tool_fields import RequestTools
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.translation import TranslatableFields

#: Worded in each language; everything else of the request follows the original.
TRANSLATED_FIELDS = (
    "question",
    "summary",
    "background",
    "place",
    "glossary",
    "documents",
    "articles",
    "decision_open",
    "already_fixed",
    "objectives",
    "initial_study",
    "indicators",
    "decision_maker",
    "channels",
    "suggestion_categories",
    "polls",
    "audience_reason",
    "audience",
    "privacy_basis",
    "privacy_purpose",
    "privacy_recipients",
    "privacy_retention",
)

#: One for all languages: a translation takes them over and cannot change them.
FACT_FIELDS = (
    "kind",
    "department",
    "planned_decision_on",
    "project_page",
    "project_reference",
    "opens_on",
    "opens_time",
    "closes_on",
    "closes_time",
    "tools",
    "results_display",
    "audience_mode",
    "identity_mode",
    "excluded_languages",
    "change_note",
    "subject_links",
)
#: What the process decides once it is published; never edited on the page again.
SETTLED_BY_PUBLICATION = ("kind", "audience_mode", "identity_mode")


class LazyEditHandler:
    """The edit handler, made when it is first asked for."""

    def __get__(self, instance, owner):
        handler = owner.__dict__.get("_own_edit_handler")
        if handler is None:
            handler = owner._own_edit_handler = consultation_edit_handler(owner)
        return handler


class ConsultationPageMixin(RequestDefinition, RequestConduct, RequestTools):
    """One topic in one language; its process is shared by all its languages."""

    consultation = models.ForeignKey(
        Consultation,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="pages",
    )
    #: The original was corrected and this translation not yet (AC-S2-D1).
    update_pending = models.BooleanField(default=False, editable=False)
    #: A half-translated version, live in Wagtail but not shown (AC-S1-A2).
    withheld = models.BooleanField(default=False, editable=False)
    #: Words of the page in the spelling-tolerant form of ``normalise``.
    search_text = models.TextField(default="", blank=True, editable=False)

    exclude_fields_in_copy = [
        "consultation",
        "update_pending",
        "withheld",
        "search_text",
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("question"),
        index.SearchField("summary"),
        index.SearchField("background"),
    ]
    edit_handler = LazyEditHandler()
    translatable_fields = TranslatableFields(
        texts=("title", "slug", "seo_title", "search_description", *TRANSLATED_FIELDS),
        facts=FACT_FIELDS,
    )

    class Meta:
        abstract = True

    @classmethod
    def request_field_names(cls) -> list[str]:
        """Names of all fields that make up the request."""
        return [
            field.name
            for model in (RequestDefinition, RequestConduct, RequestTools)
            for field in model._meta.get_fields()
        ]

    @classmethod
    def text_field_names(cls) -> list[str]:
        """Names of the fields that each language words for itself."""
        return ["title", *TRANSLATED_FIELDS]

    def with_content_json(self, content):
        page = super().with_content_json(content)
        # A copied page's first revision still names the process of its origin.
        page.consultation_id = self.consultation_id
        page.update_pending = self.update_pending
        page.withheld = self.withheld
        page.search_text = self.search_text
        return page

    def original(self):
        """The page in which the topic was first written: facts are read from it."""
        if self.consultation_id is None:
            return self if self.pk else None
        if not hasattr(self, "_original"):
            pages = self.__class__.objects.filter(
                consultation_id=self.consultation_id, alias_of__isnull=True
            ).select_related("locale")
            self._original = pages.order_by("pk").first() or self
        return self if self._original.pk == self.pk else self._original

    @property
    def is_original(self) -> bool:
        """Whether the topic was first written on this page."""
        original = self.original()
        return original is None or original.pk == self.pk

    def sibling_versions(self) -> list:
        """The other languages as their editors last saved them."""
        others = self.__class__.objects.filter(
            consultation_id=self.consultation_id, alias_of__isnull=True
        ).exclude(pk=self.pk)
        if self.consultation_id is None:
            return []
        return [
            page.get_latest_revision_as_object()
            for page in others.select_related("locale").order_by("pk")
        ]

    def is_excluded(self, language: str) -> bool:
        """Whether this language may follow later, with a public note.

        The language in which the topic was first written never does.
        """
        original = self.original() or self
        if language == original.locale.language_code:
            return False
        return bool(self.excluded_languages.get(language, "").strip())

    def excluded_note(self, language: str) -> str:
        """The public note for readers of a language that is not there yet."""
        return (
            pick(self.excluded_languages, language)
            if self.is_excluded(language)
            else ""
        )

    def period(self) -> tuple[datetime, datetime] | None:
        """The planned ``(opens_at, closes_at)`` in UTC, half-open; ``None`` if unset.

        A day without a time opens at its start and closes at the midnight after it
        (AC-S1-A3). The dates in force are those of ``consultation.window``.
        """
        if self.opens_on is None or self.closes_on is None:
            return None
        if max(self.opens_on, self.closes_on).year > LAST_YEAR:
            return None
        zone = municipal_zone()
        opening = datetime.combine(self.opens_on, self.opens_time or time(0))
        if self.closes_time is None:
            closes_at = day_end(self.closes_on, zone)
        else:
            closing = datetime.combine(self.closes_on, self.closes_time)
            closes_at = closing.replace(tzinfo=zone).astimezone(UTC)
        return opening.replace(tzinfo=zone).astimezone(UTC), closes_at

    def period_errors(self) -> dict[str, str]:
        """Messages by field about dates that contradict each other (AC-S1-A4)."""
        period = self.period()
        errors = {}
        if period and period[1] <= period[0]:
            errors["closes_on"] = _("The period must end after it starts.")
        planned = self.planned_decision_on
        if period and planned and planned <= last_day(period[1]):
            errors["planned_decision_on"] = _(
                "The decision must come after the consultation."
            )
        return errors

    def clean(self):
        super().clean()
        errors = self.period_errors()
        words = len(self.summary.split())
        if words > SUMMARY_WORDS:
            errors["summary"] = _(
                "The summary has %(words)s words; %(limit)s are allowed at most."
            ) % {"words": words, "limit": SUMMARY_WORDS}
        if self.expire_at:
            errors["expire_at"] = _(
                "A topic does not expire: it is closed, or withdrawn with a reason, on"
                " its desk, and its page stays at its address."
            )
        if self.identity_mode == IdentityMode.VERIFIED and not has_provider():
            errors["identity_mode"] = _(
                "This site has no identity provider yet: its developers set one up with"
                " the setting IDENTITY_PROVIDER."
            )
        if self.pk and self.consultation_id and self.is_original:
            errors |= self._settled_errors()
        if self.pk and self.consultation_id:
            errors |= settled_errors(self)
        if errors:
            raise ValidationError(errors)

    def _settled_errors(self) -> dict[str, str]:
        """Refuse on the page what only an act may change after publication."""
        consultation = self.consultation
        planned = consultation.periods.filter(origin=Origin.PLANNED).first()
        if planned is None or consultation.stored_stage in UNSEEN:
            return {}
        errors = {}
        opening, closing = self.period() or (None, None)
        # A topic published after its planned opening opened when it was published.
        late = planned.opens_at == planned.recorded_at
        kept = opening == planned.opens_at or (
            late and opening is not None and opening < planned.opens_at
        )
        if not kept or closing != planned.closes_at:
            errors["closes_on"] = _(
                "The topic is published: its dates change only by the acts extend, "
                "close early or reopen, on the consultation's desk."
            )
        if lost := lost_articles(self):
            errors["articles"] = lost
        for name in SETTLED_BY_PUBLICATION:
            if getattr(self, name) != getattr(consultation, name):
                errors[name] = _("This is settled since the topic was published.")
        if self._shuts_a_channel():
            errors["channels"] = _(
                "The topic is published: a channel is switched off by the act “Switch a"
                " channel off”, on the consultation's desk, so that everybody is told."
            )
        return errors

    def _shuts_a_channel(self) -> bool:
        """Whether a way that people use would be closed by editing (R-4.3c)."""
        if self.consultation.stage() not in (Stage.FORTHCOMING, Stage.COLLECTING):
            return False
        shown_closed = {
            block.value["kind"]
            for block in self.channels
            if block.value["closed_reason"]
        }
        return bool(shown_closed - closed_in_table(self.consultation))

    def get_lock(self):
        return ArchiveLock(self) if is_sealed(self) else super().get_lock()

    def permissions_for_user(self, user):
        return ConsultationPagePermissions(user, self)

    @property
    def is_public(self) -> bool:
        """Whether visitors may see the topic: its process was published (C.2)."""
        if self.consultation is None or self.withheld:
            return False
        if self.alias_of_id and self.alias_of.locale_id != self.locale_id:
            # A place kept for a translation that nobody has written yet.
            return False
        return self.consultation.stored_stage not in UNSEEN

    def route(self, request, path_components):
        view = find_route(path_components[0]) if path_components else None
        if view is None:
            result = super().route(request, path_components)
            if not self.is_public:
                raise Http404
            return result
        if not (self.live and self.is_public):
            raise Http404
        return RouteResult(
            self, kwargs={"view": view, "rest": tuple(path_components[1:])}
        )

    def serve(self, request, view=None, rest=()):
        request.is_preview = False
        if view is not None:
            return view(request, self, *rest)
        response = super().serve(request)
        from wagtail_eparticipation.consultations.caching import limit_caching

        return limit_caching(response, [self.consultation])

    def get_context(self, request, *args, **kwargs):
        from wagtail_eparticipation.consultations.presentation import topic_context

        context = super().get_context(request, *args, **kwargs)
        context.update(topic_context(request, self))
        return context

    def get_view_restrictions(self):
        if getattr(self, "_unrestricted", False):
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions()

    def get_sitemap_urls(self, request=None):
        return super().get_sitemap_urls(request) if self.is_public else []

    def get_cached_paths(self):
        return ["/", "/draft/", "/request/", "/handled/", "/dates/", "/questions/"]


def has_provider() -> bool:
    """Whether the site names an identity provider of its own."""
    return get_setting("IDENTITY_PROVIDER") != DEFAULTS["IDENTITY_PROVIDER"]


def is_topic_page(instance) -> bool:
    """Whether an object is the page of a topic."""
    return isinstance(instance, ConsultationPageMixin)
