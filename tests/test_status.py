from __future__ import annotations

import datetime as dt

import pytest

from crmxl import cycle
from crmxl.definition import Record
from crmxl.kinds import KINDS
from crmxl.members import CODES
from crmxl.status import Item, assess, assess_one, count
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
        ("1 de marzo de 2010", "due_soon", "vence hoy, 01/03/2010"),
        (None, "undefined", "no tiene calendario"),
        ("dentro de seis meses", "undefined", "el plazo depende de otra fecha"),
        ("a mediano plazo", "continuous", "no tiene fecha, sólo horizonte"),
        ("semestralmente", "continuous", "cada 6 meses"),
        ("en cada reunión de la CRM", "continuous", "sigue a las reuniones de la CRM"),
        ("antes de cada reunión del GRCM y la CRM", "continuous", "sigue a las reuniones de la CRM y del GRCM"),
        ("anual", "continuous", "cada año"),
        ("marzo de 2010 (tentativo)", "due_soon", "vence el 31/03/2010, en 30 días (fecha tentativa)"),
        ("Taller realizado en 2009", "done", "el calendario dice que se realizó"),
        ("febraro 2010", "unreadable", "el calendario no se entiende; ¿quiso decir «febrero 2010»?"),
        ("año fiscal 2010", "unreadable", "el calendario no se entiende"),
        (
            "03/04/2012",
            "unreadable",
            "la fecha puede leerse de dos modos: 3 de abril de 2012 o 4 de marzo de 2012",
        ),
    ],
)
def test_marks_and_their_reasons(calendar: str | None, mark: str, reason: str) -> None:
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
    assert assess_one(everyone, dict.fromkeys(CODES, "done"), DAY).by_country == dict.fromkeys(CODES, "done")
    assert assess_one(everyone, {"CRI": "suspended"}, DAY).by_country == dict.fromkeys(CODES, "overdue") | {
        "CRI": "pending"
    }


def test_nobody_is_certain_where_the_text_does_not_say_who() -> None:
    for responsible in ("Países participantes", "País sede en coordinación con la ST", "OIM", "México o Guatemala"):
        item = assess_one(activity("Febrero 2010", responsible=responsible), {"MEX": "done"}, DAY)
        assert (item.mark, item.by_country) == ("overdue", {"MEX": "done"})
    participants = activity("Febrero 2010", responsible="Países participantes")
    assert assess_one(participants, dict.fromkeys(CODES, "done"), DAY).mark == "done"


def test_reasons_in_english() -> None:
    assert assess_one(activity("Febrero 2010"), {}, DAY).reason.en == "was due on 28 February 2010, 1 day ago"


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


def test_objectives_whose_responsible_is_to_be_defined_are_flagged() -> None:
    tables = {"plan": [activity("2010", responsible="Por definir")]}
    assert [item.flags for item in assess(KINDS, tables, DAY)] == [("drop_candidate",)]


# Duties that recur, judged from returns

BEFORE_EACH = "antes de cada reunión de la CRM y del GRCM"
MEETINGS = [
    Record(("a",), {"organ": "CRM", "date": "julio de 2009"}),
    Record(("b",), {"organ": "GRCM", "date": "diciembre de 2009"}),
    Record(("c",), {"organ": "GRCM", "date": "18 y 19 de mayo de 2010"}),
    Record(("d",), {"organ": "CRM", "date": "mayo de 2010"}),
]


def sending(country: str, deadline: str, kind: str, sheets: str = "Plan", sha: str = "", errors: int = 0) -> Record:
    return Record(
        (sha or f"{country}{deadline}",),
        {
            "country": country,
            "deadline": deadline,
            "type": kind,
            "accepted": "yes",
            "sheets": sheets,
            "errors": errors,
        },
    )


def said(country: str, item: str, sha: str) -> Record:
    return Record(
        (sha, "Plan", item), {"table": "Avance", "item": item, "country": country, "sha256": sha, "state": "merged"}
    )


def duty(
    periodicity: str, day: dt.date, *received: Record, more: dict[str, list[Record]] | None = None, **texts: str
) -> Item:
    plan = [activity("Continuo", periodicity=periodicity, **{"responsible": "Países miembros", **texts})]
    tables = {"plan": plan, "meetings": MEETINGS, "reception": list(received), **(more or {})}
    return assess(KINDS, tables, day)[0]


