"""Views: sheets made anew from the data sheets each time, and never read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from crmxl import limits, members
from crmxl.citations import Cited, cited
from crmxl.consolidation import Consolidation
from crmxl.decisions import Catalogue
from crmxl.definition import Column, Kind
from crmxl.difference import in_words, sentence
from crmxl.digest import news
from crmxl.findings import Finding
from crmxl.messages import Severity
from crmxl.registers import Change
from crmxl.status import Item, attended, calendar_text
from crmxl.text import B, Bilingual, Lang, T, unique
from crmxl.writing import styles
from crmxl.writing.sheet import Sheet, Workbook
from crmxl.writing.summary import SUMMARY
from crmxl.writing.tallies import CHARTS

ATTEND = B("Por atender", "To attend")
CHANGES = B("Cambios", "Changes")
FINDINGS = B("Hallazgos", "Findings")
RECEPTION_SHEET = B("Recepción", "Reception")
REFERENCES = B("Referencias", "References")
CONTENTS = B("Contenido", "Contents")
LOOK_ALIKES = B("Parecidos", "Look-alikes")
VIEWS: tuple[Bilingual, ...] = (SUMMARY, ATTEND, CHANGES, FINDINGS, REFERENCES, CHARTS, LOOK_ALIKES, CONTENTS)
"""The views beside the boards of the kinds."""

SEVERITIES: dict[Severity, Bilingual] = {
    "error": B("Error", "Error"),
    "warning": B("Advertencia", "Warning"),
    "note": B("Nota", "Note"),
}


def _head(sheet: Sheet, row: int, labels: Iterable[Bilingual], lang: Lang) -> None:
    sheet.across(row, 0, (label[lang] for label in labels), styles.HEADER)


def _fitting(sheet: Sheet, rows: Sequence[T], header: int, lang: Lang) -> Sequence[T]:
    """The rows that a view has room for; how many more there are stands below them."""
    room = limits.ROWS - header - 2
    if len(rows) > room:
        text = B("… y {n} filas más, que no caben en la hoja", "… and {n} more rows, which the sheet cannot hold")
        sheet.text(limits.ROWS - 1, 0, text.format(n=len(rows) - room)[lang], styles.PLAIN)
    return rows[:room]


def _table_setup(sheet: Sheet, header: int, rows: int, columns: int) -> None:
    sheet.raw.freeze_panes(header + 1, 0)
    rows = min(rows, limits.ROWS - header - 2)
    if rows:
        sheet.raw.autofilter(header, 0, header + rows, columns - 1)
    sheet.print_setup(header)


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
    """What is otherwise than it was: in a few sentences, then cell by cell: item, country, column, before, now; what a
    country answers for the first time to an item is one row."""
    sheet = workbook.sheet(CHANGES[lang])
    labels = (
        B("Hoja", "Sheet"),
        B("Nº", "No."),
        B("País", "Country"),
        B("Columna", "Column"),
        B("Antes", "Before"),
        B("Ahora", "Now"),
        B("En una frase", "In a sentence"),
    )
    catalogue = Catalogue(kinds)
    widths = (17, 13, 18, 20, 26, 36, 64)
    sheet.widths(widths)
    lines = [text[lang] for text in news(changes, catalogue)]
    for row, line in enumerate(lines):
        sheet.paragraph(row, len(labels), line, styles.PARAGRAPH)
    header = len(lines) + 1
    _head(sheet, header, labels, lang)
    tables = {table.name: table for kind in kinds for table in kind.tables}
    groups = list(_groups(changes))
    for row, group in enumerate(_fitting(sheet, groups, header, lang), start=header + 1):
        target = group[0].target
        if len({change.target.item for change in group}) > 1:
            sheet.across(row, 0, _for_the_first_time(group, catalogue, lang), styles.CELL)
            continue
        table = tables[target.table]
        columns: list[Column] = [table.column(change.target.column) for change in group]
        country = members.BY_CODE[target.country].name[lang] if target.country in members.BY_CODE else ""
        titles = [column.title[lang] for column in columns]
        old, new = (
            [in_words(value, column, lang) for value, column in zip(values, columns, strict=True)]
            for values in ([change.old for change in group], [change.new for change in group])
        )
        if len(group) > 1:
            new = [f"{title}: {text}" for title, text in zip(titles, new, strict=True)]
        told = (", ".join(titles), "\n".join(filter(None, old)), "\n".join(new), sentence(group, catalogue, lang))
        sheet.across(row, 0, (table.sheet[lang], target.item, country, *told), styles.CELL)
    _table_setup(sheet, header, len(groups), len(labels))


def _groups(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """The changes that are one row: what a country answers for the first time to an item; or to a whole sheet, where
    it has answered nothing there before and answers many items now."""
    by_sheet: dict[tuple[str, str | None], list[Change]] = {}
    for change in changes:
        by_sheet.setdefault((change.target.table, change.target.country), []).append(change)
    whole = {
        spot: told
        for spot, told in by_sheet.items()
        if spot[1] and all(change.kind == "added" for change in told) and len({c.target.item for c in told}) >= MANY
    }
    begun: set[tuple[str, str | None]] = set()
    for _, group in groupby(changes, key=_answer):
        told = list(group)
        spot = (told[0].target.table, told[0].target.country)
        if spot not in whole:
            yield told
        elif spot not in begun:
            begun.add(spot)
            yield whole[spot]


MANY = 20
"""So many items that a country answers all at once for the first time are one row; nobody reads a row for each."""


def _for_the_first_time(group: Sequence[Change], catalogue: Catalogue, lang: Lang) -> tuple[str, ...]:
    target = group[0].target
    items = unique(change.target.item for change in group)
    sheet, name = catalogue.table(target.table).sheet[lang], members.BY_CODE[str(target.country)].name[lang]
    which = B("{n} filas", "{n} rows").format(n=len(items))[lang]
    now = B("{first} a {last}", "{first} to {last}").format(first=items[0], last=items[-1])[lang]
    text = B(
        "{who} informó de {n} filas de una vez; están en la hoja {sheet}.",
        "{who} reported on {n} rows at once; they are in the sheet {sheet}.",
    )
    return (sheet, which, name, "", "", now, text.format(who=name, n=len(items), sheet=sheet)[lang])


def _answer(change: Change) -> tuple[object, ...]:
    """What makes changes one row: the cells of one item that a country fills in for the first time."""
    target = change.target
    alone = None if change.kind == "added" and target.country else target.column
    return (target.table, target.item, target.country, change.kind, alone)


def write_difference(changes: Sequence[Change], kinds: Sequence[Kind], lang: Lang = "es") -> bytes:
    """A workbook with the changes between two versions."""
    workbook = Workbook(CHANGES[lang], B("Secretaría Técnica", "Technical Secretariat")[lang], lang=lang)
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


def write_findings(workbook: Workbook, result: Consolidation, lang: Lang, first: int) -> None:
    """Every finding of every file, by country: where, what, what to do, and a link to the file in Recepción, where the
    register begins in row `first` (from 0)."""
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
    for row, (code, sha, item) in enumerate(_fitting(sheet, pairs, 0, lang), start=1):
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
            cell = f"C{first + arrived[sha] + 1}"
            sheet.internal_link(row, len(texts), register, cell, f"{register}!{cell}", styles.LINK)
        else:
            sheet.blank(row, len(texts), styles.CELL)
    sheet.widths((18, 12, 8, 14, 14, 20, 50, 50, 18, 14))
    _table_setup(sheet, 0, len(pairs), len(labels))
