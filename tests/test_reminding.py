"""Letters: who is thanked, reminded, asked to correct; in whose language; with what attached; in the ST's own words."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest

from crmxl import desk, letters
from crmxl.files import UsageError
from crmxl.journal import read_journal
from crmxl.keeping import at_work
from crmxl.reminding import Reminded, remind
from tests.bench import CANONICAL, EXAMPLES
from tests.test_desk import run
from tests.test_keeping import correct, visit

BEFORE = dt.datetime(2010, 2, 1, 9, 0, tzinfo=dt.UTC)
AFTER = dt.datetime(2010, 3, 1, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> desk.Desk:
    """A cycle in which Honduras has errors, Panama has nothing to report, Canada has not sent."""
    made = desk.init(tmp_path / "c", "2010-1", dt.date(2010, 2, 12), CANONICAL, contact="ST, st@example.org")
    monkeypatch.chdir(made.root)
    with made.config.open("a", encoding="utf-8") as stream:
        stream.write('NIC = "enlace@example.org"\n')
    assert run("issue").exit_code == 0
    for name in ("HND.xlsx", "Panamá sin novedades.xlsx"):
        (made.folder("entrada") / name).write_bytes((EXAMPLES / name).read_bytes())
    assert run("validate").exit_code == 1
    return desk.find_desk(made.root) or made


def written(folder: desk.Desk, at: dt.datetime, *countries: str, until: dt.date | None = None) -> Reminded:
    with at_work(folder, at) as keeping:
        return remind(keeping, "es", countries, until)


def mail(made: Reminded, country: str) -> EmailMessage:
    path = next(one.path for one in made.letters if one.row.country == country)
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)  # type: ignore[return-value]


def text(made: Reminded, country: str) -> str:
    body = mail(made, country).get_body()
    assert body is not None
    return str(body.get_content())  # type: ignore[attr-defined]


def test_each_country_gets_the_letter_that_it_needs(folder: desk.Desk) -> None:
    made = written(folder, AFTER)
    wordings = {one.row.country: one.wording for one in made.letters}
    assert len(wordings) == 11
    assert (wordings["HND"], wordings["PAN"], wordings["NIC"]) == ("correccion", "gracias", "recordatorio")
    told = mail(made, "NIC")
    assert (told["To"], told["X-Unsent"]) == ("enlace@example.org", "1")
    assert told["Subject"] == "Recordatorio: información de Nicaragua para el ciclo 2010-1 de la red"
    (attached,) = told.iter_attachments()
    assert attached.get_filename() == "NIC.xlsx"
    assert attached.get_content() == (folder.folder("emitidos") / "NIC.xlsx").read_bytes()  # type: ignore[attr-defined]
    (review,) = mail(made, "HND").iter_attachments()
    assert review.get_filename() == "HND - revisado.xlsx"
    assert list(mail(made, "PAN").iter_attachments()) == []
    assert "Quedan puntos por corregir: 4." in text(made, "HND")
    assert "st@example.org" in text(made, "PAN")


def test_in_the_language_of_the_country(folder: desk.Desk) -> None:
    made = written(folder, AFTER)
    assert mail(made, "CAN")["Subject"] == "Reminder: information from Canada for the cycle 2010-1 of the network"
    assert "The deadline was 12 February 2010. Please send your information by 12 April 2010." in text(made, "CAN")


def test_the_term_before_after_and_with_an_extension(folder: desk.Desk) -> None:
    assert "El plazo vence el 12 de febrero de 2010." in text(written(folder, BEFORE), "NIC")
    late = "El plazo venció el 12 de febrero de 2010. Le rogamos que envíe su información a más tardar el {}."
    assert late.format("12 de abril de 2010") in text(written(folder, AFTER), "NIC"), "two months more"
    told = text(written(folder, AFTER, until=dt.date(2010, 3, 20)), "NIC")
    assert late.format("20 de marzo de 2010") in told
    assert "cuanto antes" in text(written(folder, dt.datetime(2010, 6, 1, tzinfo=dt.UTC)), "NIC")
    correct(folder, "Países", "Prórroga hasta", "Nicaragua", dt.date(2010, 5, 31))
    told = text(written(folder, AFTER), "NIC")
    assert "El plazo era el 12 de febrero de 2010; su país tiene prórroga hasta el 31 de mayo de 2010." in told


def test_the_secretariat_changes_the_wording(folder: desk.Desk) -> None:
    own = folder.root / "cartas" / "recordatorio.es.txt"
    assert own.is_file(), "init lays the wordings out"
    own.write_text("Asunto propio para {pais}\r\n\r\nHola, {pais}. {termino}\r\n", encoding="utf-8-sig")
    made = written(folder, AFTER, "NIC")
    assert mail(made, "NIC")["Subject"] == "Asunto propio para Nicaragua"
    assert text(made, "NIC").startswith("Hola, Nicaragua. El plazo venció")
    own.write_text("Asunto\n\nHola, {nombre}", encoding="utf-8")
    with pytest.raises(UsageError, match=r"qué poner en \{nombre\}; puede decir: \{pais\}"):
        written(folder, AFTER, "NIC")
    own.write_bytes("Atención: año".encode("latin-1"))
    with pytest.raises(UsageError, match="guárdelo como texto UTF-8"):
        written(folder, AFTER, "NIC")


@pytest.mark.parametrize("name", letters.WORDINGS)
@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_wording_knows_what_to_put_in(name: str, lang: letters.Lang, tmp_path: Path) -> None:
    filled = letters.worded(tmp_path, name, lang, dict.fromkeys(letters.FIELDS, "…"))
    assert "{" not in filled.subject + filled.text
    assert filled.subject
    assert filled.text.strip()


def test_who_was_written_to_is_remembered_and_listed(folder: desk.Desk) -> None:
    made = written(folder, AFTER, "NIC", "PAN")
    book = openpyxl.load_workbook(made.sheet)
    rows = [[cell.value for cell in row] for row in book["Cartas"].iter_rows()]
    assert [row[0] for row in rows if row[0] in ("Nicaragua", "Panamá")] == ["Nicaragua", "Panamá"]
    assert {"NIC.eml", "PAN.eml"} <= {str(cell) for row in rows for cell in row}
    paragraph = made.paragraph.read_text(encoding="utf-8")
    assert "legislación en tráfico ilícito de migrantes y trata de personas: Honduras y Panamá." in paragraph
    (line,) = read_journal(folder.folder("recibidos")).of("reminded")
    assert (line.at, line.told["countries"]) == ("2010-03-01 09:00:00", ["NIC"]), "thanks are no reminder"


def test_what_is_not_to_be_said_is_left_out(tmp_path: Path) -> None:
    told = {"sent": "Belice y Canadá", "missing": "Nicaragua", "cycle": "2010-1"}
    some = letters.worded(tmp_path, "reunion", "es", told).text
    everybody = letters.worded(tmp_path, "reunion", "es", {**told, "missing": ""}).text
    assert some.rstrip().endswith("todavía no han realizado el envío correspondiente: Nicaragua.")
    assert everybody.rstrip().endswith("y trata de personas: Belice y Canadá.")


def test_a_checked_copy_that_is_gone_is_told(folder: desk.Desk) -> None:
    (folder.folder("devueltos") / "HND - revisado.xlsx").unlink()
    with at_work(folder, AFTER) as keeping:
        (one,) = remind(keeping, "es", ["HND"]).letters
    assert one.attached is None
    assert any("la carta va sin adjunto" in notice.es for notice in keeping.notices)


def test_of_an_archive_each_country_gets_its_own_copy(folder: desk.Desk) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in ("HND.xlsx", "Guatemala_matriz_avance_2010.xlsx"):
            archive.writestr(name, (EXAMPLES / name).read_bytes() + b"")
    for arrived in folder.folder("recibidos").glob("*/HND.xlsx"):
        arrived.unlink()
    (folder.folder("entrada") / "dos.zip").write_bytes(stream.getvalue())
    run("validate")
    made = written(folder, AFTER)
    attached = {one.row.country: one.attached.name for one in made.letters if one.attached}
    assert attached["HND"].startswith("HND - revisado")
    book = openpyxl.load_workbook(io.BytesIO(next(mail(made, "HND").iter_attachments()).get_content()))  # type: ignore[attr-defined]
    assert book["Correcciones"]["A1"].value == "Correcciones — Honduras"


def test_the_reply_names_the_day_of_the_extension_and_none_that_is_past(folder: desk.Desk) -> None:
    reply = folder.folder("devueltos") / "HND - revisado.txt"
    assert "a más tardar" not in reply.read_text(encoding="utf-8"), "the deadline is past"
    correct(folder, "Países", "Prórroga hasta", "Honduras", dt.date(2099, 4, 12))
    again = (EXAMPLES / "HND.xlsx").read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(again))
    stream = io.BytesIO()
    book.save(stream)
    (folder.folder("entrada") / "HND de nuevo.xlsx").write_bytes(stream.getvalue())
    run("validate")
    told = (folder.folder("devueltos") / "HND de nuevo - revisado.txt").read_text(encoding="utf-8")
    assert "a más tardar el 12 de abril de 2099" in told


def test_a_draft_that_somebody_has_worked_on_is_not_written_over(folder: desk.Desk) -> None:
    first = next(one for one in written(folder, AFTER).letters if one.row.country == "NIC")
    first.path.write_bytes(first.path.read_bytes() + b"mio")
    second = next(one for one in written(folder, AFTER, "NIC").letters)
    assert (first.path.name, second.path.name) == ("NIC.eml", "NIC (2).eml")
    assert first.path.read_bytes().endswith(b"mio")


def test_a_wording_without_a_letter_and_an_address_that_is_none_are_told(folder: desk.Desk) -> None:
    (folder.root / "cartas" / "recordatorio.es.txt").write_text("Sólo asunto\n", encoding="utf-8")
    with pytest.raises(UsageError, match="falta una de las dos"):
        written(folder, AFTER, "NIC")
    text = folder.config.read_text(encoding="utf-8").replace("enlace@example.org", "sin arroba")
    folder.config.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="«sin arroba» no es una dirección"):
        desk.read_desk(folder.root)


def test_remind_outside_of_a_cycle_and_before_anything_was_issued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert (run("remind").exit_code, "crmxl init" in run("remind").output) == (2, True)
    made = desk.init(tmp_path / "c", "2010-1", dt.date(2010, 2, 12), CANONICAL)
    monkeypatch.chdir(made.root)
    visit(made, BEFORE)
    assert "Todavía no se emitieron las plantillas" in run("remind").output


def test_a_template_that_came_back_as_it_was_issued_is_not_thanked_for(folder: desk.Desk) -> None:
    (folder.folder("entrada") / "GTM.xlsx").write_bytes((folder.folder("emitidos") / "GTM.xlsx").read_bytes())
    run("validate")
    (one,) = written(folder, AFTER, "GTM").letters
    assert (one.row.state, one.wording) == ("same", "correccion")
    assert one.attached is not None
    assert one.attached.name == "GTM - revisado.xlsx"


def test_what_is_no_template_is_asked_for_again_with_the_template(folder: desk.Desk) -> None:
    (folder.folder("entrada") / "informe.pdf").write_bytes(b"%PDF-1.4")
    run("validate", "--country", "informe.pdf=Belice")
    (one,) = written(folder, AFTER, "BLZ").letters
    assert (one.row.state, one.wording) == ("refused", "ilegible")
    assert one.attached is not None
    assert one.attached.name == "BLZ.xlsx"
    assert one.letter.text.startswith("Dear colleagues of Belize,\n\nWe received informe.pdf on ")
    assert (folder.folder("devueltos") / "informe - checked.txt").is_file()
