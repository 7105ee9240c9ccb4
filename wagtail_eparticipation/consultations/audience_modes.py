"""Who may take part in a topic, and what they must show of who they are."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AudienceMode(models.TextChoices):
    """Who may take part (R-5.1.3b)."""

    PUBLIC = "public", _("Everyone")
    PRIORITY = "priority", _("Everyone, some groups addressed first")
    INVITED = "invited", _("By invitation")


class IdentityMode(models.TextChoices):
    """What a participant must show of who they are (S3-L).

    Independent of :class:`AudienceMode`: an invitation opens the door, and what is
    said behind it can still be anonymous.
    """

    ANONYMOUS = "anonymous", _("Nothing: everyone may stay anonymous")
    EMAIL = "email", _("An e-mail address, confirmed by a message")
    SIGNED_IN = "signed_in", _("An account on this site")
    VERIFIED = "verified", _("An identity verified by a provider")
