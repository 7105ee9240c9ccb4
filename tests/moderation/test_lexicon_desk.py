"""Who may keep the lexicon, and what keeping it does."""

import pytest
from django.urls import reverse
from django.utils import translation
from wagtail.models import ModelLogEntry

from tests.factories import make_user
from wagtail_eparticipation.consultations.setup import ensure_groups
from wagtail_eparticipation.moderation.lexicon import LexiconWord, ensure_lexicon
from wagtail_eparticipation.policy.install import install_pack

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def english():
    """Messages in the language of the source."""
    with translation.override("en"):
        yield


def url(name, *args):
    return reverse(f"eparticipation_lexicon:{name}", args=args)


@pytest.fixture
def policy():
    return install_pack("qassim")


@pytest.fixture
def moderator(client, policy):
    ensure_groups()
    client.force_login(make_user(groups=["Participation moderators"]))
    return client


def make_word(word="زعطوط", **fields):
    fields.setdefault("language", "ar")
    return LexiconWord.objects.create(word=word, **fields)


def data(word="زعطوط", **fields):
    given = {"word": word, "language": "ar", "sub_code": "mockery", "active": "on"}
    return given | {"note": ""} | fields


WHO = {
    "anonymous": None,
    "nobody in particular": {},
    "editor": {"groups": ["Topic editors"]},
    "reply desk": {"groups": ["Reply desk"]},
    "decision maker": {"groups": ["Decision makers"]},
    "moderator": {"groups": ["Participation moderators"]},
    "superuser": {"superuser": True},
}


@pytest.mark.parametrize("name", ["index", "add", "edit", "delete"])
@pytest.mark.parametrize("who", WHO)
def test_only_moderators_keep_the_lexicon(client, policy, who, name):
    ensure_groups()
    word = make_word()
    if WHO[who] is not None:
        client.force_login(make_user(**WHO[who]))
    address = url(name) if name in ("index", "add") else url(name, word.pk)
    is_admitted = client.get(address).status_code == 200
    assert is_admitted == (who in ("moderator", "superuser"))


def test_a_moderator_adds_a_word_with_its_kind(moderator):
    response = moderator.post(url("add"), data())
    assert response.status_code == 302, response.context["form"].errors
    row = LexiconWord.objects.get()
    assert (row.key, row.sub_code, row.active) == ("زعطوط", "mockery", True)


@pytest.mark.parametrize("spelling", ["أحمق", "احمق", "أَحْمَق"])
def test_a_word_that_is_there_is_refused_and_nothing_typed_is_lost(moderator, spelling):
    make_word("احمق")
    response = moderator.post(url("add"), data(spelling, note="من بلاغ"))
    assert response.status_code == 200
    assert "word" in response.context["form"].errors
    assert "من بلاغ" in response.content.decode()


def test_a_kind_that_the_policy_does_not_have_is_refused(moderator):
    response = moderator.post(url("add"), data(sub_code="rudeness"))
    assert "sub_code" in response.context["form"].errors


def test_a_kind_of_an_earlier_policy_stays_until_it_is_changed(moderator):
    row = make_word(sub_code="discrimination")
    page = moderator.get(url("edit", row.pk)).content.decode()
    assert 'value="discrimination" selected' in page


def test_a_deleted_word_is_gone_and_does_not_come_back(moderator):
    ensure_lexicon(set())
    row = LexiconWord.objects.first()
    assert moderator.post(url("delete", row.pk)).status_code == 302
    for name in ("edit", "delete"):
        # What is not found is looked for under the language's own address first.
        answer = moderator.get(url(name, row.pk), follow=True)
        assert answer.status_code == 404
    assert f">{row.word}<" not in moderator.get(url("index")).content.decode()
    assert ensure_lexicon(set()) == 0
    assert ModelLogEntry.objects.filter(action="wagtail.delete").count() == 1


def test_a_deleted_word_can_be_added_again(moderator):
    row = make_word()
    moderator.post(url("delete", row.pk))
    assert moderator.post(url("add"), data()).status_code == 302
    assert LexiconWord.objects.filter(removed=False).count() == 1


def test_a_word_that_was_changed_does_not_come_back_as_it_was(moderator):
    ensure_lexicon(set())
    row = LexiconWord.objects.filter(language="ar").first()
    answer = moderator.post(url("edit", row.pk), data("زعطوطي"))
    assert answer.status_code == 302
    assert ensure_lexicon(set()) == 0


def test_the_list_is_searched_and_filtered(moderator):
    make_word("زعطوط", sub_code="mockery")
    make_word("nincompoop", language="en", sub_code="belittling", active=False)
    for query, shown, hidden in (
        ("?q=ninc", "nincompoop", "زعطوط"),
        ("?language=ar", "زعطوط", "nincompoop"),
        ("?sub_code=belittling", "nincompoop", "زعطوط"),
        ("?active=true", "زعطوط", "nincompoop"),
    ):
        page = moderator.get(url("index") + query).content.decode()
        assert shown in page, query
        assert f">{hidden}<" not in page.replace("\n", "").replace("  ", ""), query


def test_the_list_names_the_kind_as_the_policy_does(moderator):
    make_word(sub_code="mockery")
    assert "لمز وسخرية" in moderator.get(url("index")).content.decode()


@pytest.mark.parametrize("count", [5, 45])
def test_the_list_takes_as_many_queries_for_many_words(
    moderator, count, django_assert_max_num_queries
):
    LexiconWord.objects.bulk_create(
        LexiconWord(word=f"w{n}x", key=f"w{n}x", language="en", sub_code="mockery")
        for n in range(count)
    )
    moderator.get(url("index"))
    with django_assert_max_num_queries(17):
        assert moderator.get(url("index")).status_code == 200


def test_the_menu_shows_the_lexicon_to_those_whom_it_admits(client, policy):
    ensure_groups()
    for group, shown in (("Participation moderators", True), ("Reply desk", False)):
        client.force_login(make_user(groups=[group]))
        menu = client.get(reverse("wagtailadmin_home")).content.decode()
        assert (url("index") in menu) is shown
