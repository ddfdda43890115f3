"""The merge, cell by cell: what each country wrote, and where it ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crmxl.canonical import Canonical
from crmxl.consolidation import merge
from crmxl.cycle import consolidate, open_canonical
from crmxl.definition import Record
from crmxl.files import UsageError
from crmxl.findings import Place, Source
from crmxl.issued import STAMP_SHEET, read_issued
from crmxl.kinds import KINDS
from crmxl.messages import Code
from crmxl.reading import Book
from crmxl.reasons import Reason
from crmxl.tables import Stray
from tests.bench import (
    AS_OF,
    CANONICAL,
    FILLABLE,
    PLAN,
    Bench,
    Cells,
    applied,
    decide,
    reopened,
    told,
    type_decision,
    values,
    with_cells,
    without_anchors,
    written,
)


def sent(bench: Bench, country: str, cells: Cells, number: int = 1) -> Book:
    return bench.fill(country, cells, f"{country}-{number}.xlsx", type="parcial", number=number)


def test_a_countrys_own_answer_is_merged(bench: Bench) -> None:
    result = bench.merge(sent(bench, "CRI", {("1.1", "state"): "Cumplida", ("1.1", "date"): dt.datetime(2010, 1, 5)}))
    assert values(result, "plan.answers") == {
        ("1.1", "CRI"): {"id": "1.1", "country": "CRI", "state": "done", "date": dt.date(2010, 1, 5)}
    }
    assert (result.counts["merged"], result.counts["proposed"]) == (2, 0)


def test_a_shared_cell_is_proposed_and_not_changed(bench: Bench) -> None:
    result = bench.merge(sent(bench, "CRI", {("9.3", "calendar"): "Mayo de 2010"}))
    assert values(result, "plan")[("9.3",)]["calendar"] == "Por definir. (Tegucigalpa, noviembre de 2008)"
    (question,) = [d.question for d in result.decisions]
    assert (question.type, question.proposals) == ("proposal", (("CRI", "Mayo de 2010"),))
    assert result.counts["proposed"] == 1


def test_two_different_proposals_are_a_conflict_with_both_values(bench: Bench) -> None:
    result = bench.merge(
        sent(bench, "MEX", {("9.3", "calendar"): "Junio de 2010"}),
        sent(bench, "CRI", {("9.3", "calendar"): "Mayo de 2010"}),
    )
    (question,) = [d.question for d in result.decisions]
    assert question.type == "conflict"
    assert dict(question.proposals) == {"CRI": "Mayo de 2010", "MEX": "Junio de 2010"}
    assert result.counts["conflicting"] == 2
    row = result.tables["decisions"][0]
    assert (row.text("cri"), row.text("mex"), row.text("base")[:11]) == ("Mayo de 2010", "Junio de 2010", "Por definir")


def test_the_same_proposal_of_two_countries_is_one_proposal(bench: Bench) -> None:
    result = bench.merge(*(sent(bench, c, {("9.3", "calendar"): "Mayo de 2010"}) for c in ("CRI", "MEX")))
    assert [d.question.type for d in result.decisions] == ["proposal"]


def test_a_later_sending_supersedes_cell_by_cell(bench: Bench) -> None:
    first = sent(bench, "SLV", {("1.1", "state"): "En proceso", ("1.2", "progress"): "se mantiene"}, 1)
    second = sent(bench, "SLV", {("1.1", "state"): "Cumplida"}, 2)
    result = bench.merge(second, first)
    answers = values(result, "plan.answers")
    assert answers[("1.1", "SLV")]["state"] == "done"
    assert answers[("1.2", "SLV")]["progress"] == "se mantiene"
    assert result.counts["superseded"] == 1
    kept = {(r.text("value"), r.text("state")) for r in result.tables["provenance"]}
    assert ("En proceso", "superseded") in kept
    assert [r.superseded for r in result.receptions] == [False, False]


def test_a_file_with_nothing_in_force_is_superseded(bench: Bench) -> None:
    first = sent(bench, "SLV", {("1.1", "state"): "En proceso"}, 1)
    second = sent(bench, "SLV", {("1.1", "state"): "Cumplida"}, 2)
    result = bench.merge(first, second)
    assert [(r.submission.number, r.superseded) for r in result.receptions] == [(1, True), (2, False)]


def test_two_sendings_that_differ_with_one_number_are_a_question(bench: Bench) -> None:
    result = bench.merge(
        bench.fill("SLV", {("1.1", "state"): "En proceso"}, "a.xlsx", type="parcial"),
        bench.fill("SLV", {("1.1", "state"): "Cumplida"}, "b.xlsx", type="parcial"),
    )
    assert values(result, "plan.answers") == {}
    (question,) = [d.question for d in result.decisions]
    assert (question.type, {question.proposals[0][1], question.other}) == ("within", {"in_progress", "done"})
    assert Code.M101 in [f.code for r in result.receptions for f in r.findings]
    assert result.counts["conflicting"] == 2


def test_a_blank_erases_nothing_and_the_word_does(bench: Bench, tmp_path: Path) -> None:
    once = bench.merge(sent(bench, "CRI", {("1.1", "progress"): "hecho", ("1.1", "state"): "Cumplida"}))
    later = reopened(once, tmp_path)
    kept = bench.merge_on(later, sent(bench, "CRI", {("1.1", "state"): "En proceso"}, 2))
    assert values(kept, "plan.answers")[("1.1", "CRI")]["progress"] == "hecho"
    erased = bench.merge_on(later, sent(bench, "CRI", {("1.1", "progress"): "(borrar)"}, 2))
    assert "progress" not in values(erased, "plan.answers")[("1.1", "CRI")]
    assert erased.counts["merged"] == 1


def test_the_same_file_twice_is_counted_once(bench: Bench) -> None:
    book = sent(bench, "CRI", {("1.1", "state"): "Cumplida"})
    result = bench.merge(book, book)
    assert len(result.receptions) == 1
    assert Code.M102 in [f.code for f in result.receptions[0].findings]
    assert result.counts["read"] == bench.merge(book).counts["read"]


def test_missing_countries_are_listed_in_the_usual_order(bench: Bench) -> None:
    result = bench.merge(*(sent(bench, c, {}) for c in ("CRI", "DOM")))
    assert result.missing == ("BLZ", "CAN", "SLV", "USA", "GTM", "HND", "MEX", "NIC", "PAN")


def test_edits_outside_ones_authority_change_nothing(bench: Bench) -> None:
    """Whatever was done to fixed cells, keys and the stamp: the plan is as it was."""
    book = bench.fill(
        "CRI", {("1.1", "section"): "X. Otra", ("2.1", "printed"): "9", ("1.2", "id"): "77.7"}, type="parcial"
    )
    result = bench.merge(book)
    assert values(result, "plan") == values(bench.canonical, "plan")
    assert {"X. Otra", "9"} <= {r.text("value") for r in result.tables["set_aside"]}
    without = bench.merge(without_anchors(book))  # the number cannot be put back, unless the row's text tells
    assert values(without, "plan") == values(bench.canonical, "plan")


PROPOSALS: dict[str, Cells] = {
    "CRI": {("9.3", "calendar"): "Mayo de 2010", ("6.5", "responsible"): "México, Costa Rica y OIM"},
    "MEX": {("9.3", "calendar"): "Junio de 2010"},
}
MAY: Cells = {("9.3", "calendar"): "Mayo de 2010"}


@pytest.mark.parametrize(
    ("choice", "value"),
    [
        ({"decision": "MEX"}, "Junio de 2010"),
        ({"decision": "keep"}, "Por definir. (Tegucigalpa, noviembre de 2008)"),
        ({"decision": "own", "own": "II Semestre 2010"}, "II Semestre 2010"),
    ],
)
def test_a_decision_is_applied_once_and_stays(bench: Bench, tmp_path: Path, choice: dict[str, Any], value: str) -> None:
    books = [sent(bench, country, cells) for country, cells in PROPOSALS.items()]
    asked = reopened(bench.merge(*books), tmp_path)
    decided = decide(asked, {("9.3", "CALENDARIO"): choice})
    result = bench.merge_on(decided, *books)
    assert values(result, "plan")[("9.3",)]["calendar"] == value
    stages = {d.question.target.item: d.stage for d in result.decisions}
    assert stages == {"9.3": "applied", "6.5": "open"}
    again = bench.merge_on(reopened(result, tmp_path), *books)
    assert values(again, "plan") == values(result, "plan")
    assert again.tables["decisions"] == result.tables["decisions"]


def test_a_decision_whose_question_has_changed_is_asked_again(bench: Bench, tmp_path: Path) -> None:
    asked = reopened(bench.merge(sent(bench, "CRI", PROPOSALS["CRI"])), tmp_path)
    decided = decide(asked, {("9.3", "CALENDARIO"): {"decision": "CRI"}})
    changed = tuple(
        type(r)(r.key, {**r.values, "calendar": "Pendiente"}) if r.key == ("9.3",) else r for r in decided.of("plan")
    )
    moved = type(decided)({**decided.records, "plan": changed}, decided.preambles, decided.readings)
    result = bench.merge_on(moved)
    assert values(result, "plan")[("9.3",)]["calendar"] == "Pendiente"
    assert [f.code for f in told(result)] == [Code.M103]
    assert [d.stage for d in result.decisions if d.question.target.item == "9.3"] == ["open"]


def test_a_decision_without_a_value_says_so(bench: Bench, tmp_path: Path) -> None:
    asked = reopened(bench.merge(sent(bench, "CRI", PROPOSALS["CRI"])), tmp_path)
    for choice, code in (({"decision": "PAN"}, Code.M104), ({"decision": "own"}, Code.M107)):
        result = bench.merge_on(decide(asked, {("9.3", "CALENDARIO"): choice}))
        assert [f.code for f in told(result)] == [code]
        assert told(result)[0].place.sheet == "Decisiones"
        assert "9.3, CALENDARIO" in told(result)[0].message("es")


def test_a_new_proposal_after_a_decision_is_a_new_question(bench: Bench, tmp_path: Path) -> None:
    books = [sent(bench, country, cells) for country, cells in PROPOSALS.items()]
    asked = reopened(bench.merge(*books), tmp_path)
    result = bench.merge_on(decide(asked, {("9.3", "CALENDARIO"): {"decision": "MEX"}}), *books)
    late = sent(bench, "PAN", {("9.3", "calendar"): "Julio de 2010"})
    more = bench.merge_on(reopened(result, tmp_path), *books, late)
    open_now = [d.question for d in more.decisions if d.stage == "open" and d.question.target.item == "9.3"]
    assert [dict(q.proposals) for q in open_now] == [{"PAN": "Julio de 2010"}]


NEW: Cells = {
    (
        "N1",
        "objective",
    ): "Fortalecer la cooperación entre instancias gubernamentales  de los países miembros responsables "
    "de la aplicación de la ley.",
    ("N1", "activity"): "Reunión anual de puntos focales",
    ("N1", "responsible"): "Países miembros",
    ("N1", "calendar"): "Por definir",
}


def test_a_new_activity_gets_a_number_when_it_is_adopted(bench: Bench, tmp_path: Path) -> None:
    book = sent(bench, "DOM", NEW)
    asked = bench.merge(book)
    assert len(asked.decisions) == 4
    item = asked.decisions[0].question.target.item
    titles = ("OBJETIVOS", "ACTIVIDADES", "RESPONSABLE", "CALENDARIO")
    some = decide(reopened(asked, tmp_path), {(item, title): {"decision": "DOM"} for title in titles[:2]})
    waiting = bench.merge_on(some, book)
    assert [f.code for f in told(waiting)] == [Code.M105]
    assert len(waiting.tables["plan"]) == 40
    every = decide(reopened(asked, tmp_path), {(item, title): {"decision": "DOM"} for title in titles})
    result = bench.merge_on(every, book)
    row = values(result, "plan")[("7.2",)]
    assert (row["activity"], row["calendar"]) == ("Reunión anual de puntos focales", "Por definir")
    assert row["section"].startswith("B. Intercambio")
    assert {d.assigned for d in result.decisions} == {"7.2"}
    again = bench.merge_on(reopened(result, tmp_path), book)
    assert again.tables["plan"] == result.tables["plan"]
    assert again.tables["decisions"] == result.tables["decisions"]


def test_derived_columns_follow_a_decision(bench: Bench, tmp_path: Path) -> None:
    book = sent(bench, "CRI", {("8.1", "calendar"): "Continuo. Nota nueva"})
    asked = reopened(bench.merge(book), tmp_path)
    before = values(asked, "plan")[("8.1",)]
    after = values(applied(decide(asked, {("8.1", "CALENDARIO"): {"decision": "CRI"}})), "plan")[("8.1",)]
    assert "noviembre, 2008" in before["references"]
    assert "noviembre, 2008" not in after["references"]
    assert after["note"] == "Nota nueva"


def test_newer_decisions_come_from_another_workbook(bench: Bench, tmp_path: Path) -> None:
    books = [sent(bench, country, cells) for country, cells in PROPOSALS.items()]
    first = bench.merge(*books)
    edited = decide(reopened(first, tmp_path), {("9.3", "CALENDARIO"): {"decision": "CRI", "decided_by": "ST"}})
    result = bench.merge(*books, newer=edited.of("decisions"))
    assert values(result, "plan")[("9.3",)]["calendar"] == "Mayo de 2010"
    assert [d.decided_by for d in result.decisions if d.stage == "applied"] == ["ST"]


def test_untouched_answers_of_an_old_template_undo_nothing(bench: Bench, tmp_path: Path) -> None:
    """What was issued and not edited is no answer, though the canonical value has changed since."""
    book = bench.fill("CRI", {}, type="completo")
    moved = bench.merge(sent(bench, "MEX", {("1.1", "state"): "Cumplida"}))
    result = bench.merge_on(reopened(moved, tmp_path), book)
    assert values(result, "plan.answers") == values(moved, "plan.answers")


def test_the_workbook_of_a_merge_is_the_same_for_the_same_input(bench: Bench) -> None:
    books = [sent(bench, country, cells) for country, cells in PROPOSALS.items()]
    assert written(bench.merge(*books)) == written(bench.merge(*reversed(books)))


# What an attack found, each mended


@pytest.mark.parametrize(
    ("choice", "value"),
    [({"decision": "other"}, None), ({"decision": "own", "own": "Mío"}, "Mío"), ({"decision": "keep"}, None)],
)
def test_a_decision_on_a_countrys_own_conflict_holds(
    bench: Bench, tmp_path: Path, choice: dict[str, Any], value: str | None
) -> None:
    books = [bench.fill("CRI", {("2.2", "progress"): text}, text, type="parcial") for text in ("Texto A", "Texto B")]
    asked = bench.merge(*books)
    (question,) = [d.question for d in asked.decisions]
    wanted = value or (question.other if choice["decision"] == "other" else None)
    result = bench.merge_on(decide(reopened(asked, tmp_path), {("2.2", "Avance"): choice}), *books)
    assert values(result, "plan.answers").get(("2.2", "CRI"), {}).get("progress") == wanted
    assert [d.stage for d in result.decisions] == ["applied"]
    assert result.counts["read"] == sum(n for name, n in result.counts.items() if name != "read")


def test_a_filled_return_is_no_issued_copy(bench: Bench) -> None:
    filled = bench.fill("CRI", {("1.1", "progress"): "HECHO"})
    assert set(read_issued([bench.books["CRI"], filled], FILLABLE)) == set(read_issued([bench.books["CRI"]], FILLABLE))


def test_applied_decisions_of_another_workbook_are_replayed(bench: Bench, tmp_path: Path) -> None:
    books = [sent(bench, country, cells) for country, cells in PROPOSALS.items()] + [sent(bench, "DOM", NEW)]
    asked = reopened(bench.merge(*books), tmp_path)
    item = "DOM/2010-1/N1"
    choices = {("9.3", "CALENDARIO"): {"decision": "CRI"}}
    choices |= {(item, c): {"decision": "DOM"} for c in ("OBJETIVOS", "ACTIVIDADES", "RESPONSABLE", "CALENDARIO")}
    done = reopened(bench.merge_on(decide(asked, choices), *books), tmp_path)
    result = bench.merge(*books, newer=done.of("decisions"))
    assert values(result, "plan") == values(done, "plan")
    assert result.tables["decisions"] == tuple(type(r)(r.key, r.values) for r in done.of("decisions"))


def test_a_correction_of_an_adopted_activity_goes_to_the_activity(bench: Bench, tmp_path: Path) -> None:
    book = sent(bench, "DOM", NEW)
    titles = ("OBJETIVOS", "ACTIVIDADES", "RESPONSABLE", "CALENDARIO")
    choices = {("DOM/2010-1/N1", title): {"decision": "DOM"} for title in titles}
    adopted = bench.merge_on(decide(reopened(bench.merge(book), tmp_path), choices), book)
    corrected = sent(bench, "DOM", {**NEW, ("N1", "activity"): "Reunión anual CORREGIDA"}, 2)
    result = bench.merge_on(reopened(adopted, tmp_path), corrected)
    assert len(result.tables["plan"]) == 41
    (question,) = [d.question for d in result.decisions if d.stage == "open"]
    assert (question.target.item, question.target.column) == ("7.2", "activity")
    assert dict(question.proposals) == {"DOM": "Reunión anual CORREGIDA"}


def test_a_later_cycle_is_later_whatever_the_numbers(bench: Bench, tmp_path: Path) -> None:
    later = Bench.make(PLAN, tmp_path / "b", "2010-2", dt.date(2010, 6, 1))
    old = bench.fill("CRI", {("1.1", "progress"): "ciclo uno"}, type="parcial", number=2)
    new = later.fill("CRI", {("1.1", "progress"): "ciclo dos"}, type="parcial", number=1)
    submissions = [*bench.read(old), *later.read(new)]
    result = merge(bench.canonical, submissions, KINDS)
    assert values(result, "plan.answers")[("1.1", "CRI")]["progress"] == "ciclo dos"
    assert [(r.submission.cycle, r.superseded) for r in result.receptions] == [("2010-1", True), ("2010-2", False)]


def test_a_late_old_sending_does_not_undo_a_newer_one(bench: Bench, tmp_path: Path) -> None:
    newer = sent(bench, "CRI", {("1.1", "progress"): "NUEVO", ("9.3", "calendar"): "Mayo de 2010"}, 2)
    older = sent(bench, "CRI", {("1.1", "progress"): "VIEJO", ("9.3", "calendar"): "Abril de 2010"}, 1)
    result = bench.merge_on(reopened(bench.merge(newer), tmp_path), older)
    assert values(result, "plan.answers")[("1.1", "CRI")]["progress"] == "NUEVO"
    assert dict(result.decisions[0].question.proposals) == {"CRI": "Mayo de 2010"}
    assert result.counts["superseded"] == 2


def test_a_sending_without_a_number_is_not_guessed_to_be_older(bench: Bench) -> None:
    one = bench.fill("CRI", {("1.1", "progress"): "uno"}, "a", type="parcial", number=1)
    none = bench.fill("CRI", {("1.1", "progress"): "otro"}, "b", type="parcial", number="2ª")
    result = bench.merge(one, none)
    assert [d.question.type for d in result.decisions] == ["within"]


def test_a_proposal_on_a_new_base_is_asked_again(bench: Bench, tmp_path: Path) -> None:
    book = sent(bench, "GTM", {("9.3", "calendar"): "Junio de 2011"})
    kept = decide(
        reopened(bench.merge(book), tmp_path), {("9.3", "CALENDARIO"): {"decision": "own", "own": "Pendiente"}}
    )
    once = bench.merge_on(kept, book)
    assert not [d for d in once.decisions if d.stage == "open"]
    reopened(once, tmp_path)
    next_cycle = Bench.make(tmp_path / "consolidado.xlsx", tmp_path / "b", "2010-2", dt.date(2010, 6, 1))
    again = next_cycle.merge(next_cycle.fill("GTM", {("9.3", "calendar"): "Junio de 2011"}, type="parcial"))
    assert [(d.question.base, d.question.type) for d in again.decisions if d.stage == "open"] == [
        ("Pendiente", "proposal")
    ]


def test_what_the_secretariat_keeps_beside_our_columns_is_not_lost(bench: Bench) -> None:
    stray = Stray(
        Place(Source("plan.xlsx", "abc"), "Plan", "Z9"), "Report on laws", "Activities (en)", Reason.CANONICAL
    )
    canonical = replace(bench.canonical, strays=(stray,))
    kept = bench.merge_on(canonical).tables["set_aside"]
    assert [(r.text("value"), r.text("label")) for r in kept] == [("Report on laws", "Activities (en)")]


def test_the_word_to_erase_is_only_a_word_outside_returns(bench: Bench, tmp_path: Path) -> None:
    result = bench.merge(sent(bench, "CRI", {("9.3", "calendar"): "(ERASE)", ("7.1", "calendar"): "(borrar)"}))
    assert result.counts["unchanged"] >= 1
    (question,) = [d.question for d in result.decisions]
    assert question.target.item == "9.3"
    assert [r.text("cri") for r in reopened(result, tmp_path).of("decisions")] == ["(borrar)"]


def test_spaces_make_no_conflict(bench: Bench) -> None:
    texts = {"CRI": "Junio de 2011", "MEX": "Junio  de 2011 "}
    result = bench.merge(*(sent(bench, c, {("9.3", "calendar"): text}) for c, text in texts.items()))
    assert [d.question.type for d in result.decisions] == ["proposal"]


def test_an_own_text_without_a_decision_is_said(bench: Bench, tmp_path: Path) -> None:
    asked = reopened(bench.merge(sent(bench, "CRI", PROPOSALS["CRI"])), tmp_path)
    result = bench.merge_on(decide(asked, {("9.3", "CALENDARIO"): {"own": "Mayo"}}))
    assert [f.code for f in told(result)] == [Code.M106]


def test_a_suggested_decision_counts_once_it_is_signed(bench: Bench, tmp_path: Path) -> None:
    """Where there is one proposal the sheet suggests it; that alone changes nothing, by law 5."""
    asked = reopened(bench.merge(sent(bench, "CRI", MAY)), tmp_path)
    (row,) = asked.of("decisions")
    assert row.text("decision") == "CRI?"
    unsigned = bench.merge_on(asked)
    assert ([d.stage for d in unsigned.decisions], told(unsigned), unsigned.changes) == (["open"], [], ())
    signed = bench.merge_on(decide(asked, {("9.3", "CALENDARIO"): {"decided_by": "M. López"}}))
    assert [(d.stage, d.decision, d.decided_by) for d in signed.decisions] == [("applied", "CRI", "M. López")]
    assert values(signed, "plan")["9.3",]["calendar"] == "Mayo de 2010"


def test_a_conflict_suggests_nothing(bench: Bench, tmp_path: Path) -> None:
    texts = {"CRI": "Junio de 2011", "MEX": "Julio de 2011"}
    asked = reopened(bench.merge(*(sent(bench, c, {("9.3", "calendar"): text}) for c, text in texts.items())), tmp_path)
    assert [record.text("decision") for record in asked.of("decisions")] == [""]


def test_a_country_and_an_own_text_are_no_decision(bench: Bench, tmp_path: Path) -> None:
    asked = reopened(bench.merge(sent(bench, "CRI", MAY)), tmp_path)
    both = {"decision": "CRI", "own": "Mayo"}
    result = bench.merge_on(decide(asked, {("9.3", "CALENDARIO"): both}))
    assert [f.code for f in told(result)] == [Code.M106]
    assert [d.stage for d in result.decisions] == ["open"]


@pytest.mark.parametrize(("text", "code"), [("31 de febrero de 2011", Code.C111), ("03/04/2011", Code.C112)])
def test_a_doubtful_own_text_is_applied_and_asked_at_once(bench: Bench, tmp_path: Path, text: str, code: Code) -> None:
    asked = reopened(bench.merge(sent(bench, "CRI", MAY)), tmp_path)
    result = bench.merge_on(decide(asked, {("9.3", "CALENDARIO"): {"decision": "own", "own": text}}))
    assert values(result, "plan")["9.3",]["calendar"] == text
    assert [(f.code, f.place.sheet) for f in told(result)] == [(code, "Decisiones")]


def test_renamed_sheets_of_a_consolidated_workbook_are_known_by_their_headings(bench: Bench, tmp_path: Path) -> None:
    cells: Cells = {**MAY, ("1.1", "state"): "Cumplida"}
    asked = reopened(bench.merge(sent(bench, "CRI", cells)), tmp_path)
    book = openpyxl.load_workbook(tmp_path / "consolidado.xlsx")
    for name in ("Avance", "Decisiones", "Plan"):
        book[name].title = f"{name} 2010"
    book.save(tmp_path / "otro.xlsx")
    renamed = open_canonical([tmp_path / "otro.xlsx"])
    for name in ("plan", "plan.answers", "decisions"):
        assert values(renamed, name) == values(asked, name)
    assert renamed.extra == ()
    assert [f.code for f in renamed.findings if f.severity != "note"] == [Code.S102] * 3


def test_a_copy_of_a_sheet_of_ours_is_kept_and_is_no_sheet_of_ours(bench: Bench, tmp_path: Path) -> None:
    reopened(bench.merge(sent(bench, "CRI", MAY)), tmp_path)
    book = openpyxl.load_workbook(tmp_path / "consolidado.xlsx")
    book.copy_worksheet(book["Plan"]).title = "Plan de antes"
    book.save(tmp_path / "otro.xlsx")
    found = open_canonical([tmp_path / "otro.xlsx"])
    assert [grid.name for grid in found.extra] == ["Plan de antes"]
    assert [f.code for f in found.findings if f.code is Code.S102] == []


def test_a_signed_row_without_a_choice_is_asked_and_never_filled_in(bench: Bench, tmp_path: Path) -> None:
    """Somebody cleared what was suggested, or wrote that it is refused, and signed: that adopts nothing, ever."""
    asked = reopened(bench.merge(sent(bench, "CRI", MAY)), tmp_path)
    signed = decide(asked, {("9.3", "CALENDARIO"): {"decision": None, "decided_by": "M. López"}})
    once = bench.merge_on(signed)
    assert [f.code for f in told(once)] == [Code.M115]
    again = bench.merge_on(reopened(once, tmp_path))
    for result in (once, again):
        assert [(d.stage, d.decision) for d in result.decisions] == [("open", None)]
        assert not result.changes


@pytest.mark.parametrize("name", ["(borrar)", "FALSO", "—", "  ", "No"])
def test_what_is_no_name_signs_nothing(bench: Bench, tmp_path: Path, name: str) -> None:
    asked = reopened(bench.merge(sent(bench, "CRI", MAY)), tmp_path)
    result = bench.merge_on(decide(asked, {("9.3", "CALENDARIO"): {"decided_by": name}}))
    assert [(d.stage, d.decision) for d in result.decisions] == [("open", None)]
    (row,) = reopened(result, tmp_path).of("decisions")
    assert (row.text("decision"), row.text("decided_by")) == ("CRI?", name.strip())  # it is kept, and does not count


def test_a_suggestion_that_waits_stays_a_suggestion(bench: Bench, tmp_path: Path) -> None:
    """One cell of a new activity is signed and the others are not: without the name it is no choice again."""
    asked = reopened(bench.merge(sent(bench, "DOM", NEW)), tmp_path)
    waits = bench.merge_on(decide(asked, {("DOM/2010-1/N1", "ACTIVIDADES"): {"decided_by": "M. López"}}))
    assert Code.M105 in [f.code for f in told(waits)]
    row = next(r for r in reopened(waits, tmp_path).of("decisions") if r.text("column") == "ACTIVIDADES")
    assert (row.text("decision"), row.text("decided_by")) == ("DOM?", "M. López")


def test_an_older_workbook_of_decisions_decides_no_newer_question(bench: Bench, tmp_path: Path) -> None:
    first = bench.merge(sent(bench, "CRI", MAY))
    asked = reopened(first, tmp_path)
    older = decide(asked, {("9.3", "CALENDARIO"): {"decided_by": "M. López"}}).of("decisions")
    joined = reopened(bench.merge_on(asked, sent(bench, "PAN", {("9.3", "calendar"): "Octubre de 2010"})), tmp_path)
    result = merge(joined, [], KINDS, newer=older)
    assert [f.code for f in told(result)] == [Code.M103]
    assert [(d.stage, d.question.type) for d in result.decisions] == [("open", "conflict")]
    assert not result.changes


def test_decisions_of_another_workbook_erase_none(bench: Bench, tmp_path: Path) -> None:
    asked = reopened(bench.merge(sent(bench, "CRI", MAY)), tmp_path)
    decided = decide(asked, {("9.3", "CALENDARIO"): {"decision": "CRI"}})
    result = merge(decided, [], KINDS, newer=asked.of("decisions"))
    assert [d.stage for d in result.decisions] == ["applied"]


def test_a_proposal_is_withdrawn_whether_the_files_come_together_or_not(bench: Bench, tmp_path: Path) -> None:
    first = bench.fill("CRI", {("7.1", "calendar"): "Mayo de 2010"}, type="parcial", number=1)
    second = bench.fill("CRI", {("7.1", "calendar"): "(borrar)"}, type="parcial", number=2)
    together = bench.merge(first, second)
    asked = reopened(bench.merge(first), tmp_path)
    for result in (together, bench.merge_on(asked, second), bench.merge_on(asked, first, second)):
        assert result.decisions == ()
        counts = dict(result.counts)
        assert counts.pop("read") == sum(counts.values())


def test_a_new_activity_that_has_its_number_takes_words_of_both_cycles(bench: Bench, tmp_path: Path) -> None:
    """A late template of the last cycle speaks of N1, this cycle's of the number that it got: all is counted."""
    cells: Cells = {("N1", "activity"): "Foro", ("N1", "calendar"): "Junio de 2010"}
    asked = reopened(bench.merge(bench.fill("CRI", cells, type="parcial", number=1)), tmp_path)
    names = {("CRI/2010-1/N1", column): {"decision": "CRI"} for column in ("ACTIVIDADES", "CALENDARIO")}
    (tmp_path / "d.xlsx").write_bytes(written(bench.merge_on(decide(asked, names))))
    second = Bench.make(tmp_path / "d.xlsx", tmp_path / "e", "2010-2", dt.date(2010, 8, 13), ["CRI"])
    (number,) = [d.text("assigned") for d in second.canonical.of("decisions") if d.text("column") == "ACTIVIDADES"]
    late = bench.fill("CRI", {**cells, ("N1", "calendar"): "Marzo de 2011"}, "tarde", type="parcial", number=2)
    now = second.fill("CRI", {(number, "calendar"): "Diciembre de 2010"}, "ahora", type="parcial", number=1)
    both = replace(second, issued={**bench.issued, **second.issued})
    read = both.read(late, now)
    for order in (read, read[::-1]):
        result = merge(second.canonical, order, KINDS)
        counts = dict(result.counts)
        assert counts.pop("read") == sum(counts.values())
        rows = [r for r in result.tables["provenance"] if r.text("column") == "CALENDARIO"]
        states = {r.text("value"): r.text("state") for r in rows}
        assert (states["Marzo de 2011"], states["Diciembre de 2010"]) == ("superseded", "proposed")
        (question,) = [d.question for d in result.decisions if d.stage == "open"]
        assert question.proposals == (("CRI", "Diciembre de 2010"),)


