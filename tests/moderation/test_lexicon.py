"""The words that are insults: one key a word, kept up to date, begun once."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from wagtail_eparticipation.moderation import lexicon
from wagtail_eparticipation.moderation.advisers.registry import advise
from wagtail_eparticipation.moderation.lexicon import (
    LexiconWord,
    ensure_lexicon,
    lexicon_key,
    seeds,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def english():
    """Messages in the language of the source."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def forget(monkeypatch):
    monkeypatch.setattr(lexicon, "_kept", None)


def make_word(word="تافهون", **fields):
    fields.setdefault("language", "ar")
    return LexiconWord.objects.create(word=word, **fields)


def flagged(text):
    found = advise({"text": text})
    return [text[f.start : f.end] for f in found if f.adviser == "courtesy"]


@pytest.mark.parametrize(
    ("left", "right"),
    [("أحمق", "احمق"), ("حَقِير", "حقير"), ("يا  غبي", "يا غبي!"), ("IDIOT", "idiot")],
)
def test_spellings_of_one_word_have_one_key(left, right):
    assert lexicon_key(left) == lexicon_key(right) != ""


def test_a_word_is_in_the_lexicon_once_whatever_its_spelling():
    make_word("أحمق")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_word("احمق")


@pytest.mark.parametrize("word", ["", "!", "ا", "\u200b", "ﷺ" * 40])
def test_what_is_no_word_is_refused_with_a_reason(word):
    with pytest.raises(ValidationError) as refused:
        LexiconWord(word=word, language="ar").clean()
    assert "word" in refused.value.message_dict


def test_an_edit_holds_for_the_next_text():
    row = make_word("زعطوط")
    assert flagged("انت زعطوط") == ["زعطوط"]
    row.word = "زعطوطه"
    row.save()
    assert flagged("انت بلبول") == []
    row.active = False
    row.save()
    assert flagged("انت زعطوطه") == []


def test_a_word_that_is_deleted_is_no_longer_found():
    row = make_word("زعطوط")
    assert flagged("زعطوط") == ["زعطوط"]
    row.delete()
    assert flagged("زعطوط") == []


def test_an_unchanged_lexicon_is_asked_for_its_stamp_alone_and_seldom(
    django_assert_num_queries, monkeypatch
):
    make_word("زعطوط")
    lexicon.refresh()
    with django_assert_num_queries(0):
        lexicon.refresh()
    monkeypatch.setattr(lexicon, "BELIEVED_SECONDS", 0)
    with django_assert_num_queries(1):
        lexicon.refresh()


def test_what_another_process_changed_is_found_within_seconds(monkeypatch):
    row = make_word("زعطوط")
    assert flagged("زعطوط") == ["زعطوط"]
    # No signal tells of it, as none does of another process.
    LexiconWord.objects.filter(pk=row.pk).update(
        active=False, updated_at=timezone.now()
    )
    monkeypatch.setattr(lexicon, "BELIEVED_SECONDS", 0)
    assert flagged("زعطوط") == []


def test_every_seed_has_a_key_of_its_own_and_a_sub_code_of_the_policy():
    rows = seeds()
    assert len({row.key for row in rows}) == len(rows) > 100
    assert {row.sub_code for row in rows} == {
        *("racism", "sectarianism", "tribalism"),
        *("defamation", "mockery", "belittling"),
    }
    assert {row.language for row in rows} == {"ar", "en"}


@pytest.mark.parametrize(
    "criticism", ["فاشل", "فساد", "إهمال", "incompetent", "failure", "corrupt", "كلب"]
)
def test_criticism_of_work_is_not_in_the_lexicon(criticism):
    assert lexicon_key(criticism) not in {row.key for row in seeds()}


def test_a_site_begins_with_the_seeds_once():
    assert ensure_lexicon({"racism"}) == LexiconWord.objects.count() > 100
    assert ensure_lexicon({"racism"}) == 0


def test_a_policy_with_wider_sub_codes_gets_those():
    ensure_lexicon({"discrimination", "mockery"})
    codes = set(LexiconWord.objects.values_list("sub_code", flat=True))
    assert codes == {"discrimination", "mockery", ""}


def test_what_was_removed_is_not_brought_back():
    ensure_lexicon(set())
    row = LexiconWord.objects.first()
    LexiconWord.objects.filter(pk=row.pk).update(removed=True, active=False)
    lexicon.forget()
    assert ensure_lexicon(set()) == 0
    assert flagged(row.word) == []


def test_the_setup_command_adds_the_words_and_says_how_many(capsys):
    call_command("eparticipation_setup", policy="qassim")
    count = LexiconWord.objects.count()
    assert f"{count} words added to the lexicon" in capsys.readouterr().out
    call_command("eparticipation_setup", policy="qassim")
    assert LexiconWord.objects.count() == count
