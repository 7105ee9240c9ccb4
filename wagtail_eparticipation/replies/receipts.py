"""Where a complaint is, told on its receipt (R-4.1e, AC-S3-K1)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from wagtail_eparticipation.participations.models import State
from wagtail_eparticipation.participations.receipt_notes import ReceiptNote
from wagtail_eparticipation.replies.models import Handover


def handover_note(participation, language: str) -> Iterable[ReceiptNote]:
    """The reference in the complaint service, or that it is on its way there."""
    if participation.state != State.REROUTED:
        return
    found = Handover.objects.filter(participation=participation).first()
    if found is None:
        return
    if found.state == Handover.State.WAITING:
        yield ReceiptNote(
            _("On its way to the complaint service"),
            _("Once the service has taken it in, you find its reference here."),
            done=False,
        )
    elif found.state == Handover.State.FAILED:
        yield ReceiptNote(
            _("Not yet with the complaint service"),
            _("Handing it over has failed so far. It is kept, and we see to it."),
            done=False,
        )
    elif found.address:
        yield ReceiptNote(
            _("Please file your complaint with the complaint service"),
            _(
                "It is filed there in person. Name this reference: %(reference)s. Copy"
                " your text from this page."
            )
            % {"reference": found.reference},
            url=found.address,
        )
    else:
        yield ReceiptNote(
            _("Taken in by the complaint service"),
            _("Reference there: %(reference)s") % {"reference": found.reference},
        )
