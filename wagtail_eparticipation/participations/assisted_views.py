"""The desk's form for counter and telephone, and the receipt it ends on (S3-I7)."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from wagtail.admin import messages

from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.languages import content_languages, direction, pick
from wagtail_eparticipation.participations import assisted, tokens
from wagtail_eparticipation.participations.models import State
from wagtail_eparticipation.participations.sending_words import (
    sent_before_message,
    token_refusal,
)
from wagtail_eparticipation.policy.reading import policy_of

_TEMPLATES = "wagtail_eparticipation/participations"
_SESSION = "eparticipation_entry_receipt"


class Assisted(DeskView):
    """One tool's form, filled in by a clerk for somebody who speaks to them."""

    duty = "moderate"
    header_icon = "comment"
    page_title = gettext_lazy("Counter and telephone")
    template_name = f"{_TEMPLATES}/assisted.html"

    def dispatch(self, request, *args, **kwargs):
        self.request, self.kwargs = request, kwargs
        if self.consultation.stage(self.now) not in assisted.ENTRY_STAGES:
            messages.error(request, _("This topic takes no participations now."))
            return self.desk()
        response = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    @cached_property
    def offered(self) -> list:
        return assisted.offered_tools(self.consultation)

    @cached_property
    def tool(self):
        code = self.kwargs.get("tool", "")
        for tool in self.offered:
            if tool.code == code or not code:
                return tool
        if code:
            raise Http404
        return None

    def form(self, *data, **kwargs):
        return assisted.entry_form(
            self.tool, *data, consultation=self.consultation, now=self.now, **kwargs
        )

    def post(self, request, *args, **kwargs):
        if self.tool is None:
            raise Http404
        typed = request.POST.copy()
        token = tokens.read_token(typed.get("token", ""), self.consultation)
        typed["token"] = token.signed(self.consultation)
        form = self.form(typed)
        if form.is_valid():
            if token.problem:
                message = token_refusal(self.consultation, token.problem)
                form.add_error(None, message)
            elif (outcome := self.enter(form, token)) is not None:
                if not outcome.is_stale:
                    return self.show(outcome, form.cleaned_data["spoken"])
                typed["token"] = tokens.new_token().signed(self.consultation)
                form = self.form(typed)
                form.add_error(None, sent_before_message(outcome))
        messages.error(request, _("Nothing was entered; see below."))
        return self.render_to_response(self.get_context_data(form=form))

    def enter(self, form, token):
        try:
            return assisted.enter(form, self.tool, token, actor=self.request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return None

    def show(self, outcome, language: str):
        # The code is shown once, and stands in no address.
        hidden = tokens.hide_in_address(f"{language}:{outcome.receipt_code}")
        row = outcome.participation
        self.request.session[_SESSION] = [str(row.public_id), hidden]
        return redirect(
            "eparticipation_admin:assisted_receipt", self.consultation.pk, row.public_id
        )

    def get_context_data(self, **kwargs):
        # TemplateView hands the address's code over under the same name.
        kwargs.pop("tool", None)
        if self.tool is None:
            return super().get_context_data(tool=None, tools=[], **kwargs)
        if "form" not in kwargs:
            token = tokens.new_token().signed(self.consultation)
            kwargs["form"] = self.form(initial={"token": token})
        form = kwargs["form"]
        return super().get_context_data(
            tool=self.tool,
            tools=self.offered,
            aloud=self.aloud(form),
            is_over=self.consultation.stage(self.now) != Stage.COLLECTING,
            fields=[field for field in form if field.name != "token"],
            media=form.media,
            **kwargs,
        )

    def aloud(self, form) -> list[dict[str, str]]:
        """The acceptance text in each language, to be read to the participant."""
        version = self.consultation.policy_version
        if version is None:
            return [
                {
                    "text": form.acceptance,
                    "code": get_language(),
                    "dir": direction(get_language() or ""),
                    "name": "",
                }
            ]
        policy = policy_of(version)
        return [
            {
                "text": policy.text("acceptance", code),
                "code": code,
                "dir": direction(code),
                "name": name,
            }
            for code, name in content_languages()
        ]


class AssistedReceipt(DeskView):
    """The receipt to print or to read out; its code is shown this once."""

    duty = "moderate"
    header_icon = "comment"
    page_title = gettext_lazy("Receipt")
    template_name = f"{_TEMPLATES}/assisted_receipt.html"

    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    def get_context_data(self, **kwargs):
        row = get_object_or_404(
            self.consultation.participations, public_id=self.kwargs["participation"]
        )
        row.consultation = self.consultation
        language, code = self._code(row)
        return super().get_context_data(
            row=row,
            paper=self._paper(row, code, language) if code else "",
            language=language,
            direction=direction(language),
            is_late=row.state == State.LATE,
            **kwargs,
        )

    def _code(self, row) -> tuple[str, str]:
        public_id, hidden = self.request.session.pop(_SESSION, ["", ""])
        if public_id != str(row.public_id):
            return "", ""
        language, _colon, code = (tokens.read_from_address(hidden) or "").partition(":")
        return language, code

    def _paper(self, row, code: str, language: str) -> str:
        """What is handed over, in the language that was spoken."""
        address = reverse("eparticipation:look_up", args=[language])
        with override(language):
            return render_to_string(
                f"{_TEMPLATES}/assisted_paper.html",
                {
                    "row": row,
                    "code": code,
                    "topic": pick(self.consultation.titles, language),
                    "reference": self.consultation.reference,
                    "look_up": self.request.build_absolute_uri(address),
                    "is_late": row.state == State.LATE,
                },
            )


_ONE = "consultations/<int:pk>/entry/"

admin_urls = [
    path(_ONE, Assisted.as_view(), name="assisted"),
    path(
        f"{_ONE}receipt/<uuid:participation>/",
        AssistedReceipt.as_view(),
        name="assisted_receipt",
    ),
    path(f"{_ONE}<slug:tool>/", Assisted.as_view(), name="assisted_tool"),
]
