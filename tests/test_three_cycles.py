"""Three cycles in a row, as the Secretariat does them in the folder of each: with what really comes, and how.

What the last workbook should hold is worked out beside it, by a model of dictionaries: what each country last said of
each cell, and what the Secretariat decided of the plan. Nothing of `crmxl` takes part in the model.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crmxl import desk
from crmxl.cycle import open_canonical
from crmxl.keeping import REGISTER
from tests.bench import PLAN
from tests.test_desk import run

KEYS = 3
"""The hidden row of a template in which the keys of its columns stand."""
Cells = Mapping[tuple[str, str], str]


@dataclass
class Model:
    """What should be: answers by item, country and column; the plan's own cells by item and column."""

    answers: dict[tuple[str, str, str], str] = field(default_factory=dict)
    plan: dict[tuple[str, str], str] = field(default_factory=dict)

    def says(self, country: str, cells: Cells) -> None:
        for (item, column), text in cells.items():
            if text == "(borrar)":
                self.answers.pop((item, country, column), None)
            else:
                self.answers[item, country, column] = text

    def decided(self, item: str, column: str, text: str) -> None:
        self.plan[item, column] = text


class Secretariat:
    """One cycle's folder and what is done in it; `now` is the day of the merge."""

    def __init__(self, root: Path, name: str, now: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.name, self.now = root, name, now
        monkeypatch.chdir(root)
        assert run("issue").exit_code == 0

    def filled(self, country: str, cells: Cells, **envelope: Any) -> bytes:
        """The template of a country as it fills it in."""
        return fill(self.root / "emitidos" / f"{country}.xlsx", cells, **envelope)

    def drop(self, name: str, data: bytes) -> None:
        """What arrives by mail, saved into entrada."""
        (self.root / "entrada" / name).write_bytes(data)

    def note(self, sheet: str, heading: str, of: str, value: object) -> None:
        """A yellow cell of the register."""
        book = openpyxl.load_workbook(self.root / REGISTER)
        rows = list(book[sheet].iter_rows())
        head = next(row for row in rows if any(cell.value == heading for cell in row))
        column = next(cell.column for cell in head if cell.value == heading)
        line = next(row[0].row for row in rows if any(cell.value == of for cell in row))
        book[sheet].cell(line, column).value = value
        book.save(self.root / REGISTER)

    def merge(self) -> dict[str, Any]:
        import json

        result = run("merge", "--as-of", self.now, "--format", "json")
        assert result.exit_code in (0, 1), result.output
        told: dict[str, Any] = json.loads(result.stdout)
        cells = told["cells"]
        assert cells.pop("read") == sum(cells.values()), "every cell that was read ends in exactly one place"
        return told

    @property
    def last(self) -> Path:
        made = desk.read_desk(self.root).merged
        return made[-1]

    def questions(self) -> set[tuple[str, str]]:
        """The questions that are open: their item and what is proposed."""
        rows = [r for r in open_canonical([self.last]).of("decisions") if r.text("stage") == "open"]
        return {(r.text("item"), r.text("type")) for r in rows}

    def decide(self, item: str, choice: str, own: str = "") -> None:
        """Choose in the sheet Decisiones of the last workbook."""
        book = openpyxl.load_workbook(self.last)
        sheet = book["Decisiones"]
        head = next(row for row in sheet.iter_rows() if row[0].value == "Ítem")
        place = {str(cell.value): cell.column for cell in head}
        line = next(
            row[0].row
            for row in sheet.iter_rows(min_row=head[0].row + 1)
            if row[0].value == item and row[place["Etapa"] - 1].value == "Abierta"
        )
        sheet.cell(line, place["Decisión"]).value = choice
        sheet.cell(line, place["Texto propio"]).value = own or None
        sheet.cell(line, place["Decidido por"]).value = "La Secretaría"
        book.save(self.last)


def fill(path: Path, cells: Cells, **envelope: Any) -> bytes:
    """A template with cells filled in, as another program saves it; `envelope` by the words of the block Envío."""
    book = openpyxl.load_workbook(path)
    sheet = next(s for s in book.worksheets if s.title == "Plan")
    columns = {cell.value: cell.column for cell in sheet[KEYS]}
    numbers = {row[-1].value: row[0].row for row in sheet.iter_rows(min_row=7)}
    for (item, column), text in cells.items():
        sheet.cell(numbers[item], columns[column]).value = text
    english = "Instructions" in book.sheetnames
    words = {
        "type": ("Tipo de envío", "Type of sending"),
        "number": ("Número de este envío", "Number of this sending"),
    }
    for row in book["Instructions" if english else "Instrucciones"].iter_rows():
        for cell in row:
            for key, labels in words.items():
                if cell.value in labels and key in envelope:
                    book.worksheets[0].cell(cell.row, cell.column + 1).value = envelope[key]
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"{name}.xlsx", data)
    return stream.getvalue()


