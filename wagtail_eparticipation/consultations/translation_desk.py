"""The button by which a translation enters the request's workflow (S1-A2).

The editor of wagtail-localize takes the place of Wagtail's own and has no "submit for
moderation"; this button does the same on the page's header and in listings.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from wagtail_eparticipation import translation
from wagtail_eparticipation.consultations.approval import missing_for_approval
from wagtail_eparticipation.consultations.topic_page import (
    ConsultationPageMixin,
    is_topic_page,
)


def may_submit(page, user) -> bool:
    """Whether ``user`` can hand this translation to the workflow now."""
    if not is_topic_page(page) or page.is_original:
        return False
    permissions = page.permissions_for_user(user)
    return permissions.can_edit() and permissions.can_submit_for_moderation()


def submit_button(page, user, next_url=None, **kwargs):
    """The button, for the header of a page and the menu of a listing's row."""
    if not issubclass(page.specific_class or Page, ConsultationPageMixin):
        return
    if not may_submit(page.specific, user):
        return
    yield Button(
        _("Submit translation for review"),
        url=reverse("eparticipation_admin:submit_translation", args=[page.pk]),
        icon_name="upload",
        priority=45,
    )


def submit_view(request, page_id: int):
    """Asks, and on POST saves the translation as a draft and starts the workflow."""
    page = get_object_or_404(Page, pk=page_id).specific
    if not may_submit(page, request.user):
        raise PermissionDenied
    if request.method == "POST":
        return _submit(request, page)
    missing = missing_for_approval(page.get_latest_revision_as_object())
    progress = translation.progress_of(page)
    return render(
        request,
        "wagtail_eparticipation/consultations/admin/submit_translation.html",
        {
            "page": page,
            "workflow": page.get_workflow(),
            "progress": progress,
            # A synced draft is only written on submission: then we look again.
            "missing": [] if progress else missing,
        },
    )


def _submit(request, page):
    with transaction.atomic():
        draft = translation.save_draft(page, request.user)
        missing = missing_for_approval(draft)
        if not missing:
            page.get_workflow().start(draft, request.user)
    if missing:
        for item in missing:
            messages.error(
                request,
                format_html('<a href="{}">{}</a>', item.url, item)
                if item.url
                else str(item),
            )
        return redirect("eparticipation_admin:submit_translation", page.pk)
    messages.success(
        request,
        _("“%(page)s” was submitted to “%(workflow)s”.")
        % {"page": page.get_admin_display_title(), "workflow": page.get_workflow()},
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


admin_urls = [
    path(
        "pages/<int:page_id>/submit-translation/",
        submit_view,
        name="submit_translation",
    ),
]
page_buttons = [submit_button]