def test_a_rejected_activity_is_closed_whole(bench: Bench, tmp_path: Path) -> None:
    book = sent(bench, "DOM", NEW)
    asked = reopened(bench.merge(book), tmp_path)
    result = bench.merge_on(decide(asked, {("DOM/2010-1/N1", "ACTIVIDADES"): {"decision": "keep"}}), book)
    assert {d.stage for d in result.decisions} == {"applied"}
    assert len(result.tables["plan"]) == 40


def test_a_text_that_looks_like_a_date_stays_a_text(bench: Bench, tmp_path: Path) -> None:
    book = sent(bench, "CRI", {("9.3", "calendar"): "20110615"})
    asked = reopened(bench.merge(book), tmp_path)
    result = bench.merge_on(decide(asked, {("9.3", "CALENDARIO"): {"decision": "CRI"}}), book)
    assert values(result, "plan")[("9.3",)]["calendar"] == "20110615"
    assert not [d for d in result.decisions if d.stage == "open"]


def test_a_return_that_lost_its_stamp_counts_for_this_cycle_and_says_so(bench: Bench) -> None:
    book = bench.send(bench.books["CRI"], country="Costa Rica", type="parcial")
    bare = without_stamp(book)
    result = merge(bench.canonical, bench.read(bare), KINDS, cycle="2010-1")
    assert "CRI" not in result.missing
    assert Code.B104 in [f.code for f in result.receptions[0].findings]


