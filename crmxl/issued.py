"""The issued copies of the Secretariat, and the stamp by which a returned template points to its own.

A copy counts only while its content still gives its issue id; the stamp of a returned file is a pointer, never an
authority.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from typing import TypeAlias

from crmxl.anchors import find_anchors
from crmxl.definition import Key, Kind, Owner, Record
from crmxl.placing import is_open_row
from crmxl.reading import Book
from crmxl.tables import read_table
from crmxl.text import Lang, tidy
from crmxl.values import Value, as_text

STAMP_SHEET = "_crmxl"

Base: TypeAlias = Mapping[str, Mapping[Key, Record]]
"""The rows of a template as issued, by kind and key."""

_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a template says of itself."""

    issue: str = ""
    country: str = ""
    cycle: str = ""
    deadline: str = ""
    lang: Lang = "es"
    kinds: tuple[str, ...] = ()
    """Kind and version, as `plan:1`."""
    reviewed: str = ""
    """Of a review copy, what identifies the answers that were put into it."""
    contact: str = ""
    """To whom the template is sent back, as the Secretariat put it."""

    def rows(self) -> list[tuple[str, str]]:
        """The stamp as the hidden sheet holds it, a name and a value a row."""
        names = ("issue", "country", "cycle", "deadline", "lang")
        told = [("crmxl", "1"), *((name, getattr(self, name)) for name in names), ("kinds", " ".join(self.kinds))]
        return [*told, *((name, text) for name in ("reviewed", "contact") if (text := getattr(self, name)))]


@dataclass(frozen=True, slots=True)
class Issued:
    """An issued copy: the country it was issued to, its cycle and deadline (ISO), its rows, the texts that stand around
    its tables, and its language."""

    country: str
    cycle: str
    deadline: str
    base: Base
    around: frozenset[str] = frozenset()
    extent: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """How many rows and columns each sheet was issued with, by its name."""
    lang: Lang = "es"


def read_stamp(book: Book) -> Stamp | None:
    """The stamp of a template; None if the hidden sheet is gone or is not ours."""
    grid = book.grid(STAMP_SHEET)
    if grid is None:
        return None
    rows = {as_text(cells.get(0)): as_text(cells.get(1)) for cells in grid.rows.values()}
    if "crmxl" not in rows:
        return None
    deadline = rows.get("deadline", "")
    return Stamp(
        issue=rows.get("issue", ""),
        country=rows.get("country", ""),
        cycle=rows.get("cycle", ""),
        deadline=deadline if _DAY.fullmatch(deadline) else "",
        lang="en" if rows.get("lang") == "en" else "es",
        kinds=tuple(rows.get("kinds", "").split()),
        reviewed=rows.get("reviewed", ""),
        contact=rows.get("contact", ""),
    )


def anchored_stamp(book: Book, issued: Mapping[str, Issued]) -> Stamp | None:
    """The stamp of a template that has lost it, by the hidden anchors of its tables; None unless they all name one
    issued copy."""
    anchors = [found for grid in book.grids if (found := find_anchors(grid))]
    ids = {found.issue for found in anchors}
    if len(ids) != 1 or not ids & issued.keys():
        return None
    (issue,) = ids
    return stamp_of(issue, issued[issue], (), tuple(found.kind for found in anchors))


def stamp_of(issue: str, copy: Issued, kinds: Sequence[Kind], names: tuple[str, ...] = ()) -> Stamp:
    """The stamp of an issued copy, made again."""
    names = names or tuple(f"{kind.key}:{kind.version}" for kind in kinds if kind.key in copy.base)
    return Stamp(issue, copy.country, copy.cycle, copy.deadline, copy.lang, names)


def ordering_deadline(stamp: Issued | Stamp, issued: Mapping[str, Issued]) -> str:
    """The deadline by which a file without its issued copy is ordered: that of its cycle as issued; of a cycle of which
    no copy is there, what the stamp says, unless it claims to be later than what was issued."""
    known = {copy.cycle: copy.deadline for copy in issued.values()}
    if not known or stamp.cycle in known:
        return known.get(stamp.cycle, stamp.deadline)
    return stamp.deadline if stamp.deadline < max(known.values()) else ""


def issue_id(cycle: str, deadline: str, country: str, rows: Mapping[str, Iterable[Record]]) -> str:
    """What identifies an issued copy: its cycle, deadline, country and content; not how the workbook looks."""
    digest = hashlib.sha256("\x1f".join((cycle, deadline, country)).encode())
    for kind in sorted(rows):
        for record in rows[kind]:
            if not is_open_row(record.key[0]):
                cells = sorted((column, tidy(as_text(value))) for column, value in record.values.items())
                digest.update(repr((kind, record.key, cells)).encode())
    return digest.hexdigest()[:16]


