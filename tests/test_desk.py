"""The folder of a cycle: it is made once, and inside it no command asks for a path."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from crmxl import desk
from crmxl.cli import cli, program
from crmxl.files import UsageError
from crmxl.reading import read_book
from tests.bench import CANONICAL, EXAMPLES, PLAN

DEADLINE = dt.date(2010, 2, 12)
GIVEN = ("--cycle", "2010-1", "--deadline", "2010-02-12", "--contact", "ST, st@example.org")


def run(*words: str | Path) -> Result:
    result = CliRunner().invoke(cli, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


@pytest.fixture
def cycle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a cycle, in which one stands."""
    canonical = [word for path in CANONICAL for word in ("--canonical", path)]
    assert run("init", tmp_path / "ciclo", *GIVEN, *canonical).exit_code == 0
    monkeypatch.chdir(tmp_path / "ciclo")
    return tmp_path / "ciclo"


def next_line(output: str) -> str:
    return output.partition("Siguiente: ")[2].split("\n")[0]


def test_a_cycle_without_a_path(cycle: Path) -> None:
    assert sorted(path.name for path in cycle.iterdir()) == sorted(
        [*desk.FOLDERS, "cartas", desk.CONFIG, *(path.name for path in CANONICAL)]
    )
    assert next_line(run().output) == "Emitir las plantillas"
    issued = run("issue", "--country", "CRI", "--country", "HND")
    assert [line.split()[-1] for line in issued.output.splitlines()[:2]] == ["emitidos/CRI.xlsx", "emitidos/HND.xlsx"]
    assert next_line(run().output).startswith("Enviar a cada país su archivo")
    assert run("issue").exit_code == 0
    shutil.copy(EXAMPLES / "HND.xlsx", cycle / "entrada")
    assert next_line(run().output).startswith("Revisar lo que llegó")
    assert run("validate").exit_code == 1
    assert sorted(path.name for path in (cycle / "devueltos").iterdir()) == [
        "HND - revisado.txt",
        "HND - revisado.xlsx",
    ]
    run("merge", "--as-of", "2010-03-01")
    said = run().output
    assert "Faltan: Belice, Canadá, Costa Rica, El Salvador, Estados Unidos, Guatemala, México" in said
    assert next_line(said) == "Hacer la copia que puede circular"
    shutil.copy(EXAMPLES / "SLV plan de trabajo.xlsx", cycle / "entrada")
    assert next_line(run().output) == "Revisar lo que llegó (1)"
    run("validate")
    assert next_line(run().output) == "Consolidar lo que llegó desde entonces (1)"
    again = run("merge", "--as-of", "2010-03-01")
    assert again.output.splitlines()[-1] == "Libro consolidado: consolidados/consolidado-2010-1-2.xlsx"
    assert run("status", "--as-of", "2010-03-01").exit_code == 0
    assert run("why", "Avance!C2").output == run("why", "consolidados/consolidado-2010-1-2.xlsx", "Avance!C2").output
    assert next_line(run().output) == "Hacer la copia que puede circular"
    assert "consolidados/circular-2010-1-2.xlsx" in run("publish").output
    assert next_line(run().output).startswith("Hacer circular consolidados/circular-2010-1-2.xlsx")
    shutil.copy(EXAMPLES / "Envío México.ods", cycle / "entrada")
    assert next_line(run().output) == "Revisar lo que llegó (1)"
    run("merge", "--as-of", "2010-03-01")
    assert next_line(run().output).startswith("Decidir en la hoja Decisiones de ese libro (filas: ")


def test_commands_know_the_folder_from_within_it_too(cycle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(cycle / "entrada")
    assert run("issue", "--country", "CRI").output.split()[-1] == "../emitidos/CRI.xlsx"


def test_what_is_given_counts_before_what_the_folder_knows(cycle: Path, tmp_path: Path) -> None:
    run("issue", PLAN, "--cycle", "otro", "--deadline", "2011-01-01", "-o", tmp_path / "otra", "--country", "CRI")
    assert [path.name for path in (tmp_path / "otra").iterdir()] == ["CRI.xlsx"]
    assert list((cycle / "emitidos").iterdir()) == []


def test_outside_of_a_cycle_paths_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for words, missing in ((("merge",), "CANONICAL"), (("status",), "WORKBOOK"), (("issue", PLAN), "--cycle")):
        result = run(*words)
        assert (result.exit_code, f"Falta {missing}." in result.output) == (2, True), result.output


def test_what_is_not_there_yet_is_said(cycle: Path) -> None:
    for words, said in ((("validate",), "No ha llegado nada"), (("merge",), "No ha llegado nada")):
        assert said in run(*words).output
    assert "Todavía no hay un libro consolidado" in run("publish").output
    assert (cycle / "crmxl.toml").is_file()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "ocupado").write_text("")
    with pytest.raises(UsageError, match="No se pudo hacer la carpeta"):
        desk.init(tmp_path / "ocupado", "2010-1", DEADLINE, [PLAN])


