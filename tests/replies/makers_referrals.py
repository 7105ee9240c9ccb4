"""Questions to departments, and the people who answer them."""

from tests.factories import make_user
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.replies.deferring import Question
from wagtail_eparticipation.replies.referrals import Referral

ASKED = "متى تُسقى الأشجار؟"


def make_question(department=None, *, body="", due_days=5, **fields):
    """What the form would have asked."""
    fields.setdefault("text", ASKED)
    fields.setdefault("reason", Referral.Reason.FACTS)
    return Question(department=department, body=body, due_days=due_days, **fields)


def make_liaison(department=None, **kwargs):
    """Somebody who answers for one department, or for all."""
    user = make_user(permissions=["answer_referral"], **kwargs)
    if department is not None:
        StaffScope.objects.create(user=user).departments.add(department)
    return user
