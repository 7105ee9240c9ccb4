"""What each act is called, who may do it, and which are deviations."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ACT_LABELS = {
    # With a context: Wagtail's own buttons say the same words of other things.
    "approve": pgettext_lazy("act", "Approve"),
    "lapse": _("Approval lapsed"),
    "publish": _("Publish"),
    "cancel": pgettext_lazy("act", "Cancel"),
    "accelerate": _("Accelerate"),
    "restrict_audience": _("Restrict the audience"),
    "extend": _("Extend the period"),
    "close_early": _("Close early"),
    "reopen": _("Reopen"),
    "skip_collecting": _("Skip the collection"),
    "skip_analysing": _("Simplify the analysis"),
    "withdraw": _("Withdraw"),
    "amend": _("Amend the course"),
    "close_channel": _("Switch a channel off"),
    "open_channel": _("Switch a channel on again"),
    "change_moderation": _("Change how participations are reviewed"),
    "not_publish_results": _("Do not publish the results"),
    "publish_results": _("Publish the results"),
    "decide": _("Record the decision"),
    "announce": _("Announce the decision"),
    "close": _("Close formally"),
    "archive": _("Seal and archive"),
}

#: What the timeline says once the act is done.
DONE_TITLES = {
    "approve": _("The request was approved"),
    "lapse": _("The approval lapsed"),
    "publish": _("The topic was published"),
    "cancel": _("The topic was cancelled"),
    "accelerate": _("A shorter period was authorised"),
    "restrict_audience": _("The audience was limited"),
    "extend": _("The period was extended"),
    "close_early": _("The period was ended early"),
    "reopen": _("The topic was opened again"),
    "skip_collecting": _("The collection was skipped"),
    "skip_analysing": _("The analysis was simplified"),
    "withdraw": _("The topic was withdrawn"),
    "amend": _("The course was amended"),
    "close_channel": _("A way to take part was switched off"),
    "open_channel": _("A way to take part is open again"),
    "change_moderation": _("Participations are reviewed in another way"),
    "not_publish_results": _("Results are not published"),
    "publish_results": _("The results were published"),
    "decide": _("The decision was taken"),
    "announce": _("The decision was announced"),
    "close": _("The topic was formally closed"),
    "archive": _("The topic was sealed and archived"),
}

#: The duty that each one-person act asks for (see ``access.DUTIES``).
DUTIES = {
    "close_channel": "request",
    "open_channel": "request",
    "change_moderation": "authorise",
    "approve": "decide",
    "lapse": "request",
    "publish": "request",
    "cancel": "request",
    "publish_results": "decide",
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
        "not_publish_results",
    }
)

#: Acts with a public reason in words alone, and the clause that they carry out: no
#: departure from the course, but nobody finds a way closed without a word (R-4.3c).
EXPLAINED = {
    "close_channel": "P-4.3",
    "open_channel": "P-4.3",
    "change_moderation": "P-5.3.1",
}

#: Withholding results, named as the policy packs name it, and the act that undoes it.
WITHHOLD, PUBLISH = "not_publish_results", "publish_results"


class Part(models.TextChoices):
    """Results that can be withheld by themselves; all are the whole (R-6.4.1c)."""

    SURVEYS = "surveys", _("The results of the surveys")
    SAID = "said", _("Numbers, themes and answers on the page of the decision")
    REPORT = "report", _("The closing report and the archive's package")


def labels_of(parts) -> list[str]:
    """Names of parts of the results, in their own order."""
    return [str(part.label) for part in Part if part in parts]