def test_init_overwrites_nothing(cycle: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="ya es la carpeta de un ciclo"):
        desk.init(cycle, "2010-2", DEADLINE, [PLAN])
    (tmp_path / "otra").mkdir()
    (tmp_path / "otra" / PLAN.name).write_text("otro libro")
    with pytest.raises(UsageError, match="es otro libro"):
        desk.init(tmp_path / "otra", "2010-2", DEADLINE, [PLAN])


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    made = desk.init(tmp_path / "c", 'El "primero" \\ 2010', DEADLINE, [PLAN], ["Costa Rica", "MEX"], "ST «ñ»")
    assert (made.cycle, made.deadline, made.countries, made.contact) == (
        'El "primero" \\ 2010',
        DEADLINE,
        ("CRI", "MEX"),
        "ST «ñ»",
    )
    assert made == desk.read_desk(tmp_path / "c")
    assert made.next_output.name == "consolidado-El-primero-2010-1.xlsx"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('cycle = "a', "no se entiende"),
        ("", 'cycle = "2010-1"'),
        ('cycle = "a"\ndeadline = "mañana"', "deadline = 2010-02-12"),
        ('cycle = "a"\ndeadline = 2010-02-12\ncanonical = []', 'canonical = ["plan.xlsx"]'),
        (
            'cycle = "a"\ndeadline = 2010-02-12\ncanonical = ["p.xlsx"]\ncontact = ["ST"]',
            'contact = "ST, st@example.org"',
        ),
        ('cycle = "a"\ndeadline = 2010-02-12\ncanonical = ["p.xlsx"]\ncountries = "CRI"', 'countries = ["BLZ", "CAN"]'),
        ('cycle = "a"\ndeadline = 2010-02-12\ncanonical = ["p.xlsx"]\nenglish = "BLZ"', 'english = ["BLZ", "CAN"]'),
    ],
)
def test_a_damaged_crmxl_toml_is_told(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / desk.CONFIG).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as fault:
        desk.read_desk(tmp_path)
    assert said in fault.value.text.es


