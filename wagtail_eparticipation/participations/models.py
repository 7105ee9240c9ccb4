"""The register: every voice on a topic, whatever its tool and channel (R-3.1a)."""

import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.languages import direction, own_name


class Channel(models.TextChoices):
    """How a participation reached the municipality (P-4)."""

    PORTAL = "portal", _("Portal")
    SOCIAL = "social", _("Social media")
    NATIONAL = "national", _("National platform")
    COUNTER = "counter", _("Service counter")
    TELEPHONE = "telephone", _("Telephone")
    PAPER = "paper", _("Paper form")
    EMAIL = "email", _("E-mail")
    EVENT = "event", _("Event or meeting")


class State(models.TextChoices):
    """What became of a participation; :data:`COUNTED` says which are in totals."""

    RECEIVED = "received", _("Received, waiting for review")
    PUBLISHED = "published", _("Published")
    UNPUBLISHED = "unpublished", _("Not published, counted")
    TAKEN_DOWN = "taken_down", _("Taken down, counted")
    REFUSED = "refused", _("Refused, not counted")
    REROUTED = "rerouted", _("Passed on to the complaint service")
    QUARANTINED = "quarantined", _("In quarantine")
    UNCONFIRMED = "unconfirmed", _("Waiting for confirmation")
    WITHDRAWN = "withdrawn", _("Withdrawn by the participant")
    LATE = "late", _("Late box")
    ROLLED_BACK = "rolled_back", _("Taken back with its import")
    REPLACED = "replaced", _("Replaced by a later one of the same person")
    MERGED = "merged", _("Same person by another channel, counted once")


#: States in which a participation is part of the topic's totals.
COUNTED = frozenset(
    {State.RECEIVED, State.PUBLISHED, State.UNPUBLISHED, State.TAKEN_DOWN}
)


#: States in which no word of a participation is released any more.
TAKEN_BACK = frozenset({State.WITHDRAWN, State.ROLLED_BACK, State.REPLACED})


def number_of(public_id: uuid.UUID) -> str:
    """Short public number of a participation; not the receipt."""
    return public_id.hex[:8].upper()


def releasable(state: str, words: str) -> str:
    """The words as far as they may leave the register: searches, mails, exports.

    Empty once their author, or their import, was taken back (AC-S3-B2, AC-S3-I5).
    """
    return "" if state in TAKEN_BACK else words


class Publication(models.TextChoices):
    """The participant's own choice how the text is shown (R-6.4.1a)."""

    WITH_NAME = "with_name", _("Publish it with my name")
    WITHOUT_NAME = "without_name", _("Publish it without my name")
    NOT_PUBLISHED = "not_published", _("Do not publish it, but count it")


class Consent(models.TextChoices):
    """On what footing the participation is used (R-7.0.1a)."""

    EXPLICIT = "explicit", _("Accepted in the form")
    ORAL = "oral", _("Accepted orally")
    NONE = "none", _("No direct consent")


class Capacity(models.TextChoices):
    """In what capacity somebody takes part (R-6.1a)."""

    UNSTATED = "", _("Not stated")
    CITIZEN = "citizen", _("Citizen")
    RESIDENT = "resident", _("Resident")
    VISITOR = "visitor", _("Visitor")
    BUSINESS = "business", _("Business")
    ORGANISATION = "organisation", _("Organisation")
    GOVERNMENT = "government", _("Government entity")
    EXPERT = "expert", _("Expert")


class ParticipationQuerySet(models.QuerySet):
    """Cuts through the register."""

    def counted(self):
        """Those in the totals."""
        return self.filter(state__in=COUNTED)

    def waiting(self):
        """Those that a moderator has not looked at yet, oldest first."""
        return self.filter(state__in=[State.RECEIVED, State.QUARANTINED]).order_by("id")


