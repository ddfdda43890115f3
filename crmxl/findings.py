"""Findings: what is wrong in a file, where, and what to do. A finding is data; its texts come from the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from crmxl.messages import Code, Severity
from crmxl.text import B, Bilingual, Lang


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """A file: the name under which it came and the SHA-256 of its bytes, in hexadecimal."""

    name: str
    sha256: str


class Place(NamedTuple):
    """Where something stands: the file, its sheet and the A1 address of the cell or range."""

    source: Source
    sheet: str | None = None
    cell: str | None = None


class Across(Mapping[str, Place]):
    """The places of the cells of one row, by the keys of their columns; each is made when it is asked for, which of
    most cells nobody does."""

    __slots__ = ("_columns", "_row", "_sheet")

    def __init__(self, sheet: Place, row: int, columns: Mapping[str, int]) -> None:
        """`sheet` is a place on the sheet; the row, and the columns by their keys, are counted from 0."""
        self._sheet, self._row, self._columns = sheet, row, columns

    def __getitem__(self, key: str) -> Place:
        return Place(self._sheet.source, self._sheet.sheet, address(self._row, self._columns[key]))

    def __contains__(self, key: object) -> bool:
        return key in self._columns

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __repr__(self) -> str:
        return repr(dict(self))

    def of(self, keys: Iterable[str]) -> Across:
        """Those of some columns only."""
        return Across(self._sheet, self._row, {key: self._columns[key] for key in keys})


_CELL = re.compile(r"([A-Z]+)(\d+)")


@lru_cache(maxsize=20_000)
def letters(column: int) -> str:
    """The letters of a column, counted from 0: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def address(row: int, column: int) -> str:
    """The A1 address of a cell, both counted from 0."""
    return f"{letters(column)}{row + 1}"


def position(cell: str) -> tuple[int, int]:
    """Row and column of an A1 address or of the first cell of a range, both counted from 0."""
    match = _CELL.match(cell)
    if match is None:
        raise ValueError(f"not an address: {cell!r}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def ranges(cells: Iterable[str]) -> str:
    """Addresses as a person lists them: runs in one column are ranges (`E5:E9, E14`)."""
    runs: list[list[tuple[int, int]]] = []
    for row, column in sorted((position(c) for c in cells), key=lambda rc: (rc[1], rc[0])):
        if runs and runs[-1][-1] == (row - 1, column):
            runs[-1].append((row, column))
        else:
            runs.append([(row, column)])
    return ", ".join(address(*run[0]) + (f":{address(*run[-1])}" if len(run) > 1 else "") for run in runs)


LISTED = 12
"""Ranges that are listed to a person; of more, the first ones."""


def brief(spots: str) -> str:
    """Addresses as `ranges` lists them, cut where no person would read on: `E5:E7, E14… (+20)`."""
    parts = spots.split(", ")
    return spots if len(parts) <= LISTED else f"{', '.join(parts[:LISTED])}… (+{len(parts) - LISTED})"


EXPANDED = 5_000
"""Cells that ranges are taken apart into, at most."""


def cells_of(spots: str) -> Iterator[str]:
    """The addresses of cells and ranges as `ranges` lists them (`E5:E7, E14`), one by one."""
    told = 0
    for part in spots.split(", "):
        first, _, last = part.partition(":")
        (top, left), (bottom, right) = position(first), position(last or first)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if told < EXPANDED:
                    told += 1
                    yield address(row, column)


QUOTED = 200
"""Characters of a value that a message quotes; `found` has it whole."""


def quoted(text: str) -> str:
    """A text as a message quotes it."""
    return f"{text[:QUOTED].rpartition(' ')[0] or text[:QUOTED]}…" if len(text) > QUOTED else text


def _short(value: object) -> object:
    return quoted(value) if isinstance(value, str) else value


HEARD = B(
    "El país explica: «{text}». No se le vuelve a pedir; lo que no se pudo leer sigue apartado.",
    "The country explains: “{text}”. It is not asked for again; what could not be read stays set aside.",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause, one finding.

    `label` is the heading of the column that it concerns, `found` the value as it stands, `suggestion` the nearest
    value that would be right; `own_advice` replaces the catalogue's advice where a column has its own. `explained` is
    what the country answered to it when it was asked: it is not asked again.
    """

    code: Code
    place: Place
    arguments: tuple[tuple[str, object], ...] = ()
    label: Bilingual | None = None
    found: str | None = None
    suggestion: str | None = None
    own_advice: Bilingual | None = None
    explained: str = ""

    @property
    def severity(self) -> Severity:
        """error, warning or note; what the country has explained asks for nothing more."""
        return "note" if self.explained else self.code.severity

    def message(self, lang: Lang) -> str:
        """What is wrong, in one sentence."""
        return self.code.message.text.format(**{key: _short(value) for key, value in self.arguments})[lang]

    def advice(self, lang: Lang) -> str:
        """What to do, in the imperative."""
        return (
            HEARD.format(text=self.explained)[lang] if self.explained else self._filled(self.code.message.advice)[lang]
        )

    def advice_to_country(self, lang: Lang) -> str:
        """What the country itself has to do, in its review copy and in the reply."""
        return self._filled(self.code.message.country)[lang]

    def _filled(self, advice: Bilingual) -> Bilingual:
        return self.own_advice or advice.format(**{key: _short(value) for key, value in self.arguments})

    def as_dict(self, lang: Lang) -> dict[str, Any]:
        """The finding as JSON gives it."""
        return {
            "code": self.code.name,
            "severity": self.severity,
            "sheet": self.place.sheet,
            "cell": self.place.cell,
            "label": self.label[lang] if self.label else None,
            "found": self.found,
            "suggestion": self.suggestion,
            "message": self.message(lang),
            "advice": self.advice(lang),
            **({"explained": self.explained} if self.explained else {}),
        }


def finding(
    code: Code,
    place: Place,
    *,
    label: Bilingual | None = None,
    found: str | None = None,
    suggestion: str | None = None,
    advice: Bilingual | None = None,
    **arguments: object,
) -> Finding:
    """Make a finding; `found` also fills the text where the text names it."""
    if found is not None:
        arguments.setdefault("found", found)
    return Finding(code, place, tuple(arguments.items()), label, found, suggestion, advice)


def in_order(findings: Iterable[Finding], sheets: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Findings as a person reads a workbook: the file first, then sheet by sheet as they stand, row by row."""

    def reading(item: Finding) -> tuple[object, ...]:
        place = item.place
        spot = position(place.cell) if place.cell else (-1, -1)
        turn = sheets.index(place.sheet) if place.sheet in sheets else -1
        return (place.sheet is not None, turn, place.sheet or "", *spot, item.code.name, item.found or "")

    return tuple(sorted(findings, key=reading))


def at(place: Place, cell: str) -> Place:
    """The same file and sheet, another cell."""
    return Place(place.source, place.sheet, cell)
