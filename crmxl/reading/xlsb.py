"""Binary Excel workbooks (.xlsb): values by python-calamine, counted by our own pass over the records.

A part of such a package is a row of records: a number of one or two bytes, a length of one to four, and the body. Of a
sheet only rows, cells and a few marks are looked at; numbers and layouts are those of [MS-XLSB].
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from crmxl.messages import Code
from crmxl.reading.cells import Calamine, as_shown, check_extent, check_text, shows
from crmxl.reading.gate import Package, Refusal, spared
from crmxl.reading.grid import Area, Comment, Grid, Position
from crmxl.values import Raw, is_blank

_ROW, _SHEET, _SHARED = 0, 156, 19
_FORMAT, _FONT, _STYLE, _STYLES_BEGIN, _STYLES_END = 44, 43, 47, 617, 618
_MERGED, _COLUMN = 176, 60
_AUTHOR, _COMMENT, _COMMENT_TEXT = 632, 635, 637
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_NUMBERS = (2, 5, 9)
_TEXTS = (6, 8)
_FAULTS = (3, 11)
_TRUTHS = (4, 10)
_SHARED_CELL, _RICH_CELL = 7, 62


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a part, by number."""
    at, end = 0, len(data)
    while at < end:
        number, at = _packed(data, at, 2)
        length, at = _packed(data, at, 4)
        if at + length > end:
            raise Refusal(Code.F107)
        yield number, data[at : at + length]
        at += length


