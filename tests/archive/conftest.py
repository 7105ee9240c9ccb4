"""A topic at the stations of its end, with its files in a folder of the test."""

import pytest

from tests.archive.makers import (
    CLOSING,
    TEXTS,
    make_officer,
    walk_to_announcement,
    write_report,
)
from wagtail_eparticipation import clock
from wagtail_eparticipation.archive.approval import approve
from wagtail_eparticipation.archive.sealing import close, seal
from wagtail_eparticipation.policy.install import install_pack


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def officer():
    install_pack("qassim")
    return make_officer()


@pytest.fixture
def consultation(officer):
    return walk_to_announcement(TEXTS, officer=officer)


@pytest.fixture
def closed(consultation, officer):
    report = write_report(consultation)
    with clock.rehearse(CLOSING):
        approve(report, actor=officer, now=CLOSING)
        close(consultation, actor=officer, retention_class="standard")
    return consultation


@pytest.fixture
def package(closed, officer):
    with clock.rehearse(CLOSING):
        return seal(closed, actor=officer)
