"""The hub and a topic's page as an anonymous visitor gets them, with few and many."""

from django.test import Client, override_settings

from bench.bench_discussion import FEW, MANY, filled
from bench.registry import bench
from tests.consultations.makers import make_topic
from tests.consultations.test_hub import many_topics
from tests.factories import DURING
from tests.factories_pages import make_consultation_page
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.models import Consultation


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


@bench("page: topic, 20 shown of 100 comments", queries_at_most=12)
def few_comments():
    return topic_with(FEW)


@bench(
    "page: topic, 20 shown of 10,000 comments",
    queries_at_most=12,
    compared_with="page: topic, 20 shown of 100 comments",
)
def many_comments():
    return topic_with(MANY)


@bench(
    "page: topic, 200 shown of 10,000 comments",
    queries_at_most=12,
    compared_with="page: topic, 20 shown of 100 comments",
)
def many_shown():
    return topic_with(MANY, shown=200)
