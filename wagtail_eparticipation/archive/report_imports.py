"""What the closing report says of other channels: imports, their check, figures apart.

Numbers alone: no row, no file name and no member of staff is named.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wagtail_eparticipation.archive.report_blocks import (
    Block,
    facts,
    heading,
    isolate,
    note,
    share,
    table,
)
from wagtail_eparticipation.calendars.words import date_words
from wagtail_eparticipation.languages import pick
from wagtail_eparticipation.participations.aggregating import in_force, reach_of
from wagtail_eparticipation.participations.batches import ImportBatch
from wagtail_eparticipation.participations.second_reading import (
    Reading,
    readings_of,
    total_of,
)


def import_blocks(consultation, language: str) -> Iterable[Block]:
    """Imports with their error rates, and figures that are in no total."""
    batches = list(
        consultation.import_batches.exclude(state=ImportBatch.State.PREPARED).order_by(
            "id"
        )
    )
    if batches:
        yield from _imports(consultation, batches)
    yield from figures_blocks(consultation, language)


def _imports(consultation, batches) -> Iterable[Block]:
    yield heading(_("Participations imported from other channels"))
    yield table(
        _("Imports"),
        [
            _("Batch"),
            _("Channel"),
            _("State"),
            _("Imported"),
            _("In the late box"),
            _("Not imported"),
        ],
        [
            [
                isolate(batch.code),
                batch.get_channel_display(),
                batch.get_state_display(),
                batch.imported,
                batch.late,
                batch.failed,
            ]
            for batch in batches
        ],
        numeric=[3, 4, 5],
    )
    readings = readings_of(consultation)
    if not readings:
        return
    rows = [
        [isolate(batch.code), *_columns(readings[batch.pk])]
        for batch in batches
        if batch.pk in readings
    ]
    rows.append([_("Total"), *_columns(total_of(readings.values()))])
    yield table(
        _("Second reading of rows that were typed"),
        [_("Batch"), _("Drawn"), pgettext("rows", "Read"), _("Differed"), _("Rate")],
        rows,
        numeric=[1, 2, 3, 4],
    )
    yield note(
        _(
            "Of each import that was typed, one row in ten, at least ten, was drawn by"
            " lot and compared with its evidence by somebody who had not imported it."
        )
    )


def _columns(reading: Reading) -> list:
    rate = share(reading.corrected, reading.read)
    return [reading.drawn, reading.read, reading.corrected, rate]


def figures_blocks(consultation, language: str) -> Iterable[Block]:
    """What other places counted, and reach: beside the counts, in none of them."""
    figures, reach = in_force(consultation), reach_of(consultation)
    if not figures and not any(reach.values()):
        return
    yield heading(_("Counted elsewhere"))
    yield note(
        _(
            "These figures come from other places. They are not part of the number of"
            " participations and are not added to it."
        )
    )
    if figures:
        yield table(
            _("Figures of other places"),
            [
                _("Source"),
                _("What was counted"),
                pgettext("count", "Number"),
                pgettext("day", "From"),
                pgettext("day", "To"),
                pgettext("figure", "Where it stands"),
            ],
            [
                [
                    pick(figure.source, language),
                    pick(figure.counted, language),
                    figure.number,
                    date_words(figure.first_day, language),
                    date_words(figure.last_day, language),
                    isolate(figure.reference or figure.url)
                    if figure.reference or figure.url
                    else _("Evidence kept on file"),
                ]
                for figure in figures
            ],
            numeric=[2],
        )
    if any(reach.values()):
        yield facts(
            [
                (_("Likes of imported posts"), reach["likes"]),
                (_("Shares of imported posts"), reach["shares"]),
            ]
        )