def test_a_return_of_another_cycle_is_no_return_of_this_one(bench: Bench) -> None:
    result = merge(bench.canonical, bench.read(sent(bench, "CRI", {})), KINDS, cycle="2010-2")
    assert "CRI" in result.missing


def test_after_every_cell_of_a_new_activity_is_decided_nothing_waits(bench: Bench, tmp_path: Path) -> None:
    book = sent(bench, "DOM", NEW)
    titles = ("OBJETIVOS", "ACTIVIDADES", "RESPONSABLE", "CALENDARIO")
    choices = {("DOM/2010-1/N1", title): {"decision": "DOM"} for title in titles}
    result = bench.merge_on(decide(reopened(bench.merge(book), tmp_path), choices), book)
    assert told(result) == []
    assert values(result, "plan")[("7.2",)]["situation"] == "active"


def test_a_decision_that_is_no_choice_costs_one_finding_and_nothing_else(bench: Bench, tmp_path: Path) -> None:
    book = sent(bench, "CRI", MAY)
    path = tmp_path / "c.xlsx"
    path.write_bytes(written(bench.merge(book)))
    type_decision(path, "Costarrica")
    result = bench.merge_on(open_canonical([path]), book)
    assert [(f.code, f.suggestion, f.place.sheet) for f in told(result)] == [(Code.C101, "Costa Rica", "Decisiones")]
    assert {d.stage for d in result.decisions} == {"open"}


