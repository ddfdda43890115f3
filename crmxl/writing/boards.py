"""Boards: the views of item by country, the same for every kind that has one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from crmxl import members
from crmxl.comparison import EXPIRED, LACKING, STALE, TENTATIVE, UNREAD, Comparison, Line, note, note_lines
from crmxl.dates import short, spoken
from crmxl.definition import Record
from crmxl.findings import address, letters
from crmxl.tables import shown
from crmxl.text import B, Bilingual, Lang, listed
from crmxl.tracing import Files, told_origin
from crmxl.values import Option
from crmxl.writing import styles
from crmxl.writing.sheet import Sheet, Style, Workbook

Origins: TypeAlias = Mapping[tuple[str, ...], Files]
"""Where the answers of a kind came from, by item and country."""
Details: TypeAlias = Mapping[tuple[str, ...], tuple[str, str]]
"""Where the answers of a kind stand whole, by item and country: sheet and cell."""


@dataclass(frozen=True)
class Behind:
    """What stands behind the answers of a board: where they came from, where they stand whole, and, by item, which
    countries changed theirs since the workbook before."""

    origins: Origins = field(default_factory=dict)
    details: Details = field(default_factory=dict)
    changed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    reserved: Sequence[str] = ()
    """The countries of which a part does not circulate."""


NOTED = 5_000
"""Answers on a board up to which each bears a note with the law and where it came from; each note is a drawing, and a
workbook with tens of thousands of them opens slowly. What a note says stands in the answers' own sheet."""
LINK_LIMIT = 60_000
"""Answers on a board up to which each is a link; Excel follows no more than 65,530 on a sheet."""
NOTE_LIMIT = 1_500
"""Characters of a note on a cell; the whole text stands in the answers' own sheet."""
_LACK = B("A quién le falta", "Who lacks it")
_COUNTED = B("«{words}» cuenta {options}", "“{words}” counts {options}")
_SILENT = B("Sin respuesta", "No answer")
_UNKNOWN = B("Sin respuesta ni información", "No answer or information")
_ALL = B("todos", "all")
RESERVED = "R"
_RESERVED = B(
    f"{RESERVED} = reservado en parte, puede estar contestado: {{names}}",
    f"{RESERVED} = reserved in part, it may have been answered: {{names}}",
)
_CHANGED = B("Quién la cambió", "Who changed it")
_STALE = B("Sin revisar", "Not reviewed")
_UNREAD_NOTE = B("Llegó y no se pudo leer: «{text}»", "It arrived and could not be read: “{text}”")
_ACTS = {"ratification": B("Rat.", "Rat."), "accession": B("Adh.", "Acc.")}
_TOTALS: Style = {**styles.CELL, "bold": True, "bg_color": styles.PALE}
_WARNING: Style = {"bold": True, "font_color": "#9C0006"}
"""What the Secretariat wrote above its matrix: what to be careful with."""
_BAND: Style = {"bold": True, "font_color": styles.NAVY, "bg_color": "#D9E2F3", "valign": "vcenter"}
_COUNT: Style = {**styles.CELL, "align": "center"}
_LIST: Style = {**styles.CELL, "font_size": 8}
_ANSWER: Style = {"align": "center", "font_size": 9}
_HEADER: Style = {**styles.HEADER, "font_size": 8}


def reserved_line(countries: Collection[str], lang: Lang) -> Iterator[str]:
    """What the sign for what is reserved means, and of which countries; nothing where none is."""
    codes = [code for code in members.CODES if code in countries]
    if codes:
        yield _RESERVED.format(names=listed((members.BY_CODE[code].name[lang] for code in codes), lang))[lang]


@dataclass(frozen=True)
class _List:
    """A list of countries at the end of a row: its heading, and whom it names of a row."""

    title: Bilingual
    of: Callable[[Line], Sequence[str]]


def bears_notes(comparison: Comparison) -> bool:
    """Whether the answers on a board bear notes."""
    return sum(len(line.cells) for line in comparison.lines) <= NOTED


