"""What can be wrong in a return: every case says what was written and what is found, and where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmxl.definition import Owner
from crmxl.findings import position
from crmxl.messages import Code
from crmxl.reading import Book, Comment
from crmxl.submission import read_submission
from tests.bench import FILLABLE, Bench, Cells, source, with_cells, without_anchors, written

FULL = {(number, "state"): "Sin iniciar" for number in ("1.1", "1.2")}


def found(bench: Bench, book: Book, code: str) -> list[tuple[str | None, str | None]]:
    """Value found and address of each finding of a code."""
    (submission,) = bench.read(book)
    return [(f.found, f.place.cell) for f in submission.findings if f.code.name == code]


@pytest.mark.parametrize(
    ("cells", "code", "value", "cell"),
    [
        ({("1.1", "state"): "Hecho"}, "C101", "Hecho", "I7"),
        ({("1.2", "date"): "31 de febrero de 2010"}, "C102", "31 de febrero de 2010", "K8"),
        ({("1.2", "date"): "03/04/2010"}, "C103", "03/04/2010", "K8"),
        ({("1.1", "evidence"): "ver anexo"}, "C105", "ver anexo", "M7"),
        ({("1.1", "progress"): "x" * 4001}, "C106", "x" * 4001, "J7"),
        ({("1.1", "section"): "Z. Otra"}, "A101", "Z. Otra", "C7"),
        ({("N1", "state"): "Cumplida", ("N1", "activity"): "x"}, "A102", None, "I47"),
        ({("1.1", "id"): "99.1"}, "S118", None, "A7"),
        ({("N2", "activity"): "Reunión anual"}, "R102", None, "E48"),
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
    errors = [f for f in submission.findings if f.severity == "error"]
    assert errors == []


def test_many_changes_of_fixed_cells_are_one_finding_a_column(bench: Bench) -> None:
    numbers = ("1.1", "1.2", "2.1", "2.2", "3.1")
    (read,) = bench.read(bench.fill("CRI", {(n, "section"): f"Otra {n}" for n in numbers}, type="parcial"))
    assert [(f.code.name, f.place.cell) for f in read.findings] == [("A103", "C7:C11")]
    assert [stray.value for stray in read.strays] == [f"Otra {n}" for n in numbers]


def test_rows_of_another_table_below_ours_are_one_finding(bench: Bench) -> None:
    """Rows with numbers of their own and choices that are none: what is wrong in them follows from where they are."""
    rows = {(60 + n, c): text for n in range(4) for c, text in ((0, f"77.{n}"), (4, "Compra"), (8, "Hecho"))}
    read = bench.read(with_cells(bench.fill("CRI", FULL, type="parcial"), "Plan", rows))[0]
    assert [(f.code.name, f.place.cell) for f in read.findings if f.severity == "error"] == [("S108", "A61:A64")]


def test_a_lost_column_of_numbers_is_no_error_where_the_hidden_ones_are_there(bench: Bench) -> None:
    book = bench.fill("CRI", SAID, type="parcial")
    grid = book.grid("Plan")
    assert grid is not None
    lists = tuple(((top, left - 1), (bottom, right - 1)) for (top, left), (bottom, right) in grid.lists or ())
    book = plan_sheet(book, cells={(r, c - 1): raw for (r, c), raw in grid.cells.items() if c > 0}, lists=lists)
    assert answers(book, bench) == TOLD
    assert bench.codes(book) == ["S118"]


def test_a_type_of_sending_that_is_not_understood_is_one_finding(bench: Bench) -> None:
    assert bench.codes(bench.fill("CRI", FULL, type="provisional")) == ["C101"]


def test_a_near_miss_is_suggested(bench: Bench) -> None:
    (submission,) = bench.read(bench.fill("CRI", {("1.1", "state"): "Cumplidas"}, type="parcial"))
    assert submission.findings[0].suggestion == "Cumplida"


def test_untouched_template_and_nil_return(bench: Bench) -> None:
    assert bench.codes(bench.fill("PAN", {})) == ["R103"]
    assert bench.codes(bench.fill("PAN", {}, type="sin novedades")) == []
    assert bench.codes(bench.fill("PAN", {("1.1", "state"): "Cumplida"}, type="sin novedades")) == ["E103"]


def test_a_complete_sending_lacks_its_required_answers_in_one_finding(bench: Bench) -> None:
    assert found(bench, bench.fill("CRI", FULL, type="completo"), "R101") == [(None, "I9:I46")]
    everything = {(f"{record.key[0]}", "state"): "No aplica" for record in bench.canonical.of("plan")}
    assert bench.codes(bench.fill("CRI", everything, type="completo")) == []
    wrong = {**everything, ("1.1", "state"): "Hecho"}
    assert bench.codes(bench.fill("CRI", wrong, type="completo")) == ["C101"]


def test_an_emptied_fixed_column_is_one_finding(bench: Bench) -> None:
    cells: Cells = {(record.key[0], "section"): None for record in bench.canonical.of("plan")}
    assert found(bench, bench.fill("CRI", cells, type="parcial"), "A103") == [(None, "C7:C46")]


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
    assert bench.codes(with_cells(book, "Plan", {state: "Zzz"})) == ["S105"]
    bare = without_anchors(book)
    assert bench.codes(with_cells(bare, "Plan", {state: "Estados"})) == ["S105"]
    assert sorted(bench.codes(with_cells(bare, "Plan", {state: "Zzz"}))) == ["S104", "S106"]
    remarks = header_cell(bench, "remarks")
    doubled = with_cells(book, "Plan", {remarks: "Estado", (remarks[0] + 1, remarks[1]): "nota"})
    assert bench.codes(doubled) == ["S105"]  # its hidden key tells
    assert "S107" in bench.codes(without_anchors(doubled))


def test_two_headings_that_were_exchanged_are_not_guessed(bench: Bench) -> None:
    """Whether the headings were moved or the answers under them nobody can tell."""
    book = bench.fill("CRI", {("1.1", "progress"): "Se hizo", ("1.1", "remarks"): "nota"}, type="parcial")
    (read,) = bench.read(
        with_cells(
            book, "Plan", {header_cell(bench, "progress"): "Observaciones", header_cell(bench, "remarks"): "Avance"}
        )
    )
    assert [f.code.name for f in read.findings if f.severity == "error"] == ["S125"]
    assert not any({"progress", "remarks"} & record.values.keys() for record in read.records["plan"])
    assert {"Se hizo", "nota"} <= {stray.value for stray in read.strays}


def test_a_column_of_ones_own_under_a_heading_of_ours_does_not_take_its_place(bench: Bench) -> None:
    """A column Avance in front of all: the hidden row tells which of the two is the template's."""
    book = bench.fill("CRI", {("1.1", "progress"): "Se hizo"}, type="parcial")
    grid = book.grid("Plan")
    assert grid is not None
    moved = {(row, column + 1): raw for (row, column), raw in grid.cells.items()}
    (read,) = bench.read(plan_sheet(book, cells={**moved, (5, 0): "Avance", (6, 0): "borrador"}))
    (record,) = [r for r in read.records["plan"] if r.key == ("1.1",)]
    assert record.values["progress"] == "Se hizo"
    assert [f.code.name for f in read.findings] == ["S107"]