# Merged one after the other is the same as merged together

P, C = ("1.1", "progress"), ("9.3", "calendar")


def then(bench: Bench, folder: Path, canonical: Canonical, *books: Book) -> Canonical:
    return reopened(bench.merge_on(canonical, *books), folder)


def shape(canonical: Canonical) -> tuple[Any, Any]:
    """The answers, and what is open on which cell."""
    asked = {
        (r.text("item"), r.text("column"), r.text("type"), *(r.text(c) for c in ("cri", "usa", "mex", "other")))
        for r in canonical.of("decisions")
        if r.text("stage") == "open"
    }
    return values(canonical, "plan.answers"), asked


def test_an_earlier_cycle_that_comes_late_changes_nothing(bench: Bench, tmp_path: Path) -> None:
    later = Bench.make(PLAN, tmp_path / "b", "2010-2", dt.date(2010, 8, 1))
    both = replace(bench, issued={**bench.issued, **later.issued})
    old = bench.fill("CRI", {P: "viejo", C: "Mayo de 2010"}, type="parcial", number=1)
    new = later.fill("CRI", {P: "nuevo", C: "Junio de 2010"}, type="parcial", number=1)
    together = then(both, tmp_path, bench.canonical, old, new)
    apart = then(both, tmp_path, then(both, tmp_path, bench.canonical, new), old)
    assert shape(apart) == shape(together)
    assert values(apart, "plan.answers")[("1.1", "CRI")]["progress"] == "nuevo"


