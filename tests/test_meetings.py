from __future__ import annotations

import datetime as dt

import pytest

from crmxl.definition import Record
from crmxl.meetings import meetings, rounds, turns

TABLE = """
GRCM | 24 - 25 de junio de 2014
CRM  | 26 - 27 de junio de 2014
GRCM | 24 - 25 de noviembre de 2014
CRM  | noviembre de 2014
RED  | 23 de junio de 2014
CRM  | 2013
GRCM | diciembre de 2012
CRM  | por definir
"""
HELD = meetings(
    Record((line,), {"organ": line.split("|")[0].strip(), "date": line.split("|")[1].strip()})
    for line in TABLE.strip().splitlines()
)


def test_meetings_stand_by_their_end_and_those_without_a_date_are_left_out() -> None:
    assert [meeting.name.es for meeting in HELD] == [
        "GRCM, diciembre de 2012",
        "CRM, 2013",
        "Red, junio de 2014",
        "GRCM, junio de 2014",
        "CRM, junio de 2014",
        "GRCM, noviembre de 2014",
        "CRM, noviembre de 2014",
    ]


@pytest.mark.parametrize(
    ("organs", "before", "told"),
    [
        (
            ["CRM", "GRCM"],
            False,
            [
                ("GRCM, diciembre de 2012", "2012-12-31"),
                ("CRM, 2013", "2013-12-31"),
                ("CRM y GRCM, junio de 2014", "2014-06-27"),
                ("CRM y GRCM, noviembre de 2014", "2014-11-30"),
            ],
        ),
        (
            ["CRM", "GRCM"],
            True,
            [
                ("GRCM, diciembre de 2012", "2012-12-31"),
                ("CRM, 2013", "2013-12-31"),
                ("CRM y GRCM, junio de 2014", "2014-06-23"),
                ("CRM y GRCM, noviembre de 2014", "2014-11-23"),
            ],
        ),
        (["RED"], True, [("Red, junio de 2014", "2014-06-22")]),
    ],
)
def test_meetings_of_one_week_are_one_occasion(organs: list[str], before: bool, told: list[tuple[str, str]]) -> None:
    found = rounds(HELD, organs, before)
    assert [(occasion.name.es, occasion.due.isoformat()) for occasion in found] == told


@pytest.mark.parametrize(
    ("recurs", "names"),
    [
        ("P1Y", ["2010"]),
        ("P6M", ["primer semestre de 2010", "segundo semestre de 2010"]),
        ("P4M", ["primer cuatrimestre de 2010", "segundo cuatrimestre de 2010", "tercer cuatrimestre de 2010"]),
        ("P2Y", []),
        ("P15D", []),
    ],
)
def test_duties_that_recur_are_due_at_the_end_of_each_part_of_the_year(recurs: str, names: list[str]) -> None:
    assert [occasion.name.es for occasion in turns(recurs, [2010])] == names


def test_each_part_ends_where_the_next_begins() -> None:
    for recurs, count in (("P1M", 12), ("P2M", 6), ("P3M", 4)):
        days = [occasion.due for occasion in turns(recurs, [2010])]
        assert len(days) == count
        assert days[-1] == dt.date(2010, 12, 31)
