"""Hidden places and sealed originals in the Wagtail admin (AC-S3-E3, AC-S3-E4)."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.moderation import destruction, redaction
from wagtail_eparticipation.moderation.errors import CannotDecide
from wagtail_eparticipation.moderation.sealed import Destruction, Redaction
from wagtail_eparticipation.moderation.sealed_forms import (
    DestructionForm,
    OpeningForm,
    ReversalForm,
)
from wagtail_eparticipation.participations.models import Participation

#: Who sees what is hidden and how it came about: moderators, privacy and records.
DUTIES = ("moderate", "identity", "close")


class SealedView(WagtailAdminTemplateMixin, TemplateView):
    """What is hidden in one participation: history, originals, destruction.

    Each part appears to those who may act on it, and each act asks again.
    """

    page_title = gettext_lazy("Hidden places and originals")
    header_icon = "lock"
    template_name = "wagtail_eparticipation/moderation/sealed.html"

    def dispatch(self, request, *args, **kwargs):
        consultation = self.participation.consultation
        if not any(access.may(request.user, duty, consultation) for duty in DUTIES):
            raise PermissionDenied
        response = super().dispatch(request, *args, **kwargs)
        # An opened original must not stay in a browser's memory.
        response["Cache-Control"] = "no-store, private"
        return response

    @cached_property
    def participation(self) -> Participation:
        return get_object_or_404(
            Participation.objects.select_related("consultation__policy_version"),
            public_id=self.kwargs["public_id"],
        )

    @cached_property
    def originals(self) -> list:
        return list(self.participation.sealed_originals.select_related("key"))

    def may(self, duty: str) -> bool:
        return access.may(self.request.user, duty, self.participation.consultation)

    def forms(self, data=None, act: str = "") -> dict:
        """Every form; the one that was sent is bound."""
        hidden = redaction.current(self.participation)
        grounds = destruction.grounds_for(self.participation.consultation, clock.now())
        made = {
            "open": (OpeningForm, {"originals": self.originals}),
            "ask": (ReversalForm, {"hidden": hidden}),
            "destroy": (DestructionForm, {"grounds": grounds}),
        }
        return {
            name: form(data if name == act else None, prefix=name, **needs)
            for name, (form, needs) in made.items()
        }

    def post(self, request, *args, **kwargs):
        act = request.POST.get("act", "")
        forms = self.forms(request.POST, act)
        if act in forms and not forms[act].is_valid():
            messages.error(request, _("Nothing was saved; see below."))
            return self.render_to_response(self.get_context_data(forms=forms))
        acts = {
            "open": self.open_original,
            "ask": self.ask_to_show,
            "show": self.answer_reversal,
            "keep": self.answer_reversal,
            "destroy": self.propose_destruction,
            "confirm": self.answer_destruction,
            "decline": self.answer_destruction,
        }
        if act not in acts:
            raise Http404
        try:
            shown = acts[act](forms.get(act), act)
        except CannotDecide as error:
            messages.error(request, error.message)
            return self.render_to_response(self.get_context_data(forms=forms))
        if shown is not None:
            return self.render_to_response(self.get_context_data(opened=shown))
        return redirect(request.path)

    def open_original(self, form, act) -> dict:
        revision = form.cleaned_data["revision"]
        original = next(each for each in self.originals if each.revision == revision)
        words = redaction.open_original(
            original, actor=self.request.user, reason=form.cleaned_data["reason"]
        )
        return {"revision": revision, "words": words}

    def ask_to_show(self, form, act) -> None:
        redaction.ask_to_show(
            self.participation,
            form.cleaned_data["places"],
            actor=self.request.user,
            ground=form.cleaned_data["ground"],
        )
        messages.success(
            self.request, _("Asked for. The officer for privacy must confirm it.")
        )

    def answer_reversal(self, form, act) -> None:
        asked = Redaction.objects.filter(open_for=self.participation).first()
        if asked is None:
            raise Http404
        if act == "show":
            redaction.show_again(asked, actor=self.request.user)
            messages.success(self.request, _("The places are shown again."))
        else:
            redaction.keep_hidden(asked, actor=self.request.user)
            messages.success(self.request, _("The places stay hidden."))

    def propose_destruction(self, form, act) -> None:
        destruction.propose(
            self.participation,
            reason_code=form.cleaned_data["ground"],
            document=form.cleaned_data["document"],
            actor=self.request.user,
        )
        messages.success(
            self.request, _("Proposed. Nothing is destroyed before another confirms.")
        )

    def answer_destruction(self, form, act) -> None:
        made = Destruction.objects.filter(open_for=self.participation).first()
        if made is None:
            raise Http404
        if act == "confirm":
            destruction.confirm(made, actor=self.request.user)
            messages.success(
                self.request, _("The content was destroyed. The certificate is below.")
            )
        else:
            destruction.decline(made, actor=self.request.user)
            messages.success(self.request, _("Nothing was destroyed."))

    def get_breadcrumbs_items(self):
        items = [*super().get_breadcrumbs_items()]
        if self.may("moderate"):
            review = reverse(
                "eparticipation_admin:moderation_review",
                args=[self.participation.public_id],
            )
            items.append({"url": review, "label": self.participation.number})
        return [*items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        participation = self.participation
        participation.refresh_from_db()
        user = self.request.user
        asked = Redaction.objects.filter(open_for=participation).first()
        destruct = Destruction.objects.filter(open_for=participation).first()
        kwargs.setdefault("forms", self.forms())
        return super().get_context_data(
            participation=participation,
            consultation=participation.consultation,
            hidden=redaction.current(participation),
            history=participation.redactions.select_related("made_by", "second_person"),
            originals=self.originals,
            asked=asked,
            asked_by_me=asked is not None and asked.made_by_id == user.pk,
            destruction=destruct,
            proposed_by_me=destruct is not None and destruct.proposed_by_id == user.pk,
            destructions=participation.destructions.exclude(
                state=Destruction.State.PROPOSED
            ).select_related("proposed_by", "second_person"),
            is_destroyed=destruction.is_destroyed(participation),
            may_open=self.may("identity"),
            may_ask=redaction.may_ask(user, participation.consultation),
            may_destroy=destruction.may_destroy(user, participation.consultation),
            **kwargs,
        )


admin_urls = [
    path("moderation/<uuid:public_id>/hidden/", SealedView.as_view(), name="sealed"),
]
