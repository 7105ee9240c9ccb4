"""Figures of other places on the desk: recorded, replaced, taken back (R-4.2b)."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_eparticipation.conf import municipal_zone
from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.consultations.stages import SETTLED
from wagtail_eparticipation.participations import aggregating
from wagtail_eparticipation.participations.aggregate_forms import AggregateForm
from wagtail_eparticipation.participations.aggregates import ExternalAggregate

_TEMPLATES = "wagtail_eparticipation/participations"


class Aggregates(DeskView):
    """What others counted for a topic, earlier records included."""

    duty = "moderate"
    header_icon = "site"
    page_title = gettext_lazy("Figures of other places")
    template_name = f"{_TEMPLATES}/aggregates.html"

    def post(self, request, *args, **kwargs):
        if request.POST.get("action") != "take_back":
            raise Http404
        key = request.POST.get("figure", "")
        if not (key.isascii() and key.isdigit() and len(key) < 19):
            raise Http404
        earlier = get_object_or_404(self.consultation.external_aggregates, pk=key)
        earlier.consultation = self.consultation
        try:
            aggregating.take_back(
                earlier,
                reason=request.POST.get("reason", "")[:2000],
                actor=request.user,
            )
        except aggregating.CannotRecord as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The figure was taken back."))
        return redirect(request.path)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            figures=list(aggregating.history(self.consultation)),
            reach=aggregating.reach_of(self.consultation),
            is_settled=self.consultation.stored_stage in SETTLED,
            **kwargs,
        )


class AggregateEdit(DeskView):
    """A new figure, or one in place of another."""

    duty = "moderate"
    header_icon = "site"
    template_name = f"{_TEMPLATES}/aggregate_form.html"

    def get_page_title(self):
        return _("Replace a figure") if self.earlier else _("Record a figure")

    @cached_property
    def earlier(self) -> ExternalAggregate | None:
        if "figure" not in self.kwargs:
            return None
        found = get_object_or_404(
            ExternalAggregate.objects.in_force(),
            consultation=self.consultation,
            pk=self.kwargs["figure"],
        )
        found.consultation = self.consultation
        return found

    def form(self, *data) -> AggregateForm:
        today = self.now.astimezone(municipal_zone()).date()
        instance = ExternalAggregate(consultation=self.consultation)
        initial = aggregating.public_form(self.earlier) if self.earlier else {}
        return AggregateForm(
            *data, instance=instance, initial=initial, today=today, earlier=self.earlier
        )

    def post(self, request, *args, **kwargs):
        form = self.form(request.POST, request.FILES)
        if form.is_valid():
            figure = form.save(commit=False)
            try:
                if self.earlier is None:
                    aggregating.keep(figure, actor=request.user)
                else:
                    aggregating.supersede(self.earlier, figure, actor=request.user)
            except aggregating.CannotRecord as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The figure was recorded."))
                return redirect("eparticipation_admin:aggregates", self.consultation.pk)
        messages.error(request, _("The figure was not recorded; see below."))
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        if "form" not in kwargs:
            kwargs["form"] = self.form()
        return super().get_context_data(
            earlier=self.earlier, media=kwargs["form"].media, **kwargs
        )


class AggregateEvidence(DeskView):
    """The stored evidence of a figure, as a download that no browser interprets."""

    duty = "moderate"

    def get(self, request, *args, **kwargs):
        figure = get_object_or_404(
            self.consultation.external_aggregates, pk=kwargs["figure"]
        )
        if not figure.evidence:
            raise Http404
        response = FileResponse(
            figure.evidence.open("rb"),
            as_attachment=True,
            filename=figure.evidence.name.rpartition("/")[2],
            content_type="application/octet-stream",
        )
        response["X-Content-Type-Options"] = "nosniff"
        return response


_ALL = "consultations/<int:pk>/figures/"

admin_urls = [
    path(_ALL, Aggregates.as_view(), name="aggregates"),
    path(f"{_ALL}add/", AggregateEdit.as_view(), name="aggregate_add"),
    path(
        f"{_ALL}<int:figure>/replace/",
        AggregateEdit.as_view(),
        name="aggregate_replace",
    ),
    path(
        f"{_ALL}<int:figure>/evidence/",
        AggregateEvidence.as_view(),
        name="aggregate_evidence",
    ),
]
