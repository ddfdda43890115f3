"""Everything that crmxl says, it says in Spanish and in English: no label is left untranslated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from crmxl.cli import cli
from crmxl.consolidation import merge
from crmxl.cycle import MergeResult, issue
from crmxl.kinds import KINDS
from crmxl.members import CODES
from crmxl.messages import Code
from crmxl.values import Choice, Country, Date
from crmxl.writing import write_consolidated
from tests.bench import AS_OF, CANONICAL, CYCLE, DEADLINE, ROOT

MODULES = sorted((ROOT / "crmxl").rglob("*.py"))
SPANISH = re.compile(r"[áéíóúñÁÉÍÓÚÑ¿¡«»]")
ALIKE = {
    "C", "V", "%", "n.d.", "n.a.", "s",
    "Plan", "Error", "ERROR", "error", "No", "SHA-256", "P", "N", "A", "D", "I", "R", "Rat.", "Total",
    "Costa Rica", "El Salvador", "Guatemala", "Honduras", "Nicaragua", "OpenDocument (.ods)",
    "Excel 97-2003 (.xls)", "—", "PPT", "Troika", "Argentina", "Colombia", "Ecuador", "Jamaica", "SICA", "UNFPA",
    "SEGIB", "UNICEF", "UNODC",
}  # fmt: skip
"""What is written alike in both languages."""
OF_THE_REGION = {"dates", "members.py", "parties.py", "references.py", "text.py"}
"""Modules and packages that hold the words of both languages to read them, not to say them."""


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node


def pairs() -> Iterator[tuple[str, str, str]]:
    """Every text of ours in Spanish and English, with the module where it stands."""
    for path in MODULES:
        for call in calls(ast.parse(path.read_text(encoding="utf-8"))):
            texts = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if call.func.id in ("B", "Bilingual") and len(texts) == 2:  # type: ignore[attr-defined]
                yield path.name, texts[0], texts[1]
    for code in Code:
        for text in (code.message.text, code.message.advice):
            yield code.name, text.es, text.en


def test_spanish_and_english_differ_and_neither_is_the_other() -> None:
    found = list(pairs())
    assert len(found) > 300
    for module, spanish, english in found:
        where = f"{module}: {spanish!r} / {english!r}"
        assert spanish != english or spanish in ALIKE, where
        assert not SPANISH.search(english.replace("“Sí”", "")), where
        assert "“" not in spanish, where
        assert set(re.findall(r"\{\w+\}", spanish)) == set(re.findall(r"\{\w+\}", english)), where


PAIRED = ("B", "Bilingual", "Option", "Column")
"""What takes texts in both languages, and other names by which they are understood."""


def spoken_elsewhere(path: Path) -> Iterator[str]:
    """Texts with Spanish letters that stand outside a pair: neither documentation, nor other names of a thing."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    paired = [call for call in calls(tree) if call.func.id in PAIRED]  # type: ignore[attr-defined]
    said = {id(node) for call in paired for node in ast.walk(call) if isinstance(node, ast.Constant)}
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in said | notes else None
        if isinstance(text, str) and SPANISH.search(text):
            yield text


@pytest.mark.parametrize(
    "path", [p for p in MODULES if not {p.name, p.parent.name} & OF_THE_REGION], ids=lambda p: p.stem
)
def test_no_text_is_said_outside_a_pair(path: Path) -> None:
    assert not list(spoken_elsewhere(path))


LABELS = {spanish for _, spanish, english in pairs() if spanish != english and "{" not in spanish}
VERBATIM = {"Decisions", "Provenance", "Set aside"}
"""Sheets that quote cells as countries and the Secretariat wrote them."""


def written_by_people(tables: Any) -> set[str]:
    """The texts of the plan, of the countries and of the sources: data, in the language in which they were written."""
    return {
        str(record.values[column.key])
        for kind in KINDS
        for table in kind.tables
        for record in tables.get(table.name, ())
        for column in table.columns
        if column.key in record.values and not isinstance(column.type, Choice | Country)
        if table.name not in ("provenance", "decisions", "set_aside")
    }


