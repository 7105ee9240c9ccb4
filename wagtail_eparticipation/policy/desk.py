"""Installed policy versions in the Wagtail admin, for reading only."""

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_eparticipation.calendars.words import date_words, instant_words
from wagtail_eparticipation.compat import register_policy
from wagtail_eparticipation.languages import content_languages
from wagtail_eparticipation.policy.models import PolicyVersion


class ReadOnly(ModelPermissionPolicy):
    """Only viewing can be granted: versions come from ``install_pack`` alone."""

    def user_has_permission(self, user, action):
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)

    def users_with_any_permission(self, actions):
        return super().users_with_any_permission(
            [action for action in actions if action == "view"]
        )


def public_url(version: PolicyVersion) -> str:
    """The public page of a version in the language of the admin, if the site has it."""
    codes = [code for code, _name in content_languages()]
    active = (get_language() or "").split("-")[0]
    language = next((c for c in codes if c.split("-")[0] == active), codes[0])
    return reverse(
        "eparticipation:policy", args=[language, version.pack, version.version]
    )


_POLICY = ReadOnly(PolicyVersion)
register_policy(PolicyVersion, _POLICY)


class PolicyVersionViewSet(ModelViewSet):
    """The policy versions of the site with the way to their public pages (P-2.1)."""

    model = PolicyVersion
    name = "eparticipation_policies"
    icon = "doc-full-inverse"
    index_results_template_name = "wagtail_eparticipation/index_results.html"
    menu_label = _("Participation policy")
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = [
        "pack",
        "version",
        "effective_from",
        "installed_at",
        "checksum",
    ]
    form_fields = ["pack", "version"]
    ordering = ["-effective_from", "-pk"]
    list_filter = ["pack"]
    list_display = [
        TitleColumn("__str__", label=_("Policy"), get_url=public_url),
        Column("pack", label=_("Pack")),
        Column(
            "effective_from",
            label=_("In force from"),
            accessor=lambda version: date_words(version.effective_from),
            sort_key="effective_from",
        ),
        Column(
            "installed_at",
            label=_("Installed at"),
            accessor=lambda version: instant_words(version.installed_at),
            sort_key="installed_at",
        ),
    ]

    @property
    def permission_policy(self):
        return _POLICY


policy_viewset = PolicyVersionViewSet()
viewsets = [policy_viewset]
