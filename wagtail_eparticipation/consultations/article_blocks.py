"""The blocks of a draft text (R-4.1a)."""

import re

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from wagtail_eparticipation.consultations.blocks import FilledValue

#: What an article's text may hold.
ARTICLE_FEATURES = ["bold", "italic", "ol", "ul", "superscript", "subscript"]
#: What an article's id looks like; the register keeps forty characters.
KEY = re.compile(r"[A-Za-z0-9-]{1,40}")


class ArticleBlock(blocks.StructBlock):
    """One article of a draft; its text holds no links, so that a page of a hundred
    articles asks the database for none of them.
    """

    number = blocks.CharBlock(
        label=_("Number"),
        max_length=40,
        help_text=_("As people call it. Example: “Article 5”."),
    )
    heading = blocks.CharBlock(label=_("Heading"), required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=ARTICLE_FEATURES)
    note = blocks.TextBlock(
        label=_("Explanatory note"),
        required=False,
        rows=2,
        help_text=_("What the article means in plain words, or why it is needed."),
    )

    class Meta:
        value_class = FilledValue
        icon = "doc-full-inverse"
        label = _("Article")


class ArticlesBlock(blocks.StreamBlock):
    """A draft text, article by article, under headings of chapters (R-4.1a).

    The id of an article's block is the article's own: it survives translation and
    correction, and comments name it.
    """

    chapter = blocks.CharBlock(label=_("Heading of a chapter"), icon="title")
    article = ArticleBlock()

    class Meta:
        required = False

    def clean(self, value):
        cleaned = super().clean(value)
        keys = [child.id for child in cleaned if child.id]
        if len(set(keys)) < len(keys) or not all(map(KEY.fullmatch, keys)):
            raise blocks.StreamBlockValidationError(
                non_block_errors=[
                    _(
                        "Two parts of the draft have the same id, or one has an id"
                        " that is none. Remove the part and add it again."
                    )
                ]
            )
        return cleaned
