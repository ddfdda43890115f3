"""Views: sheets made anew from the data sheets each time, and never read back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from crmxl import members
from crmxl.citations import Cited, cited
from crmxl.comparison import Comparison
from crmxl.consolidation import Consolidation
from crmxl.dates import spoken
from crmxl.definition import Column, Kind
from crmxl.findings import Finding
from crmxl.marks import MARK_LABELS
from crmxl.messages import Code, Severity
from crmxl.registers import OUTCOMES, Change, Reception
from crmxl.status import Item, attended, calendar_text, count
from crmxl.tables import shown
from crmxl.text import B, Bilingual, Lang, unique
from crmxl.writing import styles
from crmxl.writing.sheet import Sheet, Style, Workbook

SUMMARY = B("Resumen", "Summary")
ATTEND = B("Por atender", "To attend")
CHANGES = B("Cambios", "Changes")
FINDINGS = B("Hallazgos", "Findings")
RECEPTION_SHEET = B("Recepción", "Reception")
RECEPTION_FIRST_ROW = 3
"""Where the register of files stands, to which findings lead; its first row of data, from 0."""
REFERENCES = B("Referencias", "References")
VIEWS: tuple[Bilingual, ...] = (SUMMARY, ATTEND, CHANGES, FINDINGS, REFERENCES)
"""The views beside the boards of the kinds."""

NOT_TO_CIRCULATE = B("No circular: uso interno de la Secretaría Técnica", "Not for circulation: internal use of the TS")
SEVERITIES: dict[Severity, Bilingual] = {
    "error": B("Error", "Error"),
    "warning": B("Advertencia", "Warning"),
    "note": B("Nota", "Note"),
}
_OUTCOME_LABELS: dict[str, Bilingual] = {
    "merged": B("Incorporadas", "Merged"),
    "unchanged": B("Sin cambio", "Unchanged"),
    "proposed": B("Propuestas", "Proposed"),
    "conflicting": B("En conflicto", "Conflicting"),
    "superseded": B("Sustituidas", "Superseded"),
    "set_aside": B("Apartadas", "Set aside"),
}


def _head(sheet: Sheet, row: int, labels: Iterable[Bilingual], lang: Lang) -> None:
    sheet.across(row, 0, (label[lang] for label in labels), styles.HEADER)


def _table_setup(sheet: Sheet, header: int, rows: int, columns: int) -> None:
    sheet.raw.freeze_panes(header + 1, 0)
    if rows:
        sheet.raw.autofilter(header, 0, header + rows, columns - 1)
    sheet.print_setup(header)


def reception_state(receptions: Sequence[Reception]) -> Bilingual:
    """How a country's return stands, from everything that it sent."""
    usable = [r for r in receptions if r.submission.accepted and not r.superseded]
    if not receptions:
        return B("No recibido", "Not received")
    if not usable:
        return B("Recibido, apartado", "Received, set aside")
    if any(f.severity == "error" for r in usable for f in r.findings):
        return B("Recibido con errores", "Received with errors")
    nothing = all(r.submission.type == "nothing" for r in usable)
    if nothing and Code.E103 not in (f.code for r in usable for f in r.findings):
        return B("Sin novedades", "Nothing to report")
    return B("Recibido", "Received")


def write_summary(
    workbook: Workbook,
    result: Consolidation,
    items: Sequence[Item],
    comparisons: Sequence[Comparison],
    as_of: dt.date,
    lang: Lang,
    mark_range: str,
) -> None:
    """The first page: as-of date, marks, who answered, what is to be decided, and the count of every cell."""
    sheet = workbook.sheet(SUMMARY[lang], styles.NAVY)
    sheet.widths((32, 18, 16, 12, 12, 40))
    sheet.text(
        0,
        0,
        B("Consolidado de la red", "Consolidated workbook of the network")[lang],
        styles.TITLE,
    )
    line = B("Ciclo {cycle} · a la fecha {day}", "Cycle {cycle} · as of {day}")
    cycle = result.cycle or "—"
    sheet.text(1, 0, line.format(cycle=cycle, day=B(spoken(as_of), spoken(as_of, "en")))[lang], styles.SUBTITLE)
    sheet.text(2, 0, NOT_TO_CIRCULATE[lang], {"bold": True, "font_color": "#9C0006"})
    row = _summary_marks(sheet, items, lang, mark_range, 4) if items else 2
    legal = [comparison for comparison in comparisons if comparison.board.legal]
    row = _summary_answers(sheet, legal, lang, row + 2) if legal else row
    row = _summary_countries(sheet, result, lang, row + 2)
    row = _summary_questions(sheet, result, lang, row + 2)
    _summary_cells(sheet, result, lang, row + 2)
    sheet.raw.hide_gridlines(2)
    sheet.raw.activate()
    sheet.print_setup(landscape=False)


