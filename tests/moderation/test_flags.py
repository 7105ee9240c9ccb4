"""Flags: written with what is received, by wording, in ids and places alone."""

import logging
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from tests.factories import CLOSES, DURING, make_consultation, make_user
from tests.moderation import small_advisers
from tests.moderation.makers import make_topic, make_waiting
from tests.moderation.small_advisers import INSULT, MOBILE, NUMBER
from wagtail_eparticipation import clock
from wagtail_eparticipation.moderation import flags
from wagtail_eparticipation.moderation.advisers import personal_data
from wagtail_eparticipation.moderation.flags import Flag
from wagtail_eparticipation.participations import door
from wagtail_eparticipation.participations.amending import Changes, amend
from wagtail_eparticipation.participations.door_many import submit_many
from wagtail_eparticipation.participations.models import Participation, State

pytestmark = pytest.mark.django_db
SAME = "نريد ظلاً ومقاعد في الحديقة"


@pytest.fixture(autouse=True)
def advisers(monkeypatch):
    small_advisers.use(monkeypatch)


@pytest.fixture
def topic():
    return make_topic()


def submit(topic, text, at=DURING, **fields):
    submission = door.Submission(tool="comment", language="ar", text=text, **fields)
    with clock.rehearse(at):
        return door.submit(topic, submission).participation


def many(topic, texts, start=0):
    submissions = [
        door.Submission(
            tool="comment",
            language="ar",
            text=text,
            channel="social",
            made_at=DURING,
            source_id=f"s{start + n}",
        )
        for n, text in enumerate(texts)
    ]
    with clock.rehearse(DURING):
        return submit_many(topic, submissions, actor=None)


def test_what_is_received_is_flagged_with_rule_and_place(topic):
    row = submit(topic, MOBILE)
    (found,) = flags.of(row)
    assert (found.rule, found.code, found.category) == (
        "personal_data",
        "personal_data",
        "contact",
    )
    assert row.text[found.start : found.end] == NUMBER
    assert found.hide
    assert found.revision == row.revision


def test_no_word_of_the_text_is_kept_in_a_flag(topic):
    submit(topic, f"{MOBILE} {INSULT}")
    for row in Flag.objects.values():
        kept = " ".join(str(value) for value in row.values())
        assert NUMBER not in kept
        assert INSULT not in kept


def test_title_and_sources_are_looked_at_too(topic):
    row = submit(topic, "نص", title=NUMBER, data={"sources": f"عن {NUMBER}"})
    assert {each.field for each in flags.of(row)} == {"sources", "title"}


def test_the_shown_name_and_the_place_are_looked_at_too(topic):
    row = make_waiting(
        topic, public_name=f"سعد {NUMBER}", data={"place": f"بيت {NUMBER}"}
    )
    assert {each.field for each in flags.refresh(row)} == {"place", "public_name"}


def test_a_name_is_no_personal_data_where_its_author_shows_it(topic, monkeypatch):
    small_advisers.use(monkeypatch, personal_data.look)
    name = "محمد بن سالم الحربي"
    row = make_waiting(topic, public_name=name, data={"place": f"بيت {name}"})
    assert [each.field for each in flags.refresh(row)] == ["place"]


