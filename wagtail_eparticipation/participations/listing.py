"""The rows of the register that somebody may see, and how they are cut."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.participations import tools
from wagtail_eparticipation.participations.models import (
    TAKEN_BACK,
    Channel,
    Participation,
    State,
)


def may_see_register(user) -> bool:
    """Whether a user has any business with the register."""
    return any(access.has_duty(user, duty) for duty in ("moderate", "analyse", "close"))


def scope(user):
    """The rows that a user may see, by the departments of the user's duties."""
    if not may_see_register(user):
        return Participation.objects.none()
    rows = Participation.objects.select_related("consultation")
    limited = access.departments_of(user)
    if limited is not None:
        rows = rows.filter(consultation__department_id__in=limited)
    return rows


def topics(user):
    """The consultations of which the user sees rows."""
    return Consultation.objects.filter(
        pk__in=scope(user).order_by().values("consultation").distinct()
    )


def searched(rows, words: str):
    """Those rows whose text holds the words, as far as it may be read."""
    if not words:
        return rows
    return rows.filter(text__icontains=words).exclude(state__in=TAKEN_BACK)


class RegisterFilterSet(WagtailFilterSet):
    """Cuts the register by topic, state, channel and tool."""

    consultation = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Consultation"),
        queryset=lambda request: (
            topics(request.user) if request else Consultation.objects.none()
        ),
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=State.choices
    )
    channel = django_filters.ChoiceFilter(
        label=gettext_lazy("Channel"), choices=Channel.choices
    )
    tool = django_filters.ChoiceFilter(
        label=gettext_lazy("Tool"),
        choices=lambda: [(tool.code, tool.label) for tool in tools.registered()],
    )

    article = django_filters.CharFilter(
        label=gettext_lazy("Article"), method="about_article", widget=forms.HiddenInput
    )

    def about_article(self, queryset, name, value):
        """Those about one article of a draft, by its id; the table of opinions asks."""
        return queryset.filter(article=value[:40])

    class Meta:
        model = Participation
        fields = ["consultation", "state", "channel", "tool", "article"]
