"""Writing a notice: plain text in one language, with the headers of an automaton."""

from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.utils import DNS_NAME
from django.template.loader import select_template
from django.utils.translation import override

from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.notifications import drafts, invitees, readers, referrals
from wagtail_eparticipation.notifications.contexts import CONTEXTS
from wagtail_eparticipation.notifications.links import page_url
from wagtail_eparticipation.notifications.models import Notice
from wagtail_eparticipation.participations.identity import (
    IdentityUnreadable,
    contact_for_notice,
)
from wagtail_eparticipation.replies.contacts import contact_of

#: Written by hand in these; readers of another language get the last one.
FALLBACK = "en"


def compose(notice: Notice) -> EmailMessage | None:
    """The message of a notice, or ``None`` when nobody can or wants to be told.

    Opens the address for this one message; nothing of it is kept or logged.
    """
    address = address_of(notice)
    if not address:
        return None
    language = notice.language
    with override(language):
        context = CONTEXTS[notice.kind](notice)
        if context is None:
            return None
        subject, body = render(notice, context)
    return EmailMessage(
        subject=subject,
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        reply_to=reply_to(notice),
        headers={
            "Message-ID": f"<{notice.public_id}@{DNS_NAME}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Content-Language": language,
            **readers.headers_of(notice),
        },
    )


def address_of(notice: Notice) -> str:
    """The address now; empty after erasure and for staff without one."""
    if notice.kind in readers.KINDS:
        return readers.address_of(notice)
    if notice.kind in invitees.KINDS:
        return invitees.address_of(notice)
    if notice.kind in drafts.KINDS:
        return drafts.address_of(notice)
    if notice.kind in referrals.BODIES:
        return referrals.address_of(notice)
    if notice.user is not None:
        return notice.user.email if notice.user.is_active else ""
    if notice.case is not None:
        return contact_of(notice.case)
    try:
        contact = contact_for_notice(notice.participation)
    except IdentityUnreadable:
        return ""
    return contact[0] if contact else ""


def render(notice: Notice, context: dict) -> tuple[str, str]:
    """Subject and body: the template's first line, and what follows after it."""
    kind, language = notice.kind, notice.language.split("-")[0]
    folder = "wagtail_eparticipation/notifications"
    template = select_template(
        [f"{folder}/{kind}.{language}.txt", f"{folder}/{kind}.{FALLBACK}.txt"]
    )
    written = template.render({**_topic(notice), **context})
    subject, _newline, body = written.strip().partition("\n")
    return " ".join(subject.split()), _tidy(body)


def _topic(notice: Notice) -> dict[str, str]:
    """What every message says of its topic; an enquiry may have none."""
    consultation = notice.consultation
    if consultation is None:
        return {"topic": "", "reference": "", "topic_url": ""}
    return {
        "topic": pick(consultation.titles, notice.language),
        "reference": consultation.reference,
        "topic_url": page_url(consultation, notice.language),
    }


def _tidy(body: str) -> str:
    """At most one empty line in a row: conditions in templates leave more."""
    lines: list[str] = []
    for line in body.strip().splitlines():
        line = line.rstrip()
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines) + "\n"


def reply_to(notice: Notice) -> list[str]:
    """The responsible department's public address, named in the notice's language."""
    consultation = notice.consultation
    department = consultation.department if consultation is not None else None
    if department is None or not department.contact_email:
        return []
    with override(notice.language):
        localized = department.localized
    return [formataddr((localized.name, localized.contact_email))]
