"""The words that a policy pack may use; ``docs/reference/policy.md`` explains each."""

from django.utils.translation import gettext_lazy as _

#: Languages in which every text of a pack must be written.
LANGUAGES = ("ar", "en")

#: The six standard stages, in order (P-5).
STAGES = (
    "putting_forward",
    "publishing",
    "collecting",
    "analysing",
    "deciding",
    "closing",
)

#: States of a topic which the pack names for the public (C.2).
STATES = (
    "draft",
    "approved",
    "forthcoming",
    "collecting",
    "analysing",
    "decided",
    "announced",
    "withdrawn",
    "cancelled",
    "closed",
    "archived",
)

#: Kinds of topic, each with its own minimum period (R-1.2b).
KINDS = ("decision", "regulation", "service", "issue")

#: Deviating and adverse acts that need a reason code (R-2.1b), and their names.
ACT_NAMES = {
    "extend": _("Extending the period"),
    "close_early": _("Closing early"),
    "skip": _("Skipping a stage"),
    "accelerate": _("Accelerating"),
    "withdraw": _("Withdrawing the topic"),
    "cancel": _("Cancelling the topic"),
    "reopen": _("Reopening"),
    "restrict_audience": _("Restricting the audience"),
    "not_publish_results": _("Not publishing the results"),
    "take_down": _("Taking down a participation"),
    "destroy": _("Destroying the content of a participation"),
    "amend": _("Amending the request"),
}
ACTS = tuple(ACT_NAMES)

#: How grave a breach of a participant rule is.
SEVERITIES = ("advice", "low", "medium", "high")

#: What a moderator does by default about a breach (R-5.3.1c, R-7.0.2b).
ACTIONS = (
    "publish",
    "publish_redacted",
    "keep_unpublished",
    "refuse",
    "reroute",
    "link_revision",
    "quarantine",
)

#: Outcomes of a moderator's decision about which a rule may say something of its own.
TOLD_OUTCOMES = (
    "publish_redacted",
    "refuse",
    "keep_unpublished",
    "reroute",
    "take_down",
)

#: Levels of participation, from least to most (R-5.1.4a).
LEVELS = ("inform", "consult", "involve", "collaborate", "empower")

#: Texts that every pack must have, with the named places each may use.
TEXTS: dict[str, tuple[str, ...]] = {
    "disclaimer": (),
    "acceptance": (),
    "acceptance_oral": (),
    "publication_choice": (),
    "publish_with_name": (),
    "publish_without_name": (),
    "do_not_publish": (),
    "consultation_not_vote": (),
    "how_read": (),
    "how_moderated": (),
    "how_answered": (),
    "how_withdrawn": (),
    "objection": (),
    "privacy_purpose": ("body",),
    "privacy_basis": (),
    "privacy_recipients": ("body",),
    "privacy_retention": (),
    "privacy_rights": ("contact",),
}

#: Whole numbers that every pack must give, in the unit of the name.
PERIODS = (
    "closing_notice_hours",
    "decision_target_weeks",
    "review_cadence_working_days",
    "first_answer_working_hours",
    "close_case_working_hours",
    "subject_request_days",
)

#: Whole numbers that a pack may give, and the period that counts where it does not.
OPTIONAL_PERIODS = {"report_decision_working_hours": "close_case_working_hours"}

#: Classes of data that each need a retention rule (AC-S6-D1).
RETAINED = (
    "contact_data",
    "identity",
    "sealed_originals",
    "late_box",
    "refused_items",
    "invitations",
    "abuse_log",
    "cases",
    "permanent_package",
)

#: How a retention period is counted.
COUNTED_FROM = ("event", "start_of_next_year")
RETENTION_UNITS = ("days", "months", "years", "permanent")

WEEKDAYS = (
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
)
