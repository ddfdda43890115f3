"""Our own pass over the sheets of an Open XML workbook: what stands in each, straight from its XML.

No reader reports all of it, and none is trusted to count itself. The XML is first checked whole by expat (well formed,
no DOCTYPE), then searched by patterns, which is ten times as fast as to build its elements. What the patterns cannot
read with certainty (comments, CDATA and processing instructions, other encodings than UTF-8) is brought into the plain
form first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape
from itertools import islice
from typing import TypeAlias
from xml.parsers import expat

from crmxl.findings import position
from crmxl.messages import Code
from crmxl.reading.cells import CELL_COUNT_LIMIT, check_extent
from crmxl.reading.gate import Refusal
from crmxl.reading.grid import LIST_LIMIT, Area, Position
from crmxl.values import is_blank

MERGED_LIMIT = 100_000
"""Merged areas of a sheet that are kept; nobody reads more."""


@dataclass(slots=True)
class Styles:
    """What cell styles say that values do not tell, by the number of the style."""

    coarse: Mapping[str, str] = field(default_factory=dict)
    """Styles that show a month or a year and no day, with the form of what they show."""
    struck: frozenset[str] = frozenset()
    """Styles whose text is struck out."""


@dataclass(slots=True)
class Strings:
    """Of the shared strings, by their place: which are blank, and which have a part that is struck out."""

    blank: frozenset[int] = frozenset()
    struck: frozenset[int] = frozenset()


@dataclass(slots=True)
class Scan:
    """What our own pass finds in one sheet."""

    values: int = 0
    errors: dict[Position, str] = field(default_factory=dict)
    """Error cells with what they show: calamine delivers them empty."""
    unsaved: dict[Position, str] = field(default_factory=dict)
    coarse: dict[Position, str] = field(default_factory=dict)
    struck: set[Position] = field(default_factory=set)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[Area, ...] = ()
    lists: tuple[Area, ...] | None = None
    last: Position = (-1, -1)


def plain(data: bytes) -> bytes:
    """Well-formed XML in UTF-8 without comments, CDATA and processing instructions; a Refusal for anything else."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError):
        raise Refusal(Code.F107) from None
    text = _in_utf8(data)
    if b"<!" in text or text.count(b"<?") > 1:
        text = _ODDITIES.sub(_made_plain, text)
    return text


def _no_doctype(*_: object) -> None:
    raise Refusal(Code.F109, cause="DTD")


_ODDITIES = re.compile(rb"<!--.*?-->|<!\[CDATA\[(.*?)\]\]>|<\?.*?\?>", re.DOTALL)


def _made_plain(match: re.Match[bytes]) -> bytes:
    return escape((match[1] or b"").decode(), quote=False).encode()


_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")


