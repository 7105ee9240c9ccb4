"""Whether a survey asks the same in all its languages, so that counts add up (S4-E).

One page leads: before the first answer the language in which the survey was written
first, afterwards whatever people have answered already. A version that asks something
else cannot be published by its editors; where one becomes live all the same, by a
synchronised translation or the API, or because the leading one was changed, it is
withheld from the public until it agrees.
"""

from django.utils.translation import gettext as _

from wagtail_eparticipation.surveys.differing import differences
from wagtail_eparticipation.surveys.models import SurveyResponse


def is_answered(survey_key) -> bool:
    """Whether anybody answered; from then on the questions are locked (R-4.1c)."""
    return SurveyResponse.objects.filter(survey_key=survey_key).exists()


def versions_of(page) -> list:
    """All languages of a survey as they stand in the database, the first one first."""
    return list(
        type(page)
        .objects.filter(translation_key=page.translation_key, alias_of__isnull=True)
        .select_related("locale", "latest_revision")
        .order_by("pk")
    )


def disagreements(page, leader) -> list[str]:
    """What ``page`` asks differently from ``leader``, in sentences."""
    found = differences(leader.parts_list(), page.parts_list())
    if page.results_visibility != leader.results_visibility:
        found.append(_("The results are shown at another time."))
    return found


def leader_for(page):
    """The version with which ``page`` must agree before it is published.

    ``None`` for the first language of a survey that nobody has answered.
    """
    others = [each for each in versions_of(page) if each.pk != page.pk]
    if is_answered(page.translation_key):
        answered = [each for each in others if each.live and not each.withheld]
        if answered:
            return answered[0]
    if not others or (page.pk and page.pk < others[0].pk):
        return None
    first = others[0]
    return first if first.live else first.get_latest_revision_as_object()


def settle(page) -> None:
    """After ``page`` was published: withhold the versions that do not agree."""
    live = [each for each in versions_of(page) if each.live]
    if not live:
        return
    leader = live[0]
    if is_answered(page.translation_key):
        standing = [each for each in live if not each.withheld and each.pk != page.pk]
        leader = (standing or live)[0]
    for each in live:
        withheld = bool(disagreements(each, leader))
        if withheld != each.withheld:
            type(page).objects.filter(pk=each.pk).update(withheld=withheld)
        if each.pk == page.pk:
            page.withheld = withheld
