"""Data sheets: records as flat rows under a header that is read back by its headings."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from crmxl.definition import Column, Record, Table
from crmxl.text import Lang
from crmxl.values import Choice, Country, Raw, Value, as_text
from crmxl.writing import styles
from crmxl.writing.sheet import Sheet, Style, Workbook

Look = Callable[[Record, Column], Style | None]
"""The look of a cell; None for the usual one."""

REPEATING = frozenset(("section", "objective"))
"""Columns whose value is repeated on each row and greyed from the second on."""


@dataclass(frozen=True)
class Rows:
    """What a data sheet shows: records, the lines above the header, computed cells, and how cells look."""

    records: Sequence[Record]
    preamble: Sequence[str] = ()
    computed: Mapping[str, Callable[[Record], Value]] = field(default_factory=dict)
    look: Look | None = None


def write_data(workbook: Workbook, table: Table, rows: Rows, lang: Lang, tab: str | None = None) -> tuple[Sheet, int]:
    """Write one data sheet; the sheet and the row of its header (from 0)."""
    sheet = workbook.sheet(table.sheet[lang], tab)
    for row, line in enumerate(rows.preamble):
        sheet.text(row, 0, line, styles.TITLE if row == 0 else styles.SUBTITLE if row < 3 else styles.SMALL)
    header = len(rows.preamble) + 1 if rows.preamble else 0
    for position, column in enumerate(table.columns):
        sheet.text(header, position, column.title[lang], styles.HEADER)
    before: Record | None = None
    for offset, record in enumerate(rows.records, start=header + 1):
        for position, column in enumerate(table.columns):
            write_cell(
                sheet, offset, position, column, _value(record, column, rows), lang, _look(record, before, column, rows)
            )
        before = record
    sheet.widths(column.width for column in table.columns)
    sheet.height(header, 32)
    sheet.raw.freeze_panes(header + 1, 1)
    if rows.records:
        sheet.raw.autofilter(header, 0, header + len(rows.records), len(table.columns) - 1)
    _restrict(sheet, table, header, len(rows.records), lang)
    sheet.print_setup(header)
    return sheet, header


def _value(record: Record, column: Column, rows: Rows) -> Value:
    if column.computed:
        return rows.computed[column.key](record) if column.key in rows.computed else None
    return record.values.get(column.key)


def _look(record: Record, before: Record | None, column: Column, rows: Rows) -> Style:
    own = rows.look(record, column) if rows.look else None
    if own is not None:
        return own
    if column.key in REPEATING and before and before.values.get(column.key) == record.values.get(column.key):
        return styles.REPEATED
    return styles.CELL


def write_cell(sheet: Sheet, row: int, position: int, column: Column, value: Value, lang: Lang, style: Style) -> None:
    """Write a value as its column shows it."""
    shown = column.type.write(value, lang) if value is not None else None
    link = column.type.format == "link" and isinstance(shown, str) and isinstance(column.type.read(shown), str)
    sheet.value(row, position, shown, {**style, **_link_look(style)} if link else style, link=link)


def _link_look(style: Style) -> Style:
    return {"font_color": "#0563C1", "underline": 1} if "bg_color" not in style else {"underline": 1}


def _restrict(sheet: Sheet, table: Table, header: int, count: int, lang: Lang) -> None:
    """Drop-downs where the Secretariat works in its own sheets."""
    for position, column in enumerate(table.columns):
        if isinstance(column.type, Choice | Country) and count:
            labels = [option[lang] for option in column.type.restrict().options]
            if sum(map(len, labels)) + len(labels) <= 255:
                rule = {"validate": "list", "source": labels, "error_type": "warning"}
                sheet.rule((header + 1, position), (header + count, position), rule)


def write_extra(workbook: Workbook, name: str, cells: Mapping[tuple[int, int], Raw]) -> None:
    """A sheet that is none of ours, carried along as plain values."""
    sheet = workbook.sheet(name)
    for (row, position), raw in sorted(cells.items(), key=lambda item: item[0]):
        number = raw if isinstance(raw, int | float) and not isinstance(raw, bool) and math.isfinite(raw) else None
        sheet.value(row, position, as_text(raw) if number is None else number, styles.PLAIN)
