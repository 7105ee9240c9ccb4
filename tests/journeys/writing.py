"""Words that an editor types into the admin, field by field, as a person would."""

from django.urls import reverse

from tests.decisions.makers import FACTS, WORDS
from tests.factories_pages import TEXTS
from wagtail_eparticipation.consultations.pages import ConsultationPage
from wagtail_eparticipation.decisions.pages import DecisionPage

_EDITOR = "main form"


class Writer:
    """The page editor of a member of staff."""

    def __init__(self, member):
        self.page = member.page
        self.server = member.server

    def begin(self, model, parent):
        """Open the form for a new page below another."""
        names = [model._meta.app_label, model._meta.model_name, parent.pk]
        response = self.page.goto(
            self.server + reverse("wagtailadmin_pages:add", args=names)
        )
        assert response.status == 200, f"{response.status} {self.page.url}"

    def tab(self, slug):
        self.page.click(f"[role=tab][href='#tab-{slug}']")

    def fill(self, **values):
        for name, value in values.items():
            self.page.fill(f"{_EDITOR} [name={name}]", str(value))

    def write(self, name, words):
        """Type into a rich text field, or into the only text block of a field."""
        self.page.click(f"[data-contentpath={name}] [role=textbox]")
        self.page.keyboard.type(words)

    def add_block(self, name):
        """Add a block of the first kind at the end of a field; its inputs' prefix."""
        field = self.page.locator(f"#ask-{name}")
        count = int(field.locator(f"[name={name}-count]").input_value())
        field.locator("button.c-sf-add-button").last.click()
        if field.locator(f"[name={name}-count]").input_value() == str(count):
            menu = self.page.locator("[role=option], .w-combobox__option").first
            menu.click()
        field.locator(f"[name={name}-{count}-type]").wait_for(state="attached")
        return f"{name}-{count}-value"

    def choose_snippet(self, button, title):
        """Choose in the dialogue of a chooser."""
        button.click()
        self.page.locator(".modal-body a", has_text=title).first.click()
        self.page.locator(".modal-body").wait_for(state="detached")

    def fill_dates(self, **values):
        """Type dates and times, and close each picker, which covers what is below.

        A picker opens a moment after its field has the focus, so it is waited for.
        """
        picker = self.page.locator(".xdsoft_datetimepicker:visible")
        for name, value in values.items():
            self.fill(**{name: value})
            picker.first.wait_for()
            self.page.locator("body").dispatch_event("mousedown")
            picker.first.wait_for(state="hidden")

    def save(self):
        """Save the draft, and wait until Wagtail says so."""
        with self.page.expect_navigation():
            self.page.click("footer button.action-save")


def words(html):
    return html.removeprefix("<p>").removesuffix("</p>")


def write_request(editor, hub, opens_at, closes_at, planned):
    """A complete request in Arabic, typed into the editor; its page."""
    texts = TEXTS["ar"]
    writer = Writer(editor)
    writer.begin(ConsultationPage, hub)
    page = writer.page
    _definition(writer, texts)
    writer.tab("objectives")
    page.fill(f"[name={writer.add_block('objectives')}]", texts["objective"])
    writer.write("initial_study", words(texts["initial_study"]))
    indicator = writer.add_block("indicators")
    writer.fill(**{f"{indicator}-name": texts["indicator"]})
    writer.fill(**{f"{indicator}-value": "48 %"})
    writer.tab("period")
    writer.fill_dates(
        opens_on=opens_at.date(),
        opens_time=f"{opens_at:%H:%M}",
        closes_on=closes_at.date(),
        closes_time=f"{closes_at:%H:%M}",
        planned_decision_on=planned,
    )
    _means(writer, texts)
    writer.tab("entity")
    department = page.locator("#ask-department [data-chooser-action-choose]").first
    writer.choose_snippet(department, texts["department"])
    writer.fill(decision_maker=texts["decision_maker"])
    _audience(writer, texts)
    writer.tab("privacy")
    for name in ("basis", "purpose", "recipients", "retention"):
        writer.fill(**{f"privacy_{name}": texts[f"privacy_{name}"]})
    writer.save()
    return ConsultationPage.objects.get()


def _definition(writer, texts):
    page = writer.page
    for name in ("title", "question", "summary", "decision_open", "already_fixed"):
        writer.fill(**{name: texts[name]})
    page.click("#id_subject_links-ADD")
    subject = page.locator("#ask-subject_links [data-chooser-action-choose]").first
    writer.choose_snippet(subject, texts["subject"])
    writer.add_block("background")
    writer.write("background", words(texts["background"]))
    writer.fill(place=texts["place"], project_reference="PRJ-2026-014")


def _means(writer, texts):
    writer.tab("means")
    for kind in ("portal", "counter"):
        block = writer.add_block("channels")
        writer.page.select_option(f"[name={block}-kind]", kind)
        writer.fill(**{f"{block}-how": texts[f"{kind}_how"]})
        writer.fill(**{f"{block}-help_contact": texts["help_contact"]})
    for tool in ("comment", "suggestion"):
        writer.page.check(f"[name=tools][value={tool}]")


def _audience(writer, texts):
    writer.tab("audience")
    block = writer.add_block("audience")
    segment = writer.page.locator("#ask-audience [data-chooser-action-choose]").first
    writer.choose_snippet(segment, texts["segment"])
    for name in ("importance", "interests", "reach"):
        writer.fill(**{f"{block}-{name}": texts[name]})
    writer.page.select_option(f"[name={block}-role]", "consult")


def write_decision(editor, topic_page, day):
    """A decision in Arabic, typed into the editor below its topic; its page."""
    texts = WORDS["ar"]
    writer = Writer(editor)
    writer.begin(DecisionPage, topic_page)
    for name in ("title", "body", "asked", "implementer"):
        writer.fill(**{name: texts[name]})
    for name in ("said", "decision", "next_steps"):
        writer.write(name, words(texts[name]))
    writer.fill(number=FACTS["number"])
    writer.fill_dates(decided_on=day, effective_on=day)
    writer.save()
    return DecisionPage.objects.get(locale=topic_page.locale)
