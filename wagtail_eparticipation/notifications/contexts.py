"""What each kind of notice says, looked up when it is sent."""

from datetime import datetime
from typing import Any

from wagtail_eparticipation.calendars.words import (
    closing_words,
    date_words,
    instant_words,
)
from wagtail_eparticipation.consultations.models import Act, Period
from wagtail_eparticipation.decisions.answers import answers_to
from wagtail_eparticipation.decisions.pages import PUBLIC
from wagtail_eparticipation.decisions.presentation import page_in
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.moderation.models import ModerationDecision
from wagtail_eparticipation.moderation.objecting import decision_to_object
from wagtail_eparticipation.moderation.reasons import policy_for
from wagtail_eparticipation.notifications import (
    drafts,
    invitees,
    links,
    objections,
    public_replies,
    readers,
    referrals,
)
from wagtail_eparticipation.notifications.models import Kind, Notice
from wagtail_eparticipation.notifications.recipients import (
    participations_of_same_person,
)
from wagtail_eparticipation.participations.amend_forms import may_amend
from wagtail_eparticipation.participations.confirm_views import confirm_path
from wagtail_eparticipation.participations.models import State
from wagtail_eparticipation.participations.receipt_views import may_withdraw
from wagtail_eparticipation.participations.receipts import code_matching
from wagtail_eparticipation.participations.suggestions import (
    SuggestionStatus,
    latest,
)
from wagtail_eparticipation.policy.reading import NotInPolicy
from wagtail_eparticipation.replies.contacts import code_of
from wagtail_eparticipation.replies.converting import may_agree
from wagtail_eparticipation.replies.public_answers import place_of

Context = dict[str, Any] | None


def _receipt(notice: Notice) -> dict[str, str]:
    participation = notice.participation
    return {
        "code": code_matching(
            participation.idempotency_key, participation.receipt_hash
        ),
        "receipt_url": links.receipt_url(notice.language),
    }


def receipt(notice: Notice) -> Context:
    """Code, where it is used, and what happens next."""
    participation = notice.participation
    window = getattr(notice.consultation, "window", None)
    return {
        **_receipt(notice),
        "late": participation.state == State.LATE,
        "complaint": participation.state == State.REROUTED,
        "changeable": may_amend(participation),
        "withdrawable": may_withdraw(participation),
        "closing": closing_words(window.closes_at, notice.language) if window else "",
    }


def confirm(notice: Notice) -> Context:
    """The link that confirms the address; nothing once it was followed."""
    participation = notice.participation
    if participation.state != State.UNCONFIRMED:
        return None
    path = confirm_path(participation, notice.language)
    return {
        **_receipt(notice),
        "confirm_url": links.absolute(path),
        "until": closing_words(participation.confirm_until, notice.language),
    }


def period(notice: Notice) -> Context:
    """New and former closing, what was done and why; nothing once outdated."""
    found = Period.objects.select_related("act").get(pk=notice.data["period"])
    window = getattr(notice.consultation, "window", None)
    if window is None or window.period_id != found.pk:
        return None
    _opened, closed = (datetime.fromisoformat(at) for at in notice.data["previous"])
    mine = participations_of_same_person(notice.participation)
    return {
        **_receipt(notice),
        **_standing(mine),
        "changeable": any(map(may_amend, mine)),
        "origin": found.origin,
        "closing": closing_words(found.closes_at, notice.language),
        "former": closing_words(closed, notice.language),
        "reason": pick(found.act.reason, notice.language) if found.act else "",
        "clause": found.act.clause if found.act else "",
    }


def _standing(mine) -> dict[str, bool]:
    """Whether something of a person's counts, and whether something came too late."""
    return {
        "counted": any(each.is_counted for each in mine),
        "late": any(each.state == State.LATE for each in mine),
    }


def withdrawn(notice: Notice) -> Context:
    """Why the topic was withdrawn."""
    act = Act.objects.get(pk=notice.data["act"])
    return {"reason": pick(act.reason, notice.language), "clause": act.clause}


def moderated(notice: Notice) -> Context:
    """What was decided, under which rule, and what can be done; no staff's note."""
    decision = ModerationDecision.objects.get(pk=notice.data["decision"])
    policy = policy_for(notice.consultation, notice.created_at)
    language = notice.language
    context = {
        **_receipt(notice),
        "outcome": decision.outcome,
        "clause": decision.clause,
        "number": notice.participation.number,
        "label": "",
        "rule": "",
        "explanation": "",
        "changeable": may_amend(notice.participation),
        "objectable": decision_to_object(notice.participation) is not None,
    }
    try:
        reason = policy.reason(decision.full_code)
        context["label"] = reason.label.in_language(language)
        if reason.rule:
            rule = policy.rule(reason.rule)
            context["rule"] = rule.one_line.in_language(language)
            said = rule.message_after(decision.outcome)
            context["explanation"] = said.in_language(language)
    except NotInPolicy:
        # The clause alone is said: the decision stays explained.
        pass
    return context


