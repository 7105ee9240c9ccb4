"""Topics with a pinned policy, moderators and items waiting for them."""

from tests.discussion.makers import make_participation
from tests.factories import make_consultation, make_user
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
