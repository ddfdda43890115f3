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


def test_everybody_has_one_name_and_one_code() -> None:
    codes = [*members.CODES, *(body.code for body in members.BODIES)]
    assert len(codes) == len(set(codes))
    observers = [body.code for body in members.BODIES if body.nature == "observer"]
    assert observers == ["OBS", "ARG", "COL", "ECU", "JAM", "PER"]
    assert set(members.ORGAN_NAMES) == {"CRM", "GRCM", "RED"}


def test_members_as_a_sentence_lists_them() -> None:
    assert members.names(["BLZ", "USA", "DOM"]).es == "Belice, Estados Unidos y República Dominicana"
    assert members.names(["BLZ", "DOM"]).en == "Belize and Dominican Republic"
    assert members.names(members.CODES).es == "los once países"


def test_citations_are_kept_whole() -> None:
    text = "Informar. (Ref: pto. 8, Deci., CRM, mayo, 2004) (NOTA: Referirse al punto 6.3) (Ref. pf. 5, CRM)"
    assert citations(text) == ("pto. 8, Deci., CRM, mayo, 2004", "pf. 5, CRM")
    assert without_citations(text).startswith("Informar.")
    assert "NOTA" in without_citations(text)
