"""Canonical workbooks: the Secretariat's own data sheets, read from one or several files.

A consolidated workbook is one of them: its views are passed over, its registers are data like all else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from crmxl.definition import Key, Kind, Record, Table
from crmxl.findings import Finding, Place, address, at, finding, position, ranges
from crmxl.messages import Code
from crmxl.reading import Book, Grid
from crmxl.reasons import Reason
from crmxl.tables import Stray, TableReading, comments_of, read_table
from crmxl.text import Bilingual, fold, tidy
from crmxl.values import as_text


@dataclass(frozen=True, slots=True)
class Canonical:
    """The data sheets of one or more canonical workbooks: records, the lines above the header and the reading of
    each sheet, by table name.

    `extra` are sheets that are none of ours; they are carried along as they are. `strays` are cells that the
    Secretariat keeps in our sheets outside their columns, and its notes on cells.
    """

    records: Mapping[str, tuple[Record, ...]]
    preambles: Mapping[str, tuple[str, ...]]
    readings: Mapping[str, TableReading]
    extra: tuple[Grid, ...] = ()
    findings: tuple[Finding, ...] = ()
    strays: tuple[Stray, ...] = ()

    def of(self, name: str) -> tuple[Record, ...]:
        """The records of a table; none if the workbook has no such sheet."""
        return self.records.get(name, ())

    def place(self, name: str, key: Key, column: str) -> Place | None:
        """Where a cell of a table stands, blank or not; None if its row or column is not there."""
        reading = self.readings.get(name)
        record = next((r for r in reading.records if r.key == key), None) if reading else None
        if reading is None or record is None or column not in reading.columns:
            return None
        spot = next(iter(record.places.values()))
        return at(spot, address(position(str(spot.cell))[0], reading.columns[column]))


def read_canonical(books: Sequence[Book], kinds: Sequence[Kind], views: Sequence[Bilingual]) -> Canonical:
    """Read the data sheets of canonical workbooks; `views` names the sheets that are made anew and never read.

    A sheet may stand in several of them, as Reuniones does: rows that say the same count once.
    """
    records: dict[str, dict[Key, Record]] = {}
    preambles: dict[str, tuple[str, ...]] = {}
    readings: dict[str, TableReading] = {}
    extra: list[Grid] = []
    strays: list[Stray] = []
    findings: list[Finding] = [f for book in books for f in book.findings]
    returned = [table for kind in kinds if kind.returns for table in kind.tables]
    tables = {text: table for kind in kinds for table in kind.tables for text in table.sheet.both()}
    boards = [board.sheet for kind in kinds for board in (kind.board, kind.tally) if board]
    skipped = {text for view in (*views, *boards) for text in view.both()}
    for book in books:
        renamed = _renamed(book, tables, skipped)
        for grid in book.grids:
            table = tables.get(grid.name) or tables.get(_CONTINUED.sub("", grid.name)) or renamed.get(grid.name)
            if grid.name in renamed and table:
                findings.append(finding(Code.S102, Place(book.source, grid.name), found=grid.name, sheet=table.sheet))
            if table is None:
                if grid.name not in skipped:
                    extra.append(grid)
                continue
            reading = read_table(grid, table, book.source)
            keys = {table.column(key).title for key in table.key}
            lacking = [] if table in returned else [f for f in reading.findings if f.code is Code.S104]
            older = [f for f in lacking if f.label not in keys]  # a register of an older version
            findings += (
                *(f for f in reading.findings if f not in older),
                *_join(records.setdefault(table.name, {}), reading.records, table),
            )
            preambles.setdefault(table.name, reading.preamble)
            readings.setdefault(table.name, reading)
            strays += (replace(stray, reason=Reason.CANONICAL) for stray in reading.strays)
            strays += comments_of(grid, book.source)
    rows = {name: tuple(joined.values()) for name, joined in records.items()}
    return Canonical(rows, preambles, readings, tuple(extra), tuple(findings), tuple(strays))


def _renamed(book: Book, tables: Mapping[str, Table], skipped: Collection[str]) -> dict[str, Table]:
    """Data sheets under another name, where the sheet of their own name is not there: known by their headings, if one
    sheet and one table only answer to each other. A copy of a sheet that is there is none of ours."""
    names = {grid.name for grid in book.grids}
    lost = {table.name for table in tables.values() if not names & set(table.sheet.both())}
    pairs: list[tuple[str, Table]] = []
    for grid in book.grids:
        if grid.name in tables or grid.name in skipped:
            continue
        scores = {table.name: (_likeness(grid, table), table.name in lost, table) for table in tables.values()}
        best, is_lost, table = max(scores.values(), key=lambda score: score[:2])
        rivals = [other for other in scores.values() if other[0] == best and other[2] is not table and other[1]]
        if best >= _ALIKE and is_lost and not rivals:
            pairs.append((grid.name, table))
    taken = Counter(table.name for _, table in pairs)
    return {name: table for name, table in pairs if taken[table.name] == 1}


_CONTINUED = re.compile(r" \+\d{1,3}$")
"""How the name of a sheet ends on which a table goes on (`limits.continued`)."""
_ALIKE = 0.8
"""The share of headings by which a sheet is known."""


def _likeness(grid: Grid, table: Table) -> float:
    """How far the headings of a sheet, in one of its first rows, are those of a table: 1 if they are the same."""
    wanted = [column.names() for column in table.columns]
    found = 0.0
    for cells in islice(grid.rows.values(), 25):
        said = {fold(as_text(raw)) for raw in cells.values()}
        found = max(found, sum(bool(names & said) for names in wanted) / max(len(wanted), len(said)))
    return found


def _join(known: dict[Key, Record], records: Iterable[Record], table: Table) -> Iterator[Finding]:
    """Add the rows of one more workbook; rows that another workbook has otherwise are a finding, one a sheet."""
    differing = []
    for record in records:
        there = known.setdefault(record.key, record)
        if any(tidy(record.text(c.key)) != tidy(there.text(c.key)) for c in table.stored):
            differing.append(record)
    if differing:
        place = next(iter(differing[0].places.values()))
        spot = ranges(str(next(iter(record.places.values())).cell) for record in differing)
        yield finding(Code.S113, at(place, spot), sheet=table.sheet, count=len(differing))
