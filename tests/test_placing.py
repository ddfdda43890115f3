"""Where nothing was moved, that is proved by comparing texts; the whole search comes to the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmxl import placing
from crmxl.definition import Record
from crmxl.kinds import BY_KEY
from crmxl.placing import place_rows
from crmxl.values import Raw

PLAN = BY_KEY["plan"]
NAMES = ("id", "activity", "calendar", "state", "progress", "remarks")
COLUMNS = {place: PLAN.template_table.column(name) for place, name in enumerate(NAMES)}
TEXTS = (
    ("1.1", "Informar sobre los avances", "Continuo", "Cumplida", "Se informó en la reunión", ""),
    ("1.2", "Difusión de programas", "Continuo", "", "", "Falta el presupuesto del año"),
    ("2.1", "Taller en El Salvador", "Febrero 2010", "En proceso", "Se preparó el taller regional", "Sin sede todavía"),
    ("2.2", "Guía de atención", "Por definir", "", "Borrador de la guía enviado", ""),
    ("3.1", "Foro de enlaces", "Pendiente", "", "", ""),
)


def record(row: tuple[str, ...]) -> Record:
    written = {name: text for name, text in zip(NAMES, row, strict=True) if text}
    values = {
        name: text if name == "id" else PLAN.template_table.column(name).type.read(text)
        for name, text in written.items()
    }
    return Record((row[0],), values, {}, written)  # type: ignore[arg-type]


ISSUED = {(row[0],): record(row) for row in TEXTS}
WORDS = (*(text for row in TEXTS for text in row[1:]), "Algo nuevo del país", "informar SOBRE los avances", "x")
EDITS = st.one_of(
    st.tuples(st.just("write"), st.integers(0, 4), st.integers(1, 5), st.sampled_from(WORDS)),
    st.tuples(st.just("swap"), st.integers(0, 4), st.integers(0, 4), st.integers(0, 5)),
    st.tuples(st.just("rows"), st.integers(0, 4), st.integers(0, 4), st.just("")),
    st.tuples(st.just("drop"), st.integers(0, 4), st.just(0), st.just("")),
)


@given(st.lists(EDITS, max_size=4), st.booleans(), st.booleans())
def test_the_short_way_comes_to_what_the_whole_search_finds(
    edits: list[tuple[str, int, int, object]], hidden: bool, repair: bool
) -> None:
    table = [list(row) for row in TEXTS]
    keys = [row[0] for row in TEXTS]
    for what, one, other, more in edits:
        if what == "write":
            table[one][other] = str(more)
        elif what == "swap" and isinstance(more, int):
            table[one][more], table[other][more] = table[other][more], table[one][more]
        elif what == "rows":
            table[one], table[other] = table[other], table[one]
        elif what == "drop":
            table[one][0] = ""
    rows: dict[int, dict[int, Raw]] = {
        at: {place: text for place, text in enumerate(row) if text} for at, row in enumerate(table, start=7)
    }
    anchors: dict[int, Raw] = dict(enumerate(keys, start=7)) if hidden else {}
    found = place_rows(rows, COLUMNS, "id", anchors, ISSUED, repair=repair)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(placing._Placer, "unmoved", lambda _: None)
        assert found == place_rows(rows, COLUMNS, "id", anchors, ISSUED, repair=repair)