def texts(path: Path) -> Iterator[tuple[str, str, str]]:
    """Every text of a workbook with its sheet and cell, notes included."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    yield sheet.title, cell.coordinate, cell.value
                for line in cell.comment.text.split("\n") if cell.comment else ():
                    yield sheet.title, f"{cell.coordinate} note", line.split(":")[0]


def test_the_english_consolidated_workbook_holds_no_spanish_label(example: MergeResult, tmp_path: Path) -> None:
    result = example.consolidation
    submissions = [reception.submission for reception in result.receptions]
    again = merge(result.canonical, submissions, KINDS, "en")
    again = replace(again, tables={**again.tables, "evolution": result.tables["evolution"]})
    path = tmp_path / "consolidated.xlsx"
    path.write_bytes(write_consolidated(again, KINDS, example.items, AS_OF, "en"))
    quoted = {item.place.sheet for reception in again.receptions for item in reception.findings}
    quoted |= {item.place.sheet for item in again.findings}
    data = written_by_people(again.tables) | quoted
    cells = {r.text("value") for name in ("provenance", "set_aside") for r in again.tables[name]}
    cells |= {r.text(c) for r in again.tables["decisions"] for c in ("base", "other", *map(str.lower, CODES))}
    for sheet, cell, text in texts(path):
        assert text not in LABELS or text in data or (sheet in VERBATIM and text in cells), (sheet, cell, text)
    columns = {column.title.es for kind in KINDS for table in kind.tables for column in table.columns}
    columns -= {column.title.en for kind in KINDS for table in kind.tables for column in table.columns}
    register = [r.text(key) for name, key in (("provenance", "column"), ("set_aside", "label"), ("decisions", "column"))
                for r in again.tables[name]]  # fmt: skip
    assert register
    assert not set(register) & columns


def test_english_templates_hold_no_spanish_label(tmp_path: Path, example: MergeResult) -> None:
    data = written_by_people(example.consolidation.tables)
    for path in issue(CANONICAL, CYCLE, DEADLINE, tmp_path, ("BLZ", "CAN", "USA")):
        assert [found for found in texts(path) if found[2] in LABELS - data] == []
    spanish = issue(CANONICAL, CYCLE, DEADLINE, tmp_path, ("CRI",))[0]
    assert len({text for _, _, text in texts(spanish)} & LABELS) > 60  # the labels that the check looks for


def test_the_plan_says_in_english_that_its_text_is_spanish(tmp_path: Path) -> None:
    (path,) = issue(CANONICAL, CYCLE, DEADLINE, tmp_path, ("CAN",))
    book = openpyxl.load_workbook(path)
    assert "in Spanish" in str(book["Plan"]["A2"].value)
    assert book["Trafficking matrix"]["A2"].value is None


@pytest.mark.parametrize("name", ["", *sorted(cli.commands)])
def test_help_is_in_english_where_english_is_asked_for(name: str) -> None:
    said = CliRunner().invoke(cli, [*filter(None, [name]), "--lang", "en", "--help"], prog_name="crmxl").stdout
    assert not SPANISH.search(said)
    assert "Usage: " in said
    spanish = CliRunner().invoke(cli, [*filter(None, [name]), "--lang", "es", "--help"], prog_name="crmxl").stdout
    assert "Uso: " in spanish
    assert not {line.strip() for line in said.splitlines() if len(line) > 60} & {
        line.strip() for line in spanish.splitlines() if "crmxl " not in line
    }


def test_every_date_column_is_understood_in_both_languages() -> None:
    for text in (
        "enero de 2010",
        "January 2010",
        "8 de octubre de 2003",
        "8 October 2003",
        "por definir",
        "to be defined",
    ):
        assert Date().read(text) == text
