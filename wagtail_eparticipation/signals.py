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

#: ``participation``, ``receipt_code`` (shown once, never stored; empty where many
#: came in at once), ``now``
participation_received = Signal()

#: ``consultation``, ``participations`` (new rows of a file, each of which is announced
#: by ``participation_received`` too), ``now``
participations_received = Signal()

#: ``consultation``, ``batch`` (its code), ``now``; once, after the last row
import_finished = Signal()

#: ``participation``, ``state_from``, ``now``
participation_withdrawn = Signal()

#: ``participations`` (a queryset whose people are forgotten): what else is sealed of
#: them goes too
identity_destroyed = Signal()

#: ``participation`` (not counted any more), ``by`` (the one that counts now), ``now``
participation_replaced = Signal()

#: ``participations`` (a queryset of rows that an act puts into the totals or takes out
#: of them, where no other signal tells of each), ``now``
counting_changed = Signal()

#: ``participation`` (whose author confirmed the address), ``now``
participation_confirmed = Signal()

#: ``participation`` (with its new words), ``state_from``, ``now``
participation_amended = Signal()

#: ``participation`` (whose entry staff corrected after its paper), ``now``; sent beside
#: ``participation_amended`` where that makes it wait for a moderator again
participation_corrected = Signal()

#: ``participation`` (taken out of the late box), ``now``
participation_admitted = Signal()

#: ``participation``, ``step`` (participations.suggestions.SuggestionStatus), ``now``
suggestion_status_changed = Signal()

#: ``participation``, ``decision`` (moderation.models.ModerationDecision), ``now``;
#: with ``together`` where many were decided at once, one signal for each
participation_moderated = Signal()

#: ``objection`` (moderation.objections.Objection), ``now``
objection_made = Signal()

#: ``objection`` (upheld, dismissed, or settled by other words), ``now``
objection_decided = Signal()

#: ``participation`` (its content is destroyed), ``destruction``, ``now``
participation_destroyed = Signal()

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

#: ``case`` (made of a participation or of a report), ``now``
case_opened = Signal()

#: ``case``, ``referral`` (replies.referrals.Referral), ``now``: somebody is asked
case_referred = Signal()

#: ``case``, ``referral`` (answered or taken back), ``now``
referral_settled = Signal()

#: ``referral``, ``step`` (1 on the day, 2 for the head), ``now``: it is overdue
referral_overdue = Signal()

#: ``escalation`` (replies.referrals.Escalation), ``role`` (whom to tell), ``now``
delay_escalated = Signal()

#: ``case``, ``answer`` (replies.models.CaseAnswer), ``now``
case_answered = Signal()

#: ``case``, ``now``: its sender is asked whether it may become a participation
case_asked = Signal()

#: ``clarification`` (replies.clarifications.Clarification, published), ``answered``
#: (whether the enquiry that it came from was answered by it), ``now``
clarification_published = Signal()

#: ``clarification`` (replies.clarifications.Clarification, withdrawn), ``now``
clarification_withdrawn = Signal()

#: ``reply`` (replies.campaigns.CampaignReply), ``participations`` (ids of those noted
#: as answered just now), ``now``; several times for a large campaign
campaign_replied = Signal()

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
