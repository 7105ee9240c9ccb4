"""Acts in the history of the topic's pages, where editors look for what happened."""

from django.dispatch import receiver
from wagtail.log_actions import log

from wagtail_eparticipation import signals
from wagtail_eparticipation.consultations.act_names import (
    ACT_LABELS,
    DONE_TITLES,
    SYSTEM_ACTS,
)

#: Wagtail's own log tells of approval and publication already.
LOGGED = tuple(name for name in ACT_LABELS if name not in {*SYSTEM_ACTS, "approve"})

#: ``(action, label, message)`` for Wagtail's registry of log actions.
log_actions = [
    (f"eparticipation.act.{name}", ACT_LABELS[name], DONE_TITLES[name])
    for name in LOGGED
]


@receiver(signals.act_done, dispatch_uid="eparticipation_page_history")
def note_act(consultation, act, **kwargs):
    """Add the act to each language's page: ids and codes, never the text."""
    if act.name not in LOGGED:
        return
    for page in consultation.pages.filter(alias_of__isnull=True).order_by("pk"):
        log(
            instance=page,
            action=f"eparticipation.act.{act.name}",
            user=act.authorised_by,
            data={"act": act.pk, "reason_code": act.reason_code, "clause": act.clause},
        )