def test_sendings_that_nothing_orders_are_a_question_also_one_after_the_other(bench: Bench, tmp_path: Path) -> None:
    one = bench.fill("CRI", {P: "a", C: "Mayo de 2010"}, "a", type="parcial", number=1)
    two = bench.fill("CRI", {P: "b", C: "Junio de 2010"}, "b", type="parcial", number=1)
    canonical = then(bench, tmp_path, then(bench, tmp_path, bench.canonical, one), two)
    assert {r.text("type") for r in canonical.of("decisions")} == {"within"}
    assert values(canonical, "plan.answers")[("1.1", "CRI")]["progress"] == "a"
    again = then(bench, tmp_path, canonical, one, two)
    assert shape(again) == shape(canonical)
    assert shape(then(bench, tmp_path, canonical, one)) == shape(canonical)


def test_a_decided_doubt_is_not_undone_by_one_of_its_files(bench: Bench, tmp_path: Path) -> None:
    books = [bench.fill("CRI", {P: text}, text, type="parcial", number=1) for text in "ab"]
    asked = then(bench, tmp_path, bench.canonical, *books)
    (row,) = asked.of("decisions")
    decided = then(bench, tmp_path, decide(asked, {("1.1", "Avance"): {"decision": "other"}}))
    for book in books:
        result = then(bench, tmp_path, decided, book)
        assert values(result, "plan.answers")[("1.1", "CRI")]["progress"] == row.text("other")
        assert shape(result) == shape(decided)


