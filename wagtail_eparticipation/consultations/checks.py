"""System checks of what `eparticipation_setup` makes in the database."""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.core.checks import Tags, Warning, register
from django.db import connections

PREFIX = "wagtail_eparticipation"


@register(Tags.database)
def check_setup(app_configs, databases=None, **kwargs):
    """Each missing piece by its name; nothing before the first ``migrate``."""
    calendar = apps.get_model(PREFIX, "WorkingCalendar")
    policy = apps.get_model(PREFIX, "PolicyVersion")
    for alias in databases or []:
        tables = connections[alias].introspection.table_names()
        if calendar._meta.db_table not in tables:
            continue
        if not policy.objects.using(alias).exists():
            # Nothing was set up yet, which W003 says.
            continue
        return [
            Warning(
                f"{piece} is missing.",
                hint=hint,
                id=f"{PREFIX}.W006",
            )
            for piece, hint in _missing(alias)
        ]
    return []


def _missing(alias: str) -> Iterator[tuple[str, str]]:
    from wagtail_eparticipation.consultations.setup import GROUPS
    from wagtail_eparticipation.consultations.workflows import (
        decision_workflow,
        request_workflow,
    )
    from wagtail_eparticipation.languages import content_languages

    again = "Run manage.py eparticipation_setup"
    groups = apps.get_model("auth", "Group").objects.using(alias)
    known = set(groups.values_list("name", flat=True))
    for name in GROUPS:
        if name not in known:
            yield f"The group “{name}”", again
    idle = groups.filter(name__in=GROUPS, permissions=None)
    for name in idle.values_list("name", flat=True):
        yield f"Every permission of the group “{name}”", again
    if request_workflow() is None:
        yield "The workflow of requests for participation", again
    if decision_workflow() is None:
        yield "The workflow of decisions", again
    calendars = apps.get_model(PREFIX, "WorkingCalendar").objects.using(alias)
    if not calendars.filter(is_default=True).exists():
        yield "The default working calendar", again
    locales = apps.get_model("wagtailcore", "Locale").objects.using(alias)
    present = set(locales.values_list("language_code", flat=True))
    for code, name in content_languages():
        if code not in present:
            yield f"The language “{name}” among Wagtail's locales", again
    site_id = getattr(settings, "SITE_ID", None)
    sites = apps.get_model("sites", "Site").objects.using(alias)
    if not sites.filter(pk=site_id).exists():
        yield (
            f"The row of django.contrib.sites with the id {site_id}, as SITE_ID says",
            "Add it in a shell: Site.objects.create(pk=SITE_ID, domain=…, name=…)",
        )
