"""What somebody says about one article of a draft: which, and what they think of it."""

from django import forms
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations import articles
from wagtail_eparticipation.participations.models import Participation


class Opinion(models.TextChoices):
    """What a participant thinks of an article; kept as ``data["opinion"]``."""

    AGREE = "agree", gettext_lazy("Agree")
    WITH_CHANGES = "agree_with_changes", gettext_lazy("Agree, with changes")
    DISAGREE = "disagree", gettext_lazy("Disagree")


class AboutArticle(forms.Form):
    """The part of a form that may be about one article of the draft (R-4.1a).

    Whoever changes a comment may change the opinion, never the article.
    """

    article = forms.CharField(
        label=gettext_lazy("Article"), required=False, widget=forms.HiddenInput
    )
    opinion = forms.ChoiceField(
        label=gettext_lazy("What do you think of this article?"),
        widget=forms.RadioSelect,
        choices=[("", gettext_lazy("No opinion stated")), *Opinion.choices],
        required=False,
    )

    @property
    def about(self) -> articles.Article | None:
        """The article that this form is about, in the reader's language."""
        key = self._article_key()
        return self._articles.get(key) if key else None

    def _article_key(self) -> str:
        changed = getattr(self, "participation", None)
        if changed is not None:
            return "" if changed.parent_id else changed.article
        typed = self.data if self.is_bound else self.initial
        if typed.get(self.add_prefix("reply_to")):
            # A reply is about what it answers.
            return ""
        return str(typed.get(self.add_prefix("article")) or "")

    @cached_property
    def _articles(self) -> dict[str, articles.Article]:
        language = (get_language() or "").split("-")[0]
        return articles.published(self.consultation, language)

    def clean(self):
        cleaned = super().clean()
        if self._article_key() and self.about is None and "article" in self.fields:
            # What is rendered again is a comment on the topic as a whole.
            self.data = self.data.copy()
            self.data[self.add_prefix("article")] = ""
            self.add_error(
                None,
                _(
                    "The article you wrote about is not in the draft any more. Your"
                    " text is kept: send it again to add it as a comment on the topic."
                ),
            )
        return cleaned

    def opinion_given(self) -> dict[str, str]:
        """The opinion as data of the participation, where there is one."""
        opinion = self.cleaned_data.get("opinion")
        return {"opinion": opinion} if opinion and self.about else {}


def describe(participation: Participation, language: str) -> list[tuple[str, str]]:
    """What a comment holds besides its words, as labelled values."""
    rows = []
    if participation.article:
        consultation = participation.consultation
        label = articles.label_of(consultation, participation.article, language)
        rows.append((_("Article"), label))
    if opinion := opinion_name(participation.data.get("opinion", "")):
        rows.append((_("Opinion on the article"), opinion))
    if sources := participation.data.get("sources"):
        rows.append((_("Sources"), sources))
    return rows


def opinion_name(code: str) -> str:
    """What an opinion is called; empty for none."""
    return str(Opinion(code).label) if code in Opinion.values else ""


def articles_used(consultation) -> set[str]:
    """Articles that something in the register is about, whatever became of it."""
    rows = Participation.objects.filter(consultation=consultation).exclude(article="")
    return set(rows.order_by().values_list("article", flat=True).distinct())
