from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The municipality's own pages."""

    name = "home"
    verbose_name = "Al-Waha municipality"
    default_auto_field = "django.db.models.BigAutoField"
