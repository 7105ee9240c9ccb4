"""No address of our part of the admin lets in whoever has no duty there."""

import uuid

import pytest
from django.urls import get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter

from tests.factories import make_user

pytestmark = pytest.mark.django_db

NAMESPACE = "eparticipation_admin"


def _all(resolver):
    for each in resolver.url_patterns:
        yield each
        if hasattr(each, "url_patterns"):
            yield from _all(each)


def _addresses():
    """Each address, with ids that nothing has."""
    ours = next(
        each
        for each in _all(get_resolver())
        if getattr(each, "namespace", None) == NAMESPACE
    )
    for pattern in _all(ours):
        if not getattr(pattern, "name", None):
            continue
        given = {}
        for name, converter in pattern.pattern.converters.items():
            if isinstance(converter, UUIDConverter):
                given[name] = uuid.uuid4()
            elif isinstance(converter, IntConverter):
                given[name] = 2_000_000
            else:
                given[name] = "none"
        yield reverse(f"{NAMESPACE}:{pattern.name}", kwargs=given)


def test_there_are_many():
    assert len(list(_addresses())) > 60


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_without_a_duty_gets_in_anywhere(client, method):
    client.force_login(make_user())
    opened = [
        address
        for address in _addresses()
        if getattr(client, method)(address).status_code not in (302, 403, 404, 405)
    ]
    assert opened == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_visitors_are_asked_to_sign_in(client, method):
    for address in _addresses():
        response = getattr(client, method)(address)
        assert response.status_code == 302
        assert "/login/" in response["Location"]
