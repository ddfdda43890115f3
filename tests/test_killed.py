"""A run that is killed at any moment leaves every earlier file as it was, or whole as the new one."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from crmxl import cycle, files
from tests.bench import CYCLE, DEADLINE, PLAN

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked on POSIX systems only")


def hashes(folder: Path) -> dict[str, str]:
    """What a folder holds, but for the hidden files that a killed run may leave."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if not path.name.startswith(".")
    }


def killed_at(line: int, wanted: dict[Path, bytes]) -> bool:
    """Write files in a child that dies at the n-th line that it runs in there; whether it came so far."""
    child = os.fork()
    if child == 0:
        left = [line]

        def trace(frame: FrameType, event: str, _: Any) -> Any:
            if event == "line" and frame.f_code.co_filename == files.__file__:
                left[0] -= 1
                if left[0] == 0:
                    os._exit(9)
            return trace

        sys.settrace(trace)
        files.write_whole(wanted)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


@needs_fork
def test_a_write_that_is_killed_at_any_line_leaves_each_file_whole(tmp_path: Path) -> None:
    before = {tmp_path / name: f"antes {name}".encode() for name in ("a.xlsx", "b.xlsx")}
    after = {path: data.replace(b"antes", b"nuevo") for path, data in before.items()}
    killed = 0
    for line in range(1, 200):
        for path, data in before.items():
            path.write_bytes(data)
        if not killed_at(line, after):
            break
        killed += 1
        for path in before:
            assert path.read_bytes() in (before[path], after[path]), f"torn at line {line}"
    assert killed > 20
    assert {path: path.read_bytes() for path in after} == after


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent on POSIX systems only")
def test_a_merge_that_is_killed_at_two_hundred_moments_leaves_what_was_there(tmp_path: Path) -> None:
    """A merge over an earlier consolidated workbook, killed after more and more of the time that it takes."""
    received, output = tmp_path / "recibidos", tmp_path / "consolidados"
    received.mkdir()
    output.mkdir()
    issued = tmp_path / "emitidos"
    cycle.issue([PLAN], CYCLE, DEADLINE, issued, ("CRI", "MEX"))
    for path in issued.iterdir():
        (received / path.name).write_bytes(path.read_bytes())
    (output / "notas.txt").write_text("de la ST")
    target = output / "consolidado.xlsx"
    order = [sys.executable, "-m", "crmxl", "merge", str(PLAN), "--submissions", str(received), "--issued", str(issued),
             "-o", str(target), "--as-of", "2010-03-01"]  # fmt: skip
    started = time.monotonic()
    subprocess.run(order, check=False, capture_output=True)
    lasts = time.monotonic() - started
    whole = target.read_bytes()
    earlier = b"PK earlier"
    inputs = hashes(received) | hashes(issued)
    outcomes = set()
    for moment in range(200):
        target.write_bytes(earlier)
        run = subprocess.Popen(order, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            run.wait(lasts * 1.05 * moment / 200)
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
            run.wait()
        now = target.read_bytes()
        assert now in (earlier, whole), f"torn at moment {moment}"
        outcomes.add(now == whole)
    assert outcomes == {True, False}
    assert hashes(received) | hashes(issued) == inputs
    assert (output / "notas.txt").read_text() == "de la ST"
