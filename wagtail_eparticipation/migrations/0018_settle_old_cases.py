"""Cases from before were settled by their first answer, or closed without one."""

from django.db import migrations, models


def settle(apps, schema_editor):
    case = apps.get_model("wagtail_eparticipation", "Case")
    case.objects.filter(state__in=["answered", "outside"]).update(
        resolved_at=models.F("first_answered_at"),
        resolve_worked_minutes=models.F("worked_minutes"),
        resolve_elapsed_minutes=models.F("elapsed_minutes"),
    )
    case.objects.filter(state="closed").update(resolved_at=models.F("closed_at"))


class Migration(migrations.Migration):
    dependencies = [("wagtail_eparticipation", "0017_care_of_content")]

    operations = [
        migrations.RunPython(settle, migrations.RunPython.noop, elidable=True)
    ]