def test_without_a_finding_the_door_writes_nothing_more(
    topic, django_assert_num_queries, monkeypatch
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    monkeypatch.setattr(flags, "registered", lambda: ())
    with CaptureQueriesContext(connection) as without:
        submit(topic, "نص أول بلا أرقام")
    monkeypatch.undo()
    small_advisers.use(monkeypatch, small_advisers.phones, small_advisers.insults)
    with django_assert_num_queries(len(without)):
        submit(topic, "نص ثان بلا أرقام")
    with django_assert_num_queries(len(without) + 1):
        submit(topic, f"نص ثالث {NUMBER} و{NUMBER} و{NUMBER}")


def test_an_adviser_that_fails_loses_no_voice_and_logs_no_word(
    topic, monkeypatch, caplog
):
    small_advisers.use(monkeypatch, small_advisers.broken)
    with caplog.at_level(logging.DEBUG):
        row = submit(topic, MOBILE)
    assert Participation.objects.filter(pk=row.pk).exists()
    assert "ValueError" in caplog.text
    assert NUMBER not in caplog.text


def test_a_voice_that_is_not_taken_in_leaves_no_flag(topic):
    with pytest.raises(door.DoorRefusal):
        submit(topic, "")
    assert not Flag.objects.exists()


def test_changed_words_have_flags_of_their_own_and_the_earlier_stay(topic):
    row = submit(topic, MOBILE)
    with clock.rehearse(DURING):
        amended = amend(row, Changes(text=f"هذا {INSULT}", language="ar"))
    assert [each.rule for each in flags.of(amended)] == ["courtesy"]
    assert Flag.objects.filter(revision=1).get().rule == "personal_data"


def test_what_comes_late_is_flagged_and_stays_so_when_it_is_admitted(topic):
    from wagtail_eparticipation.participations.late_box import admit

    row = submit(topic, MOBILE, at=CLOSES)
    assert row.state == State.LATE
    assert len(flags.of(row)) == 1
    with clock.rehearse(CLOSES):
        admitted = admit(row, actor=make_user(superuser=True), ground="وصلت متأخرة")
    assert len(flags.of(admitted)) == 1


def test_the_same_words_of_others_are_a_campaign_from_the_second_on(topic):
    assert flags.of(submit(topic, SAME)) == []
    second = flags.of(submit(topic, f"{SAME}!"))
    third = flags.of(submit(topic, SAME))
    assert [(each.rule, each.detail) for each in (*second, *third)] == [
        ("once", "1"),
        ("once", "2"),
    ]


def test_the_same_words_in_another_topic_are_no_campaign(topic):
    submit(make_topic(), SAME)
    assert flags.of(submit(topic, SAME)) == []


def test_the_fact_of_equal_words_is_one_query_and_only_if_asked(
    topic, django_assert_num_queries
):
    row = submit(topic, SAME)
    with django_assert_num_queries(0):
        facts = flags.Facts(row)
        assert facts["same_person"] is False
    with django_assert_num_queries(1):
        assert facts["same_words"] == 0
        assert facts.get("same_words") == 0
    assert "other" not in facts
    short = flags.Facts(submit(topic, "نعم"))
    with django_assert_num_queries(0):
        assert short["same_words"] == 0


def test_a_file_is_flagged_row_by_row_as_single_ones_are(topic):
    texts = [MOBILE, "بلا شيء", f"{INSULT} {NUMBER}", SAME, SAME]
    rows = [each.participation for each in many(topic, texts)]
    assert [sorted(flag.rule for flag in flags.of(row)) for row in rows] == [
        ["personal_data"],
        [],
        ["courtesy", "personal_data"],
        ["once"],
        ["once"],
    ]


def test_a_file_costs_the_same_queries_for_any_number_of_rows(
    topic, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for start, number in ((0, 5), (100, 50)):
        with CaptureQueriesContext(connection) as made:
            many(topic, [f"{MOBILE} {start + n}" for n in range(number)], start)
        counts.append(
            [each["sql"] for each in made if "participation_flag" in each["sql"]]
        )
    few, more = ([each for each in one if "flag" in each] for one in counts)
    assert len(few) == len(more)


def test_looking_again_replaces_the_flags_of_the_wording_that_counts(topic):
    row = make_waiting(topic, text=MOBILE)
    assert flags.of(row) == []
    flags.refresh(row)
    flags.refresh(row)
    assert len(flags.of(row)) == 1


def test_a_text_with_thousands_of_findings_keeps_the_first_of_them(topic, monkeypatch):
    monkeypatch.setattr(flags, "MOST", 10)
    row = make_waiting(topic, text=" ".join([NUMBER] * 800))
    assert len(flags.refresh(row)) == 10


def test_rows_are_found_by_the_rule_of_their_current_wording(topic):
    flagged = submit(topic, MOBILE)
    changed = submit(topic, f"{MOBILE} مساءً")
    with clock.rehearse(DURING):
        amend(changed, Changes(text="بلا شيء هنا", language="ar"))
    submit(topic, f"هذا {INSULT}")
    rows = flags.with_rule(Participation.objects.waiting(), "personal_data")
    assert list(rows) == [flagged]
    assert flags.rules_among(Participation.objects.order_by("pk"))[flagged.pk] == [
        "personal_data"
    ]


def test_the_command_looks_at_what_waits_and_at_nothing_else(topic):
    waiting = make_waiting(topic, text=MOBILE)
    decided = make_waiting(topic, text=MOBILE, state=State.PUBLISHED)
    out = StringIO()
    with translation.override("en"):
        call_command("eparticipation_flag", stdout=out)
    assert "Looked at 1 participations again." in out.getvalue()
    assert len(flags.of(waiting)) == 1
    assert flags.of(decided) == []
    call_command("eparticipation_flag", "--all", stdout=out)
    assert len(flags.of(decided)) == 1


def test_the_command_takes_one_topic_and_says_when_there_is_none(topic):
    here, other = make_waiting(topic, text=MOBILE), make_waiting(text=MOBILE)
    call_command("eparticipation_flag", reference=topic.reference, stdout=StringIO())
    assert len(flags.of(here)) == 1
    assert flags.of(other) == []
    with pytest.raises(CommandError, match="T-none"):
        call_command("eparticipation_flag", reference="T-none")


def test_many_are_looked_at_in_parts_and_progress_is_told(topic):
    for number in range(7):
        make_waiting(topic, text=f"{MOBILE} {number}")
    parts = list(flags.refresh_all(Participation.objects.waiting(), size=3))
    assert parts == [3, 3, 1]
    assert Flag.objects.count() == 7
    list(flags.refresh_all(Participation.objects.waiting(), size=3))
    assert Flag.objects.count() == 7


def test_a_correction_by_staff_is_flagged_though_it_waits_as_before(topic):
    from wagtail_eparticipation import signals

    row = make_waiting(topic, text="نص")
    row.text, row.revision = MOBILE, 2
    row.save()
    signals.participation_corrected.send(
        sender=Participation, participation=row, now=DURING
    )
    assert len(flags.of(row)) == 1


def test_a_topic_without_a_policy_of_its_own_is_flagged_too():
    assert len(flags.of(submit(make_consultation(), MOBILE))) == 1
