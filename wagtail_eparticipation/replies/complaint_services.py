"""Services to which complaints go; the setting ``COMPLAINT_SERVICE`` names one.

Complaints are no opinions: they are diverted with a reference (R-4.1e).

A service of a site's own is a class with ``hand_over(complaint)``, made with the
setting's ``OPTIONS`` as keyword arguments. It raises ``ValueError`` for options that
it cannot use, which the system check reports.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.utils import DNS_NAME
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.participations.identity import Person


class ServiceUnavailable(Exception):
    """The service could not take it now; it is tried again later."""


class ServiceRefused(Exception):
    """The service will not take it, however often it is asked."""


@dataclass(frozen=True)
class Complaint:
    """What a service is given.

    ``key`` is the same at every attempt: a service that has seen it answers with the
    reference of the first time. ``contact`` is given only if the reporter agreed.
    """

    key: str
    number: str
    topic: str
    topic_reference: str
    language: str
    title: str
    text: str
    place: str
    made_at: datetime
    contact: Person | None = None


@dataclass(frozen=True)
class Taken:
    """The complaint's reference; ``address`` where the reporter files it in person."""

    reference: str
    address: str = ""


class ComplaintService:
    """Base of the services. ``at_once``: handing over takes no time and cannot fail."""

    at_once = False
    #: Waiting for the service would keep the reporter waiting: left to a worker.
    slow = False

    def hand_over(self, complaint: Complaint) -> Taken:
        """Hand a complaint over, or raise one of the two errors above."""
        raise NotImplementedError


class UrlService(ComplaintService):
    """No transfer: the reporter is told where to file it, and under which number.

    ``url`` may hold ``{reference}``, which is replaced by the number.
    """

    at_once = True

    def __init__(self, url: str):
        if urlsplit(url).scheme not in ("http", "https"):
            raise ValueError(f"url: {url!r} is no address on the web")
        self.url = url

    def hand_over(self, complaint):
        number = complaint.number
        return Taken(number, self.url.replace("{reference}", number))


class EmailService(ComplaintService):
    """A mail to the service, through Django's own mail backend.

    ``language`` is that of the mail's headings, by default the site's.
    """

    def __init__(self, address: str, language: str = ""):
        try:
            validate_email(address)
        except Exception as error:
            raise ValueError(f"address: {address!r} is no e-mail address") from error
        self.address = address
        self.language = language or settings.LANGUAGE_CODE

    def hand_over(self, complaint):
        with override(self.language):
            subject = _("Complaint %(number)s from the consultation %(reference)s") % {
                "number": complaint.number,
                "reference": complaint.topic_reference,
            }
            body = render_to_string(
                "wagtail_eparticipation/replies/complaint_mail.txt",
                {"complaint": complaint},
            )
        reply_to = []
        if complaint.contact and complaint.contact.email:
            reply_to = [complaint.contact.email]
        message = EmailMessage(
            subject=subject,
            body=body,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[self.address],
            reply_to=reply_to,
            headers={
                "Message-ID": f"<{complaint.key}@{DNS_NAME}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        if not message.send():
            raise ServiceUnavailable("NotSent")
        return Taken(complaint.number)


class NoService(LookupError):
    """The setting ``COMPLAINT_SERVICE`` is empty."""


def configured() -> tuple[str, ComplaintService]:
    """The dotted path and the service of this site; raises :class:`NoService`."""
    chosen = get_setting("COMPLAINT_SERVICE")
    if not chosen:
        raise NoService
    return chosen["BACKEND"], made_from(chosen)


def made_from(chosen: Mapping[str, Any]) -> ComplaintService:
    """The service that a value of the setting describes."""
    return import_string(chosen["BACKEND"])(**chosen.get("OPTIONS", {}))
