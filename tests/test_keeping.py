"""A cycle's folder at work: what arrives is taken in once, what is written by hand is kept."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest

from crmxl import desk, keeping
from crmxl.files import UsageError
from crmxl.journal import alone, read_journal
from crmxl.keeping import REGISTER, at_work
from crmxl.ledger import Arrival, Ledger, ledger
from crmxl.responses import Response
from crmxl.standing import standing
from tests.bench import EXAMPLES, PLAN
from tests.test_desk import run

MONDAY = dt.datetime(2010, 2, 8, 9, 30, tzinfo=dt.UTC)
TUESDAY = MONDAY + dt.timedelta(days=1)
LATE = dt.datetime(2010, 3, 1, 9, 30, tzinfo=dt.UTC)
DEADLINE = dt.date(2010, 2, 12)


@pytest.fixture
def folder(tmp_path: Path) -> desk.Desk:
    return desk.init(tmp_path / "ciclo", "2010-1", DEADLINE, [PLAN])


def drop(folder: desk.Desk, name: str, data: bytes) -> Path:
    path = folder.folder("entrada") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def visit(folder: desk.Desk, at: dt.datetime) -> list[str]:
    """What a command says that does nothing but look after the folder."""
    with at_work(folder, at) as at_hand:
        pass
    return [notice.es for notice in at_hand.notices]


def known(folder: desk.Desk) -> Ledger:
    return ledger(read_journal(folder.folder("recibidos")).lines)


def files(folder: desk.Desk) -> dict[str, Arrival]:
    return {arrival.name: arrival for arrival in known(folder).arrivals}


def events(folder: desk.Desk) -> list[tuple[str, str]]:
    lines = read_journal(folder.folder("recibidos")).lines
    return [(line.event, str(line.told.get("name", line.told.get("value", "")))) for line in lines]


def row(folder: desk.Desk, country: str, as_of: dt.date) -> Response:
    return next(row for row in keeping.board(folder, known(folder), as_of) if row.country == country)


def correct(folder: desk.Desk, sheet: str, heading: str, of: str, value: object) -> None:
    """What a person does: open the register, write into the cell of a column and row, save."""
    path = folder.root / REGISTER
    book = openpyxl.load_workbook(path)
    cells = list(book[sheet].iter_rows())
    head = next(cells_ for cells_ in cells if any(cell.value == heading for cell in cells_))
    column = next(cell.column for cell in head if cell.value == heading)
    line = next(cells_[0].row for cells_ in cells if any(cell.value == of for cell in cells_))
    book[sheet].cell(line, column).value = value
    book.save(path)


def test_what_arrives_is_moved_unchanged_and_registered(folder: desk.Desk) -> None:
    drop(folder, "México/Envío.xlsx", b"uno")
    drop(folder, "~$Envío.xlsx", b"de Excel")
    assert visit(folder, MONDAY) == []
    assert events(folder) == [("received", "Envío.xlsx")]
    (arrival,) = known(folder).arrivals
    assert (arrival.at, arrival.times) == ("2010-02-08 09:30:00", 1)
    kept = folder.folder("recibidos") / arrival.sha256[:12] / "Envío.xlsx"
    assert kept.read_bytes() == b"uno"
    assert [path.name for path in folder.folder("entrada").rglob("*") if path.is_file()] == ["~$Envío.xlsx"]


def test_the_same_file_twice_is_said(folder: desk.Desk) -> None:
    drop(folder, "a.xlsx", b"uno")
    visit(folder, MONDAY)
    drop(folder, "a.xlsx", b"uno")
    drop(folder, "otro nombre.xlsx", b"uno")
    drop(folder, "sub/a.xlsx", b"dos")
    assert visit(folder, TUESDAY) == [
        "a.xlsx ya había llegado: es el mismo archivo.",
        "otro nombre.xlsx ya había llegado: es el mismo archivo.",
    ]
    assert [(a.names, a.times) for a in known(folder).arrivals] == [
        (("a.xlsx", "otro nombre.xlsx"), 3),
        (("a.xlsx",), 1),
    ]


def test_files_put_into_recibidos_by_hand_are_taken_in_too(folder: desk.Desk) -> None:
    (folder.folder("recibidos") / "a.xlsx").write_bytes(b"uno")
    (folder.folder("recibidos") / "Guatemala").mkdir()
    (folder.folder("recibidos") / "Guatemala" / "b.xlsx").write_bytes(b"dos")
    visit(folder, MONDAY)
    assert sorted(files(folder)) == ["a.xlsx", "b.xlsx"]


def test_an_original_that_somebody_changed_is_no_return(folder: desk.Desk) -> None:
    drop(folder, "a.xlsx", b"uno")
    visit(folder, MONDAY)
    (kept,) = folder.folder("recibidos").glob("*/a.xlsx")
    kept.write_bytes(b"cambiado")
    (told,) = visit(folder, TUESDAY)
    assert "fue cambiado después de recibido, y no se toma en cuenta" in told
    assert events(folder) == [("received", "a.xlsx")]
    with at_work(folder, TUESDAY) as at_hand:
        assert at_hand.originals == {}
    drop(folder, "a.xlsx", b"uno")
    visit(folder, LATE)
    with at_work(folder, LATE) as at_hand:
        assert [path.read_bytes() for path in at_hand.originals] == [b"uno"]
    assert kept.with_name("a (cambiado).xlsx").read_bytes() == b"cambiado", "nobody's work is written over"


def test_an_original_that_is_gone_is_told(folder: desk.Desk) -> None:
    drop(folder, "a.xlsx", b"uno")
    visit(folder, MONDAY)
    (kept,) = folder.folder("recibidos").glob("*/a.xlsx")
    kept.unlink()
    with at_work(folder, TUESDAY) as at_hand:
        assert at_hand.originals == {}
    assert "Falta el original" in at_hand.notices[0].es


@pytest.mark.parametrize("lost", ["all", "last lines"])
def test_a_journal_that_was_lost_stops_the_work(lost: str, folder: desk.Desk) -> None:
    drop(folder, "a.xlsx", b"uno")
    visit(folder, MONDAY)
    path = folder.folder("recibidos") / "registro.jsonl"
    before = path.read_bytes()
    drop(folder, "b.xlsx", b"dos")
    visit(folder, TUESDAY)
    correct(folder, "Países", "Prórroga hasta", "Nicaragua", dt.date(2010, 4, 12))
    path.write_bytes(before) if lost == "last lines" else path.unlink()
    with pytest.raises(UsageError, match="habla de lo que el registro no tiene"):
        visit(folder, LATE)
    book = openpyxl.load_workbook(folder.root / REGISTER)
    assert any(cell.value == dt.datetime(2010, 4, 12) for row in book["Países"].iter_rows() for cell in row)


def test_a_register_that_cannot_be_read_can_be_deleted(folder: desk.Desk) -> None:
    drop(folder, "a.xlsx", b"uno")
    visit(folder, MONDAY)
    (folder.root / REGISTER).write_bytes(b"nada")
    with pytest.raises(UsageError, match="Bórrelo, y se hace de nuevo"):
        visit(folder, TUESDAY)
    (folder.root / REGISTER).unlink()
    visit(folder, TUESDAY)
    assert (folder.root / REGISTER).is_file()


def test_only_the_yellow_cells_of_the_register_can_be_written_into(folder: desk.Desk) -> None:
    drop(folder, "a.xlsx", b"uno")
    visit(folder, MONDAY)
    book = openpyxl.load_workbook(folder.root / REGISTER)
    for name, count in (("Países", 4), ("Archivos", 4)):
        sheet = book[name]
        assert sheet.protection.sheet
        (row, *_) = [r for r in sheet.iter_rows() if r[0].value in ("Belice", "2010-02-08 09:30:00")]
        assert sum(not cell.protection.locked for cell in row) == count


def test_an_extension_and_a_word_by_phone_become_lines_of_the_journal(folder: desk.Desk) -> None:
    drop(folder, "a.xlsx", b"uno")
    visit(folder, MONDAY)
    correct(folder, "Países", "Prórroga hasta", "Nicaragua", dt.date(2010, 4, 12))
    correct(folder, "Países", "Sin novedades, avisó el", "Panamá", "9 de febrero de 2010")
    correct(folder, "Países", "Nota", "Panamá", "Llamó la Sra. X")
    visit(folder, TUESDAY)
    assert events(folder)[1:] == [
        ("corrected", "2010-04-12"),
        ("corrected", "2010-02-09"),
        ("corrected", "Llamó la Sra. X"),
    ]
    late = LATE.date()
    assert (row(folder, "NIC", late).state, row(folder, "NIC", late).late) == ("extended", 0)
    assert (row(folder, "PAN", late).state, row(folder, "PAN", late).late) == ("nothing", 0)
    assert (row(folder, "BLZ", late).state, row(folder, "BLZ", late).late) == ("away", 17)
    visit(folder, LATE)
    assert len(events(folder)) == 4, "what is known already is no news"
    correct(folder, "Países", "Prórroga hasta", "Nicaragua", None)
    visit(folder, LATE)
    assert row(folder, "NIC", late).state == "away"


def test_two_desks_correct_without_undoing_each_other(folder: desk.Desk) -> None:
    drop(folder, "a.xlsx", b"uno")
    visit(folder, MONDAY)
    old = (folder.root / REGISTER).read_bytes()
    correct(folder, "Países", "Prórroga hasta", "Nicaragua", dt.date(2010, 4, 12))
    visit(folder, TUESDAY)
    (folder.root / REGISTER).write_bytes(old)  # the copy that the other one had open all along, saved with its own word
    correct(folder, "Países", "Nota", "Belice", "avisa que tarda")
    visit(folder, LATE)
    assert known(folder).of("NIC", "extension") == "2010-04-12"
    assert known(folder).of("BLZ", "remark") == "avisa que tarda"


def test_a_cell_that_is_no_day_is_told_and_nothing_is_done(folder: desk.Desk) -> None:
    drop(folder, "a.xlsx", b"uno")
    visit(folder, MONDAY)
    correct(folder, "Países", "Prórroga hasta", "Nicaragua", "mañana")
    correct(folder, "Archivos", "Recibido el (UTC)", "a.xlsx", "ayer")
    with pytest.raises(UsageError) as fault:
        visit(folder, TUESDAY)
    told = fault.value.text.es.splitlines()
    assert [line.split(":")[0] for line in told] == ["registro.xlsx, Países!E14", "registro.xlsx, Archivos!A6"]
    assert "mañana" in told[0]
    assert "«ayer» no es un solo día; escriba, por ejemplo, 2010-04-12." in told[1]


@pytest.mark.parametrize(
    ("heading", "value", "said"),
    [
        ("Prórroga hasta", dt.date(2010, 2, 1), "la prórroga «2010-02-01» no pasa del plazo (2010-02-12)"),
        ("Sin novedades, avisó el", dt.date(2030, 1, 1), "«2030-01-01» todavía no ha llegado"),
        ("Contactado el", "febrero de 2010", "no es un solo día"),
    ],
)
def test_a_day_that_cannot_be_is_told(heading: str, value: object, said: str, folder: desk.Desk) -> None:
    drop(folder, "a.xlsx", b"uno")
    visit(folder, MONDAY)
    correct(folder, "Países", heading, "Nicaragua", value)
    with pytest.raises(UsageError) as fault:
        visit(folder, TUESDAY)
    assert said in fault.value.text.es


def test_when_a_file_came_whose_it_is_and_whether_it_counts_can_be_corrected(folder: desk.Desk) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        drop(folder, name, name.encode())
    visit(folder, MONDAY)
    correct(folder, "Archivos", "Recibido el (UTC)", "a.xlsx", "2010-02-01 08:00")
    correct(folder, "Archivos", "País", "a.xlsx", "Costa Rica")
    correct(folder, "Archivos", "Se consolida", "b.xlsx", "No")
    visit(folder, TUESDAY)
    a, b = files(folder)["a.xlsx"], files(folder)["b.xlsx"]
    assert (a.received, a.said["country"], a.used, b.used) == ("2010-02-01 08:00:00", "CRI", True, False)
    with at_work(folder, TUESDAY) as at_hand:
        assert [one.name for one in at_hand.originals.values()] == ["a.xlsx"]
        assert list(at_hand.countries.values()) == ["CRI"]


def test_a_line_that_was_cut_off_costs_itself_alone(folder: desk.Desk) -> None:
    drop(folder, "a.xlsx", b"uno")
    visit(folder, MONDAY)
    path = folder.folder("recibidos") / "registro.jsonl"
    with path.open("ab") as stream:
        stream.write(b'{"at": "2010-02-08 09:31:00", "event": "recei')
    drop(folder, "b.xlsx", b"dos")
    visit(folder, TUESDAY)
    assert sorted(files(folder)) == ["a.xlsx", "b.xlsx"]
    assert any("no se entienden: 1" in line.es for line in standing(folder, DEADLINE).lines)


def test_copies_of_the_journal_count_together_and_each_line_once(folder: desk.Desk) -> None:
    drop(folder, "a.xlsx", b"uno")
    visit(folder, MONDAY)
    path = folder.folder("recibidos") / "registro.jsonl"
    copy = path.with_name("registro (copia en conflicto de PC-2).jsonl")
    shutil.copy(path, copy)
    with copy.open("a", encoding="utf-8") as stream:
        told = {"at": "2010-02-08 10:00:00", "event": "corrected", "of": "NIC", "what": "remark", "value": "llamó"}
        stream.write(json.dumps(told) + "\n")
    assert [event for event, _ in events(folder)] == ["received", "corrected"]
    assert known(folder).of("NIC", "remark") == "llamó"


@pytest.mark.parametrize(("of", "name"), [(Path, "replace"), (keeping.Keeping, "note")])
def test_a_command_that_stops_half_way_loses_and_doubles_nothing(
    of: type, name: str, folder: desk.Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each move of a file and each line of the journal is a place at which a command may stop."""
    for step in range(4):
        for number in range(3):
            drop(folder, f"{step}-{number}.xlsx", f"{step}-{number}".encode())
        with monkeypatch.context() as patch:
            patch.setattr(of, name, stopping(getattr(of, name), step))
            with suppress(KeyboardInterrupt):
                visit(folder, MONDAY)
        visit(folder, TUESDAY)
        names = [name for event, name in events(folder) if event == "received"]
        assert sorted(names) == sorted(f"{s}-{n}.xlsx" for s in range(step + 1) for n in range(3))
        assert not [event for event, _ in events(folder) if event == "again"]


