"""What is wrong in a cell, and what only looks so: `cases/celdas.csv` has a line a case, the second of each pair clean.

A finding that should not be there costs a country an afternoon and the Secretariat its trust: each code is held
against the nearest thing that is right.
"""

from __future__ import annotations

import csv

import pytest

from tests.bench import CANONICAL, ROOT, Bench

LINES = list(csv.DictReader((ROOT / "tests" / "cases" / "celdas.csv").read_text(encoding="utf-8").splitlines()))
BESIDE = {"trafficking": {"answer": "Sí", "norm": "Ley 1", "source": "Gaceta", "consulted": "2 de mayo de 2010"}}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """The templates of the plan and of both matrices."""
    return Bench.make(CANONICAL, tmp_path_factory.mktemp("emitidos"))


def codes(whole: Bench, line: dict[str, str], text: str) -> set[str]:
    beside = {(line["row"], column): value for column, value in BESIDE.get(line["kind"], {}).items()}
    return set(whole.codes(whole.fill("CRI", {**beside, (line["row"], line["column"]): text}, type="parcial")))


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line['code']} {line['wrong'][:30]}")
def test_what_is_wrong_is_found_and_what_is_like_it_is_not(whole: Bench, line: dict[str, str]) -> None:
    assert line["code"] in codes(whole, line, line["wrong"])
    assert line["code"] not in codes(whole, line, line["right"])
