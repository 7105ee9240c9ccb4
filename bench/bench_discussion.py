"""Reading a discussion, and adding to it, with few and with many voices."""

import uuid
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.contrib.sites.models import Site
from django.db import connection
from django.db.models import Max
from django.template.loader import render_to_string
from django_comments.models import Comment
from django_comments_xtd.models import XtdComment

from bench.registry import bench
from tests.discussion.makers import make_participation, make_voice
from tests.factories import DURING, make_consultation
from wagtail_eparticipation.consultations.models import Consultation
from wagtail_eparticipation.consultations.stages import Stage
from wagtail_eparticipation.discussion import listing
from wagtail_eparticipation.discussion.models import PublishedComment
from wagtail_eparticipation.discussion.publish import publish
from wagtail_eparticipation.discussion.views import _listed

FEW, MANY = 100, 10_000
HTML = '<p dir="auto">أقترح زيادة عدد المقاعد المظللة قرب ألعاب الأطفال.</p>'


def filled(number, *, root=None, consultation=None):
    """A topic with so many voices, written in bulk; or so many replies to one."""
    Site.objects.get_or_create(pk=1, defaults={"domain": "example.com"})
    if root:
        consultation = root.consultation
    consultation = consultation or make_consultation()
    about = ContentType.objects.get_for_model(Consultation)
    # Well above those that the database gives by itself.
    first = (Comment.objects.aggregate(top=Max("pk"))["top"] or 0) + 1_000_000
    keys = range(first, first + number)
    Comment.objects.bulk_create(
        Comment(
            pk=key,
            content_type=about,
            object_pk=str(consultation.pk),
            site_id=1,
            comment="نص",
            submit_date=DURING,
        )
        for key in keys
    )
    _insert(
        XtdComment,
        [
            XtdComment(
                comment_ptr_id=key,
                thread_id=root.pk if root else key,
                parent_id=root.pk if root else key,
                level=1 if root else 0,
                order=place + 2 if root else 1,
            )
            for place, key in enumerate(keys)
        ],
    )
    _insert(
        PublishedComment,
        [
            PublishedComment(
                xtdcomment_ptr_id=key,
                public_id=uuid.uuid4(),
                consultation=consultation,
                root_id=root.pk if root else None,
                is_root=root is None,
                position=place + 1 if root else 0,
                published_at=DURING + timedelta(seconds=place),
                shown_name="سارة",
                html=HTML,
                language="ar",
                office={},
            )
            for place, key in enumerate(keys)
        ],
    )
    if root:
        XtdComment.norel_objects.filter(pk=root.pk).update(nested_count=number)
    # What the database does by itself after a while; here it has no time for it. On
    # MariaDB it would end the transaction that is to be rolled back.
    if connection.vendor != "mysql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {PublishedComment._meta.db_table}")
    return consultation


def _insert(model, rows):
    """Only the model's own table; Django bulk-creates no inherited rows."""
    fields = model._meta.local_concrete_fields
    for start in range(0, len(rows), 500):
        model._base_manager._insert(
            rows[start : start + 500], fields=fields, using="default"
        )


def showing(consultation, read):
    """What the section of the page does: read and make HTML."""

    def show():
        context = _listed(
            "/ar/topic/", read(consultation), Stage.COLLECTING, consultation
        )
        return render_to_string(
            "wagtail_eparticipation/discussion/voices.html", context
        )

    return show


@bench("discussion: first page of 100 voices", queries_at_most=3)
def few():
    return showing(filled(FEW), listing.newest)


@bench(
    "discussion: first page of 10,000 voices",
    queries_at_most=3,
    compared_with="discussion: first page of 100 voices",
)
def many():
    return showing(filled(MANY), listing.newest)


@bench(
    "discussion: a page from the end of 10,000 voices",
    queries_at_most=3,
    compared_with="discussion: first page of 10,000 voices",
    ratio_at_most=1.5,
)
def the_end():
    consultation = filled(MANY)
    oldest = PublishedComment.objects.filter(consultation=consultation)
    key = oldest.order_by("published_at")[30].key
    return showing(consultation, lambda topic: listing.older_than(topic, key))


def replying(root):
    return lambda: publish(
        make_participation(root.consultation, parent=root.participation), now=DURING
    )


@bench("discussion: publishing the first replies of a thread")
def first_replies():
    return replying(make_voice())


@bench(
    "discussion: publishing a reply in a thread of 1,000",
    compared_with="discussion: publishing the first replies of a thread",
    ratio_at_most=3,
)
def late_replies():
    root = make_voice()
    filled(1000, root=root)
    return replying(root)
