"""Complaints, enquiries and people of the reply desk."""

from tests.factories import make_user
from wagtail_eparticipation.participations import door
from wagtail_eparticipation.participations.identity import Person
from wagtail_eparticipation.replies import enquiries

COMPLAINT = "حاوية مكسورة في شارعنا"
QUESTION = "متى يبدأ العمل في الحديقة؟"


def send_complaint(consultation, *, share=False, email="", **fields):
    """A complaint as the form would have sent it; returns its row."""
    data = {"place": "شارع الملك"} | ({"share_contact": True} if share else {})
    submission = door.Submission(
        tool="complaint",
        language="ar",
        title="حاوية",
        text=COMPLAINT,
        data=data,
        person=Person(name="سالم", email=email) if email else Person(),
        **fields,
    )
    return door.submit(consultation, submission).participation


def ask(consultation=None, *, email="", name="", **fields):
    """An enquiry as the form would have sent it; returns the receipt."""
    fields = {"subject": "موعد", "text": QUESTION, "language": "ar", **fields}
    person = Person(name=name, email=email)
    return enquiries.receive(consultation, enquiries.Enquiry(person=person, **fields))


def make_replier(**kwargs):
    """Somebody who answers for every department."""
    return make_user(permissions=["reply_officially"], **kwargs)
