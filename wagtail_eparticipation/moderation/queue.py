"""What waits for moderators: whose it is, what is searched, how much there is."""

import re

from django.db.models import CharField, Count, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.moderation.early import to_be_reviewed
from wagtail_eparticipation.moderation.models import ModerationDecision
from wagtail_eparticipation.participations.models import Participation

#: Rows are counted as far as this; a register of a million is never counted.
COUNTED_TO = 1000

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


def unread(rows: QuerySet) -> QuerySet:
    """Those that were published at once and that a moderator is still to read."""
    return to_be_reviewed(rows).filter(open_proposal__isnull=True)


def number_proposed(request) -> Subquery:
    """How many proposals wait in the user's scope, to be asked with other rows."""
    waiting = proposals(request).order_by().values(one=Value(1))
    return Subquery(waiting.annotate(number=Count("pk")).values("number"))


def counted(rows: QuerySet) -> tuple[int, bool]:
    """How many there are, and whether there are more than were counted."""
    number = rows.order_by().values("pk")[: COUNTED_TO + 1].count()
    return min(number, COUNTED_TO), number > COUNTED_TO


def number_words(number: int, more: bool) -> str:
    """A bounded number as people read it: ``1,000+``."""
    return f"{number:,}+" if more else f"{number:,}"
