"""OpenDocument workbooks (.ods): the cells come from our own pass over content.xml, python-calamine checks them.

For this format calamine is the second reader, not the first. The pass has to meet every cell anyway, to count it and
to find errors, notes and formulas without a value; and calamine 0.9 drops tabs and line breaks (`a<text:tab/>b` is
`ab`), empties errors, passes over cells that declare no type, leaks the text of drawings and of phonetic guides into
the cell, stops at the limits of a sheet without a word, and opens no file whose XML is indented. What it does see is
an independent count: each of its cells must be one of ours, and each of ours that is well formed one of its. A file
that it cannot open stands on our pass alone.

White space is kept as written; only line ends and tabs of the XML itself count as a space, or as nothing at the edge
of a paragraph.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from crmxl.messages import Code
from crmxl.reading.cells import Calamine, as_shown, check_extent, check_text, is_ours, sheet_of
from crmxl.reading.gate import Package, Refusal, local, spared
from crmxl.reading.grid import LIST_LIMIT, Area, Comment, Grid, Position
from crmxl.reading.odsstyles import DECLARED, NAMESPACE, Looks
from crmxl.text import tidy
from crmxl.values import Raw, is_blank

_OFFICE, _TABLE, _TEXT, _DRAW = (NAMESPACE % name for name in ("office", "table", "text", "drawing"))
_CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_SHEET, _ROW = f"{_TABLE}table", f"{_TABLE}table-row"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_ROWS = 10_000
"""Hidden rows side by side, and merged areas, of which no more are kept: empty rows below a table are no news."""
_SHEET_DEPTH = 4
"""document-content / body / spreadsheet / table: tables further in belong to drawings, links or cells."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell element: what it holds, and how many times it stands side by side."""

    value: Raw
    repeated: int
    sure: bool = False
    """Whether the value is of the declared type, so that every reader sees it."""
    error: bool = False
    unsaved: str | None = None
    comment: Comment | None = None


@dataclass(slots=True)
class _Sheet:
    """A sheet while it is read."""

    name: str
    style: str
    looks: Looks
    before: int
    """Cells of the sheets before it: what is repeated could otherwise add up without end."""
    cells: dict[Position, Raw] = field(default_factory=dict)
    unsure: set[Position] = field(default_factory=set)
    comments: dict[Position, Comment] = field(default_factory=dict)
    unsaved: dict[Position, str] = field(default_factory=dict)
    errors: set[Position] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    merged: list[Area] = field(default_factory=list)
    struck: set[Position] = field(default_factory=set)
    lists: list[Area] = field(default_factory=list)
    styles: list[tuple[int, str]] = field(default_factory=list)
    """The styles of cells without one of their own: the first column that no longer has it, and its name."""
    last: Position = (-1, -1)
    row: int = 0

    @property
    def size(self) -> int:
        """Cells with a value or with a formula that lacks one."""
        return len(self.cells) + len(self.unsaved)

    def add(self, row: Element) -> None:
        """A row element with its cells; what is repeated is laid out, blanks only counted over."""
        times = _times(row, "number-rows-repeated")
        column = 0
        if row.get(f"{_TABLE}visibility") in ("collapse", "filter") and times < _ROWS:
            self.hidden.update(range(self.row, self.row + times))
        for node in row:
            if node.tag in _CELLS:
                cell = _cell(node)
                self._put(cell, column, times)
                if cell.value is not None:
                    default = row.get(f"{_TABLE}default-cell-style-name") or self._column_style(column)
                    self._look(node, default, ((self.row, column), (self.row + times - 1, column + cell.repeated - 1)))
                if f"{_TABLE}number-rows-spanned" in node.attrib and len(self.merged) < _ROWS:
                    down, across = _times(node, "number-rows-spanned"), _times(node, "number-columns-spanned")
                    if down * across > 1:
                        self.merged.append(((self.row, column), (self.row + down - 1, column + across - 1)))
                column += cell.repeated
        self.row += times

    def add_columns(self, node: Element) -> None:
        """A column element: the style of those of its cells that have none of their own."""
        start = self.styles[-1][0] if self.styles else 0
        style = node.get(f"{_TABLE}default-cell-style-name", "")
        self.styles.append((start + _times(node, "number-columns-repeated"), style))

    def _column_style(self, column: int) -> str:
        return next((style for end, style in self.styles if column < end), "")

    def _look(self, node: Element, default: str, area: Area) -> None:
        """What a cell that holds something shows besides."""
        if self.looks.struck(node, node.get(f"{_TABLE}style-name") or default):
            (top, left), (bottom, right) = area
            self.struck.update((r, c) for r in range(top, bottom + 1) for c in range(left, right + 1))
        if self.looks.lists_in(node):
            self.lists.append(area)

    def _put(self, cell: _Cell, column: int, times: int) -> None:
        if cell.comment:
            self.comments[self.row, column] = cell.comment
        if cell.value is None and cell.unsaved is None:
            return
        self.last = (max(self.last[0], self.row + times - 1), max(self.last[1], column + cell.repeated - 1))
        check_extent(self.name, self.before + self.size + times * cell.repeated, self.last)
        check_text(cell.value, self.name)
        spots = [(self.row + r, column + c) for r in range(times) for c in range(cell.repeated)]
        if cell.unsaved is not None:
            self.unsaved.update(dict.fromkeys(spots, cell.unsaved))
        elif not is_blank(cell.value):
            self.cells.update(dict.fromkeys(spots, cell.value))
            if not cell.sure:
                self.unsure.update(spots)
            if cell.error:
                self.errors.update(spots)


