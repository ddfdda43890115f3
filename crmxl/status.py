"""Marks: where each activity of a plan stands on a day, with the reason in words.

The mark follows from the activity's own texts: the Secretariat's Situación, then the answers of the countries that
are responsible, then the calendar. An activity is overdue from the day after the END of the period it states.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crmxl import members
from crmxl.dates import When, in_days, understand
from crmxl.definition import Key, Record
from crmxl.findings import Place
from crmxl.marks import MARK_LABELS, MARKS, Mark
from crmxl.text import B, Bilingual, Lang, fold
from crmxl.values import Value, as_text

DUE_SOON_DAYS = 60


@dataclass(frozen=True, slots=True)
class Item:
    """An activity with its mark on a day. `days_late` counts from the end of the period: as_of minus end."""

    record: Record
    mark: Mark
    reason: Bilingual
    when: When
    by_country: Mapping[str, Mark]
    place: Place | None = None
    flags: tuple[str, ...] = ()
    days_late: int | None = None

    @property
    def label(self) -> Bilingual:
        """The mark in words."""
        return MARK_LABELS[self.mark]

    def as_dict(self) -> dict[str, Any]:
        """The activity as JSON gives it."""
        text = self.record.text
        return {
            "id": text("id"),
            "section": text("section").split(".")[0],
            "objective": text("objective"),
            "activity": text("activity"),
            "responsible": text("responsible"),
            "calendar": text("calendar"),
            "mark": self.mark,
            "begin": self.when.begin.isoformat() if self.when.begin else None,
            "end": self.when.end.isoformat() if self.when.end else None,
            "days_late": self.days_late,
            "flags": list(self.flags),
            "by_country": dict(self.by_country),
            "sheet": self.place.sheet if self.place else None,
            "cell": self.place.cell if self.place else None,
        }


def _day(day: dt.date) -> B:
    return B(day.strftime("%d/%m/%Y"), day.isoformat())


def judge(when: When, as_of: dt.date, due_soon: int = DUE_SOON_DAYS) -> tuple[Mark, Bilingual]:
    """The mark that a calendar expression gives on a day, and why."""
    if when.kind == "period" and when.end is not None:
        left = (when.end - as_of).days
        facts = {"day": _day(when.end), "days": in_days(abs(left))}
        if left < 0:
            return "overdue", B("venció el {day}, hace {days}", "was due on {day}, {days} ago").format(**facts)
        if left <= due_soon:
            return "due_soon", B("vence el {day}, en {days}", "is due on {day}, in {days}").format(**facts)
        return "on_time", B("vence el {day}", "is due on {day}").format(**facts)
    simple: dict[str, tuple[Mark, Bilingual]] = {
        "continuous": ("continuous", B("es continua", "is continuous")),
        "recurring": ("continuous", B("se repite", "recurs")),
        "event": ("continuous", B("sigue a las reuniones", "follows the meetings")),
        "horizon": ("continuous", B("no tiene fecha, sólo horizonte", "has no date, only a horizon")),
        "undefined": ("undefined", B("el calendario está por definir", "the schedule is to be defined")),
        "relative": ("undefined", B("el plazo depende de otra fecha", "the term depends on another date")),
        "pending": ("pending", B("está pendiente", "is pending")),
        "done": ("done", B("el calendario dice que se realizó", "the schedule says it was done")),
        "ambiguous": ("unreadable", B("la fecha puede leerse de dos modos", "the date can be read in two ways")),
    }
    return simple.get(when.kind, ("unreadable", B("el calendario no se entiende", "the schedule is not understood")))


_COUNTRY_DONE = frozenset(("done", "not_applicable"))


def _by_country(states: Mapping[str, str], mark: Mark) -> dict[str, Mark]:
    """The mark of each country that has answered: done where it says so, else the activity's own."""
    return {
        code: "done" if states[code] in _COUNTRY_DONE else "pending" if states[code] == "suspended" else mark
        for code in members.CODES
        if code in states
    }


