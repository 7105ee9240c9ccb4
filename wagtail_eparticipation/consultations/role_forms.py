"""Choosing a role and who shall hold it: a group or a member of staff."""

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.utils import get_user_display_name

from wagtail_eparticipation.consultations.people import Role


def staff():
    """Active accounts that may enter the Wagtail admin."""
    entry = Permission.objects.filter(
        content_type__app_label="wagtailadmin", codename="access_admin"
    )
    people = get_user_model().objects.filter(
        Q(is_superuser=True)
        | Q(user_permissions__in=entry)
        | Q(groups__permissions__in=entry),
        is_active=True,
    )
    return people.distinct().order_by("pk")


class RoleForm(forms.Form):
    """One role and one holder; ``cleaned_data["holder"]`` is a user or a group."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)
    holder = forms.ChoiceField(label=gettext_lazy("Who holds it"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.groups = {f"group:{g.pk}": g for g in Group.objects.order_by("name")}
        self.people = {f"user:{user.pk}": user for user in staff()}
        self.fields["holder"].choices = [
            ("", _("Choose a group or a person")),
            (_("Groups"), [(key, str(g)) for key, g in self.groups.items()]),
            (
                _("People"),
                [(key, get_user_display_name(u)) for key, u in self.people.items()],
            ),
        ]

    def clean_holder(self):
        key = self.cleaned_data["holder"]
        return self.groups.get(key) or self.people[key]
