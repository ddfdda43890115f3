"""Binary Excel: calamine gives the values, our own pass over the records counts them. Workbooks are made of records."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmxl.reading.book import read_bytes
from crmxl.reading.process import SHARED
from tests.hostile import packed, parts_of

Record = tuple[int, bytes]
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


DIMENSION: Record = (148, struct.pack("<IIII", 0, 9, 0, 9))


def varied(number: int, most: int) -> bytes:
    out = bytearray()
    for _ in range(most):
        out.append(number & 0x7F | (0x80 if number > 0x7F else 0))
        number >>= 7
        if not number:
            break
    return bytes(out)


def records(*found: Record) -> bytes:
    return b"".join(varied(kind, 2) + varied(len(body), 4) + body for kind, body in found)


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def row(number: int, *, hidden: bool = False) -> Record:
    return 0, struct.pack("<IIHBB", number, 0, 300, 0, 0x10 if hidden else 0) + bytes(5)


def at(column: int, style: int = 0) -> bytes:
    return struct.pack("<II", column, style)


def number(column: int, value: float, style: int = 0) -> Record:
    return 5, at(column, style) + struct.pack("<d", value)


def text(column: int, value: str) -> Record:
    return 6, at(column) + wide(value)


def shared(column: int, index: int) -> Record:
    return 7, at(column) + struct.pack("<I", index)


def truth(column: int, value: bool) -> Record:
    return 4, at(column) + bytes([value])


def fault(column: int, code: int) -> Record:
    return 3, at(column) + bytes([code])


def blank(column: int) -> Record:
    return 1, at(column)


def xlsb(sheets: Mapping[str, Sequence[Record]], strings: Sequence[str] = (), styles: Sequence[Record] = ()) -> bytes:
    """A package with these sheets; the last one is hidden if its name begins with `_`."""
    bundle, rels, parts = [], [], {}
    for n, (name, cells) in enumerate(sheets.items(), start=1):
        bundle.append((156, struct.pack("<II", int(name.startswith("_")), n) + wide(f"rId{n}") + wide(name)))
        rels.append(f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.bin"/>')
        body = records((129, b""), DIMENSION, (145, b""), *cells, (146, b""), (130, b""))
        parts[f"xl/worksheets/sheet{n}.bin"] = body
    rels.append(f'<Relationship Id="rId98" Type="{OFFICE}/sharedStrings" Target="sharedStrings.bin"/>')
    rels.append(f'<Relationship Id="rId99" Type="{OFFICE}/styles" Target="styles.bin"/>')
    parts |= {
        "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.bin"/></Relationships>'.encode(),
        "xl/workbook.bin": records((131, b""), (143, b""), *bundle, (144, b""), (132, b"")),
        "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{PACKAGE}">{"".join(rels)}</Relationships>'.encode(),
        "xl/sharedStrings.bin": records(
            (159, struct.pack("<II", len(strings), len(strings))), *((19, b"\0" + wide(s)) for s in strings), (160, b"")
        ),
        "xl/styles.bin": records((278, b""), *styles, (279, b"")),
    }  # fmt: skip
    return packed(parts)


MONTHS: list[Record] = [
    (615, struct.pack("<I", 1)),
    (44, struct.pack("<H", 170) + wide("mmmm yyyy")),
    (616, b""),
    (617, struct.pack("<I", 3)),
    *((47, struct.pack("<HHHH", 0, form, 0, 0) + bytes(8)) for form in (0, 14, 170)),
    (618, b""),
]
CELLS: list[Record] = [
    row(0),
    shared(0, 0),
    shared(1, 1),
    row(1, hidden=True),
    text(0, "año\nx"),
    number(1, 2.5),
    blank(2),
    row(3),
    truth(0, True),
    fault(1, 0x17),
    text(2, " "),
    number(3, 40_210, style=1),
    number(4, 40_210, style=2),
]


def test_cells_as_they_are_shown() -> None:
    book = read_bytes("x.xlsx", xlsb({"Plan": CELLS, "_crmxl": [row(0), text(0, "z")]}, ["Ñandú", " "], MONTHS))
    assert book.findings == ()
    assert book.format == "xlsb"
    assert [(grid.name, grid.hidden) for grid in book.grids] == [("Plan", False), ("_crmxl", True)]
    grid = book.grids[0]
    assert grid.cells == {
        (0, 0): "Ñandú",
        (1, 0): "año\nx",
        (1, 1): 2.5,
        (3, 0): True,
        (3, 1): "#REF!",
        (3, 3): dt.date(2010, 2, 1),
        (3, 4): "2010-02",
    }
    assert grid.errors == {(3, 1)}
    assert grid.hidden_rows == {1}


@pytest.mark.parametrize(
    ("sheets", "code"),
    [
        ({"Plan": [row(1_048_575), number(16_383, 1)]}, "F109"),
        ({"Plan": [row(0), text(0, "x" * 33_000)]}, "F109"),
        ({}, "F107"),
    ],
)
def test_limits(sheets: Mapping[str, Sequence[Record]], code: str) -> None:
    assert [f.code.name for f in read_bytes("x.xlsb", xlsb(sheets)).findings] == [code]


@settings(max_examples=60)
@given(data=st.data())
def test_no_damage_raises(data: st.DataObject) -> None:
    """Inside the parts, where no sum protects: the package is made anew around them."""
    cells = bytearray(records((129, b""), DIMENSION, (145, b""), *CELLS, (146, b""), (130, b"")))
    for _ in range(data.draw(st.integers(1, 6))):
        cells[data.draw(st.integers(0, len(cells) - 1))] = data.draw(st.integers(0, 255))
    whole = xlsb({"Plan": []}, ["Ñandú", " "], MONTHS)
    parts = {**parts_of(whole), "xl/worksheets/sheet1.bin": bytes(cells)}
    book = SHARED.read("x.xlsb", packed(parts))
    assert book.grids or book.findings
