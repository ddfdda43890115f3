"""Citations: the 59 of the 2009 plan, their oddities, and what is doubtful about them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmxl.canonical import Canonical
from crmxl.citations import check_citations, cited
from crmxl.cycle import MergeResult, open_canonical
from crmxl.kinds import KINDS
from crmxl.references import citations, cross_references, read_reference
from tests.bench import PLAN, ROOT

SOURCE = (ROOT / "workbooks" / "fuentes" / "plan-2009.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def plan() -> Canonical:
    return open_canonical([PLAN])


def test_all_citations_of_the_2009_plan_are_understood() -> None:
    bodies = citations(SOURCE)
    assert len(bodies) == 59
    for body in bodies:
        reference = read_reference(body)
        assert reference.rest == (), body
        assert reference.text == body
        assert reference.organ or reference.place, body
        assert reference.month or reference.nth, body


@pytest.mark.parametrize(
    ("body", "spanish", "english"),
    [
        ("pto. 8, Deci., CRM, mayo, 2004", "CRM, mayo de 2004, Decisiones, punto 8",
         "RCM, May 2004, Decisions, point 8"),
        ("pf. 21, CRM, Deci., mayo, 2003", "CRM, mayo de 2003, Decisiones, párrafo 21",
         "RCM, May 2003, Decisions, paragraph 21"),
        ("p. e.B, Inf. Red Trata, GRCM, diciembre 2009", "GRCM, diciembre de 2009, Informe de la Red, punto e.B",
         "RCGM, December 2009, Report of the Network, point e.B"),
        ("p.ii, Inf. Red Trata, GRCM, diciembre, 2009", "GRCM, diciembre de 2009, Informe de la Red, punto ii",
         "RCGM, December 2009, Report of the Network, point ii"),
        ("pf 11, CRM, Deci., mayo, 2003", "CRM, mayo de 2003, Decisiones, párrafo 11",
         "RCM, May 2003, Decisions, paragraph 11"),
        ("p. 9, CRM, CC., marzo, 1996", "CRM, marzo de 1996, Comunicado Conjunto, punto 9",
         "RCM, March 1996, Joint Communique, point 9"),
        ("pto.7, Deci., CRM, marzo, 2001", "CRM, marzo de 2001, Decisiones, punto 7",
         "RCM, March 2001, Decisions, point 7"),
        ("p. 9, Concl., GRCM, noviembre, 2008.", "GRCM, noviembre de 2008, Conclusiones, punto 9",
         "RCGM, November 2008, Conclusions, point 9"),
        ("CRM, mayo, 2002", "CRM, mayo de 2002", "RCM, May 2002"),
        ("XI RCM", "XI CRM", "XI RCM"),
        ("Managua, octubre, 2007", "Managua, octubre de 2007", "Managua, October 2007"),
        ("p. 3, acta interna, CRM, mayo, 2002", "CRM, mayo de 2002, punto 3, acta interna",
         "RCM, May 2002, point 3, acta interna"),
    ],
)  # fmt: skip
def test_one_normal_form_in_both_languages(body: str, spanish: str, english: str) -> None:
    reference = read_reference(body)
    assert (reference.normal("es"), reference.normal("en")) == (spanish, english)


@given(st.text(max_size=80))
def test_no_body_raises_and_the_text_is_kept(body: str) -> None:
    assert read_reference(body).text == body


def test_a_place_and_month_name_the_meeting_that_was_held_there(plan: Canonical) -> None:
    by_text = {one.reference.text: one for one in cited(KINDS, plan.records)}
    managua = by_text["Managua, octubre, 2007"].meeting
    assert managua is not None
    assert managua.text("id") == "GRCM-2007-10"
    eleventh = by_text["XI RCM"].meeting
    assert eleventh is not None
    assert eleventh.text("id") == "CRM-XI"


def test_what_is_doubtful_in_the_2009_plan(plan: Canonical) -> None:
    told = [(f.code.name, f.severity, f.place.sheet, f.message("es")) for f in check_citations(KINDS, plan)]
    unknown = "Se cita una reunión que la hoja Reuniones no registra: "
    assert told == [
        ("R201", "note", "Plan", f"{unknown}CRM, noviembre de 2008 (citas: 1)."),
        ("R201", "note", "Histórico", f"{unknown}GRCM, diciembre de 2007 (citas: 1)."),
        (
            "R202",
            "note",
            "Plan",
            "Se cita una reunión posterior a la fecha de la versión (2009-11-26): GRCM, diciembre de 2009 (citas: 7).",
        ),
    ]


def test_references_to_items_of_the_plan() -> None:
    assert cross_references(SOURCE) == ("6.3",)
    assert cross_references("Ver la actividad 12.2 del presente plan y el punto 4 de este Plan.") == ("12.2", "4")
    assert cross_references("Según el punto 6.3 de la agenda") == ()


def test_the_view_tells_which_items_rest_on_which_meeting(example: MergeResult, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(example.path)["Referencias"]
    rows = {str(row[0].value): [cell.value for cell in row] for row in sheet.iter_rows()}
    row = rows["CRM, mayo de 2002"]
    assert row[1] == "CRM-VII"
    assert "Plan 6.4" in str(row[4])
    assert row[5] == "CRM, mayo, 2002"
    written = " | ".join(str(row[5]) for row in rows.values())
    assert all(body in written for body in set(citations(SOURCE)))
    kept = replace(example.consolidation.canonical, records={})
    assert not list(check_citations(KINDS, kept))
