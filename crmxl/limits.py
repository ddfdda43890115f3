"""What a sheet of a workbook can hold, and what becomes of what is more: it goes on elsewhere, and it is said.

The numbers are those of Excel 2007 and later ("Excel specifications and limits").
The length of a text is bounded where texts are read (`text.CELL_LIMIT`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from crmxl.definition import Kind, Record, Table
from crmxl.findings import Finding, Place, Source, finding
from crmxl.messages import Code
from crmxl.text import Lang

ROWS = 1_048_576
"""Rows of a sheet."""
LINKS = 65_530
"""Links of a sheet that Excel follows."""
HEAD = 60
"""Rows that are kept free for what stands above a table."""
_NAME = 31
"""Characters of the name of a sheet."""


def continued(sheet: str, number: int) -> str:
    """The name of the sheet on which a table goes on; that of the first is its own. No program copies a sheet under
    such a name."""
    end = f" +{number}"
    return sheet if number == 1 else f"{sheet[: _NAME - len(end)]}{end}"


def portions(rows: int) -> int:
    """How many sheets so many rows take."""
    return max(1, -(-rows // (ROWS - HEAD)))


def over_limits(tables: Mapping[str, Sequence[Record]], kinds: Sequence[Kind], lang: Lang) -> Iterator[Finding]:
    """What does not fit into one sheet as it is."""
    for table in (table for kind in kinds for table in kind.tables):
        records = tables.get(table.name, ())
        sheet = table.sheet[lang]
        place = Place(Source(sheet, ""), sheet)
        if portions(len(records)) > 1:
            last = continued(sheet, portions(len(records)))
            yield finding(Code.M121, place, sheet=sheet, count=len(records), rows=ROWS - HEAD, last=last)
        links = _links(table, records)
        if links > LINKS:
            yield finding(Code.M122, place, sheet=sheet, count=links, links=LINKS)


def _links(table: Table, records: Sequence[Record]) -> int:
    columns = [column.key for column in table.columns if column.type.format == "link"]
    return sum(key in record.values for record in records for key in columns) if columns else 0
