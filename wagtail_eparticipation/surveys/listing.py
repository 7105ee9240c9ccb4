"""Which surveys there are: of one topic, of all page types made on the mixin."""

from operator import attrgetter

from django.db.models.functions import Length, Substr

from wagtail_eparticipation.surveys.pages import SurveyPageMixin


def survey_models() -> list[type]:
    """Every concrete page type that is a survey, a site's own ones included."""
    found, waiting = [], [SurveyPageMixin]
    while waiting:
        for model in waiting.pop().__subclasses__():
            waiting.append(model)
            if not model._meta.abstract:
                found.append(model)
    return found


def find(**lookup):
    """The first survey with these field values, of whatever page type, or ``None``."""
    for model in survey_models():
        found = model.objects.filter(**lookup).select_related("locale").first()
        if found is not None:
            return found
    return None


def surveys_of(consultation) -> list:
    """All surveys under a topic's pages, in every language and state, in order."""
    topics = consultation.pages.order_by().values("path")
    found = []
    for model in survey_models():
        above = Substr("path", 1, Length("path") - model.steplen)
        rows = model.objects.annotate(above=above).filter(
            above__in=topics, alias_of__isnull=True
        )
        found += rows.select_related("locale").order_by("path")
    return sorted(found, key=attrgetter("path"))
