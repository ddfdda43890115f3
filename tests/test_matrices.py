"""The legislation matrices: their questions, the facts that they start from, and how answers are compared."""

from __future__ import annotations

import csv
import datetime as dt
import re
import runpy
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import crmxl
from crmxl.canonical import Canonical
from crmxl.comparison import Cell, Line, compare
from crmxl.cycle import MergeResult, open_canonical
from crmxl.definition import Kind, Record
from crmxl.kinds import BY_KEY
from crmxl.kinds.matrices import TOPICS
from crmxl.meetings import last_meeting
from crmxl.members import BY_CODE, CODES
from crmxl.reading import read_book
from crmxl.text import fold
from crmxl.values import Penalty, Unreadable
from tests.bench import CANONICAL, ROOT, Bench, reopened, with_cells, without_anchors, written

SOURCES = ROOT / "workbooks" / "fuentes"
MATRICES = {"trafficking": "matriz-trata", "smuggling": "matriz-trafico"}
KINDS = [BY_KEY[key] for key in MATRICES]


def canonical(key: str, suffix: str = "") -> Canonical:
    return open_canonical([ROOT / "workbooks" / f"{MATRICES[key]}{suffix}.xlsx"])


def facts() -> Iterator[dict[str, str]]:
    with (SOURCES / "hechos-nacionales.csv").open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


