"""What happens to a workbook on its way, told in steps, one a line: a verb and its arguments, as a shell splits them.

A scenario begins with the template of Costa Rica as it was issued, of type «parcial»; its steps do to it what a country
does, and what is found is what a check of the file finds. Steps are carried out in their order. `Scenario` has a method
for each verb (`copy-sheet` is `copy_sheet`), in these groups:

    write, number, day, letters, blank     a cell of the tables, by the number of its row and the key of its column:
        write 1.1 state Hecho              (`*` is every row that was issued: `write * progress "Avance de *"`)
    at, heading                            a cell by its address, the title of a column: at E2 BORRADOR
    clear, copy, exchange, reverse         blocks of cells: reverse A7:H46
    delete-rows, insert-rows, delete-column, insert-column
    comment, unsaved, error, hide-rows, strike, merge-cells, paste-over
    sheet                                  the sheet that addresses are of from here on; at the beginning Plan
    rename-sheet, drop-sheet, hide-sheet, copy-sheet, add-sheet, borrow-sheet, no-anchors
    say                                    a line of the block Envío: say type completo
    template, registers, workbook, file, reader
                                           another file; the one before is put aside, and all of them are checked
    copies, reviewed, st-says              what the Secretariat has at hand, what it sent back, whose it says a file is
    group                                  what a working group puts in: group 1 ACTION COUNTRIES
    merge, assemble, open, draft           what is done with the files, where it is more than to check them
    consolidate, next-cycle                a whole merge, after which the steps go on
    st-writes, st-answers, st-deletes, st-renumbers, st-withdraws, decide    what the Secretariat does to its own data

The canonical data are the plan of 2009 and both matrices; what is always found in them is passed over.
"""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from crmxl import limits
from crmxl.assembling import assemble
from crmxl.blanks import template
from crmxl.canonical import Canonical, read_canonical
from crmxl.decisions import Catalogue
from crmxl.definition import Record
from crmxl.demo import REGISTERS
from crmxl.drafting import draft
from crmxl.findings import Finding, position
from crmxl.issued import Base, Issued
from crmxl.kinds import BY_KEY, KINDS
from crmxl.kinds.smuggling_plan import BECAME
from crmxl.reading import Book, Comment, Grid, read_book, read_books
from crmxl.reading.book import read_bytes
from crmxl.reading.process import SHARED, ReadingProcess
from crmxl.review import review
from crmxl.submission import Layout, Submission, read_sheets, read_submission
from crmxl.validation import validate
from crmxl.values import Raw, is_blank
from crmxl.withdrawing import without
from crmxl.writing import VIEWS, write_review
from tests.bench import FILLABLE, ROOT, Bench, reopened, source, with_cells, without_anchors
from tests.files import FILES, answered
from tests.test_reading_process import worker

Area = tuple[int, int, int, int]
"""The first row and column of a block of cells and the last ones, from 0."""


@dataclass(frozen=True)
class Templates:
    """What was issued, made once for all scenarios."""

    bench: Bench
    folder: Path

    @cached_property
    def answered(self) -> bytes:
        """Costa Rica's template with an answer in it, as a file."""
        return answered(self.folder / "CRI.xlsx")

    @cached_property
    def layouts(self) -> Mapping[str, Layout]:
        """Where the tables stand in every template: the same rows and columns for all countries and cycles."""
        return read_submission(self.bench.books["CRI"], FILLABLE, self.bench.issued).layouts

    @cached_property
    def registers(self) -> Bench:
        """The templates of the network's other registers."""
        return Bench.make(ROOT / "workbooks" / REGISTERS, self.folder / "registros", countries=["CRI"])

    @cached_property
    def always(self) -> set[tuple[object, ...]]:
        """What is found in the canonical data whatever happens."""
        return {_essence(item) for item in self.bench.merge().findings}


def _essence(item: Finding) -> tuple[object, ...]:
    return item.code, item.place.sheet, item.place.cell, item.arguments


