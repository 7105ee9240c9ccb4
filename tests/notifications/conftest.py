"""The mail server of these tests."""

import pytest

from tests.notifications.smtp import running


@pytest.fixture
def mailbox(settings):
    with running(settings) as box:
        yield box
