"""Our own pass over the XML of a sheet, held against one that builds every element."""

from __future__ import annotations

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from crmxl.findings import position
from crmxl.reading import scan
from crmxl.reading.gate import Refusal
from crmxl.values import is_blank

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def sheet(rows: str, prefix: str = "", space: str = MAIN, encoding: str = "utf-8") -> bytes:
    """The XML of a sheet with these rows; tags are written without their prefix."""
    xmlns = f"xmlns:{prefix}" if prefix else "xmlns"
    for tag in ("row", "c", "v", "f", "is", "t", "r", "rPh", "cols", "col", "mergeCells", "mergeCell", "sheetData"):
        for end in (" ", ">", "/>"):
            rows = rows.replace(f"<{tag}{end}", f"<{prefix and prefix + ':'}{tag}{end}")
        rows = rows.replace(f"</{tag}>", f"</{prefix and prefix + ':'}{tag}>")
    top = f"{prefix}:worksheet" if prefix else "worksheet"
    text = f'<?xml version="1.0" encoding="{encoding}"?><{top} {xmlns}="{space}">{rows}</{top}>'
    return text.encode(encoding)


def built(data: bytes, blanks: frozenset[int]) -> dict[tuple[int, int], str]:
    """The cells with a value and their types, by building every element: slow, and plain to see."""
    found = {}
    row, column = -1, -1
    for node in ElementTree.fromstring(data).iter():
        name = node.tag.rsplit("}", 1)[-1]
        if name == "row":
            row, column = int(node.get("r", row + 2)) - 1, -1
        if name != "c":
            continue
        row, column = position(node.get("r", "")) if node.get("r") else (row, column + 1)
        kind, value, inline = node.get("t", "n"), None, None
        for child in node:
            if child.tag.endswith("}v"):
                value = child.text or ""
            if child.tag.endswith("}is"):
                inline = "".join(
                    t.text or ""
                    for part in child
                    for t in ([part] if part.tag.endswith("}t") else part)
                    if t.tag.endswith("}t") and not part.tag.endswith("}rPh")
                )
        filled = not is_blank(value or "") if value is not None else False
        if kind == "s" and filled:
            filled = int(value or 0) not in blanks
        if filled or (kind != "s" and not is_blank(inline or "")):
            found[row, column] = kind
    return found


PIECES = [
    '<c r="{at}"><v>1</v></c>',
    '<c r="{at}" s="3"/>',
    '<c r="{at}"></c>',
    '<c r="{at}"><v></v></c>',
    '<c r="{at}" t="s"><v>0</v></c>',
    '<c r="{at}" t="s"><v>1</v></c>',
    '<c r="{at}" t="e"><v>#REF!</v></c>',
    '<c r="{at}" t="str"><f>IF(A1&gt;"c",1)</f><v> \u2713 </v></c>',
    '<c r="{at}" t="str"><f>A1</f><v>&#160; &#x20;</v></c>',
    '<c r="{at}"><f>A1</f></c>',
    '<c t="inlineStr" r="{at}"><is><t xml:space="preserve"> hola </t></is></c>',
    '<c r="{at}" t="inlineStr"><is><r><t>a</t></r><rPh sb="0" eb="1"><t>b</t></rPh></is></c>',
    '<c r="{at}" t="inlineStr"><is><rPh sb="0" eb="1"><t>b</t></rPh></is></c>',
    '<c r="{at}"><!-- <v>1</v> --></c>',
    '<c r="{at}" t="str"><v><![CDATA[<c r="Z9"><v>5</v></c>]]></v></c>',
    '<c r="{at}" t="str"><v><![CDATA[ ]]></v></c>',
    '<c r="{at}"><v>2</v><?pi <c r="Z9"><v>5</v></c>?></c>',
    "<c><v>7</v></c>",
    "<c/>",
    '<c s="1" x="a>b"><v>7</v></c>',
]
rows = st.lists(st.lists(st.sampled_from(PIECES), max_size=6), max_size=6)


@given(rows, st.sampled_from(["", "x"]), st.sampled_from([MAIN, STRICT]), st.sampled_from(["utf-8", "utf-16"]))
def test_the_same_cells_as_by_building_every_element(
    pieces: list[list[str]], prefix: str, space: str, encoding: str
) -> None:
    body = ""
    for number, row in enumerate(pieces, start=1):
        cells = "".join(p.replace("{at}", f"{chr(65 + place)}{number}") for place, p in enumerate(row))
        body += f'<row r="{number}">{cells}</row>'
    data = sheet(f"<sheetData>{body}</sheetData>", prefix, space, encoding)
    blanks = frozenset([1])
    found = scan.sheet(scan.plain(data), "x", scan.Strings(blanks), scan.Styles())
    wanted = built(data, blanks)
    assert found.values >= len(wanted)  # two cells at one place are two
    spots = {spot for spot, attributes, inside in scan._cells(scan.plain(data)) if spot in wanted}
    assert spots == set(wanted)
    assert set(found.errors) == {spot for spot, kind in wanted.items() if kind == "e"} or found.values > len(wanted)


