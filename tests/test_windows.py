"""What Windows does otherwise, tried anywhere: code pages, long and reserved names, files that are open elsewhere."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crmxl import desk, journal, keeping
from crmxl.files import UsageError, write_whole
from crmxl.receiving import open_issued, receive, write_reviews
from tests.bench import EXAMPLES, PLAN, ROOT
from tests.test_keeping import MONDAY, TUESDAY, drop, events, files, known, visit

RESERVED = ("CON", "NUL", "com1", "Aux.plan")


@pytest.mark.parametrize("page", ["cp850", "cp1252", "utf-8"])
@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("when", "antes de cada reunión"),
        ("status", str(PLAN), "--as-of", "2010-03-01"),
        ("status", str(ROOT / "no está ñ ✓.xlsx")),
    ],
    ids=["help", "when", "status", "missing"],
)
def test_a_terminal_of_any_code_page_shows_what_it_can(page: str, words: tuple[str, ...]) -> None:
    """What its code page lacks is shown as a question mark; nothing fails."""
    told = {**os.environ, "PYTHONIOENCODING": page, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "0"}
    run = subprocess.run([sys.executable, "-m", "crmxl", *words], env=told, capture_output=True, check=False)
    assert run.returncode in (0, 2)
    assert b"Traceback" not in run.stderr
    assert run.stdout or run.stderr
    (run.stdout + run.stderr).decode(page)


def test_a_file_that_another_program_has_open_stays_and_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = desk.init(tmp_path / "c", "2010-1", dt.date(2010, 2, 12), [PLAN])
    drop(folder, "abierto.xlsx", b"uno")
    drop(folder, "otro.xlsx", b"dos")
    real = Path.replace

    def held(self: Path, target: Path) -> Path:
        if self.name == "abierto.xlsx":
            raise PermissionError(13, "The process cannot access the file because it is being used by another process")
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", held)
        (told,) = visit(folder, MONDAY)
    assert "abierto.xlsx" in told
    assert "ciérrelo" in told
    assert sorted(files(folder)) == ["otro.xlsx"]
    visit(folder, TUESDAY)
    assert sorted(files(folder)) == ["abierto.xlsx", "otro.xlsx"]


def test_a_register_that_is_open_in_excel_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = desk.init(tmp_path / "c", "2010-1", dt.date(2010, 2, 12), [PLAN])
    drop(folder, "a.xlsx", b"uno")
    visit(folder, MONDAY)
    drop(folder, "b.xlsx", b"dos")

    def locked(_: object) -> None:
        raise UsageError(journal.NO_WRITING.format(path="registro.xlsx"))

    with monkeypatch.context() as patch:
        patch.setattr(keeping, "write_whole", locked)
        (told,) = visit(folder, TUESDAY)
    assert "registro.xlsx" in told
    assert sorted(files(folder)) == ["a.xlsx", "b.xlsx"], "the journal has it"


def test_long_names_are_kept_short_enough(tmp_path: Path) -> None:
    """Windows opens paths of up to 260 characters."""
    folder = desk.init(tmp_path / "c", "2010-1", dt.date(2010, 2, 12), [PLAN])
    name = "Matriz comparativa de legislación y plan de trabajo " * 4 + ".xlsx"
    drop(folder, name, b"uno")
    visit(folder, MONDAY)
    visit(folder, TUESDAY)
    ((event, told),) = events(folder)
    assert (event, told) == ("received", name), "the journal has the whole name"
    (kept,) = folder.folder("recibidos").glob("*/*.xlsx")
    assert len(str(kept.relative_to(folder.root))) <= 130
    assert kept.suffix == ".xlsx"
    with keeping.at_work(folder, TUESDAY) as at_hand:
        assert list(at_hand.originals) == [kept]


@pytest.mark.parametrize("name", [*RESERVED, "plan: 2010?", "fin de nombre. ", "a" * 200])
def test_replies_have_names_that_windows_takes(name: str, issued: Path, tmp_path: Path) -> None:
    """A file of an archive may be called as no file of Windows can be."""
    import zipfile

    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr(f"{name}.xlsx", (EXAMPLES / "HND.xlsx").read_bytes())
    received = receive([tmp_path / "z.zip"], open_issued(issued), {})
    for reply in write_reviews(received, tmp_path / "devueltos"):
        stem = reply.copy.name.split(".")[0].strip().upper()
        assert stem not in ("CON", "PRN", "AUX", "NUL", "COM1", "LPT1")
        assert not set(reply.copy.name) & set('<>:"|?*\\/')
        assert len(reply.copy.name) <= 150
        assert reply.copy.name == reply.copy.name.strip()


def test_paths_of_the_journal_are_told_alike_everywhere(issued: Path, tmp_path: Path) -> None:
    folder = desk.init(tmp_path / "c", "2010-1", dt.date(2010, 2, 12), [PLAN])
    drop(folder, "HND.xlsx", (EXAMPLES / "HND.xlsx").read_bytes())
    with keeping.at_work(folder, MONDAY) as at_hand:
        (one,) = receive(list(at_hand.originals), open_issued(issued), {})
        at_hand.reviewed([(one, folder.root / "devueltos" / "a - revisado.xlsx")])
    (arrival,) = known(folder).arrivals
    assert list(arrival.reviews.values()) == ["devueltos/a - revisado.xlsx"]


def test_a_journal_with_the_line_ends_of_windows_is_read(tmp_path: Path) -> None:
    folder = desk.init(tmp_path / "c", "2010-1", dt.date(2010, 2, 12), [PLAN])
    drop(folder, "a.xlsx", b"uno")
    visit(folder, MONDAY)
    path = folder.folder("recibidos") / "registro.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert sorted(files(folder)) == ["a.xlsx"]


def test_a_folder_with_spaces_accents_and_an_apostrophe(tmp_path: Path) -> None:
    folder = desk.init(tmp_path / "Ciclo d'año «2010» ñ", "2010-1", dt.date(2010, 2, 12), [PLAN])
    drop(folder, "Envío d'Año.xlsx", b"uno")
    visit(folder, MONDAY)
    assert sorted(files(folder)) == ["Envío d'Año.xlsx"]


def test_what_cannot_be_written_names_itself_and_not_a_file_in_between(tmp_path: Path) -> None:
    (tmp_path / "lleno").write_text("es un archivo")
    with pytest.raises(UsageError) as fault:
        write_whole({tmp_path / "lleno" / "a.xlsx": b"x"})
    assert ".crmxl-" not in fault.value.text.es
