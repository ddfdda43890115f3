"""Data sheets: records as flat rows under a header that is read back by its headings."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from crmxl import limits
from crmxl.definition import Column, Record, Table
from crmxl.files import WRITTEN
from crmxl.text import Lang
from crmxl.values import Choice, Country, Raw, Value, as_text
from crmxl.writing import styles
from crmxl.writing.sheet import Sheet, Style, Workbook

Look = Callable[[Record, Column], Style | None]
"""The look of a cell; None for the usual one."""

REPEATING = frozenset(("section", "objective"))
"""Columns whose value is repeated on each row and greyed from the second on."""


UNBROKEN = frozenset(("sha256",))
"""Columns whose values are not to be read but compared: they stand on one line, however narrow the column."""


@dataclass(frozen=True)
class Rows:
    """What a data sheet shows: records, the lines above the header, computed cells, and how cells look."""

    records: Sequence[Record]
    preamble: Sequence[str] = ()
    computed: Mapping[str, Callable[[Record], Value]] = field(default_factory=dict)
    look: Look | None = None
    choices: Callable[[Record, Column], Sequence[str]] | None = None
    """Where the rows of a column have choices of their own, those of a row; none where it has the column's."""
    printed: str | None = None
    """The last column that is printed; all of them if there is none."""
    lead: int = 1
    """The first columns that stand on each page, where a table takes two side by side."""


def write_data(workbook: Workbook, table: Table, rows: Rows, lang: Lang, tab: str | None = None) -> tuple[Sheet, int]:
    """Write one data sheet, and those on which it goes on where its rows are more than a sheet holds; the first sheet
    and the row of its header (from 0)."""
    whole, most = rows.records, limits.ROWS - limits.HEAD
    first, header = _write_sheet(workbook, table, replace(rows, records=whole[:most]), lang, table.sheet[lang], tab)
    for number in range(2, limits.portions(len(whole)) + 1):
        part = replace(rows, records=whole[(number - 1) * most : number * most])
        _write_sheet(workbook, table, part, lang, limits.continued(table.sheet[lang], number), tab)
    return first, header


def _write_sheet(
    workbook: Workbook, table: Table, rows: Rows, lang: Lang, name: str, tab: str | None
) -> tuple[Sheet, int]:
    sheet = workbook.sheet(name, tab)
    for row, line in enumerate(rows.preamble):
        sheet.text(row, 0, line, styles.TITLE if row == 0 else styles.SUBTITLE if row < 3 else styles.SMALL)
    header = len(rows.preamble) + 1 if rows.preamble else 0
    for position, column in enumerate(table.columns):
        sheet.text(header, position, column.title[lang], styles.HEADER)
    before: Record | None = None
    columns = [
        (position, column, _Shown(column, lang), rows.computed.get(column.key), _usual_look(column, rows))
        for position, column in enumerate(table.columns)
    ]
    for offset, record in enumerate(WRITTEN.get()(rows.records), start=header + 1):
        for position, column, shown, computed, usual in columns:
            value = computed(record) if computed else record.values.get(column.key)
            style = usual or _look(record, before, column, rows)
            if shown.link:
                write_cell(sheet, offset, position, column, value, lang, style)
            else:
                sheet.value(offset, position, shown[value], style)
        before = record
    sheet.widths(column.width for column in table.columns)
    sheet.height(header, 32)
    sheet.raw.freeze_panes(header + 1, 1)
    if rows.records:
        sheet.raw.autofilter(header, 0, header + len(rows.records), len(table.columns) - 1)
    _restrict(sheet, table, header, rows, lang)
    printed = 1 + next((i for i, c in enumerate(table.columns) if c.key == rows.printed), -1)
    title = (rows.preamble[0] if rows.preamble else "", header)
    sheet.print_setup(header, columns=printed, title=title, keys=rows.lead)
    return sheet, header


class _Shown(dict[Value, Value]):
    """What a column shows of its values; of those that come again, as the labels of choices do, it is asked once."""

    def __init__(self, column: Column, lang: Lang) -> None:
        super().__init__({None: None})
        self.column, self.lang = column, lang
        self.link = column.type.format == "link"
        self.few = isinstance(column.type, Choice | Country)

    def __missing__(self, value: Value) -> Value:
        shown = self.column.type.write(value, self.lang)
        if self.few:
            self[value] = shown
        return shown


_UNBROKEN: Style = {**styles.CELL, "text_wrap": False, "shrink": True}


def _usual_look(column: Column, rows: Rows) -> Style | None:
    """The look of all cells of a column, where it is the same for all."""
    if column.key in UNBROKEN:
        return _UNBROKEN
    return styles.CELL if rows.look is None and column.key not in REPEATING else None


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


def _restrict(sheet: Sheet, table: Table, header: int, rows: Rows, lang: Lang) -> None:
    """Drop-downs where the Secretariat works in its own sheets."""
    for position, column in enumerate(table.columns):
        if isinstance(column.type, Choice | Country) and rows.records:
            labels = [option[lang] for option in column.type.restrict().options]
            own = [rows.choices(record, column) if rows.choices else () for record in rows.records]
            for first, last, few in _runs(own):
                _list_rule(sheet, (header + 1 + first, position), (header + 1 + last, position), few or labels)


def _runs(lists: Sequence[Sequence[str]]) -> Iterator[tuple[int, int, Sequence[str]]]:
    """Runs of rows with the same choices: the first, the last, the choices."""
    for choices, run in groupby(range(len(lists)), key=lambda row: tuple(lists[row])):
        rows = list(run)
        yield rows[0], rows[-1], choices


def _list_rule(sheet: Sheet, first: tuple[int, int], last: tuple[int, int], labels: Sequence[str]) -> None:
    if sum(map(len, labels)) + len(labels) <= 255:
        sheet.rule(first, last, {"validate": "list", "source": list(labels), "error_type": "warning"})


def write_extra(workbook: Workbook, name: str, cells: Mapping[tuple[int, int], Raw]) -> None:
    """A sheet that is none of ours, carried along as plain values."""
    sheet = workbook.sheet(name)
    for (row, position), raw in sorted(cells.items(), key=lambda item: item[0]):
        number = raw if isinstance(raw, int | float) and not isinstance(raw, bool) and math.isfinite(raw) else None
        sheet.value(row, position, as_text(raw) if number is None else number, styles.PLAIN)