def test_a_template_that_lost_its_stamp_is_known_by_its_tables(bench: Bench) -> None:
    book = bench.fill("CRI", SAID, type="parcial")
    book = replace(book, grids=tuple(grid for grid in book.grids if grid.name != "_crmxl"))
    (read,) = bench.read(book)
    assert (read.country, read.issued, [f.code.name for f in read.findings]) == ("CRI", True, [])


def test_a_sheet_of_another_country_is_not_taken(bench: Bench) -> None:
    """Costa Rica sends its own sheet under another name, and El Salvador's beside it."""
    lent = bench.fill("SLV", {("1.1", "state"): "Cancelada"}).grid("Plan")
    assert lent is not None
    book = plan_sheet(bench.fill("CRI", SAID, type="parcial"), name="Plan Costa Rica")
    (read,) = bench.read(replace(book, grids=(lent, *book.grids)))
    told = {r.key[0]: r.values.get("state") for r in read.records["plan"] if "state" in r.values}
    assert (told, [f.code.name for f in read.findings]) == (TOLD, ["S126", "S102"])


def test_of_two_sheets_the_one_that_was_filled_in_is_taken(bench: Bench) -> None:
    book, blank = bench.fill("CRI", SAID, type="parcial"), bench.books["CRI"].grid("Plan")
    assert blank is not None
    both = replace(book, grids=(blank, *plan_sheet(book, name="Plan lleno").grids))
    assert answers(both, bench) == TOLD
    assert bench.codes(both) == ["S123", "S102"]


