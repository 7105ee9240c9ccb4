"""Somebody who goes through a survey page by page, as a browser without script does."""

from html.parser import HTMLParser

from django.urls import reverse

from tests.factories import DURING
from wagtail_eparticipation import clock


class Fields(HTMLParser):
    """What a browser would send of the form with the id ``ep-survey``."""

    def __init__(self, html: str):
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.inside = False
        self.select = self.area = None
        self.feed(html)

    def _add(self, name, value):
        self.found.setdefault(name, []).append(value)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "form":
            self.inside = values.get("id") == "ep-survey"
        if not self.inside:
            return
        name = values.get("name")
        if tag == "input" and name and values.get("type") != "submit":
            ticked = values.get("type") not in ("radio", "checkbox")
            if ticked or "checked" in values:
                self._add(name, values.get("value") or "")
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in values:
            self._add(self.select, values.get("value") or "")
        elif tag == "textarea":
            self.area = name
            self._add(name, "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        if tag == "select":
            self.select = None
        if tag == "textarea":
            self.area = None

    def handle_data(self, data):
        if self.area and self.inside:
            self.found[self.area][-1] += data.removeprefix("\n")


class Walker:
    """Holds the page that is shown; ``press`` sends its fields and those typed."""

    def __init__(self, client, survey, *, at=DURING):
        self.client, self.survey, self.at = client, survey, at
        self.html = ""
        with clock.rehearse(at):
            self.see(client.get(f"{survey.get_url()}answer/"))

    def see(self, response):
        self.response = response
        if response.status_code != 302:
            self.html = response.content.decode()
        return self

    @property
    def step(self) -> str:
        """The id of the page."""
        return self.fields["step"][0]

    @property
    def fields(self) -> dict[str, list[str]]:
        """What the page would send as it is."""
        return Fields(self.html).found

    def press(self, go="next", *, address="answer", **typed):
        language = self.survey.locale.language_code
        url = reverse(f"eparticipation:{address}", args=[language, self.survey.pk])
        with clock.rehearse(self.at):
            data = {**self.fields, "go": go, **typed}
            return self.see(self.client.post(url, data))