def _packed(data: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends."""
    value = 0
    for turn in range(most):
        if at >= len(data):
            raise Refusal(Code.F107)
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << (7 * turn)
        if not byte & 0x80:
            break
    return value, at


def _text(body: bytes, at: int) -> tuple[str, int]:
    """A text with its length before it, and where it ends."""
    (length,) = struct.unpack_from("<I", body, at)
    end = at + 4 + 2 * length
    if length > len(body):
        raise Refusal(Code.F107)
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


@dataclass(slots=True)
class _Styles:
    """What the cell styles of a workbook say that values do not tell, by their number."""

    coarse: dict[int, str] = field(default_factory=dict)
    struck: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Count:
    """What our own pass finds in one sheet."""

    values: set[Position] = field(default_factory=set)
    errors: dict[Position, str] = field(default_factory=dict)
    coarse: dict[Position, str] = field(default_factory=dict)
    struck: set[Position] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Area] = field(default_factory=list)


def _styles(package: Package) -> _Styles:
    found = _Styles()
    if not package.has("xl/styles.bin"):
        return found
    codes: dict[int, str] = {17: "mmm-yy"}
    struck: list[bool] = []
    number, inside = 0, False
    for kind, body in _records(package.data("xl/styles.bin")):
        if kind == _FORMAT:
            codes[struct.unpack_from("<H", body)[0]] = _text(body, 2)[0]
        elif kind == _FONT:
            struck.append(bool(struct.unpack_from("<H", body, 2)[0] & 0x8))
        elif kind in (_STYLES_BEGIN, _STYLES_END):
            inside = kind == _STYLES_BEGIN
        elif kind == _STYLE and inside:
            _, form, font = struct.unpack_from("<HHH", body)
            if shown := shows(codes.get(form, "")):
                found.coarse[number] = shown
            if font < len(struck) and struck[font]:
                found.struck.add(number)
            number += 1
    return found


def _blanks(package: Package) -> set[int]:
    """The shared strings that are blank, by their place."""
    if not package.has("xl/sharedStrings.bin"):
        return set()
    texts = (body for kind, body in _records(package.data("xl/sharedStrings.bin")) if kind == _SHARED)
    return {number for number, body in enumerate(texts) if is_blank(_text(body, 1)[0])}


def _counted(data: bytes, name: str, blanks: set[int], styles: _Styles, before: int) -> _Count:
    """What a sheet holds, by its records."""
    count = _Count()
    row, last = 0, (-1, -1)
    for kind, body in _records(data):
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", body)
            if len(body) > 11 and body[11] & 0x10:
                count.hidden_rows.add(row)
        elif kind == _COLUMN:
            first, end = struct.unpack_from("<II", body)
            if len(body) > 16 and body[16] & 0x1:
                count.hidden_columns.update(range(first, min(end, 16_383) + 1))
        elif kind == _MERGED:
            top, bottom, left, right = struct.unpack_from("<IIII", body)
            count.merged.append(((top, left), (bottom, right)))
        elif kind <= 11 or kind == _RICH_CELL:
            column, style = struct.unpack_from("<II", body)
            if not _filled(kind, body, blanks):
                continue
            spot = (row, column)
            count.values.add(spot)
            last = (max(last[0], row), max(last[1], column))
            _mark(count, spot, kind, body, style & 0xFFFFFF, styles)
            check_extent(name, before + len(count.values), last)
    return count


def _mark(count: _Count, spot: Position, kind: int, body: bytes, style: int, styles: _Styles) -> None:
    if kind in _FAULTS:
        count.errors[spot] = _ERRORS.get(body[8], f"#{body[8]}!")
    if style in styles.coarse:
        count.coarse[spot] = styles.coarse[style]
    if style in styles.struck:
        count.struck.add(spot)


def _filled(kind: int, body: bytes, blanks: set[int]) -> bool:
    """Whether a cell record has a value that is not blank."""
    if kind in (*_NUMBERS, *_TRUTHS, *_FAULTS):
        return True
    if kind in _TEXTS or kind == _RICH_CELL:
        text, _ = _text(body, 9 if kind == _RICH_CELL else 8)
        check_text(text)
        return not is_blank(text)
    return kind == _SHARED_CELL and struct.unpack_from("<I", body, 8)[0] not in blanks


def _comments(package: Package, part: str) -> dict[Position, Comment]:
    """The notes on the cells of a sheet."""
    found: dict[Position, Comment] = {}
    for kind, target in package.relations(part).values():
        if kind != "comments" or not package.has(target):
            continue
        authors: list[str] = []
        author, spot = 0, (0, 0)
        for number, body in _records(package.data(target)):
            if number == _AUTHOR:
                authors.append(_text(body, 0)[0])
            elif number == _COMMENT:
                author, row, _, column = struct.unpack_from("<IIII", body)
                spot = (row, column)
            elif number == _COMMENT_TEXT:
                found[spot] = Comment(authors[author] if author < len(authors) else "", _text(body, 1)[0])
    return found


def read_grids(data: bytes, package: Package) -> Iterator[Grid]:
    """The sheets of a workbook, in their order; chart sheets have no cells and are passed over."""
    workbook = "xl/workbook.bin"
    relations = package.relations(workbook)
    styles, blanks = spared(lambda: _styles(package), _Styles()), _blanks(package)
    first = Calamine(data)
    before = 0
    for kind, body in _records(package.data(workbook)):
        if kind != _SHEET:
            continue
        relation, at = _text(body, 8)
        name, _ = _text(body, at)
        what, part = relations.get(relation, ("", ""))
        if what != "worksheet" or not package.has(part):
            continue
        count = _counted(package.data(part), name, blanks, styles, before)
        before += len(count.values)
        yield Grid(
            name=name,
            cells=_delivered(first, name, count),
            hidden=struct.unpack_from("<I", body)[0] != 0,
            comments=spared(lambda part=part: _comments(package, part), {}),  # type: ignore[misc]
            errors=frozenset(count.errors),
            struck=frozenset(count.struck),
            hidden_rows=frozenset(count.hidden_rows),
            hidden_columns=frozenset(count.hidden_columns),
            merged=tuple(count.merged),
        )


def _delivered(first: Calamine, name: str, count: _Count) -> dict[Position, Raw]:
    """The cells of a sheet, which must be those that were counted."""
    cells: dict[Position, Raw] = {**first.cells(name), **count.errors}
    if cells.keys() != count.values:
        raise Refusal(Code.F108, name, counted=len(count.values), read=len(cells.keys() & count.values))
    for raw in cells.values():
        check_text(raw, name)
    return {**cells, **{spot: as_shown(cells[spot], form) for spot, form in count.coarse.items()}}
