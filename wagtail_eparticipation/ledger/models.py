"""The append-only, hash-chained record of what happened to a consultation (P-5.0)."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class LedgerIsAppendOnly(TypeError):
    """Somebody tried to change or delete what the ledger holds."""


class AppendOnlyQuerySet(models.QuerySet):
    """Refuses every bulk change; chaining alone writes, through ``chain.py``."""

    def update(self, **kwargs):
        raise LedgerIsAppendOnly("Ledger events cannot be updated.")

    def delete(self):
        raise LedgerIsAppendOnly("Ledger events cannot be deleted.")

    def bulk_update(self, *args, **kwargs):
        raise LedgerIsAppendOnly("Ledger events cannot be updated.")

    def bulk_create(self, objs, *args, update_conflicts=False, **kwargs):
        if update_conflicts:
            raise LedgerIsAppendOnly("Ledger events cannot be updated.")
        return super().bulk_create(objs, *args, **kwargs)


class LedgerEvent(models.Model):
    """One thing that happened; never holds a citizen's text or name (R-5.0e).

    Rows are written without ``sequence`` in the transaction of the act, so that
    submits never wait for each other; ``chain.chain`` numbers and hashes them.
    """

    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        on_delete=models.PROTECT,
        related_name="ledger_events",
    )
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor = models.CharField(max_length=60, blank=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    sequence = models.PositiveBigIntegerField(null=True, editable=False)
    previous_hash = models.CharField(max_length=64, blank=True, editable=False)
    hash = models.CharField(max_length=64, blank=True, editable=False)
    seal = models.CharField(max_length=64, blank=True, editable=False)

    objects = AppendOnlyQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("ledger event")
        verbose_name_plural = _("ledger events")
        ordering = ["consultation", "sequence", "id"]
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "sequence"], name="eparticipation_ledger_order"
            )
        ]

    def __str__(self):
        return f"{self.consultation_id}/{self.sequence or '…'} {self.kind}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise LedgerIsAppendOnly("Ledger events cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise LedgerIsAppendOnly("Ledger events cannot be deleted.")


class LedgerHead(models.Model):
    """Where a consultation's chain ends: what a cut-off tail is found by."""

    consultation = models.OneToOneField(
        "wagtail_eparticipation.Consultation",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="ledger_head",
    )
    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("ledger head")
        verbose_name_plural = _("ledger heads")

    def __str__(self):
        return f"{self.consultation_id}/{self.sequence}"
