"""The hub: all topics of a site in one language."""

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.url_routing import RouteResult


class ConsultationIndexPageMixin(models.Model):
    """The hub: all topics with filters, search, Atom and iCalendar (R-5.2.1a)."""

    introduction = models.TextField(
        gettext_lazy("introduction"),
        blank=True,
        help_text=gettext_lazy(
            "Two or three sentences: what people find here and what becomes of it."
        ),
    )

    content_panels = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        if self.expire_at:
            text = _("Topics stand below this page: it does not expire.")
            raise ValidationError({"expire_at": text})

    def route(self, request, path_components):
        from wagtail_eparticipation.consultations.addresses import child_page
        from wagtail_eparticipation.consultations.page_views import HUB_VIEWS

        if not path_components:
            return super().route(request, path_components)
        if len(path_components) == 1 and path_components[0] in HUB_VIEWS:
            if not self.live:
                raise Http404
            return RouteResult(self, kwargs={"view": HUB_VIEWS[path_components[0]]})
        page = child_page(self, path_components[0])
        if page is None:
            return super().route(request, path_components)
        return page.route(request, path_components[1:])

    def serve(self, request, view=None):
        from wagtail_eparticipation.consultations.caching import limit_caching
        from wagtail_eparticipation.consultations.hub import listed

        request.is_preview = False
        if view is not None:
            return view(request, self)
        return limit_caching(super().serve(request), listed(self))

    def get_context(self, request, *args, **kwargs):
        from wagtail_eparticipation.consultations.hub import hub_context

        context = super().get_context(request, *args, **kwargs)
        context.update(hub_context(request, self))
        return context

    def permissions_for_user(self, user):
        from wagtail_eparticipation.consultations.locks import HubPermissions

        return HubPermissions(user, self)

    def get_cached_paths(self):
        return ["/", "/feed/", "/calendar/"]