@pytest.fixture(scope="module")
def laws(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """The issued templates of the two matrices of 2009."""
    return Bench.make(CANONICAL[1:], tmp_path_factory.mktemp("matrices"))


# The questions


def test_ids_name_instrument_article_paragraph_letter_and_question() -> None:
    for kind, prefix in zip(KINDS, ("TIP", "SOM"), strict=True):
        ids = [str(row["id"]) for row in kind.seed]
        assert len(set(ids)) == len(ids) > 70
        for row in kind.seed:
            assert re.fullmatch(prefix + r"-\d{1,2}(\.\d)?(\.[a-z])?(\.\d{1,2})?", str(row["id"]))
            parts = re.findall(r"\d+|[a-z]", str(row["provision"]))
            assert str(row["id"]).removeprefix(f"{prefix}-").split(".")[: len(parts)] == parts


def test_the_articles_of_both_protocols_are_asked_about() -> None:
    def articles(kind: Kind) -> set[int]:
        return {int(re.findall(r"\d+", str(row["provision"]))[0]) for row in kind.seed}

    assert articles(KINDS[0]) == {*range(1, 16)}
    assert articles(KINDS[1]) == {*range(1, 21)}


def test_questions_are_bilingual_and_no_matrix_speaks_of_the_other_crime() -> None:
    foreign = (
        {"es": "trafico ilicito de migrantes", "en": "smuggl"},
        {"es": "trata de personas", "en": "trafficking in"},
    )
    for kind, words in zip(KINDS, foreign, strict=True):
        for row in kind.seed:
            spanish, english = str(row["question"]), str(row["question_en"])
            assert spanish.startswith("¿")
            assert spanish.endswith("?")
            assert english.endswith("?")
            assert words["es"] not in fold(spanish)
            assert words["en"] not in fold(english)
            assert row["topic"] in {option.key for option in TOPICS.options}
            assert row["penalty"] in ("yes", "no")
    asked = {str(row["id"]) for kind in KINDS for row in kind.seed if row["penalty"] == "yes"}
    assert {"TIP-5.1.a", "SOM-6.1.a", "SOM-6.1.b.2"} <= asked


# The canonical workbooks


@pytest.mark.parametrize("suffix", ["", "-2009"])
def test_they_are_made_from_their_sources(suffix: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "path", [str(SOURCES), *sys.path])
    made = runpy.run_path(str(SOURCES / "matrices_nacionales.py"))["make_all"]()
    for name in MATRICES.values():
        path = ROOT / "workbooks" / f"{name}{suffix}.xlsx"
        again = tmp_path / path.name
        again.write_bytes(made[path])
        assert [(g.name, g.cells) for g in read_book(again).grids] == [(g.name, g.cells) for g in read_book(path).grids]


@pytest.mark.parametrize("key", MATRICES)
def test_they_hold_the_questions_and_the_33_facts_on_the_instruments(key: str) -> None:
    book = canonical(key)
    assert [dict(r.values) for r in book.of(key)] == [dict(row) for row in BY_KEY[key].seed]
    state = {r.key: dict(r.values) for r in book.of("ratifications")}
    assert len(state) == 33
    assert {code for code, _ in state} == set(CODES)
    assert all(row["source"] for row in state.values())
    assert state["HND", "SOM"]["act"] == "accession"
    assert state["HND", "SOM"]["deposited"] == dt.date(2008, 11, 18)
    assert "signed" not in state["HND", "SOM"]
    assert state["CRI", "TIP"]["signed"] == dt.date(2001, 3, 16)
    assert state["CRI", "TIP"]["deposited"] == dt.date(2003, 9, 9)
    assert max(row["deposited"] for row in state.values()) == dt.date(2008, 11, 18)


@pytest.mark.parametrize("key", MATRICES)
@pytest.mark.parametrize("suffix", ["", "-2009"])
def test_every_fact_that_is_printed_has_its_source_and_waits_for_its_country(key: str, suffix: str) -> None:
    answers = canonical(key, suffix).of(f"{key}.answers")
    assert answers
    for record in answers:
        assert record.text("norm_state") == "unconfirmed"
        noted = {"es": "Anotado por la Secretaría Técnica (confianza ", "en": "Noted by the Technical Secretariat ("}
        assert record.text("source").startswith(noted[BY_CODE[record.text("country")].lang])


def test_what_is_not_known_well_is_not_printed() -> None:
    printed = {key: canonical(name).of(f"{name}.answers") for name in MATRICES for key in [name]}
    rows = {r.key: r for records in printed.values() for r in records}
    known = {(f["criterion"], f["country"], f["column"], f["value"]) for f in facts() if f["confidence"] in "HM"}
    doubtful = [f for f in facts() if f["confidence"] not in "HM"]
    assert len(doubtful) > 10
    for fact in doubtful:
        spot = (fact["criterion"], fact["country"])
        if (*spot, fact["column"], fact["value"]) not in known and spot in rows:
            assert fact["value"] not in rows[spot].text(fact["column"]), fact
    assert ("SOM-6.1.a", "BLZ") not in rows  # not found: blank
    assert "max_penalty" not in rows["SOM-6.1.a", "NIC"].values  # the sources conflict
    assert rows["SOM-6.1.a", "GTM"].values["min_penalty"] == 10


def test_the_example_starts_from_what_was_in_force_in_2009() -> None:
    texts = " ".join(
        record.text(column) for key in MATRICES for record in canonical(key, "-2009").of(f"{key}.answers")
        for column in ("norm", "number", "summary", "in_force")
    )  # fmt: skip
    assert "Ley 137-03" in texts
    years = {int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", texts)}
    assert max(years) <= 2009
    assert "9095" not in texts
    for key in MATRICES:
        for record in canonical(key, "-2009").of(f"{key}.answers"):
            day = record.values.get("in_force")
            assert not isinstance(day, dt.date) or day <= dt.date(2009, 11, 26)


def test_they_show_the_comparison_beside_the_data() -> None:
    book = openpyxl.load_workbook(ROOT / "workbooks" / "matriz-trafico.xlsx")
    assert book.sheetnames[:3] == ["Cuadro tráfico", "Matriz tráfico", "Respuestas tráfico"]
    sheet: Any = book["Cuadro tráfico"]
    rows = {row[0].value: row for row in sheet.iter_rows()}
    guatemala = next(c.column - 1 for c in rows["Criterio"] if c.value == "Guatemala (GTM)")
    cell = rows["SOM-6.1.a"][guatemala]
    assert cell.value == "S?* 10–30"
    assert "Norma: Ley de Migración" in cell.comment.text
    assert "Fuente: Anotado por la Secretaría Técnica" in cell.comment.text
    assert rows["SOM"][guatemala].value == "Adh.\n01/04/2004"


def test_at_least_five_countries_answer_both_matrices_in_the_example(example: MergeResult) -> None:
    for key in MATRICES:
        answers = example.consolidation.tables[f"{key}.answers"]
        said = {r.key[1] for r in answers if "EJEMPLO" in r.text("remarks")}
        assert len(said) >= 7


# Answers


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (8, 8), (8.0, 8), ("8", 8), ("8,5", 8.5), (" 12.5 ", 12.5), ("hasta 14", "hasta 14"),
        ("perpetua", "life"), ("Cadena perpetua", "life"), ("life", "life"),
        ("12 años", "12 años"), ("8 a 12 años", None), ("8-12", None), (dt.datetime(2010, 12, 8), None),
        (2010, None), (0, None), ("-3", None), (True, None), ("1,000", None), (1e22, None),
    ],
)  # fmt: skip
def test_a_penalty_is_years_or_a_text_and_never_a_date(typed: Any, value: object) -> None:
    read = Penalty().read(typed)
    assert read == value if value is not None else isinstance(read, Unreadable)


