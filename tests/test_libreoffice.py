"""What a user's program does with our workbooks: LibreOffice opens, recalculates and saves them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crmxl.cycle import MergeResult, consolidate, issue, open_canonical, publish
from crmxl.findings import letters
from crmxl.receiving import open_issued, receive, write_reviews
from tests.bench import AS_OF, CANONICAL, CYCLE, DEADLINE, EXAMPLES, PLAN, values

pytestmark = pytest.mark.libreoffice
Convert = Callable[[Path, str], Path]
Typing = Callable[[Path, Mapping[tuple[str, str], str]], Path]
XLSX = "xlsx:Calc MS Excel 2007 XML"


OUTPUTS = (
    *("consolidado", "consolidated", "circular", "circulating", "plantilla", "copia revisada"),
    *("registros", "registros que circulan", "plantilla de registros"),
)


@pytest.fixture(scope="module")
def outputs(
    example: MergeResult, issued: Path, registers: Path, soffice: Convert, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Path, Path]]:
    """Every kind of workbook that crmxl writes, in both languages, and what LibreOffice makes of each, once."""
    folder = tmp_path_factory.mktemp("outputs")
    received = receive([EXAMPLES / "HND.xlsx"], open_issued(issued), {})
    made = {
        "consolidado": example.path,
        "consolidated": consolidate(CANONICAL, [EXAMPLES], folder / "en.xlsx", AS_OF, issued=issued, lang="en").path,
        "circular": publish(example.path, folder / "circular.xlsx", AS_OF).path,
        "circulating": publish(example.path, folder / "circulating.xlsx", AS_OF, lang="en").path,
        "plantilla": issued / "CRI.xlsx",
        "registros": registers / "consolidado.xlsx",
        "registros que circulan": publish(registers / "consolidado.xlsx", folder / "registros.xlsx", AS_OF).path,
        "plantilla de registros": registers / "emitidos" / "MEX.xlsx",
        "copia revisada": write_reviews(received, folder / "devueltos", [EXAMPLES / "HND.xlsx"])[0].copy,
    }
    return {name: (path, soffice(path, XLSX)) for name, path in made.items()}


def test_the_consolidated_workbook_comes_back_with_the_same_data(outputs: dict[str, tuple[Path, Path]]) -> None:
    before, after = (open_canonical([path]) for path in outputs["consolidado"])
    for name in ("plan", "plan.answers", "decisions", "set_aside"):
        assert values(after, name) == values(before, name), name


def formulas(path: Path) -> dict[tuple[str, str], Any]:
    """The saved value of each cell that holds a formula."""
    book, shown = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): shown[sheet.title][cell.coordinate].value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def shown(path: Path, spots: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    """What some cells show."""
    book = openpyxl.load_workbook(path, data_only=True)
    return {(sheet, cell): book[sheet][cell].value for sheet, cell in spots}


@pytest.mark.parametrize("name", OUTPUTS)
def test_every_formula_is_worked_out_to_the_value_that_was_saved(
    name: str, outputs: dict[str, tuple[Path, Path]]
) -> None:
    ours, theirs = outputs[name]
    saved = formulas(ours)
    assert len(saved) > 50
    assert shown(theirs, saved) == pytest.approx(saved)


def test_a_wrong_value_would_be_noticed(example: MergeResult, soffice: Convert, tmp_path: Path) -> None:
    """The control of the test above: a value that no formula gives is put right by the recalculation."""
    path = tmp_path / "falso.xlsx"
    with zipfile.ZipFile(example.path) as ours, zipfile.ZipFile(path, "w") as false:
        for name in ours.namelist():
            data = ours.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = re.sub(rb"(</f><v>)26(</v>)", rb"\g<1>4711\g<2>", data)
            false.writestr(name, data)
    wrong = {spot: value for spot, value in formulas(path).items() if value == 4711}
    assert wrong
    assert set(shown(soffice(path, XLSX), wrong).values()) == {26}


@pytest.mark.parametrize("name", OUTPUTS)
def test_no_cell_is_an_error_after_recalculation(name: str, outputs: dict[str, tuple[Path, Path]]) -> None:
    for sheet in openpyxl.load_workbook(outputs[name][1], data_only=True).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert not str(cell.value).startswith("#"), (sheet.title, cell.coordinate)


def test_the_counts_follow_the_marks(example: MergeResult, soffice: Convert, tmp_path: Path) -> None:
    """Somebody edits a mark in the plan: the figures of the first page follow."""
    book = openpyxl.load_workbook(example.path)
    page: Any = book["Plan"]
    head = next(row for row in page.iter_rows() if any(cell.value == "Marca" for cell in row))
    column = next(cell.column for cell in head if cell.value == "Marca")
    page.cell(head[0].row + 1, column).value = "Cumplida"
    book.save(tmp_path / "c.xlsx")
    after = openpyxl.load_workbook(soffice(tmp_path / "c.xlsx", XLSX), data_only=True)["Resumen"]
    counts = {row[0].value: row[1].value for row in after.iter_rows()}
    assert [counts[name] for name in ("Continua", "Cumplida", "Total")] == [25, 1, 40]


def rules(path: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """The rule of each cell of a template that has one: what it checks, its list or limit, its messages."""
    found = {}
    for sheet in openpyxl.load_workbook(path).worksheets:
        for rule in sheet.data_validations.dataValidation:
            kind, listed = rule.type or "any", re.sub("[$']", "", str(rule.formula1))
            texts = (rule.promptTitle, rule.prompt, rule.errorTitle, rule.error)
            told = (kind, listed if rule.type else "", *(text or "" for text in texts))
            for row, column in (spot for area in rule.sqref.ranges for spot in area.cells):
                found[sheet.title, f"{letters(column - 1)}{row}"] = told
    return found


def test_a_template_keeps_its_rules_lists_and_protection(issued: Path, soffice: Convert) -> None:
    again = soffice(issued / "CRI.xlsx", XLSX)
    before, after = openpyxl.load_workbook(issued / "CRI.xlsx"), openpyxl.load_workbook(again)
    assert after.sheetnames == before.sheetnames
    assert after["_crmxl"].sheet_state == "hidden"
    assert all(after[name].protection.sheet for name in ("Plan", "Instrucciones"))
    assert not after["Plan"]["I7"].protection.locked
    assert after["Plan"]["A7"].protection.locked
    kept = rules(again)
    lost = {spot: (kept.get(spot), told) for spot, told in rules(issued / "CRI.xlsx").items() if kept.get(spot) != told}
    assert len(kept) > 1000
    assert lost == {}


def test_a_template_filled_in_libreoffice_itself_is_ready(issued: Path, type_in: Typing) -> None:
    """Typed through its scripting interface, worked out by it, read by crmxl without a word."""
    cells = {("Plan", f"I{row}"): "En proceso" for row in range(7, 47)}
    cells |= {("Matriz trata", f"H{row}"): "No" for row in range(7, 88)}
    cells |= {("Matriz tráfico", f"H{row}"): "Sin información" for row in range(7, 92)}
    first = openpyxl.load_workbook(issued / "CRI.xlsx")["Instrucciones"]
    (kind,) = (cell.row for row in first.iter_rows() for cell in row if cell.value == "Tipo de envío")
    almost = type_in(issued / "CRI.xlsx", cells)
    whole = type_in(almost, {("Instrucciones", f"C{kind}"): "completo"})
    told = [openpyxl.load_workbook(path, data_only=True)["Antes de enviar"]["A2"].value for path in (almost, whole)]
    assert told[0].startswith("FALTA: elija")
    assert told[1] == "LISTO"
    (read,) = receive([whole], open_issued(issued), {})
    assert [f.code.name for f in read.findings] == []
    assert len(read.records["plan"]) == 40


def test_antes_de_enviar_says_falta_and_then_listo(issued: Path, soffice: Convert, tmp_path: Path) -> None:
    """Filled in by another program, recalculated by LibreOffice."""
    path = tmp_path / "CRI.xlsx"

    def verdict(states: int, kind: str | None) -> str:
        book = openpyxl.load_workbook(issued / "CRI.xlsx")
        written = {
            "Plan": ("I", "Cumplida", states),
            "Matriz trata": ("H", "No", 81),
            "Matriz tráfico": ("H", "No", 85),
        }
        for name, (column, text, count) in written.items():
            for row in range(7, 7 + count):
                book[name][f"{column}{row}"].value = text
        sheet = book["Instrucciones"]
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "Tipo de envío" and kind:
                    sheet.cell(cell.row, cell.column + 1).value = kind
        book.save(path)
        return str(openpyxl.load_workbook(soffice(path, XLSX), data_only=True)["Antes de enviar"]["A2"].value)

    assert verdict(0, None).startswith("FALTA: elija")
    assert verdict(39, "completo").startswith("FALTA: hay celdas")
    assert verdict(40, "completo") == "LISTO"
    assert verdict(3, "parcial") == "LISTO (envío parcial; en blanco: 37)"
    assert verdict(0, "sin novedades") == "LISTO"


def test_a_template_saved_again_by_libreoffice_raises_no_alarm(issued: Path, soffice: Convert) -> None:
    saved = soffice(issued / "GTM.xlsx", XLSX)
    (read,) = receive([saved], open_issued(issued), {})
    assert [f.code.name for f in read.findings] == ["R103"]


def test_the_canonical_plan_survives(soffice: Convert) -> None:
    saved = soffice(PLAN, XLSX)
    assert values(open_canonical([saved]), "plan") == values(open_canonical([PLAN]), "plan")


def test_an_activity_without_a_section_is_counted_beside_the_sections(soffice: Convert, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(PLAN)
    page: Any = book["Plan"]
    head = next(row for row in page.iter_rows() if any(cell.value == "Sección" for cell in row))
    column = next(cell.column for cell in head if cell.value == "Sección")
    page.cell(head[0].row + 1, column).value = None
    book.save(tmp_path / "plan.xlsx")
    issue([tmp_path / "plan.xlsx"], CYCLE, DEADLINE, tmp_path / "emitidos", ["HND"])
    made = consolidate([tmp_path / "plan.xlsx"], [tmp_path / "emitidos"], tmp_path / "c.xlsx", AS_OF).path
    assert shown(soffice(made, XLSX), formulas(made)) == pytest.approx(formulas(made))
    rows = list(openpyxl.load_workbook(made, data_only=True)["Resumen"].iter_rows(values_only=True))
    head_row = next(row for row in rows if row[0] == "Marca")
    total = next(row for row in rows if row[0] == "Total")
    assert head_row[1:6] == ("Actividades", "A", "B", "C", "—")
    assert total[1:6] == (40, 11, 11, 17, 1)
    assert any("— sin sección" in str(row[0]) for row in rows)
