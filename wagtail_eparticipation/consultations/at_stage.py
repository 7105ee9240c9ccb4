"""Many consultations cut by the stage at which they stand."""

from django.db import models

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.stages import Stage, Stored


class ConsultationQuerySet(models.QuerySet):
    """Questions about many consultations at one instant."""

    def at_stage(self, stage: str, now=None):
        """Those that stand at ``stage`` at ``now``; the same rule as ``stage_at``."""
        now = now or clock.now()
        published = models.Q(stored_stage=Stored.PUBLISHED)
        if stage == Stage.FORTHCOMING:
            early = models.Q(window__isnull=True) | models.Q(window__opens_at__gt=now)
            return self.filter(published & early)
        if stage == Stage.COLLECTING:
            return self.filter(
                published, window__opens_at__lte=now, window__closes_at__gt=now
            )
        if stage == Stage.ANALYSING:
            return self.filter(
                published, window__opens_at__lte=now, window__closes_at__lte=now
            )
        return self.filter(stored_stage=stage)
