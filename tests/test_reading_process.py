"""The reading process: what kills or hangs a reader costs one file, and nobody notices but its finding."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crmxl.reading import Book, read_book
from crmxl.reading.book import read_bytes
from crmxl.reading.process import SHARED, ReadingProcess
from tests.bench import PLAN, ROOT


def worker(request: str) -> list[str]:
    """A child that says it is ready and, at the first request, does this."""
    ready = "import os, sys, time\nfrom crmxl.reading.process import receive, send\n"
    ready += "ends = open(0, 'rb', 0), open(1, 'wb', 0)\nsend(ends[1], None)\nname, data = receive(ends[0])\n"
    return [sys.executable, "-P", "-c", ready + request]


def said(book: Book) -> list[str]:
    return [item.message("es") for item in book.findings]


def test_it_reads_what_is_read_here() -> None:
    assert read_book(PLAN) == read_bytes(PLAN.name, PLAN.read_bytes())


@pytest.mark.parametrize(
    "request_",
    ["os._exit(1)", "os.abort()", "raise SystemExit", "os.write(1, b'x' * 9); os._exit(0)", "os.close(1); os._exit(0)"],
)
def test_a_reader_that_dies_costs_one_file(request_: str) -> None:
    process = ReadingProcess(worker(request_))
    book = process.read("x.xlsx", b"abc")
    assert said(book) == ["El archivo no se pudo leer: el lector se interrumpió al abrirlo."]
    assert book.source.sha256.startswith("ba7816bf")
    assert process._child is None


def test_a_reader_that_hangs_is_stopped() -> None:
    process = ReadingProcess(worker("time.sleep(600)"), seconds=0.2)
    book = process.read("x.xlsx", b"abc")
    assert said(book) == ["El archivo no se pudo leer: se agotaron los 0.2 segundos previstos al abrirlo."]


def test_a_reader_that_takes_no_request_is_stopped() -> None:
    process = ReadingProcess(worker("time.sleep(600)"), seconds=0.2)
    assert said(process.read("x.xlsx", bytes(10**7)))[0].startswith("El archivo no se pudo leer: se agotaron")


def test_the_next_file_gets_a_new_reader() -> None:
    process = ReadingProcess()
    try:
        assert process.read("x.xlsx", PLAN.read_bytes()).grids
        first = process._child
        assert first is not None
        assert process.read("x.xlsx", PLAN.read_bytes()).grids
        assert process._child is first
        first.kill()
        first.wait()
        assert process.read("x.xlsx", PLAN.read_bytes()).grids
        assert process._child is not first
    finally:
        process.close()


def test_a_child_killed_at_its_work_costs_one_file() -> None:
    """The file is one that takes its reader a while: 40,000 rows."""
    process = ReadingProcess()
    try:
        assert process.read("x.xlsx", PLAN.read_bytes()).grids
        child = process._child
        assert child is not None
        rows = b"<row>" + b"<c><v>1</v></c>" * 20 + b"</row>"
        sheet = b"<worksheet><sheetData>" + rows * 40_000 + b"</sheetData></worksheet>"
        threading.Timer(0.2, child.kill).start()
        from tests.test_reading import with_part

        book = process.read("x.xlsx", with_part(PLAN.read_bytes(), "xl/worksheets/sheet1.xml", sheet))
        assert said(book) == ["El archivo no se pudo leer: el lector se interrumpió al abrirlo."]
        assert process.read("x.xlsx", PLAN.read_bytes()).grids
    finally:
        process.close()


@pytest.mark.parametrize("command", [[sys.executable, "-c", "raise SystemExit(1)"], ["/no/such/python"]])
def test_a_child_that_cannot_start_is_a_fault_of_the_installation(command: list[str]) -> None:
    with pytest.raises(ChildProcessError):
        ReadingProcess(command).read("x.xlsx", b"")


def test_a_panic_is_a_file_that_could_not_be_read_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException): ...  # as calamine's panics are

    def panic(*_: object) -> None:
        raise PanicException("index out of bounds")

    monkeypatch.setattr("python_calamine.CalamineWorkbook.from_filelike", panic)
    monkeypatch.setattr("crmxl.reading.openxml._openpyxl", panic)
    book = read_bytes(PLAN.name, PLAN.read_bytes())
    assert [item.code.name for item in book.findings] == ["F108"]


def test_threads_take_turns() -> None:
    with ThreadPoolExecutor(4) as pool:
        books = list(pool.map(read_book, [PLAN] * 8))
    assert all(book == books[0] for book in books)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_fork_has_a_child_of_its_own() -> None:
    before = read_book(PLAN)
    child = SHARED._child
    script = "import os, sys, pathlib\nfrom crmxl.reading import read_book\nfrom crmxl.reading.process import SHARED\n"
    script += "path = pathlib.Path(sys.argv[1])\nfirst = read_book(path)\nmine = SHARED._child.pid\npid = os.fork()\n"
    script += "same = read_book(path) == first\n"
    script += "if not pid: SHARED.close(); os._exit(int(not same or SHARED._child is not None))\n"
    script += "assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0\n"
    script += "assert same and read_book(path) == first and SHARED._child.pid == mine\n"
    subprocess.run([sys.executable, "-c", script, PLAN], check=True, cwd=ROOT, timeout=60)
    assert read_book(PLAN) == before
    assert SHARED._child is child


def test_who_reads_imports_no_reader_and_leaves_no_child(tmp_path: Path) -> None:
    """Run among a stranger's files: a module of theirs with a familiar name is not imported."""
    (tmp_path / "xlrd.py").write_text("raise SystemExit('mine')")
    (tmp_path / "struct.py").write_text("raise SystemExit('mine')")
    script = f"import sys, pathlib; sys.path.append({str(ROOT)!r})\n"
    script += "from crmxl.reading import read_book\nfrom crmxl.reading.process import SHARED\n"
    script += "assert read_book(pathlib.Path(sys.argv[1])).grids\n"
    script += "assert not {'openpyxl', 'python_calamine', 'xlrd'} & sys.modules.keys()\n"
    script += "print(SHARED._child.pid)"
    done = subprocess.run(
        [sys.executable, "-P", "-c", script, PLAN], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout), 0)
