"""One enquiry in the Wagtail admin: read it, answer it, refer it, ask its sender."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_eparticipation.replies import (
    answering,
    canned_choice,
    contacts,
    converting,
    deferring,
    public_answers,
)
from wagtail_eparticipation.replies.forms import CaseAnswerForm, OutsideForm
from wagtail_eparticipation.replies.models import Case


class CaseView(WagtailAdminTemplateMixin, TemplateView):
    """An enquiry without its sender: who asked stays sealed."""

    header_icon = "mail"
    template_name = "wagtail_eparticipation/replies/desk_case.html"

    @cached_property
    def case(self) -> Case:
        found = get_object_or_404(
            Case.objects.select_related(
                "consultation__department", "participation", "about", "report"
            ),
            public_id=self.kwargs["public_id"],
        )
        if not answering.may_reply(self.request.user, found):
            raise PermissionDenied
        return found

    def dispatch(self, request, *args, **kwargs):
        self.request, self.kwargs = request, kwargs
        self.case  # noqa: B018 (asks for permission before anything else)
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self):
        return _("Enquiry %(number)s") % {"number": self.case.number}

    def get_breadcrumbs_items(self):
        return [
            *super().get_breadcrumbs_items(),
            {
                "url": reverse_lazy("eparticipation_admin:cases"),
                "label": _("Enquiries"),
            },
            {"url": "", "label": self.get_page_title()},
        ]

    def post(self, request, *args, **kwargs):
        acts = {
            "take_up": self.take_up,
            "answer": self.answer,
            "outside": self.outside,
            "close": self.close,
            "ask": self.ask,
            "insert": self.insert,
            "discuss": self.discuss,
        }
        act = acts.get(request.POST.get("action", ""))
        if act is None:
            raise Http404
        try:
            invalid = act()
        except answering.SentAlready as told:
            messages.warning(request, str(told))
            invalid = None
        except answering.NotPossible as refusal:
            messages.error(request, str(refusal))
            invalid = self.typed()
        if invalid and request.POST["action"] != "insert":
            messages.error(request, _("Nothing was done; see below."))
        if invalid:
            return self.render_to_response(self.get_context_data(**invalid))
        return redirect("eparticipation_admin:case", self.case.public_id)

    def typed(self) -> dict:
        """The forms with what was typed, for an act that was refused."""
        data = self.request.POST
        if data["action"] == "outside":
            return {"outside_form": OutsideForm(data, prefix="outside")}
        return {"form": CaseAnswerForm(data), "canned_form": self.canned_form(data)}

    def take_up(self):
        answering.take_up(self.case, actor=self.request.user)
        messages.success(self.request, _("The enquiry is in work."))

    def close(self):
        answering.close(self.case, actor=self.request.user)
        messages.success(self.request, _("The enquiry was closed without an answer."))

    def ask(self):
        converting.ask(self.case, actor=self.request.user)
        messages.success(self.request, _("The sender is asked."))

    def answer(self):
        return self.send(answering.answer, _("The answer was sent."))

    def discuss(self):
        told = _("The answer was published in the discussion and sent to the sender.")
        return self.send(public_answers.answer_in_discussion, told)

    def send(self, way, told: str):
        """Answer in one of the ways; what was typed comes back where it cannot."""
        form = CaseAnswerForm(self.request.POST)
        canned_form = self.canned_form(self.request.POST)
        if not form.is_valid():
            return {"form": form, "canned_form": canned_form}
        way(
            self.case,
            form.cleaned_data["text"],
            actor=self.request.user,
            final=not form.cleaned_data["stays_open"],
        )
        canned_choice.count_use(canned_form)
        messages.success(self.request, told)
        return None

    def insert(self):
        """Put a canned answer into the text; what a script does without this."""
        chosen = self.canned_form(self.request.POST)
        filled = canned_choice.put_in(chosen, self.request.POST.get("text", ""))
        filled["stays_open"] = "stays_open" in self.request.POST
        return {
            "form": CaseAnswerForm(initial=filled),
            "canned_form": self.canned_form(None, initial=filled),
        }

    def canned_form(self, data, **kwargs) -> canned_choice.CannedForm:
        offers = canned_choice.offers_for(self.case)
        return canned_choice.CannedForm(data, offers=offers, **kwargs)

    def outside(self):
        form = OutsideForm(self.request.POST, prefix="outside")
        if not form.is_valid():
            return {"outside_form": form}
        data = form.cleaned_data
        answering.refer_outside(
            self.case, data["body"], data["text"], actor=self.request.user
        )
        messages.success(self.request, _("The sender was told the competent body."))
        return None

    def get_context_data(self, **kwargs):
        case = self.case
        case.refresh_from_db(fields=["state", "asked_at", "participation"])
        referrals = list(case.referrals.select_related("department").order_by("id"))
        if "form" not in kwargs:
            delay = deferring.delay_words(case) if referrals and case.is_open else ""
            kwargs["form"] = CaseAnswerForm(initial={"text": delay})
        if "canned_form" not in kwargs:
            kwargs["canned_form"] = self.canned_form(None)
        kwargs.setdefault("outside_form", OutsideForm(prefix="outside"))
        return super().get_context_data(
            case=case,
            answers=public_answers.with_public_places(
                case.answers.order_by("id"), case.language
            ),
            voice=public_answers.voice_of(case),
            clarification=case.clarifications.filter(withdrawn_at=None).first(),
            referrals=referrals,
            reachable=contacts.language_if_reachable(case) is not None,
            may_ask=converting.may_be_asked(case),
            may_answer=case.state not in (Case.State.CLOSED, Case.State.DEFERRED),
            **kwargs,
        )


admin_urls = [
    path("enquiries/<uuid:public_id>/", CaseView.as_view(), name="case"),
]