def announced(notice: Notice) -> Context:
    """The decision and the answer to each theme that this person raised."""
    consultation = notice.consultation
    if consultation.stored_stage not in PUBLIC:
        return None
    mine = participations_of_same_person(notice.participation)
    page = _decision(consultation, notice.language)
    return {
        **_receipt(notice),
        **_standing(mine),
        "answers": answers_to([each.pk for each in mine], notice.language),
        "several": len(mine) > 1,
        "decision_url": page.full_url if page else "",
        "decided_on": date_words(page.decided_on, notice.language) if page else "",
        "number": page.number if page else "",
        "body": page.body if page else "",
    }


def suggestion(notice: Notice) -> Context:
    """What becomes of a suggestion and why; nothing once a later step was made."""
    step = SuggestionStatus.objects.get(pk=notice.data["step"])
    if latest(notice.participation) != step or not notice.participation.is_counted:
        return None
    return {
        **_receipt(notice),
        "status": step.get_status_display(),
        "reason": pick(step.reason, notice.language),
        "number": notice.participation.number,
    }


def _decision(consultation, language: str):
    topic = consultation.page_in(language)
    return page_in(consultation, topic.locale_id) if topic else None


def handed(notice: Notice) -> Context:
    """Where the complaint is now, and its reference there."""
    handover = notice.participation.handover
    return {
        **_receipt(notice),
        "number": notice.participation.number,
        "there": handover.reference,
        "address": handover.address,
    }


def _case(notice: Notice) -> dict[str, str]:
    case = notice.case
    return {
        "subject": case.heading,
        "number": case.number,
        "code": code_of(case),
        "receipt_url": links.receipt_url(notice.language),
    }


def case_received(notice: Notice) -> Context:
    """The acknowledgement, and when work resumes (R-6.5.1b, AC-S3-J1)."""
    return {
        **_case(notice),
        "resumes": instant_words(notice.case.resumes_at, notice.language),
        "due": instant_words(notice.case.due_at, notice.language),
    }


def case_deferred(notice: Notice) -> Context:
    """Who was asked and until when; nothing once that is settled (AC-S3-J3)."""
    referral = referrals.referral_of(notice)
    if referral is None or not referral.is_open:
        return None
    return {
        **_case(notice),
        "entity": referral.entity,
        "expected": date_words(referral.due_at, notice.language),
    }


def case_answered(notice: Notice) -> Context:
    """The answer itself: it is for this person alone."""
    answer = notice.case.answers.get(pk=notice.data["answer"])
    return {
        **_case(notice),
        "answer": answer.text,
        "body": notice.case.competent_body,
        "public_url": place_of(answer, notice.language, absolute=True),
    }


def case_asked(notice: Notice) -> Context:
    """Whether it may become a participation; nothing once that is settled."""
    return _case(notice) if may_agree(notice.case) else None


def staff_queue(notice: Notice) -> Context:
    """How many participations wait for review now; nothing when none does."""
    waiting = notice.consultation.participations.waiting().count()
    if not waiting:
        return None
    return {
        "waiting": waiting,
        "desk_url": links.admin_url("moderation"),
    }


def staff_second(notice: Notice) -> Context:
    """What waits for a second person; nothing once it is settled."""
    if "act" in notice.data:
        act = Act.objects.filter(
            pk=notice.data["act"], state=Act.State.REQUESTED
        ).first()
        if act is None:
            return None
        what, desk_url = "act", links.admin_url("desk", notice.consultation_id)
    elif "objection" in notice.data:
        return objections.staff(notice)
    else:
        waiting = ModerationDecision.objects.awaiting_confirmation()
        if not waiting.filter(pk=notice.data["decision"]).exists():
            return None
        what, desk_url = "moderation", links.admin_url("moderation_proposals")
    return {"what": what, "desk_url": desk_url}


CONTEXTS = {
    Kind.RECEIPT: receipt,
    Kind.CONFIRM: confirm,
    Kind.PERIOD: period,
    Kind.WITHDRAWN: withdrawn,
    Kind.MODERATED: moderated,
    Kind.ANNOUNCED: announced,
    Kind.HANDED: handed,
    Kind.CASE_RECEIVED: case_received,
    Kind.CASE_OPENED: case_received,
    Kind.CASE_DEFERRED: case_deferred,
    Kind.CASE_ANSWERED: case_answered,
    Kind.CASE_ASKED: case_asked,
    Kind.SUGGESTION: suggestion,
    Kind.STAFF_QUEUE: staff_queue,
    Kind.STAFF_SECOND: staff_second,
    **objections.CONTEXTS,
    **readers.CONTEXTS,
    **invitees.CONTEXTS,
    **drafts.CONTEXTS,
    **referrals.CONTEXTS,
    Kind.CLARIFIED: lambda notice: public_replies.clarified(notice, _case(notice)),
    Kind.CAMPAIGN: lambda notice: public_replies.campaign(notice, _receipt(notice)),
}
