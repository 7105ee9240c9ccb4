"""The editor of a consultation: tabs in the order of P-5.1.2, what is missing first."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PageChooserPanel,
    Panel,
    TabbedInterface,
    TitleFieldPanel,
)

from wagtail_eparticipation.consultations.completeness import (
    missing_to_submit,
)
from wagtail_eparticipation.consultations.period_warnings import period_warnings

#: Buttons of the editor that put the page before other people.
_HANDING_ON = ("action-submit", "action-publish", "action-restart-workflow")


class CompletenessPanel(Panel):
    """What is missing for approval, in every language, with a link to each field."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_eparticipation/consultations/panels/completeness.html"

        def is_shown(self):
            return bool(self.instance.pk)

        @cached_property
        def missing(self):
            return missing_to_submit(self.instance)

        @cached_property
        def warnings(self):
            return period_warnings(self.instance)

        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            context["missing"] = self.missing
            context["language"] = self.instance.locale.language_code
            context["warnings"] = self.warnings
            return context


class Tab(ObjectList):
    """A tab whose id does not follow the language of the admin."""

    def __init__(self, *args, slug="", **kwargs):
        super().__init__(*args, **kwargs)
        self.slug = slug

    def clone_kwargs(self):
        return {**super().clone_kwargs(), "slug": self.slug}

    @property
    def clean_name(self):
        return self.slug


def asked(name: str, panel_type=FieldPanel, **kwargs) -> Panel:
    """A field's panel with the anchor that completeness links to: ``ask-<name>``."""
    attrs = {"id": f"ask-{name}", **kwargs.pop("attrs", {})}
    return panel_type(name, attrs=attrs, **kwargs)


def request_tabs() -> list[Panel]:
    """Tabs of the request; a site's own page type may add to the list."""
    return [
        Tab(
            [
                CompletenessPanel(heading=_("What is still missing")),
                MultiFieldPanel(
                    [
                        asked("title", TitleFieldPanel),
                        asked("question"),
                        asked("summary"),
                        InlinePanel(
                            "subject_links",
                            heading=_("Subjects"),
                            label=_("Subject"),
                            attrs={"id": "ask-subject_links"},
                        ),
                    ],
                    heading=_("The topic in brief"),
                ),
                MultiFieldPanel(
                    [asked("decision_open"), asked("already_fixed")],
                    heading=_("What is open to influence"),
                ),
                MultiFieldPanel(
                    [
                        asked("background"),
                        asked("place"),
                        asked("documents"),
                        asked("glossary"),
                    ],
                    heading=_("Background"),
                ),
                MultiFieldPanel([asked("articles")], heading=_("Draft text")),
                MultiFieldPanel(
                    [
                        asked("kind"),
                        asked("project_page", PageChooserPanel),
                        asked("project_reference"),
                    ],
                    heading=_("What it serves"),
                ),
            ],
            heading=_("Definition"),
            slug="definition",
        ),
        Tab(
            [
                MultiFieldPanel([asked("objectives")], heading=_("Objectives")),
                MultiFieldPanel(
                    [asked("initial_study"), asked("indicators")],
                    heading=_("Initial situation"),
                ),
            ],
            heading=_("Objectives"),
            slug="objectives",
        ),
        Tab(
            [
                MultiFieldPanel(
                    [
                        FieldRowPanel([asked("opens_on"), asked("opens_time")]),
                        FieldRowPanel([asked("closes_on"), asked("closes_time")]),
                        asked("planned_decision_on"),
                    ],
                    heading=_("Period"),
                    help_text=_(
                        "Once published, the dates change only by the acts extend, "
                        "close early and reopen."
                    ),
                ),
            ],
            heading=_("Period"),
            slug="period",
        ),
        Tab(
            [
                MultiFieldPanel(
                    [asked("channels"), asked("tools"), asked("results_display")],
                    heading=_("Ways to take part"),
                ),
                MultiFieldPanel(
                    [asked("suggestion_categories"), asked("polls")],
                    heading=_("What the tools ask"),
                ),
            ],
            heading=_("Means"),
            slug="means",
        ),
        Tab(
            [
                MultiFieldPanel(
                    [asked("department"), asked("decision_maker")],
                    heading=_("Responsible entity"),
                ),
            ],
            heading=_("Responsible entity"),
            slug="entity",
        ),
        Tab(
            [
                MultiFieldPanel(
                    [
                        asked("audience_mode"),
                        asked("audience_reason"),
                        asked("identity_mode"),
                        asked("audience"),
                    ],
                    heading=_("Audience and expected impact"),
                ),
            ],
            heading=_("Audience"),
            slug="audience",
        ),
        Tab(
            [
                MultiFieldPanel(
                    [
                        asked("privacy_basis"),
                        asked("privacy_purpose"),
                        asked("privacy_recipients"),
                        asked("privacy_retention"),
                    ],
                    heading=_("Personal data"),
                ),
                MultiFieldPanel(
                    [asked("excluded_languages"), asked("change_note")],
                    heading=_("Languages and corrections"),
                ),
            ],
            heading=_("Privacy and corrections"),
            slug="privacy",
        ),
    ]


class ConsultationPageForm(WagtailAdminPageForm):
    """Refuses to hand on an incomplete request, saying so at each field.

    Saving a draft is never refused: half a request may be kept (R-5.1.2f).
    """

    def clean(self):
        cleaned = super().clean()
        if not self._hands_on() or self.errors:
            return cleaned
        for item in missing_to_submit(self.instance_as_asked()):
            name = item.field if item.field in self.fields else None
            if item.language and item.language != self.instance.locale.language_code:
                name = None
            self.add_error(name, item.message)
        return cleaned

    def instance_as_asked(self):
        """The page with what was just typed; nothing is saved."""
        page = self.instance
        for name, value in self.cleaned_data.items():
            if name in page.request_field_names():
                setattr(page, name, value)
        page.pending_subjects = None
        return page

    def _hands_on(self) -> bool:
        if any(name in self.data for name in _HANDING_ON):
            return True
        return (
            "action-workflow-action" in self.data
            and self.data.get("workflow-action-name") == "approve"
        )


def consultation_edit_handler(model) -> TabbedInterface:
    """Tabs of the request, then Wagtail's own for promotion and settings."""
    return TabbedInterface(
        [
            *request_tabs(),
            Tab(model.promote_panels, heading=_("Promote"), slug="promote"),
            Tab(model.settings_panels, heading=_("Settings"), slug="settings"),
        ],
        base_form_class=ConsultationPageForm,
    )
