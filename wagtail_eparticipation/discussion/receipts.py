"""Where a participant finds the published words again."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.people import ContentReport
from wagtail_eparticipation.discussion.report_reasons import FALSE_ATTRIBUTION
from wagtail_eparticipation.discussion.reporting import name_is_withheld
from wagtail_eparticipation.discussion.showing import why_hidden
from wagtail_eparticipation.participations.models import State
from wagtail_eparticipation.participations.receipt_notes import ReceiptNote


def shown(participation, language: str) -> Iterable[ReceiptNote]:
    """The permalink, and how many replied; nothing while it is not shown to readers."""
    if participation.state != State.PUBLISHED:
        return
    comment = PublishedComment.objects.filter(participation=participation).first()
    if comment is None or comment.is_taken_down:
        return
    yield from _name_taken_away(comment)
    consultation = participation.consultation
    if hidden := why_hidden(consultation, consultation.stage()):
        yield ReceiptNote(_("Not shown on the page for now"), hidden, done=False)
    else:
        yield ReceiptNote(_("Shown in the discussion"), url=comment.get_absolute_url())


def _name_taken_away(comment: PublishedComment) -> Iterable[ReceiptNote]:
    """That a report took its author's name from view, for now or for good."""
    if name_is_withheld(comment.pk):
        yield ReceiptNote(
            _("Your name is not shown for now"),
            _(
                "Somebody reported that this text bears a false name. Until a"
                " moderator has decided, it is shown without the name."
            ),
            done=False,
        )
    elif not comment.shown_name and (removed := _removal(comment)):
        yield ReceiptNote(
            _("Your name was removed"),
            _(
                "A moderator upheld a report that this text bears a false name. The"
                " text stays, without the name (clause %(clause)s)."
            )
            % {"clause": removed.decision_clause},
        )


def _removal(comment: PublishedComment) -> ContentReport | None:
    upheld = ContentReport.objects.filter(
        comment=comment, reason=FALSE_ATTRIBUTION, state=ContentReport.State.UPHELD
    )
    return upheld.order_by("-pk").first()
