"""`Antes de enviar`: what is still missing in a template, by formulas alone, which every spreadsheet program knows."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from crmxl.around import BEFORE_SENDING
from crmxl.definition import Column, Kind, Record
from crmxl.envelope import ENVELOPE
from crmxl.findings import address, letters
from crmxl.tables import shown
from crmxl.text import B, Lang, fold
from crmxl.writing import styles
from crmxl.writing.sheet import Sheet, Style


@dataclass(frozen=True)
class Progress:
    """Where a table's required cells stand: its rows and, by column, the range and how many are blank now."""

    kind: Kind
    sheet: str
    first: int
    records: Sequence[Record]
    required: Sequence[tuple[Column, int]]
    tentative: tuple[int, tuple[str, str], str] | None = None
    """The position of the column in which an answer is still to be confirmed, with its choice and what that says."""


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_READY = B("LISTO", "READY")
_LACKING = B("FALTA", "MISSING")
_BLANK = B("{column} en blanco", "{column} is blank")


def write_before_sending(
    sheet: Sheet,
    progress: Sequence[Progress],
    cells: Mapping[str, str],
    lang: Lang,
    chosen: str | None = None,
    *,
    reviewed: bool = False,
) -> None:
    """What is still missing, by formulas: the verdict, a line a required column, a line a row. `chosen` is the type of
    sending that is there already; a copy that is `reviewed` has a list of corrections besides."""
    sheet.widths((74, 22, 18, 12))
    sheet.text(0, 0, BEFORE_SENDING[lang], styles.TITLE)
    head = (
        B("Qué", "What"),
        B("Llenas", "Filled"),
        B("Total", "Total"),
        B("Faltan", "Missing"),
    )
    sheet.across(4, 0, (label[lang] for label in head), styles.HEADER)
    row, sums = 5, []
    for table in progress:
        for column, position in table.required:
            for band, runs in _bands(table, lang).items():
                sums.append(_write_sum(sheet, row, table, (column, position), band, runs))
                row += 1
    left = f"SUM(D6:D{max(row, 6)})", sum(sums)
    _write_verdict(sheet, cells["type"], left, lang, chosen)
    itself = B("Se calcula solo.", "Calculated automatically.")
    more = B("Se calcula solo. Vea también Correcciones.", "Calculated automatically. See Corrections too.")
    sheet.text(2, 0, (more if reviewed else itself)[lang], styles.SMALL)
    row += 1
    rows_head = row
    heads = B("Fila por fila", "Row by row"), B("¿Llena?", "Filled?"), B("Dónde", "Where")
    sheet.across(row, 0, (label[lang] for label in heads), styles.HEADER)
    for table in progress:
        for column, position in table.required:
            for offset, record in enumerate(table.records):
                row += 1
                _write_row(sheet, row, table, column, address(table.first + offset, position), record, lang)
    sheet.raw.protect("", {"format_columns": True, "format_rows": True})
    sheet.height(1, 24)
    sheet.print_setup(4, landscape=False)
    sheet.raw.print_area(0, 0, rows_head - 2, 3)  # row by row is for the screen, where its links lead somewhere


def _write_sum(
    sheet: Sheet,
    row: int,
    table: Progress,
    required: tuple[Column, int],
    band: str,
    runs: Sequence[tuple[int, list[Record]]],
) -> int:
    """How many cells of a required column are filled in a section; how many are missing now."""
    column, position = required
    records = [record for _, run in runs for record in run]
    filled, total = sum(column.key in record.values for record in records), len(records)
    formula = "+".join(f"SUMPRODUCT(--(LEN(TRIM({_spots(table, position, *run)}))>0))" for run in runs)
    name = " · ".join(filter(None, (table.sheet, column.title[sheet.workbook.lang], band)))
    sheet.text(row, 0, textwrap.shorten(name, 92, placeholder="…"), styles.CELL)
    sheet.formula(row, 1, f"={formula}", filled, styles.CELL)
    sheet.value(row, 2, total, styles.CELL)
    sheet.formula(row, 3, f"=C{row + 1}-B{row + 1}", total - filled, styles.CELL)
    return total - filled


def _bands(table: Progress, lang: Lang) -> dict[str, list[tuple[int, list[Record]]]]:
    """The sections of a table by name: where each of their runs of rows begins, and its records."""
    key = table.kind.board.band if table.kind.board else None
    found: dict[str, list[tuple[int, list[Record]]]] = {}
    row = table.first
    for value, group in groupby(table.records, key=lambda record: record.values.get(key) if key else None):
        name = shown(value, table.kind.column(key), lang) if key and value is not None else ""
        records = list(group)
        found.setdefault(name, []).append((row, records))
        row += len(records)
    return found


def _spots(table: Progress, position: int, first: int, records: Sequence[Record]) -> str:
    letter = letters(position)
    return f"'{table.sheet}'!${letter}${first + 1}:${letter}${first + len(records)}"


def _write_row(sheet: Sheet, row: int, table: Progress, column: Column, cell: str, record: Record, lang: Lang) -> None:
    """Whether one required cell is filled in, and a link to it, with its address where a program follows no links."""
    missing = _BLANK.format(column=column.title)[lang]
    about = textwrap.shorten(table.kind.about(record.values, lang), 150, placeholder="…")
    sheet.text(row, 0, f"{record.key[0]}  {about}", styles.CELL)
    saved, there = "✓" if column.key in record.values else missing, '"✓"'
    spot = f"'{table.sheet}'!{cell}"
    if table.tentative:
        position, key, label = table.tentative
        state = f"'{table.sheet}'!{letters(position)}{cell.lstrip(_LETTERS)}"
        there = f'IF({state}="{label}","{label}","✓")'
        saved = label if saved == "✓" and record.values.get(key[0]) == key[1] else saved
    sheet.formula(row, 1, f'=IF(LEN(TRIM({spot}))>0,{there},"{missing}")', saved, styles.CELL)
    sheet.internal_link(row, 2, table.sheet, cell, f"{table.sheet}!{cell}", styles.LINK)


def _write_verdict(sheet: Sheet, type_cell: str, left: tuple[str, int], lang: Lang, chosen: str | None) -> None:
    """LISTO when the type of sending is chosen and, if it is complete, nothing required is missing; what is `left` as a
    formula has it, and as it is now."""
    types = next(c for c in ENVELOPE if c.key == "type").type.restrict().options
    complete, partial = (next(o[lang] for o in types if fold(o.es) == name) for name in ("completo", "parcial"))
    blank = B("envío parcial; en blanco: ", "partial; blank: ")[lang]
    missing, count = left
    choose = B("elija el tipo de envío en Instrucciones", "choose the type of sending in Instructions")[lang]
    fill = B("hay celdas obligatorias en blanco (vea abajo)", "required cells are blank (see below)")[lang]
    formula = (
        f'=IF(LEN(TRIM({type_cell}))=0,"{_LACKING[lang]}: {choose}",'
        f'IF(AND({type_cell}="{complete}",{missing}>0),"{_LACKING[lang]}: {fill}",'
        f'IF(AND({type_cell}="{partial}",{missing}>0),"{_READY[lang]} ({blank}"&{missing}&")","{_READY[lang]}")))'
    )
    look: Style = {"bold": True, "font_size": 16, "font_color": styles.NAVY}
    lacking = chosen == "complete" and count > 0
    saved = f"{_LACKING[lang]}: {fill if lacking else choose}" if lacking or not chosen else _READY[lang]
    saved += f" ({blank}{count})" if chosen == "partial" and count else ""
    sheet.formula(1, 0, formula, saved, look)
