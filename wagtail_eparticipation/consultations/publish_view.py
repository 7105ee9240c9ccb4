"""Publishing an approved topic whose page is live already, once nothing is missing."""

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_eparticipation.consultations import effects, publishing
from wagtail_eparticipation.consultations.act_checks import Held
from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.consultations.gates import Missing, missing_for
from wagtail_eparticipation.consultations.refusals import ActRefused
from wagtail_eparticipation.consultations.stages import Stage


def may_publish(page, user) -> bool:
    """Whether the topic waits behind this live page for ``user`` to publish it."""
    return page.live and page.permissions_for_user(user).can_publish()


def hindrances(consultation, now) -> list[Missing]:
    """Everything that keeps the topic from being published now."""
    missing = missing_for("publish", consultation, now)
    window = getattr(consultation, "window", None)
    try:
        effects.clean("publish", Held(consultation, window, now, Stage.APPROVED), {})
    except ActRefused as refusal:
        missing += refusal.missing
    return missing


class PublishView(DeskView):
    """Publication that the gates stopped when the page went live (C.3)."""

    page_title = gettext_lazy("Publish the topic")
    header_icon = "upload"
    template_name = "wagtail_eparticipation/consultations/desk/act.html"

    def dispatch(self, request, *args, **kwargs):
        self.request, self.kwargs = request, kwargs
        pages = self.consultation.pages.filter(alias_of__isnull=True)
        self.page = pages.order_by("pk").first()
        waits = self.consultation.stage(self.now) == Stage.APPROVED
        if not (waits and self.page and may_publish(self.page, request.user)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if publishing.open_if_approved(self.page, request.user):
            messages.success(request, _("The topic was published."))
        else:
            messages.error(
                request, _("The topic was not published; see what is missing.")
            )
        return self.desk()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            act_label=self.get_page_title(),
            two_people=False,
            consequences=[
                _("The topic becomes public with the dates of its approved request.")
            ],
            missing=hindrances(self.consultation, self.now),
            form=Form(),
            **kwargs,
        )