def _summary_marks(sheet: Sheet, items: Sequence[Item], lang: Lang, mark_range: str, row: int) -> int:
    _head(sheet, row, (B("Marca", "Mark"), B("Actividades", "Activities")), lang)
    first = row + 1
    for mark, number in count(items).items():
        row += 1
        sheet.text(row, 0, MARK_LABELS[mark][lang], styles.mark_style(mark))
        sheet.formula(row, 1, f"=COUNTIF({mark_range},A{row + 1})", number, styles.CELL)
    row += 1
    sheet.text(row, 0, B("Total", "Total")[lang], {**styles.CELL, "bold": True})
    sheet.formula(row, 1, f"=SUM(B{first + 1}:B{row})", len(items), {**styles.CELL, "bold": True})
    return row


def _summary_answers(sheet: Sheet, comparisons: Sequence[Comparison], lang: Lang, row: int) -> int:
    """The answers to the matrices: how many of each, and from how many countries."""
    _head(sheet, row, (B("Respuestas", "Answers"), *(comparison.board.sheet for comparison in comparisons)), lang)
    for option in comparisons[0].options:
        row += 1
        sheet.text(row, 0, option.label[lang], styles.tone_style(option.tone))
        for place, comparison in enumerate(comparisons, start=1):
            sheet.value(row, place, comparison.count(option.key), styles.CELL)
    lines: tuple[tuple[Bilingual, Callable[[Comparison], int]], ...] = (
        (B("Sin respuesta", "No answer"), lambda c: sum(len(members.CODES) - len(line.cells) for line in c.lines)),
        (B("Por confirmar por el país", "To be confirmed by the country"), _tentative),
        (B("Preguntas", "Questions"), lambda c: len(c.lines)),
        (B("Países que respondieron", "Countries that answered"), _answering),
    )
    for label, number in lines:
        row += 1
        sheet.text(row, 0, label[lang], {**styles.CELL, "bold": True})
        for place, comparison in enumerate(comparisons, start=1):
            sheet.value(row, place, number(comparison), {**styles.CELL, "bold": True})
    return row


def _answering(comparison: Comparison) -> int:
    """How many countries have an answer that is their own: not only what was noted for them."""
    return len({cell.country for line in comparison.lines for cell in line.cells.values() if not cell.tentative})


def _tentative(comparison: Comparison) -> int:
    return sum(cell.tentative for line in comparison.lines for cell in line.cells.values())


def _summary_countries(sheet: Sheet, result: Consolidation, lang: Lang, row: int) -> int:
    labels = (
        B("País", "Country"),
        B("Estado del envío", "State of the return"),
        B("Archivos", "Files"),
        B("Errores", "Errors"),
        B("Advertencias", "Warnings"),
    )
    _head(sheet, row, labels, lang)
    for member in members.MEMBERS:
        row += 1
        own = [r for r in result.receptions if r.submission.country == member.code]
        state = reception_state(own)
        here = member.code not in result.missing
        if not own and here:
            state = B("Recibido antes", "Received earlier")
        elif own and not here and any(r.submission.accepted for r in own):
            state = B("Recibido, de otro ciclo", "Received, of another cycle")
        severities = [f.severity for r in own for f in r.findings if not r.superseded]
        look: Style = styles.CELL if here else {**styles.CELL, "font_color": "#9C0006", "italic": True}
        sheet.text(row, 0, member.name[lang], look)
        sheet.text(row, 1, state[lang], look)
        for offset, number in enumerate((len(own), severities.count("error"), severities.count("warning")), start=2):
            sheet.value(row, offset, number, look)
    return _summary_strangers(sheet, result, lang, row)


