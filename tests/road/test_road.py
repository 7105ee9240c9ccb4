"""The whole road through the Python API, with two thousand real comments.

The comments are read from the project's data folder beside the repository; where it
is absent the test says so and is skipped.
"""

import csv
import io
import json
import zipfile
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest

from tests.archive.makers import write_report
from tests.decisions.makers import make_both
from tests.factories import CLOSES, DURING, OPENS, make_user
from tests.factories_pages import every_channel, make_consultation_page
from wagtail_eparticipation import clock
from wagtail_eparticipation.analysis.assign import assign, set_aside
from wagtail_eparticipation.analysis.models import Theme
from wagtail_eparticipation.archive.approval import approve
from wagtail_eparticipation.archive.sealing import close, seal
from wagtail_eparticipation.archive.verification import verify_package
from wagtail_eparticipation.consultations.tick import tick
from wagtail_eparticipation.decisions.record import announce, decide
from wagtail_eparticipation.ledger.chain import verify
from wagtail_eparticipation.moderation.decide import decide as moderate
from wagtail_eparticipation.participations.importing import ImportRow, import_rows
from wagtail_eparticipation.participations.models import State
from wagtail_eparticipation.policy.install import install_pack

DATA = Path(__file__).parents[3] / "shared" / "data" / "ar_arsarcasm_v2"
VOICES = 2_000

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.road,
    pytest.mark.skipif(
        not DATA.exists(), reason="real comments are not beside this repository"
    ),
]


def real_rows():
    """Two thousand posts, each with an id and an instant of its own."""
    with (DATA / "training_data.csv").open(encoding="utf-8") as file:
        for number, row in enumerate(islice(csv.DictReader(file), VOICES)):
            yield ImportRow(
                text=row["tweet"],
                made_at=OPENS + timedelta(minutes=number + 1),
                source_id=f"post-{number}",
                name=f"@reader{number}",
            )


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def test_two_thousand_voices_reach_the_archive_with_equal_totals(settings):
    policy, _created = install_pack("qassim")
    officer = make_user(superuser=True)
    topic = make_consultation_page(stage="published", channels=every_channel())
    consultation = topic.consultation
    consultation.policy_version = policy
    consultation.save()

    with clock.rehearse(DURING):
        report = import_rows(
            consultation, real_rows(), channel="social", actor=officer, batch="b1"
        )
        again = import_rows(
            consultation, real_rows(), channel="social", actor=officer, batch="b2"
        )
    assert (report.imported, report.errors, report.late) == (VOICES, [], 0)
    assert (again.imported, again.repeated) == (0, VOICES)

    with clock.rehearse(CLOSES - timedelta(hours=1)):
        waiting = list(consultation.participations.waiting()[:120])
        for number, voice in enumerate(waiting):
            outcome = ("publish", "publish", "keep_unpublished", "refuse")[number % 4]
            reason = "" if outcome == "publish" else "rule-8.marketing"
            moderate(
                voice,
                outcome,
                actor=officer,
                reason_code=reason,
                ground="دعاية" if reason else "",
                expected_state=State.RECEIVED,
            )
    with clock.rehearse(CLOSES + timedelta(minutes=5)):
        tick()
    snapshot = consultation.snapshots.get()
    assert snapshot.counted == VOICES - 30

    with clock.rehearse(CLOSES + timedelta(days=5)):
        theme = Theme.objects.create(
            consultation=consultation,
            titles={"ar": "الظل", "en": "Shade"},
            disposition="partly",
            reason={"ar": "لأن الميزانية محدودة.", "en": "The budget is limited."},
        )
        ids = list(consultation.participations.counted().values_list("pk", flat=True))
        assert assign(theme, ids[:1_500], actor=officer) == 1_500
        set_aside(
            consultation,
            ids[1_500:],
            actor=officer,
            ground="volume",
            sample_size=100,
            method="كل خامسة",
        )
        for voice in consultation.participations.waiting():
            moderate(voice, "publish", actor=officer, expected_state=State.RECEIVED)
    with clock.rehearse(CLOSES + timedelta(days=40)):
        make_both(topic)
        consultation.refresh_from_db()
        decide(consultation, actor=officer)
        announce(consultation, actor=officer)
    closing = CLOSES + timedelta(days=50)
    with clock.rehearse(closing):
        written = write_report(consultation)
        consultation.refresh_from_db()
        approve(written, actor=officer, now=closing)
        close(consultation, actor=officer, retention_class="standard")
        package = seal(consultation, actor=officer)

    assert verify_package(package.file.path) == []
    assert verify(consultation) == []
    register = consultation.participations.counted().count()
    with package.file.open("rb") as file, zipfile.ZipFile(io.BytesIO(file.read())) as z:
        folder = f"{consultation.reference}/data"
        lines = z.read(f"{folder}/03-participations/participations.jsonl")
        packed = json.loads(z.read(f"{folder}/08-report/report.ar.json"))
    states = [json.loads(line)["state"] for line in lines.decode().splitlines()]
    counted = {State.RECEIVED, State.PUBLISHED, State.UNPUBLISHED, State.TAKEN_DOWN}
    in_package = sum(state in counted for state in states)
    in_report = packed["parts"][3]["blocks"][0]["rows"][1][1]
    last = consultation.snapshots.order_by("-number").first()
    assert register == last.counted == in_report == in_package == VOICES - 30
    assert len(states) == VOICES
