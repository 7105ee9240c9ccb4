"""That the municipality replied to a campaign, told on each member's receipt."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from wagtail_eparticipation.participations.receipt_notes import ReceiptNote
from wagtail_eparticipation.replies.campaigns import CampaignMember, CampaignReply
from wagtail_eparticipation.replies.public_answers import topic_url


def reply_note(participation, language: str) -> Iterable[ReceiptNote]:
    """One note a reply: the text, and where it stands for everybody."""
    members = (
        CampaignMember.objects.filter(participation=participation)
        .select_related("reply__comment", "reply__clarification", "reply__consultation")
        .order_by("pk")
    )
    for member in members:
        reply = member.reply
        yield ReceiptNote(
            _("The municipality replied to all who sent these words"),
            _("The reply was taken back.") if reply.is_gone else reply.text,
            url=place_of(reply, language),
        )


def place_of(reply: CampaignReply, language: str, *, absolute: bool = False) -> str:
    """Address of the public copy of a reply in a language; empty without one."""
    page_url = topic_url(reply.consultation, language, absolute=absolute)
    if not page_url or reply.is_gone:
        return ""
    if reply.clarification is not None:
        return f"{page_url}questions/{reply.clarification.key}/"
    if reply.comment is None:
        return ""
    return f"{page_url}discussion/{reply.comment.key}/#{reply.comment.anchor}"
