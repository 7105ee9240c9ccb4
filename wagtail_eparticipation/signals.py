"""Signals that a site may connect to; each names the keyword arguments it sends.

All are sent inside the transaction of the act, after the ledger event; do slow
work in ``transaction.on_commit``.
"""

from django.dispatch import Signal

#: ``consultation``, ``act`` (consultations.models.Act), ``now``
act_done = Signal()

#: ``consultation``, ``stage_from``, ``stage_to``, ``now``
stage_changed = Signal()

#: ``consultation``, ``window`` (CollectionWindow), ``previous`` (two instants),
#: ``now``
period_changed = Signal()

#: ``participation``, ``receipt_code`` (shown once, never stored), ``now``
participation_received = Signal()

#: ``consultation``, ``batch`` (its code), ``now``; once, after the last row
import_finished = Signal()

#: ``participation``, ``state_from``, ``now``
participation_withdrawn = Signal()

#: ``participation`` (not counted any more), ``by`` (the one that counts now), ``now``
participation_replaced = Signal()

#: ``participation`` (whose author confirmed the address), ``now``
participation_confirmed = Signal()

#: ``participation`` (with its new words), ``state_from``, ``now``
participation_amended = Signal()

#: ``participation`` (taken out of the late box), ``now``
participation_admitted = Signal()

#: ``participation``, ``step`` (participations.suggestions.SuggestionStatus), ``now``
suggestion_status_changed = Signal()

#: ``participation``, ``decision`` (moderation.models.ModerationDecision), ``now``
participation_moderated = Signal()

#: ``participation``, ``comment`` (discussion.models.PublishedComment), ``now``
participation_published = Signal()

#: ``comment`` (discussion.models.PublishedComment, shown for the first time), ``now``
voice_published = Signal()

#: ``report`` (discussion.people.ContentReport), ``now``
content_reported = Signal()

#: ``report`` (decided), ``now``
content_report_decided = Signal()

#: ``follower`` (discussion.people.ThreadFollower, not confirmed), ``now``
thread_follow_asked = Signal()

#: ``participation``, ``handover`` (replies.models.Handover), ``now``
complaint_handed = Signal()

#: ``case`` (replies.models.Case), ``now``
case_received = Signal()

#: ``case``, ``answer`` (replies.models.CaseAnswer), ``now``
case_answered = Signal()

#: ``case``, ``now``: its sender is asked whether it may become a participation
case_asked = Signal()

#: ``consultation``, ``invitations`` (rows to be written to), ``reminder`` (whether
#: they were sent before), ``now``
invitations_to_send = Signal()

#: ``notice`` (notifications.models.Notice: sent, failed or dropped), ``refused``
#: (the server refuses its address for good), ``now``
notice_settled = Signal()

#: ``consultation``, ``page`` (DecisionPage), ``now``
decision_announced = Signal()

#: ``consultation``, ``package`` (archive.models.ArchivePackage), ``now``
consultation_archived = Signal()
