from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from crmxl.canonical import Canonical
from crmxl.consolidation import merge
from crmxl.definition import Column, Kind, Owner, Record
from crmxl.findings import position
from crmxl.issued import Stamp, issue_id, read_issued
from crmxl.kinds import BY_KEY, KINDS
from crmxl.reading import read_book
from crmxl.submission import read_submission
from crmxl.tables import read_table
from crmxl.text import LANGS, B, Lang
from crmxl.values import Choice, Number, Text
from crmxl.writing import write_template
from tests.bench import ROOT, with_cells

COST = Column(
    "cost",
    B("Costo (USD)", "Cost (USD)"),
    Number(),
    Owner.COUNTRY,
    aliases=("Presupuesto", "Budget"),
    advice=B("Costo en dólares, sólo el número.", "Cost in US dollars, the number only."),
    width=12,
)


def test_a_column_is_added_by_one_declaration(tmp_path: Path) -> None:
    """CONTRIBUTING shows it: the column is in the template, is read, validated, merged and kept."""
    plan = BY_KEY["plan"]
    kind = Kind(
        key="plan",
        sheet=plan.sheet,
        answers=plan.answers,
        columns=(*plan.columns, COST),
        subject=plan.subject,
        number=plan.number,
        open_rows=2,
    )
    item = Record(("1.1",), {"id": "1.1", "activity": "Informar", "calendar": "Continuo"})
    path = tmp_path / "CRI.xlsx"
    identity = issue_id("2010-1", "2010-02-12", "CRI", {"plan": [item]})
    path.write_bytes(write_template([kind], {"plan": [item]}, Stamp(identity, "CRI", "2010-1", "2010-02-12")))
    issued_book = read_book(path)
    issued = read_issued([issued_book], [kind])
    layout = read_submission(issued_book, [kind], issued).layouts["plan"]
    spot = layout.address(("1.1",), "cost")
    assert spot is not None

    def send(written: object) -> object:
        return read_submission(with_cells(issued_book, "Plan", {position(spot): written}), [kind], issued)  # type: ignore[dict-item]

    wrong = send("mucho")
    assert [f.code.name for f in wrong.findings] == ["C104"]  # type: ignore[attr-defined]
    assert wrong.findings[0].place.cell == spot  # type: ignore[attr-defined]
    canonical = Canonical({"plan": (item,)}, {}, {})
    result = merge(canonical, [send(1200)], (kind, *KINDS[1:]))  # type: ignore[list-item]
    assert dict(result.tables["plan.answers"][0].values) == {"id": "1.1", "country": "CRI", "cost": 1200}


def test_contributing_shows_the_same_column() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for part in ('"cost"', 'B("Costo (USD)", "Cost (USD)")', "Number()", "Owner.COUNTRY"):
        assert part in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "no key"},
        {"title": B("x" * 33, "y")},
        {"advice": B("x" * 256, "y")},
        {"advice": None},
        {"computed": True},
    ],
)
def test_nonsense_is_refused_when_a_column_is_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        replace(COST, **wrong)  # type: ignore[arg-type]


def test_nonsense_is_refused_when_a_kind_is_made() -> None:
    number = Column("id", B("Nº", "No."), Text())
    with pytest.raises(ValueError, match="go together"):
        Kind("x", B("X", "X"), (number, COST))
    with pytest.raises(ValueError, match="twice"):
        Kind("x", B("X", "X"), (number, number))
    with pytest.raises(ValueError, match="are called"):
        Kind("x", B("X", "X"), (number, replace(number, key="other")))
    with pytest.raises(ValueError, match="sheet name"):
        Kind("x", B("a/b", "X"), (number,))


def test_names_of_sheets_do_not_clash() -> None:
    for lang in LANGS:
        names = [table.sheet[lang] for kind in KINDS for table in kind.tables]
        assert len(set(names)) == len(names)


HIDDEN = {("plan", "es"): {"activity_en"}, ("plan", "en"): {"activity_en"}}
"""What a blank template does not show beside the other wordings of its texts: a text that it does not have."""
TEMPLATES = [(kind.key, lang) for kind in KINDS if kind.returns and kind.fillable for lang in LANGS]


