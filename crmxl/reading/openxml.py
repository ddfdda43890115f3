"""Open XML workbooks (.xlsx): python-calamine first, openpyxl where the counts differ or error cells stand.

Our own pass over the sheets counts the cells with a value, finds error cells, formulas without a saved value and
comments. The rule that makes a fast reader trustworthy: delivered cells equal counted cells, or the file is refused.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from crmxl.findings import position
from crmxl.messages import Code
from crmxl.reading.cells import Calamine, as_shown, check_extent, check_text, guarded, shows
from crmxl.reading.gate import Package, Refusal, local
from crmxl.reading.grid import Comment, Grid, Position
from crmxl.values import Raw, is_blank


@dataclass(slots=True)
class _Count:
    """What our own pass finds in one sheet."""

    values: int = 0
    errors: set[Position] = field(default_factory=set)
    unsaved: dict[Position, str] = field(default_factory=dict)
    last: Position = (-1, -1)
    coarse: dict[Position, str] = field(default_factory=dict)
    """Cells that show a month or a year of a day, with the form of what they show."""


_MONTH_FORMAT = 17
"""The number of the built-in format `mmm-yy`, the only one that shows a month or a year and no day."""


def _coarse_styles(package: Package, part: str | None) -> dict[str, str]:
    """The cell styles that show a month or a year and no day, by their number, with the form of what they show."""
    if part is None or not package.has(part):
        return {}
    codes: dict[str, str] = {str(_MONTH_FORMAT): "mmm-yy"}
    formats: list[str] = []
    for node in package.xml(part):
        if local(node) == "numFmts":
            codes.update({child.get("numFmtId", ""): child.get("formatCode", "") for child in node})
        elif local(node) == "cellXfs":
            formats = [child.get("numFmtId", "") for child in node if local(child) == "xf"]
    found = {str(number): shows(codes.get(name, "")) for number, name in enumerate(formats)}
    return {number: form for number, form in found.items() if form}


def _shared_blanks(package: Package, part: str | None) -> list[bool]:
    """For each shared string, whether it is blank."""
    if part is None or not package.has(part):
        return []
    blanks = []
    for node in package.elements(part):
        if local(node) == "si":
            blanks.append(is_blank("".join(_runs(node))))
            node.clear()
    return blanks


def _runs(node: Element) -> Iterator[str]:
    """The texts of a string, its phonetic guides left out."""
    for child in node:
        if local(child) == "t":
            yield child.text or ""
        elif local(child) == "r":
            yield from _runs(child)


def _has_value(cell: Element, parts: dict[str, Element], blanks: list[bool]) -> bool:
    if "is" in parts:
        return not is_blank("".join(_runs(parts["is"])))
    text = parts["v"].text if "v" in parts else None
    if text is None or is_blank(text):
        return False
    if cell.get("t") != "s":
        return True
    index = int(text)
    return not (0 <= index < len(blanks) and blanks[index])


def _count(package: Package, part: str, sheet: str, blanks: list[bool], coarse: Mapping[str, str]) -> _Count:
    count = _Count()
    row = -1
    column = -1
    for node in package.elements(part):
        name = local(node)
        if name == "row":
            node.clear()
        if name != "c":
            continue
        reference = node.get("r")
        try:
            row, column = position(reference) if reference else (max(row, 0), column + 1)
        except ValueError:
            raise Refusal(Code.F107) from None
        parts = {local(child): child for child in node}
        if _has_value(node, parts, blanks):
            count.values += 1
            if node.get("t") == "e":
                count.errors.add((row, column))
            if form := coarse.get(node.get("s", "")):
                count.coarse[row, column] = form
            count.last = (max(count.last[0], row), max(count.last[1], column))
        elif "f" in parts and node.get("t") != "str":
            count.unsaved[row, column] = f"={parts['f'].text or ''}"
        node.clear()
    check_extent(sheet, count.values, count.last)
    return count


def _comments(package: Package, part: str) -> dict[Position, Comment]:
    found: dict[Position, Comment] = {}
    for kind, target in package.relations(part).values():
        if kind != "comments" or not package.has(target):
            continue
        root = package.xml(target)
        authors = [node.text or "" for node in root.iter() if local(node) == "author"]
        for node in root.iter():
            if local(node) == "comment":
                text = "".join(t.text or "" for t in node.iter() if local(t) == "t")
                check_text(text)
                author = int(node.get("authorId") or 0)
                found[position(node.get("ref", "A1"))] = Comment(
                    authors[author] if 0 <= author < len(authors) else "", text
                )
    return found


def _openpyxl(data: bytes, name: str) -> dict[Position, Raw]:
    import openpyxl  # a quarter of a second, which most files need not pay

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet: Any = book[name]  # the read-only sheet, which openpyxl's type hints do not know
        sheet.reset_dimensions()
        cells: dict[Position, Raw] = {}
        for row in sheet.iter_rows():
            for cell in row:
                if not is_blank(cell.value):
                    cells[cell.row - 1, cell.column - 1] = _unescaped(cell.value)
        book.close()
    return cells


_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


def _unescaped(value: Raw) -> Raw:
    """Excel writes a character that XML cannot hold as `_x000D_`; openpyxl leaves it so."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), value) if isinstance(value, str) else value


def _delivered(data: bytes, first: Calamine, name: str, count: _Count) -> Mapping[Position, Raw]:
    """The cells of a sheet by the first reader that delivers as many as were counted."""
    cells = first.cells(name)
    if count.errors or len(cells) != count.values:
        cells = guarded(lambda: _openpyxl(data, name)) or {}
    if len(cells) != count.values:
        raise Refusal(Code.F108, name, counted=count.values, read=len(cells))
    for raw in cells.values():
        check_text(raw, name)
    return {**cells, **{spot: as_shown(cells[spot], form) for spot, form in count.coarse.items() if spot in cells}}


def program(package: Package) -> str | None:
    """The program that says it wrote the file, with its version."""
    if not package.has("docProps/app.xml"):
        return None
    texts = {local(node): (node.text or "").strip() for node in package.xml("docProps/app.xml")}
    return " ".join(filter(None, (texts.get("Application"), texts.get("AppVersion"))))[:100] or None


def read_grids(data: bytes, package: Package) -> Iterator[Grid]:
    """The sheets of a workbook, in their order; chart sheets have no cells and are passed over."""
    workbook = next((target for kind, target in package.relations("").values() if kind == "officeDocument"), "")
    if not package.has(workbook):
        raise Refusal(Code.F107)
    relations = package.relations(workbook)
    parts = dict(relations.values())
    blanks = _shared_blanks(package, parts.get("sharedStrings"))
    coarse = _coarse_styles(package, parts.get("styles"))
    first = Calamine(data)
    for node in package.xml(workbook).iter():
        if local(node) != "sheet":
            continue
        relation = next((v for k, v in node.attrib.items() if k.endswith("}id")), "")
        kind, part = relations.get(relation, ("", ""))
        if kind != "worksheet" or not package.has(part):
            continue
        name = node.get("name", "")
        count = _count(package, part, name, blanks, coarse)
        yield Grid(
            name=name,
            cells=_delivered(data, first, name, count),
            hidden=node.get("state", "visible") != "visible",
            comments=_comments(package, part),
            unsaved=count.unsaved,
            errors=frozenset(count.errors),
        )
