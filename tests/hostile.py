"""Hostile and odd files, made for the tests: each a workbook as nobody should send it, and as somebody does.

Most are Costa Rica's template with one thing done to it. `accepted` are those in which real answers must be found,
`refused` those that must not be read, with the code that says why.
"""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable, Mapping

from tests.formats import ODS, compound, content, ods, table, xls
from tests.formats import label as biff_label

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
Parts = dict[str, bytes]


def parts_of(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    parts = parts_of(data)
    return packed({**parts, part: change(parts[part])})


def simple(rows: str, *, strings: str = "", more: str = "", sheet_head: str = "") -> bytes:
    """A whole small workbook with these rows of XML on its one sheet."""
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    shared = f'<Relationship Id="rId2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>' if strings else ""
    parts = {
        "[Content_Types].xml": types,
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{office}"><sheets>'
        '<sheet name="Hoja" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="rId1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>{shared}</Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{sheet_head}<sheetData>{rows}</sheetData>{more}</worksheet>',
    }
    if strings:
        parts["xl/sharedStrings.xml"] = strings
    return packed({name: text.encode("utf-8", "surrogatepass") for name, text in parts.items()})


def cell(at: str, inner: str = "<v>1</v>", kind: str = "n") -> str:
    return f'<row r="{re.sub("[A-Z]", "", at)}"><c r="{at}" t="{kind}">{inner}</c></row>'


def text_cell(at: str, text: str) -> str:
    return cell(at, f"<is><t>{text}</t></is>", "inlineStr")


INJECTIONS = ("=cmd|' /C calc'!A0", "@SUM(1+1)", "+1+1", "-Por definir", '=HYPERLINK("http://x","y")', "\t=1+1")


def refused(template: bytes) -> dict[str, tuple[bytes, set[str]]]:
    """What must not be read, with the codes that may say why."""
    book = "xl/workbook.xml"
    sheet = "xl/worksheets/sheet2.xml"
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    outside = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'

    def with_head(head: bytes) -> Callable[[bytes], bytes]:
        return lambda xml: re.sub(rb"^<\?xml[^>]*\?>", b"", xml).join([head, b""])

    many = packed({"[Content_Types].xml": b"<Types/>", **{f"x/{n}": b"" for n in range(5_001)}})
    twice = io.BytesIO(template)
    with zipfile.ZipFile(twice, "a") as archive:
        archive.writestr("XL/Workbook.xml", b"<workbook/>")
    lying = bytearray(packed({"[Content_Types].xml": b"<Types/>", book: b"x" * 1000}))
    at = lying.find(b"PK\x01\x02")
    at = lying.find(b"PK\x01\x02", at + 1)
    lying[at + 24 : at + 28] = struct.pack("<I", 10)
    far = '<row r="2"><c r="B2"><v>1</v></c></row><row r="900000"><c r="T900000"><v>1</v></c></row>'
    wide = "".join(f'<row r="{r}">' + f'<c r="A{r}"><v>1</v></c>' * 1 + "</row>" for r in range(1, 500_003))
    return {
        "empty": (b"", {"F102"}),
        "text": (b"Estimados: adjunto el plan", {"F104"}),
        "csv": (b"No;Actividad\n1.1;Informar\n", {"F105"}),
        "csv utf-16": ("No;Actividad\n1.1;Informar\n".encode("utf-16"), {"F104", "F105"}),
        "html": (b"<html><body><table><tr><td>1</td></tr></table></body></html>", {"F104"}),
        "xml of excel 2003": (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', {"F104"}),
        "pdf": (b"%PDF-1.7\n%\xe2\xe3", {"F104"}),
        "picture": (b"\x89PNG\r\n\x1a\n" + bytes(64), {"F104"}),
        "rtf": (b"{\\rtf1\\ansi Plan}", {"F104"}),
        "word": (packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}), {"F104"}),
        "opendocument text": (packed({"mimetype": b"application/vnd.oasis.opendocument.text"}, 0), {"F104"}),
        "epub": (packed({"mimetype": b"application/epub+zip"}, 0), {"F104"}),
        "encrypted": (compound("EncryptedPackage"), {"F106"}),
        "other office": (compound("WordDocument"), {"F104"}),
        "xls with a password": (xls({"Hoja": []}, globals_=[(0x002F, bytes(54))]), {"F106"}),
        "excel 4": (b"\x09\x04\x06\x00" + bytes(80), {"F105"}),
        "xls cut": (xls({"Plan": [biff_label(0, 0, "x")]})[:700], {"F104", "F107", "F108"}),
        "random bytes": (random.Random(1).randbytes(5_000), {"F104"}),
        "zip header and nothing": (b"PK\x03\x04" + bytes(40), {"F107"}),
        "billion laughs": (changed(template, book, with_head(doctype)), {"F109"}),
        "entity from a file": (changed(template, sheet, with_head(outside)), {"F109"}),
        "doctype in utf-16": (changed(template, sheet, lambda xml: (outside.decode() + "<a/>").encode("utf-16")), {"F109"}),
        "ods with entities": (ods("", **{"content.xml": '<!DOCTYPE x [<!ENTITY a "b">]>' + content("")[38:]}), {"F109"}),
        "zip bomb": (packed({"[Content_Types].xml": b"<Types/>", "xl/sharedStrings.xml": bytes(60 * 2**20)}), {"F109"}),
        "many members": (many, {"F109"}),
        "names that differ by case": (twice.getvalue(), {"F109"}),
        "a size that lies": (bytes(lying), {"F107"}),
        "no workbook": (packed({"[Content_Types].xml": b"<Types/>"}), {"F107"}),
        "workbook without sheets": (changed(simple(cell("A1")), book, lambda x: x.replace(b"<sheet ", b"<other ")), {"F107"}),
        "sheet part missing": (packed({n: t for n, t in parts_of(simple(cell("A1"))).items() if "sheet1" not in n}), {"F107"}),
        "two sheets of one name": (
            changed(template, book, lambda x: x.replace(b'name="Matriz trata"', b'name="Plan"')),
            {"F107", "F108"},
        ),
        "xml cut": (changed(template, sheet, lambda xml: xml[: len(xml) // 2]), {"F107"}),
        "control character": (simple(text_cell("A1", "a\x01b")), {"F107"}),
        "ampersand": (simple(text_cell("A1", "a & b")), {"F107"}),
        "far cell": (simple(cell("XFD1048576")), {"F109"}),
        "sparse": (simple(far), {"F109"}),
        "row out of this world": (simple('<row r="4294967297"><c r="A4294967297"><v>1</v></c></row>'), {"F107", "F109"}),
        "too many cells": (simple(wide), {"F109"}),
        "text too long": (simple(text_cell("A1", "x" * 33_000)), {"F109"}),
        "emoji too long": (simple(text_cell("A1", "\U0001f600" * 20_000)), {"F109"}),
        "reference that is none": (simple('<row r="1"><c r="?"><v>1</v></c></row>'), {"F107", "F108"}),
        "the same cell twice": (simple(cell("A1") + cell("A1")), {"F108"}),
        "ods repeated without end": (
            ods(table('<r table:number-rows-repeated="1048576"><c office:value-type="string" '
                      'table:number-columns-repeated="1024"><p>x</p></c></r>', "Plan")),
            {"F109"},
        ),
        "ods without content": (packed({"mimetype": ODS.encode()}, 0), {"F107"}),
    }  # fmt: skip


def accepted(template: bytes) -> dict[str, bytes]:
    """Costa Rica's template as it may come back with all its answers, however it was treated."""
    plan = "xl/worksheets/sheet3.xml"
    book = "xl/workbook.xml"
    strict = {
        name: text.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        if not name.endswith((".vml", "[Content_Types].xml"))
        else text
        for name, text in parts_of(template).items()
    }
    merges = "".join(f'<mergeCell ref="AA{n}:AB{n}"/>' for n in range(100, 20_100)).encode()
    blank_rows = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(200, 400_000))
    return {
        "as it was filled": template,
        "stored without compression": packed(parts_of(template), zipfile.ZIP_STORED),
        "names with backslashes": packed({n.replace("/", "\\") if n.startswith("docProps") else n: t
                                          for n, t in parts_of(template).items()}),
        "strict open xml": packed(strict),
        "macro enabled": changed(template, "[Content_Types].xml", lambda x: x.replace(
            b"spreadsheetml.sheet.main+xml", b"sheet.macroEnabled.main+xml")),
        "with macros": packed({**parts_of(template), "xl/vbaProject.bin": b"x"}),
        "template of excel": changed(template, "[Content_Types].xml", lambda x: x.replace(
            b"spreadsheetml.sheet.main+xml", b"spreadsheetml.template.main+xml")),
        "dimension that lies": changed(template, plan, lambda x: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', x)),
        "no dimension": changed(template, plan, lambda x: re.sub(rb"<dimension [^>]*/>", b"", x)),
        "comments in the xml": changed(template, plan, lambda x: x.replace(b"<sheetData>", b"<!-- <c r='A1'><v>1</v></c> --><sheetData>")),
        "merged to the end of the world": changed(template, plan, lambda x: x.replace(
            b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="AA100:XFD1048576"/></mergeCells>')),
        "twenty thousand merges": changed(template, plan, lambda x: x.replace(
            b"</sheetData>", b"</sheetData><mergeCells>" + merges + b"</mergeCells>")),
        "formatted empty rows": changed(template, plan, lambda x: x.replace(b"</sheetData>", blank_rows + b"</sheetData>")),
        "names that are not ours": changed(template, book, lambda x: x.replace(
            b"<definedNames>", b"<definedNames><definedName name='_xlfn.X' hidden='1'>#NAME?</definedName>")),
        "without any name": changed(template, book, lambda x: re.sub(rb"<definedNames>.*</definedNames>", b"", x)),
        "properties that are no xml": changed(template, "docProps/app.xml", lambda x: x[:40]),
        "broken styles": changed(template, "xl/styles.xml", lambda x: x.replace(b'numFmtId="', b'numFmtId="x', 1)),
        "a picture that swells": packed({**parts_of(template), "xl/media/image1.png": bytes(9 * 2**20)}),
        "an attribute of a megabyte": changed(template, plan, lambda x: x.replace(
            b"<sheetData>", b'<sheetData xml:x="' + b"y" * 2**20 + b'">')),
    }  # fmt: skip


def odd() -> dict[str, tuple[bytes, set[str]]]:
    """Small workbooks that are none of ours; what is in them is read whole, or refused with its cause."""
    shared = f'<sst xmlns="{MAIN}" uniqueCount="4294967295" count="4294967295"><si><t>x</t></si></sst>'
    injected = "".join(text_cell(f"A{n}", text.replace("&", "&amp;")) for n, text in enumerate(INJECTIONS, start=1))
    return {
        "one number": (simple(cell("A1")), {"F110"}),
        "deep xml": (simple(cell("A1"), more="<a>" * 100_000 + "</a>" * 100_000), {"F110"}),
        "a count that lies": (simple(cell("A1", "<v>0</v>", "s"), strings=shared), {"F110", "F108", "F112"}),
        "shared string that is not there": (simple(cell("A1", "<v>7</v>", "s"), strings=shared), {"F108", "F110", "F112"}),
        "not a number": (simple(cell("A1", "<v>NaN</v>")), {"F110", "F108", "F107"}),
        "endless number": (simple(cell("A1", "<v>1e999</v>")), {"F110", "F108", "F107"}),
        "truth that is seven": (simple(cell("A1", "<v>7</v>", "b")), {"F110", "F108", "F107"}),
        "unknown type": (simple(cell("A1", "<v>7</v>", "zz")), {"F110", "F108", "F107"}),
        "unknown error": (simple(cell("A1", "<v>#GETTING_DATA</v>", "e")), {"F110", "F108", "F107"}),
        "date before time": (simple(cell("A1", "<v>-5</v>")), {"F110", "F108"}),
        "cells without references": (simple("<row><c><v>1</v></c><c/><c><v>2</v></c></row>"), {"F110"}),
        "formula without a value": (simple(cell("A1", "<f>1+1</f>")), {"F110"}),
        "formulas in texts": (simple(injected), {"F110"}),
        "escaped control": (simple(text_cell("A1", "a_x0000_b_x0001_")), {"F110"}),
        "right to left": (simple(text_cell("A1", "\u202eabc\u200b")), {"F110"}),
        "spaces only": (simple(text_cell("A1", "\u00a0 \u200b")), {"F110"}),
        "three hundred sheets": (_sheets(300), {"F110"}),
    }  # fmt: skip


def _sheets(count: int) -> bytes:
    parts = parts_of(simple(cell("A1")))
    one = parts["xl/workbook.xml"]
    sheets = b"".join(b'<sheet name="H%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(1, count + 1))
    parts["xl/workbook.xml"] = re.sub(rb"<sheet [^>]*/>", sheets, one)
    return packed(parts)
