"""Connects the discussion to the comments package, the page and the register."""

import logging

from django.dispatch import receiver
from django_comments.signals import comment_will_be_posted

from wagtail_eparticipation.consultations.articles import register_counter
from wagtail_eparticipation.consultations.desk_cards import register_card
from wagtail_eparticipation.consultations.sections import register_section
from wagtail_eparticipation.discussion import (  # noqa: F401 (imported to register)
    cascade,
    checks,
    file_views,
    guard,
    suggestion_views,
    suggestions,
    views,
)
from wagtail_eparticipation.discussion.agreeing import forget_who
from wagtail_eparticipation.discussion.article_counts import counts_by_article
from wagtail_eparticipation.discussion.following import end_all, may_be_followed
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.publish import (
    build,
    may_be_published,
    withdraw,
)
from wagtail_eparticipation.discussion.purging import purge_later
from wagtail_eparticipation.discussion.receipts import shown
from wagtail_eparticipation.discussion.reporting import forget_name
from wagtail_eparticipation.discussion.suggestion_desk import suggestions_card
from wagtail_eparticipation.discussion.threads import reply_target
from wagtail_eparticipation.participations import receipt_notes, reply_targets
from wagtail_eparticipation.participations.models import Participation, State
from wagtail_eparticipation.signals import (
    participation_amended,
    participation_received,
    participation_replaced,
    participation_withdrawn,
    stage_changed,
    suggestion_status_changed,
)

logger = logging.getLogger(__name__)

cascade.turn_off()
guard.install()

register_counter(counts_by_article)
reply_targets.register_finder(reply_target)
receipt_notes.register(shown, order=200)
register_card(345, suggestions_card)
register_section(
    "discussion",
    order=500,
    template="wagtail_eparticipation/discussion/section.html",
    provide=views.section,
)


@receiver(participation_received, dispatch_uid="eparticipation.discussion.offer")
def offer_to_comment_tools(sender, participation, now, **kwargs):
    """Let a site's comment tools see what came in; a False quarantines it.

    Nothing is refused by a machine (R-7.0.2c): a person decides about quarantine.
    """
    if not comment_will_be_posted.has_listeners(PublishedComment):
        return
    if participation.state != State.RECEIVED or not may_be_published(participation):
        return
    answers = comment_will_be_posted.send_robust(
        sender=PublishedComment, comment=build(participation, now=now), request=None
    )
    for tool, answer in answers:
        if isinstance(answer, Exception):
            logger.error("Comment tool %r failed on a participation", tool)
    if any(answer is False for _tool, answer in answers):
        moved = Participation.objects.filter(
            pk=participation.pk, state=State.RECEIVED
        ).update(state=State.QUARANTINED)
        if moved:
            participation.state = State.QUARANTINED


@receiver(stage_changed, dispatch_uid="eparticipation.discussion.end")
def forget_readers(sender, consultation, stage_to, now, **kwargs):
    """What readers left and nobody needs after the end is deleted."""
    if not may_be_followed(consultation, stage_to):
        end_all(consultation)
        forget_who(consultation)


@receiver(participation_amended, dispatch_uid="eparticipation.discussion.amend")
@receiver(participation_replaced, dispatch_uid="eparticipation.discussion.replace")
@receiver(participation_withdrawn, dispatch_uid="eparticipation.discussion.withdraw")
def take_out_of_the_discussion(sender, participation, now, **kwargs):
    """What its author takes back or rewrites leaves public view (AC-S3-B1, B2)."""
    withdraw(participation, now=now)


@receiver(participation_withdrawn, dispatch_uid="eparticipation.discussion.name")
def forget_withheld_name(sender, participation, **kwargs):
    """A name that a report took from view goes with what its author takes back."""
    forget_name(participation)


@receiver(suggestion_status_changed, dispatch_uid="eparticipation.discussion.status")
def show_status(sender, participation, step, **kwargs):
    """The public list follows what was said about a suggestion."""
    suggestions.show_step(participation, step)
    purge_later(participation.consultation_id)
