"""Hostile and odd files: each is read whole or refused with its cause, within limits, and no other file is the worse.

The limits are those of the reading process; that they end what is too slow or too large is tested where it is made.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from crmxl.reading.book import read_bytes
from crmxl.receiving import open_issued, receive
from tests import hostile
from tests.bench import PLAN

MEMORY = 512 * 2**10
"""KiB that the program may hold, as the system counts it."""


@pytest.fixture(scope="module")
def filled(issued: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Costa Rica's template with an answer."""
    path = tmp_path_factory.mktemp("filled") / "CRI.xlsx"
    book = openpyxl.load_workbook(issued / "CRI.xlsx")
    book["Plan"]["I7"].value = "Cumplida"
    for row in book["Instrucciones"].iter_rows():
        for cell in row:
            if cell.value == "Tipo de envío":
                book["Instrucciones"].cell(cell.row, cell.column + 1).value = "parcial"
    book.save(path)
    return path.read_bytes()


@pytest.fixture(scope="module")
def files(filled: bytes, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, set[str] | None]]:
    """Every file by its name, and the codes that may refuse it; None if its answers must be found."""
    folder = tmp_path_factory.mktemp("hostil")
    cases: dict[str, tuple[bytes, set[str] | None]] = {n: (d, None) for n, d in hostile.accepted(filled).items()}
    cases |= {**hostile.refused(filled), **hostile.odd()}
    found = {}
    for name, (data, codes) in cases.items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(data)
        found[name] = (path, codes)
    return found


def test_there_are_many(files: dict[str, object]) -> None:
    assert len(files) >= 60


def test_each_is_read_or_refused_with_its_cause(files: dict[str, tuple[Path, set[str] | None]], issued: Path) -> None:
    wrong = {}
    known = open_issued(issued)
    for name, (path, codes) in files.items():
        (read,) = receive([path], known, {})
        errors = {finding.code.name for finding in read.findings if finding.severity == "error"}
        if codes is None:
            answers = {r.key[0]: r.values.get("state") for r in read.records.get("plan", ())}
            if not read.accepted or errors or answers.get("1.1") != "done":
                wrong[name] = (read.accepted, sorted(errors), answers.get("1.1"))
        elif read.accepted or not errors & codes:
            wrong[name] = (read.accepted, sorted(errors), sorted(codes))
    assert wrong == {}


def test_one_run_over_all_of_them_merges_the_good_ones_within_limits(
    files: dict[str, tuple[Path, set[str] | None]], issued: Path, filled: bytes, tmp_path: Path
) -> None:
    pytest.importorskip("resource", reason="only POSIX systems tell how much memory a process held")
    (tmp_path / "MEX.xlsx").write_bytes((issued / "MEX.xlsx").read_bytes())
    folder = next(iter(files.values()))[0].parent
    command = "import resource, subprocess, sys\n"  # a process between: it tells of this command alone
    command += "done = subprocess.run([sys.executable, '-m', 'crmxl', *sys.argv[1:]])\n"
    command += (
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)\nsys.exit(done.returncode)"
    )
    arguments = ["merge", PLAN, "--submissions", folder, "--submissions", tmp_path / "MEX.xlsx", "--issued", issued]
    arguments += ["-o", tmp_path / "c.xlsx", "--as-of", "2010-03-01", "--format", "json"]
    done = subprocess.run(
        [sys.executable, "-c", command, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    taken = {item["country"] for item in told["received"] if item["accepted"]}
    assert taken == {"CRI", "MEX"}
    cells = told["cells"]
    assert cells.pop("read") == sum(cells.values())
    held = int(done.stderr.splitlines()[-1])
    assert held < MEMORY


def test_cut_anywhere_nothing_is_half_read(filled: bytes) -> None:
    for point in range(1, 65):
        book = read_bytes("x.xlsx", filled[: len(filled) * point // 65])
        assert not book.grids
        assert [finding.code.name for finding in book.findings] in (["F104"], ["F107"])


def test_flipped_bytes_never_change_an_answer(filled: bytes) -> None:
    """A zip knows the sum of each part: what is read is what was written."""
    whole = {grid.name: grid.cells for grid in read_bytes("x.xlsx", filled).grids}
    chance = random.Random(7)
    for _ in range(40):
        data = bytearray(filled)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        for grid in read_bytes("x.xlsx", bytes(data)).grids:
            assert whole.get(grid.name, grid.cells) == grid.cells
