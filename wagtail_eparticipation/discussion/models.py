"""The public discussion: a projection of the register (R-8.2a, R-5.3.1c)."""

import uuid

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django_comments.managers import CommentManager
from django_comments_xtd.models import XtdComment

from wagtail_eparticipation.languages import LocalisedTextField, direction
from wagtail_eparticipation.sanitize import as_safe


class CommentIsProjection(TypeError):
    """Somebody tried to save a published comment that is there already.

    Comments follow the register: use ``discussion.publish`` or the moderation desk.
    """


class PublishedComment(XtdComment):
    """One voice as the public reads it, written by ``discussion.publish`` alone.

    Holds the releasable text and the name that its author chose to show; never an
    account, an e-mail or an IP address. ``participation`` is empty for official
    replies. What lists need is in this table's own columns, so that a page of the
    discussion reads one table by one index. Threads have two levels: a reply to a
    reply joins its root, and ``reply_to`` keeps whom it answers.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        on_delete=models.PROTECT,
        related_name="published_comments",
    )
    participation = models.OneToOneField(
        "wagtail_eparticipation.Participation",
        null=True,
        on_delete=models.PROTECT,
        related_name="published_comment",
    )
    root = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="thread",
        # The listing filters by root and position; the constraint's index serves it.
        db_index=False,
    )
    reply_to = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+"
    )
    is_root = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(_("published at"))
    removed_at = models.DateTimeField(_("taken down at"), null=True)
    removed_under = models.CharField(_("clause"), max_length=20, blank=True)
    hidden = models.BooleanField(default=False)
    reply_count = models.PositiveIntegerField(default=0)
    agree_count = models.PositiveIntegerField(_("agreements"), default=0)
    is_official = models.BooleanField(_("official reply"), default=False)
    office = LocalisedTextField(_("office"), blank=True)
    kind = models.CharField(max_length=30, blank=True)
    #: Its participation's, so that the voices on one article are one index range.
    article = models.CharField(
        _("article"), max_length=40, blank=True, default="", editable=False
    )
    shown_name = models.CharField(_("name shown"), max_length=120, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    html = models.TextField(blank=True)
    sources = models.TextField(_("sources"), blank=True)
    language = models.CharField(_("language"), max_length=12)
    #: Released files, as ``participations.attachments.public_files`` describes them.
    files = models.JSONField(default=list, editable=False)

    objects = CommentManager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("published comment")
        verbose_name_plural = _("published comments")
        ordering = ["-published_at"]
        indexes = [
            models.Index(
                fields=["consultation", "-published_at", "-xtdcomment_ptr"],
                condition=models.Q(is_root=True, hidden=False),
                name="eparticipation_roots",
            ),
            models.Index(
                fields=["consultation", "article", "-published_at", "-xtdcomment_ptr"],
                condition=models.Q(is_root=True, hidden=False),
                name="eparticipation_on_article",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["root", "position"], name="eparticipation_thread_order"
            )
        ]

    def __str__(self):
        return f"{self.consultation_id}/{self.number}"

    @property
    def key(self) -> str:
        """The id used in public addresses and forms: 32 hexadecimal digits."""
        return self.public_id.hex

    @property
    def number(self) -> str:
        """Short public number, the same as its participation's."""
        return self.key[:8].upper()

    @property
    def anchor(self) -> str:
        """Id of the element on a page."""
        return f"voice-{self.key[:12]}"

    @property
    def is_taken_down(self) -> bool:
        """Whether a tombstone stands in its place (R-8.1a)."""
        return self.removed_at is not None

    @property
    def direction(self) -> str:
        """Writing direction of its language."""
        return direction(self.language)

    @property
    def safe_html(self):
        """The text, cleaned at the door, ready for a template."""
        return as_safe(self.html)

    def get_absolute_url(self, anchor_pattern: str = "") -> str:
        """The permalink below the topic's page, in the reader's language."""
        page_url = self.consultation.get_absolute_url()
        return f"{page_url}discussion/{self.key}/#{self.anchor}" if page_url else ""

    def save(self, *args, **kwargs):
        """Insert at constant cost; a saved comment is never saved again.

        The package's own ``save`` renumbers a thread for each reply and publishes a
        parent's hidden replies; ours takes the next position under the root's lock.
        """
        if not self._state.adding:
            raise CommentIsProjection(
                "A published comment follows the register; change it through "
                "wagtail_eparticipation.discussion.publish."
            )
        with transaction.atomic(using=kwargs.get("using"), savepoint=False):
            if self.root_id:
                self._take_position()
            else:
                self.level, self.order = 0, 1
            super(XtdComment, self).save(*args, **kwargs)
            if not self.root_id:
                # As the package has it: a root is its own parent and thread.
                self.parent_id = self.thread_id = self.pk
                XtdComment.norel_objects.filter(pk=self.pk).update(
                    parent_id=self.pk, thread_id=self.pk
                )

    def _take_position(self):
        """The next place in the thread; the update locks the root until commit."""
        thread = XtdComment.norel_objects.filter(pk=self.root_id)
        thread.update(nested_count=F("nested_count") + 1)
        self.position = thread.values_list("nested_count", flat=True).get()
        self.is_root = False
        self.level, self.order = 1, self.position + 1
        self.parent_id = self.thread_id = self.root_id

    def delete(self, *args, **kwargs):
        """Comments are taken down, never deleted (R-8.1b)."""
        raise CommentIsProjection("Take the participation down instead of deleting.")


class ArticleCount(models.Model):
    """How many published comments an article of a draft has; kept, never counted."""

    consultation = models.ForeignKey(
        "wagtail_eparticipation.Consultation",
        on_delete=models.PROTECT,
        related_name="article_counts",
        # The constraint's index begins with it.
        db_index=False,
    )
    article = models.CharField(_("article"), max_length=40)
    count = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("comments on an article")
        verbose_name_plural = _("comments on articles")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "article"],
                name="eparticipation_article_count_once",
            )
        ]

    def __str__(self):
        return f"{self.consultation_id}/{self.article}: {self.count}"