def mailed(name: str, data: bytes) -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["Date"] = "Plan", "Wed, 10 Feb 2010 09:00:00 -0600"
    mail["From"] = "enlace@example.org"
    mail.set_content("Adjunto el plan.")
    mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


PARTIAL, PARTIAL_EN = {"type": "parcial"}, {"type": "partial"}


def first_cycle(st: Secretariat, model: Model) -> None:
    """Late, twice, wrong file, in an archive, by mail, an extension, a word by phone, a conflict, a proposal."""
    cri = {("1.1", "state"): "Cumplida", ("1.1", "progress"): "Se informó a la red"}
    st.drop("Costa Rica.xlsx", st.filled("CRI", cri, **PARTIAL, number=1))
    model.says("CRI", cri)
    st.drop("HND plan.xlsx", b"esto no es un libro")
    mex = {("1.1", "state"): "En proceso", ("2.2", "calendar"): "Junio de 2010"}
    gtm = {("1.2", "state"): "Sin iniciar", ("2.2", "calendar"): "Agosto de 2010"}
    st.drop("dos países.zip", zipped(uno=st.filled("MEX", mex, **PARTIAL), dos=st.filled("GTM", gtm, **PARTIAL)))
    model.says("MEX", {("1.1", "state"): "En proceso"})
    model.says("GTM", {("1.2", "state"): "Sin iniciar"})
    dom = {("3.1", "state"): "En proceso", ("3.1", "institution"): "Dirección General de Migración"}
    st.drop("correo.eml", mailed("plan dom.xlsx", st.filled("DOM", dom, **PARTIAL)))
    model.says("DOM", dom)
    slv = {("9.3", "calendar"): "Mayo de 2011"}
    st.drop("SLV.xlsx", st.filled("SLV", slv, **PARTIAL))
    st.drop("Panamá.xlsx", st.filled("PAN", {}, type="sin novedades"))
    assert run("validate").exit_code == 1, "the text that is called a workbook"

    again = {("1.1", "state"): "En proceso", ("1.2", "state"): "Cumplida"}
    st.drop("Costa Rica (2).xlsx", st.filled("CRI", again, **PARTIAL, number=2))
    model.says("CRI", again)
    st.drop("Costa Rica otra vez.xlsx", st.filled("CRI", again, **PARTIAL, number=2))
    hnd = {("1.1", "state"): "Suspendida"}
    st.drop("HND bueno.xlsx", st.filled("HND", hnd, **PARTIAL))
    model.says("HND", hnd)
    st.note("Países", "Prórroga hasta", "Canadá", dt.date(2099, 1, 1))
    st.note("Países", "Sin novedades, avisó el", "Nicaragua", dt.date(2010, 2, 11))
    told = st.merge()
    assert told["missing"] == ["BLZ", "CAN", "USA"]
    assert st.questions() == {("2.2", "conflict"), ("9.3", "proposal")}

    can = {("1.1", "state"): "Done"}
    st.drop("late.xlsx", st.filled("CAN", can, **PARTIAL_EN))
    model.says("CAN", {("1.1", "state"): "Cumplida"})
    st.decide("2.2", "México")
    st.decide("9.3", "El Salvador")
    model.decided("2.2", "calendar", "Junio de 2010")
    model.decided("9.3", "calendar", "Mayo de 2011")
    told = st.merge()
    assert (told["missing"], told["decided"]) == (["BLZ", "USA"], 2)
    assert st.questions() == set()


def second_cycle(st: Secretariat, model: Model, earlier: Path) -> None:
    """The template of the last cycle, an answer erased, a decided cell proposed anew and kept, a text of one's own."""
    blz = {("4.1", "state"): "In progress", ("4.1", "progress"): "Campaign begun"}
    st.drop("Belize.xlsx", fill(earlier / "emitidos" / "BLZ.xlsx", blz, **PARTIAL_EN))
    model.says("BLZ", {("4.1", "state"): "En proceso", ("4.1", "progress"): "Campaign begun"})
    dom = {("3.1", "institution"): "(borrar)"}
    st.drop("DOM.xlsx", st.filled("DOM", dom, **PARTIAL))
    model.says("DOM", dom)
    st.drop("MEX.xlsx", st.filled("MEX", {("2.2", "calendar"): "Diciembre de 2010"}, **PARTIAL))
    nic = {("9.2", "calendar"): "Marzo de 2011", ("9.2", "state"): "Sin iniciar"}
    st.drop("NIC.xlsx", st.filled("NIC", nic, **PARTIAL))
    model.says("NIC", {("9.2", "state"): "Sin iniciar"})
    st.merge()
    assert st.questions() == {("2.2", "proposal"), ("9.2", "proposal")}
    st.decide("2.2", "Mantener")
    st.decide("9.2", "Texto propio", "Primer semestre de 2011")
    model.decided("9.2", "calendar", "Primer semestre de 2011")
    st.merge()
    assert st.questions() == set()


