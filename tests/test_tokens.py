"""Every text of a filled template is found in the consolidated workbook: a unique token in every cell that is open, in
notes, in rows, columns and sheets of one's own, as Excel would save it and as LibreOffice does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crmxl.cycle import consolidate
from crmxl.reading import read_book
from tests.bench import AS_OF, CANONICAL

TABLES = ("Plan", "Matriz trata", "Matriz tráfico")


@pytest.fixture(scope="module")
def filled(issued: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """Costa Rica's template full of tokens, and the tokens."""
    book = openpyxl.load_workbook(issued / "CRI.xlsx")
    tokens: set[str] = set()

    def token(*parts: object) -> str:
        tokens.add("·".join(map(str, ("dicho", *parts))))
        return "·".join(map(str, ("dicho", *parts)))

    for name in TABLES:
        sheet: Any = book[name]
        last, beside = sheet.max_row, sheet.max_column + 2
        for row in sheet.iter_rows(min_row=7, max_row=last):
            for cell in row:
                if not cell.protection.locked:
                    cell.value = token(name, cell.coordinate)
        for row in (7, last // 2):
            sheet.cell(row, 9).comment = openpyxl.comments.Comment(token(name, "nota", row), "Ana")
        sheet.cell(6, beside).value = "Columna propia"
        for row in (8, 9):
            sheet.cell(row, beside).value = token(name, "columna", row)
        sheet.cell(last + 2, 5).value = token(name, "fila")
        sheet.cell(2, 5).value = token(name, "al margen")
    book.create_sheet("Anexo")["B3"] = token("hoja")
    book["Instrucciones"]["B40"] = token("instrucciones")
    path = tmp_path_factory.mktemp("lleno") / "CRI.xlsx"
    book.save(path)
    return path, tokens


def lost(path: Path, tokens: set[str], issued: Path, folder: Path) -> set[str]:
    """The tokens that are not in the consolidated workbook."""
    result = consolidate(CANONICAL, [path], folder / "consolidado.xlsx", AS_OF, issued=issued)
    counts = dict(result.consolidation.counts)
    assert counts.pop("read") == sum(counts.values())
    texts = "\n".join(str(raw) for grid in read_book(result.path).grids for raw in grid.cells.values())
    return {token for token in tokens if token not in texts}


def test_every_token_arrives(filled: tuple[Path, set[str]], issued: Path, tmp_path: Path) -> None:
    path, tokens = filled
    assert len(tokens) > 2_000
    assert lost(path, tokens, issued, tmp_path) == set()


@pytest.mark.slow
@pytest.mark.parametrize("to", ["xlsx", "ods"])
def test_every_token_arrives_after_libreoffice_saved_the_file(
    to: str, filled: tuple[Path, set[str]], issued: Path, tmp_path: Path, soffice: Callable[[Path, str], Path]
) -> None:
    path, tokens = filled
    assert lost(soffice(path, to), tokens, issued, tmp_path) == set()
