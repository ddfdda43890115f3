"""Workbooks of Excel 97-2003 (.xls): values by python-calamine, counted, with their errors and notes, by xlrd.

Neither is trusted alone: calamine empties error cells and panics on damaged files, xlrd knows no types but numbers
for days. The cells of the one must be the cells of the other. Formulas always have a result in this format.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from crmxl.messages import Code
from crmxl.reading.cells import Calamine, as_shown, check_extent, check_text, shows
from crmxl.reading.gate import Refusal, guarded
from crmxl.reading.grid import Comment, Grid, Position
from crmxl.values import Raw, is_blank

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Sheet

_BIFF5 = 50
"""Excel 5.0, of 1993, the oldest format that both readers know."""


def _workbook(data: bytes, *, formatting: bool) -> Book:
    import xlrd  # only these files need it

    return xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), ragged_rows=True, formatting_info=formatting)


def _opened(data: bytes) -> Book:
    from xlrd.biffh import XLRDError

    try:
        book = guarded(lambda: _workbook(data, formatting=True)) or _workbook(data, formatting=False)
    except XLRDError as fault:
        encrypted = "encrypted" in str(fault)
        raise Refusal(Code.F106, form="encrypted") if encrypted else Refusal(Code.F107) from None
    if book.biff_version < _BIFF5:
        raise Refusal(Code.F105, form="xls4")
    return book


def _counted(sheet: Sheet, before: int) -> tuple[set[Position], dict[Position, str]]:
    """The cells with a value, and among them what the error cells show."""
    from xlrd import XL_CELL_BLANK, XL_CELL_EMPTY, XL_CELL_ERROR, error_text_from_code

    values: set[Position] = set()
    errors: dict[Position, str] = {}
    last = (-1, -1)
    for row in range(sheet.nrows):
        for column, (kind, raw) in enumerate(zip(sheet.row_types(row), sheet.row_values(row), strict=True)):
            if kind in (XL_CELL_EMPTY, XL_CELL_BLANK) or is_blank(raw):
                continue
            values.add((row, column))
            last = (row, max(last[1], column))
            if kind == XL_CELL_ERROR:
                errors[row, column] = error_text_from_code.get(int(raw), f"#{raw}!")
    check_extent(sheet.name, before + len(values), last)
    return values, errors


def _shown(book: Book, sheet: Sheet, spot: Position) -> str:
    """The form of what a cell shows of a day; empty where it shows the day, or the file does not tell."""
    code = guarded(lambda: book.format_map[book.xf_list[sheet.cell_xf_index(*spot)].format_key].format_str)
    return shows(code) if code else ""


def _is_text(book: Book, sheet: Sheet, spot: Position) -> bool:
    """Whether a cell is formatted as text: a zero in it is a formula whose text was not calculated when it was saved,
    for who types 0 there writes a text."""
    code = guarded(lambda: book.format_map[book.xf_list[sheet.cell_xf_index(*spot)].format_key].format_str)
    return book.formatting_info and code == "@"


def _struck(book: Book, sheet: Sheet, spot: Position) -> bool:
    """Whether a font of a cell strikes its text out, or a part of it; no where the file does not tell."""
    fonts = [font for _, font in sheet.rich_text_runlist_map.get(spot, ())]
    whole = guarded(lambda: book.font_list[book.xf_list[sheet.cell_xf_index(*spot)].font_index].struck_out)
    return bool(whole or guarded(lambda: any(book.font_list[font].struck_out for font in fonts)))


def _comments(sheet: Sheet) -> dict[Position, Comment]:
    return {spot: Comment((n.author or "").strip(), n.text or "") for spot, n in sheet.cell_note_map.items()}


def _plain(raw: Raw) -> Raw:
    return raw.replace("\r\n", "\n") if isinstance(raw, str) else raw


def read_grids(data: bytes) -> Iterator[Grid]:
    """The sheets of a workbook, in their order; chart sheets have no cells and are passed over."""
    book = _opened(data)
    first = Calamine(data)
    before = 0
    for sheet in book.sheets():
        counted, errors = _counted(sheet, before)
        before += len(counted)
        cells = {spot: _plain(raw) for spot, raw in first.cells(sheet.name).items()} | errors
        days = [spot for spot, raw in cells.items() if isinstance(raw, dt.date) and spot in counted]
        cells |= {spot: as_shown(cells[spot], _shown(book, sheet, spot)) for spot in days if book.formatting_info}
        if cells.keys() != counted:
            raise Refusal(Code.F108, sheet.name, counted=len(counted), read=len(cells.keys() & counted))
        for raw in cells.values():
            check_text(raw, sheet.name)
        lost = {spot for spot, raw in cells.items() if raw == 0 and raw is not False and _is_text(book, sheet, spot)}
        yield Grid(
            name=sheet.name,
            unsaved=dict.fromkeys(sorted(lost), "0"),
            cells=dict(sorted((at, raw) for at, raw in cells.items() if at not in lost)),
            hidden=sheet.visibility != 0,
            comments=_comments(sheet),
            errors=frozenset(errors),
            struck=frozenset(spot for spot in counted if book.formatting_info and _struck(book, sheet, spot)),
            hidden_rows=frozenset(row for row, info in sheet.rowinfo_map.items() if info.hidden),
            hidden_columns=frozenset(column for column, info in sheet.colinfo_map.items() if info.hidden),
            merged=tuple(((top, left), (below - 1, right - 1)) for top, below, left, right in sheet.merged_cells),
        )
