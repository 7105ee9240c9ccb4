"""Kept counts in tests: kept at once, and compared with a count of everything."""

from datetime import timedelta

from tests.factories import DURING
from wagtail_eparticipation.surveys import keeping
from wagtail_eparticipation.surveys.models import SurveyTally
from wagtail_eparticipation.surveys.tallies import DIMENSIONS, Span, count, counted
from wagtail_eparticipation.surveys.tally import groups_as_json

#: When what came in during the test is quiet.
LATER = DURING + timedelta(hours=1)


def keep_all(monkeypatch, now=LATER):
    """Keep the counts of however few responses; how many stretches."""
    monkeypatch.setattr(keeping, "WORTH", 1)
    return keeping.keep_counts(now)


def read(key):
    """What views read, in every dimension."""
    return {name: groups_as_json(counted([key], name)) for name in ("", *DIMENSIONS)}


def from_nothing(key):
    """The same from the answers alone, whatever was kept."""
    found = count([Span(key)], DIMENSIONS)
    return {name: groups_as_json(groups) for name, groups in found.items()}


def without_empty(found):
    """Groups that lost their last response are there in one and not in the other."""
    return {
        name: {group: each for group, each in groups.items() if each["responses"]}
        for name, groups in found.items()
    }


def is_kept(key):
    """Whether any of it is kept."""
    return SurveyTally.objects.filter(survey_key=key).exists()
