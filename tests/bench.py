"""The workbench of the tests: issued templates as read, returns made by editing their cells, merges of them.

A return is a `Book` with other cells than the issued one, so that a test shows what a country wrote and nothing else:

    book = bench.fill("CRI", {("9.3", "calendar"): "Mayo de 2010"}, type="parcial")
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import openpyxl

from crmxl import cycle
from crmxl.anchors import find_anchors
from crmxl.around import INSTRUCTIONS
from crmxl.canonical import Canonical
from crmxl.consolidation import Consolidation, load, merge
from crmxl.decisions import Tables
from crmxl.definition import Record
from crmxl.demo import CANONICAL as DEMO
from crmxl.envelope import ENVELOPE
from crmxl.evolution import evolution_rows
from crmxl.findings import Finding, Source, position
from crmxl.issued import Issued, read_issued
from crmxl.kinds import KINDS
from crmxl.reading import Book, Grid, read_book
from crmxl.status import assess
from crmxl.submission import Submission, read_submission
from crmxl.text import fold
from crmxl.validation import validate
from crmxl.values import Raw, as_text
from crmxl.writing import write_consolidated

ROOT = Path(__file__).parent.parent
PLAN = ROOT / "workbooks" / "plan-de-trabajo-2009.xlsx"
CANONICAL = [ROOT / "workbooks" / name for name in DEMO]
EXAMPLES = ROOT / "workbooks" / "ejemplo-2010"
REGISTERS = ROOT / "workbooks" / "registros-de-ejemplo.xlsx"
REGISTERED = ROOT / "workbooks" / "ejemplo-2010-registros"
AS_OF = dt.date(2010, 3, 1)
CYCLE, DEADLINE = "2010-1", dt.date(2010, 2, 12)
FILLABLE = [kind for kind in KINDS if kind.fillable]

Cells = Mapping[tuple[str, str], Raw]
"""What is written, by the number of the row and the key of the column."""


def source(grids: Sequence[Grid], name: str) -> Source:
    """A file's name, and a hash of its cells in place of its bytes."""
    text = repr([(g.name, sorted(g.cells.items(), key=repr), sorted(g.comments.items(), key=repr)) for g in grids])
    return Source(name, hashlib.sha256(text.encode()).hexdigest())


def with_cells(book: Book, sheet: str, cells: Mapping[tuple[int, int], Raw], name: str | None = None) -> Book:
    """The book with some cells of a sheet otherwise; None empties a cell."""
    grids = []
    for grid in book.grids:
        if grid.name == sheet:
            merged = {**grid.cells, **cells}
            grid = replace(grid, cells={spot: raw for spot, raw in merged.items() if raw is not None})
        grids.append(grid)
    return replace(book, grids=tuple(grids), source=source(grids, name or book.source.name))


def without_anchors(book: Book) -> Book:
    """The book as if somebody had deleted the hidden row and column of each table."""
    grids = []
    for grid in book.grids:
        anchors = find_anchors(grid)
        if anchors:
            kept = {(r, c): raw for (r, c), raw in grid.cells.items() if r != anchors.row and c != anchors.column}
            grid = replace(grid, cells=kept)
        grids.append(grid)
    return replace(book, grids=tuple(grids), source=source(grids, book.source.name))