def test_rules_look_at_the_row_as_it_would_be(laws: Bench) -> None:
    """One finding a rule, with all its cells; rows as issued are not complained about."""
    told = laws.read(
        laws.fill(
            "CRI",
            {("TIP-6.5", "answer"): "Sí", ("TIP-7.1.a", "answer"): "Parcial", ("TIP-9.4", "answer"): "No"},
            type="parcial",
        )
    )[0].findings
    assert [(f.code.name, f.place.cell) for f in told] == [("R105", "I48, I51")]
    # Canada's law on trafficking is prefilled with its name: an answer in English needs no more
    assert laws.codes(laws.fill("CAN", {("TIP-5.1.a", "norm_state"): "in force"}, type="partial")) == []


def test_choices_are_understood_in_both_languages_whatever_the_template(laws: Bench) -> None:
    cells = {("TIP-6.5", "answer"): "Parcial", ("TIP-6.5", "norm"): "x", ("SOM-5", "answer"): "sin informacion"}
    (read,) = laws.read(laws.fill("USA", cells, type="parcial"))
    assert read.type == "partial"
    said = {
        r.key[0]: r.values["answer"]
        for kind in MATRICES
        for r in read.records[kind]
        if r.key[0] in ("TIP-6.5", "SOM-5")
    }
    assert said == {"TIP-6.5": "partial", "SOM-5": "unknown"}


def test_english_templates_ask_in_english(laws: Bench) -> None:
    def shown(country: str, sheet: str) -> set[object]:
        grid = laws.books[country].grid(sheet)
        assert grid is not None
        return set(grid.cells.values())

    questions = {str(row["question"]) for row in KINDS[0].seed}
    english = {str(row["question_en"]) for row in KINDS[0].seed}
    assert english <= shown("USA", "Trafficking matrix")
    assert not questions & shown("USA", "Trafficking matrix")
    assert questions <= shown("CRI", "Matriz trata")
    assert not english & shown("CRI", "Matriz trata")


def test_a_lost_sheet_is_not_mistaken_for_the_other_matrix(laws: Bench) -> None:
    """Trata and tráfico are near in letters and never swapped."""
    book = laws.fill("CRI", {("SOM-5", "answer"): "No"}, type="parcial")
    kept = tuple(grid for grid in book.grids if grid.name != "Matriz trata")
    (read,) = laws.read(replace(book, grids=kept))
    assert [f.code.name for f in read.findings] == ["S101"]
    assert set(read.records) == {"smuggling", "meetings"}
    named = tuple(replace(g, name={"Matriz trata": "Matriz Trata CRI"}.get(g.name, g.name)) for g in book.grids)
    (read,) = laws.read(replace(book, grids=named))
    assert [f.code.name for f in read.findings] == ["S102"]


