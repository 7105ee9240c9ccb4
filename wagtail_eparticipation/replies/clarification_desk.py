"""A topic's questions and answers in the Wagtail admin (R-5.3.1e)."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.replies import answering, clarifying
from wagtail_eparticipation.replies.clarification_forms import (
    ClarificationForm,
    CorrectionForm,
    TranslationForm,
    WithdrawalForm,
)
from wagtail_eparticipation.replies.clarification_listing import texts_in_force
from wagtail_eparticipation.replies.clarifications import Clarification
from wagtail_eparticipation.replies.models import Case
from wagtail_eparticipation.replies.public_answers import topic_url
from wagtail_eparticipation.sanitize import is_key

#: Entries on one page of the list.
PER_PAGE = 50


class Clarifications(DeskView):
    """All of a topic, the newest first, with the languages that are missing."""

    duty = "reply"
    header_icon = "help"
    page_title = gettext_lazy("Questions and answers")
    template_name = "wagtail_eparticipation/replies/desk_clarifications.html"

    def get_context_data(self, **kwargs):
        rows = Clarification.objects.filter(consultation=self.consultation)
        before = self.request.GET.get("before", "")
        if is_key(before):
            rows = rows.filter(pk__lt=int(before))
        page = list(rows.order_by("-pk")[: PER_PAGE + 1])
        more, page = len(page) > PER_PAGE, page[:PER_PAGE]
        texts = texts_in_force(page)
        for row in page:
            row.shown = texts[row.pk][row.original_language]
            row.missing = _missing(texts[row.pk])
        return super().get_context_data(
            rows=page, before=page[-1].pk if more else "", **kwargs
        )


def _missing(texts) -> list[str]:
    """Own names of the site's languages in which it is not there yet."""
    return [name for code, name in content_languages() if code not in texts]


class NewClarification(DeskView):
    """Writes one; ``?case=`` names the enquiry that it answers."""

    duty = "reply"
    header_icon = "help"
    page_title = gettext_lazy("New clarification")
    template_name = "wagtail_eparticipation/replies/desk_clarification_new.html"

    @cached_property
    def case(self) -> Case | None:
        wanted = self.request.GET.get("case", "")
        if not wanted:
            return None
        rows = Case.objects.filter(consultation=self.consultation)
        found = get_object_or_404(rows, public_id=_uuid_or_404(wanted))
        found.consultation = self.consultation
        if not answering.may_reply(self.request.user, found):
            raise PermissionDenied
        return found

    def prefilled(self) -> dict[str, str]:
        """Question and last answer of the enquiry, to be reworded by the desk."""
        case, codes = self.case, [code for code, _name in content_languages()]
        if case is None:
            return {"original": codes[0]}
        short = case.language.split("-")[0]
        language = next((code for code in codes if code.split("-")[0] == short), "")
        if not language:
            return {"original": codes[0]}
        last = case.answers.order_by("pk").last()
        asked = case.about.releasable_text if case.about is not None else case.text
        return {
            "original": language,
            f"question_{language}": asked[: clarifying.QUESTION_LENGTH],
            f"answer_{language}": last.text if last else "",
        }

    def post(self, request, *args, **kwargs):
        form = ClarificationForm(request.POST)
        found = []
        if form.is_valid():
            try:
                done = self.publish(form.cleaned_data, form.words())
                if done is not None:
                    return done
                form.add_error(None, self.told_once)
            except (clarifying.NeedsConfirming, clarifying.HoldsPersonalData) as error:
                found = error.found
                form.add_error(None, str(error))
            except (clarifying.Refused, answering.NotPossible) as refusal:
                form.add_error(None, str(refusal))
        messages.error(request, _("Nothing was published; see below."))
        return self.render_to_response(self.get_context_data(form=form, found=found))

    def publish(self, data, words):
        """Where to go then; ``None`` where words would be lost, which says why."""
        done = clarifying.publish(
            self.consultation,
            words,
            original=data["original"],
            actor=self.request.user,
            key=data["token"],
            case=self.case,
            confirmed=data["confirmed"],
        )
        there = reverse(
            "eparticipation_admin:clarification", args=[done.clarification.public_id]
        )
        if done.repeated:
            if clarifying.would_change(done.clarification, words):
                self.told_once = format_html(
                    _(
                        "It had been published already, once, with other words than"
                        ' these. <a href="{}">Correct it or add a language there</a>.'
                    ),
                    there,
                )
                return None
            messages.warning(self.request, _("It had been published already, once."))
        else:
            messages.success(self.request, _("The clarification is published."))
        return redirect(there)

    def get_context_data(self, **kwargs):
        kwargs.setdefault("found", [])
        if "form" not in kwargs:
            kwargs["form"] = ClarificationForm(initial=self.prefilled())
        return super().get_context_data(case=self.case, **kwargs)


