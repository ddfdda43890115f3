"""From the bytes of a file to a Book: the gate says what it is, the reader of that format says what it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from crmxl.findings import Source
from crmxl.messages import Code
from crmxl.reading import ods, openxml, xls, xlsb
from crmxl.reading.gate import Refusal, check_size, open_package, spared
from crmxl.reading.grid import Book, Grid, refused, source_of


def read_bytes(name: str, data: bytes) -> Book:
    """Read a file's bytes here, in this process; `name` is the name under which it came.

    Never raises for what the bytes are; but a reader may end the process, which is why `read_book` has it done in
    another one.
    """
    source = source_of(name, data)
    try:
        check_size(data)
        return _read(source, data)
    except Refusal as refusal:
        return refused(source, refusal.code, refusal.sheet, refusal.form, **refusal.arguments)
    except Exception:  # whatever a stranger's file makes a parser raise, the file is damaged
        return refused(source, Code.F107)


def _read(source: Source, data: bytes) -> Book:
    package = open_package(data)
    if package is None:
        return _book(source, "xls", None, tuple(xls.read_grids(data)), ())
    reader = ods if package.opendocument else openxml
    cells = xlsb if package.format == "xlsb" else reader
    grids = tuple(cells.read_grids(data, package))
    program = spared(lambda: reader.program(package), None)
    book = _book(source, package.format, program, grids, reader.hazards(package))
    return replace(book, names=spared(lambda: reader.names(package), {}))


def _book(source: Source, form: str, program: str | None, grids: tuple[Grid, ...], hazards: Iterable[str]) -> Book:
    if not grids or len({grid.name for grid in grids}) != len(grids):
        raise Refusal(Code.F107)  # readers ask for a sheet by its name and would give the first one twice
    return Book(source, program, grids, format=form, hazards=tuple(hazards))
