"""What stays: pages of published and closed topics, their hub, their words."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import reverse
from wagtail.models import Locale, Page

from tests.consultations.makers_pages import drafted
from tests.factories import CLOSES, make_user
from tests.factories_pages import (
    make_consultation_page,
    make_home,
    make_hub,
    translation_of,
)
from wagtail_eparticipation.consultations.locks import PageIsKept
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.pages import (
    ConsultationIndexPage,
    ConsultationPage,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(params=["closed", "archived"])
def sealed(request):
    return make_consultation_page(stage=request.param)


def test_a_closed_topic_takes_no_change(sealed):
    sealed.title = "أخرى"
    for change in (
        sealed.save,
        sealed.save_revision,
        sealed.unpublish,
        translation_of(sealed).unpublish,
        sealed.latest_revision.publish,
    ):
        with pytest.raises(PageIsKept), transaction.atomic():
            change()
    sealed.refresh_from_db()
    assert sealed.live


def test_a_closed_topic_is_not_deleted_with_its_hub(sealed):
    hub = sealed.get_parent()
    for page in (hub, sealed):
        with pytest.raises(PageIsKept), transaction.atomic():
            page.delete()
    assert ConsultationPage.objects.filter(pk=sealed.pk).exists()


def test_a_closed_topic_keeps_its_address(sealed):
    home = make_hub().get_parent()
    other = Page(title="أخرى", slug="other", locale=home.locale)
    home.add_child(instance=other)
    with pytest.raises(PageIsKept):
        make_hub().move(Page.objects.get(pk=other.pk), pos="last-child")


ADMIN_REFUSALS = ["delete", "unpublish", "move", "set_privacy"]


@pytest.mark.parametrize("view", ADMIN_REFUSALS)
def test_a_superuser_does_not_touch_a_closed_topic_in_the_admin(view, sealed, client):
    client.force_login(make_user("boss", superuser=True))
    client.post(reverse(f"wagtailadmin_pages:{view}", args=[sealed.pk]))
    sealed.refresh_from_db()
    assert sealed.live
    assert sealed.view_restrictions.count() == 0


def test_a_published_topic_is_neither_unpublished_nor_deleted():
    page = make_consultation_page()
    with pytest.raises(PageIsKept):
        page.unpublish()
    with pytest.raises(PageIsKept), transaction.atomic():
        page.delete()
    boss = make_user("boss", superuser=True)
    assert not page.permissions_for_user(boss).can_unpublish()
    assert not page.permissions_for_user(boss).can_delete()


def test_nobody_deletes_or_hides_the_hub_of_published_topics(client):
    hub = make_consultation_page().get_parent()
    boss = make_user("boss", superuser=True)
    client.force_login(boss)
    for page, view in ((hub, "unpublish"), (hub, "delete"), (make_home(), "delete")):
        url = reverse(f"wagtailadmin_pages:{view}", args=[page.pk])
        assert client.get(url).status_code == 302
        assert client.post(url).status_code == 302
        page.refresh_from_db()
        assert page.live


def test_the_hub_of_published_topics_neither_expires_nor_is_restricted():
    hub = make_consultation_page().get_parent().specific
    boss = make_user("boss", superuser=True)
    assert not hub.permissions_for_user(boss).can_set_view_restrictions()
    hub.expire_at = CLOSES
    with pytest.raises(ValidationError) as refusal:
        hub.full_clean()
    assert "expire_at" in refusal.value.message_dict
    with pytest.raises(PageIsKept), transaction.atomic():
        hub.unpublish()


@pytest.mark.usefixtures("sealed")
def test_another_hub_may_be_made_beside_that_of_closed_topics():
    hub = ConsultationIndexPage(title="Elsewhere", slug="elsewhere")
    hub.clean()


def test_pages_above_published_topics_are_not_deleted_in_bulk(client):
    home = make_consultation_page().get_parent().get_parent()
    client.force_login(make_user("boss", superuser=True))
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    answer = client.post(f"{url}?id={home.pk}", follow=True)
    assert "تندرج تحتها موضوعات منشورة" in answer.content.decode()
    assert Page.objects.filter(pk=home.pk).exists()


@pytest.fixture
def section():
    """A page between the home page and the hub of an archived topic."""
    topic = make_consultation_page()
    hub = Page.objects.get(pk=topic.get_parent().pk)
    section = Page(title="المدينة", slug="city", locale=hub.locale)
    hub.get_parent().add_child(instance=section)
    hub.move(section, pos="last-child")
    Consultation.objects.update(stored_stage="archived")
    return section


@pytest.mark.parametrize("name", ["section", "hub"])
def test_pages_above_closed_topics_keep_their_address(name, section, client):
    page = section if name == "section" else section.get_children().get().specific
    page.slug = "elsewhere"
    with pytest.raises(PageIsKept), transaction.atomic():
        page.save()


def test_the_slug_of_a_home_page_is_in_no_address(section):
    home = Page.objects.get(pk=section.get_parent().pk)
    home.slug = "elsewhere"
    home.save()
    assert section.get_children().get().url == "/ar/city/participation/"


def test_the_rest_of_a_form_with_another_slug_is_saved(section, client):
    hub = section.get_children().get()
    client.force_login(make_user("boss", superuser=True))
    form = {
        "title": "المشاركة",
        "slug": "elsewhere",
        "introduction": "شاركوا.",
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        "action-publish": "1",
    }
    url = reverse("wagtailadmin_pages:edit", args=[hub.pk])
    answer = client.post(url, form, follow=True)
    assert "تحتفظ" in answer.content.decode()
    hub.refresh_from_db()
    assert (hub.slug, hub.title) == ("participation", "المشاركة")


def test_an_alias_of_a_topic_stays_one(client):
    page = make_consultation_page()
    alias = page.create_alias(update_slug="shown-again", parent=page.get_parent())
    client.force_login(make_user("boss", superuser=True))
    client.post(reverse("wagtailadmin_pages:convert_alias", args=[alias.pk]))
    alias.refresh_from_db()
    assert alias.alias_of_id == page.pk


def test_an_alias_in_another_language_may_become_a_translation(client):
    page = make_consultation_page(languages=("ar",))
    english = Locale.objects.get(language_code="en")
    alias = page.copy_for_translation(english, alias=True)
    client.force_login(make_user("boss", superuser=True))
    client.post(reverse("wagtailadmin_pages:convert_alias", args=[alias.pk]))
    alias.refresh_from_db()
    assert alias.alias_of_id is None
    assert alias.consultation_id == page.consultation_id


def test_a_subject_stays_as_long_as_a_topic_has_it():
    page = make_consultation_page()
    link = page.subject_links.first()
    with pytest.raises(ProtectedError):
        link.subject.delete()


def test_the_hub_of_drafts_alone_may_be_deleted():
    hub = drafted().get_parent()
    assert hub.permissions_for_user(make_user(superuser=True)).can_delete()


def test_a_translation_may_be_taken_back(client):
    page = make_consultation_page()
    english = translation_of(page)
    english.unpublish(user=make_user("boss", superuser=True))
    assert client.get(english.url).status_code == 404
    assert client.get(page.url).status_code == 200


def test_a_draft_may_be_deleted_and_its_process_stays_on_record():
    page = drafted(languages=("ar",))
    page.delete()
    assert Consultation.objects.count() == 1


def test_a_topic_does_not_expire():
    page = make_consultation_page()
    page.expire_at = CLOSES
    with pytest.raises(ValidationError) as refusal:
        page.full_clean()
    assert "expire_at" in refusal.value.message_dict


def test_the_scheduler_takes_no_topic_off_the_site():
    page = make_consultation_page()
    with pytest.raises(PageIsKept), transaction.atomic():
        Page.objects.get(pk=page.pk).unpublish(set_expired=True)
    assert Page.objects.get(pk=page.pk).live


def test_nobody_publishes_a_change_or_restricts_readers_past_the_workflow():
    page = make_consultation_page()
    boss = page.permissions_for_user(make_user("boss", superuser=True))
    assert not boss.can_publish()
    assert not boss.can_set_view_restrictions()
    draft = make_consultation_page(stage="draft").permissions_for_user(boss.user)
    assert draft.can_publish()
    assert draft.can_set_view_restrictions()
