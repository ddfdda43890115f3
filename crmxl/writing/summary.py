"""Resumen: the first page of a consolidated workbook, to be read in a minute.

Four figures, a few sentences, the marks by section, the countries; behind a page break the Secretariat's own counts.
Whatever counts cells of this workbook is a formula with its value, so that it follows when marks or answers are edited.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmxl import members
from crmxl.comparison import Comparison, by_country
from crmxl.consolidation import Consolidation
from crmxl.dates import spoken
from crmxl.digest import digest
from crmxl.evolution import cycles
from crmxl.findings import letters
from crmxl.marks import MARK_LABELS, MARKS, Mark
from crmxl.messages import Code
from crmxl.registers import OUTCOMES, Reception
from crmxl.status import Item, count
from crmxl.text import B, Bilingual, Lang, unique
from crmxl.writing import styles
from crmxl.writing.sheet import Sheet, Style, Workbook

SUMMARY = B("Resumen", "Summary")
NOT_TO_CIRCULATE = B("No circular: uso interno de la Secretaría Técnica", "Not for circulation: internal use of the TS")
FOR_THE_NETWORK = B("Para la red", "For the network")
CYCLES = 8
"""So many cycles are shown."""
_WIDTHS = (23, 25, 10, 10, 10, 10, 10, 10, 13)
_LAST = len(_WIDTHS) - 1
_WHOLE = sum(_WIDTHS)
_CARDS = ((0, 0), (1, 1), (2, 4), (5, _LAST))
"""The columns of each of the four figures."""
_LETTER = re.compile(r"(\S{1,4})\. ")
"""What a section is called by: `A. Fortalecer el combate…`."""
_NO_SECTION = "—"
_WITHOUT_SECTION = B("— sin sección", "— without a section")
_SHARE: Style = {**styles.CELL, "num_format": "0%", "align": "center"}
NUMBER: Style = {**styles.CELL, "align": "center"}
_STRONG: Style = {**NUMBER, "bold": True}
_FIGURE: Style = {"bold": True, "font_size": 22, "font_color": styles.NAVY, "align": "center", "bg_color": styles.PALE}
_CAPTION: Style = {"font_size": 9, "font_color": "#0563C1", "underline": 1, "align": "center", "bg_color": styles.PALE}

Area = Callable[[str, str], str]
"""The cells of a column of a data sheet as a formula names them; blank where the sheet has no rows."""


@dataclass(frozen=True)
class Places:
    """Where the summary leads to: the areas of columns, the row of each activity in the plan, the names of sheets."""

    area: Area
    plan: str
    rows: Mapping[str, int]
    attend: str
    progress: str
    decisions: str
    reception: str
    answers: Mapping[str, int]
    """The first row of each country in the sheet of answers to the plan, from 0."""


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


class Summary:
    """Writes the page from top to bottom."""

    audience = NOT_TO_CIRCULATE
    pages = 0
    """On how many pages it is printed; as many as it needs if that is 0."""

    def __init__(
        self,
        workbook: Workbook,
        result: Consolidation,
        items: Sequence[Item],
        comparisons: Sequence[Comparison],
        as_of: dt.date,
        lang: Lang,
        places: Places,
        reserved: frozenset[str] = frozenset(),
    ) -> None:
        """`reserved` are the countries of which something is left out, and nothing is counted against."""
        self.workbook, self.result, self.as_of, self.reserved = workbook, result, as_of, reserved
        self.items = items
        self.lang, self.places = lang, places
        self.legal = [comparison for comparison in comparisons if comparison.board.legal]
        self.plans = [comparison for comparison in comparisons if not comparison.board.legal]
        self.sheet: Sheet = workbook.sheet(SUMMARY[lang], styles.NAVY)
        self.row = 0
        self.said = by_country(result.tables.get("plan.answers", ()), "state")

    def write(self) -> None:
        """The whole page."""
        self.sheet.widths(_WIDTHS)
        self.title()
        self.figures()
        self.sentences()
        if self.items:
            self.marks()
        self.countries()
        self.behind()
        self.sheet.raw.hide_gridlines(2)
        self.sheet.raw.activate()
        self.sheet.print_setup(landscape=False)
        self.sheet.raw.fit_to_pages(1, self.pages)

    def behind(self) -> None:
        """What stands behind the first page, on another."""
        self.sheet.raw.set_h_pagebreaks([self.row + 1])
        self.questions()
        self.history()
        if self.legal:
            self.answers()
        self.cells()

    def title(self) -> None:
        """What the page is, of which cycle and day, and for whom."""
        title = B("Consolidado de la red", "Consolidated workbook of the network")
        line = B("Ciclo {cycle} · a la fecha {day}", "Cycle {cycle} · as of {day}")
        day = B(spoken(self.as_of), spoken(self.as_of, "en"))
        self.sheet.text(0, 0, title[self.lang], styles.TITLE)
        self.sheet.text(1, 0, line.format(cycle=self.result.cycle or "—", day=day)[self.lang], styles.SUBTITLE)
        self.sheet.text(2, 0, self.audience[self.lang], {"bold": True, "font_color": "#9C0006"})
        self.row = 4

    def figures(self) -> None:
        """Four figures, each with a link to what it counts."""
        sent = len(members.CODES) - len(self.result.missing)
        counts = count(self.items)
        told: tuple[tuple[str | int, Bilingual, str, Mark | None], ...] = (
            (f"{sent} / {len(members.CODES)}", B("países enviaron", "countries sent"), self.register, None),
            (counts["overdue"], B("vencidas", "overdue"), self.places.attend, "overdue"),
            (counts["undefined"], B("por definir", "undefined"), self.places.attend, "undefined"),
            self.last_figure(),
        )
        self.sheet.height(self.row, 32)
        marks = self.places.area("plan", "mark") if self.items else ""
        for (first, last), (figure, caption, target, mark) in zip(_CARDS, told, strict=True):
            self.span(self.row, first, last, _FIGURE)
            self.span(self.row + 1, first, last, _CAPTION)
            if mark and marks:
                formula = f'=COUNTIF({marks},"{MARK_LABELS[mark][self.lang]}")'
                self.sheet.formula(self.row, first, formula, int(figure), _FIGURE)
            else:
                self.sheet.value(self.row, first, figure, _FIGURE)
            words = f"{caption[self.lang]} → {target}"
            self.sheet.internal_link(self.row + 1, first, target, "A1", words, _CAPTION)
        self.row += 3

    @property
    def register(self) -> str:
        """The sheet that tells who has sent."""
        return self.places.reception

    def last_figure(self) -> tuple[str | int, Bilingual, str, Mark | None]:
        """What there is to decide."""
        number = self.result.questions("conflict", "within", "proposal")
        return number, B("por decidir", "to decide"), self.places.decisions, None

    def span(self, row: int, first: int, last: int, style: Style) -> None:
        """One cell over several columns."""
        if last > first:
            self.sheet.raw.merge_range(row, first, row, last, "", self.workbook.format(style))

    def sentences(self) -> None:
        """What there is to know, in sentences that can be read out."""
        cycle = self.result.cycle or self.as_of.isoformat()
        evolution = self.result.tables.get("evolution", ())
        for sentence in digest(self.result.missing, self.items, evolution, cycle, self.as_of):
            style: Style = {"text_wrap": True, "valign": "top"}
            text = f"• {sentence[self.lang]}"
            self.span(self.row, 0, _LAST, style)
            self.sheet.text(self.row, 0, text, {"valign": "top", "text_wrap": True})
            self.sheet.height(self.row, 15 * (1 + int(len(text) / (_WHOLE * 1.15))))
            self.row += 1
        self.row += 1

    def marks(self) -> None:
        """Activities by mark and section, with a chart; where sections have no letter, by mark alone."""
        texts = [text for text in unique(item.record.text("section") for item in self.items) if _LETTER.match(text)]
        sections = list(unique(map(_letter, self.items)))
        sections.sort(key=lambda letter: letter == _NO_SECTION)  # what belongs to none comes last
        if not texts or len(sections) > _LAST - 3:
            sections = []
        heads = (B("Marca", "Mark")[self.lang], B("Actividades", "Activities")[self.lang], *sections)
        self.sheet.across(self.row, 0, heads, styles.HEADER)
        side = 2 + len(sections)
        self.span(self.row, side, side + 1, styles.HEADER)
        self.sheet.text(self.row, side, B("La primera", "The first one")[self.lang], styles.HEADER)
        head, first = self.row, self.row + 1
        area = self.places.area
        counts = count(self.items)
        for mark in MARKS:
            self.row += 1
            label = f"$A{self.row + 1}"
            self.sheet.text(self.row, 0, MARK_LABELS[mark][self.lang], styles.mark_style(mark))
            self.sheet.formula(self.row, 1, f"=COUNTIF({area('plan', 'mark')},{label})", counts[mark], _STRONG)
            for across, section in enumerate(sections, start=2):
                within = sum(_letter(item) == section and item.mark == mark for item in self.items)
                criterion = f'{letters(across)}${head + 1}&". *"'
                formula = f"=COUNTIFS({area('plan', 'section')},{criterion},{area('plan', 'mark')},{label})"
                if section == _NO_SECTION:
                    others = f"C{self.row + 1}:{letters(across - 1)}{self.row + 1}"
                    formula = f"=B{self.row + 1}-SUM({others})"
                self.sheet.formula(self.row, across, formula, within, NUMBER)
            self.first_of(mark, side)
        self.row += 1
        self.sheet.text(self.row, 0, B("Total", "Total")[self.lang], {**styles.CELL, "bold": True})
        totals = [len(self.items), *(sum(_letter(item) == section for item in self.items) for section in sections)]
        for across, total in enumerate(totals, start=1):
            column = letters(across)
            formula = f"=SUM({column}{first + 1}:{column}{self.row})"
            self.sheet.formula(self.row, across, formula, total, _STRONG)
        if sections:
            none = _WITHOUT_SECTION.both() if _NO_SECTION in sections else ("", "")
            self.row += 1
            self.small(Bilingual(*("   ".join(filter(None, (*texts, text))) for text in none)))
            self.row -= 1
        self.chart(head, sections)
        self.row += 2

    def first_of(self, mark: Mark, across: int) -> None:
        """A link to the first activity that bears a mark."""
        item = next((item for item in self.items if item.mark == mark), None)
        self.span(self.row, across, across + 1, styles.CELL if item is None else styles.LINK)
        if item is None:
            self.sheet.text(self.row, across, "—", styles.CELL)
            return
        cell = f"A{self.places.rows[item.record.key[0]] + 1}"
        self.sheet.internal_link(self.row, across, self.places.plan, cell, f"{self.places.plan}!{cell}", styles.LINK)

    def chart(self, head: int, sections: Sequence[str]) -> None:
        """The marks by section, a bar a section; numbers in the bars say the same without colour."""
        if not sections:
            return
        chart: Any = self.workbook.book.add_chart({"type": "bar", "subtype": "stacked"})
        right = 1 + len(sections)
        for place, mark in enumerate(MARKS, start=1):
            row = head + place
            if not count(self.items)[mark]:
                continue
            ink, _ = styles.mark_colours(mark)
            chart.add_series(
                {
                    "name": [self.sheet.name, row, 0],
                    "categories": [self.sheet.name, head, 2, head, right],
                    "values": [self.sheet.name, row, 2, row, right],
                    **styles.mark_fill(mark),
                    "border": {"color": ink, "width": 0.75},
                    "gap": 40,
                    "data_labels": {
                        "value": True,
                        "num_format": "0;;",
                        "font": {"size": 9, "bold": True, "color": ink},
                    },
                }
            )
        title = B("Actividades por sección y marca", "Activities by section and mark")[self.lang]
        chart.set_title({"name": title, "name_font": {"size": 10, "color": styles.NAVY}, "overlay": False})
        chart.set_legend({"position": "bottom", "font": {"size": 8}})
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_size({"width": 860, "height": 60 + 34 * len(sections) + 40})
        self.row += 2
        self.sheet.raw.insert_chart(self.row, 0, chart, {"object_position": 1, "description": title})
        self.row += (100 + 34 * len(sections)) // 20

    def countries(self) -> None:
        """What each country sent, how its activities stand, and how much of the matrices it has answered."""
        states = self.states()
        heads = [B("País", "Country"), B("Estado del envío", "State of the return"), *(label for _, label in states)]
        heads += [B("Informes que debe", "Reports owed")] if self.items else []
        heads += [comparison.board.sheet for comparison in self.legal]
        self.sheet.across(self.row, 0, (head[self.lang] for head in heads), styles.HEADER)
        self.sheet.text(self.row, _LAST, B("Sus respuestas", "Its answers")[self.lang], styles.HEADER)
        self.sheet.height(self.row, 30)
        first = self.row + 1
        for member in members.MEMBERS:
            self.row += 1
            self.country(member, states)
        bars: dict[str, Any] = {"type": "data_bar", "bar_color": "#BDD7EE"}
        bars |= {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": max(len(self.items), 1)}
        if states and self.items:
            self.sheet.raw.conditional_format(first, 2, self.row, 1 + len(states), bars)
        shares = 2 + len(states) + bool(self.items)
        if self.legal:
            scale: dict[str, Any] = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#9DC3E6"}
            scale |= {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
            self.sheet.raw.conditional_format(first, shares, self.row, shares + len(self.legal) - 1, scale)
        self.strangers()
        self.row += 1
        said = B(
            "Cumplida, En proceso, Sin iniciar: lo que el país responde en el plan (Suspendida y No aplica no se "
            "cuentan aquí); la marca Cumplida de arriba es de la actividad entera. Informes que debe: de cuántas "
            "actividades no ha informado en plazo. Cuadros: qué parte de las preguntas tiene respuesta, con las que "
            "anotó la Secretaría.",
            "Done, In progress, Not started: what the country answers in the plan (Suspended and Not applicable are "
            "not counted here); the mark Done above is of the whole activity. Reports owed: on how many activities it "
            "has not reported in time. Tables: the share of the questions that has an answer, those noted by the "
            "Secretariat included.",
        )
        self.small(said)

    def small(self, said: Bilingual) -> None:
        """A line of explanation over the whole width."""
        style: Style = {**styles.SMALL, "text_wrap": True, "valign": "top"}
        self.span(self.row, 0, _LAST, style)
        self.sheet.text(self.row, 0, said[self.lang], style)
        self.sheet.height(self.row, 13 * (1 + int(len(said[self.lang]) / (_WHOLE * 1.25))))
        self.row += 1

    def states(self) -> Sequence[tuple[str, Bilingual]]:
        """The states of an activity that are counted by country."""
        options = self.plans[0].options if self.plans and self.items else ()
        return [(o.key, o.label) for tone in ("good", "fair", "open") for o in options if o.tone == tone]

    def country(self, member: members.Member, states: Sequence[tuple[str, Bilingual]]) -> None:
        """The line of a country."""
        here = member.code not in self.result.missing
        state = self.state(member.code, here=here)
        look: Style = styles.CELL if here else {**styles.CELL, "font_color": "#9C0006", "italic": True}
        self.sheet.text(self.row, 0, member.name[self.lang], look)
        self.sheet.text(self.row, 1, state[self.lang], look)
        across = 1
        name, area = f"$A{self.row + 1}", self.places.area
        said = self.said.get(member.code, Counter())
        for key, label in states:
            across += 1
            who, what = area("plan.answers", "country"), area("plan.answers", "state")
            if member.code in self.reserved:
                self.sheet.text(self.row, across, "—", NUMBER)
            elif who:
                formula = f'=COUNTIFS({who},{name},{what},"{label[self.lang]}")'
                self.sheet.formula(self.row, across, formula, said[key], NUMBER)
            else:
                self.sheet.value(self.row, across, 0, NUMBER)
        if self.items and member.code in self.reserved:
            across += 1
            self.sheet.text(self.row, across, "—", NUMBER)
        elif self.items:
            across += 1
            late = sum(item.by_country.get(member.code) == "overdue" for item in self.items)
            self.sheet.value(self.row, across, late, _STRONG if late else NUMBER)
        for comparison in self.legal:
            across += 1
            self.coverage(comparison, member.code, across, name)
        self.leads(member.code)

    def state(self, code: str, *, here: bool) -> Bilingual:
        """How the return of a country stands; `here` tells whether it has sent in this cycle."""
        own = [r for r in self.result.receptions if r.submission.country == code]
        if not own and here:
            return B("Recibido antes", "Received earlier")
        if own and not here and any(r.submission.accepted for r in own):
            return B("Recibido, de otro ciclo", "Received, of another cycle")
        return reception_state(own)

    def coverage(self, comparison: Comparison, code: str, across: int, name: str) -> None:
        """The share of the questions of a matrix to which there is an answer of a country."""
        table = comparison.kind.answers_table
        answer = comparison.board.answer
        if table is None or not comparison.lines:
            return
        answered = sum(r.key[1] == code and bool(r.text(answer)) for r in self.result.tables.get(table.name, ()))
        total = len(comparison.lines)
        country, cells = self.places.area(table.name, "country"), self.places.area(table.name, answer)
        if country:
            formula = f'=COUNTIFS({country},{name},{cells},"<>")/{total}'
            self.sheet.formula(self.row, across, formula, answered / total, _SHARE)
        else:
            self.sheet.value(self.row, across, 0, _SHARE)

    def leads(self, code: str) -> None:
        """A link to the first answer of a country."""
        if code not in self.places.answers:
            self.sheet.text(self.row, _LAST, "—", styles.CELL)
            return
        cell = f"A{self.places.answers[code] + 1}"
        sheet = self.places.progress
        self.sheet.internal_link(self.row, _LAST, sheet, cell, f"{sheet}!{cell}", styles.LINK)

    def strangers(self) -> None:
        """The files of which the country is not known: refused, or set aside until the Secretariat says."""
        nobody = [r for r in self.result.receptions if r.submission.country is None]
        if nobody:
            self.row += 1
            look: Style = {**styles.CELL, "italic": True}
            text = B("Archivos: {n}. Ver Hallazgos.", "Files: {n}. See Findings.").format(n=len(nobody))
            self.sheet.text(self.row, 0, B("País desconocido", "Country unknown")[self.lang], look)
            self.sheet.text(self.row, 1, text[self.lang], look)

    def head(self, *labels: Bilingual) -> None:
        """The head of a small table, a row below what is there."""
        self.row += 2
        self.sheet.across(self.row, 0, (label[self.lang] for label in labels), styles.HEADER)

    def line(self, label: Bilingual, *numbers: int, style: Style = styles.CELL) -> None:
        """A line of a small table: a label and its numbers."""
        self.row += 1
        self.sheet.text(self.row, 0, label[self.lang], style)
        for across, number in enumerate(numbers, start=1):
            self.sheet.value(self.row, across, number, {**style, "bg_color": "#FFFFFF", "font_color": "#000000"})

    def history(self) -> None:
        """How the marks moved over the last cycles, a row a cycle; nothing while there is but one."""
        past = cycles(self.result.tables.get("evolution", ()))[-CYCLES:]
        if len(past) < 2:
            return
        borne = [mark for mark in MARKS if any(one.marks.get(mark) for one in past)][: _LAST - 1]
        self.head(B("Ciclo", "Cycle"), B("A la fecha", "As of"), *(MARK_LABELS[mark] for mark in borne))
        for one in past:
            self.row += 1
            self.sheet.text(self.row, 0, one.cycle, styles.CELL)
            self.sheet.value(self.row, 1, dt.date.fromisoformat(one.as_of), styles.CELL)
            for across, mark in enumerate(borne, start=2):
                self.sheet.value(self.row, across, one.marks.get(mark, 0), NUMBER)

    def questions(self) -> None:
        """What there is to decide."""
        self.head(B("Por decidir", "To decide"), B("Preguntas", "Questions"))
        self.line(B("Conflictos", "Conflicts"), self.result.questions("conflict", "within"))
        self.line(B("Propuestas", "Proposals"), self.result.questions("proposal"))
        applied = sum(d.stage == "applied" for d in self.result.decisions)
        self.line(B("Decisiones aplicadas", "Decisions applied"), applied)

    def answers(self) -> None:
        """The answers to the matrices: how many of each, and from how many countries."""
        self.head(B("Respuestas", "Answers"), *(comparison.board.sheet for comparison in self.legal))
        for option in self.legal[0].options:
            numbers = (comparison.count(option.key) for comparison in self.legal)
            self.line(option.label, *numbers, style=styles.tone_style(option.tone))
        bold = {**styles.CELL, "bold": True}
        silent = [sum(len(line.blank) for line in comparison.lines) for comparison in self.legal]
        self.line(B("Sin respuesta", "No answer"), *silent, style=bold)
        unread = [sum(len(line.unread.keys() - line.cells.keys()) for line in c.lines) for c in self.legal]
        self.line(B("Llegó y no se pudo leer", "Arrived and could not be read"), *unread, style=bold)
        tentative = B("Por confirmar por el país", "To be confirmed by the country")
        self.line(tentative, *(_tentative(comparison) for comparison in self.legal), style=bold)
        self.line(B("Preguntas", "Questions"), *(len(comparison.lines) for comparison in self.legal), style=bold)
        answering = B("Países que respondieron", "Countries that answered")
        self.line(answering, *(_answering(comparison) for comparison in self.legal), style=bold)

    def cells(self) -> None:
        """What became of every cell that was read."""
        self.head(B("Celdas recibidas", "Cells received"), B("Celdas", "Cells"))
        first = self.row + 1
        for outcome in OUTCOMES:
            self.line(_OUTCOMES[outcome], self.result.counts[outcome])
        self.row += 1
        self.sheet.text(self.row, 0, B("Leídas en total", "Read in all")[self.lang], {**styles.CELL, "bold": True})
        formula = f"=SUM(B{first + 1}:B{self.row})"
        self.sheet.formula(self.row, 1, formula, self.result.counts["read"], {**styles.CELL, "bold": True})
        self.line(B("Comentarios, aparte", "Notes, counted apart"), self.result.comments)


_OUTCOMES: Mapping[str, Bilingual] = {
    "merged": B("Incorporadas", "Merged"),
    "unchanged": B("Sin cambio", "Unchanged"),
    "proposed": B("Propuestas", "Proposed"),
    "conflicting": B("En conflicto", "Conflicting"),
    "superseded": B("Sustituidas", "Superseded"),
    "set_aside": B("Apartadas", "Set aside"),
}


def _letter(item: Item) -> str:
    match = _LETTER.match(item.record.text("section"))
    return match[1] if match else _NO_SECTION


def _answering(comparison: Comparison) -> int:
    """How many countries have an answer that is their own: not only what was noted for them."""
    return len({cell.country for line in comparison.lines for cell in line.cells.values() if not cell.tentative})


def _tentative(comparison: Comparison) -> int:
    return sum(len(line.noted) for line in comparison.lines)
