from __future__ import annotations

import datetime as dt

import pytest

from crmxl import cycle
from crmxl.definition import Record
from crmxl.members import CODES
from crmxl.status import assess_one, count
from tests.bench import PLAN

DAY = dt.date(2010, 3, 1)


def activity(calendar: str | None, **more: str) -> Record:
    values = {"id": "1.1", "activity": "Informar", "responsible": "El Salvador", **more}
    return Record(("1.1",), {**values, **({"calendar": calendar} if calendar is not None else {})})


@pytest.mark.parametrize(
    ("calendar", "mark", "reason"),
    [
        ("Febrero 2010", "overdue", "venció el 28/02/2010, hace 1 día"),
        ("enero de 2010", "overdue", "venció el 31/01/2010, hace 29 días"),
        ("marzo de 2010", "due_soon", "vence el 31/03/2010, en 30 días"),
        ("2010", "on_time", "vence el 31/12/2010"),
        ("Continuo", "continuous", "es continua"),
        ("Por definir", "undefined", "el calendario está por definir"),
        ("Pendiente", "pending", "está pendiente"),
        ("31 de febrero de 2010", "unreadable", "el calendario no se entiende"),
        ("03/04/2012", "unreadable", "la fecha puede leerse de dos modos"),
    ],
)
def test_marks_and_their_reasons(calendar: str, mark: str, reason: str) -> None:
    item = assess_one(activity(calendar), {}, DAY)
    assert (item.mark, item.reason.es) == (mark, reason)


def test_overdue_counts_from_the_end_of_the_period() -> None:
    assert assess_one(activity("Febrero 2010"), {}, dt.date(2010, 2, 28)).mark == "due_soon"
    assert assess_one(activity("Febrero 2010"), {}, DAY).days_late == 1


def test_an_activity_that_is_itself_undefined() -> None:
    assert assess_one(activity(None, activity="Por definir. NOTA: Si no…"), {}, DAY).mark == "undefined"


def test_done_when_the_secretariat_or_every_country_responsible_says_so() -> None:
    late = "Febrero 2010"
    assert assess_one(activity(late, situation="done"), {}, DAY).mark == "done"
    assert assess_one(activity(late, situation="archive"), {}, DAY).mark == "done"
    assert assess_one(activity(late), {"SLV": "done"}, DAY).mark == "done"
    assert assess_one(activity(late), {"MEX": "done"}, DAY).mark == "overdue"
    everyone = activity(late, responsible="Países miembros")
    assert assess_one(everyone, dict.fromkeys(CODES, "done"), DAY).mark == "done"
    assert assess_one(everyone, dict.fromkeys(CODES[1:], "done"), DAY).mark == "overdue"
    assert assess_one(everyone, {"CRI": "done"}, DAY).by_country == {"CRI": "done"}


def test_the_2009_plan_on_the_day_of_its_version() -> None:
    items = cycle.marks(PLAN, dt.date(2009, 11, 26))
    by_mark = {mark: [i.record.key[0] for i in items if i.mark == mark] for mark in count(items)}
    assert by_mark["overdue"] == []
    assert by_mark["undefined"] == ["5.1", "6.3", "6.5", "7.1", "8.1", "9.2", "9.3", "10.2"]
    assert by_mark["pending"] == ["9.1", "9.5", "9.6", "10.1"]
    assert len(by_mark["continuous"]) == 26
    assert by_mark["on_time"] == ["2.2", "12.3"]


def test_the_2009_plan_when_february_2010_has_passed() -> None:
    late = [i for i in cycle.marks(PLAN, DAY) if i.mark == "overdue"]
    assert [(i.record.key[0], i.days_late) for i in late] == [("2.2", 1)]
    assert late[0].place is not None
    assert (late[0].place.sheet, late[0].place.cell) == ("Plan", "G13")


def test_objectives_that_the_plan_would_drop_are_flagged() -> None:
    flags = {i.record.key[0]: i.flags for i in cycle.marks(PLAN, DAY) if i.flags}
    assert flags == {"7.1": ("drop_candidate",), "13.1": ("drop_candidate", "contradictory_note")}
