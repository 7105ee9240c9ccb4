"""Results that are not published: which parts of them, and what is said instead.

Publishing is the default; withholding is an act with a reason of the policy, in whole
or in part, that stands in public where the results would be (R-6.4.1c, AC-S5-B4).
"""

from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations.act_names import PUBLISH, WITHHOLD
from wagtail_eparticipation.consultations.models import Act, Consultation
from wagtail_eparticipation.consultations.timeline import done_acts
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.policy.reading import policy_of


def withheld_parts(consultation: Consultation) -> dict[str, Act]:
    """The parts that are withheld now, each with the act that did it; one query."""
    found: dict[str, Act] = {}
    for act in done_acts(consultation):
        if act.name == PUBLISH:
            found.clear()
        elif act.name == WITHHOLD:
            found |= dict.fromkeys(act.parameters["parts"], act)
    return found


def notice(consultation: Consultation, part: str) -> dict | None:
    """What stands where a part would be; ``None`` while it is published.

    Inputs of ``consultations/not_published.html``, in the active language.
    """
    act = withheld_parts(consultation).get(part)
    if act is None:
        return None
    reason = policy_of(consultation.policy_version).reason(act.reason_code)
    return {
        "title": _("Not published: %(reason)s") % {"reason": reason.label},
        "text": pick(act.reason),
        "clause": act.clause,
        "since": act.done_at,
    }
