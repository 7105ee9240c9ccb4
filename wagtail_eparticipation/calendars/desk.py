"""Working calendars in the Wagtail admin; every save freezes a version."""

import zoneinfo

from django import forms
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_eparticipation.calendars.models import WorkingCalendar
from wagtail_eparticipation.calendars.versions import freeze
from wagtail_eparticipation.compat import register_policy


class WorkingCalendarForm(WagtailAdminModelForm):
    """Asks for a calendar; ticking "default" takes that role from the former one."""

    def clean_is_default(self):
        chosen = self.cleaned_data["is_default"]
        if self.instance.pk and self.initial.get("is_default") and not chosen:
            raise forms.ValidationError(
                _(
                    "The site needs one default calendar: open the calendar that "
                    "should take its place and make that one the default."
                )
            )
        return chosen

    def validate_constraints(self):
        # The former default gives way in `save`, so it is no conflict here.
        self.instance.validate_constraints(exclude={"default_slot", "is_default"})

    def save(self, commit=True):
        if commit and self.instance.is_default:
            others = WorkingCalendar.objects.filter(is_default=True)
            others.exclude(pk=self.instance.pk).update(is_default=False)
        return super().save(commit=commit)


def zone_choices() -> list[tuple[str, str]]:
    """Every zone of the zone database under its key."""
    return [(key, key) for key in sorted(zoneinfo.available_timezones())]


class KeptForClocks(ModelPermissionPolicy):
    """Django's model permissions without deletion: past clocks need the versions."""

    def user_has_permission(self, user, action):
        return action != "delete" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)

    def users_with_any_permission(self, actions):
        kept = [action for action in actions if action != "delete"]
        return super().users_with_any_permission(kept)


_POLICY = KeptForClocks(WorkingCalendar)
register_policy(WorkingCalendar, _POLICY)


class _Freezing:
    """Freezes what was saved, in the transaction of the save (R-6.5.1a)."""

    def save_instance(self):
        instance = super().save_instance()
        freeze(instance, at=timezone.now())
        return instance


class CalendarCreateView(_Freezing, generic.CreateView):
    """Adds a calendar with its first version."""


class CalendarEditView(_Freezing, generic.EditView):
    """Changes a calendar; clocks that run keep the version they started under."""


class CalendarIndexView(generic.IndexView):
    """Lists calendars with the number of their versions."""

    def get_base_queryset(self):
        return super().get_base_queryset().annotate(version_count=Count("versions"))


class WorkingCalendarViewSet(ModelViewSet):
    """Working hours and holidays per calendar (P-6.5.1)."""

    model = WorkingCalendar
    name = "eparticipation_calendars"
    icon = "calendar-alt"
    index_results_template_name = "wagtail_eparticipation/index_results.html"
    menu_label = _("Working calendars")
    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = CalendarCreateView
    edit_view_class = CalendarEditView
    index_view_class = CalendarIndexView
    ordering = ["name", "pk"]
    search_fields = ["name"]
    search_backend_name = None
    list_display = [
        TitleColumn("name", label=_("Name"), url_name="eparticipation_calendars:edit"),
        BooleanColumn("is_default", label=_("Default")),
        Column("time_zone", label=_("Time zone")),
        Column("version_count", label=_("Versions")),
    ]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("name"),
                    FieldPanel("is_default"),
                    FieldPanel(
                        "time_zone", widget=forms.Select(choices=zone_choices())
                    ),
                ],
                heading=_("Calendar"),
            ),
            InlinePanel(
                "hours",
                [
                    FieldRowPanel(
                        [
                            FieldPanel("weekday"),
                            FieldPanel("starts"),
                            FieldPanel("ends"),
                        ]
                    ),
                    FieldRowPanel(
                        [FieldPanel("valid_from"), FieldPanel("valid_until")]
                    ),
                ],
                heading=_("Working hours"),
                label=_("Working hours"),
                help_text=_(
                    "00:00 as the end means the end of the day. Give a first and last "
                    "day only for hours of a season, such as Ramadan: they replace "
                    "the usual hours of that weekday while they last."
                ),
            ),
            InlinePanel(
                "holidays",
                [
                    FieldPanel("name"),
                    FieldRowPanel([FieldPanel("first_day"), FieldPanel("last_day")]),
                ],
                heading=_("Holidays"),
                label=_("Holiday"),
            ),
        ],
        base_form_class=WorkingCalendarForm,
    )

    @property
    def permission_policy(self):
        return _POLICY


calendar_viewset = WorkingCalendarViewSet()
viewsets = [calendar_viewset]
