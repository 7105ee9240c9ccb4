"""wagtail-localize: words are translated, facts follow, and review is not bypassed."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.html import strip_tags
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from tests.consultations.makers import BEFORE_OPENING
from tests.consultations.makers_pages import drafted, people, prepared_site
from tests.factories import make_user
from tests.factories_pages import TEXTS, make_consultation_page, translation_of
from wagtail_eparticipation import clock, translation
from wagtail_eparticipation.consultations.completeness import missing_items
from wagtail_eparticipation.consultations.pages import ConsultationPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def before_opening(migrations_table):
    with clock.rehearse(BEFORE_OPENING):
        yield


@pytest.fixture
def staff():
    prepared_site()
    return people()


def synced(page):
    """A running translation into English, with nothing translated yet."""
    source, _created = TranslationSource.update_or_create_from_instance(page)
    made = Translation.objects.create(
        source=source, target_locale=Locale.objects.get(language_code="en")
    )
    made.save_target(publish=False)
    return made


def translate(made, leaving_out=()):
    """Translate each text by its English wording in the factory."""
    words = {_letters(TEXTS["ar"][key]): TEXTS["en"][key] for key in TEXTS["ar"]}
    for segment in made.source.stringsegment_set.select_related("string", "context"):
        text = segment.string.data
        if text not in leaving_out:
            StringTranslation.objects.create(
                translation_of=segment.string,
                context=segment.context,
                locale=made.target_locale,
                data=strip_tags(words.get(_letters(text), text)),
            )


def _letters(text):
    """A text without its line ends and tags, which wagtail-localize writes its way."""
    return "".join(strip_tags(text).split())


def submit_url(page):
    return reverse("eparticipation_admin:submit_translation", args=[page.pk])


def test_a_translation_shares_the_process_and_its_facts():
    page = drafted(languages=("ar",))
    synced(page)
    english = translation_of(page)
    assert english.consultation_id == page.consultation_id
    assert english.period() == page.period()
    assert english.department == page.department
    assert english.tools == page.tools


def test_subjects_survive_another_synchronisation():
    page = drafted(languages=("ar",))
    made = synced(page)
    made.source.update_from_db()
    made.save_target(publish=False)
    draft = translation_of(page).get_latest_revision_as_object()
    assert [link.subject for link in draft.subject_links.all()] == [
        link.subject for link in page.subject_links.all()
    ]


def test_facts_are_not_offered_to_translators():
    page = drafted(languages=("ar",))
    made = synced(page)
    offered = {
        segment.context.path.split(".")[0]
        for segment in made.source.stringsegment_set.select_related("context")
    }
    assert {"title", "question", "objectives", "audience"} <= offered
    assert not offered & {"kind", "opens_on", "department", "project_reference"}
    paths = made.source.overridablesegment_set.values_list("context__path", flat=True)
    assert not any(path.startswith("project") for path in paths)


def test_segments_of_the_public_need_no_translation_of_their_own():
    page = drafted(languages=("ar",))
    made = synced(page)
    assert not made.source.relatedobjectsegment_set.exists()
    shown = translation_of(page).get_latest_revision_as_object()
    assert shown.audience[0].value["segment"] == page.audience[0].value["segment"]


def test_block_ids_stay_the_same_in_every_language():
    page = drafted(languages=("ar",))
    translate(synced(page))
    Translation.objects.get().save_target(publish=False)
    draft = translation_of(page).get_latest_revision_as_object()
    assert [b.id for b in draft.objectives] == [b.id for b in page.objectives]


def test_an_untranslated_text_is_missing():
    page = drafted(languages=("ar",))
    synced(page)
    draft = translation_of(page).get_latest_revision_as_object()
    assert any("question" in str(item) for item in missing_items(draft))


def test_the_button_submits_a_complete_translation(staff, client):
    page = drafted(languages=("ar",))
    translate(synced(page))
    english = translation_of(page)
    client.force_login(staff["editor"])
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    shown = client.post(submit_url(english), follow=True).content.decode()
    english.refresh_from_db()
    assert "was submitted to" in shown
    assert english.workflow_in_progress
    assert english.current_workflow_state.requested_by == staff["editor"]
    draft = english.get_latest_revision_as_object()
    assert draft.question == TEXTS["en"]["question"]


def test_a_half_translation_is_not_submitted_and_the_gap_is_named(staff, client):
    page = drafted(languages=("ar",))
    translate(synced(page), leaving_out={page.question})
    english = translation_of(page)
    client.force_login(staff["editor"])
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    shown = client.post(submit_url(english), follow=True).content.decode()
    english.refresh_from_db()
    assert not english.workflow_in_progress
    assert "Translate “question in one sentence”" in shown


def test_the_button_stands_on_the_translation_only(staff, client):
    page = drafted()
    english = translation_of(page)
    client.force_login(staff["editor"])
    for each, expected in ((english, True), (page, False)):
        shown = client.get(
            reverse("wagtailadmin_explore", args=[each.get_parent().pk])
        ).content.decode()
        assert (submit_url(each) in shown) is expected


MATRIX = [
    ("editor", 200),
    ("reviewer", 200),
    ("decider", 302),
    ("stranger", 302),
    ("boss", 200),
    (None, 302),
]


@pytest.mark.parametrize(("name", "status"), MATRIX)
def test_who_may_submit_a_translation(name, status, staff, client):
    english = translation_of(drafted())
    make_user("stranger")
    make_user("boss", superuser=True)
    if name:
        client.force_login(get_user_model().objects.get(username=name))
    assert client.get(submit_url(english)).status_code == status


def test_a_translation_in_review_is_not_submitted_twice(staff, client):
    english = translation_of(drafted())
    english.get_workflow().start(english, staff["editor"])
    client.force_login(staff["editor"])
    assert client.post(submit_url(english)).status_code == 302
    assert english.workflow_states.count() == 1


def test_a_page_is_translated_without_wagtail_localize(monkeypatch):
    monkeypatch.setattr(translation, "is_installed", lambda: False)
    page = make_consultation_page()
    assert not hasattr(ConsultationPage, "translatable_fields")
    assert translation.progress_of(page) is None
    assert translation.save_draft(translation_of(page), None).title
