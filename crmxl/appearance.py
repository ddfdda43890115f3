"""What a returned sheet shows or hides beyond its values: hidden rows, text struck out, merged cells.

All of it is read like any other cell, and said: what looks gone, crossed out or one cell may not be meant so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crmxl.definition import Key
from crmxl.findings import Finding, Place, address, at, finding, ranges
from crmxl.messages import Code
from crmxl.reading import Grid


def notices(grid: Grid, place: Place, rows: Mapping[Key, int], columns: Mapping[str, int]) -> Iterator[Finding]:
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
