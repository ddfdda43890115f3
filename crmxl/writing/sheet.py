"""A workbook being written: checked calls, shared formats, texts that stay texts.

XlsxWriter returns a negative number where others raise: every call here is checked. No text becomes a formula, and a
link is made of a value of a Link column only, with its whole address visible.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import xlsxwriter

from crmxl import limits
from crmxl.text import CELL_LIMIT, Lang, within_cell
from crmxl.values import Value

Style = Mapping[str, Any]
"""Properties of a format, as XlsxWriter names them."""

EPOCH = dt.datetime(2000, 1, 1)
FIRST_DAY = dt.date(1900, 3, 1)
"""Earlier days are written as text: workbooks count days from 1900, and take that year for a leap year."""
LINK_LIMIT = 2_000
"""Longer addresses stay text, by their UTF-8 bytes: Excel refuses them as links."""


SURE = CELL_LIMIT // 2
"""A text of so many characters fits into a cell, whatever they are."""
SHORT = 6
"""A text of so few characters stands on one line in the narrowest of columns."""
LINE_HEIGHT = 13.2
"""Points of a line of text at size 10."""
HEIGHT_LIMIT = 409
"""Points; Excel's highest row."""
WIDE = 220
"""Width of a table, in characters, beyond which one page is too narrow to read it."""
CHARACTERS = 1.27
"""Characters of running text at size 10 that a unit of column width holds; a little less than there is room for."""


CAPITALS = 0.8
"""How many letters of a text in capitals stand where one of running text does."""


def _lines(text: str, width: float) -> int:
    """How many lines a wrapped text takes in a column of a width."""
    room = max(int(width * CHARACTERS * CAPITALS), 1)
    if len(text) <= room and "\n" not in text:
        return 1
    if sum(map(str.isupper, text)) <= len(text) / 2:
        room = max(int(width * CHARACTERS), 1)
    return sum(1 if len(line) <= room else _broken(line, room) for line in text.split("\n"))


@lru_cache(maxsize=4096)
def _broken(line: str, room: int) -> int:
    """How many lines a line of text takes where so many characters stand in one; words too long for it are broken."""
    lines, used = 1, 0
    for word in line.split():
        size = len(word)
        if used and used + 1 + size <= room:
            used += 1 + size
            continue
        lines += 1 if used else 0
        broken, used = divmod(size - 1, room) if size > room else (0, size - 1)
        lines, used = lines + broken, used + 1
    return lines


KNOWN_STYLES = 1_000
"""Styles that are known by themselves; a sheet has a few, and those that are made for one cell need not be kept."""


class WriteError(Exception):
    """The workbook would not hold what it was given: a fault of the program, found before the file exists."""


def _checked(code: object) -> None:
    if isinstance(code, int) and code < 0:
        raise WriteError(f"XlsxWriter refused a cell or a rule (code {code})")


