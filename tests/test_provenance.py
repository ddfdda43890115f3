"""The register Procedencia: a row a record, and nothing of what was said is lost in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crmxl.decisions import Catalogue
from crmxl.definition import Record
from crmxl.kinds import KINDS
from crmxl.provenance import Said, read_said, written
from crmxl.text import CELL_LIMIT, units
from crmxl.values import as_text

CATALOGUE = Catalogue(KINDS)
COLUMNS = ("state", "progress", "date", "institution", "evidence", "remarks")


def said(item: str, column: str, text: str, country: str = "CRI", state: str = "merged") -> Said:
    cell = f"{chr(73 + COLUMNS.index(column))}{10 + int(item.partition('.')[2])}"
    return Said("plan.answers", item, country, column, state, text, "Plan", cell, f"{country}-0f")


def rows(records: tuple[Record, ...]) -> list[tuple[str, ...]]:
    return [tuple(r.text(name) for name in ("item", "country", "column", "value", "origin_cell")) for r in records]


def test_what_a_file_said_of_one_item_is_one_row() -> None:
    told = [said("1.2", "progress", "Se avanzó"), said("1.1", "state", "Cumplida"), said("1.2", "state", "Cumplida")]
    assert rows(written(told, CATALOGUE, "es")) == [
        ("1.1", "CRI", "Estado", "Cumplida", "I11"),
        ("1.2", "CRI", "", "Estado: Cumplida\nAvance: Se avanzó", "I12, J12"),
    ]


def test_what_became_otherwise_and_a_text_of_several_lines_have_rows_of_their_own() -> None:
    told = [
        said("1.1", "state", "Cumplida", state="superseded"),
        said("1.1", "progress", "Dos:\nlíneas"),
        said("1.1", "date", "Mayo de 2010"),
        said("1.1", "remarks", "Nota: con dos puntos"),
    ]
    assert rows(written(told, CATALOGUE, "es")) == [
        ("1.1", "CRI", "Estado", "Cumplida", "I11"),
        ("1.1", "CRI", "Avance", "Dos:\nlíneas", "J11"),
        ("1.1", "CRI", "", "Fecha: Mayo de 2010\nObservaciones: Nota: con dos puntos", "K11, N11"),
    ]


def test_a_cell_holds_what_it_can() -> None:
    told = [said("1.1", column, column[0] * 20_000) for column in COLUMNS]
    made = written(told, CATALOGUE, "es")
    assert len(made) == len(COLUMNS)
    assert all(units(r.text("value")) <= CELL_LIMIT for r in made)
    assert list(read_said(made, CATALOGUE)) == told


def test_no_heading_could_be_taken_for_the_end_of_one() -> None:
    titles = [text for k in KINDS for table in k.tables for c in table.columns for text in c.title.both()]
    assert not [title for title in titles if ": " in title or "\n" in title or not title]


TEXTS = st.text(min_size=1, max_size=60).map(as_text).filter(bool)


@given(
    st.lists(
        st.tuples(st.sampled_from(("1.1", "1.2")), st.sampled_from(COLUMNS), TEXTS, st.sampled_from(("CRI", "MEX"))),
        unique_by=lambda told: (told[0], told[1], told[3]),
    ),
    st.sampled_from(("es", "en")),
)
def test_what_was_said_is_read_back_as_it_was(told: list[tuple[str, str, str, str]], lang: str) -> None:
    first = {said(item, column, text, country) for item, column, text, country in told}
    assert set(read_said(written(first, CATALOGUE, lang), CATALOGUE)) == first  # type: ignore[arg-type]
