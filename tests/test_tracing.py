"""Where a value came from, and what changed between two versions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from crmxl import cycle
from crmxl.cli import cli
from crmxl.cycle import MergeResult
from crmxl.decisions import Catalogue
from crmxl.difference import change_lines
from crmxl.files import UsageError
from crmxl.findings import address, position
from crmxl.kinds import DATA
from crmxl.provenance import read_said
from crmxl.reading import read_book
from crmxl.tracing import trace, trace_lines
from crmxl.values import as_text
from tests.bench import EXAMPLES, PLAN, Bench, decide, reopened, written


def address_of(path: Path, sheet: str, *texts: str) -> str:
    """The cell to the right end of a row that begins with some texts, under the heading that is the last of them."""
    book = openpyxl.load_workbook(path)
    *row, heading = texts
    rows = list(book[sheet].iter_rows())
    heads = next(r for r in rows if any(c.value == heading for c in r))
    column = next(c.column for c in heads if c.value == heading)
    found = next(r for r in rows if [c.value for c in r[: len(row)]] == row)
    return str(found[column - 1].coordinate)


def test_every_answer_of_the_example_leads_to_the_cell_that_holds_it(example: MergeResult) -> None:
    """For some answers of each file: the cell that is named holds, in the original, the value that is told."""
    books = {book.source.sha256: book for path in EXAMPLES.iterdir() for book in [read_book(path)]}
    canonical, whole = cycle.open_canonical([example.path]), read_book(example.path)
    names = {table.name: table for kind in DATA if (table := kind.answers_table)}
    told = list(read_said(example.consolidation.tables["provenance"], Catalogue(DATA)))
    told = [said for said in told if said.state == "merged"]
    assert len(told) > 2_000
    for said in told[:: len(told) // 25]:
        table = names.get(said.table)
        if table is None:
            continue
        reading = canonical.readings[table.name]
        row = reading.rows[said.item, said.country]
        found = trace(canonical, whole, DATA, table.sheet.es, address(row, reading.columns[said.column]))
        assert found is not None
        (origin,) = [o for o in found.origins if o.state == "merged"]
        grid = books[origin.sha256].grid(origin.sheet)
        assert grid is not None
        assert origin.value == said.text == as_text(grid.cells[position(said.cell)])
        assert origin.cell == said.cell


def test_it_is_told_in_words(example: MergeResult) -> None:
    spot = address_of(example.path, "Avance", "1.1", "Costa Rica", "Estado")
    lines = list(trace_lines(cycle.why(example.path, f"Avance!{spot}"), "es"))
    assert lines[0] == f"Avance!{spot} — 1.1, Costa Rica, Estado"
    assert lines[1] == "  «Cumplida»"
    assert lines[2].startswith("  Costa Rica: Plan de Trabajo CRI FINAL (2).xlsx, Plan!I7, «Cumplida» — incorporado")


def test_a_board_leads_to_the_answer_that_it_shows(example: MergeResult) -> None:
    grid = next(g for g in read_book(example.path).grids if g.name == "Cuadro de avance")
    row = next(r for (r, c), raw in grid.cells.items() if c == 0 and raw == "1.1")
    column = next(c for (_, c), raw in grid.cells.items() if "(CRI)" in str(raw))
    found = cycle.why(example.path, f"cuadro de avance!{chr(65 + column)}{row + 1}")
    assert (found.record.key, found.column.key, found.value("es")) == (("1.1", "CRI"), "state", "Cumplida")


def test_what_the_secretariat_decided_is_told(bench: Bench, tmp_path: Path) -> None:
    book = bench.fill("CRI", {("9.3", "calendar"): "Mayo de 2010"}, type="parcial")
    choice = {"decision": "CRI", "decided_by": "Directora ST", "decided_on": "2 de marzo de 2010"}
    asked = decide(reopened(bench.merge(book), tmp_path), {("9.3", "CALENDARIO"): choice})
    (tmp_path / "c.xlsx").write_bytes(written(bench.merge_on(asked, book)))
    spot = address_of(tmp_path / "c.xlsx", "Plan", "9.3", "CALENDARIO")
    lines = "\n".join(trace_lines(cycle.why(tmp_path / "c.xlsx", f"Plan!{spot}"), "es"))
    assert "«Mayo de 2010»" in lines
    assert "Costa Rica:" in lines
    assert "Decisión de la Secretaría Técnica: Costa Rica (Directora ST), el 2 de marzo de 2010." in lines


def test_an_answer_that_could_not_be_read_is_told(example: MergeResult) -> None:
    spot = address_of(example.path, "Avance", "1.1", "Honduras", "Estado")
    found = cycle.why(example.path, f"Avance!{spot}")
    lines = list(trace_lines(found, "es"))
    assert lines[1] == "  (en blanco)"
    assert "«Hecho» — apartado: valor que no se pudo leer" in lines[2]
    (source,) = found.as_dict("es")["sources"]
    assert (source["cell"], source["state"], source["reason"]) == ("I7", "set_aside", "unreadable")


def test_an_answer_that_was_never_given_is_said_to_be_none(example: MergeResult) -> None:
    grid = next(g for g in read_book(example.path).grids if g.name == "Cuadro de avance")
    row = next(r for (r, c), raw in grid.cells.items() if c == 0 and raw == "1.1")
    column = next(c for (_, c), raw in grid.cells.items() if "(BLZ)" in str(raw))
    lines = list(trace_lines(cycle.why(example.path, f"Cuadro de avance!{chr(65 + column)}{row + 1}"), "es"))
    assert lines == ["Avance — 1.1, Belice, Estado", "  (en blanco)", "  Ningún envío habló de esta celda."]


def test_a_comment_is_told_with_the_cell_that_it_is_on(example: MergeResult) -> None:
    spot = address_of(example.path, "Avance", "2.1", "República Dominicana", "Estado")
    told = "\n".join(trace_lines(cycle.why(example.path, f"Avance!{spot}"), "en"))
    assert "“En proceso” — merged" in told
    assert "— set aside: comment" in told


def test_a_mark_is_said_to_be_worked_out(example: MergeResult) -> None:
    spot = address_of(example.path, "Plan", "1.1", "Marca")
    lines = list(trace_lines(cycle.why(example.path, f"Plan!{spot}"), "es"))
    assert lines[1:] == ["  «Continua»", "  Se calcula a partir de las demás celdas."]


@pytest.mark.parametrize(
    "spot", ["Recepción!A6", "Plan", "Plan!", "Plan!7", "Nada!A1", "Plan!A1", "Plan!ZZ900", "Resumen!A1"]
)
def test_a_cell_without_a_value_of_ours_is_said_to_be_none(example: MergeResult, spot: str) -> None:
    with pytest.raises(UsageError):
        cycle.why(example.path, spot)


def test_a_value_that_nobody_sent_comes_from_the_canonical_workbook(example: MergeResult) -> None:
    spot = address_of(example.path, "Plan", "2.1", "Situación")
    lines = list(trace_lines(cycle.why(example.path, f"Plan!{spot}"), "en"))
    assert lines[-1] == "  No sending spoke on this cell: it comes from the canonical workbook."


def edited(path: Path, folder: Path, changes: dict[tuple[str, str], str | None]) -> Path:
    """A workbook with some cells otherwise, by number of the row and heading; a blank number deletes the row."""
    book = openpyxl.load_workbook(path)
    page: Any = book["Plan"]
    heads = next(r for r in page.iter_rows() if any(c.value == "ACTIVIDADES" for c in r))
    columns = {cell.value: cell.column for cell in heads}
    for (number, heading), text in changes.items():
        row = next(r[0].row for r in page.iter_rows() if r[0].value == number)
        if heading == "Nº" and text is None:
            page.delete_rows(row)
        else:
            page.cell(row, columns[heading]).value = text
    target = folder / "otro.xlsx"
    book.save(target)
    return target


def test_what_changed_is_told_by_item(tmp_path: Path) -> None:
    changes = {("9.3", "CALENDARIO"): "Mayo de 2010", ("1.2", "RESPONSABLE"): None, ("2.2", "Nº"): None,
               ("12.1", "Nº"): "12.9"}  # fmt: skip
    other = edited(PLAN, tmp_path, changes)
    found = cycle.diff(PLAN, other)
    lines = list(change_lines(found.changes, found.old, found.new, DATA, "es"))
    text = "\n".join(lines)
    assert "   CALENDARIO: de «Por definir. (Tegucigalpa, noviembre de 2008)» a «Mayo de 2010»" in lines
    assert "   RESPONSABLE: ya no dice" in text
    assert "Plan 2.2 (ya no está): " in text
    assert "   Nº: de «12.1» a «12.9»" in lines
    assert len([c for c in found.changes if c.target.item == "12.9"]) == 1
    assert {c.kind for c in found.changes} == {"removed", "changed"}
    assert cycle.diff(PLAN, PLAN).changes == ()


def test_a_workbook_of_the_changes(tmp_path: Path) -> None:
    other = edited(PLAN, tmp_path, {("9.3", "CALENDARIO"): "Mayo de 2010"})
    run = CliRunner().invoke(cli, ["diff", str(PLAN), str(other), "-o", str(tmp_path / "c.xlsx"), "--format", "json"])
    (change,) = json.loads(run.output)
    assert run.exit_code == 0
    assert (change["id"], change["country"], change["sheet"], change["change"]) == ("9.3", None, "Plan", "changed")
    (grid,) = read_book(tmp_path / "c.xlsx").grids
    assert grid.cells[0, 0] == "Plan: cambió 9.3."
    assert [grid.cells.get((3, c)) for c in (1, 3, 5)] == ["9.3", "CALENDARIO", "Mayo de 2010"]
    assert (
        grid.cells[3, 6]
        == "En Plan 9.3, CALENDARIO pasó de «Por definir. (Tegucigalpa, noviembre de 2008)» a «Mayo de 2010»."
    )
    assert CliRunner().invoke(cli, ["diff", str(PLAN), str(other), "-o", str(other)]).exit_code == 2


def test_the_answers_of_a_cycle_are_what_changed_in_it(example: MergeResult) -> None:
    found = cycle.diff(PLAN, example.path)
    assert {change.target.table for change in found.changes} == {"plan.answers"}
    assert {change.target.country for change in found.changes} >= {"CRI", "MEX", "USA"}


def test_an_item_that_was_taken_out_is_told_though_another_has_its_number(tmp_path: Path) -> None:
    """4.2 is deleted and the gap closed: what went is told, and what came under its number is no new row."""
    book = openpyxl.load_workbook(PLAN)
    page: Any = book["Plan"]
    rows = {row[0].value: row[0].row for row in page.iter_rows() if row[0].value}
    text = next(c.value for c in page[rows["4.2"]][4:] if isinstance(c.value, str) and len(c.value) > 60)
    for number in ("4.3", "4.4", "4.5", "4.6"):
        page.cell(rows[number], 1).value = f"4.{int(number[2]) - 1}"
    page.delete_rows(rows["4.2"])
    book.save(tmp_path / "otro.xlsx")
    found = cycle.diff(PLAN, tmp_path / "otro.xlsx")
    lines = list(change_lines(found.changes, found.old, found.new, DATA, "es"))
    assert any(line.startswith("Plan 4.2 (ya no está): ") for line in lines)
    assert text in {change.old for change in found.changes if change.gone}
    assert not any("fila nueva" in line for line in lines)
    assert "   Nº: de «4.3» a «4.2»" in lines
