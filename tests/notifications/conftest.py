"""The mail server of these tests, and commits that send."""

import pytest

from tests.notifications.smtp import running


@pytest.fixture
def mailbox(settings):
    with running(settings) as box:
        yield box


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks):
    """Everything done inside is committed, and what waits for that is run."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
