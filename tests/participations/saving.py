"""Saving a form to go on later, and opening its link."""

import re

from django.urls import reverse

from tests.factories import DURING
from tests.participations.sending import TEXT, ask, token_of
from wagtail_eparticipation import clock


def save(client, page, data, *, tool="comment", language="ar", at=DURING):
    url = reverse(
        "eparticipation:save_draft", args=[language, page.consultation.public_id, tool]
    )
    with clock.rehearse(at):
        return client.post(url, data)


def begin(client, page, *, at=DURING, **changes):
    """Save an unfinished comment; returns the path of its link."""
    token = token_of(ask(client, page, at=at))
    response = save(client, page, {"token": token, "text": TEXT, **changes}, at=at)
    assert response.status_code == 302, response.content.decode()[:3000]
    return response["Location"].removesuffix("saved/")


def look(client, path, at=DURING):
    with clock.rehearse(at):
        return client.get(path)


def press(client, path, data=None, at=DURING):
    with clock.rehearse(at):
        return client.post(path, data or {})


def hidden(response, name):
    return re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())[1]
