"""An enquiry becomes a participation: only if its sender says so (R-4.1g)."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_eparticipation import clock, signals
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.participations import door, persons
from wagtail_eparticipation.participations.identity import Person
from wagtail_eparticipation.participations.models import Channel, Consent
from wagtail_eparticipation.participations.receipts import code_matching
from wagtail_eparticipation.participations.views import request_version_in_force
from wagtail_eparticipation.replies.answering import NotPossible, hold
from wagtail_eparticipation.replies.contacts import person_of
from wagtail_eparticipation.replies.enquiries import note
from wagtail_eparticipation.replies.models import Case

#: The tools of a topic by which words alone take part, in this order.
_TOOLS = ("comment", "suggestion")


@dataclass(frozen=True)
class Agreement:
    """What the sender agreed to, in which language, and which name is shown."""

    publication: str
    language: str
    name: str = ""


def tool_for(case: Case) -> str:
    """By which tool of its topic the enquiry would take part; empty when by none.

    A topic that asks for an account, an identity or an invitation has its own form for
    that; an enquiry tells nothing of it.
    """
    topic = case.consultation
    if case.about_id is not None or case.report_id is not None:
        return ""
    if topic is None or persons.asks_to_sign_in(topic) or persons.asks_for_code(topic):
        return ""
    page = topic.page_in()
    offered = page.tools if page is not None else []
    return next((tool for tool in _TOOLS if tool in offered), "")


def may_be_asked(case: Case) -> bool:
    """Whether the sender can be asked now: the topic is open and nobody has asked."""
    return (
        case.participation_id is None
        and case.asked_at is None
        and case.consultation is not None
        and case.consultation.stage() == Stage.COLLECTING
        and bool(tool_for(case))
    )


def may_agree(case: Case) -> bool:
    """Whether the sender, who was asked, can still agree."""
    return (
        case.asked_at is not None
        and case.participation_id is None
        and case.consultation.stage() == Stage.COLLECTING
        and bool(tool_for(case))
    )


@transaction.atomic
def ask(case: Case, *, actor) -> Case:
    """Ask the sender whether the enquiry may become a participation."""
    held = hold(case, actor)
    if not may_be_asked(held):
        raise NotPossible(
            _(
                "The sender was asked already, or the topic takes no participations"
                " in this way."
            )
        )
    now = clock.database_now()
    held.asked_at = now
    held.save(update_fields=["asked_at"])
    note(held, "case.asked", at=now, actor=actor)
    signals.case_asked.send(sender=Case, case=held, now=now)
    return held


@transaction.atomic
def agree(case: Case, agreement: Agreement) -> str:
    """Carry the enquiry through the door; returns the participation's receipt code.

    Agreeing twice gives the same participation. Raises a ``DoorRefusal`` when the
    topic takes nothing any more, and :class:`NotPossible` when nobody has asked.
    """
    held = Case.objects.select_for_update().get(pk=case.pk)
    if held.participation is not None:
        made = held.participation
        return code_matching(made.idempotency_key, made.receipt_hash)
    tool = tool_for(held)
    if held.asked_at is None or not tool:
        raise NotPossible(_("This enquiry cannot become a participation."))
    outcome = door.submit(held.consultation, _submission(held, tool, agreement))
    held.participation = outcome.participation
    held.save(update_fields=["participation"])
    note(
        held,
        "case.converted",
        at=clock.database_now(),
        participation=str(outcome.participation.public_id),
    )
    return outcome.receipt_code


def _submission(case: Case, tool: str, agreement: Agreement) -> door.Submission:
    version = case.consultation.policy_version
    known = person_of(case)
    return door.Submission(
        tool=tool,
        language=case.language,
        title=case.subject,
        text=case.text,
        channel=Channel.PORTAL,
        publication=agreement.publication,
        person=Person(name=agreement.name or known.name, email=known.email),
        consent=Consent.EXPLICIT,
        consent_version=f"{version.pack}/{version.version}" if version else "",
        consent_language=agreement.language,
        idempotency_key=f"case:{case.public_id}",
        request_version=request_version_in_force(case.consultation),
        standing=_standing(case, known),
        suspicious=case.suspicious,
    )


def _standing(case: Case, known: Person) -> persons.Standing:
    if not persons.asks_for_address(case.consultation):
        return persons.Standing()
    key = persons.key_of_address(case.consultation, known.email)
    return persons.Standing(key, confirmed=False)
