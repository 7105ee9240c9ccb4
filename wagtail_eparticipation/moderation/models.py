"""Decisions about participations: who decided what, under which clause (R-5.3.1c)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.participations.models import Participation, State


class Outcome(models.TextChoices):
    """What a moderator may decide; :data:`RESULTS` says what becomes of the item."""

    PUBLISH = "publish", _("Publish")
    PUBLISH_REDACTED = "publish_redacted", _("Publish with places hidden")
    KEEP_UNPUBLISHED = "keep_unpublished", _("Keep unpublished, but count")
    REFUSE = "refuse", _("Refuse, do not count")
    REROUTE = "reroute", _("Pass on to the complaint service")
    TAKE_DOWN = "take_down", _("Take down")


#: The state of a participation after each outcome.
RESULTS = {
    Outcome.PUBLISH: State.PUBLISHED,
    Outcome.PUBLISH_REDACTED: State.PUBLISHED,
    Outcome.KEEP_UNPUBLISHED: State.UNPUBLISHED,
    Outcome.REFUSE: State.REFUSED,
    Outcome.REROUTE: State.REROUTED,
    Outcome.TAKE_DOWN: State.TAKEN_DOWN,
}

#: Outcomes after which the public reads it.
SHOWING = frozenset({Outcome.PUBLISH, Outcome.PUBLISH_REDACTED})


class DecisionQuerySet(models.QuerySet):
    """Cuts through the decisions."""

    def awaiting_confirmation(self):
        """Proposals that a second person can still confirm, oldest first."""
        at_once = Q(
            outcome=Outcome.TAKE_DOWN, participation__state=RESULTS[Outcome.TAKE_DOWN]
        )
        return self.filter(
            Q(participation__state=F("state_from")) | at_once,
            state=ModerationDecision.State.PROPOSED,
        ).order_by("id")

    def in_force(self):
        """Those that were carried out, and not undone."""
        at_once = Q(outcome=Outcome.TAKE_DOWN, state=ModerationDecision.State.PROPOSED)
        return self.filter(Q(state=ModerationDecision.State.CONFIRMED) | at_once)

    def settling(self):
        """Those in force that say where it stands.

        Hiding a place in what is unpublished already leaves it where it was, by
        whom and under the rule that it was.
        """
        return self.in_force().exclude(
            outcome=Outcome.KEEP_UNPUBLISHED, state_from=State.UNPUBLISHED
        )


class ModerationDecision(models.Model):
    """One decision about one participation; kept for good, never changed back.

    ``ground`` is the moderator's own explanation, for staff only. A decision that
    needs a second person starts as a proposal and changes nothing until that person
    confirms it; only a taking down has its effect at once. ``open_for`` lets the
    database allow one open proposal an item.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waiting for a second person")
        CONFIRMED = "confirmed", _("In force")
        DECLINED = "declined", _("Declined by the second person")
        SUPERSEDED = "superseded", _("Settled: the author changed or withdrew it")

    participation = models.ForeignKey(
        Participation,
        on_delete=models.PROTECT,
        related_name="decisions",
        verbose_name=_("participation"),
    )
    outcome = models.CharField(_("decision"), max_length=20, choices=Outcome.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    state_from = models.CharField(max_length=20)
    revision = models.PositiveSmallIntegerField(default=1)
    reason_code = models.CharField(_("reason code"), max_length=60, blank=True)
    sub_code = models.CharField(_("sub-code"), max_length=60, blank=True)
    clause = models.CharField(_("clause"), max_length=20, blank=True)
    ground = models.TextField(_("ground, for staff only"), blank=True)
    criticises_work = models.BooleanField(default=False)
    #: What is hidden with it: places in the words that the moderator saw.
    places = models.JSONField(default=list, editable=False)
    releases_links = models.BooleanField(default=False, editable=False)
    #: The author's objection that it answers.
    meets = models.ForeignKey(
        "wagtail_eparticipation.Objection",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="new_decisions",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("moderator"),
    )
    decided_at = models.DateTimeField(_("decided at"))
    second_person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("second person"),
    )
    second_person_at = models.DateTimeField(null=True)
    open_for = models.OneToOneField(
        Participation,
        null=True,
        on_delete=models.PROTECT,
        related_name="open_proposal",
    )

    objects = DecisionQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("moderation decision")
        verbose_name_plural = _("moderation decisions")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "id"], name="eparticipation_proposals")
        ]

    def __str__(self):
        return f"{self.participation_id} {self.outcome} ({self.state})"

    @property
    def full_code(self) -> str:
        """The reason as the policy names it: ``rule-4.racism``."""
        return ".".join(filter(None, [self.reason_code, self.sub_code]))

    @property
    def is_in_effect(self) -> bool:
        """Whether it has effect already while a second person is still to answer."""
        return self.state == self.State.PROPOSED and self.outcome == Outcome.TAKE_DOWN

    @property
    def waits_in(self) -> str:
        """The participation's state while this proposal is open."""
        return RESULTS[self.outcome] if self.is_in_effect else self.state_from

    @property
    def only_hides(self) -> bool:
        """Whether it left unpublished what was so before."""
        kept = self.outcome == Outcome.KEEP_UNPUBLISHED
        return kept and self.state_from == State.UNPUBLISHED

    @property
    def is_restoration(self) -> bool:
        """Whether it brought something back that was kept or taken away."""
        return self.outcome in SHOWING and self.state_from in (
            State.UNPUBLISHED,
            State.TAKEN_DOWN,
        )
