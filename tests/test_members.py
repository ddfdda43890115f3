from __future__ import annotations

import pytest

from crmxl import members
from crmxl.references import citations, without_citations


@pytest.mark.parametrize(
    ("name", "code"),
    [("CRI", "CRI"), ("costa rica", "CRI"), ("México", "MEX"), ("Mexico", "MEX"), ("EE.UU.", "USA"), ("EEUU", "USA"),
     ("the United States of America", "USA"), ("Rep. Dominicana", "DOM"), ("la República Dominicana", "DOM"),
     ("Belize", "BLZ"), ("Panama", "PAN"), ("República de El Salvador", "SLV")],
)  # fmt: skip
def test_usual_names_are_understood(name: str, code: str) -> None:
    found = members.find(name)
    assert found is not None
    assert found.code == code


def test_what_is_no_member_is_none() -> None:
    assert members.find("Colombia") is None
    assert members.find("") is None


def test_the_conference_has_its_own_order() -> None:
    names = [m.name.es for m in members.MEMBERS]
    assert names[4:6] == ["Estados Unidos", "Guatemala"]
    assert names[-1] == "República Dominicana"
    assert len(names) == 11


@pytest.mark.parametrize(
    ("text", "countries"),
    [("Países miembros", set(members.CODES)), ("El Salvador", {"SLV"}), ("México y OIM", {"MEX"}), ("OIM", None),
     ("Los países informan en las reuniones de la red", set(members.CODES)),
     ("EE.UU., Canadá y Rep. Dominicana", {"USA", "CAN", "DOM"}), ("Estados Unidos Mexicanos", {"MEX"}),
     ("Belize and the United States of America", {"BLZ", "USA"}), ("Panameños", None)],
)  # fmt: skip
def test_who_is_responsible(text: str, countries: set[str] | None) -> None:
    assert members.responsible(text) == countries


def test_citations_are_kept_whole() -> None:
    text = "Informar. (Ref: pto. 8, Deci., CRM, mayo, 2004) (NOTA: Referirse al punto 6.3) (Ref. pf. 5, CRM)"
    assert citations(text) == ("pto. 8, Deci., CRM, mayo, 2004", "pf. 5, CRM")
    assert without_citations(text).startswith("Informar.")
    assert "NOTA" in without_citations(text)
