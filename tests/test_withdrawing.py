"""A file that was given to the wrong country, or is not to count after all: what it had said is taken back."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.bench import PLAN
from tests.test_desk import GIVEN, run


@pytest.fixture
def cycle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a cycle with the plan alone, in which one stands."""
    assert run("init", tmp_path / "ciclo", *GIVEN, "--canonical", PLAN).exit_code == 0
    monkeypatch.chdir(tmp_path / "ciclo")
    run("issue")
    return tmp_path / "ciclo"


def send(cycle: Path, country: str, name: str, number: int, **cells: str) -> None:
    """A country fills in its template and mails it: cells of the plan by address."""
    book = openpyxl.load_workbook(cycle / "emitidos" / f"{country}.xlsx")
    for cell, text in cells.items():
        book["Plan" if "Plan" in book.sheetnames else "Work plan"][cell].value = text
    sheet = book.worksheets[0]
    labels = {str(cell.value): cell for row in sheet.iter_rows() for cell in row if cell.value}
    for label, value in (("Tipo de envío", "parcial"), ("Número de este envío", number)):
        if label in labels:
            at = labels[label]
            sheet.cell(at.row, at.column + 1).value = value
    book.save(cycle / "entrada" / name)


def answers(cycle: Path, country: str) -> dict[str, tuple[Any, Any]]:
    """What the last consolidated workbook says of a country: state and progress, by activity."""
    path = max((cycle / "consolidados").glob("consolidado-*.xlsx"), key=lambda path: int(path.stem.rpartition("-")[2]))
    rows = list(openpyxl.load_workbook(path)["Avance"].iter_rows(values_only=True))
    return {str(row[0]): (row[2], row[3]) for row in rows[1:] if row[1] == country}


def test_a_file_that_was_given_to_the_wrong_country_is_taken_back(cycle: Path) -> None:
    send(cycle, "GTM", "GTM.xlsx", 1, I7="En proceso")
    run("merge", "--as-of", "2010-03-01")
    send(cycle, "MEX", "b.xlsx", 2, I7="Cumplida", J8="Texto de México")
    run("validate")
    correct_file(cycle, "b.xlsx", "País", "Guatemala")
    wrong = run("merge")
    assert "E104" in wrong.output
    assert answers(cycle, "Guatemala") == {"1.1": ("Cumplida", None), "1.2": (None, "Texto de México")}
    correct_file(cycle, "b.xlsx", "País", "México")
    told = run("merge")
    assert "M119" in told.output
    assert "Celdas que volvieron a lo anterior: 2" in told.output
    assert answers(cycle, "Guatemala") == {"1.1": ("En proceso", None)}
    assert answers(cycle, "México") == {"1.1": ("Cumplida", None), "1.2": (None, "Texto de México")}
    assert "Guatemala · Estado: de «Cumplida» a «En proceso»" in run("diff").output
    assert "GTM.xlsx, Plan!I7, «En proceso» — incorporado" in run("why", "Avance!C2").output
    again = run("merge")
    assert "No hay nada nuevo" in again.output
    assert "M119" not in again.output


def correct_file(cycle: Path, name: str, heading: str, value: str) -> None:
    """What the Secretariat writes into its register of files."""
    book = openpyxl.load_workbook(cycle / "registro.xlsx")
    sheet = book["Archivos"]
    heads = next(row for row in sheet.iter_rows() if any(cell.value == heading for cell in row))
    column = next(cell.column for cell in heads if cell.value == heading)
    row = next(cell.row for line in sheet.iter_rows() for cell in line if cell.value == name)
    sheet.cell(row, column).value = value
    book.save(cycle / "registro.xlsx")


def test_a_file_that_is_not_to_count_after_all_is_taken_back(cycle: Path) -> None:
    send(cycle, "HND", "uno.xlsx", 1, I7="En proceso", G10="Mayo de 2010")
    run("merge", "--as-of", "2010-03-01")
    send(cycle, "HND", "dos.xlsx", 2, I7="Cumplida", G10="Junio de 2010", J7="Listo")
    run("merge")
    assert answers(cycle, "Honduras") == {"1.1": ("Cumplida", "Listo")}
    correct_file(cycle, "dos.xlsx", "Se consolida", "No")
    told = run("merge")
    assert "M119" in told.output, told.output
    assert answers(cycle, "Honduras") == {"1.1": ("En proceso", None)}
    path = cycle / "consolidados" / "consolidado-2010-1-3.xlsx"
    rows = [row for row in openpyxl.load_workbook(path)["Decisiones"].iter_rows(values_only=True) if "2.2" in row]
    assert ["Mayo de 2010" in row for row in rows] == [True]
    assert "No hay nada nuevo" in run("merge").output


