"""Archives and mails: what they bring is read like any other file."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner

from crmxl.cli import cli
from crmxl.reading import read_books
from crmxl.reading.parcels import MEMBERS, unpacked
from tests.bench import PLAN
from tests.outlook import message

EXCEL = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def mailed(**files: bytes) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "crm@migracion.go.cr", "st@crmsv.org", "Envío del plan"
    message.set_content("Estimados señores: adjunto el plan.")
    for name, data in files.items():
        message.add_attachment(data, maintype=EXCEL[0], subtype=EXCEL[1], filename=name)
    return message.as_bytes()


def names(data: bytes, path: Path) -> list[str]:
    path.write_bytes(data)
    return [book.source.name for book in read_books(path)]


def test_an_archive_with_folders_and_what_other_programs_leave(tmp_path: Path) -> None:
    data = zipped(**{
        "envíos/CRI.xlsx": PLAN.read_bytes(),
        "__MACOSX/envíos/._CRI.xlsx": b"x",
        "~$CRI.xlsx": b"x",
        "leame.txt": b"hola",
    })  # fmt: skip
    assert names(data, tmp_path / "todo.zip") == ["todo.zip/envíos/CRI.xlsx", "todo.zip/leame.txt"]
    books = read_books(tmp_path / "todo.zip")
    assert [bool(book.grids) for book in books] == [True, False]


def test_a_mail_with_its_attachments(tmp_path: Path) -> None:
    data = mailed(**{"Plan año 2010.xlsx": PLAN.read_bytes()})
    assert names(data, tmp_path / "correo.eml") == ["correo.eml/Plan año 2010.xlsx"]
    assert read_books(tmp_path / "correo.eml")[0].grids


def test_an_archive_in_a_mail(tmp_path: Path) -> None:
    data = mailed(**{"envio.zip": zipped(**{"a.xlsx": PLAN.read_bytes()})})
    assert names(data, tmp_path / "correo.eml") == ["correo.eml/envio.zip/a.xlsx"]


def test_a_workbook_is_no_parcel_and_parcels_have_an_end() -> None:
    assert unpacked("x", PLAN.read_bytes()) is None
    assert unpacked("x", b"Estimados: From the start\r\n") is None
    many = unpacked("x", zipped(**{f"{n}.txt": b"x" for n in range(MEMBERS + 50)}))
    assert many is not None
    assert len(many) == MEMBERS + 1
    assert many[-1].name == "x"
    nested = b"x"
    for _ in range(6):
        nested = zipped(**{"a.zip": nested})
    assert unpacked("x", nested) is not None


def test_a_name_never_leads_out_of_the_parcel() -> None:
    found = unpacked("x.zip", zipped(**{"../../etc/passwd": b"x", "/a": b"x"}))
    assert found is not None
    assert [one.name for one in found] == ["x.zip/etc/passwd", "x.zip/a"]


def test_a_workbook_is_opened_before_what_fills_an_archive(tmp_path: Path) -> None:
    filling = {f"{n}.txt": b"x" for n in range(MEMBERS + 50)}
    (tmp_path / "todo.zip").write_bytes(zipped(**filling, **{"CRI.xlsx": PLAN.read_bytes()}))
    books = read_books(tmp_path / "todo.zip")
    assert books[0].grids
    assert books[-1].findings[0].message("es").startswith("No se abrieron todos los archivos que trae")
    assert {f.severity for book in books[1:-1] for f in book.findings} == {"note"}


def test_a_damaged_or_encrypted_member_costs_itself_alone(tmp_path: Path) -> None:
    whole = zipped(**{"a.xlsx": PLAN.read_bytes(), "b.xlsx": PLAN.read_bytes()})
    second = whole.rindex(b"PK\x03\x04")
    encrypted = bytearray(whole)
    encrypted[second + 6] |= 1
    encrypted[whole.rindex(b"PK\x01\x02") + 8] |= 1
    torn = bytearray(whole)
    torn[second + 500] ^= 0xFF
    for data, code in ((encrypted, "F106"), (torn, "F107")):
        (tmp_path / "todo.zip").write_bytes(data)
        first, other = read_books(tmp_path / "todo.zip")
        assert first.grids
        assert [f.code.name for f in other.findings] == [code]


def test_each_file_has_the_date_of_the_mail_that_it_was_sent_with() -> None:
    """A mail forwarded inside another one: the first sending stays the first."""
    inner = EmailMessage()
    inner["From"], inner["Subject"], inner["Date"] = "a@b.org", "plan", "Mon, 01 Feb 2010 08:00:00 -0600"
    inner.add_attachment(b"uno", maintype=EXCEL[0], subtype=EXCEL[1], filename="uno.xlsx")
    outer = EmailMessage()
    outer["From"], outer["Subject"], outer["Date"] = "c@d.org", "Fwd: plan", "Wed, 10 Feb 2010 09:00:00 -0600"
    outer.set_content("Va otra vez.")
    outer.add_attachment(inner)
    outer.add_attachment(b"dos", maintype=EXCEL[0], subtype=EXCEL[1], filename="dos.xlsx")
    found = unpacked("x.eml", outer.as_bytes())
    assert found is not None
    assert {one.name: one.sent for one in found} == {
        "x.eml/uno.xlsx": "2010-02-01 14:00",
        "x.eml/dos.xlsx": "2010-02-10 15:00",
    }


@pytest.mark.parametrize("date", ["Mon, 01 Feb 2010 08:00:00", "ayer", "", "Fri, 31 Dec 9999 23:00:00 -1200"])
def test_a_date_that_does_not_say_when_is_none(date: str) -> None:
    data = mailed(**{"a.xlsx": b"x"}).replace(b"\n", f"\nDate: {date}\n".encode(), 1)
    found = unpacked("x.eml", b"From a@b.org Mon Feb  1 08:00:00 2010\n" + data)
    assert found is not None
    assert [one.sent for one in found] == [""]


def test_odd_names_of_attachments_are_made_plain() -> None:
    data = mailed(**{"uno.xlsx": b"x", "a" * 300 + ".xlsx": b"y"}).replace(
        b'filename="uno.xlsx"', b"filename*=utf-8''C%00.xlsx"
    )
    found = unpacked("x.eml", data)
    assert found is not None
    assert len(found) == 2
    assert all(one.name.isprintable() and len(one.name) < 140 and one.name.endswith(".xlsx") for one in found)


def test_validate_tells_each_file_of_a_parcel(issued: Path, tmp_path: Path) -> None:
    (tmp_path / "todo.zip").write_bytes(
        zipped(**{f"{c}.xlsx": (issued / f"{c}.xlsx").read_bytes() for c in ("CRI", "MEX")})
    )
    run = CliRunner().invoke(cli, ["validate", str(tmp_path / "todo.zip"), "--issued", str(issued), "--format", "json"])
    told = json.loads(run.output)
    assert [(item["file"], item["country"]) for item in told] == [
        ("todo.zip/CRI.xlsx", "CRI"),
        ("todo.zip/MEX.xlsx", "MEX"),
    ]


def test_a_mail_that_outlook_saved(tmp_path: Path) -> None:
    sent = dt.datetime(2010, 2, 1, 14, 5, tzinfo=dt.UTC)
    data = message([("Envío ñ.xlsx", PLAN.read_bytes()), ("carta.txt", b"hola")], sent)
    assert names(data, tmp_path / "correo.msg") == ["correo.msg/Envío ñ.xlsx", "correo.msg/carta.txt"]
    books = read_books(tmp_path / "correo.msg")
    assert [(bool(book.grids), book.sent) for book in books] == [
        (True, "2010-02-01 14:05"),
        (False, "2010-02-01 14:05"),
    ]
    assert unpacked("sin fecha.msg", message([("a.xlsx", b"x")]))[0].sent == ""  # type: ignore[index]


def test_a_damaged_mail_of_outlook_is_one_finding(tmp_path: Path) -> None:
    whole = message([("a.xlsx", PLAN.read_bytes())])
    for cut in range(600, len(whole), 977):
        (tmp_path / "a.msg").write_bytes(whole[:cut])
        assert all(book.findings or book.grids for book in read_books(tmp_path / "a.msg"))