def _summary_strangers(sheet: Sheet, result: Consolidation, lang: Lang, row: int) -> int:
    """The files of which the country is not known: refused, or set aside until the Secretariat says."""
    nobody = [r for r in result.receptions if r.submission.country is None]
    if not nobody:
        return row
    severities = [f.severity for r in nobody for f in r.findings]
    look: Style = {**styles.CELL, "italic": True}
    sheet.text(row + 1, 0, B("País desconocido", "Country unknown")[lang], look)
    sheet.text(row + 1, 1, B("Ver Hallazgos", "See Findings")[lang], look)
    for offset, number in enumerate((len(nobody), severities.count("error"), severities.count("warning")), start=2):
        sheet.value(row + 1, offset, number, look)
    return row + 1


def _summary_questions(sheet: Sheet, result: Consolidation, lang: Lang, row: int) -> int:
    _head(sheet, row, (B("Por decidir", "To decide"), B("Preguntas", "Questions")), lang)
    lines = (
        (B("Conflictos", "Conflicts"), result.questions("conflict", "within")),
        (B("Propuestas", "Proposals"), result.questions("proposal")),
        (B("Decisiones aplicadas", "Decisions applied"), sum(d.stage == "applied" for d in result.decisions)),
    )
    for label, number in lines:
        row += 1
        sheet.text(row, 0, label[lang], styles.CELL)
        sheet.value(row, 1, number, styles.CELL)
    return row


def _summary_cells(sheet: Sheet, result: Consolidation, lang: Lang, row: int) -> None:
    _head(sheet, row, (B("Celdas recibidas", "Cells received"), B("Celdas", "Cells")), lang)
    first = row + 1
    for outcome in OUTCOMES:
        row += 1
        sheet.text(row, 0, _OUTCOME_LABELS[outcome][lang], styles.CELL)
        sheet.value(row, 1, result.counts[outcome], styles.CELL)
    row += 1
    sheet.text(row, 0, B("Leídas en total", "Read in all")[lang], {**styles.CELL, "bold": True})
    sheet.formula(row, 1, f"=SUM(B{first + 1}:B{row})", result.counts["read"], {**styles.CELL, "bold": True})
    sheet.text(row + 1, 0, B("Comentarios en celdas, aparte", "Notes on cells, counted apart")[lang], styles.CELL)
    sheet.value(row + 1, 1, result.comments, styles.CELL)


def write_attend(workbook: Workbook, items: Sequence[Item], lang: Lang, plan_sheet: str, rows: dict[str, int]) -> None:
    """What asks for attention, most urgent first: mark, activity, who, when, days late, why, and a link to its row."""
    sheet = workbook.sheet(ATTEND[lang], "#C00000")
    labels = (
        B("Marca", "Mark"),
        B("Nº", "No."),
        B("Actividad", "Activity"),
        B("Responsable", "Responsible"),
        B("Calendario", "Schedule"),
        B("Días de atraso", "Days late"),
        B("Por qué", "Why"),
        B("En el plan", "In the plan"),
    )
    _head(sheet, 0, labels, lang)
    urgent = attended(items)
    for row, item in enumerate(urgent, start=1):
        sheet.text(row, 0, item.label[lang], styles.mark_style(item.mark))
        activity = (item.record.text("activity_en") if lang == "en" else "") or item.record.text("activity")
        texts = (item.record.key[0], activity, item.record.text("responsible"), calendar_text(item))
        sheet.across(row, 1, texts, styles.CELL)
        sheet.value(row, 5, item.days_late, styles.CELL)
        sheet.text(row, 6, item.reason[lang], styles.CELL)
        cell = f"A{rows[item.record.key[0]] + 1}"
        sheet.internal_link(row, 7, plan_sheet, cell, f"{plan_sheet}!{cell}", styles.LINK)
    sheet.widths((16, 7, 56, 24, 22, 9, 48, 12))
    _table_setup(sheet, 0, len(urgent), len(labels))


def write_changes(workbook: Workbook, changes: Sequence[Change], kinds: Sequence[Kind], lang: Lang) -> None:
    """What is otherwise than it was: item, country, column, before, now."""
    sheet = workbook.sheet(CHANGES[lang])
    labels = (
        B("Hoja", "Sheet"),
        B("Nº", "No."),
        B("País", "Country"),
        B("Columna", "Column"),
        B("Antes", "Before"),
        B("Ahora", "Now"),
    )
    _head(sheet, 0, labels, lang)
    tables = {table.name: table for kind in kinds for table in kind.tables}
    for row, change in enumerate(changes, start=1):
        target = change.target
        column: Column = tables[target.table].column(target.column)
        country = members.BY_CODE[target.country].name[lang] if target.country in members.BY_CODE else ""
        texts = (tables[target.table].sheet[lang], target.item, country, column.title[lang])
        sheet.across(row, 0, (*texts, shown(change.old, column, lang), shown(change.new, column, lang)), styles.CELL)
    sheet.widths((14, 8, 20, 24, 50, 50))
    _table_setup(sheet, 0, len(changes), len(labels))


