"""Imports and readers as tests need them."""

from django.core.files.base import ContentFile

from tests.factories import make_user
from wagtail_eparticipation.participations import batch_course, import_files
from wagtail_eparticipation.participations.batches import ImportBatch
from wagtail_eparticipation.participations.models import Publication


def make_moderator(**fields):
    return make_user(permissions=["moderate_participation"], **fields)


def forms(number: int, *, day="2026-04-10", start=1) -> str:
    """A file of typed forms, each with words of its own."""
    rows = [
        f"f{n},نص الاستمارة رقم {n} كما كتبه صاحبها,{day} 10:00"
        for n in range(start, start + number)
    ]
    return "\n".join(["id,text,date", *rows]) + "\n"


def prepared(
    consultation, text: str, *, actor, channel="paper", evidence=None, **target
) -> ImportBatch:
    """A text as a file that is not imported yet."""
    file = ContentFile(text.encode(), name="rows.csv")
    return batch_course.prepare(
        consultation,
        file,
        "rows.csv",
        channel=channel,
        actor=actor,
        evidence=evidence,
        **target,
    )


def plan_of(batch, *, publication=Publication.NOT_PUBLISHED) -> import_files.Plan:
    """What its columns are, guessed."""
    headings, _first = batch_course.headings_of(batch)
    return import_files.Plan(
        import_files.propose(headings, import_files.fields_of(batch)),
        publication=publication,
        evidence=batch.code if batch.evidence else "",
        entry=import_files.entry_of(batch),
    )


def bring_in(
    consultation, text: str, *, publication=Publication.NOT_PUBLISHED, **values
) -> ImportBatch:
    """Import a text as a file, its columns guessed."""
    batch = prepared(consultation, text, **values)
    plan = plan_of(batch, publication=publication)
    batch_course.carry_out(batch, plan, actor=values["actor"])
    return batch
