"""Runs programs in turn and reads what the system says of each: time on the clock, time of the processors, memory."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

PAUSE = 0.02
"""Seconds between two looks at the memory of a program and its children."""
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


@dataclass(frozen=True)
class Run:
    """One run: seconds on the clock, seconds of the processors (its children's too), bytes that it and its children
    held at most, all together."""

    wall: float
    cpu: float
    memory: int


@dataclass(frozen=True)
class Program:
    """What is run: the command, the folder in which it runs, the exit codes that are right, what is removed before."""

    command: Sequence[str]
    folder: Path
    good: frozenset[int] = frozenset((0,))
    fresh: tuple[Path, ...] = ()


def run(program: Program) -> Run:
    """Run a program once."""
    for path in program.fresh:
        path.unlink(missing_ok=True)
    before = os.times()
    start = time.perf_counter()
    child = subprocess.Popen(
        program.command, cwd=program.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=_environment()
    )
    watch = _Watch(child.pid)
    watch.start()
    assert child.stderr is not None
    said = child.stderr.read()
    code = child.wait()
    wall = time.perf_counter() - start
    watch.over.set()
    watch.join()
    after = os.times()
    if code not in program.good:
        raise SystemExit(f"{' '.join(program.command)}: exit {code}\n{said.decode(errors='replace')[-2000:]}")
    spent = (after.children_user + after.children_system) - (before.children_user + before.children_system)
    return Run(wall, spent, watch.most)


def _environment() -> dict[str, str]:
    """The usual one; compiled modules are kept, as in an installation."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "CRMXL_LANG": "es"}


class _Watch(threading.Thread):
    """Looks at how much memory a process and its children hold; where the system does not tell, at nothing."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.most, self.over = pid, 0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(PAUSE):
            self.most = max(self.most, sum(map(_held, _family(self.pid))))


def _family(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        try:
            children = Path(f"/proc/{one}/task/{one}/children").read_text().split()
        except OSError:
            continue
        found += map(int, children)
    return found


def _held(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def in_turn(programs: Mapping[str, Program], times: int) -> dict[str, list[Run]]:
    """Each program so many times, one after the other, so that a machine that slows down slows all of them; once more
    before, which does not count."""
    for program in programs.values():
        run(program)
    found: dict[str, list[Run]] = {name: [] for name in programs}
    for _ in range(times):
        for name, program in programs.items():
            found[name].append(run(program))
    return found


def ratio(runs: Sequence[Run], others: Sequence[Run]) -> float:
    """How many times as long the first takes on the clock, pair by pair, in the middle."""
    return median(one.wall / other.wall for one, other in zip(runs, others, strict=True))
