"""The library's face: what each command does, as a function of paths and plain values.

A fault of the caller (a path that is not there, a canonical workbook that cannot be used) raises
`crmxl.files.UsageError`; what is wrong in a returned file is a finding in the result.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crmxl import blanks, cycle, receiving
from crmxl.canonical import Canonical
from crmxl.files import find_files
from crmxl.kinds import KINDS
from crmxl.status import Item
from crmxl.submission import Submission
from crmxl.text import fold

if TYPE_CHECKING:
    import pandas as pd

issue = cycle.issue
merge = cycle.consolidate
template = blanks.template
assess = cycle.marks

__all__ = ["Item", "assess", "frame", "issue", "merge", "read", "template", "validate"]


def read(*workbooks: str | Path) -> Canonical:
    """The data sheets of canonical or consolidated workbooks: records by table name, each value with its place."""
    return cycle.open_canonical([Path(path) for path in workbooks])


def validate(
    files: Sequence[Path], issued: Path | None = None, countries: Mapping[str, str] | None = None
) -> list[Submission]:
    """Check returned files; each Submission carries its findings. `countries` gives codes by file name."""
    return receiving.receive(find_files(files), receiving.open_issued(issued), countries or {})


def frame(workbook: str | Path, table: str = "plan", as_of: dt.date | None = None) -> pd.DataFrame:
    """A data sheet of a workbook as a DataFrame: items (`plan`, `trafficking`), answers (`plan.answers`,
    `trafficking.answers`: a row an item and country), meetings, registers.

    `table` is the key of the table or the name of its sheet in either language. With `as_of`, the plan gains the
    columns `mark` and `days_late` of that day. KeyError if there is no such table.
    """
    from crmxl.frames import frame as build

    declared = {item.name: item for kind in KINDS for item in kind.tables}
    sheets = {fold(name): item for item in declared.values() for name in item.sheet.both()}
    wanted = declared.get(table) or sheets[fold(table)]
    made = build(wanted, read(workbook).of(wanted.name))
    if as_of is not None and wanted.name == "plan":
        items = cycle.marks(Path(workbook), as_of)
        made["mark"] = [item.mark for item in items]
        made["days_late"] = [item.days_late for item in items]
    return made
