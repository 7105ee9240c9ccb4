"""What each act is called, who may do it, and which are deviations."""

from django.utils.translation import gettext_lazy as _

ACT_LABELS = {
    "approve": _("Approve"),
    "lapse": _("Approval lapsed"),
    "publish": _("Publish"),
    "cancel": _("Cancel"),
    "accelerate": _("Accelerate"),
    "restrict_audience": _("Restrict the audience"),
    "extend": _("Extend the period"),
    "close_early": _("Close early"),
    "reopen": _("Reopen"),
    "skip_collecting": _("Skip the collection"),
    "skip_analysing": _("Simplify the analysis"),
    "withdraw": _("Withdraw"),
    "amend": _("Amend the course"),
    "decide": _("Record the decision"),
    "announce": _("Announce the decision"),
    "close": _("Close formally"),
    "archive": _("Seal and archive"),
}

#: The duty that each one-person act asks for (see ``access.DUTIES``).
DUTIES = {
    "approve": "decide",
    "lapse": "request",
    "publish": "request",
    "cancel": "request",
    "extend": "request",
    "decide": "decide",
    "announce": "decide",
    "close": "close",
    "archive": "close",
}

#: Acts that follow from Wagtail's own publishing, whoever caused it: the workflow and
#: page permissions decide about people there, the gate about content.
SYSTEM_ACTS = frozenset({"lapse", "publish"})

#: Departures from the standard course: reason code and public text (R-2.1b, R-5.0b).
DEVIATIONS = frozenset(
    {
        "cancel",
        "accelerate",
        "restrict_audience",
        "extend",
        "close_early",
        "reopen",
        "skip_collecting",
        "skip_analysing",
        "withdraw",
        "amend",
    }
)
