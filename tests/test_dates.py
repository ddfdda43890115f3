from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmxl.dates import periodicity, spoken, understand

UNDERSTOOD = """
Continuo                                            | continuous |            |            |
CONTINUO                                            | continuous |            |            |
Continuo – Los países presentan informes            | continuous |            |            |
Continuo. Existe un espacio en el sitio privado     | continuous |            |            |
Permanente                                          | continuous |            |            |
Por definir.                                        | undefined  |            |            |
POR  DEFINIR                                        | undefined  |            |            |
Por definir. (Tegucigalpa, noviembre de 2008)       | undefined  |            |            |
Por definir. (Ref.: p. 4, GRCM, noviembre, 2008)    | undefined  |            |            |
Pendiente                                           | pending    |            |            |
TBD                                                 | undefined  |            |            |
Febrero 2010.                                       | period     | 2010-02-01 | 2010-02-28 | month
febrero de 2012                                     | period     | 2012-02-01 | 2012-02-29 | month
Noviembre, 2012                                     | period     | 2012-11-01 | 2012-11-30 | month
setiembre del 2009                                  | period     | 2009-09-01 | 2009-09-30 | month
feb-2010                                            | period     | 2010-02-01 | 2010-02-28 | month
Marzo–Mayo 2010                                     | period     | 2010-03-01 | 2010-05-31 | month
2010                                                | period     | 2010-01-01 | 2010-12-31 | year
2014 – 2020                                         | period     | 2014-01-01 | 2020-12-31 | year
22 y 23 de julio 2008                               | period     | 2008-07-22 | 2008-07-23 | day
7 - 11 de febrero de 2005                           | period     | 2005-02-07 | 2005-02-11 | day
18 - 19 de septiembre de     2006                   | period     | 2006-09-18 | 2006-09-19 | day
del 11 al 13 de septiembre de 2017                  | period     | 2017-09-11 | 2017-09-13 | day
27, 28 y 29 de octubre de 1999                      | period     | 1999-10-27 | 1999-10-29 | day
1º y 2 de febrero de 2017                           | period     | 2017-02-01 | 2017-02-02 | day
24 de abril, 2007                                   | period     | 2007-04-24 | 2007-04-24 | day
08 de junio de 2016                                 | period     | 2016-06-08 | 2016-06-08 | day
21 June 2017                                        | period     | 2017-06-21 | 2017-06-21 | day
November 24-25, 2014                                | period     | 2014-11-24 | 2014-11-25 | day
15/02/2010                                          | period     | 2010-02-15 | 2010-02-15 | day
05/05/2012                                          | period     | 2012-05-05 | 2012-05-05 | day
2010-02-15                                          | period     | 2010-02-15 | 2010-02-15 | day
I Trimestre del 2018                                | period     | 2018-01-01 | 2018-03-31 | quarter
T2 2010                                             | period     | 2010-04-01 | 2010-06-30 | quarter
Segundo semestre de 2010                            | period     | 2010-07-01 | 2010-12-31 | half
1er semestre 2010                                   | period     | 2010-01-01 | 2010-06-30 | half
a más tardar el 21 de julio de 2017                 | period     |            | 2017-07-21 | day
antes del 15 de enero de 2008                       | period     |            | 2008-01-14 | day
"""


@pytest.mark.parametrize("line", UNDERSTOOD.strip().splitlines())
def test_understood(line: str) -> None:
    text, kind, begin, end, precision = (part.strip() for part in line.split("|"))
    when = understand(text)
    assert when.text == text
    found = (when.kind, *(d.isoformat() if d else "" for d in (when.begin, when.end)), when.precision or "")
    assert found == (kind, begin, end, precision)


@pytest.mark.parametrize(
    "text",
    ["31 de febrero de 2010", "31/02/2010", "mayo", "trimestre 2024", "9 - 7 de mayo de 2010", "13/13/2010", "12/2010",
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


@given(st.text() | st.text("0123456789 /-.,deyalTSIVmarzoCntiu() º", max_size=40))
def test_no_text_raises(text: str) -> None:
    when = understand(text)
    assert when.text == text
    if when.begin and when.end:
        assert when.begin <= when.end


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
