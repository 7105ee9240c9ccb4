"""The pages of a topic: the hub, and one consultation page per language.

A page holds the words; the process (:class:`Consultation`) holds stage, dates in
force and everything that people send. A site may build page types of its own on the
two mixins.
"""

from django.db import models
from django.utils.translation import gettext_lazy, pgettext_lazy
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable, Page

from wagtail_eparticipation.consultations.hub_page import ConsultationIndexPageMixin
from wagtail_eparticipation.consultations.topic_page import ConsultationPageMixin


class ConsultationIndexPage(ConsultationIndexPageMixin, Page):
    """The hub of a site in one language."""

    template = "wagtail_eparticipation/consultations/consultation_index_page.html"
    subpage_types = ["wagtail_eparticipation.ConsultationPage"]
    page_description = gettext_lazy("Lists all consultations, with filters and search.")

    class Meta:
        verbose_name = gettext_lazy("consultations hub")
        verbose_name_plural = gettext_lazy("consultations hubs")


class ConsultationPage(ConsultationPageMixin, Page):
    """A topic put forward for participation, in one language."""

    template = "wagtail_eparticipation/consultations/consultation_page.html"
    parent_page_types = ["wagtail_eparticipation.ConsultationIndexPage"]
    subpage_types = [
        "wagtail_eparticipation.SurveyPage",
        "wagtail_eparticipation.DecisionPage",
    ]
    page_description = gettext_lazy("A topic put forward for participation.")

    class Meta:
        verbose_name = gettext_lazy("consultation page")
        verbose_name_plural = gettext_lazy("consultation pages")


class SubjectLink(Orderable):
    """A subject of a topic; follows the original page into every language."""

    page = ParentalKey(
        ConsultationPage, on_delete=models.CASCADE, related_name="subject_links"
    )
    subject = models.ForeignKey(
        "wagtail_eparticipation.Subject",
        verbose_name=pgettext_lazy("of a topic", "subject"),
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta(Orderable.Meta):
        verbose_name = gettext_lazy("subject of a topic")
        verbose_name_plural = gettext_lazy("subjects of topics")