def test_a_country_that_has_not_reported_for_the_last_meeting_is_overdue() -> None:
    received = [sending(code, "2010-04-30", "complete") for code in CODES if code not in ("BLZ", "NIC")]
    item = duty(BEFORE_EACH, dt.date(2010, 6, 30), *received)
    assert item.mark == "continuous"
    assert {code for code, mark in item.by_country.items() if mark == "overdue"} == {"BLZ", "NIC"}
    assert item.by_country["CRI"] == "on_time"
    assert item.reason.es == "es continua; sin informe (CRM y GRCM, mayo de 2010): Belice y Nicaragua"
    assert item.reason.en == "is continuous; no report (RCM and RCGM, May 2010): Belize and Nicaragua"


def test_a_report_serves_for_one_round_of_meetings() -> None:
    old = sending("CRI", "2009-10-15", "complete")
    assert duty(BEFORE_EACH, dt.date(2010, 1, 15), old).by_country["CRI"] == "on_time"
    assert duty(BEFORE_EACH, dt.date(2010, 4, 15), old).by_country["CRI"] == "due_soon"
    assert duty(BEFORE_EACH, dt.date(2010, 6, 1), old).by_country["CRI"] == "overdue"


def test_before_a_meeting_is_the_day_before_it_and_at_a_meeting_its_last_day() -> None:
    returned = sending("CRI", "2009-10-15", "complete")

    def last(words: str) -> object:
        found = duty(words, dt.date(2010, 6, 1), returned).duty
        return found.as_dict("en")["last"] if found else None

    assert last(BEFORE_EACH) == {"name": "RCM and RCGM, May 2010", "due": "2010-05-17"}
    assert last("durante las reuniones del GRCM") == {"name": "RCGM, May 2010", "due": "2010-05-19"}
    assert last("durante las reuniones del GRCM y la CRM") == {"name": "RCM and RCGM, May 2010", "due": "2010-05-31"}


def test_twice_a_year() -> None:
    returned = sending("CRI", "2010-04-30", "nothing")
    item = duty("SEMESTRALMENTE", dt.date(2010, 7, 1), returned)
    assert item.by_country["CRI"] == "on_time"
    assert item.by_country["MEX"] == "overdue"
    assert item.duty is not None
    assert item.duty.as_dict("es")["last"] == {"name": "primer semestre de 2010", "due": "2010-06-30"}
    assert duty("SEMESTRALMENTE", dt.date(2011, 1, 1), returned).by_country["CRI"] == "overdue"


def test_a_partial_return_speaks_of_the_activities_that_it_fills_in() -> None:
    partial = sending("CRI", "2010-04-30", "partial", sha="x")
    spoke = {"provenance": [said("CRI", "1.1", "x")]}
    assert duty(BEFORE_EACH, dt.date(2010, 6, 1), partial, more=spoke).by_country["CRI"] == "on_time"
    silent = {"provenance": [said("CRI", "1.2", "x")]}
    assert duty(BEFORE_EACH, dt.date(2010, 6, 1), partial, more=silent).by_country["CRI"] == "overdue"


def test_a_return_that_says_whole_and_is_not_speaks_of_what_it_fills_in_alone() -> None:
    lacking = sending("CRI", "2010-04-30", "complete", sha="x", errors=1)
    spoke = {"provenance": [said("CRI", "1.1", "x")]}
    assert duty(BEFORE_EACH, dt.date(2010, 6, 1), lacking, more=spoke).by_country["CRI"] == "on_time"
    assert duty(BEFORE_EACH, dt.date(2010, 6, 1), lacking).by_country["CRI"] == "overdue"


def test_who_returns_a_matrix_has_reported_on_the_activity_that_asks_for_it() -> None:
    matrix = sending("CRI", "2010-04-30", "complete", sheets="Matriz trata")
    there = {"trafficking": [Record(("TIP-5.1.a",), {"id": "TIP-5.1.a"})]}
    texts = {"activity": "Actualizar la matriz comparativa de la legislación", "responsible": "OIM"}
    item = duty(BEFORE_EACH, dt.date(2010, 6, 1), matrix, more=there, **texts)
    assert item.by_country == dict.fromkeys(CODES, "overdue") | {"CRI": "on_time"}