def stopping(real: Callable[..., object], step: int) -> Callable[..., object]:
    """A function that works so many times, and is then interrupted."""
    left = [step]

    def work(*arguments: object) -> object:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return real(*arguments)

    return work


def test_one_command_waits_for_the_other(folder: desk.Desk) -> None:
    at_hand = alone(folder.folder("recibidos"))
    second = alone(folder.folder("recibidos"), 0.05)
    with at_hand, pytest.raises(UsageError, match="Otra persona está usando"), second:
        pass
    visit(folder, MONDAY)


def test_a_folder_that_cannot_be_written_is_said(folder: desk.Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "denied")

    monkeypatch.setattr("crmxl.journal.FileLock.acquire", refused)
    with pytest.raises(UsageError, match="falta permiso"):
        visit(folder, MONDAY)


def test_another_cycle_in_the_same_folder_is_refused(folder: desk.Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.root)
    assert run("issue", "--country", "CRI").exit_code == 0
    text = folder.config.read_text(encoding="utf-8").replace('"2010-1"', '"2010-2"')
    folder.config.write_text(text, encoding="utf-8")
    result = run("merge")
    assert result.exit_code == 2
    assert "se emitieron para «2010-1»" in result.output
    folder.config.write_text(text.replace("2010-2", "2010-1").replace("2010-02-12", "2010-04-12"), encoding="utf-8")
    for words in (("merge",), ("issue",)):
        assert "pero las plantillas se emitieron con el 2010-02-12" in run(*words).output
    told = text.replace("2010-2", "2010-1").replace('contact = ""', 'contact = "ST, otra@example.org"')
    folder.config.write_text(told, encoding="utf-8")
    result = run("issue", "--country", "CRI")
    assert (result.exit_code, "con otro contacto («—»)" in result.output) == (2, True)


