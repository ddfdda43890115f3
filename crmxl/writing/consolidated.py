"""The consolidated workbook: views first, then the data sheets that make it the next cycle's canonical one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from crmxl import members
from crmxl.comparison import Comparison, compare, unread_answers
from crmxl.consolidation import Consolidation
from crmxl.dates import spoken
from crmxl.decisions import DECISIONS, SUGGESTED
from crmxl.definition import Board, Column, Kind, Record, Table
from crmxl.findings import letters
from crmxl.marks import OPEN_MARKS
from crmxl.members import MEMBERS
from crmxl.publishing import Circulated
from crmxl.status import Item
from crmxl.tallying import tallied
from crmxl.text import B, Bilingual, Lang
from crmxl.tracing import origins
from crmxl.values import Choice
from crmxl.writing import styles
from crmxl.writing.boards import Behind, bears_notes, write_board
from crmxl.writing.circular import PublicSummary
from crmxl.writing.contents import write_contents
from crmxl.writing.data import Rows, write_data, write_extra
from crmxl.writing.sheet import Style, Workbook
from crmxl.writing.summary import FOR_THE_NETWORK, NOT_TO_CIRCULATE, Places, Summary
from crmxl.writing.tallies import write_charts, write_tally
from crmxl.writing.views import (
    ATTEND,
    CONTENTS,
    FINDINGS,
    RECEPTION_SHEET,
    write_attend,
    write_changes,
    write_findings,
    write_references,
)

TITLE = B("Consolidado", "Consolidated workbook")
AUTHOR = B("Secretaría Técnica", "Technical Secretariat")
_UPDATED = re.compile(r"^Actualizado por la ST el .+$")
_DATED = re.compile(r"^(A la fecha|As of): .+$")
_REGISTERS = frozenset(("decisions", "reception", "set_aside", "provenance", "evolution"))
_OWN_CELLS = frozenset(("decision", "own", "decided_by", "decided_on"))


def as_of_line(day: dt.date) -> Bilingual:
    """The line above a table of ours that says which day it refers to."""
    return B(f"A la fecha: {spoken(day)}", f"As of: {spoken(day, 'en')}")


def dated(preamble: Sequence[str], as_of: dt.date, lang: Lang) -> tuple[str, ...]:
    """The lines above a header with the line of the version ("Actualizado por la ST el …") set to a day."""
    lines = (_UPDATED.sub(f"Actualizado por la ST el {spoken(as_of)}", line) for line in preamble)
    return tuple(_DATED.sub(as_of_line(as_of)[lang], line) for line in lines)


def plan_rows(records: Sequence[Record], items: Sequence[Item], preamble: Sequence[str], lang: Lang) -> Rows:
    """The plan's rows with their marks; what is pending or undefined is underlined, whole cells by format. Sections are
    bands down the side, with a line above each."""
    marks = {item.record.key: item for item in items}
    pairs = zip(records, (None, *records), strict=False)
    begins = {r.key for r, before in pairs if before is None or r.text("section") != before.text("section")}

    def look(record: Record, column: Column) -> Style | None:
        line = styles.BEGINS if record.key in begins else {}
        item = marks.get(record.key)
        spot = "calendar" if record.values.get("calendar") is not None else "activity"
        if column.key == "mark" and item:
            return {**styles.mark_style(item.mark), **line}
        if column.key == "section":
            return {**(styles.CELL if line else styles.REPEATED), **styles.SECTION, **line}
        if item and item.mark in OPEN_MARKS and column.key == spot:
            return {**styles.CELL, "underline": 1, **line}
        return {**styles.CELL, **line} if line else None

    def mark(record: Record) -> str | None:
        item = marks.get(record.key)
        return item.label[lang] if item else None

    return Rows(records, preamble, {"mark": mark}, look, printed="mark")


def _proposals(record: Record, lang: Lang) -> str:
    """Who proposes what, a line each: for reading only; the exact values stand in the countries' own columns."""
    lines = [(m.name[lang], record.text(m.code.lower())) for m in MEMBERS if record.text(m.code.lower())]
    if record.text("other"):
        lines.append((B("Otro envío", "Other sending")[lang], record.text("other")))
    return "\n".join(f"{who}: {what}" for who, what in lines)