def test_a_heading_of_the_wording_that_was_not_issued_is_one_finding(laws: Bench) -> None:
    book = laws.books["CRI"]
    grid = book.grid("Matriz trata")
    assert grid is not None
    (spot,) = [spot for spot, raw in grid.cells.items() if raw == "Pregunta"]
    (read,) = laws.read(laws.send(with_cells(book, "Matriz trata", {spot: "Question"}), type="sin novedades"))
    assert [f.code.name for f in read.findings] == ["S105"]


def test_matrices_under_each_others_names_are_known_by_their_numbers(laws: Bench) -> None:
    names = {"Matriz trata": "Matriz tráfico", "Matriz tráfico": "Matriz trata"}
    book = without_anchors(laws.fill("CRI", {("TIP-6.5", "answer"): "No"}, type="parcial"))
    (read,) = laws.read(replace(book, grids=tuple(replace(g, name=names.get(g.name, g.name)) for g in book.grids)))
    assert [f.code.name for f in read.findings] == ["S102", "S102"]
    assert [r.values["answer"] for r in read.records["trafficking"] if "answer" in r.values] == ["no"]


def test_a_changed_fixed_cell_is_quoted_as_it_showed(laws: Bench) -> None:
    (read,) = laws.read(laws.fill("CRI", {("TIP-6.5", "topic"): "Otro"}, type="parcial"))
    (told,) = [f for f in read.findings if f.code.name == "A101"]
    assert "queda como estaba: «Protección y asistencia»" in told.message("es")
    assert "it stays as it was: “Protection and assistance”" in told.message("en")


def test_the_secretariat_adds_questions_of_its_own(laws: Bench, tmp_path: Path) -> None:
    """With one wording only, it is asked in that one; a number like N1 is no open row in a matrix."""
    added = [
        Record(("TIP-20.a",), {"id": "TIP-20.a", "question": "¿Sólo en español?"}),
        Record(("TIP-20.b",), {"id": "TIP-20.b", "question_en": "Only in English?"}),
        Record(("N1",), {"id": "N1", "question": "¿Con otro número?"}),
    ]
    items = (*laws.canonical.of("trafficking"), *added)
    canonical = replace(laws.canonical, records={**laws.canonical.records, "trafficking": items})
    first = reopened(laws.merge_on(canonical), tmp_path)
    assert not first.findings
    again = Bench.make(tmp_path / "consolidado.xlsx", tmp_path / "emitidos", "2010-2")
    for country, sheet in (("CRI", "Matriz trata"), ("USA", "Trafficking matrix")):
        grid = again.books[country].grid(sheet)
        assert grid is not None
        assert {"¿Sólo en español?", "Only in English?", "¿Con otro número?"} <= set(grid.cells.values())
    result = again.merge(again.fill("CRI", {("N1", "answer"): "No", ("TIP-20.b", "answer"): "Sí"}, type="parcial"))
    answers = {r.key: r.text("answer") for r in result.tables["trafficking.answers"]}
    assert (answers["N1", "CRI"], answers["TIP-20.b", "CRI"]) == ("no", "yes")


def test_days_before_excel_begins_are_kept(laws: Bench, tmp_path: Path) -> None:
    cells = {("TIP-6.5", "in_force"): dt.datetime(1886, 4, 26), ("TIP-7.2", "in_force"): "26 de abril de 1886"}
    cells |= {("TIP-9.4", "in_force"): dt.datetime(1900, 1, 1), ("TIP-9.5", "in_force"): "desde marzo de 2009"}
    result = laws.merge(laws.fill("CRI", {**cells, ("TIP-6.5", "answer"): "No"}, type="parcial"))
    assert not [f for r in result.receptions for f in r.findings]
    again = {r.key: r.text("in_force") for r in reopened(result, tmp_path).of("trafficking.answers")}
    assert again["TIP-6.5", "CRI"] == "1886-04-26"
    assert again["TIP-7.2", "CRI"] == "26 de abril de 1886"
    assert again["TIP-9.4", "CRI"] == "1900-01-01"


