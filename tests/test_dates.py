"""The calendar language: `cases/calendario.txt` is the table of expressions and what they mean."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmxl.dates import When, periodicity, render, spoken, understand
from crmxl.dates.when import month_end
from crmxl.text import LANGS, Lang

TABLE = [
    line.rsplit(" | ", 1)
    for line in (Path(__file__).parent / "cases" / "calendario.txt").read_text(encoding="utf-8").splitlines()[1:]
]


def meaning(when: When) -> str:
    """What an expression means, as the table says it."""
    told: list[object] = [when.kind]
    if when.kind == "period":
        told += [when.begin or "-", when.end, when.precision]
        told += ["tentative"] * when.tentative + ["approx"] * when.approximate
    return " ".join(map(str, [*told, *([when.recurs] if when.recurs else [])]))


@pytest.mark.parametrize(("text", "meant"), TABLE)
def test_the_table_of_expressions(text: str, meant: str) -> None:
    assert meaning(understand(text.rstrip())) == meant


@pytest.mark.parametrize(("text", "meant"), TABLE)
def test_capitals_accents_and_spaces_do_not_matter(text: str, meant: str) -> None:
    text = text.rstrip()
    for written in (
        text.upper(),
        unicodedata.normalize("NFD", text),
        text.replace(" ", "\u00a0"),
        f"  {text.replace(' ', '  ')}  ",
        "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)),
    ):
        when = understand(written)
        assert (meaning(when), when.text) == (meant, written)


@pytest.mark.parametrize(
    "text",
    ["31 de febrero de 2010", "31/02/2010", "mayo", "trimestre 2024", "9 - 7 de mayo de 2010", "13/13/2010",
     "Continuoso", "por mayo de 2010", "FY 2018", "", "0 de mayo de 2010", "mayo de 20100"],
)  # fmt: skip
def test_unreadable(text: str) -> None:
    assert understand(text).kind == "unreadable"


def test_two_readings_are_both_kept_and_none_chosen() -> None:
    when = understand("03/04/2012")
    assert (when.kind, when.begin, when.end) == ("ambiguous", None, None)
    assert {reading.begin for reading in when.readings} == {dt.date(2012, 4, 3), dt.date(2012, 3, 4)}


def test_notes_are_kept_and_are_no_due_date() -> None:
    assert understand("Por definir. (Tegucigalpa, noviembre de 2008)").note == "Tegucigalpa, noviembre de 2008"
    assert understand("Continuo -- Países informan").note == "Países informan"
    assert understand("Primer trimestre de 2018 (propuesta a validar)").tentative


def test_a_date_cell_is_a_day() -> None:
    assert understand(dt.datetime(2010, 2, 15)).end == dt.date(2010, 2, 15)


MUTATED = st.builds(
    lambda text, at, cut, put: text[: at % (len(text) + 1)] + put + text[at % (len(text) + 1) + cut :],
    st.sampled_from([text.rstrip() for text, _ in TABLE]),
    st.integers(0, 60),
    st.integers(0, 3),
    st.text("0123456789 /-.,()yaºT", max_size=3),
)


def never_raises(text: str) -> None:
    when = understand(text)
    assert when.text == text
    for read in (when, *when.readings):
        if read.begin and read.end:
            assert read.begin <= read.end
    if when.kind == "ambiguous":
        assert len(when.readings) == 2
    if when.kind not in ("period", "continuous"):
        assert (when.begin, when.end) == (None, None)


@given(st.text() | MUTATED)
def test_no_text_raises(text: str) -> None:
    never_raises(text)


@pytest.mark.slow
@settings(max_examples=100_000, database=None)
@given(st.text(max_size=60) | MUTATED)
def test_no_text_of_many_raises(text: str) -> None:
    never_raises(text)


DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2199, 11, 30))


def period(begin: dt.date | None, end: dt.date, precision: str, **more: object) -> When:
    return When("", "period", begin, end, precision, **more)  # type: ignore[arg-type]


@st.composite
def whens(draw: st.DrawFn) -> When:
    """Expressions understood, of every kind that can be written out."""
    begin, months = draw(DAYS), draw(st.integers(0, 30))
    first = begin.replace(day=1)
    last = month_end(first.year + (first.month - 1 + months) // 12, (first.month - 1 + months) % 12 + 1)
    size, name = draw(st.sampled_from([(3, "quarter"), (6, "half")]))
    nth = (begin.month - 1) // size
    whole_years = first.month == 1 and last.month == 12
    turns = [(1, 10), (11, 20), (21, month_end(begin.year, begin.month).day)]
    turn = draw(st.sampled_from(turns))
    tentative = draw(st.booleans())
    choices = [
        period(begin, begin, "day", tentative=tentative),
        period(begin, begin + dt.timedelta(draw(st.integers(1, 27))), "day") if begin.day > 1 else None,
        period(first, last, "month", tentative=tentative) if not whole_years else None,
        period(dt.date(begin.year, 1, 1), dt.date(begin.year + draw(st.integers(0, 9)), 12, 31), "year"),
        period(dt.date(begin.year, nth * size + 1, 1), month_end(begin.year, nth * size + size), name),
        period(begin.replace(day=turn[0]), begin.replace(day=turn[1]), "month", approximate=True),
        period(None, begin, "day", tentative=tentative),
        When("", "continuous", begin=begin),
        *(When("", kind) for kind in ("continuous", "undefined", "pending")),
        *(When("", "recurring", recurs=each) for each in ("P1M", "P2M", "P3M", "P6M", "P1Y", "P2Y", "P15D", "P1W")),
        *(When("", "event", recurs=organs) for organs in ("CRM", "GRCM", "CRM+GRCM", "RED")),
    ]
    return draw(st.sampled_from([choice for choice in choices if choice]))


@given(whens(), st.sampled_from(LANGS))
def test_every_meaning_reads_back_in_both_languages(when: When, lang: Lang) -> None:
    text = render(when, lang)
    assert replace(understand(text), text="", note=None, precision=when.precision) == when, text


@given(st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)))
def test_every_day_reads_back_in_both_languages(day: dt.date) -> None:
    for lang in ("es", "en"):
        assert understand(spoken(day, lang)).begin == day  # type: ignore[arg-type]
    assert understand(day.isoformat()).begin == day


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "… a la trata antes de cada reunión de la CRM y del GRCM. (Ref.)",
            "antes de cada reunión de la CRM y del GRCM",
        ),
        ("COMPARTIR SEMESTRALMENTE INFORMACIÓN", "SEMESTRALMENTE"),
        ("Los países informan en las reuniones de la red", "en las reuniones de la red"),
        ("Países miembros", None),
    ],
)
def test_periodicity_is_found_verbatim(text: str, found: str | None) -> None:
    assert periodicity(text) == found


@pytest.mark.parametrize("text", ["5 y 6 de mayo de 2011 en Managua", "5-6 May 2011 in Managua"])
def test_a_place_in_capitals_behind_a_date_is_a_note(text: str) -> None:
    when = understand(text)
    assert (when.end, when.note) == (dt.date(2011, 5, 6), text[-10:])


@pytest.mark.parametrize("text", ["9" * 4301, "1.1." * 8000, "(" * 32_767, "de " * 10_000])
def test_any_length_can_be_read(text: str) -> None:
    assert understand(text).kind == "unreadable"
