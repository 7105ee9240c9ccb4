from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EParticipationConfig(AppConfig):
    """The one Django app of the package; its rooms register themselves here."""

    name = "wagtail_eparticipation"
    label = "wagtail_eparticipation"
    verbose_name = _("E-participation")
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self):
        from wagtail_eparticipation import checks

        checks.refuse_missing_apps()
        super().import_models()

    def ready(self):
        from wagtail_eparticipation import doors

        doors.open_all()
