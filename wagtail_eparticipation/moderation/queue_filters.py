"""How moderators cut the queue, and what comes next under the same cut."""

from datetime import timedelta

import django_filters
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.vocabulary import Department
from wagtail_eparticipation.consultations.vocabulary_names import names_of_used
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.moderation import targets
from wagtail_eparticipation.moderation.advisers import registry
from wagtail_eparticipation.moderation.claims import Claim, held_by_others
from wagtail_eparticipation.moderation.flags import with_rule
from wagtail_eparticipation.moderation.queue import (
    limits_of,
    scope,
    search,
    topics_of,
    unread,
    waiting,
)
from wagtail_eparticipation.participations import tools
from wagtail_eparticipation.participations.models import (
    Channel,
    Participation,
    State,
)

OTHER = "other"
#: Published at once, and nobody has read it.
UNREAD = "unread"
MINE, NOBODY = "me", "nobody"
OVERDUE = "overdue"

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
#: Ages by which the queue can be cut, besides the target.
AGES = {
    "1": (timedelta(days=1), _("Older than a day")),
    "3": (timedelta(days=3), _("Older than three days")),
    "7": (timedelta(days=7), _("Older than a week")),
    "14": (timedelta(days=14), _("Older than two weeks")),
}
#: What the lists call the rules of the shipped advisers; others go by their key.
RULE_NAMES = {
    "seriousness": _("Off the topic"),
    "language": _("Unreadable"),
    "values_and_law": _("Values and law"),
    "courtesy": _("Insults"),
    "once": _("Repeated"),
    "religious_text": _("Religious text"),
    "sources": _("Copied text"),
    "personal_data": _("Personal data, marketing"),
    "misuse": _("Misuse"),
    "links": _("Links"),
}


def language_choices():
    """The site's languages, and one name for all others (R-7.2a)."""
    return [*content_languages(), (OTHER, _("Another language"))]


def tool_choices():
    """Every registered tool."""
    return [(tool.code, tool.label) for tool in tools.registered()]


def age_choices():
    """Past the target of the policy, or older than so many days."""
    return [
        (OVERDUE, _("Past the target for review")),
        *((key, label) for key, (_age, label) in AGES.items()),
    ]


def state_choices():
    """The states, and what was published before anybody read it."""
    return [
        (UNREAD, _("Published, to be reviewed")),
        *((state.value, state.label) for state in SOUGHT),
    ]


def rule_choices():
    """The rules by which advisers flag, in the order of the advisers."""
    rules = dict.fromkeys(each.rule for each in registry.registered())
    return [(rule, RULE_NAMES.get(rule, rule)) for rule in rules]


def department_choices(request) -> list[tuple[str, str]]:
    """Departments with a topic, as far as the user works for them; one query."""
    if request is None:
        return []
    topics = Consultation.objects.filter(department=OuterRef("pk"))
    limited = limits_of(request)
    if limited is not None:
        topics = topics.filter(department__in=limited)
    found = names_of_used(Department, Exists(topics))
    return [(str(pk), name) for pk, name in found]


def person_name(user) -> str:
    """How staff call each other."""
    return user.get_full_name() or user.get_username()


def assignees(request) -> QuerySet:
    """Colleagues who have something assigned in the topics of the user."""
    claims = Claim.objects.filter(assigned_to__isnull=False)
    limited = limits_of(request)
    if limited is not None:
        claims = claims.filter(participation__consultation__department__in=limited)
    found = get_user_model().objects.filter(pk__in=claims.values("assigned_to"))
    return found.exclude(pk=request.user.pk).order_by("pk")


class QueueFilterSet(WagtailFilterSet):
    """Cuts the queue by age, rule, topic, department, assignee and provenance."""

    age = django_filters.ChoiceFilter(
        label=_("Age"), choices=age_choices, method="by_age"
    )
    rule = django_filters.ChoiceFilter(
        label=_("Flagged under"), choices=rule_choices, method="by_rule"
    )
    consultation = django_filters.ChoiceFilter(label=_("Consultation"), choices=[])
    department = django_filters.ChoiceFilter(
        label=_("Department"), field_name="consultation__department", choices=[]
    )
    assignee = django_filters.ChoiceFilter(
        label=_("Assigned to"), choices=[], method="by_assignee"
    )
    tool = django_filters.ChoiceFilter(label=_("Tool"), choices=tool_choices)
    channel = django_filters.ChoiceFilter(label=_("Channel"), choices=Channel.choices)
    language = django_filters.ChoiceFilter(
        label=_("Language"), choices=language_choices, method="by_language"
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=state_choices, method="by_state"
    )

    class Meta:
        model = Participation
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Now, not when asked: Django copies the fields of a form.
        self.filters["assignee"].extra["choices"] = self._assignees()
        self.filters["consultation"].extra["choices"] = self._topics()
        departments = department_choices(self.request)
        self.filters["department"].extra["choices"] = departments

    def _assignees(self):
        found = assignees(self.request) if self.request is not None else ()
        names = [(str(each.pk), person_name(each)) for each in found]
        return [(MINE, _("Me")), (NOBODY, _("Nobody")), *names]

    def _topics(self):
        found = topics_of(self.request).only("reference", "titles").order_by("pk")
        return [(str(each.pk), str(each)) for each in found]

    def by_age(self, rows, name, value):
        now = clock.now()
        if value == OVERDUE:
            return rows.filter(targets.overdue(topics_of(self.request), now))
        age, _label = AGES[value]
        return rows.filter(received_at__lt=now - age)

    def by_rule(self, rows, name, value):
        return with_rule(rows, value)

    def by_assignee(self, rows, name, value):
        if value == NOBODY:
            return rows.filter(claim__assigned_to__isnull=True)
        user = self.request.user.pk if value == MINE else int(value)
        return rows.filter(claim__assigned_to=user)

    def by_language(self, rows, name, value):
        if value == OTHER:
            return rows.exclude(language__in=[code for code, _n in content_languages()])
        return rows.filter(language=value)

    def by_state(self, rows, name, value):
        return unread(rows) if value == UNREAD else rows.filter(state=value)

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("state"):
            return rows
        return waiting(rows)


def filters_of(request) -> QueueFilterSet:
    """The filters in a request's address, over what its user may decide."""
    return QueueFilterSet(request.GET, queryset=scope(request), request=request)


def matching(request) -> QuerySet[Participation]:
    """What the filters and the search in a request's address let through."""
    filters = filters_of(request)
    rows = filters.qs if filters.is_valid() else waiting(scope(request))
    if words := request.GET.get("q", "").replace("\x00", "").strip():
        rows = search(rows, words)
    return rows.order_by("id")


def next_after(request, participation: Participation) -> Participation | None:
    """The next one to be read under the same cut, from the start at the end.

    What a colleague holds at the moment is passed over.
    """
    rows = matching(request)
    due = Q(state__in=[State.RECEIVED, State.QUARANTINED])
    if request.GET.get("state") == UNREAD:
        due |= Q(state=State.PUBLISHED, early__review_due=True)
    rows = rows.filter(due, open_proposal__isnull=True).exclude(pk=participation.pk)
    rows = rows.filter(~held_by_others(request.user, clock.now())).only("public_id")
    return rows.filter(pk__gt=participation.pk).first() or rows.first()