def assess_one(
    record: Record,
    states: Mapping[str, str],
    as_of: dt.date,
    due_soon: int = DUE_SOON_DAYS,
    place: Place | None = None,
) -> Item:
    """Judge one activity; `states` is the Estado of each country that has answered, by country."""
    calendar = record.values.get("calendar")
    when = understand(calendar if isinstance(calendar, str | dt.date) else "")
    mark, reason = judge(when, as_of, due_soon)
    activity = understand(record.text("activity"))
    if activity.kind == "undefined" or (calendar is None and fold(record.text("activity")) == ""):
        mark, reason = "undefined", B("la actividad está por definir", "the activity is to be defined")
    responsible = members.responsible(record.text("responsible"))
    plan_mark = mark
    if record.text("situation") in ("done", "archive"):
        mark, reason = "done", B("la Secretaría la dio por cumplida", "the Secretariat has declared it done")
    elif responsible and all(states.get(code) in _COUNTRY_DONE for code in responsible):
        mark, reason = "done", B("todos los países responsables la cumplieron", "every country responsible has done it")
    late = (as_of - when.end).days if mark == "overdue" and when.end else None
    return Item(record, mark, reason, when, _by_country(states, plan_mark), place, days_late=late)


def assess(
    items: Iterable[Record],
    answers: Iterable[Record],
    as_of: dt.date,
    due_soon: int = DUE_SOON_DAYS,
    where: Callable[[Key], Place | None] | None = None,
) -> tuple[Item, ...]:
    """Judge every activity of a plan on a day; `where` tells where an activity's calendar stands in the workbook."""
    states: dict[str, dict[str, str]] = {}
    for answer in answers:
        if answer.text("state"):
            states.setdefault(answer.key[0], {})[answer.key[1]] = answer.text("state")
    judged = tuple(
        assess_one(record, states.get(record.key[0], {}), as_of, due_soon, where(record.key) if where else None)
        for record in items
    )
    flags = _flags(judged)
    return tuple(replace(item, flags=flags.get(item.record.key, ())) for item in judged)


DROP_CANDIDATE, CONTRADICTORY = "drop_candidate", "contradictory_note"
_NO_RESPONSIBLE = re.compile(r"\bno se identifican responsables\b")


def _flags(items: Iterable[Item]) -> dict[Key, tuple[str, ...]]:
    """Objectives that the plan's own notes would drop: those without an activity, and those without anybody
    responsible. A note that finds nobody responsible where somebody is named contradicts itself, and is told so."""
    objectives: dict[str, list[Item]] = {}
    for item in items:
        objectives.setdefault(item.record.key[0].split(".")[0], []).append(item)
    found: dict[Key, tuple[str, ...]] = {}
    for group in objectives.values():
        records = [item.record for item in group]
        idle = all(understand(record.text("activity")).kind == "undefined" for record in records)
        nobody = not any(record.text("responsible") for record in records)
        noted = any(_NO_RESPONSIBLE.search(fold(record.text("note"))) for record in records)
        flags = [DROP_CANDIDATE] if idle or nobody or noted else []
        flags += [CONTRADICTORY] if noted and not nobody else []
        found.update({record.key: tuple(flags) for record in records if flags})
    return found


def count(items: Iterable[Item]) -> dict[Mark, int]:
    """How many activities bear each mark; every mark is listed."""
    counts = Counter(item.mark for item in items)
    return {mark: counts[mark] for mark in MARKS}


def evolution(items: Sequence[Item], cycle: str, as_of: dt.date, earlier: Iterable[Record]) -> tuple[Record, ...]:
    """The register Evolución with this cycle's marks: a row a cycle and item; a cycle merged again is replaced."""
    name = cycle or as_of.isoformat()
    rows = {record.key: record for record in earlier if record.key[0] != name}
    for item in items:
        values: dict[str, Value] = {
            "cycle": name,
            "as_of": as_of,
            "id": item.record.key[0],
            "calendar": item.record.values.get("calendar"),
            "mark": item.mark,
        }
        key = (name, item.record.key[0])
        rows[key] = Record(key, {column: value for column, value in values.items() if value is not None})
    return tuple(sorted(rows.values(), key=lambda r: r.text("as_of")))


def report(items: Sequence[Item], as_of: dt.date, lang: Lang) -> dict[str, Any]:
    """The marks of a plan as JSON gives them."""
    listed = [{**item.as_dict(), "reason": item.reason[lang]} for item in items]
    return {"as_of": as_of.isoformat(), "items": listed, "counts": dict(count(items))}


def calendar_text(item: Item) -> str:
    """The calendar as it stands in the cell."""
    return as_text(item.record.values.get("calendar"))
