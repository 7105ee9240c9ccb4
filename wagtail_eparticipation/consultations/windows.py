"""Holding the collection window: how submits and acts are ordered (AC-S3-F5)."""

from django.db import connections, router
from django.db.models import F

from wagtail_eparticipation.consultations.models import CollectionWindow

_SHARED = {"postgresql": " FOR SHARE", "mysql": " LOCK IN SHARE MODE"}


def hold_shared(consultation) -> CollectionWindow | None:
    """The window in force, held against change until the transaction ends.

    Any number of submits may hold it at once; on SQLite its single writer gives the
    same order. ``None`` when no period was ever set. Read the clock only after it.
    """
    alias = router.db_for_write(CollectionWindow)
    connection = connections[alias]
    if connection.vendor == "sqlite":
        # A write takes SQLite's one lock; a read alone would not order anything.
        own = CollectionWindow.objects.using(alias).filter(pk=consultation.pk)
        own.update(accepting=F("accepting"))
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


def hold_exclusive(consultation) -> CollectionWindow | None:
    """The window in force, held alone: no submit is in flight until commit."""
    return (
        CollectionWindow.objects.select_for_update()
        .filter(consultation=consultation)
        .first()
    )
