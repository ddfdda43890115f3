"""A run that is killed at any moment leaves every earlier file as it was, or whole as the new one."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from crmxl import cycle, desk, files, journal, keeping, ledger
from tests.bench import CANONICAL, CYCLE, DEADLINE, EXAMPLES, PLAN
from tests.test_keeping import correct

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


def visit_killed_at(line: int, folder: desk.Desk, at: dt.datetime) -> bool:
    """Look after a cycle's folder in a child that dies at the n-th line of what does so; whether it came so far."""
    child = os.fork()
    if child == 0:
        left, ours = [line], {keeping.__file__, journal.__file__, ledger.__file__}

        def trace(frame: FrameType, event: str, _: Any) -> Any:
            if frame.f_code.co_filename not in ours:
                return None
            if event == "line":
                left[0] -= 1
                if left[0] == 0:
                    os._exit(9)
            return trace

        sys.settrace(trace)
        with keeping.at_work(folder, at):
            pass
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


@needs_fork
@pytest.mark.parametrize("step", [23, pytest.param(3, marks=pytest.mark.slow)])
def test_a_command_that_is_killed_at_any_line_leaves_a_folder_that_the_next_one_understands(
    step: int, tmp_path: Path
) -> None:
    """Three files arrive, one for the second time, and a yellow cell was written into: each ends as one line."""
    at = dt.datetime(2010, 2, 8, 9, 0, tzinfo=dt.UTC)
    made = desk.init(tmp_path / "modelo", "2010-1", DEADLINE, [PLAN])
    (made.folder("entrada") / "a.xlsx").write_bytes(b"uno")
    with keeping.at_work(made, at):
        pass
    correct(made, "Países", "Nota", "Nicaragua", "llamó")
    for name, data in (("b.xlsx", b"dos"), ("c.xlsx", b"tres"), ("a otra vez.xlsx", b"uno")):
        (made.folder("entrada") / name).write_bytes(data)
    killed = 0
    for line in range(1, 100_000, step):
        folder = desk.read_desk(Path(shutil.copytree(made.root, tmp_path / str(line))))
        if not visit_killed_at(line, folder, at):
            break
        killed += 1
        with keeping.at_work(folder, at):
            pass
        lines = [(one.event, one.told.get("name", one.told.get("value"))) for one in
                 journal.read_journal(folder.folder("recibidos")).lines]  # fmt: skip
        assert sorted(map(str, lines)) == sorted(map(str, [
            ("received", "a.xlsx"), ("received", "b.xlsx"), ("received", "c.xlsx"), ("again", "a otra vez.xlsx"),
            ("corrected", "llamó"),
        ])), f"killed at line {line}"  # fmt: skip
        kept = {path.read_bytes() for path in folder.folder("recibidos").glob("*/*.xlsx")}
        assert kept == {b"uno", b"dos", b"tres"}
        shutil.rmtree(folder.root)
    assert killed > 100 / step


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent on POSIX systems only")
def test_the_commands_of_a_cycle_killed_at_any_moment(tmp_path: Path) -> None:
    """Validate and merge, each killed after more and more of the time that it takes, then done to the end: the same
    workbook, but for the moment of reception."""
    made = desk.init(tmp_path / "modelo", CYCLE, DEADLINE, CANONICAL)
    cycle.issue(CANONICAL, CYCLE, DEADLINE, made.folder("emitidos"))
    for name in ("HND.xlsx", "Envío México.ods", "SLV plan de trabajo.xlsx", "SLV plan de trabajo (corregido).xlsx"):
        shutil.copy(EXAMPLES / name, made.folder("entrada"))

    def command(root: Path, order: str, lasts: float | None) -> float:
        started = time.monotonic()
        words = [sys.executable, "-m", "crmxl", order, *(["--as-of", "2010-03-01"] if order == "merge" else [])]
        run = subprocess.Popen(words, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            run.wait(lasts)
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
            run.wait()
        return time.monotonic() - started

    def whole(root: Path) -> dict[str, list[list[str]]]:
        last = cycle.open_canonical([desk.read_desk(root).merged[-1]])
        return {
            name: [[str(value) for key, value in row.values.items() if key != "received"] for row in rows]
            for name, rows in last.records.items()
        }

    calm = Path(shutil.copytree(made.root, tmp_path / "calma"))
    times = {order: command(calm, order, None) for order in ("validate", "merge")}
    wanted = whole(calm)
    for moment in range(1, 13):
        root = Path(shutil.copytree(made.root, tmp_path / f"{moment}"))
        for order, lasts in times.items():
            command(root, order, lasts * moment / 13)
        for order in times:
            command(root, order, None)
        assert whole(root) == wanted, f"killed after {moment}/13"
        lines = [one for one in journal.read_journal(root / "recibidos").lines if one.event in ("received", "again")]
        assert sorted(str(one.told["name"]) for one in lines) == sorted(
            p.name for p in made.folder("entrada").iterdir()
        )
        replies = sorted(path.name for path in (root / "devueltos").iterdir() if not path.name.startswith("."))
        assert replies == sorted(path.name for path in (calm / "devueltos").iterdir())
        shutil.rmtree(root)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="what runs is looked up in /proc")
def test_ctrl_c_leaves_no_file_and_no_process(tmp_path: Path) -> None:
    """What a terminal does: everything that the command has started gets the signal, at some moments of a merge."""
    issued, target = tmp_path / "emitidos", tmp_path / "consolidado.xlsx"
    cycle.issue([PLAN], CYCLE, DEADLINE, issued)
    order = [sys.executable, "-m", "crmxl", "merge", str(PLAN), "--submissions", str(issued), "--issued", str(issued),
             "-o", str(target)]  # fmt: skip
    started = time.monotonic()
    subprocess.run(order, check=False, capture_output=True)
    lasts = time.monotonic() - started
    codes = set()
    for part in (0.35, 0.5, 0.65, 0.8):
        target.unlink(missing_ok=True)
        run = subprocess.Popen(order, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, process_group=0)
        time.sleep(lasts * part)
        os.killpg(run.pid, signal.SIGINT)
        _, said = run.communicate(timeout=30)
        codes.add(run.returncode)
        if run.returncode == 130:
            assert said.strip().endswith("Interrumpido: nada quedó a medias."), said
            assert not target.exists()
        assert "Traceback" not in said
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".crmxl")] == []
        assert members_of(run.pid) == []
    assert 130 in codes


def members_of(group: int) -> list[str]:
    """What runs in a process group."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            name, _, rest = path.read_text().rpartition(") ")
            if int(rest.split()[2]) == group and rest[0] != "Z":
                found.append(name)
    return found
