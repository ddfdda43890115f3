"""What a reader sees first: links that lead somewhere, figures that are right, what stands out in a template."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crmxl.cycle import MergeResult, consolidate
from crmxl.decisions import Target
from crmxl.evolution import last_cycle
from crmxl.marks import MARKS
from crmxl.registers import Change
from crmxl.writing import styles
from tests.bench import AS_OF, CANONICAL, EXAMPLES, written

_NAMES = re.compile(r"([A-Z][A-Z.]+)\(")
_LINK = re.compile(r"'?([^'!]+)'?!\$?([A-Z]+)\$?(\d+)")


@pytest.fixture(scope="session")
def english(issued: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example cycle, merged in English."""
    target = tmp_path_factory.mktemp("english") / "consolidated.xlsx"
    return consolidate(CANONICAL, [EXAMPLES], target, AS_OF, issued=issued, lang="en").path


def links(path: Path) -> list[tuple[str, str, str, Any]]:
    """Every link within a workbook: its sheet and text, where it leads, and what stands there."""
    book = openpyxl.load_workbook(path, data_only=True)
    found = []
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink and cell.hyperlink.location:
                    match = _LINK.fullmatch(cell.hyperlink.location)
                    assert match, cell.hyperlink.location
                    there = book[match[1]][f"{match[2]}{match[3]}"].value
                    found.append((sheet.title, str(cell.value), cell.hyperlink.location, there))
    return found


def test_every_link_leads_to_a_cell_that_says_something(example: MergeResult, english: Path) -> None:
    for path in (example.path, english):
        told = links(path)
        assert len(told) > 30
        assert [one for one in told if one[3] in (None, "")] == []


def test_the_sentences_of_the_first_page(example: MergeResult, english: Path) -> None:
    told = {}
    for path, name in ((example.path, "Resumen"), (english, "Summary")):
        rows = openpyxl.load_workbook(path)[name].iter_rows(max_col=1, values_only=True)
        told[name] = [text for (text,) in rows if isinstance(text, str) and text.startswith("•")]
    assert told["Resumen"] == [
        "• Falta el envío de Belice y Nicaragua.",
        "• Vencidas: 2.2 (hace 1 día).",
        "• Por definir: 5.1, 6.3, 6.5, 7.1, 8.1 y 9.2 (desde el ciclo 2009); 2 más.",
        "• Desde el ciclo 2009: vencida +1, en plazo −1.",
    ]
    assert told["Summary"] == [
        "• Missing returns: Belize and Nicaragua.",
        "• Overdue: 2.2 (1 day ago).",
        "• Undefined: 5.1, 6.3, 6.5, 7.1, 8.1 and 9.2 (since cycle 2009); 2 more.",
        "• Since cycle 2009: overdue +1, on time −1.",
    ]


def test_the_figures_of_the_first_page(example: MergeResult) -> None:
    page = openpyxl.load_workbook(example.path, data_only=True)["Resumen"]
    row = next(row for row in page.iter_rows() if row[0].value == "9 / 11")
    assert [cell.value for cell in row if cell.value is not None] == ["9 / 11", 1, 8, 7]
    lines: dict[Any, list[Any]] = {}
    for r in page.iter_rows():
        lines.setdefault(r[0].value, [cell.value for cell in r])
    assert lines["Marca"][:5] == ["Marca", "Actividades", "A", "B", "C"]
    assert lines["Por definir"][1:5] == [8, 1, 3, 4]
    assert lines["Costa Rica"][:6] == ["Costa Rica", "Recibido", 3, 3, 34, 0]
    assert lines["Belice"][1] == "No recibido"


def test_the_cycle_before_is_the_last_one_with_marks(example: MergeResult) -> None:
    rows = example.consolidation.tables["evolution"]
    name, marks = last_cycle(rows, "2010-1") or ("", {})
    assert (name, sum(marks.values())) == ("2009", 40)
    assert last_cycle((), "2010-1") is None


def test_what_is_to_be_defined_stands_out_in_a_template(issued: Path) -> None:
    page: Any = openpyxl.load_workbook(issued / "CRI.xlsx")["Plan"]
    head = next(row for row in page.iter_rows() if any(cell.value == "CALENDARIO" for cell in row))
    column = next(cell.column for cell in head if cell.value == "CALENDARIO")
    said = {cell.value: bool(cell.font.underline) for (cell,) in page.iter_rows(7, 46, column, column)}
    assert said["Por definir"]
    assert not said["Continuo"]
    assert {text for text, underlined in said.items() if underlined} == {
        text for text in said if text and re.search("definir|pendiente", text, re.IGNORECASE)
    }


