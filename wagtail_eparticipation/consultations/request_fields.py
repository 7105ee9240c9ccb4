"""What a request for participation says, as typed fields with guidance (P-5.1.2).

Every help text tells why, gives an example and names the clause (R-2.2a).
"""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField, StreamField

from wagtail_eparticipation.calendars.words import validate_sayable
from wagtail_eparticipation.consultations import blocks
from wagtail_eparticipation.consultations.article_blocks import ArticlesBlock
from wagtail_eparticipation.consultations.audience_modes import (
    AudienceMode,
    IdentityMode,
)
from wagtail_eparticipation.consultations.models import Kind
from wagtail_eparticipation.languages import LocalisedTextField


class Tool(models.TextChoices):
    """Tools that a topic's own page can offer.

    A survey has a page of its own below; a topic with nothing else stands for it.
    """

    COMMENT = "comment", _("Comment")
    SUGGESTION = "suggestion", _("Suggestion")
    COMPLAINT = "complaint", _("Complaint")
    SURVEY = "survey", _("Survey, on a page below this one")


class ResultsDisplay(models.TextChoices):
    """When people can read what others wrote."""

    LIVE = "live", _("As soon as it is published")
    AFTER_CLOSING = "after_closing", _("When the period is over")
    NEVER = "never", _("Not on the page; only in the decision and the report")


def default_tools() -> list[str]:
    """Tools of a new topic."""
    return [Tool.COMMENT.value, Tool.SUGGESTION.value]


class ToolsField(models.JSONField):
    """A list of tools, ticked as checkboxes."""

    def formfield(self, **kwargs):
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        return forms.MultipleChoiceField(
            choices=Tool.choices,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            label=self.verbose_name,
            help_text=self.help_text,
        )


class RequestDefinition(models.Model):
    """Definition and objectives of the topic: P-5.1.2 a and b, P-1.1, P-5.1.1."""

    question = models.CharField(
        _("question in one sentence"),
        max_length=250,
        blank=True,
        help_text=_(
            "What people are asked, so that they can answer it. Example: “How should "
            "the park be shaded?” (P-5.1.2 a)"
        ),
    )
    summary = models.TextField(
        _("plain-language summary"),
        blank=True,
        help_text=_(
            "At most 150 words, without official terms; most readers read only this. "
            "(P-5.1.2 a)"
        ),
    )
    background = StreamField(
        blocks.BackgroundBlock(),
        verbose_name=_("background"),
        blank=True,
        help_text=_(
            "What one must know to give a good answer: texts, images, tables. "
            "(P-5.1.2 a)"
        ),
    )
    place = models.TextField(
        _("place"),
        blank=True,
        help_text=_(
            "Which place it is about, in words. Example: “Between King Fahd Road and "
            "the school.” (P-5.1.2 a)"
        ),
    )
    glossary = StreamField(
        blocks.GlossaryBlock(),
        verbose_name=_("glossary"),
        blank=True,
        help_text=_("Terms that a reader may not know. (P-5.1.2 a)"),
    )
    documents = StreamField(
        blocks.DocumentsBlock(),
        verbose_name=_("documents"),
        blank=True,
        help_text=_("Plans and studies, each with an accessible version. (P-5.1.2 a)"),
    )
    articles = StreamField(
        ArticlesBlock(),
        verbose_name=_("draft text"),
        blank=True,
        help_text=_(
            "The articles of a draft regulation or plan, each of which people can "
            "comment on. Empty where there is no draft. (P-4.1)"
        ),
    )
    decision_open = models.TextField(
        _("what you can influence"),
        blank=True,
        help_text=_(
            "What the answers can still change, one point per line. Without an open "
            "decision there is nothing to consult on. (P-1.1)"
        ),
    )
    already_fixed = models.TextField(
        _("what is already fixed"),
        blank=True,
        help_text=_(
            "What cannot be changed and why, one point per line, so that nobody is "
            "disappointed. Example: “The budget of 4 million riyals.” (P-1.1)"
        ),
    )
    objectives = StreamField(
        blocks.ObjectivesBlock(),
        verbose_name=_("objectives"),
        blank=True,
        help_text=_(
            "What the municipality wants to achieve by asking; the closing report "
            "compares each with the result. (P-5.1.2 b)"
        ),
    )
    initial_study = RichTextField(
        _("initial situation and need"),
        blank=True,
        features=blocks.RICH_TEXT_FEATURES,
        help_text=_(
            "The situation before the consultation and why a decision is needed. "
            "Written before opening; it is part 1 of the closing report. (P-5.1.1)"
        ),
    )
    indicators = StreamField(
        blocks.IndicatorsBlock(),
        verbose_name=_("indicators"),
        blank=True,
        help_text=_(
            "Figures of the initial situation to compare with later. (P-5.1.1)"
        ),
    )

    class Meta:
        abstract = True


