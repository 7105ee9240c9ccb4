"""Recording publications outside the portal, and handing out their proof."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages

from wagtail_eparticipation.consultations import publications
from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.consultations.models import PublicationAct
from wagtail_eparticipation.consultations.publication_forms import PublicationForm
from wagtail_eparticipation.consultations.stages import SETTLED


class PublicationEdit(DeskView):
    """Adds a publication, or says what became of a planned one."""

    duty = "request"
    header_icon = "site"
    template_name = "wagtail_eparticipation/consultations/desk/publication.html"

    @cached_property
    def publication(self) -> PublicationAct:
        if "publication_id" not in self.kwargs:
            return PublicationAct(consultation=self.consultation)
        found = get_object_or_404(
            self.consultation.publication_acts, pk=self.kwargs["publication_id"]
        )
        found.consultation = self.consultation
        return found

    def get(self, request, *args, **kwargs):
        if self.consultation.stored_stage in SETTLED:
            messages.error(request, str(publications.PublicationsAreSettled()))
            return self.desk()
        return super().get(request, *args, **kwargs)

    def get_page_title(self):
        return _("Edit publication") if self.publication.pk else _("Add publication")

    def post(self, request, *args, **kwargs):
        form = PublicationForm(
            request.POST, request.FILES, instance=self.publication, now=self.now
        )
        if form.is_valid():
            publication = form.save(commit=False)
            try:
                publications.keep(publication, actor=request.user, now=self.now)
            except publications.PublicationsAreSettled as error:
                messages.error(request, str(error))
            else:
                messages.success(request, _("The publication was recorded."))
            return self.desk()
        messages.error(request, _("The publication was not recorded; see below."))
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        if "form" not in kwargs:
            kwargs["form"] = PublicationForm(instance=self.publication, now=self.now)
        return super().get_context_data(
            publication=self.publication, media=kwargs["form"].media, **kwargs
        )


class Proof(DeskView):
    """The stored proof, as a download that no browser interprets."""

    def get(self, request, *args, **kwargs):
        publication = get_object_or_404(
            self.consultation.publication_acts, pk=kwargs["publication_id"]
        )
        if not publication.proof:
            raise Http404
        if not publications.proof_is_intact(publication):
            raise PermissionDenied(_("The proof is not the file that was handed in."))
        response = FileResponse(
            publication.proof.open("rb"),
            as_attachment=True,
            filename=publication.proof.name.rpartition("/")[2],
            content_type="application/octet-stream",
        )
        response["X-Content-Type-Options"] = "nosniff"
        return response
