"""The meetings of Reuniones with their dates understood, and the occasions on which a duty that recurs falls due.

Meetings of one working week (a network meets the day before the group, the group before the Conference) are one
occasion. A meeting of which only the month or the year is known is counted from the end of that month or year, as any
period is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crmxl.dates import When, render, understand
from crmxl.dates.when import PART_PRECISION, month_end
from crmxl.definition import Record
from crmxl.members import ORGAN_NAMES
from crmxl.text import LANGS, MONTH_NAMES, B, Bilingual, listed, together, unique

WORKING_WEEK = 7
"""Days between meetings that belong to one round."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting: its row, its date as understood, its first and last day."""

    record: Record
    when: When
    begin: dt.date
    end: dt.date

    @property
    def organ(self) -> str:
        """The organ that met: CRM, GRCM or RED."""
        return self.record.text("organ")

    @property
    def name(self) -> Bilingual:
        """The meeting as a person names it: `GRCM, diciembre de 2009`, `RCGM, December 2009`."""
        month = None if self.when.precision == "year" else self.begin.month
        return _confirmed(named([self.organ], self.begin.year, month), [self])


def named(organs: Iterable[str], year: int, month: int | None = None) -> Bilingual:
    """Organs with the month of their meeting; with the year only, where no more is known."""
    who = [ORGAN_NAMES.get(organ, Bilingual(organ, organ)) for organ in organs]
    names = Bilingual(listed((name.es for name in who), "es"), listed((name.en for name in who), "en"))
    spelt = Bilingual(*(MONTH_NAMES[lang][month - 1] for lang in LANGS)) if month else None
    then = B("{month} de {year}", "{month} {year}").format(month=spelt, year=year) if spelt else None
    return together(", ", names, then or Bilingual(str(year), str(year)))


def _confirmed(name: Bilingual, group: Sequence[Meeting]) -> Bilingual:
    """The name of meetings, with the remark that one of them is still to be confirmed."""
    open_ = any(m.record.text("certainty") == "unconfirmed" or m.when.tentative for m in group)
    return together(", ", name, B("por confirmar", "to be confirmed")) if open_ else name


def meetings(records: Iterable[Record]) -> tuple[Meeting, ...]:
    """The meetings whose date is a period, by their end."""
    found = []
    for record in records:
        date = record.values.get("date")
        when = understand(date) if isinstance(date, str | dt.date) else None
        if when and when.begin and when.end:
            found.append(Meeting(record, when, when.begin, when.end))
    return tuple(sorted(found, key=lambda meeting: (meeting.end, meeting.begin)))


def last_meeting(records: Iterable[Record], as_of: dt.date) -> Meeting | None:
    """The last meeting of the Conference or of its consultation group that had ended before a day."""
    held = [meeting for meeting in meetings(records) if meeting.end < as_of and meeting.organ in ("CRM", "GRCM")]
    return held[-1] if held else None


@dataclass(frozen=True, slots=True)
class Occasion:
    """One time at which a duty falls due: its name, and the last day on which it is done in time."""

    name: Bilingual
    due: dt.date


def rounds(held: Sequence[Meeting], organs: Sequence[str], before: bool) -> tuple[Occasion, ...]:
    """The occasions of a duty that follows the meetings of some organs; `before` them, or when they meet."""
    groups: list[list[Meeting]] = []
    for meeting in (m for m in held if m.organ in organs):
        if groups and any(_together(other, meeting) for other in groups[-1]):
            groups[-1].append(meeting)
        else:
            groups.append([meeting])
    return tuple(_round(group, organs, before) for group in groups)


def _together(one: Meeting, other: Meeting) -> bool:
    """Whether two meetings, the one that ends first given first, are of one round; months only where they overlap."""
    precisions = {one.when.precision, other.when.precision}
    apart = (other.begin - one.end).days
    return "year" not in precisions and apart <= (WORKING_WEEK if precisions == {"day"} else 0)


def _round(group: Sequence[Meeting], organs: Sequence[str], before: bool) -> Occasion:
    known = [meeting.begin for meeting in group if meeting.when.precision == "day"]
    end = max(meeting.end for meeting in group)
    due = min(known) - dt.timedelta(days=1) if before and known else end
    year_only = all(meeting.when.precision == "year" for meeting in group)
    there = [organ for organ in organs if organ in {meeting.organ for meeting in group}]
    return Occasion(_confirmed(named(there, end.year, None if year_only else end.month), group), due)


_MONTHS = {"P1M": 1, "P2M": 2, "P3M": 3, "P4M": 4, "P6M": 6, "P1Y": 12, "P12M": 12}
"""The durations that divide a year: a duty that recurs so is due at the end of each part of the calendar year."""


def turns(recurs: str, years: Iterable[int]) -> tuple[Occasion, ...]:
    """The occasions of a duty that recurs by a part of the year: `semestralmente` is due on 30 June and 31 December.
    None for a duration that does not divide the year, since nothing says when it began."""
    months = _MONTHS.get(recurs)
    if months is None:
        return ()
    found = []
    for year in unique(years):
        for first in range(1, 13, months):
            begin, end = dt.date(year, first, 1), month_end(year, first + months - 1)
            precision = "month" if months == 1 else "year" if months == 12 else PART_PRECISION[months]
            part = When("", "period", begin, end, precision)
            found.append(Occasion(Bilingual(render(part, "es"), render(part, "en")), end))
    return tuple(found)