class Participation(models.Model):
    """One row of the register, written by ``participations.door`` alone.

    Holds words and provenance, never identity (see :class:`Identity`), and no IP
    address, user agent or cookie (AC-S3-L1). ``text`` is plain text as accepted;
    ``text_html`` its cleaned HTML, kept so that no view cleans again.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        on_delete=models.PROTECT,
        related_name="participations",
        verbose_name=_("consultation"),
    )
    period = models.ForeignKey(
        "wagtail_eparticipation.Period",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    tool = models.CharField(_("tool"), max_length=30)
    channel = models.CharField(
        _("channel"), max_length=20, choices=Channel.choices, default=Channel.PORTAL
    )
    state = models.CharField(
        _("state"), max_length=20, choices=State.choices, default=State.RECEIVED
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    text_html = models.TextField(blank=True)
    #: Whether a moderator let the addresses in the text be links (R-7.10a).
    links_released = models.BooleanField(default=False, editable=False)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder, blank=True)
    language = models.CharField(_("language"), max_length=12)
    capacity = models.CharField(
        _("capacity"), max_length=20, choices=Capacity.choices, blank=True
    )
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replies",
    )
    #: The article of the draft that it is about, by the id of its block (R-4.1a).
    article = models.CharField(
        _("article"), max_length=40, blank=True, default="", editable=False
    )
    publication = models.CharField(
        _("publication"), max_length=20, choices=Publication.choices
    )
    public_name = models.CharField(
        _("name shown"),
        max_length=120,
        blank=True,
        help_text=_("Only the name its author chose to show."),
    )
    consent = models.CharField(_("consent"), max_length=10, choices=Consent.choices)
    consent_version = models.CharField(max_length=60, blank=True)
    consent_language = models.CharField(max_length=12, blank=True)
    request_version = models.PositiveSmallIntegerField(null=True)
    made_at = models.DateTimeField(_("made at"))
    received_at = models.DateTimeField(_("received at"), db_index=True)
    within_grace = models.BooleanField(default=False)
    late_reason = models.CharField(max_length=30, blank=True)
    revision = models.PositiveSmallIntegerField(default=1)
    idempotency_key = models.CharField(max_length=64, unique=True, editable=False)
    receipt_hash = models.CharField(max_length=64, unique=True, editable=False)
    sent_digest = models.CharField(max_length=64, blank=True, editable=False)
    # Null, not empty: unique where an outside source gave an id.
    source_key = models.CharField(  # noqa: DJ001
        max_length=64,
        null=True,
        blank=True,
        editable=False,
    )
    batch = models.CharField(max_length=40, blank=True, db_index=True)
    #: Keyed hash of who it was, different in each topic; empty where nobody asked.
    person_key = models.CharField(max_length=65, blank=True, editable=False)
    #: Keyed hash of the invitation's code; that of a group begins with "g".
    invited_key = models.CharField(max_length=65, blank=True, editable=False)
    #: Until when the address must be confirmed; null where there is nothing to confirm.
    confirm_until = models.DateTimeField(null=True, editable=False)
    #: What a person may have once only; null where it may be had again.
    once_key = models.CharField(  # noqa: DJ001
        max_length=64, null=True, blank=True, editable=False
    )
    replaces = models.OneToOneField(
        "self",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="replaced_by",
    )
    #: Set aside for a person to look at as soon as it is confirmed.
    suspicious = models.BooleanField(default=False, editable=False)
    segment = models.ForeignKey(
        "wagtail_eparticipation.Segment",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("segment of the public"),
    )
    #: Files sent with it that are still there; kept, never counted (R-7.10b).
    attachment_count = models.PositiveSmallIntegerField(default=0, editable=False)
    #: Keyed digest of the comparable words; see ``participations.matching``.
    words_key = models.CharField(max_length=32, blank=True, editable=False)

    objects = ParticipationQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["consultation", "state", "id"], name="eparticipation_register"
            ),
            models.Index(fields=["state", "id"], name="eparticipation_queue"),
            # What waits, in its order, whatever the size of the register; MariaDB
            # has none over a part of a table and reads the two indexes above.
            models.Index(
                fields=["id"],
                condition=models.Q(state__in=["received", "quarantined"]),
                name="eparticipation_waiting",
            ),
            models.Index(
                fields=["consultation", "id"],
                condition=models.Q(state__in=["received", "quarantined"]),
                name="eparticipation_waiting_in",
            ),
            models.Index(
                fields=["consultation", "article", "id"], name="eparticipation_article"
            ),
            models.Index(
                fields=["consultation", "words_key"], name="eparticipation_words"
            ),
            models.Index(
                fields=["consultation", "invited_key"], name="eparticipation_invited"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "source_key"], name="eparticipation_source_once"
            ),
            models.UniqueConstraint(
                fields=["consultation", "once_key"], name="eparticipation_person_once"
            ),
        ]

    def __str__(self):
        return f"{self.consultation_id}/{self.number}"

    @property
    def number(self) -> str:
        """Short public number, e.g. for staff and tombstones; not the receipt."""
        return number_of(self.public_id)

    @property
    def is_counted(self) -> bool:
        """Whether it is part of the topic's totals."""
        return self.state in COUNTED

    @property
    def language_name(self) -> str:
        """What the language it was written in calls itself."""
        return own_name(self.language, _("Another language"))

    @property
    def direction(self) -> str:
        """Writing direction of the language it was written in (R-7.2a)."""
        return direction(self.language)

    @property
    def releasable_text(self) -> str:
        """The only text that may leave the register, see :func:`releasable`."""
        return releasable(self.state, self.text)

    @property
    def releasable_title(self) -> str:
        """The title under the same rule as :attr:`releasable_text`."""
        return releasable(self.state, self.title)

    @property
    def releasable_sources(self) -> str:
        """What its author relies on, under the same rule (R-7.7a)."""
        return releasable(self.state, str(self.data.get("sources", "")))


