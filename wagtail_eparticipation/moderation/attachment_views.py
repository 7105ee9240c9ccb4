"""Files on the page of the moderator: what is shown of them, and what was decided."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.moderation import attachment_acts as acts
from wagtail_eparticipation.moderation.errors import CannotDecide
from wagtail_eparticipation.moderation.forms import reason_choices
from wagtail_eparticipation.moderation.models import Outcome
from wagtail_eparticipation.participations import attachment_pdf
from wagtail_eparticipation.participations.attachment_kinds import (
    FileRefused,
    accepted_names,
)
from wagtail_eparticipation.participations.attachment_settings import limits
from wagtail_eparticipation.participations.attachment_store import words_of
from wagtail_eparticipation.participations.attachments import Attachment


def for_review(participation, policy, user) -> dict:
    """What ``review_attachments.html`` shows; no query where no file was sent."""
    if not participation.attachment_count:
        return {}
    rows = participation.attachments.exclude(
        state__in=[Attachment.State.REMOVED, Attachment.State.REFUSED]
    )
    found = limits()
    reasons = reason_choices(policy, Outcome.KEEP_UNPUBLISHED, alone=True)
    return {
        "files": [_file(row, policy, reasons) for row in rows.select_related("key")],
        "may_open": access.may(user, "identity", participation.consultation),
        "accepted": accepted_names(found.types),
        "accept": ",".join(found.types),
    }


def _file(row: Attachment, policy, reasons) -> dict:
    shown = min(row.pages, attachment_pdf.PAGES_SHOWN)
    select = forms.Select({"id": f"reason-{row.key_hex}"}, choices=reasons)
    return {
        "row": row,
        "name": words_of(row).get("name", ""),
        "pictures": [
            reverse("eparticipation_admin:attachment_page", args=[row.public_id, page])
            for page in range(1, max(shown, 1) + 1)
        ]
        if row.may_be_looked_at
        else [],
        "more_pages": row.pages - shown,
        "reasons": select.render("reason", ""),
        "reason": _reason(policy, row.reason_code),
        "is_released": row.state == Attachment.State.RELEASED,
        "is_withheld": row.state == Attachment.State.WITHHELD,
    }


def _reason(policy, code: str) -> str:
    if not code:
        return ""
    try:
        return str(policy.reason(code).label)
    except LookupError:
        return code


class DecideFile(View):
    """Takes one decision about one file and leads back to its participation."""

    http_method_names = ["post"]

    def post(self, request, public_id):
        row = get_object_or_404(
            Attachment.objects.select_related("consultation", "participation"),
            public_id=public_id,
            participation__isnull=False,
        )
        access.require(request.user, "moderate", row.consultation)
        act = _ACTS.get(request.POST.get("file", ""))
        if act is None:
            raise PermissionDenied
        try:
            messages.success(request, act(request, row))
        except (CannotDecide, FileRefused) as error:
            messages.error(request, str(error))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        address = reverse(
            "eparticipation_admin:moderation_review", args=[row.participation.public_id]
        )
        query = request.GET.urlencode()
        return redirect(f"{address}?{query}#files" if query else f"{address}#files")


def _release(request, row) -> str:
    words = request.POST.get("description", "")
    acts.release(row, actor=request.user, description=words)
    return _("The file is released: it is shown once its text is published.")


def _withhold(request, row) -> str:
    acts.withhold(row, actor=request.user, reason_code=request.POST.get("reason", ""))
    return _("The file is not shown.")


def _replace(request, row) -> str:
    upload = request.FILES.get("copy")
    if upload is None:
        raise FileRefused("empty", _("Choose the redacted copy first."))
    data = upload.read(limits().max_bytes + 1)
    acts.replace_copy(row, actor=request.user, data=data)
    return _("The copy was replaced. Release it to have it shown.")


_ACTS = {"release": _release, "withhold": _withhold, "replace": _replace}

admin_urls = [
    path(
        "moderation/files/<uuid:public_id>/",
        DecideFile.as_view(),
        name="moderation_file",
    ),
]
