"""What the columns of a sheet are: by their headings, by the hidden keys above them, by what a heading resembles.

The row of the headings is searched among the first ones; columns may stand in any order, with others between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from rapidfuzz import fuzz

from crmxl.anchors import Anchors
from crmxl.definition import Column, Record, Table
from crmxl.findings import Finding, Place, address, at, finding, letters, position
from crmxl.messages import Code
from crmxl.reasons import Reason
from crmxl.text import fold
from crmxl.values import Raw, as_text

HEADER_SEARCH = 25
"""The header row is looked for in so many rows from the top."""
NEAR = 80
"""From this likeness on (0 to 100), a heading or sheet name that is unique is taken for the one it resembles."""


_Columns: TypeAlias = Mapping[int, Column | None]


@dataclass
class Headings:
    """The columns of a sheet by position, what was wrong with them, and why some are not taken; `findings` speak of
    headings alone."""

    matched: dict[int, Column] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    refused: dict[int, Reason] = field(default_factory=dict)

    def said(self, code: Code, place: Place, across: int, column: Column, header: Mapping[int, Raw]) -> None:
        """A finding about one heading; the place is the first of them."""
        found = as_text(header.get(across)) or letters(across)
        spot = at(place, address(position(str(place.cell))[0], across))
        self.findings.append(finding(code, spot, label=column.title, found=found, column=column.title))


def read_headings(
    rows: Mapping[int, Mapping[int, Raw]],
    table: Table,
    place: Place,
    anchors: Anchors | None,
    issued: Iterable[Record],
    *,
    repair: bool,
) -> tuple[int, Headings] | None:
    """The header row and what its headings mean; where the row is gone, the hidden keys say what each column is. What
    was `issued` tells which of the two is right where they differ. None if neither is there."""
    header = _header_row(rows, table)
    if header is None and anchors is None:
        return None
    lost = header is None
    if header is None:
        header = min(anchors.rows, default=0) - 1 if anchors else 0
    hints = anchors.columns if anchors else {}
    named: _Columns = {a: _named(fold(as_text(raw)), table) for a, raw in sorted(rows.get(header, {}).items())}
    keyed: _Columns = {across: next((c for c in table.stored if c.key == key), None) for across, key in hints.items()}
    below = {row: cells for row, cells in rows.items() if row > header}
    named, keyed = _borne_out(named, keyed, below, issued)
    headings = _match_columns(rows.get(header, {}), named, keyed, table, at(place, address(header, 0)), near=repair)
    if lost:
        headings.findings = [finding(Code.S116, place, sheet=place.sheet)]
    return header, headings


def _header_row(rows: Mapping[int, Mapping[int, Raw]], table: Table) -> int | None:
    """The row among the first ones that holds the most headings of the table; at least two, one of them not first."""
    names = frozenset().union(*(column.names() for column in table.columns))
    scores = {
        row: sum(fold(as_text(raw)) in names for raw in cells.values())
        for row, cells in rows.items()
        if row < HEADER_SEARCH
    }
    best = max(scores, key=lambda row: (scores[row], -row), default=None)
    return best if best is not None and scores[best] >= min(2, len(table.columns)) else None


def _borne_out(
    named: _Columns, keyed: _Columns, below: Mapping[int, Mapping[int, Raw]], issued: Iterable[Record]
) -> tuple[_Columns, _Columns]:
    """What headings and hidden keys say; where they differ, only the one that the cells bear out: columns were moved
    without the hidden row, or headings exchanged. Both, where the cells tell nothing."""
    differing = [a for a, column in named.items() if column and keyed.get(a) not in (None, column)]
    columns = {column for a in differing for column in (named[a], keyed[a]) if column}
    texts = {
        c: {t for r in issued if (t := fold(r.written.get(c.key) or as_text(r.values.get(c.key))))} for c in columns
    }
    votes = [0, 0]
    for cells in below.values() if differing else ():
        for across in differing:
            text = fold(as_text(cells.get(across)))
            for side, column in enumerate((named[across], keyed[across])):
                votes[side] += column is not None and text in texts[column]
    if votes[0] and not votes[1]:
        return named, {}
    if votes[1] and not votes[0]:
        return {a: None if a in differing else column for a, column in named.items()}, keyed
    return named, keyed


def _match_columns(
    header: Mapping[int, Raw], named: _Columns, keyed: _Columns, table: Table, place: Place, *, near: bool
) -> Headings:
    """What the columns of a sheet are. Where the heading and the hidden key of a column agree, it is that one. A
    heading that is none of ours, or that of a column which is elsewhere, is what its key says; one without a key is
    what it says, or what it resembles. Where heading and key are two columns and neither is elsewhere, nobody knows."""
    found = Headings({a: c for a, c in named.items() if c is not None and keyed.get(a, c) is c})
    found.matched = _first_ones(found.matched, keyed)
    for across, column in keyed.items():
        title = named.get(across)
        if column is None or across in found.matched or column in found.matched.values():
            continue
        if title is None or title in found.matched.values() or title not in keyed.values():
            found.matched[across] = column
            found.said(Code.S105, place, across, column, header)
        else:
            found.refused[across] = Reason.COLUMN
    disputed = set(found.refused)
    for across, column in named.items():
        if column is not None and across not in found.matched and across not in disputed:
            found.refused[across] = Reason.TWICE
    free = {a: fold(as_text(header[a])) for a, c in named.items() if c is None and a not in found.matched}
    asked = {keyed[across] for across in disputed}
    for column in table.stored:
        if column in found.matched.values():
            continue
        alike = [a for a, name in free.items() if near and _nearest(name, table) is column]
        if len(alike) == 1:
            found.matched[alike[0]] = column
            found.said(Code.S105, place, alike[0], column, header)
            del free[alike[0]]
        elif column.key not in table.optional and column not in asked:
            told = finding(
                Code.S104, Place(place.source, place.sheet), label=column.title, column=column.title, sheet=place.sheet
            )
            found.findings.append(told)
    return found


def _named(name: str, table: Table) -> Column | None:
    """The column of which a heading is one of the names."""
    return next((column for column in table.columns if name in column.names()), None)


def _first_ones(matched: Mapping[int, Column], keyed: Mapping[int, Column | None]) -> dict[int, Column]:
    """Each column once: where its hidden key says so too, else where it is first."""
    best: dict[Column, int] = {}
    for across, column in matched.items():
        if column not in best or (keyed.get(across) is column and keyed.get(best[column]) is not column):
            best[column] = across
    return {across: column for column, across in best.items()}


def _nearest(name: str, table: Table) -> Column | None:
    """The column that a heading resembles most, if it is near enough."""
    scores = {c.key: max(fuzz.ratio(name, own) for own in c.names()) for c in table.stored}
    best = max(scores, key=lambda key: scores[key])
    return table.column(best) if scores[best] >= NEAR else None
