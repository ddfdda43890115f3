"""A return is the same return whatever the format in which a country's program saves it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crmxl.cli import cli
from tests.bench import CANONICAL, EXAMPLES

pytestmark = pytest.mark.libreoffice
Convert = Callable[[Path, str], Path]
FILTERS = {"ods": "ods", "xls": "xls:MS Excel 97", "xlsm": "xlsm:Calc MS Excel 2007 VBA XML"}
OWN = ("file", "sha256", "program", "files", "consolidated")
"""What is the file's own, and not what it says."""


def crm(*arguments: object) -> Any:
    result = CliRunner().invoke(cli, [*map(str, arguments), "--format", "json"], prog_name="crmxl")
    return without_own(json.loads(result.stdout))


def without_own(thing: Any) -> Any:
    if isinstance(thing, dict):
        return {key: without_own(value) for key, value in thing.items() if key not in OWN}
    return [without_own(value) for value in thing] if isinstance(thing, list) else thing


@pytest.mark.parametrize(
    "name",
    [
        "HND.xlsx",
        pytest.param("Plan de Trabajo CRI FINAL (2).xlsx", marks=pytest.mark.slow),
        pytest.param("USA return.xlsx", marks=pytest.mark.slow),
    ],
)
def test_every_format_says_the_same(name: str, issued: Path, soffice: Convert, tmp_path: Path) -> None:
    """With faults; complete and without a fault, in Spanish; in English."""
    path = tmp_path / f"return{Path(name).suffix}"
    shutil.copyfile(EXAMPLES / name, path)
    arguments = ("--issued", issued, "--as-of", "2010-03-01")
    checked = crm("validate", path, *arguments)
    assert checked[0]["accepted"]
    merged = crm("merge", *CANONICAL, "--submissions", path, *arguments, "-o", tmp_path / "a.xlsx")
    assert merged["cells"]["merged"] > 10
    for suffix, kind in FILTERS.items():
        saved = soffice(path, kind)
        assert saved.suffix == f".{suffix}"
        assert crm("validate", saved, *arguments) == checked, suffix
        target = tmp_path / f"{suffix}.xlsx"
        assert crm("merge", *CANONICAL, "--submissions", saved, *arguments, "-o", target) == merged, suffix