@dataclass(repr=False)
class Bench:
    """The issued templates of one cycle on some canonical workbooks."""

    canonical: Canonical
    books: Mapping[str, Book]
    issued: Mapping[str, Issued]

    @classmethod
    def make(
        cls,
        canonical: Path | Sequence[Path],
        folder: Path,
        name: str = CYCLE,
        deadline: dt.date = DEADLINE,
        countries: Sequence[str] = (),
    ) -> Bench:
        given = [canonical] if isinstance(canonical, Path) else canonical
        paths = cycle.issue(given, name, deadline, folder, countries)
        books = {path.stem: read_book(path) for path in paths}
        return cls(cycle.open_canonical(given), books, read_issued(books.values(), FILLABLE))

    def fill(self, country: str, cells: Cells, name: str = "", **envelope: Any) -> Book:
        """The template of a country, filled in."""
        book = self.books[country]
        layouts = read_submission(book, FILLABLE, self.issued).layouts.values()
        spots: dict[str, dict[tuple[int, int], Raw]] = {}
        for (row, column), raw in cells.items():
            (layout,) = [layout for layout in layouts if (row,) in layout.rows]
            spot = layout.address((row,), column)
            assert spot is not None, (row, column)
            spots.setdefault(layout.sheet, {})[position(spot)] = raw
        filled = replace(book, source=source(book.grids, name or f"{country}.xlsx"))
        for sheet, written in spots.items():
            filled = with_cells(filled, sheet, written)
        return self.send(filled, **envelope) if envelope else filled

    @staticmethod
    def send(book: Book, **envelope: Any) -> Book:
        """The book with its block Envío filled in."""
        sheet = next(n for n in INSTRUCTIONS.both() if book.grid(n))
        grid = book.grid(sheet)
        assert grid is not None
        spots = {}
        for (row, column), raw in grid.cells.items():
            key = next((c.key for c in ENVELOPE if fold(as_text(raw)) in c.names()), None)
            if key in envelope:
                spots[row, column + 1] = envelope[key]
        return with_cells(book, sheet, spots)

    def read(self, *books: Book, option: str | None = None) -> list[Submission]:
        """The returns as read and checked."""
        return [validate(read_submission(b, FILLABLE, self.issued, option=option), FILLABLE) for b in books]

    def codes(self, book: Book) -> list[str]:
        """The codes of what is wrong in a return."""
        return [item.code.name for item in self.read(book)[0].findings]

    def merge(self, *books: Book, newer: Sequence[Record] = ()) -> Consolidation:
        """The merge of some returns."""
        return merge(self.canonical, self.read(*books), KINDS, newer=newer)

    def merge_on(self, canonical: Canonical, *books: Book) -> Consolidation:
        """The merge of some returns into other canonical data than those that were issued."""
        return merge(canonical, self.read(*books), KINDS)


def told(result: Consolidation) -> list[Finding]:
    """What a merge finds in the Secretariat's own workbook, but for the notes on the plan's citations."""
    return [item for item in result.findings if item.severity != "note"]


def written(result: Consolidation, as_of: dt.date = AS_OF) -> bytes:
    """The consolidated workbook of a merge."""
    earlier = result.canonical.of("evolution")
    items = assess(KINDS, {**result.tables, "evolution": earlier}, as_of)
    history = evolution_rows([item.told for item in items], result.cycle, as_of, earlier)
    tables = {**result.tables, "evolution": history}
    items = assess(KINDS, tables, as_of)
    return write_consolidated(replace(result, tables=tables), KINDS, items, as_of)


def reopened(result: Consolidation, folder: Path) -> Canonical:
    """The consolidated workbook of a merge, read back as the next canonical one."""
    path = folder / "consolidado.xlsx"
    path.write_bytes(written(result))
    return cycle.open_canonical([path])


def values(result: Consolidation | Canonical | Tables, table: str) -> dict[tuple[str, ...], dict[str, Any]]:
    """The rows of a table by key, without what is not stored."""
    if isinstance(result, Tables):
        return {key: dict(row) for key, row in result.rows.get(table, {}).items()}
    records = result.of(table) if isinstance(result, Canonical) else result.tables.get(table, ())
    return {record.key: dict(record.values) for record in records}


def decide(canonical: Canonical, choose: Mapping[tuple[str, str], Mapping[str, Any]]) -> Canonical:
    """The canonical data with some rows of Decisiones filled in, by item and column heading."""
    rows = []
    for record in canonical.of("decisions"):
        chosen = choose.get((record.text("item"), record.text("column")), {})
        rows.append(replace(record, values={**record.values, **chosen}))
    return replace(canonical, records={**canonical.records, "decisions": tuple(rows)})


def type_decision(path: Path, text: str) -> None:
    """Write a decision into the first row of the sheet Decisiones, as the Secretariat would in its own program."""
    book = openpyxl.load_workbook(path)
    sheet: Any = book["Decisiones"]
    (header,) = [row[0].row for row in sheet.iter_rows() if row[0].value == "Ítem"]
    (column,) = [cell.column for cell in sheet[header] if cell.value == "Decisión"]
    sheet.cell(header + 1, column).value = text
    book.save(path)


def applied(canonical: Canonical) -> Tables:
    """The canonical tables with the decisions that are taken."""
    return load(canonical, KINDS, "es")[0]
