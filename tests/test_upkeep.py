"""Between cycles: finished activities pass to the Histórico, periods are opened, groups' actions become one draft."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crmxl import blanks, cycle, upkeep
from crmxl.cycle import MergeResult
from crmxl.files import UsageError
from crmxl.kinds import BY_KEY
from tests.bench import CANONICAL, EXAMPLES, PLAN, ROOT
from tests.test_desk import run

LATER = dt.date(2010, 4, 1)


def rows(path: Path, sheet: str) -> dict[str, dict[str, Any]]:
    """The rows of a data sheet by their first cell, each by its headings."""
    told = list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))
    head = next(place for place, row in enumerate(told) if row[0] in ("Nº", "País"))
    return {str(row[0]): dict(zip(map(str, told[head]), row, strict=True)) for row in told[head + 1 :]}


@pytest.fixture(scope="module")
def archived(example: MergeResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archivo") / "a.xlsx"
    upkeep.archive(example.path, path, LATER, ["1.1", "12.6"])
    return path


def test_what_is_finished_passes_with_its_result_its_day_and_its_number(archived: Path) -> None:
    assert not {"1.1", "12.6"} & rows(archived, "Plan").keys()
    row = rows(archived, "Histórico")["A.1.1"]
    assert (row["Nº anterior"], row["Nº impreso"]) == ("1.1", "1. | 1.1 | 1.1.1 | 1.1.1.1")
    assert row["Pasó al histórico"].date() == LATER
    assert "Costa Rica: Cumplida; EJEMPLO: informe presentado en la última reunión.; Fecha: diciembre de 2009" in str(
        row["RESULTADO"]
    )
    assert not any(str(key) == "1.1" for key in rows(archived, "Avance"))


def test_the_registers_stay_as_they_are(archived: Path, example: MergeResult) -> None:
    before, after = (cycle.open_canonical([path]) for path in (example.path, archived))
    for name in ("reception", "provenance", "set_aside", "evolution"):
        assert [record.values for record in after.of(name)] == [record.values for record in before.of(name)]
    told = run("diff", example.path, archived).output
    assert "Nº anterior: «1.1»" in told


def test_a_number_is_never_given_again(archived: Path) -> None:
    from crmxl.consolidation import load
    from crmxl.kinds import KINDS

    tables, _, _, _ = load(cycle.open_canonical([archived]), KINDS, "es")
    last = tables.rows["plan"]["12.5",]
    assert tables.add("plan", {"objective": last["objective"], "activity": "Otra"}) == "12.7"


def test_returns_to_templates_of_before_are_told_what_became_of_the_row(
    archived: Path, issued: Path, tmp_path: Path
) -> None:
    result = cycle.consolidate([archived], [EXAMPLES], tmp_path / "c.xlsx", LATER, issued=issued)
    told = {f.code.name for r in result.consolidation.receptions for f in r.findings}
    assert "M108" in told
    counts = dict(result.consolidation.counts)
    assert counts.pop("read") == sum(counts.values())


def test_a_reference_to_an_archived_activity_is_none_to_something_missing(tmp_path: Path) -> None:
    history = rows(ROOT / "workbooks" / "plan-de-trabajo-2009.xlsx", "Histórico")
    assert any("Referirse al punto 6.3" in str(cell) for row in history.values() for cell in row.values())
    upkeep.archive(PLAN, tmp_path / "a.xlsx", LATER, ["6.3"])
    assert [f for f in cycle.doubts([tmp_path / "a.xlsx"]) if f.code.name == "R203"] == []


@pytest.mark.parametrize(
    ("items", "said"),
    [(["99.9"], "No hay una actividad 99.9"), ([], "Ninguna actividad"), (["2.2"], "preguntas abiertas")],
)
def test_what_cannot_be_archived_is_said(items: list[str], said: str, example: MergeResult, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=said):
        upkeep.archive(example.path, tmp_path / "a.xlsx", LATER, items)
    assert not (tmp_path / "a.xlsx").exists()


def test_what_situacion_says_is_archived_without_being_named(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(PLAN)
    sheet = book["Plan"]
    head = next(row for row in sheet.iter_rows() if row[0].value == "Nº")
    column = next(cell.column for cell in head if cell.value == "Situación")
    line = next(row[0].row for row in sheet.iter_rows() if row[0].value == "4.6")
    sheet.cell(line, column).value = "Pasar al histórico"
    book.save(tmp_path / "plan.xlsx")
    told = run("archive", tmp_path / "plan.xlsx", "-o", tmp_path / "a.xlsx", "--as-of", "2010-04-01")
    assert "4.6    → A.4.6" in told.output
    assert "Al Histórico: 1, a la fecha 2010-04-01" in told.output
    assert cycle.open_canonical([tmp_path / "a.xlsx"]).of("meetings")


def test_a_period_is_opened_beside_those_that_are_there(tmp_path: Path) -> None:
    book = ROOT / "workbooks" / "registros.xlsx"
    assert run("period", book, "2025", "2025-1", "-o", tmp_path / "r.xlsx").exit_code == 0
    numbers = [number for number in rows(tmp_path / "r.xlsx", "Estadísticas") if number.startswith("EST-V")]
    assert [n for n in numbers if n.count(".") == 1] == ["EST-V.2024", "EST-V.2025"]
    indicators = list(rows(tmp_path / "r.xlsx", "Indicadores"))
    assert indicators[indicators.index("IND-12.2024") + 1] == "IND-12.2025"
    assert [n for n in indicators if n.startswith("IND-35")] == ["IND-35.2024-1", "IND-35.2024-2", "IND-35.2025-1"]
    assert "ya pregunta por esos períodos" in run("period", book, "2024", "-o", tmp_path / "x.xlsx").output
    assert "no es un año" in run("period", book, "24", "-o", tmp_path / "x.xlsx").output


def group(path: Path, *told: dict[str, str]) -> Path:
    """What a working group fills in."""
    blanks.template(["group_work"], path, "es")
    book = openpyxl.load_workbook(path)
    sheet: Any = book["Aportes de grupo"]
    heads = {cell.value: cell.column for cell in sheet[6]}
    for row, values in enumerate(told, start=7):
        for heading, text in values.items():
            sheet.cell(row, heads[heading]).value = text
    book.save(path)
    return path


def test_groups_make_one_draft_and_nothing_is_dropped(tmp_path: Path) -> None:
    one = group(
        tmp_path / "g1.xlsx",
        {"Grupo": "1. Inteligencia/Investigación", "Facilitador": "OIM", "Relator": "Costa Rica",
         "Acción": "Compartir de manera periódica información sobre identificación de documentos falsos",
         "Países": "Países miembros", "Responsable": "ST", "Período": "2018", "Indicador": "Boletines"},
        {"Grupo": "1", "Acción": "Formar equipos de investigación", "Países": "México", "Responsable": "México",
         "Período": "2019"},
    )  # fmt: skip
    two = group(
        tmp_path / "g5.xlsx",
        {"Grupo": "Grupo 5", "Acción": "Formar los equipos de investigación", "Países": "Guatemala y Honduras",
         "Responsable": "Guatemala", "Período": "2019"},
    )  # fmt: skip
    told = run("draft", one, two, "--against", PLAN, "-o", tmp_path / "b.xlsx")
    assert told.exit_code == 0, told.output
    assert "R111" in told.output
    plan = rows(tmp_path / "b.xlsx", "Plan tráfico")
    assert [(row["Eje"], row["Facilitador"], row["Relator"]) for row in plan.values()] == [
        ("Eje 1. Inteligencia e investigación", "OIM", "Costa Rica"),
        ("Eje 1. Inteligencia e investigación", "OIM", "Costa Rica"),
        ("Eje 4. Protección y soluciones migratorias", None, None),
    ]
    alike = list(openpyxl.load_workbook(tmp_path / "b.xlsx")["Parecidos"].iter_rows(values_only=True))[1:]
    assert [(row[0], row[2], row[3]) for row in alike] == [
        ("TIM-1", "Plan", "12.4"),
        ("TIM-2", "Plan tráfico", "TIM-3"),
    ]
    axes = [
        row[:1] + row[4:] for row in openpyxl.load_workbook(tmp_path / "b.xlsx")["Ejes"].iter_rows(values_only=True)
    ]
    assert ("2017-5", "2019-4") in axes
    cycle.issue([tmp_path / "b.xlsx"], "2018-1", dt.date(2018, 6, 1), tmp_path / "emitidos", ["CRI"])
    assert BY_KEY["smuggling_plan"].sheet.es in openpyxl.load_workbook(tmp_path / "emitidos" / "CRI.xlsx").sheetnames


def test_what_is_no_input_of_a_group_is_said(tmp_path: Path) -> None:
    told = run("draft", CANONICAL[0], "-o", tmp_path / "b.xlsx")
    assert told.exit_code == 2
    assert "Ningún archivo trae aportes de un grupo" in told.output
    assert not (tmp_path / "b.xlsx").exists()


def test_what_was_sent_for_the_secretariat_only_does_not_circulate_from_the_historico(
    example: MergeResult, tmp_path: Path
) -> None:
    upkeep.archive(example.path, tmp_path / "a.xlsx", LATER, ["4.3"])
    row = rows(tmp_path / "a.xlsx", "Histórico")["A.4.3"]
    assert "Honduras: En proceso; EJEMPLO: campaña en diseño." in str(row["Resultado, sólo para la ST"])
    assert "Honduras" not in str(row["RESULTADO"])
    cycle.publish(tmp_path / "a.xlsx", tmp_path / "p.xlsx", LATER)
    told = {str(c.value) for s in openpyxl.load_workbook(tmp_path / "p.xlsx") for r in s.iter_rows() for c in r}
    assert not any("campaña en diseño" in text for text in told)


def test_draft_says_what_it_cannot_use(tmp_path: Path) -> None:
    one = group(tmp_path / "g.xlsx", {"Grupo": "2", "Países": "Narnia"}, {"Acción": "Sola"})
    told = run("draft", one, "-o", tmp_path / "b.xlsx")
    assert [row["Acción"] for row in rows(tmp_path / "b.xlsx", "Plan tráfico").values()] == [None, "Sola"]
    assert "R111" in told.output
    assert told.output.count("R102") == 2
    (tmp_path / "vacio.xlsx").write_bytes(b"")
    assert run("draft", one, "--against", tmp_path / "vacio.xlsx", "-o", tmp_path / "c.xlsx").exit_code == 2


def test_a_workbook_from_before_the_historico_had_its_new_columns_reads(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(PLAN)
    sheet = book["Histórico"]
    head = next(row for row in sheet.iter_rows() if row[0].value == "Nº")
    for title in ("Pasó al histórico", "Nº anterior", "Resultado, sólo para la ST"):
        sheet.delete_cols(next(cell.column for cell in head if cell.value == title))
        head = next(row for row in sheet.iter_rows() if row[0].value == "Nº")
    book.save(tmp_path / "plan.xlsx")
    old = cycle.open_canonical([tmp_path / "plan.xlsx"])
    assert [f.code.name for f in old.findings if f.place.sheet == "Histórico"] == []
    assert len(old.of("history")) == len(cycle.open_canonical([PLAN]).of("history"))
    upkeep.archive(tmp_path / "plan.xlsx", tmp_path / "a.xlsx", LATER, ["4.6"])
    assert rows(tmp_path / "a.xlsx", "Histórico")["A.4.6"]["Nº anterior"] == "4.6"
