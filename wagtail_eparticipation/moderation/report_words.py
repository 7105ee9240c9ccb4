"""Reports of published voices in words, for desks, mails and the closing report."""

from django.utils.translation import gettext as _

from wagtail_eparticipation import clock
from wagtail_eparticipation.calendars.words import instant_words
from wagtail_eparticipation.discussion.people import ContentReport
from wagtail_eparticipation.moderation.reasons import policy_for
from wagtail_eparticipation.moderation.reports import CODE_LABELS


def target_words(report: ContentReport) -> str:
    """By when it is to be decided, and whether that has passed."""
    if report.due_at is None:
        return ""
    due = instant_words(report.due_at)
    if (report.decided_at or clock.now()) >= report.due_at:
        return _("%(instant)s (overdue)") % {"instant": due}
    return due


def decision_words(report: ContentReport) -> str:
    """The reason of a decision, in the package's or the policy's words."""
    code = report.decision_code
    if not code:
        return ""
    if code in CODE_LABELS:
        return str(CODE_LABELS[code])
    try:
        reason = policy_for(report.consultation, report.decided_at).reason(code)
    except LookupError:
        return code
    return str(reason.label)
