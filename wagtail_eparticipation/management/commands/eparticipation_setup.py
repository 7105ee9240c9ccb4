"""Prepares a site: policy, calendar, groups, permissions and workflows."""

from django.core.management.base import BaseCommand, CommandError
from django.core.validators import slug_unicode_re
from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations.setup import set_up
from wagtail_eparticipation.policy.install import (
    PackChanged,
    PackNotFound,
    pack_to_install,
)
from wagtail_eparticipation.policy.schema import InvalidPack


class Command(BaseCommand):
    help = (
        "Makes what a site needs for consultations: policy version, default calendar, "
        "groups with permissions, workflows. Safe to run again: it changes nothing "
        "that is there."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--policy",
            default="",
            help="Policy pack to install, such as qassim or neutral. Without it the "
            "one that is in force stays, or the setting POLICY_PACK decides.",
        )
        parser.add_argument(
            "--hub",
            default="",
            metavar="SLUG",
            help="Also make a hub page with this slug below the site's root page, in "
            "every language that the root page has, if there is no hub yet.",
        )

    def handle(self, *args, policy, hub, **options):
        if hub and not slug_unicode_re.match(hub):
            raise CommandError(
                _("“%(slug)s” is no slug: use letters, digits and hyphens.")
                % {"slug": hub}
            )
        try:
            done = set_up(policy or pack_to_install(), hub)
        except (PackNotFound, PackChanged, InvalidPack) as error:
            raise CommandError(str(error)) from error
        for line in done or [_("Everything was there already.")]:
            self.stdout.write(line)
