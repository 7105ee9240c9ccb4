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

from wagtail_eparticipation.replies import answering, converting
from wagtail_eparticipation.replies.forms import AnswerForm, OutsideForm
from wagtail_eparticipation.replies.models import Case, CaseIdentity


class CaseView(WagtailAdminTemplateMixin, TemplateView):
    """An enquiry without its sender: who asked stays sealed."""

    header_icon = "mail"
    template_name = "wagtail_eparticipation/replies/desk_case.html"

    @cached_property
    def case(self) -> Case:
        found = get_object_or_404(
            Case.objects.select_related("consultation__department", "participation"),
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
            invalid = {"form": AnswerForm(request.POST)}
        if invalid:
            messages.error(request, _("Nothing was done; see below."))
            return self.render_to_response(self.get_context_data(**invalid))
        return redirect("eparticipation_admin:case", self.case.public_id)

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
        form = AnswerForm(self.request.POST)
        if not form.is_valid():
            return {"form": form}
        answering.answer(self.case, form.cleaned_data["text"], actor=self.request.user)
        messages.success(self.request, _("The answer was sent."))
        return None

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
        kwargs.setdefault("form", AnswerForm())
        kwargs.setdefault("outside_form", OutsideForm(prefix="outside"))
        reachable = CaseIdentity.objects.filter(case=case, has_contact=True).exists()
        return super().get_context_data(
            case=case,
            answers=list(case.answers.select_related("answered_by").order_by("id")),
            reachable=reachable,
            may_ask=converting.may_be_asked(case),
            may_answer=case.state != Case.State.CLOSED,
            **kwargs,
        )


admin_urls = [
    path("enquiries/<uuid:public_id>/", CaseView.as_view(), name="case"),
]
