"""That staff read the vocabulary, and surveys, in the language of their admin."""

from html import unescape

import pytest
from django.urls import reverse
from wagtail.users.models import UserProfile

from tests.factories import DURING, make_user
from tests.factories_pages import make_vocabulary
from tests.participations.inviting import by_invitation, make_invited
from tests.surveys.makers import TEXTS, make_survey
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.vocabulary import Department, Segment

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["ar", "en"])
def language(request, client):
    user = make_user(superuser=True)
    UserProfile.objects.create(user=user, preferred_language=request.param)
    client.force_login(user)
    with clock.rehearse(DURING):
        yield request.param


def names_of_versions(row, language):
    """Its name in this language, and in the other one."""
    versions = type(row).objects.filter(translation_key=row.translation_key)
    names = dict(versions.values_list("locale__language_code", "name"))
    return names[language], names["en" if language == "ar" else "ar"]


def read(client, name, *args):
    address = reverse(f"eparticipation_admin:{name}", args=args)
    return unescape(client.get(address).content.decode())


def test_the_desks_name_the_department_in_the_admins_language(client, language):
    survey = make_survey()
    parks = make_vocabulary(Department, "department")
    Consultation.objects.update(department=parks)
    named, other = names_of_versions(parks, language)
    for html in (
        read(client, "consultations"),
        read(client, "desk", survey.consultation.pk),
    ):
        assert named in html
        assert other not in html


def test_invitations_name_segments_in_the_admins_language(client, language):
    page = by_invitation(make_survey().topic_page)
    segment = make_vocabulary(Segment, "segment")
    make_invited(page, segment=segment)
    make_invited(page, 2, segment=segment, is_group=True, label="Group")
    named, other = names_of_versions(segment, language)
    for name in ("invitations", "invitation_rows"):
        html = read(client, name, page.consultation_id)
        assert named in html
        assert other not in html


def test_results_of_a_survey_are_in_the_admins_language(client, language):
    survey = make_survey()
    words, others = TEXTS[language], TEXTS["en" if language == "ar" else "ar"]
    html = read(client, "survey_results", survey.consultation.pk, survey.pk)
    for key in set(words) - {"introduction"}:
        assert words[key] in html
        assert others[key] not in html
    listed = read(client, "surveys", survey.consultation.pk)
    assert words["title"] in listed
