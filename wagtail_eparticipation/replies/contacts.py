"""Whom an answer reaches: who asked, who took part, or who reported (P-6.5).

Identity stays apart: other rooms learn whether there is an address and in which
language to write; only the notifications room opens it.
"""

from wagtail_eparticipation.participations.identity import (
    IdentityUnreadable,
    Person,
    contact_for_notice,
    unseal,
)
from wagtail_eparticipation.participations.models import Identity
from wagtail_eparticipation.participations.receipts import code_matching
from wagtail_eparticipation.replies.models import Case, CaseIdentity


def language_if_reachable(case: Case) -> str | None:
    """The language in which to write; ``None`` when there is no address."""
    if case.about_id is not None:
        return (
            Identity.objects.filter(participation=case.about_id, has_contact=True)
            .values_list("language", flat=True)
            .first()
        )
    if case.report_id is not None:
        return case.report.language if case.report.has_contact else None
    known = CaseIdentity.objects.filter(case=case, has_contact=True).exists()
    return case.language if known else None


def person_of(case: Case) -> Person:
    """Who sent an enquiry, as far as they said and it can still be read."""
    identity = CaseIdentity.objects.filter(case=case, key__isnull=False).first()
    try:
        return unseal(identity) if identity else Person()
    except IdentityUnreadable:
        return Person()


def contact_of(case: Case) -> str:
    """The address for a mail about the case, for the notifications room only."""
    if case.about is not None:
        try:
            contact = contact_for_notice(case.about)
        except IdentityUnreadable:
            return ""
        return contact[0] if contact else ""
    if case.report is not None:
        return case.report.open_contact()
    return person_of(case).email


def code_of(case: Case) -> str:
    """The receipt code that opens the answer; empty for who reported a voice."""
    if case.report_id is not None:
        return ""
    row = case.about if case.about_id is not None else case
    return code_matching(row.idempotency_key, row.receipt_hash)
