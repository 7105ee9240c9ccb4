"""Invitations in the Wagtail admin: lists, groups, letters, sending (R-5.1.3c)."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from wagtail_eparticipation.conf import get_setting
from wagtail_eparticipation.consultations.desk_base import DeskView
from wagtail_eparticipation.consultations.vocabulary import Segment
from wagtail_eparticipation.consultations.vocabulary_names import names_of
from wagtail_eparticipation.participations import (
    invitation_acts,
    invitation_figures,
    invitation_letters,
    inviting,
)
from wagtail_eparticipation.participations.invitation_forms import (
    ColumnsForm,
    GroupForm,
    ListForm,
    OneForm,
)
from wagtail_eparticipation.participations.invitation_lists import InvitationList
from wagtail_eparticipation.participations.inviting import InvitingRefused
from wagtail_eparticipation.participations.table_files import UnreadableFile

_TEMPLATES = "wagtail_eparticipation/participations"


class _InvitationsView(DeskView):
    """For those who ask for acts of the topic; what names people is never cached."""

    duty = "request"
    header_icon = "mail"

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    def home(self):
        return redirect("eparticipation_admin:invitations", self.consultation.pk)


class Invitations(_InvitationsView):
    """The figures of a topic's invitations, and everything that is done with them."""

    page_title = gettext_lazy("Invitations")
    template_name = f"{_TEMPLATES}/invitations.html"

    def post(self, request, *args, **kwargs):
        acts = {
            "upload": self.upload,
            "group": self.group,
            "send": self.send,
            "remind": self.remind,
            "letters": self.letters,
            "revoke": self.revoke,
            "undelivered": self.undelivered,
        }
        act = acts.get(request.POST.get("action", ""))
        if act is None:
            raise Http404
        try:
            return act()
        except InvitingRefused as error:
            messages.error(request, str(error))
            return self.home()

    def again(self, **forms):
        messages.error(self.request, _("Nothing was done; see below."))
        return self.render_to_response(self.get_context_data(**forms))

    def upload(self):
        form = ListForm(self.request.POST, self.request.FILES, prefix="list")
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                waiting = inviting.prepare(
                    self.consultation, file, file.name, actor=self.request.user
                )
            except UnreadableFile as error:
                form.add_error("file", str(error))
            else:
                return redirect(
                    "eparticipation_admin:invitation_list",
                    self.consultation.pk,
                    waiting.pk,
                )
        return self.again(list_form=form)

    def group(self):
        form = GroupForm(self.request.POST, prefix="group")
        if not form.is_valid():
            return self.again(group_form=form)
        group, code = invitation_acts.make_group(
            self.consultation,
            label=form.cleaned_data["label"],
            uses_at_most=form.cleaned_data["uses_at_most"],
            segment_id=form.segment_id,
            language=form.cleaned_data["language"],
            actor=self.request.user,
        )
        return self.render_to_response(
            self.get_context_data(new_group=group, new_code=code)
        )

    def send(self):
        number = invitation_acts.send(self.consultation, actor=self.request.user)
        return self.done(
            ngettext(
                "%(count)d invitation is being sent.",
                "%(count)d invitations are being sent.",
                number,
            )
            % {"count": number}
        )

    def remind(self):
        number = invitation_acts.remind(self.consultation, actor=self.request.user)
        return self.done(
            ngettext(
                "%(count)d reminder is being sent.",
                "%(count)d reminders are being sent.",
                number,
            )
            % {"count": number}
        )

    def revoke(self):
        return self.with_one(
            invitation_acts.revoke, "revoke_form", _("The invitation was revoked.")
        )

    def undelivered(self):
        return self.with_one(
            invitation_acts.note_undelivered,
            "undelivered_form",
            _("It is noted that the invitation could not be delivered."),
        )

    def with_one(self, act, name: str, text: str):
        prefix = name.removesuffix("_form")
        form = OneForm(self.request.POST, prefix=prefix)
        if not form.is_valid():
            return self.again(**{name: form})
        act(self.consultation, form.cleaned_data["which"], actor=self.request.user)
        return self.done(text)

    def done(self, text: str):
        messages.success(self.request, text)
        return self.home()

    def letters(self):
        wants_file = self.request.POST.get("format") == "csv"
        taken = invitation_letters.take_letters(
            self.consultation, actor=self.request.user
        )
        if wants_file:
            return invitation_letters.as_file(self.consultation, self.request, taken)
        return invitation_letters.as_page(self.consultation, self.request, taken)

    def get_context_data(self, **kwargs):
        kwargs.setdefault("list_form", ListForm(prefix="list"))
        kwargs.setdefault("group_form", GroupForm(prefix="group"))
        kwargs.setdefault("revoke_form", OneForm(prefix="revoke"))
        kwargs.setdefault("undelivered_form", OneForm(prefix="undelivered"))
        topic = self.consultation
        return super().get_context_data(
            figures=invitation_figures.by_segment(topic),
            refusal=inviting.refusal(topic, self.now),
            lists=topic.invitation_lists.select_related("entered_by"),
            groups=self._groups(),
            to_send=invitation_acts.waiting_for_mail(topic).count(),
            to_print=invitation_acts.waiting_for_letter(topic).count(),
            to_remind=invitation_acts.to_remind(topic, self.now).count(),
            reminder_days=get_setting("INVITATION_REMINDER_DAYS"),
            at_least=invitation_figures.SEGMENT_AT_LEAST,
            media=kwargs["list_form"].media,
            **kwargs,
        )

    def _groups(self) -> list:
        names = names_of(Segment)
        groups = list(
            self.consultation.invitations.filter(is_group=True).order_by("pk")
        )
        for each in groups:
            each.segment_name = names.get(each.segment_id, "")
        return groups


