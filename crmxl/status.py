"""Marks: where each activity of a plan stands on a day, with the reason in words.

The mark follows from the activity's own texts: the Secretariat's Situación, then the answers of the countries that
are responsible, then the calendar. An activity is overdue from the day after the END of the period it states. A country
bears the activity's mark, or that of its own answer, or, where the duty recurs, that of its returns.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crmxl import members, parties
from crmxl.dates import When, convened, in_days, render, short, spoken, understand
from crmxl.definition import Key, Kind, Record
from crmxl.duties import Duties, Duty, marked
from crmxl.evolution import Evolution, Since, Slip, put_off
from crmxl.findings import Place
from crmxl.marks import ATTENTION, MARK_LABELS, MARKS, OPEN_MARKS, Mark
from crmxl.parties import Responsible
from crmxl.returns import Tables
from crmxl.text import B, Bilingual, Lang, fold, together
from crmxl.values import Value, as_text

DUE_SOON_DAYS = 60
PLAN = "plan"
"""The key of the kind that has marks."""


@dataclass(frozen=True, slots=True)
class Item:
    """An activity with its mark on a day. `days_late` counts from the end of the period: as_of minus end.

    `by_country` has every country that owes it or has answered. Of a duty that recurs, `duty` says what its overdue
    countries have not reported for. `since` is when its mark, if it is an open one, began; `slips` how it was put off.
    """

    record: Record
    mark: Mark
    reason: Bilingual
    when: When
    by_country: Mapping[str, Mark]
    responsible: Responsible
    place: Place | None = None
    flags: tuple[str, ...] = ()
    days_late: int | None = None
    duty: Duty | None = None
    since: Since | None = None
    slips: tuple[Slip, ...] = ()

    @property
    def label(self) -> Bilingual:
        """The mark in words."""
        return MARK_LABELS[self.mark]

    @property
    def told(self) -> tuple[str, Value, Mark]:
        """What Evolución keeps of it: number, calendar, mark."""
        return self.record.key[0], self.record.values.get("calendar"), self.mark

    @property
    def missing(self) -> tuple[str, ...]:
        """The countries that have not reported for the last occasion of a duty that recurs."""
        return marked(self.by_country, "overdue") if self.duty else ()

    def as_dict(self, lang: Lang) -> dict[str, Any]:
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
            "reason": self.reason[lang],
            "begin": self.when.begin.isoformat() if self.when.begin else None,
            "end": self.when.end.isoformat() if self.when.end else None,
            "days_late": self.days_late,
            "flags": list(self.flags),
            "by_country": dict(self.by_country),
            "tentative": self.when.tentative,
            "approximate": self.when.approximate,
            "unread": list(self.responsible.unread),
            "parties": [{"party": p.name, "role": p.role, "reach": p.reach} for p in self.responsible.parties],
            "duty": self.duty.as_dict(lang) if self.duty else None,
            "since": {"cycle": self.since.cycle, "as_of": self.since.as_of.isoformat()} if self.since else None,
            "slips": [{"cycle": slip.cycle, "from": slip.old, "to": slip.new} for slip in self.slips],
            "sheet": self.place.sheet if self.place else None,
            "cell": self.place.cell if self.place else None,
        }


def judge(when: When, as_of: dt.date, due_soon: int = DUE_SOON_DAYS) -> tuple[Mark, Bilingual]:
    """The mark that a calendar expression gives on a day, and why."""
    if when.kind == "period" and when.end is not None:
        mark, reason = _judge_period(when.end, as_of, due_soon)
        return mark, together(" ", reason, B("(fecha tentativa)", "(tentative date)")) if when.tentative else reason
    if when.kind == "recurring":
        return "continuous", Bilingual(render(when, "es"), render(when, "en"))
    if when.kind == "event":
        return "continuous", B("sigue a las reuniones {who}", "follows the meetings {who}").format(who=convened(when))
    return _SIMPLE.get(when.kind) or _unreadable(when)


def _judge_period(end: dt.date, as_of: dt.date, due_soon: int) -> tuple[Mark, Bilingual]:
    left = (end - as_of).days
    facts = {"day": B(short(end), spoken(end, "en")), "days": in_days(abs(left))}
    if left < 0:
        return "overdue", B("venció el {day}, hace {days}", "was due on {day}, {days} ago").format(**facts)
    if left == 0:
        return "due_soon", B("vence hoy, {day}", "is due today, {day}").format(**facts)
    if left <= due_soon:
        return "due_soon", B("vence el {day}, en {days}", "is due on {day}, in {days}").format(**facts)
    return "on_time", B("vence el {day}", "is due on {day}").format(**facts)


_SIMPLE: dict[str, tuple[Mark, Bilingual]] = {
    "continuous": ("continuous", B("es continua", "is continuous")),
    "horizon": ("continuous", B("no tiene fecha, sólo horizonte", "has no date, only a horizon")),
    "undefined": ("undefined", B("el calendario está por definir", "the schedule is to be defined")),
    "relative": ("undefined", B("el plazo depende de otra fecha", "the term depends on another date")),
    "pending": ("pending", B("está pendiente", "is pending")),
    "done": ("done", B("el calendario dice que se realizó", "the schedule says it was done")),
}


def _unreadable(when: When) -> tuple[Mark, Bilingual]:
    """Why a calendar gives no mark: two readings, with both, or none, with what it could mean."""
    ends = [reading.end for reading in when.readings if reading.end]
    if len(ends) > 1 and ends[0] != ends[1]:
        first, second = (B(spoken(day), spoken(day, "en")) for day in ends[:2])
        text = B("la fecha puede leerse de dos modos: {a} o {b}", "the date can be read in two ways: {a} or {b}")
        return "unreadable", text.format(a=first, b=second)
    if when.kind == "ambiguous":
        return "unreadable", B("el calendario puede leerse de dos modos", "the schedule can be read in two ways")
    if not when.suggestion:
        return "unreadable", B("el calendario no se entiende", "the schedule is not understood")
    meant = B(
        "el calendario no se entiende; ¿quiso decir «{text}»?", "the schedule is not understood; did you mean “{text}”?"
    )
    return "unreadable", meant.format(text=when.suggestion)


_COUNTRY_DONE = frozenset(("done", "not_applicable"))


_URGENT: frozenset[Mark] = frozenset(("overdue", "due_soon"))


def _by_country(states: Mapping[str, str], mark: Mark, owing: frozenset[str]) -> dict[str, Mark]:
    """The mark of each country that owes or has answered: done where it says so, else the activity's own. What is late
    is late for those that owe it only."""
    found: dict[str, Mark] = {}
    for code in members.CODES:
        state = states.get(code)
        if state in _COUNTRY_DONE or (mark == "done" and (state or code in owing)):
            found[code] = "done"
        elif state == "suspended":
            found[code] = "pending"
        elif code in owing or (state and mark not in _URGENT):
            found[code] = mark
    return found


def assess_one(
    record: Record,
    states: Mapping[str, str],
    as_of: dt.date,
    due_soon: int = DUE_SOON_DAYS,
    place: Place | None = None,
) -> Item:
    """Judge one activity by its own texts; `states` is the Estado of each country that has answered, by country."""
    calendar = record.values.get("calendar")
    when = understand(calendar if isinstance(calendar, str | dt.date) else "")
    mark, reason = judge(when, as_of, due_soon)
    if fold(as_text(calendar)) == "":
        mark, reason = "undefined", B("no tiene calendario", "it has no schedule")
    activity = record.text("activity")
    if understand(activity).kind == "undefined" or (calendar is None and fold(activity) == ""):
        mark, reason = "undefined", B("la actividad está por definir", "the activity is to be defined")
    responsible = parties.understand(record.text("responsible"))
    own = mark
    if record.text("situation") in ("done", "archive"):
        mark = own = "done"
        reason = B("la Secretaría la dio por cumplida", "the Secretariat has declared it done")
    elif responsible.concerned and all(states.get(code) in _COUNTRY_DONE for code in responsible.concerned):
        mark, reason = "done", _ALL_DONE
    late = (as_of - when.end).days if mark == "overdue" and when.end else None
    by_country = _by_country(states, own, responsible.owing)
    return Item(record, mark, reason, when, by_country, responsible, place, days_late=late)


_ALL_DONE = B(
    "todos los países responsables la cumplieron, o no les aplica",
    "every country responsible has done it, or it does not apply",
)


class _Assessment:
    """Judges the activities of a plan by everything that its workbook holds."""

    def __init__(
        self, kinds: Sequence[Kind], tables: Tables, as_of: dt.date, due_soon: int, apart: frozenset[str]
    ) -> None:
        self.plan = next(kind for kind in kinds if kind.key == PLAN)
        self.tables, self.as_of, self.due_soon, self.apart = tables, as_of, due_soon, apart
        self.duties = Duties(kinds, tables, as_of)
        self.evolution = Evolution(tables.get("evolution", ()), as_of)
        self.states: dict[str, dict[str, str]] = {}
        for answer in tables.get(f"{PLAN}.answers", ()):
            if answer.text("state"):
                self.states.setdefault(answer.key[0], {})[answer.key[1]] = answer.text("state")

    def item(self, record: Record, place: Place | None) -> Item:
        """One activity: by itself, then by the returns that it asks for, then by what it was before."""
        made = assess_one(record, self.states.get(record.key[0], {}), self.as_of, self.due_soon, place)
        owed = self.owed(made)
        return self.aged(replace(owed, by_country=self._told(owed.by_country)))

    def _told(self, marks: Mapping[str, Mark]) -> dict[str, Mark]:
        return {code: mark for code, mark in marks.items() if code not in self.apart}

    def owed(self, made: Item) -> Item:
        """An activity that recurs is judged by country, and is not done because countries did it once."""
        record, duty = made.record, self.duties.of(made.record, made.when)
        if duty is None or record.text("situation") in ("done", "archive"):
            return made
        mark, reason = judge(made.when, self.as_of, self.due_soon)
        states = self.states.get(record.key[0], {})
        owing = frozenset(members.CODES) if self.duties.asks_for_matrices(record) else made.responsible.owing
        marks = _by_country(states, mark, owing)
        for code in owing:
            if states.get(code) in ("not_applicable", "suspended"):
                continue
            spoke = self.duties.spoken(self.plan, record, code)
            told = duty.mark(spoke, self.as_of, self.due_soon)
            unknown = told in _URGENT and code in self.duties.returns.undated
            marks[code] = mark if unknown or told is None else told
        for code in marks.keys() - owing:
            marks[code] = "done" if states.get(code) == "not_applicable" else marks[code]
        marks = self._told(marks)
        reason = _joined(reason, duty.missed_by(marked(marks, "overdue")))
        reason = _joined(reason, duty.due_from(marked(marks, "due_soon")))
        return replace(made, mark=mark, by_country=marks, duty=duty, reason=reason)

    def aged(self, made: Item) -> Item:
        """Since when an open activity is so, and how its calendar was put off."""
        item = made.record.key[0]
        since = self.evolution.since(item, made.mark) if made.mark in OPEN_MARKS else None
        slips = self.evolution.slips(item, made.record.values.get("calendar"))
        reason = made.reason if since is None else together(", ", made.reason, since.text)
        return replace(made, since=since, slips=slips, reason=_joined(reason, put_off(slips)))


def _joined(reason: Bilingual, more: Bilingual | None) -> Bilingual:
    return reason if more is None else together("; ", reason, more)


def assess(
    kinds: Sequence[Kind],
    tables: Tables,
    as_of: dt.date,
    due_soon: int = DUE_SOON_DAYS,
    where: Callable[[Key], Place | None] | None = None,
    apart: frozenset[str] = frozenset(),
) -> tuple[Item, ...]:
    """Judge every activity of the plan of a workbook on a day, from its tables with their registers; `where` tells
    where an activity's calendar stands in the workbook. Of the countries `apart` nothing is told: what is missing of
    them may have been sent for the Secretariat only."""
    judge_all = _Assessment(kinds, tables, as_of, due_soon, apart)
    judged = [judge_all.item(record, where(record.key) if where else None) for record in tables.get(PLAN, ())]
    flags = _flags(judged)
    return tuple(_flagged(item, flags.get(item.record.key, ())) for item in judged)


DROP_CANDIDATE, CONTRADICTORY = "drop_candidate", "contradictory_note"
FLAGS: Mapping[str, Bilingual] = {
    DROP_CANDIDATE: B(
        "candidato a eliminar, según las notas del plan", "candidate for removal, according to the plan's notes"
    ),
    CONTRADICTORY: B(
        "pero la nota se contradice: nombra responsables", "but the note contradicts itself: it names somebody"
    ),
}
"""What the flags say, as a sentence goes on."""


def _flagged(item: Item, flags: tuple[str, ...]) -> Item:
    reason = item.reason
    for flag in flags:
        reason = _joined(reason, FLAGS[flag])
    return replace(item, flags=flags, reason=reason)


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
        nobody = all(item.responsible.nobody for item in group)
        noted = any(_NO_RESPONSIBLE.search(fold(record.text("note"))) for record in records)
        flags = [DROP_CANDIDATE] if idle or nobody or noted else []
        flags += [CONTRADICTORY] if noted and not nobody else []
        found.update({record.key: tuple(flags) for record in records if flags})
    return found


def count(items: Iterable[Item]) -> dict[Mark, int]:
    """How many activities bear each mark; every mark is listed."""
    counts = Counter(item.mark for item in items)
    return {mark: counts[mark] for mark in MARKS}


def attended(items: Iterable[Item]) -> list[Item]:
    """What asks for attention, most urgent first: by mark, then by days late; then the duties that recur for which
    countries have not reported."""
    order = {mark: place for place, mark in enumerate(ATTENTION)}
    asking = [item for item in items if item.mark in order or item.missing or item.flags]
    return sorted(asking, key=lambda item: (order.get(item.mark, len(order)), -(item.days_late or 0)))


def report(items: Sequence[Item], as_of: dt.date, lang: Lang) -> dict[str, Any]:
    """The marks of a plan as JSON gives them."""
    listed = [item.as_dict(lang) for item in items]
    return {"as_of": as_of.isoformat(), "items": listed, "counts": dict(count(items))}


def calendar_text(item: Item) -> str:
    """The calendar as it stands in the cell."""
    return as_text(item.record.values.get("calendar"))
