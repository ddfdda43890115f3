"""How an activity became what it is: the register Evolución, since when it bears its mark, how often it was put off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from crmxl.dates import spoken, understand
from crmxl.definition import Record
from crmxl.marks import Mark
from crmxl.text import B, Bilingual, fold
from crmxl.values import Value, as_text


@dataclass(frozen=True, slots=True)
class Since:
    """The cycle from which on an activity has borne one mark without a break, and its day."""

    cycle: str
    as_of: dt.date

    @property
    def text(self) -> Bilingual:
        """As a sentence goes on: `desde el ciclo 2010-1 (31 de mayo de 2010)`."""
        day = B(spoken(self.as_of), spoken(self.as_of, "en"))
        if self.cycle == self.as_of.isoformat():
            return B("desde el {day}", "since {day}").format(day=day)
        return B("desde el ciclo {cycle} ({day})", "since cycle {cycle} ({day})").format(cycle=self.cycle, day=day)


@dataclass(frozen=True, slots=True)
class Slip:
    """A calendar that was put off: by which cycle, what it said before, what it said then. A date that gave way to
    none, as `Febrero 2010` to `Por definir`, was put off too."""

    cycle: str
    old: str
    new: str


class Evolution:
    """The register Evolución up to a day, by activity, oldest cycle first."""

    def __init__(self, records: Iterable[Record], as_of: dt.date) -> None:
        self._rows: dict[str, list[tuple[dt.date, Record]]] = {}
        for record in records:
            day = record.values.get("as_of")
            if isinstance(day, dt.date) and day <= as_of:
                self._rows.setdefault(record.text("id"), []).append((day, record))
        for rows in self._rows.values():
            rows.sort(key=lambda row: (row[0], row[1].key))

    def since(self, item: str, mark: Mark) -> Since | None:
        """Since when an activity has borne a mark; None if its last row bears another one."""
        found = None
        for day, record in reversed(self._rows.get(item, ())):
            if record.text("mark") != mark:
                break
            found = Since(record.text("cycle"), day)
        return found

    def slips(self, item: str, calendar: Value) -> tuple[Slip, ...]:
        """How a calendar was put off, from cycle to cycle and up to what it says now."""
        told = [(r.text("cycle"), r.values.get("calendar")) for _, r in self._rows.get(item, ())]
        found = []
        for (_, old), (cycle, new) in zip(told, [*told[1:], ("", calendar)], strict=False):
            if _later(old, new):
                found.append(Slip(cycle, as_text(old), as_text(new)))
        return tuple(found)


def _later(old: Value, new: Value) -> bool:
    """Whether a calendar with an end gives way to one with a later end, or to none at all."""
    if fold(as_text(old)) == fold(as_text(new)) or not isinstance(old, str | dt.date):
        return False
    first = understand(old)
    second = understand(new) if isinstance(new, str | dt.date) else None
    if first.kind != "period" or first.end is None:
        return False
    if second is None or second.kind in ("undefined", "pending", "relative"):
        return True
    return second.kind == "period" and second.end is not None and second.end > first.end


def put_off(slips: Iterable[Slip]) -> Bilingual | None:
    """Slips as a sentence goes on: `se aplazó: Febrero 2010 → Diciembre 2010`; None if there are none."""
    told = list(slips)
    if not told:
        return None
    texts = [told[0].old, *(slip.new for slip in told)]
    chain = " → ".join(text.strip(" .") or "—" for text in texts)
    return B("se aplazó: {chain}", "was put off: {chain}").format(chain=chain)


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
