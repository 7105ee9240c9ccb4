"""Why a decision was not taken; each message is for the moderator to read."""

from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations import acts


class CannotDecide(Exception):
    """Base of all; ``str()`` says what happened and what to do next."""

    def __init__(self, message: str):
        self.message = message
        super().__init__(message)


class StateChanged(CannotDecide):
    """Somebody else decided, or its author changed it, meanwhile (AC-S3-D3)."""

    def __init__(self, state_name: str):
        super().__init__(
            _(
                "Nothing was saved: this participation has changed since you opened "
                "it. Its state is now: %(state)s. Please read it again."
            )
            % {"state": state_name}
        )


class AwaitingSecondPerson(CannotDecide):
    """A proposal about this item is open."""

    def __init__(self):
        super().__init__(
            _(
                "A decision about this participation is waiting for a second person. "
                "It must be confirmed or declined first."
            )
        )


class OutcomeNotPossible(CannotDecide):
    """The item's state or the topic's stage does not allow it."""

    def __init__(self, outcome, state_name: str):
        super().__init__(
            _(
                "“%(outcome)s” is not possible for a participation in this state: "
                "%(state)s."
            )
            % {"outcome": outcome.label, "state": state_name}
        )


class TopicIsClosed(CannotDecide):
    """After the formal closing the register is fixed."""

    def __init__(self):
        super().__init__(
            _(
                "The consultation has been formally closed. Only taking something "
                "down is still possible."
            )
        )


class PublicationDeclined(CannotDecide):
    """The author's own choice stands above the moderator's (R-6.4.1a)."""

    def __init__(self):
        super().__init__(
            _(
                "This participation cannot be published: its author chose that it be "
                "counted only, or it has no text."
            )
        )


class ReasonNeeded(CannotDecide):
    """No reason code was given where one is needed."""

    def __init__(self):
        super().__init__(_("Choose the rule and the reason for this decision."))


class ReasonNotAllowed(CannotDecide):
    """The policy has no such reason for this outcome (R-7.1b, R-7.2a)."""

    def __init__(self, code: str):
        super().__init__(
            _("“%(code)s” is not a reason for this decision in the topic's policy.")
            % {"code": code}
        )


class GroundNeeded(CannotDecide):
    """A sensitive decision needs a written ground (R-7.3a)."""

    def __init__(self):
        super().__init__(
            _("Write the ground: this decision must be confirmed by a second person.")
        )


class SamePerson(CannotDecide, acts.SamePerson):
    """Proposer and confirmer must differ."""

    def __init__(self):
        super().__init__(
            _("You proposed this decision yourself; another person must confirm it.")
        )


class NotOpen(CannotDecide):
    """The proposal was confirmed or declined already."""

    def __init__(self):
        super().__init__(_("This proposal has been dealt with already."))


class PlaceNotThere(CannotDecide):
    """A place to hide is not in the words, or nothing was chosen (R-7.8b)."""

    def __init__(self):
        super().__init__(
            _(
                "Nothing was hidden: choose the places again. The text may have "
                "changed since you opened it."
            )
        )


class PlacesNeeded(CannotDecide):
    """Publishing with places hidden needs places."""

    def __init__(self):
        super().__init__(_("Choose at least one place that is to be hidden."))


class OriginalDestroyed(CannotDecide):
    """The key of a sealed original is gone, or the master keys do not fit."""

    def __init__(self):
        super().__init__(
            _("The original was destroyed; what was hidden cannot be shown any more.")
        )


class ObjectionDecided(CannotDecide):
    """Somebody else decided about the objection."""

    def __init__(self):
        super().__init__(_("This objection has been decided already."))


class SameAsObjected(CannotDecide, acts.SamePerson):
    """Who decided does not decide about the objection (R-7.0.2d)."""

    def __init__(self):
        super().__init__(
            _(
                "The objection is against your own decision; another person must "
                "decide about it."
            )
        )


class AnswerNeeded(CannotDecide):
    """An objection is answered in words."""

    def __init__(self):
        super().__init__(_("Write what the participant is told about the objection."))
