"""Excel 97-2003: calamine gives the values, xlrd counts them, with errors and notes; the one must agree with the
other. Workbooks are made of their records."""

from __future__ import annotations

import datetime as dt
import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmxl.reading import read_book
from crmxl.reading.book import read_bytes
from crmxl.reading.process import SHARED
from tests.bench import PLAN
from tests.formats import Record, error, formula, label, number, truth, xls

CELLS: list[Record] = [
    label(0, 0, "año\tx\ny"),
    number(1, 0, 40_210, day=True),
    number(1, 1, 40_210.5, day=True),
    number(2, 0, 5),
    truth(3, 0, True),
    error(4, 1, 0x17),
    *formula(5, 0, "ab"),
    label(6, 0, "   "),
]


def test_cells_as_they_are_shown() -> None:
    book = read_bytes("x.xlsx", xls({"Plan": CELLS, "_crmxl": [label(0, 0, "z")]}, hidden="_crmxl"))
    assert book.findings == ()
    assert [(grid.name, grid.hidden) for grid in book.grids] == [("Plan", False), ("_crmxl", True)]
    assert book.grids[0].cells == {
        (0, 0): "año\tx\ny",
        (1, 0): dt.date(2010, 2, 1),
        (1, 1): dt.datetime(2010, 2, 1, 12),
        (2, 0): 5,
        (3, 0): True,
        (4, 1): "#REF!",
        (5, 0): "ab",
    }
    assert book.grids[0].errors == {(4, 1)}


def test_days_counted_from_1904() -> None:
    book = read_bytes("x.xls", xls({"Plan": [number(0, 0, 38_748, day=True)]}, globals_=[(0x0022, b"\1\0")]))
    assert book.grids[0].cells == {(0, 0): dt.date(2010, 2, 1)}


@pytest.mark.parametrize(
    ("sheets", "code"),
    [
        ({"Plan": [number(65_535, 255, 1)]}, "F109"),
        ({"Plan": [label(0, 0, "x" * 4_000)]}, None),
        ({}, "F107"),
    ],
)
def test_limits(sheets: dict[str, list[Record]], code: str | None) -> None:
    assert [item.code.name for item in read_bytes("x.xls", xls(sheets)).findings] == ([code] if code else [])


@pytest.mark.parametrize("cells", [{}, {(0, 0): "a", (5, 5): "x"}, {(1, 0): "a"}])
def test_two_readers_that_disagree_refuse_the_file(cells: dict[Any, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crmxl.reading.cells.Calamine.cells", lambda *_: cells)
    book = read_bytes("x.xls", xls({"Plan": [label(0, 0, "a")]}))
    assert [item.code.name for item in book.findings] == ["F108"]


WHOLE = xls({"Plan": CELLS, "Otra": CELLS[:3]})


@settings(max_examples=150)
@given(
    cut=st.integers(0, len(WHOLE)),
    short=st.booleans(),
    flips=st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(1, 255)), max_size=6),
)
def test_no_damage_raises(cut: int, short: bool, flips: list[tuple[int, int]], tmp_path_factory: Any) -> None:
    """Through the reading process: damage may make a reader abort it."""
    data = bytearray(WHOLE)
    for at, bits in flips:
        data[at] ^= bits
    path = tmp_path_factory.mktemp("damage") / "x.xls"
    path.write_bytes(bytes(data[:cut] if short else data))
    book = read_book(path)
    assert bool(book.grids) != bool(book.findings)
    assert read_book(PLAN).grids


def test_a_file_that_aborts_calamine_costs_no_other() -> None:
    """Its sheet says that it reaches to row 4,294,967,295; calamine takes the memory for that."""
    far = (0x0200, struct.pack("<2I3H", 0, 2**32 - 1, 0, 2**16 - 1, 0))
    book = SHARED.read("x.xls", xls({"Plan": [far, label(0, 0, "a")]}))
    assert [item.code.name for item in book.findings] == ["F112"]
    assert read_book(PLAN).grids
