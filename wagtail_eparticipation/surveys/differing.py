"""How two languages of a survey ask something else, in sentences (AC-S4-E4)."""

from django.utils.translation import gettext as _

from wagtail_eparticipation.surveys.questions import Part, Question, in_parts


def differences(one: list[Part], other: list[Part]) -> list[str]:
    """How the parts ``other`` ask something else than ``one``, one sentence each.

    Texts may differ, they are translations; questions, kinds, options, conditions and
    their ids may not. Empty when both ask the same (AC-S4-E4).
    """
    sentences = of_questions(in_parts(one), in_parts(other))
    if not sentences and _bones(one) != _bones(other):
        sentences.append(
            _("The pages of the form, or what stands on them, are not the same.")
        )
    return sentences


def _bones(parts: list[Part]) -> list[tuple]:
    return [
        (part.id, part.show_if, [(item.id, item.show_if) for item in part.items])
        for part in parts
    ]


def of_questions(one: list[Question], other: list[Question]) -> list[str]:
    """The same for questions alone, such as a topic's polls."""
    expected = {question.id: question for question in one}
    found = {question.id: question for question in other}
    sentences = [
        _("The question “%(question)s” is missing.") % {"question": question.label}
        for question in one
        if question.id not in found
    ]
    for question in other:
        if question.id not in expected:
            sentences.append(
                _("The question “%(question)s” is asked in this language alone.")
                % {"question": question.label}
            )
        elif question.bones != expected[question.id].bones:
            sentences.append(_difference(expected[question.id], question))
    if not sentences and [q.id for q in one] != [q.id for q in other]:
        sentences.append(_("The questions stand in another order."))
    return sentences


def _difference(expected: Question, found: Question) -> str:
    if len(expected.options) != len(found.options):
        return _(
            "The question “%(question)s” has %(here)s options instead of %(there)s."
        ) % {
            "question": found.label,
            "here": len(found.options),
            "there": len(expected.options),
        }
    if _ids(expected) != _ids(found):
        return _(
            "The options of “%(question)s” are not those of the other language, or "
            "stand in another order."
        ) % {"question": found.label}
    return _(
        "The question “%(question)s” differs in its kind, in whether an answer is "
        "needed, in its limits or in when it is shown."
    ) % {"question": found.label}


def _ids(question: Question) -> list[str]:
    return [each.id for each in (*question.options, *question.rows)]
