"""When each country last spoke of an item, by the Secretariat's registers Recepción and Procedencia.

A country speaks of an item when it sends a cell of its answer, and of every item of a sheet when it returns that sheet
in a sending that is complete or has nothing to report: that confirms what was prefilled. The day of a sending is the
deadline of its cycle. A file that lost its stamp has no cycle; the latest deadline on the register counts for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from crmxl.definition import Kind, Record
from crmxl.text import fold

Tables: TypeAlias = Mapping[str, Sequence[Record]]


def _folded(names: Sequence[str]) -> frozenset[str]:
    return frozenset(map(fold, names))


class Returns:
    """What countries have sent, as the registers of a workbook tell."""

    def __init__(self, tables: Tables) -> None:
        accepted = [record for record in tables.get("reception", ()) if record.text("accepted") == "yes"]
        days = {record.key[0]: day for record in accepted if (day := _day(record.text("deadline")))}
        latest = max(days.values(), default=None)
        self.any = bool(accepted)
        """Whether any return is on the register at all."""
        self._whole: dict[tuple[str, str], dt.date] = {}
        self._rows: dict[tuple[str, str, str], dt.date] = {}
        for record in accepted:
            day = days.get(record.key[0], latest)
            if day and record.text("type") in ("complete", "nothing"):
                for sheet in record.text("sheets").split("; "):
                    key = (fold(sheet), record.text("country"))
                    self._whole[key] = max(day, self._whole.get(key, day))
        for record in tables.get("provenance", ()):
            day = days.get(record.text("sha256"), latest)
            if day:
                row = (fold(record.text("table")), record.text("item"), record.text("country"))
                self._rows[row] = max(day, self._rows.get(row, day))

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


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
