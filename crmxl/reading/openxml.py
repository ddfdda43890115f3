"""Open XML workbooks (.xlsx): python-calamine first, openpyxl where the counts differ or error cells stand.

Our own pass over the sheets counts the cells with a value, finds error cells, formulas without a saved value and
comments. The rule that makes a fast reader trustworthy: delivered cells equal counted cells, or the file is refused.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from crmxl.findings import position
from crmxl.messages import Code
from crmxl.reading import scan
from crmxl.reading.cells import Calamine, as_shown, check_text, guarded, shows
from crmxl.reading.gate import Package, Refusal, local
from crmxl.reading.grid import Comment, Grid, Position
from crmxl.values import Raw, is_blank

_MONTH_FORMAT = 17
"""The number of the built-in format `mmm-yy`, the only one that shows a month or a year and no day."""


def _styles(package: Package, part: str | None) -> scan.Styles:
    """What the cell styles of a workbook say that values do not tell."""
    if part is None or not package.has(part):
        return scan.Styles()
    codes: dict[str, str] = {str(_MONTH_FORMAT): "mmm-yy"}
    struck: list[bool] = []
    coarse: dict[str, str] = {}
    crossed: set[str] = set()
    for node in package.xml(part):
        if local(node) == "numFmts":
            codes.update({child.get("numFmtId", ""): child.get("formatCode", "") for child in node})
        elif local(node) == "fonts":
            struck = [any(_is_strike(child) for child in font) for font in node]
        elif local(node) == "cellXfs":
            for number, style in enumerate(child for child in node if local(child) == "xf"):
                coarse[str(number)] = shows(codes.get(style.get("numFmtId", ""), ""))
                font = int(style.get("fontId", "0") or 0)
                if font < len(struck) and struck[font]:
                    crossed.add(str(number))
    return scan.Styles({number: form for number, form in coarse.items() if form}, frozenset(crossed))


def _is_strike(node: Element) -> bool:
    return local(node) in ("strike", "dstrike") and node.get("val", "1") not in ("0", "false")


def _scanned(package: Package, part: str, name: str, strings: scan.Strings, styles: scan.Styles) -> scan.Scan:
    return scan.sheet(scan.plain(package.data(part)), name, strings, styles)


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


def _delivered(data: bytes, first: Calamine, name: str, count: scan.Scan) -> Mapping[Position, Raw]:
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
    texts = parts.get("sharedStrings")
    strings = scan.strings(scan.plain(package.data(texts))) if texts and package.has(texts) else scan.Strings()
    styles = _styles(package, parts.get("styles"))
    first = Calamine(data)
    for node in package.xml(workbook).iter():
        if local(node) != "sheet":
            continue
        relation = next((v for k, v in node.attrib.items() if k.endswith("}id")), "")
        kind, part = relations.get(relation, ("", ""))
        if kind != "worksheet" or not package.has(part):
            continue
        name = node.get("name", "")
        count = _scanned(package, part, name, strings, styles)
        yield Grid(
            name=name,
            cells=_delivered(data, first, name, count),
            hidden=node.get("state", "visible") != "visible",
            comments=_comments(package, part),
            unsaved=count.unsaved,
            errors=frozenset(count.errors),
            struck=frozenset(count.struck),
            hidden_rows=count.hidden_rows,
            hidden_columns=count.hidden_columns,
            merged=count.merged,
        )
