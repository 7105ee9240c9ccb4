"""The ledger of one consultation in the admin, and whether its chain is whole."""

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.consultations.ledger_words import actors_of, words_for
from wagtail_eparticipation.ledger.chain import verify
from wagtail_eparticipation.sanitize import is_key

PAGE_SIZE = 50
#: Chains up to this length are checked whenever they are shown.
CHECKED_AT_SIGHT = 1000


class History(DeskView):
    """Events, newest first, by key; longer chains are verified when asked."""

    page_title = gettext_lazy("History")
    header_icon = "history"
    template_name = "wagtail_eparticipation/consultations/desk/history.html"

    @cached_property
    def before(self) -> int | None:
        asked = self.request.GET.get("before", "")
        return int(asked) if is_key(asked) else None

    def get_context_data(self, **kwargs):
        events = self.consultation.ledger_events.order_by("-id")
        total = events.count()
        shown = events.filter(id__lt=self.before) if self.before else events
        shown = list(shown[: PAGE_SIZE + 1])
        more = shown[PAGE_SIZE - 1].pk if len(shown) > PAGE_SIZE else None
        shown = shown[:PAGE_SIZE]
        verified = total <= CHECKED_AT_SIGHT or "verify" in self.request.GET
        names = actors_of(shown)
        url = reverse("eparticipation_admin:desk_history", args=[self.consultation.pk])
        return super().get_context_data(
            events=[
                {
                    "event": event,
                    "words": words_for(event),
                    "actor": names.get(event.actor, ""),
                }
                for event in shown
            ],
            total=total,
            unchained=events.filter(sequence__isnull=True).count(),
            verified=verified,
            problems=verify(self.consultation) if verified else [],
            older=f"{url}?before={more}" if more else "",
            **kwargs,
        )
