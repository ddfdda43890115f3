"""What one returned file says: its stamp, its block Envío, and the cells that its country may change.

Country and base come from the Secretariat's issued copy, to which the stamp points by its issue id. What the stamp
says beyond that is a pointer, never an authority: cells outside the country's own are set aside, whatever was done
to protection, stamp, names or keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crmxl import members
from crmxl.appearance import notices
from crmxl.around import (
    Asked,
    explained,
    explanations,
    in_margins,
    own_sheets,
    read_envelope,
    sending_texts,
    sheets_lang,
)
from crmxl.definition import Column, Key, Kind, Owner, Record
from crmxl.envelope import Sent
from crmxl.findings import Across, Finding, Place, Source, address, at, cells_of, finding, in_order, position, ranges
from crmxl.fixed import FixedCells
from crmxl.identity import about_copy, against, claimed, identify
from crmxl.issued import STAMP_SHEET, Base, Issued, Stamp, anchored_stamp, answers_id, ordering_deadline, read_stamp
from crmxl.locating import Locator
from crmxl.messages import Code
from crmxl.placing import is_open_row
from crmxl.reading import Book, Grid
from crmxl.reasons import Reason
from crmxl.tables import ERASED, Expected, Stray, TableReading, by_rows, comments_of, in_row, read_table
from crmxl.text import LANGS, Bilingual, Lang
from crmxl.values import Value, as_text


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a template's table stands in a returned file: its sheet, the positions of headings, columns and rows, from
    0."""

    sheet: str
    head: int
    columns: Mapping[str, int]
    rows: Mapping[Key, int]

    def address(self, key: Key, column: str) -> str | None:
        """The A1 address of a cell; None where its row or column is gone."""
        if key in self.rows and column in self.columns:
            return address(self.rows[key], self.columns[column])
        return None


