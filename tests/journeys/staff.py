"""Accounts in the groups of the setup command, each in a browser of its own."""

from django.urls import reverse
from wagtail.users.models import UserProfile

from tests.browser import watched
from tests.factories import make_user

GROUPS = {
    "editor": "Topic editors",
    "reviewer": "Reviewers",
    "moderator": "Participation moderators",
    "analyst": "Analysts",
    "decider": "Decision makers",
    "desk": "Reply desk",
    "records": "Records officers",
    "privacy": "Privacy officers",
}


def make_staff():
    """One account for each duty, with the admin in Arabic."""
    for name, group in GROUPS.items():
        user = make_user(name, groups=[group])
        UserProfile.objects.create(user=user, preferred_language="ar")


class Member:
    """A member of staff at the admin, signed in through its form."""

    def __init__(self, browser, server, name):
        self.server = server
        self.page = watched(
            browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        )
        self.page.set_default_timeout(10_000)
        self.page.goto(server + reverse("wagtailadmin_login"))
        self.page.fill("[name=username]", name)
        self.page.fill("[name=password]", "demo")
        self.press("main [type=submit]")
        assert self.page.locator("html").get_attribute("dir") == "rtl"

    def go(self, name, *args):
        """Open an admin view by the name of its address."""
        response = self.page.goto(self.server + reverse(name, args=args))
        assert response.status == 200, f"{response.status} {self.page.url}"

    def desk(self, topic):
        """Open the desk of a consultation."""
        self.go("eparticipation_admin:desk", topic.pk)

    def press(self, selector):
        """Press what leads to another page."""
        with self.page.expect_navigation():
            self.page.locator(selector).click()

    def fill(self, **values):
        """Type into fields by their names."""
        for name, value in values.items():
            self.page.fill(f"main [name={name}]", value)

    def choose(self, name, value):
        """Choose a value of a list."""
        self.page.select_option(f"main [name={name}]", value)

    def submit_for_approval(self, page):
        """Hand a page to its workflow from the editor's menu."""
        self._edit(page)
        self._from_menu("[name=action-submit]")
        refusal = self.page.locator(".messages").inner_text()
        assert not self.page.url.endswith("/edit/"), refusal

    def approve(self, page):
        """Approve a page's task from the editor's menu."""
        self._edit(page)
        self._from_menu(
            "[data-workflow-action-name=approve]:not([data-workflow-action-modal-url])"
        )

    def _edit(self, page):
        """Open the editor, and let what its scripts send of their own come through."""
        self.go("wagtailadmin_pages:edit", page.pk)
        self.page.wait_for_load_state("networkidle")

    def _from_menu(self, selector):
        button = self.page.locator(f"footer {selector}")
        toggle = self.page.locator("footer [data-w-dropdown-target=toggle]")
        # A click before Wagtail's script runs opens nothing.
        for _attempt in range(20):
            if button.is_visible():
                break
            toggle.click()
            self.page.wait_for_timeout(500)
        self.press(f"footer {selector}")
