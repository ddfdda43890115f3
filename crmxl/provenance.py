"""The register Procedencia: where each value came from, a row for what one file said of one item.

Of one item a country mostly answers several cells in one file. Their texts stand together in a row, a line a column
(`Estado: En proceso`); so the register has a row a record, and not a row a cell. What a file said of a single cell, and
a text of several lines, stands in a row of its own, as it was written, under the heading of its column: so does all
that workbooks of before hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from crmxl import members
from crmxl.decisions import Catalogue
from crmxl.definition import Column, Record, Table
from crmxl.findings import position
from crmxl.text import CELL_LIMIT, Lang, units
from crmxl.values import Value

_BETWEEN = ", "


class Said(NamedTuple):
    """What one cell of one file said of a cell of a data sheet, and what became of it.

    `table` and `column` are their keys, where the workbook still has them; `item` the number of the row, `country` the
    code of whoever said it; `text` what was written, `sheet` and `cell` where; `sha256` tells the file.
    """

    table: str
    item: str
    country: str
    column: str
    state: str
    text: str
    sheet: str
    cell: str
    sha256: str

    @property
    def spot(self) -> tuple[str, str, str, str]:
        """The cell that it is about: table, item, country, column."""
        return (self.table, self.item, self.country, self.column)

    @property
    def place(self) -> tuple[str, str, str]:
        """The cell in which it stood: the file's SHA-256, sheet, address."""
        return (self.sha256, self.sheet, self.cell)


def read_said(records: Iterable[Record], catalogue: Catalogue) -> Iterator[Said]:
    """What the rows of Procedencia tell, cell by cell."""
    for record in records:
        table, item, country, heading, state = (
            record.text(name) for name in ("table", "item", "country", "column", "state")
        )
        text, sheet, cell, sha = (record.text(name) for name in ("value", "origin_sheet", "origin_cell", "sha256"))
        pairs = [(heading, text)] if heading else _apart(text)
        for spot, (title, told) in zip(cell.split(_BETWEEN) if not heading else [cell], pairs, strict=False):
            name, key = _named(catalogue, table, title)
            yield Said(name, item, country, key, state, told, sheet, spot, sha)


def _named(catalogue: Catalogue, table: str, title: str) -> tuple[str, str]:
    """The keys of a table and a column that a sheet and a heading mean, in whatever language; else what they say."""
    found = catalogue.called(table, title)
    return (found[0].name, found[1].key) if found else (table, title)


def _apart(text: str) -> list[tuple[str, str]]:
    """The headings and texts of a cell that holds several, a line each."""
    parts = (line.partition(": ") for line in text.split("\n"))
    return [(title, told) for title, _, told in parts]


def written(said: Iterable[Said], catalogue: Catalogue, lang: Lang) -> tuple[Record, ...]:
    """The rows of Procedencia, by country, file and cell; what cannot stand in one cell takes further rows."""
    rows: dict[tuple[str, ...], list[Said]] = {}
    for one in said:
        rows.setdefault((one.country, one.sha256, one.sheet, one.table, one.item, one.state), []).append(one)
    made = [record for group in rows.values() for record in _rows(group, catalogue, lang)]
    return tuple(sorted(made, key=_order))


def _order(record: Record) -> tuple[object, ...]:
    sha, sheet, cells = record.key
    first = cells.partition(",")[0]
    return (members.order(record.text("country")), sha, sheet, _spot(first), cells)


@lru_cache(maxsize=4096)
def _spot(cell: str) -> tuple[int, int]:
    try:
        return position(cell)
    except ValueError:
        return (-1, -1)


def _rows(group: list[Said], catalogue: Catalogue, lang: Lang) -> Iterator[Record]:
    """One record's cells of one file, of which the same became, as few rows as hold them; a text of several lines has
    a row of its own, as it was written."""
    lines: list[tuple[Said, str]] = []
    length = 0
    for one in sorted(group, key=lambda said: _spot(said.cell)):
        if "\n" in one.text:
            yield _row([(one, "")], catalogue, lang)
            continue
        line = f"{_title(catalogue, one, lang)}: {one.text}"
        size = units(line) + 1
        if lines and length + size > CELL_LIMIT:
            yield _row(lines, catalogue, lang)
            lines, length = [], 0
        lines.append((one, line))
        length += size
    if lines:
        yield _row(lines, catalogue, lang)


def _row(lines: Sequence[tuple[Said, str]], catalogue: Catalogue, lang: Lang) -> Record:
    first = lines[0][0]
    alone = len(lines) == 1
    cells = _BETWEEN.join(one.cell for one, _ in lines)
    values: dict[str, Value] = {
        "table": _sheet(catalogue, first.table, lang),
        "item": first.item,
        "country": first.country,
        "column": _title(catalogue, first, lang) if alone else None,
        "state": first.state,
        "value": first.text if alone else "\n".join(line for _, line in lines),
        "origin_sheet": first.sheet,
        "origin_cell": cells,
        "sha256": first.sha256,
    }
    key = (first.sha256, first.sheet, cells)
    return Record(key, {name: value for name, value in values.items() if value not in (None, "")})


def _sheet(catalogue: Catalogue, name: str, lang: Lang) -> str:
    table = catalogue.known(name)
    return table.sheet[lang] if table else name


def _title(catalogue: Catalogue, said: Said, lang: Lang) -> str:
    column = _column(catalogue.known(said.table), said.column)
    return column.title[lang] if column else said.column


def _column(table: Table | None, key: str) -> Column | None:
    return next((column for column in table.columns if column.key == key), None) if table else None
