"""The canonical plan holds the text of its source: all of it, and nothing else, verbatim."""

from __future__ import annotations

import re
import runpy
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from crmxl.canonical import Canonical
from crmxl.cycle import open_canonical
from crmxl.numbering import check_numbers
from crmxl.reading import read_book
from crmxl.references import citations
from tests.bench import PLAN, ROOT

SOURCE = ROOT / "workbooks" / "fuentes" / "plan-2009.txt"
HEADINGS = {"OBJETIVOS", "ACTIVIDADES", "RESPONSABLE", "CALENDARIO"}


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


@pytest.fixture(scope="module")
def plan() -> Canonical:
    return open_canonical([PLAN])


def test_the_workbook_is_what_its_script_makes(tmp_path: Path) -> None:
    script = runpy.run_path(str(ROOT / "workbooks" / "fuentes" / "plan_2009.py"))
    made = tmp_path / PLAN.name
    made.write_bytes(script["make"]())
    assert [(g.name, g.cells) for g in read_book(made).grids] == [(g.name, g.cells) for g in read_book(PLAN).grids]


def test_counts(plan: Canonical) -> None:
    rows = plan.of("plan")
    assert len(rows) == 40
    assert len({r.text("section") for r in rows}) == 3
    assert len({r.text("objective") for r in rows}) == 13
    per_objective = Counter(r.key[0].split(".")[0] for r in rows)
    assert list(per_objective.values()) == [2, 2, 1, 6, 1, 10, 1, 1, 6, 2, 1, 6, 1]
    history = plan.of("history")
    assert len(history) == 21
    assert len({(r.text("section"), r.text("objective")) for r in history}) == 8
    assert len({(r.text("section"), r.text("objective"), r.text("activity")) for r in history}) == 11


def test_every_paragraph_of_the_source_is_in_the_workbook_and_nothing_else(plan: Canonical) -> None:
    wanted = {plain(line) for line in SOURCE.read_text(encoding="utf-8").split("\n") if line.strip()} - HEADINGS
    found: set[str] = set()
    for name, columns in (
        ("plan", ("objective", "activity", "responsible", "calendar")),
        ("history", ("objective", "activity", "result")),
    ):
        found |= {plain(line) for line in plan.readings[name].preamble}
        for record in plan.of(name):
            found.add(plain(record.text("section")))
            for column, number in zip(columns, record.text("printed").split("|"), strict=False):
                first, *more = record.text(column).split("\n")
                found |= {plain(f"{number} {first}"), *map(plain, more)}
    found.discard("")
    assert wanted - found == set()
    assert found - wanted == set()


def test_texts_are_verbatim_double_spaces_and_slips_included(plan: Canonical) -> None:
    texts = {r.key[0]: r for r in plan.of("plan")}
    assert "medidas legislativas" in texts["2.1"].text("objective")
    assert texts["2.1"].text("objective").startswith("Promover las  medidas")
    assert texts["12.6"].text("activity").startswith("Intercambiar regularmente de información")
    assert texts["2.2"].text("calendar") == "Febrero 2010."


def test_printed_numbers_stand_beside_the_right_ones(plan: Canonical) -> None:
    printed = {r.key[0]: r.text("printed") for r in plan.of("plan")}
    assert printed["2.2"] == "2. | 2.2 | 2.2.1. | 2.1.1.2."
    assert printed["8.1"].endswith("| 8.1.1 | 8.1.1")
    assert printed["12.1"].endswith("| 12.1.1 | 12.1.1")
    assert printed["13.1"] == "13. | 13.1 | 13.2.1 | 13.1.1.1"
    assert printed["7.1"].startswith("7. | 7.1 |")


def test_59_references(plan: Canonical) -> None:
    assert len(citations(SOURCE.read_text(encoding="utf-8"))) == 59
    columns = ("objective", "activity", "responsible", "calendar", "result")
    cells = {
        (
            name,
            record.text("section"),
            record.text("printed").split("|")[min(n, 2)] if n != 1 else "",
            record.text(column),
        )
        for name in ("plan", "history")
        for record in plan.of(name)
        for n, column in enumerate(columns)
    }
    assert sum(len(citations(text)) for *_, text in {(c[0], c[1], c[3]) for c in cells}) == 59
    for record in (*plan.of("plan"), *plan.of("history")):
        kept = record.text("references")
        assert all(body in kept for column in columns for body in citations(record.text(column)))


def test_origin_of_objective_and_activity_apart(plan: Canonical) -> None:
    rows = {r.key[0]: r for r in plan.of("plan")}
    from_plan_of_action = {key for key, r in rows.items() if r.text("activity_origin")}
    assert from_plan_of_action == {"4.5", "4.6", "11.1", "12.1", "13.1"}
    assert {key.split(".")[0] for key, r in rows.items() if r.text("objective_origin")} == {"11", "12", "13"}
    assert rows["12.2"].text("objective_origin") == "plan_of_action"


def test_what_is_pending_or_undefined_is_underlined_and_nothing_else() -> None:
    sheet = openpyxl.load_workbook(PLAN)["Plan"]
    header = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Nº")
    heads = {cell.value: cell.column for cell in sheet[header]}
    underlined = set()
    for row in range(header + 1, sheet.max_row + 1):
        cells = [sheet.cell(row, heads[name]) for name in ("ACTIVIDADES", "CALENDARIO")]
        if any(cell.font.underline for cell in cells):
            underlined.add(sheet.cell(row, heads["Nº"]).value)
    assert underlined == {"5.1", "6.3", "6.5", "7.1", "8.1", "9.2", "9.3", "10.2", "9.1", "9.5", "9.6", "10.1"}


def test_notes_and_legend(plan: Canonical) -> None:
    rows = {r.key[0]: r.text("note") for r in plan.of("plan")}
    assert rows["7.1"].startswith("Si no se identifican actividades")
    assert rows["13.1"].startswith("Si no se identifican responsables")
    assert rows["12.5"] == "Existe un espacio en el sitio privado de la CRM."
    preamble = plan.readings["plan"].preamble
    assert any(line.startswith("Subrayado:") for line in preamble)
    assert any(line.startswith("MAYÚSCULAS:") for line in preamble)
    assert "Actualizado por la ST el 26 de noviembre de 2009" in preamble


def test_meetings_invent_no_day(plan: Canonical) -> None:
    meetings = {r.key[0]: r for r in plan.of("meetings")}
    assert meetings["CRM-I"].text("date") == "marzo de 1996"
    assert meetings["CRM-V"].text("date") == "2000"
    assert meetings["CRM-X"].text("certainty") == "unconfirmed"
    assert meetings["GRCM-2007-10"].text("date") == "29 - 31 de octubre de 2007"
    assert "CRM-XXX" not in meetings


def test_the_five_misprinted_numbers_are_told_with_the_right_ones(plan: Canonical) -> None:
    told = [(f.place.cell, dict(f.arguments)["found"], f.suggestion) for f in check_numbers(plan.of("plan"))]
    assert told == [
        ("B13", "2.2.1.", "2.2.1"),
        ("B13", "2.1.1.2.", "2.2.1.1"),
        ("B33", "8.1.1", "8.1.1.1"),
        ("B43", "12.1.1", "12.1.1.1"),
        ("B49", "13.2.1", "13.1.1"),
    ]
