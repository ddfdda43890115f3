"""Review copies: what a country gets back, and what it sends when it has corrected it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crmxl.files import UsageError
from crmxl.findings import Place, finding
from crmxl.messages import Code
from crmxl.reading import read_book
from crmxl.receiving import open_issued, receive, write_reviews
from crmxl.review import mail, review
from crmxl.submission import read_submission
from tests.bench import FILLABLE, Bench, Cells, without_anchors

WRONG: Cells = {
    ("1.1", "state"): "Hecho",
    ("1.1", "progress"): "Se publicó la ley",
    ("1.2", "date"): "31 de febrero de 2010",
    ("2.1", "state"): "Cumplida",
    ("9.3", "calendar"): "Mayo de 2010",
    ("N1", "activity"): "Foro regional",
    ("N1", "responsible"): "México",
    ("N1", "calendar"): "2011",
}


@pytest.fixture
def returned(issued: Path, tmp_path: Path) -> Path:
    """Costa Rica's template filled in with what is right and what is wrong."""
    book = openpyxl.load_workbook(issued / "CRI.xlsx")
    sheet: Any = book["Plan"]
    heads = {sheet.cell(6, c).value: c for c in range(1, 15)}
    rows = {sheet.cell(r, 1).value: r for r in range(7, 60)}
    titles = {"state": "Estado", "progress": "Avance", "date": "Fecha", "calendar": "CALENDARIO",
              "activity": "ACTIVIDADES", "responsible": "RESPONSABLE"}  # fmt: skip
    for (number, column), text in WRONG.items():
        sheet.cell(rows[number], heads[titles[column]]).value = text
    book["Instrucciones"]["C20"].value = None
    for row in book["Instrucciones"].iter_rows():
        for cell in row:
            if cell.value == "Tipo de envío":
                book["Instrucciones"].cell(cell.row, cell.column + 1).value = "parcial"
    path = tmp_path / "respuesta CRI.xlsx"
    book.save(path)
    return path


def checked(path: Path, issued: Path, folder: Path) -> Any:
    """The review copy of a file, opened."""
    (made,) = write_reviews(receive([path], open_issued(issued), {}), folder)
    return openpyxl.load_workbook(made.copy), made


def test_the_first_sheet_lists_what_to_correct_with_links(returned: Path, issued: Path, tmp_path: Path) -> None:
    book, made = checked(returned, issued, tmp_path / "devueltos")
    assert made.copy.name == "respuesta CRI - revisado.xlsx"
    assert book.sheetnames[:2] == ["Correcciones", "Instrucciones"]
    sheet = book["Correcciones"]
    listed = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=7)]
    assert [(row[1], row[2], row[3], row[10], row[7]) for row in listed if row[1] == "Necesaria"] == [
        ("Necesaria", "Plan", "I7", None, "Hecho"),
        ("Necesaria", "Plan", "K8", None, "31 de febrero de 2010"),
    ]
    assert sheet["D7"].hyperlink.location == "'Plan'!I7"


def test_the_answers_stand_in_their_places_and_what_is_wrong_is_marked(
    returned: Path, issued: Path, tmp_path: Path
) -> None:
    book, _ = checked(returned, issued, tmp_path)
    plan = book["Plan"]
    assert (plan["I7"].value, plan["J7"].value, plan["K8"].value) == (
        "Hecho",
        WRONG["1.1", "progress"],
        WRONG["1.2", "date"],
    )
    assert plan["I7"].fill.fgColor.rgb == "FFFFC7CE"
    assert plan["I7"].comment.author == "crmxl"
    assert "no es una de las opciones" in plan["I7"].comment.text
    assert plan["I9"].value == "Cumplida"
    assert plan["I9"].fill.fgColor.rgb == "FFFFF9DB"
    assert plan["E47"].value == "Foro regional"
    assert plan.data_validations.dataValidation  # the rules are there again


