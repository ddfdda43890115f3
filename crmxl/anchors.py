"""The hidden anchors of a template's table: a row with the keys of its columns, a column with those of its rows.

Where they cross stands `crmxl:`, the key of the kind, and the id of the issued copy. Visible headings and numbers stay
what people see and edit; the anchors tell what a heading or a number was, as long as nobody deleted them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from crmxl.reading import Grid
from crmxl.values import Raw, as_text

ANCHOR = "crmxl:"
SEARCH = 25
"""The anchor row is looked for in so many rows from the top."""
_CROSSING = re.compile(r"crmxl:(\w+)(?::(\w+))?")


@dataclass(frozen=True, slots=True)
class Anchors:
    """The anchors of one sheet: the kind, the issue that it was issued with (blank in a blank template), the row and
    column in which they stand, and what they say."""

    kind: str
    issue: str
    row: int
    column: int
    columns: Mapping[int, str]
    rows: Mapping[int, Raw]


def crossing(kind: str, issue: str) -> str:
    """What stands where the hidden row and column of a table cross."""
    return f"{ANCHOR}{kind}:{issue}" if issue else f"{ANCHOR}{kind}"


def find_anchors(grid: Grid) -> Anchors | None:
    """The anchors of a sheet; None if they are gone."""
    for (row, column), raw in grid.cells.items():
        if row >= SEARCH or not isinstance(raw, str) or ANCHOR not in raw:
            continue
        match = _CROSSING.fullmatch(raw.strip())
        if match:
            keys = {c: as_text(key) for c, key in grid.rows[row].items() if c != column}
            below = {r: cells[column] for r, cells in grid.rows.items() if r > row and column in cells}
            return Anchors(match[1], match[2] or "", row, column, keys, below)
    return None
