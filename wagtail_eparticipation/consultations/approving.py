"""Who is approving just now: Wagtail's workflow publishes inside the approval."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from wagtail.models import TaskState

_approver: ContextVar = ContextVar("eparticipation_approver", default=None)


def current_approver():
    """The person whose approval is being carried out, or ``None``."""
    return _approver.get()


@contextmanager
def approving(user) -> Iterator[None]:
    """Let the publication that an approval causes know who approved."""
    token = _approver.set(user)
    try:
        yield
    finally:
        _approver.reset(token)


def approver_of(revision):
    """Who approved it, by the workflow's last step; else who wrote it."""
    state = (
        TaskState.objects.filter(revision=revision, status=TaskState.STATUS_APPROVED)
        .select_related("finished_by")
        .order_by("-finished_at", "-pk")
        .first()
    )
    return state.finished_by if state else revision.user