def test_corrected_and_sent_back_it_is_a_return_like_any_other(returned: Path, issued: Path, tmp_path: Path) -> None:
    book, _ = checked(returned, issued, tmp_path)
    book["Plan"]["I7"].value, book["Plan"]["K8"].value = "Cumplida", "28 de febrero de 2010"
    book["Correcciones"]["J7"].value = "Se corrigió el estado"
    book.save(tmp_path / "otra vez.xlsx")
    (again,) = receive([tmp_path / "otra vez.xlsx"], open_issued(issued), {})
    (first,) = receive([returned], open_issued(issued), {})
    assert [f.code.name for f in again.findings if f.severity == "error"] == []
    assert again.sent.after(first.sent)
    assert again.comments == ()
    (told,) = again.strays
    assert (told.reason.name, told.value) == ("EXPLANATION", "Se corrigió el estado")
    assert getattr(told.label, "es", "") == "Aclaración del país · Plan!I7"
    answers = {r.key[0]: dict(r.values) for r in again.records["plan"]}
    assert answers["1.1"]["state"] == "done"
    assert answers["1.2"]["date"] == "28 de febrero de 2010"
    assert answers["N1"]["activity"] == "Foro regional"


def test_what_the_country_explains_is_not_asked_again(returned: Path, issued: Path, tmp_path: Path) -> None:
    book, _ = checked(returned, issued, tmp_path)
    assert book["Correcciones"]["F7"].value.startswith("«Hecho» no es una de las opciones")
    book["Correcciones"]["J7"].value = "Lo hizo la fiscalía"
    book["Correcciones"]["J8"].value = "Fue el 1 de marzo"
    book["Plan"]["J9"].value = "una palabra más"
    book.save(tmp_path / "otra vez.xlsx")
    (again,) = receive([tmp_path / "otra vez.xlsx"], open_issued(issued), {})
    told = [(f.severity, f.place.cell, f.explained) for f in again.findings if f.explained]
    assert told == [("note", "I7", "Lo hizo la fiscalía"), ("note", "K8", "Fue el 1 de marzo")]
    assert [f.code.name for f in again.findings if f.severity == "error"] == []
    assert again.findings[0].advice("es").startswith("El país explica: «Lo hizo la fiscalía».")
    copy, made = checked(tmp_path / "otra vez.xlsx", issued, tmp_path / "b")
    sheet = copy["Correcciones"]
    rows = {row[3].value: (row[1].value, row[9].value) for row in sheet.iter_rows(min_row=7)}
    assert rows["I7"] == ("Explicada", "Lo hizo la fiscalía")
    assert copy["Plan"]["I7"].comment is None
    assert "Nothing" not in made.mail.read_text(encoding="utf-8")
    copy.save(tmp_path / "tercera.xlsx")
    (third,) = receive([tmp_path / "tercera.xlsx"], open_issued(issued), {})
    assert [f.explained for f in third.findings if f.explained] == ["Lo hizo la fiscalía", "Fue el 1 de marzo"]


def test_another_answer_in_the_same_cell_is_asked_about(returned: Path, issued: Path, tmp_path: Path) -> None:
    book, _ = checked(returned, issued, tmp_path)
    book["Correcciones"]["J7"].value = "Lo hizo la fiscalía"
    book["Plan"]["I7"].value = "Casi"
    book.save(tmp_path / "otra vez.xlsx")
    (again,) = receive([tmp_path / "otra vez.xlsx"], open_issued(issued), {})
    assert [(f.place.cell, f.explained) for f in again.findings if f.code.name == "C101"] == [("I7", "")]


def test_a_copy_that_nobody_touched_is_no_sending(
    returned: Path, issued: Path, tmp_path: Path, soffice: Callable[[Path, str], Path]
) -> None:
    """Left among the returns, it would take the place of what the country sent."""
    _, made = checked(returned, issued, tmp_path / "a")
    for path in (made.copy, soffice(made.copy, "xlsx:Calc MS Excel 2007 XML"), soffice(made.copy, "ods")):
        (untouched,) = receive([path], open_issued(issued), {})
        assert [f.code.name for f in untouched.findings][:1] == ["B106"]
        assert not untouched.accepted
    book = openpyxl.load_workbook(made.copy)
    book["Plan"]["J9"].value = "una palabra más"
    book.save(tmp_path / "x.xlsx")
    (again,) = receive([tmp_path / "x.xlsx"], open_issued(issued), {})
    assert again.accepted


