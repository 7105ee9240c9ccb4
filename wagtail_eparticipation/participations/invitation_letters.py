"""Letters to those who have no e-mail address: printed once (R-5.1.3c)."""

import csv
import io
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from wagtail_eparticipation.calendars.words import closing_words
from wagtail_eparticipation.languages import direction, pick
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations import invitees
from wagtail_eparticipation.participations.cells import safe_cell
from wagtail_eparticipation.participations.invitation_acts import (
    SENDING,
    held,
    mark,
    waiting_for_letter,
)
from wagtail_eparticipation.participations.inviting import InvitingRefused

_TEMPLATE = "wagtail_eparticipation/participations/invitation_letters.html"


@dataclass(frozen=True)
class Letter:
    """One letter to be printed; its code exists nowhere else afterwards."""

    number: str
    name: str
    code: str
    language: str
    segment: str = ""


@transaction.atomic
def take_letters(consultation, *, actor) -> list[Letter]:
    """The letters to be printed, once: with them their codes leave the database."""
    consultation, now = held(consultation, actor, SENDING)
    rows = list(waiting_for_letter(consultation).select_related("key", "segment"))
    letters = []
    for row in rows:
        invitee = invitees.opened(row)
        if invitee is not None and invitee.code:
            segment = row.segment.name if row.segment else ""
            letters.append(
                Letter(row.number, invitee.name, invitee.code, row.language, segment)
            )
    if not letters:
        raise InvitingRefused(_("No letter waits to be printed."))
    mark(rows, sent_at=now)
    invitees.destroy(row.pk for row in rows)
    record(
        consultation,
        "invitation.printed",
        actor=actor,
        at=now,
        data={"count": len(letters)},
    )
    return letters


def _place(consultation, request, language: str) -> dict[str, str]:
    """What each letter in a language says of the topic."""
    page = consultation.page_in(language)
    window = getattr(consultation, "window", None)
    return {
        "topic": pick(consultation.titles, language),
        "form_url": f"{page.get_full_url(request)}participate/" if page else "",
        "closing": closing_words(window.closes_at, language) if window else "",
    }


def as_file(consultation, request, letters) -> HttpResponse:
    """The letters for a word processor; no cell is a formula."""
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer)
    writer.writerow(
        ["number", "name", "code", "segment", "language", "topic", "address", "open"]
    )
    places = _places(consultation, request, letters)
    for each in letters:
        place = places[each.language]
        cells = [each.number, each.name, each.code, each.segment, each.language]
        cells += [place["topic"], place["form_url"], place["closing"]]
        writer.writerow([safe_cell(cell) for cell in cells])
    response = HttpResponse(buffer.getvalue().encode(), content_type="text/csv")
    response["Content-Disposition"] = 'attachment; filename="invitations.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def as_page(consultation, request, letters) -> HttpResponse:
    """The letters as a page to be printed, one a sheet, each in its language."""
    places = _places(consultation, request, letters)
    shown = [
        {
            "letter": each,
            "direction": direction(each.language),
            **places[each.language],
        }
        for each in letters
    ]
    department = consultation.department
    context = {
        "consultation": consultation,
        "department": department,
        "letters": shown,
    }
    return render(request, _TEMPLATE, context)


def _places(consultation, request, letters) -> dict[str, dict[str, str]]:
    languages = {each.language for each in letters}
    return {code: _place(consultation, request, code) for code in languages}
