"""What can be wrong in a return: every case says what was written and what is found, and where."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from crmxl.findings import position
from crmxl.messages import Code
from crmxl.reading import Book, Comment
from crmxl.submission import read_submission
from tests.bench import FILLABLE, Bench, Cells, source, with_cells

FULL = {(number, "state"): "Sin iniciar" for number in ("1.1", "1.2")}


def found(bench: Bench, book: Book, code: str) -> list[tuple[str | None, str | None]]:
    """Value found and address of each finding of a code."""
    (submission,) = bench.read(book)
    return [(f.found, f.place.cell) for f in submission.findings if f.code.name == code]


@pytest.mark.parametrize(
    ("cells", "code", "value", "cell"),
    [
        ({("1.1", "state"): "Hecho"}, "C101", "Hecho", "I6"),
        ({("1.2", "date"): "31 de febrero de 2010"}, "C102", "31 de febrero de 2010", "K7"),
        ({("1.2", "date"): "03/04/2010"}, "C103", "03/04/2010", "K7"),
        ({("1.1", "evidence"): "ver anexo"}, "C105", "ver anexo", "M6"),
        ({("1.1", "progress"): "x" * 4001}, "C106", "x" * 4001, "J6"),
        ({("1.1", "section"): "Z. Otra"}, "A101", "Z. Otra", "C6"),
        ({("N1", "state"): "Cumplida", ("N1", "activity"): "x"}, "A102", "Cumplida", "I46"),
        ({("1.1", "id"): "99.1"}, "S108", "99.1", "A6:H6"),
        ({("1.2", "id"): "1.1"}, "S109", None, None),
        ({("N2", "activity"): "Reunión anual"}, "R102", None, "E47"),
    ],
)
def test_a_wrong_cell_is_found_where_it_is(
    bench: Bench, cells: Cells, code: str, value: str | None, cell: str | None
) -> None:
    results = found(bench, bench.fill("CRI", cells, type="parcial"), code)
    assert len(results) == 1
    if value is not None:
        assert results[0][0] == value
    if cell is not None:
        assert results[0][1] is not None
        assert results[0][1].split(",")[0].split(":")[0] == cell.split(":")[0]


@pytest.mark.parametrize(
    "cells",
    [
        {("1.1", "state"): "CUMPLIDA "},
        {("1.1", "state"): "Done"},
        {("1.2", "date"): dt.datetime(2010, 2, 15)},
        {("1.2", "date"): "febrero de 2010"},
        {("1.1", "evidence"): "https://example.org"},
        {("9.3", "calendar"): "lo antes posible"},
        {("1.1", "section"): None},
    ],
    ids=str,
)
def test_right_cells_raise_no_error(bench: Bench, cells: Cells) -> None:
    (submission,) = bench.read(bench.fill("CRI", {**FULL, **cells}, type="parcial"))
    errors = [f for f in submission.findings if f.severity == "error" and f.code is not Code.A101]
    assert errors == []


def test_a_near_miss_is_suggested(bench: Bench) -> None:
    (submission,) = bench.read(bench.fill("CRI", {("1.1", "state"): "Cumplidas"}, type="parcial"))
    assert submission.findings[0].suggestion == "Cumplida"


def test_untouched_template_and_nil_return(bench: Bench) -> None:
    assert bench.codes(bench.fill("PAN", {})) == ["E102", "R103"]
    assert bench.codes(bench.fill("PAN", {}, type="sin novedades")) == []
    assert bench.codes(bench.fill("PAN", {("1.1", "state"): "Cumplida"}, type="sin novedades")) == ["E103"]


def test_a_complete_sending_lacks_its_required_answers_in_one_finding(bench: Bench) -> None:
    assert found(bench, bench.fill("CRI", FULL, type="completo"), "R101") == [(None, "I8:I45")]
    everything = {(f"{record.key[0]}", "state"): "No aplica" for record in bench.canonical.of("plan")}
    assert bench.codes(bench.fill("CRI", everything, type="completo")) == []
    wrong = {**everything, ("1.1", "state"): "Hecho"}
    assert bench.codes(bench.fill("CRI", wrong, type="completo")) == ["C101"]


def test_an_emptied_fixed_column_is_one_finding(bench: Bench) -> None:
    cells: Cells = {(record.key[0], "section"): None for record in bench.canonical.of("plan")}
    assert found(bench, bench.fill("CRI", cells, type="parcial"), "A101") == [("", "C6:C45")]


def plan_sheet(book: Book, **changes: object) -> Book:
    grids = tuple(replace(g, **changes) if g.name == "Plan" else g for g in book.grids)  # type: ignore[arg-type]
    return replace(book, grids=grids, source=source(grids, book.source.name))


def test_renamed_sheet_is_taken_and_said(bench: Bench) -> None:
    book = bench.fill("CRI", FULL, type="parcial")
    renamed = plan_sheet(book, name="PLAN ")
    assert bench.codes(renamed) == ["S102"]
    assert bench.read(renamed)[0].records["plan"]


def test_missing_sheet(bench: Bench) -> None:
    book = bench.fill("CRI", FULL, type="parcial")
    grids = tuple(g for g in book.grids if g.name != "Plan")
    (submission,) = bench.read(replace(book, grids=grids))
    assert "S101" in [f.code.name for f in submission.findings]
    assert not submission.accepted


def header_cell(bench: Bench, column: str) -> tuple[int, int]:
    layout = read_submission(bench.books["CRI"], FILLABLE, bench.issued).layouts["plan"]
    return min(layout.rows.values()) - 1, layout.columns[column]


def test_headings_renamed_lost_and_doubled(bench: Bench) -> None:
    book = bench.fill("CRI", FULL, type="parcial")
    state = header_cell(bench, "state")
    assert bench.codes(with_cells(book, "Plan", {state: "Estados"})) == ["S105"]
    assert bench.codes(with_cells(book, "Plan", {state: "  ESTADO\u200b"})) == []
    lost = bench.codes(with_cells(book, "Plan", {state: "Zzz"}))
    assert sorted(lost) == ["R103", "S104", "S106"] or sorted(lost) == ["S104", "S106"]
    remarks = header_cell(bench, "remarks")
    doubled = with_cells(book, "Plan", {remarks: "Estado"})
    assert "S107" in bench.codes(doubled)


def test_columns_may_stand_in_another_order(bench: Bench) -> None:
    book = bench.fill("CRI", {("1.1", "state"): "Cumplida", ("1.1", "remarks"): "nota"}, type="parcial")
    grid = book.grid("Plan")
    assert grid is not None
    moved = {(row, 13 - column if column <= 13 else column): raw for (row, column), raw in grid.cells.items()}
    (submission,) = bench.read(plan_sheet(book, cells=moved))
    (record,) = [r for r in submission.records["plan"] if r.key == ("1.1",)]
    assert (record.values["state"], record.values["remarks"]) == ("done", "nota")


def test_lost_header_row(bench: Bench) -> None:
    book = bench.fill("CRI", FULL, type="parcial")
    row, _ = header_cell(bench, "state")
    gone = with_cells(book, "Plan", {(row, column): None for column in range(14)})
    assert "S103" in bench.codes(gone)


def test_deleted_rows_are_said_and_change_nothing(bench: Bench) -> None:
    book = bench.fill("CRI", FULL, type="parcial")
    grid = book.grid("Plan")
    assert grid is not None
    kept = {spot: raw for spot, raw in grid.cells.items() if spot[0] != 7}
    (submission,) = bench.read(plan_sheet(book, cells=kept))
    assert [dict(f.arguments)["keys"] for f in submission.findings if f.code is Code.S111] == ["2.1"]


def test_extra_sheet_extra_column_and_comment_are_kept_apart(bench: Bench) -> None:
    book = bench.fill("CRI", FULL, type="parcial")
    grid = book.grid("Plan")
    assert grid is not None
    row, _ = header_cell(bench, "state")
    noted = plan_sheet(
        book,
        cells={**grid.cells, (row, 20): "Presupuesto", (row + 1, 20): "mil"},
        comments={(row + 1, 0): Comment("CRI", "ver anexo")},
    )
    extra = replace(noted.grids[0], name="Notas", cells={(0, 0): "contactos"}, comments={})
    (submission,) = bench.read(replace(noted, grids=(*noted.grids, extra)))
    assert {(s.value, s.reason.name) for s in submission.strays} == {
        ("mil", "COLUMN"),
        ("contactos", "SHEET"),
    }
    assert [s.value for s in submission.comments] == ["CRI: ver anexo"]
    assert {"S106", "S110"} <= {f.code.name for f in submission.findings}


def test_a_template_of_another_country_is_set_aside_until_the_secretariat_says(bench: Bench) -> None:
    book = bench.send(bench.fill("MEX", FULL), country="Costa Rica", type="parcial")
    (submission,) = bench.read(book)
    assert (submission.country, submission.accepted) == (None, False)
    assert submission.findings[0].code is Code.E101
    assert "México" in submission.findings[0].message("es")
    assert len(submission.strays) == submission.cells
    (told,) = bench.read(book, option="CRI")
    assert (told.country, told.accepted) == ("CRI", True)


def test_a_tampered_stamp_does_not_make_another_country(bench: Bench) -> None:
    book = bench.fill("MEX", FULL, type="parcial")
    grid = book.grid("_crmxl")
    assert grid is not None
    (spot,) = [(r, 1) for (r, c), raw in grid.cells.items() if c == 0 and raw == "country"]
    (submission,) = bench.read(with_cells(book, "_crmxl", {spot: "CRI"}))
    assert not submission.accepted


def test_a_workbook_that_is_none_of_ours(bench: Bench) -> None:
    grid = replace(bench.books["CRI"].grids[0], name="Hoja1", cells={(0, 0): "presupuesto", (1, 0): 3.0})
    (submission,) = bench.read(replace(bench.books["CRI"], grids=(grid,)))
    assert [f.code.name for f in submission.findings] == ["F110"]
    assert not submission.accepted
    assert submission.cells == 2


def test_without_the_issued_copy(bench: Bench) -> None:
    book = bench.fill("CRI", FULL, type="parcial")
    alone = read_submission(book, FILLABLE, {})
    assert "B102" in [f.code.name for f in alone.findings]
    assert alone.country == "CRI"


def test_numbers_typed_as_numbers_are_the_same_rows(bench: Bench) -> None:
    book = bench.fill("CRI", {("1.1", "id"): 1.1, ("1.1", "state"): "Cumplida"}, type="parcial")
    assert bench.codes(book) == []


def test_formula_without_saved_value(bench: Bench) -> None:
    book = bench.fill("CRI", FULL, type="parcial")
    layout = read_submission(book, FILLABLE, bench.issued).layouts["plan"]
    spot = position(str(layout.address(("2.1",), "progress")))
    assert found(bench, plan_sheet(book, unsaved={spot: "=1+1"}), "C109") == [("=1+1", "J8")]


def test_error_cells_are_found_and_the_same_letters_as_text_are_not(bench: Bench) -> None:
    book = bench.fill("CRI", {**FULL, ("1.1", "progress"): "#REF!"}, type="parcial")
    assert bench.codes(book) == []
    layout = read_submission(book, FILLABLE, bench.issued).layouts["plan"]
    spot = position(str(layout.address(("1.1",), "progress")))
    assert found(bench, plan_sheet(book, errors=frozenset({spot})), "C107") == [("#REF!", "J6")]


def test_every_english_message_is_english(bench: Bench) -> None:
    (submission,) = bench.read(bench.fill("USA", {("1.1", "state"): "Hecho"}, type="partial"))
    message = submission.findings[0].message("en")
    assert message == "“Hecho” is not one of the choices of the column Status."
