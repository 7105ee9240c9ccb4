"""The closing report, the sealed package and the checks made of it (P-5.6.1)."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_eparticipation.archive.faults import Fault
from wagtail_eparticipation.archive.storage import archive_storage, package_path
from wagtail_eparticipation.languages import LocalisedTextField


class ReportIsFixed(TypeError):
    """Somebody tried to change a report that was approved."""


class Report(models.Model):
    """What people write for the six parts; figures are never typed (R-5.6.2g).

    Until approval the generated content is computed; approval freezes it in
    ``content`` (``{language: report}``) and in the files.
    """

    consultation = models.OneToOneField(
        "wagtail_eparticipation.Consultation",
        on_delete=models.PROTECT,
        related_name="report",
    )
    closing_view = LocalisedTextField(
        _("the situation at the end"),
        blank=True,
        help_text=_(
            "Part 1. An assessment at the end of the process, beside the initial"
            " study, which cannot be changed any more."
        ),
    )
    communication_remarks = LocalisedTextField(
        _("remarks on communication"),
        blank=True,
        help_text=_("Part 3. For example meetings that were held, with attendance."),
    )
    interpretation = LocalisedTextField(
        _("limits of the figures"),
        help_text=_(
            "Part 4. What the figures do not say: for example that those who took"
            " part chose themselves and represent nobody else."
        ),
    )
    mechanism = LocalisedTextField(
        _("how the decision was made"),
        help_text=_("Part 5. Who prepared, who advised, who decided, in what meeting."),
    )
    achievements = LocalisedTextField(
        _("achievements"),
        help_text=_("Part 6. For each objective: reached or not, and how one sees it."),
    )
    obstacles = LocalisedTextField(
        _("obstacles"),
        help_text=_(
            "Part 6. Comment on each deviation listed below and on groups that were"
            " not reached."
        ),
    )
    recommendations = LocalisedTextField(
        _("recommendations"),
        help_text=_("Part 6. One a line, each naming who should act on it."),
    )
    content = models.JSONField(
        null=True, blank=True, editable=False, encoder=DjangoJSONEncoder
    )
    checksum = models.CharField(max_length=64, blank=True, editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("closing report")
        verbose_name_plural = _("closing reports")
        permissions = [("approve_report", _("Can approve closing reports"))]

    def __str__(self):
        return f"{self.consultation_id} report"

    def save(self, *args, **kwargs):
        if (
            self.pk
            and Report.objects.filter(pk=self.pk, approved_at__isnull=False).exists()
        ):
            raise ReportIsFixed("An approved report cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        if self.approved_at:
            raise ReportIsFixed("An approved report cannot be deleted.")
        return super().delete(*args, **kwargs)

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None


class ReportFile(models.Model):
    """One edition of the approved report: a language in a format, with its hash."""

    class Format(models.TextChoices):
        HTML = "html", "HTML"
        PDF = "pdf", "PDF"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    language = models.CharField(max_length=12)
    format = models.CharField(max_length=4, choices=Format.choices)
    file = models.FileField(
        storage=archive_storage, upload_to=package_path, max_length=255
    )
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("edition of a report")
        verbose_name_plural = _("editions of a report")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "language", "format"],
                name="eparticipation_report_edition",
            )
        ]

    def __str__(self):
        return f"{self.report_id} {self.language}.{self.format}"


class ArchivePackage(models.Model):
    """The sealed package of a consultation; written once (R-5.6.1b–c)."""

    consultation = models.OneToOneField(
        "wagtail_eparticipation.Consultation",
        on_delete=models.PROTECT,
        related_name="package",
    )
    file = models.FileField(
        storage=archive_storage, upload_to=package_path, max_length=255
    )
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    ledger_sequence = models.PositiveBigIntegerField()
    ledger_hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("archive package")
        verbose_name_plural = _("archive packages")

    def __str__(self):
        return f"{self.consultation_id} package"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise ReportIsFixed("A sealed package cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise ReportIsFixed("A sealed package cannot be deleted.")


class Verification(models.Model):
    """One check of a package: when, by whom, with what result."""

    package = models.ForeignKey(
        ArchivePackage, on_delete=models.PROTECT, related_name="verifications"
    )
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    #: ``[path, code, detail]`` each, see :class:`archive.faults.Fault`.
    faults = models.JSONField(default=list)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering = ["-id"]

    def __str__(self):
        return f"{self.package_id} {self.at:%Y-%m-%d}"

    @property
    def passed(self) -> bool:
        return not self.faults

    @property
    def found(self) -> list[Fault]:
        """What was wrong, in the reader's language."""
        return [Fault(*each) for each in self.faults]