def test_a_later_sending_settles_what_was_in_doubt(bench: Bench, tmp_path: Path) -> None:
    cells = [("a", "Mayo de 2010", 1), ("b", "Junio de 2010", 1), ("c", "Julio de 2010", 2)]
    one, two, three = (bench.fill("CRI", {P: p, C: c}, p, type="parcial", number=n) for p, c, n in cells)
    together = then(bench, tmp_path, bench.canonical, one, two, three)
    apart = then(bench, tmp_path, then(bench, tmp_path, bench.canonical, one, two), three)
    assert shape(apart) == shape(together)
    assert shape(together)[1] == {("9.3", "CALENDARIO", "proposal", "Julio de 2010", "", "", "")}


def test_a_later_sending_that_only_confirms_is_remembered(bench: Bench, tmp_path: Path) -> None:
    one, three, two = (
        bench.fill("CRI", {P: text, ("1.2", "progress"): str(n)}, str(n), type="parcial", number=n)
        for text, n in (("x", 1), ("x", 3), ("y", 2))
    )
    canonical = bench.canonical
    for book in (one, three, two):
        canonical = then(bench, tmp_path, canonical, book)
    assert values(canonical, "plan.answers")[("1.1", "CRI")]["progress"] == "x"


def test_a_file_that_lost_its_stamp_does_not_bring_back_old_answers(bench: Bench, tmp_path: Path) -> None:
    first = then(bench, tmp_path, bench.canonical, bench.fill("CRI", {P: "v0"}, type="parcial", number=1))
    (tmp_path / "plan.xlsx").write_bytes((tmp_path / "consolidado.xlsx").read_bytes())
    later = Bench.make(tmp_path / "plan.xlsx", tmp_path / "b", "2010-3", dt.date(2010, 12, 1))
    newer = later.fill("CRI", {P: "v1"}, type="parcial", number=2)
    lost = later.send(later.fill("CRI", {("1.2", "progress"): "q"}), country="Costa Rica", type="parcial", number=1)
    lost = without_stamp(lost)
    canonical = then(later, tmp_path, first, newer)
    result = then(later, tmp_path, canonical, lost)
    assert values(result, "plan.answers")[("1.1", "CRI")]["progress"] == "v1"
    assert values(result, "plan.answers")[("1.2", "CRI")]["progress"] == "q"


def test_another_wording_of_the_same_day_is_kept(bench: Bench, tmp_path: Path) -> None:
    day = bench.fill("CRI", {("1.1", "date"): dt.datetime(2010, 5, 3)}, "a", type="parcial", number=1)
    words = bench.fill("CRI", {("1.1", "date"): "3 de mayo de 2010"}, "b", type="parcial", number=2)
    result = bench.merge_on(then(bench, tmp_path, bench.canonical, day), words)
    assert "3 de mayo de 2010" in {r.text("value") for r in result.tables["provenance"]}


def without_stamp(book: Book, **changes: Any) -> Book:
    bare = without_anchors(book)
    return replace(bare, grids=tuple(g for g in bare.grids if g.name != STAMP_SHEET), **changes)


def test_a_file_that_was_set_aside_enters_when_its_country_is_named(bench: Bench, tmp_path: Path) -> None:
    """What was set aside has said nothing yet, though the file is in Recepción."""
    book = bench.fill("CRI", {("1.1", "state"): "Cumplida"})
    book = without_stamp(bench.send(book, type="parcial", country=None))
    (first,) = bench.read(book)
    assert not first.accepted
    once = merge(bench.canonical, [first], KINDS)
    assert once.counts["set_aside"] == once.counts["read"] > 0
    (named,) = bench.read(book, option="CRI")
    twice = merge(reopened(once, tmp_path), [named], KINDS)
    assert twice.counts["merged"] == 1
    assert values(twice, "plan.answers")[("1.1", "CRI")]["state"] == "done"


def test_the_deadline_of_a_stamp_is_no_authority(bench: Bench) -> None:
    """A file without its issued copy cannot claim to be later than what was issued."""
    forged = bench.fill("CRI", {("1.1", "state"): "Suspendida"}, "a", type="parcial", number=1)
    grid = forged.grid(STAMP_SHEET)
    assert grid is not None
    spots = {str(raw): spot for spot, raw in grid.cells.items() if spot[1] == 0}
    changes = {
        (spots[name][0], 1): text for name, text in (("issue", "f" * 16), ("deadline", "2999-01-01"), ("cycle", "x"))
    }
    forged = with_cells(forged, STAMP_SHEET, changes)
    honest = bench.fill("CRI", {("1.1", "state"): "Cumplida"}, "b", type="parcial", number=9)
    result = bench.merge(forged, honest)
    assert "1.1" not in {item for item, _ in values(result, "plan.answers")}
    assert result.questions("within") == 1
    for wrong in ("viernes 12", "2010-13-45"):
        (read,) = bench.read(with_cells(forged, STAMP_SHEET, {(spots["deadline"][0], 1): wrong}))
        assert read.deadline == ""


def test_to_erase_nothing_is_a_word_too(bench: Bench) -> None:
    """Two sendings that nothing orders: one erases, one writes; neither is taken."""
    books = [
        bench.fill("CRI", {("1.1", "progress"): text}, text, type="parcial", number=1) for text in ("(borrar)", "x")
    ]
    result = bench.merge(*books)
    assert result.questions("within") == 1
    assert ("1.1", "CRI") not in values(result, "plan.answers")
    assert bench.merge(books[0]).counts["unchanged"] > 0


def test_a_doubt_is_told_again_while_it_is_open(bench: Bench, tmp_path: Path) -> None:
    books = [bench.fill("CRI", {("1.1", "progress"): text}, text, type="parcial") for text in "ab"]
    first = bench.merge(*books)
    second = bench.merge_on(reopened(first, tmp_path), *books)
    for result in (first, second):
        assert [f.code.name for r in result.receptions for f in r.findings].count("M101") == 1


def test_procedencia_knows_its_cells_in_both_languages(bench: Bench, tmp_path: Path) -> None:
    first = bench.merge(bench.fill("CRI", {("1.1", "progress"): "uno"}, "a", type="parcial", number=1))
    later = bench.read(bench.fill("CRI", {("1.1", "progress"): "dos"}, "b", type="parcial", number=2))
    result = merge(reopened(first, tmp_path), later, KINDS, "en")
    states = {r.text("value"): r.text("state") for r in result.tables["provenance"]}
    assert states == {"uno": "superseded", "dos": "merged"}


