"""What other rooms ask of a topic's page before it is saved or approved.

A room registers two kinds of questions: what is settled and may not be changed any
more is an error of the editor; what is still missing stands in the list of
completeness and in the gates of approval and publication.
"""

from collections.abc import Callable, Iterable

#: ``check(page)`` gives messages by the name of the field.
Settled = Callable[..., dict[str, str]]
#: ``check(page)`` gives pairs of field and message.
Lacking = Callable[..., Iterable[tuple[str, str]]]

_settled: list[Settled] = []
_lacking: list[Lacking] = []


def register_settled(check: Settled) -> None:
    """Ask ``check`` whenever a page with a process is validated."""
    if check not in _settled:
        _settled.append(check)


def register_lacking(check: Lacking) -> None:
    """Ask ``check`` whenever the completeness of a page is asked for."""
    if check not in _lacking:
        _lacking.append(check)


def settled_errors(page) -> dict[str, str]:
    """Everything on the page that may not be changed any more, by field."""
    return {name: text for check in _settled for name, text in check(page).items()}


def lacking(page) -> list[tuple[str, str]]:
    """Everything that other rooms miss on the page.

    What was settled after somebody saved the page, too: a poll in which people have
    voted meanwhile, for one.
    """
    missed = [found for check in _lacking for found in check(page)]
    return [*settled_errors(page).items(), *missed]
