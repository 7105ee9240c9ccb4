"""Taking a vote in: a participation through the one door, with its answers."""

from collections.abc import Iterable
from dataclasses import replace

from wagtail_eparticipation.participations import door
from wagtail_eparticipation.surveys.answer import Answer
from wagtail_eparticipation.surveys.answers import keep_with
from wagtail_eparticipation.surveys.polls import TOOL, Poll


def vote(page, poll: Poll, submission: door.Submission, answers: Iterable[Answer]):
    """Bring one vote through the door; returns its ``door.Outcome``.

    A later vote of the same person takes the place of the earlier one until closing.
    Register entry and answers are one transaction. Raises what ``door.submit`` raises.
    """
    answers = list(answers)
    submission = replace(
        submission,
        tool=TOOL,
        data={"poll": poll.id, "options": [each.option_id for each in answers]},
    )
    return keep_with(page, poll.key(page.consultation), submission, answers)
