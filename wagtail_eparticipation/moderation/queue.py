"""What waits for moderators: scope, filters, search and what comes next."""

import re

import django_filters
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.moderation.models import ModerationDecision
from wagtail_eparticipation.participations import tools
from wagtail_eparticipation.participations.models import (
    Channel,
    Participation,
    State,
)

OTHER = "other"

#: States that a moderator may look for; without a choice, what waits is shown.
SOUGHT = (
    State.RECEIVED,
    State.QUARANTINED,
    State.PUBLISHED,
    State.UNPUBLISHED,
    State.REFUSED,
    State.REROUTED,
    State.TAKEN_DOWN,
)

_NUMBER = re.compile(r"[0-9A-Fa-f]{8}")


def limits_of(request) -> set[int] | None:
    """The departments to which the request's user is limited, asked for once."""
    if not hasattr(request, "eparticipation_limits"):
        request.eparticipation_limits = access.departments_of(request.user)
    return request.eparticipation_limits


def scope(request) -> QuerySet[Participation]:
    """The participations about which the request's user may decide."""
    if not access.has_duty(request.user, "moderate"):
        return Participation.objects.none()
    rows = Participation.objects.all()
    limited = limits_of(request)
    if limited is not None:
        rows = rows.filter(consultation__department_id__in=limited)
    return rows


def topics_of(request) -> QuerySet[Consultation]:
    """The topics that a moderator may choose in the filter."""
    if request is None or not access.has_duty(request.user, "moderate"):
        return Consultation.objects.none()
    limited = limits_of(request)
    if limited is None:
        return Consultation.objects.all()
    return Consultation.objects.filter(department_id__in=limited)


def proposals(request) -> QuerySet[ModerationDecision]:
    """Proposals in the user's scope that can still be confirmed."""
    rows = ModerationDecision.objects.awaiting_confirmation()
    limited = limits_of(request)
    if limited is not None:
        rows = rows.filter(participation__consultation__department_id__in=limited)
    return rows


def language_choices():
    """The site's languages, and one name for all others (R-7.2a)."""
    return [*content_languages(), (OTHER, _("Another language"))]


def tool_choices():
    """Every registered tool."""
    return [(tool.code, tool.label) for tool in tools.registered()]


class QueueFilterSet(WagtailFilterSet):
    """Cuts the queue by topic, tool, channel, language and state."""

    consultation = django_filters.ModelChoiceFilter(
        label=_("Consultation"), queryset=topics_of
    )
    tool = django_filters.ChoiceFilter(label=_("Tool"), choices=tool_choices)
    channel = django_filters.ChoiceFilter(label=_("Channel"), choices=Channel.choices)
    language = django_filters.ChoiceFilter(
        label=_("Language"), choices=language_choices, method="by_language"
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=[(state.value, state.label) for state in SOUGHT]
    )

    class Meta:
        model = Participation
        fields = ["consultation", "tool", "channel", "language", "state"]

    def by_language(self, rows, name, value):
        if value == OTHER:
            return rows.exclude(language__in=[code for code, _n in content_languages()])
        return rows.filter(language=value)

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("state"):
            return rows
        return waiting(rows)


def waiting(rows: QuerySet) -> QuerySet:
    """Those that nobody has decided or proposed anything about."""
    return rows.waiting().filter(open_proposal__isnull=True)


def search(rows: QuerySet, words: str) -> QuerySet:
    """Those whose releasable text, title or public number holds ``words``."""
    found = Q(text__icontains=words) | Q(title__icontains=words)
    if _NUMBER.fullmatch(words.strip()):
        # As text: databases disagree about the order of ids.
        rows = rows.alias(id_as_text=Cast("public_id", CharField()))
        found |= Q(id_as_text__startswith=words.strip().lower())
    return rows.filter(found)


def matching(request) -> QuerySet[Participation]:
    """What the filters and the search in a request's address let through."""
    filters = QueueFilterSet(request.GET, queryset=scope(request), request=request)
    rows = filters.qs if filters.is_valid() else waiting(scope(request))
    if words := request.GET.get("q", "").strip():
        rows = search(rows, words)
    return rows.order_by("id")


def next_after(request, participation: Participation) -> Participation | None:
    """The next waiting item under the same filters, from the start at the end."""
    rows = matching(request).filter(state__in=[State.RECEIVED, State.QUARANTINED])
    rows = rows.filter(open_proposal__isnull=True).exclude(pk=participation.pk)
    rows = rows.only("public_id")
    return rows.filter(pk__gt=participation.pk).first() or rows.first()
