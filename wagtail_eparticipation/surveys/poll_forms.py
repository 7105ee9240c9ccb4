"""The form of a poll: the options, what one takes part as, and the acceptance."""

from wagtail_eparticipation.participations import persons
from wagtail_eparticipation.participations.identity import Person
from wagtail_eparticipation.surveys.builder import SurveyFormBuilder
from wagtail_eparticipation.surveys.forms import SurveyForm
from wagtail_eparticipation.surveys.polls import Poll

#: Asked in other forms, and of no use for counting a vote.
_NOT_ASKED = ("name", "email", "organisation")


class PollForm(SurveyForm):
    """A survey's form with one question; nobody is asked for a name or an address.

    Who votes is known by the topic's own means: the account, the confirmed address,
    the invitation, or else the browser.
    """

    participant_fields = ("capacity",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in _NOT_ASKED:
            del self.fields[name]

    def standing(self, request, nonce: str = "") -> persons.Standing:
        """Who votes; raises ``SignInFirst`` or ``ConfirmFirst``."""
        code = self.cleaned_data.get("invitation", "")
        return persons.supporter(request, self.consultation, code=code, nonce=nonce)

    def person(self) -> Person:
        return Person()


class _Builder(SurveyFormBuilder):
    form_class = PollForm


def form_class_of(poll: Poll) -> type[PollForm]:
    """The form of one poll."""
    return _Builder([poll.question]).get_form_class()
