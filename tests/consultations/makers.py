"""What tests of the acts need: people, a pinned policy, reasons."""

from datetime import UTC, datetime

from tests.factories import make_consultation, make_user
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import acts
from wagtail_eparticipation.consultations.acts import Reason
from wagtail_eparticipation.consultations.models import Act
from wagtail_eparticipation.consultations.people import Role, RoleAssignment
from wagtail_eparticipation.consultations.stages import Stage, Stored
from wagtail_eparticipation.policy.install import install_pack

#: A reason code of the shipped pack for each deviation.
CODES = {
    "extend": "extend.technical_outage",
    "close_early": "close_early.project_cancelled",
    "skip_collecting": "skip.information_only",
    "skip_analysing": "skip.few_participations",
    "accelerate": "accelerate.public_safety",
    "restrict_audience": "restrict_audience.special_expertise",
    "withdraw": "withdraw.project_cancelled",
    "cancel": "cancel.no_longer_needed",
    "reopen": "reopen.new_facts",
    "amend": "amend.correction",
    "not_publish_results": "not_publish_results.security",
}
#: A stored stage and an instant at which the topic of ``OPENS`` stands there.
BEFORE_OPENING = datetime(2026, 4, 1, 9, tzinfo=UTC)
OPEN = datetime(2026, 4, 15, 9, tzinfo=UTC)
CLOSED = datetime(2026, 4, 26, 11, 30, tzinfo=UTC)
PLACES = {
    Stage.DRAFT: (Stored.DRAFT, BEFORE_OPENING),
    Stage.APPROVED: (Stored.APPROVED, BEFORE_OPENING),
    Stage.FORTHCOMING: (Stored.PUBLISHED, BEFORE_OPENING),
    Stage.COLLECTING: (Stored.PUBLISHED, OPEN),
    Stage.ANALYSING: (Stored.PUBLISHED, CLOSED),
    Stage.DECIDED: (Stored.DECIDED, CLOSED),
    Stage.ANNOUNCED: (Stored.ANNOUNCED, CLOSED),
    Stage.WITHDRAWN: (Stored.WITHDRAWN, CLOSED),
    Stage.CANCELLED: (Stored.CANCELLED, CLOSED),
    Stage.CLOSED: (Stored.CLOSED, CLOSED),
    Stage.ARCHIVED: (Stored.ARCHIVED, CLOSED),
}


def pinned_policy():
    """The shipped policy, installed."""
    return install_pack("qassim")[0]


def make_topic(stored=Stored.PUBLISHED, **fields):
    """A process with a pinned policy and all roles filled."""
    fields.setdefault("policy_version", pinned_policy())
    consultation = make_consultation(stored=stored, **fields)
    keeper = make_user()
    RoleAssignment.objects.bulk_create(
        RoleAssignment(consultation=consultation, role=role, user=keeper)
        for role in Role
    )
    return consultation


def because(act="extend", **text):
    """A complete reason for an act."""
    text = text or {"ar": "تعطل الموقع ساعتين.", "en": "The site was down for 2 hours."}
    return Reason(CODES[act], text)


def make_requester(**kwargs):
    """Who may see topics and request acts."""
    return make_user(permissions=["view_consultation", "request_act"], **kwargs)


def make_authoriser(**kwargs):
    """Who may see topics and authorise what others requested."""
    return make_user(permissions=["view_consultation", "authorise_act"], **kwargs)


def by_two(topic, name, at, **parameters):
    """An act that one person requests and another authorises."""
    with clock.rehearse(at):
        act = acts.request(
            topic, name, actor=make_requester(), reason=because(name), **parameters
        )
        acts.authorise(act, actor=make_authoriser())
    topic.refresh_from_db()


def withhold_results(consultation, *parts):
    """What the act leaves behind, two people having done it."""
    consultation.policy_version = consultation.policy_version or pinned_policy()
    consultation.save()
    return Act.objects.create(
        consultation=consultation,
        name="not_publish_results",
        state=Act.State.DONE,
        reason_code="not_publish_results.security",
        clause="P-6.4.1",
        reason={"ar": "تتعلق بأمن المنشأة.", "en": "They concern a plant's safety."},
        parameters={"parts": list(parts)},
        requested_by=make_user(),
        requested_at=CLOSED,
        authorised_by=make_user(),
        done_at=CLOSED,
    )
