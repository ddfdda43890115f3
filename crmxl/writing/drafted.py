"""The draft plan that working groups made: the plan as data, what is alike side by side, and what to ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from crmxl.definition import Kind, Record
from crmxl.drafting import Draft
from crmxl.text import B, Lang
from crmxl.writing import styles
from crmxl.writing.data import Rows, write_data
from crmxl.writing.sheet import Workbook
from crmxl.writing.views import FINDINGS, LOOK_ALIKES, SEVERITIES


def write_drafted(
    found: Draft, plan: Kind, axes: Kind, versions: Sequence[Record], as_of: dt.date, lang: Lang
) -> bytes:
    """The draft as a workbook: the plan, its look-alikes, the findings, the axes by version."""
    title = plan.title or plan.sheet
    workbook = Workbook(title[lang], B("Secretaría Técnica", "Technical Secretariat")[lang], as_of, lang)
    day = B("A la fecha: {day}", "As of: {day}").format(day=as_of.isoformat())
    write_data(workbook, plan.items_table, Rows(found.rows, (title[lang], day[lang]), lead=2), lang)
    _write_alike(workbook, found, lang)
    _write_findings(workbook, found, lang)
    write_data(workbook, axes.items_table, Rows(versions, ((axes.title or axes.sheet)[lang],)), lang)
    return workbook.finish()


def _write_alike(workbook: Workbook, found: Draft, lang: Lang) -> None:
    sheet = workbook.sheet(LOOK_ALIKES[lang], "#C55A11")
    heads = (
        B("Nº", "No."),
        B("Acción", "Action"),
        B("Se parece a", "Resembles"),
        B("Nº", "No."),
        B("Lo que dice ahí", "What it says there"),
        B("Parecido (%)", "Likeness (%)"),
    )
    sheet.across(0, 0, (head[lang] for head in heads), styles.HEADER)
    for row, one in enumerate(found.alike, start=1):
        sheet.across(row, 0, (one.number, one.text, one.where, one.other, one.other_text), styles.CELL)
        sheet.value(row, 5, one.percent, styles.CELL)
    sheet.widths((9, 50, 24, 12, 50, 11))
    sheet.raw.freeze_panes(1, 0)
    sheet.print_setup(0)


def _write_findings(workbook: Workbook, found: Draft, lang: Lang) -> None:
    sheet = workbook.sheet(FINDINGS[lang])
    heads = (
        B("Gravedad", "Severity"),
        B("Código", "Code"),
        B("Archivo", "File"),
        B("Hoja", "Sheet"),
        B("Celda", "Cell"),
        B("Qué pasa", "What is wrong"),
        B("Qué hacer", "What to do"),
    )
    sheet.across(0, 0, (head[lang] for head in heads), styles.HEADER)
    for row, item in enumerate(found.findings, start=1):
        place = item.place
        where = (place.source.name, place.sheet or "", place.cell or "")
        told = (SEVERITIES[item.severity][lang], item.code.name, *where, item.message(lang), item.advice(lang))
        sheet.across(row, 0, told, styles.CELL)
    sheet.widths((12, 8, 24, 16, 10, 50, 50))
    sheet.print_setup(0)
