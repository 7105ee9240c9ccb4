"""A topic's complaints on their way, and its channels in figures, in the admin."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.replies import counters, handovers
from wagtail_eparticipation.replies.models import Handover

#: Handovers on one page; those that need somebody come first.
_SHOWN = 200


class Complaints(DeskView):
    """Where each complaint is; a failed one can be tried again."""

    duty = "moderate"
    header_icon = "warning"
    page_title = gettext_lazy("Complaints handed over")
    template_name = "wagtail_eparticipation/replies/desk_complaints.html"

    def rows(self):
        return Handover.objects.filter(
            participation__consultation=self.consultation
        ).select_related("participation")

    def post(self, request, *args, **kwargs):
        wanted = request.POST.get("handover", "")
        if len(wanted) > 36:
            raise Http404
        found = get_object_or_404(self.rows(), public_id=_uuid_or_404(wanted))
        found.participation.consultation = self.consultation
        try:
            handovers.retry(found, actor=request.user)
        except handovers.NothingToRetry:
            messages.error(request, _("This complaint has not failed."))
        else:
            messages.success(request, _("Handing over is tried again."))
        return redirect("eparticipation_admin:complaints", self.consultation.pk)

    def get_context_data(self, **kwargs):
        # By name: "failed" comes before "handed" and "waiting".
        rows = self.rows().order_by("state", "-id")[:_SHOWN]
        return super().get_context_data(rows=list(rows), **kwargs)


def _uuid_or_404(text: str):
    from uuid import UUID

    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


class Channels(DeskView):
    """What came by each tool and channel of the table of means (R-4.1h)."""

    header_icon = "site"
    page_title = gettext_lazy("Channels in figures")
    template_name = "wagtail_eparticipation/replies/desk_channels.html"

    def get_context_data(self, **kwargs):
        rows = counters.counts_of(self.consultation)
        return super().get_context_data(rows=rows, **kwargs)


_ONE = "consultations/<int:pk>/"

admin_urls = [
    path(f"{_ONE}complaints/", Complaints.as_view(), name="complaints"),
    path(f"{_ONE}channels/", Channels.as_view(), name="channels"),
]