class _Writer:
    """Writes one board, row by row; `first` and `last` are its rows of items."""

    def __init__(self, sheet: Sheet, comparison: Comparison, behind: Behind, lang: Lang) -> None:
        self.sheet, self.comparison, self.behind, self.lang = sheet, comparison, behind, lang
        self.details = behind.details if len(behind.details) <= LINK_LIMIT else {}
        kind, board = comparison.kind, comparison.board
        self.subject = kind.column(kind.wording(kind.subject or kind.id, lang))
        self.lead = [kind.columns[0], *(kind.column(key) for key in board.lead)]
        self.left = len(self.lead) + 1
        self.right = self.left + len(members.MEMBERS)
        self.counted = [option for option in comparison.options if option.tone in ("good", "fair", "poor")]
        self.row = 0
        self.first = self.rows = self.sight = 0
        self.noted = bears_notes(comparison)
        self.looks = {o.tone: {**styles.tone_style(o.tone), **_ANSWER} for o in comparison.options}

    def head(self, preamble: Iterable[str]) -> None:
        """Title, day, how to read it, and the lines that the data sheet has above its own header."""
        comparison, lang = self.comparison, self.lang
        self.sheet.text(0, 0, comparison.board.title[lang], styles.TITLE)
        day = B(spoken(comparison.as_of), spoken(comparison.as_of, "en"))
        line = B("A la fecha: {day}", "As of {day}").format(day=day)[lang]
        self.sheet.text(1, 0, line, styles.SUBTITLE)
        self.row = 2
        for style, lines in ((styles.SMALL, self.legend()), (_WARNING, preamble)):
            for text in lines:
                self.sheet.text(self.row, 0, text, style)
                self.row += 1
        self.sight = self.row
        self.row += 1

    def legend(self) -> Iterable[str]:
        """How the short answers are to be read."""
        board, meeting, lang = self.comparison.board, self.comparison.meeting, self.lang
        short = [f"{o.letter[lang]} = {o.label[lang]}" for o in self.comparison.options if o.letter]
        if short:
            yield " · ".join((*short, B("en blanco = sin respuesta", "blank = no answer")[lang]))
        lacking = [option.label[lang] for option in self.comparison.options if option.tone in LACKING]
        yield _COUNTED.format(words=_LACK, options=listed(lacking, lang))[lang]
        signs = []
        if board.tentative:
            signs.append(B(f"{TENTATIVE} = por confirmar por el país", f"{TENTATIVE} = to be confirmed by the country"))
        if board.reviewed and meeting:
            text = B(
                f"{STALE} = el país no lo ha revisado desde la última reunión ({{meeting}})",
                f"{STALE} = not reviewed by the country since the last meeting ({{meeting}})",
            )
            signs.append(text.format(meeting=meeting.name))
        if board.expires:
            signs.append(B(f"{EXPIRED} = ya venció", f"{EXPIRED} = no longer holds"))
        if any(line.unread for line in self.comparison.lines):
            signs.append(B(f"{UNREAD} = llegó y no se pudo leer", f"{UNREAD} = arrived and could not be read"))
        if board.figures:
            signs.append(
                B(
                    "cifras = años de prisión (≤ hasta, ≥ desde; 12 > 8: la mínima pasa de la máxima)",
                    "figures = years of imprisonment (≤ up to, ≥ from; 12 > 8: the minimum is above the maximum)",
                )
            )
        signs.append(B("la nota de cada celda dice el detalle", "the note on each cell tells the detail"))
        if self.details:
            signs.append(B("la celda lleva a la respuesta entera", "the cell leads to the whole answer"))
        yield " · ".join(sign[lang] for sign in signs)
        yield from reserved_line(self.behind.reserved, lang)

    def headings(self) -> None:
        lang = self.lang
        kind = self.comparison.kind
        worded = any(line.item.values.get(self.subject.key) for line in self.comparison.lines)
        subject = self.subject if worded else kind.column(kind.subject or kind.id)
        titles = [column.title[lang] for column in (*self.lead, subject)]
        countries = [f"{member.name[lang]} ({member.code})" for member in members.MEMBERS]
        counts = [option.label[lang] for option in self.counted]
        lists = [list_.title[lang] for list_ in self.lists()]
        self.sheet.across(self.row, 0, (*titles, *countries, *counts, *lists), _HEADER)
        self.sheet.height(self.row, 40)
        short = all(option.letter for option in self.comparison.options)
        answer = 8.5 if short else 10.5
        self.sheet.widths((11, *(8 for _ in self.lead[1:]), 40, *(answer for _ in countries), *(6 for _ in counts)))
        self.sheet.widths((11.5 for _ in lists), self.right + len(counts))
        self.row += 1

    def lists(self) -> tuple[_List, ...]:
        """The lists of countries at the end of each row."""
        silent = _UNKNOWN if any(option.tone == "unknown" for option in self.comparison.options) else _SILENT
        changed = self.behind.changed
        return (
            _List(_LACK, lambda line: line.lacking),
            _List(silent, lambda line: line.silent),
            *([_List(_CHANGED, lambda line: changed.get(line.item.key[0], ()))] if changed else []),
            *([_List(_STALE, lambda line: line.stale)] if self.comparison.board.reviewed else []),
        )

    def instruments(self) -> None:
        """The state of the instruments: ratification or accession with the day of deposit, the rest in the note."""
        if not self.comparison.instruments:
            return
        lang = self.lang
        self.band(
            B(
                "Estado de los instrumentos (Rat. = ratificación, Adh. = adhesión; fecha de depósito)",
                "State of the instruments (Rat. = ratification, Acc. = accession; date of deposit)",
            )[lang]
        )
        for rows in self.comparison.instruments.values():
            some = next(iter(rows.values()))
            self.sheet.text(self.row, 0, some.key[1], styles.CELL)
            for place in range(1, self.left - 1):
                self.sheet.blank(self.row, place, styles.CELL)
            self.sheet.text(self.row, self.left - 1, _instrument(self.comparison, some, lang), styles.CELL)
            for place, code in enumerate(members.CODES, start=self.left):
                self.instrument(place, rows.get(code))
            self.row += 1

    def instrument(self, place: int, record: Record | None) -> None:
        if record is None or not (record.text("act") or record.text("deposited")):
            self.sheet.blank(self.row, place, styles.CELL)
            return
        act = _ACTS[record.text("act")][self.lang] if record.text("act") in _ACTS else ""
        deposited = record.values.get("deposited")
        day = short(deposited, self.lang) if isinstance(deposited, dt.date) else record.text("deposited")
        self.sheet.text(self.row, place, f"{act}\n{day}".strip(), {**styles.CELL, "font_size": 8})
        told = (
            B("Firma: {day}", "Signed: {day}").format(day=record.text("signed") or "—")[self.lang],
            record.text("source"),
        )
        self.sheet.note(self.row, place, "\n".join(filter(None, told)))

    def band(self, text: str) -> None:
        last = self.right + len(self.counted) + len(self.lists())
        self.sheet.text(self.row, 0, text, _BAND)
        for place in range(1, last):
            self.sheet.blank(self.row, place, _BAND)
        self.sheet.height(self.row, 18)
        self.row += 1

    def items(self) -> None:
        """The items, under their bands."""
        kind, board, lang = self.comparison.kind, self.comparison.board, self.lang
        band = kind.column(board.band) if board.band else None
        before = ""
        self.first = self.row
        for line in self.comparison.lines:
            value = line.item.values.get(band.key) if band else None
            text = shown(value, band, lang) if band and value is not None else ""
            if text and text != before:
                self.band(text)
            before = text
            self.line(line)
            self.row += 1
        self.rows = self.row - self.first

    def line(self, line: Line) -> None:
        sheet, lang, kind = self.sheet, self.lang, self.comparison.kind
        for place, column in enumerate(self.lead):
            value = line.item.values.get(column.key)
            sheet.text(self.row, place, shown(value, column, lang) if value is not None else "", styles.CELL)
        sheet.text(self.row, self.left - 1, kind.about(line.item.values, lang), styles.CELL)
        for place, code in enumerate(members.CODES, start=self.left):
            cell = line.cells.get(code)
            if cell is None and code in line.unread:
                sheet.text(self.row, place, UNREAD, {**styles.CELL, **_ANSWER, "bold": True, "font_color": "#9C0006"})
                sheet.note(self.row, place, _UNREAD_NOTE.format(text=line.unread[code][:NOTE_LIMIT])[lang])
                continue
            if cell is None and code in line.noted:
                sheet.text(self.row, place, TENTATIVE, {**styles.CELL, **_ANSWER})
                sheet.note(self.row, place, "\n".join(note_lines(line.noted[code], kind, self.comparison.board, lang)))
                continue
            if cell is None and code in line.apart:
                sheet.text(self.row, place, RESERVED, {**styles.CELL, **_ANSWER, "font_color": styles.GREY})
                continue
            if cell is None:
                sheet.blank(self.row, place, styles.CELL)
                continue
            look = self.looks[cell.option.tone]
            if cell.answer.key in self.details:
                sheet.internal_link(self.row, place, *self.details[cell.answer.key], cell.short(lang), look)
            else:
                sheet.text(self.row, place, cell.short(lang), look)
            if not self.noted:
                continue
            told = note(cell, kind, self.comparison.board, lang)
            told = told if len(told) <= NOTE_LIMIT else f"{told[:NOTE_LIMIT]}…"
            origin = self.behind.origins.get(cell.answer.key)
            if whole := "\n".join(filter(None, (told, told_origin(origin, lang) if origin else ""))):
                sheet.note(self.row, place, whole)
        spots = f"{address(self.row, self.left)}:{address(self.row, self.right - 1)}"
        for place, option in enumerate(self.counted, start=self.right):
            number = sum(cell.option is option for cell in line.cells.values())
            sheet.formula(self.row, place, f'=COUNTIF({spots},"{_pattern(option, lang)}")', number, _COUNT)
        for place, list_ in enumerate(self.lists(), start=self.right + len(self.counted)):
            named = list_.of(line)
            all_of_them = len(named) == len(members.CODES)
            sheet.text(self.row, place, _ALL[lang] if all_of_them else ", ".join(named), _LIST)

    def totals(self) -> None:
        """How each country stands: a row a choice, then who has not answered."""
        self.row += 1
        last = self.row - 2
        for option in self.comparison.options:
            spots = [self.spots(place, last) for place in range(self.left, self.right)]
            formulas = [f'=COUNTIF({spot},"{_pattern(option, self.lang)}")' for spot in spots]
            numbers = [self.comparison.count(option.key, code) for code in members.CODES]
            self.total(option.label[self.lang], formulas, numbers)
        count = len(self.comparison.lines)
        formulas = [
            f'={count}-COUNTIF({self.spots(place, last)},"?*")+COUNTIF({self.spots(place, last)},"~{TENTATIVE}")'
            for place in range(self.left, self.right)
        ]
        silent = [sum(code in line.blank for line in self.comparison.lines) for code in members.CODES]
        self.total(_SILENT[self.lang], formulas, silent)
        if self.comparison.board.reviewed:
            stale = [sum(code in line.stale for line in self.comparison.lines) for code in members.CODES]
            spots = [self.spots(place, last) for place in range(self.left, self.right)]
            signs = [f'=COUNTIF({s},"?~{STALE}*")+COUNTIF({s},"?~{TENTATIVE}~{STALE}*")' for s in spots]
            self.total(_STALE[self.lang], signs, stale)

    def in_sight(self) -> None:
        """How many items are in sight, which a filter changes."""
        count = len(self.comparison.lines)
        words = B("A la vista: ", "Shown: "), B(" de {n}", " of {n}").format(n=count)
        before, after = (text[self.lang] for text in words)
        column = letters(self.left - 1)
        area = f"{column}{self.first + 1}:{column}{self.first + self.rows}"
        formula = f'="{before}"&SUBTOTAL(103,{area})&"{after}"'
        self.sheet.formula(self.sight, 0, formula, f"{before}{count}{after}", styles.SMALL)

    def spots(self, place: int, last: int) -> str:
        letter = letters(place)
        return f"{letter}{self.first + 1}:{letter}{last + 1}"

    def total(self, label: str, formulas: Sequence[str], numbers: Sequence[int]) -> None:
        for place in range(self.left - 1):
            self.sheet.blank(self.row, place, _TOTALS)
        self.sheet.text(self.row, self.left - 1, label, _TOTALS)
        for place, (formula, number) in enumerate(zip(formulas, numbers, strict=True), start=self.left):
            if members.CODES[place - self.left] in self.behind.reserved:
                self.sheet.text(self.row, place, "—", {**_TOTALS, "align": "center"})
                continue
            self.sheet.formula(self.row, place, formula, number, {**_TOTALS, "align": "center"})
        self.row += 1


def _pattern(option: Option, lang: Lang) -> str:
    return f"{(option.letter or option.label)[lang]}*"


def _instrument(comparison: Comparison, record: Record, lang: Lang) -> str:
    """The name of an instrument, as the items' own column has it."""
    return shown(record.key[1], comparison.kind.column("instrument"), lang)


def write_board(
    workbook: Workbook,
    comparison: Comparison,
    preamble: Iterable[str],
    lang: Lang,
    behind: Behind | None = None,
) -> None:
    """Item by country: short answers in letters and colours, details and where they came from in notes, who lacks what,
    who has not answered."""
    sheet = workbook.sheet(comparison.board.sheet[lang], "#548235")
    writer = _Writer(sheet, comparison, behind or Behind(), lang)
    writer.head(preamble)
    header = writer.row
    writer.headings()
    writer.instruments()
    writer.items()
    sheet.raw.freeze_panes(header + 1, writer.left)
    if comparison.lines:
        last = writer.right + len(writer.counted) + len(writer.lists()) - 1
        sheet.raw.autofilter(header, 0, writer.row - 1, last)
        writer.in_sight()
    writer.totals()
    sheet.print_setup(header, whole=True)
