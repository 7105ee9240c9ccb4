"""Whether people may read what others sent, as the topic's page told them beforehand.

What is hidden is published in the register all the same: decision and report use it.
"""

from django.utils.translation import gettext as _

from wagtail_eparticipation.consultations.request_fields import ResultsDisplay
from wagtail_eparticipation.consultations.stages import Stage


def hidden_because(display: str, stage: str) -> str:
    """Why nothing is shown on the page at this stage; empty where it is shown."""
    if display == ResultsDisplay.NEVER:
        return _(
            "What people send is not shown on this page. "
            "The decision and the report say what was said."
        )
    if display == ResultsDisplay.AFTER_CLOSING and stage == Stage.COLLECTING:
        return _("What people send is shown here when the period is over.")
    return ""


def why_hidden(consultation, stage: str) -> str:
    """The same, asked without a page; one query."""
    pages = consultation.pages.filter(live=True).order_by("pk")
    display = pages.values_list("results_display", flat=True).first()
    return hidden_because(display or ResultsDisplay.LIVE, stage)
