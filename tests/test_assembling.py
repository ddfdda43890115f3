"""Parts of one country, filled in by its ministries, as its one return."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from crmxl.cli import cli
from crmxl.files import UsageError
from crmxl.issued import Issued
from crmxl.receiving import Assembled, assemble_parts, open_issued, receive
from crmxl.submission import Submission

TITLES = {"state": "Estado", "progress": "Avance", "calendar": "CALENDARIO", "activity": "ACTIVIDADES",
          "responsible": "RESPONSABLE", "institution": "Institución", "type": "Tipo de envío", "date": "Fecha",
          "restriction": "Restricción de uso", "number": "Número de este envío"}  # fmt: skip


@pytest.fixture
def part(issued: Path, tmp_path: Path) -> Callable[..., Path]:
    """Costa Rica's template, filled in by one ministry, as a file."""

    def make(name: str, cells: dict[tuple[str, str], Any], country: str = "CRI", **envelope: Any) -> Path:
        book = openpyxl.load_workbook(issued / f"{country}.xlsx")
        sheet: Any = book["Plan"]
        heads = {sheet.cell(6, c).value: c for c in range(1, 15)}
        rows = {sheet.cell(r, 1).value: r for r in range(7, 60)}
        for (number, column), text in cells.items():
            sheet.cell(rows[number], heads[TITLES[column]]).value = text
        for row in book["Instrucciones"].iter_rows():
            for cell in row:
                key = next((k for k, title in TITLES.items() if title == cell.value), None)
                if key in envelope:
                    book["Instrucciones"].cell(cell.row, cell.column + 1).value = envelope[key]
        path = tmp_path / f"{name}.xlsx"
        book.save(path)
        return path

    return make


def assembled(folder: Path, *parts: Path, issued: dict[str, Issued] | None = None) -> Assembled:
    return assemble_parts(parts, folder / "CRI entera.xlsx", issued or {})


def read(path: Path, issued: Path) -> Submission:
    (found,) = receive([path], open_issued(issued), {})
    return found


def answers(found: Submission, column: str = "state") -> dict[str, Any]:
    return {r.key[0]: r.values[column] for r in found.records["plan"] if column in r.values}


def test_parts_that_do_not_touch_each_other_are_one_return(
    part: Callable[..., Path], issued: Path, tmp_path: Path
) -> None:
    one = part("migracion", {("1.1", "state"): "Cumplida", ("9.3", "calendar"): "Mayo de 2010"}, institution="DGME",
               type="parcial", restriction="libre", number=1)  # fmt: skip
    two = part("fiscalia", {("1.2", "state"): "En proceso", ("1.1", "progress"): "Se hizo"}, institution="Fiscalía",
               type="parcial", restriction="sólo la red", number=2)  # fmt: skip
    done = assembled(tmp_path, one, two)
    assert done.assembly.findings == ()
    assert "Correcciones" not in openpyxl.load_workbook(done.path).sheetnames
    found = read(done.path, issued)
    assert (found.accepted, found.issued, found.country) == (True, True, "CRI")
    assert answers(found) == {"1.1": "done", "1.2": "in_progress"}
    assert answers(found, "progress") == {"1.1": "Se hizo"}
    assert answers(found, "calendar")["9.3"] == "Mayo de 2010"
    assert found.envelope == {"country": "CRI", "institution": "DGME; Fiscalía", "number": 2, "type": "partial",
                              "restriction": "network"}  # fmt: skip
    assert found.findings == ()


