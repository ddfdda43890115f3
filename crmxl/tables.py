"""Data sheets: from a grid and the declaration of its table to records, each value with its place.

The header row is searched, columns are matched by heading and never by position. What has no place in the table
(unknown columns, rows without a key, cells that cannot be read) is a `Stray`, kept with its reason. Canonical and
consolidated workbooks are read here too: `read_canonical`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from crmxl.anchors import Anchors, find_anchors
from crmxl.definition import Column, Key, Kind, Owner, Record, Table
from crmxl.findings import Finding, Place, Source, address, at, finding, ranges
from crmxl.messages import Code
from crmxl.placing import Placing, is_open_row, place_rows
from crmxl.reading import Grid
from crmxl.reasons import Reason
from crmxl.text import CELL_LIMIT, LANGS, Bilingual, Lang, fold, listed, units
from crmxl.values import ERASE, Choice, Raw, Unreadable, Value, as_text, is_blank, is_erase

HEADER_SEARCH = 25
"""The header row is looked for in so many rows from the top."""
NEAR = 80
"""From this likeness on (0 to 100), a heading or sheet name that is unique is taken for the one it resembles."""

NOTE_AUTHOR = "crmxl"
"""Who signs the notes of a review copy; they are no comments of the country when it comes back."""
ERASED = ERASE.es
"""The value of a cell that asks to erase the earlier answer."""


@dataclass(frozen=True, slots=True)
class Stray:
    """A cell without a place of its own: where it stands, what it says, its heading, why it was set aside."""

    place: Place
    value: str
    label: Bilingual | str
    """The title of its column, or the heading of a column that is not ours."""
    reason: Reason


@dataclass(frozen=True, slots=True)
class TableReading:
    """A data sheet as read; `columns` gives the position (from 0) of each column that was found."""

    records: tuple[Record, ...] = ()
    findings: tuple[Finding, ...] = ()
    strays: tuple[Stray, ...] = ()
    preamble: tuple[str, ...] = ()
    columns: Mapping[str, int] = field(default_factory=dict)
    header: int = -1
    numeric: frozenset[Key] = frozenset()
    """Rows whose number was typed as a number, so that 6.10 became 6.1."""
    blocked: bool = False
    """Whether nothing of the sheet can be trusted, because its columns no longer belong together."""


def find_sheets(names: Sequence[str], wanted: Mapping[str, Bilingual], *, near: bool = True) -> dict[str, str]:
    """The sheet of each wanted name, by the key of `wanted`: exactly so called in either language, else the same words,
    else alike, if each is the nearest to the other and nothing else is as near."""
    found: dict[str, str] = {}
    for same in (str, fold):
        for key, title in wanted.items():
            alike = [n for n in names if n not in found.values() and same(n) in map(same, title.both())]
            if key not in found and (len(alike) == 1 or (alike and same is str)):
                found[key] = alike[0]
    if not near:
        return found
    likeness = {
        (key, name): max(fuzz.WRatio(fold(name), fold(text)) for text in title.both())
        for key, title in wanted.items()
        for name in names
        if name not in found.values()
    }
    for (key, name), score in likeness.items():
        rivals = [other for pair, other in likeness.items() if (pair[0] == key) != (pair[1] == name)]
        if key not in found and score >= NEAR and all(other < score for other in rivals):
            found[key] = name
    return found


def _header_row(rows: Mapping[int, Mapping[int, Raw]], table: Table) -> int | None:
    """The row among the first ones that holds the most headings of the table; at least two, one of them not first."""
    names = frozenset().union(*(column.names() for column in table.columns))
    scores = {
        row: sum(fold(as_text(raw)) in names for raw in cells.values())
        for row, cells in rows.items()
        if row < HEADER_SEARCH
    }
    best = max(scores, key=lambda row: (scores[row], -row), default=None)
    return best if best is not None and scores[best] >= min(2, len(table.columns)) else None


def _match_columns(
    header: Mapping[int, Raw], table: Table, place: Place, row: int, hints: Mapping[int, str], *, near: bool
) -> tuple[dict[int, Column], list[Finding], set[int]]:
    """Columns of the sheet by position, what was wrong with the headings, and the positions of repeated ones. A heading
    that is none of ours is what the hidden key of its column says, then what it resembles."""
    matched: dict[int, Column] = {}
    findings: list[Finding] = []
    repeated: set[int] = set()
    free: dict[int, str] = {}
    for across, raw in sorted(header.items()):
        name = fold(as_text(raw))
        column = next((c for c in table.columns if name in c.names()), None)
        if column is None:
            free[across] = name
        elif column in matched.values():
            repeated.add(across)
            spot = at(place, address(row, across))
            findings.append(finding(Code.S107, spot, label=column.title, column=column.title))
        else:
            matched[across] = column
    for across, key in hints.items():
        column = next((c for c in table.stored if c.key == key), None)
        if column is None or column in matched.values() or across in matched:
            continue
        matched[across] = column
        free.pop(across, None)
        found = as_text(header.get(across))
        spot = at(place, address(row, across))
        findings.append(finding(Code.S105, spot, label=column.title, found=found or "—", column=column.title))
    for column in table.stored:
        if column in matched.values():
            continue
        alike = [p for p, name in free.items() if near and _nearest(name, table) is column]
        if len(alike) == 1:
            matched[alike[0]] = column
            found = as_text(header[alike[0]])
            del free[alike[0]]
            spot = at(place, address(row, alike[0]))
            findings.append(finding(Code.S105, spot, label=column.title, found=found, column=column.title))
        elif column.key not in table.optional:
            findings.append(finding(Code.S104, place, label=column.title, column=column.title, sheet=place.sheet))
    return matched, findings, repeated


def _nearest(name: str, table: Table) -> Column | None:
    """The column that a heading resembles most, if it is near enough."""
    scores = {c.key: max(fuzz.ratio(name, own) for own in c.names()) for c in table.stored}
    best = max(scores, key=lambda key: scores[key])
    return table.column(best) if scores[best] >= NEAR else None


class _Rows:
    """Reads the rows below a header into records, strays and findings."""

    def __init__(
        self,
        grid: Grid,
        table: Table,
        source: Source,
        columns: Mapping[int, Column],
        *,
        returned: bool,
        repair: bool = True,
    ) -> None:
        self.grid, self.table, self.columns, self.returned, self.repair = grid, table, columns, returned, repair
        self.numeric: set[Key] = set()
        self.place = Place(source, grid.name)
        self.records: dict[Key, Record] = {}
        self.findings: list[Finding] = []
        self.strays: list[Stray] = []
        self.keys: Mapping[int, str] | None = None

    def placed(self, placing: Placing) -> Iterator[Finding]:
        """Take the keys that were found for the rows; what was restored or recognised is said."""
        self.keys = placing.keys
        across = next((place for place, column in self.columns.items() if column.key == self.table.key[0]), 0)
        title = self.table.column(self.table.key[0]).title
        for code, rows in ((Code.S118, placing.restored), (Code.S119, placing.recognised)):
            if rows:
                spot = at(self.place, ranges(address(row, across) for row in rows))
                keys = ", ".join(placing.keys[row] for row in rows)
                yield finding(code, spot, label=title, keys=keys, count=len(rows))

    def are_keys(self, cells: Sequence[tuple[int, Raw]]) -> bool:
        """Whether the cells of a column without a heading are the numbers of rows, and nothing else."""
        numbers = {key[0] for key in self.records}
        texts = [as_text(raw) for _, raw in cells]
        return bool(self.returned and numbers) and all(text in numbers or is_open_row(text) for text in texts)

    def stray(self, row: int, across: int, raw: Raw, label: Bilingual | str, reason: Reason) -> None:
        self.strays.append(Stray(at(self.place, address(row, across)), as_text(raw), label, reason))

    def value(self, column: Column, raw: Raw, spot: tuple[int, int], place: Place) -> Value | Unreadable:
        """The value of a cell; a finding where it has none."""
        text = as_text(raw)
        if self.returned and is_erase(raw):
            return ERASED
        in_error = spot in self.grid.errors
        read = Unreadable(Code.C107, (("found", text),)) if in_error else column.type.read(raw)
        if not self.repair and self.returned:
            read = column.type.exactly(raw, read) if isinstance(column.type, Choice) else read
        if isinstance(read, Unreadable):
            self.findings.append(_said(read, column, place, text))
        return read

    def read(self, row: int, cells: Mapping[int, Raw]) -> None:
        values: dict[str, Value] = {}
        places: dict[str, Place] = {}
        written: dict[str, str] = {}
        unread: list[tuple[int, Raw, Bilingual]] = []
        for across, raw in cells.items():
            column = self.columns.get(across)
            if column is None or column.computed or is_blank(raw):
                continue
            place = at(self.place, address(row, across))
            read = self.value(column, raw, (row, across), place)
            if isinstance(read, Unreadable):
                unread.append((across, raw, column.title))
                continue
            values[column.key], places[column.key], written[column.key] = read, place, as_text(raw)
        placed = self.keys.get(row) if self.keys is not None else None
        if placed is not None and values.get(self.table.key[0]) != placed:
            values[self.table.key[0]] = placed
        if not values and not unread:
            return
        key = tuple(str(values.get(part) or "") for part in self.table.key)
        if not key[0] or key in self.records:
            self.refuse(row, cells, key)
            return
        for across, raw, label in unread:
            self.stray(row, across, raw, label, Reason.UNREADABLE)
        self.records[key] = Record(key, values, places, written)
        if placed is None and any(isinstance(raw, float) and self.is_key(across) for across, raw in cells.items()):
            self.numeric.add(key)

    def is_key(self, across: int) -> bool:
        column = self.columns.get(across)
        return column is not None and column.key == self.table.key[0]

    def unsaved(self, header: int) -> None:
        """Formulas without a saved value: nothing is known of them but their text, which is kept."""
        for (row, across), formula in sorted(self.grid.unsaved.items()):
            column = self.columns.get(across)
            if row > header and not (column and column.computed):
                label = column.title if column else None
                spot = at(self.place, address(row, across))
                self.findings.append(finding(Code.C109, spot, label=label, found=formula))
                self.stray(row, across, formula, label or "", Reason.UNREADABLE)

    def refuse(self, row: int, cells: Mapping[int, Raw], key: Key) -> None:
        """A row that has no key of its own: everything in it is set aside, and one finding says so."""
        spot = ranges(address(row, across) for across in cells)
        code = Code.S109 if key[0] else Code.S108
        if not any(self.is_key(across) and not is_blank(raw) for across, raw in cells.items()) or key[0]:
            self.findings = [f for f in self.findings if not _in_row(f, row, self.grid.name)]
            text = "; ".join(as_text(raw) for raw in cells.values())
            named = " · ".join(filter(None, key))
            self.findings.append(finding(code, at(self.place, spot), found=text[:200], key=named))
        for across, raw in cells.items():
            column = self.columns.get(across)
            if column and not column.computed:
                self.stray(row, across, raw, column.title, Reason.TWICE if key[0] else Reason.ROW)


def _in_row(item: Finding, row: int, sheet: str) -> bool:
    cell = item.place.cell
    return item.place.sheet == sheet and cell is not None and cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == str(row + 1)


def read_table(
    grid: Grid,
    table: Table,
    source: Source,
    *,
    returned: bool = False,
    issued: Mapping[Key, Record] | None = None,
    repair: bool = True,
) -> TableReading:
    """Read one data sheet. Rows and columns may stand in any order; blank rows are passed over.

    In a `returned` template the word (borrar) asks to erase, hidden anchors are looked for, and rows are placed against
    those that were `issued`; elsewhere a row is what its number says. Without `repair` nothing is taken for what it
    resembles: headings, numbers and choices are what they say or nothing.
    """
    place = Place(source, grid.name)
    anchors = find_anchors(grid)
    rows = _without(grid.rows, anchors, issued)
    headed = _headed(rows, table, place, anchors if repair else None, repair=repair)
    if headed is None:
        strays = tuple(
            Stray(at(place, address(r, c)), as_text(raw), "", Reason.SHEET) for (r, c), raw in grid.cells.items()
        )
        return TableReading(findings=(finding(Code.S103, place, sheet=grid.name),), strays=strays)
    header, columns, findings, repeated = headed
    reader = _Rows(grid, table, source, columns, returned=returned, repair=repair)
    below = {row: cells for row, cells in rows.items() if row > header}
    if returned and issued:
        placing = place_rows(below, columns, table.key[0], anchors.rows if anchors else {}, issued)
        if placing.sorted_alone:
            return _sorted_alone(reader, below, header, placing.sorted_alone)
        findings += reader.placed(placing) if repair else ()
    for row, cells in below.items():
        reader.read(row, cells)
    findings += _loose_columns(reader, rows, header, repeated)
    reader.unsaved(header)
    preamble = [as_text(next(iter(cells.values()))) for row, cells in rows.items() if row < header]
    return TableReading(
        records=tuple(reader.records.values()),
        findings=(*findings, *reader.findings),
        strays=tuple(reader.strays),
        preamble=tuple(preamble),
        columns={column.key: across for across, column in columns.items()},
        header=header,
        numeric=frozenset(reader.numeric),
    )


def _headed(
    rows: Mapping[int, Mapping[int, Raw]], table: Table, place: Place, anchors: Anchors | None, *, repair: bool
) -> tuple[int, dict[int, Column], list[Finding], set[int]] | None:
    """The header row and what its headings mean, as `_match_columns` tells; where the row is gone, the hidden keys say
    what each column is. None if neither is there."""
    header = _header_row(rows, table)
    if header is None and anchors is None:
        return None
    lost = header is None
    if header is None:
        header = min(anchors.rows, default=0) - 1 if anchors else 0
    hints = anchors.columns if anchors else {}
    columns, findings, repeated = _match_columns(rows.get(header, {}), table, place, header, hints, near=repair)
    return header, columns, [finding(Code.S116, place, sheet=place.sheet)] if lost else findings, repeated


def _without(
    rows: dict[int, dict[int, Raw]], anchors: Anchors | None, issued: Mapping[Key, Record] | None
) -> dict[int, dict[int, Raw]]:
    """The rows without the hidden anchors, and without rows that held nothing else. What somebody wrote over a hidden
    key is no key, and stays."""
    if anchors is None:
        return rows
    own = {r for r, key in anchors.rows.items() if not issued or (key,) in issued or is_open_row(key)}
    kept = {
        row: {c: raw for c, raw in cells.items() if c != anchors.column or row not in own}
        for row, cells in rows.items()
    }
    return {row: cells for row, cells in kept.items() if cells and row != anchors.row}


def _sorted_alone(
    reader: _Rows, below: Mapping[int, Mapping[int, Raw]], header: int, columns: Sequence[Column]
) -> TableReading:
    """A sheet of which a column was sorted without the others: no cell of it is taken."""
    for row, cells in below.items():
        for across, raw in cells.items():
            column = reader.columns.get(across)
            if column is None or column.key not in reader.table.key:
                reader.stray(row, across, raw, column.title if column else "", Reason.SORTED)
    titles = Bilingual(*(listed((column.title[lang] for column in columns), lang) for lang in LANGS))
    found = finding(Code.S117, reader.place, label=columns[0].title, columns=titles)
    return TableReading(findings=(found,), strays=tuple(reader.strays), header=header, blocked=True)


def _loose_columns(
    reader: _Rows, rows: Mapping[int, Mapping[int, Raw]], header: int, repeated: set[int]
) -> Iterator[Finding]:
    """Set aside the cells of columns that the table does not have, a finding a column."""
    loose: dict[int, list[tuple[int, Raw]]] = {}
    for row, cells in rows.items():
        for across, raw in cells.items():
            if row > header and across not in reader.columns:
                loose.setdefault(across, []).append((row, raw))
    for across, found in sorted(loose.items()):
        label = as_text(rows[header].get(across))
        if not label and reader.are_keys(found):
            continue  # the hidden column of the numbers, which has lost its heading
        for row, raw in found:
            reader.stray(row, across, raw, label, Reason.TWICE if across in repeated else Reason.COLUMN)
        if across not in repeated:
            spot = at(reader.place, ranges(address(row, across) for row, _ in found))
            yield finding(Code.S106, spot, found=label or "—", count=len(found))


def comments_of(grid: Grid, source: Source) -> Iterator[Stray]:
    """The notes on cells of a sheet, each with its author if the note does not begin with the name."""
    for (row, across), note in sorted(grid.comments.items()):
        if note.author == NOTE_AUTHOR:
            continue  # ours, in a review copy
        text = f"{note.author}: {note.text}"
        if note.text.startswith(note.author) or units(text) > CELL_LIMIT:
            text = note.text
        yield Stray(Place(source, grid.name, address(row, across)), text, "", Reason.COMMENT)


def shown(value: Value, column: Column, lang: Lang) -> str:
    """A value as the cell shows it, as text."""
    return as_text(column.type.write(value, lang))


_ISO = re.compile(r"\d{4}-\d\d-\d\d")


def _said(read: Unreadable, column: Column, place: Place, text: str) -> Finding:
    arguments = (*read.arguments, ("column", column.title))
    return Finding(read.code, place, arguments, column.title, text, read.suggestion)


def doubts(record: Record, columns: Iterable[Column]) -> Iterator[Finding]:
    """What is asked about the values of a row that stand all the same: a calendar that is not understood, and so on."""
    for column in columns:
        value, place = record.values.get(column.key), record.places.get(column.key)
        told = column.doubt(value) if column.doubt and value is not None and place else None
        if told and place:
            yield _said(told, column, place, as_text(value))


def restored(text: str, column: Column) -> Value | Unreadable:
    """The value that a text stands for where it was written by `shown`; days come back as days."""
    if column.type.format == "date" and _ISO.fullmatch(text):
        with suppress(ValueError):
            return dt.date.fromisoformat(text)
    return column.type.read(text)


def template_rows(kind: Kind, tables: Mapping[str, Sequence[Record]], country: str, lang: Lang) -> tuple[Record, ...]:
    """The rows of a kind as the template of one country shows them: each item joined with that country's answers, and
    of two wordings of a text of the Secretariat the one in the language of the template, if it is there."""
    answers = kind.answers_table
    own = (
        {record.key[0]: record.values for record in tables.get(answers.name, ()) if record.key[1] == country}
        if answers
        else {}
    )
    shown_keys = [column.key for column in kind.template_table.columns]
    joined = []
    for record in tables.get(kind.items_table.name, ()):
        values = {**own.get(record.key[0], {}), **record.values}
        hidden = set(_other_wordings(kind, record, lang))
        joined.append(Record(record.key, {k: values[k] for k in shown_keys if k in values and k not in hidden}))
    return tuple(joined)


def _other_wordings(kind: Kind, record: Record, lang: Lang) -> Iterator[str]:
    """The columns that a template in a language does not show in a row."""
    for column in kind.columns:
        if column.english_of is None:
            continue
        if lang != "en":
            yield from [column.key] if column.english_of in record.values else []
        elif column.key in record.values and kind.column(column.english_of).owner is Owner.ST:
            yield column.english_of
