"""Why an act is not done: impossible, not by this person, or something is missing."""

from django.core.exceptions import PermissionDenied

from wagtail_eparticipation.consultations.gates import Missing


class IllegalTransition(ValueError):
    """The act is impossible at the topic's stage, for everybody."""


class SamePerson(PermissionDenied):
    """Requester and authoriser must be two people (R-5.0b)."""


class ActRefused(ValueError):
    """Something stands in the way; ``missing`` names each item and its mend."""

    def __init__(self, missing: list[Missing]):
        super().__init__("; ".join(str(item) for item in missing))
        self.missing = missing


def refuse(message: str, url: str = ""):
    """Raise :class:`ActRefused` with one item."""
    raise ActRefused([Missing(message, url)])
