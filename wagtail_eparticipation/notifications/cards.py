"""What a consultation's desk shows about its notices."""

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.desk_cards import Card
from wagtail_eparticipation.notifications.models import Notice

_FAILED = Q(state=Notice.State.FAILED)
_WAITING = Q(state__in=[Notice.State.QUEUED, Notice.State.SENDING])


def notices_card(consultation, user, now) -> Card | None:
    """How many notices were sent, wait or failed; nothing while there is none."""
    if not access.may(user, "see", consultation):
        return None
    numbers = consultation.notices.aggregate(
        sent=Count("pk", filter=Q(state=Notice.State.SENT)),
        waiting=Count("pk", filter=_WAITING),
        failed=Count("pk", filter=_FAILED),
    )
    if not any(numbers.values()):
        return None
    return Card(
        title=_("Notices"),
        value=_("%(count)d sent") % {"count": numbers["sent"]},
        text=_("%(waiting)d waiting, %(failed)d failed")
        % {"waiting": numbers["waiting"], "failed": numbers["failed"]},
        tone="warning" if numbers["failed"] else "",
    )
