"""From a file to its cells: is it safe, what is it, what does it hold. The only importer of spreadsheet readers.

`read_book` never raises for what a file is or holds: a file that cannot be read is a `Book` without grids and with
a finding that names the cause. The number of cells delivered always equals the number counted in the file itself.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from crmxl.findings import Finding, Place, Source, finding
from crmxl.messages import Code
from crmxl.reading.cells import read_grids
from crmxl.reading.gate import Refusal, check_file, check_size, open_package
from crmxl.reading.grid import Book, Comment, Grid

__all__ = ["Book", "Comment", "Grid", "read_book"]


def read_book(path: Path) -> Book:
    """Read one file. Links are followed, nothing in the file is executed, nothing is written."""
    source = Source(path.name, hashlib.sha256(path.name.encode("utf-8", "replace")).hexdigest())
    try:
        data = check_file(path)
        source = Source(path.name, hashlib.sha256(data).hexdigest())
        check_size(data)
        package = open_package(data)
        return Book(source, package.program, tuple(read_grids(data, package)))
    except Refusal as refusal:
        place = Place(source, refusal.sheet)
        return Book(source, None, (), (Finding(refusal.code, place, tuple(refusal.arguments.items())),))
    except Exception:  # whatever a stranger's file makes a parser raise, the file is damaged
        return Book(source, None, (), (finding(Code.F107, Place(source)),))
