"""The repeated parts of a request for participation, as typed blocks (P-5.1.2).

Block ids survive translation and copying, so objectives, channels and audience rows
can be referred to by id in every language.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from wagtail_eparticipation.languages import content_languages

RICH_TEXT_FEATURES = ["h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link"]


class ChannelKind(models.TextChoices):
    """Ways to take part; the same values mark participations in the register."""

    PORTAL = "portal", _("Portal")
    SOCIAL = "social", _("Social media")
    NATIONAL = "national", _("National platform")
    EMAIL = "email", _("E-mail")
    COUNTER = "counter", _("Service counter")
    TELEPHONE = "telephone", _("Telephone")
    PAPER = "paper", _("Paper form")
    EVENT = "event", _("Event or meeting")


#: What R-4.3a calls non-digital or assisted; the others are digital.
ASSISTED = frozenset(
    {ChannelKind.COUNTER, ChannelKind.TELEPHONE, ChannelKind.PAPER, ChannelKind.EVENT}
)


class ParticipationLevel(models.TextChoices):
    """The role of a segment; the promise of each is in the policy pack."""

    INFORM = "inform", _("Inform")
    CONSULT = "consult", _("Consult")
    INVOLVE = "involve", _("Involve")
    COLLABORATE = "collaborate", _("Collaborate")
    EMPOWER = "empower", _("Empower")


class LanguageNeutralChooserBlock(SnippetChooserBlock):
    """Chooses vocabulary; the reader sees it in the page's language anyway.

    Translators are therefore not asked to translate a department or segment again
    with every page that names it.
    """

    def get_translatable_segments(self, value):
        return []

    def restore_translated_segments(self, value, segments):
        return value


class FilledValue(blocks.StructValue):
    """Cells of text that nobody filled are empty texts, never ``None``.

    Data written by code leaves out what it does not need; wagtail-localize stops at
    a text that is not there.
    """

    def __init__(self, block, *args):
        super().__init__(block, *args)
        texts = (blocks.CharBlock, blocks.TextBlock, blocks.URLBlock)
        for name, child in block.child_blocks.items():
            if isinstance(child, texts) and self.get(name) is None:
                self[name] = ""


class TableValue(FilledValue):
    """Cells of a table typed as lines with bars."""

    @property
    def columns(self) -> list[str]:
        return cells_of(self["header"])

    @property
    def body(self) -> list[list[str]]:
        return [cells_of(row) for row in self["rows"]]


def cells_of(line: str) -> list[str]:
    """The cells of a table's row that was typed with bars between them."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


class TableBlock(blocks.StructBlock):
    """A small table whose rows are translated as whole lines."""

    caption = blocks.CharBlock(label=_("Caption"))
    header = blocks.CharBlock(
        label=_("Column headings"),
        help_text=_("Separated by a bar. Example: “Year | Visitors”."),
    )
    rows = blocks.ListBlock(
        blocks.CharBlock(label=_("Row")),
        label=_("Rows"),
        help_text=_("One row each, cells separated by a bar. Example: “2025 | 1,200”."),
    )

    class Meta:
        icon = "table"
        label = _("Table")
        value_class = TableValue
        template = "wagtail_eparticipation/consultations/blocks/table.html"


class CalloutBlock(blocks.StructBlock):
    """A remark set apart from the text."""

    title = blocks.CharBlock(label=_("Title"), required=False)
    text = blocks.TextBlock(label=_("Text"))

    class Meta:
        value_class = FilledValue
        icon = "info-circle"
        label = _("Callout")
        template = "wagtail_eparticipation/consultations/blocks/callout.html"


class BackgroundBlock(blocks.StreamBlock):
    """Background of the topic; images need a text alternative (WCAG 1.1.1)."""

    text = blocks.RichTextBlock(label=_("Text"), features=RICH_TEXT_FEATURES)
    image = ImageBlock(
        label=_("Image"),
        template="wagtail_eparticipation/consultations/blocks/image.html",
    )
    document = DocumentChooserBlock(
        label=_("Document"),
        template="wagtail_eparticipation/consultations/blocks/document.html",
    )
    table = TableBlock()
    callout = CalloutBlock()

    class Meta:
        required = False


def language_choices():
    """The site's content languages, asked for when a form is shown."""
    return content_languages()


class DocumentBlock(blocks.StructBlock):
    """A document of the request with its language and accessible format."""

    document = DocumentChooserBlock(label=_("Document"))
    title = blocks.CharBlock(
        label=_("Title shown"), required=False, help_text=_("Empty: the file's title.")
    )
    language = blocks.ChoiceBlock(
        label=_("Language of the file"), choices=language_choices, required=False
    )
    accessible = blocks.CharBlock(
        label=_("Accessible version"),
        required=False,
        help_text=_(
            "Where people who cannot read this file find its content. "
            "Example: “All figures are in the table above.” (P-5.1.2 a)"
        ),
    )

    class Meta:
        value_class = FilledValue
        icon = "doc-full"
        label = _("Document")