def test_a_country_to_which_it_does_not_apply_owes_nothing() -> None:
    returned = sending("MEX", "2010-04-30", "complete")
    states = {"plan.answers": [Record(("1.1", "CRI"), {"state": "not_applicable"})]}
    item = duty(BEFORE_EACH, dt.date(2010, 6, 1), returned, more=states)
    assert item.by_country["CRI"] == "done"


def test_without_any_return_nothing_tells_who_has_reported() -> None:
    item = duty(BEFORE_EACH, dt.date(2010, 6, 1))
    assert item.duty is None
    assert item.by_country == dict.fromkeys(CODES, "continuous")


@pytest.mark.parametrize(
    "words", ["regularmente", "de manera periódica", "cada 2 años", "antes de la próxima reunión del GRCM"]
)
def test_what_cannot_be_counted_stays_continuous(words: str) -> None:
    assert duty(words, dt.date(2010, 6, 1), sending("MEX", "2010-04-30", "complete")).duty is None


def test_of_a_file_without_its_cycle_nobody_knows_when_it_came() -> None:
    dated, lost = sending("MEX", "2010-04-30", "complete"), sending("CRI", "", "complete", sha="y")
    marks = duty(BEFORE_EACH, dt.date(2010, 6, 1), dated, lost).by_country
    assert (marks["MEX"], marks["CRI"], marks["NIC"]) == ("on_time", "continuous", "overdue")
    assert duty(BEFORE_EACH, dt.date(2010, 6, 1), lost).duty is None


# How an activity became what it is


def row(cycle_name: str, day: str, calendar: str, mark: str) -> Record:
    values = {"cycle": cycle_name, "as_of": dt.date.fromisoformat(day), "id": "1.1", "calendar": calendar, "mark": mark}
    return Record((cycle_name, "1.1"), values)


def test_since_when_an_activity_is_to_be_defined() -> None:
    rows = [
        row("2009", "2009-11-26", "Febrero 2010", "on_time"),
        row("2010-1", "2010-05-31", "Por definir", "undefined"),
        row("2010-2", "2010-11-30", "Por definir", "undefined"),
    ]
    item = assess(KINDS, {"plan": [activity("Por definir")], "evolution": rows}, dt.date(2011, 1, 1))[0]
    assert item.since is not None
    assert (item.since.cycle, item.since.cycles) == ("2010-1", 2)
    assert item.reason.es == (
        "el calendario está por definir, desde el ciclo 2010-1; se aplazó: Febrero 2010 → Por definir"
    )
    before = assess(KINDS, {"plan": [activity("Por definir")], "evolution": rows}, dt.date(2010, 6, 1))[0]
    assert before.since is not None
    assert (before.since.cycle, before.since.cycles) == ("2010-1", 1)


def test_a_date_that_was_put_off() -> None:
    rows = [
        row("2009", "2009-11-26", "Febrero 2010.", "on_time"),
        row("2010-1", "2010-05-31", "Diciembre 2010", "on_time"),
    ]
    item = assess(KINDS, {"plan": [activity("Marzo 2011")], "evolution": rows}, dt.date(2011, 1, 1))[0]
    assert [(slip.cycle, slip.old, slip.new) for slip in item.slips] == [
        ("2010-1", "Febrero 2010", "Diciembre 2010"),
        (None, "Diciembre 2010", "Marzo 2011"),
    ]
    assert item.reason.es == "vence el 31/03/2011; se aplazó: Febrero 2010 → Diciembre 2010 → Marzo 2011"
    earlier = assess(KINDS, {"plan": [activity("Enero 2010")], "evolution": rows[:1]}, dt.date(2010, 1, 1))[0]
    assert earlier.slips == ()


