"""Who owes what: texts of the column RESPONSABLE, as a reader of Spanish can check them by eye."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmxl import cycle, parties
from crmxl.members import CODES
from tests.bench import AS_OF, PLAN

ALL = set(CODES)


@pytest.mark.parametrize(
    ("text", "owing"),
    [
        ("Países miembros.", ALL),
        ("Los países presentan informes durante las reuniones del GRCM y la CRM.", ALL),
        ("Los países informan en las reuniones de la red", ALL),
        ("Todos los países miembros de la CRM", ALL),
        ("Países miembros y RROCM en coordinación con la ST", ALL),
        ("Países miembros, con apoyo de la RROCM si lo desean (Ref: XI RCM).", ALL),
        ("La ST con insumos de los países", ALL),
        ("The TS with inputs from member countries", ALL),
        ("ST a través de los puntos focales", ALL),
        ("Direcciones de migración de los países de la CRM", ALL),
        ("Países miembros excepto Belice", ALL - {"BLZ"}),
        ("Países miembros (excepto Belice y Nicaragua), con apoyo de UNODC", ALL - {"BLZ", "NIC"}),
        ("El Salvador", {"SLV"}),
        ("México, OIM y otros gobiernos interesados.", {"MEX"}),
        ("MEX, GTM y OIM", {"MEX", "GTM"}),
        ("EE.UU., Canadá y Rep. Dominicana", {"USA", "CAN", "DOM"}),
        ("Estados Unidos Mexicanos", {"MEX"}),
        ("Belize and the United States of America", {"BLZ", "USA"}),
        ("la Dirección General de Migración de Costa Rica", {"CRI"}),
        ("Cancillerías de México y Guatemala", {"MEX", "GTM"}),
        ("Guatemala en coordinación con México y OIM, con apoyo de Canadá si lo desea", {"GTM", "MEX"}),
        ("Excepto Belice, todos los países", ALL - {"BLZ"}),
        ("All countries with the exception of Belize", ALL - {"BLZ"}),
        ("Países miembros y RROCM si lo desea", ALL),
        ("México, y Guatemala si lo desea", {"MEX"}),
        ("México (si lo desea)", set()),
        ("Los países informan, si lo desean", set()),
        ("México y EE.UU.", {"MEX", "USA"}),
        ("Los 11 países miembros", ALL),
        ("all eleven countries", ALL),
        ("Each member state", ALL),
        ("Cancillería de México", {"MEX"}),
        ("Responsable: México", {"MEX"}),
        ("ST a través de sus puntos focales", ALL),
        ("OIM con apoyo técnico y financiero de Canadá", {"CAN"}),
        ("Countries will submit reports", ALL),
        ("Secretaría Técnica de la CRM", set()),
        ("No se identifican responsables", set()),
        ("OIM", set()),
        ("La PPT, con apoyo de la ST y la OIM", set()),
        ("País sede en coordinación con la ST", set()),
        ("Países participantes", set()),
        ("Por definir", set()),
        ("", set()),
    ],
)
def test_who_owes_something(text: str, owing: set[str]) -> None:
    read = parties.understand(text)
    assert read.owing == owing
    assert read.unread == ()


@pytest.mark.parametrize(
    "text",
    [
        "México o Guatemala",
        "Estados Unidos y/o Canadá",
        "Algunos países",
        "Tres países miembros",
        "Ambos países",
        "Otros países",
        "Países centroamericanos",
        "Países miembros de la Coalición Regional",
        "Países miembros (México, Guatemala)",
        "México coordina con Guatemala",
        "Consulado de México en Guatemala",
        "Costa Rica, como PPT",
        "Fundación Esperanza y México",
        "Panameños",
        "Países miembros (algunos)",
        "Países miembros (solo los centroamericanos)",
        "Países miembros (excepto los del Caribe)",
        "México (no)",
        "Los países informan salvo los que no tienen casos",
        "Países elaboran, Cruz Roja apoya",
        "Policía y Cruz Roja de México",
        "Ministerio del Interior y Banco Mundial de Panamá",
        "OIM Costa Rica",
        "Países de CA",
        "ST a través de la SV",
        "NI MÉXICO NI GUATEMALA",
        "Países miembros menos el país sede",
        "Países miembros. NOTA: excepto Belice",
        "México y OIM, y los demás",
        "x" * 3000,
        "Belice no",
        "can we do it",
    ],
)
def test_what_is_not_understood_is_asked_and_nobody_owes_it_until_then(text: str) -> None:
    read = parties.understand(text)
    assert read.unread
    assert read.owing == read.concerned == frozenset()


def test_what_each_is_to_do() -> None:
    def told(text: str) -> list[tuple[str, str]]:
        return [(party.name, party.role) for party in parties.understand(text).parties]

    assert told("La ST con insumos de los países") == [("ST", "lead"), ("los paises", "input")]
    assert told("México y OIM, en coordinación con la ST") == [
        ("MEX", "lead"),
        ("OIM", "lead"),
        ("ST", "coordination"),
    ]
    assert told("Países miembros, con apoyo de la RROCM si lo desean") == [
        ("paises miembros", "lead"),
        ("RROCM", "invited"),
    ]
    assert told("México y otros gobiernos interesados")[1] == ("otros gobiernos interesados", "invited")
    informed = parties.understand("Los países informan en las reuniones de la red")
    assert informed.action == "informan en las reuniones de la red"


def test_of_some_countries_all_are_concerned_and_none_is_certain() -> None:
    read = parties.understand("Países participantes")
    assert (read.owing, read.concerned, read.nobody) == (frozenset(), ALL, False)
    assert parties.understand("Por definir").nobody


def test_every_responsible_of_the_2009_plan_is_understood() -> None:
    read = {item.record.text("responsible"): item.responsible for item in cycle.marks(PLAN, AS_OF)}
    assert len(read) > 10
    assert [text for text, found in read.items() if found.unread] == []


WORDS = ["México", "OIM", "y", "con apoyo de", "los países", "(", ")", "excepto", "de", "si lo desean", "Foo", "o"]


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)))
def test_any_text_can_be_read(text: str) -> None:
    read = parties.understand(text)
    assert read.owing <= read.concerned <= set(CODES)
