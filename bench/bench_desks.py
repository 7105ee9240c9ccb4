"""The moderation queue and the desk of a topic, with few and with many rows."""

from django.test import Client
from django.urls import reverse

from bench.registry import bench
from tests.consultations.makers import make_topic
from tests.discussion.makers import make_participation
from tests.factories import DURING, make_user
from tests.factories_pages import make_consultation_page
from wagtail_eparticipation import clock

FEW, MANY = 20, 200


def opened(name, number, *, in_topic=False):
    """A view of the admin as a superuser gets it, with so many waiting rows."""
    page = make_consultation_page(consultation=make_topic())
    for _number in range(number):
        make_participation(page.consultation)
    client = Client()
    client.force_login(make_user("officer", superuser=True))
    arguments = [page.consultation_id] if in_topic else []
    address = reverse(f"eparticipation_admin:{name}", args=arguments)

    def get():
        with clock.rehearse(DURING):
            response = client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")

    return get


@bench("admin: queue with 20 waiting", queries_at_most=15)
def short_queue():
    return opened("moderation", FEW)


@bench(
    "admin: queue with 200 waiting",
    queries_at_most=15,
    compared_with="admin: queue with 20 waiting",
)
def long_queue():
    return opened("moderation", MANY)


@bench("admin: desk with 20 participations", queries_at_most=40)
def small_desk():
    return opened("desk", FEW, in_topic=True)


@bench(
    "admin: desk with 200 participations",
    queries_at_most=40,
    compared_with="admin: desk with 20 participations",
)
def large_desk():
    return opened("desk", MANY, in_topic=True)
