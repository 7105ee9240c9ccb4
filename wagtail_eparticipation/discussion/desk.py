"""Where staff answer in the discussion, in the municipality's name."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.consultations import access
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.discussion import (
    listing,
    official,
    suggestion_desk,
    suggestion_status_desk,
)
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.voices import name_of
from wagtail_eparticipation.discussion.voices_desk import VoicesView
from wagtail_eparticipation.languages import content_languages, pick


class OfficialReplyForm(forms.Form):
    """The words and their language; the sender is always the office."""

    language = forms.ChoiceField(label=gettext_lazy("Language of the reply"))
    text = forms.CharField(
        label=gettext_lazy("Reply"), widget=forms.Textarea({"rows": 8, "dir": "auto"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = content_languages()
        self.fields["text"].max_length = get_setting("MAX_TEXT_LENGTH")


class OfficialReplyView(WagtailAdminTemplateMixin, FormView):
    """``?to=<key>`` names the comment that is answered; without it, a statement."""

    page_title = gettext_lazy("Official reply")
    header_icon = "comment"
    template_name = "wagtail_eparticipation/discussion/official_reply.html"
    form_class = OfficialReplyForm

    def dispatch(self, request, *args, **kwargs):
        if not access.may(request.user, "reply", self.consultation):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def consultation(self) -> Consultation:
        return get_object_or_404(
            Consultation.objects.select_related("window", "department"),
            pk=self.kwargs["pk"],
        )

    @cached_property
    def answered(self) -> PublishedComment | None:
        key = self.request.GET.get("to", "")
        if not key:
            return None
        try:
            return listing.find(self.consultation, key)
        except PublishedComment.DoesNotExist:
            return None

    def get_initial(self):
        codes = [code for code, _name in content_languages()]
        language = self.answered.language if self.answered else get_language()
        return {"language": language if language in codes else codes[0]}

    def get_page_subtitle(self):
        return self.consultation.title

    def post(self, request, *args, **kwargs):
        if "take_back" in request.POST:
            return self.take_back()
        return super().post(request, *args, **kwargs)

    def take_back(self):
        if self.answered is None or not self.answered.is_official:
            raise PermissionDenied
        official.take_back(self.answered, actor=self.request.user)
        messages.success(self.request, _("The reply was taken back."))
        return redirect("eparticipation_admin:discussion")

    def form_valid(self, form):
        if self.request.GET.get("to") and self.answered is None:
            form.add_error(None, _("The comment to answer is not there any more."))
            return self.form_invalid(form)
        try:
            comment = official.reply_officially(
                self.consultation,
                text=form.cleaned_data["text"],
                language=form.cleaned_data["language"],
                actor=self.request.user,
                to=self.answered,
            )
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(
            self.request,
            _("The reply was published."),
            buttons=[messages.button(comment.get_absolute_url(), _("View live"))],
        )
        return redirect(self.request.get_full_path())

    def form_invalid(self, form):
        messages.error(self.request, _("The reply was not published; see below."))
        return super().form_invalid(form)

    def get_context_data(self, **kwargs):
        office = pick(official.office_of(self.consultation))
        return super().get_context_data(
            consultation=self.consultation,
            answered=self.answered,
            answered_name=name_of(self.answered) if self.answered else "",
            office=office or _("The municipality"),
            alike=self.alike,
            **kwargs,
        )

    @cached_property
    def alike(self) -> int:
        """How many sent the same words as the voice that is answered."""
        voice = self.answered.participation if self.answered else None
        if voice is None or not voice.words_key:
            return 0
        rows = self.consultation.participations.filter(words_key=voice.words_key)
        return rows.counted().count()


class VoicesMenuItem(MenuItem):
    """Shown to those who may speak for the municipality."""

    def is_shown(self, request):
        return access.has_duty(request.user, "reply")


menu_items = [
    VoicesMenuItem(
        gettext_lazy("Published comments"),
        reverse_lazy("eparticipation_admin:discussion"),
        name="eparticipation-discussion",
        icon_name="comment",
        order=310,
    )
]

admin_urls = [
    *suggestion_desk.admin_urls,
    *suggestion_status_desk.admin_urls,
    path("discussion/", VoicesView.as_view(), name="discussion"),
    path(
        "discussion/results/",
        VoicesView.as_view(results_only=True),
        name="discussion_results",
    ),
    path(
        "<int:pk>/discussion/reply/",
        OfficialReplyView.as_view(),
        name="official_reply",
    ),
]