def test_rows_that_were_moved_are_back_in_their_places(bench: Bench) -> None:
    book = bench.fill("CRI", {("1.1", "state"): "Hecho"}, type="parcial")
    grid = book.grid("Plan")
    assert grid is not None
    turned = {(51 - r if 6 <= r <= 45 else r, c): raw for (r, c), raw in grid.cells.items()}
    moved = without_anchors(book)
    grids = tuple(replace(g, cells=turned) if g.name == "Plan" else g for g in moved.grids)
    (submission,) = bench.read(replace(book, grids=grids))
    found = review(submission, FILLABLE)
    (wrong,) = [f for f in submission.findings if f.code.name == "C101"]
    assert wrong.place.cell == "I46"
    assert found.spots[submission.findings.index(wrong)] == (("plan", "1.1", "state"),)
    assert found.rows["plan"][0].values["state"] == "Hecho"


def test_the_reply_says_how_much_there_is_to_do(bench: Bench) -> None:
    (submission,) = bench.read(bench.fill("CRI", {("1.1", "state"): "Hecho"}, type="parcial"))
    text = mail(review(submission, FILLABLE), "copia.xlsx")
    assert text.startswith("Estimadas y estimados colegas de Costa Rica:")
    assert "encontramos 1 corrección necesaria." in text
    assert "copia.xlsx" in text
    assert "1. Plan, I7: «Hecho» no es una de las opciones" in text
    (english,) = bench.read(bench.fill("BLZ", {("1.1", "state"): "Finished it"}, type="partial"))
    assert "1 point to correct" in mail(review(english, FILLABLE), "copy.xlsx")
    (fine,) = bench.read(bench.fill("CRI", {("1.1", "state"): "Cumplida"}, type="parcial"))
    assert "está en orden" in mail(review(fine, FILLABLE), "copia.xlsx")


def test_a_file_that_cannot_be_read_gets_a_reply_and_the_list(tmp_path: Path) -> None:
    path = tmp_path / "respuesta.xlsx"
    path.write_bytes(b"%PDF-1.4 ...")
    (made,) = write_reviews(receive([path], {}, {}), tmp_path / "devueltos")
    assert openpyxl.load_workbook(made.copy).sheetnames == ["Correcciones"]
    assert "No pudimos usar el archivo respuesta.xlsx. No es un libro de Excel" in made.mail.read_text("utf-8")


def test_the_country_is_not_told_what_the_secretariat_has_to_do(returned: Path, tmp_path: Path) -> None:
    """Without the issued copies there is no template to return, and the points say what the country can do."""
    (made,) = write_reviews(receive([returned], {}, {}), tmp_path / "devueltos")
    assert openpyxl.load_workbook(made.copy).sheetnames == ["Correcciones"]
    text = made.mail.read_text("utf-8")
    assert "--issued" not in text
    assert "no podemos devolverle una copia" in text


def test_copies_are_not_written_among_the_returns(returned: Path, issued: Path) -> None:
    with pytest.raises(UsageError, match="está entre los envíos"):
        write_reviews(receive([returned], open_issued(issued), {}), returned.parent / "rev", [returned])


def test_two_files_of_one_name_get_two_copies(returned: Path, issued: Path, tmp_path: Path) -> None:
    other = tmp_path / "b" / returned.name
    other.parent.mkdir()
    other.write_bytes(returned.read_bytes())
    made = write_reviews(receive([returned, other], open_issued(issued), {}), tmp_path / "c")
    assert [item.copy.name for item in made] == [
        "respuesta CRI - revisado.xlsx",
        "respuesta CRI - revisado (2).xlsx",
    ]


def test_a_review_of_a_review_is_the_same(returned: Path, issued: Path, tmp_path: Path) -> None:
    book, _ = checked(returned, issued, tmp_path / "a")
    book["Plan"]["J9"].value = "una palabra más"
    book.save(tmp_path / "x.xlsx")
    _, again = checked(tmp_path / "x.xlsx", issued, tmp_path / "b")
    plans = [dict(read_book(path).grid("Plan").cells) for path in (tmp_path / "x.xlsx", again.copy)]  # type: ignore[union-attr]
    assert plans[0] == plans[1]
    known = open_issued(issued)
    numbers = [read_submission(read_book(path), FILLABLE, known).number for path in (tmp_path / "x.xlsx", again.copy)]
    assert numbers == [2, 3]