def mailed(book: Book, moment: str) -> Book:
    return replace(book, sent=moment)


def test_the_date_of_the_mail_orders_what_the_numbers_do_not(bench: Bench, tmp_path: Path) -> None:
    first = mailed(sent(bench, "CRI", {("1.1", "progress"): "primero"}, 2), "2010-02-01 10:00")
    second = mailed(sent(bench, "CRI", {("1.1", "progress"): "segundo"}, 1), "2010-02-03 09:30")
    assert values(bench.merge(first, second), "plan.answers")[("1.1", "CRI")]["progress"] == "segundo"
    step = reopened(bench.merge(second), tmp_path)
    assert values(bench.merge_on(step, first), "plan.answers")[("1.1", "CRI")]["progress"] == "segundo"


def test_dates_and_numbers_that_contradict_each_other_all_round_are_a_question(bench: Bench) -> None:
    """The first is older than the second by its mail, the second than the third and the third than the first by number:
    nobody knows which is the last."""
    moments = (("a", 3, "2010-02-01 10:00"), ("b", 1, "2010-02-03 10:00"), ("c", 2, ""))
    books = [mailed(sent(bench, "CRI", {("1.1", "progress"): text}, n), moment) for text, n, moment in moments]
    result = bench.merge(*books)
    assert [d.question.type for d in result.decisions] == ["within"]
    assert ("1.1", "CRI") not in values(result, "plan.answers")


def otherwise(bench: Bench, change: Callable[[list[Record]], list[Record]]) -> Canonical:
    """The canonical workbook with its plan edited by the Secretariat after the templates were issued."""
    rows = tuple(change(list(bench.canonical.of("plan"))))
    return replace(bench.canonical, records={**bench.canonical.records, "plan": rows})


def test_what_is_said_of_an_activity_that_was_taken_out_is_kept_apart(bench: Bench) -> None:
    """Deleted here, edited there: the deletion stands, and every word is kept and told."""
    gone = otherwise(bench, lambda rows: [row for row in rows if row.key != ("2.2",)])
    cells: Cells = {("2.2", "state"): "Cumplida", ("2.2", "calendar"): "Mayo de 2011", ("1.1", "state"): "Cumplida"}
    result = bench.merge_on(gone, sent(bench, "CRI", cells))
    assert values(result, "plan.answers").keys() == {("1.1", "CRI")}
    assert ("2.2",) not in values(result, "plan")
    assert result.decisions == ()
    assert (result.counts["merged"], result.counts["set_aside"]) == (1, 2)
    aside = [(r.text("reason"), r.text("value")) for r in result.tables["set_aside"]]
    assert sorted(aside) == [("gone", "Cumplida"), ("gone", "Mayo de 2011")]
    assert "M108" in {f.code.name for r in result.receptions for f in r.findings}


def test_answers_follow_an_activity_that_was_numbered_anew(bench: Bench) -> None:
    def anew(rows: list[Record]) -> list[Record]:
        return [replace(r, key=("2.9",), values={**r.values, "id": "2.9"}) if r.key == ("2.2",) else r for r in rows]

    result = bench.merge_on(otherwise(bench, anew), sent(bench, "CRI", {("2.2", "state"): "Cumplida"}))
    assert values(result, "plan.answers") == {("2.9", "CRI"): {"id": "2.9", "country": "CRI", "state": "done"}}
    assert "M109" in {f.code.name for r in result.receptions for f in r.findings}


def test_answers_stay_with_an_activity_of_which_the_text_was_edited(bench: Bench) -> None:
    def edited(rows: list[Record]) -> list[Record]:
        return [replace(r, values={**r.values, "activity": "Otro texto"}) if r.key == ("2.2",) else r for r in rows]

    result = bench.merge_on(otherwise(bench, edited), sent(bench, "CRI", {("2.2", "state"): "Cumplida"}))
    assert values(result, "plan.answers").keys() == {("2.2", "CRI")}


def test_two_activities_exchanged_take_their_answers_along(bench: Bench) -> None:
    def exchanged(rows: list[Record]) -> list[Record]:
        names = {("1.1",): ("1.2",), ("1.2",): ("1.1",)}
        return [
            replace(r, key=names.get(r.key, r.key), values={**r.values, "id": names.get(r.key, r.key)[0]}) for r in rows
        ]

    result = bench.merge_on(otherwise(bench, exchanged), sent(bench, "CRI", {("1.1", "state"): "Cumplida"}))
    assert values(result, "plan.answers").keys() == {("1.2", "CRI")}


def test_a_decision_about_an_activity_that_was_taken_out_is_not_applied(bench: Bench, tmp_path: Path) -> None:
    asked = reopened(bench.merge(sent(bench, "CRI", {("9.3", "calendar"): "Mayo de 2010"})), tmp_path)
    chosen = decide(asked, {("9.3", "CALENDARIO"): {"decision": "CRI"}})
    rows = tuple(row for row in chosen.of("plan") if row.key != ("9.3",))
    result = bench.merge_on(replace(chosen, records={**chosen.records, "plan": rows}))
    assert ("9.3",) not in values(result, "plan")
    assert "M111" in {f.code.name for f in result.findings}


def test_the_same_activity_proposed_by_two_countries_is_named(bench: Bench) -> None:
    one: Cells = {("N1", "activity"): "Reunión anual de puntos focales de la Red", ("N1", "calendar"): "2011"}
    two: Cells = {("N3", "activity"): "Reunión Anual de los Puntos Focales de la Red.", ("N3", "calendar"): "2012"}
    result = bench.merge(sent(bench, "CRI", one), sent(bench, "MEX", two))
    (found,) = [f for f in result.findings if f.code is Code.M110]
    assert found.message("es").startswith("La actividad propuesta CRI/2010-1/N1 se parece a MEX/2010-1/N3")
    assert len([d for d in result.decisions if d.question.target.column == "activity"]) == 2


def renumbered(bench: Bench, numbers: dict[str, str], texts: dict[str, str] | None = None, *gone: str) -> Canonical:
    """The plan with some activities numbered anew, some of the new numbers with words added, and some taken out."""

    def change(rows: list[Record]) -> list[Record]:
        kept = [row for row in rows if row.key[0] not in gone]
        now = [(numbers.get(row.key[0], row.key[0]), row) for row in kept]
        return [
            replace(
                row,
                key=(n,),
                values={**row.values, "id": n, "activity": row.text("activity") + (texts or {}).get(n, "")},
            )
            for n, row in now
        ]

    return otherwise(bench, change)


@pytest.mark.parametrize("added", ["", " (rev.)"])
def test_a_gap_that_was_closed_gives_nobody_anothers_answers(bench: Bench, added: str) -> None:
    """2.1 was taken out and 2.2 became 2.1: what was said of the old 2.1 is not said of the new one."""
    plan = renumbered(bench, {"2.2": "2.1"}, {"2.1": added}, "2.1")
    result = bench.merge_on(plan, sent(bench, "CRI", {("2.1", "progress"): "de la quitada"}))
    assert values(result, "plan.answers") == {}
    assert result.counts["set_aside"] == 1
    both = sent(bench, "CRI", {("2.1", "progress"): "de la quitada", ("2.2", "progress"): "de la que sigue"})
    result = bench.merge_on(plan, both)
    assert values(result, "plan.answers")["2.1", "CRI"]["progress"] == "de la que sigue"
    assert {f.code.name for r in result.receptions for f in r.findings} >= {"M108", "M109"}
    assert result.decisions == ()


