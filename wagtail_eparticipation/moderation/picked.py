"""What a bulk act is about: ticked rows, or all that a cut of the queue lets by."""

from django.http import Http404
from django.utils.functional import cached_property

from wagtail_eparticipation.moderation import flagged
from wagtail_eparticipation.moderation.decide_many import Seen
from wagtail_eparticipation.moderation.queue import COUNTED_TO, scope
from wagtail_eparticipation.moderation.queue_filters import filters_of, matching
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.sanitize import is_key

#: Nobody decides about more at once.
AT_MOST = COUNTED_TO
#: Shown on the page that asks whether it shall be done.
SHOWN = 50
ALL = "all"
_STATES = frozenset(State.values)


def written(rows) -> str:
    """What a moderator saw, for one field of a form: one field holds a thousand."""
    return " ".join(f"{row.pk}:{row.state}:{row.revision}" for row in rows)


def read(text: str) -> list[Seen]:
    """The same read back; what makes no sense is left out."""
    found = []
    for each in text.split()[:AT_MOST]:
        key, _colon, rest = each.partition(":")
        state, _colon, revision = rest.partition(":")
        if is_key(key) and state in _STATES and is_key(revision):
            found.append(Seen(int(key), state, int(revision)))
    return found


class Picked:
    """Mixin of the bulk acts: which rows, in whose scope, as they were seen.

    All of a listing is what its filters let through for this user, at most
    ``AT_MOST``, and only what the page has named: nothing that came in meanwhile.
    """

    def dispatch(self, request, *args, **kwargs):
        if ALL in request.GET.getlist("id"):
            unnamed = request.method == "POST" and "seen" not in request.POST
            if unnamed or not filters_of(request).is_valid():
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def posted(self) -> list[Seen] | None:
        """What the page named, where this is its form; ``None`` before."""
        if self.request.method == "POST" and "seen" in self.request.POST:
            return read(self.request.POST["seen"])
        return None

    @cached_property
    def rows(self) -> list[Participation]:
        """The rows, with what judging them needs; ``Http404`` when there are none."""
        related = "consultation__window", "consultation__policy_version"
        ids = self.request.GET.getlist("id")
        if self.posted is not None:
            rows = Participation.objects.filter(pk__in=[s.pk for s in self.posted])
        elif ALL in ids:
            rows = matching(self.request)
        else:
            keys = [each for each in ids if is_key(each)][:AT_MOST]
            rows = Participation.objects.filter(pk__in=keys)
        found = list(rows.select_related(*related).order_by("pk")[:AT_MOST])
        if not found:
            raise Http404
        return found

    @cached_property
    def seen(self) -> list[Seen]:
        """What the moderator saw of each."""
        if self.posted is not None:
            return self.posted
        return [Seen.of(row) for row in self.rows]

    @cached_property
    def allowed(self) -> set[int]:
        """Keys of those in the user's scope: one query."""
        rows = scope(self.request).filter(pk__in=[row.pk for row in self.rows])
        return set(rows.order_by().values_list("pk", flat=True))

    @cached_property
    def sorted_out(self) -> tuple[list[Participation], list[Participation]]:
        """Those that the act is for, and those that are left out."""
        good, others = [], []
        for row in self.rows:
            (good if self.check_perm(row) else others).append(row)
        return good, others

    def get_actionable_objects(self):
        good, others = self.sorted_out
        return good, {"items_with_no_access": others}

    def check_perm(self, obj):
        return obj.pk in self.allowed

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        good, others = self.sorted_out
        covered = flagged.covered(good[:SHOWN])
        for row in good[:SHOWN]:
            row.is_covered = row.pk in covered
        return {
            **context,
            "display_name": self.display_name,
            "media": self.get_form().media,
            "items": context["items"][:SHOWN],
            "number": len(good),
            "more": max(0, len(good) - SHOWN),
            # Of another department not even the number is named.
            "items_with_no_access": [r for r in others if r.pk in self.allowed][:SHOWN],
            "left_out": len(others),
            "seen": written(good),
            "is_full": len(self.rows) == AT_MOST,
        }

    def get_execution_context(self):
        return {**super().get_execution_context(), "view": self}