def test_what_a_cell_could_not_calculate_is_left_to_be_filled_in(bench: Bench) -> None:
    """An error or a formula without a value, written as a text, would come back as an answer."""
    book = bench.fill("CRI", {("1.1", "progress"): "#DIV/0!", ("1.1", "state"): "Cumplida"}, type="parcial")
    grid = book.grid("Plan")
    assert grid is not None
    spot = next(at for at, raw in grid.cells.items() if raw == "#DIV/0!")
    below = (spot[0] + 1, spot[1])
    grids = tuple(
        replace(g, errors=frozenset((spot,)), unsaved={below: "=SUM(A1"}) if g is grid else g for g in book.grids
    )
    (read,) = bench.read(replace(book, grids=grids))
    found = review(read, FILLABLE)
    rows = {record.key[0]: record for record in found.rows["plan"]}
    assert rows["1.1"].values["state"] == "done"
    assert "progress" not in rows["1.1"].values | rows["1.2"].values
    assert ("plan", "1.1", "progress") in found.marked


def test_notes_of_a_copy_are_no_comments_but_what_is_written_below_them_is(
    returned: Path, issued: Path, tmp_path: Path
) -> None:
    book, _ = checked(returned, issued, tmp_path / "copias")
    note = next(cell.comment for row in book["Plan"].iter_rows() for cell in row if cell.comment)
    note.author = ""
    assert "Responda en la hoja Correcciones" in note.text
    note.text += "\nYa se corrigió. Gracias"
    book.save(tmp_path / "CRI.xlsx")
    (back,) = receive([tmp_path / "CRI.xlsx"], open_issued(issued), {})
    assert [comment.value for comment in back.comments] == ["Ya se corrigió. Gracias"]


def test_the_block_of_the_sending_is_corrected_in_the_copy(returned: Path, issued: Path, tmp_path: Path) -> None:
    """What could not be read there stands as it was written, marked and linked like any answer."""
    book = openpyxl.load_workbook(returned)
    page: Any = book["Instrucciones"]
    cells = {row[1].value: page.cell(row[1].row, 3) for row in page.iter_rows() if len(row) > 1}
    cells["Número de este envío"].value, cells["Restricción de uso"].value = "dos", "pública"
    book.save(returned)
    copy, _ = checked(returned, issued, tmp_path / "devueltos")
    page = copy["Instrucciones"]
    spots = [cells[name].coordinate for name in ("Número de este envío", "Restricción de uso")]
    assert [page[spot].value for spot in spots] == ["dos", "pública"]
    assert {page[spot].fill.fgColor.rgb for spot in spots} == {"FFFFC7CE"}
    links = [row[3].hyperlink.location for row in copy["Correcciones"].iter_rows(min_row=7) if row[3].hyperlink]
    assert links[:2] == [f"'Instrucciones'!{spot}" for spot in spots]


def test_what_asks_for_nothing_comes_last_and_the_points_are_counted_on(bench: Bench) -> None:
    cells: Cells = {("1.1", "state"): "Hecho", ("2.1", "date"): "31 de febrero de 2010"}
    (first,) = bench.read(bench.fill("CRI", cells, type="parcial"))
    noted = replace(first, findings=(finding(Code.M109, Place(first.source), keys="2.1 → 2.2"), *first.findings))
    found = review(noted, FILLABLE)
    assert [f.severity for f in found.findings] == ["error", "error", "note"]
    points = [line.split(".")[0].strip() for line in mail(found, "copia.xlsx").splitlines() if line.startswith("  ")]
    assert points == ["1", "2"]


def test_fixed_cells_that_were_changed_are_not_to_be_corrected(bench: Bench) -> None:
    (read,) = bench.read(bench.fill("CRI", {("1.1", "section"): "Otra"}, type="parcial"))
    assert [f.code.name for f in read.findings] == ["A101"]
    assert review(read, FILLABLE).marked == {}
