"""The process: one language-neutral record per topic, whatever its languages."""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.calendars.words import validate_sayable
from wagtail_eparticipation.consultations.at_stage import ConsultationQuerySet
from wagtail_eparticipation.consultations.audience_modes import (
    AudienceMode,
    IdentityMode,
)
from wagtail_eparticipation.consultations.moderation_modes import ModerationMode
from wagtail_eparticipation.consultations.stages import (
    ALWAYS_TWO_PEOPLE,
    Stage,
    Stored,
    next_change,
    stage_at,
)
from wagtail_eparticipation.languages import LocalisedTextField, pick


class Kind(models.TextChoices):
    """What a topic is about; selects minimum period and forms (R-1.2b)."""

    DECISION = "decision", _("Decision")
    REGULATION = "regulation", _("Regulation text")
    SERVICE = "service", _("Service or product")
    ISSUE = "issue", _("Issue or phenomenon")


class Consultation(models.Model):
    """One topic from putting-forward to archive (P-5).

    Its pages, one per language, share ``translation_key``. Everything that citizens
    write and officials decide hangs here, never on a page, so that Arabic and
    English voices are counted once and together. ``stored_stage`` is changed by
    ``consultations.acts`` alone.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    translation_key = models.UUIDField(unique=True, editable=False)
    reference = models.CharField(_("reference"), max_length=40, unique=True)
    titles = LocalisedTextField(_("titles"), blank=True, editable=False)
    stored_stage = models.CharField(
        _("stored stage"),
        max_length=20,
        choices=Stored.choices,
        default=Stored.DRAFT,
        editable=False,
    )
    stage_since = models.DateTimeField(_("stage since"), editable=False)
    kind = models.CharField(
        _("kind"), max_length=20, choices=Kind.choices, default=Kind.DECISION
    )
    department = models.ForeignKey(
        "wagtail_eparticipation.Department",
        verbose_name=_("responsible department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="consultations",
    )
    policy_version = models.ForeignKey(
        "wagtail_eparticipation.PolicyVersion",
        verbose_name=_("policy version"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    audience_mode = models.CharField(
        _("audience"),
        max_length=20,
        choices=AudienceMode.choices,
        default=AudienceMode.PUBLIC,
    )
    identity_mode = models.CharField(
        _("identity"),
        max_length=20,
        choices=IdentityMode.choices,
        default=IdentityMode.ANONYMOUS,
    )
    #: Changed by the act ``change_moderation`` alone once the topic is public.
    moderation_mode = models.CharField(
        _("moderation"),
        max_length=20,
        choices=ModerationMode.choices,
        default=ModerationMode.BEFORE,
        editable=False,
    )
    information_only = models.BooleanField(_("information only"), default=False)
    analysis_simplified = models.BooleanField(_("analysis simplified"), default=False)
    ended_as = models.CharField(max_length=20, blank=True, editable=False)
    #: Whether people may attach files; switched on the desk (R-7.10b).
    takes_files = models.BooleanField(_("takes files"), default=False)
    planned_decision_on = models.DateField(
        _("planned date of decision"), null=True, blank=True
    )
    retention_class = models.CharField(_("retention class"), max_length=60, blank=True)
    published_count = models.PositiveIntegerField(default=0, editable=False)
    #: Questions and answers shown now; kept, so that pages without any ask nothing.
    clarification_count = models.PositiveIntegerField(default=0, editable=False)
    #: Whether others counted something, or posts reached people: the page asks then.
    has_figures_apart = models.BooleanField(default=False, editable=False)
    #: Hours, holidays and the usual time of a reply, see ``replies.contact_times``.
    contact_times = models.JSONField(default=dict, editable=False)
    created_at = models.DateTimeField(editable=False)

    objects = ConsultationQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-id"]
        permissions = [
            ("request_act", _("Can request extending, closing, withdrawing …")),
            ("authorise_act", _("Can authorise an act that another person requested")),
            ("moderate_participation", _("Can moderate participations")),
            ("analyse_participation", _("Can analyse participations")),
            ("take_decision", _("Can record and announce decisions")),
            ("close_consultation", _("Can close and archive consultations")),
            ("view_identity", _("Can open sealed identities, with a reason")),
            ("reply_officially", _("Can reply in the municipality's name")),
        ]

    def __str__(self):
        return f"{self.reference} {self.title}".strip()

    def get_absolute_url(self) -> str:
        """Address of the page in the reader's language; empty when none is live."""
        page = self.page_in()
        return (page.get_url() or "") if page else ""

    @property
    def title(self) -> str:
        """The title in the active language."""
        return pick(self.titles)

    def stage(self, now=None) -> Stage:
        """Where the topic stands at ``now`` (the present when not given)."""
        window = getattr(self, "window", None)
        return stage_at(
            self.stored_stage,
            window and window.opens_at,
            window and window.closes_at,
            now or clock.now(),
        )

    def next_change(self, now=None):
        """The instant of the next change by the clock, or ``None``."""
        window = getattr(self, "window", None)
        return next_change(
            self.stored_stage,
            window and window.opens_at,
            window and window.closes_at,
            now or clock.now(),
        )

    def page_in(self, language: str | None = None):
        """The live page in a language, else the first live one, else ``None``."""
        shown = self.pages.filter(live=True, withheld=False)
        pages = list(shown.select_related("locale"))
        wanted = (language or get_language() or "").split("-")[0]
        for page in pages:
            if page.locale.language_code.split("-")[0] == wanted:
                return page
        return min(pages, key=lambda page: page.pk, default=None)


