"""What does not fit into one sheet goes on elsewhere, is said, and is read back as one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crmxl import limits
from crmxl.consolidation import Consolidation
from crmxl.findings import Finding
from crmxl.reading import read_book
from tests.bench import Bench, reopened, values, written


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    from tests.bench import PLAN

    return Bench.make(PLAN, tmp_path_factory.mktemp("limits"))


def told(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{f.code.name} {f.message('es')}" for f in findings if f.code.name in ("M121", "M122")]


def test_a_table_goes_on_in_further_sheets_and_is_read_as_one(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [f"{n}.1" for n in range(1, 14)]
    books = [bench.fill(code, {(n, "state"): "Cumplida" for n in numbers}, type="parcial") for code in ("CRI", "MEX")]
    whole = bench.merge(*books)
    monkeypatch.setattr(limits, "ROWS", limits.HEAD + 20)
    split = bench.merge(*books)
    (tmp_path / "x.xlsx").write_bytes(written(split))
    names = openpyxl.load_workbook(tmp_path / "x.xlsx").sheetnames
    assert {"Avance", "Avance +2", "Plan", "Plan +2"} <= set(names)
    again = reopened(split, tmp_path)
    for table in ("plan", "plan.answers", "provenance", "meetings"):
        assert values(again, table) == values(whole, table), table
    goes_on = (
        "M121 La tabla «Avance» tiene 26 filas y en una hoja se ponen hasta 20: sigue en otras, hasta «Avance +2»."
    )
    assert goes_on in told(split.findings)
    assert told(whole.findings) == []


def test_links_beyond_what_excel_follows_are_texts(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [f"{n}.1" for n in range(1, 6)]
    cells = {(n, "evidence"): f"https://example.org/{n}" for n in numbers}
    monkeypatch.setattr(limits, "LINKS", 3)
    result = bench.merge(bench.fill("CRI", cells, type="parcial"))
    (tmp_path / "x.xlsx").write_bytes(written(result))
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")["Avance"]
    linked = [cell.value for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert linked == [f"https://example.org/{n}" for n in numbers[:3]]
    shown = {str(raw) for grid in read_book(tmp_path / "x.xlsx").grids for raw in grid.cells.values()}
    assert set(cells.values()) <= shown
    assert told(result.findings) == [
        "M122 La hoja «Avance» tiene 5 direcciones de Internet, y Excel sigue hasta 3 en una hoja; las demás están ahí "
        "como texto."
    ]


def test_names_of_further_sheets_fit() -> None:
    assert limits.continued("Avance", 1) == "Avance"
    assert limits.continued("Respuestas tráfico", 12) == "Respuestas tráfico +12"
    assert len(limits.continued("x" * 31, 123)) == 31


def test_a_view_says_what_it_has_no_room_for(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [f"{n}.1" for n in range(1, 14)]
    result = bench.merge(bench.fill("CRI", {(n, "state"): "Cumplida" for n in numbers}, type="parcial"))
    monkeypatch.setattr(limits, "ROWS", 10)
    monkeypatch.setattr(limits, "HEAD", 0)
    book = xlsx_of(result, tmp_path)
    shown = [str(row[0]) for row in book["Cambios"].iter_rows(values_only=True) if row[0]]
    assert shown[-1].startswith("… y ")
    assert shown[-1].endswith(" filas más, que no caben en la hoja")


def xlsx_of(result: Consolidation, folder: Path) -> Any:
    from crmxl.kinds import DATA
    from crmxl.writing import write_difference

    path = folder / "cambios.xlsx"
    path.write_bytes(write_difference(result.changes, DATA))
    return openpyxl.load_workbook(path)