class Workbook:
    """An .xlsx made in memory; `finish` gives its bytes, the same for the same calls."""

    def __init__(self, title: str, author: str, created: dt.date | None = None, lang: Lang = "es") -> None:
        self.lang = lang
        self.day_format = (
            "dd/mm/yyyy" if lang == "es" else "d mmm yyyy"
        )  # 3/4 is a day in March to some, in April to others
        self._stream = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.book = xlsxwriter.Workbook(self._stream, options)
        moment = dt.datetime.combine(created, dt.time()) if created else EPOCH
        self.book.set_properties({"title": title, "author": author, "created": moment})
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._known: dict[int, tuple[Style, Any]] = {}
        """The formats of styles that come again and again, by what tells one object from another."""
        self._sheets: list[Sheet] = []

    def format(self, style: Style) -> Any:
        """One format object for each distinct style."""
        known = self._known.get(id(style))
        if known is not None and known[0] is style:
            return known[1]
        key = tuple(sorted(style.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"font_name": "Calibri", "font_size": 10, **dict(key)})
        if len(self._known) < KNOWN_STYLES:
            self._known[id(style)] = (style, self._formats[key])
        return self._formats[key]

    def sheet(self, name: str, tab: str | None = None) -> Sheet:
        """A new sheet behind the others; a name that is taken, in any case of letters, gets a number."""
        taken = {sheet.name.casefold() for sheet in self._sheets}
        name = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name)[:31].strip("' ") or "Hoja"
        plain, count = name, 1
        while name.casefold() in taken:
            count += 1
            name = f"{plain[:26]} ({count})"
        made = Sheet(self, self.book.add_worksheet(name), name)
        self._sheets.append(made)
        if tab:
            made.raw.set_tab_color(tab)
        return made

    @property
    def names(self) -> list[str]:
        """The names of its sheets, in their order."""
        return [sheet.name for sheet in self._sheets]

    def colour(self, name: str, tab: str) -> None:
        """Give the tab of a sheet a colour."""
        next(sheet for sheet in self._sheets if sheet.name == name).raw.set_tab_color(tab)

    def name(self, name: str, sheet: str, area: str) -> None:
        """Give an area of a sheet a name of ours; the area with absolute references."""
        _checked(self.book.define_name(name, f"='{sheet}'!{area}"))

    def finish(self) -> bytes:
        """Close the workbook and give its bytes."""
        for sheet in self._sheets:
            sheet.fit_rows()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            self.book.close()
        return self._stream.getvalue()


