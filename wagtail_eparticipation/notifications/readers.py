"""Mails to readers without a participation: about reports, and about threads.

Their addresses are sealed with the report or the wish to follow, and opened for one
message; ``data`` of the notice holds the row's id.
"""

from typing import Any

from django.dispatch import receiver

from wagtail_eparticipation import signals
from wagtail_eparticipation.calendars.words import instant_words
from wagtail_eparticipation.consultations.people import Role
from wagtail_eparticipation.discussion.following import (
    followers_of_thread,
    token_for,
)
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.people import ContentReport, ThreadFollower
from wagtail_eparticipation.discussion.reporting import hides_name
from wagtail_eparticipation.moderation.report_words import decision_words
from wagtail_eparticipation.notifications import links
from wagtail_eparticipation.notifications.models import Kind, Notice
from wagtail_eparticipation.notifications.outbox import new_notice, queue
from wagtail_eparticipation.notifications.staff import holders, language_of

Context = dict[str, Any] | None

_REPORTS = frozenset({Kind.REPORT_RECEIVED, Kind.REPORT_DECIDED})
_FOLLOWERS = frozenset({Kind.FOLLOW_ASKED, Kind.FOLLOWED})
KINDS = _REPORTS | _FOLLOWERS


def address_of(notice: Notice) -> str:
    """The address that was left; empty when it has been destroyed meanwhile."""
    found = _report(notice) if notice.kind in _REPORTS else _follower(notice)
    return found.open_contact() if found else ""


def headers_of(notice: Notice) -> dict[str, str]:
    """One click in the mail programme stops mails about replies (RFC 8058)."""
    if notice.kind != Kind.FOLLOWED:
        return {}
    follower = _follower(notice)
    if follower is None:
        return {}
    return {
        "List-Unsubscribe": f"<{_mute_url(follower, notice.language)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _report(notice: Notice) -> ContentReport | None:
    rows = ContentReport.objects.select_related(
        "key", "consultation__policy_version", "comment"
    )
    return rows.filter(pk=notice.data["report"]).first()


def _follower(notice: Notice) -> ThreadFollower | None:
    rows = ThreadFollower.objects.select_related("key", "consultation", "root")
    return rows.filter(pk=notice.data["follower"]).first()


def _mute_url(follower: ThreadFollower, language: str) -> str:
    return links.reader_url("follow_mute", language, token_for(follower, "mute"))


def report_received(notice: Notice) -> Context:
    """That it came in, its reference, and by when it is to be decided."""
    report = _report(notice)
    if report is None:
        return None
    return {
        "number": report.number,
        "due": instant_words(report.due_at, notice.language) if report.due_at else "",
        "hides_name": hides_name(report),
    }


def report_decided(notice: Notice) -> Context:
    """What was decided and under which clause; never the staff's note."""
    report = _report(notice)
    if report is None or report.is_open:
        return None
    return {
        "number": report.number,
        "upheld": report.state == ContentReport.State.UPHELD,
        "label": decision_words(report),
        "clause": report.decision_clause,
    }


def follow_asked(notice: Notice) -> Context:
    """The link that confirms; nothing once it has been confirmed or has lapsed."""
    follower = _follower(notice)
    if follower is None or follower.confirmed_at is not None:
        return None
    token = token_for(follower, "confirm")
    return {"confirm_url": links.reader_url("follow_confirm", notice.language, token)}


def followed(notice: Notice) -> Context:
    """Where the new reply stands; nothing when it is not shown any more."""
    follower = _follower(notice)
    if follower is None or follower.confirmed_at is None:
        return None
    comment = PublishedComment.objects.filter(
        pk=notice.data["comment"], removed_at=None, hidden=False
    ).first()
    page = links.page_url(notice.consultation, notice.language)
    if comment is None or not page:
        return None
    return {
        "reply_url": f"{page}discussion/{comment.key}/#{comment.anchor}",
        "official": comment.is_official,
        "mute_url": _mute_url(follower, notice.language),
    }


def staff_name(notice: Notice) -> Context:
    """Which report took a name from public view; nothing once it is decided."""
    report = _report(notice)
    if report is None or not report.is_open:
        return None
    return {
        "number": report.number,
        "desk_url": links.admin_url("desk", notice.consultation_id),
    }


CONTEXTS = {
    Kind.REPORT_RECEIVED: report_received,
    Kind.REPORT_DECIDED: report_decided,
    Kind.FOLLOW_ASKED: follow_asked,
    Kind.FOLLOWED: followed,
    Kind.STAFF_NAME: staff_name,
}


@receiver(signals.content_reported, dispatch_uid="eparticipation_notice_report")
def acknowledge_report(report, now, **kwargs):
    """The receipt to who left an address; the owner is told of a name taken away."""
    notices = []
    if report.has_contact:
        notices.append(_about(report, Kind.REPORT_RECEIVED, now))
    if report.withheld_name:
        notices += [
            new_notice(
                report.consultation,
                Kind.STAFF_NAME,
                report.pk,
                user.pk,
                language=language_of(user),
                now=now,
                user=user,
                report=report.pk,
            )
            for user in holders(report.consultation, Role.OWNER)
        ]
    queue(notices)


@receiver(signals.content_report_decided, dispatch_uid="eparticipation_notice_ruling")
def tell_ruling(report, now, **kwargs):
    """The decision to who left an address."""
    if report.has_contact:
        queue([_about(report, Kind.REPORT_DECIDED, now)])


def _about(report: ContentReport, kind: str, now) -> Notice:
    return new_notice(
        report.consultation,
        kind,
        report.pk,
        language=report.language,
        now=now,
        report=report.pk,
    )


@receiver(signals.thread_follow_asked, dispatch_uid="eparticipation_notice_follow")
def ask_to_confirm(follower, now, **kwargs):
    """The mail to confirm, once a day at most, however often somebody asks."""
    queue(
        [
            new_notice(
                follower.consultation,
                Kind.FOLLOW_ASKED,
                follower.pk,
                now.date(),
                language=follower.language,
                now=now,
                follower=follower.pk,
            )
        ]
    )


@receiver(signals.voice_published, dispatch_uid="eparticipation_notice_followed")
def tell_followers(comment, now, **kwargs):
    """One mail for each new reply and follower of its thread."""
    if comment.root_id is None:
        return
    queue(
        [
            new_notice(
                comment.consultation,
                Kind.FOLLOWED,
                comment.pk,
                follower.pk,
                language=follower.language,
                now=now,
                comment=comment.pk,
                follower=follower.pk,
            )
            for follower in followers_of_thread(comment).order_by("pk")
        ]
    )
