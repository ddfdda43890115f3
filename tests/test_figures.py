"""Indicators, statistics and the directory: what is asked, what it comes to, what of it circulates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crmxl import cycle
from crmxl.definition import Record
from crmxl.kinds import BY_KEY
from crmxl.kinds.figures import indicators, statistics
from crmxl.tallying import tallied
from crmxl.values import Figure, Unreadable
from tests.bench import AS_OF, CYCLE, DEADLINE, REGISTERS

INDICATORS = BY_KEY["indicators"]


@pytest.fixture(scope="module")
def merged(registers: Path) -> Path:
    """The example's registers, consolidated."""
    return registers / "consolidado.xlsx"


@pytest.fixture(scope="module")
def circulating(merged: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("circular") / "circular.xlsx"
    cycle.publish(merged, path, AS_OF)
    return path


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (12, 12),
        (12.5, 12.5),
        ("12,5", 12.5),
        ("1 204", 1204),
        ("1.204.500", 1204500),
        ("45 %", 45),
        ("0", 0),
        ("n.d.", "no_data"),
        ("Sin datos", "no_data"),
        ("No aplica", "not_applicable"),
        ("<5", "<5"),
        ("Sí", "yes"),
        (True, "yes"),
        (dt.datetime(2004, 5, 10), dt.date(2004, 5, 10)),
        ("10 de mayo de 2004", "10 de mayo de 2004"),
    ],
)
def test_a_figure_tells_apart_a_number_none_and_why_there_is_none(written: Any, value: Any) -> None:
    assert Figure().read(written) == value
    assert Figure().read(Figure().write(value, "es")) in (value, str(value))


@pytest.mark.parametrize(("written", "code"), [("n/a", "C115"), ("1.204", "C116"), ("muchas", "C117"), (-1, "C117")])
def test_what_can_be_read_in_two_ways_is_asked(written: Any, code: str) -> None:
    read = Figure().read(written)
    assert isinstance(read, Unreadable)
    assert read.code.name == code


def test_the_42_candidates_of_which_some_repeat() -> None:
    blank = list(indicators())
    assert [row["id"] for row in blank] == [f"IND-{n:02}" for n in range(1, 43)]
    asked = [str(row["id"]) for row in indicators(("2009", "2009-1", "2009-2"))]
    assert [n for n in asked if n.startswith(("IND-01", "IND-12", "IND-35"))] == [
        "IND-01",
        "IND-12.2009",
        "IND-35.2009-1",
        "IND-35.2009-2",
    ]
    assert "Propuesta" in BY_KEY["indicators"].notes[0].es


def test_parts_leave_nobody_out() -> None:
    rows = [row for row in statistics(("2009",)) if str(row["id"]).startswith("EST-V")]
    wholes = [row for row in rows if "part_of" not in row]
    assert [row["id"] for row in wholes] == ["EST-V.2009"]
    assert wholes[0]["same_as"] == "IND-21.2009"
    assert {row["dimension"] for row in rows if "part_of" in row} == {"sex", "age", "form", "origin"}
    assert all(row["part_of"] == "EST-V.2009" for row in rows if "part_of" in row)


def answers(**values: Any) -> list[Record]:
    return [Record(("IND-12.2009", code), {"value": value}) for code, value in values.items()]


MEMBERS = ("BLZ", "CAN", "CRI", "SLV", "USA", "GTM", "HND", "MEX", "NIC", "PAN", "DOM")


@pytest.mark.parametrize(
    ("told", "total"),
    [
        (dict.fromkeys(MEMBERS, 2), 22),
        (dict.fromkeys(MEMBERS, 2) | {"BLZ": "not_applicable"}, 20),
        (dict.fromkeys(MEMBERS, 2) | {"BLZ": 0}, 20),
        (dict.fromkeys(MEMBERS, 2) | {"BLZ": "no_data"}, None),
        (dict.fromkeys(MEMBERS, 2) | {"BLZ": "<5"}, None),
        (dict.fromkeys(MEMBERS[1:], 2), None),
        ({}, None),
    ],
)
def test_a_total_is_formed_where_no_part_is_missing_only(told: dict[str, Any], total: int | None) -> None:
    item = next(row for row in indicators(("2009",)) if row["id"] == "IND-12.2009")
    assert INDICATORS.tally is not None
    found = tallied(
        INDICATORS,
        INDICATORS.tally,
        {"indicators": [Record(("IND-12.2009",), item)], "indicators.answers": answers(**told)},
    )
    assert found.lines[0].total == total