@pytest.mark.parametrize(
    ("column", "text"),
    [("link", "https://a.b/" + "😀" * 1100), ("link", "https://a.b/" + "á" * 1900), ("remarks", "😀" * 1999)],
)
def test_long_texts_of_wide_characters_can_be_written(column: str, text: str, laws: Bench, tmp_path: Path) -> None:
    result = laws.merge(laws.fill("CRI", {("TIP-6.5", column): text}, type="parcial"))
    again = {r.key: r.text(column) for r in reopened(result, tmp_path).of("trafficking.answers")}
    assert again["TIP-6.5", "CRI"] == text


def test_an_answer_that_could_not_be_read_is_seen_in_the_board(laws: Bench, tmp_path: Path) -> None:
    result = laws.merge(
        laws.fill("CRI", {("TIP-6.5", "answer"): "Depende", ("TIP-7.2", "answer"): "No"}, type="parcial")
    )
    path = tmp_path / "c.xlsx"
    path.write_bytes(written(result))
    sheet: Any = openpyxl.load_workbook(path)["Cuadro trata"]
    rows = {row[0].value: row for row in sheet.iter_rows()}
    place = next(cell.column - 1 for cell in rows["Criterio"] if cell.value == "Costa Rica (CRI)")
    assert rows["TIP-6.5"][place].value == "!"
    assert rows["TIP-6.5"][place].comment.text == "Llegó y no se pudo leer: «Depende»"
    assert str(rows["TIP-7.2"][place].value).startswith("N")
    assert "! = llegó y no se pudo leer" in " ".join(str(row[0].value) for row in sheet.iter_rows(max_row=6))


def test_an_erased_ratification_shows_as_none(tmp_path: Path, laws: Bench) -> None:
    rows = tuple(
        Record(r.key, {"country": "BLZ", "instrument": "UNTOC"}) if r.key == ("BLZ", "UNTOC") else r
        for r in laws.canonical.of("ratifications")
    )
    canonical = replace(laws.canonical, records={**laws.canonical.records, "ratifications": rows})
    path = tmp_path / "c.xlsx"
    path.write_bytes(written(laws.merge_on(canonical)))
    sheet: Any = openpyxl.load_workbook(path)["Cuadro trata"]
    rows_by_name = {row[0].value: [cell.value for cell in row] for row in sheet.iter_rows()}
    assert rows_by_name["UNTOC"][4:6] == [None, "Rat.\n13/05/2002"]


# The comparison


def _tables(*answers: tuple[str, str, dict[str, Any]], **more: Any) -> dict[str, list[Record]]:
    return {
        "trafficking": [Record((str(row["id"]),), row) for row in KINDS[0].seed],
        "trafficking.answers": [Record((i, c), {"id": i, "country": c, **values}) for i, c, values in answers],
        "meetings": [
            Record(("a",), {"organ": "GRCM", "date": "diciembre de 2009"}),
            Record(("b",), {"organ": "CRM", "date": "mayo de 2010"}),
            Record(("c",), {"organ": "RED", "date": "febrero de 2010"}),
        ],
        **more,
    }


def _line(tables: dict[str, list[Record]], item: str = "TIP-5.1.a") -> Line:
    board = KINDS[0].board
    assert board is not None
    compared = compare(KINDS[0], board, tables, dt.date(2010, 3, 1))
    return next(line for line in compared.lines if line.item.key[0] == item)


def _cell(values: dict[str, Any], **more: Any) -> Cell:
    return _line(_tables(("TIP-5.1.a", "CRI", values), **more)).cells["CRI"]


def test_the_last_meeting_is_of_the_conference_or_its_group_and_has_ended() -> None:
    meeting = last_meeting(_tables()["meetings"], dt.date(2010, 3, 1))
    assert meeting is not None
    assert meeting.name.both() == ("GRCM, diciembre de 2009", "RCGM, December 2009")
    assert last_meeting(_tables()["meetings"], dt.date(2009, 12, 31)) is None
    only_year = last_meeting([Record(("a",), {"organ": "CRM", "date": "2024"})], dt.date(2026, 1, 1))
    assert only_year is not None
    assert only_year.name.both() == ("CRM, 2024", "RCM, 2024")