def test_what_the_parts_do_not_agree_on_is_left_to_the_liaison(
    part: Callable[..., Path], issued: Path, tmp_path: Path
) -> None:
    one = part("migracion", {("1.1", "state"): "Cumplida", ("9.3", "calendar"): "Mayo de 2010"}, type="parcial")
    two = part("fiscalia", {("1.1", "state"): "En proceso", ("9.3", "calendar"): "Junio de 2010"}, type="parcial")
    done = assembled(tmp_path, one, two, issued=open_issued(issued))
    told = {f.place.cell: f.message("es") for f in done.assembly.findings}
    assert told["I7"] == (
        "Las instituciones no dicen lo mismo en «Estado»: migracion.xlsx: Cumplida; fiscalia.xlsx: En proceso."
    ) or told["I7"].endswith("fiscalia.xlsx: En proceso; migracion.xlsx: Cumplida.")
    assert len(told) == 2
    book = openpyxl.load_workbook(done.path)
    assert book.sheetnames[0] == "Correcciones"
    assert book["Plan"]["I7"].value is None
    assert "Las instituciones no dicen lo mismo" in book["Plan"]["I7"].comment.text
    found = read(done.path, issued)
    assert answers(found) == {}
    assert answers(found, "calendar")["9.3"].startswith("Por definir")


def without_stamp(path: Path) -> Path:
    """The part as it is when somebody has deleted its hidden sheet."""
    book = openpyxl.load_workbook(path)
    del book["_crmxl"]
    book.save(path)
    return path


def test_a_part_that_lost_its_stamp_is_no_later_word_than_another(part: Callable[..., Path], tmp_path: Path) -> None:
    one = part("uno", {("1.1", "state"): "En proceso"}, type="parcial")
    two = without_stamp(part("dos", {("1.1", "state"): "Cumplida", ("1.2", "progress"): "Se hizo"}, type="parcial"))
    done = assembled(tmp_path, one, two)
    assert [f.code.name for f in done.assembly.findings] == ["M112"]
    assert openpyxl.load_workbook(done.path)["Plan"]["J8"].value == "Se hizo"


@pytest.mark.parametrize("anchored", [True, False])
def test_a_part_with_a_renamed_sheet_is_no_weaker_word(
    part: Callable[..., Path], tmp_path: Path, anchored: bool
) -> None:
    """Nobody gives the issued copies: what one part alone shows is not taken for what was issued."""
    one = part("uno", {("1.1", "state"): "En proceso"}, type="parcial")
    two = part("dos", {("1.1", "state"): "Cumplida"}, type="parcial")
    book = openpyxl.load_workbook(two)
    book["Plan"].title = "Plan Fiscalía"
    if not anchored:
        book["Plan Fiscalía"].delete_rows(2)
    book.save(two)
    done = assembled(tmp_path, one, two)
    assert [f.code.name for f in done.assembly.findings if f.code.name.startswith("M")] == ["M112"]


def test_what_ministries_do_not_agree_on_goes_along(part: Callable[..., Path], issued: Path, tmp_path: Path) -> None:
    one = part("uno", {("1.1", "progress"): "dice uno"}, type="parcial", restriction="libre")
    two = part("dos", {("1.1", "progress"): "dice dos"}, type="parcial", restriction="confidencial")
    found = read(assembled(tmp_path, one, two).path, issued)
    assert {"dice uno", "dice dos"} <= {stray.value for stray in found.strays}
    assert "restriction" not in found.envelope


def test_new_activities_of_two_ministries_are_two(part: Callable[..., Path], issued: Path, tmp_path: Path) -> None:
    """Both used the first open row; what stood there already when the workbook was passed on is one."""
    shared = {("N1", "activity"): "Foro regional", ("N1", "calendar"): "2011"}
    one = part("uno", {**shared, ("N2", "activity"): "Guía", ("N2", "calendar"): "2012"}, type="parcial")
    two = part("dos", {**shared, ("N2", "activity"): "Taller", ("N2", "responsible"): "OIM"}, type="parcial")
    found = read(assembled(tmp_path, one, two).path, issued)
    rows = {r.key[0]: r.values.get("activity") for r in found.records["plan"] if r.key[0].startswith("N")}
    assert sorted(map(str, rows.values())) == ["Foro regional", "Guía", "Taller"]
    assert rows["N1"] == "Foro regional"


