"""The public page of the policy, the pieces for other pages, and the admin list."""

from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from tests.factories import make_user
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.policy.reading import policy_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    return install_pack("qassim")[0]


class Page(HTMLParser):
    """Ids and links within a page, and what a strict CSP forbids."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.links, self.inline, self.levels = [], set(), [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if attrs.get("href", "").startswith("#"):
            self.links.add(attrs["href"][1:])
        if (
            "style" in attrs
            or tag == "style"
            or (tag == "script" and "src" not in attrs)
        ):
            self.inline.append(tag)
        if tag in ("h1", "h2", "h3", "h4"):
            self.levels.append(int(tag[1]))


def address(language, pack="qassim", version="1.0"):
    return f"/eparticipation/{language}/policy/{pack}/{version}/"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_public_reads_every_clause_under_its_anchor(client, version, language):
    response = client.get(address(language))
    assert response.status_code == 200
    page = Page(response.content.decode())
    with override(language):
        for clause in policy_of(version).clauses:
            assert clause.anchor in page.ids
            assert str(clause.title) in response.content.decode().replace("&#x27;", "'")


def test_the_page_speaks_the_language_of_its_address(client, version):
    arabic = client.get(address("ar"), HTTP_ACCEPT_LANGUAGE="en")
    english = client.get(address("en"), HTTP_ACCEPT_LANGUAGE="ar")
    assert 'lang="ar" dir="rtl"' in arabic.content.decode()
    assert 'lang="en" dir="ltr"' in english.content.decode()
    assert arabic.headers["Content-Language"] == "ar"
    assert "Dhu al" not in arabic.content.decode()
    assert "12 Rajab 1447" in english.content.decode()


def test_the_page_has_sound_links_headings_and_nothing_inline(client, version):
    page = Page(client.get(address("en")).content.decode())
    assert page.links <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert page.inline == []
    assert page.levels.count(1) == 1
    steps = zip(page.levels, page.levels[1:], strict=False)
    assert all(later - earlier <= 1 for earlier, later in steps)


def test_the_page_sets_no_cookie_and_may_be_cached(client, version):
    response = client.get(address("ar"))
    assert not response.cookies
    assert "public" in response.headers["Cache-Control"]
    assert "max-age=300" in response.headers["Cache-Control"]


def test_the_page_costs_one_query(client, version, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get(address("ar"))


@pytest.mark.parametrize(
    "path",
    [
        address("fr"),
        address("ar", pack="atlantis"),
        address("ar", version="0.1"),
        "/eparticipation/fr/policy/",
    ],
)
def test_what_is_not_there_is_not_found(client, version, path):
    assert client.get(path, follow=True).status_code == 404


def test_the_page_is_only_for_reading(client, version):
    assert client.post(address("ar")).status_code == 405


def test_the_short_address_leads_to_the_version_in_force(client, version):
    response = client.get("/eparticipation/en/policy/")
    assert response.status_code == 302
    assert response.headers["Location"] == address("en")


def test_without_a_policy_the_short_address_finds_nothing(client, db):
    response = client.get("/eparticipation/en/policy/", follow=True)
    assert response.status_code == 404


def test_the_short_list_of_rules_links_to_the_full_ones(client, version):
    html = render_to_string(
        "wagtail_eparticipation/components/participant_rules.html",
        {"policy": policy_of(version), "language": "en", "policy_url": address("en")},
    )
    assert html.count("<li>") == 10
    assert "Take part once" in html
    page = Page(client.get(address("en")).content.decode())
    for number in range(1, 11):
        assert f'href="{address("en")}#rule-{number}"' in html
        assert f"rule-{number}" in page.ids


def test_how_participations_are_handled_is_told_from_the_policy_and_the_topic(version):
    """R-2.2b."""
    context = {
        "policy": policy_of(version),
        "language": "en",
        "body": "<b>Parks</b>",
        "contact": "privacy@municipality.example",
        "decision_maker": "The Deputy Mayor",
        "decision_on": date(2026, 6, 1),
        "closes_at": datetime(2026, 4, 26, 21, tzinfo=UTC),
    }
    html = render_to_string(
        "wagtail_eparticipation/components/how_handled.html", context
    )
    assert "not a vote" in html
    assert "The Deputy Mayor" in html
    assert "until the end of" in html
    assert "privacy@municipality.example" in html
    assert "6 months after" in html
    assert "&lt;b&gt;Parks&lt;/b&gt; processes" in html


@pytest.mark.parametrize(
    ("permissions", "status"),
    [((), 302), (("view_policyversion",), 200), (("change_policyversion",), 302)],
)
def test_who_sees_the_installed_versions(client, version, permissions, status):
    client.force_login(make_user(permissions=permissions))
    response = client.get(reverse("eparticipation_policies:index"))
    assert response.status_code == status


@pytest.mark.parametrize("view", ["add", "edit", "delete"])
def test_not_even_a_superuser_changes_a_version_in_the_admin(client, version, view):
    client.force_login(make_user(superuser=True))
    arguments = [] if view == "add" else [version.pk]
    url = reverse(f"eparticipation_policies:{view}", args=arguments)
    assert client.get(url).status_code == 302
    assert client.post(url, {"pack": "other", "version": "9"}).status_code == 302
    version.refresh_from_db()
    assert version.pack == "qassim"


def test_the_admin_list_leads_to_the_public_page_and_can_be_inspected(client, version):
    client.force_login(make_user(superuser=True))
    response = client.get(reverse("eparticipation_policies:index"))
    assert "/policy/qassim/1.0/" in response.content.decode()
    assert "1447" in response.content.decode()
    url = reverse("eparticipation_policies:inspect", args=[version.pk])
    assert version.checksum in client.get(url).content.decode()
