"""The kinds of file that the chapters of a package are made of."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils.translation import override

from wagtail_eparticipation.languages import direction
from wagtail_eparticipation.participations.cells import safe_cell


def as_json(value: Any) -> str:
    """Readable JSON with Arabic as Arabic."""
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def as_lines(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """One JSON object a line."""
    for row in rows:
        line = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
        yield line.encode() + b"\n"


def as_table(
    columns: tuple[str, ...], rows: Iterable[dict[str, Any]]
) -> Iterator[bytes]:
    """CSV that a spreadsheet opens as it is and takes for no formula."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, extrasaction="ignore")
    buffer.write("\ufeff")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: safe_cell(row[key]) for key in columns})
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def as_page(language: str, template: str, **context) -> str:
    """A page in a chapter's folder, in one language."""
    with override(language):
        return render_to_string(
            f"wagtail_eparticipation/archive/{template}",
            {
                "language": language,
                "direction": direction(language),
                "stylesheet": "../style.css",
                **context,
            },
        )
