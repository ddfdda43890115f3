"""The contents of a consolidated workbook: every sheet by what it is for, with a link and a line on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crmxl.definition import Kind
from crmxl.text import B, Bilingual, Lang
from crmxl.writing import styles
from crmxl.writing.sheet import Sheet, Workbook
from crmxl.writing.summary import SUMMARY
from crmxl.writing.tallies import CHARTS
from crmxl.writing.views import ATTEND, CHANGES, CONTENTS, FINDINGS, REFERENCES

READ, DATA, REGISTERS, OWN = (
    B("Para leer", "To read"),
    B("Datos", "Data"),
    B("Registros de la Secretaría Técnica", "The Technical Secretariat's registers"),
    B("Otras hojas", "Other sheets"),
)
"""The groups of sheets, in their order."""
_TABS = {READ: "#548235", DATA: "#2F5597", REGISTERS: "#7F7F7F", OWN: "#BFBFBF"}
_ABOUT: tuple[tuple[Bilingual, Bilingual], ...] = (
    (SUMMARY, B("Una página: quién envió, qué está vencido o por definir", "One page: who sent, what is overdue")),
    (ATTEND, B("Lo que pide atención, lo más urgente primero", "What asks for attention, most urgent first")),
    (CHANGES, B("Qué cambió desde el libro anterior", "What has changed since the workbook before")),
    (FINDINGS, B("Qué se encontró en cada archivo, y qué hacer", "What was found in each file, and what to do")),
    (REFERENCES, B("En qué reunión descansa cada actividad", "On which meeting each activity rests")),
    (CHARTS, B("Cifras de los países, lado a lado", "The countries' figures, side by side")),
)
_WORKED_ON = B("Para decidir: lo amarillo se llena", "To decide: the yellow cells are filled in")


def write_contents(
    sheet: Sheet, workbook: Workbook, kinds: Sequence[Kind], registers: frozenset[str], lang: Lang
) -> None:
    """Fill the sheet, and colour the tabs of the others by what they are for."""
    known = {name: told for name, *told in _known(kinds, registers, lang)}
    sheet.text(0, 0, CONTENTS[lang], styles.TITLE)
    sheet.widths((30, 80))
    row = 1
    for group in (READ, DATA, REGISTERS, OWN):
        names = [name for name in workbook.names if name != sheet.name and _group(name, known) == group]
        if not names:
            continue
        row += 1
        sheet.text(row, 0, group[lang], styles.SUBTITLE)
        for name in names:
            row += 1
            sheet.internal_link(row, 0, name, "A1", name, styles.LINK)
            about = known[name][1] if name in known else None
            sheet.text(row, 1, about[lang] if about else "", styles.CELL)
            workbook.colour(name, _TABS[group])
        row += 1
    sheet.raw.hide_gridlines(2)
    sheet.print_setup(landscape=False)


def _group(name: str, known: dict[str, list[Bilingual]]) -> Bilingual:
    return known[name][0] if name in known else OWN


def _known(kinds: Sequence[Kind], registers: frozenset[str], lang: Lang) -> Iterator[tuple[str, Bilingual, Bilingual]]:
    """The sheets that are ours: their names, their groups, what stands in them."""
    for name, about in _ABOUT:
        yield name[lang], READ, about
    for kind in kinds:
        for board in (kind.board, kind.tally):
            if board:
                yield board.sheet[lang], READ, board.title
        group = REGISTERS if kind.key in registers else DATA
        title = kind.title or kind.sheet
        if kind.key == "decisions":
            yield kind.sheet[lang], READ, _WORKED_ON
        else:
            yield kind.sheet[lang], group, title
        if kind.answers_table:
            answers = B("{title}: lo que responde cada país", "{title}: what each country answers").format(title=title)
            yield kind.answers_table.sheet[lang], group, answers