def write_difference(changes: Sequence[Change], kinds: Sequence[Kind], lang: Lang = "es") -> bytes:
    """A workbook with the changes between two versions."""
    workbook = Workbook(CHANGES[lang], B("Secretaría Técnica", "Technical Secretariat")[lang])
    write_changes(workbook, changes, kinds, lang)
    return workbook.finish()


def write_references(workbook: Workbook, result: Consolidation, kinds: Sequence[Kind], lang: Lang) -> None:
    """Which items rest on which decision of which meeting: a row a citation, by meeting."""
    found = list(cited(kinds, result.tables))
    if not found:
        return
    sheet = workbook.sheet(REFERENCES[lang])
    labels = (
        B("Cita", "Citation"),
        B("Reunión", "Meeting"),
        B("Fecha de la reunión", "Date of the meeting"),
        B("Lugar", "Place"),
        B("Ítems que se apoyan en ella", "Items that rest on it"),
        B("Como está escrita", "As it is written"),
    )
    _head(sheet, 0, labels, lang)
    groups: dict[str, list[Cited]] = {}
    for one in sorted(found, key=_citation_order):
        groups.setdefault(one.reference.normal(lang), []).append(one)
    for row, (name, group) in enumerate(groups.items(), start=1):
        meeting = group[0].meeting
        items = unique(f"{one.kind.sheet[lang]} {one.item}" for one in group)
        told = [meeting.text(key) if meeting else "" for key in ("id", "date", "place")]
        written = " | ".join(unique(one.reference.text for one in group))
        sheet.across(row, 0, (name, *told, ", ".join(items), written), styles.CELL)
    sheet.widths((44, 14, 26, 20, 40, 44))
    _table_setup(sheet, 0, len(groups), len(labels))


def _citation_order(one: Cited) -> tuple[object, ...]:
    reference = one.reference
    return (reference.year or 0, reference.month or 0, reference.organ or "", reference.document or "", one.item)


def write_findings(workbook: Workbook, result: Consolidation, lang: Lang) -> None:
    """Every finding of every file, by country: where, what, what to do, and a link to the file in Recepción."""
    sheet = workbook.sheet(FINDINGS[lang])
    labels = (
        B("País", "Country"),
        B("Gravedad", "Severity"),
        B("Código", "Code"),
        B("Hoja", "Sheet"),
        B("Celda", "Cell"),
        B("Columna", "Column"),
        B("Qué pasa", "What is wrong"),
        B("Qué hacer", "What to do"),
        B("Sugerencia", "Suggestion"),
        B("Archivo", "File"),
    )
    _head(sheet, 0, labels, lang)
    pairs: list[tuple[str, str, Finding]] = [
        (r.submission.country or "", r.submission.source.sha256, f) for r in result.receptions for f in r.findings
    ]
    pairs += [("", "", f) for f in result.findings]
    arrived = {record.key[0]: place for place, record in enumerate(result.tables["reception"])}
    register = RECEPTION_SHEET[lang]
    for row, (code, sha, item) in enumerate(pairs, start=1):
        country = members.BY_CODE[code].name[lang] if code in members.BY_CODE else ""
        texts = (
            country,
            SEVERITIES[item.severity][lang],
            item.code.name,
            item.place.sheet or "",
            item.place.cell or "",
            item.label[lang] if item.label else "",
            item.message(lang),
            item.advice(lang),
            item.suggestion or "",
        )
        sheet.across(row, 0, texts, styles.CELL)
        if sha in arrived:
            cell = f"C{RECEPTION_FIRST_ROW + arrived[sha] + 1}"
            sheet.internal_link(row, len(texts), register, cell, f"{register}!{cell}", styles.LINK)
        else:
            sheet.blank(row, len(texts), styles.CELL)
    sheet.widths((18, 12, 8, 14, 14, 20, 50, 50, 18, 14))
    _table_setup(sheet, 0, len(pairs), len(labels))