class ParticipationRevision(models.Model):
    """An earlier wording of an amended participation; the latest counts (R-7.5a)."""

    participation = models.ForeignKey(
        Participation, on_delete=models.PROTECT, related_name="revisions"
    )
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    language = models.CharField(max_length=12, blank=True)
    publication = models.CharField(
        max_length=20, choices=Publication.choices, blank=True
    )
    replaced_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("earlier wording")
        verbose_name_plural = _("earlier wordings")
        ordering = ["participation", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "number"], name="eparticipation_revision_once"
            )
        ]

    def __str__(self):
        return f"{self.participation_id} r{self.number}"

    @classmethod
    def keep(cls, row: Participation, *, at, **more) -> None:
        """Keep what a participation says and chooses now, before it is changed.

        ``more`` is what another room keeps of it, or the register beside its words.
        """
        cls.objects.create(
            participation=row,
            number=row.revision,
            title=row.title,
            text=row.text,
            data={**row.data, **more},
            language=row.language,
            publication=row.publication,
            replaced_at=at,
        )


class PersonKey(models.Model):
    """The key of one person's sealed data; deleting the row is the erasure.

    ``wrapped`` is the person's own key, encrypted with a master key from the
    settings, so a database dump alone opens nothing (AC-S3-E6).
    """

    wrapped = models.BinaryField()
    created_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("person's key")
        verbose_name_plural = _("persons' keys")

    def __str__(self):
        return f"key {self.pk}"


class Identity(models.Model):
    """Who took part, apart from what was said and encrypted per person (R-7.8d).

    ``sealed`` holds a JSON document with name, e-mail and other contact data;
    ``contact_hash`` is a keyed hash of the e-mail for finding the same person again.
    """

    participation = models.OneToOneField(
        Participation, on_delete=models.PROTECT, related_name="identity"
    )
    key = models.ForeignKey(
        PersonKey, null=True, on_delete=models.SET_NULL, related_name="identities"
    )
    sealed = models.BinaryField()
    contact_hash = models.CharField(max_length=64, blank=True, db_index=True)
    has_contact = models.BooleanField(default=False)
    wants_news = models.BooleanField(default=True)
    language = models.CharField(max_length=12)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("sealed identity")
        verbose_name_plural = _("sealed identities")

    def __str__(self):
        return f"identity {self.pk}"
