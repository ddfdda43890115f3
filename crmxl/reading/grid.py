"""What a workbook holds, as read: raw cells with their positions, comments, and which formulas have no value."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from crmxl.findings import Finding, Place, Source
from crmxl.messages import Code
from crmxl.values import Raw

Position: TypeAlias = tuple[int, int]
"""Row and column of a cell, both counted from 0."""
Area: TypeAlias = tuple[Position, Position]
"""The first and the last cell of a rectangle."""
LIST_LIMIT = 10_000
"""Areas with a list to choose from that are kept of a sheet; where there are more, nothing is told of them."""

OURS = "crmxl_"
"""How the names begin that crmxl gives to its tables; all other names of a workbook are no concern of ours."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A note on a cell and who wrote it."""

    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one sheet that are not blank, by position."""

    name: str
    cells: Mapping[Position, Raw]
    hidden: bool = False
    comments: Mapping[Position, Comment] = field(default_factory=dict)
    unsaved: Mapping[Position, str] = field(default_factory=dict)
    """Formulas without a saved value, by position: their cells look blank to every reader."""
    errors: frozenset[Position] = frozenset()
    """Cells that show an error of calculation (`#REF!`); the same letters typed as text are no error."""
    struck: frozenset[Position] = frozenset()
    """Cells of which the text, or a part of it, is struck out."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[Area, ...] = ()
    lists: tuple[Area, ...] | None = None
    """Where a cell offers a list to choose from; None where the format does not tell (.xls, .xlsb)."""

    _rows: dict[str, dict[int, dict[int, Raw]]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def row(self, row: int) -> dict[int, Raw]:
        """The cells of one row, by column."""
        return dict(self.rows.get(row, {}))

    @property
    def extent(self) -> tuple[int, int]:
        """How many rows and columns there are up to the last cell."""
        return max((r for r, _ in self.cells), default=-1) + 1, max((c for _, c in self.cells), default=-1) + 1

    @property
    def rows(self) -> dict[int, dict[int, Raw]]:
        """The cells by row, then by column; rows in order. Made once, and not to be changed."""
        if "rows" not in self._rows:
            grouped: dict[int, dict[int, Raw]] = {}
            for row, column in sorted(self.cells):
                grouped.setdefault(row, {})[column] = self.cells[row, column]
            self._rows["rows"] = grouped
        return self._rows["rows"]


@dataclass(frozen=True, slots=True)
class Book:
    """A file as read: where it came from, the program that wrote it, its sheets; or why it was refused.

    `format` is what it is by its content (`xlsx`, `ods`, `xls`…), `hazards` what it holds that crmxl neither runs nor
    follows: macros, links to other files.
    """

    source: Source
    program: str | None
    grids: tuple[Grid, ...]
    findings: tuple[Finding, ...] = ()
    format: str = ""
    hazards: tuple[str, ...] = ()
    sent: str = ""
    """When the mail was sent that brought it (ISO, UTC); blank where that is not known."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The sheets to which the workbook's own names of ours lead (`crmxl_plan`), by name."""

    def grid(self, name: str) -> Grid | None:
        """The sheet of that name."""
        return next((grid for grid in self.grids if grid.name == name), None)


def source_of(name: str, data: bytes) -> Source:
    """A file by its name and the hash of its bytes."""
    return Source(name, hashlib.sha256(data).hexdigest())


def refused(source: Source, code: Code, sheet: str | None = None, form: str = "", **arguments: object) -> Book:
    """A file that is not read, with the finding that says why."""
    found = Finding(code, Place(source, sheet), tuple(arguments.items()))
    return Book(source, None, (), (found,), format=form)
