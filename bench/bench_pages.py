"""The hub and a topic's page as an anonymous visitor gets them, with few and many."""

from django.http import HttpResponse
from django.template import engines
from django.test import Client, override_settings
from django.urls import path

from bench.bench_discussion import FEW, HTML, MANY, filled
from bench.loads import FULL
from bench.registry import bench
from tests.consultations.makers import make_topic
from tests.consultations.test_hub import many_topics
from tests.factories import DURING
from tests.factories_pages import make_consultation_page
from tests.urls import urlpatterns as site
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.pages_context import public_context


def visit(address, **settings):
    """Ask for an address during the period; what comes must be a page."""
    client = Client()

    def get():
        with clock.rehearse(DURING), override_settings(**settings):
            response = client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")
        return response

    return get


@bench("page: hub with 20 consultations", queries_at_most=15)
def small_hub():
    many_topics(20)
    return visit("/ar/participation/")


@bench(
    "page: hub with 200 consultations",
    queries_at_most=15,
    compared_with="page: hub with 20 consultations",
)
def large_hub():
    many_topics(200)
    return visit("/ar/participation/")


def topic_with(number, shown=20):
    page = make_consultation_page(consultation=make_topic())
    filled(number, consultation=page.consultation)
    Consultation.objects.filter(pk=page.consultation_id).update(published_count=number)
    get = visit(page.url, WAGTAIL_EPARTICIPATION={"DISCUSSION_PAGE_SIZE": shown})
    if (found := get().content.count(b'<article class="ep-post')) != shown:
        raise RuntimeError(f"{found} comments are shown instead of {shown}")
    return get


def ready_view(request):
    """The same frame around twenty strings that nobody had to look for."""
    template = engines["django"].from_string(
        '{% extends "wagtail_eparticipation/page.html" %}{% block ep_content %}'
        '{% for html in strings %}<article class="ep-post">{{ html }}</article>'
        "{% endfor %}{% endblock %}"
    )
    context = {**public_context(request), "strings": [HTML] * 20}
    return HttpResponse(template.render(context, request))


urlpatterns = [path("ready/", ready_view), *site]


@bench("page: 20 ready strings")
def ready_strings():
    many_topics(1)
    return visit("/ready/", ROOT_URLCONF=__name__)


@bench(
    "page: topic, 20 shown of 100 comments",
    queries_at_most=12,
    compared_with="page: 20 ready strings",
)
def few_comments():
    return topic_with(FEW)


@bench(
    "page: topic, 20 shown of 10,000 comments",
    queries_at_most=12,
    compared_with="page: topic, 20 shown of 100 comments",
    ratio_at_most=1.2,
)
def many_comments():
    return topic_with(MANY)


if FULL:

    @bench(
        "page: topic, 20 shown of 100,000 comments",
        queries_at_most=12,
        compared_with="page: topic, 20 shown of 100 comments",
        ratio_at_most=1.2,
    )
    def most_comments():
        return topic_with(100_000)


@bench(
    "page: topic, 200 shown of 10,000 comments",
    queries_at_most=12,
    compared_with="page: topic, 20 shown of 100 comments",
)
def many_shown():
    return topic_with(MANY, shown=200)
