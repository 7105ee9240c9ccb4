"""A real Chromium for journeys, and what every page must stand in it.

Use::

    with chromium() as browser:
        page = watched(browser.new_page())
        page.goto(live_server.url + "/ar/")
        assert_accessible(page)
        assert_obeys_policy(page)
"""

import atexit
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

#: Without windows there is a lighter build of the same browser.
EXECUTABLE = (
    os.environ.get("CHROMIUM")
    or shutil.which("chromium-headless-shell")
    or "/usr/bin/chromium"
)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

#: Rules of WCAG 2.2 A and AA, and axe's own good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Playwright's synchronous API keeps an event loop in this thread, which Django would
# take for asynchronous code; the tests' own queries are ordinary ones.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@cache
def _running() -> Browser:
    """One process for all tests: to start it takes longer than many of them."""
    playwright = sync_playwright().start()
    atexit.register(playwright.stop)
    return playwright.chromium.launch(
        executable_path=EXECUTABLE, args=ARGUMENTS, headless=True
    )


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without a window; what was opened in it is closed at the end.

    Each context has cookies and a cache of its own.
    """
    browser = _running()
    try:
        yield browser
    finally:
        for context in browser.contexts:
            # The admin's pages say goodbye to a server whose database is emptied now.
            context.set_offline(True)
            context.close()


def watched(page: Page) -> Page:
    """Remember the page's console errors and uncaught exceptions from now on.

    They are read by :func:`assert_obeys_policy` and :func:`assert_console_silent`.
    """
    if not hasattr(page, "ep_complaints"):
        page.ep_complaints = []
        page.on(
            "console",
            lambda message: (
                page.ep_complaints.append(message.text)
                if message.type == "error"
                else None
            ),
        )
        page.on("pageerror", lambda error: page.ep_complaints.append(str(error)))
    return page


def accessibility_findings(page: Page, context: Any = None) -> list[str]:
    """What axe finds on the page, one line for each rule and element."""
    options = {
        "runOnly": {"type": "tag", "values": RULES},
        "resultTypes": ["violations"],
    }
    page.evaluate(Axe().axe_script)
    # What it found alone comes back: the rest is long, and takes long to be sent.
    violations = page.evaluate(
        """([context, options]) => axe.run(context || document, options)
            .then((results) => results.violations)""",
        [context, options],
    )
    return [
        f"{violation['id']} at {' '.join(map(str, node['target']))}: "
        f"{node.get('failureSummary', violation['help'])}"
        for violation in violations
        for node in violation["nodes"]
    ]


#: The button of a participant's form that sends it, beside those that do not.
SEND = "form.ep-form button[type=submit]:not([name]):not([formaction])"


def assert_accessible(page: Page, context: Any = None) -> None:
    """Fail with rule ids and elements if axe finds anything.

    ``context`` narrows the search to a CSS selector (or axe's own context object).
    Messages of the admin fade in; half-way their colours are not what people read.
    """
    if page.locator(".messages").count():
        page.wait_for_function(
            """() => [...document.querySelectorAll(".messages")].every(
                (each) => each.getAnimations({subtree: true})
                    .every((one) => one.playState !== "running")
            )""",
            polling=50,
        )
    findings = accessibility_findings(page, context)
    assert not findings, f"{page.url}\n" + "\n".join(findings)


def assert_obeys_policy(page: Page) -> None:
    """Fail if the page broke its Content-Security-Policy since ``watched(page)``."""
    broken = [
        text
        for text in page.ep_complaints
        if "Content Security Policy" in text or "Content-Security-Policy" in text
    ]
    assert not broken, f"{page.url}\n" + "\n".join(broken)


def assert_console_silent(page: Page) -> None:
    """Fail on any console error or uncaught exception since ``watched(page)``."""
    assert not page.ep_complaints, f"{page.url}\n" + "\n".join(page.ep_complaints)


def assert_no_sideways_scroll(page: Page) -> None:
    """Fail if the page itself is wider than its window (WCAG 1.4.10)."""
    overflow = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0, f"{page.url} is {overflow} px wider than its window"
