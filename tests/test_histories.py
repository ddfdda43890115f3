"""Histories: countries fill in, save with other programs, send again, lose stamps; the Secretariat merges, decides,
takes activities out, numbers them anew, issues, merges again.

After each merge the laws hold: the counts add up, order does not matter, the result is the next canonical workbook,
merging the same files again changes nothing, the plan changes by decisions only, a country's answers by its returns.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from crmxl import cycle, receiving
from crmxl.canonical import Canonical, read_canonical
from crmxl.consolidation import Consolidation, load, merge
from crmxl.definition import Record
from crmxl.issued import STAMP_SHEET, Issued, read_issued
from crmxl.kinds import BY_KEY, KINDS
from crmxl.reading import Book, read_book
from crmxl.submission import Submission, read_submission
from crmxl.text import tidy
from crmxl.validation import validate
from crmxl.values import as_text
from crmxl.writing import VIEWS
from tests.bench import FILLABLE, Bench, source, values, without_anchors, written

COUNTRIES = {"CRI": "Costa Rica", "MEX": "México", "USA": "Estados Unidos"}
DATA = ("plan", "plan.answers", "history", "meetings", "decisions")
SHARED, OWN = (
    ("objective", "activity", "responsible", "calendar", "situation"),
    ("state", "progress", "date", "remarks"),
)
PLAN_ROWS = [
    ("1.1", "1", "A", "Objetivo uno", "Actividad uno", "Países miembros", "Abril de 2010", "Vigente"),
    ("1.2", "2", "A", "Objetivo uno", "Actividad dos", "Países miembros", "Por definir", "Vigente"),
    ("2.1", "3", "B", "Objetivo dos", "Actividad tres", "OIM", None, "Vigente"),
]
CHOICES = ("Cumplida", "Done", "En proceso", "Vigente", "Eliminar", "zzz")
DATES = ("Mayo de 2010", "Mayo  de 2010", "3 de mayo de 2010", dt.datetime(2010, 5, 3), "03/04/2010")
WRITTEN: dict[str, tuple[Any, ...]] = {"state": CHOICES, "situation": CHOICES, "calendar": DATES, "date": DATES}
TEXTS = ["Objetivo dos", "texto común", "texto {n}", "texto {n}"]
CELL = st.tuples(
    st.sampled_from(["1.1", "1.2", "2.1", "N1"]), st.sampled_from(SHARED + OWN), st.integers(0, 5), st.integers(0, 6)
)

FORGED = "lo que nadie propuso"
"""What is written over a country's words in Decisiones, and must not become anybody's."""
WRITTEN_AGAIN = 8
"""Every so many merges the bytes are compared too; what they are made from is compared each time."""


@cache
def beginning() -> tuple[Path, Bench]:
    """The first canonical workbook, and its first cycle: the same for every history."""
    folder = Path(tempfile.mkdtemp())
    path = folder / "plan.xlsx"
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Plan"
    sheet.append([c.title.es for c in BY_KEY["plan"].template_table.columns[:8]])
    for row in PLAN_ROWS:
        sheet.append(row)
    answers: Any = book.create_sheet("Avance")
    answers.append(["Nº", "País", "Estado", "Avance"])
    answers.append(["1.1", "Costa Rica", "En proceso", "avance de base"])
    book.save(path)
    return path, issued(path, cycle.open_canonical([path]), 0, folder)


def issued(path: Path, canonical: Canonical, number: int, folder: Path) -> Bench:
    """A cycle that begins: the templates of a canonical workbook."""
    deadline = dt.date(2010, 1 + number, 12)
    paths = cycle.issue([path], f"C{number}", deadline, folder / f"emitidos-{number}", tuple(COUNTRIES))
    books = {path.stem: read_book(path) for path in paths}
    return Bench(canonical, books, read_issued(books.values(), FILLABLE))


class Histories(RuleBasedStateMachine):
    """The canonical workbook as it stands, the cycles issued, every file sent so far."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.tokens = self.merges = 0
        self.path, bench = beginning()
        self.canonical = bench.canonical
        self.benches = [bench]
        self.issued: dict[str, Issued] = dict(bench.issued)
        self.books: list[Book] = []

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @precondition(lambda self: len(self.benches) < 4)
    @rule()
    def issue(self) -> None:
        self.benches.append(issued(self.path, self.canonical, len(self.benches), self.folder))
        self.issued |= self.benches[-1].issued

    @rule(
        country=st.sampled_from(list(COUNTRIES)),
        late=st.booleans(),
        cells=st.lists(CELL, max_size=4),
        kind=st.sampled_from(["parcial", "completo", "sin novedades"]),
        number=st.sampled_from([1, 1, 2, 3, None]),
        fate=st.sampled_from(["", "", "", "", "resaved", "mailed", "stampless"]),
    )
    def send(
        self, country: str, late: bool, cells: list[tuple[str, str, int, int]], kind: str, number: int | None, fate: str
    ) -> None:
        bench = self.benches[-2 if late and len(self.benches) > 1 else -1]
        rows = {record.key[0] for record in bench.canonical.of("plan")} | {"N1"}
        told = {(row, column): self.value(column, which, odd) for row, column, which, odd in cells if row in rows}
        book = bench.send(bench.fill(country, told, str(len(self.books))), type=kind, number=number)
        if fate == "stampless":
            book = without_anchors(bench.send(book, country=COUNTRIES[country]))
            grids = tuple(g for g in book.grids if g.name != STAMP_SHEET)
            book = replace(book, grids=grids, source=source(grids, book.source.name))
        elif fate == "resaved":
            book = replace(book, names={}, program="LibreOffice", grids=tuple(map(_resaved, book.grids)))
        elif fate == "mailed":
            book = replace(book, sent=f"2010-0{len(self.books) % 9 + 1}-01 10:00")
        self.books.append(book)

    def value(self, column: str, which: int, odd: int) -> Any:
        if odd == 6:
            return ["(borrar)", "   ", None][which % 3]
        if column in WRITTEN:
            return WRITTEN[column][which % len(WRITTEN[column])]
        self.tokens += 1
        return TEXTS[which % len(TEXTS)].format(n=self.tokens)

    def receive(self, canonical: Canonical, books: list[Book]) -> list[Submission]:
        tables = load(canonical, KINDS, "es")[0]
        found = []
        for book in books:
            base = receiving.base_of(tables, FILLABLE, self.issued, None)
            first = read_submission(book, FILLABLE, self.issued, base)
            if first.country and not first.issued:
                base = receiving.base_of(tables, FILLABLE, self.issued, first.country)
                first = read_submission(book, FILLABLE, self.issued, base)
            found.append(validate(first, FILLABLE))
        return found

    def decided(self, choices: list[int]) -> Canonical:
        rows = []
        for place, record in enumerate(self.canonical.of("decisions")):
            choice = choices[place % len(choices)] if choices else 0
            chosen: dict[str, Any] = {}
            if record.text("stage") != "applied" and choice == 9:
                chosen["decided_by"] = "ST"  # signs what is suggested, if anything is
            elif record.text("stage") != "applied" and choice:
                mine = [code for code in COUNTRIES if record.text(code.lower())]
                chosen["decision"] = [*mine, *mine, "keep", "own", "other", "USA"][choice % (2 * len(mine) + 4)]
                if choice == 8 and mine:
                    chosen[mine[0].lower()] = FORGED
                if chosen["decision"] == "own":
                    chosen["own"] = ["Junio de 2010", "(borrar)", "Eliminar", "texto propio"][choice % 4]
            rows.append(replace(record, values={**record.values, **chosen}))
        return replace(self.canonical, records={**self.canonical.records, "decisions": tuple(rows)})

    @precondition(lambda self: bool(self.canonical.of("plan")))
    @rule(place=st.integers(0, 9), anew=st.booleans())
    def edit(self, place: int, anew: bool) -> None:
        """The Secretariat takes an activity out of the plan, or gives it another number."""
        rows = list(self.canonical.of("plan"))
        if len(rows) < 3:
            return
        one = rows.pop(place % len(rows))
        if anew:
            number = f"9.{len(self.benches)}{place}"
            rows.append(replace(one, key=(number,), values={**one.values, "id": number}))
        plan = {**self.canonical.records, "plan": tuple(rows)}
        self.canonical = replace(self.canonical, records=plan)

    @rule(
        which=st.lists(st.integers(0, 20), max_size=6),
        choices=st.lists(st.integers(0, 9), max_size=5),
        order=st.randoms(use_true_random=False),
    )
    def merge(self, which: list[int], choices: list[int], order: Any) -> None:
        places = dict.fromkeys(place % len(self.books) for place in which) if self.books else {}
        books = [self.books[place] for place in places]
        canonical = self.decided(choices)
        submissions = self.receive(canonical, books)
        result = merge(canonical, submissions, KINDS)
        workbook = written(result)
        order.shuffle(submissions)
        other = merge(canonical, submissions, KINDS)
        assert repr(result) == repr(other), "order"  # with the order of all that it holds, which is that of the bytes
        if self.merges % WRITTEN_AGAIN == 0:
            assert workbook == written(other), "order of the bytes"
        self.merges += 1
        self.path = self.folder / f"consolidado-{self.merges}.xlsx"
        self.path.write_bytes(workbook)
        book = read_book(self.path)
        after = read_canonical([book], KINDS, VIEWS)
        check(canonical, result, after, submissions, book)
        again = merge(after, self.receive(after, books), KINDS)
        for name in DATA:
            assert values(again, name) == values(after, name), f"idempotence of {name}"
        self.canonical = after


