"""How an activity became what it is: the register Evolución, since when it bears its mark, how often it was put off."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from crmxl.dates import When, render, spoken, understand
from crmxl.definition import Record
from crmxl.marks import Mark
from crmxl.references import without_citations
from crmxl.text import B, Bilingual, tidy
from crmxl.values import Value


@dataclass(frozen=True, slots=True)
class Since:
    """The cycle from which on an activity has borne one mark without a break, and its day."""

    cycle: str
    as_of: dt.date
    cycles: int = 1
    """How many cycles it has borne it."""

    @property
    def text(self) -> Bilingual:
        """As a sentence goes on: `desde el ciclo 2010-1`."""
        if self.cycle == self.as_of.isoformat():
            return B("desde el {day}", "since {day}").format(day=B(spoken(self.as_of), spoken(self.as_of, "en")))
        return B("desde el ciclo {cycle}", "since cycle {cycle}").format(cycle=self.cycle)


@dataclass(frozen=True, slots=True)
class Slip:
    """A calendar that was put off: by which cycle (None since the last one), what the last date was, what it said then.
    A date that gave way to none, as `Febrero 2010` to `Por definir`, was put off too."""

    cycle: str | None
    old: str
    new: str


class Evolution:
    """The register Evolución up to a day, by activity, oldest cycle first."""

    def __init__(self, records: Iterable[Record], as_of: dt.date) -> None:
        self._rows: dict[str, list[tuple[dt.date, Record]]] = {}
        for record in records:
            written = record.values.get("as_of")
            day = understand(written).end if isinstance(written, str | dt.date) else None
            if day and day <= as_of:
                self._rows.setdefault(record.text("id"), []).append((day, record))
        for rows in self._rows.values():
            rows.sort(key=lambda row: (row[0], row[1].key))

    def since(self, item: str, mark: Mark) -> Since | None:
        """Since when an activity has borne a mark; None if its last row bears another one."""
        found = None
        for day, record in reversed(self._rows.get(item, ())):
            if record.text("mark") != mark:
                break
            found = Since(record.text("cycle"), day, found.cycles + 1 if found else 1)
        return found

    def slips(self, item: str, calendar: Value) -> tuple[Slip, ...]:
        """How a calendar was put off, from cycle to cycle and up to what it says now; each against the last date."""
        told = [(r.text("cycle"), r.values.get("calendar")) for _, r in self._rows.get(item, ())]
        found: list[Slip] = []
        date: When | None = None
        open_ = False
        for cycle, value in [*told, (None, calendar)]:
            when = understand(value) if isinstance(value, str | dt.date) else understand("")
            dated = when.kind == "period" and when.end is not None
            later = dated and date is not None and _end(when) > _end(date)
            lost = when.kind in ("undefined", "pending", "relative") and date is not None and not open_
            if date is not None and (later or lost):
                found.append(Slip(cycle, _shown(date), _shown(when)))
            open_ = lost or (open_ and not dated)
            date = when if dated else date
        return tuple(found)


@dataclass(frozen=True)
class Past:
    """A cycle that was merged: its name, its day (ISO), and how many activities bore each mark."""

    cycle: str
    as_of: str
    marks: Mapping[Mark, int]


def cycles(records: Iterable[Record]) -> tuple[Past, ...]:
    """The cycles of the register Evolución, oldest first."""
    days: dict[str, str] = {}
    marks: dict[str, Counter[Mark]] = {}
    for record in records:
        cycle = record.text("cycle")
        days[cycle] = max(days.get(cycle, ""), record.text("as_of"))
        marks.setdefault(cycle, Counter())[cast("Mark", record.text("mark"))] += 1
    return tuple(Past(cycle, days[cycle], marks[cycle]) for cycle in sorted(days, key=lambda cycle: days[cycle]))


def last_cycle(records: Iterable[Record], now: str) -> tuple[str, Mapping[Mark, int]] | None:
    """The cycle before the one of that name, with how many activities bore each mark; None if there is none."""
    known = cycles(records)
    day = next((past.as_of for past in known if past.cycle == now), "9")
    earlier = [past for past in known if past.cycle != now and past.as_of <= day]
    return (earlier[-1].cycle, earlier[-1].marks) if earlier else None


def _end(when: When) -> dt.date:
    return when.end or dt.date.max


def _shown(when: When) -> str:
    """A calendar in a sentence: a day in words, a text without its citations."""
    if when.kind == "period" and when.begin == when.end and when.text == str(when.end):
        return render(when, "es")
    return tidy(without_citations(when.text)).strip(" .")


def put_off(slips: Iterable[Slip]) -> Bilingual | None:
    """Slips as a sentence goes on: `se aplazó: Febrero 2010 → Diciembre 2010`; None if there are none."""
    told = list(slips)
    if not told:
        return None
    texts = [told[0].old, *(slip.new for slip in told)]
    return B("se aplazó: {chain}", "was put off: {chain}").format(chain=" → ".join(text or "—" for text in texts))


def evolution_rows(
    told: Iterable[tuple[str, Value, Mark]], cycle: str, as_of: dt.date, earlier: Iterable[Record]
) -> tuple[Record, ...]:
    """The register with this cycle's activities, calendars and marks: a row a cycle and item; a cycle merged again is
    replaced."""
    name = cycle or as_of.isoformat()
    rows = {record.key: record for record in earlier if record.key[0] != name}
    for item, calendar, mark in told:
        values: dict[str, Value] = {"cycle": name, "as_of": as_of, "id": item, "calendar": calendar, "mark": mark}
        rows[name, item] = Record((name, item), {key: value for key, value in values.items() if value is not None})
    return tuple(sorted(rows.values(), key=lambda r: r.text("as_of")))
