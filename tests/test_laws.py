"""The laws of the house, on the example cycle and on returns that hypothesis makes up."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmxl import files
from crmxl.canonical import Canonical
from crmxl.consolidation import Consolidation, load, merge
from crmxl.cycle import MergeResult, consolidate, open_canonical
from crmxl.kinds import BY_KEY, KINDS
from crmxl.kinds.registers import REGISTERS
from crmxl.reading import Book, read_book
from crmxl.receiving import open_issued, receive
from crmxl.registers import OUTCOMES
from crmxl.values import as_text
from tests.bench import AS_OF, CANONICAL, CYCLE, EXAMPLES, PLAN, Bench, reopened, values, written

DATA_SHEETS = [table.name for kind in KINDS if kind not in REGISTERS for table in kind.tables] + ["decisions"]


def texts(path: Path) -> set[str]:
    """Every text of a workbook, as a person finds it: that of a cell, or that behind a heading on a line of its own."""
    found: set[str] = set()
    for grid in read_book(path).grids:
        cells = {as_text(raw) for raw in grid.cells.values()}
        found |= cells | {line.partition(": ")[2] for text in cells for line in text.split("\n")}
    return found


# On the example cycle


def test_1_conservation_in_the_example(example: MergeResult, issued: Path) -> None:
    counts = dict(example.consolidation.counts)
    assert counts.pop("read") == sum(counts.values()) > 2000
    shown = texts(example.path)
    missing = []
    looked_for = 0
    for submission in receive(files.find_files([EXAMPLES]), open_issued(issued), {}):
        for kind_key, records in submission.records.items():
            for record in records:
                for column, written_ in record.written.items():
                    looked_for += 1
                    value = record.values[column]
                    label = BY_KEY[kind_key].template_table.column(column).type.write(value, "es")
                    if not {written_, as_text(label)} & shown:
                        missing.append((submission.country, record.key, column, written_))
        missing += [s for s in (*submission.strays, *submission.comments) if s.value not in shown]
    assert missing == []
    assert looked_for > 2000


def test_1_every_foreign_text_of_the_example_is_found(example: MergeResult) -> None:
    shown = "\n".join(texts(example.path))
    for text in (
        "EJEMPLO: sin costo",
        "EJEMPLO: contactos por actualizar",
        "EJEMPLO: pendiente de confirmar con el Congreso.",
        "Hecho",
        "31 de febrero de 2010",
        "EJEMPLO: agenda del taller en consulta.",
        "Agosto de 2010",
    ):
        assert text in shown, text


def parts(path: Path) -> dict[str, Any]:
    return {grid.name: dict(grid.cells) for grid in read_book(path).grids}


def test_2_order_and_names_do_not_matter_in_the_example(example: MergeResult, issued: Path, tmp_path: Path) -> None:
    renamed = tmp_path / "otros"
    renamed.mkdir()
    files = sorted(EXAMPLES.iterdir())
    for number, path in enumerate(reversed(files)):
        shutil.copyfile(path, renamed / f"{number}.xlsx")
    target = tmp_path / "consolidado.xlsx"
    consolidate(CANONICAL, [*reversed(files)], target, AS_OF, issued=issued)
    assert target.read_bytes() == example.path.read_bytes()
    consolidate(CANONICAL, [renamed], target, AS_OF, issued=issued)
    before, after = parts(example.path), parts(target)
    differing = {name for name in before if before[name] != after[name]}
    assert differing == {"Recepción"}
    (file_column,) = {
        column for (row, column), raw in before["Recepción"].items() if after["Recepción"][row, column] != raw
    }
    heads = {column: raw for (row, column), raw in before["Recepción"].items() if raw == "Archivo"}
    assert set(heads) == {file_column}


def test_3_merging_the_example_again_changes_nothing(example: MergeResult, issued: Path, tmp_path: Path) -> None:
    target = tmp_path / "otra.xlsx"
    again = consolidate([example.path], [EXAMPLES], target, AS_OF, issued=issued)
    first, second = open_canonical([example.path]), open_canonical([target])
    for name in (*DATA_SHEETS, "reception", "set_aside", "evolution"):
        assert values(first, name) == values(second, name), name
    assert (again.as_dict()["conflicts"], again.as_dict()["proposals"]) == (1, 6)
    counts = dict(again.consolidation.counts)
    assert counts.pop("read") == sum(counts.values())
    assert counts["merged"] == 0


def test_the_cycle_closes(example: MergeResult, tmp_path: Path) -> None:
    """The consolidated workbook is issued again, and the answers of the first cycle are there."""
    next_cycle = Bench.make(example.path, tmp_path / "emitidos", "2010-2")
    base = next_cycle.issued[next(i for i, c in next_cycle.issued.items() if c.country == "CRI")].base["plan"]
    assert base[("4.6",)].values["state"] == "done"
    assert base[("4.6",)].values["progress"] == "EJEMPLO: punto focal nombrado."
    book = next_cycle.fill("CRI", {("4.5", "state"): "Cumplida"}, type="parcial")
    result = next_cycle.merge(book)
    answers = values(result, "plan.answers")
    assert answers[("4.5", "CRI")]["state"] == "done"
    assert answers[("4.5", "CRI")]["progress"] == "EJEMPLO: resumen semestral en preparación."
    assert answers[("1.2", "GTM")]["state"] == "done"
    assert len(result.tables["decisions"]) == 6 + 1
    rounds = {(r.text("cycle"), r.text("as_of")) for r in open_canonical([example.path]).of("evolution")}
    assert rounds == {("2009", "2009-11-26"), ("2010-1", "2010-03-01")}


def test_4_no_file_of_the_example_changes_the_plan(example: MergeResult) -> None:
    before = open_canonical(CANONICAL)
    for name in ("plan", "history", "meetings", "trafficking", "smuggling", "ratifications"):
        assert values(example.consolidation, name) == values(before, name)


def test_5_the_plan_changes_by_decisions_only(example: MergeResult) -> None:
    types = sorted(
        (d.question.target.item, d.question.target.column, d.question.type) for d in example.consolidation.decisions
    )
    assert types == [
        ("2.2", "calendar", "proposal"),
        ("6.3", "calendar", "proposal"),
        ("9.3", "calendar", "conflict"),
        *(("DOM/2010-1/N1", column, "proposal") for column in ("activity", "calendar", "objective", "responsible")),
    ]
    (conflict,) = [d.question for d in example.consolidation.decisions if d.question.type == "conflict"]
    assert dict(conflict.proposals) == {"CRI": "Mayo de 2010", "MEX": "Junio de 2010"}


def test_6_what_countries_wrote_stands_as_they_wrote_it(example: MergeResult) -> None:
    answers = values(example.consolidation, "plan.answers")
    assert answers[("2.2", "SLV")]["date"] == "agosto de 2010"
    assert answers[("12.2", "MEX")]["date"] == "I Semestre 2010"
    assert answers[("9.3", "HND")]["date"] == dt.date(2010, 1, 20)


def test_7_what_cannot_be_read_is_asked_and_left_blank(example: MergeResult) -> None:
    answers = values(example.consolidation, "plan.answers")
    assert "state" not in answers[("1.1", "HND")]
    assert "date" not in answers[("4.3", "HND")]


HOSTILE = ["=cmd|' /C calc'!A0", "=1+1", "+1", "-Por definir", "@SUM(A1)", "http://evil.example/x", "{=A1}", "\t=1"]


def test_8_no_text_becomes_a_formula_or_a_link(bench: Bench, tmp_path: Path) -> None:
    rows = [record.key[0] for record in bench.canonical.of("plan")]
    cells = {
        (row, column): text for row, text in zip(rows, HOSTILE, strict=False) for column in ("progress", "activity")
    }
    cells |= {("1.1", "evidence"): "https://example.org/a"}
    result = bench.merge(bench.fill("CRI", cells, "=1+1.xlsx", type="parcial"))
    path = tmp_path / "x.xlsx"
    path.write_bytes(written(result))
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert sheet.title in ("Resumen", "Cuadro de avance")
                    assert str(cell.value).startswith(
                        ("=COUNTIF(", "=COUNTIFS(", "=SUM(", f"={len(rows)}-COUNTIF(", '="A la vista: "&SUBTOTAL(')
                    )
                if cell.hyperlink and cell.hyperlink.target:
                    assert cell.hyperlink.target == cell.value == "https://example.org/a"
    assert set(HOSTILE) <= texts(path) | {text.strip() for text in HOSTILE}


# On returns made up by hypothesis

NUMBERS = ["1.1", "2.2", "6.10", "7.1", "9.3", "13.1", "N1", "N2"]
COLUMNS = ["objective", "activity", "responsible", "calendar", "situation", "state", "progress", "date", "evidence",
           "remarks", "section", "printed"]  # fmt: skip
WRITTEN = st.one_of(
    st.sampled_from(
        ["Cumplida", "cumplida ", "Done", "Hecho", "Por definir", "Mayo de 2010", "31 de febrero de 2010",
         "03/04/2010", "(borrar)", "https://example.org/x", "=1+1", "N/A", " ", "Vigente", "#REF!", "x" * 300]
    ),
    st.text(max_size=12),
    st.floats(-1e6, 1e6).map(lambda x: round(x, 2)),
    st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1)).map(lambda d: dt.datetime(d.year, d.month, d.day)),
)  # fmt: skip
FILLED = st.dictionaries(st.tuples(st.sampled_from(NUMBERS), st.sampled_from(COLUMNS)), WRITTEN, max_size=12)
RETURN = st.tuples(
    st.sampled_from(["CRI", "MEX", "USA"]),
    FILLED,
    st.sampled_from(["completo", "parcial", "sin novedades", None]),
    st.sampled_from([1, 1, 2, 3, None]),
)
RETURNS = st.lists(RETURN, min_size=1, max_size=5)


def books_of(bench: Bench, returns: list[Any]) -> list[Book]:
    made = []
    for number, (country, cells, kind, sending) in enumerate(returns):
        made.append(bench.fill(country, cells, f"{number}.xlsx", type=kind, number=sending))
    return made


def state(result: Consolidation | Canonical) -> dict[str, Any]:
    return {name: values(result, name) for name in DATA_SHEETS}


@settings(max_examples=40)
@given(returns=RETURNS)
def test_1_conservation(bench: Bench, tmp_path: Path, returns: list[Any]) -> None:
    books = books_of(bench, returns)
    result = bench.merge(*books)
    counts = dict(result.counts)
    assert counts.pop("read") == sum(counts.values())
    path = tmp_path / "x.xlsx"
    path.write_bytes(written(result))
    shown = texts(path)
    folded = {text.strip() for text in shown}
    for reception in result.receptions:
        submission = reception.submission
        for record in submission.records.get("plan", ()):
            for column, text in record.written.items():
                kept = BY_KEY["plan"].template_table.column(column).type.write(record.values[column], "es")
                assert {text.strip(), as_text(kept).strip()} & folded, (record.key, column, text)
        for stray in (*submission.strays, *submission.comments):
            assert stray.value.strip() in folded


@settings(max_examples=25)
@given(returns=RETURNS, seed=st.randoms(use_true_random=False))
def test_2_order_does_not_matter(bench: Bench, returns: list[Any], seed: random.Random) -> None:
    books = books_of(bench, returns)
    shuffled = list(books)
    seed.shuffle(shuffled)
    assert written(bench.merge(*books)) == written(bench.merge(*shuffled))


@settings(max_examples=40)
@given(returns=RETURNS)
def test_3_idempotence(bench: Bench, tmp_path: Path, returns: list[Any]) -> None:
    books = books_of(bench, returns)
    first = reopened(bench.merge(*books), tmp_path)
    second = bench.merge_on(first, *books)
    assert state(second) == state(first)
    assert values(second, "reception").keys() == values(first, "reception").keys()


@settings(max_examples=40)
@given(returns=RETURNS)
def test_4_and_5_authority(bench: Bench, returns: list[Any]) -> None:
    """The plan itself never changes by a return, and a country's answers only by its own."""
    result = bench.merge(*books_of(bench, returns))
    for name in ("plan", "history", "meetings"):
        assert values(result, name) == values(bench.canonical, name)
    senders = {r.submission.country for r in result.receptions if r.submission.accepted}
    assert {key[1] for key in values(result, "plan.answers")} <= senders


