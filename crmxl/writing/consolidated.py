"""The consolidated workbook: views first, then the data sheets that make it the next cycle's canonical one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from crmxl.dates import spoken
from crmxl.definition import Column, Kind, Record
from crmxl.findings import letters
from crmxl.marks import OPEN_MARKS
from crmxl.members import MEMBERS
from crmxl.merging import Consolidation
from crmxl.status import Item
from crmxl.text import B, Bilingual, Lang
from crmxl.writing import styles
from crmxl.writing.data import Rows, write_data, write_extra
from crmxl.writing.sheet import Style, Workbook
from crmxl.writing.views import (
    NOT_TO_CIRCULATE,
    write_attend,
    write_board,
    write_changes,
    write_findings,
    write_summary,
)

AUTHOR = B("Secretaría Técnica", "Technical Secretariat")
_AS_OF = re.compile(r"^Actualizado por la ST el .+$")
_OWN_CELLS = frozenset(("decision", "own", "decided_by", "decided_on"))


def dated(preamble: Sequence[str], as_of: dt.date) -> tuple[str, ...]:
    """The lines above a header with the line of the version ("Actualizado por la ST el …") set to a day."""
    return tuple(_AS_OF.sub(f"Actualizado por la ST el {spoken(as_of)}", line) for line in preamble)


def plan_rows(records: Sequence[Record], items: Sequence[Item], preamble: Sequence[str], lang: Lang) -> Rows:
    """The plan's rows with their marks; what is pending or undefined is underlined, whole cells by format."""
    marks = {item.record.key: item for item in items}

    def look(record: Record, column: Column) -> Style | None:
        item = marks.get(record.key)
        if item is None:
            return None
        if column.key == "mark":
            return styles.mark_style(item.mark)
        spot = "calendar" if record.values.get("calendar") is not None else "activity"
        if item.mark in OPEN_MARKS and column.key == spot:
            return {**styles.CELL, "underline": 1}
        return None

    def mark(record: Record) -> str | None:
        item = marks.get(record.key)
        return item.label[lang] if item else None

    return Rows(records, preamble, {"mark": mark}, look)


def _proposals(record: Record, lang: Lang) -> str:
    """Who proposes what, a line each: for reading only; the exact values stand in the countries' own columns."""
    lines = [(m.name[lang], record.text(m.code.lower())) for m in MEMBERS if record.text(m.code.lower())]
    if record.text("other"):
        lines.append((B("Otro envío", "Other sending")[lang], record.text("other")))
    return "\n".join(f"{who}: {what}" for who, what in lines)


def _decision_look(record: Record, column: Column) -> Style | None:
    """The cells that the Secretariat fills in to decide are coloured; what was applied is grey."""
    if record.text("stage") == "applied":
        return {**styles.CELL, "font_color": styles.GREY}
    return styles.OWN if column.key in _OWN_CELLS else None


_HOW_TO_DECIDE = B(
    "Elija en Decisión: Mantener, el país cuyo valor se adopta, o Texto propio. Luego consolide de nuevo con este "
    "libro como canónico: cada decisión se aplica una vez.",
    "Choose in Decision: Keep, the country whose value is adopted, or Own text. Then merge again with this workbook as "
    "the canonical one: each decision is applied once.",
)


def _preamble(kind: Kind, name: str, lang: Lang, kept: Sequence[str] = ()) -> tuple[str, ...]:
    """The lines above a header: those that the canonical workbook has, or the kind's own title in our language."""
    title: Bilingual = kind.title or kind.sheet
    if kept and kept[0] not in title.both():
        return tuple(kept)
    if name != kind.items_table.name:
        return ()
    return (title[lang], _HOW_TO_DECIDE[lang]) if name == "decisions" else (title[lang],)


def write_canonical(
    kinds: Sequence[Kind],
    tables: Mapping[str, Sequence[Record]],
    preambles: Mapping[str, Sequence[str]],
    items: Sequence[Item],
    as_of: dt.date,
    lang: Lang = "es",
) -> bytes:
    """A canonical workbook: the data sheets that have rows, with the plan's marks as of a day."""
    title = next(iter(preambles.values()), ("",))
    workbook = Workbook(title[1] if len(title) > 1 else "", AUTHOR[lang], as_of)
    for kind in kinds:
        for table in kind.tables:
            records = tables.get(table.name, ())
            if records:
                preamble = _preamble(kind, table.name, lang, preambles.get(table.name, ()))
                marked = "mark" in {column.key for column in table.columns if column.computed}
                rows = plan_rows(records, items, preamble, lang) if marked else Rows(records, preamble)
                write_data(workbook, table, rows, lang)
    return workbook.finish()


def write_consolidated(
    result: Consolidation, kinds: Sequence[Kind], items: Sequence[Item], as_of: dt.date, lang: Lang = "es"
) -> bytes:
    """The whole consolidated workbook as bytes: equal inputs give equal bytes."""
    plan = next(kind for kind in kinds if any(c.key == "mark" and c.computed for c in kind.columns))
    preambles = {name: dated(lines, as_of) for name, lines in result.canonical.preambles.items()}
    workbook = Workbook(f"Consolidado {result.cycle}".strip(), AUTHOR[lang], as_of)
    records = result.tables[plan.items_table.name]
    above = _preamble(plan, plan.items_table.name, lang, preambles.get(plan.items_table.name, ()))
    first = len(above) + 2
    position = letters(next(i for i, c in enumerate(plan.items_table.columns) if c.key == "mark"))
    name = plan.items_table.sheet[lang]
    marks = f"'{name}'!${position}${first + 1}:${position}${first + len(records)}"
    write_summary(workbook, result, items, as_of, lang, marks)
    write_attend(workbook, items, lang, name, {r.key[0]: first + i for i, r in enumerate(records)})
    write_board(workbook, plan, result, lang)
    for kind in sorted(kinds, key=lambda kind: (kind.key != "decisions", kinds.index(kind))):
        for table in kind.tables:
            preamble = _preamble(kind, table.name, lang, preambles.get(table.name, ()))
            rows = Rows(result.tables.get(table.name, ()), preamble)
            if kind is plan and table.name == plan.items_table.name:
                rows = plan_rows(records, items, above, lang)
            elif table.name == "decisions":
                computed = {"proposals": lambda record: _proposals(record, lang)}
                rows = Rows(rows.records, preamble, computed, _decision_look)
            write_data(workbook, table, rows, lang)
        if kind is plan:
            write_changes(workbook, result, kinds, lang)
            write_findings(workbook, result, lang)
    for grid in result.canonical.extra:
        write_extra(workbook, grid.name, grid.cells)
    for sheet in workbook.book.worksheets():
        sheet.set_footer(f"&L&8&A — {NOT_TO_CIRCULATE[lang]}&R&8&P / &N")
    return workbook.finish()