class OneClarification(DeskView):
    """One with its versions: correct it, translate it, withdraw it."""

    duty = "reply"
    header_icon = "help"
    template_name = "wagtail_eparticipation/replies/desk_clarification.html"

    def dispatch(self, request, *args, **kwargs):
        found = get_object_or_404(Clarification, public_id=kwargs["public_id"])
        self.clarification = found
        return super().dispatch(request, *args, pk=found.consultation_id, **kwargs)

    def get_page_title(self):
        return _("Clarification %(number)s") % {"number": self.clarification.number}

    def get_breadcrumbs_items(self):
        *above, own = super().get_breadcrumbs_items()
        address = reverse(
            "eparticipation_admin:clarifications", args=[self.consultation.pk]
        )
        return [*above, {"url": address, "label": _("Questions and answers")}, own]

    def post(self, request, *args, **kwargs):
        acts = {
            "correct": self.correct,
            "translate": self.translate,
            "withdraw": self.withdraw,
        }
        act = acts.get(request.POST.get("action", ""))
        if act is None:
            raise Http404
        self.clarification.consultation = self.consultation
        context = act()
        if context is None:
            return redirect(request.path)
        messages.error(request, _("Nothing was changed; see below."))
        return self.render_to_response(self.get_context_data(**context))

    def correct(self):
        form = CorrectionForm(self.request.POST)
        return self.tried(
            form,
            "correction_form",
            _("The correction is published."),
            lambda data: clarifying.correct(
                self.clarification,
                form.words(),
                reason=data["reason"],
                expected=data["version"],
                actor=self.request.user,
                confirmed=data["confirmed"],
            ),
        )

    def translate(self):
        form = self.translation_form(self.request.POST)
        if form is None:
            return self.translated_already()
        return self.tried(
            form,
            "translation_form",
            _("The translation is shown."),
            lambda data: [
                clarifying.translate(
                    self.clarification,
                    language,
                    words,
                    expected=data["version"],
                    actor=self.request.user,
                    confirmed=data["confirmed"],
                )
                for language, words in form.words().items()
            ],
        )

    def translated_already(self):
        """The same press came before; other words come back as a correction."""
        told = _("This language is there already; correct it instead.")
        typed = {**self.correction_form().initial, **self.request.POST.dict()}
        words = {
            code: clarifying.Words(
                typed.get(f"question_{code}", ""), typed.get(f"answer_{code}", "")
            )
            for code in self.texts
        }
        if not clarifying.would_change(self.clarification, words):
            messages.warning(self.request, told)
            return None
        form = CorrectionForm(typed)
        form.is_valid()
        form.add_error(None, told)
        return {"correction_form": form}

    def withdraw(self):
        form = WithdrawalForm(self.request.POST, prefix="withdrawal")
        return self.tried(
            form,
            "withdrawal_form",
            _("The clarification is withdrawn; a note stands in its place."),
            lambda data: clarifying.withdraw(
                self.clarification, reason=data["reason"], actor=self.request.user
            ),
        )

    def tried(self, form, name: str, told: str, act):
        """Do it; or the context with which the form comes back as it was typed."""
        found = []
        if form.is_valid():
            try:
                act(form.cleaned_data)
            except (clarifying.NeedsConfirming, clarifying.HoldsPersonalData) as error:
                found = error.found
                form.add_error(None, str(error))
            except clarifying.Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(self.request, told)
                return None
        return {name: form, "found": found}

    @cached_property
    def texts(self):
        return texts_in_force([self.clarification])[self.clarification.pk]

    def translation_form(self, data=None) -> TranslationForm | None:
        """For the languages that are missing; ``None`` when there are none."""
        languages = [pair for pair in content_languages() if pair[0] not in self.texts]
        if not languages:
            return None
        return TranslationForm(
            data,
            languages=languages,
            initial={"version": self.clarification.version},
            auto_id="id_translation_%s",
        )

    def correction_form(self) -> CorrectionForm:
        initial = {"version": self.clarification.version}
        for language, text in self.texts.items():
            initial[f"question_{language}"] = text.question
            initial[f"answer_{language}"] = text.answer
        return CorrectionForm(initial=initial)

    def get_context_data(self, **kwargs):
        kwargs.setdefault("found", [])
        kwargs.setdefault("correction_form", self.correction_form())
        kwargs.setdefault("translation_form", self.translation_form())
        kwargs.setdefault("withdrawal_form", WithdrawalForm(prefix="withdrawal"))
        row = self.clarification
        page_url = topic_url(self.consultation, row.original_language)
        versions = row.versions.select_related("published_by").prefetch_related("texts")
        return super().get_context_data(
            clarification=row,
            versions=list(versions.order_by("-number")),
            texts=[self.texts[code] for code in self.texts],
            missing=_missing(self.texts),
            public_url=f"{page_url}questions/{row.key}/" if page_url else "",
            **kwargs,
        )


def _uuid_or_404(text: str):
    from uuid import UUID

    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


_ONE = "consultations/<int:pk>/clarifications/"

admin_urls = [
    path(_ONE, Clarifications.as_view(), name="clarifications"),
    path(f"{_ONE}new/", NewClarification.as_view(), name="clarification_new"),
    path(
        "clarifications/<uuid:public_id>/",
        OneClarification.as_view(),
        name="clarification",
    ),
]
