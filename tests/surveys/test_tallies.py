"""Kept counts are always what a count of all answers gives."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.factories import CLOSES, DURING, make_user
from tests.factories_pages import every_channel, make_consultation_page
from tests.moderation.makers import SIMPLE, make_moderator
from tests.moderation.test_destruction import destroyed
from tests.moderation.test_objections import decide_anew, objected
from tests.participations.batches_made import make_moderator as make_clerk
from tests.surveys.counting import (
    LATER,
    from_nothing,
    is_kept,
    keep_all,
    read,
    without_empty,
)
from tests.surveys.makers import (
    REST,
    SAILS,
    SHADE,
    SPORT,
    TREES,
    USES,
    WORDS,
    in_english,
    make_survey,
    respond,
)
from tests.surveys.poll_makers import TREES as VOTED
from tests.surveys.poll_makers import cast
from tests.surveys.poll_makers import make_topic as make_polls
from tests.surveys.test_importing import file_of, imported
from wagtail_eparticipation import clock
from wagtail_eparticipation.consultations.audience_modes import IdentityMode
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.moderation.decide import decide
from wagtail_eparticipation.moderation.decide_many import Seen, decide_many
from wagtail_eparticipation.moderation.models import Outcome
from wagtail_eparticipation.participations import batch_course, late_box, matching
from wagtail_eparticipation.participations.amending import Changes, amend
from wagtail_eparticipation.participations.confirming import confirm
from wagtail_eparticipation.participations.correcting import correct
from wagtail_eparticipation.participations.matches import PersonMatch
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.participations.persons import Standing
from wagtail_eparticipation.participations.withdrawal import withdraw
from wagtail_eparticipation.policy.install import install_pack
from wagtail_eparticipation.surveys import keeping, polls, recounting
from wagtail_eparticipation.surveys.answers import keep_answers
from wagtail_eparticipation.surveys.forms import Answer
from wagtail_eparticipation.surveys.models import (
    SurveyRecount,
    SurveyResponse,
    SurveyTally,
)
from wagtail_eparticipation.surveys.poll_results import results_of
from wagtail_eparticipation.surveys.results import results
from wagtail_eparticipation.surveys.tallies import STRETCH

pytestmark = pytest.mark.django_db

AGES = "77777777-0000-4000-8000-000000000001"
ORDER = "77777777-0000-4000-8000-000000000002"


@pytest.fixture(autouse=True)
def during(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    with clock.rehearse(DURING):
        yield


@pytest.fixture
def survey():
    policy, _created = install_pack("qassim")
    topic = make_consultation_page(channels=every_channel())
    Consultation.objects.filter(pk=topic.consultation_id).update(policy_version=policy)
    made = make_survey(topic=topic)
    for number in range(3):
        respond(made, *everything(number), capacity="citizen")
    respond(in_english(made), Answer(SHADE, SAILS), channel="counter")
    return made


def everything(number=1):
    return [
        Answer(SHADE, TREES),
        Answer(USES, SPORT),
        Answer(USES, REST),
        Answer(WORDS, text="مقاعد"),
        Answer(AGES, text=str(30 + number), number=Decimal(30 + number)),
        Answer(ORDER, SPORT, number=Decimal(1)),
        Answer(ORDER, REST, number=Decimal(2)),
    ]


def move(response, pk):
    """Give a response another id; its answers go."""
    response.answers.all().delete()
    SurveyResponse.objects.filter(pk=response.pk).update(id=pk)


def first_of(survey):
    responses = SurveyResponse.objects.filter(survey_key=survey.translation_key)
    return responses.order_by("id").first().participation


def identified(survey):
    """The same survey where an address must be confirmed."""
    Consultation.objects.update(identity_mode=IdentityMode.EMAIL)
    return type(survey).objects.get(pk=survey.pk)


class TestKeeping:
    def test_what_is_kept_is_what_is_counted(self, survey, monkeypatch):
        key = survey.translation_key
        before = from_nothing(key)
        assert keep_all(monkeypatch) == 1

        assert is_kept(key)
        assert read(key) == before
        assert before["language"]["en"]["responses"] == 1
        assert before["channel"]["counter"]["questions"][SHADE]["options"] == {SAILS: 1}
        assert before[""][""]["questions"][AGES]["values"] == {
            "30": 1,
            "31": 1,
            "32": 1,
        }
        assert before[""][""]["questions"][ORDER]["places"][REST] == {"2": 3}

    def test_what_is_kept_is_read_and_not_counted(self, survey, monkeypatch):
        keep_all(monkeypatch)
        SurveyTally.objects.filter(dimension="").update(
            counts={"": {"responses": 7, "questions": {}}}
        )

        assert read(survey.translation_key)[""][""]["responses"] == 7

    def test_later_responses_are_added_to_what_is_kept(self, survey, monkeypatch):
        keep_all(monkeypatch)
        respond(survey, *everything())

        key = survey.translation_key
        assert read(key) == from_nothing(key)
        assert read(key)[""][""]["responses"] == 5

    def test_nothing_younger_than_a_quarter_of_an_hour_is_kept(
        self, survey, monkeypatch
    ):
        young = DURING + keeping.QUIET - timedelta(seconds=1)

        assert keep_all(monkeypatch, young) == 0
        assert keep_all(monkeypatch, young + timedelta(seconds=1)) == 1

    def test_an_id_that_may_still_be_written_is_not_passed_over(self, survey):
        last = SurveyResponse.objects.latest("id").pk
        with clock.rehearse(LATER):
            young = respond(survey).participation.survey_response
        # As if somebody were still writing the ones before it.
        move(young, last + 5)

        assert keeping.last_quiet(LATER) == last

    def test_few_new_ones_are_not_worth_keeping(self, survey):
        assert keeping.keep_counts(LATER) == 0

    def test_a_full_stretch_is_kept_however_few_are_in_it(self, survey):
        following = SurveyResponse.objects.latest("id").pk // STRETCH + 1
        move(respond(survey).participation.survey_response, following * STRETCH + 3)

        assert keeping.keep_counts(LATER) == 1
        assert SurveyTally.objects.get(dimension="").upto == following * STRETCH
        key = survey.translation_key
        assert read(key)[""][""]["responses"] == 5

    def test_running_again_does_nothing(self, survey, monkeypatch):
        assert keep_all(monkeypatch) == 1
        kept = list(SurveyTally.objects.values())

        assert keep_all(monkeypatch) == 0
        assert list(SurveyTally.objects.values()) == kept

    def test_a_run_is_bounded(self, survey, monkeypatch):
        other = make_survey(languages=("ar",))
        respond(other)
        monkeypatch.setattr(keeping, "WORTH", 1)

        assert keeping.keep_counts(LATER, at_most=1) == 1
        assert keeping.keep_counts(LATER, at_most=1) == 1
        assert keeping.keep_counts(LATER, at_most=1) == 0

    def test_an_act_during_the_count_leaves_the_stretch_to_be_counted_again(
        self, survey, monkeypatch
    ):
        row = first_of(survey)
        count = keeping.count

        def interrupted(*args, **kwargs):
            found = count(*args, **kwargs)
            withdraw(row)
            return found

        monkeypatch.setattr(keeping, "count", interrupted)
        keep_all(monkeypatch)

        key = survey.translation_key
        assert without_empty(read(key)) == from_nothing(key)

    def test_of_two_workers_the_slower_one_keeps_nothing(self, survey, monkeypatch):
        keep_all(monkeypatch)
        withdraw(first_of(survey))
        (due,) = keeping.due(LATER)
        count = keeping.count

        def overtaken(*args, **kwargs):
            old = count(*args, **kwargs)
            monkeypatch.setattr(keeping, "count", count)
            row = SurveyResponse.objects.counted().earliest("id").participation
            withdraw(row)
            assert keeping.keep(due)
            return old

        monkeypatch.setattr(keeping, "count", overtaken)

        with transaction.atomic():
            assert not keeping.keep(due)
        key = survey.translation_key
        assert not SurveyRecount.objects.exists()
        assert read(key) == from_nothing(key)

    def test_polls_are_kept_and_counted_by_the_same(self, monkeypatch):
        page = make_polls()
        cast(page, VOTED, at=DURING)
        cast(page, VOTED, at=DURING)
        found = polls.polls_of(page)
        before = results_of(page.consultation, found, by_language=True)
        keep_all(monkeypatch)

        assert is_kept(found[0].key(page.consultation))
        assert results_of(page.consultation, found, by_language=True) == before

    def test_the_job_keeps_counts(self, survey, monkeypatch):
        monkeypatch.setattr(keeping, "WORTH", 1)
        told = StringIO()
        with clock.rehearse(LATER):
            call_command("eparticipation_tick", stdout=told)

        assert "1 stretches of responses counted" in told.getvalue()


class TestRepair:
    def test_a_wrong_count_is_named_and_put_right(self, survey, monkeypatch):
        keep_all(monkeypatch)
        call_command("eparticipation_recount", stdout=StringIO())
        SurveyTally.objects.filter(dimension="language").update(counts={})

        with pytest.raises(CommandError):
            call_command("eparticipation_recount", stderr=StringIO())
        told = StringIO()
        call_command(
            "eparticipation_recount", "--repair", stdout=told, stderr=StringIO()
        )
        key = survey.translation_key
        assert read(key) == from_nothing(key)
        call_command("eparticipation_recount", stdout=StringIO())

    def test_what_came_into_an_old_stretch_unseen_is_found(self, survey, monkeypatch):
        row = first_of(survey)
        Participation.objects.filter(pk=row.pk).update(state=State.LATE)
        keep_all(monkeypatch)
        Participation.objects.filter(pk=row.pk).update(state=State.RECEIVED)

        with pytest.raises(CommandError):
            call_command("eparticipation_recount", stderr=StringIO())


def by_withdrawing(survey, act):
    row = first_of(survey)
    return act(lambda: withdraw(row))


def by_refusing(survey, act):
    row = first_of(survey)
    return act(
        lambda: decide(
            row,
            "refuse",
            actor=make_moderator(),
            expected_state=row.state,
            reason_code=SIMPLE,
        )
    )


def by_upholding_an_objection(survey, act):
    row, _objection = objected(first_of(survey))
    other = make_moderator()
    return act(lambda: decide_anew(row, other, Outcome.KEEP_UNPUBLISHED))


def by_releasing_many(survey, act):
    row = first_of(survey)
    Participation.objects.filter(pk=row.pk).update(state=State.QUARANTINED)
    row.refresh_from_db()
    seen = [Seen.of(row)]
    return act(lambda: decide_many(seen, "keep_unpublished", actor=make_moderator()))


def by_releasing_from_quarantine(survey, act):
    row = first_of(survey)
    Participation.objects.filter(pk=row.pk).update(state=State.QUARANTINED)
    return act(
        lambda: decide(
            row,
            "keep_unpublished",
            actor=make_moderator(),
            expected_state=State.QUARANTINED,
        )
    )


def by_amending(survey, act):
    row = first_of(survey)

    def other_answers(locked):
        response = locked.survey_response
        response.answers.all().delete()
        keep_answers(response, [Answer(SHADE, SAILS)])
        return {"answers": []}

    changes = Changes(
        data=row.data,
        language="en",
        publication=row.publication,
        replace_rows=other_answers,
    )
    return act(lambda: amend(row, changes))


def by_correcting(survey, act):
    row = first_of(survey)
    changes = Changes(data=row.data, language="en", publication=row.publication)
    return act(
        lambda: correct(
            row,
            changes,
            made_at=row.made_at,
            window=row.consultation.window,
            now=DURING,
            actor=make_moderator(),
        )
    )


def by_correcting_the_date(survey, act):
    row = SurveyResponse.objects.latest("id").participation
    changes = Changes(data=row.data, language="ar", publication=row.publication)
    return act(
        lambda: correct(
            row,
            changes,
            made_at=CLOSES + timedelta(days=1),
            window=row.consultation.window,
            now=DURING,
            actor=make_moderator(),
        )
    )


def by_answering_again(survey, act):
    known = identified(survey)
    who = Standing("a" * 64)
    respond(known, *everything(), standing=who)
    return act(lambda: respond(known, Answer(SHADE, SAILS), standing=who))


def by_confirming(survey, act):
    known = identified(survey)
    row = respond(
        known, *everything(), standing=Standing("a" * 64, confirmed=False)
    ).participation
    return act(lambda: confirm(row))


def by_confirming_late(survey, act):
    known = identified(survey)
    who = "a" * 64
    respond(known, *everything(), standing=Standing(who, confirmed=True))
    row = respond(
        known, Answer(SHADE, SAILS), standing=Standing(who, confirmed=False)
    ).participation
    return act(lambda: confirm(row))


def by_admitting(survey, act):
    row = first_of(survey)
    Participation.objects.filter(pk=row.pk).update(state=State.LATE)
    chief = make_user(permissions=["authorise_act"])
    return act(lambda: late_box.admit(row, actor=chief, ground="عطل في الشبكة"))


def by_taking_an_import_back(survey, act):
    clerk = make_clerk()
    batch = imported(survey, clerk, file_of("أشجار,الرياضة,نص", "مظلات,الراحة,"))
    return act(lambda: batch_course.roll_back(batch, reason="خطأ", actor=clerk))


def by_merging(survey, act):
    clerk = make_clerk()
    imported(survey, clerk, file_of("أشجار,الرياضة,نص"))
    row = SurveyResponse.objects.latest("id").participation
    other = first_of(survey)
    Participation.objects.filter(pk__in=[row.pk, other.pk]).update(words_key="same")
    row.refresh_from_db()
    other.refresh_from_db()
    return act(lambda: matching.same_person(row, other, actor=clerk))


def by_undoing_a_merger(survey, act):
    by_merging(survey, lambda merge: merge())
    match = PersonMatch.objects.get()
    return act(lambda: matching.undo(match, actor=make_clerk()))


ACTS = [
    by_withdrawing,
    by_refusing,
    by_upholding_an_objection,
    by_releasing_many,
    by_releasing_from_quarantine,
    by_amending,
    by_correcting,
    by_correcting_the_date,
    by_answering_again,
    by_confirming,
    by_confirming_late,
    by_admitting,
    by_taking_an_import_back,
    by_merging,
    by_undoing_a_merger,
]


@pytest.mark.parametrize("way", ACTS, ids=lambda way: way.__name__)
def test_an_act_changes_the_counts_at_once(survey, monkeypatch, way):
    key = survey.translation_key
    seen = {}

    def act(do):
        with clock.rehearse(DURING):
            keep_all(monkeypatch, LATER + timedelta(days=60))
        seen["before"] = read(key)
        assert seen["before"] == from_nothing(key)
        do()

    way(survey, act)

    now = from_nothing(key)
    assert now != seen["before"]
    assert without_empty(read(key)) == now
    keep_all(monkeypatch, LATER + timedelta(days=60))
    assert not SurveyRecount.objects.filter(survey_key=key).exists()
    assert read(key) == now


def test_destroying_what_was_written_leaves_every_count(survey, monkeypatch):
    key = survey.translation_key
    keep_all(monkeypatch)
    before = read(key)
    destroyed(first_of(survey))

    assert read(key) == from_nothing(key) == before


def test_deciding_about_what_counts_before_and_after_leaves_what_is_kept(
    survey, monkeypatch
):
    row = first_of(survey)
    keep_all(monkeypatch)
    decide(row, "keep_unpublished", actor=make_moderator(), expected_state=row.state)

    assert not SurveyRecount.objects.exists()


def test_acts_on_other_participations_ask_nothing_of_surveys():
    with CaptureQueriesContext(connection) as captured:
        recounting.count_again(Participation(tool="comment", pk=1))

    assert not captured


def test_reading_costs_two_queries_kept_or_not(
    survey, monkeypatch, django_assert_num_queries
):
    questions = survey.questions_list()
    for _turn in range(2):
        with django_assert_num_queries(2):
            results(survey.translation_key, questions, split="channel")
        keep_all(monkeypatch)
