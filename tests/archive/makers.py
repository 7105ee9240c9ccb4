"""A topic walked to the end of its decision, so that it can be closed and sealed."""

import zipfile
from datetime import timedelta

from tests.decisions.makers import make_both, make_topic
from tests.factories import CLOSES, DURING, make_user
from wagtail_eparticipation import clock
from wagtail_eparticipation.analysis.assign import assign
from wagtail_eparticipation.analysis.models import Theme
from wagtail_eparticipation.archive.approval import approve
from wagtail_eparticipation.archive.models import Report
from wagtail_eparticipation.archive.sealing import close, seal
from wagtail_eparticipation.consultations.tick import tick
from wagtail_eparticipation.decisions.record import announce, decide
from wagtail_eparticipation.moderation.decide import decide as moderate
from wagtail_eparticipation.moderation.decide import take_down
from wagtail_eparticipation.participations.door import Submission, submit
from wagtail_eparticipation.participations.identity import Person
from wagtail_eparticipation.policy.install import install_pack

ANALYSIS = CLOSES + timedelta(days=3)
DECISION = CLOSES + timedelta(days=30)
CLOSING = CLOSES + timedelta(days=40)
SEALING = CLOSES + timedelta(days=41)
AFTER = CLOSES + timedelta(days=90)

TEXTS = ["نريد ظلاً أكثر في الممرات", "=1+1 More trees, please", "<b>مقاعد</b> للجميع"]

WORDS = {
    "interpretation": "حدود الأرقام",
    "mechanism": "آلية اتخاذ القرار",
    "achievements": "ما تحقق",
    "obstacles": "العقبات",
    "recommendations": "توصية أولى\nتوصية ثانية",
}


def send(consultation, text, **fields):
    """One participation through the door, by somebody with a name and an address."""
    fields.setdefault("language", "ar")
    fields.setdefault("publication", "with_name")
    fields.setdefault(
        "person", Person(name="نورة الاختبار", email="noura@citizens.example")
    )
    return submit(
        consultation, Submission(tool="comment", text=text, **fields)
    ).participation


def walk_to_announcement(texts, *, officer):
    """A topic with participations published, sorted, decided and announced."""
    topic = make_topic()
    consultation = topic.consultation
    consultation.policy_version, _created = install_pack("qassim")
    consultation.save()
    with clock.rehearse(DURING):
        voices = [send(consultation, text) for text in texts]
        for voice in voices:
            moderate(voice, "publish", actor=officer, expected_state="received")
    with clock.rehearse(CLOSES + timedelta(minutes=1)):
        tick()
    with clock.rehearse(ANALYSIS):
        theme = Theme.objects.create(
            consultation=consultation,
            titles={"ar": "الظل", "en": "Shade"},
            description={"ar": "طلب الناس الظل.", "en": "People asked for shade."},
            disposition="taken_up",
            reason={"ar": "الظل ممكن التنفيذ.", "en": "Shade is feasible."},
        )
        assign(theme, [voice.pk for voice in voices], actor=officer)
    with clock.rehearse(DECISION):
        make_both(topic)
        consultation.refresh_from_db()
        decide(consultation, actor=officer)
        announce(consultation, actor=officer)
    consultation.refresh_from_db()
    return consultation


def write_report(consultation):
    """A report whose texts are all there, in both languages."""
    return Report.objects.create(
        consultation=consultation,
        **{
            name: {"ar": words, "en": f"English {name}"}
            for name, words in WORDS.items()
        },
    )


def make_officer():
    """Somebody who may do everything; the gates bind this person all the same."""
    return make_user(superuser=True)


def members(package):
    """Every file of a package by its path below the bag."""
    with package.file.open("rb") as file, zipfile.ZipFile(file) as bag:
        return {
            name.split("/", 1)[1]: bag.read(name)
            for name in bag.namelist()
            if not name.endswith("/")
        }


def seal_from_announcement(consultation, officer):
    """Report, closing and sealing of an announced topic in one go."""
    with clock.rehearse(CLOSING):
        approve(write_report(consultation), actor=officer, now=CLOSING)
        close(consultation, actor=officer, retention_class="standard")
        return seal(consultation, actor=officer)


def take_one_down(consultation, officer):
    """The first published participation, taken down as the law may ask."""
    voice = consultation.participations.filter(state="published").first()
    take_down(voice, actor=officer, reason_code="take_down.law")
    return voice