def column(path: Path, sheet: str, heading: str, keys: int = 2) -> dict[tuple[Any, ...], Any]:
    """A column of a sheet, by the first cells of its rows."""
    rows = list(openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True))
    head = next(place for place, row in enumerate(rows) if heading in row)
    across = rows[head].index(heading)
    return {row[:keys]: row[across] for row in rows[head + 1 :]}


def test_the_consolidated_workbook_is_exact_and_the_circulating_one_hides_small_counts(
    merged: Path, circulating: Path
) -> None:
    exact, shown = column(merged, "Cifras", "Valor"), column(circulating, "Cifras", "Valor")
    small = {key for key, value in exact.items() if isinstance(value, int) and 0 < value < 5}
    assert len(small) > 20
    assert {shown[key] for key in small} == {"s"}  # they all stand in sums
    assert {key for key, value in shown.items() if value != exact[key] and value != "s"} == set()
    alone = column(circulating, "Valores", "Valor")
    assert {value for key, value in alone.items() if isinstance(value, str) and value.startswith("<")} == {"<5"}
    assert exact["EST-V.2008", "Costa Rica"] == 2
    assert shown["EST-V.2008", "Costa Rica"] == column(circulating, "Valores", "Valor")["IND-21.2008", "Costa Rica"]


def texts(path: Path) -> Iterator[str]:
    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                yield from (str(text) for text in (cell.value, cell.comment and cell.comment.text) if text is not None)


def test_the_directory_never_circulates(merged: Path, circulating: Path) -> None:
    assert any("@example.org" in text for text in texts(merged))
    assert not any("@example.org" in text or "persona ficticia" in text for text in texts(circulating))
    names = openpyxl.load_workbook(circulating).sheetnames
    assert not {"Directorio", "Enlaces", "Cuadro de enlaces"} & set(names)
    assert {"Cuadro de indicadores", "Cuadro de estadísticas", "Gráficos"} <= set(names)


def test_a_role_that_nobody_has_and_one_that_has_expired_are_told(merged: Path) -> None:
    short = column(merged, "Cuadro de enlaces", "Guatemala (GTM)", 1)
    assert (short["ENL-1",], short["ENL-2",], short["ENL-4",]) == ("N", "N†", "V")
    lacking = column(merged, "Cuadro de enlaces", "A quién le falta", 1)
    assert lacking["ENL-2",] == "GTM"


def test_what_was_consolidated_goes_into_the_next_templates(merged: Path, tmp_path: Path) -> None:
    cycle.issue([merged], "2010-2", dt.date(2010, 8, 13), tmp_path, ["CRI"])
    shown = column(tmp_path / "CRI.xlsx", "Estadísticas", "Valor", 1)
    assert shown["EST-V.2008",] == 2


def test_the_limit_is_chosen(merged: Path, tmp_path: Path) -> None:
    cycle.publish(merged, tmp_path / "3.xlsx", AS_OF, limit=3)
    cycle.publish(merged, tmp_path / "11.xlsx", AS_OF, limit=11)
    few, many = (column(tmp_path / f"{n}.xlsx", "Valores", "Valor") for n in (3, 11))
    assert sum(v == "<3" for v in few.values()) < sum(v == "<11" for v in many.values())


