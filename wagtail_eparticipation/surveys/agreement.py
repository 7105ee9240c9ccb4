"""Whether a survey asks the same in all its languages, so that counts add up (S4-E).

One page leads: the language in which the survey was written first; after the first
answer, the first of those that people may answer. A correction is made there first. A
version that asks something else cannot be published by its editors; where one becomes
live all the same, by a synchronised translation or the API, or because the leading one
was corrected, it is withheld from the public until it follows.
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

    ``None`` for the one that leads.
    """
    stored = versions_of(page)
    if is_answered(page.translation_key):
        standing = [each for each in stored if each.live and not each.withheld]
        if standing:
            return None if standing[0].pk == page.pk else standing[0]
    others = [each for each in stored if each.pk != page.pk]
    if not others or (page.pk and page.pk < others[0].pk):
        return None
    first = others[0]
    return first if first.live else first.get_latest_revision_as_object()


def hold_back(page) -> None:
    """Before a live ``page`` is saved: what nobody could answer yet does not lead.

    Once people have answered in another language it is shown when it is found to ask
    the same, see :func:`settle`.
    """
    if page.live and is_answered(page.translation_key):
        shown = type(page).objects.filter(pk=page.pk, live=True, withheld=False)
        page.withheld = page.withheld or not shown.exists()


def settle(page) -> None:
    """After ``page`` was published: withhold the versions that do not agree."""
    live = [each for each in versions_of(page) if each.live]
    if not live:
        return
    leader = live[0]
    if is_answered(page.translation_key):
        standing = [each for each in live if not each.withheld]
        leader = (standing or live)[0]
    for each in live:
        withheld = bool(disagreements(each, leader))
        if withheld != each.withheld:
            type(page).objects.filter(pk=each.pk).update(withheld=withheld)
        if each.pk == page.pk:
            page.withheld = withheld