class Origin(models.TextChoices):
    """Why a period exists."""

    PLANNED = "planned", _("As planned")
    EXTENSION = "extension", _("Extended")
    EARLY_CLOSE = "early_close", _("Closed early")
    REOPENING = "reopening", _("Reopened")
    SKIPPED = "skipped", _("Collection skipped")


class Period(models.Model):
    """One setting of the dates, kept for good; the last one is in force (R-5.1.2c)."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="periods"
    )
    number = models.PositiveSmallIntegerField()
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"))
    origin = models.CharField(max_length=20, choices=Origin.choices)
    act = models.ForeignKey(
        "wagtail_eparticipation.Act",
        null=True,
        on_delete=models.PROTECT,
        related_name="periods",
    )
    recorded_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ["consultation", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"], name="eparticipation_period_number"
            ),
            models.CheckConstraint(
                condition=models.Q(closes_at__gte=models.F("opens_at")),
                name="eparticipation_period_order",
            ),
        ]

    def __str__(self):
        return f"{self.consultation_id}/{self.number}"


class CollectionWindow(models.Model):
    """The dates in force, in one row that the door and the acts agree on.

    A submit holds it shared, an act that changes it holds it exclusively; each reads
    the database's clock only then (spec, Part C.1; AC-S3-F5). Counters never live
    here.
    """

    consultation = models.OneToOneField(
        Consultation,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="window",
    )
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(db_index=True)
    #: False after withdrawal: nothing is accepted whatever the dates say.
    accepting = models.BooleanField(default=True)
    #: Channels that an act switched off: ``{channel: {"since", "reason"}}`` (R-4.3c).
    closed_channels = models.JSONField(default=dict, editable=False)
    #: Which opening and closing the periodic job has already written down.
    noted_opening = models.DateTimeField(null=True, editable=False)
    noted_closing = models.DateTimeField(null=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("collection window")
        verbose_name_plural = _("collection windows")

    def __str__(self):
        return f"{self.opens_at:%Y-%m-%d %H:%M} – {self.closes_at:%Y-%m-%d %H:%M}"


class Act(models.Model):
    """A named act on the process: who asked, who authorised, why (R-5.0b, R-2.1b)."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Waiting for a second person")
        DONE = "done", _("Done")
        DECLINED = "declined", _("Declined")
        LAPSED = "lapsed", _("No longer possible")

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="acts"
    )
    name = models.CharField(_("act"), max_length=30)
    state = models.CharField(max_length=12, choices=State.choices)
    reason_code = models.CharField(_("reason code"), max_length=60, blank=True)
    clause = models.CharField(_("clause"), max_length=20, blank=True)
    reason = LocalisedTextField(_("reason, shown in public"), blank=True)
    parameters = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    requested_at = models.DateTimeField()
    authorised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    done_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["consultation", "state"], name="eparticipation_act_state"
            )
        ]
        constraints = [
            # Whatever code writes the row: two different people (R-5.0b).
            models.CheckConstraint(
                condition=~models.Q(name__in=ALWAYS_TWO_PEOPLE)
                | ~models.Q(state="done")
                | ~models.Q(requested_by=models.F("authorised_by")),
                name="eparticipation_act_two_people",
            )
        ]

    def __str__(self):
        return f"{self.consultation_id} {self.name} ({self.state})"


class RequestVersion(models.Model):
    """The approved request for participation, frozen with all its languages.

    ``content`` is ``{language: {field: value}}``; ``checksum`` is the SHA-256 of its
    canonical JSON, so re-rendering proves itself (R-5.1.1a, AC-S1-B2).
    """

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="request_versions"
    )
    number = models.PositiveSmallIntegerField()
    content = models.JSONField(encoder=DjangoJSONEncoder)
    checksum = models.CharField(max_length=64)
    change_note = LocalisedTextField(_("change note"), blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    approved_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("request version")
        verbose_name_plural = _("request versions")
        ordering = ["consultation", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"], name="eparticipation_request_number"
            )
        ]

    def __str__(self):
        return f"{self.consultation_id} v{self.number}"


class PublicationAct(models.Model):
    """One publication of the topic outside the portal, with its proof (R-5.2.1b)."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DONE = "done", _("Done")
        NOT_USED = "not_used", _("Not used")

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="publication_acts"
    )
    medium = models.CharField(_("medium"), max_length=60)
    account = models.CharField(_("account"), max_length=120, blank=True)
    url = models.URLField(_("address"), blank=True, max_length=500)
    text = models.TextField(_("text as posted"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PLANNED
    )
    reason = LocalisedTextField(_("reason why it was not used"), blank=True)
    happened_at = models.DateTimeField(
        _("published at"), null=True, blank=True, validators=[validate_sayable]
    )
    proof = models.FileField(
        _("proof"), upload_to="eparticipation/proofs/", blank=True, max_length=255
    )
    proof_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["consultation", "happened_at", "id"]

    def __str__(self):
        return f"{self.medium} ({self.get_state_display()})"