def third_cycle(st: Secretariat, model: Model) -> None:
    """The conflict is reopened by two countries and decided otherwise; a country answers what it had answered."""
    st.drop("GTM.xlsx", st.filled("GTM", {("2.2", "calendar"): "Enero de 2012"}, **PARTIAL))
    st.drop("PAN.xlsx", st.filled("PAN", {("2.2", "calendar"): "Febrero de 2012"}, **PARTIAL))
    usa = {("13.1", "state"): "Not applicable"}
    st.drop("usa.xlsx", st.filled("USA", usa, **PARTIAL_EN))
    model.says("USA", {("13.1", "state"): "No aplica"})
    st.drop("CRI.xlsx", st.filled("CRI", {("1.2", "state"): "Cumplida"}, **PARTIAL))
    st.merge()
    assert st.questions() == {("2.2", "conflict")}
    st.decide("2.2", "Panamá")
    model.decided("2.2", "calendar", "Febrero de 2012")
    st.merge()
    assert "No hay nada nuevo" in run("merge").output


def cells(path: Path, sheet: str) -> Iterator[dict[str, str]]:
    """The rows of a data sheet as a person reads them, by heading."""
    rows = openpyxl.load_workbook(path)[sheet].iter_rows()
    wanted = {"Plan": "ACTIVIDADES", "Avance": "País"}[sheet]
    head = next([str(cell.value) for cell in row] for row in rows if wanted in [cell.value for cell in row])
    for row in rows:
        yield {name: str(cell.value).strip() for name, cell in zip(head, row, strict=True) if cell.value is not None}


HEADINGS = {"state": "Estado", "progress": "Avance", "institution": "Institución"}


def answers(path: Path) -> dict[tuple[str, str, str], str]:
    codes = {"Belice": "BLZ", "Canadá": "CAN", "Costa Rica": "CRI", "El Salvador": "SLV", "Estados Unidos": "USA"}
    codes |= {"Guatemala": "GTM", "Honduras": "HND", "México": "MEX", "Nicaragua": "NIC", "Panamá": "PAN"}
    codes |= {"República Dominicana": "DOM"}
    found = {}
    for row in cells(path, "Avance"):
        own = {name: text for name, text in row.items() if name not in ("Nº", "País")}
        for key, heading in HEADINGS.items():
            if heading in own:
                found[row["Nº"], codes[row["País"]], key] = own.pop(heading)
        assert not own, f"nobody said this: {row}"
    return found


def test_three_cycles_end_in_exactly_what_was_said_and_decided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = Model()
    before = {row["Nº"]: row for row in cells(PLAN, "Plan")}
    one = tmp_path / "ciclo uno (año 2010)"
    desk.init(one, "2010-1", dt.date(2010, 2, 12), [PLAN], contact="ST, st@example.org")
    st = Secretariat(one, "2010-1", "2010-03-01", monkeypatch)
    first_cycle(st, model)
    assert run("publish").exit_code == 0

    two = tmp_path / "2010-2"
    assert run("init", two, "--cycle", "2010-2", "--deadline", "2010-09-01").exit_code == 0
    st = Secretariat(two, "2010-2", "2010-10-01", monkeypatch)
    second_cycle(st, model, one)

    three = tmp_path / "2011-1"
    assert run("init", three, "--cycle", "2011-1", "--deadline", "2011-02-01").exit_code == 0
    st = Secretariat(three, "2011-1", "2011-03-01", monkeypatch)
    third_cycle(st, model)

    assert answers(st.last) == model.answers
    after = {row["Nº"]: row for row in cells(st.last, "Plan")}
    assert after.keys() == before.keys()
    calendars = {number: row.get("CALENDARIO", "") for number, row in before.items()}
    calendars |= {item: text for (item, _), text in model.plan.items()}
    assert {number: row.get("CALENDARIO", "") for number, row in after.items()} == calendars
    for name in ("OBJETIVOS", "ACTIVIDADES", "RESPONSABLE", "Nº impreso"):
        assert {n: r.get(name) for n, r in after.items()} == {n: r.get(name) for n, r in before.items()}, name
    told = run("status", "--history", "--as-of", "2011-03-01", "--format", "json").stdout
    assert [cycle for cycle in ("2009", "2010-1", "2010-2", "2011-1") if f'"cycle": "{cycle}"' in told] == [
        "2009", "2010-1", "2010-2", "2011-1",
    ]  # fmt: skip
