"""Publications outside the portal: planned, done with proof, or not used (R-5.2.1b)."""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from wagtail_eparticipation.consultations.consultation_gates import desk_url
from wagtail_eparticipation.consultations.gates import Missing, gate
from wagtail_eparticipation.consultations.models import Consultation, PublicationAct
from wagtail_eparticipation.consultations.stages import SETTLED
from wagtail_eparticipation.consultations.timeline import Note, register_notes
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.ledger.record import record

State = PublicationAct.State

#: The largest proof that is taken, in bytes.
PROOF_LIMIT = 10 * 1024 * 1024


class PublicationsAreSettled(ValueError):
    """The topic was formally closed: its publications are part of the record."""

    def __init__(self):
        super().__init__(
            _("The topic was formally closed; its publications stay as they are.")
        )


def keep(publication: PublicationAct, *, actor, now: datetime) -> PublicationAct:
    """Save a publication with the checksum of its proof, and note it in the ledger.

    What was done or left out without an instant happened ``now``. Raises
    :class:`PublicationsAreSettled`.
    """
    if publication.state == State.PLANNED:
        publication.happened_at = None
    elif publication.happened_at is None:
        publication.happened_at = now
    publication.proof_sha256 = _checksum(publication.proof)
    publication.recorded_by = actor
    with transaction.atomic():
        held = Consultation.objects.select_for_update().get(
            pk=publication.consultation_id
        )
        if held.stored_stage in SETTLED:
            raise PublicationsAreSettled
        publication.save()
        record(
            publication.consultation,
            "publication_recorded",
            actor=actor,
            at=now,
            data={
                "publication": publication.pk,
                "medium": publication.medium,
                "account": publication.account,
                "url": publication.url,
                "state": publication.state,
                "reason": publication.reason,
                "happened_at": publication.happened_at,
                "proof_sha256": publication.proof_sha256,
            },
        )
    return publication


def _checksum(proof) -> str:
    """SHA-256 of the stored or uploaded file in hexadecimal; empty without a file."""
    if not proof:
        return ""
    digest = hashlib.sha256()
    proof.open("rb")
    for chunk in proof.chunks():
        digest.update(chunk)
    proof.seek(0)
    return digest.hexdigest()


def proof_is_intact(publication: PublicationAct) -> bool:
    """Whether the stored proof is still the file that was handed in."""
    try:
        return _checksum(publication.proof) == publication.proof_sha256
    except OSError:
        return False


@gate("close")
def nothing_is_left_planned(
    consultation: Consultation, now: datetime
) -> Iterator[Missing]:
    """Each planned publication was made, or not used for a reason (C.3, R-5.2.1b)."""
    for publication in consultation.publication_acts.filter(state=State.PLANNED):
        yield Missing(
            _(
                "The publication through %(medium)s is still planned: say what"
                " became of it."
            )
            % {"medium": publication.medium},
            desk_url(consultation, "desk_publication", publication.pk),
        )


def notes_of(consultation: Consultation, language: str, now: datetime):
    """What the public timeline says about publications (R-5.0b)."""
    made = consultation.publication_acts.exclude(state=State.PLANNED)
    for publication in made:
        if publication.happened_at is None:
            continue
        values = {"medium": publication.medium}
        with override(language):
            if publication.state == State.DONE:
                yield Note(
                    at=publication.happened_at,
                    title=_("Published through %(medium)s") % values,
                )
            else:
                yield Note(
                    at=publication.happened_at,
                    title=_("Publishing through %(medium)s was skipped") % values,
                    text=pick(publication.reason, language),
                    clause="P-5.0",
                    tone="warning",
                )


register_notes(notes_of)
