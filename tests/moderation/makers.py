"""Topics with a pinned policy, moderators and items waiting for them."""

from wagtail.models import Locale

from tests.discussion.makers import make_participation
from tests.factories import make_consultation, make_user
from wagtail_eparticipation.consultations.people import StaffScope
from wagtail_eparticipation.consultations.vocabulary import Department
from wagtail_eparticipation.moderation.flags import Flag
from wagtail_eparticipation.policy.install import install_pack

#: A reason that one person may give, and one that takes two.
SIMPLE = "rule-8.marketing"
SENSITIVE = "rule-4.racism"


def make_topic(pack="qassim", **fields):
    """A collecting topic with a pinned policy."""
    version, _created = install_pack(pack)
    return make_consultation(policy_version=version, **fields)


def make_moderator(name=None, **kwargs):
    """Somebody who may moderate every department's topics."""
    return make_user(
        name, permissions=["moderate_participation", "view_consultation"], **kwargs
    )


def make_waiting(consultation=None, **fields):
    """An item in the queue."""
    return make_participation(consultation or make_topic(), **fields)


def make_department(name="الحدائق"):
    """A department, in Arabic."""
    locale, _created = Locale.objects.get_or_create(language_code="ar")
    return Department.objects.create(name=name, locale=locale)


def make_limited_moderator(department):
    """Somebody who moderates the topics of one department alone."""
    user = make_moderator()
    StaffScope.objects.create(user=user).departments.add(department)
    return user


def flag(item, rule, category, *, start=0, end=3, hide=True):
    """A flag on the current wording of an item, as an adviser would leave it."""
    return Flag.objects.create(
        participation=item,
        revision=item.revision,
        rule=rule,
        adviser=rule,
        field="text",
        start=start,
        end=end,
        category=category,
        hide=hide,
        made_at=item.received_at,
    )