def _sealed(book: Book) -> Book:
    """A return with the hash of its cells, by which two sendings are known to be the same."""
    return replace(book, source=source(book.grids, book.source.name))


def _area(text: str) -> Area:
    first, _, last = text.partition(":")
    return (*position(first), *position(last or first))


Spot = tuple[int, int]


def _outside(area: tuple[Spot, Spot], first: Spot, last: Spot) -> Iterator[tuple[Spot, Spot]]:
    """What is left of an area of one column, above and below the rows that are taken out of it."""
    (top, left), (bottom, right) = area
    if right < first[1] or left > last[1]:
        yield area
        return
    if top < first[0]:
        yield (top, left), (min(bottom, first[0] - 1), right)
    if bottom > last[0]:
        yield (max(top, last[0] + 1), left), (bottom, right)


def _spots(area: Area) -> Iterator[tuple[int, int]]:
    top, left, bottom, right = area
    return ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


@dataclass
class Scenario:
    """The steps of one case; see the module."""

    templates: Templates
    folder: Path
    bench: Bench = field(init=False)
    canonical: Canonical = field(init=False)
    returns: list[Book] = field(default_factory=list)
    book: Book | None = None
    begun: Book | None = None
    on: str = "Plan"
    copied: Mapping[str, Issued] = field(init=False)
    fallback: Base | None = None
    option: str | None = None
    told: tuple[Finding, ...] = ()
    layouts: Mapping[str, Layout] = field(init=False)
    inputs: list[Submission] = field(default_factory=list)
    judge: Callable[[Sequence[Book]], Iterable[Finding]] = field(init=False)
    reading: Callable[[Path], list[Book]] = read_books
    patched: pytest.MonkeyPatch = field(init=False)

    def __post_init__(self) -> None:
        self.bench, self.canonical = self.templates.bench, self.templates.bench.canonical
        self.copied, self.judge = self.bench.issued, self._checked
        self.layouts = self.templates.layouts
        self.template("CRI")

    def play(self, steps: Iterable[str]) -> list[Finding]:
        """Carry the steps out; what is found at the end."""
        with pytest.MonkeyPatch.context() as self.patched:
            for step in steps:
                verb, *arguments = shlex.split(step)
                getattr(self, verb.replace("-", "_"))(*arguments)
            return list(self.judge(self.sent))

    @property
    def sent(self) -> list[Book]:
        """All returns, the one at hand last."""
        return [*self.returns, *([_sealed(self.book)] if self.book else [])]

    # which file

    def template(self, country: str, name: str = "") -> None:
        """Begin a return; the one before is put aside, unless nothing was done to it."""
        self._put_aside()
        issued = self.bench.books[country]
        named = replace(issued, source=replace(issued.source, name=name or f"{country}.xlsx"))
        self.begun = self.book = self.bench.send(named, type="parcial")
        self.on = "Plan"

    def registers(self) -> None:
        """Begin with Costa Rica's template of the other registers: indicators, statistics, directory."""
        self.bench = self.templates.registers
        self.copied, self.canonical = self.bench.issued, self.bench.canonical
        self.layouts = read_submission(self.bench.books["CRI"], FILLABLE, self.bench.issued).layouts
        self.template("CRI")

    def workbook(self, name: str) -> None:
        """A workbook of the folder `workbooks`, as it stands there."""
        self._put_aside()
        self.book, self.on = read_book(ROOT / "workbooks" / name), "Plan"

    # cells

    def write(self, row: str, column: str, text: str) -> None:
        """A text, in a cell of the tables."""
        self._write(row, column, lambda number: text.replace("*", number) if row == "*" else text)

    def number(self, row: str, column: str, number: str) -> None:
        """A number, as a spreadsheet takes what looks like one."""
        self._write(row, column, lambda _: float(number))

    def day(self, row: str, column: str, day: str) -> None:
        """A date, as a spreadsheet takes what looks like one."""
        self._write(row, column, lambda _: dt.datetime.fromisoformat(day))

    def letters(self, row: str, column: str, count: str) -> None:
        """A text of so many letters."""
        self._write(row, column, lambda _: "x" * int(count))

    def blank(self, row: str, column: str) -> None:
        """Nothing."""
        self._write(row, column, lambda _: None)

    def at(self, area: str, text: str) -> None:
        """A text in one cell, or in each of a block."""
        self._put(dict.fromkeys(_spots(_area(area)), text))

    def heading(self, column: str, text: str) -> None:
        """Another title of a column."""
        (layout,) = [layout for layout in self.layouts.values() if layout.sheet == self.on]
        self._put({(layout.head, layout.columns[column]): text})

    # what is done with the mouse

    def clear(self, area: str) -> None:
        """Empty a block."""
        self._put(dict.fromkeys(_spots(_area(area))))

    def copy(self, area: str, to: str) -> None:
        """Copy a block to where its first cell shall be."""
        top, left, *_ = _area(area)
        down, right = position(to)
        cells = self.grid.cells
        self._put({(r - top + down, c - left + right): cells.get((r, c)) for r, c in _spots(_area(area))})

    def exchange(self, area: str, other: str) -> None:
        """Exchange two blocks of one size."""
        pairs = list(zip(_spots(_area(area)), _spots(_area(other)), strict=True))
        cells = self.grid.cells
        self._put({a: cells.get(b) for a, b in pairs} | {b: cells.get(a) for a, b in pairs})

    def reverse(self, area: str) -> None:
        """Turn the rows of a block upside down, as if it had been sorted the other way."""
        top, _, bottom, _ = _area(area)
        self._put({(top + bottom - r, c): self.grid.cells.get((r, c)) for r, c in _spots(_area(area))})

    def delete_rows(self, first: str, last: str) -> None:
        """Delete whole rows; those below move up."""
        self._shift(0, int(first) - 1, int(first) - int(last) - 1)

    def insert_rows(self, before: str, count: str) -> None:
        """Insert blank rows."""
        self._shift(0, int(before) - 1, int(count))

    def delete_column(self, column: str) -> None:
        """Delete a whole column, by its letter; those behind it move to the left."""
        self._shift(1, position(f"{column}1")[1], -1)

    def insert_column(self, before: str) -> None:
        """Insert a blank column."""
        self._shift(1, position(f"{before}1")[1], 1)

    # what a cell shows or hides

    def comment(self, address: str, text: str) -> None:
        """A note on a cell."""
        self._change(comments={position(address): Comment("CRI", text)})

    def unsaved(self, address: str, formula: str) -> None:
        """A formula of which no program has saved the value."""
        self._change(unsaved={position(address): formula})

    def error(self, address: str, text: str) -> None:
        """An error of calculation."""
        self.at(address, text)
        self._change(errors=frozenset({position(address)}))

    def hide_rows(self, first: str, last: str) -> None:
        """Rows that are hidden, or that a filter leaves out."""
        self._change(hidden_rows=self.grid.hidden_rows | set(range(int(first) - 1, int(last))))

    def strike(self, area: str) -> None:
        """Text struck out; a reader knows of it where there is text."""
        self._change(struck=frozenset(self.grid.cells.keys() & set(_spots(_area(area)))))

    def merge_cells(self, area: str) -> None:
        """Cells made one: what all but the first said is lost."""
        first, *rest = _spots(_area(area))
        self._put(dict.fromkeys(rest))
        self._change(merged=((first, rest[-1]),))

    def paste_over(self, area: str) -> None:
        """Cells pasted with all that they had elsewhere: the lists to choose from are gone."""
        top, left, bottom, right = _area(area)
        first, last = (top, left), (bottom, right)
        self._change(lists=tuple(piece for one in self.grid.lists or () for piece in _outside(one, first, last)))

    # sheets

    def sheet(self, name: str) -> None:
        """The sheet that is meant from here on."""
        self.on = name

    def rename_sheet(self, name: str) -> None:
        """Give the sheet another name."""
        self._change(name=name)
        self.on = name

    def drop_sheet(self) -> None:
        """Delete the sheet."""
        self._with(grid for grid in self._book.grids if grid.name != self.on)

    def hide_sheet(self) -> None:
        """Hide the sheet."""
        self._change(hidden=True)

    def copy_sheet(self, name: str) -> None:
        """A copy of the sheet behind all others; it is the one that is meant from here on."""
        self._with((*self._book.grids, replace(self.grid, name=name)))
        self.on = name

    def add_sheet(self, name: str) -> None:
        """A blank sheet behind all others; it is the one that is meant from here on."""
        self._with((*self._book.grids, Grid(name, {})))
        self.on = name

    def borrow_sheet(self, country: str, name: str) -> None:
        """The same sheet of another country's template, behind all others, under this name."""
        lent = self.bench.books[country].grid(self.on)
        assert lent is not None
        self._with((*self._book.grids, replace(lent, name=name)))

    def no_anchors(self) -> None:
        """Delete the hidden row and column of every table."""
        self.book = without_anchors(self._book)

    # the block Envío

    def say(self, key: str, text: str) -> None:
        """Fill in a line of the block Envío; a blank empties it."""
        self.book = self.bench.send(self._book, **{key: text or None})

    def mailed(self, moment: str) -> None:
        """The mail that brings the file was sent then (ISO, UTC)."""
        self.book = replace(self._book, sent=moment)

    # files

    def file(self, kind: str, name: str = "CRI.xlsx") -> None:
        """A file of `FILES` under a name; also «folder», «missing» and «link» (to a workbook)."""
        self._put_aside()
        path, whole = self.folder / name, self.folder / "guardado.bin"
        if kind == "folder":
            path.mkdir()
        elif kind == "link":
            whole.write_bytes(self.templates.answered)
            path.symlink_to(whole)
        elif kind != "missing":
            path.write_bytes(FILES[kind](self.templates.answered))
        self.returns += self.reading(path)

    def reader(self, fault: str) -> None:
        """The program that reads files from here on: one that dies, that hangs, or has died at the file before; one of
        which the first part, or both, deliver no cells."""
        if fault == "died-before":
            SHARED.close()
            return
        requests = {"dies": "os._exit(1)", "hangs": "time.sleep(600)"}
        if fault in requests:
            process = ReadingProcess(worker(requests[fault]), seconds=0.2 if fault == "hangs" else 60)
            self.reading = lambda path: [process.read(path.name, path.read_bytes())]
            return
        self.reading = lambda path: [_half_read(path, both=fault == "loses-cells")]

    # what the Secretariat has at hand

    def copies(self, which: str) -> None:
        """The issued copies that are found: «lost» none, «lost-but-plan» none, and the plan in force in their place,
        «next-cycle» those of a later cycle only, «both-cycles» those of a later cycle too."""
        mine = self.bench.issued
        later = {f"{key} later": replace(copy, cycle="2010-2", deadline="2010-08-13") for key, copy in mine.items()}
        self.copied = {"lost": {}, "lost-but-plan": {}, "next-cycle": later, "both-cycles": {**mine, **later}}[which]
        if which != "lost":
            tables = {kind.key: self.canonical.of(kind.items_table.name) for kind in FILLABLE}
            self.fallback = {key: {record.key: record for record in records} for key, records in tables.items()}

    def st_says(self, country: str) -> None:
        """The Secretariat says from which country the files are."""
        self.option = country

    def reviewed(self) -> None:
        """The return comes back as the copy in which the Secretariat marked what is to be corrected."""
        (submission,) = self.bench.read(self._book)
        path = self.folder / self._book.source.name
        path.write_bytes(write_review(FILLABLE, review(submission, FILLABLE)))
        self.book = read_book(path)

    def st_withdraws(self, country: str) -> None:
        """The files of a country that were merged are not to count after all."""
        files = [r.key[0] for r in self.canonical.of("reception") if r.text("country") == country]
        clean = without(self.canonical, Catalogue(KINDS), files, self.bench.issued)
        self.canonical, self.told = clean.canonical, clean.findings

    def st_writes(self, item: str, column: str, text: str) -> None:
        """The Secretariat writes another text into its own data."""
        self._item(item, lambda row: [replace(row, values={**row.values, column: text or None})])

    def st_answers(self, item: str, country: str, column: str, text: str) -> None:
        """The Secretariat writes over what a country has answered."""
        self._rewrite(
            "plan.answers",
            lambda row: row.key == (item, country),
            lambda row: [replace(row, values={**row.values, column: text or None})],
        )

    def st_deletes(self, item: str) -> None:
        """The Secretariat takes an item out."""
        self._item(item, lambda _: [])

    def st_renumbers(self, item: str, number: str) -> None:
        """The Secretariat gives an item another number."""
        self._item(item, lambda row: [replace(row, key=(number,), values={**row.values, "id": number})])

    def decide(self, item: str, column: str, key: str, text: str) -> None:
        """The Secretariat fills in a cell of Decisiones (decision, own), in the row of this item and column."""

        def filled(row: Record) -> list[Record]:
            spot = self.canonical.place("decisions", row.key, key)
            assert spot is not None
            return [replace(row, values={**row.values, key: text}, places={**row.places, key: spot})]

        self._rewrite("decisions", lambda row: (row.text("item"), row.text("column")) == (item, column), filled)

    def sheet_holds(self, count: str, what: str) -> None:
        """A sheet of the consolidated workbook that holds so many rows, or so many links, and no more."""
        if what == "rows":
            self.patched.setattr(limits, "ROWS", limits.HEAD + int(count))
        else:
            self.patched.setattr(limits, "LINKS", int(count))

    # what is done with the files

    def merge(self) -> None:
        """Merge the returns, if anything was done to one; what is found in them and in the Secretariat's own data."""
        self.judge = self._merged
        self._put_aside()

    def group(self, group: str, action: str, countries: str) -> None:
        """A working group puts in an action of some countries."""
        self.book = None
        kind = BY_KEY["group_work"]
        path = self.folder / "grupo.xlsx"
        template([kind.key], path, "es")
        book = read_book(path)
        (layout,) = read_sheets(book, [kind]).layouts.values()
        said = {"group": group, "action": action, "countries": countries, "responsible": "OIM", "period": "2018"}
        spots = {position(str(layout.address(("N1",), key))): text for key, text in said.items()}
        self.inputs.append(read_sheets(with_cells(book, kind.sheet.es, spots), [kind]))

    def draft(self) -> None:
        """Put the input of the groups together."""
        plan, group = BY_KEY["smuggling_plan"], BY_KEY["group_work"]
        self.judge = lambda _: draft(plan, group, self.inputs, BECAME, {}).findings

    def assemble(self) -> None:
        """Put the returns together, as those of the ministries of one country."""
        self.judge = self._assembled

    def open(self) -> None:
        """Open the files as the Secretariat's own workbooks."""
        self.judge = lambda books: read_canonical(books, KINDS, VIEWS).findings

    def consolidate(self) -> None:
        """Merge the returns; from here on the consolidated workbook is the Secretariat's, and no return is there."""
        self._put_aside()
        self.canonical = reopened(self.bench.merge_on(self.canonical, *self.returns), self.folder)
        self.returns = []

    def next_cycle(self) -> None:
        """Consolidate, issue the templates of the next cycle, and begin with that of Costa Rica."""
        self.consolidate()
        path = self.folder / "consolidado.xlsx"
        self.bench = Bench.make(path, self.folder / "emitidos", "2010-2", dt.date(2010, 8, 13), ["CRI"])
        self.copied, self.canonical = self.bench.issued, self.bench.canonical
        self.template("CRI")

    def _checked(self, books: Sequence[Book]) -> Iterator[Finding]:
        for book in books:
            yield from validate(
                read_submission(book, FILLABLE, self.copied, self.fallback, self.option), FILLABLE
            ).findings

    def _merged(self, books: Sequence[Book]) -> Iterator[Finding]:
        result = self.bench.merge_on(self.canonical, *books)
        for reception in result.receptions:
            yield from reception.findings
        yield from (item for item in result.findings if _essence(item) not in self.templates.always)
        yield from self.told

    def _assembled(self, books: Sequence[Book]) -> Iterable[Finding]:
        parts = self.bench.read(*books)
        stamp = parts[0].stamp
        assert stamp is not None
        return assemble(parts, stamp, parts[0].base, [kind for kind in FILLABLE if kind.returns]).findings

    # the cells as they are

    @property
    def _book(self) -> Book:
        assert self.book is not None, "there is no workbook at hand"
        return self.book

    @property
    def grid(self) -> Grid:
        """The sheet that is meant."""
        grid = self._book.grid(self.on)
        assert grid is not None, self.on
        return grid

    def _put_aside(self) -> None:
        """What was begun and has nothing done to it is no return."""
        if self.book is not None and self.book is not self.begun:
            self.returns.append(_sealed(self.book))
        self.book = None

    def _with(self, grids: Iterable[Grid]) -> None:
        self.book = replace(self._book, grids=tuple(grids))

    def _change(self, **changes: Any) -> None:
        self._with(replace(grid, **changes) if grid.name == self.on else grid for grid in self._book.grids)

    def _put(self, cells: Mapping[tuple[int, int], Raw], sheet: str = "") -> None:
        """Other cells on a sheet; readers give no blank ones."""
        name = sheet or self.on
        grid = self._book.grid(name)
        assert grid is not None, name
        kept = {spot: raw for spot, raw in {**grid.cells, **cells}.items() if not is_blank(raw)}
        self._with(replace(grid, cells=kept) if one.name == name else one for one in self._book.grids)

    def _write(self, row: str, column: str, value: Callable[[str], Raw]) -> None:
        for layout in self.layouts.values():
            if column not in layout.columns or (row != "*" and (row,) not in layout.rows):
                continue
            numbers = [key[0] for key in layout.rows if not key[0].startswith("N")] if row == "*" else [row]
            spots = {(layout.rows[n,], layout.columns[column]): value(n) for n in numbers}
            self._put(spots, layout.sheet)
            if row != "*":
                return
        assert row == "*", (row, column)

    def _shift(self, axis: int, at: int, by: int) -> None:
        """Move all cells from a row or column on; by less than nothing, those in between are lost."""
        cells = {}
        for spot, raw in self.grid.cells.items():
            if spot[axis] < at:
                cells[spot] = raw
            elif spot[axis] >= at - min(by, 0):
                cells[(spot[0] + by, spot[1]) if axis == 0 else (spot[0], spot[1] + by)] = raw

        def moved(spot: Spot) -> Spot:
            row, column = spot
            return (row + by * (row >= at), column) if axis == 0 else (row, column + by * (column >= at))

        lists = tuple((moved(first), moved(last)) for first, last in self.grid.lists or ())
        self._change(cells=cells, lists=lists)

    def _rewrite(self, table: str, about: Callable[[Record], bool], change: Callable[[Record], list[Record]]) -> None:
        """Change some rows of the canonical data, or take them out."""
        rows = self.canonical.of(table)
        assert any(map(about, rows)), table
        changed = tuple(new for row in rows for new in (change(row) if about(row) else [row]))
        self.canonical = replace(self.canonical, records={**self.canonical.records, table: changed})

    def _item(self, item: str, change: Callable[[Record], list[Record]]) -> None:
        """Change the row of an item of the plan or of a matrix."""
        tables = [kind.items_table.name for kind in KINDS]
        (table,) = [name for name in tables if (item,) in [row.key for row in self.canonical.of(name)]]
        self._rewrite(table, lambda row: row.key == (item,), change)


def _half_read(path: Path, *, both: bool) -> Book:
    """A workbook as read where the first reader delivers no cells, or both deliver none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crmxl.reading.cells.Calamine.cells", lambda *_: {})
        if both:
            patch.setattr("crmxl.reading.openxml._openpyxl", lambda *_: {})
        return read_bytes(path.name, path.read_bytes())
