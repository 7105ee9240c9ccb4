"""Who holds which role in a topic, and for which departments somebody works."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Who answers for what during the process (R-2.1c)."""

    OWNER = "owner", _("Responsible editor")
    MODERATOR = "moderator", _("Participation moderator")
    REPLY_DESK = "reply_desk", _("Reply desk")
    LIAISON = "liaison", _("Liaison of the competent department")
    ANALYST = "analyst", _("Analyst")
    DECISION_MAKER = "decision_maker", _("Decision maker")
    RECORDS = "records", _("Records officer")
    PRIVACY = "privacy", _("Privacy officer")


class RoleAssignment(models.Model):
    """Who holds a role in one consultation: a user or a group (R-2.1c)."""

    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        on_delete=models.CASCADE,
        related_name="roles",
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    group = models.ForeignKey(
        "auth.Group", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("role assignment")
        verbose_name_plural = _("role assignments")
        ordering = ["consultation", "role", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "role", "user", "group"],
                name="eparticipation_role_once",
            ),
            models.CheckConstraint(
                condition=models.Q(user__isnull=False) | models.Q(group__isnull=False),
                name="eparticipation_role_holder",
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()}: {self.user or self.group}"


class StaffScope(models.Model):
    """Limits a member of staff to some departments.

    A small municipality needs no scopes: a user without a row works for all
    departments, as far as the permissions of the user's groups go.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="eparticipation_scope",
        verbose_name=_("user"),
    )
    departments = models.ManyToManyField(
        "wagtail_eparticipation.Department", verbose_name=_("departments")
    )

    class Meta:
        verbose_name = _("limit to departments")
        verbose_name_plural = _("limits to departments")

    def __str__(self):
        return str(self.user)
