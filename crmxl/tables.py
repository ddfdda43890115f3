"""Data sheets: from a grid and the declaration of its table to records, each value with its place.

The header row is searched, columns are matched by heading and never by position. What has no place in the table
(unknown columns, rows without a key, cells that cannot be read) is a `Stray`, kept with its reason. Canonical and
consolidated workbooks are read here too: `read_canonical`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from crmxl.anchors import Anchors, find_anchors
from crmxl.definition import Column, Key, Kind, Owner, Record, Table
from crmxl.findings import Across, Finding, Place, Source, address, at, finding, letters, ranges
from crmxl.headings import NEAR, read_headings
from crmxl.messages import Code
from crmxl.placing import Placing, is_open_row, place_rows
from crmxl.reading import Grid
from crmxl.reasons import Reason
from crmxl.text import CELL_LIMIT, LANGS, B, Bilingual, Lang, fold, listed, unique
from crmxl.values import ERASE, Choice, Held, Raw, Unreadable, Value, as_text, is_blank, is_erase

NOTE_END = B("(Responda en la hoja Correcciones.)", "(Answer in the sheet Corrections.)")
"""How the notes of a review copy end: they are no comments of the country when it comes back."""
NOTE_LENGTH = CELL_LIMIT // 2
"""Characters of a note that go into one cell; all others go into further ones."""
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
    cells: int = 1
    """How many cells it stands for: of a large sheet that is not ours, those of a row are one."""


@dataclass(frozen=True, slots=True)
class TableReading:
    """A data sheet as read; `columns` gives the position (from 0) of each column that was found."""

    records: tuple[Record, ...] = ()
    findings: tuple[Finding, ...] = ()
    strays: tuple[Stray, ...] = ()
    preamble: tuple[str, ...] = ()
    columns: Mapping[str, int] = field(default_factory=dict)
    rows: Mapping[Key, int] = field(default_factory=dict)
    """The row of each record."""
    header: int = -1
    numeric: frozenset[Key] = frozenset()
    """Rows whose number was typed as a number, so that 6.10 became 6.1."""
    disputed: int = 0
    """How many rows were set aside because nothing tells which they are."""
    blocked: bool = False
    """Whether nothing of the sheet can be trusted, because its columns no longer belong together."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a returned table is held against: the rows that were issued, and the numbers of the other tables. Without
    `repair` nothing is taken for what it resembles: headings, numbers and choices are what they say or nothing."""

    issued: Mapping[Key, Record] = field(default_factory=dict)
    foreign: Collection[str] = ()
    repair: bool = True


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
        self.rows: dict[Key, int] = {}
        self.findings: list[Finding] = []
        self.strays: list[Stray] = []
        self.passed: frozenset[int] = frozenset()
        """Positions of columns that are set aside, with their finding."""
        self.refused: dict[Code, list[tuple[int, str]]] = {}
        self.lone: dict[int, int] = {}
        """Refused rows of one cell, and its column."""
        self.keys: Mapping[int, str] | None = None
        self.disputed: frozenset[int] = frozenset()
        self.issued: Mapping[Key, Record] = {}
        """What was issued in the rows, where it is known: what says the same is not read anew."""

    def without(self, doubtful: Sequence[Column], below: Mapping[int, Mapping[int, Raw]]) -> Iterator[Finding]:
        """Set aside the columns of which the earlier answers stand elsewhere now."""
        across = [a for a, column in self.columns.items() if column in doubtful]
        spots = [(row, a) for row, cells in below.items() for a in across if not is_blank(cells.get(a))]
        for row, a in spots:
            self.stray(row, a, below[row][a], self.columns[a].title, Reason.SORTED)
        if spots:
            titles = _titles(doubtful)
            self.columns = {a: column for a, column in self.columns.items() if a not in across}
            self.passed = frozenset(across)
            spot = at(self.place, ranges(address(*spot) for spot in spots))
            yield finding(Code.S128, spot, label=doubtful[0].title, columns=titles, count=len(spots))

    @property
    def first(self) -> int:
        """The column that stands for a whole row: that of the numbers, else the first."""
        return next((across for across, column in self.columns.items() if column.key == self.table.key[0]), 0)

    def placed(self, placing: Placing, findings: Sequence[Finding]) -> list[Finding]:
        """Take the keys that were found for the rows; what was restored or recognised is said, and nothing of a lost
        column of numbers where every row has its own all the same."""
        self.keys, self.disputed = placing.keys, frozenset(placing.disputed)
        title = self.table.column(self.table.key[0]).title
        lost = () if placing.disputed or not placing.keys else (Code.S104,)
        said = [f for f in findings if f.code not in lost or f.label != title]
        told = ((Code.S118, placing.restored), (Code.S119, placing.recognised), (Code.S124, placing.disputed))
        for code, rows in told:
            if rows:
                spot = at(self.place, ranges(address(row, self.first) for row in rows))
                keys = ", ".join(placing.keys[row] for row in rows if row in placing.keys)
                said.append(finding(code, spot, label=title, keys=keys, count=len(rows)))
        if placing.exchanged:
            pairs = ", ".join(f"{one} ↔ {other}" for one, other in placing.exchanged)
            said.append(finding(Code.S129, self.place, keys=pairs))
        return said

    def are_keys(self, cells: Sequence[tuple[int, Raw]]) -> bool:
        """Whether the cells of a column without a heading are the numbers of rows, and nothing else."""
        numbers = {key[0] for key in self.records}
        texts = [as_text(raw) for _, raw in cells]
        return bool(self.returned and numbers) and all(text in numbers or is_open_row(text) for text in texts)

    def stray(self, row: int, across: int, raw: Raw, label: Bilingual | str, reason: Reason) -> None:
        if not is_blank(raw):
            self.strays.append(Stray(at(self.place, address(row, across)), as_text(raw), label, reason))

    def value(self, column: Column, raw: Raw, spot: tuple[int, int], text: str) -> Value | Unreadable:
        """The value of a cell that says a text; a finding where it has none."""
        if self.returned and is_erase(raw):
            return ERASED
        in_error = spot in self.grid.errors
        read = Unreadable(Code.C107, (("found", text),)) if in_error else column.type.read(raw)
        if not self.repair and self.returned:
            read = column.type.exactly(raw, read) if isinstance(column.type, Choice) else read
        if isinstance(read, Unreadable):
            self.findings.append(_said(read, column, at(self.place, address(*spot)), text))
        return read

    def read(self, row: int, cells: Mapping[int, Raw]) -> None:
        if row in self.disputed:
            self.set_aside(row, cells, Reason.ROW)
            return
        values: dict[str, Value] = {}
        places: dict[str, int] = {}
        written: dict[str, str] = {}
        unread: list[tuple[int, Raw, Bilingual]] = []
        placed = self.keys.get(row) if self.keys is not None else None
        issued = self.issued.get((placed,)) if placed is not None else None
        for across, raw in cells.items():
            column = self.columns.get(across)
            if column is None or column.computed or is_blank(raw):
                continue
            key, text = column.key, as_text(raw)
            if issued and issued.written.get(key) == text and isinstance(raw, str) and not self.grid.errors:
                values[key], places[key], written[key] = issued.values[key], across, text  # as it was issued
                continue
            read = self.value(column, raw, (row, across), text)
            if isinstance(read, Unreadable):
                unread.append((across, raw, column.title))
                continue
            values[key], places[key], written[key] = read, across, text
        if placed is not None and values.get(self.table.key[0]) != placed:
            values[self.table.key[0]] = placed
        if not values and not unread:
            return
        number = tuple(str(values.get(part) or "") for part in self.table.key)
        if not number[0] or number in self.records:
            self.refuse(row, cells, number)
            return
        for across, raw, label in unread:
            self.stray(row, across, raw, label, Reason.UNREADABLE)
        self.records[number] = Record(number, values, Across(self.place, row, places), written)
        self.rows[number] = row
        if placed is None and any(isinstance(raw, float) and self.is_key(across) for across, raw in cells.items()):
            self.numeric.add(number)

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
        """A row that has no key of its own: everything in it is set aside."""
        if not any(self.is_key(across) and not is_blank(raw) for across, raw in cells.items()) or key[0]:
            self.findings = [f for f in self.findings if not in_row(f, row, self.grid.name)]
            self.refused.setdefault(Code.S109 if key[0] else Code.S108, []).append((row, " · ".join(filter(None, key))))
            said = [across for across, raw in cells.items() if not is_blank(raw)]
            if len(said) == 1 and not key[0]:
                self.lone[row] = said[0]
        self.set_aside(row, cells, Reason.TWICE if key[0] else Reason.ROW)

    def told(self) -> Iterator[Finding]:
        """One finding for all rows without a number of their own, one for all that have another's; one for the notes
        below the table, which are no rows."""
        end = max(self.rows.values(), default=2**20)
        notes = {row: across for row, across in self.lone.items() if row > end}
        if notes:
            yield finding(Code.S127, at(self.place, ranges(address(*spot) for spot in notes.items())), count=len(notes))
        told = {code: [pair for pair in rows if pair[0] not in notes] for code, rows in self.refused.items()}
        for code, rows in ((code, rows) for code, rows in told.items() if rows):
            spot = at(self.place, ranges(address(row, self.first) for row, _ in rows))
            yield finding(code, spot, count=len(rows), keys=", ".join(unique(key for _, key in rows)))

    def set_aside(self, row: int, cells: Mapping[int, Raw], reason: Reason) -> None:
        for across, raw in cells.items():
            column = self.columns.get(across)
            if column and not column.computed:
                self.stray(row, across, raw, column.title, reason)


def in_row(item: Finding, row: int, sheet: str) -> bool:
    """Whether a finding is about a cell of a row of a sheet."""
    cell = item.place.cell
    return item.place.sheet == sheet and cell is not None and cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == str(row + 1)


def read_table(grid: Grid, table: Table, source: Source, returned: Expected | None = None) -> TableReading:
    """Read one data sheet. Rows and columns may stand in any order; blank rows are passed over.

    In a `returned` template the word (borrar) asks to erase, hidden anchors are looked for, and rows are placed against
    those that are expected; elsewhere a row is what its number says.
    """
    place = Place(source, grid.name)
    anchors = find_anchors(grid)
    issued, repair = (returned.issued, returned.repair) if returned else ({}, True)
    rows = _without(grid.rows, anchors, issued)
    headed = read_headings(rows, table, place, anchors if repair else None, issued.values(), repair=repair)
    if headed is None:
        strays = tuple(
            Stray(at(place, address(r, c)), as_text(raw), "", Reason.SHEET) for (r, c), raw in grid.cells.items()
        )
        return TableReading(findings=(finding(Code.S103, place, sheet=grid.name),), strays=strays)
    header, headings = headed
    findings, columns = headings.findings, headings.matched
    reader = _Rows(grid, table, source, columns, returned=returned is not None, repair=repair)
    below = {row: cells for row, cells in rows.items() if row > header}
    if returned and issued:
        hidden = anchors.rows if anchors else {}
        placing = place_rows(below, columns, table.key[0], hidden, issued, returned.foreign, repair=repair)
        if placing.sorted_alone:
            return _sorted_alone(reader, below, header, placing.sorted_alone)
        findings = [*reader.placed(placing, findings), *reader.without(placing.doubtful, below)]
        reader.issued = issued if repair else {}
    for row, cells in below.items():
        reader.read(row, cells)
    findings += _loose_columns(reader, rows, header, headings.refused)
    findings += reader.told()
    reader.unsaved(header)
    return TableReading(
        records=tuple(reader.records.values()),
        findings=(*findings, *reader.findings),
        strays=tuple(reader.strays),
        preamble=tuple(as_text(next(iter(cells.values()))) for row, cells in rows.items() if row < header),
        rows=reader.rows,
        columns={column.key: across for across, column in columns.items()},
        header=header,
        numeric=frozenset(reader.numeric),
        disputed=len(reader.disputed),
    )


def _without(
    rows: dict[int, dict[int, Raw]], anchors: Anchors | None, issued: Mapping[Key, Record]
) -> dict[int, dict[int, Raw]]:
    """The rows without the hidden anchors, and without rows that held nothing else. What somebody wrote over a hidden
    key is no key, and stays."""
    if anchors is None:
        return rows
    hidden = {r: as_text(raw) for r, raw in anchors.rows.items()}
    own = {r for r, key in hidden.items() if not issued or {(key,), (f"{key}0",)} & issued.keys() or is_open_row(key)}
    kept = {
        row: {c: raw for c, raw in cells.items() if c != anchors.column or row not in own}
        for row, cells in rows.items()
    }
    return {row: cells for row, cells in kept.items() if cells and row != anchors.row}


def _titles(columns: Sequence[Column]) -> Bilingual:
    return Bilingual(*(listed((column.title[lang] for column in columns), lang) for lang in LANGS))


def _sorted_alone(
    reader: _Rows, below: Mapping[int, Mapping[int, Raw]], header: int, columns: Sequence[Column]
) -> TableReading:
    """A sheet of which a column was sorted without the others: no cell of it is taken."""
    for row, cells in below.items():
        for across, raw in cells.items():
            column = reader.columns.get(across)
            if column is None or column.key not in reader.table.key:
                reader.stray(row, across, raw, column.title if column else "", Reason.SORTED)
    found = finding(Code.S117, reader.place, label=columns[0].title, columns=_titles(columns))
    return TableReading(findings=(found,), strays=tuple(reader.strays), header=header, blocked=True)


def _loose_columns(
    reader: _Rows, rows: Mapping[int, Mapping[int, Raw]], header: int, refused: Mapping[int, Reason]
) -> Iterator[Finding]:
    """Set aside the cells of columns that the table does not have, a finding a column; and one for those of which it is
    not known what they are."""
    loose: dict[int, list[tuple[int, Raw]]] = {}
    for row, cells in rows.items():
        for across, raw in cells.items():
            if row > header and across not in reader.columns and across not in reader.passed:
                loose.setdefault(across, []).append((row, raw))
    disputed = [across for across, reason in refused.items() if reason is Reason.COLUMN]
    if disputed:
        titles = ", ".join(f"{letters(across)} ({as_text(rows[header].get(across))})" for across in disputed)
        spot = at(reader.place, ranges(address(header, across) for across in disputed))
        yield finding(Code.S125, spot, columns=titles, count=sum(len(loose.get(across, ())) for across in disputed))
    for across, found in sorted(loose.items()):
        label = as_text(rows[header].get(across))
        if not label and reader.are_keys(found):
            continue  # the hidden column of the numbers, which has lost its heading
        for row, raw in found:
            reader.stray(row, across, raw, label, refused.get(across, Reason.COLUMN))
        if refused.get(across) is Reason.TWICE:
            spot = at(reader.place, address(header, across))
            yield finding(Code.S107, spot, found=label, column=label)
        if across not in refused:
            spot = at(reader.place, ranges(address(row, across) for row, _ in found))
            yield finding(Code.S106, spot, found=label or letters(across), count=len(found))


def by_rows(grid: Grid, source: Source) -> Iterator[Stray]:
    """The cells of a large sheet that is none of ours, those of a row together as far as one cell can hold them."""
    for row, cells in grid.rows.items():
        texts: list[str] = []
        first = None
        for across, raw in [*cells.items(), (None, "")]:
            text = as_text(raw)
            if texts and (across is None or sum(map(len, texts)) + len(text) > NOTE_LENGTH):
                place = Place(source, grid.name, address(row, first or 0))
                yield Stray(place, " | ".join(texts), "", Reason.SHEET, len(texts))
                texts, first = [], None
            if across is not None:
                first = across if first is None else first
                texts.append(text)


def comments_of(grid: Grid, source: Source) -> Iterator[Stray]:
    """The notes on cells of a sheet, each with its author if the note does not begin with the name; of a note of ours,
    in a review copy, what was written below it."""
    for (row, across), note in sorted(grid.comments.items()):
        text = note.text if note.text.startswith(note.author) else f"{note.author}: {note.text}"
        end = next((end for end in NOTE_END.both() if end in note.text), None)
        if end is not None:
            text = note.text.partition(end)[2].strip()
        for part, start in enumerate(range(0, len(text), NOTE_LENGTH), start=1):
            cell = address(row, across) + (f" ({part})" if part > 1 else "")
            yield Stray(Place(source, grid.name, cell), text[start : start + NOTE_LENGTH], "", Reason.COMMENT)


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
    held = {column.key: column for column in kind.template_table.columns if isinstance(column.type, Held)}
    joined = []
    for record in tables.get(kind.items_table.name, ()):
        values = {**own.get(record.key[0], {}), **record.values}
        hidden = set(_other_wordings(kind, record, lang))
        shown_values = {k: values[k] for k in shown_keys if k in values and k not in hidden}
        shown_values |= {k: column.type.write(values[k], lang) for k, column in held.items() if k in shown_values}
        joined.append(Record(record.key, shown_values))
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
