"""What the readers of all formats share: the limits of a sheet, and python-calamine behind a guard."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping

import python_calamine

from crmxl.messages import Code
from crmxl.reading.gate import Refusal, guarded
from crmxl.reading.grid import OURS, Position
from crmxl.text import CELL_LIMIT, B, units
from crmxl.values import Raw, is_blank

BOX_LIMIT = 5_000_000
"""Cells in the smallest rectangle that holds a sheet's values; calamine's memory grows with it."""
CELL_COUNT_LIMIT = 500_000
"""Cells with a value in a workbook; the largest public one that was found has 400,000."""

FAR = B("celdas a una distancia desmedida", "cells at an immense distance")
_TOO_LONG = B("textos más largos de lo que cabe en una celda", "texts longer than a cell can hold")


def check_extent(sheet: str, values: int, last: Position) -> None:
    """Refuse a sheet that makes too many values of its workbook, or has them too far apart; `values` are those up to
    and with the sheet, `last` is its last row and last column."""
    if values > CELL_COUNT_LIMIT or (last[0] + 1) * (last[1] + 1) > BOX_LIMIT:
        raise Refusal(Code.F109, sheet, cause=FAR)


def check_text(text: Raw, sheet: str | None = None) -> None:
    """Refuse a text that no cell can hold."""
    if isinstance(text, str) and len(text) > CELL_LIMIT // 2 and units(text) > CELL_LIMIT:
        raise Refusal(Code.F109, sheet, cause=_TOO_LONG)


_UNSHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
"""What of a number format is literal: quoted or escaped text, padding, colours and conditions."""


def shows(code: str) -> str:
    """The strftime form of what a number format shows of a day: empty where it shows the day itself or no date.

    >>> shows("mmm-yy"), shows('mmmm" de "yyyy'), shows("yyyy"), shows("dd/mm/yyyy"), shows("0.00")
    ('%Y-%m', '%Y-%m', '%Y', '', '')
    """
    letters = set(_UNSHOWN.sub("", code.split(";")[0]).lower())
    if letters & set("dhs0#?@") or not letters & set("ym"):
        return ""
    return "%Y-%m" if "m" in letters else "%Y"


def as_shown(raw: Raw, form: str) -> Raw:
    """A day of which the cell shows the month or the year only, as that month or year: Excel makes 1 February 2010 of
    `feb 2010` and shows `feb-10`, and whoever wrote it meant the month."""
    return raw.strftime(form) if form and isinstance(raw, dt.date) else raw


def is_ours(name: str) -> bool:
    """Whether a workbook's name is one of ours."""
    return name.lower().startswith(OURS)


def sheet_of(reference: str) -> str:
    """The sheet of a reference (`'Matriz trata'!$A$6:$T$60`); an empty text where it has none."""
    sheet, bang, _ = reference.rpartition("!")
    return sheet.strip().removeprefix("'").removesuffix("'").replace("''", "'") if bang else ""


class Calamine:
    """A workbook as python-calamine reads it; one that it cannot open has no cells."""

    def __init__(self, data: bytes) -> None:
        self._book = guarded(lambda: python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)))

    @property
    def opened(self) -> bool:
        """Whether it reads the file at all."""
        return self._book is not None

    def cells(self, sheet: str) -> Mapping[Position, Raw]:
        """The cells of a sheet that are not blank; none if it cannot read the sheet."""
        return guarded(lambda: self._cells(sheet)) or {}

    def _cells(self, sheet: str) -> dict[Position, Raw]:
        if self._book is None:
            return {}
        rows = self._book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        return {
            (r, c): raw for r, row in enumerate(rows) for c, raw in enumerate(row) if raw != "" and not is_blank(raw)
        }
