"""The commands as an official runs them: what they print, write and return."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import openpyxl
import pytest
from click.testing import CliRunner, Result

import crmxl
from crmxl.cli import cli, program, run
from crmxl.reading import read_book
from tests.bench import CANONICAL, EXAMPLES, PLAN, ROOT, type_decision

COMMANDS = ("demo", "template", "issue", "validate", "merge", "publish", "status", "when")

MERGE = ("merge", *CANONICAL, "--submissions", EXAMPLES)


def crm(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], prog_name="crmxl")


def data(*arguments: object) -> Any:
    result = crm(*arguments, "--format", "json")
    return json.loads(result.stdout)


def test_demo_ends_with_the_path_of_the_consolidated_workbook(tmp_path: Path) -> None:
    result = crm("demo", tmp_path / "d")
    assert result.exit_code == 0
    path = Path(result.stdout.strip().splitlines()[-1])
    assert path.is_file()
    assert "consolid" in path.name
    assert tmp_path in path.parents
    assert "No enviaron: Belice, Nicaragua" in result.stdout
    again = crm("demo", tmp_path / "d")
    assert again.exit_code == 0
    assert again.stdout == result.stdout


def test_the_demo_does_not_mix_with_real_returns(tmp_path: Path) -> None:
    (tmp_path / "recibidos").mkdir()
    (tmp_path / "recibidos" / "CRI.xlsx").write_bytes(b"")
    refused = crm("demo", tmp_path)
    assert refused.exit_code == 2
    assert "dé una carpeta nueva" in refused.stderr
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["CRI.xlsx", "recibidos"]


def test_demo_in_english(tmp_path: Path) -> None:
    result = crm("--lang", "en", "demo", tmp_path / "d")
    assert "Did not send: Belize, Nicaragua" in result.stdout
    target = Path(result.stdout.strip().splitlines()[-1])
    assert "consolid" in target.name
    grids = read_book(target).grids
    names = [grid.name for grid in grids]
    assert names[:4] == ["Summary", "Contents", "To attend", "Progress table"]
    assert names[4:7] == ["Trafficking table", "Smuggling table", "Liaison table"]
    assert names[7:12] == ["Indicators table", "Statistics table", "Charts", "Decisions", "Plan"]
    tops = {grid.name: grid.cells.get((0, 0)) for grid in grids}
    assert tops["Decisions"] == "Conflicts and proposals to decide"
    assert tops["Meetings"] == "Meetings of the RCM and the RCGM"
    assert tops["Evolution"] == "How each activity changed, cycle by cycle"
    assert crm("status", target, "--lang", "en").exit_code == 0


def test_merge_json_has_the_shape_that_scripts_hold_on_to(issued: Path, tmp_path: Path) -> None:
    target = tmp_path / "c.xlsx"
    made = data(*MERGE, "--issued", issued, "-o", target, "--as-of", "2010-03-01")
    assert set(made) == {
        "consolidated", "as_of", "received", "missing", "conflicts", "proposals", "decided", "errors", "warnings",
        "comments", "cells",
    }  # fmt: skip
    assert (made["consolidated"], made["as_of"], made["missing"]) == (str(target), "2010-03-01", ["BLZ", "NIC"])
    assert (made["conflicts"], made["proposals"], made["decided"], made["errors"]) == (1, 6, 0, 4)
    cells = made["cells"]
    assert cells.pop("read") == sum(cells.values())
    assert {r["country"] for r in made["received"]} == {"CAN", "CRI", "SLV", "USA", "GTM", "HND", "MEX", "PAN", "DOM"}
    assert [r["files"] for r in made["received"] if r["superseded"]] == [["SLV plan de trabajo.xlsx"]]
    assert all(len(r["sha256"]) == 64 and r["accepted"] for r in made["received"])


def test_validate_json_and_its_exit_code(issued: Path) -> None:
    files = [EXAMPLES / "HND.xlsx", EXAMPLES / "Panamá sin novedades.xlsx"]
    made = data("validate", *files, "--issued", issued)
    assert [(m["file"], m["country"], m["cycle"], m["accepted"]) for m in made] == [
        ("HND.xlsx", "HND", "2010-1", True),
        ("Panamá sin novedades.xlsx", "PAN", "2010-1", True),
    ]
    codes = {(f["code"], f["severity"], f["sheet"], f["cell"], f["found"]) for f in made[0]["findings"]}
    assert codes == {
        ("C101", "error", "Plan", "I7", "Hecho"),
        ("C102", "error", "Plan", "K14", "31 de febrero de 2010"),
        ("C110", "error", "Matriz tráfico", "L18", "2010-12-08"),
        ("R104", "error", "Matriz tráfico", "M19", None),
    }
    assert all(f["message"] and f["advice"] for f in made[0]["findings"])
    assert made[1]["findings"] == []
    assert crm("validate", files[0], "--issued", issued).exit_code == 1
    assert crm("validate", files[1], "--issued", issued).exit_code == 0


PLANTED = {
    "HND.xlsx": {"C101", "C102", "C110", "R104"},
    "Rep. Dominicana - plan (1).xls": {"S106", "S110"},
    "Guatemala_matriz_avance_2010.xlsx": {"R105"},
}
"""What is wrong in the examples on purpose, whatever program and format saved them."""


def test_no_example_without_a_planted_error_raises_an_alarm(issued: Path) -> None:
    for made in data("validate", EXAMPLES, "--issued", issued):
        assert {f["code"] for f in made["findings"]} == PLANTED.get(made["file"], set()), made["file"]


def test_status_json() -> None:
    made = data("status", PLAN, "--as-of", "2010-03-01")
    assert made["counts"] == {
        "overdue": 1, "due_soon": 0, "on_time": 1, "continuous": 26, "undefined": 8, "pending": 4, "done": 0,
        "unreadable": 0,
    }  # fmt: skip
    (late,) = [item for item in made["items"] if item["mark"] == "overdue"]
    assert {key: late[key] for key in ("id", "section", "calendar", "begin", "end", "days_late", "sheet", "cell")} == {
        "id": "2.2", "section": "A", "calendar": "Febrero 2010.", "begin": "2010-02-01", "end": "2010-02-28",
        "days_late": 1, "sheet": "Plan", "cell": "G13",
    }  # fmt: skip
    (undefined,) = [item for item in made["items"] if item["id"] == "7.1"]
    assert (undefined["mark"], undefined["calendar"], undefined["cell"]) == ("undefined", "", "G32")


def test_status_in_words() -> None:
    result = crm("status", PLAN, "--as-of", "2010-03-01")
    assert "venció el 28/02/2010, hace 1 día" in result.stdout
    assert "2010-03-01" in result.stdout


def test_issue_writes_one_template_a_country_or_the_ones_asked_for(tmp_path: Path) -> None:
    arguments = ("issue", PLAN, "--cycle", "2010-1", "--deadline", "2010-02-12", "-o", tmp_path / "e")
    assert crm(*arguments, "--country", "Costa Rica", "--country", "USA").exit_code == 0
    assert sorted(p.name for p in (tmp_path / "e").iterdir()) == ["CRI.xlsx", "USA.xlsx"]
    assert crm(*arguments).exit_code == 0
    assert len(list((tmp_path / "e").iterdir())) == 11
    refused = crm("issue", PLAN, "--cycle", "2010-2", "--deadline", "2010-06-12", "-o", tmp_path / "e")
    assert refused.exit_code == 2
    assert "emita en otra carpeta" in refused.stderr


def test_template_lists_and_makes_blanks(tmp_path: Path) -> None:
    assert "plan" in crm("template").stdout
    assert crm("template", "plan", "-o", tmp_path / "p.xlsx").exit_code == 0
    assert (tmp_path / "p.xlsx").is_file()
    assert crm("template", "nada", "-o", tmp_path / "q.xlsx").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("status", "no-existe.xlsx"), "No existe: no-existe.xlsx"),
        (("validate", "no-existe"), "No existe: no-existe"),
        (("merge", PLAN, "--submissions", "no-hay", "-o", "x.xlsx"), "No existe: no-hay"),
        (("merge", EXAMPLES / "HND.xlsx", "--submissions", EXAMPLES, "-o", "x.xlsx"), "plantilla de país"),
        (("status", ROOT / "README.md"), "no sirve como libro canónico"),
        (("validate", EXAMPLES, "--issued", "no-hay"), "No existe: no-hay"),
        (("validate", EXAMPLES, "--country", "HND.xlsx"), "--country espera ARCHIVO=PAÍS"),
        (("validate", EXAMPLES, "--country", "HND.xlsx=Hondura"), "¿Quiso decir Honduras?"),
        (("validate", EXAMPLES, "--country", "otro.xlsx=CRI"), "no está"),
        (
            ("issue", PLAN, "--cycle", "x", "--deadline", "2010-01-01", "--country", "Perú", "-o", "e"),
            "no es un país miembro",
        ),
        (("demo", ROOT / "README.md"), "no es una carpeta"),
    ],
)
def test_wrong_use_ends_with_2_and_says_why(
    arguments: tuple[object, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = crm(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_wrong_use(tmp_path: Path) -> None:
    assert crm("validate", tmp_path).exit_code == 2


def test_files_that_are_no_returns_cost_a_finding_each_and_the_others_are_merged(issued: Path, tmp_path: Path) -> None:
    sent = tmp_path / "recibidos"
    sent.mkdir()
    (sent / "vacio.xlsx").write_bytes(b"")
    (sent / "carta.docx").write_bytes(b"%PDF-1.4")
    (sent / "~$HND.xlsx").write_bytes(b"lock")
    shutil.copy(EXAMPLES / "Panamá sin novedades.xlsx", sent)
    shutil.copy(PLAN, sent)
    target = tmp_path / "c.xlsx"
    result = crm("merge", *CANONICAL, "--submissions", sent, "--issued", issued, "-o", target, "--format", "json")
    assert result.exit_code == 1
    made = json.loads(result.stdout)
    assert {tuple(r["files"]): (r["country"], r["accepted"]) for r in made["received"]} == {
        ("vacio.xlsx",): (None, False),
        ("carta.docx",): (None, False),
        ("plan-de-trabajo-2009.xlsx",): (None, False),
        ("Panamá sin novedades.xlsx",): ("PAN", True),
    }
    (canonical,) = data("validate", sent / PLAN.name, "--issued", issued)
    assert [f["code"] for f in canonical["findings"]] == ["F111"]
    again = crm("merge", target, "--submissions", sent, "--issued", issued, "-o", tmp_path / "d.xlsx")
    assert again.exit_code == 1, again.output
    assert crm("status", target).exit_code == 0


def test_country_is_told_by_path_where_names_are_alike(bench: Any, tmp_path: Path) -> None:
    for folder, text in (("x", "uno"), ("y", "dos")):
        (tmp_path / folder).mkdir()
        blank = tmp_path / folder / "plan.xlsx"
        crm("template", "plan", "-o", blank)
        import openpyxl

        book = openpyxl.load_workbook(blank)
        book["Plan"]["E7"] = text
        book.save(blank)
    ambiguous = crm("validate", tmp_path / "x", tmp_path / "y", "--country", "plan.xlsx=CRI")
    assert ambiguous.exit_code == 2
    named = f"{tmp_path / 'x' / 'plan.xlsx'}=CRI"
    made = data("validate", tmp_path / "x", tmp_path / "y", "--country", named)
    assert [m["country"] for m in made] == ["CRI", None]


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_command_has_help_and_an_example(name: str, lang: str) -> None:
    text = crm("--lang", lang, name, "--help").stdout
    assert f"crmxl {name}" in text
    assert {"es": "Ejemplo", "en": "Example"}[lang] in text


def test_help_lists_the_commands_in_the_language_asked_for() -> None:
    assert "Consolida los envíos" in crm("--help").stdout
    assert "Merges the returns" in crm("--lang", "en", "--help").stdout
    alone = crm()
    assert alone.exit_code == 0
    assert [line.split()[1] for line in alone.stdout.splitlines() if line.startswith("     crmxl")] == [
        "issue",
        "validate",
        "merge",
    ]


def test_a_fault_of_the_program_is_one_line_and_a_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("crmxl.cycle.marks", broken)
    with pytest.raises(SystemExit) as stopped:
        run(["status", str(PLAN)])
    assert stopped.value.code == 3
    said = capsys.readouterr().err
    assert "Traceback" not in said
    report = Path(re.search(r"(\S+\.txt)", said)[1])  # type: ignore[index]
    assert "boom" in report.read_text(encoding="utf-8")
    report.unlink()


def test_readme_speaks_of_every_command_and_its_python_runs() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"`crmxl {name} " in text or f"crmxl {name} " in text
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert code is not None
    done = subprocess.run([sys.executable, "-c", code[1]], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "Febrero 2010." in done.stdout


def test_the_library_has_a_function_for_every_command(issued: Path) -> None:
    for name in crmxl.__all__:
        assert getattr(crmxl, name) is not None
    (checked,) = crmxl.validate([EXAMPLES / "HND.xlsx"], issued)
    assert checked.country == "HND"
    with pytest.raises(AttributeError):
        crmxl.nothing  # noqa: B018


def test_issue_tells_of_answers_whose_activity_is_gone(tmp_path: Path, issued: Path) -> None:
    """The number of an activity was changed by hand in a consolidated workbook."""
    crm(*MERGE, "--issued", issued, "-o", tmp_path / "c.xlsx", "--as-of", "2010-03-01")
    book = openpyxl.load_workbook(tmp_path / "c.xlsx")
    page: Any = book["Plan"]
    next(row[0] for row in page.iter_rows() if row[0].value == "2.2").value = "2.9"
    book.save(tmp_path / "d.xlsx")
    whole, changed = (
        crm("issue", tmp_path / name, "--cycle", "2010-2", "--deadline", "2010-08-13", "-o", tmp_path / name[0])
        for name in ("c.xlsx", "d.xlsx")
    )
    assert (whole.exit_code, changed.exit_code) == (0, 0)
    assert "S114" not in whole.stdout
    assert "S114  Avance" in changed.stdout
    assert "ya no están en «Plan»: 2.2." in changed.stdout


def test_decisions_that_were_written_are_not_overwritten(issued: Path, tmp_path: Path) -> None:
    """A merge of one return that proposes a date, with its own issued copy."""
    sent, copies, target = tmp_path / "recibidos", tmp_path / "emitidos", tmp_path / "c.xlsx"
    for folder, path in ((sent, EXAMPLES / "Plan de Trabajo CRI FINAL (2).xlsx"), (copies, issued / "CRI.xlsx")):
        folder.mkdir()
        shutil.copy(path, folder)
    given = ("--submissions", sent, "--issued", copies)
    arguments = ("merge", PLAN, *given, "-o", target, "--as-of", "2010-03-01")
    assert crm(*arguments).exit_code == 0
    assert crm(*arguments).exit_code == 0
    type_decision(target, "Mantener")
    before = target.read_bytes()
    refused = crm(*arguments)
    assert refused.exit_code == 2
    assert "aún no se aplicaron (1)" in refused.stderr
    assert target.read_bytes() == before
    applied = crm("merge", target, *given, "-o", tmp_path / "d.xlsx", "--format", "json")
    assert json.loads(applied.stdout)["decided"] == 1


def test_what_is_written_is_an_excel_workbook_and_blanks_do_not_replace_data(tmp_path: Path) -> None:
    assert crm(*MERGE, "-o", tmp_path / "x.pdf").exit_code == 2
    filled = tmp_path / "plan.xlsx"
    shutil.copy(EXAMPLES / "HND.xlsx", filled)
    assert crm("template", "plan", "-o", filled).exit_code == 2
    assert filled.read_bytes() == (EXAMPLES / "HND.xlsx").read_bytes()


def test_issued_copies_are_looked_after(issued: Path, tmp_path: Path) -> None:
    """A damaged copy is named; one that was filled in is not written over."""
    copies = tmp_path / "e"
    copies.mkdir()
    (copies / "CRI.xlsx").write_bytes((issued / "CRI.xlsx").read_bytes()[:5000])
    refused = crm("validate", EXAMPLES / "HND.xlsx", "--issued", copies)
    assert refused.exit_code == 2
    assert "CRI.xlsx" in refused.stderr
    shutil.copy(EXAMPLES / "HND.xlsx", copies / "HND.xlsx")
    arguments = ("--cycle", "2010-1", "--deadline", "2010-02-12", "--country", "HND", "-o", copies)
    again = crm("issue", *CANONICAL, *arguments)
    assert again.exit_code == 2
    assert "ya fue llenado" in again.stderr


def test_two_canonical_workbooks_that_differ_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    book = openpyxl.load_workbook(PLAN)
    sheet: Any = book["Reuniones"]
    next(cell for row in sheet.iter_rows() for cell in row if cell.value == "Puebla").value = "México"
    book.save(path)
    refused = crm("issue", path, CANONICAL[1], "--cycle", "x", "--deadline", "2010-01-01", "-o", tmp_path / "e")
    assert refused.exit_code == 2
    assert "está en dos libros canónicos y no dicen lo mismo. Número de filas: 1" in refused.stderr


def test_when_tells_how_an_expression_is_understood() -> None:
    made = data(
        "when", "I Trimestre del 2018", "antes de cada reunión de la CRM y del GRCM", "03/04/2012", "febreo de 2010"
    )
    keys = ("kind", "begin", "end", "precision", "recurs")
    assert [tuple(m[key] for key in keys) for m in made] == [
        ("period", "2018-01-01", "2018-03-31", "quarter", None),
        ("event", None, None, None, "CRM+GRCM"),
        ("ambiguous", None, None, None, None),
        ("unreadable", None, None, None, None),
    ]
    assert [r["begin"] for r in made[2]["readings"]] == ["2012-04-03", "2012-03-04"]
    assert (made[3]["slip"], made[3]["suggestion"]) == ("febreo", "febrero de 2010")
    assert crm("when", "febreo de 2010").exit_code == 1
    said = crm("when", "Febrero 2010.", "--as-of", "2010-03-01")
    assert said.exit_code == 0
    days = "del 1 de febrero de 2010 al 28 de febrero de 2010"
    assert said.stdout.strip() == f"Febrero 2010.: período, {days}, al 1 de marzo de 2010, terminó hace 1 día"
    assert "did you mean “febrero de 2010”?" in crm("when", "febreo de 2010", "--lang", "en").stdout


def test_a_bar_on_a_terminal_when_reading_takes_more_than_a_moment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [Path("a.xlsx"), Path("b.xlsx"), Path("c.xlsx")]
    seconds = iter([0.0, 0.5, 1.5, 2.5])
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(program, "current_lang", lambda: "es")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert list(program.watched(paths, lambda: next(seconds))) == paths
    assert "Leyendo los envíos" in capsys.readouterr().err
    assert list(program.watched(paths, lambda: 0.0)) == paths
    assert capsys.readouterr().err == ""


def test_no_bar_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    paths = [Path("a.xlsx")] * 3
    seconds = iter([0.0, 5.0, 9.0])
    assert list(program.watched(paths, lambda: next(seconds))) == paths
    assert capsys.readouterr().err == ""


def test_patterns_are_left_to_click_which_expands_them_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """PowerShell does not expand `*.xlsx`; click does, where it reads the command line itself."""
    seen: list[Any] = []
    monkeypatch.setattr(click.Group, "main", lambda _self, args=None, *_a, **_k: seen.append(args))
    monkeypatch.setattr(sys, "argv", ["crmxl", "status", "*.xlsx"])
    with pytest.raises(SystemExit):
        cli.main()
    assert seen == [None]
