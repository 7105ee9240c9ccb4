"""Takes the pictures of the user guide anew, from a freshly loaded example.

Writes ``docs/_static/screenshots/NAME.png``. Names as arguments choose single ones.
The example lies in a folder of its own for that while; nothing of a demo is touched.
"""

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "_static" / "screenshots"
MANAGE = [sys.executable, str(ROOT / "example_site" / "manage.py")]
DESKTOP = (1280, 900)
TELEPHONE = (390, 844)


@dataclass(frozen=True)
class Shot:
    """One picture: who looks, at which address, in which language, how large."""

    name: str
    account: str
    address: Callable[[], str]
    language: str = "en"
    size: tuple[int, int] = DESKTOP


def topic(stage: str):
    """The example's first topic in this stage."""
    from wagtail_eparticipation.consultations.models import Consultation

    return next(
        each
        for each in Consultation.objects.order_by("pk")
        if each.stage().name.lower() == stage
    )


def admin(name: str, stage: str = "", *further) -> Callable[[], str]:
    from django.urls import reverse

    def address() -> str:
        arguments = [topic(stage).pk] if stage else []
        return reverse(f"eparticipation_admin:{name}", args=[*arguments, *further])

    return address


def public(stage: str, language: str, below: str = "") -> Callable[[], str]:
    return lambda: f"{topic(stage).page_in(language).get_url()}{below}"


def editor_of(stage: str) -> Callable[[], str]:
    from django.urls import reverse

    def address() -> str:
        page = topic(stage).pages.order_by("pk").first()
        return reverse("wagtailadmin_pages:edit", args=[page.pk])

    return address


def waiting() -> str:
    from django.urls import reverse

    from wagtail_eparticipation.participations.models import Participation

    first = Participation.objects.waiting().filter(language="en").first()
    return reverse("eparticipation_admin:moderation_review", args=[first.public_id])


SHOTS = [
    Shot("topic-ar", "", public("collecting", "ar"), "ar"),
    Shot("topic-telephone", "", public("collecting", "en"), size=TELEPHONE),
    Shot("take-part", "", public("collecting", "en", "participate/comment/")),
    Shot("home", "editor", lambda: "/admin/"),
    Shot("editor", "editor", editor_of("draft")),
    Shot("desk", "editor", admin("desk", "collecting")),
    Shot("desk-ar", "editor", admin("desk", "collecting"), "ar"),
    Shot("act", "editor", admin("desk_act", "collecting", "extend")),
    Shot("queue", "moderator", admin("moderation")),
    Shot("review", "moderator", waiting),
    Shot("sorting", "analyst", admin("analysis_sort", "analysing")),
    Shot("file", "decider", admin("decision_file", "analysing"), size=TELEPHONE),
    Shot("report", "records", admin("report", "announced")),
    Shot("archive", "", public("archived", "en", "report/")),
]


@contextmanager
def example() -> Iterator[str]:
    """The example, loaded into a folder of its own and served; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"EXAMPLE_VAR": folder, "PORT": str(port)}
        subprocess.run([*MANAGE, "migrate", "--verbosity", "0"], check=True)
        subprocess.run([*MANAGE, "load_example"], check=True)
        address = f"127.0.0.1:{port}"
        serve = [*MANAGE, "runserver", "--noreload", "--verbosity", "0", address]
        server = subprocess.Popen(serve, stderr=subprocess.DEVNULL)
        try:
            yield f"http://{address}"
        finally:
            server.terminate()
            server.wait()


def connect() -> None:
    """Read the example's database from here."""
    import django

    sys.path[:0] = [str(ROOT), str(ROOT / "example_site")]
    os.environ["DJANGO_SETTINGS_MODULE"] = "example_site.settings"
    # Playwright's synchronous API keeps an event loop in this thread.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    django.setup()


def speak(account: str, language: str) -> None:
    from django.contrib.auth import get_user_model
    from wagtail.users.models import UserProfile

    user = get_user_model().objects.get(username=account)
    UserProfile.objects.update_or_create(
        user=user, defaults={"preferred_language": language}
    )


def take(browser, server: str, shot: Shot) -> None:
    width, height = shot.size
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    if shot.account:
        speak(shot.account, shot.language)
        page.goto(f"{server}/admin/login/")
        page.fill("[name=username]", shot.account)
        page.fill("[name=password]", "demo")
        with page.expect_navigation():
            page.click("main [type=submit]")
    response = page.goto(server + shot.address(), wait_until="networkidle")
    if response.status != 200:
        raise SystemExit(f"{shot.name}: {response.status} {page.url}")
    save(page.screenshot(), shot.name)
    context.close()


def save(picture: bytes, name: str) -> None:
    """Keep it with 128 colours: a third of the size, and nothing lost to the eye."""
    from PIL import Image

    image = Image.open(io.BytesIO(picture)).convert("RGB").quantize(128)
    image.save(TARGET / f"{name}.png", optimize=True)


def main(wanted: list[str]) -> None:
    from playwright.sync_api import sync_playwright

    TARGET.mkdir(parents=True, exist_ok=True)
    with example() as server, sync_playwright() as playwright:
        connect()
        wait_for(server)
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM")
            or shutil.which("chromium")
            or "/usr/bin/chromium-headless-shell",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for shot in SHOTS:
            if not wanted or shot.name in wanted:
                take(browser, server, shot)
                print(shot.name)
        browser.close()


def wait_for(server: str) -> None:
    host, port = server.removeprefix("http://").split(":")
    for _attempt in range(100):
        with socket.socket() as probe:
            if probe.connect_ex((host, int(port))) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The example's server did not answer.")


if __name__ == "__main__":
    main(sys.argv[1:])
