"""What the views of one consultation's desk share: access, way back, refusals."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation


class DeskView(WagtailAdminTemplateMixin, TemplateView):
    """A view on one consultation, for those who work with it.

    ``duty`` narrows it to those who hold that duty; empty for everybody who works
    with the consultation. Asked before anything is read or done.
    """

    header_icon = "comment"
    duty = ""

    @cached_property
    def consultation(self) -> Consultation:
        found = (
            Consultation.objects.select_related("window", "department")
            .filter(pk=self.kwargs["pk"])
            .first()
        )
        if found is None:
            raise Http404
        user = self.request.user
        if not access.works_with(user, found):
            raise PermissionDenied
        if self.duty and not access.may(user, self.duty, found):
            raise PermissionDenied
        return found

    @cached_property
    def now(self):
        return clock.now()

    def dispatch(self, request, *args, **kwargs):
        self.request, self.kwargs = request, kwargs
        self.consultation  # noqa: B018 (asks for permission before anything else)
        return super().dispatch(request, *args, **kwargs)

    def may(self, duty: str) -> bool:
        """Whether the user holds ``duty`` here."""
        return access.may(self.request.user, duty, self.consultation)

    def get_page_subtitle(self):
        return self.consultation.title or self.consultation.reference

    def get_breadcrumbs_items(self):
        return [
            *super().get_breadcrumbs_items(),
            {
                "url": reverse("eparticipation_admin:consultations"),
                "label": _("Consultations"),
            },
            {
                "url": self.desk_url(),
                "label": self.consultation.title or self.consultation.reference,
            },
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            consultation=self.consultation,
            stage=self.consultation.stage(self.now),
            **kwargs,
        )

    def desk_url(self) -> str:
        return reverse("eparticipation_admin:desk", args=[self.consultation.pk])

    def desk(self):
        """The answer after something was done."""
        return redirect(self.desk_url())

    def refuse(self, error) -> None:
        """Tell the user why something was not done."""
        messages.error(self.request, str(error))