@pytest.mark.parametrize(("key", "lang"), TEMPLATES)
def test_the_blank_templates_are_those_of_their_kind(key: str, lang: Lang) -> None:
    kind = BY_KEY[key]
    path = ROOT / "templates" / f"{key}-{lang}.xlsx"
    grid = read_book(path).grid(kind.sheet[lang])
    assert grid is not None
    reading = read_table(grid, kind.template_table, read_book(path).source)
    assert not reading.findings
    heads = [grid.cells[reading.header, spot] for spot in sorted(reading.columns.values())]
    hidden = HIDDEN.get((key, lang), set())
    worded = {c.english_of if lang == "en" else c.key for c in kind.columns if c.english_of and kind.seed}
    shown = [c for c in kind.template_table.columns if c.key not in hidden | worded]
    assert heads == [column.title[lang] for column in shown]
    assert [r.key[0] for r in reading.records][: len(kind.seed)] == [row["id"] for row in kind.seed]


def test_a_kind_of_ten_columns_is_one_file_and_one_line(tmp_path: Path) -> None:
    """docs/registros.md shows it: to a copy of the package the file is added, and the line."""
    shutil.copytree(ROOT / "crmxl", tmp_path / "crmxl", ignore=shutil.ignore_patterns("__pycache__"))
    text = (ROOT / "docs" / "registros.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    kinds = tmp_path / "crmxl" / "kinds"
    (kinds / "visas.py").write_text(code, encoding="utf-8")
    listed = (kinds / "__init__.py").read_text(encoding="utf-8")
    more = "from crmxl.kinds.visas import VISAS\n\nKINDS: tuple[Kind, ...] = (\n    VISAS,\n"
    (kinds / "__init__.py").write_text(listed.replace("\nKINDS: tuple[Kind, ...] = (\n", more), encoding="utf-8")

    def run(*words: str) -> str:
        command = [sys.executable, "-m", "crmxl", *words]
        env = {**os.environ, "PYTHONPATH": str(tmp_path), "CRMXL_LANG": "es"}
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "visas" in run("template")
    run("template", "visas", "--canonical", "-o", "visas.xlsx")
    run("issue", "visas.xlsx", "--cycle", "2010-1", "--deadline", "2010-02-12", "-o", "emitidos")
    book = openpyxl.load_workbook(tmp_path / "emitidos" / "CRI.xlsx")
    sheet = book["Visas"]
    heads = {cell.value: cell.column for cell in sheet[6]}
    assert len([head for head in heads if head and not str(head).startswith("_")]) >= 10
    sheet.cell(7, heads["¿Lo pide?"]).value, sheet.cell(7, heads["Días de trámite"]).value = "Sí", 15
    labels = {str(cell.value): cell for row in book["Instrucciones"].iter_rows() for cell in row if cell.value}
    at = labels["Tipo de envío"]
    book["Instrucciones"].cell(at.row, at.column + 1).value = "parcial"
    (tmp_path / "recibidos").mkdir()
    book.save(tmp_path / "recibidos" / "CRI.xlsx")
    assert "0 errores" in run("validate", "recibidos")
    run("merge", "visas.xlsx", "--submissions", "recibidos", "-o", "consolidado.xlsx", "--as-of", "2010-03-01")
    done = openpyxl.load_workbook(tmp_path / "consolidado.xlsx")
    assert [row[2:4] for row in done["Requisitos"].iter_rows(values_only=True)][-1][0] == "Sí"
    assert any("S" in row for row in done["Cuadro de visas"].iter_rows(values_only=True))


SHAPES = Path(__file__).parent / "snapshots" / "kinds.txt"


def shape(kind: Kind) -> str:
    """What a change of which old workbooks would feel: its columns, their types and choices."""
    told = [f"{c.key} {type(c.type).__name__} {c.owner.name}{_choices(c)}" for c in kind.columns]
    return f"{kind.key} {kind.version}\n" + "".join(f"    {line}\n" for line in told)


def _choices(column: Column) -> str:
    options = column.type.options if isinstance(column.type, Choice) else ()
    return f": {' '.join(option.key for option in options)}" if options else ""


def test_no_kind_changes_without_a_new_version() -> None:
    """`CRMXL_SNAPSHOTS=write` writes the shapes anew: after the version of each that changed went up."""
    now = "".join(shape(kind) for kind in KINDS)
    if os.environ.get("CRMXL_SNAPSHOTS") == "write":
        SHAPES.write_text(now, encoding="utf-8")
    assert now == SHAPES.read_text(encoding="utf-8")


def test_each_version_tells_what_it_changed() -> None:
    with pytest.raises(ValueError, match="tells what it changed"):
        replace(BY_KEY["plan"], version=2)
    assert [(kind.key, list(kind.changes)) for kind in KINDS if kind.changes] == [("history", [2])]
