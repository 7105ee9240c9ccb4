"""Topics with quick polls, and votes in them as participants send them."""

import itertools
import re

from django.test import Client
from django.urls import reverse

from tests.factories import DURING
from tests.factories_pages import make_consultation_page, translation_of
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.pages import ConsultationPage
from wagtail_eparticipation.participations import door, persons
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.surveys import polls
from wagtail_eparticipation.surveys.forms import Answer
from wagtail_eparticipation.surveys.voting import vote

_numbers = itertools.count(1)

SHADE = "44444444-0000-4000-8000-000000000001"
USES = "44444444-0000-4000-8000-000000000002"
TREES = "55555555-0000-4000-8000-000000000001"
SAILS = "55555555-0000-4000-8000-000000000002"
SPORT = "66666666-0000-4000-8000-000000000001"
REST = "66666666-0000-4000-8000-000000000002"
PLAY = "66666666-0000-4000-8000-000000000003"

WORDS = {
    "ar": {
        SHADE: "أي تظليل تفضلون؟",
        TREES: "أشجار",
        SAILS: "مظلات",
        USES: "لماذا تزورون الحديقة؟",
        SPORT: "الرياضة",
        REST: "الراحة",
        PLAY: "لعب الأطفال",
    },
    "en": {
        SHADE: "Which shade do you prefer?",
        TREES: "Trees",
        SAILS: "Sails",
        USES: "Why do you visit the park?",
        SPORT: "Sport",
        REST: "Rest",
        PLAY: "Children's play",
    },
}


def raw_polls(language="ar", *, results="after_closing", **labels):
    """Two polls as raw stream data; ``labels`` replaces texts by id."""
    words = {**WORDS[language], **labels}

    def poll(key, at_most, *ids):
        options = [{"type": "item", "value": words[each], "id": each} for each in ids]
        value = {
            "question": words[key],
            "help_text": "",
            "options": options,
            "at_most": at_most,
            "results": results,
        }
        return {"type": "poll", "id": key, "value": value}

    return [poll(SHADE, 1, TREES, SAILS), poll(USES, 2, SPORT, REST, PLAY)]


def set_polls(page, raw):
    """Put raw polls on a page, as if it had been published with them."""
    page.polls = page._meta.get_field("polls").to_python(raw)
    ConsultationPage.objects.filter(pk=page.pk).update(polls=page.polls)


def make_topic(*, results="after_closing", languages=("ar", "en"), **fields):
    """The Arabic page of a topic with two polls, worded in its languages."""
    policy, _created = install_pack("qassim")
    page = make_consultation_page(languages=languages, **fields)
    Consultation.objects.filter(pk=page.consultation_id).update(policy_version=policy)
    for language in languages:
        each = page if language == "ar" else translation_of(page, language)
        set_polls(each, raw_polls(language, results=results))
    return ConsultationPage.objects.get(pk=page.pk)


def cast(page, *options, poll=SHADE, person="", at=DURING, **fields):
    """One vote through the door; ``person`` is a key, a new one where it is empty."""
    found = polls.find(page, poll)
    person = person or f"{next(_numbers):032x}"
    submission = door.Submission(
        tool="poll",
        language=page.locale.language_code,
        idempotency_key=door.new_key(),
        standing=persons.Standing(person),
        **fields,
    )
    answers = [Answer(poll, each) for each in options or (TREES,)]
    with clock.rehearse(at):
        return vote(page, found, submission, answers)


def ask(client, page, poll=SHADE, at=DURING):
    """Open the form of a poll."""
    with clock.rehearse(at):
        return client.get(f"{page.get_url()}poll/{poll}/")


def fill(form_page, options=TREES, poll=SHADE, **changes):
    """What a browser sends of a poll's form."""
    html = form_page.content.decode()
    hidden = dict(re.findall(r'name="(token|shape)" value="([^"]+)"', html))
    return {**hidden, f"q_{poll}": options, "accept": "on", **changes}


def send(client, page, data, *, poll=SHADE, language="ar", at=DURING):
    """Send what was filled in."""
    place = [language, page.consultation.public_id, poll]
    with clock.rehearse(at):
        return client.post(reverse("eparticipation:vote", args=place), data)


def choose(client: Client, page, options=TREES, *, poll=SHADE, **changes):
    """Vote as a person does: open the form, choose, send."""
    form_page = ask(client, page, poll)
    return send(client, page, fill(form_page, options, poll, **changes), poll=poll)
