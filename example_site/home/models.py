"""The municipality's own pages, of which nothing is the package's."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

RICH_TEXT = ["h2", "h3", "bold", "ol", "ul", "link", "document-link"]


class ServiceBlock(blocks.StructBlock):
    """One of the things people come to the municipality for."""

    title = blocks.CharBlock(label=_("Title"))
    text = blocks.TextBlock(label=_("Text"), rows=2)

    class Meta:
        icon = "tick"
        label = _("Service")


class FactBlock(blocks.StructBlock):
    """A line of an address: what it is, and what it says."""

    label = blocks.CharBlock(label=_("Label"))
    value = blocks.TextBlock(label=_("Value"), rows=2)

    class Meta:
        icon = "list-ul"
        label = _("Line")


class BodyBlock(blocks.StreamBlock):
    """The parts of a plain page."""

    text = blocks.RichTextBlock(label=_("Text"), features=RICH_TEXT)
    facts = blocks.ListBlock(
        FactBlock(), label=_("Lines of facts"), template="home/facts.html"
    )

    class Meta:
        required = False


class HomePage(Page):
    """The first page of the site, one per language."""

    lead = models.TextField(_("lead"), blank=True)
    services_title = models.CharField(_("heading"), max_length=120, blank=True)
    services = StreamField(
        [("service", ServiceBlock())], verbose_name=_("services"), blank=True
    )
    invitation_title = models.CharField(
        _("heading of the invitation"), max_length=120, blank=True
    )
    invitation = models.TextField(_("invitation to take part"), blank=True)
    address = models.TextField(_("address, shown at the foot"), blank=True)
    hours = models.TextField(_("opening hours, shown at the foot"), blank=True)

    max_count_per_parent = 2
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "home.StandardPage",
        "home.NewsIndexPage",
        "wagtail_eparticipation.ConsultationIndexPage",
    ]
    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        MultiFieldPanel(
            [FieldPanel("invitation_title"), FieldPanel("invitation")],
            heading=_("Taking part"),
        ),
        MultiFieldPanel(
            [FieldPanel("services_title"), FieldPanel("services")],
            heading=_("Services"),
        ),
        MultiFieldPanel(
            [FieldPanel("address"), FieldPanel("hours")], heading=_("Foot of the page")
        ),
    ]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        news = NewsPage.objects.live().descendant_of(self)
        context["news"] = news.order_by("-date", "-pk")[:3]
        return context


class StandardPage(Page):
    """A page of text, such as "About us" or "Contact"."""

    lead = models.TextField(_("lead"), blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    subpage_types = ["home.StandardPage"]
    search_fields = [
        *Page.search_fields,
        index.SearchField("lead"),
        index.SearchField("body"),
    ]
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]

    class Meta:
        verbose_name = _("plain page")
        verbose_name_plural = _("plain pages")


class NewsIndexPage(Page):
    """All news of the municipality, the newest first."""

    lead = models.TextField(_("lead"), blank=True)

    subpage_types = ["home.NewsPage"]
    content_panels = [*Page.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = _("news overview")
        verbose_name_plural = _("news overviews")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        news = NewsPage.objects.live().child_of(self)
        context["news"] = news.order_by("-date", "-pk")
        return context


class NewsPage(Page):
    """One piece of news; it may point to the topic that it is about."""

    date = models.DateField(_("date"))
    lead = models.TextField(_("lead"), blank=True)
    body = RichTextField(_("text"), features=RICH_TEXT, blank=True)
    topic = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page that the news is about"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    parent_page_types = ["home.NewsIndexPage"]
    subpage_types: list[str] = []
    search_fields = [
        *Page.search_fields,
        index.SearchField("lead"),
        index.SearchField("body"),
    ]
    content_panels = [
        *Page.content_panels,
        FieldPanel("date"),
        FieldPanel("lead"),
        FieldPanel("body"),
        PageChooserPanel("topic"),
    ]

    class Meta:
        verbose_name = _("news")
        verbose_name_plural = _("news")
