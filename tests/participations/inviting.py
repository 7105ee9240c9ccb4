"""Inviting people as staff do: lists, letters, messages."""

import io
import re

from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import make_user
from tests.factories_pages import make_vocabulary
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.vocabulary import Segment
from wagtail_eparticipation.participations import (
    invitation_acts,
    invitations,
    inviting,
)
from wagtail_eparticipation.participations.invitation_files import ListPlan
from wagtail_eparticipation.participations.invitations import Invitation

COLUMNS = {"name": "name", "email": "email", "segment": "segment", "language": "lang"}


def by_invitation(page):
    """The topic, now for those who hold an invitation."""
    Consultation.objects.filter(pk=page.consultation_id).update(audience_mode="invited")
    page.refresh_from_db()
    return page


def make_editor():
    """Somebody who may ask for acts."""
    return make_user(permissions=["request_act"])


def shop_owners():
    """A segment of the public, in Arabic and English."""
    return make_vocabulary(Segment, "segment")


def csv_of(*rows):
    lines = ["name,email,segment,lang", *(",".join(row) for row in rows)]
    return "\n".join(lines)


def a_list(content, name="people.csv"):
    return SimpleUploadedFile(name, content.encode())


def prepare(page, content, actor, name="people.csv"):
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    return inviting.prepare(page.consultation, file, name, actor=actor)


def invite(page, content, actor, **plan):
    """Carry a list out at once; returns its report."""
    waiting = prepare(page, content, actor)
    plan = ListPlan(plan.pop("columns", COLUMNS), plan.pop("language", "ar"), **plan)
    return inviting.carry_out(waiting, plan, actor=actor)


def send_all(page, actor, after_commit):
    with after_commit():
        return invitation_acts.send(page.consultation, actor=actor)


def code_in(message):
    """The code of an invitation in a mail."""
    return re.search(r"\b([2-9A-Z]{4}(?:-[2-9A-Z]{4}){4})\b", message.body)[1]


def to(address):
    return [each for each in mail.outbox if each.to == [address]]


def make_invited(page, number=1, **fields):
    """Rows without anybody behind them; returns their codes."""
    codes = [invitations.new_code() for _each in range(number)]
    fields.setdefault("sent_at", page.consultation.window.opens_at)
    Invitation.objects.bulk_create(
        Invitation(
            consultation=page.consultation,
            code_hash=invitations.hash_of(code),
            language="ar",
            created_at=page.consultation.window.opens_at,
            **fields,
        )
        for code in codes
    )
    return codes