def _times(node: Element, name: str) -> int:
    try:
        return max(1, int(node.get(_TABLE + name, "1")))
    except ValueError:
        raise Refusal(Code.F107) from None


_LAYOUT = re.compile(r"[ \t\r\n]*[\t\r\n][ \t\r\n]*")


def _pieces(node: Element) -> Iterator[str]:
    """The text of a paragraph in pieces; white space that only lays out the XML is U+0000."""
    yield _LAYOUT.sub("\0", node.text or "")
    for child in node:
        name = local(child)
        if name == "s":
            yield " " * min(_spaces(child), 32_768)
        elif name == "tab":
            yield "\t"
        elif name == "line-break":
            yield "\n"
        elif name not in ("annotation", "ruby-text") and not child.tag.startswith(_DRAW):
            yield from _pieces(child)
        yield _LAYOUT.sub("\0", child.tail or "")


def _spaces(node: Element) -> int:
    count = node.get(_TEXT + "c", "1")
    return int(count) if re.fullmatch(r"[0-9]{1,9}", count) else 1


def _text(node: Element) -> str:
    """The paragraphs of a cell or of a note, a line each; notes and drawings on it left out."""
    lines: list[str] = []
    for child in node:
        if child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            lines.append(re.sub("\0+", " ", "".join(_pieces(child)).strip("\0")))
        elif local(child) != "annotation" and not child.tag.startswith(_DRAW):
            lines += filter(None, [_text(child)])
    return "\n".join(lines)


def _comment(cell: Element) -> Comment | None:
    note = cell.find(f"{_OFFICE}annotation")
    if note is None:
        return None
    author = next((child.text or "" for child in note if local(child) == "creator"), "")
    return Comment(author, _text(note))


def _number(text: str) -> Raw:
    return float(text) if re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?", text) else None


def _truth(text: str) -> Raw:
    return {"true": True, "false": False}.get(text)


def _date(text: str) -> Raw:
    """A day; with a time of the day other than midnight, that time too."""
    try:
        if "T" not in text:
            return dt.date.fromisoformat(text)
        moment = dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    return moment if moment.time() != dt.time() else moment.date()


_DURATION = re.compile(
    r"(-?)P(?:([0-9]{1,6})D)?(?:T(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6}(?:\.[0-9]*)?)S)?)?"
)


def _duration(text: str) -> Raw:
    """A time of the day, or a length of time where a day does not hold it."""
    match = _DURATION.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        return None
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups()[1:])
    length = dt.timedelta(days, seconds, minutes=minutes, hours=hours)
    if match[1]:
        return -length
    return length if length >= dt.timedelta(days=1) else (dt.datetime.min + length).time()


_TYPES: Mapping[str, tuple[str, Callable[[str], Raw]]] = {
    "float": ("value", _number),
    "percentage": ("value", _number),
    "currency": ("value", _number),
    "boolean": ("boolean-value", _truth),
    "date": ("date-value", _date),
    "time": ("time-value", _duration),
}
"""The types of cells but text: the attribute that has the value, and how it reads."""
_ERROR = re.compile(r"#\S+[!?]|#N/[AD]|Err:[0-9]{3}")


def _value(node: Element, text: str) -> tuple[Raw, bool]:
    """What a cell holds and whether that is of its declared type; what is not is text, as it stands."""
    kind = node.get(_OFFICE + "value-type", "")
    if kind in _TYPES:
        attribute, read = _TYPES[kind]
        written = node.get(_OFFICE + attribute, "")
        value = read(written)
        return (text or written or None, False) if value is None else (value, True)
    whole = node.get(_OFFICE + "string-value")
    if whole is None:
        return text or None, kind == "string"
    if not tidy(whole) or tidy(whole) == tidy(text):  # an attribute may have lost its line ends
        return text or None, kind == "string" and not is_blank(whole)
    return whole.replace("\r\n", "\n"), kind == "string"


def _form(day: dt.date, text: str) -> str:
    """The form of what a cell shows of a day, by the text that the file holds beside it: `feb 10` shows no day."""
    numbers = [int(number) for number in re.findall("[0-9]+", text)]
    years = {day.year, day.year % 100}
    if len(numbers) == 1 and numbers[0] in years:
        return "%Y-%m" if re.search(r"[^\W\d_]", text) else "%Y"
    month_and_year = len(numbers) == 2 and day.day not in numbers and {day.month} | years >= set(numbers)
    return "%Y-%m" if month_and_year else ""