def test_what_was_wrong_in_a_part_is_said_and_what_has_no_place_goes_along(
    part: Callable[..., Path], issued: Path, tmp_path: Path
) -> None:
    one = part("migracion", {("1.1", "state"): "Hecho", ("1.2", "date"): "31 de febrero de 2010"}, type="parcial")
    book = openpyxl.load_workbook(one)
    book.create_sheet("Anexo")["A1"] = "Cuadro de costos"
    book["Plan"]["J9"].comment = openpyxl.comments.Comment("Ver con la Fiscalía", "Ana")
    book.save(one)
    two = part("fiscalia", {("2.1", "state"): "Cumplida"}, type="parcial")
    done = assembled(tmp_path, one, two)
    assert sorted(f.code.name for f in done.assembly.findings) == ["C101", "C102", "S110"]
    made = openpyxl.load_workbook(done.path)
    assert [made["Plan"]["I7"].value, made["Plan"]["K8"].value] == ["Hecho", "31 de febrero de 2010"]
    left = {row[5].value for row in made["Apartados"].iter_rows()}
    assert {"Cuadro de costos", "Ana: Ver con la Fiscalía"} <= left
    assert answers(read(done.path, issued)) == {"2.1": "done"}


def test_the_word_to_erase_and_the_earlier_answers_go_along(
    part: Callable[..., Path], issued: Path, tmp_path: Path
) -> None:
    one = part("uno", {("9.3", "calendar"): "(borrar)"}, type="parcial")
    two = part("dos", {("1.1", "state"): "Cumplida"}, type="parcial")
    made = openpyxl.load_workbook(assembled(tmp_path, one, two).path)["Plan"]
    assert "(borrar)" in {cell.value for row in made.iter_rows() for cell in row}
    three = part("tres", {("1.2", "progress"): "(borrar)"}, type="parcial")
    made = openpyxl.load_workbook(assembled(tmp_path, three, two).path)["Plan"]
    assert made["J8"].value == "(borrar)"


def test_an_institution_for_which_there_is_no_room_goes_along(part: Callable[..., Path], tmp_path: Path) -> None:
    names = ["Dirección General " + "de Migración " * 10, "Fiscalía General " + "de la República " * 9]
    parts = [part(str(n), {("1.1", "state"): "Cumplida"}, institution=name) for n, name in enumerate(names)]
    made = openpyxl.load_workbook(assembled(tmp_path, *parts).path)
    cells = (cell for name in ("Instrucciones", "Apartados") for row in made[name].iter_rows() for cell in row)
    told = {str(cell.value).strip() for cell in cells}
    assert {name.strip() for name in names} <= told


def test_the_order_of_the_parts_does_not_matter(part: Callable[..., Path], tmp_path: Path) -> None:
    said = (("a", "2.1", "Cumplida"), ("b", "2.2", "Cumplida"), ("c", "2.1", "En proceso"))
    parts = [
        part(name, {("1.1", "state"): state, (number, "progress"): name, ("N1", "activity"): name}, type="parcial")
        for name, number, state in said
    ]
    first = assembled(tmp_path, *parts).path.read_bytes()
    assert assembled(tmp_path, *reversed(parts)).path.read_bytes() == first


def test_parts_of_two_countries_and_no_templates_are_refused(part: Callable[..., Path], tmp_path: Path) -> None:
    one, two = part("uno", {}), part("dos", {}, country="SLV")
    with pytest.raises(UsageError, match="varios países"):
        assembled(tmp_path, one, two)
    book = openpyxl.Workbook()
    book.save(tmp_path / "nada.xlsx")
    with pytest.raises(UsageError, match="Ninguna parte"):
        assembled(tmp_path, tmp_path / "nada.xlsx")


def test_the_command_tells_what_is_to_be_settled(part: Callable[..., Path], tmp_path: Path) -> None:
    one = part("uno", {("1.1", "state"): "Cumplida"}, type="parcial")
    two = part("dos", {("1.1", "state"): "En proceso"}, type="parcial")
    target = str(tmp_path / "CRI.xlsx")
    run = CliRunner().invoke(cli, ["assemble", str(one), str(two), "-o", target, "--format", "json"])
    told = json.loads(run.output)
    assert run.exit_code == 1
    assert [f["code"] for f in told["findings"]] == ["M112"]
    assert (told["file"], len(told["parts"])) == (target, 2)
    assert CliRunner().invoke(cli, ["assemble", str(one), "-o", str(one)]).exit_code == 2