def _decision_look(record: Record, column: Column) -> Style | None:
    """The cells that the Secretariat fills in to decide are coloured; what was applied is grey."""
    if record.text("stage") == "applied":
        return {**styles.CELL, "font_color": styles.GREY}
    if column.key == "decision" and record.text("decision").endswith(SUGGESTED):
        return {**styles.OWN, "italic": True}
    return styles.OWN if column.key in _OWN_CELLS else None


def _choices(lang: Lang) -> Callable[[Record, Column], Sequence[str]]:
    """What can be decided in a row: to keep what there is, a country that proposes something, a text of one's own."""

    def choices(record: Record, column: Column) -> Sequence[str]:
        if column.key != "decision" or not isinstance(column.type, Choice):
            return ()
        given = {"keep", "own", *(m.code for m in MEMBERS if record.text(m.code.lower()))}
        given |= {"other"} if record.text("other") else set()
        return [option.label[lang] for option in column.type.options if option.key in given]

    return choices


def _preamble(kind: Kind, name: str, lang: Lang, kept: Sequence[str] = ()) -> tuple[str, ...]:
    """The lines above a header: those that the canonical workbook has, ours among them in our language; else the kind's
    own title and notes."""
    ours = (kind.title or kind.sheet, *kind.notes)
    if kept:
        known = {text: line[lang] for line in ours for text in line.both()}
        return tuple(known.get(line, line) for line in kept)
    return tuple(line[lang] for line in ours) if name == kind.items_table.name else ()


def _under_title(kind: Kind, preamble: Sequence[str]) -> tuple[str, ...]:
    """The lines under a title of ours, but for that of the day."""
    ours = kind.title is not None and preamble[:1] and preamble[0] in kind.title.both()
    return tuple(line for line in preamble[1:] if not _DATED.match(line)) if ours else ()


def write_canonical(
    kinds: Sequence[Kind],
    tables: Mapping[str, Sequence[Record]],
    preambles: Mapping[str, Sequence[str]],
    items: Sequence[Item],
    as_of: dt.date,
    lang: Lang = "es",
) -> bytes:
    """A canonical workbook: the data sheets that have rows, with the plan's marks as of a day; the matrices' boards are
    in front of them."""
    title = next(iter(preambles.values()), ("",))
    workbook = Workbook(title[1] if len(title) > 1 else "", AUTHOR[lang], as_of, lang)
    for kind in kinds:
        if kind.board and kind.board.legal and tables.get(kind.items_table.name):
            preamble = _preamble(kind, kind.items_table.name, lang, preambles.get(kind.items_table.name, ()))
            comparison = compare(kind, kind.board, tables, as_of)
            write_board(workbook, comparison, _under_title(kind, preamble), lang)
    for kind in kinds:
        for table in kind.tables:
            records = tables.get(table.name, ())
            begun = kind.open_rows and table is kind.items_table and table.name in tables  # countries fill its rows
            if records or begun:
                preamble = _preamble(kind, table.name, lang, preambles.get(table.name, ()))
                rows = plan_rows(records, items, preamble, lang) if _is_plan(table) else Rows(records, preamble)
                write_data(workbook, table, rows, lang)
    return workbook.finish()


def _is_plan(table: Table) -> bool:
    """Whether a table has the marks of a plan."""
    return any(column.key == "mark" and column.computed for column in table.columns)