def answers_id(answers: Mapping[tuple[str, str, str], str]) -> str:
    """What identifies a set of answers: kind, number of the row and column of each, and its text."""
    told = sorted((*spot, tidy(text)) for spot, text in answers.items() if tidy(text))
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def read_issued(books: Iterable[Book], kinds: Sequence[Kind]) -> dict[str, Issued]:
    """The issued copies by issue id. What is no issued copy, or is one that was filled in, is passed over."""
    found: dict[str, Issued] = {}
    for book in books:
        stamp = read_stamp(book)
        if stamp is None or not stamp.issue:
            continue
        base, around = _as_issued(book, kinds)
        if stamp.issue == _id_of(stamp, base):
            extent = {grid.name: grid.extent for grid in book.grids}
            found[stamp.issue] = Issued(stamp.country, stamp.cycle, stamp.deadline, base, around, extent, stamp.lang)
    return found


def is_sure(stamp: Stamp, copy: Issued) -> bool:
    """Whether a copy holds what was issued with a stamp: its content gives the issue id."""
    return _id_of(stamp, copy.base) == stamp.issue


def _id_of(stamp: Stamp, base: Base) -> str:
    rows = {key: records.values() for key, records in base.items()}
    return issue_id(stamp.cycle, stamp.deadline, stamp.country, rows)


def _as_issued(book: Book, kinds: Sequence[Kind]) -> tuple[Base, frozenset[str]]:
    """The rows of a template as they stand, by kind, but for its open rows, which were issued blank; and the texts
    around its tables."""
    base: dict[str, dict[Key, Record]] = {}
    heads: dict[str, int] = {}
    anchored = {found.kind: grid for grid in book.grids if (found := find_anchors(grid))}
    for kind in kinds:
        named = next((book.grid(name) for name in kind.sheet.both() if book.grid(name)), None)
        grid = named or anchored.get(kind.key)  # a renamed sheet
        if grid and kind.fillable:
            reading = read_table(grid, kind.template_table, book.source)
            rows = (r for r in reading.records if not (kind.open_rows and is_open_row(r.key[0])))
            base[kind.key] = {record.key: record for record in rows}
            heads[grid.name] = reading.header
    cells = ((g.name, r, raw) for g in book.grids for (r, _), raw in g.cells.items())
    return base, frozenset(tidy(as_text(raw)) for name, row, raw in cells if row < heads.get(name, 2**20))


GUESSES = 1024
"""So many ways to tell what was issued from what was filled in are tried."""


def issue_of(book: Book) -> str:
    """The issue that a template answers, by its stamp or, where that is lost, by its tables; blank if nothing tells."""
    stamp = read_stamp(book)
    told = {stamp.issue} if stamp else {found.issue for grid in book.grids if (found := find_anchors(grid))}
    return told.pop() if len(told) == 1 else ""


def reconstructed(books: Sequence[Book], kinds: Sequence[Kind]) -> Issued | None:
    """What was issued, from several filled copies of it: what they agree on, blank where one of them is blank. Where
    they differ, the values are tried of which the content gives the issue id; if none does, such a cell is taken to
    have been blank, so that all that the copies say counts as written; so is what a single copy says in a row that no
    other has, but for the Secretariat's cells. None if no copy has a stamp."""
    stamped = [(stamp, book) for book in books if (stamp := read_stamp(book)) and stamp.issue]
    if not stamped:
        return None
    stamp = stamped[0][0]
    read = [_as_issued(book, kinds) for book in books if issue_of(book) == stamp.issue]
    copies, around = [copy for copy, _ in read], frozenset.intersection(*(texts for _, texts in read))
    base: dict[str, dict[Key, Record]] = {}
    doubtful: list[tuple[str, Key, str, list[Value]]] = []
    for kind in kinds:
        for key in dict.fromkeys(key for copy in copies for key in copy.get(kind.key, {})):
            rows = [copy[kind.key][key].values for copy in copies if key in copy.get(kind.key, {})]
            values: dict[str, Value] = {}
            for name in (column.key for column in kind.template_table.columns):
                said = {tidy(as_text(row[name])): row[name] for row in rows if name in row}
                alone = len(rows) == 1 and kind.column(name).owner is not Owner.ST
                if len(said) == 1 and not alone and all(name in row for row in rows):
                    values[name] = next(iter(said.values()))
                elif said and not alone and all(name in row for row in rows):
                    doubtful.append((kind.key, key, name, list(said.values())))
            base.setdefault(kind.key, {})[key] = Record(key, values)
    extent = {grid.name: grid.extent for grid in stamped[0][1].grids}
    settled = _settled(stamp, base, doubtful)
    return Issued(stamp.country, stamp.cycle, stamp.deadline, settled, around, extent, stamp.lang)


def _settled(stamp: Stamp, base: Base, doubtful: Sequence[tuple[str, Key, str, Sequence[Value]]]) -> Base:
    """The base with those doubtful values of which the content gives the issue id; without any, if none does."""
    ways = product(*(values for *_, values in doubtful))
    for way in islice(ways, GUESSES) if doubtful else ():
        tried = {kind: dict(rows) for kind, rows in base.items()}
        for (kind, key, column, _), value in zip(doubtful, way, strict=True):
            tried[kind][key] = Record(key, {**tried[kind][key].values, column: value})
        if _id_of(stamp, tried) == stamp.issue:
            return tried
    return base
