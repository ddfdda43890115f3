"""From a file to its cells: is it safe, what is it, what does it hold. The only importer of spreadsheet readers.

`read_book` never raises for what a file is or holds: a file that cannot be read is a `Book` without grids and with
a finding that names the cause. The number of cells delivered always equals the number counted in the file itself.
What a file is follows from its content, never from its name: Open XML (.xlsx), OpenDocument (.ods), Excel 97-2003
(.xls). The readers run in a process of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from crmxl.messages import Code
from crmxl.reading.ahead import POOL, in_order
from crmxl.reading.gate import Refusal, check_file
from crmxl.reading.grid import OURS, Book, Comment, Grid, Position, refused, source_of
from crmxl.reading.parcels import WORKBOOK, Brought, unpacked
from crmxl.reading.process import SHARED, ReadingProcess
from crmxl.text import B

__all__ = [
    "OURS",
    "Book",
    "Comment",
    "Grid",
    "Position",
    "get_ready",
    "read_all",
    "read_book",
    "read_books",
    "read_each",
]


def get_ready() -> None:
    """Have the reading processes started while something else is done, as the rest of a program is imported."""
    for process in POOL:
        process.start()


def read_each(paths: Sequence[Path]) -> Iterator[Book]:
    """Read files, one after the other for whoever asks; further ones are read meanwhile."""
    return in_order(paths, read_book)


def read_all(paths: Sequence[Path]) -> Iterator[list[Book]]:
    """Read files and, of those that are archives or mails, what they bring; further ones are read meanwhile."""
    return in_order(paths, read_books)


def read_book(path: Path, by: ReadingProcess = SHARED) -> Book:
    """Read one file. Links are followed, nothing in the file is executed, nothing is written."""
    try:
        data = check_file(path)
    except Refusal as refusal:
        return refused(source_of(path.name, path.name.encode("utf-8", "replace")), refusal.code)
    return by.read(path.name, data)


def read_books(path: Path, by: ReadingProcess = SHARED) -> list[Book]:
    """Read one file, or the files that it brings if it is an archive or a mail with attachments."""
    try:
        data = check_file(path)
    except Refusal:
        return [read_book(path, by)]
    parcel = unpacked(path.name, data)
    if parcel is None:
        return [by.read(path.name, data)]
    if not parcel:
        form = "zip" if data.startswith(b"PK") else "mail"
        return [refused(source_of(path.name, data), Code.F113, form=form)]
    books = [_member(one, by) for one in parcel]
    beside = any(book.grids for book in books)
    return [_enclosed(book) if beside else book for book in books]


def _member(one: Brought, by: ReadingProcess) -> Book:
    """What a file of a parcel holds, or why its bytes could not be had."""
    if isinstance(one.content, Refusal):
        why = one.content
        return refused(source_of(one.name, one.name.encode()), why.code, None, why.form, **why.arguments)
    return replace(by.read(one.name, one.content), sent=one.sent)


def _enclosed(book: Book) -> Book:
    """A letter, a picture, a list or an empty file that came with a workbook, and is not called one, is no fault of
    anybody."""
    if (
        WORKBOOK.search(book.source.name)
        or len(book.findings) != 1
        or book.findings[0].code not in (Code.F102, Code.F104, Code.F105)
    ):
        return book
    (found,) = book.findings
    arguments = found.arguments or (("format", B("un archivo vacío", "an empty file")),)
    return replace(book, findings=(replace(found, code=Code.F115, arguments=arguments),))