def _in_utf8(data: bytes) -> bytes:
    """The same XML in UTF-8, whatever its encoding; expat has read it, so that it is one of those that XML knows."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16").encode()
    if data.startswith((b"<\0?\0", b"\0<\0?")):
        return data.decode("utf-16-le" if data[0] else "utf-16-be").encode()
    declared = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
    name = declared[1].decode().lower() if declared else "utf-8"
    return data if name in ("utf-8", "utf8", "us-ascii") else data.decode(name, "replace").encode()


_ATTRIBUTES = rb"""((?:[^>"'/]|"[^"]*"|'[^']*'|/(?!>))*)"""
_PREFIX = rb"(?:[\w.-]+:)?"
_ROW_OR_CELL = re.compile(
    rb"<" + _PREFIX + rb"(?:row(?=[\s/>])" + _ATTRIBUTES + rb"/?>"
    rb"|c(?=[\s/>])" + _ATTRIBUTES + rb"(?:/>|>(.*?)</" + _PREFIX + rb"c\s*>))",
    re.DOTALL,
)
_FILLED_CELL = re.compile(
    rb"<" + _PREFIX + rb"c(?=[\s>])" + _ATTRIBUTES + rb">(.*?)</" + _PREFIX + rb"c\s*>", re.DOTALL
)
_REFERENCE = re.compile(rb"""(?:^|\s)r\s*=\s*["']\s*([A-Za-z]{1,7})([0-9]{1,10})\s*["']""")
_STYLE = re.compile(rb"""(?:^|\s)s\s*=\s*["']([0-9]+)["']""")
_TYPE = re.compile(rb"""(?:^|\s)t\s*=\s*["'](\w+)["']""")
_VALUE = re.compile(rb"<" + _PREFIX + rb"v(?:\s[^>]*)?>([^<]*)<")
_FORMULA = re.compile(rb"<" + _PREFIX + rb"f(?=[\s/>])[^>]*?(?:/>|>([^<]*)<)")
_INLINE = re.compile(rb"<" + _PREFIX + rb"is(?=[\s>]).*</" + _PREFIX + rb"is\s*>", re.DOTALL)
_TEXT = re.compile(rb"<" + _PREFIX + rb"t(?:\s[^>]*)?>([^<]*)<")
_PHONETIC = re.compile(rb"<" + _PREFIX + rb"rPh(?=[\s>]).*?</" + _PREFIX + rb"rPh\s*>", re.DOTALL)
_STRIKE = re.compile(rb"<" + _PREFIX + rb"(?:d?strike|dstrike)(?=[\s/>])(?![^>]*val\s*=\s*[\"'](?:0|false)[\"'])")
_WORD = re.compile(rb"[\x21-\x7e]")
"""A character that makes a text no blank one, whatever else is in it."""


def _blank(text: bytes) -> bool:
    if b"&" not in text and _WORD.search(text):
        return False
    return is_blank(unescape(text.decode("utf-8", "replace")))


def _string(body: bytes) -> bytes:
    """The text of a shared or inline string, its phonetic guides left out."""
    return b"".join(_TEXT.findall(_PHONETIC.sub(b"", body) if b"rPh" in body else body))


_USUAL_STRING = re.compile(rb'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
_SHARED = re.compile(rb"<" + _PREFIX + rb"si(?:\s[^>]*)?(?:/>|>(.*?)</" + _PREFIX + rb"si\s*>)", re.DOTALL)


def strings(text: bytes) -> Strings:
    """What the plain XML of the shared strings tells; where no string has parts of different looks, as mostly, one
    pattern takes them all."""
    told = _USUAL_STRING.findall(text)
    if len(told) == text.count(b"</si>") and b"<si/>" not in text and b":si" not in text:
        return Strings(frozenset(n for n, one in enumerate(told) if not one[:1].isalnum() and _blank(one)))
    blank, struck = set(), set()
    for number, match in enumerate(_SHARED.finditer(text)):
        body = match[1] or b""
        if _blank(_string(body)):
            blank.add(number)
        if b"trike" in body and _STRIKE.search(body):
            struck.add(number)
    return Strings(frozenset(blank), frozenset(struck))


def sheet(text: bytes, name: str, known: Strings, styles: Styles, before: int = 0) -> Scan:
    """What the plain XML of a sheet tells; a Refusal for a sheet that is too large, together with the cells of the
    sheets `before` it."""
    found = Scan()
    usual = _usual_cells(text)
    if usual is not None:
        _count_usual(found, usual, known, styles)
    for spot, attributes, body in _cells(text) if usual is None else ():
        _count(found, spot, attributes, body, known, styles)
        if found.values & 0xFFFF == 0xFFFF:
            check_extent(name, before + found.values, found.last)
    check_extent(name, before + found.values, found.last)
    found.hidden_rows = frozenset(_hidden_rows(text))
    found.hidden_columns = frozenset(_hidden_columns(text))
    found.merged = tuple(_merged(text))
    lists = tuple(islice(_lists(text), LIST_LIMIT + 1))
    found.lists = lists if len(lists) <= LIST_LIMIT else None
    return found


Usual: TypeAlias = list[tuple[bytes, bytes, bytes, bytes, bytes, bytes, bytes]]
"""Cells written in the usual way: letters and number of the reference, style, type, formula as an element, value, text
that stands in the cell itself."""
_USUAL_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?>'
    rb"(<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>))?(?:<v>((?!0[0-9])[^<]*)</v>"
    rb'|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>'
)


def _usual_cells(text: bytes) -> Usual | None:
    """The cells that hold something, where Excel, LibreOffice, Google Sheets or XlsxWriter wrote them as they mostly
    do; None for any other sheet. Each `</c>` ends one cell: as many as there are, as many are to be found."""
    ends = text.count(b"</c>")
    if ends > CELL_COUNT_LIMIT or b":c>" in text or _ODD_END.search(text):
        return None
    cells = _USUAL_CELL.findall(text)
    return cells if len(cells) == ends else None


_ODD_END = re.compile(rb"</c\s")


def _count_usual(found: Scan, cells: Usual, known: Strings, styles: Styles) -> None:
    """Add cells to what was found: what `_count` says of each, without a search in each."""
    blank, struck = (frozenset(b"%d" % number for number in numbers) for numbers in (known.blank, known.struck))
    telling = frozenset(style.encode() for style in (*styles.coarse, *styles.struck))
    values, down, right = 0, -1, -1
    for letters, digits, style, kind, formula, saved, inside in cells:
        value = saved or inside
        shared = kind == b"s" and value.isdigit()
        if shared and value in blank:
            continue
        if not shared and not value[:1].isalnum() and _blank(value):
            if formula and kind != b"str":
                text = formula.partition(b">")[2].removesuffix(b"</f>").decode("utf-8", "replace")
                found.unsaved[int(digits) - 1, _across(letters)] = "=" + unescape(text)
            continue
        values += 1
        row, column = int(digits) - 1, _across(letters)
        down, right = row if row > down else down, column if column > right else right
        if kind == b"e":
            found.errors[row, column] = unescape(value.decode("utf-8", "replace"))
        if style in telling and (form := styles.coarse.get(style.decode())):
            found.coarse[row, column] = form
        if (shared and value in struck) or (style in telling and style.decode() in styles.struck):
            found.struck.add((row, column))
    found.values, found.last = values, (down, right)


def _cells(text: bytes) -> Iterator[tuple[Position, bytes, bytes]]:
    """The cells that hold something, with their attributes; cells without a reference stand one behind the other."""
    start = text.find(b"sheetData")
    for match in _FILLED_CELL.finditer(text, max(start, 0)):
        reference = _REFERENCE.search(match[1])
        if reference is None:
            break
        yield _spot(reference), match[1], match[2]
    else:
        return
    yield from _counted(text, max(start, 0), match.start())


def _counted(text: bytes, start: int, again: int) -> Iterator[tuple[Position, bytes, bytes]]:
    """The cells from a place in the text on, counted from the first where they have no reference of their own."""
    row, column = -1, -1
    for match in _ROW_OR_CELL.finditer(text, start):
        if match[2] is None:
            number = re.search(rb"""(?:^|\s)r\s*=\s*["']([0-9]{1,10})["']""", match[1] or b"")
            row, column = int(number[1]) - 1 if number else row + 1, -1
            continue
        reference = _REFERENCE.search(match[2])
        row, column = _spot(reference) if reference else (max(row, 0), column + 1)
        if match[3] and match.start() >= again:
            yield (row, column), match[2], match[3]


def _spot(reference: re.Match[bytes]) -> Position:
    return int(reference[2]) - 1, _across(reference[1])


@lru_cache(maxsize=1024)
def _across(name: bytes) -> int:
    return position(f"{name.decode().upper()}1")[1]


def _count(found: Scan, spot: Position, attributes: bytes, body: bytes, known: Strings, styles: Styles) -> None:
    """Add one cell to what was found."""
    kind = match[1] if (match := _TYPE.search(attributes)) else b"n"
    if not _filled(kind, body, known):
        formula = _FORMULA.search(body)
        if formula and kind != b"str":
            found.unsaved[spot] = "=" + unescape((formula[1] or b"").decode("utf-8", "replace"))
        return
    found.values += 1
    found.last = (max(found.last[0], spot[0]), max(found.last[1], spot[1]))
    if kind == b"e":
        value = _VALUE.search(body)
        found.errors[spot] = unescape(value[1].decode("utf-8", "replace")) if value else ""
    style = match[1].decode() if (match := _STYLE.search(attributes)) else ""
    if style in styles.coarse:
        found.coarse[spot] = styles.coarse[style]
    if style in styles.struck or (kind == b"s" and _index(body) in known.struck):
        found.struck.add(spot)


def _index(body: bytes) -> int:
    value = _VALUE.search(body)
    number = value[1].strip() if value else b""
    return int(number) if number.isdigit() else -1


def _filled(kind: bytes, body: bytes, known: Strings) -> bool:
    """Whether a cell has a value that is not blank."""
    value = _VALUE.search(body)
    if kind == b"s":
        return value is not None and not _blank(value[1]) and _index(body) not in known.blank
    if value is not None and not _blank(value[1]):
        return True
    inline = _INLINE.search(body)
    return inline is not None and not _blank(_string(inline[0]))


_HIDDEN_ROW = re.compile(rb"<" + _PREFIX + rb"row(?=\s)([^>]*?\shidden\s*=\s*[\"'](?:1|true)[\"'][^>]*)>")
_COLUMN = re.compile(rb"<" + _PREFIX + rb"col(?=\s)([^>]*?\shidden\s*=\s*[\"'](?:1|true)[\"'][^>]*)>")
_MERGED = re.compile(
    rb"<" + _PREFIX + rb"mergeCell(?=\s)[^>]*?\sref\s*=\s*[\"']([A-Z]{1,3}[0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})[\"']"
)
_COLUMN_LIMIT = 16_384


def _hidden_rows(text: bytes) -> Iterator[int]:
    for match in _HIDDEN_ROW.finditer(text) if b"hidden" in text else ():
        number = re.search(rb"""(?:^|\s)r\s*=\s*["']([0-9]{1,8})["']""", match[1])
        if number:
            yield int(number[1]) - 1


def _hidden_columns(text: bytes) -> Iterator[int]:
    for match in _COLUMN.finditer(text, 0, max(text.find(b"sheetData"), 0)):
        ends = [re.search(rb"""\s%s\s*=\s*["']([0-9]{1,6})["']""" % name, match[1]) for name in (b"min", b"max")]
        first, last = (int(end[1]) if end else 0 for end in ends)
        yield from range(max(first - 1, 0), min(last, _COLUMN_LIMIT))


def _merged(text: bytes) -> Iterator[Area]:
    start = max(text.rfind(b"mergeCells "), text.rfind(b"mergeCells>")) if b"mergeCell" in text else -1
    for number, match in enumerate(_MERGED.finditer(text) if start >= 0 else ()):
        if number >= MERGED_LIMIT:
            return
        yield position(match[1].decode()), position(match[2].decode())


_RULE = re.compile(
    rb"<" + _PREFIX + rb"dataValidation(?=\s)" + _ATTRIBUTES + rb"(?:/>|>(.*?)</" + _PREFIX + rb"dataValidation\s*>)",
    re.DOTALL,
)
_IS_LIST = re.compile(rb"""(?:^|\s)type\s*=\s*["']list["']""")
_RULED = re.compile(rb"""(?:^|\s)sqref\s*=\s*["']([^"']*)["']|<""" + _PREFIX + rb"sqref>([^<]*)<")


def _lists(text: bytes) -> Iterator[Area]:
    """Where rules of data validation offer a list; Excel writes those whose list is on another sheet as an extension,
    in which the cells are an element."""
    start = text.find(b"dataValidation")
    for match in _RULE.finditer(text, start - 1) if start > 0 else ():
        if not _IS_LIST.search(match[1]):
            continue
        for ruled in _RULED.finditer(match[0]):
            for area in (ruled[1] or ruled[2] or b"").decode("utf-8", "replace").split():
                ends = area.partition(":")
                try:
                    yield position(ends[0]), position(ends[2] or ends[0])
                except ValueError:
                    continue
