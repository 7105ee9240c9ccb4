"""Installed policy versions, fixed for good once they are stored (R-2.1a)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.languages import pick


class PolicyIsFixed(Exception):
    """Somebody tried to change or delete an installed policy version."""


class FixedPolicies(models.QuerySet):
    """Policy versions are only ever added, by ``policy.install``."""

    def update(self, **kwargs):
        raise PolicyIsFixed("Installed policy versions cannot be changed.")

    def delete(self):
        raise PolicyIsFixed("Installed policy versions cannot be deleted.")


class PolicyVersion(models.Model):
    """One version of one pack, as it was when it was installed (P-2.1).

    Consultations pin a version; changing the policy means installing the next one,
    which rewrites nothing. Read ``content`` through ``policy.reading.policy_of``.
    """

    pack = models.SlugField(_("pack"), max_length=60)
    version = models.CharField(_("version"), max_length=30)
    effective_from = models.DateField(_("in force from"))
    content = models.JSONField(_("content"))
    checksum = models.CharField(_("checksum (SHA-256)"), max_length=64)
    installed_at = models.DateTimeField(_("installed at"), auto_now_add=True)

    objects = FixedPolicies.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        ordering = ["-effective_from", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "version"], name="eparticipation_policy_pack_version"
            )
        ]

    def __str__(self):
        return _("%(title)s, version %(version)s") % {
            "title": pick(self.content.get("title")) or self.pack,
            "version": self.version,
        }

    def save(self, *args, **kwargs):
        if self.pk is not None and not self._state.adding:
            raise PolicyIsFixed(
                f"Policy {self.pack} {self.version} is installed and cannot be "
                "changed; install the next version instead."
            )
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise PolicyIsFixed(
            f"Policy {self.pack} {self.version} cannot be deleted: consultations and "
            "archives refer to it."
        )