class RequestConduct(models.Model):
    """Period, means, responsible entity, audience and privacy: P-5.1.2 c to P-5.1.4."""

    kind = models.CharField(
        _("kind of topic"),
        max_length=20,
        choices=Kind.choices,
        default=Kind.DECISION,
        help_text=_("Decides how long the period must be at least. (P-1.2)"),
    )
    department = models.ForeignKey(
        "wagtail_eparticipation.Department",
        verbose_name=_("responsible department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The internal entity in charge, with its contact. (P-5.1.2 e)"),
    )
    decision_maker = models.CharField(
        _("who decides"),
        max_length=200,
        blank=True,
        help_text=_(
            "The office, not a person. Example: “The Mayor, on the advice of the "
            "municipal council.” (P-1.1)"
        ),
    )
    planned_decision_on = models.DateField(
        _("planned date of decision"),
        null=True,
        blank=True,
        validators=[validate_sayable],
        help_text=_("Must come after the end of the period. (P-1.1)"),
    )
    project_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page of the project"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_(
            "The project, service or regulation that this topic serves; its page can "
            "show the topic in turn. (P-1.1)"
        ),
    )
    project_reference = models.CharField(
        _("or reference number of the project"), max_length=120, blank=True
    )
    opens_on = models.DateField(
        _("opens on"),
        null=True,
        blank=True,
        validators=[validate_sayable],
        help_text=_(
            "First day of participation; preferably a working day, not inside Ramadan "
            "only. (P-5.1.2 c)"
        ),
    )
    opens_time = models.TimeField(
        _("at"), null=True, blank=True, help_text=_("Empty: at the start of the day.")
    )
    closes_on = models.DateField(
        _("closes on"),
        null=True,
        blank=True,
        validators=[validate_sayable],
        help_text=_("Last day of participation. (P-5.1.2 c)"),
    )
    closes_time = models.TimeField(
        _("at"), null=True, blank=True, help_text=_("Empty: at the end of that day.")
    )
    channels = StreamField(
        blocks.ChannelsBlock(),
        verbose_name=_("ways to take part"),
        blank=True,
        help_text=_(
            "At least one digital way and one with the help of a person, so that "
            "nobody is left out. (P-4.3)"
        ),
    )
    tools = ToolsField(
        _("tools on this page"),
        default=default_tools,
        blank=True,
        help_text=_("What people can send through the portal. (P-4.1)"),
    )
    results_display = models.CharField(
        _("contributions are shown"),
        max_length=20,
        choices=ResultsDisplay.choices,
        default=ResultsDisplay.LIVE,
        help_text=_("People are told before they take part. (P-2.2)"),
    )
    audience_mode = models.CharField(
        _("who may take part"),
        max_length=20,
        choices=AudienceMode.choices,
        default=AudienceMode.PUBLIC,
        help_text=_("Everyone, unless there is a reason against it. (P-5.1.3)"),
    )
    identity_mode = models.CharField(
        _("what participants show of who they are"),
        max_length=20,
        choices=IdentityMode.choices,
        default=IdentityMode.ANONYMOUS,
        help_text=_(
            "As little as the topic allows. It is settled when the topic is published."
        ),
    )
    audience_reason = models.TextField(
        _("why by invitation only"),
        blank=True,
        help_text=_("Shown to the public. (P-6.2.3)"),
    )
    audience = StreamField(
        blocks.AudienceBlock(),
        verbose_name=_("audience and expected impact"),
        blank=True,
        help_text=_(
            "Each group that the topic concerns, what it means for them and what they "
            "are promised. (P-5.1.3, P-5.1.4)"
        ),
    )
    privacy_basis = models.TextField(
        _("basis of data processing"),
        blank=True,
        help_text=_("On what footing personal data are used. (P-6.4.1)"),
    )
    privacy_purpose = models.TextField(_("purpose"), blank=True)
    privacy_recipients = models.TextField(
        _("recipients"), blank=True, help_text=_("Who receives personal data.")
    )
    privacy_retention = models.TextField(
        _("retention"),
        blank=True,
        help_text=_("How long personal data are kept, and what happens then."),
    )
    excluded_languages = LocalisedTextField(
        _("languages that follow later"),
        blank=True,
        rows=1,
        help_text=_(
            "Only in the box of a language that is missing: a public note, with which "
            "the topic is published without it. Example: “The English version will "
            "follow.” (P-5.1.2)"
        ),
    )
    change_note = LocalisedTextField(
        _("what changed"),
        blank=True,
        rows=2,
        help_text=_(
            "For every change after publication: what was corrected and why. Shown "
            "with its date. (P-5.2.1)"
        ),
    )

    class Meta:
        abstract = True
