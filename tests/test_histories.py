"""Random histories: countries fill in, send again, lose stamps; the Secretariat merges, decides, issues, merges again.

After each merge the laws hold: the counts add up, order does not matter, the result is the next canonical workbook,
merging the same files again changes nothing, the plan changes by decisions only, a country's answers by its returns.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crmxl import cycle, receiving
from crmxl.canonical import Canonical
from crmxl.consolidation import Consolidation, load, merge
from crmxl.definition import Record
from crmxl.issued import STAMP_SHEET, Issued, read_issued
from crmxl.kinds import BY_KEY, KINDS
from crmxl.reading import Book, read_book
from crmxl.submission import Submission, read_submission
from crmxl.text import tidy
from crmxl.validation import validate
from crmxl.values import as_text
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


class History:
    """One history: the canonical workbook as it stands, the cycles issued, every file sent so far."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.random, self.folder, self.tokens = random.Random(seed), folder, 0
        self.path = folder / "plan.xlsx"
        book = openpyxl.Workbook()
        sheet: Any = book.active
        sheet.title = "Plan"
        sheet.append([c.title.es for c in BY_KEY["plan"].template_table.columns[:8]])
        for row in PLAN_ROWS:
            sheet.append(row)
        answers: Any = book.create_sheet("Avance")
        answers.append(["Nº", "País", "Estado", "Avance"])
        answers.append(["1.1", "Costa Rica", "En proceso", "avance de base"])
        book.save(self.path)
        self.canonical = cycle.open_canonical([self.path])
        self.benches: list[Bench] = []
        self.issued: dict[str, Issued] = {}
        self.books: list[Book] = []
        self.issue()

    def issue(self) -> None:
        number = len(self.benches)
        folder = self.folder / f"emitidos-{number}"
        paths = cycle.issue([self.path], f"C{number}", dt.date(2010, 1 + number, 12), folder, tuple(COUNTRIES))
        books = {path.stem: read_book(path) for path in paths}
        self.benches.append(Bench(self.canonical, books, read_issued(books.values(), FILLABLE)))
        self.issued |= self.benches[-1].issued

    def value(self, column: str) -> Any:
        pick = self.random.choice
        if self.random.random() < 0.15:
            return pick(["(borrar)", "   ", None])
        if column in ("state", "situation"):
            return pick(["Cumplida", "Done", "En proceso", "Vigente", "Eliminar", "zzz"])
        if column in ("calendar", "date"):
            return pick(["Mayo de 2010", "Mayo  de 2010", "3 de mayo de 2010", dt.datetime(2010, 5, 3), "03/04/2010"])
        self.tokens += 1
        return pick(["Objetivo dos", "texto común", f"texto {self.tokens}", f"texto {self.tokens}"])

    def send(self) -> None:
        pick, chance = self.random.choice, self.random.random
        bench, country = pick(self.benches[-2:]), pick(list(COUNTRIES))
        rows = ["1.1", "1.2", "2.1", "N1"]
        cells = {}
        for _ in range(self.random.randint(0, 4)):
            column = pick(SHARED + OWN)
            cells[pick(rows), column] = self.value(column)
        envelope = {"type": pick(["parcial", "completo", "sin novedades"]), "number": pick([1, 1, 2, 3, None])}
        book = bench.send(bench.fill(country, cells, str(len(self.books))), **envelope)
        if chance() < 0.12:
            book = bench.send(book, country=COUNTRIES[country])
            book = without_anchors(book)
            grids = tuple(g for g in book.grids if g.name != STAMP_SHEET)
            book = replace(book, grids=grids, source=source(grids, book.source.name))
        self.books.append(book)

    def receive(self, canonical: Canonical, books: list[Book]) -> list[Submission]:
        tables = load(canonical, KINDS, "es")[0]
        found = []
        for book in books:
            first = read_submission(
                book, FILLABLE, self.issued, receiving._fallback(tables, FILLABLE, self.issued, None)
            )
            if first.country and not first.issued:
                base = receiving._fallback(tables, FILLABLE, self.issued, first.country)
                first = read_submission(book, FILLABLE, self.issued, base)
            found.append(validate(first, FILLABLE))
        return found

    def decided(self) -> Canonical:
        rows = []
        for record in self.canonical.of("decisions"):
            chosen: dict[str, Any] = {}
            if record.text("stage") != "applied" and self.random.random() < 0.6:
                mine = [code for code in COUNTRIES if record.text(code.lower())]
                chosen["decision"] = self.random.choice([*mine, *mine, "keep", "own", "other", "USA"])
                if chosen["decision"] == "own":
                    chosen["own"] = self.random.choice(["Junio de 2010", "(borrar)", "Eliminar", "texto propio"])
            rows.append(replace(record, values={**record.values, **chosen}))
        return replace(self.canonical, records={**self.canonical.records, "decisions": tuple(rows)})

    def merge(self) -> None:
        books = self.random.sample(self.books, self.random.randint(0, len(self.books)))
        canonical = self.decided()
        submissions = self.receive(canonical, books)
        result = merge(canonical, submissions, KINDS)
        workbook = written(result)
        self.random.shuffle(submissions)
        assert workbook == written(merge(canonical, submissions, KINDS)), "order"
        self.path = self.folder / f"consolidado-{self.random.random()}.xlsx"
        self.path.write_bytes(workbook)
        after = cycle.open_canonical([self.path])
        check(canonical, result, after, submissions, self.path)
        again = merge(after, self.receive(after, books), KINDS)
        for name in DATA:
            assert values(again, name) == values(after, name), f"idempotence of {name}"
        self.canonical = after

    def run(self, steps: int) -> None:
        for _ in range(steps):
            chance = self.random.random()
            if chance < 0.5:
                self.send()
            elif chance < 0.92:
                self.merge()
            elif len(self.benches) < 5:
                self.issue()


def check(before: Canonical, result: Consolidation, after: Canonical, sent: list[Submission], path: Path) -> None:
    counts = dict(result.counts)
    assert counts.pop("read") == sum(counts.values())
    for name in DATA:
        assert values(result, name) == values(after, name), f"{name} reads back otherwise"
    applied = {r.key for r in before.of("decisions") if r.text("stage") == "applied"}
    assert applied <= {r.key for r in after.of("decisions")}
    new = [d for d in result.decisions if d.stage == "applied" and (d.question.key,) not in applied]
    targets = {(d.question.target.table, d.question.target.key, d.question.target.column) for d in new}
    numbered = {d.assigned for d in new}
    derived = {c.key for c in BY_KEY["plan"].columns if c.derive}
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
    shown = {tidy(as_text(raw)) for grid in read_book(path).grids for raw in grid.cells.values()}
    for submission in sent:
        texts = [stray.value for stray in (*submission.strays, *submission.comments)]
        texts += [t for rows in submission.records.values() for r in rows for t in wordings(r)]
        assert [text for text in texts if tidy(text) not in shown] == []


def wordings(record: Record) -> list[str]:
    """The free texts of a row, as they were written."""
    return [text for text in record.written.values() if text.startswith("texto")]


@pytest.mark.parametrize("seed", range(4))
def test_the_laws_hold_in_a_random_history(seed: int, tmp_path: Path) -> None:
    History(seed, tmp_path).run(25)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 160))
def test_the_laws_hold_in_many_random_histories(seed: int, tmp_path: Path) -> None:
    History(seed, tmp_path).run(40)