def test_of_two_copies_the_one_that_was_changed_is_taken(bench: Bench, tmp_path: Path) -> None:
    """In a second cycle both are full of answers: the issued ones in the original, newer ones in the copy."""
    second = earlier_answers(bench, tmp_path)
    original = second.books["CRI"].grid("Plan")
    assert original is not None
    book = second.fill("CRI", {("1.1", "progress"): "Otra cosa"}, type="parcial")
    both = replace(book, grids=(original, *plan_sheet(book, name="Plan (2)").grids))
    (read,) = second.read(both)
    assert "Otra cosa" in {record.values.get("progress") for record in read.records["plan"]}


def test_a_large_sheet_of_ones_own_is_kept_row_by_row(bench: Bench) -> None:
    cells = {(row, column): f"{row}·{column}" for row in range(800) for column in range(10)}
    book = bench.fill("CRI", SAID, type="parcial")
    annex = replace(book.grids[0], name="Anexo", cells=cells)
    result = bench.merge(replace(book, grids=(*book.grids, annex)))
    counts = dict(result.counts)
    assert counts["set_aside"] == 8_000
    assert counts.pop("read") == sum(counts.values())
    kept = [r.text("value") for r in result.tables["set_aside"]]
    assert len(kept) == 800
    assert " | ".join(f"7·{column}" for column in range(10)) in kept


def test_the_block_sending_is_found_on_a_renamed_sheet_and_behind_an_inserted_column(bench: Bench) -> None:
    book = bench.fill("CRI", SAID, type="parcial", number=2, restriction="sólo la red")
    grid = book.grid("Instrucciones")
    assert grid is not None
    moved = {(row, column + (column > 1)): raw for (row, column), raw in grid.cells.items()}
    for other in (replace(grid, name="Guía"), replace(grid, cells=moved)):
        grids = tuple(other if g.name == grid.name else g for g in book.grids)
        (read,) = bench.read(replace(book, grids=grids))
        assert read.envelope == {"country": "CRI", "number": 2, "type": "partial", "restriction": "network"}
        assert read.findings == ()


def test_what_is_written_outside_the_tables_is_kept(bench: Bench) -> None:
    book = with_cells(bench.fill("CRI", SAID, type="parcial"), "Instrucciones", {(40, 1): "Falta el visto bueno"})
    book = with_cells(book, "Antes de enviar", {(70, 0): "Revisado por el viceministro"})
    (read,) = bench.read(with_cells(book, "Plan", {(1, 4): "BORRADOR"}))
    assert [(s.reason.name, s.value, s.place.cell) for s in read.margins] == [
        ("MARGIN", "Falta el visto bueno", "B41"),
        ("MARGIN", "BORRADOR", "E2"),
        ("MARGIN", "Revisado por el viceministro", "A71"),
    ]
    assert [f.code.name for f in read.findings] == ["S127", "S127", "S127"]
    assert answers(book, bench) == TOLD


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
    assert bench.codes(gone) == ["S116"]
    assert answers(gone, bench) == answers(book, bench) != {}
    assert "S103" in bench.codes(without_anchors(gone))