def _cell(node: Element) -> _Cell:
    repeated = _times(node, "number-columns-repeated")
    formula = node.get(_TABLE + "formula")
    if not len(node) and formula is None and _OFFICE + "value-type" not in node.attrib:
        return _Cell(None, repeated)
    text = _text(node)
    comment = _comment(node)
    if node.get(_CALCEXT + "value-type") == "error" or (formula is not None and _ERROR.fullmatch(text)):
        literal = text if tidy(text) else node.get(_OFFICE + "string-value", "")
        if tidy(literal):
            return _Cell(literal, repeated, error=True, comment=comment)
    value, sure = _value(node, text)
    value = as_shown(value, _form(value, text)) if isinstance(value, dt.date) else value
    if value is None and formula is not None and node.get(_OFFICE + "value-type") != "string":
        shown = any(child.tag == f"{_TEXT}p" for child in node)  # an empty paragraph: the result is an empty text
        unsaved = None if shown else f"={formula.partition('=')[2]}"
        return _Cell(None, repeated, unsaved=unsaved, comment=comment)
    return _Cell(value, repeated, sure, comment=comment)


def _of_a_sheet(path: list[Element]) -> bool:
    """Whether an element with these ancestors is part of a sheet itself, not of a table inside it."""
    tags = [node.tag for node in path[_SHEET_DEPTH - 1 :]]
    return tags[:1] == [_SHEET] and tags.count(_SHEET) == 1


def _styles(package: Package) -> Looks:
    """The styles that content.xml refers to and does not declare."""
    looks = Looks()
    if package.has("styles.xml"):
        for node in package.xml("styles.xml").iter():
            if node.tag in DECLARED:
                looks.add(node)
    return looks


def _sheets(package: Package) -> list[_Sheet]:
    sheets: list[_Sheet] = []
    looks = spared(lambda: _styles(package), Looks())
    path: list[Element] = []
    for event, node in package.events("content.xml", "start", "end"):
        if event == "start":
            path.append(node)
            if node.tag == _SHEET and len(path) == _SHEET_DEPTH:
                before = sheets[-1].before + sheets[-1].size if sheets else 0
                style = node.get(f"{_TABLE}style-name", "")
                sheets.append(_Sheet(node.get(f"{_TABLE}name", ""), style, looks, before))
            continue
        path.pop()
        if node.tag in DECLARED:
            looks.add(node)
        elif node.tag == f"{_TABLE}table-column" and _of_a_sheet(path):
            sheets[-1].add_columns(node)
        elif node.tag == _ROW and _of_a_sheet(path):
            sheets[-1].add(node)
            del path[-1][:]  # what is read is let go
    return sheets


def _is_cache(sheet: _Sheet) -> bool:
    """Whether a table is no sheet but what another file held, kept for the formulas that refer to it."""
    return sheet.name.startswith("'") and "'#" in sheet.name


def _check(sheet: _Sheet, second: Calamine) -> None:
    """Refuse a sheet of which the second reader sees other cells than we do."""
    seen = second.cells(sheet.name).keys()
    missed, extra = sheet.cells.keys() - seen, seen - sheet.cells.keys()
    if not missed <= sheet.unsure or extra:
        counted, read = len(sheet.cells) + len(extra), len(sheet.cells) - len(missed)
        raise Refusal(Code.F108, sheet.name, counted=counted, read=read)


def program(package: Package) -> str | None:
    """The program that says it wrote the file."""
    if not package.has("meta.xml"):
        return None
    generators = (node.text or "" for node in package.xml("meta.xml").iter() if local(node) == "generator")
    return next(generators, "").strip()[:100] or None


def hazards(package: Package) -> Iterator[str]:
    """What the package holds that is neither run nor followed."""
    parts = package.parts()
    if any(part.startswith(("Basic/", "Scripts/")) for part in parts):
        yield "macros"
    if any(part.startswith("Object ") or "/Object " in part for part in parts):
        yield "embedded_objects"


def names(package: Package) -> dict[str, str]:
    """The sheets to which names of ours lead, by name."""
    found = {}
    for _, node in package.events("content.xml", "end"):
        name = node.get(f"{_TABLE}name", "")
        if node.tag == f"{_TABLE}named-range" and is_ours(name):
            found[name] = sheet_of(node.get(f"{_TABLE}cell-range-address", "").replace("$", "").replace(".", "!", 1))
        elif node.tag == _ROW:
            node.clear()
    return found


def read_grids(data: bytes, package: Package) -> Iterator[Grid]:
    """The sheets of a workbook, in their order."""
    sheets = [sheet for sheet in _sheets(package) if not _is_cache(sheet)]
    second = Calamine(data)
    for sheet in sheets:
        if second.opened:
            _check(sheet, second)
        yield Grid(
            name=sheet.name,
            cells=sheet.cells,
            hidden=sheet.looks.hides(sheet.style),
            comments=sheet.comments,
            unsaved=sheet.unsaved,
            errors=frozenset(sheet.errors),
            hidden_rows=frozenset(sheet.hidden),
            merged=tuple(sheet.merged),
            struck=frozenset(sheet.struck),
            lists=tuple(sheet.lists) if len(sheet.lists) <= LIST_LIMIT else None,
        )
