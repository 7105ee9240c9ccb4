"""That a form says beforehand which name will be shown."""

import pytest

from tests.factories_pages import translation_of
from tests.participations.sending import ask, fill, send, token_of
from wagtail_eparticipation.participations.models import Participation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "by_the_name", "by_the_organisation"),
    [
        ("ar", "فإن ذكرت جهة أدناه عُرض اسمها بدلاً منه", "فهذا هو الاسم المعروض"),
        ("en", "its name is shown instead", "this one is shown and not your own"),
    ],
)
def test_the_form_says_that_an_organisations_name_is_shown_instead(
    client, page, language, by_the_name, by_the_organisation
):
    each = page if language == "ar" else translation_of(page)
    response = ask(client, each)
    assert by_the_name in response.content.decode()
    assert by_the_organisation in response.content.decode()
    typed = fill(
        token_of(response),
        publication="with_name",
        name="سارة",
        capacity="business",
        organisation="مقهى الواحة",
    )
    send(client, page, typed, language=language)
    assert Participation.objects.get().public_name == "مقهى الواحة"