def test_decisions_in_an_earlier_book_are_not_lost(folder: desk.Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.root)
    run("issue")
    shutil.copy(EXAMPLES / "Envío México.ods", folder.folder("entrada"))
    assert run("merge", "--as-of", "2010-03-01").exit_code == 0
    shutil.copy(EXAMPLES / "Plan de Trabajo CRI FINAL (2).xlsx", folder.folder("entrada"))
    assert run("merge", "--as-of", "2010-03-01").exit_code == 0
    first, second = sorted(folder.folder("consolidados").glob("*.xlsx"))
    book = openpyxl.load_workbook(first)
    sheet = book["Decisiones"]
    head = next(cells for cells in sheet.iter_rows() if any(cell.value == "Decisión" for cell in cells))
    decision = next(cell.column for cell in head if cell.value == "Decisión")
    sheet.cell(head[0].row + 1, decision).value = "Mantener"
    book.save(first)
    result = run("merge")
    assert result.exit_code == 2
    assert f"En {first.name} hay decisiones escritas que {second.name} no tiene (1)" in result.output
    assert run("merge", "--decisions", first).exit_code == 0


def test_a_country_that_has_nothing_to_report_by_phone_is_not_missing(
    folder: desk.Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.root)
    run("issue")
    visit(desk.read_desk(folder.root), MONDAY)
    correct(folder, "Países", "Sin novedades, avisó el", "Panamá", dt.date(2010, 2, 9))
    result = run("merge", "--as-of", "2010-03-01", "--format", "json")
    told = json.loads(result.stdout)
    assert "PAN" not in told["missing"]
    assert [one["country"] for one in told["received"]] == ["PAN"]
    again = run("merge")
    assert "No hay nada nuevo" in again.output


def test_of_two_workbooks_that_go_round_each_counts(folder: desk.Desk) -> None:
    """The plan's return has points to correct; that of the other registers, which came later, is in order."""
    from crmxl.ledger import Verdict
    from crmxl.responses import responses

    def arrived(name: str, at: str, sheets: str, errors: int) -> Arrival:
        book = Verdict(name, name, "CRI", "2010-1", accepted=True, errors=errors, sheets=sheets)
        return Arrival(name, (name,), at, verdicts=(book,))

    plan = arrived("plan.xlsx", "2010-02-01 10:00:00", "plan trafficking", 2)
    other = arrived("registros.xlsx", "2010-02-02 10:00:00", "indicators", 0)
    again = arrived("plan 2.xlsx", "2010-02-03 10:00:00", "plan trafficking", 0)
    for files_, state in (((plan, other), "faulty"), ((plan, other, again), "valid")):
        (one,) = responses(Ledger(files_), "2010-1", DEADLINE, ["CRI"], DEADLINE)
        assert one.state == state
