"""OpenDocument: every cell of content.xml arrives as it is shown, or the file is refused with its cause.

Rows are written short: `<r>` a row, `<c>` a cell, `<p>` a paragraph.
"""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmxl.reading import Grid
from crmxl.reading.book import read_bytes
from crmxl.reading.grid import Comment
from tests.formats import content, ods, table, text


def read(rows: str, style: str = "") -> Grid:
    book = read_bytes("x.ods", ods(table(rows, style=style)))
    assert book.findings == ()
    return book.grids[0]


def refusal(data: bytes) -> str:
    book = read_bytes("x.ods", data)
    assert book.grids == ()
    return book.findings[0].code.name


VALUES: list[tuple[str, Any]] = [
    ('office:value-type="string"><p>hola', "hola"),
    ('office:value-type="string"><p><text:s/>a<text:s/> b <text:s text:c="2"/>c ', " a  b   c "),
    ('office:value-type="string"><p>a<text:tab/>b<text:line-break/>c', "a\tb\nc"),
    ('office:value-type="string"><p>a</p><p>b</p><p/><p>c', "a\nb\n\nc"),
    ('office:value-type="string"><p/><p> b', "\n b"),
    ('office:value-type="string"><p>Art. <text:span>6<text:span>.10</text:span></text:span> bis', "Art. 6.10 bis"),
    ('office:value-type="string"><p>ver <text:a xlink:href="http://x">aquí</text:a>.', "ver aquí."),
    ('office:value-type="string"><p>\n   a\n   b <text:span> c</text:span>\n  ', "a b  c"),
    ('office:value-type="string"><p>&lt;b&gt; &amp;', "<b> &"),
    ('office:value-type="string"><draw:frame><draw:text-box><p>dibujo</p></draw:text-box></draw:frame><p>a', "a"),
    (
        'office:value-type="string"><p><text:ruby><text:ruby-base>東</text:ruby-base><text:ruby-text>ひがし'
        "</text:ruby-text></text:ruby>",
        "東",
    ),
    ('office:value-type="string"><text:list><text:list-item><p>uno</p></text:list-item></text:list><p>dos', "uno\ndos"),
    ('office:value-type="string" office:string-value="whole"><p>shown', "whole"),
    ('office:value-type="string" office:string-value="a b"><p>a</p><p>b', "a\nb"),
    ('office:value-type="string" office:string-value=""><p>shown', "shown"),
    ("><p>sin tipo", "sin tipo"),
    ('office:value-type="float" office:value="5"><p>5', 5),
    ('office:value-type="float" office:value="-1.5E-7"><p>0', -1.5e-7),
    ('office:value-type="float"><p>7,5', "7,5"),
    ('office:value-type="float" office:value="1_000"><p>1 000', "1 000"),
    ('office:value-type="percentage" office:value="0.5"><p>50%', 0.5),
    ('office:value-type="currency" office:currency="USD" office:value="5"><p>$5', 5),
    ('office:value-type="boolean" office:boolean-value="true"><p>VERDADERO', True),
    ('office:value-type="boolean" office:boolean-value="false"><p>FALSO', False),
    ('office:value-type="date" office:date-value="2010-02-01"><p>1/2/10', dt.date(2010, 2, 1)),
    ('office:value-type="date" office:date-value="2010-02-01T00:00:00"><p>1/2/10', dt.date(2010, 2, 1)),
    ('office:value-type="date" office:date-value="2010-02-01T10:20:30"><p>x', dt.datetime(2010, 2, 1, 10, 20, 30)),
    (
        'office:value-type="date" office:date-value="2010-02-01T10:20:30.500000000"><p>x',
        dt.datetime(2010, 2, 1, 10, 20, 30, 500_000),
    ),
    ('office:value-type="date" office:date-value="2010-13-45"><p>13/45/10', "13/45/10"),
    ('office:value-type="time" office:time-value="PT10H20M30S"><p>10:20', dt.time(10, 20, 30)),
    ('office:value-type="time" office:time-value="PT5M"><p>0:05', dt.time(0, 5)),
    ('office:value-type="time" office:time-value="PT30H00M00S"><p>30:00', dt.timedelta(hours=30)),
    ('office:value-type="time" office:time-value="-PT1H"><p>-1:00', dt.timedelta(hours=-1)),
    ('office:value-type="time" office:time-value="P"><p>ayer', "ayer"),
    ('office:value-type="date" office:date-value="ayer"><p>', "ayer"),
    ('table:formula="of:=[.A1]&amp;&quot;b&quot;" office:value-type="string" office:string-value="ab"><p>ab', "ab"),
]


