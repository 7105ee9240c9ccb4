"""Files in the Wagtail admin: switched on, looked at, opened (R-7.10b, R-7.10c)."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.consultations.desk_cards import Card
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import SETTLED
from wagtail_eparticipation.ledger.record import record
from wagtail_eparticipation.participations import attachment_pdf, attachment_store
from wagtail_eparticipation.participations.attachment_files import (
    as_picture,
    as_sealed_original,
)
from wagtail_eparticipation.participations.attachment_kinds import FileRefused
from wagtail_eparticipation.participations.attachment_opening import (
    CannotOpen,
    open_original,
)
from wagtail_eparticipation.participations.attachment_settings import (
    are_possible,
    limits,
)
from wagtail_eparticipation.participations.attachments import UNDECIDED, Attachment
from wagtail_eparticipation.participations.identity import IdentityUnreadable
from wagtail_eparticipation.participations.models import TAKEN_BACK

#: Who works with what people sent, and so with their files.
READERS = ("moderate", "analyse", "decide")
#: Files that the list on the desk shows at most.
_LISTED = 200


class TopicSettled(ValueError):
    """The topic was formally closed; nothing is switched any more."""


@transaction.atomic
def switch(consultation: Consultation, on: bool, *, actor) -> None:
    """Let people attach files on a topic, or not any more; files that came stay."""
    access.require(actor, "request", consultation)
    held = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if held.stored_stage in SETTLED:
        raise TopicSettled(
            _("The topic was formally closed; this cannot be changed any more.")
        )
    if held.takes_files == on:
        return
    Consultation.objects.filter(pk=held.pk).update(takes_files=on)
    kind = "attachments.on" if on else "attachments.off"
    record(held, kind, actor=actor)


def files_card(consultation, user, now) -> Card | None:
    """How many files wait for a moderator; one query where files are taken."""
    if not any(access.may(user, duty, consultation) for duty in ("request", *READERS)):
        return None
    url = reverse("eparticipation_admin:desk_files", args=[consultation.pk])
    title = _("Attached files")
    waiting = waiting_files(consultation).count() if consultation.takes_files else 0
    if not consultation.takes_files and not are_possible():
        return None
    if not consultation.takes_files:
        return Card(title=title, value="–", text=_("Files are not taken."), url=url)
    text = ngettext(
        "%(count)d file waits for a decision.",
        "%(count)d files wait for a decision.",
        waiting,
    )
    return Card(
        title=title,
        value=str(waiting),
        text=text % {"count": waiting},
        tone="warning" if waiting else "",
        url=url,
    )


def waiting_files(consultation):
    """Files about which a moderator has still to decide."""
    return Attachment.objects.filter(
        consultation=consultation, participation__isnull=False, state__in=UNDECIDED
    ).exclude(participation__state__in=TAKEN_BACK)


class FilesDesk(DeskView):
    """Whether a topic takes files, and which of them wait."""

    page_title = gettext_lazy("Attached files")
    header_icon = "doc-full"
    template_name = "wagtail_eparticipation/participations/files_desk.html"

    def post(self, request, *args, **kwargs):
        on = request.POST.get("switch") == "on"
        if on and not are_possible():
            raise PermissionDenied
        try:
            switch(self.consultation, on, actor=request.user)
        except TopicSettled as error:
            messages.error(request, str(error))
        else:
            done = _("People can attach files.") if on else _("Files are not taken.")
            messages.success(request, done)
        return redirect("eparticipation_admin:desk_files", self.consultation.pk)

    def get_context_data(self, **kwargs):
        consultation, most = self.consultation, limits()
        reads = any(self.may(duty) for duty in READERS)
        states = dict(
            consultation.attachments.filter(participation__isnull=False)
            .order_by()
            .values_list("state")
            .annotate(number=Count("pk"))
        )
        rows = waiting_files(consultation).select_related("participation")
        return super().get_context_data(
            may_switch=self.may("request")
            and consultation.stored_stage not in SETTLED
            and (are_possible() or consultation.takes_files),
            possible=are_possible(),
            limits=most,
            reads=reads,
            may_moderate=self.may("moderate"),
            numbers=[
                {"label": label, "number": states.get(value, 0)}
                for value, label in Attachment.State.choices
            ],
            rows=rows.order_by("id")[:_LISTED] if reads else [],
            **kwargs,
        )


class _OfOneFile:
    """Finds the file of an address and asks who is there before anything else."""

    duties = READERS

    def dispatch(self, request, *args, **kwargs):
        consultation = self.attachment.consultation
        if not any(
            access.may(request.user, duty, consultation) for duty in self.duties
        ):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def attachment(self) -> Attachment:
        return get_object_or_404(
            Attachment.objects.select_related(
                "consultation", "participation", "key", "copy_key"
            ),
            public_id=self.kwargs["public_id"],
            participation__isnull=False,
        )


class Rendition(_OfOneFile, View):
    """What staff look at: a picture drawn anew, or a page of a PDF as a picture."""

    def get(self, request, *args, page=1, **kwargs):
        row = self.attachment
        if not row.may_be_looked_at:
            raise Http404
        try:
            data = attachment_store.read_copy(row)
            if row.kind == Attachment.Kind.IMAGE:
                return as_picture(data, row.copy_type)
            if not 1 <= page <= attachment_pdf.PAGES_SHOWN:
                raise Http404
            return as_picture(attachment_pdf.page_picture(data, page), "image/png")
        except (IdentityUnreadable, FileRefused):
            raise Http404 from None


class Original(_OfOneFile, WagtailAdminTemplateMixin, TemplateView):
    """Asks the privacy role for a reason and hands the sealed original out."""

    duties = ("identity",)
    page_title = gettext_lazy("Open the sealed original")
    header_icon = "lock-open"
    template_name = "wagtail_eparticipation/participations/file_original.html"

    def post(self, request, *args, **kwargs):
        row = self.attachment
        try:
            reason = request.POST.get("reason", "")
            data = open_original(row, actor=request.user, reason=reason)
        except CannotOpen as error:
            messages.error(request, str(error))
            return self.render_to_response(self.get_context_data())
        except IdentityUnreadable:
            messages.error(request, _("The original was destroyed."))
            return self.render_to_response(self.get_context_data())
        return as_sealed_original(data, row)

    def get_breadcrumbs_items(self):
        label = {"url": "", "label": self.get_page_title()}
        return [*super().get_breadcrumbs_items(), label]

    def get_context_data(self, **kwargs):
        row = self.attachment
        return super().get_context_data(
            attachment=row, participation=row.participation, **kwargs
        )


_FILE = "attachments/<uuid:public_id>/"

admin_urls = [
    path("consultations/<int:pk>/files/", FilesDesk.as_view(), name="desk_files"),
    path(f"{_FILE}rendition/", Rendition.as_view(), name="attachment_rendition"),
    path(f"{_FILE}page/<int:page>/", Rendition.as_view(), name="attachment_page"),
    path(f"{_FILE}original/", Original.as_view(), name="attachment_original"),
]