def returned(folder: Path, name: str, restriction: str = "libre", **values: dict[str, Any]) -> None:
    """A return of Honduras to the registers: cells by their heading, by the number of the row."""
    book = openpyxl.load_workbook(folder / "emitidos" / "HND.xlsx")
    for number, told in values.items():
        row_id = re.sub("^EST[.]", "EST-", number.replace("_", ".")).replace("IND", "IND-").replace("sex", "sex-")
        sheet = next(
            s for s in (book["Indicadores"], book["Estadísticas"]) for r in s.iter_rows() if r[0].value == row_id
        )
        heads = {cell.value: cell.column for cell in sheet[6]}
        line = next(row[0].row for row in sheet.iter_rows() if row[0].value == row_id)
        for heading, value in told.items():
            sheet.cell(line, heads[heading]).value = value
    labels = {str(c.value): c for row in book["Instrucciones"].iter_rows() for c in row if c.value}
    for label, value in (("Tipo de envío", "parcial"), ("Restricción de uso", restriction)):
        book["Instrucciones"].cell(labels[label].row, labels[label].column + 1).value = value
    (folder / "recibidos").mkdir(exist_ok=True)
    book.save(folder / "recibidos" / f"{name}.xlsx")


@pytest.fixture
def honduras(tmp_path: Path) -> Path:
    cycle.issue([REGISTERS], CYCLE, DEADLINE, tmp_path / "emitidos", ["HND"])
    return tmp_path


def published(folder: Path) -> Path:
    path = folder / "consolidado.xlsx"
    cycle.consolidate([REGISTERS], [folder / "recibidos"], path, AS_OF, issued=folder / "emitidos")
    return cycle.publish(path, folder / "circular.xlsx", AS_OF).path


def test_a_rate_goes_with_what_it_is_made_of(honduras: Path) -> None:
    told = {"IND14_2008": {"Valor": 20}, "IND15_2008": {"Valor": "n.d."}, "IND17_2008": {"Valor": 10}}
    returned(honduras, "a", **told, IND14_2009={"Valor": 20}, IND15_2009={"Valor": 6}, IND17_2009={"Valor": 30})
    shown = column(published(honduras), "Valores", "Valor")
    assert [shown[f"IND-{n}", "Honduras"] for n in ("14.2008", "15.2008", "17.2008")] == [20, "n.d.", "s"]
    assert [shown[f"IND-{n}", "Honduras"] for n in ("14.2009", "15.2009", "17.2009")] == [20, 6, 30]


def test_what_is_written_beside_a_hidden_figure_goes_in_words_too(honduras: Path) -> None:
    returned(
        honduras,
        "a",
        EST_V_2008={"Valor": 20, "Detalle": "Veinte víctimas, tres de ellas hombres"},
        EST_V_2008_sexf={"Valor": 17},
        EST_V_2008_sexm={"Valor": 3, "Detalle": "Tres hombres"},
        EST_V_2008_sexu={"Valor": 0},
        IND12_2008={"Valor": 30, "Detalle": "Treinta investigaciones"},
    )
    path = published(honduras)
    shown = column(path, "Cifras", "Valor")
    assert [shown[f"EST-V.2008{n}", "Honduras"] for n in ("", ".sex-f", ".sex-m", ".sex-u")] == [20, "s", "s", 0]
    said = set(texts(path))
    assert not {text for text in said if ("hombres" in text and "víctimas" in text) or text == "Tres hombres"}
    assert "Treinta investigaciones" in said


def test_a_restricted_count_is_not_told_by_the_others(honduras: Path) -> None:
    returned(honduras, "a", "sólo la ST", EST_V_2008_sexm={"Valor": 0})
    told = {"EST_V_2008": {"Valor": 25}, "EST_V_2008_sexf": {"Valor": 25}, "EST_V_2008_sexu": {"Valor": 0}}
    returned(honduras, "b", **told)
    shown = column(published(honduras), "Cifras", "Valor")
    assert shown["EST-V.2008", "Honduras"] == 25
    assert shown["EST-V.2008.sex-f", "Honduras"] == "s"
    assert ("EST-V.2008.sex-m", "Honduras") not in shown
    board = column(honduras / "circular.xlsx", "Cuadro de estadísticas", "Honduras (HND)", 1)
    assert board["EST-V.2008.sex-m",] == "R"
    without = column(honduras / "circular.xlsx", "Cuadro de estadísticas", "Sin dato", 1)
    assert "HND" not in str(without["EST-V.2008.sex-m",])
