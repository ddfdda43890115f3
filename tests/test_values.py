from __future__ import annotations

import datetime as dt

import pytest

from crmxl.kinds.plan import STATES
from crmxl.messages import Code
from crmxl.values import (
    Calendar,
    Country,
    Date,
    Id,
    Link,
    Number,
    Raw,
    Text,
    Unreadable,
    Value,
    ValueType,
    as_text,
    is_erase,
)

DAY = dt.date(2010, 2, 15)


@pytest.mark.parametrize(
    ("type_", "raw", "value"),
    [
        (Text(), "  dos  espacios ", "  dos  espacios "),
        (Text(), 5.0, "5"),
        (Text(), 0.25, "0.25"),
        (Text(), True, "VERDADERO"),
        (Text(), dt.datetime(2010, 2, 15), "2010-02-15"),
        (Text(), "N/A", "N/A"),
        (Id(), 6.1, "6.1"),
        (Id(), " 6.10 ", "6.10"),
        (Id(), "2.", "2"),
        (Number(), 3.5, 3.5),
        (Number(), "1200", 1200),
        (STATES, "cumplida", "done"),
        (STATES, "Not applicable", "not_applicable"),
        (STATES, "En proceso.", "in_progress"),
        (Link(), "\u200bhttps://example.org", "https://example.org"),
        (Country(), "EE.UU.", "USA"),
        (Calendar(), "Continuo", "Continuo"),
        (Calendar(), dt.datetime(2010, 2, 15), DAY),
        (Date(), dt.datetime(2010, 2, 15), DAY),
        (Date(), "febrero de 2010", "febrero de 2010"),
        (Date(), "15/02/2010", "15/02/2010"),
        (Date(), "Por definir", "Por definir"),
        (Link(), "https://example.org/a b".replace(" ", "%20"), "https://example.org/a%20b"),
    ],
)
def test_read(type_: ValueType, raw: Raw, value: Value) -> None:
    assert type_.read(raw) == value


@pytest.mark.parametrize(
    ("type_", "raw", "code", "suggestion"),
    [
        (STATES, "Cumplidas", Code.C101, "Cumplida"),
        (STATES, "Hecho", Code.C101, None),
        (Date(), "31 de febrero de 2010", Code.C102, None),
        (Date(), "Continuo", Code.C102, None),
        (Date(), 40210, Code.C102, "1 de febrero de 2010"),
        (Date(), "03/04/2012", Code.C103, None),
        (Number(), "mil", Code.C104, None),
        (Number(), True, Code.C104, None),
        (Link(), "www.example.org", Code.C105, "https://www.example.org"),
        (Link(), "javascript:alert(1)", Code.C105, None),
        (Link(), "file:///c:/x", Code.C105, None),
        (Text(5), "seis..", Code.C106, None),
        (Country(), "Colombia", Code.C108, None),
        (Country(), "Hondura", Code.C108, "Honduras"),
    ],
)
def test_refuse(type_: ValueType, raw: Raw, code: Code, suggestion: str | None) -> None:
    read = type_.read(raw)
    assert isinstance(read, Unreadable)
    assert (read.code, read.suggestion) == (code, suggestion)


@pytest.mark.parametrize(
    ("type_", "a", "b", "same"),
    [
        (Text(), "señor  uno", "sen\u0303or uno", True),
        (Text(), "Uno", "uno", False),
        (Id(), "6.1", "6.10", False),
        (Number(), 1, 1.0, True),
        (Date(), DAY, "15/02/2010", True),
        (Date(), DAY, "febrero de 2010", False),
        (Calendar(), "Por definir", "Pendiente", False),
        (Calendar(), DAY, "Continuo", False),
    ],
)
def test_same(type_: ValueType, a: Value, b: Value, same: bool) -> None:
    assert type_.same(a, b) is same


def test_choices_are_written_in_the_language_of_the_sheet() -> None:
    assert STATES.write("done", "es") == "Cumplida"
    assert STATES.write("done", "en") == "Done"
    assert Country().write("USA", "en") == "United States"


def test_raw_cells_as_a_person_sees_them() -> None:
    assert [as_text(x) for x in (None, 6.0, 6.1, dt.time(1, 2))] == ["", "6", "6.1", "01:02:00"]
    assert is_erase(" (BORRAR) ")
    assert is_erase("(erase)")
    assert is_erase("( Borrar )")
    assert not is_erase("borrar")