def _light(colour: str) -> float:
    """Relative luminance, as WCAG 2.1 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(ink: str, ground: str) -> float:
    light, dark = sorted((_light(ink), _light(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _colour(colour: Any, default: str) -> str:
    return str(colour.rgb)[-6:] if colour is not None and colour.type == "rgb" else default


def test_every_text_can_be_read_on_its_ground(example: MergeResult, issued: Path) -> None:
    """WCAG 2.1, 1.4.3: 4.5 to 1 at least, in colour as in grey, which keeps the luminance."""
    pale = {}
    for path in (example.path, issued / "CRI.xlsx"):
        for sheet in openpyxl.load_workbook(path).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value is None:
                        continue
                    ground = _colour(cell.fill.fgColor, "FFFFFF") if cell.fill.fill_type == "solid" else "FFFFFF"
                    ratio = _contrast(_colour(cell.font.color, "000000"), ground)
                    if ratio < 4.5:
                        pale[sheet.title, _colour(cell.font.color, "000000"), ground] = (cell.coordinate, ratio)
    assert pale == {}


def test_no_colour_says_anything_alone(example: MergeResult) -> None:
    """Marks and answers are coloured; each such cell has its word or letter too."""
    book = openpyxl.load_workbook(example.path)
    grounds = {ground.removeprefix("#") for _, ground in (*styles._MARK_COLOURS.values(), *styles._TONES.values())}
    grounds -= {styles.PALE.removeprefix("#")}
    told = [
        cell
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fill_type == "solid" and _colour(cell.fill.fgColor, "") in grounds
    ]
    assert len(told) > 500
    assert [cell.coordinate for cell in told if not str(cell.value or "").strip()] == []


def test_the_marks_of_a_chart_differ_without_colour() -> None:
    fills = [str(styles.mark_fill(mark).get("pattern", {}).get("pattern", "")) for mark in MARKS]
    grey = [round(_light(styles.mark_colours(mark)[1].removeprefix("#")), 1) for mark in MARKS]
    looks = list(zip(fills, grey, strict=True))
    assert len(set(looks)) == len(looks)


EVERYWHERE = {"AND", "COUNTIF", "COUNTIFS", "IF", "LEN", "SUBTOTAL", "SUM", "SUMPRODUCT", "TRIM"}
"""Functions that Excel 2010, LibreOffice and Google Sheets name and work out alike."""


def test_formulas_use_what_every_spreadsheet_program_knows(example: MergeResult, issued: Path) -> None:
    used = set()
    for path in (example.path, issued / "CRI.xlsx"):
        for sheet in openpyxl.load_workbook(path).worksheets:
            for row in sheet.iter_rows():
                used |= {name for cell in row if cell.data_type == "f" for name in _NAMES.findall(str(cell.value))}
    assert used <= EVERYWHERE
    assert {"SUMPRODUCT", "SUBTOTAL", "COUNTIFS"} <= used


def test_before_sending_tells_by_section_and_leads_to_each_cell(issued: Path) -> None:
    sheet = openpyxl.load_workbook(issued / "CRI.xlsx")["Antes de enviar"]
    told = [(row[0].value, row[2].value) for row in sheet.iter_rows(min_row=6, max_row=8)]
    assert told == [
        ("Plan · Estado · A. Fortalecer el combate a los delitos de tráfico ilícito de migrantes y la…", 12),
        ("Plan · Estado · B. Intercambio de información", 11),
        ("Plan · Estado · C. Protección a víctimas de trata y personas afectadas", 17),
    ]
    first = next(row for row in sheet.iter_rows() if str(row[0].value).startswith("1.1 "))
    assert (first[1].value, first[2].value) == (
        '=IF(LEN(TRIM(\'Plan\'!I7))>0,"✓","Estado en blanco")',
        "Plan!I7",
    )
    assert first[2].hyperlink.location == "'Plan'!I7"


def test_a_board_names_who_changed_an_answer(example: MergeResult, tmp_path: Path) -> None:
    """An answer that is new is no change; one that was another is."""
    result = example.consolidation
    spots = [Target("trafficking.answers", "TIP-2.b", code, "answer") for code in ("MEX", "CRI")]
    changes = (Change(spots[0], "no", "yes"), Change(spots[1], None, "yes"))
    (tmp_path / "c.xlsx").write_bytes(written(replace(result, changes=changes)))
    sheet = openpyxl.load_workbook(tmp_path / "c.xlsx")["Cuadro trata"]
    head = next(row for row in sheet.iter_rows() if row[0].value == "Criterio")
    column = next(cell.column for cell in head if cell.value == "Quién la cambió")
    told = {row[0].value: row[column - 1].value for row in sheet.iter_rows(min_row=head[0].row + 1)}
    assert told["TIP-2.b"] == "MEX"
    assert {item for item, codes in told.items() if codes} == {"TIP-2.b"}
