"""Boards of figures: item by country in numbers, totals only where nobody is missing, and pictures of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from crmxl import members
from crmxl.dates import spoken
from crmxl.definition import Column
from crmxl.findings import address
from crmxl.suppression import is_hidden
from crmxl.tables import shown
from crmxl.tallying import Line, Tallied, is_number
from crmxl.text import B, Lang
from crmxl.values import WORDS, Value
from crmxl.writing import styles
from crmxl.writing.boards import RESERVED, reserved_line
from crmxl.writing.sheet import Sheet, Style, Workbook

CHARTS = B("Gráficos", "Charts")
MOST = 8
"""Pictures of one kind, at most."""
_TAB = "#7030A0"
_LEGEND = B(
    "0: se contó y no hubo · n.d.: no hay dato · n.a.: no aplica · <5 o s: cifra pequeña que no se publica · en "
    "blanco: sin respuesta. El total sólo se forma cuando ningún país falta.",
    "0: counted, and there were none · n.d.: no data · n.a.: not applicable · <5 or s: a small count that is not "
    "published · blank: no answer. A total is formed only where no country is missing.",
)
_TOTAL = B("Total de la red", "Network total")
_WITHOUT = B("Sin dato", "Without data")
_FIGURE: Style = {**styles.CELL, "align": "right", "num_format": "#,##0.##"}
_WHOLE: Style = {**_FIGURE, "num_format": "#,##0"}
_WORD: Style = {**styles.CELL, "align": "center", "font_color": styles.GREY}
_HIDDEN: Style = {**styles.CELL, "align": "center", "italic": True}
_SUM: Style = {**_WHOLE, "bold": True, "bg_color": styles.PALE}
_BAND: Style = {"bold": True, "font_color": styles.NAVY, "bg_color": "#D9E2F3", "valign": "vcenter"}
_NOTE = 1_500


class _Writer:
    """Writes one board, row by row; `rows` tells where each item came to stand."""

    def __init__(self, sheet: Sheet, found: Tallied, lang: Lang) -> None:
        self.sheet, self.found, self.lang = sheet, found, lang
        kind, tally = found.kind, found.tally
        keys = [kind.wording(kind.subject or kind.id, lang), *(kind.wording(key, lang) for key in tally.lead)]
        self.lead = [kind.column(kind.id), *(kind.column(key) for key in keys)]
        self.left = len(self.lead)
        self.right = self.left + len(members.MEMBERS)
        self.row = 0
        self.header = 0
        self.rows: dict[str, int] = {}

    def write(self, as_of: dt.date, preamble: Sequence[str]) -> None:
        lang = self.lang
        self.sheet.text(0, 0, self.found.tally.title[lang], styles.TITLE)
        day = B(spoken(as_of), spoken(as_of, "en"))
        self.sheet.text(1, 0, B("A la fecha: {day}", "As of {day}").format(day=day)[lang], styles.SUBTITLE)
        self.row = 2
        apart = self.found.lines[0].apart if self.found.lines else ()
        for text in (_LEGEND[lang], *reserved_line(apart, lang), *preamble):
            self.sheet.text(self.row, 0, text, styles.SMALL)
            self.row += 1
        self.header = self.row
        self.headings()
        band = self.found.kind.column(self.found.kind.wording(self.found.tally.band, lang))
        before = ""
        for line in self.found.lines:
            value = line.item.values.get(band.key)
            text = shown(value, band, lang) if value is not None else ""
            if text != before and band not in self.lead:
                self.band(text)
            before = text
            self.line(line)
            self.row += 1
        self.sheet.raw.freeze_panes(self.header + 1, self.left)
        self.sheet.print_setup(self.header, whole=True)

    def headings(self) -> None:
        titles = [column.title[self.lang] for column in self.lead]
        countries = [f"{member.name[self.lang]} ({member.code})" for member in members.MEMBERS]
        heads = (*titles, *countries, _TOTAL[self.lang], _WITHOUT[self.lang])
        self.sheet.across(self.row, 0, heads, {**styles.HEADER, "font_size": 8})
        self.sheet.height(self.row, 40)
        self.sheet.widths((16, 40, *(min(column.width, 16) for column in self.lead[2:])))
        self.sheet.widths((*(9 for _ in countries), 11, 16), self.left)
        self.row += 1

    def band(self, text: str) -> None:
        self.sheet.text(self.row, 0, text, _BAND)
        for place in range(1, self.right + 2):
            self.sheet.blank(self.row, place, _BAND)
        self.sheet.height(self.row, 18)
        self.row += 1

    def line(self, line: Line) -> None:
        sheet, lang = self.sheet, self.lang
        self.rows[line.item.key[0]] = self.row
        for place, column in enumerate(self.lead):
            value = line.item.values.get(column.key)
            value = self.found.kind.about(line.item.values, lang) if place == 1 else value
            sheet.text(self.row, place, shown(value, column, lang) if value is not None else "", styles.CELL)
        for place, code in enumerate(members.CODES, start=self.left):
            self.figure(place, line, code)
        spots = f"{address(self.row, self.left)}:{address(self.row, self.right - 1)}"
        if line.summed:
            apart = WORDS["not_applicable"][lang]
            known = f'AND(COUNT({spots})>0,COUNT({spots})+COUNTIF({spots},"{apart}")={len(members.CODES)})'
            saved = "—" if line.total is None else line.total
            sheet.formula(self.row, self.right, f'=IF({known},SUM({spots}),"—")', saved, _SUM)
        else:
            sheet.blank(self.row, self.right, _SUM)
        without = line.without
        named = B("todos", "all")[lang] if len(without) == len(members.CODES) else ", ".join(without)
        sheet.text(self.row, self.right + 1, named, {**styles.CELL, "font_size": 8})

    def figure(self, place: int, line: Line, code: str) -> None:
        """The figure of one country, with what it says beside it in the note."""
        kind, tally, lang = self.found.kind, self.found.tally, self.lang
        value = line.values.get(code)
        column = kind.column(tally.value)
        if value is None and code in line.apart:
            self.sheet.text(self.row, place, RESERVED, _WORD)
        elif value is None:
            self.sheet.blank(self.row, place, styles.CELL)
        elif is_number(value):
            self.sheet.value(self.row, place, value, _WHOLE if isinstance(value, int) else _FIGURE)
        else:
            self.sheet.text(self.row, place, _spoken(value, column, lang), _HIDDEN if is_hidden(value) else _WORD)
        answer = line.answers.get(code)
        told = [
            f"{kind.column(key).title[lang]}: {shown(answer.values[key], kind.column(key), lang)}"
            for key in tally.detail
            if answer is not None and answer.values.get(key) is not None
        ]
        if told:
            self.sheet.note(self.row, place, "\n".join(told)[:_NOTE])


def _spoken(value: Value, column: Column, lang: Lang) -> str:
    if isinstance(value, dt.date):
        return spoken(value, lang)
    return shown(value, column, lang)


def write_tally(workbook: Workbook, found: Tallied, as_of: dt.date, preamble: Sequence[str], lang: Lang) -> _Writer:
    """Item by country in numbers; where each item stands."""
    writer = _Writer(workbook.sheet(found.tally.sheet[lang], _TAB), found, lang)
    writer.write(as_of, preamble)
    return writer


def write_charts(workbook: Workbook, boards: Sequence[_Writer], lang: Lang) -> None:
    """Pictures of the figures that three countries or more have reported: the countries side by side, a colour and a
    pattern a period. No sheet where there is none."""
    wanted = [(board, lines) for board in boards for lines in board.found.charts(MOST)]
    if not wanted:
        return
    sheet = workbook.sheet(CHARTS[lang], _TAB)
    sheet.text(0, 0, CHARTS[lang], styles.TITLE)
    sheet.text(1, 0, _PICTURED[lang], styles.SMALL)
    for number, (board, lines) in enumerate(wanted):
        chart = _chart(workbook, board, lines, lang)
        at = 3 + (number // 2) * 17, (number % 2) * 8
        sheet.raw.insert_chart(*at, chart, {"object_position": 1, "description": _name(board, lines[0], lang)})
    sheet.print_setup()


_PICTURED = B(
    "Sólo lo que informaron tres países o más; lo que falta, n.d. o reservado no tiene barra.",
    "Only what three countries or more have reported; what is missing, n.d. or kept back has no bar.",
)
_LOOKS: tuple[dict[str, dict[str, str]], ...] = (
    {"fill": {"color": "#1F4E78"}},
    {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#C55A11", "bg_color": "#FBE5D6"}},
    {"pattern": {"pattern": "percent_20", "fg_color": "#548235", "bg_color": "#E2EFDA"}},
    {"fill": {"color": "#7F7F7F"}},
)


def _chart(workbook: Workbook, board: _Writer, lines: Sequence[Line], lang: Lang) -> Any:
    chart: Any = workbook.book.add_chart({"type": "column"})
    name = board.sheet.name
    for place, line in enumerate(lines):
        row = board.rows[line.item.key[0]]
        period = line.item.text(board.found.tally.period)
        chart.add_series(
            {
                "name": period or _name(board, line, lang),
                "categories": [name, board.header, board.left, board.header, board.right - 1],
                "values": [name, row, board.left, row, board.right - 1],
                "gap": 60,
                **_LOOKS[place % len(_LOOKS)],
            }
        )
    chart.set_title({"name": _name(board, lines[0], lang), "name_font": {"size": 10, "color": styles.NAVY}})
    chart.set_legend({"position": "bottom", "font": {"size": 8}} if len(lines) > 1 else {"none": True})
    chart.set_x_axis({"num_font": {"size": 7, "rotation": -45}})
    chart.set_y_axis(
        {"min": 0, "num_font": {"size": 8}, "major_gridlines": {"visible": True, "line": {"color": styles.LINE}}}
    )
    chart.set_size({"width": 500, "height": 320})
    return chart


def _name(board: _Writer, line: Line, lang: Lang) -> str:
    """What a picture shows: the item and its unit."""
    kind, tally = board.found.kind, board.found.tally
    unit = line.item.values.get(tally.unit)
    return f"{kind.about(line.item.values, lang)} ({shown(unit, kind.column(tally.unit), lang)})"