class List(_InvitationsView):
    """A list: its columns, a rehearsal, then the invitations."""

    page_title = gettext_lazy("List of people")
    template_name = f"{_TEMPLATES}/invitation_list.html"

    @cached_property
    def waiting(self) -> InvitationList:
        found = get_object_or_404(
            self.consultation.invitation_lists.select_related("key"),
            pk=self.kwargs["list"],
        )
        found.consultation = self.consultation
        return found

    @cached_property
    def beginning(self):
        return inviting.headings_of(self.waiting)

    def form(self, data=None) -> ColumnsForm:
        return ColumnsForm(data, headings=self.beginning[0])

    def post(self, request, *args, **kwargs):
        acts = {"cancel": self.cancel, "try": self.rehearse, "invite": self.invite}
        act = acts.get(request.POST.get("action", ""))
        if act is None:
            raise Http404
        try:
            return act()
        except (InvitingRefused, UnreadableFile) as error:
            messages.error(request, str(error))
            return self.home()

    def cancel(self):
        inviting.discard(self.waiting, actor=self.request.user)
        messages.success(
            self.request, _("The list was deleted; nobody on it was invited.")
        )
        return self.home()

    def rehearse(self):
        form, report = self.form(self.request.POST), None
        if form.is_valid():
            user = self.request.user
            report = inviting.rehearse(self.waiting, form.plan(), actor=user)
        return self.render_to_response(self.get_context_data(form=form, report=report))

    def invite(self):
        form = self.form(self.request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        plan, user = form.plan(), self.request.user
        report = inviting.carry_out(self.waiting, plan, actor=user)
        # The list is gone now: this page is the only place that names its errors.
        return self.render_to_response(
            self.get_context_data(form=None, report=report, is_done=True)
        )

    def get_context_data(self, **kwargs):
        if "form" not in kwargs:
            kwargs["form"] = self.form()
        headings, rows = self.beginning
        kwargs |= {"headings": headings, "rows": rows}
        if kwargs["form"]:
            kwargs["sheets"] = inviting.sheets_left_out(self.waiting)
        return super().get_context_data(
            waiting=self.waiting,
            media=kwargs["form"].media if kwargs["form"] else ListForm().media,
            **kwargs,
        )

    def get(self, request, *args, **kwargs):
        try:
            return super().get(request, *args, **kwargs)
        except (InvitingRefused, UnreadableFile) as error:
            messages.error(request, str(error))
            return self.home()


_ONE = "consultations/<int:pk>/invitations/"

admin_urls = [
    path(_ONE, Invitations.as_view(), name="invitations"),
    path(f"{_ONE}lists/<int:list>/", List.as_view(), name="invitation_list"),
]