@pytest.mark.parametrize(("cell", "value"), VALUES)
def test_a_cell_as_it_is_shown(cell: str, value: Any) -> None:
    grid = read(f"<r><c {cell}</p></c></r>")
    assert grid.cells == {(0, 0): value}
    assert type(grid.cells[0, 0]) is (float if type(value) is int else type(value))
    assert not grid.unsaved
    assert not grid.errors


@pytest.mark.parametrize(
    ("cell", "literal"),
    [
        (
            'table:formula="of:=#REF!" office:value-type="string" office:string-value="" calcext:value-type="error"',
            "#REF!",
        ),
        ('table:formula="of:=1/0" office:value-type="float" office:value="0"', "#DIV/0!"),
        ('table:formula="of:=NA()" office:value-type="string" office:string-value="#N/A"', "#N/A"),
        ('table:formula="of:=x" office:value-type="float" office:value="0"', "#¿NOMBRE?"),
        ('table:formula="of:=x"', "Err:508"),
    ],
)
def test_an_error_is_an_error_and_keeps_its_letters(cell: str, literal: str) -> None:
    grid = read(f"<r><c/><c {cell}><p>{literal}</p></c></r>")
    assert grid.cells == {(0, 1): literal}
    assert grid.errors == {(0, 1)}


def test_the_letters_of_an_error_typed_as_text_are_no_error() -> None:
    assert read(f"<r>{text('#REF!')}</r>").errors == frozenset()


@pytest.mark.parametrize(
    ("cell", "unsaved"),
    [
        ('<c table:formula="of:=[.B1]+1"/>', {(0, 0): "=[.B1]+1"}),
        ('<c table:formula="of:=[.B1]+1" office:value-type="float"/>', {(0, 0): "=[.B1]+1"}),
        ('<c table:formula="of:=&quot;&quot;"><p/></c>', {}),
        ('<c table:formula="of:=&quot;&quot;" office:value-type="string" office:string-value=""/>', {}),
    ],
)
def test_a_formula_without_a_saved_value_is_not_one_whose_value_is_empty(cell: str, unsaved: dict[Any, str]) -> None:
    grid = read(f"<r>{cell}</r>")
    assert grid.unsaved == unsaved
    assert grid.cells == {}


def test_a_note_is_beside_the_value_never_in_it() -> None:
    note = "<office:annotation>{}<p>revisar</p><p>esto</p></office:annotation>"
    signed = note.format("<dc:creator>CRI</dc:creator><dc:date>2010-01-01T00:00:00</dc:date>")
    grid = read(f'<r><c office:value-type="string">{signed}<p>hola</p></c><c>{note.format("")}</c></r>')
    assert grid.cells == {(0, 0): "hola"}
    assert grid.comments == {(0, 0): Comment("CRI", "revisar\nesto"), (0, 1): Comment("", "revisar\nesto")}


def test_what_is_repeated_is_laid_out() -> None:
    two = '<c office:value-type="string" table:number-columns-repeated="2"><p>a</p></c>'
    rows = f'<r table:number-rows-repeated="2"><c table:number-columns-repeated="3"/>{two}{text("b")}</r>'
    rows += f"<r>{text('c')}</r>"
    row = {3: "a", 4: "a", 5: "b"}
    assert read(rows).rows == {0: row, 1: row, 2: {0: "c"}}


def test_cells_under_a_merge_and_in_groups_of_rows_are_read() -> None:
    under = '<table:covered-table-cell office:value-type="string"><p>debajo</p></table:covered-table-cell>'
    rows = f"<table:table-header-rows><r>{text('a')}{under}</r></table:table-header-rows>"
    rows += f"<table:table-row-group><table:table-row-group><r>{text('b')}</r></table:table-row-group>"
    rows += "</table:table-row-group>"
    assert read(rows).cells == {(0, 0): "a", (0, 1): "debajo", (1, 0): "b"}