def test_a_slip_is_held_against_the_last_date_that_was_known() -> None:
    def chain(*calendars: str) -> str:
        told = [row(f"c{n}", f"2010-01-{n:02}", text, "on_time") for n, text in enumerate(calendars[:-1], start=1)]
        item = assess(KINDS, {"plan": [activity(calendars[-1])], "evolution": told}, dt.date(2010, 2, 1))[0]
        return item.reason.es.partition("se aplazó: ")[2]

    assert chain("Febrero 2010", "Por definir", "Diciembre 2011") == "Febrero 2010 → Por definir → Diciembre 2011"
    assert chain("Febrero 2010", "Febrro 2011", "Marzo 2011") == "Febrero 2010 → Marzo 2011"
    assert chain("Marzo 2011", "Febrero 2010") == ""
    assert chain("Febrero 2010 (Ref.: CRM, mayo, 2002)", "Mayo 2010") == "Febrero 2010 → Mayo 2010"


def test_a_duty_that_recurs_is_not_done_because_countries_did_it_once() -> None:
    received = [sending(code, "2009-10-15", "complete") for code in CODES]
    states = {"plan.answers": [Record(("1.1", code), {"state": "done"}) for code in CODES]}
    item = duty(BEFORE_EACH, dt.date(2011, 6, 30), *received, more=states)
    assert (item.mark, set(item.by_country.values())) == ("continuous", {"overdue"})
    declared = duty(BEFORE_EACH, dt.date(2011, 6, 30), *received, more=states, situation="done")
    assert (declared.mark, set(declared.by_country.values())) == ("done", {"done"})


def test_only_those_that_owe_it_are_late() -> None:
    states = {"CRI": "not_started", "SLV": "in_progress", "MEX": "not_applicable"}
    assert assess_one(activity("Febrero 2010"), states, DAY).by_country == {"SLV": "overdue", "MEX": "done"}
    assert assess_one(activity("Febrero 2010", situation="done"), states, DAY).by_country == {
        "CRI": "done",
        "SLV": "done",
        "MEX": "done",
    }


def test_a_report_serves_for_a_year_where_no_earlier_meeting_is_known() -> None:
    first = {"meetings": [Record(("a",), {"organ": "RED", "date": "19 de junio de 2012"})]}
    words = "en las reuniones de la red"
    old, new = sending("CRI", "2010-02-12", "complete"), sending("MEX", "2012-05-11", "complete")
    marks = duty(words, dt.date(2012, 7, 1), old, new, more=first).by_country
    assert (marks["CRI"], marks["MEX"]) == ("overdue", "on_time")


def test_what_a_later_merge_received_does_not_count_before_it() -> None:
    later = sending("CRI", "2010-04-30", "complete")
    later = Record(later.key, {**later.values, "cycle": "2010-1"})
    merged = {"evolution": [row("2010-1", "2010-05-31", "Continuo", "continuous")]}
    known = sending("MEX", "2009-08-31", "complete")
    assert duty(BEFORE_EACH, dt.date(2010, 2, 1), later, known, more=merged).by_country["CRI"] == "overdue"
    assert duty(BEFORE_EACH, dt.date(2010, 6, 1), later, known, more=merged).by_country["CRI"] == "on_time"


def test_a_meeting_that_is_to_be_confirmed_says_so() -> None:
    open_ = {"meetings": [Record(("a",), {"organ": "CRM", "date": "julio de 2009", "certainty": "unconfirmed"})]}
    item = duty(BEFORE_EACH, dt.date(2010, 1, 1), sending("CRI", "2009-07-15", "complete"), more=open_)
    assert "(CRM, julio de 2009, por confirmar)" in item.reason.es


@pytest.mark.parametrize("day", [dt.date.min, dt.date.max, dt.date(2, 2, 2)])
def test_any_day_can_be_asked_for(day: dt.date) -> None:
    assert duty("SEMESTRALMENTE", day, sending("CRI", "2009-07-15", "complete")).mark == "continuous"


def test_what_the_notes_of_the_plan_say_stands_in_the_reason() -> None:
    reasons = {i.record.key[0]: i.reason.es for i in cycle.marks(PLAN, DAY) if i.flags}
    assert reasons["7.1"].endswith("candidato a eliminar, según las notas del plan")
    assert reasons["13.1"].endswith("pero la nota se contradice: nombra responsables")