def test_activities_that_were_exchanged_and_edited_take_their_answers_along(bench: Bench) -> None:
    plan = renumbered(bench, {"2.1": "2.2", "2.2": "2.1"}, {"2.1": " (con Nicaragua)", "2.2": " (rev.)"})
    cells: Cells = {("2.1", "progress"): "de la primera", ("2.2", "progress"): "de la segunda"}
    result = bench.merge_on(plan, sent(bench, "CRI", cells))
    told = {key[0]: row["progress"] for key, row in values(result, "plan.answers").items()}
    assert told == {"2.2": "de la primera", "2.1": "de la segunda"}


def test_a_consolidated_workbook_of_which_the_numbers_were_changed_is_not_written_over(
    bench: Bench, issued: Path, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(issued / "CRI.xlsx")
    sheet: Any = book["Plan"]
    next(row for row in sheet.iter_rows() if row[0].value == "2.2")[8].value = "Cumplida"
    book.save(tmp_path / "CRI.xlsx")
    path, target = tmp_path / "c.xlsx", tmp_path / "d.xlsx"
    consolidate(CANONICAL, [tmp_path / "CRI.xlsx"], path, AS_OF, issued=issued)
    again = openpyxl.load_workbook(path)
    plan: Any = again["Plan"]
    next(row for row in plan.iter_rows() if row[0].value == "2.2")[0].value = "2.9"
    again.save(path)
    with pytest.raises(UsageError, match=r"2\.2 → 2\.9"):
        consolidate([path], [tmp_path / "CRI.xlsx"], target, AS_OF, issued=issued)
    assert not target.exists()


def test_what_was_said_of_a_gone_activity_can_be_merged_again(bench: Bench, tmp_path: Path) -> None:
    plan = renumbered(bench, {}, None, "2.2")
    book = sent(bench, "CRI", {("2.2", "progress"): "de la quitada"})
    once = reopened(bench.merge_on(plan, book), tmp_path)
    assert once.findings == ()
    assert bench.merge_on(once, book).counts["set_aside"] == 1


def test_a_decision_offers_what_can_be_decided_there(bench: Bench, tmp_path: Path) -> None:
    """The drop-down of a row has the countries that propose something in it, and no others."""
    books = [sent(bench, country, cells) for country, cells in PROPOSALS.items()]
    (tmp_path / "c.xlsx").write_bytes(written(bench.merge(*books)))
    sheet = openpyxl.load_workbook(tmp_path / "c.xlsx")["Decisiones"]
    heads = next(row for row in sheet.iter_rows() if any(cell.value == "Decisión" for cell in row))
    column = next(cell.column_letter for cell in heads if cell.value == "Decisión")
    rules = {
        cell: rule.formula1.strip('"').split(",")
        for rule in sheet.data_validations.dataValidation
        for area in rule.sqref.ranges
        for cell in [f"{column}{row}" for row in range(area.min_row, area.max_row + 1)]
        if area.min_col == next(c.column for c in heads if c.value == "Decisión")
    }
    for row in sheet.iter_rows(min_row=heads[0].row + 1):
        said = next(cell.value for cell, head in zip(row, heads, strict=True) if head.value == "Qué se propone")
        names = [line.split(":")[0] for line in said.split("\n")]
        assert rules[f"{column}{row[0].row}"] == ["Mantener", *names, "Texto propio"]


def test_a_question_that_was_deleted_undecided_is_asked_again(bench: Bench, tmp_path: Path) -> None:
    books = [sent(bench, country, cells) for country, cells in PROPOSALS.items()]
    asked = reopened(bench.merge(*books), tmp_path)
    empty = replace(asked, records={**asked.records, "decisions": ()})
    again = bench.merge_on(empty, *books)
    assert values(again, "decisions") == values(asked, "decisions")
    assert again.counts["superseded"] == 0


@pytest.mark.parametrize("over", [{"cri": "Otro texto"}, {"base": "Otro texto"}, {"mex": "Otro texto"}])
def test_a_question_that_was_written_over_is_put_as_it_was(over: dict[str, Any], bench: Bench, tmp_path: Path) -> None:
    """What a country proposed is told by the register of the merge, so that nobody's words become another's."""
    asked = reopened(bench.merge(*(sent(bench, country, cells) for country, cells in PROPOSALS.items())), tmp_path)
    row = next(r for r in asked.of("decisions") if r.text("cri"))
    spot = (row.text("item"), row.text("column"))
    forged = decide(asked, {spot: {**over, "decision": "CRI", "decided_by": "M. López"}})
    result = merge(forged, [], KINDS)
    assert [f.code for f in told(result)] == [Code.M116]
    assert values(result, "decisions") == values(asked, "decisions")
    assert not result.changes


def test_two_words_of_one_country_are_put_as_they_were(bench: Bench, tmp_path: Path) -> None:
    books = [bench.fill("CRI", {("9.3", "calendar"): text}, text, type="parcial") for text in ("Mayo", "Junio")]
    asked = reopened(bench.merge(*books), tmp_path)
    (row,) = asked.of("decisions")
    assert row.text("type") == "within"
    result = merge(decide(asked, {("9.3", "CALENDARIO"): {"other": "Abril", "decision": "other"}}), [], KINDS)
    assert [f.code for f in told(result)] == [Code.M116]
    assert values(result, "decisions") == values(asked, "decisions")


def test_only_the_cells_that_decide_can_be_written_in(bench: Bench, tmp_path: Path) -> None:
    asked = bench.merge(sent(bench, "CRI", MAY), sent(bench, "PAN", {("7.1", "calendar"): "Mayo de 2010"}))
    decided = decide(reopened(asked, tmp_path), {("9.3", "CALENDARIO"): {"decision": "CRI"}})
    (tmp_path / "c.xlsx").write_bytes(written(bench.merge_on(decided)))
    sheet = openpyxl.load_workbook(tmp_path / "c.xlsx")["Decisiones"]
    heads = next(row for row in sheet.iter_rows() if any(cell.value == "Decisión" for cell in row))
    free = {
        (sheet.cell(row, 1).value, head.value)
        for row in range(heads[0].row + 1, sheet.max_row + 1)
        for head in heads
        if not sheet.cell(row, head.column).protection.locked
    }
    titles = ("Decisión", "Texto propio", "Decidido por", "Decidido el")
    assert sheet.protection.sheet
    assert free == {("7.1", title) for title in titles}


def test_a_file_under_two_names_gives_one_result_whichever_came_first(bench: Bench) -> None:
    """Shrunk from a history: what is found in the file is told under the first of its names."""
    book = bench.fill("CRI", {("9.3", "date"): "03/04/2010"}, type="parcial")
    copies = [replace(book, source=replace(book.source, name=name)) for name in ("uno.xlsx", "dos.xlsx")]
    results = [bench.merge(*order) for order in (copies, copies[::-1])]
    assert repr(results[0]) == repr(results[1])
    (reception,) = results[0].receptions
    assert reception.files == ("dos.xlsx", "uno.xlsx")
    assert {f.place.source.name for f in reception.findings} == {"dos.xlsx"}