class Sheet:
    """One sheet. Rows and columns are counted from 0."""

    def __init__(self, workbook: Workbook, raw: Any, name: str) -> None:
        self.workbook, self.raw, self.name = workbook, raw, name
        self._string, self._blank, self._format = raw.write_string, raw.write_blank, workbook.format
        self._widths: dict[int, float] = {}
        self._wrapped: dict[int, list[tuple[int, str, float]]] = {}
        self._fixed: set[int] = set()
        self._links = 0

    def text(self, row: int, column: int, text: str, style: Style) -> None:
        """A text, whatever it looks like."""
        plain = text if len(text) <= SURE and text.isprintable() else within_cell(text)
        if code := self._string(row, column, plain, self._format(style)):
            _checked(code)
        if len(text) > SHORT and style.get("text_wrap"):
            self._wrapped.setdefault(row, []).append((column, text, 10 / style.get("font_size", 10)))

    def blank(self, row: int, column: int, style: Style) -> None:
        """An empty cell with a look."""
        if code := self._blank(row, column, None, self._format(style)):
            _checked(code)

    def value(self, row: int, column: int, value: Value, style: Style, *, link: bool = False) -> None:
        """A value by its own type: a number, a day, a text; blank for None."""
        if value is None:
            self.blank(row, column, style)
        elif isinstance(value, str) and not link:
            self.text(row, column, value, style)
        elif isinstance(value, dt.date) and value < FIRST_DAY:
            self.text(row, column, value.isoformat(), style)
        elif isinstance(value, dt.date):
            look = self.workbook.format({**style, "num_format": self.workbook.day_format, "align": "center"})
            _checked(self.raw.write_datetime(row, column, dt.datetime.combine(value, dt.time()), look))
        elif isinstance(value, str):
            if self._links < limits.LINKS and len(value.encode("utf-8", "replace")) <= LINK_LIMIT:
                self._links += 1
                _checked(self.raw.write_url(row, column, value, self.workbook.format(style), string=value))
            else:
                self.text(row, column, value, style)
        else:
            look = self.workbook.format({**style, "align": style.get("align", "center")})
            _checked(self.raw.write_number(row, column, value, look))

    def formula(self, row: int, column: int, formula: str, saved: str | float, style: Style) -> None:
        """A formula of ours with the value that it has now."""
        _checked(self.raw.write_formula(row, column, formula, self.workbook.format(style), saved))

    def internal_link(self, row: int, column: int, sheet: str, cell: str, text: str, style: Style) -> None:
        """A link to a cell of this workbook."""
        if self._links >= limits.LINKS:
            self.text(row, column, text, style)
            return
        self._links += 1
        look = self.workbook.format(style)
        _checked(self.raw.write_url(row, column, f"internal:'{sheet}'!{cell}", look, string=text))

    def note(self, row: int, column: int, text: str, author: str = "") -> None:
        """A note on a cell, shown on hovering."""
        lines = _lines(text, 40)
        options: dict[str, Any] = {"x_scale": 2.2, "y_scale": min(max(lines / 5, 0.6), 6), "font_size": 9}
        if author:
            options["author"] = author
        _checked(self.raw.write_comment(row, column, within_cell(text), options))

    def across(self, row: int, column: int, texts: Iterable[str], style: Style) -> None:
        """Texts side by side."""
        for offset, text in enumerate(texts):
            self.text(row, column + offset, text, style)

    def paragraph(self, row: int, columns: int, text: str, style: Style) -> None:
        """A text across the first columns of a row, as high as it needs; their widths are to be set before."""
        self.raw.merge_range(row, 0, row, columns - 1, "", self.workbook.format(style))
        _checked(self.raw.write_string(row, 0, within_cell(text), self.workbook.format(style)))
        room = sum(self._widths.get(column, 8.43) for column in range(columns))
        self.height(row, min(_lines(text, room) * LINE_HEIGHT + 3, HEIGHT_LIMIT))

    def widths(self, widths: Iterable[float], first: int = 0) -> None:
        """The widths of the columns from the first on, in characters."""
        for column, width in enumerate(widths, start=first):
            self._widths[column] = width
            _checked(self.raw.set_column(column, column, width))

    def height(self, row: int, points: float) -> None:
        """The height of a row; rows without one are as high as their wrapped texts need."""
        self._fixed.add(row)
        _checked(self.raw.set_row(row, points))

    def fit_rows(self) -> None:
        """Set the heights that programs do not work out by themselves when they open a file; a wide table is shown
        smaller, so that more of it is in sight."""
        if sum(self._widths.values()) > WIDE:
            self.raw.set_zoom(85)
        for row, texts in self._wrapped.items():
            lines = max(_lines(text, self._widths.get(column, 8.43) * scale) / scale for column, text, scale in texts)
            if row not in self._fixed and lines > 1:
                _checked(self.raw.set_row(row, min(lines * LINE_HEIGHT + 3, HEIGHT_LIMIT)))

    def rule(self, first: tuple[int, int], last: tuple[int, int], options: Mapping[str, Any]) -> None:
        """A data validation over a range."""
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            _checked(self.raw.data_validation(*first, *last, dict(options)))

    def print_setup(
        self,
        header_row: int | None = None,
        *,
        landscape: bool = True,
        columns: int = 0,
        title: tuple[str, int] = ("", 0),
        whole: bool = False,
        keys: int = 1,
    ) -> None:
        """Letter paper, page numbers, the header repeated; only the first `columns`, if that is said.

        A table too wide to be read on one page takes two side by side, unless it is to be seen `whole`. Its title,
        which the second would cut, then stands at the head of each page, and what is printed begins below it, at the
        row beside the title; its first columns, the `keys`, stand on both.
        """
        self.raw.set_paper(1)
        if landscape:
            self.raw.set_landscape()
        width = sum(width for column, width in self._widths.items() if not columns or column < columns)
        wide = width > WIDE and not whole
        self.raw.fit_to_pages(2 if wide else 1, 0)
        text, top = title if wide else ("", 0)
        last = (self.raw.dim_rowmax, (columns or self.raw.dim_colmax + 1) - 1)
        if top or columns:
            self.raw.print_area(top, 0, *last)
        if wide:
            self.raw.repeat_columns(0, keys - 1)
            self.raw.print_across()
        self.raw.set_margins(left=0.4, right=0.4, top=0.7 if top else 0.5, bottom=0.6)
        if top:
            # the low first line keeps LibreOffice from cutting the accents of capitals; the font after the size keeps a
            # title that begins with a figure from being read as part of it
            self.raw.set_header(f'&L&3 \n&12&"Calibri,Bold"{text.replace("&", "&&")[:200]}')
        self.raw.set_footer("&L&8&A&R&8&P / &N")
        if header_row is not None:
            self.raw.repeat_rows(header_row)
