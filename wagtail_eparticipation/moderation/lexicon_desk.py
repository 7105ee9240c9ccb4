"""The lexicon in the Wagtail admin, kept by those who moderate (R-7.4a)."""

import django_filters
from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log

from wagtail_eparticipation import clock
from wagtail_eparticipation.languages import content_languages, own_name
from wagtail_eparticipation.moderation.lexicon import RULE, LexiconWord, lexicon_key
from wagtail_eparticipation.policy.install import NoPolicy, current_version
from wagtail_eparticipation.policy.reading import policy_of


def sub_code_choices() -> list[tuple[str, str]]:
    """The sub-codes of the rule on courtesy, as the policy in force calls them."""
    try:
        policy = policy_of(current_version(clock.now()))
    except NoPolicy:
        return []
    if not policy.has_rule(RULE):
        return []
    return [
        (reason.code.rpartition(".")[2], str(reason.label))
        for reason in policy.rule(RULE).sub_reasons
    ]


def language_choices(current: str = "") -> list[tuple[str, str]]:
    """The content languages, and that of a word in another one."""
    choices = content_languages()
    if current and current not in dict(choices):
        choices.append((current, own_name(current)))
    return choices


class LexiconForm(WagtailAdminModelForm):
    """A word; what was removed before and is written again comes back as this one."""

    language = forms.ChoiceField(label=_("Language"))
    sub_code = forms.ChoiceField(label=_("Kind of offence"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = sub_code_choices()
        current = self.instance.sub_code
        if current and current not in dict(known):
            known.append((current, current))
        self.fields["sub_code"].choices = [("", _("None in particular")), *known]
        self.fields["language"].choices = language_choices(self.instance.language)

    @transaction.atomic
    def save(self, commit=True):
        word = self.instance
        former = self.initial.get("word", "") if word.pk else ""
        removed = LexiconWord.objects.filter(key=lexicon_key(word.word), removed=True)
        removed.exclude(pk=word.pk).delete()
        saved = super().save(commit=commit)
        if former and lexicon_key(former) != word.key:
            # The word as it was stays out when the site is prepared again.
            LexiconWord.objects.create(
                word=former, language=word.language, active=False, removed=True
            )
        return saved


class LexiconFilterSet(WagtailFilterSet):
    language = django_filters.ChoiceFilter(
        label=_("Language"),
        choices=language_choices,
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )
    sub_code = django_filters.ChoiceFilter(
        label=_("Kind of offence"),
        choices=sub_code_choices,
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = LexiconWord
        fields = ["language", "sub_code", "active"]


class SubCodeColumn(Column):
    """The kind of offence as the policy calls it, read once a page."""

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        request = parent_context["request"]
        if not hasattr(request, "eparticipation_sub_codes"):
            request.eparticipation_sub_codes = dict(sub_code_choices())
        names = request.eparticipation_sub_codes
        context["value"] = names.get(instance.sub_code, instance.sub_code)
        return context


class LexiconIndexView(generic.IndexView):
    """The words, with filters and search; those that were removed are gone."""

    def get_base_queryset(self):
        return super().get_base_queryset().filter(removed=False)


class LexiconEditView(generic.EditView):
    """Changes a word; one that was removed is not there."""

    def get_queryset(self):
        return LexiconWord.objects.filter(removed=False)


class LexiconDeleteView(generic.DeleteView):
    """Takes a word out for good: preparing the site again does not bring it back."""

    def get_queryset(self):
        return LexiconWord.objects.filter(removed=False)

    def delete_action(self):
        word = self.object
        with transaction.atomic():
            log(instance=word, action="wagtail.delete")
            word.removed, word.active, word.note = True, False, ""
            word.save()


class LexiconViewSet(ModelViewSet):
    """Words that insult whatever the context."""

    model = LexiconWord
    name = "eparticipation_lexicon"
    icon = "warning"
    menu_label = _("Lexicon of insults")
    index_results_template_name = "wagtail_eparticipation/index_results.html"
    index_view_class = LexiconIndexView
    edit_view_class = LexiconEditView
    delete_view_class = LexiconDeleteView
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    filterset_class = LexiconFilterSet
    ordering = ["word", "pk"]
    list_per_page = 50
    search_fields = ["word", "note"]
    search_backend_name = None
    list_display = [
        TitleColumn(
            "word", label=_("Word or phrase"), url_name="eparticipation_lexicon:edit"
        ),
        Column(
            "language",
            label=_("Language"),
            accessor=lambda word: own_name(word.language),
        ),
        SubCodeColumn("sub_code", label=_("Kind of offence"), sort_key="sub_code"),
        BooleanColumn("active", label=_("In use"), sort_key="active"),
        Column("note", label=_("Note")),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("word"),
            FieldRowPanel([FieldPanel("language"), FieldPanel("sub_code")]),
            FieldPanel("active"),
            FieldPanel("note"),
        ],
        base_form_class=LexiconForm,
    )


viewsets = [LexiconViewSet()]
