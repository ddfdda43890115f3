"""Comparisons: what every country answers to every item of a kind, side by side, as of a day.

An answer is `tentative` while it waits for its country to confirm it, and `stale` when the country has not looked at it
since the last meeting of the Conference or its consultation group before the day: the matrices are to be brought up to
date before each of them (work plan of 2009, activity 6.4). A country has looked at an answer when it says so, when it
sent a cell of that row, and when it sent a return that is complete or has nothing to report: that confirms what was
prefilled.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from crmxl import members
from crmxl.dates import understand
from crmxl.definition import Board, Kind, Record
from crmxl.findings import position
from crmxl.meetings import Meeting, last_meeting
from crmxl.reasons import Reason
from crmxl.registers import Reception
from crmxl.returns import Returns, Tables
from crmxl.tables import shown
from crmxl.text import LANGS, Bilingual, Lang
from crmxl.values import Choice, Option, Tone, Value

LACKING: frozenset[Tone] = frozenset(("poor", "open", "idle"))
"""The tones of answers by which a country lacks what the item asks for."""
TENTATIVE, STALE, UNREAD, EXPIRED = "?", "*", "!", "†"
"""The signs behind a short answer, and the one for an answer that could not be read."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The answer of one country to one item: the choice, its figures, and what there is to know about it."""

    country: str
    option: Option
    answer: Record
    figures: Bilingual | None
    tentative: bool
    stale: bool
    expired: bool = False

    def short(self, lang: Lang) -> str:
        """The answer as a narrow cell shows it: `S`, `P?`, `S* 10–14`."""
        word = self.option.letter or self.option.label
        signs = "".join(
            sign for sign, there in ((TENTATIVE, self.tentative), (STALE, self.stale), (EXPIRED, self.expired)) if there
        )
        return " ".join(filter(None, (word[lang] + signs, self.figures[lang] if self.figures else "")))


@dataclass(frozen=True, slots=True)
class Line:
    """One item with the answers of those countries that have one, by country; `unread` are answers that arrived and
    could not be read, as they were written; `noted` are rows to be confirmed; `apart` the countries
    of which a part is reserved, and nothing is said that is not there."""

    item: Record
    cells: Mapping[str, Cell]
    unread: Mapping[str, str] = field(default_factory=dict)
    noted: Mapping[str, Record] = field(default_factory=dict)
    apart: frozenset[str] = frozenset()

    @property
    def lacking(self) -> tuple[str, ...]:
        """The countries that answer that they lack it, wholly or for now."""
        return tuple(code for code, cell in self.cells.items() if cell.option.tone in LACKING or cell.expired)

    @property
    def silent(self) -> tuple[str, ...]:
        """The countries without an answer, and those that answer that they do not know."""
        known = {code for code, cell in self.cells.items() if cell.option.tone != "unknown"}
        known |= self.unread.keys() | self.apart
        return tuple(code for code in members.CODES if code not in known)

    @property
    def blank(self) -> tuple[str, ...]:
        """The countries of which nothing has arrived."""
        known = self.cells.keys() | self.unread.keys() | self.apart
        return tuple(code for code in members.CODES if code not in known)

    @property
    def stale(self) -> tuple[str, ...]:
        """The countries that have not looked at their answer since the last meeting."""
        return tuple(code for code, cell in self.cells.items() if cell.stale)


@dataclass(frozen=True)
class Comparison:
    """A kind with a board, compared. `instruments` are the rows on their state, by instrument, then by country."""

    kind: Kind
    board: Board
    lines: tuple[Line, ...]
    meeting: Meeting | None
    instruments: Mapping[str, Mapping[str, Record]]
    as_of: dt.date

    @property
    def options(self) -> tuple[Option, ...]:
        """The choices that a cell can show."""
        answer = self.kind.column(self.board.answer).type
        return answer.options if isinstance(answer, Choice) else ()

    def count(self, key: str, country: str | None = None) -> int:
        """How often a choice was given, by all or by one country."""
        return self._counts[key, country]

    @cached_property
    def _counts(self) -> Counter[tuple[str, str | None]]:
        cells = [(cell.option.key, cell.country) for line in self.lines for cell in line.cells.values()]
        return Counter((key, whose) for key, country in cells for whose in (None, country))


def by_country(answers: Iterable[Record], column: str) -> dict[str, Counter[str]]:
    """How often each country gave each answer of a column."""
    found: dict[str, Counter[str]] = {}
    for record in answers:
        found.setdefault(record.key[1], Counter())[record.text(column)] += 1
    return found


def _reviewed(returns: Returns, kind: Kind, answer: Record, reviewed: str) -> dt.date | None:
    """The last day on which the country can have looked at an answer: when it says so, or when it spoke of it."""
    said = answer.values.get(reviewed)
    when = understand(said) if isinstance(said, str | dt.date) else None
    days = [when.end if when else None, returns.last(kind, *answer.key)]
    return max((day for day in days if day), default=None)


