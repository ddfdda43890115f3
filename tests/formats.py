"""Small workbooks made by hand: OpenDocument from the rows of its XML, Excel 97-2003 from its records."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("draw", "drawing"),
        ("meta", "meta"),
        ("manifest", "manifest"),
    )
)
_NAMESPACES += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
_NAMESPACES += ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
ODS = "application/vnd.oasis.opendocument.spreadsheet"


def content(tables: str) -> str:
    """content.xml with these tables; the style `oculta` hides one."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMESPACES} office:version="1.3">'
        '<office:automatic-styles><style:style style:name="oculta" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )


def ods(tables: str, **parts: str) -> bytes:
    """A package of these tables; `parts` adds or replaces whole parts, `__` standing for `/`."""
    manifest = (
        f'<manifest:manifest {_NAMESPACES}><manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS}"/>'
    )
    made = {
        "mimetype": ODS,
        "content.xml": content(tables),
        "META-INF/manifest.xml": f"{manifest}</manifest:manifest>",
        "meta.xml": f"<office:document-meta {_NAMESPACES}><office:meta><meta:generator>Calc 1 </meta:generator>"
        "</office:meta></office:document-meta>",
    }
    made |= {name.replace("__", "/"): text for name, text in parts.items()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in made.items():
            archive.writestr(name, text)
    return stream.getvalue()


def table(rows: str, name: str = "Hoja", style: str = "") -> str:
    """One sheet; cells may be written `<c>` and `<c .../>`, rows `<r>`, paragraphs `<p>`."""
    for short, long in (("r", "table:table-row"), ("c", "table:table-cell"), ("p", "text:p")):
        for tag in (f"<{short}", f"</{short}"):
            for end in (" ", ">", "/"):
                rows = rows.replace(tag + end, tag.removesuffix(short) + long + end)
    return f'<table:table table:name="{name}" table:style-name="{style}">{rows}</table:table>'


def text(words: str) -> str:
    """A cell with this text."""
    return f'<c office:value-type="string"><p>{words}</p></c>'


Record = tuple[int, bytes]


def _string(words: str, length: str = "<H") -> bytes:
    return struct.pack(length, len(words)) + b"\x01" + words.encode("utf-16-le")


def label(row: int, column: int, words: str) -> Record:
    """A cell with a text."""
    return 0x0204, struct.pack("<3H", row, column, 0) + _string(words)


def number(row: int, column: int, value: float, *, day: bool = False) -> Record:
    """A cell with a number, or with a day by its serial number."""
    return 0x0203, struct.pack("<3Hd", row, column, int(day), value)


def truth(row: int, column: int, value: bool) -> Record:
    """A cell with a truth value."""
    return 0x0205, struct.pack("<3H2B", row, column, 0, value, 0)


def error(row: int, column: int, code: int) -> Record:
    """A cell with an error of calculation: 0x17 is #REF!."""
    return 0x0205, struct.pack("<3H2B", row, column, 0, code, 1)


def formula(row: int, column: int, words: str) -> tuple[Record, Record]:
    """A cell with a formula whose result is a text."""
    return (
        (
            0x0006,
            struct.pack("<3H", row, column, 0) + b"\0\0\0\0\0\0\xff\xff" + struct.pack("<HIH", 0, 0, 3) + b"\x1e\1\0",
        ),
        (0x0207, _string(words)),
    )


def _records(*records: Record) -> bytes:
    return b"".join(struct.pack("<2H", kind, len(body)) + body for kind, body in records)


def xls(sheets: Mapping[str, Sequence[Record]], *, hidden: str = "", globals_: Sequence[Record] = ()) -> bytes:
    """A workbook of Excel 97-2003; the second of its two formats shows days."""
    formats = [(0x00E0, struct.pack("<2H", 0, code) + bytes(16)) for code in (0, 14)]
    head = [(0x0809, struct.pack("<4H2I", 0x0600, 5, 0, 0, 0, 0)), (0x0042, struct.pack("<H", 1200))]
    bodies = [
        _records((0x0809, struct.pack("<4H2I", 0x0600, 0x10, 0, 0, 0, 0)), *cells, (0x000A, b""))
        for cells in sheets.values()
    ]

    def book(offsets: Sequence[int]) -> bytes:
        names = [
            (0x0085, struct.pack("<I2B", offset, name == hidden, 0) + _string(name, "<B"))
            for name, offset in zip(sheets, offsets, strict=True)
        ]
        return _records(*head, *globals_, *formats, *names, (0x000A, b""))

    start = len(book([0] * len(bodies)))
    offsets = [start + sum(map(len, bodies[:i])) for i in range(len(bodies))]
    return compound("Workbook", book(offsets) + b"".join(bodies))


def compound(name: str, stream: bytes = b"") -> bytes:
    """A compound document with one stream: sector 0 is its allocation table, sector 1 its directory."""
    stream = stream.ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % 512)
    used = len(stream) // 512
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, used + 2), 0xFFFFFFFE]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<I", 1) + struct.pack("<I", 1) + bytes(4) + struct.pack("<I", 4096)
    header += struct.pack("<4I", 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)

    def entry(title: str, kind: int, child: int, first: int, size: int) -> bytes:
        named = f"{title}\0".encode("utf-16-le")
        links = struct.pack("<3I", 0xFFFFFFFF, 0xFFFFFFFF, child)
        return (
            named.ljust(64, b"\0")
            + struct.pack("<H2B", len(named), kind, 1)
            + links
            + bytes(36)
            + struct.pack("<2IQ", first, size, 0)[:12]
        )

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry(name, 2, 0xFFFFFFFF, 2, len(stream))
    table_ = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    return header + table_ + directory.ljust(512, b"\0") + stream
