"""A topic of the policy that takes participations, and an empty cache."""

import pytest
from django.core.cache import cache

from tests.factories_pages import every_channel, make_consultation_page
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.policy.install import install_pack


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def page():
    policy, _created = install_pack("qassim")
    page = make_consultation_page(stage="published", channels=every_channel())
    Consultation.objects.filter(pk=page.consultation_id).update(policy_version=policy)
    page.refresh_from_db()
    return page
