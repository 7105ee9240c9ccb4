"""Why something is not taken in; each message is for the person who sent it."""

from django.core.exceptions import ValidationError


class DoorRefusal(ValidationError):
    """Nothing was taken in; the message says why, the form keeps the text."""


class NotOpenYet(DoorRefusal):
    """The period has not begun."""


class Shut(DoorRefusal):
    """The topic was withdrawn or formally closed."""


class NotAdmitted(DoorRefusal):
    """The topic is by invitation and nobody invited this person."""


class SignInFirst(DoorRefusal):
    """The topic asks for an account or a verified identity, and nobody is known."""


class ConfirmFirst(DoorRefusal):
    """The topic asks for a confirmed address, and this browser confirmed none."""
