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
from crmxl.reading.cells import Calamine, as_shown, check_text, is_ours, sheet_of, shows
from crmxl.reading.gate import Package, Refusal, guarded, local, spared
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


def _comments(package: Package, part: str) -> dict[Position, Comment]:
    """The notes on the cells of a sheet; of a threaded comment all that was said, instead of its placeholder."""
    found: dict[Position, Comment] = {}
    for kind, target in sorted(package.relations(part).values()):
        if kind == "comments" and package.has(target):
            for spot, note in _notes(package.xml(target)):
                first = found.get(spot)
                found[spot] = Comment(first.author, f"{first.text}\n{note.text}") if first else note
        elif kind == "threadedComment" and package.has(target):
            found.update(_threads(package.xml(target), _persons(package)))
    return found


def _notes(root: Element) -> Iterator[tuple[Position, Comment]]:
    authors = [node.text or "" for node in root.iter() if local(node) == "author"]
    for node in root.iter():
        if local(node) == "comment":
            text = "".join(t.text or "" for t in node.iter() if local(t) == "t")
            number = node.get("authorId", "0")
            known = number.isdigit() and int(number) < len(authors)
            yield _noted_at(node), Comment(authors[int(number)] if known else "", text)


def _noted_at(node: Element) -> Position:
    """The cell of a note; the first one where the reference is none."""
    try:
        return position(node.get("ref", ""))
    except ValueError:
        return 0, 0


def _persons(package: Package) -> dict[str, str]:
    """The names of those who take part in threads, by their id."""
    parts = [part for part in package.parts() if part.startswith("xl/persons/")]
    people = [node for part in parts for node in package.xml(part)]
    return {node.get("id", ""): node.get("displayName", "") for node in people}


def _threads(root: Element, persons: Mapping[str, str]) -> dict[Position, Comment]:
    """The threads, each as one note: its first author, then a line for each reply, with who replied."""
    found: dict[Position, Comment] = {}
    for node in root:
        text = "".join(child.text or "" for child in node if local(child) == "text")
        who, spot = persons.get(node.get("personId", ""), ""), _noted_at(node)
        first = found.get(spot)
        found[spot] = Comment(first.author, f"{first.text}\n{who}: {text}") if first else Comment(who, text)
    return found


def hazards(package: Package) -> Iterator[str]:
    """What the package holds that is neither run nor followed, and what its dates count from."""
    parts = [part.lower() for part in package.parts()]
    told = (
        ("macros", ("vbaproject.bin", "xl/macrosheets/", "xl/dialogsheets/")),
        ("external_links", ("xl/externallinks/",)),
        ("connections", ("xl/connections.xml", "xl/querytables/")),
        ("embedded_objects", ("xl/embeddings/", "xl/activex/", "xl/ctrlprops/")),
        ("threaded_comments", ("xl/threadedcomments/",)),
    )
    for name, signs in told:
        if any(sign in part for part in parts for sign in signs):
            yield name
    for part in package.parts():
        if part.lower().startswith("xl/externallinks/") and part.endswith(".xml") and b"ddeLink" in package.data(part):
            yield "dde"
            break
    workbook = next((target for kind, target in package.relations("").values() if kind == "officeDocument"), "")
    if workbook.endswith(".bin"):
        return
    root = package.xml(workbook)
    if any(local(n) == "workbookPr" and n.get("date1904") in ("1", "true", "on") for n in root):
        yield "date_1904"
    if "purl.oclc.org" in root.tag:
        yield "strict"


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
    if count.errors:
        cells = {**cells, **count.errors}
    if len(cells) != count.values:
        cells = guarded(lambda: _openpyxl(data, name)) or {}
    if len(cells) != count.values:
        raise Refusal(Code.F108, name, counted=count.values, read=len(cells))
    for raw in cells.values():
        check_text(raw, name)
    if not count.coarse:
        return cells
    return {**cells, **{spot: as_shown(cells[spot], form) for spot, form in count.coarse.items() if spot in cells}}


def program(package: Package) -> str | None:
    """The program that says it wrote the file, with its version."""
    if not package.has("docProps/app.xml"):
        return None
    texts = {local(node): (node.text or "").strip() for node in package.xml("docProps/app.xml")}
    return " ".join(filter(None, (texts.get("Application"), texts.get("AppVersion"))))[:100] or None


def names(package: Package) -> dict[str, str]:
    """The sheets to which names of ours lead, by name."""
    workbook = next((target for kind, target in package.relations("").values() if kind == "officeDocument"), "")
    if workbook.endswith(".bin"):
        return {}
    named = (node for node in package.xml(workbook).iter() if local(node) == "definedName")
    return {node.get("name", ""): sheet_of(node.text or "") for node in named if is_ours(node.get("name", ""))}


def read_grids(data: bytes, package: Package) -> Iterator[Grid]:
    """The sheets of a workbook, in their order; chart sheets have no cells and are passed over."""
    workbook = next((target for kind, target in package.relations("").values() if kind == "officeDocument"), "")
    if not package.has(workbook):
        raise Refusal(Code.F107)
    relations = package.relations(workbook)
    parts = dict(relations.values())
    texts = parts.get("sharedStrings")
    strings = scan.strings(scan.plain(package.data(texts))) if texts and package.has(texts) else scan.Strings()
    styles = spared(lambda: _styles(package, parts.get("styles")), scan.Styles())
    first = Calamine(data)
    before = 0
    for node in package.xml(workbook).iter():
        if local(node) != "sheet":
            continue
        relation = next((v for k, v in node.attrib.items() if k.endswith("}id")), "")
        kind, part = relations.get(relation, ("", ""))
        if kind != "worksheet" or not package.has(part):
            continue
        name = node.get("name", "")
        count = scan.sheet(scan.plain(package.data(part)), name, strings, styles, before)
        before += count.values
        yield Grid(
            name=name,
            cells=_delivered(data, first, name, count),
            hidden=node.get("state", "visible") != "visible",
            comments=spared(lambda part=part: _comments(package, part), {}),  # type: ignore[misc]
            unsaved=count.unsaved,
            errors=frozenset(count.errors),
            struck=frozenset(count.struck),
            hidden_rows=count.hidden_rows,
            hidden_columns=count.hidden_columns,
            merged=count.merged,
            lists=count.lists,
        )
