"""Forms in which a moderator decides; each outcome asks for what it needs."""

from itertools import groupby

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_eparticipation.moderation.decide import needs_reason
from wagtail_eparticipation.moderation.models import Outcome
from wagtail_eparticipation.moderation.reasons import reasons_for

WORK, PERSON, NEITHER = "work", "person", "neither"


#: Decisions that keep words from the public, where the policy's check question is put.
SILENCING = frozenset({Outcome.KEEP_UNPUBLISHED, Outcome.REFUSE, Outcome.TAKE_DOWN})


def reason_choices(policy, outcome: str, *, alone: bool = False) -> list:
    """Reasons grouped by rule, as choices of a select.

    ``alone`` leaves out those that need a second person.
    """
    grouped = [("", _("Choose a reason"))]
    reasons = reasons_for(policy, outcome)
    if alone:
        reasons = [each for each in reasons if not each.second_person]
    for number, members in groupby(reasons, key=lambda reason: reason.rule):
        choices = [(reason.code, str(reason.label)) for reason in members]
        if number is None:
            grouped.append((_("Other reasons"), choices))
        else:
            rule = policy.rule(number)
            name = _("Rule %(number)s: %(rule)s") % {
                "number": number,
                "rule": rule.one_line,
            }
            grouped.append((name, choices))
    return grouped


class DecisionForm(forms.Form):
    """One outcome, with what the moderator saw when the page was opened."""

    state = forms.CharField(widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, participation, outcome, policy, **kwargs):
        self.participation = participation
        self.chosen = Outcome(outcome)
        kwargs.setdefault("prefix", self.chosen.value)
        kwargs["initial"] = {
            "state": participation.state,
            "revision": participation.revision,
        }
        super().__init__(*args, **kwargs)
        if needs_reason(participation, self.chosen):
            self.fields["reason"] = forms.ChoiceField(
                label=gettext_lazy("Reason"),
                choices=reason_choices(policy, self.chosen),
            )
            self.fields["ground"] = forms.CharField(
                label=gettext_lazy("Ground"),
                help_text=gettext_lazy(
                    "For staff only. Needed where a second person confirms."
                ),
                widget=forms.Textarea({"rows": 3, "dir": "auto"}),
                max_length=4000,
                required=False,
            )
        if self.asks and self.chosen in SILENCING:
            self.fields["criticism"] = forms.ChoiceField(
                label=str(policy.criticism.question),
                help_text=str(policy.criticism.guidance),
                choices=[
                    (WORK, gettext_lazy("It criticises work")),
                    (PERSON, gettext_lazy("It attacks a person or a group")),
                    (NEITHER, gettext_lazy("Neither")),
                ],
                widget=forms.RadioSelect,
            )

    @property
    def asks(self) -> bool:
        """Whether there is anything to fill in."""
        return "reason" in self.fields

    def decision(self) -> dict:
        """Keyword arguments for ``decide``."""
        data = self.cleaned_data
        return {
            "outcome": self.chosen,
            "expected_state": data["state"],
            "expected_revision": data["revision"],
            "reason_code": data.get("reason", ""),
            "ground": data.get("ground", ""),
            "criticises_work": data.get("criticism") == WORK,
        }
