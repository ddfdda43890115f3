"""What a returned sheet shows or hides beyond its values: hidden rows, text struck out, merged cells, lost lists.

All of it is read like any other cell, and said: what looks gone, crossed out or one cell may not be meant so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from crmxl.definition import Key, Owner, Table
from crmxl.findings import Finding, Place, address, at, finding, ranges
from crmxl.messages import Code
from crmxl.placing import is_open_row
from crmxl.reading import Grid, Position


def notices(
    table: Table, grid: Grid, place: Place, rows: Mapping[Key, int], columns: Mapping[str, int]
) -> Iterator[Finding]:
    """What is to be said of a sheet whose rows and columns are known, by their keys."""
    if not rows or not columns:
        return
    left, right = min(columns.values()), max(columns.values())
    hidden = sorted(row for row in rows.values() if row in grid.hidden_rows)
    if hidden:
        yield finding(Code.S120, at(place, ranges(address(row, left) for row in hidden)), count=len(hidden))
    lines, across = set(rows.values()), set(columns.values())
    struck = [address(*spot) for spot in grid.struck if spot[0] in lines and spot[1] in across]
    if struck:
        yield finding(Code.S121, at(place, ranges(struck)), count=len(struck))
    first, last = min(lines), max(lines)
    for (top, start), (bottom, end) in grid.merged:
        if top <= last and bottom >= first and start <= right and end >= left:
            yield finding(Code.S122, at(place, f"{address(top, start)}:{address(bottom, end)}"))
    issued = [row for key, row in rows.items() if not is_open_row(key[0])]
    unlisted = sorted(_unlisted(table, grid, issued, columns))
    if unlisted:
        yield finding(Code.S130, at(place, ranges(address(*spot) for spot in unlisted)), count=len(unlisted))


def _unlisted(table: Table, grid: Grid, rows: Iterable[int], columns: Mapping[str, int]) -> Iterator[Position]:
    """Answers that stand where the template offered a list to choose from, and no list is there any more: somebody
    pasted over it, and Excel compared nothing."""
    if grid.lists is None:
        return
    offered = [c.key for c in table.columns if c.owner is not Owner.ST and c.type.restrict().kind == "list"]
    for column in sorted(columns[key] for key in offered if key in columns):
        runs = [(top, bottom) for (top, left), (bottom, right) in grid.lists if left <= column <= right]
        for row in rows:
            if (row, column) in grid.cells and not any(top <= row <= bottom for top, bottom in runs):
                yield row, column
