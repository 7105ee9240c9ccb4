"""What makes kept counts out of date: every act that changes what a response counts.

A participation that is taken in needs no mark: a stretch is kept only when nothing new
comes into it any more (:mod:`keeping`). Acts answer to signals, inside the transaction
of the act, so a count is out of date from the moment at which the act is there.
"""

from django.db.models import Max, Min
from django.dispatch import receiver

from wagtail_eparticipation import signals
from wagtail_eparticipation.participations.models import COUNTED, Participation
from wagtail_eparticipation.surveys.models import SurveyRecount, SurveyResponse
from wagtail_eparticipation.surveys.tallies import STRETCH

#: Tools whose entries are responses; all others are not asked about.
TOOLS = frozenset({"survey", "poll"})


def mark(participations) -> None:
    """Have the stretches of these participations' responses counted again.

    One query to find them, one to write; of many the stretches in between as well.
    """
    found = (
        SurveyResponse.objects.filter(participation__in=participations)
        .order_by()
        .values_list("survey_key")
        .annotate(Min("id"), Max("id"))
    )
    SurveyRecount.objects.bulk_create(
        SurveyRecount(survey_key=key, stretch=stretch)
        for key, first, last in found
        for stretch in range(first // STRETCH, last // STRETCH + 1)
    )


def _mark_one(participation) -> None:
    if participation.tool in TOOLS:
        mark(Participation.objects.filter(pk=participation.pk))


@receiver(signals.participation_withdrawn, dispatch_uid="eparticipation_recount_out")
@receiver(signals.participation_replaced, dispatch_uid="eparticipation_recount_later")
@receiver(signals.participation_confirmed, dispatch_uid="eparticipation_recount_sure")
@receiver(signals.participation_admitted, dispatch_uid="eparticipation_recount_late")
@receiver(signals.participation_amended, dispatch_uid="eparticipation_recount_new")
@receiver(signals.participation_corrected, dispatch_uid="eparticipation_recount_paper")
@receiver(signals.participation_destroyed, dispatch_uid="eparticipation_recount_gone")
def count_again(participation, **kwargs):
    """It is in the totals now, or out of them, or says something else."""
    _mark_one(participation)


@receiver(signals.participation_moderated, dispatch_uid="eparticipation_recount_judged")
def count_again_where_it_matters(participation, decision, **kwargs):
    """Most decisions leave a response in the totals, or out of them."""
    if (decision.state_from in COUNTED) != (participation.state in COUNTED):
        _mark_one(participation)


@receiver(signals.counting_changed, dispatch_uid="eparticipation_recount_many")
def count_many_again(participations, **kwargs):
    """Several are in the totals now, or out of them."""
    mark(participations)
