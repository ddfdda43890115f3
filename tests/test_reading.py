"""Files as they arrive: each is read whole or refused with its cause; none raises."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmxl.reading import read_book
from tests.bench import PLAN
from tests.formats import ODS, compound, content, ods, xls


def archive(**parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, text in parts.items():
            made.writestr(name.replace("__", "/"), text)
    return stream.getvalue()


def with_part(data: bytes, part: str, text: bytes) -> bytes:
    """A copy of a workbook with one part replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, text if name == part else old.read(name))
    return stream.getvalue()


REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "F102"),
    "text": ("Estimados señores: adjunto".encode(), "F104"),
    "csv": (b"No;Actividad\n1;Informar\n", "F105"),
    "html": (b"<html><table><tr><td>1</td></tr></table></html>", "F104"),
    "pdf": (b"%PDF-1.4 ...", "F104"),
    "empty xls": (compound("Workbook"), "F107"),
    "excel 4": (b"\x09\x04\x06\x00" + b"\x00" * 80, "F105"),
    "excel 4 in a compound document": (compound("Book", b"\x09\x04\x06\x00\x00\x04\x10\x00\x00\x00"), "F107"),
    "password": (compound("EncryptedPackage"), "F106"),
    "xls with a password": (xls({"Hoja": []}, globals_=[(0x002F, bytes(54))]), "F106"),
    "other office": (compound("WordDocument", "Facebook, Book, Workbook".encode("utf-16-le")), "F104"),
    "zip": (archive(**{"a.txt": "hola"}), "F104"),
    "word": (archive(**{"[Content_Types].xml": "<Types/>", "word__document.xml": "<a/>"}), "F104"),
    "ods without its content": (archive(mimetype=ODS), "F107"),
    "ods with a password": (
        ods("", **{"META-INF__manifest.xml": "<m><file-entry><encryption-data/></file-entry></m>"}),
        "F106",
    ),
    "ods with entities": (ods("", **{"content.xml": '<!DOCTYPE x [<!ENTITY a "b">]>' + content("")[38:]}), "F109"),
    "epub": (archive(mimetype="application/epub+zip"), "F104"),
    "odt": (archive(mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": "<a/>"}), "F104"),
    "broken xlsb": (archive(**{"[Content_Types].xml": "<Types/>", "xl__workbook.bin": "x"}), "F107"),
    "no workbook": (archive(**{"[Content_Types].xml": "<Types/>"}), "F107"),
    "cut": (PLAN.read_bytes()[:9000], "F107"),
    "entities": (
        with_part(PLAN.read_bytes(), "xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook>&a;</workbook>'),
        "F109",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_its_cause(case: str, tmp_path: Path) -> None:
    data, code = REFUSED[case]
    path = tmp_path / "devuelto.xlsx"
    path.write_bytes(data)
    book = read_book(path)
    assert [item.code.name for item in book.findings] == [code]
    assert not book.grids
    assert book.findings[0].message("es")
    assert book.findings[0].advice("en")


def test_an_archive_that_swells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("xl/sharedStrings.xml", b"0" * (40 * 2**20))
    assert [item.code.name for item in read_book(path).findings] == ["F109"]


def test_a_cell_at_the_far_end_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = 1  # type: ignore[index]
    book.save(tmp_path / "far.xlsx")
    assert [item.code.name for item in read_book(tmp_path / "far.xlsx").findings] == ["F109"]


def test_a_folder_and_a_pipe_are_no_files(tmp_path: Path) -> None:
    assert read_book(tmp_path).findings[0].code.name == "F101"
    assert read_book(tmp_path / "missing.xlsx").findings[0].code.name == "F101"
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.xlsx")
        assert read_book(tmp_path / "pipe.xlsx").findings[0].code.name == "F101"


def test_error_cells_and_lying_dimensions_lose_nothing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in range(1, 40):
        sheet.cell(row, 1).value = f"fila {row}"
    sheet["B3"] = "#REF!"
    sheet["B3"].data_type = "e"
    path = tmp_path / "errors.xlsx"
    book.save(path)
    with zipfile.ZipFile(path) as archive_:
        xml = archive_.read("xl/worksheets/sheet1.xml").replace(b'ref="A1:B39"', b'ref="A1"')
    path.write_bytes(with_part(path.read_bytes(), "xl/worksheets/sheet1.xml", xml))
    read = read_book(path)
    assert not read.findings
    assert len(read.grids[0].cells) == 40
    assert read.grids[0].cells[2, 1] == "#REF!"


def test_comments_and_formulas_without_value_are_seen(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "hola"
    sheet["A1"].comment = openpyxl.comments.Comment("revisar", "CRI")
    sheet["B2"] = '=CONCATENATE("Pen","diente")'
    book.save(tmp_path / "x.xlsx")
    grid = read_book(tmp_path / "x.xlsx").grids[0]
    assert grid.comments[0, 0].text == "revisar"
    assert grid.unsaved == {(1, 1): '=CONCATENATE("Pen","diente")'}
    assert grid.cells == {(0, 0): "hola"}


@settings(max_examples=60)
@given(data=st.data())
def test_no_damage_raises(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    whole = bytearray(PLAN.read_bytes())
    cut = data.draw(st.integers(0, len(whole)))
    if data.draw(st.booleans()):
        whole = whole[:cut]
    for _ in range(data.draw(st.integers(0, 5))):
        if whole:
            whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.mktemp("damage") / "x.xlsx"
    path.write_bytes(bytes(whole))
    book = read_book(path)
    assert bool(book.grids) != bool(book.findings)


def test_a_thread_of_comments_is_one_note_with_all_that_was_said(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "hola"
    sheet["A1"].comment = openpyxl.comments.Comment("[Threaded comment] Your version of Excel…", "tc={1}")
    book.save(tmp_path / "x.xlsx")
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    thread = (
        '<ThreadedComments xmlns="x"><threadedComment ref="A1" personId="p1" id="1"><text>¿Es la ley vigente?</text>'
        '</threadedComment><threadedComment ref="A1" personId="p2" id="2" parentId="1"><text>Sí, desde 2009.</text>'
        "</threadedComment></ThreadedComments>"
    )
    people = (
        '<personList xmlns="x"><person displayName="Ana" id="p1"/><person displayName="Luis" id="p2"/></personList>'
    )
    with zipfile.ZipFile(tmp_path / "x.xlsx") as old, zipfile.ZipFile(tmp_path / "y.xlsx", "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/worksheets/_rels/sheet1.xml.rels":
                more = f'<Relationship Id="t1" Type="{kind}" Target="/xl/threadedComments/t1.xml"/></Relationships>'
                text = text.replace(b"</Relationships>", more.encode())
            new.writestr(name, text)
        new.writestr("xl/threadedComments/t1.xml", thread)
        new.writestr("xl/persons/person.xml", people)
    found = read_book(tmp_path / "y.xlsx")
    assert found.grids[0].comments[0, 0].author == "Ana"
    assert found.grids[0].comments[0, 0].text == "¿Es la ley vigente?\nLuis: Sí, desde 2009."
    assert "threaded_comments" in found.hazards