@dataclass(frozen=True, slots=True)
class Submission:
    """What one file says.

    `records` holds, by kind, the cells that the country may change and that are not blank; `strays` every other cell
    that counts as read; `comments` the notes on cells; `margins` what was written outside the tables. `cells` is how
    many cells were read (see `read_submission`). `issued` tells whether the issued copy was found; `deadline` orders
    the cycles.
    """

    source: Source
    program: str | None = None
    stamp: Stamp | None = None
    envelope: Mapping[str, Value] = field(default_factory=dict)
    envelope_places: Mapping[str, Place] = field(default_factory=dict)
    country: str | None = None
    cycle: str = ""
    deadline: str = ""
    mailed: str = ""
    """When the mail was sent that brought it (ISO, UTC); blank where that is not known."""
    received: str = ""
    """When the Secretariat received it, by its own register (ISO, UTC); blank where that is not known."""
    parcel: str = ""
    """The SHA-256 of the mail or archive that brought it; blank if none did."""
    issued: bool = False
    accepted: bool = False
    base: Base = field(default_factory=dict)
    records: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    layouts: Mapping[str, Layout] = field(default_factory=dict)
    strays: tuple[Stray, ...] = ()
    comments: tuple[Stray, ...] = ()
    margins: tuple[Stray, ...] = ()
    explained: Mapping[Asked, str] = field(default_factory=dict)
    """What the country explains to points of the checked copy that it sends back."""
    findings: tuple[Finding, ...] = ()
    cells: int = 0
    sheets: tuple[str, ...] = ()
    """The names of its sheets, in their order."""
    memo: dict[tuple[str, Key], tuple[tuple[Column, Value, Value], ...]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """What differs from what was issued, by kind and row, once it was looked for."""

    @property
    def type(self) -> str:
        """complete, partial or nothing; a sending that does not say is partial."""
        return str(self.envelope.get("type") or "partial")

    @property
    def refused(self) -> bool:
        """Whether it was not accepted; a letter that came along with a workbook is not refused, it is no return."""
        return not self.accepted and any(found.severity != "note" for found in self.findings)

    @property
    def sent(self) -> Sent:
        """When it was sent, as far as it says."""
        return Sent(self.deadline, self.number, self.mailed, self.received)

    @property
    def restriction(self) -> Value:
        """Who may see it: free, network, st; the strictest where what was written cannot be read, explained or not."""
        place = self.envelope_places.get("restriction")
        unread = any(found.place == place and found.code.severity == "error" for found in self.findings if place)
        return self.envelope.get("restriction") or ("st" if unread else None)

    @property
    def lang(self) -> Lang:
        """The language in which its sheets are named."""
        return sheets_lang(self.stamp, self.sheets)

    @property
    def number(self) -> float | None:
        """The number of the sending; None if it does not say."""
        number = self.envelope.get("number")
        return number if isinstance(number, int | float) else None


LARGE = 5_000
"""Cells of a sheet that is not ours, beyond which those of a row are kept together."""


class _Reader:
    """Reads one book into the parts of a submission."""

    def __init__(
        self,
        book: Book,
        kinds: Sequence[Kind],
        base: Base | None,
        stamp: Stamp | None,
        issued: Mapping[str, Issued],
        *,
        repair: bool = True,
    ) -> None:
        self.book, self.kinds, self.base, self.stamp, self.repair = book, kinds, base, stamp, repair
        self.issued, self.copy = issued, issued.get(stamp.issue) if stamp else None
        self.names = [grid.name for grid in book.grids]
        self.lang = sheets_lang(stamp, self.names)
        self.used: set[str] = {STAMP_SHEET}
        self.records: dict[str, tuple[Record, ...]] = {}
        self.layouts: dict[str, Layout] = {}
        self.strays: list[Stray] = []
        self.findings: list[Finding] = []
        self.refused: set[Key] = set()
        self.margins: list[Stray] = []
        self.returned = False

    def read(self) -> _Reader:
        """Read every sheet of the book."""
        ours = own_sheets(self.book.grids)
        self.used |= set(ours.values())
        self.strays += explanations(self.book, self.book.grid(ours.get("corrections", "")))
        others = {issue for issue, copy in self.issued.items() if self.copy and copy.country != self.copy.country}
        locator = Locator(self.book, self.kinds, self.base, self.stamp, sure=self.copy is not None, others=others)
        found = locator.find(self.used, repair=self.repair)
        lent = {locator.anchors[name].kind for name in locator.foreign}
        for kind in self.kinds:
            if kind.key in found and (self.base is None or self.base.get(kind.key)):
                self.kind(kind, found[kind.key])
            elif kind.key not in found and kind.returns and kind.key not in lent and locator.expected(kind):
                self.findings.append(finding(Code.S101, Place(self.book.source), sheet=kind.sheet[self.lang]))
        for grid in self.book.grids:
            if grid.name not in self.used and (grid.cells or grid.unsaved):
                anchors = locator.anchors.get(grid.name)
                again = anchors is not None and anchors.kind in self.layouts
                lender = self.issued.get(anchors.issue) if anchors and grid.name in locator.foreign else None
                code = Code.S126 if lender else Code.S123 if again else Code.S110
                taken = self.layouts[anchors.kind].sheet if anchors and again else ""
                self.foreign_sheet(grid, code, members.BY_CODE[lender.country].name if lender else None, taken)
        return self

    def kind(self, kind: Kind, name: str) -> None:
        source = self.book.source
        grid = self.book.grid(name)
        if grid is None:
            return
        self.used.add(name)
        if name not in kind.sheet.both():
            self.findings.append(finding(Code.S102, Place(source, name), found=name, sheet=kind.sheet[self.lang]))
        base = (self.base or {}).get(kind.key, {})
        others = {key[0] for other, rows in (self.base or {}).items() if other != kind.key for key in rows}
        reading = read_table(grid, kind.template_table, source, Expected(base, others, self.repair))
        known = [record.key for record in reading.records if not (kind.open_rows and is_open_row(record.key[0]))]
        if base and known and not any(key in base for key in known):
            self.foreign_sheet(grid, Code.S115)
            return
        self.findings += reading.findings
        self.strays += reading.strays
        if reading.header >= 0 and not reading.blocked:
            self.layouts[kind.key] = Layout(name, reading.header, reading.columns, reading.rows)
            blank = {r.key for r in reading.records if is_open_row(r.key[0]) and len(r.values) == 1}
            rows = {key: row for key, row in reading.rows.items() if key not in blank}
            self.findings += notices(kind.template_table, grid, Place(source, name), rows, reading.columns)
            self.returned |= kind.returns
            self.rows(kind, reading, base)
            if self.copy and not reading.disputed:
                self.missing_rows(kind)

    def rows(self, kind: Kind, reading: TableReading, base: Mapping[Key, Record]) -> None:
        """The rows of a table that was found; what is not the country's in them is held against the base."""
        layout = self.layouts[kind.key]

        def where(key: Key, column: str) -> Place | None:
            spot = layout.address(key, column)
            return Place(self.book.source, layout.sheet, spot) if spot else None

        fixed = FixedCells(kind, base, where)
        self.records[kind.key] = tuple(self.own_cells(kind, reading.records, reading.numeric, fixed))
        fixed.emptied(record for record in reading.records if record.key not in self.refused)
        self.findings = [*fixed.only(self.findings), *fixed.told()]

    def own_cells(
        self, kind: Kind, records: Sequence[Record], numeric: frozenset[Key], fixed: FixedCells
    ) -> Iterator[Record]:
        """Of each row, the cells that the country may change."""
        base = self.base.get(kind.key, {}) if self.base is not None else None
        absent = self.not_issued(kind, records, base)
        unknown: list[Record] = []
        columns = [column for column in kind.template_table.columns if column.key not in kind.items_table.key]
        for record in records:
            new = kind.open_rows > 0 and is_open_row(record.key[0])
            if base is not None and record.key not in base and not new:
                self.refuse_row(kind, record)
                unknown.append(record)
                continue
            if base is not None and record.key in numeric and (f"{record.key[0]}0",) in base:
                self.refuse_row(kind, record)
                spot = at(next(iter(record.places.values())), ranges(str(p.cell) for p in record.places.values()))
                self.findings.append(finding(Code.S112, spot, found=record.key[0]))
                continue
            kept = {}
            known = base.get(record.key) if base else None
            for column in columns:
                value = record.values.get(column.key)
                if value is None or column.key not in record.places:
                    continue
                if (column.owner is Owner.ST and base is None) or column.key in absent:
                    continue
                if column.owner is Owner.ST and known and known.values.get(column.key) is value:
                    continue  # it was not read anew: it says what was issued
                if new and value == ERASED:
                    place = record.places[column.key]
                    self.strays.append(Stray(place, record.written[column.key], column.title, Reason.UNREADABLE))
                elif column.owner is Owner.ST or (new and column.owner is Owner.COUNTRY):
                    stray = fixed.hold(column, record, new=new)
                    self.strays += [stray] if stray else []
                else:
                    kept[column.key] = value
            if kept:
                places = record.places
                places = places.of(kept) if isinstance(places, Across) else {key: places[key] for key in kept}
                yield Record(record.key, kept, places, {key: record.written[key] for key in kept})
        if unknown:
            self.tell_unknown(unknown, self.layouts[kind.key].rows)

    def tell_unknown(self, records: Sequence[Record], rows: Mapping[Key, int]) -> None:
        """Rows with a number that was not issued: one finding with those of the sheet that have none. A text alone
        below the table is a note."""
        end = max((row for key, row in rows.items() if key not in self.refused), default=2**20)
        below = [r for r in records if len(r.values) == 1 and rows[r.key] > end]
        for code, told in ((Code.S127, below), (Code.S108, [r for r in records if r not in below])):
            if told:
                self.tell_rows(code, [next(iter(record.places.values())) for record in told])

    def tell_rows(self, code: Code, places: Sequence[Place]) -> None:
        """A finding on some rows of a sheet, joined with the one that is there already."""
        without = [f for f in self.findings if f.code is code and f.place.sheet == places[0].sheet]
        self.findings = [f for f in self.findings if f not in without]
        cells = [cell for f in without for cell in cells_of(str(f.place.cell))] + [str(place.cell) for place in places]
        count = sum(int(str(dict(f.arguments)["count"])) for f in without) + len(places)
        self.findings.append(finding(code, at(places[0], ranges(cells)), count=count))

    def not_issued(self, kind: Kind, records: Sequence[Record], base: Mapping[Key, Record] | None) -> set[str]:
        """Columns of the kind that this template did not have, such as the other wording of a text: like unknown ones,
        they are set aside with one finding each."""
        issued = {key for record in base.values() for key in record.values} if base else set()
        optional = kind.template_table.optional if base else frozenset()
        absent = {key for key in optional - issued if any(key in record.values for record in records)}
        for key in sorted(absent):
            title = kind.column(key).title
            found = [record for record in records if key in record.values]
            self.strays += [Stray(r.places[key], r.written[key], title, Reason.COLUMN) for r in found]
            spot = at(found[0].places[key], ranges(str(r.places[key].cell) for r in found))
            self.findings.append(Finding(Code.S106, spot, (("found", title), ("count", len(found))), title))
        return absent

    def refuse_row(self, kind: Kind, record: Record) -> None:
        """Set a row aside; what is wrong in its cells follows from that."""
        place = next(iter(record.places.values()))
        row = position(str(place.cell))[0]
        self.findings = [item for item in self.findings if not in_row(item, row, str(place.sheet))]
        self.refused.add(record.key)
        for column in kind.template_table.columns:
            if column.key in record.places:
                text = record.written[column.key]
                self.strays.append(Stray(record.places[column.key], text, column.title, Reason.ROW))

    def missing_rows(self, kind: Kind) -> None:
        base = (self.base or {}).get(kind.key, {})
        layout = self.layouts[kind.key]
        gone = [key[0] for key in base if key not in layout.rows and not is_open_row(key[0])]
        if gone and kind.returns:
            self.findings.append(finding(Code.S111, Place(self.book.source, layout.sheet), keys=", ".join(gone)))

    def around(self, envelope: Mapping[str, Place]) -> list[Finding]:
        """What the country wrote outside the tables is kept; it can be told where the issued copy is known."""
        heads = {layout.sheet: layout.head for layout in self.layouts.values()}
        strays, findings = in_margins(self.book, heads, self.copy, envelope.values()) if self.copy else ([], [])
        self.margins = strays
        return findings

    def count(self) -> int:
        """How many cells were read."""
        return sum(len(r.values) for records in self.records.values() for r in records) + sum(
            stray.cells for stray in self.strays
        )

    def submission(self) -> Submission:
        """What the sheets say; not yet whose they are."""
        book = self.book
        return Submission(
            source=book.source,
            program=book.program,
            mailed=book.sent,
            stamp=self.stamp,
            base=self.base or {},
            records=self.records,
            layouts=self.layouts,
            strays=tuple(self.strays),
            margins=tuple(self.margins),
            explained=explained(book.grid(own_sheets(book.grids).get("corrections", ""))),
            comments=tuple(stray for grid in book.grids for stray in comments_of(grid, book.source)),
            cells=self.count(),
            sheets=tuple(self.names),
        )

    def not_ours(self) -> Finding | None:
        """The one cause of all that is wrong in a workbook that is no template: none of its sheets is ours, or it is
        the Secretariat's own and has nothing for a country to fill in."""
        place = Place(self.book.source)
        if not self.records:
            returned = [kind.sheet for kind in self.kinds if kind.returns]
            expected = Bilingual(*(", ".join(sheet[lang] for sheet in returned) for lang in LANGS))
            sheets = ", ".join(name for name in self.names if name != STAMP_SHEET)
            return finding(Code.F110, place, sheets=sheets, expected=expected)
        for kind in self.kinds if self.stamp is None else ():
            layout = self.layouts.get(kind.key)
            own = {column.key for column in kind.owned_by(Owner.COUNTRY)}
            if layout is not None and own and not own & set(layout.columns):
                return finding(Code.F111, place, sheet=layout.sheet)
        return None

    def foreign_sheet(self, grid: Grid, code: Code, country: Bilingual | None = None, taken: str = "") -> None:
        place, count = Place(self.book.source, grid.name), len(grid.cells) + len(grid.unsaved)
        self.findings.append(finding(code, place, sheet=grid.name, count=count, country=country or "", taken=taken))
        whole = replace(grid, cells={**grid.cells, **grid.unsaved})
        if count > LARGE:
            self.strays += by_rows(whole, self.book.source)
            return
        for (row, column), raw in sorted(whole.cells.items(), key=lambda item: item[0]):
            self.strays.append(Stray(at(place, address(row, column)), as_text(raw), "", Reason.SHEET))


def _set_aside_whole(submission: Submission, kinds: Sequence[Kind], problems: Sequence[Finding]) -> Submission:
    """A file that is no country's return: every cell is kept with its reason, and nothing of it is used."""
    strays = list(submission.strays)
    tables = {kind.key: kind.template_table for kind in kinds}
    for name, records in submission.records.items():
        for record in records:
            for key, text in record.written.items():
                label = tables[name].column(key).title
                strays.append(Stray(record.places[key], text, label, Reason.FILE))
    return replace(
        submission, accepted=False, records={}, strays=tuple(strays), findings=(*problems, *submission.findings)
    )


def read_submission(
    book: Book,
    kinds: Sequence[Kind],
    issued: Mapping[str, Issued],
    fallback: Base | None = None,
    option: str | None = None,
    *,
    repair: bool = True,
) -> Submission:
    """Read one returned file.

    `issued` are the Secretariat's copies by issue id; `fallback` is the base where the copy is not there; `option` is
    the country that the ST names for this file. Cells read are those that are not blank, below the headers of data
    sheets and on unknown sheets, but for keys and fixed cells as issued. Without `repair` sheets, headings, numbers and
    choices are what they say or nothing.
    """
    if book.findings and not book.grids:
        return Submission(book.source, book.program, country=option, findings=book.findings)
    stamp = read_stamp(book) or anchored_stamp(book, issued)
    copy = issued.get(stamp.issue) if stamp else None
    base = copy.base if copy else fallback
    envelope, places, findings = read_envelope(book)
    wanted = [kind for kind in kinds if kind.fillable]
    reader = _Reader(book, wanted, base, stamp, issued, repair=repair).read()
    findings += reader.around(places)
    claims = claimed(stamp, envelope, copy)
    country, why = identify(claims, option)
    foreign = reader.not_ours()
    if foreign:
        findings = [foreign]
    else:
        findings += [*reader.findings, *about_copy(book, stamp, issued, wanted, known=fallback is not None)]
        findings += against(claims, option, Place(book.source))
    told = copy or stamp or Stamp()
    deadline = copy.deadline if copy else ordering_deadline(told, issued)
    submission = replace(
        reader.submission(),
        envelope=envelope,
        envelope_places=places,
        country=country,
        cycle=told.cycle,
        deadline=deadline,
        issued=copy is not None,
        accepted=bool(reader.returned and country),
        findings=in_order(findings, reader.names),
    )
    if foreign and foreign.code is Code.F111:  # nobody sent it: its cells are the Secretariat's own
        return Submission(book.source, book.program, findings=(foreign,))
    return _set_aside_whole(submission, wanted, []) if foreign else _whole(submission, why, wanted)


def read_sheets(book: Book, kinds: Sequence[Kind], *, repair: bool = True) -> Submission:
    """What the sheets of a workbook say that is no country's: nothing is held against what was issued."""
    if book.findings and not book.grids:
        return Submission(book.source, book.program, findings=book.findings)
    reader = _Reader(book, kinds, None, read_stamp(book), {}, repair=repair).read()
    foreign = reader.not_ours()
    return replace(reader.submission(), findings=(foreign,) if foreign else in_order(reader.findings, reader.names))


def _whole(submission: Submission, why: Bilingual | None, kinds: Sequence[Kind]) -> Submission:
    """A submission, set aside whole where it is not known whose it is, or it is a review copy that nobody touched."""
    problems = [finding(Code.E101, Place(submission.source), details=why, file=_file_name(submission))] if why else []
    if _is_untouched(submission):
        submission = replace(submission, findings=())  # what is wrong in it has been said
        problems.append(finding(Code.B106, Place(submission.source)))
    return _set_aside_whole(submission, kinds, problems) if problems else submission


def _file_name(submission: Submission) -> str:
    return submission.source.name.rsplit("/", 1)[-1]


def _is_untouched(submission: Submission) -> bool:
    """Whether a file is a review copy in which nothing was corrected or explained: it is none of its country."""
    if submission.stamp is None or not submission.stamp.reviewed or not submission.issued:
        return False
    texts = sending_texts(submission.envelope, submission.envelope_places, submission.findings) | {
        (kind, record.key[0], column): text
        for kind, records in submission.records.items()
        for record in records
        for column, text in record.written.items()
    }
    where = {
        (layout.sheet, layout.address(key, column)): (kind, key[0], column)
        for kind, layout in submission.layouts.items()
        for key in layout.rows
        for column in layout.columns
    }
    if submission.comments or submission.margins:
        return False  # a word, though it stands elsewhere
    for stray in submission.strays:
        if stray.reason in (Reason.EXPLANATION, Reason.SHEET, Reason.COLUMN, Reason.ROW):
            return False
        spot = where.get((stray.place.sheet or "", stray.place.cell))
        if spot and stray.reason is Reason.UNREADABLE:
            texts[spot] = stray.value
    return answers_id(texts) == submission.stamp.reviewed
