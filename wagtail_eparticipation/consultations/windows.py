"""Holding the collection window: how submits and acts are ordered (AC-S3-F5)."""

from datetime import datetime

from django.db import connections, router
from django.db.models import F

from wagtail_eparticipation.consultations.models import (
    CollectionWindow,
    Consultation,
)

_SHARED = {"postgresql": " FOR SHARE", "mysql": " LOCK IN SHARE MODE"}


def hold_shared(consultation) -> CollectionWindow | None:
    """The window in force, held against change until the transaction ends.

    Any number of submits may hold it at once; on SQLite its single writer gives the
    same order. ``None`` when no period was ever set. Read the clock only after it.
    """
    alias = router.db_for_write(CollectionWindow)
    connection = connections[alias]
    _take_the_one_lock(CollectionWindow.objects.using(alias).filter(pk=consultation.pk))
    suffix = _SHARED.get(connection.vendor, "")
    columns = ", ".join(
        connection.ops.quote_name(field.column)
        for field in CollectionWindow._meta.concrete_fields
    )
    table = connection.ops.quote_name(CollectionWindow._meta.db_table)
    key = connection.ops.quote_name(CollectionWindow._meta.pk.column)
    # Only names of our own columns are put into the statement.
    sql = f"SELECT {columns} FROM {table} WHERE {key} = %s{suffix}"  # noqa: S608
    rows = list(CollectionWindow.objects.using(alias).raw(sql, [consultation.pk]))
    return rows[0] if rows else None


def _take_the_one_lock(windows) -> None:
    """On SQLite a write takes its single lock; a read alone would order nothing."""
    alias = router.db_for_write(CollectionWindow)
    if connections[alias].vendor == "sqlite":
        windows.update(accepting=F("accepting"))


def hold_exclusive(consultation) -> CollectionWindow | None:
    """The window in force, held alone: no submit is in flight until commit."""
    return (
        CollectionWindow.objects.select_for_update()
        .filter(consultation=consultation)
        .first()
    )


def hold_process(
    pk: int, *, skip_locked: bool = False
) -> tuple[Consultation | None, CollectionWindow | None]:
    """The process and its window, held alone by an act until the transaction ends.

    The window comes first: a submit that holds it shared still has rows to write
    which refer to the process, and would wait for an act that waits for the submit.
    With ``skip_locked`` gives ``(None, None)`` when somebody else is at work on it
    and the database can tell without waiting.
    """
    features = connections[router.db_for_write(CollectionWindow)].features
    skip_locked = skip_locked and features.has_select_for_update_skip_locked
    windows = CollectionWindow.objects.filter(pk=pk)
    _take_the_one_lock(windows)
    window = windows.select_for_update(skip_locked=skip_locked).first()
    if window is None and skip_locked and windows.exists():
        return None, None
    consultation = Consultation.objects.select_for_update().get(pk=pk)
    if window is None:
        # Another act may have set the first period while this one waited.
        window = hold_exclusive(consultation)
    if window is not None:
        consultation.window = window
    return consultation, window


def was_open(consultation, instant: datetime) -> bool:
    """Whether any period of the topic, also one before a reopening, held an instant.

    Asked for once an instance: a file may hold thousands of early rows.
    """
    if not hasattr(consultation, "_periods"):
        rows = consultation.periods.values_list("opens_at", "closes_at")
        consultation._periods = list(rows)
    return any(opens <= instant < closes for opens, closes in consultation._periods)


def stored_stage(consultation) -> str:
    """As the database has it, with the window held: the caller's copy may be old."""
    # Every submit asks this: written out, it costs a quarter of the ORM's query.
    connection = connections[router.db_for_write(Consultation)]
    table = connection.ops.quote_name(Consultation._meta.db_table)
    with connection.cursor() as cursor:
        sql = f"SELECT stored_stage FROM {table} WHERE id = %s"  # noqa: S608
        cursor.execute(sql, [consultation.pk])
        return cursor.fetchone()[0]
