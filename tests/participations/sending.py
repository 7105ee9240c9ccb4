"""Doing what participants do at the form and with the receipt."""

import re

from django.urls import reverse

from tests.factories import DURING
from wagtail_eparticipation import clock

TEXT = "نريد أشجاراً تظلّل الممرات"


def ask(client, page, tail="participate/comment/", at=DURING):
    with clock.rehearse(at):
        return client.get(f"{page.get_url()}{tail}")


def token_of(response):
    found = re.search(rb'name="token" value="([^"]+)"', response.content)
    return found[1].decode()


def fill(token, **changes):
    return {
        "token": token,
        "text": TEXT,
        "language": "ar",
        "publication": "without_name",
        "accept": "on",
        **changes,
    }


def send(client, page, data, *, tool="comment", language="ar", at=DURING, **extra):
    url = reverse(
        "eparticipation:send", args=[language, page.consultation.public_id, tool]
    )
    with clock.rehearse(at):
        return client.post(url, data, **extra)


def take_part(client, page, **changes):
    at = changes.pop("at", DURING)
    token = token_of(ask(client, page))
    return send(client, page, fill(token, **changes), at=at)


def receipt_page(client, response):
    assert response.status_code == 302, response.content.decode()[:2000]
    with clock.rehearse(DURING):
        return client.get(response["Location"])


def code_on(response):
    return re.search(rb'id="ep-receipt-code">([^<]+)<', response.content)[1].decode()
