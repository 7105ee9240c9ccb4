"""A site that lacks a piece is told which, and how to mend it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.conf import settings as site_settings
from django.contrib.auth.models import Group
from django.contrib.sites.models import Site
from django.core.checks import run_checks
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.test import modify_settings, override_settings
from django.urls import path
from wagtail.models import Locale, Workflow

from tests.factories import make_consultation
from wagtail_eparticipation import checks, setting_checks
from wagtail_eparticipation.calendars.models import WorkingCalendar
from wagtail_eparticipation.conf import DEFAULTS
from wagtail_eparticipation.participations import proof
from wagtail_eparticipation.participations.checks import (
    check_login_page,
    check_scanner,
)
from wagtail_eparticipation.private_files import served_folder

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "tests" / "moderation" / "advisers" / "reference.txt"
urlpatterns = [path("elsewhere/", lambda request: None)]


def ids(messages):
    return [message.id.removeprefix("wagtail_eparticipation.") for message in messages]


def test_the_test_site_has_everything():
    found = [m for m in run_checks() if m.id.startswith("wagtail_eparticipation.")]
    assert found == []


@pytest.mark.parametrize("name", checks.REQUIRED_APPS)
def test_a_missing_app_is_named_with_its_line(name, monkeypatch):
    installed = apps.is_installed
    monkeypatch.setattr(
        checks.apps, "is_installed", lambda app: app != name and installed(app)
    )
    (message,) = checks.check_installed_apps(None)
    assert ids([message]) == ["E001"]
    assert name in message.msg
    assert f'"{name}",' in message.hint


def test_a_site_without_the_comments_apps_stops_with_the_lines_to_add():
    """The models cannot load there, so no check would ever run."""
    lacking = ("django_comments_xtd", "django_comments", "django.contrib.sites")
    left = [app for app in site_settings.INSTALLED_APPS if app not in lacking]
    script = (
        "import django; from django.conf import settings; "
        f"settings.configure(INSTALLED_APPS={left!r}, "
        "DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3'}}); "
        "django.setup()"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT
    )
    assert run.returncode != 0
    last_words = run.stderr[run.stderr.index("ImproperlyConfigured") :]
    for app in lacking:
        assert f'Add the line "{app}", to INSTALLED_APPS.' in last_words


@pytest.mark.parametrize(
    ("value", "expected"), [(1, []), (None, ["E002"]), ("1", ["E002"])]
)
def test_the_site_id_must_be_a_number(value, expected):
    with override_settings(SITE_ID=value):
        assert ids(checks.check_site_id(None)) == expected


def test_addresses_that_are_not_included_are_missed():
    assert checks.check_urls(None) == []
    with override_settings(ROOT_URLCONF=__name__):
        (message,) = checks.check_urls(None)
    assert ids([message]) == ["E003"]
    assert 'include("wagtail_eparticipation.urls")' in message.hint


GOOD_KEY = Fernet.generate_key().decode()


WEBHOOK = "wagtail_eparticipation.replies.webhook_service.WebhookService"
HOOK = {"url": "https://940.example/in", "secret": "a-secret-of-enough-characters"}


def service_of(kind, **options):
    room = "wagtail_eparticipation.replies.complaint_services"
    return {"BACKEND": f"{room}.{kind}Service", "OPTIONS": options}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("TIME_ZONE", "Europe/Madrid", []),
        ("TIME_ZONE", "Asia/Qassim", ["E004"]),
        ("TIME_ZONE", "../etc", ["E004"]),
        ("TIME_ZONE", None, ["E004"]),
        ("SANITIZER", "wagtail_eparticipation.sanitize.nh3_cleaner", []),
        ("SANITIZER", "wagtail_eparticipation.sanitize.absent", ["E004"]),
        ("SANITIZER", "nowhere", ["E004"]),
        ("SANITIZER", "wagtail_eparticipation.conf.DEFAULTS", ["E004"]),
        ("ARCHIVE_STORAGE", "default", []),
        ("ARCHIVE_STORAGE", "vault", ["E004"]),
        ("PRIVATE_STORAGE", "default", []),
        ("PRIVATE_STORAGE", "vault", ["E004"]),
        ("IDENTITY_KEYS", [GOOD_KEY], []),
        ("IDENTITY_KEYS", [GOOD_KEY, "short"], ["E004"]),
        ("IDENTITY_KEYS", [GOOD_KEY, None], ["E004"]),
        ("BASE_TEMPLATE", "wagtail_eparticipation/hosted.html", []),
        ("BASE_TEMPLATE", "nowhere.html", ["E004"]),
        ("BASE_TEMPLATE", None, ["E004"]),
        ("DISCUSSION_PAGE_SIZE", 50, []),
        ("DISCUSSION_PAGE_SIZE", 0, ["E004"]),
        ("DISCUSSION_PAGE_SIZE", "20", ["E004"]),
        ("PAGE_MAX_AGE", 0, []),
        ("PAGE_MAX_AGE", -5, ["E004"]),
        ("MAX_TEXT_LENGTH", "abc", ["E004"]),
        ("CLOSING_GRACE", -5, ["E004"]),
        ("CLOSING_GRACE", True, ["E004"]),
        ("CLOSING_GRACE", 600, []),
        ("CLOSING_GRACE", 601, ["E004"]),
        ("POLICY_PACK_DIRS", [Path(__file__).parent], []),
        ("POLICY_PACK_DIRS", "packs", ["E004"]),
        ("POLICY_PACK_DIRS", None, ["E004"]),
        ("POLICY_PACK_DIRS", [1], ["E004"]),
        ("POLICY_PACK", "neutral", []),
        ("POLICY_PACK", "nope", ["E004"]),
        ("POLICY_PACK", None, ["E004"]),
        ("COMPLAINT_SERVICE", {}, []),
        ("COMPLAINT_SERVICE", service_of("Url", url="https://940.example/"), []),
        ("COMPLAINT_SERVICE", service_of("Url", url="940"), ["E004"]),
        ("COMPLAINT_SERVICE", service_of("Email", address="a@b.example"), []),
        ("COMPLAINT_SERVICE", service_of("Email", address="nobody"), ["E004"]),
        ("COMPLAINT_SERVICE", service_of("Email"), ["E004"]),
        ("COMPLAINT_SERVICE", service_of("Email", wrong=1), ["E004"]),
        ("COMPLAINT_SERVICE", {"BACKEND": "nowhere"}, ["E004"]),
        ("COMPLAINT_SERVICE", {"BACKEND": "builtins.dict"}, ["E004"]),
        ("COMPLAINT_SERVICE", {"OPTIONS": {}}, ["E004"]),
        ("COMPLAINT_SERVICE", [], ["E004"]),
        ("COMPLAINT_SERVICE", {"BACKEND": WEBHOOK, "OPTIONS": HOOK}, []),
        (
            "COMPLAINT_SERVICE",
            {"BACKEND": WEBHOOK, "OPTIONS": {**HOOK, "url": "http://940.example/"}},
            ["E004"],
        ),
        (
            "COMPLAINT_SERVICE",
            {"BACKEND": WEBHOOK, "OPTIONS": {**HOOK, "secret": "short"}},
            ["E004"],
        ),
        ("SANITIZER", print, ["E004"]),
        ("SANITIZER", None, ["E004"]),
        ("IDENTITY_KEYS", None, ["E004"]),
        ("BASE_TEMPLATE", "", ["E004"]),
        ("ARCHIVE_STORAGE", ["default"], ["E004"]),
        ("POLICY_PACK_DIRS", ["/nowhere/packs"], ["E004"]),
        ("LIMITS", {"send": {"burst": (10, 60), "sustained": None}}, []),
        ("LIMITS", {"agree": {"holder": [10, 60]}}, []),
        ("LIMITS", [], ["E004"]),
        ("LIMITS", {"sending": {}}, ["E004"]),
        ("LIMITS", {"send": (10, 60)}, ["E004"]),
        ("LIMITS", {"send": {"burts": (10, 60)}}, ["E004"]),
        ("LIMITS", {"send": {"burst": None}}, ["E004"]),
        ("LIMITS", {"send": {"burst": (0, 60)}}, ["E004"]),
        ("LIMITS", {"send": {"burst": (10, "60")}}, ["E004"]),
        ("LIMITS", {"send": {"burst": (10,)}}, ["E004"]),
        ("MINIMUM_FORM_SECONDS", 0, []),
        ("MINIMUM_FORM_SECONDS", -1, ["E004"]),
        ("PROOF_OF_WORK", "off", []),
        ("PROOF_OF_WORK", "sometimes", ["E004"]),
        ("PROOF_OF_WORK", True, ["E004"]),
        ("PROOF_OF_WORK_NUMBER", 10, ["E004"]),
        ("INCIDENT_GAP_MINUTES", 0, ["E004"]),
        ("TELEPHONE_REGION", "AE", []),
        ("TELEPHONE_REGION", "ae", ["E004"]),
        ("TELEPHONE_REGION", None, ["E004"]),
        ("REFERENCE_TEXT", str(REFERENCE), []),
        ("REFERENCE_TEXT", str(ROOT / "README.md"), ["E004"]),
        ("REFERENCE_TEXT", "/nowhere/text.txt", ["E004"]),
        ("REFERENCE_TEXT", 5, ["E004"]),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name, value, expected):
    with override_settings(WAGTAIL_EPARTICIPATION={name: value}):
        messages = checks.check_setting_values(None)
    assert ids(messages) == expected
    assert all(name in message.msg and message.hint for message in messages)


def test_a_proof_of_work_without_its_extra_says_what_to_install(monkeypatch):
    monkeypatch.setattr(proof, "is_installed", lambda: False)
    with override_settings(WAGTAIL_EPARTICIPATION={"PROOF_OF_WORK": "always"}):
        (message,) = checks.check_setting_values(None)
    assert message.hint == "pip install 'wagtail-eparticipation[altcha]'"


@pytest.mark.parametrize(
    ("model", "expected"), [("wagtailcore.Page", []), ("home.BasePage", ["E005"])]
)
def test_a_swapped_page_model_is_refused_plainly(model, expected):
    with override_settings(WAGTAIL_PAGE_MODEL=model):
        assert ids(checks.check_page_model(None)) == expected


LOCALE = "django.middleware.locale.LocaleMiddleware"


def test_several_languages_need_the_locale_middleware():
    assert checks.check_locale_middleware(None) == []
    with modify_settings(MIDDLEWARE={"remove": LOCALE}):
        assert ids(checks.check_locale_middleware(None)) == ["W001"]


def test_one_language_needs_no_locale_middleware():
    with (
        modify_settings(MIDDLEWARE={"remove": LOCALE}),
        override_settings(WAGTAIL_CONTENT_LANGUAGES=[("ar", "Arabic")]),
    ):
        assert checks.check_locale_middleware(None) == []


def test_a_subclass_of_the_locale_middleware_will_do():
    own = f"{__name__}.OwnLocaleMiddleware"
    with modify_settings(MIDDLEWARE={"remove": LOCALE, "prepend": own}):
        assert checks.check_locale_middleware(None) == []


class OwnLocaleMiddleware(checks.import_string(LOCALE)):
    pass


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        (set(), []),
        ({"wagtail_localize"}, ["W002"]),
        ({"wagtail_localize.locales"}, ["W002"]),
        ({"wagtail_localize", "wagtail_localize.locales"}, []),
    ],
)
def test_half_of_the_translation_apps_is_not_enough(present, expected, monkeypatch):
    monkeypatch.setattr(checks.apps, "is_installed", lambda app: app in present)
    assert ids(checks.check_translations(None)) == expected


@pytest.mark.django_db
def test_a_site_without_a_policy_is_told_the_command():
    (message,) = checks.check_policy_installed(None, databases=["default"])
    assert ids([message]) == ["W003"]
    assert "eparticipation_setup --policy qassim" in message.hint


def test_before_the_first_migrate_the_policy_is_not_missed(monkeypatch):
    monkeypatch.setattr(checks, "_has_table", lambda alias, model: False)
    assert checks.check_policy_installed(None, databases=["default"]) == []


def test_without_a_database_the_policy_is_not_asked_for():
    assert checks.check_policy_installed(None, databases=None) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mode", "login", "expected"),
    [
        ("signed_in", "/accounts/login/", ["W008"]),
        ("signed_in", "no-such-name", ["W008"]),
        ("signed_in", "", ["W008"]),
        ("signed_in", "/ar/nowhere/", ["W008"]),
        ("signed_in", "/admin/login/?from=topic", []),
        ("signed_in", "wagtailadmin_login", []),
        ("signed_in", "/_util/login/", []),
        ("signed_in", "https://id.city.example/", []),
        ("email", "/accounts/login/", []),
        ("anonymous", "/accounts/login/", []),
    ],
)
def test_a_login_is_missed_once_a_topic_asks_for_an_account(mode, login, expected):
    make_consultation(identity_mode=mode)
    with override_settings(LOGIN_URL=login):
        found = check_login_page(None, databases=["default"])
    assert ids(found) == expected


@pytest.mark.parametrize(("keys", "expected"), [([], ["W004"]), ([GOOD_KEY], [])])
def test_production_wants_keys_of_its_own(keys, expected):
    with override_settings(WAGTAIL_EPARTICIPATION={"IDENTITY_KEYS": keys}):
        assert ids(checks.check_identity_keys(None)) == expected
        deployed = ids(
            m for m in run_checks(include_deployment_checks=True) if "eparti" in m.id
        )
        assert deployed == expected


def test_a_misspelt_setting_is_named_with_the_likely_one():
    with override_settings(WAGTAIL_EPARTICIPATION={"MAX_TEXT_LENGHT": 5, "ZZZ": 1}):
        likely, unknown = checks.check_setting_names(None)
    assert ids([likely, unknown]) == ["W005", "W005"]
    assert likely.hint == "Did you mean MAX_TEXT_LENGTH?"
    assert "settings.md" in unknown.hint


def test_every_check_is_in_the_reference():
    page = (ROOT / "docs" / "reference" / "checks.md").read_text()
    sources = [
        source.read_text()
        for source in (ROOT / "wagtail_eparticipation").rglob("*.py")
        if source.name in ("checks.py", "registers.py")
    ]
    used = set(
        re.findall(
            r"(?:\{PREFIX\}|wagtail_eparticipation)\.([EW]\d{3})", "".join(sources)
        )
    )
    assert len(used) >= 10
    assert used <= set(re.findall(r"`wagtail_eparticipation\.([EW]\d{3})`", page))


def setup_messages():
    from wagtail_eparticipation.consultations.checks import check_setup

    return [message.msg for message in check_setup(None, databases=["default"])]


@pytest.mark.django_db
def test_what_the_setup_makes_is_missed_piece_by_piece(without_pages):
    Locale.objects.get_or_create(language_code="ar")
    call_command("eparticipation_setup", verbosity=0)
    Site.objects.get_or_create(pk=site_settings.SITE_ID)
    assert setup_messages() == []
    Group.objects.filter(name="Analysts").delete()
    Group.objects.get(name="Reply desk").permissions.clear()
    Workflow.objects.all().delete()
    WorkingCalendar.objects.update(is_default=False)
    Locale.objects.filter(language_code="en").delete()
    Site.objects.all().delete()
    assert [message.split("“")[0].strip() for message in setup_messages()] == [
        "The group",
        "Every permission of the group",
        "The workflow of requests for participation is missing.",
        "The workflow of decisions is missing.",
        "The default working calendar is missing.",
        "The language",
        "The row of django.contrib.sites with the id 1, as SITE_ID says is missing.",
    ]


@override_settings(USE_TZ=False)
def test_a_site_without_time_zones_is_told():
    assert ids(checks.check_time_zones(None)) == ["E008"]


def test_addresses_behind_wagtails_own_pattern_are_missed():
    with override_settings(ROOT_URLCONF="tests.hidden_urls"):
        assert ids(checks.check_urls(None)) == ["E003"]


def test_a_locale_middleware_after_the_common_one_is_named():
    locale = "django.middleware.locale.LocaleMiddleware"
    others = [name for name in site_settings.MIDDLEWARE if name != locale]
    with override_settings(MIDDLEWARE=[*others, locale]):
        assert ids(checks.check_locale_middleware(None)) == ["W001"]


def test_keys_given_as_one_text_are_one_mistake():
    settings = {"IDENTITY_KEYS": Fernet.generate_key().decode()}
    with override_settings(WAGTAIL_EPARTICIPATION=settings):
        assert ids(checks.check_setting_values(None)) == ["E004"]


def test_every_setting_has_a_check():
    assert set(setting_checks._CHECKS) == set(DEFAULTS)


def test_private_files_that_would_be_served_are_named(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    assert checks.check_private_files(None) == []
    inside = FileSystemStorage(location=str(tmp_path / "media" / "private"))
    assert served_folder(inside)
    assert not served_folder(FileSystemStorage(location=str(tmp_path / "else")))
    with override_settings(WAGTAIL_EPARTICIPATION={"PRIVATE_STORAGE": "default"}):
        assert ids(checks.check_private_files(None)) == ["W007"]


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ([], "dictionary"),
        ({"MAX_FILE": 1}, "MAX_FILE"),
        ({"MAX_FILES": -1}, "MAX_FILES"),
        ({"MAX_BYTES": "10 MB"}, "MAX_BYTES"),
        ({"TYPES": "image/png"}, "TYPES"),
        ({"TYPES": ["image/svg+xml"]}, "svg"),
        ({"UNSCANNED": "yes"}, "UNSCANNED"),
    ],
)
def test_limits_of_files_that_cannot_be_used_are_named(value, word):
    with override_settings(WAGTAIL_EPARTICIPATION={"ATTACHMENTS": value}):
        (message,) = checks.check_setting_values(None)
    assert ids([message]) == ["E004"]
    assert word in message.msg


@pytest.mark.parametrize(
    "value",
    [
        "clamav",
        {"BACKEND": "no.such.scanner"},
        {"BACKEND": "wagtail_eparticipation.participations.clamav.ClamAV"},
        {"BACKEND": "wagtail_eparticipation.participations.clamav.Verdict"},
    ],
)
def test_a_scanner_that_cannot_be_used_is_named(value):
    with override_settings(WAGTAIL_EPARTICIPATION={"ATTACHMENT_SCANNER": value}):
        (message,) = checks.check_setting_values(None)
    assert ids([message]) == ["E004"]
    assert "ATTACHMENT_SCANNER" in message.msg


def test_files_taken_unsearched_are_warned_of_at_deployment():
    scanner = {
        "BACKEND": "wagtail_eparticipation.participations.clamav.ClamAV",
        "OPTIONS": {"socket": "/run/clamav/clamd.ctl"},
    }
    unscanned = {"ATTACHMENTS": {"UNSCANNED": True}}
    with override_settings(WAGTAIL_EPARTICIPATION=unscanned):
        assert ids(check_scanner(None)) == ["W009"]
    for harmless in ({}, {**unscanned, "ATTACHMENT_SCANNER": scanner}):
        with override_settings(WAGTAIL_EPARTICIPATION=harmless):
            assert check_scanner(None) == []
            assert checks.check_setting_values(None) == []
