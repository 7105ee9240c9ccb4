"""When what people write is looked at by a moderator: before or after it is shown."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ModerationMode(models.TextChoices):
    """How the participations of a topic come to be published (R-5.3.1c).

    Whatever is chosen, what seems to hold personal data or an insult is looked at
    before anybody else reads it.
    """

    BEFORE = "before", _("Reviewed before publication")
    AFTER = "after", _("Published at once, reviewed afterwards")
    ON_REPORT = "on_report", _("Published at once, reviewed when somebody reports it")
