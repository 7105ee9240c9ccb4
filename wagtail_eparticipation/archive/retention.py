"""The retention classes a closing may choose; their periods are the policy's."""

from django.utils.translation import gettext as _

from wagtail_eparticipation.policy.reading import policy_of

#: As the policy says, or kept as of lasting value besides.
STANDARD, LASTING = "standard", "lasting_value"


def retention_choices(consultation) -> list[tuple[str, str]]:
    """Classes with their labels, for the closing form."""
    version = consultation.policy_version
    source = str(policy_of(version)) if version else _("the policy")
    return [
        (STANDARD, _("As in %(policy)s") % {"policy": source}),
        (
            LASTING,
            _("Of lasting value: the package is also offered to the national archive"),
        ),
    ]