def test_deleted_rows_are_said_and_change_nothing(bench: Bench) -> None:
    book = bench.fill("CRI", FULL, type="parcial")
    grid = book.grid("Plan")
    assert grid is not None
    kept = {spot: raw for spot, raw in grid.cells.items() if spot[0] != 8}
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


# Finding one's place


def answers(book: Book, bench: Bench) -> dict[str, object]:
    """What a return says of each activity in Estado, by its number."""
    (submission,) = bench.read(book)
    return {r.key[0]: r.values.get("state") for r in submission.records.get("plan", ()) if "state" in r.values}


SAID: Cells = {("1.1", "state"): "Cumplida", ("2.2", "state"): "En proceso", ("6.10", "state"): "No aplica"}
TOLD = {"1.1": "done", "2.2": "in_progress", "6.10": "not_applicable"}


def moved(book: Book, order: Callable[[int], int], columns: Callable[[int], bool]) -> Book:
    """The sheet Plan with the cells of some columns in another order of rows."""
    grid = book.grid("Plan")
    assert grid is not None
    first, last = 6, 45  # the activities
    cells = {
        (order(r) if first <= r <= last and columns(c) else r, c): raw for (r, c), raw in sorted(grid.cells.items())
    }
    return plan_sheet(book, cells=cells)


def backwards(row: int) -> int:
    return 6 + 45 - row


@pytest.mark.parametrize("anchored", [True, False])
def test_whole_rows_may_be_sorted(bench: Bench, anchored: bool) -> None:
    book = bench.fill("CRI", SAID, type="parcial")
    book = book if anchored else without_anchors(book)
    assert answers(moved(book, backwards, lambda _: True), bench) == TOLD


def earlier_answers(bench: Bench, folder: Path) -> Bench:
    """The next cycle of a bench in which Costa Rica has told the progress of every activity."""
    said: Cells = {(r.key[0], "progress"): f"Avance de {r.key[0]}" for r in bench.canonical.of("plan")}
    (folder / "2010-1.xlsx").write_bytes(written(bench.merge(bench.fill("CRI", said, type="parcial"))))
    return Bench.make(folder / "2010-1.xlsx", folder / "emitidos", "2010-2", dt.date(2010, 8, 13))


FIXED, ANSWERS = range(8), range(8, 14)


@pytest.mark.parametrize("columns", [FIXED, range(14), (*ANSWERS, 14)], ids=str)
def test_rows_sorted_in_part_are_not_taken_if_nothing_tells_where_the_answers_belong(
    bench: Bench, columns: Sequence[int]
) -> None:
    (read,) = bench.read(moved(bench.fill("CRI", SAID, type="parcial"), backwards, lambda c: c in columns))
    assert not any(record.values.get("state") for record in read.records.get("plan", ()))
    assert [item.code.name for item in read.findings if item.severity == "error"] == ["S124"]
    assert {s.value for s in read.strays} >= {"Cumplida", "En proceso", "No aplica"}


def test_rows_sorted_without_the_hidden_column_are_where_their_earlier_answers_are(
    bench: Bench, tmp_path: Path
) -> None:
    second = earlier_answers(bench, tmp_path)
    book = second.fill("CRI", SAID, type="parcial")
    assert answers(moved(book, backwards, lambda column: column < 14), second) == TOLD
    assert second.codes(moved(book, backwards, lambda column: column < 14)) == []
    assert not answers(moved(book, backwards, lambda column: column < 8), second)