class DocumentsBlock(blocks.StreamBlock):
    document = DocumentBlock()

    class Meta:
        required = False


class TermBlock(blocks.StructBlock):
    term = blocks.CharBlock(label=_("Term"))
    meaning = blocks.TextBlock(label=_("Meaning in plain words"), rows=2)

    class Meta:
        value_class = FilledValue
        icon = "openquote"
        label = _("Term")


class GlossaryBlock(blocks.StreamBlock):
    term = TermBlock()

    class Meta:
        required = False


class ObjectivesBlock(blocks.StreamBlock):
    """Objectives; the closing report ticks each by its block id (R-5.1.2b)."""

    objective = blocks.TextBlock(label=_("Objective"), rows=2, icon="tick")

    class Meta:
        required = False


class IndicatorBlock(blocks.StructBlock):
    """A figure of the initial situation, compared again at the end (R-5.1.1c)."""

    name = blocks.CharBlock(label=_("Indicator"))
    value = blocks.CharBlock(label=_("Value before the consultation"))
    source = blocks.CharBlock(label=_("Source and date"), required=False)

    class Meta:
        value_class = FilledValue
        icon = "order"
        label = _("Indicator")


class IndicatorsBlock(blocks.StreamBlock):
    indicator = IndicatorBlock()

    class Meta:
        required = False


class ChannelValue(FilledValue):
    """One way to take part, as shown in the table of means (R-4.3a)."""

    @property
    def is_assisted(self) -> bool:
        return self["kind"] in ASSISTED

    @property
    def name(self):
        return ChannelKind(self["kind"]).label if self["kind"] else ""


class ChannelBlock(blocks.StructBlock):
    kind = blocks.ChoiceBlock(label=_("Channel"), choices=ChannelKind.choices)
    how = blocks.CharBlock(
        label=_("How to use it"),
        help_text=_(
            "What people have to do. Example: “Ask for the form at counter 3.” (P-4.3)"
        ),
    )
    url = blocks.URLBlock(label=_("Address on the web"), required=False)
    reference = blocks.CharBlock(
        label=_("Reference there"),
        required=False,
        help_text=_("The number under which a national platform carries the topic."),
    )
    opens_on = blocks.DateBlock(
        label=_("Open from"),
        required=False,
        help_text=_("Empty: during the whole period."),
    )
    closes_on = blocks.DateBlock(
        label=pgettext_lazy("last day of a channel", "Open until"), required=False
    )
    counts_formally = blocks.BooleanBlock(
        label=_("Counts as a formal participation"), required=False, default=True
    )
    identity_needed = blocks.BooleanBlock(
        label=_("Proof of identity is needed"), required=False
    )
    help_contact = blocks.CharBlock(
        label=_("Help"),
        help_text=_("A role and its public telephone or e-mail, never a person."),
    )
    help_hours = blocks.CharBlock(
        label=_("Hours of help"),
        required=False,
        help_text=_("Example: “Sunday to Thursday, 08:00 to 14:00”."),
    )
    closed_reason = blocks.CharBlock(
        label=_("Closed, because"),
        required=False,
        help_text=_("Fill in to show this channel as closed, with the reason."),
    )

    class Meta:
        icon = "site"
        label = _("Channel")
        value_class = ChannelValue


class ChannelsBlock(blocks.StreamBlock):
    channel = ChannelBlock()

    class Meta:
        required = False


class AudienceRowBlock(blocks.StructBlock):
    """One segment with its expected impact; an empty cell stops approval (P-5.1.4)."""

    segment = LanguageNeutralChooserBlock(
        "wagtail_eparticipation.Segment", label=_("Segment of the public")
    )
    importance = blocks.TextBlock(
        label=_("Why this group matters"),
        required=False,
        rows=2,
        help_text=_(
            "Example: “Their shops are reached through the street that will be closed.”"
        ),
    )
    role = blocks.ChoiceBlock(
        label=_("Its role in the decision"),
        choices=ParticipationLevel.choices,
        required=False,
        help_text=_("Each role carries a promise, which is shown to the public."),
    )
    interests = blocks.TextBlock(
        label=_("Which interests are affected, and how"),
        required=False,
        rows=2,
        help_text=_("Shown as “How this affects you”."),
    )
    reach = blocks.CharBlock(
        label=_("How this group will be reached"),
        required=False,
        help_text=_("Example: “Letters to the shops; a notice in the mosque.”"),
    )

    class Meta:
        value_class = FilledValue
        icon = "group"
        label = _("Segment of the public")


class AudienceBlock(blocks.StreamBlock):
    segment = AudienceRowBlock()

    class Meta:
        required = False