def test_blanks_to_the_end_of_the_sheet_cost_nothing() -> None:
    wide = '<c table:style-name="x" table:number-columns-repeated="16383"/>'
    rows = f"<r>{text('a')}{wide}</r>" * 2 + f'<r table:number-rows-repeated="1048574"><c/>{wide}</r>'
    begin = time.perf_counter()
    assert len(read(rows).cells) == 2
    assert time.perf_counter() - begin < 1


@pytest.mark.parametrize(
    "rows",
    [
        '<r table:number-rows-repeated="1048576"><c table:number-columns-repeated="16384" office:value-type="float" '
        'office:value="1"><p>1</p></c></r>',
        '<r table:number-rows-repeated="1048576"><c table:number-columns-repeated="16384" table:formula="of:=1"/></r>',
        f'<r table:number-rows-repeated="1048575"/><r><c table:number-columns-repeated="16383"/>{text("a")}</r>',
        f'<r table:number-rows-repeated="{10**30}"/><r>{text("a")}</r>',
    ],
)
def test_what_is_repeated_without_measure_is_refused(rows: str) -> None:
    assert refusal(ods(table(rows))) == "F109"


def test_repeats_do_not_add_up_over_the_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crmxl.reading.cells.CELL_COUNT_LIMIT", 3_000)
    many = '<r table:number-rows-repeated="1000"><c office:value-type="float" office:value="1"><p>1</p></c></r>'
    assert read_bytes("x.ods", ods("".join(table(many, name=f"H{i}") for i in range(3)))).grids
    assert refusal(ods("".join(table(many, name=f"H{i}") for i in range(4)))) == "F109"


def test_a_text_that_no_cell_can_hold_is_refused() -> None:
    assert refusal(ods(table(f"<r>{text('x' * 32_768)}</r>"))) == "F109"
    assert (
        refusal(ods(table('<r><c office:value-type="string"><p><text:s text:c="999999999"/>x</p></c></r>'))) == "F109"
    )


def test_sheets_in_their_order_hidden_ones_marked_caches_of_other_files_left_out() -> None:
    tables = table("", name="Plan") + table(f"<r>{text('a')}</r>", name="_crmxl", style="oculta")
    tables += table(f"<r>{text('z')}</r>", name="'file:///otro.ods'#Hoja1")
    book = read_bytes("x.ods", ods(tables))
    assert [(grid.name, grid.hidden, len(grid.cells)) for grid in book.grids] == [
        ("Plan", False, 0),
        ("_crmxl", True, 1),
    ]
    assert book.program == "Calc 1"


STYLES = """
<style:style style:name="roja" style:family="table-cell"/>
<style:style style:name="tachada" style:family="table-cell" style:parent-style-name="roja">
  <style:text-properties style:text-line-through-style="solid"/></style:style>
<style:style style:name="deshecha" style:family="table-cell" style:parent-style-name="tachada">
  <style:text-properties style:text-line-through-style="none"/></style:style>
<style:style style:name="vuelta" style:family="table-cell" style:parent-style-name="otra"/>
<style:style style:name="otra" style:family="table-cell" style:parent-style-name="vuelta"/>
<style:style style:name="heredada" style:family="table-cell" style:parent-style-name="tachada"/>
<style:style style:name="trozo" style:family="text"><style:text-properties style:text-line-through-style="solid"/>
</style:style>"""


def styled(cells: str, columns: str = "", row: str = "") -> Grid:
    """A row of cells with the styles above, which are declared where LibreOffice declares those that have a name."""
    styles = content("").partition("<office:automatic-styles>")[0].replace("document-content", "document-styles")
    styles += f"<office:styles>{STYLES}</office:styles></office:document-styles>"
    data = ods(table(f"{columns}<r {row}>{cells}</r>"), **{"styles.xml": styles})
    (grid,) = read_bytes("x.ods", data).grids
    return grid


def test_text_that_is_struck_out() -> None:
    def cell(style: str, inside: str = "a") -> str:
        return f'<c table:style-name="{style}" office:value-type="string"><p>{inside}</p></c>'

    part = 'a <text:span text:style-name="trozo">b</text:span>'
    blank = 'a <text:span text:style-name="trozo"> </text:span>'
    names = ("tachada", "roja", "heredada", "deshecha", "vuelta")
    grid = styled(
        "".join(map(cell, names)) + cell("roja", part) + cell("roja", blank) + '<c table:style-name="tachada"/>'
    )
    assert grid.struck == {(0, 0), (0, 2), (0, 5)}