def test_every_outcome_occurs_in_the_example(example: MergeResult) -> None:
    assert all(example.consolidation.counts[outcome] > 0 for outcome in OUTCOMES)


SIX = [("CRI", "Mayo de 2010", 1), ("CRI", "Junio de 2010", 2), ("MEX", "Julio de 2010", 1),
       ("MEX", "Agosto de 2010", 1), ("PAN", "Mayo de 2010", 1), ("GTM", "Mayo de 2010", None)]  # fmt: skip


@pytest.mark.slow
def test_2_all_orders_of_six_returns_give_one_consolidation(bench: Bench) -> None:
    books = [
        bench.fill(
            country,
            {("9.3", "calendar"): text, ("1.1", "progress"): text, ("N1", "activity"): f"Foro {text}"},
            f"{n}.xlsx",
            type="parcial",
            number=number,
        )
        for n, (country, text, number) in enumerate(SIX)
    ]
    read = bench.read(*books)
    first = merge(bench.canonical, read, KINDS)
    for order in itertools.permutations(read):
        assert merge(bench.canonical, order, KINDS) == first
    assert written(merge(bench.canonical, read[::-1], KINDS)) == written(first)


@pytest.mark.slow
def test_2_two_dozen_orders_of_the_example_give_one_workbook(example: MergeResult, issued: Path) -> None:
    tables = load(open_canonical(CANONICAL), KINDS, "es")[0]
    read = receive(sorted(EXAMPLES.iterdir()), open_issued(issued), {}, tables)
    canonical = open_canonical(CANONICAL)
    made = set()
    for seed in range(24):
        random.Random(seed).shuffle(read)
        made.add(written(merge(canonical, read, KINDS, cycle=CYCLE)))
    assert len(made) == 1