def test_what_else_a_sheet_tells() -> None:
    data = sheet(
        '<cols><col min="2" max="3" hidden="1"/></cols><sheetData>'
        '<row r="1"><c r="A1" s="1"><v>40210</v></c></row><row r="4" hidden="true"><c r="B4" s="2"><v>1</v></c></row>'
        '<row r="5"><c r="A5" t="s"><v>2</v></c><c r="B5"><f>1/0</f></c></row></sheetData>'
        '<mergeCells count="1"><mergeCell ref="A2:B3"/></mergeCells>'
        '<dataValidations><dataValidation sqref="C1:C9 E2" allowBlank="1" type="list"><formula1>"a,b"</formula1>'
        '</dataValidation><dataValidation type="textLength" sqref="D1"/></dataValidations>'
        '<extLst><ext><x14:dataValidations><x14:dataValidation type="list"><x14:formula1><xm:f>Listas!A1:A3</xm:f>'
        "</x14:formula1><xm:sqref>F1:F2</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"
    )
    styles = scan.Styles({"1": "%Y-%m"}, frozenset(["2"]))
    found = scan.sheet(data, "x", scan.Strings(struck=frozenset([2])), styles)
    assert found.hidden_columns == {1, 2}
    assert found.hidden_rows == {3}
    assert found.merged == (((1, 0), (2, 1)),)
    assert found.lists == (((0, 2), (8, 2)), ((1, 4), (1, 4)), ((0, 5), (1, 5)))
    assert found.coarse == {(0, 0): "%Y-%m"}
    assert found.struck == {(3, 1), (4, 0)}
    assert found.unsaved == {(4, 1): "=1/0"}
    assert found.values == 3


def test_shared_strings() -> None:
    text = (
        b'<sst><si><t>a</t></si><si><t xml:space="preserve"> </t></si><si/><si><r><t>b</t></r></si>'
        b"<si><r><rPr><strike/></rPr><t>c</t></r></si><si><rPh><t>d</t></rPh></si>"
        b'<si><r><rPr><strike val="0"/></rPr><t>e</t></r></si></sst>'
    )
    assert scan.strings(text) == scan.Strings(frozenset([1, 2, 5]), frozenset([4]))


@pytest.mark.parametrize("data", [b"", b"<a>", b"<a/><b/>", b"<a>&x;</a>", b"<!DOCTYPE a><a/>", b"\xff\xfe<\0a"])
def test_what_is_not_well_formed_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal):
        scan.plain(data)


USUAL = [
    *('<c r="{at}"><v>1</v></c>', '<c r="{at}" s="3"/>', '<c r="{at}" s="1"><v>40210</v></c>', '<c r="{at}"></c>'),
    *('<c r="{at}" s="2" t="s"><v>0</v></c>', '<c r="{at}" t="s"><v>1</v></c>', '<c r="{at}" t="s"><v>2</v></c>'),
    *('<c r="{at}" t="s"><v>02</v></c>', '<c r="{at}" t="s"><v></v></c>', '<c r="{at}" t="s"><v> </v></c>'),
    *('<c r="{at}" t="e"><v>#REF!</v></c>', '<c r="{at}" t="b"><v>0</v></c>', '<c r="{at}" t="s"><v>-1</v></c>'),
    *('<c r="{at}" t="str"><f>IF(A1&gt;"c",1)</f><v> \u2713 </v></c>', '<c r="{at}"><f ca="1">A1+1</f></c>'),
    *('<c r="{at}" t="str"><f>A1</f><v>&#160; &#x20;</v></c>', '<c r="{at}"><f>A1&amp;"x"</f><v></v></c>'),
    *('<c r="{at}" t="str"><f>A1</f></c>', '<c r="{at}"><f t="shared" si="0"/><v>2</v></c>'),
    *('<c r="{at}" t="inlineStr"><is><t>hola</t></is></c>', '<c r="{at}" t="inlineStr"><is><t> </t></is></c>'),
    *('<c r="{at}" t="str"><v>\u200b</v></c>', '<c r="{at}" t="str"><v>\u200b\u00e1</v></c>'),
]
"""Cells as programs mostly write them: taken by one pattern."""


@given(st.lists(st.lists(st.sampled_from(USUAL), max_size=5), max_size=5))
def test_what_one_pattern_takes_is_what_a_search_in_each_cell_finds(pieces: list[list[str]]) -> None:
    body = ""
    for number, row in enumerate(pieces, start=1):
        cells = "".join(p.replace("{at}", f"{chr(65 + place)}{number}") for place, p in enumerate(row))
        body += f'<row r="{number}">{cells}</row>'
    data = scan.plain(sheet(f"<sheetData>{body}</sheetData>"))
    styles = scan.Styles({"1": "%Y-%m"}, frozenset(["2"]))
    known = scan.Strings(frozenset([1]), frozenset([2]))
    assert (scan._usual_cells(data) is None) == ("<v>02</v>" in body)
    at_once = scan.sheet(data, "x", known, styles)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(scan, "_usual_cells", lambda _: None)
        assert at_once == scan.sheet(data, "x", known, styles)


@given(st.lists(st.sampled_from(["a", " ", "&#160;", "\u200b", "&amp;", "\u00a0x", ""]), max_size=6))
def test_usual_strings_are_blank_where_a_search_in_each_says_so(texts: list[str]) -> None:
    told = "".join(f"<si><t>{text}</t></si>" for text in texts).encode()
    rich = told + b"<si><r><t>x</t></r></si>"  # one of two parts: a search in each
    assert scan.strings(b"<sst>" + told + b"</sst>") == scan.strings(b"<sst>" + rich + b"</sst>")