class _Consolidated:
    """Writes the sheets of one consolidated workbook, in their order."""

    def __init__(
        self, result: Consolidation, kinds: Sequence[Kind], items: Sequence[Item], as_of: dt.date, lang: Lang
    ) -> None:
        self.result, self.items, self.as_of, self.lang = result, items, as_of, lang
        self.kinds = [kind for kind in kinds if self.shown(kind)]
        self.workbook = Workbook(f"{TITLE[lang]} {result.cycle}".strip(), AUTHOR[lang], as_of, lang)
        self.comparisons = [self.compared(kind, kind.board) for kind in self.kinds if kind.board]
        noted = any(bears_notes(comparison) for comparison in self.comparisons)
        self.origins = origins(result.tables["provenance"], kinds) if noted else {}

    apart: frozenset[str] = frozenset()
    """The countries of which a part does not circulate."""

    def compared(self, kind: Kind, board: Board) -> Comparison:
        """A kind with a board, compared."""
        lost = unread_answers(kind, board, self.result.receptions)
        return compare(kind, board, self.result.tables, self.as_of, lost)

    def shown(self, kind: Kind) -> bool:
        """Registers always; other kinds where there is something in them."""
        register = kind.key in _REGISTERS
        begun = kind.open_rows and kind.items_table.name in self.result.canonical.readings
        return register or bool(begun) or any(self.result.tables.get(table.name) for table in kind.tables)

    def preamble(self, kind: Kind, table: Table) -> tuple[str, ...]:
        kept = dated(self.result.canonical.preambles.get(table.name, ()), self.as_of, self.lang)
        return _preamble(kind, table.name, self.lang, kept)

    def first_row(self, table: Table) -> int:
        """The row of a data sheet in which its first record stands."""
        kind = next(kind for kind in self.kinds if table in kind.tables)
        preamble = self.preamble(kind, table)
        return len(preamble) + 2 if preamble else 1

    def area(self, name: str, column: str) -> str:
        """The cells of a column of a data sheet, as a formula names them; blank where the sheet has no rows."""
        table = next((t for kind in self.kinds for t in kind.tables if t.name == name), None)
        records = self.result.tables.get(name, ())
        if table is None or not records:
            return ""
        first = self.first_row(table)
        position = letters(next(place for place, c in enumerate(table.columns) if c.key == column))
        sheet = table.sheet[self.lang]
        return f"'{sheet}'!${position}${first + 1}:${position}${first + len(records)}"

    def places(self, plan: Kind | None) -> Places:
        """Where the summary and the list of what asks for attention lead to."""
        answers = plan.answers_table if plan else None
        rows: dict[str, int] = {}
        said: dict[str, int] = {}
        if plan:
            first = self.first_row(plan.items_table)
            rows = {r.key[0]: first + place for place, r in enumerate(self.result.tables[plan.items_table.name])}
        for place, record in enumerate(self.result.tables.get(answers.name, ()) if answers else ()):
            said.setdefault(record.key[1], (self.first_row(answers) if answers else 0) + place)
        return Places(
            area=self.area,
            plan=plan.sheet[self.lang] if plan else "",
            rows=rows,
            attend=ATTEND[self.lang] if plan else FINDINGS[self.lang],
            progress=answers.sheet[self.lang] if answers else "",
            decisions=DECISIONS[self.lang],
            reception=RECEPTION_SHEET[self.lang],
            answers=said,
        )

    def behind(self, comparison: Comparison) -> Behind:
        """What stands behind the answers of a board."""
        answers = comparison.kind.answers_table
        if answers is None:
            return Behind()
        rows = enumerate(self.result.tables.get(answers.name, ()), start=self.first_row(answers))
        details = {record.key: (answers.sheet[self.lang], f"A{row + 1}") for row, record in rows}
        changed: dict[str, list[str]] = {}
        for change in self.result.changes:
            target = change.target
            if (target.table, target.column) == (answers.name, comparison.board.answer) and change.kind == "changed":
                changed.setdefault(target.item, []).append(str(target.country))
        return Behind(self.origins.get(answers.name, {}), details, changed)

    def summary(self, places: Places) -> Summary:
        """The first page."""
        return Summary(self.workbook, self.result, self.items, self.comparisons, self.as_of, self.lang, places)

    def views(self) -> None:
        plan = next((kind for kind in self.kinds if _is_plan(kind.items_table)), None)
        places = self.places(plan)
        self.summary(places).write()
        self.contents = self.workbook.sheet(CONTENTS[self.lang])
        if plan:
            write_attend(self.workbook, self.items, self.lang, places.plan, dict(places.rows))
        for comparison in self.comparisons:
            kind = comparison.kind
            above = _under_title(kind, self.preamble(kind, kind.items_table))
            write_board(self.workbook, comparison, above, self.lang, self.behind(comparison))
        boards = []
        for kind in self.kinds:
            if kind.tally and any(self.result.tables.get(table.name) for table in kind.tables):
                above = _under_title(kind, self.preamble(kind, kind.items_table))
                found = tallied(kind, kind.tally, self.result.tables, self.apart)
                boards.append(write_tally(self.workbook, found, self.as_of, above, self.lang))
        write_charts(self.workbook, boards, self.lang)

    def table(self, kind: Kind, table: Table) -> None:
        records, preamble = self.result.tables.get(table.name, ()), self.preamble(kind, table)
        lead = 2 if len(table.key) > 1 or table.columns[1].key == "country" else 1
        rows = Rows(records, preamble, lead=lead)
        if _is_plan(table):
            rows = plan_rows(records, self.items, preamble, self.lang)
        elif table.name == "decisions":
            computed = {"proposals": lambda record: _proposals(record, self.lang)}
            choices = _choices(self.lang)
            rows = Rows(records, preamble, computed, _decision_look, choices, printed="decided_on")
        sheet, _ = write_data(self.workbook, table, rows, self.lang)
        if table.name == "decisions":  # Tab goes from one cell to fill in to the next, and nothing else is written over
            sheet.raw.protect("", dict.fromkeys(("format_columns", "format_rows", "autofilter"), True))

    def write(self) -> bytes:
        self.views()
        order = sorted(self.kinds, key=lambda kind: (kind.key != "decisions", self.kinds.index(kind)))
        for place, kind in enumerate(order):
            for table in kind.tables:
                self.table(kind, table)
            if place == 1:  # behind Decisiones and the first kind
                write_changes(self.workbook, self.result.changes, self.kinds, self.lang)
                (register,) = (t for kind in self.kinds for t in kind.tables if t.name == "reception")
                write_findings(self.workbook, self.result, self.lang, self.first_row(register))
                write_references(self.workbook, self.result, self.kinds, self.lang)
        for grid in self.result.canonical.extra:
            write_extra(self.workbook, grid.name, grid.cells)
        write_contents(self.contents, self.workbook, self.kinds, _REGISTERS, self.lang)
        self.footers(NOT_TO_CIRCULATE)
        return self.workbook.finish()

    def footers(self, words: Bilingual) -> None:
        """The same words at the foot of every page."""
        for sheet in self.workbook.book.worksheets():
            sheet.set_footer(f"&L&8&A — {words[self.lang]}&R&8&P / &N")


