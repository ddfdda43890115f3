"""The command: `python -m tests.benchmarks [CASE …] [--runs N] [--folder DIR]`."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from math import log
from pathlib import Path
from statistics import linear_regression, median

from python_calamine import CalamineWorkbook

from tests.benchmarks.cases import AS_OF, CASES, Case, Made, make
from tests.benchmarks.measure import Program, Run, in_turn, ratio

ROOT = Path(__file__).resolve().parents[2]
RIVALS = (sys.executable, "-m", "tests.benchmarks.rivals")
BRIEF = ("real", "200x200", "100x60", "100x240", "200x60", "500x60", "1000x60", "largo", "ancho")
"""The cases that are measured if none is named."""
BY_FILES, BY_ROWS = ("100x60", "200x60", "500x60", "1000x60", "10000x60"), ("100x60", "100x240")
"""The cases that differ in the number of files only, and in the number of rows only."""
SCRIPTED = 500
"""The script does not run on more files than these: it would take minutes, and nobody learns more from it."""


def programs(case: Case, made: Made, folder: Path) -> dict[str, Program]:
    """What is measured on a case, by name."""
    target = folder / f"{case.name}.xlsx"
    command = [sys.executable, "-m", "tests.benchmarks.states", str(case.states), "merge", *map(str, made.canonical)]
    command += ["--submissions", str(made.received), "--issued", str(made.issued), "-o", str(target)]
    ours = Program([*command, "--as-of", AS_OF.isoformat()], ROOT, frozenset((0, 1)), (target,))
    subprocess.run(ours.command, cwd=ROOT, check=False, capture_output=True)
    cells = _cells(target)
    print(f"{case.name}: {case.files} files, {cells:,} cells in the consolidated workbook", file=sys.stderr)
    found = {"crmxl": ours}
    if case.files <= SCRIPTED:
        found["script"] = Program([*RIVALS, "script", str(made.received), str(folder / "script.xlsx")], ROOT)
    found["floor"] = Program([*RIVALS, "floor", str(made.received), str(folder / "floor.xlsx"), str(cells)], ROOT)
    return found


def _cells(path: Path) -> int:
    """How many cells of a workbook hold something."""
    book = CalamineWorkbook.from_path(path)
    sheets = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    return sum(value != "" for rows in sheets for row in rows for value in row)


def told(case: Case, found: dict[str, list[Run]]) -> str:
    """A line of the table."""
    ours = found["crmxl"]
    cells = [case.name, str(case.files)]
    cells += [f"{median(run.wall for run in found[name]):.2f}" if name in found else "—" for name in _PROGRAMS]
    cells += [f"{ratio(ours, found[name]):.2f}" if name in found else "—" for name in ("script", "floor")]
    cells += [f"{median(run.cpu for run in ours):.2f}", f"{max(run.memory for run in ours) / 2**20:.0f}"]
    cells += [f"{1000 * median(run.wall for run in ours) / case.files:.1f}"]
    return f"| {' | '.join(cells)} |"


_PROGRAMS = ("crmxl", "script", "floor")
HEAD = """| case | files | crmxl s | script s | floor s | ÷ script | ÷ floor | crmxl cpu s | crmxl MiB | ms a file |
|---|---|---|---|---|---|---|---|---|---|"""


def growth(found: dict[str, list[Run]]) -> str:
    """By which power time and memory grow with the files and with the rows: 1 is in proportion."""
    sizes = {case.name: (case.files, case.rows) for case in CASES}
    lines = []
    for names, place, what in ((BY_FILES, 0, "files"), (BY_ROWS, 1, "rows")):
        there = [name for name in names if name in found]
        if len(there) < 2:
            continue
        across = [log(sizes[name][place]) for name in there]
        time, memory = (
            linear_regression(across, [log(median(of(run) for run in found[name])) for name in there]).slope
            for of in (lambda run: run.wall, lambda run: run.memory)
        )
        lines.append(f"{what} ({', '.join(there)}): time grows with their power {time:.2f}, memory with {memory:.2f}")
    return "\n".join(lines)


def starting(runs: int) -> str:
    """How long short commands take, beside a bare interpreter."""
    short = {"--help": ("--help",), "when": ("when", "Febrero 2010")}
    found = in_turn(
        {
            "bare": Program([*RIVALS, "bare"], ROOT),
            **{name: Program([sys.executable, "-m", "crmxl", *words], ROOT) for name, words in short.items()},
        },
        runs,
    )
    bare = median(run.wall for run in found["bare"])
    return "\n".join(
        f"`crmxl {name}`: {1000 * (median(run.wall for run in found[name]) - bare):.0f} ms more than bare Python"
        for name in short
    )


def _machine() -> str:
    """The processor and the system, as far as the system tells."""
    try:
        info = Path("/proc/cpuinfo").read_text()
        name = next(line.partition(": ")[2] for line in info.splitlines() if line.startswith("model name"))
    except (OSError, StopIteration):
        name = platform.processor() or "?"
    return f"{name}, {os.cpu_count()} processors, {platform.system()} {platform.machine()}"


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    asked.add_argument(
        "cases", nargs="*", metavar="CASE", default=list(BRIEF), help=", ".join(case.name for case in CASES)
    )
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "crmxl-benchmarks")
    given = asked.parse_args()
    ours: dict[str, list[Run]] = {}
    print(f"{_machine()}, {platform.python_implementation()} {platform.python_version()}\n\n{HEAD}")
    for case in (case for case in CASES if case.name in given.cases):
        folder = given.folder / case.name
        subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.cases", case.name, str(given.folder)], cwd=ROOT, check=True
        )
        runs = in_turn(programs(case, make(case, given.folder), folder), given.runs)
        ours[case.name] = runs["crmxl"]
        print(told(case, runs), flush=True)
    print(f"\n{growth(ours)}")
    print(f"\n{starting(max(given.runs, 5))}")


if __name__ == "__main__":
    main()
