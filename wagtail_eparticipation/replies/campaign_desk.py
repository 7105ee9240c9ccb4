"""Replying to a whole campaign, in the Wagtail admin; and how far the telling is."""

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.languages import content_languages, direction
from wagtail_eparticipation.participations.forms import WordsField
from wagtail_eparticipation.participations.models import Participation
from wagtail_eparticipation.replies import campaign_replies, clarifying
from wagtail_eparticipation.replies.campaign_receipts import place_of
from wagtail_eparticipation.replies.campaigns import CampaignReply

DISCUSSION, CLARIFICATION = "discussion", "clarification"


class CampaignReplyForm(forms.Form):
    """The reply, its language, and where everybody reads it."""

    way = forms.ChoiceField(
        label=gettext_lazy("Where it stands for everybody"),
        widget=forms.RadioSelect,
        choices=[
            (DISCUSSION, gettext_lazy("As an official reply in the discussion")),
            (CLARIFICATION, gettext_lazy("Among the questions and answers")),
        ],
        initial=DISCUSSION,
    )
    question = WordsField(
        label=gettext_lazy("Question, as everybody reads it"),
        required=False,
        limit=clarifying.QUESTION_LENGTH,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy(
            "Only for questions and answers: what the campaign asks, in your words."
        ),
    )
    text = WordsField(
        label=gettext_lazy("Reply to all"),
        widget=forms.Textarea({"rows": 10, "dir": "auto"}),
        error_messages={"required": gettext_lazy("Write the reply.")},
        help_text=gettext_lazy(
            "With its reasons. It is sent in the municipality's name, without yours."
        ),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the reply"))
    confirmed = forms.BooleanField(
        label=gettext_lazy(
            "I looked at the places listed above: nothing of it tells of a person."
        ),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = content_languages()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("way") == CLARIFICATION and not cleaned.get("question"):
            self.add_error("question", _("Write the question, too."))
        return cleaned

    def asked(self) -> str:
        """The question; empty where the reply goes into the discussion."""
        data = self.cleaned_data
        return data["question"] if data["way"] == CLARIFICATION else ""


class ReplyToCampaign(DeskView):
    """How many sent the same words, how many can be told, and one reply to all."""

    duty = "reply"
    header_icon = "group"
    page_title = gettext_lazy("Reply to all with the same words")
    template_name = "wagtail_eparticipation/replies/desk_campaign.html"

    def dispatch(self, request, *args, **kwargs):
        self.participation = get_object_or_404(
            Participation.objects.only(
                "public_id",
                "consultation_id",
                "words_key",
                "state",
                "text",
                "title",
                "language",
            ),
            public_id=kwargs["public_id"],
        )
        pk = self.participation.consultation_id
        return super().dispatch(request, *args, pk=pk, **kwargs)

    @cached_property
    def group(self) -> campaign_replies.Group:
        self.participation.consultation = self.consultation
        return campaign_replies.group_of(self.participation)

    def post(self, request, *args, **kwargs):
        form, found = CampaignReplyForm(request.POST), []
        self.participation.consultation = self.consultation
        if form.is_valid():
            data = form.cleaned_data
            try:
                reply = campaign_replies.reply_to_all(
                    self.participation,
                    data["text"],
                    language=data["language"],
                    actor=request.user,
                    question=form.asked(),
                    confirmed=data["confirmed"],
                )
            except (clarifying.NeedsConfirming, clarifying.HoldsPersonalData) as error:
                found = error.found
                form.add_error(None, str(error))
            except (clarifying.Refused, campaign_replies.NoCampaign) as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(
                    request, _("The reply is published, and all are being told.")
                )
                return redirect("eparticipation_admin:campaign", reply.public_id)
        messages.error(request, _("Nothing was sent; see below."))
        return self.render_to_response(self.get_context_data(form=form, found=found))

    def get_context_data(self, **kwargs):
        codes = [code for code, _name in content_languages()]
        language = self.participation.language
        initial = {"language": language if language in codes else codes[0]}
        kwargs.setdefault("found", [])
        if "form" not in kwargs:
            kwargs["form"] = CampaignReplyForm(initial=initial)
        replies = CampaignReply.objects.filter(
            consultation=self.consultation, words_key=self.group.words_key
        )
        return super().get_context_data(
            participation=self.participation,
            group=self.group,
            is_campaign=self.group.members >= campaign_replies.LEAST,
            replies=list(replies.order_by("-pk")) if self.group.words_key else [],
            **kwargs,
        )


class Campaign(DeskView):
    """One reply and how far the telling has come."""

    duty = "reply"
    header_icon = "group"
    template_name = "wagtail_eparticipation/replies/desk_campaign_reply.html"

    def dispatch(self, request, *args, **kwargs):
        self.reply = get_object_or_404(
            CampaignReply.objects.select_related(
                "comment", "clarification", "replied_by"
            ),
            public_id=kwargs["public_id"],
        )
        pk = self.reply.consultation_id
        return super().dispatch(request, *args, pk=pk, **kwargs)

    def get_page_title(self):
        return _("Reply to a campaign %(number)s") % {"number": self.reply.number}

    def post(self, request, *args, **kwargs):
        """Go on now instead of with the periodic job."""
        if request.POST.get("action") != "carry_on":
            raise Http404
        campaign_replies.step(self.reply.pk, self.now)
        return redirect(request.path)

    def get_context_data(self, **kwargs):
        self.reply.consultation = self.consultation
        return super().get_context_data(
            reply=self.reply,
            text_direction=direction(self.reply.language),
            public_url=place_of(self.reply, self.reply.language),
            **kwargs,
        )


admin_urls = [
    path(
        "participations/<uuid:public_id>/same-words/",
        ReplyToCampaign.as_view(),
        name="campaign_reply",
    ),
    path("campaigns/<uuid:public_id>/", Campaign.as_view(), name="campaign"),
]
