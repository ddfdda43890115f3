"""The issued copies of the Secretariat, and the stamp by which a returned template points to its own.

A copy counts only while its content still gives its issue id; the stamp of a returned file is a pointer, never an
authority.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from crmxl import members
from crmxl.anchors import find_anchors
from crmxl.definition import Key, Kind, Record
from crmxl.placing import is_open_row
from crmxl.reading import Book
from crmxl.tables import read_table
from crmxl.text import Lang, tidy
from crmxl.values import as_text

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

    def rows(self) -> list[tuple[str, str]]:
        """The stamp as the hidden sheet holds it, a name and a value a row."""
        names = ("issue", "country", "cycle", "deadline", "lang")
        told = [("crmxl", "1"), *((name, getattr(self, name)) for name in names), ("kinds", " ".join(self.kinds))]
        return [*told, ("reviewed", self.reviewed)] if self.reviewed else told


@dataclass(frozen=True, slots=True)
class Issued:
    """An issued copy: the country it was issued to, its cycle and deadline (ISO), its rows, and the texts that stand
    around its tables."""

    country: str
    cycle: str
    deadline: str
    base: Base
    around: frozenset[str] = frozenset()


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
    )


def anchored_stamp(book: Book, issued: Mapping[str, Issued]) -> Stamp | None:
    """The stamp of a template that has lost it, by the hidden anchors of its tables; None unless they all name one
    issued copy."""
    anchors = [found for grid in book.grids if (found := find_anchors(grid))]
    ids = {found.issue for found in anchors}
    if len(ids) != 1 or not ids & issued.keys():
        return None
    (issue,) = ids
    copy = issued[issue]
    lang = members.BY_CODE[copy.country].lang if copy.country in members.BY_CODE else "es"
    return Stamp(issue, copy.country, copy.cycle, copy.deadline, lang, tuple(found.kind for found in anchors))


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
        base: dict[str, dict[Key, Record]] = {}
        heads: dict[str, int] = {}
        for kind in kinds:
            grid = next((book.grid(name) for name in kind.sheet.both() if book.grid(name)), None)
            if grid and kind.fillable:
                reading = read_table(grid, kind.template_table, book.source)
                base[kind.key] = {record.key: record for record in reading.records}
                heads[grid.name] = reading.header
        rows = {key: records.values() for key, records in base.items()}
        if stamp.issue == issue_id(stamp.cycle, stamp.deadline, stamp.country, rows):
            around = {
                tidy(as_text(raw))
                for g in book.grids
                for (r, _), raw in g.cells.items()
                if r < heads.get(g.name, 2**20)
            }
            found[stamp.issue] = Issued(stamp.country, stamp.cycle, stamp.deadline, base, frozenset(around))
    return found