def _resaved(grid: Any) -> Any:
    """A sheet as another program saves it: numbers of activities typed as numbers, spaces at the ends of texts."""
    cells = {
        spot: f"{raw} " if isinstance(raw, str) and spot[1] == 9 and "borrar" not in raw else raw
        for spot, raw in grid.cells.items()
    }
    return replace(grid, cells=cells)


def check(before: Canonical, result: Consolidation, after: Canonical, sent: list[Submission], book: Book) -> None:
    counts = dict(result.counts)
    assert counts.pop("read") == sum(counts.values())
    for name in DATA:
        assert values(result, name) == values(after, name), f"{name} reads back otherwise"
        assert FORGED not in {v for row in values(after, name).values() for v in row.values()}
    applied = {r.key for r in before.of("decisions") if r.text("stage") == "applied"}
    assert applied <= {r.key for r in after.of("decisions")}
    new = [d for d in result.decisions if d.stage == "applied" and (d.question.key,) not in applied]
    targets = {(d.question.target.table, d.question.target.key, d.question.target.column) for d in new}
    numbered = {d.assigned for d in new}
    derived = {c.key for c in BY_KEY["plan"].columns if c.derive}
    assert values(before, "plan").keys() <= values(result, "plan").keys()
    for key, row in values(result, "plan").items():
        old = values(before, "plan").get(key)
        assert old is not None or key[0] in numbered
        for column in set(row) | set(old or row):
            if old is not None and column not in derived and row.get(column) != old.get(column):
                assert ("plan", key, column) in targets
    senders = {s.country for s in sent}
    for key, row in values(result, "plan.answers").items():
        if row != values(before, "plan.answers").get(key):
            assert key[1] in senders or any(target[1] == key for target in targets)
    cells = {as_text(raw) for grid in book.grids for raw in grid.cells.values()}
    shown = {tidy(text) for text in cells} | {tidy(line.partition(": ")[2]) for c in cells for line in c.split("\n")}
    for submission in sent:
        texts = [stray.value for stray in (*submission.strays, *submission.comments)]
        texts += [t for rows in submission.records.values() for r in rows for t in wordings(r)]
        assert [text for text in texts if tidy(text) not in shown] == []


def wordings(record: Record) -> list[str]:
    """The free texts of a row, as they were written."""
    return [text for text in record.written.values() if text.startswith("texto")]


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=6, stateful_step_count=18)


class ManyHistories(Histories):
    """The same, many and long."""


TestManyHistories = pytest.mark.slow(ManyHistories.TestCase)
ManyHistories.TestCase.settings = settings(max_examples=2000, stateful_step_count=18)
