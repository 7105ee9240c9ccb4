"""Forms in which a moderator decides; each outcome asks for what it needs."""

import re
from itertools import groupby

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_eparticipation.moderation import hiding_form
from wagtail_eparticipation.moderation.models import SHOWING, Outcome
from wagtail_eparticipation.moderation.possible import (
    is_objected,
    needs_places,
    needs_reason,
    only_hides,
)
from wagtail_eparticipation.moderation.reasons import reasons_for
from wagtail_eparticipation.moderation.redaction import seen_digest

#: Whether there is an address that could be released.
_LINK = re.compile(r"https?://", re.IGNORECASE)

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
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, participation, outcome, policy, found=None, **kwargs):
        """``found`` is what the advisers suggest to hide, where it is known already."""
        self.participation = participation
        self.chosen = Outcome(outcome)
        kwargs.setdefault("prefix", self.chosen.value)
        kwargs["initial"] = {
            "state": participation.state,
            "revision": participation.revision,
            "seen": seen_digest(participation),
        }
        super().__init__(*args, **kwargs)
        if found is None and (self.may_hide or self.chosen == Outcome.PUBLISH):
            found = hiding_form.suggested(participation)
        if self.may_hide:
            sent = self._sent(self.add_prefix("hide"))
            hiding_form.add_fields(self, participation, sent, found)
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
        if self.chosen == Outcome.PUBLISH and hiding_form.is_marked(found):
            self.fields["as_marked"] = forms.BooleanField(
                label=gettext_lazy("Publish what is marked too"),
                help_text=gettext_lazy(
                    "Its author may have been told that it would be hidden. To hide "
                    "it, publish with places hidden instead."
                ),
                error_messages={
                    "required": gettext_lazy(
                        "Something in it is marked to be hidden. Publish with places "
                        "hidden, or confirm that it is to be read by everybody."
                    )
                },
            )
        if self.chosen in SHOWING and _LINK.search(participation.text):
            self.fields["release_links"] = forms.BooleanField(
                label=gettext_lazy("Release its links"),
                help_text=gettext_lazy(
                    "Until then they are shown as text. A released link leads away from"
                    " this site and is marked so that no search engine follows it."
                ),
                required=False,
                initial=participation.links_released,
            )
        if is_objected(participation) and not only_hides(participation, self.chosen):
            self.fields["answer"] = forms.CharField(
                label=gettext_lazy("Answer to the objection"),
                help_text=gettext_lazy("The participant reads it; no name is shown."),
                widget=forms.Textarea({"rows": 3, "dir": "auto"}),
                max_length=4000,
            )
        if self.asks_about_criticism:
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
    def may_hide(self) -> bool:
        """Whether places can be hidden with this decision."""
        hiding = (Outcome.PUBLISH_REDACTED, Outcome.KEEP_UNPUBLISHED)
        return self.chosen in hiding and bool(hiding_form.words_of(self.participation))

    @property
    def asks_about_criticism(self) -> bool:
        """Whether the check question is put: only where words are kept back."""
        hides = only_hides(self.participation, self.chosen)
        return "reason" in self.fields and self.chosen in SILENCING and not hides

    @property
    def asks(self) -> bool:
        """Whether there is anything to fill in."""
        asking = {"reason", "answer", "hide", "as_marked", "release_links"}
        return not asking.isdisjoint(self.fields)

    def _sent(self, name: str) -> list[str]:
        return self.data.getlist(name) if hasattr(self.data, "getlist") else []

    def clean(self):
        cleaned = super().clean()
        if self.may_hide:
            words = hiding_form.words_of(self.participation)
            places = [
                *cleaned.get("hide", []),
                *hiding_form.clean_more(self, words),
            ]
            cleaned["places"] = places
            asked = needs_places(self.participation, self.chosen)
            if asked and not places and not self.errors:
                self.add_error("hide", _("Choose what is to be hidden."))
        return cleaned

    def decision(self) -> dict:
        """Keyword arguments for ``decide``."""
        data = self.cleaned_data
        return {
            "outcome": self.chosen,
            "expected_state": data["state"],
            "expected_revision": data["revision"],
            "expected_words": data["seen"],
            "reason_code": data.get("reason", ""),
            "ground": data.get("ground", ""),
            "criticises_work": data.get("criticism") == WORK,
            "places": data.get("places", []),
            "release_links": data.get("release_links", False),
            "answer": data.get("answer", ""),
        }


class DismissalForm(forms.Form):
    """Why an objection does not change the decision."""

    answer = forms.CharField(
        label=gettext_lazy("Answer to the objection"),
        help_text=gettext_lazy("The participant reads it; no name is shown."),
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
        max_length=4000,
        error_messages={"required": gettext_lazy("Write the answer.")},
    )