def _told(answer: Record, kind: Kind, board: Board) -> Bilingual | None:
    """The figures of an answer in short; None if it has none."""

    def written(key: str, lang: Lang) -> Value:
        value = answer.values.get(key)
        return None if value is None else kind.column(key).type.write(value, lang)

    told = [_figures([written(key, lang) for key in board.figures]) for lang in LANGS]
    return Bilingual(*told) if all(told) else None


def _expired(answer: Record, column: str | None, as_of: dt.date) -> bool:
    """Whether an answer held until a day that has passed."""
    said = answer.values.get(column) if column else None
    when = understand(said) if isinstance(said, str | dt.date) else None
    return bool(when and when.end and when.end < as_of)


def _figures(values: Sequence[Value]) -> str:
    """A range in short: `10–14`, `≥ 5`, `≤ 14`; a text as it is."""
    if not any(value is not None for value in values):
        return ""
    if len(values) == 2 and None in values:
        least, most = values
        only = most if least is None else least
        sign = "" if isinstance(only, str) else "≤" if least is None else "≥"
        return f"{sign}{only}"
    if all(isinstance(value, int | float) for value in values) and list(values) != sorted(values):  # type: ignore[type-var]
        return " > ".join(map(str, values))  # the least is more than the most: no range
    return "–".join(str(value) for value in values if value is not None)


def compare(
    kind: Kind,
    board: Board,
    tables: Tables,
    as_of: dt.date,
    unread: Mapping[tuple[str, str], str] | None = None,
    apart: frozenset[str] = frozenset(),
) -> Comparison:
    """Compare the answers of a kind, from the tables of a workbook with its registers.

    `unread` are answers that arrived and could not be read, by item and country; `apart` are countries of which a part
    is reserved.
    """
    meeting = last_meeting(tables.get("meetings", ()), as_of)
    returns = Returns(tables)
    choices = kind.column(board.answer).type
    answers = {record.key: record for record in tables.get(kind.answers_table.name if kind.answers_table else "", ())}

    def cell(answer: Record) -> Cell | None:
        option = choices.option(answer.values.get(board.answer)) if isinstance(choices, Choice) else None
        if option is None:
            return None
        last = _reviewed(returns, kind, answer, board.reviewed) if board.reviewed else None
        column, key = board.tentative or ("", "")
        return Cell(
            country=answer.key[1],
            option=option,
            answer=answer,
            figures=_told(answer, kind, board),
            tentative=bool(column) and answer.values.get(column) == key,
            stale=bool(board.reviewed and meeting) and (last is None or meeting is None or last < meeting.begin),
            expired=_expired(answer, board.expires, as_of),
        )

    lines = []
    for item in tables.get(kind.items_table.name, ()):
        own = [answer for code in members.CODES if (answer := answers.get((item.key[0], code)))]
        cells = [made for answer in own if (made := cell(answer))]
        column, key = board.tentative or ("", "")
        noted = {answer.key[1]: answer for answer in own if column and answer.values.get(column) == key}
        lost = {code: text for code in members.CODES if (text := (unread or {}).get((item.key[0], code)))}
        lines.append(Line(item, {made.country: made for made in cells}, lost, noted, apart))
    return Comparison(kind, board, tuple(lines), meeting, _instruments(board, lines, tables), as_of)


def unread_answers(kind: Kind, board: Board, receptions: Sequence[Reception]) -> dict[tuple[str, str], str]:
    """The answers of returns in force that could not be read, as written, by item and country."""
    found: dict[tuple[str, str], str] = {}
    for reception in receptions:
        submission = reception.submission
        layout = submission.layouts.get(kind.key)
        if layout is None or reception.superseded or not submission.country or board.answer not in layout.columns:
            continue
        rows = {row: key[0] for key, row in layout.rows.items()}
        for stray in submission.strays:
            if stray.reason is not Reason.UNREADABLE or stray.place.sheet != layout.sheet or not stray.place.cell:
                continue
            row, column = position(stray.place.cell)
            if column == layout.columns[board.answer] and row in rows:
                found[rows[row], submission.country] = stray.value
    return found


def _instruments(board: Board, lines: Iterable[Line], tables: Tables) -> dict[str, dict[str, Record]]:
    """The state of the instruments that the items are about, and of the Convention that both Protocols supplement."""
    wanted = {"UNTOC", *(line.item.text("instrument") for line in lines)}
    found: dict[str, dict[str, Record]] = {}
    for record in tables.get("ratifications", ()) if board.legal else ():
        if record.key[1] in wanted:
            found.setdefault(record.key[1], {})[record.key[0]] = record
    return dict(sorted(found.items(), key=lambda pair: pair[0] != "UNTOC"))


def note(cell: Cell, kind: Kind, board: Board, lang: Lang) -> str:
    """What is known about an answer, a line each: the law, its article, penalties, since when, what it provides."""
    return "\n".join(note_lines(cell.answer, kind, board, lang))


def note_lines(answer: Record, kind: Kind, board: Board, lang: Lang) -> Iterator[str]:
    """The same of a row, whether it answers or not."""
    for key in board.detail:
        column = kind.column(key)
        value = answer.values.get(key)
        if value is not None:
            yield f"{column.title[lang]}: {shown(value, column, lang)}"
