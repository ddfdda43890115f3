"""Files of which the bytes are the case: each made by name, most from a country's template with an answer in it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl

from crmxl.reading.gate import FILE_LIMIT
from crmxl.reading.parcels import MEMBERS
from tests.hostile import accepted, cell, changed, packed, parts_of, refused, simple, text_cell
from tests.test_parcels import mailed, zipped
from tests.test_reading import REFUSED

Make = Callable[[bytes], bytes]
"""From Costa Rica's template, filled in, to the file."""

REFUSE, ACCEPT = lru_cache(maxsize=1)(refused), lru_cache(maxsize=1)(accepted)
"""The files of `hostile`, all made at once."""
ANSWER = "Se publicó la ley"
SECRET = (
    b'<fileSharing readOnlyRecommended="1" userName="CRI" reservationPassword="83AF"/>'
    b'<workbookProtection workbookPassword="83AF" lockStructure="1"/><bookViews>'
)
"""What asks for a password before the workbook is changed; it opens without."""
BOOK, SHEET = "xl/workbook.xml", "xl/worksheets/sheet2.xml"
MEGABYTE = 2**20


def answered(template: Path, answer: str = ANSWER) -> bytes:
    """A template with one answer and the type of sending, as saved by a program that is not Excel."""
    book = openpyxl.load_workbook(template)
    sheet: Any = book["Plan"]
    sheet["J7"] = answer
    for row in book["Instrucciones"].iter_rows():
        for spot in row:
            if spot.value == "Tipo de envío":
                book["Instrucciones"].cell(spot.row, spot.column + 1).value = "parcial"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_formula(template: bytes, value: str) -> bytes:
    """The answer as a formula, with the value that was saved beside it."""
    kind, saved = (b' t="str"', f"<v>{value}</v>".encode()) if value else (b"", b"")
    formula = b'<c r="J7"' + kind + b'><f>CONCATENATE("Se public&#243; ","la ley")</f>' + saved + b"</c>"
    return changed(template, SHEET, lambda xml: re.sub(rb'<c r="J7"[^>]*>.*?</c>', lambda _: formula, xml))


def filled_up(template: bytes) -> bytes:
    """The template with a picture that makes it as large as a file may be, to the byte."""
    parts = parts_of(template)
    empty = len(packed({**parts, "xl/media/image1.png": b""}, 0))
    return packed({**parts, "xl/media/image1.png": bytes(FILE_LIMIT - empty)}, 0)


def litter(count: int) -> Mapping[str, bytes]:
    """What other programs leave in an archive."""
    return {f"__MACOSX/._{n}.xlsx": b"x" for n in range(count)} | {"Thumbs.db": b"x", "desktop.ini": b"x"}


def pictures(count: int) -> Mapping[str, bytes]:
    return {f"fotos/{n}.jpg": b"\xff\xd8\xff\xe0" for n in range(count)}


def _wordless_mail(_: bytes) -> bytes:
    return b"From: a@b.org\r\nSubject: plan\r\nMIME-Version: 1.0\r\n\r\nAdjunto el plan.\r\n"


def kept(name: str) -> Make:
    """One of the files of `test_reading.REFUSED`."""
    return lambda _: REFUSED[name][0]


def hostile(name: str) -> Make:
    """One of the refused files of `hostile`."""
    return lambda template: REFUSE(template)[name][0]


def odd(name: str) -> Make:
    """One of the accepted files of `hostile`."""
    return lambda template: ACCEPT(template)[name]


FILES: dict[str, Make] = {
    "filled-in": lambda template: template,
    # what is no workbook
    "empty": kept("empty"),
    "too-large": lambda _: b"x" * (FILE_LIMIT + 1),
    "as-large-as-may-be": filled_up,
    "pdf": kept("pdf"),
    "word": kept("word"),
    "picture": hostile("picture"),
    "web-page": kept("html"),
    "text": kept("text"),
    "csv": kept("csv"),
    "excel-4": kept("excel 4"),
    "older-word": kept("other office"),
    "another-workbook": lambda _: simple(text_cell("A1", "Presupuesto de 2010") + text_cell("A2", "Sueldos")),
    # what cannot be opened
    "encrypted": kept("password"),
    "xls-encrypted": kept("xls with a password"),
    "ods-encrypted": kept("ods with a password"),
    "password-to-change": lambda template: changed(template, BOOK, lambda xml: xml.replace(b"<bookViews>", SECRET)),
    "cut-in-the-mail": lambda template: template[: len(template) // 2],
    "xls-without-a-sheet": kept("empty xls"),
    "ods-without-content": kept("ods without its content"),
    "with-a-tail": lambda template: template + b"\r\n-- \r\nAntivirus: sin amenazas\r\n",
    "properties-cut": odd("properties that are no xml"),
    "same-cell-twice": lambda _: simple(cell("A1") + cell("A1")),
    "entities": kept("entities"),
    "entity-from-a-file": hostile("entity from a file"),
    "swelling": hostile("zip bomb"),
    "far-cell": hostile("far cell"),
    "with-macros": odd("with macros"),
    "strict": odd("strict open xml"),
    "formatted-to-the-end": odd("formatted empty rows"),
    "formula-without-its-value": lambda template: with_formula(template, ""),
    "formula-with-its-value": lambda template: with_formula(template, ANSWER),
    # what brings other files
    "mail-without-attachments": _wordless_mail,
    "mail": lambda template: mailed(**{"CRI.xlsx": template}),
    "empty-archive": lambda _: zipped(),
    "archive-of-litter": lambda _: zipped(**litter(2)),
    "archive": lambda template: zipped(**{"envío/CRI.xlsx": template}),
    "archive-and-pdf": lambda template: zipped(**{"CRI.xlsx": template, "carta.pdf": REFUSED["pdf"][0]}),
    "archive-and-list": lambda template: zipped(
        **{"CRI.xlsx": template, "contactos.csv": REFUSED["csv"][0], "leer": b""}
    ),
    "archive-and-empty-workbook": lambda template: zipped(**{"CRI.xlsx": template, "matriz.xlsx": b""}),
    "archive-and-litter": lambda template: zipped(**{"CRI.xlsx": template, **litter(2)}),
    "archive-of-two": lambda template: zipped(**{"CRI.xlsx": template, "otro/CRI.xlsx": template}),
    "archive-of-pdf": lambda _: zipped(**{"plan.pdf": REFUSED["pdf"][0]}),
    "archive-of-many": lambda template: zipped(**{"CRI.xlsx": template, **pictures(MEMBERS + 2)}),
    "archive-of-films": lambda template: zipped(
        **{"CRI.xlsx": template, **{f"{n}.mp4": bytes(40 * MEGABYTE) for n in (1, 2, 3)}}
    ),
    "archive-of-much-litter": lambda template: zipped(**{"CRI.xlsx": template, **litter(MEMBERS + 2)}),
    "archive-of-photos": lambda template: zipped(**{"CRI.xlsx": template, **pictures(3)}),
}