def test_how_the_marks_moved_over_the_cycles(cycle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("issue", "--country", "HND")
    shutil.copy(EXAMPLES / "HND.xlsx", cycle / "entrada")
    run("merge", "--as-of", "2010-03-01")
    assert run("init", "--cycle", "2010-2", "--deadline", "2010-09-01").exit_code == 0
    following = cycle.parent / "ciclo-2010-2"
    assert sorted(path.name for path in following.glob("*.xlsx")) == ["consolidado-2010-1-1.xlsx"]
    told = run("status", "--history", "--as-of", "2010-03-01")
    rows = [line.split() for line in told.output.splitlines() if "20" in line]
    assert [[cell for cell in row if cell != "│"] for row in rows[:2]] == [
        ["2009", "2009-11-26", "0", "2", "26", "8", "4"],
        ["2010-1", "2010-03-01", "1", "1", "26", "8", "4"],
    ]
    assert "   5.1  por definir desde el ciclo 2009 (2 ciclos)" in told.output.splitlines()
    empty = run("status", PLAN, "--history")
    assert empty.exit_code == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("cycle = ", "cicle = "), "no se sabe qué es «cicle»; hay: cycle, deadline"),
        (("deadline = 2010-02-12", "deadline = 12-02-2010"), "crmxl.toml, línea 10: no se entiende"),
        (('contact = "ST', "contact = ST"), "no se entiende"),
    ],
)
def test_a_slip_in_crmxl_toml_is_told_with_its_line(change: tuple[str, str], said: str, cycle: Path) -> None:
    path = cycle / desk.CONFIG
    path.write_text(path.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    result = run()
    assert (result.exit_code, said in result.output) == (2, True), result.output


def test_a_day_in_quotes_is_a_day_too(cycle: Path) -> None:
    path = cycle / desk.CONFIG
    path.write_text(path.read_text(encoding="utf-8").replace("2010-02-12", '"2010-02-12"'), encoding="utf-8")
    assert desk.read_desk(cycle).deadline == DEADLINE


def test_the_next_cycle_says_what_is_left_of_the_one_before(cycle: Path) -> None:
    run("issue")
    shutil.copy(EXAMPLES / "HND.xlsx", cycle / "entrada")
    run("merge", "--as-of", "2010-03-01")
    shutil.copy(EXAMPLES / "Envío México.ods", cycle / "entrada")
    assert "es el de esta carpeta" in run("init", "--cycle", "2010-1", "--deadline", "2010-09-01").output
    said = run("init", "--cycle", "2010-2", "--deadline", "2010-09-01").output
    assert "Empieza con: consolidado-2010-1-1.xlsx" in said
    assert "Queda en el ciclo anterior: Revisar lo que llegó (1)" in said


def test_a_cycle_that_was_renamed_is_said_by_crmxl_alone(cycle: Path) -> None:
    run("issue", "--country", "CRI")
    path = cycle / desk.CONFIG
    path.write_text(path.read_text(encoding="utf-8").replace('"2010-1"', '"otro"'), encoding="utf-8")
    said = run().output
    assert "se emitieron para «2010-1»" in said
    assert next_line(said) == "Corregir crmxl.toml"


def test_a_consolidated_workbook_that_is_gone_is_said(cycle: Path) -> None:
    run("issue")
    shutil.copy(EXAMPLES / "HND.xlsx", cycle / "entrada")
    run("merge", "--as-of", "2010-03-01")
    (made,) = (cycle / "consolidados").glob("*.xlsx")
    made.unlink()
    assert f"El registro dice que se hizo {made.name}, y no está en consolidados" in run().output
    (cycle / "emitidos" / "CRI.xlsx").unlink()
    assert "ya no están en emitidos: Costa Rica" in run().output
    assert run("issue").exit_code == 0
    assert "ya no están en emitidos" not in run().output


def test_a_return_of_another_cycle_is_told_apart(cycle: Path, tmp_path: Path) -> None:
    run("issue")
    run("issue", PLAN, "--cycle", "2009-2", "--deadline", "2009-08-01", "--country", "NIC", "-o", tmp_path / "antes")
    shutil.copy(tmp_path / "antes" / "NIC.xlsx", cycle / "entrada")
    run("validate")
    said = run().output
    assert "Nicaragua" in said.partition("Faltan: ")[2].split("\n")[0]
    told = run("validate").output
    (line,) = [line for line in told.splitlines() if line.startswith("│ Nicaragua")]
    assert "recibido, de otro ciclo" in line
    assert "Nicaragua (sólo de otro ciclo)" in run("merge", "--as-of", "2010-03-01").output


def test_init_asks_for_what_it_needs_and_asks_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(program, "is_answered", lambda: True)
    shutil.copy(PLAN, tmp_path / "plan.xlsx")
    answers = [
        "2010-1",
        "31 de febrero de 2010",
        "12 de febrero de 2010",
        " ",
        "otro.xlsx",
        "plan.xlsx",
        "Costa Rica, Narnia",
        "Costa Rica, Belice",
        "ninguno",
        "ST",
        "ciclo",
    ]
    result = CliRunner().invoke(cli, ["init"], input="\n".join(answers) + "\n")
    assert result.exit_code == 0, result.output
    for said in (
        "no es un día",
        "Escriba el nombre de un libro",
        "otro.xlsx",
        "No es un libro de",
        "«Narnia» no es un país",
    ):
        assert said in result.output
    made = desk.read_desk(tmp_path / "ciclo")
    assert (made.cycle, made.deadline, made.countries, made.english, made.contact) == (
        "2010-1",
        DEADLINE,
        ("CRI", "BLZ"),
        (),
        "ST",
    )
    again = CliRunner().invoke(cli, ["init"], input="2010-2\n2010-08-12\n\n\n\nST\notro\n")
    assert "[los once]" in again.output
    assert "[BLZ, CAN, USA]" in again.output
    assert desk.read_desk(tmp_path / "otro").english == desk.ENGLISH


def test_the_secretariat_says_in_which_language_a_country_is_written_to(tmp_path: Path, issued: Path) -> None:
    made = desk.init(tmp_path / "c", "2010-1", DEADLINE, [PLAN], english=["SLV"])
    for english, country, names in (((), "BLZ", "Instructions"), (made.english, "SLV", "Instructions")):
        words = [word for code in english for word in ("--english", code)]
        folder = tmp_path / country
        run("issue", PLAN, "--cycle", "2010-1", "--deadline", "2010-02-12", "--country", country, *words, "-o", folder)
        assert read_book(folder / f"{country}.xlsx").grids[0].name == names
    assert (made.lang("SLV"), made.lang("BLZ")) == ("en", "es")


def test_without_paths_the_last_two_versions_are_compared(cycle: Path, tmp_path: Path) -> None:
    run("issue")
    assert "Todavía no hay un libro consolidado" in run("diff").output
    shutil.copy(EXAMPLES / "HND.xlsx", cycle / "entrada")
    run("merge", "--as-of", "2010-03-01")
    first = run("diff")
    assert first.exit_code == 0
    names = ", ".join(path.name for path in CANONICAL)
    assert first.output.splitlines()[-1].endswith(f"({names} → consolidado-2010-1-1.xlsx)")
    shutil.copy(EXAMPLES / "SLV plan de trabajo.xlsx", cycle / "entrada")
    run("merge", "--as-of", "2010-03-01")
    told = run("diff").output
    assert told.splitlines()[-1].endswith("(consolidado-2010-1-1.xlsx → consolidado-2010-1-2.xlsx)")
    assert "Honduras" not in told
    assert run("diff", PLAN).exit_code == 2
    assert (
        "No es el último consolidado" in run("publish", "consolidados/consolidado-2010-1-1.xlsx", "-o", "x.xlsx").output
    )


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_crmxl_toml_as_an_editor_of_windows_saves_it(encoding: str, cycle: Path) -> None:
    path = cycle / desk.CONFIG
    text = path.read_text(encoding="utf-8").replace("ST, st@example.org", "Secretaría Técnica")
    path.write_bytes(text.encode(encoding))
    assert desk.read_desk(cycle).contact == "Secretaría Técnica"


def test_nothing_more_is_asked_of_a_file_that_was_replaced(cycle: Path) -> None:
    run("issue")
    shutil.copy(EXAMPLES / "HND.xlsx", cycle / "entrada")
    first = run("validate")
    assert (first.exit_code, "1 archivo; con errores: HND.xlsx" in first.output) == (1, True)
    copy = openpyxl.load_workbook(cycle / "devueltos" / "HND - revisado.xlsx")
    right = {"Estado": "Cumplida", "Fecha": "15 de febrero de 2010", "Pena mínima": "4 años", "Pena máxima": "8 años"}
    for row in copy["Correcciones"].iter_rows(min_row=7):
        if row[1].value == "Necesaria":
            copy[row[2].value][row[3].value].value = right[row[4].value]
    copy.save(cycle / "entrada" / "HND - revisado.xlsx")
    again = run("validate")
    assert again.exit_code == 0, again.output
    assert "HND.xlsx — sustituido por un envío posterior de su país" in again.output
    assert "2 archivos, sin errores" in again.output
    assert run("merge", "--as-of", "2010-03-01").exit_code == 0
    assert sorted(path.relative_to(cycle / "devueltos").as_posix() for path in cycle.glob("devueltos/**/*.xlsx")) == [
        "HND - revisado.xlsx",
        "reemplazados/HND - revisado.xlsx",
    ]


def test_what_was_typed_into_the_register_counts_for_where_the_cycle_stands(cycle: Path) -> None:
    run("issue")
    shutil.copy(EXAMPLES / "HND.xlsx", cycle / "entrada")
    run("validate")
    assert "Nicaragua" in run().output.partition("Faltan: ")[2]
    book = openpyxl.load_workbook(cycle / "registro.xlsx")
    rows = list(book["Países"].iter_rows())
    head = next(row for row in rows if any(cell.value == "Sin novedades, avisó el" for cell in row))
    column = next(cell.column for cell in head if cell.value == "Sin novedades, avisó el")
    line = next(row for row in rows if row[0].value == "Nicaragua")
    book["Países"].cell(line[0].row, column).value = "2010-02-01"
    book.save(cycle / "registro.xlsx")
    assert "Nicaragua" not in run().output.partition("Faltan: ")[2]
    book["Países"].cell(line[0].row, column).value = "pronto"
    book.save(cycle / "registro.xlsx")
    said = run().output
    assert "registro.xlsx, Países!F14: No se entiende" in said
    assert next_line(said) == "Corregir registro.xlsx"
