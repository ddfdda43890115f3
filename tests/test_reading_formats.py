"""One return in three formats, as LibreOffice saves it: the same answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation

from crmxl.cycle import open_canonical
from crmxl.reading import Book, read_book
from crmxl.receiving import open_issued, receive
from crmxl.values import Raw
from tests.bench import PLAN, values

pytestmark = pytest.mark.libreoffice
Convert = Callable[[Path, str], Path]
FORMATS = ("xlsx:Calc MS Excel 2007 XML", "ods", "xls")


def comparable(raw: Raw) -> Any:
    """A number by its value, a midnight as its day."""
    return raw.date() if isinstance(raw, dt.datetime) and raw.time() == dt.time() else raw


def cells(book: Book, name: str) -> dict[Any, Any]:
    grid = book.grid(name)
    assert grid is not None
    return {spot: comparable(raw) for spot, raw in grid.cells.items()}


@pytest.fixture(scope="module")
def filled(issued: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Costa Rica's template, filled in by another program with what cells may hold."""
    path = tmp_path_factory.mktemp("filled") / "CRI.xlsx"
    book = openpyxl.load_workbook(issued / "CRI.xlsx")
    sheet: Any = book["Plan"]
    written = ["Cumplida", "En proceso", "  dos  espacios ", "b\nc\n\nd", dt.date(2010, 2, 1), 5, 0.25]
    written += ["¿año? «ñ» — €", '="Pen"&"diente"', '=""', "6.10", dt.datetime(2010, 2, 1, 10, 30), dt.time(8, 5)]
    written += ["a\tb\t"]  # in a text of several lines LibreOffice itself loses the tab, when it saves as .ods
    for row, value in enumerate(written, 6):
        sheet.cell(row, 9).value = value
        if str(value).startswith("="):  # as .xls LibreOffice saves 0 for a formula whose cell is formatted as text
            sheet.cell(row, 9).number_format = "General"
    sheet["I6"].comment = Comment("revisar\nesto", "CRI")
    for row in book["Instrucciones"].iter_rows():
        for cell in row:
            if cell.value == "Tipo de envío":
                book["Instrucciones"].cell(cell.row, cell.column + 1).value = "parcial"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def saved(filled: Path, soffice: Convert) -> list[Path]:
    return [soffice(filled, to) for to in FORMATS]


@pytest.mark.parametrize("name", ["Plan", "Instrucciones", "_crmxl"])
def test_the_same_cells(name: str, saved: list[Path]) -> None:
    books = [read_book(path) for path in saved]
    assert [book.findings for book in books] == [()] * 3
    first = cells(books[0], name)
    assert len(first) > 4
    for book in books[1:]:
        assert cells(book, name) == first
    for book in books:
        grid = book.grid(name)
        assert grid is not None
        assert (grid.hidden, grid.errors, grid.unsaved) == (name == "_crmxl", frozenset(), {})
        assert [note.text for note in grid.comments.values()] == (["revisar\nesto"] if name == "Plan" else [])


def test_the_program_that_wrote_it(saved: list[Path]) -> None:
    programs = [read_book(path).program for path in saved]
    assert [(program or "")[:11] for program in programs] == ["LibreOffice", "LibreOffice", ""]


def test_the_same_answers_and_no_false_alarm(saved: list[Path], issued: Path) -> None:
    found = []
    for path in saved:
        (submission,) = receive([path], open_issued(issued), {})
        found.append([(f.code.name, f.place.sheet, f.place.cell, f.found) for f in submission.findings])
    assert found[1:] == found[:1] * 2


@pytest.mark.parametrize("to", FORMATS[1:])
def test_an_untouched_template_raises_no_alarm(to: str, issued: Path, soffice: Convert) -> None:
    (read,) = receive([soffice(issued / "GTM.xlsx", to)], open_issued(issued), {})
    assert [f.code.name for f in read.findings] == ["R103"]


@pytest.mark.parametrize("to", FORMATS[1:])
def test_the_canonical_plan_survives(to: str, soffice: Convert) -> None:
    saved = soffice(PLAN, to)
    assert values(open_canonical([saved]), "plan") == values(open_canonical([PLAN]), "plan")


@pytest.mark.parametrize("to", FORMATS)
def test_errors_and_days_counted_from_1904(to: str, soffice: Convert, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904  # type: ignore[attr-defined]
    sheet: Any = book.active
    sheet["A1"], sheet["A2"], sheet["B2"], sheet["B3"] = dt.date(2010, 2, 1), "=1/0", "=NA()", "#REF!"
    sheet["B3"].data_type = "e"
    book.save(tmp_path / "x.xlsx")
    grid = read_book(soffice(tmp_path / "x.xlsx", to)).grids[0]
    assert {spot: comparable(raw) for spot, raw in grid.cells.items()} == {
        (0, 0): dt.date(2010, 2, 1),
        (1, 0): "#DIV/0!",
        (1, 1): "#N/A",
        (2, 1): "#REF!",
    }
    assert grid.errors == {(1, 0), (1, 1), (2, 1)}


@pytest.mark.parametrize("to", FORMATS)
def test_what_is_struck_out_and_where_a_list_is_offered(to: str, soffice: Convert, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    part = CellRichText("una ", TextBlock(InlineFont(strike=True), "parte"))
    sheet["A1"], sheet["A2"], sheet["A3"] = "entero", part, "no"
    sheet["A1"].font = Font(strike=True)
    sheet["B1"], sheet["B2"] = "Sí", "No"
    book.create_sheet("Listas")["A1"] = "Sí"
    for formula, cells in (("Listas!$A$1:$A$2", "B1"), ('"Sí,No"', "C1:C4")):
        rule = DataValidation(type="list", formula1=formula)
        rule.add(cells)
        sheet.add_data_validation(rule)
    book.save(tmp_path / "x.xlsx")
    grid = read_book(soffice(tmp_path / "x.xlsx", to)).grids[0]
    assert grid.struck == {(0, 0), (1, 0)}
    areas = None if grid.lists is None else [first for first, _ in grid.lists]
    assert areas == {"xls": None, "ods": [(0, 1)], "xlsx": [(0, 1), (0, 2)]}[to.partition(":")[0]]


@pytest.mark.parametrize("to", FORMATS)
def test_a_date_that_shows_no_day_is_the_month_or_the_year_that_it_shows(
    to: str, soffice: Convert, tmp_path: Path
) -> None:
    shown = {"mmm-yy": "2010-02", "mmmm yyyy": "2010-02", "mm/yy": "2010-02", "yyyy": "2010", "dd/mm/yyyy": None}
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row, code in enumerate(shown, start=1):
        sheet.cell(row, 1, dt.date(2010, 2, 1)).number_format = code
    book.save(tmp_path / "x.xlsx")
    grid = read_book(soffice(tmp_path / "x.xlsx", to)).grids[0]
    told = [comparable(raw) for _, raw in sorted(grid.cells.items())]
    assert told == [text or dt.date(2010, 2, 1) for text in shown.values()]


@pytest.mark.parametrize("to", FORMATS[:2])
def test_the_names_that_crmxl_gave_survive(to: str, issued: Path, soffice: Convert) -> None:
    assert read_book(soffice(issued / "CRI.xlsx", to)).names == {
        "crmxl_plan": "Plan",
        "crmxl_trafficking": "Matriz trata",
        "crmxl_smuggling": "Matriz tráfico",
        "crmxl_meetings": "Reuniones",
    }