def test_a_file_counts_again(cycle: Path) -> None:
    send(cycle, "HND", "uno.xlsx", 1, I7="En proceso")
    run("merge", "--as-of", "2010-03-01")
    correct_file(cycle, "uno.xlsx", "Se consolida", "No")
    run("merge")
    assert answers(cycle, "Honduras") == {}
    correct_file(cycle, "uno.xlsx", "Se consolida", "Sí")
    run("merge")
    assert answers(cycle, "Honduras") == {"1.1": ("En proceso", None)}


def test_of_an_archive_with_two_countries_each_can_be_corrected_alone(cycle: Path) -> None:
    send(cycle, "GTM", "a.xlsx", 1, I7="En proceso")
    send(cycle, "HND", "b.xlsx", 1, I7="Cumplida")
    inbox = cycle / "entrada"
    with zipfile.ZipFile(inbox / "los dos.zip", "w") as archive:
        for name in ("a.xlsx", "b.xlsx"):
            archive.write(inbox / name, name)
            (inbox / name).unlink()
    run("validate")
    run("merge", "--as-of", "2010-03-01")
    assert answers(cycle, "Guatemala") == {"1.1": ("En proceso", None)}
    correct_file(cycle, "los dos.zip/b.xlsx", "País", "México")
    run("merge")
    assert answers(cycle, "Honduras") == {}
    assert answers(cycle, "México") == {"1.1": ("Cumplida", None)}
    correct_file(cycle, "los dos.zip/a.xlsx", "Se consolida", "No")
    assert "Celdas que volvieron a lo anterior: 1" in run("merge").output
    assert answers(cycle, "Guatemala") == {}
    assert answers(cycle, "México") == {"1.1": ("Cumplida", None)}
    told = {name: (country, used) for name, country, used in files_of(cycle)}
    assert told == {
        "los dos.zip": (None, "Sí"),
        "los dos.zip/a.xlsx": ("Guatemala", "No"),
        "los dos.zip/b.xlsx": ("México", "Sí"),
    }
    correct_file(cycle, "los dos.zip/a.xlsx", "Se consolida", "Sí")
    run("merge")
    assert answers(cycle, "Guatemala") == {"1.1": ("En proceso", None)}


def files_of(cycle: Path) -> list[tuple[Any, Any, Any]]:
    """The lines of the register: name, country, whether it counts."""
    rows = list(openpyxl.load_workbook(cycle / "registro.xlsx")["Archivos"].iter_rows(values_only=True))
    head = next(place for place, row in enumerate(rows) if "Se consolida" in row)
    columns = [rows[head].index(name) for name in ("Archivo", "País", "Se consolida")]
    return [tuple(row[column] for column in columns) for row in rows[head + 1 :]]


def test_the_copy_of_a_file_that_was_replaced_is_put_away(cycle: Path) -> None:
    send(cycle, "GTM", "a.xlsx", 1, I7="Hecho a medias")
    run("validate")
    back = cycle / "devueltos"
    assert sorted(path.name for path in back.iterdir()) == ["a - revisado.txt", "a - revisado.xlsx"]
    send(cycle, "GTM", "b.xlsx", 2, I7="Otra vez mal")
    run("validate")
    assert sorted(path.name for path in back.iterdir() if path.is_file()) == ["b - revisado.txt", "b - revisado.xlsx"]
    assert sorted(path.name for path in (back / "reemplazados").iterdir()) == ["a - revisado.txt", "a - revisado.xlsx"]
    assert "devueltos/reemplazados/a - revisado.xlsx" in str(
        list(openpyxl.load_workbook(cycle / "registro.xlsx")["Archivos"].iter_rows(values_only=True))
    )
    run("merge")
    run("validate")
    assert len(list((back / "reemplazados").iterdir())) == 2


def test_of_what_does_not_count_no_copy_goes_back(cycle: Path) -> None:
    send(cycle, "HND", "uno.xlsx", 1, I7="En proceso")
    run("validate")
    correct_file(cycle, "uno.xlsx", "Se consolida", "No")
    with suppress(AssertionError):
        run("validate")  # nothing is left to check
    assert run().output.count("Faltan:") == 1
    send(cycle, "GTM", "dos.xlsx", 1, I7="En proceso")
    run("validate")
    back = cycle / "devueltos"
    assert sorted(path.name for path in back.glob("*.xlsx")) == ["dos - revisado.xlsx"]
    assert (back / "reemplazados" / "uno - revisado.xlsx").is_file()
