"""`Antes de enviar`: what is still missing in a template, by formulas alone, which every spreadsheet program knows."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crmxl.around import BEFORE_SENDING
from crmxl.definition import Column, Kind, Record
from crmxl.envelope import ENVELOPE
from crmxl.findings import address, letters
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


_READY = B("LISTO", "READY")
_LACKING = B("FALTA", "MISSING")
_BLANK = B("{column} en blanco", "{column} is blank")


def write_before_sending(
    sheet: Sheet, progress: Sequence[Progress], cells: Mapping[str, str], lang: Lang, chosen: str | None = None
) -> None:
    """What is still missing, by formulas: the verdict, a line a required column, a line a row. `chosen` is the type of
    sending that is there already."""
    sheet.widths((70, 22, 12, 12))
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
        for column, position in table.required if table.records else ():
            filled = sum(column.key in record.values for record in table.records)
            total = len(table.records)
            spots = _range(table, position)
            sheet.text(row, 0, f"{table.sheet}: {column.title[lang]}", styles.CELL)
            sheet.formula(row, 1, f"=SUMPRODUCT(--(LEN(TRIM({spots}))>0))", filled, styles.CELL)
            sheet.value(row, 2, total, styles.CELL)
            sheet.formula(row, 3, f"=C{row + 1}-B{row + 1}", total - filled, styles.CELL)
            sums.append((f"D{row + 1}", total - filled))
            row += 1
    kind_cell = cells["type"]
    _write_verdict(sheet, kind_cell, sums, lang, chosen)
    row += 1
    sheet.across(row, 0, (B("Fila por fila", "Row by row")[lang], B("¿Llena?", "Filled?")[lang]), styles.HEADER)
    for table in progress:
        for column, position in table.required:
            for offset, record in enumerate(table.records):
                row += 1
                spot = f"'{table.sheet}'!{address(table.first + offset, position)}"
                missing = _BLANK.format(column=column.title)[lang]
                sheet.text(
                    row,
                    0,
                    f"{record.key[0]}  {textwrap.shorten(table.kind.about(record.values, lang), 64, placeholder='…')}",
                    styles.CELL,
                )
                saved = "✓" if column.key in record.values else missing
                sheet.formula(row, 1, f'=IF(LEN(TRIM({spot}))>0,"✓","{missing}")', saved, styles.CELL)
    sheet.raw.protect("", {"format_columns": True, "format_rows": True})
    sheet.print_setup(landscape=False)


def _range(table: Progress, position: int) -> str:
    letter = letters(position)
    return f"'{table.sheet}'!${letter}${table.first + 1}:${letter}${table.first + len(table.records)}"


def _write_verdict(
    sheet: Sheet, type_cell: str, sums: Sequence[tuple[str, int]], lang: Lang, chosen: str | None
) -> None:
    """LISTO when the type of sending is chosen and, if it is complete, nothing required is missing."""
    types = next(c for c in ENVELOPE if c.key == "type").type.restrict().options
    complete = next(label[lang] for label in types if fold(label.es) == "completo")
    missing = "+".join(cell for cell, _ in sums) or "0"
    choose = B("elija el tipo de envío en Instrucciones", "choose the type of sending in Instructions")[lang]
    fill = B("hay celdas obligatorias en blanco (vea abajo)", "required cells are blank (see below)")[lang]
    formula = (
        f'=IF(LEN(TRIM({type_cell}))=0,"{_LACKING[lang]}: {choose}",'
        f'IF(AND({type_cell}="{complete}",({missing})>0),"{_LACKING[lang]}: {fill}","{_READY[lang]}"))'
    )
    look: Style = {"bold": True, "font_size": 16, "font_color": styles.NAVY}
    lacking = chosen == "complete" and any(count for _, count in sums)
    saved = f"{_LACKING[lang]}: {fill if lacking else choose}" if lacking or not chosen else _READY[lang]
    sheet.formula(1, 0, formula, saved, look)
    sheet.text(2, 0, B("Se calcula solo.", "It calculates itself.")[lang], styles.SMALL)