@pytest.mark.parametrize(
    ("values", "short"),
    [
        ({"answer": "yes", "consulted": "enero de 2010"}, ("S", "Y")),
        ({"answer": "yes"}, ("S*", "Y*")),
        ({"answer": "yes", "consulted": "2008", "norm_state": "unconfirmed"}, ("S?*", "Y?*")),
        ({"answer": "no", "consulted": dt.date(2009, 12, 1)}, ("N", "N")),
        ({"answer": "yes", "consulted": "2010", "min_penalty": 10, "max_penalty": 14}, ("S 10–14", "Y 10–14")),
        ({"answer": "partial", "consulted": "2010", "max_penalty": 14}, ("P ≤14", "P ≤14")),
        ({"answer": "yes", "consulted": "2010", "min_penalty": 5}, ("S ≥5", "Y ≥5")),
        ({"answer": "yes", "consulted": "2010", "max_penalty": "perpetua"}, ("S perpetua", "Y perpetua")),
        ({"answer": "unknown", "consulted": "2010"}, ("I", "I")),
    ],
)
def test_an_answer_in_short(values: dict[str, Any], short: tuple[str, str]) -> None:
    cell = _cell(values)
    assert (cell.short("es"), cell.short("en")) == short


def test_who_lacks_what() -> None:
    said = [
        ("yes", "CRI"),
        ("partial", "MEX"),
        ("no", "HND"),
        ("undefined", "BLZ"),
        ("unknown", "DOM"),
        ("not_applicable", "USA"),
    ]
    line = _line(_tables(*(("TIP-5.1.a", code, {"answer": answer}) for answer, code in said)))
    assert line.lacking == ("BLZ", "HND")
    assert line.silent == ("CAN", "SLV", "GTM", "NIC", "PAN", "DOM")
    assert line.stale == ("BLZ", "CRI", "USA", "HND", "MEX", "DOM")


def _received(**values: Any) -> dict[str, list[Record]]:
    row = {"sha256": "f", "country": "CRI", "accepted": "yes", "deadline": "2010-02-12", "type": "partial"}
    row |= {"sheets": "Plan; Matriz trata", **values}
    return {"reception": [Record(("f",), row)]}


def test_a_complete_sending_and_one_without_news_confirm_what_was_prefilled() -> None:
    answer = {"answer": "yes"}
    assert _cell(answer, **_received()).stale
    assert not _cell(answer, **_received(type="complete")).stale
    assert not _cell(answer, **_received(type="nothing")).stale
    assert _cell(answer, **_received(type="nothing", deadline="2009-06-01")).stale
    assert _cell(answer, **_received(type="nothing", accepted="no")).stale
    assert _cell(answer, **_received(type="complete", sheets="Plan; Matriz tráfico")).stale  # it never saw this matrix


def test_a_row_that_a_country_sent_was_looked_at() -> None:
    row = {"table": "Trafficking answers", "item": "TIP-5.1.a", "country": "CRI", "state": "merged", "sha256": "f"}
    provenance = {"provenance": [Record(("f", "x", "H1"), row)]}
    assert not _cell({"answer": "yes"}, **_received(), **provenance).stale


# For analysts


def test_frames_of_items_and_answers() -> None:
    path = ROOT / "workbooks" / "matriz-trata.xlsx"
    items = crmxl.frame(path, "trafficking")
    assert list(items["id"]) == [row["id"] for row in KINDS[0].seed]
    answers = crmxl.frame(path, "Respuestas trata")
    assert answers.equals(crmxl.frame(path, "trafficking.answers"))
    panama = answers[(answers["country"] == "PAN") & (answers["id"] == "TIP-5.1.a")]
    assert panama[["answer", "article", "min_penalty", "max_penalty"]].to_numpy().tolist() == [["yes", "456-A", 15, 20]]
    state = crmxl.frame(path, "ratifications").pivot(index="country", columns="instrument", values="deposited")
    assert state.loc["MEX", "SOM"] == dt.date(2003, 3, 4)
    with pytest.raises(KeyError):
        crmxl.frame(path, "nada")
