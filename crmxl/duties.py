"""Duties that recur: when each was last due, and which countries have not reported for it.

The duty follows from the calendar, or from the words of the activity and of who is responsible that make it recur (the
column Periodicidad). It is judged by country, from returns: one that has not spoken of the activity since the occasion
before the last one is overdue. The activity's own mark stays what its calendar says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmxl import members
from crmxl.dates import When, understand
from crmxl.definition import Kind, Record
from crmxl.marks import Mark
from crmxl.meetings import Meeting, Occasion, meetings, rounds, turns
from crmxl.returns import Returns, Tables
from crmxl.text import B, Bilingual, Lang, fold

_BEFORE = frozenset(("antes", "before", "previo", "previa", "prior"))
_ONCE = frozenset(("proxima", "proximo", "siguiente", "next", "upcoming"))
_MATRIX = ("matriz comparativa", "matrices comparativas", "comparative matrix", "comparative matrices")
"""How a plan calls the legislation matrices: who returns them has reported on the activity that asks for them."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty that recurs: the occasion on which it was last due, the one before, and the next one."""

    last: Occasion | None
    before: Occasion | None
    next: Occasion | None

    def missed_by(self, countries: Sequence[str]) -> Bilingual | None:
        """As a sentence goes on: `sin informe (GRCM, diciembre de 2009): Belice y Nicaragua`."""
        text = B("sin informe ({name}): {who}", "no report ({name}): {who}")
        return _told(text, self.last, countries)

    def due_from(self, countries: Sequence[str]) -> Bilingual | None:
        """As a sentence goes on: `por informar (CRM y GRCM, mayo de 2010): Belice`."""
        return _told(B("por informar ({name}): {who}", "report due ({name}): {who}"), self.next, countries)

    def as_dict(self, lang: Lang) -> dict[str, Any]:
        """The occasions as JSON gives them."""
        occasions = {"last": self.last, "next": self.next}
        return {key: {"name": o.name[lang], "due": o.due.isoformat()} if o else None for key, o in occasions.items()}

    def mark(self, spoken: dt.date | None, as_of: dt.date, due_soon: int) -> Mark | None:
        """The mark of a country that last spoke on a day; None where no occasion tells. It is never done: the next
        occasion comes."""
        if self.last and not _serves(spoken, self.before, self.last):
            return "overdue"
        if self.next and (self.next.due - as_of).days <= due_soon and not _serves(spoken, self.last, self.next):
            return "due_soon"
        return None if self.last is None else "on_time"


YEAR = dt.timedelta(days=366)
"""How long a report serves for an occasion before which no other is known."""


def _serves(spoken: dt.date | None, before: Occasion | None, occasion: Occasion) -> bool:
    """Whether a report serves for an occasion: it came after the occasion before."""
    if spoken is None:
        return False
    return spoken > before.due if before else occasion.due - spoken <= YEAR


def _told(text: Bilingual, occasion: Occasion | None, countries: Sequence[str]) -> Bilingual | None:
    if occasion is None or not countries:
        return None
    return text.format(name=occasion.name, who=members.names(countries))


class Duties:
    """The duties of a plan on a day, by its meetings and its registers."""

    def __init__(self, kinds: Sequence[Kind], tables: Tables, as_of: dt.date) -> None:
        self._held: tuple[Meeting, ...] = meetings(tables.get("meetings", ()))
        self._matrices = [kind for kind in kinds if kind.board and kind.board.legal and kind.answers_table]
        self._matrices = [kind for kind in self._matrices if tables.get(kind.items_table.name)]
        self._as_of = as_of
        self.returns = Returns(tables, as_of)

    def of(self, record: Record, calendar: When) -> Duty | None:
        """The duty of an activity that recurs in a measure that can be counted; None of all others, and where no return
        is on the registers: then nothing tells who has reported."""
        if not self.returns.any or calendar.kind not in ("continuous", "recurring", "event"):
            return None
        for when in (calendar, *map(understand, record.text("periodicity").split("; "))):
            occasions = [o for o in self._occasions(when) if calendar.begin is None or o.due >= calendar.begin]
            if occasions:
                past = [occasion for occasion in occasions if occasion.due < self._as_of]
                coming = [occasion for occasion in occasions if occasion.due >= self._as_of]
                last, before = [*reversed(past), None, None][:2]
                return Duty(last, before, coming[0] if coming else None)
        return None

    def _occasions(self, when: When) -> tuple[Occasion, ...]:
        words = set(fold(when.text).split())
        if when.kind == "event" and when.recurs and not words & _ONCE:
            return rounds(self._held, when.recurs.split("+"), before=bool(words & _BEFORE))
        if when.kind == "recurring" and when.recurs:
            years = range(max(self._as_of.year - 2, dt.MINYEAR), min(self._as_of.year + 2, dt.MAXYEAR))
            return turns(when.recurs, years)
        return ()

    def asks_for_matrices(self, record: Record) -> bool:
        """Whether an activity asks for the legislation matrices of this workbook: then every member owes its part."""
        text = fold(record.text("activity"))
        return bool(self._matrices) and any(name in text for name in _MATRIX)

    def spoken(self, plan: Kind, record: Record, country: str) -> dt.date | None:
        """The day on which a country last spoke of an activity; of one that asks for the matrices, also by them."""
        days = [self.returns.last(plan, record.key[0], country)]
        if self.asks_for_matrices(record):
            days += [self.returns.any_item(kind, country) for kind in self._matrices]
        return max((day for day in days if day), default=None)


def marked(by_country: Mapping[str, Mark], mark: Mark) -> tuple[str, ...]:
    """The countries that bear a mark, in the order in which they stand."""
    return tuple(code for code, own in by_country.items() if own == mark)
