"""Doing what readers do at the forms of a published voice."""

import re

from django.urls import reverse


def address_of(voice, name="report", language="ar"):
    return reverse(f"eparticipation:{name}", args=[language, voice.public_id])


def token_in(response):
    found = re.search(rb'name="token" value="([^"]+)"', response.content)
    return found[1].decode()


def fresh_token(client, voice, name="report"):
    return token_in(client.get(address_of(voice, name)))


def send_report(client, voice, *, language="ar", token=None, **changes):
    """Fill the report form in and send it."""
    data = {
        "token": token or fresh_token(client, voice),
        "reason": "other",
        "explanation": "هذا النص ينشر رقم هاتف أحد الجيران.",
        **changes,
    }
    return client.post(address_of(voice, language=language), data)
