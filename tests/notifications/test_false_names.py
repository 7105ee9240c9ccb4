"""What is mailed about a name that somebody says to be false."""

import pytest

from tests.discussion.makers import make_voice
from tests.factories import DURING, make_user
from tests.factories_pages import make_consultation_page
from tests.notifications.test_readers import MARY, SALEM, body_of, report_by
from wagtail_eparticipation.clock import rehearse
from wagtail_eparticipation.consultations.people import Role, RoleAssignment
from wagtail_eparticipation.discussion.report_reasons import FALSE_ATTRIBUTION

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def during():
    with rehearse(DURING):
        yield


@pytest.fixture
def page():
    return make_consultation_page()


@pytest.fixture
def voice(page):
    return make_voice(page.consultation)


def test_nobody_is_told_of_a_name_where_none_was_shown(mailbox, after_commit, page):
    nameless = make_voice(page.consultation, public_name="")
    owner = make_user()
    RoleAssignment.objects.create(
        consultation=nameless.consultation, role=Role.OWNER, user=owner
    )
    with after_commit():
        report_by(nameless, MARY, language="en", reason=FALSE_ATTRIBUTION)
    assert mailbox.to(owner.email) == []
    assert "the contribution stays as it is" in body_of(mailbox.to(MARY)[0])


@pytest.mark.parametrize(
    ("language", "email", "told", "untold"),
    [
        ("ar", SALEM, "ولا يظهر الاسم", "وتبقى المشاركة على حالها"),
        (
            "en",
            MARY,
            "the name beside the contribution is not shown",
            "the contribution stays",
        ),
    ],
)
def test_who_reports_a_false_name_is_told_what_becomes_of_it(
    mailbox, after_commit, voice, language, email, told, untold
):
    with after_commit():
        report_by(voice, email, language=language, reason=FALSE_ATTRIBUTION)
    body = body_of(mailbox.to(email)[0])
    assert told in body
    assert untold not in body
