"""The house: budgets, who may import what, and what the project never says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench import ROOT

MODULES = sorted((ROOT / "crmxl").rglob("*.py"))
SCRIPTS = sorted((ROOT / "workbooks" / "fuentes").glob("*.py"))
ONLY = {
    "openpyxl": "reading/",
    "python_calamine": "reading/",
    "xlrd": "reading/",
    "xlsxwriter": "writing/",
    "pandas": ("frames.py", "api.py"),
    "click": ("cli/", "options.py"),
    "rich": "cli/",
}
"""The only importer of each library; `api.py` names pandas for its types."""


def name(path: Path) -> str:
    return path.relative_to(ROOT / "crmxl").as_posix()


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("path", [*MODULES, *SCRIPTS], ids=lambda p: p.stem)
def test_budgets(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 500
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, node.name


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
def test_each_library_has_one_importer(path: Path) -> None:
    for library in set(imports(path)) & set(ONLY):
        assert name(path).startswith(ONLY[library]), f"{name(path)} imports {library}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
def test_only_the_command_line_prints_exits_or_reads_the_clock(path: Path) -> None:
    if name(path).startswith("cli/"):
        return
    called = {
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    }
    for call in called:
        assert call not in ("print", "exit", "sys.exit", "time.time")
        assert not call.endswith((".today", ".now", ".utcnow"))


def test_engines_do_not_import_kinds() -> None:
    engines = ("reading", "tables", "submission", "validation", "decisions", "merging", "status", "writing", "frames")
    for path in MODULES:
        if name(path).split("/")[0].removesuffix(".py") in engines:
            assert "crmxl.kinds" not in path.read_text(encoding="utf-8"), name(path)