# Whole or not at all


def test_9_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "ab":
        (tmp_path / name).write_text("antes")

    def broken(path: Path, _: Path) -> None:
        raise PermissionError(13, "abierto", str(path))

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(files.UsageError, match="No se pudo escribir"):
        files.write_whole({tmp_path / "a": b"x", tmp_path / "b": b"y"})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b"]
    assert (tmp_path / "a").read_text() == "antes"


def test_9_inputs_are_never_written_to(issued: Path, tmp_path: Path) -> None:
    with pytest.raises(files.UsageError, match="entrada"):
        consolidate([PLAN], [EXAMPLES], PLAN, AS_OF, issued=issued)
    before = {path: path.read_bytes() for path in EXAMPLES.iterdir()}
    consolidate(CANONICAL, [EXAMPLES], tmp_path / "x.xlsx", AS_OF, issued=issued)
    assert {path: path.read_bytes() for path in EXAMPLES.iterdir()} == before


def test_kinds_are_read_back_in_the_order_of_the_workbook(example: MergeResult) -> None:
    names = [grid.name for grid in read_book(example.path).grids]
    assert names[0] == "Resumen"
    for kind in KINDS:
        for table in kind.tables:
            assert (table.sheet.es in names) == (
                bool(example.consolidation.tables.get(table.name)) or kind in REGISTERS
            )