def test_earlier_answers_sorted_alone_are_not_taken(bench: Bench, tmp_path: Path) -> None:
    second = earlier_answers(bench, tmp_path)
    (read,) = second.read(moved(second.fill("CRI", SAID, type="parcial"), backwards, lambda c: c in ANSWERS))
    assert [f.code.name for f in read.findings if f.severity == "error"] == ["S128"]
    assert not any({"state", "progress"} & record.values.keys() for record in read.records["plan"])
    assert {"Cumplida", "Avance de 1.1"} <= {stray.value for stray in read.strays}


def test_one_column_sorted_alone_costs_that_column(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "dos"
    folder.mkdir()
    keys = [record.key[0] for record in bench.canonical.of("plan")]
    said: Cells = {(k, c): f"{c} de la actividad {k}" for k in keys for c in ("progress", "remarks", "institution")}
    (folder / "1.xlsx").write_bytes(written(bench.merge(bench.fill("CRI", said, type="parcial"))))
    second = Bench.make(folder / "1.xlsx", folder / "e", "2010-2", dt.date(2010, 8, 13))
    book = second.fill("CRI", {("1.1", "remarks"): "nueva observación"}, type="parcial")
    column = header_cell(second, "progress")[1]
    (read,) = second.read(moved(book, backwards, lambda c: c == column))
    assert [f.code.name for f in read.findings if f.severity == "error"] == ["S128"]
    assert not any("progress" in record.values for record in read.records["plan"])
    assert "nueva observación" in {record.values.get("remarks") for record in read.records["plan"]}
    other = header_cell(second, "remarks")[1]
    places = {column: other, other: column}
    grid = book.grid("Plan")
    assert grid is not None
    swapped = {(r, places.get(c, c) if r > 5 else c): raw for (r, c), raw in grid.cells.items()}
    (read,) = second.read(plan_sheet(book, cells=swapped))
    assert [f.code.name for f in read.findings if f.severity == "error"] == ["S128"]
    assert not any({"progress", "remarks"} & record.values.keys() for record in read.records["plan"])


def test_answers_that_are_brought_up_to_date_are_no_columns_out_of_place(bench: Bench, tmp_path: Path) -> None:
    """Every date a week later, every article three further on: each new value was another row's before."""
    keys = [record.key[0] for record in bench.canonical.of("plan")]
    days = {k: dt.datetime(2010, 1, 1) + dt.timedelta(days=7 * n) for n, k in enumerate(keys)}
    said: Cells = {(k, "date"): day for k, day in days.items()} | {
        (k, "progress"): f"Artículo {n}" for n, k in enumerate(keys)
    }
    (tmp_path / "1.xlsx").write_bytes(written(bench.merge(bench.fill("CRI", said, type="parcial"))))
    second = Bench.make(tmp_path / "1.xlsx", tmp_path / "e", "2010-2", dt.date(2010, 8, 13))
    later: Cells = {(k, "date"): day + dt.timedelta(days=7) for k, day in days.items()} | {
        (k, "progress"): f"Artículo {n + 3}" for n, k in enumerate(keys)
    }
    assert second.codes(second.fill("CRI", later, type="parcial")) == []


def test_answers_of_two_rows_that_changed_places_are_told(bench: Bench, tmp_path: Path) -> None:
    second = earlier_answers(bench, tmp_path)
    book = second.fill(
        "CRI", {("1.1", "progress"): "Avance de 1.2", ("1.2", "progress"): "Avance de 1.1"}, type="parcial"
    )
    (read,) = second.read(book)
    assert [(f.code.name, f.message("es").split("(")[1][:9]) for f in read.findings] == [("S129", "1.1 ↔ 1.2")]


def test_neighbours_of_which_the_texts_are_alike_are_told_apart(bench: Bench) -> None:
    """12.3 and 12.4 say nearly the same: the contents of the two rows, exchanged, are not each other's slips."""
    book = bench.fill("CRI", {("12.3", "state"): "Cumplida", ("12.4", "progress"): "Se hizo"}, type="parcial")
    grid = book.grid("Plan")
    assert grid is not None
    rows = {raw: r for (r, c), raw in grid.cells.items() if c == 0 and raw in ("12.3", "12.4")}
    places = {rows["12.3"]: rows["12.4"], rows["12.4"]: rows["12.3"]}
    moved_ = {(places.get(r, r) if 0 < c < 14 else r, c): raw for (r, c), raw in grid.cells.items()}
    (read,) = bench.read(plan_sheet(book, cells=moved_))
    assert "S124" in {f.code.name for f in read.findings}
    assert not any({"state", "progress"} & record.values.keys() for record in read.records.get("plan", ()))


def test_what_a_country_copies_from_other_rows_is_its_answer(bench: Bench, tmp_path: Path) -> None:
    second = earlier_answers(bench, tmp_path)
    keys = [record.key[0] for record in second.canonical.of("plan")][:6]
    copied: Cells = {(k, "progress"): f"Avance de {after}" for k, after in pairwise(keys)}
    book = second.fill("CRI", {**copied, **SAID}, type="parcial")
    assert answers(book, second) == TOLD


def test_a_row_pasted_over_by_another_table_is_no_row_of_this_one(bench: Bench) -> None:
    """Its number, its texts and its answers are another plan's; the hidden number alone is still ours."""
    fixed = [c.key for c in FILLABLE[0].template_table.columns if c.owner is not Owner.COUNTRY and c.key != "id"]
    foreign: Cells = {("1.1", key): f"Otra cosa: {key}" for key in fixed if key in bench.canonical.of("plan")[0].values}
    told: Cells = {("1.1", "id"): "14.9", ("1.1", "state"): "Cumplida", ("2.2", "state"): "Cumplida"}
    assert answers(bench.fill("CRI", {**foreign, **told}, type="parcial"), bench) == {"2.2": "done"}


def test_the_row_whose_texts_tell_it_is_taken_before_one_that_has_its_hidden_number_alone(bench: Bench) -> None:
    """Cells were inserted at 2.1, without the hidden column: the new row 2.1 is blank, and everything moved down."""
    book = moved(bench.fill("CRI", SAID, type="parcial"), lambda r: r + 1 if r > 8 else r, lambda c: c < 14)
    (read,) = bench.read(with_cells(book, "Plan", {(9, 9): "Una línea propia"}))
    assert not any("Una línea propia" in map(str, r.values.values()) for r in read.records.get("plan", ()))


def test_without_repair_a_number_that_contradicts_its_row_is_not_taken(bench: Bench) -> None:
    book = moved(bench.fill("CRI", SAID, type="parcial"), backwards, lambda column: column == 0)
    read = read_submission(book, FILLABLE, bench.issued, repair=False)
    assert not any(record.values.get("state") for record in read.records.get("plan", ()))
    assert "S124" in {item.code.name for item in read.findings}


def test_numbers_typed_as_numbers_in_both_places_are_told_apart_by_their_texts(bench: Bench) -> None:
    keys: Cells = {("6.1", "id"): 6.1, ("6.10", "id"): 6.1}
    book = bench.fill("CRI", {**SAID, **keys, ("6.1", "state"): "Cumplida"}, type="parcial")
    grid = book.grid("Plan")
    assert grid is not None
    hidden = {spot: 6.1 for spot, raw in grid.cells.items() if spot[1] == 14 and raw in ("6.1", "6.10")}
    assert len(hidden) == 2
    typed = moved(with_cells(book, "Plan", hidden), backwards, lambda _: True)
    assert answers(typed, bench) == {**TOLD, "6.1": "done"}


@pytest.mark.parametrize("anchored", [True, False])
def test_one_column_sorted_alone_is_not_taken(bench: Bench, anchored: bool) -> None:
    book = bench.fill("CRI", SAID, type="parcial")
    book = book if anchored else without_anchors(book)
    scrambled = moved(book, backwards, lambda column: column == 4)  # ACTIVIDADES
    (submission,) = bench.read(scrambled)
    assert [f.code.name for f in submission.findings if f.severity == "error"] == ["S117"]
    assert "ACTIVIDADES" in submission.findings[0].message("es")
    assert not submission.records.get("plan")
    assert {s.value for s in submission.strays} >= {"Cumplida", "En proceso", "No aplica"}


def test_numbers_sorted_alone_are_put_back_by_the_hidden_key(bench: Bench) -> None:
    book = moved(bench.fill("CRI", SAID, type="parcial"), backwards, lambda column: column == 0)
    assert answers(book, bench) == TOLD
    assert bench.codes(book) == ["S118"]


def test_numbers_that_were_deleted_or_spoilt_are_known_by_the_hidden_key(bench: Bench) -> None:
    spoilt: Cells = {("1.1", "id"): None, ("2.2", "id"): "actividad", ("6.10", "id"): 6.1}
    book = bench.fill("CRI", {**SAID, **spoilt}, type="parcial")
    assert answers(book, bench) == TOLD
    assert bench.codes(book) == ["S118"]


def test_rows_without_any_key_are_known_by_their_text(bench: Bench) -> None:
    spoilt: Cells = {("1.1", "id"): None, ("2.2", "id"): None, ("6.10", "id"): 6.1, ("6.1", "id"): None}
    book = without_anchors(bench.fill("CRI", {**SAID, **spoilt}, type="parcial"))
    assert answers(book, bench) == TOLD
    assert bench.codes(book) == ["S119"]


def test_a_row_whose_text_is_like_no_other_is_asked(bench: Bench) -> None:
    strange: Cells = {("1.1", "id"): None, ("1.1", "activity"): "Otra cosa", ("1.1", "objective"): "Nada"}
    book = without_anchors(bench.fill("CRI", {**SAID, **strange}, type="parcial"))
    assert "1.1" not in answers(book, bench)
    assert "S108" in bench.codes(book)


def test_answers_in_a_new_workbook_without_any_stamp(bench: Bench) -> None:
    """Everything visible copied into another workbook: no stamp, no hidden key, another name."""
    book = without_anchors(bench.fill("CRI", SAID, type="parcial"))
    grids = tuple(replace(g, name="Hoja1" if g.name == "Plan" else g.name) for g in book.grids if g.name != "_crmxl")
    copied = replace(book, grids=grids)
    base = {"plan": {r.key: r for r in bench.canonical.of("plan")}}
    read = read_submission(copied, FILLABLE, {}, fallback=base)
    assert {r.key[0]: r.values.get("state") for r in read.records["plan"] if "state" in r.values} == TOLD


def test_a_sheet_under_another_name_is_known_by_its_hidden_anchor(bench: Bench) -> None:
    book = plan_sheet(bench.fill("CRI", SAID, type="parcial"), name="Hoja1")
    assert bench.codes(book) == ["S102"]
    assert answers(book, bench) == TOLD


def test_a_sheet_under_another_name_is_known_by_the_name_that_the_workbook_gives_it(bench: Bench) -> None:
    """The hidden row and column are gone too, and the sheet was emptied of its numbers and texts."""
    assert bench.books["CRI"].names == {"crmxl_plan": "Plan", "crmxl_meetings": "Reuniones"}
    book = without_anchors(plan_sheet(bench.fill("CRI", SAID, type="parcial"), name="Hoja1"))
    renamed = replace(book, names={"crmxl_plan": "Hoja1", "crmxl_meetings": "Reuniones"})
    assert bench.codes(renamed) == ["S102"]
    assert answers(renamed, bench) == TOLD


def test_without_repair_nothing_is_taken_for_what_it_resembles(bench: Bench) -> None:
    book = bench.fill("CRI", {**SAID, ("1.1", "state"): "CUMPLIDA", ("2.2", "id"): "x"}, type="parcial")
    state = header_cell(bench, "state")

    def codes(changed: Book) -> list[str]:
        read = read_submission(changed, FILLABLE, bench.issued, repair=False)
        return sorted({f.code.name for f in read.findings})

    assert bench.codes(book) == ["C114", "S118"]
    assert codes(book) == ["C101", "S108", "S111"]
    assert codes(with_cells(bench.fill("CRI", SAID, type="parcial"), "Plan", {state: "Estados"})) == ["S104", "S106"]
    assert "S101" in codes(plan_sheet(bench.fill("CRI", SAID, type="parcial"), name="PLAN "))
    assert codes(bench.fill("CRI", SAID, type="parcial")) == []


def test_numbers_typed_as_numbers_are_the_same_rows(bench: Bench) -> None:
    book = bench.fill("CRI", {("1.1", "id"): 1.1, ("1.1", "state"): "Cumplida"}, type="parcial")
    assert bench.codes(book) == []


def test_formula_without_saved_value(bench: Bench) -> None:
    book = bench.fill("CRI", FULL, type="parcial")
    layout = read_submission(book, FILLABLE, bench.issued).layouts["plan"]
    spot = position(str(layout.address(("2.1",), "progress")))
    assert found(bench, plan_sheet(book, unsaved={spot: "=1+1"}), "C109") == [("=1+1", "J9")]


def test_error_cells_are_found_and_the_same_letters_as_text_are_not(bench: Bench) -> None:
    book = bench.fill("CRI", {**FULL, ("1.1", "progress"): "#REF!"}, type="parcial")
    assert bench.codes(book) == []
    layout = read_submission(book, FILLABLE, bench.issued).layouts["plan"]
    spot = position(str(layout.address(("1.1",), "progress")))
    assert found(bench, plan_sheet(book, errors=frozenset({spot})), "C107") == [("#REF!", "J7")]


def test_every_english_message_is_english(bench: Bench) -> None:
    (submission,) = bench.read(bench.fill("USA", {("1.1", "state"): "Hecho"}, type="partial"))
    message = submission.findings[0].message("en")
    assert message == "“Hecho” is not one of the choices for “Status”."


def _spread(book: Book, rows: list[int], columns: list[int]) -> Book:
    """The sheet Plan with blank rows and columns inserted before these rows and columns."""
    grid = book.grid("Plan")
    assert grid is not None

    def moved(spot: tuple[int, int]) -> tuple[int, int]:
        return spot[0] + sum(r <= spot[0] for r in rows), spot[1] + sum(c <= spot[1] for c in columns)

    return plan_sheet(book, cells={moved(spot): raw for spot, raw in grid.cells.items()})


@settings(max_examples=40)
@given(
    rows=st.lists(st.integers(0, 50), max_size=6),
    columns=st.lists(st.integers(0, 16), max_size=4),
    anchored=st.booleans(),
)
def test_every_address_is_right_wherever_the_cells_are(
    bench: Bench, rows: list[int], columns: list[int], anchored: bool
) -> None:
    wrong: Cells = {
        ("1.1", "state"): "Hecho",
        ("2.2", "date"): "31 de febrero de 2010",
        ("6.10", "evidence"): "ver anexo",
        ("9.3", "calendar"): "febraro 2010",
        ("12.1", "section"): "Z. Otra",
        ("13.1", "responsible"): "México o Guatemala",
    }
    book = bench.fill("CRI", wrong, type="parcial")
    spread = _spread(book if anchored else without_anchors(book), rows, columns)
    grid = spread.grid("Plan")
    assert grid is not None
    (submission,) = bench.read(spread)
    told = [f for f in submission.findings if f.place.sheet == "Plan" and f.found]
    assert {f.code.name for f in told} == {"C101", "C102", "C105", "C111", "A101", "C113"}
    for finding in told:
        assert grid.cells[position(str(finding.place.cell))] == finding.found