def write_consolidated(
    result: Consolidation, kinds: Sequence[Kind], items: Sequence[Item], as_of: dt.date, lang: Lang = "es"
) -> bytes:
    """The whole consolidated workbook as bytes: equal inputs give equal bytes."""
    return _Consolidated(result, kinds, items, as_of, lang).write()


class _Circulating(_Consolidated):
    """The workbook that circulates: views and data, without the Secretariat's registers."""

    def __init__(
        self, found: Circulated, kinds: Sequence[Kind], items: Sequence[Item], as_of: dt.date, lang: Lang
    ) -> None:
        self.found = found
        self.apart = found.reserved
        super().__init__(found.result, kinds, items, as_of, lang)

    def compared(self, kind: Kind, board: Board) -> Comparison:
        """A kind with a board, judged by the registers that do not circulate."""
        tables = {**self.result.tables, **self.found.told}
        return compare(kind, board, tables, self.as_of, apart=self.found.reserved)

    def shown(self, kind: Kind) -> bool:
        """No register; other kinds where there is something in them."""
        return kind.key not in _REGISTERS and super().shown(kind)

    def behind(self, comparison: Comparison) -> Behind:
        """What stands behind the answers of a board, and whose are not all there."""
        reserved = [code for code in members.CODES if code in self.found.reserved]
        return replace(super().behind(comparison), reserved=reserved)

    def summary(self, places: Places) -> Summary:
        """The first page, for everybody."""
        page = PublicSummary(
            self.workbook, self.result, self.items, self.comparisons, self.as_of, self.lang, places, self.found.reserved
        )
        page.quiet = self.found.quiet
        return page

    def write(self) -> bytes:
        self.views()
        for kind in self.kinds:
            for table in kind.tables:
                self.table(kind, table)
        write_references(self.workbook, self.result, self.kinds, self.lang)
        write_contents(self.contents, self.workbook, self.kinds, _REGISTERS, self.lang)
        self.footers(FOR_THE_NETWORK)
        return self.workbook.finish()


def write_circulated(
    found: Circulated, kinds: Sequence[Kind], items: Sequence[Item], as_of: dt.date, lang: Lang = "es"
) -> bytes:
    """The copy that may circulate, as bytes."""
    return _Circulating(found, kinds, items, as_of, lang).write()