def test_text_that_is_struck_out_with_its_row_or_column() -> None:
    columns = '<table:table-column table:number-columns-repeated="2" table:default-cell-style-name="roja"/>'
    columns += '<table:table-column table:default-cell-style-name="tachada"/>'
    assert styled(text("a") * 4, columns).struck == {(0, 2)}
    assert styled(text("a") * 2, columns, 'table:default-cell-style-name="tachada"').struck == {(0, 0), (0, 1)}


def test_cells_that_offer_a_list() -> None:
    rules = """<table:content-validations>
    <table:content-validation table:name="lista" table:condition="of:cell-content-is-in-list([$Listas.$A$1:.$A$5])"/>
    <table:content-validation table:name="largo" table:condition="of:cell-content-text-length()&lt;=5"/>
    </table:content-validations>"""
    cells = "".join(
        f'<c table:content-validation-name="{name}" office:value-type="string"><p>a</p></c>'
        for name in ("lista", "largo")
    )
    (grid,) = read_bytes("x.ods", ods(rules + table(f'<r table:number-rows-repeated="2">{cells}</r>'))).grids
    assert grid.lists == (((0, 0), (1, 0)),)


def test_two_sheets_of_one_name_are_refused() -> None:
    assert refusal(ods(table("") * 2)) == "F107"


def test_a_table_inside_a_cell_is_part_of_its_text() -> None:
    inner = table(f"<r>{text('x')}</r>", name="dentro")
    assert read(f"<r><c>{inner}</c></r><r>{text('a')}</r>").cells == {(0, 0): "x", (1, 0): "a"}


def test_indented_xml_which_calamine_does_not_open_is_read() -> None:
    rows = "\n  <r>\n    <c office:value-type='string'>\n      <p>a</p>\n    </c>\n    <c/>\n  </r>\n"
    assert read(rows).cells == {(0, 0): "a"}


@pytest.mark.parametrize("cells", [{}, {(0, 0): "a", (5, 5): "x"}])
def test_a_second_reader_that_sees_other_cells_refuses_the_file(
    cells: dict[Any, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmxl.reading.cells.Calamine.cells", lambda *_: cells)
    assert refusal(ods(table(f"<r>{text('a')}</r>"))) == "F108"


WHOLE = ods(
    table(f"<r>{text('a')}<c office:value-type='float' office:value='5'><p>5</p></c></r><r>{text('año')}</r>")
    + table('<r><c table:formula="of:=1"/></r>', name="Otra", style="oculta")
)
XML = [
    '<c office:value-type="float" office:value="{}"><p>{}</p></c>',
    '<c office:value-type="{}" office:string-value="{}"/>',
    '<c office:value-type="date" office:date-value="{}"><p>{}</p></c>',
    '<c office:value-type="time" office:time-value="{}"><p>{}</p></c>',
    '<c table:number-columns-repeated="{}" table:formula="{}"/>',
    "<r><c><p>{}{}</p></c></r>",
]
BITS = st.sampled_from(["", "0", "-1", "99999999999", "1e999", "NaN", "2010-02-30", "P1D", "PT1H", "string", "x", " "])


@settings(max_examples=80)
@given(
    cut=st.integers(0, len(WHOLE)),
    short=st.booleans(),
    flips=st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(1, 255)), max_size=4),
)
def test_no_damage_raises(cut: int, short: bool, flips: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for at, bits in flips:
        data[at] ^= bits
    book = read_bytes("x.ods", bytes(data[:cut] if short else data))
    assert bool(book.grids) != bool(book.findings)


@settings(max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(XML), BITS, BITS), max_size=6))
def test_no_strange_cell_raises(cells: list[tuple[str, str, str]]) -> None:
    book = read_bytes("x.ods", ods(table(f"<r>{''.join(xml.format(a, b) for xml, a, b in cells)}</r>")))
    assert bool(book.grids) != bool(book.findings)
    assert {item.code.name for item in book.findings} <= {"F107", "F109"}
