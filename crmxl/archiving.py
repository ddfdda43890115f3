"""The Histórico: finished activities leave the plan with their result and their date, and keep their number there.

A number is never used again: what follows an activity that was archived is numbered after it. References from other
texts to its number lead to the Histórico from then on; the texts themselves stay as they are written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crmxl import members
from crmxl.definition import Column, Key, Kind, Record, Values
from crmxl.tables import shown
from crmxl.text import Lang
from crmxl.values import Value, as_text

ARCHIVE, DONE = "archive", "done"
"""The choices of Situación by which the Secretariat says that an activity is over."""


_KEPT = ("printed", "section", "objective", "activity")


@dataclass(frozen=True)
class Archived:
    """The tables after some activities passed to the Histórico, and the rows that they became there."""

    tables: Mapping[str, tuple[Record, ...]]
    rows: tuple[Record, ...]


def to_archive(plan: Kind, tables: Mapping[str, Sequence[Record]]) -> list[str]:
    """The activities that the Secretariat has marked to pass to the Histórico, or as done, in their order."""
    return [r.key[0] for r in tables.get(plan.items_table.name, ()) if r.text("situation") in (ARCHIVE, DONE)]


def archived(
    plan: Kind,
    history: Kind,
    tables: Mapping[str, Sequence[Record]],
    items: Collection[str],
    day: dt.date,
    lang: Lang,
    reserved: Collection[Key] = (),
) -> Archived:
    """Pass activities of a plan, with what each country reported of them, to the Histórico; `reserved` are the answers,
    by item and country, that were sent for the Secretariat only, and stand apart there."""
    answers = plan.answers_table.name if plan.answers_table else ""
    taken = {record.key[0] for record in tables.get(history.items_table.name, ())}
    rows = []
    for record in tables[plan.items_table.name]:
        if record.key[0] not in items:
            continue
        told = [row for row in tables.get(answers, ()) if row.key[0] == record.key[0]]
        number = _number(record, taken)
        taken.add(number)
        kept = {
            key: record.values[key] for key in ("printed", "section", "objective", "activity") if key in record.values
        }
        values: dict[str, Value] = {
            "id": number,
            **kept,
            "former": record.key[0],
            "archived": day,
            "result": _result(plan, record, [row for row in told if row.key not in reserved], lang),
            "reserved": "\n".join(_reports(plan, [row for row in told if row.key in reserved], lang)),
        }
        rows.append(Record((number,), history.derived({key: value for key, value in values.items() if value})))
    left = {
        plan.items_table.name: tuple(r for r in tables[plan.items_table.name] if r.key[0] not in items),
        answers: tuple(r for r in tables.get(answers, ()) if r.key[0] not in items),
        history.items_table.name: (*tables.get(history.items_table.name, ()), *rows),
    }
    return Archived({**{name: tuple(rows_) for name, rows_ in tables.items()}, **left}, tuple(rows))


def _number(record: Record, taken: Collection[str]) -> str:
    """The number in the Histórico: the letter of the section and the number in the plan; told apart where both are
    taken by an older plan's."""
    letter = record.text("section")[:1]
    plain = number = f"{letter}.{record.key[0]}" if letter.isalpha() else record.key[0]
    count = 1
    while number in taken:
        count += 1
        number = f"{plain} ({count})"
    return number


def _result(plan: Kind, record: Record, told: Sequence[Record], lang: Lang) -> str:
    """What came of an activity: when it was due, and what each country reported, as it wrote it."""
    calendar = plan.column("calendar")
    due = record.values.get("calendar")
    lines = [f"{calendar.title[lang]}: {as_text(due)}"] if due is not None else []
    return "\n".join([*lines, *_reports(plan, told, lang)])


def _reports(plan: Kind, told: Sequence[Record], lang: Lang) -> Iterator[str]:
    """What each country reported, a line each."""
    own = [plan.column(key) for key in ("state", "progress", "date", "institution", "evidence", "remarks")]
    for row in sorted(told, key=lambda row: members.order(row.key[1])):
        said = "; ".join(_said(row.values, column, lang) for column in own if row.values.get(column.key) is not None)
        yield f"{members.BY_CODE[row.key[1]].name[lang]}: {said}"


def _said(values: Values, column: Column, lang: Lang) -> str:
    text = shown(values.get(column.key), column, lang)
    return text if column.key in ("state", "progress") else f"{column.title[lang]}: {text}"


def former(history: Sequence[Record]) -> list[Values]:
    """The activities of the Histórico under the numbers that they had in the plan."""
    return [{**record.values, "id": record.text("former")} for record in history if record.text("former")]
