"""When each country last spoke of an item, by the Secretariat's registers Recepción and Procedencia.

A country speaks of an item when it sends a cell of its answer, and of every item of a sheet when it returns that sheet
in a sending that is complete or has nothing to report: that confirms what was prefilled. The day of a sending is the
deadline of its cycle. Of a file that lost its stamp no day is known: its country has spoken, nobody knows when. What a
later merge received counts only from the day of that merge on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from crmxl.dates import understand
from crmxl.definition import Kind, Record
from crmxl.text import fold
from crmxl.values import Value

Tables: TypeAlias = Mapping[str, Sequence[Record]]


def _folded(names: Sequence[str]) -> frozenset[str]:
    return frozenset(map(fold, names))


class Returns:
    """What countries have sent, as the registers of a workbook tell."""

    def __init__(self, tables: Tables, as_of: dt.date | None = None) -> None:
        accepted = [record for record in tables.get("reception", ()) if _speaks(record)]
        merged = {r.text("cycle"): day for r in tables.get("evolution", ()) if (day := _day(r.values.get("as_of")))}
        days: dict[str, dt.date] = {}
        undated: set[str] = set()
        for record in accepted:
            day = _day(record.values.get("deadline"))
            if day is None:
                undated.add(record.text("country"))
            elif as_of is None or day <= as_of or merged.get(record.text("cycle"), as_of) <= as_of:
                days[record.key[0]] = day
        self.any = bool(days)
        """Whether any return of which the day is known is on the register."""
        self.undated = frozenset(undated)
        """The countries of which a return is there whose day is not known."""
        self._whole: dict[tuple[str, str], dt.date] = {}
        self._rows: dict[tuple[str, str, str], dt.date] = {}
        for record in accepted:
            known = days.get(record.key[0])
            lacking = record.text("type") == "complete" and record.values.get("errors")  # it says whole, and is not
            if known and record.text("type") in ("complete", "nothing") and not lacking:
                for sheet in record.text("sheets").split("; "):
                    key = (fold(sheet), record.text("country"))
                    self._whole[key] = max(known, self._whole.get(key, known))
        for record in tables.get("provenance", ()):
            known = days.get(record.text("sha256"))
            if known:
                row = (fold(record.text("table")), record.text("item"), record.text("country"))
                self._rows[row] = max(known, self._rows.get(row, known))

    def last(self, kind: Kind, item: str, country: str) -> dt.date | None:
        """The day on which a country last spoke of an item of a kind; None if it never did."""
        days = [self._whole.get((sheet, country)) for sheet in _folded(kind.sheet.both())]
        answers = kind.answers_table.sheet.both() if kind.answers_table else ()
        days += [self._rows.get((sheet, item, country)) for sheet in _folded(answers)]
        return max((day for day in days if day), default=None)

    def any_item(self, kind: Kind, country: str) -> dt.date | None:
        """The day on which a country last spoke of any item of a kind."""
        answers = _folded(kind.answers_table.sheet.both()) if kind.answers_table else frozenset()
        days = [day for (sheet, _, who), day in self._rows.items() if who == country and sheet in answers]
        days += [d for (sheet, who), d in self._whole.items() if who == country and sheet in _folded(kind.sheet.both())]
        return max(days, default=None)


def _speaks(record: Record) -> bool:
    """Whether a file on the register says anything: it was accepted, and has a cell, or that there is nothing new."""
    says = record.values.get("cells") != 0 or record.text("type") == "nothing"
    return says and record.text("accepted") == "yes"


def _day(value: Value) -> dt.date | None:
    """A day as a register holds it: a date cell, or a text that says one day."""
    when = understand(value) if isinstance(value, str | dt.date) else None
    return when.end if when and when.kind == "period" and when.begin == when.end else None
