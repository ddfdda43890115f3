"""What a user's program does with our workbooks: LibreOffice opens, recalculates and saves them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from crmxl.cycle import MergeResult, open_canonical
from crmxl.receiving import open_issued, receive
from tests.bench import PLAN, values

pytestmark = pytest.mark.libreoffice
Convert = Callable[[Path, str], Path]
XLSX = "xlsx:Calc MS Excel 2007 XML"


def test_the_consolidated_workbook_comes_back_with_the_same_data(example: MergeResult, soffice: Convert) -> None:
    saved = soffice(example.path, XLSX)
    before, after = open_canonical([example.path]), open_canonical([saved])
    for name in ("plan", "plan.answers", "decisions", "set_aside"):
        assert values(after, name) == values(before, name), name


def test_no_cell_of_the_consolidated_workbook_is_an_error_after_recalculation(
    example: MergeResult, soffice: Convert
) -> None:
    saved = openpyxl.load_workbook(soffice(example.path, XLSX), data_only=True)
    ours = openpyxl.load_workbook(example.path, data_only=True)
    for sheet in ours.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                there = saved[sheet.title].cell(cell.row, cell.column).value
                assert not str(there).startswith("#"), (sheet.title, cell.coordinate)
    assert [r[1].value for r in saved["Resumen"]["A6:B13"]] == [1, 0, 1, 26, 8, 4, 0, 0]


def test_a_template_keeps_its_rules_lists_and_protection(issued: Path, soffice: Convert) -> None:
    before = openpyxl.load_workbook(issued / "CRI.xlsx")
    after = openpyxl.load_workbook(soffice(issued / "CRI.xlsx", XLSX))
    assert after.sheetnames == before.sheetnames
    assert after["_crmxl"].sheet_state == "hidden"
    for name in ("Plan", "Instrucciones"):
        assert after[name].protection.sheet
        lists = [
            {v.formula1 for v in b[name].data_validations.dataValidation if v.type == "list"} for b in (before, after)
        ]
        assert {str(f).replace("$", "").replace("'", "") for f in lists[0]} == {
            str(f).replace("$", "").replace("'", "") for f in lists[1]
        }
    assert not after["Plan"]["I7"].protection.locked
    assert after["Plan"]["A7"].protection.locked


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
    assert verdict(3, "parcial") == "LISTO"


def test_a_template_saved_again_by_libreoffice_raises_no_alarm(issued: Path, soffice: Convert) -> None:
    saved = soffice(issued / "GTM.xlsx", XLSX)
    (read,) = receive([saved], open_issued(issued), {})
    assert [f.code.name for f in read.findings] == ["R103"]


def test_the_canonical_plan_survives(soffice: Convert) -> None:
    saved = soffice(PLAN, XLSX)
    assert values(open_canonical([saved]), "plan") == values(open_canonical([PLAN]), "plan")
