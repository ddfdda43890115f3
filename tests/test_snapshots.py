"""How our workbooks look, as text: each sheet with its cells, formats, rules, links and print set-up.

A change of look is a change of these files, to be read like any other. `CRMXL_SNAPSHOTS=write python -m pytest
tests/test_snapshots.py` writes them anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crmxl import cycle
from crmxl.cycle import MergeResult
from tests.bench import AS_OF

FOLDER = Path(__file__).parent / "snapshots"
WRITING = os.environ.get("CRMXL_SNAPSHOTS") == "write"
ROWS, FIRST_PAGE = 14, 80
"""Rows of a sheet that are shown, the others look like them; and of the first one, which is a page of its own."""
TEXT = 60
"""Characters of a cell that are shown."""


def look(cell: Any) -> str:
    """The format of a cell in a few words; nothing for the usual one."""
    font, told = cell.font, []
    told += [name for name in ("bold", "italic", "underline") if getattr(font, name) and name != "underline"]
    told += ["underlined"] if font.underline else []
    told += [f"{font.size:g} pt"] if font.size not in (10, 11) else []
    told += [f"ink {font.color.rgb[2:]}"] if font.color is not None and isinstance(font.color.rgb, str) else []
    told += [f"ground {cell.fill.fgColor.rgb[2:]}"] if cell.fill.fill_type == "solid" else []
    told += [cell.number_format] if cell.number_format not in ("General", "@") else []
    told += ["open"] if not cell.protection.locked else []
    return ", ".join(told)


def cells(sheet: Any, rows: int) -> Iterator[str]:
    """The cells of the first rows that say something or look like something."""
    for row in sheet.iter_rows(max_row=rows):
        for cell in row:
            if type(cell).__name__ == "MergedCell" or (cell.value is None and not look(cell)):
                continue
            text = "" if cell.value is None else str(cell.value).replace("\n", " ⏎ ")
            text = f"{text[:TEXT]}…" if len(text) > TEXT else text
            leads = f" → {cell.hyperlink.location}" if cell.hyperlink and cell.hyperlink.location else ""
            note = " (note)" if cell.comment else ""
            yield f"{cell.coordinate} «{text}»{leads}{note}" + (f" [{look(cell)}]" if look(cell) else "")


def about(sheet: Any) -> Iterator[str]:
    """What is true of a whole sheet: its state, panes, widths, rules, protection, print set-up."""
    widths = {name: f"{d.width:g}{' hidden' if d.hidden else ''}" for name, d in sheet.column_dimensions.items()}
    yield f"sheet {sheet.title}: {sheet.sheet_state}, {sheet.max_row} × {sheet.max_column}"
    yield f"frozen {sheet.freeze_panes or 'nowhere'}; filter {sheet.auto_filter.ref or 'none'}"
    yield "protected" if sheet.protection.sheet else "not protected"
    yield "widths " + ", ".join(f"{name} {width}" for name, width in widths.items())
    page = sheet.page_setup
    repeated = sheet.print_title_rows or "none"
    foot = sheet.oddFooter.left.text or ""
    yield f"print {page.orientation}, {page.fitToWidth or 1} wide, repeats {repeated}, foot {foot}"
    for merged in sorted(map(str, sheet.merged_cells.ranges)):
        yield f"merged {merged}"
    for rule in sheet.data_validations.dataValidation:
        told = filter(None, (rule.type, rule.formula1, rule.errorTitle, rule.error))
        yield f"rule {rule.sqref}: {' | '.join(told)}"
    for ranges in sheet.conditional_formatting:
        yield f"conditional {ranges.sqref}: {', '.join(rule.type for rule in ranges.rules)}"
    for chart in sheet._charts:
        yield f"chart {type(chart).__name__} with {len(chart.series)} series"


def drawn(path: Path) -> str:
    """A workbook as text."""
    book = openpyxl.load_workbook(path)
    rows = [FIRST_PAGE, *(ROWS for _ in book.worksheets[1:])]
    parts = ["\n".join((*about(s), *cells(s, n))) for s, n in zip(book.worksheets, rows, strict=True)]
    return "\n\n".join(parts) + "\n"


NAMES = ["plantilla-CRI", "template-USA", "consolidado", "circular", "registros", "registros-CRI"]


@pytest.mark.parametrize("name", NAMES)
def test_it_looks_as_it_did(name: str, issued: Path, example: MergeResult, registers: Path, tmp_path: Path) -> None:
    if name.startswith("registros"):
        path = registers / ("consolidado.xlsx" if name == "registros" else "emitidos/CRI.xlsx")
    elif name == "circular":
        path = cycle.publish(example.path, tmp_path / "c.xlsx", AS_OF).path
    else:
        path = example.path if name == "consolidado" else issued / f"{name[-3:]}.xlsx"
    text = drawn(path)
    kept = FOLDER / f"{name}.txt"
    if WRITING:
        FOLDER.mkdir(exist_ok=True)
        kept.write_text(text, encoding="utf-8")
    assert text.splitlines() == kept.read_text(encoding="utf-8").splitlines()
