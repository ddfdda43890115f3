"""The copy that circulates: what is in it, and what must never be."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from crmxl import cycle
from crmxl.cli import cli
from crmxl.cycle import MergeResult, Published
from crmxl.files import UsageError
from crmxl.reading import read_book
from tests.bench import AS_OF, PLAN, Bench, Cells, written

REGISTERS = {"Decisiones", "Recepción", "Apartados", "Procedencia", "Evolución", "Hallazgos", "Cambios"}


def published(bench: Bench, folder: Path, cells: dict[str, Cells], **restrictions: str) -> Published:
    """The copy of a merge of some returns, some of them restricted."""
    books = [
        bench.fill(code, told, f"envío de {code}.xlsx", type="parcial", restriction=restrictions.get(code, "libre"))
        for code, told in cells.items()
    ]
    (folder / "c.xlsx").write_bytes(written(bench.merge(*books)))
    return cycle.publish(folder / "c.xlsx", folder / "p.xlsx", AS_OF)


def everything(path: Path) -> str:
    """All that is in a file: every part of it, as text."""
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def test_the_registers_and_the_names_of_files_do_not_circulate(example: MergeResult, tmp_path: Path) -> None:
    done = cycle.publish(example.path, tmp_path / "p.xlsx", AS_OF)
    sheets = openpyxl.load_workbook(done.path).sheetnames
    assert sheets[0] == "Resumen"
    assert {"Plan", "Avance", "Cuadro de avance", "Cuadro trata", "Por atender"} <= set(sheets)
    assert not REGISTERS & set(sheets)
    text = everything(done.path)
    for reception in example.consolidation.receptions:
        assert all(name not in text for name in reception.files)
        assert reception.submission.source.sha256[:12] not in text
    assert "No circular" not in text


def test_what_was_sent_for_the_secretariat_alone_stays_with_it(bench: Bench, tmp_path: Path) -> None:
    cells: dict[str, Cells] = {
        "CRI": {("1.1", "state"): "Cumplida", ("1.1", "progress"): "Operativo reservado"},
        "MEX": {("1.1", "state"): "En proceso", ("1.1", "progress"): "Se publicó la ley"},
        "PAN": {("1.1", "progress"): "Para la red"},
    }
    done = published(bench, tmp_path, cells, CRI="sólo la ST", PAN="sólo la red")
    text = everything(done.path)
    assert "Operativo reservado" not in text
    assert "Se publicó la ley" in text
    assert "Para la red" in text
    told = {(o.country, o.item, o.column["es"] if o.column else "", o.reason["es"]) for o in done.found.omissions}
    reason = "Enviado sólo para la Secretaría Técnica"
    assert told == {("CRI", "1.1", "Estado", reason), ("CRI", "1.1", "Avance", reason)}
    page = openpyxl.load_workbook(done.path)["Resumen"]
    line = next(row for row in page.iter_rows() if row[0].value == "Costa Rica")
    assert line[1].value == "Recibido, en parte reservado"


def test_a_later_free_word_of_the_country_circulates(bench: Bench, tmp_path: Path) -> None:
    first = bench.fill("CRI", {("1.1", "progress"): "Reservado"}, type="parcial", number=1, restriction="sólo la ST")
    second = bench.fill("CRI", {("1.1", "progress"): "Público"}, type="parcial", number=2, restriction="libre")
    (tmp_path / "c.xlsx").write_bytes(written(bench.merge(first, second)))
    done = cycle.publish(tmp_path / "c.xlsx", tmp_path / "p.xlsx", AS_OF)
    assert "Público" in everything(done.path)
    assert "Reservado" not in everything(done.path)
    assert done.found.omissions == ()


def test_personal_data_do_not_circulate(bench: Bench, tmp_path: Path) -> None:
    text = "Contacto: ana.perez@migracion.go.cr, tel. 2222-3333"
    done = published(bench, tmp_path, {"CRI": {("1.1", "progress"): text, ("1.2", "progress"): "Se hizo"}})
    assert "ana.perez" not in everything(done.path)
    assert "[omitido: datos personales]" in everything(done.path)
    assert [(o.item, o.reason["es"]) for o in done.found.omissions] == [("1.1", "Contiene datos personales")]


def test_nothing_that_circulates_tells_what_was_reserved(bench: Bench, tmp_path: Path) -> None:
    """Whatever a country reserves for the Secretariat, what circulates is the same, cell by cell: no count, list or
    late report tells it apart. That it reserved something is said."""
    reserved: tuple[Cells, ...] = (
        {("1.1", "state"): "Cumplida"},
        {("1.1", "state"): "Sin iniciar", ("3.1", "state"): "En proceso", ("3.1", "progress"): "Se hizo"},
        {("13.1", "state"): "Suspendida"},
    )
    pages = []
    for place, cells in enumerate(reserved):
        (tmp_path / str(place)).mkdir()
        told: dict[str, Cells] = {"MEX": {("1.1", "state"): "En proceso"}, "CRI": cells}
        done = published(bench, tmp_path / str(place), told, CRI="sólo la ST")
        book = openpyxl.load_workbook(done.path, data_only=True)
        pages.append({s.title: [[cell.value for cell in row] for row in s.iter_rows()] for s in book})
    assert pages[0] == pages[1] == pages[2]
    said = "R = reservado en parte, puede estar contestado: Costa Rica"
    assert [row[0] for row in pages[0]["Cuadro de avance"]].count(said) == 1
    silent = [
        cell for row in pages[0]["Cuadro de avance"] for cell in row if isinstance(cell, str) and "BLZ, CAN" in cell
    ]
    assert silent
    assert not any("CRI" in cell for cell in silent), "what is reserved may be an answer"


def test_the_same_workbook_gives_the_same_copy(example: MergeResult, tmp_path: Path) -> None:
    one, two = (cycle.publish(example.path, tmp_path / name, AS_OF) for name in ("1.xlsx", "2.xlsx"))
    assert one.path.read_bytes() == two.path.read_bytes()


def test_only_a_consolidated_workbook_is_published(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no es un libro consolidado"):
        cycle.publish(PLAN, tmp_path / "p.xlsx", AS_OF)


def test_the_command_tells_what_was_left_out(example: MergeResult, tmp_path: Path) -> None:
    arguments = ["publish", str(example.path), "-o", str(tmp_path / "p.xlsx")]
    run = CliRunner().invoke(cli, arguments)
    assert run.exit_code == 0
    assert "   Avance, Honduras, 1.1, 4.3, 9.3, 10.1: Enviado sólo para la Secretaría Técnica" in run.stdout
    told = json.loads(CliRunner().invoke(cli, [*arguments, "--format", "json"]).stdout)
    assert told["as_of"] == "2010-03-01"
    assert {"sheet": "Avance", "id": "1.1", "country": "HND"}.items() <= told["omitted"][0].items()


def test_a_restriction_that_cannot_be_read_is_the_strictest_one(tmp_path: Path) -> None:
    """Panama writes in its own words that only the Secretariat may see it: nothing of it circulates."""
    folder = tmp_path / "emitidos"
    bench = Bench.make(PLAN, folder)
    book = bench.fill("PAN", {("1.1", "progress"): "SECRETO"}, type="parcial", restriction="Solo para la ST por favor")
    (read,) = bench.read(book)
    (found,) = read.findings
    assert (found.code.name, read.restriction) == ("C101", "st")
    explained = replace(read, findings=(replace(found, explained="Así lo pide la fiscalía"),))
    assert explained.restriction == "st"
    assert found.advice("es") == (
        "Elija una: libre, sólo la red o sólo la ST. Mientras tanto vale la más estricta, sólo la ST: no circula."
    )
    path = tmp_path / "c.xlsx"
    path.write_bytes(written(bench.merge(book)))
    done = cycle.publish(path, tmp_path / "circular.xlsx", AS_OF)
    assert "SECRETO" in texts(path)
    assert "SECRETO" not in texts(done.path)
    assert [one.country for one in done.found.omissions] == ["PAN"]


def texts(path: Path) -> str:
    return str([grid.cells for grid in read_book(path).grids])
