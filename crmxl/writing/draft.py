"""A template while it is written: its lists, where its cells stand, and what a cell to be filled in is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from crmxl.definition import Column, Kind, Record
from crmxl.findings import Finding, letters
from crmxl.issued import STAMP_SHEET, Stamp
from crmxl.review import Review, Spot
from crmxl.text import B, Bilingual, Lang
from crmxl.values import Value
from crmxl.writing import styles
from crmxl.writing.corrections import NOTE_AUTHOR, note_on
from crmxl.writing.data import write_cell
from crmxl.writing.sheet import Sheet, Style, Workbook


@dataclass
class Lists:
    """The lists of the hidden sheet: the range of each, made once."""

    sheet: Sheet
    ranges: dict[tuple[str, ...], str] = field(default_factory=dict)

    def range(self, labels: Sequence[str]) -> str:
        """The reference to a list, for a rule."""
        key = tuple(labels)
        if key not in self.ranges:
            column = 3 + len(self.ranges)
            for row, label in enumerate(key):
                self.sheet.text(row, column, label, styles.PLAIN)
            letter = letters(column)
            self.ranges[key] = f"='{STAMP_SHEET}'!${letter}$1:${letter}${len(key)}"
        return self.ranges[key]


@dataclass(frozen=True)
class Draft:
    """A template while it is written."""

    workbook: Workbook
    lists: Lists
    lang: Lang
    stamp: Stamp
    review: Review | None = None
    last: Bilingual | None = None
    """What the Secretariat has of the country, in a sentence."""
    answered: bool = False
    """Whether it shows earlier answers of the country."""
    placed: dict[Spot, tuple[str, int, int]] = field(default_factory=dict)
    """Where each cell of a row stands: its sheet, row and column."""

    def is_earlier(self, kind: Kind, record: Record, column: Column) -> bool:
        """Whether a cell shows what the Secretariat had of the country before this sending."""
        known = self.review.earlier(kind, record.key) if self.review else record
        value = record.values.get(column.key)
        return value is not None and known is not None and known.values.get(column.key) == value

    def told(self, spot: Spot) -> Sequence[Finding]:
        """What is to be corrected in a cell."""
        told = self.review.marked.get(spot, ()) if self.review else ()
        return [finding for finding in told if finding.severity != "note"]


def rule(draft: Draft, column: Column) -> dict[str, Any]:
    """What Excel enforces in a column, with the message that it shows; the advice of the one declaration."""
    lang = draft.lang
    restriction = column.type.restrict()
    advice = column.advice[lang] if column.advice else ""
    made: dict[str, Any] = {"validate": "any", "input_title": column.title[lang], "input_message": advice}
    if restriction.kind == "list":
        labels = [option[lang] for option in restriction.options]
        wrong = B(
            "Elija una opción de la lista: la flecha a la derecha de la celda la abre.",
            "Choose one of the list: the arrow to the right of the cell opens it.",
        )[lang]
        made |= {"validate": "list", "source": draft.lists.range(labels)}
    elif restriction.kind == "length":
        limit = restriction.limit
        wrong = B(
            "El texto pasa de {n} caracteres: acórtelo, o diga en qué documento está completo.",
            "The text is longer than {n} characters: shorten it, or say in which document the whole is.",
        ).format(n=limit)[lang]
        made |= {"validate": "length", "criteria": "<=", "value": limit}
    elif restriction.kind == "number":
        wrong = B("Escriba sólo un número, sin letras ni signos.", "Write a number only, without letters or signs.")[
            lang
        ]
        made |= {"validate": "decimal", "criteria": ">=", "value": 0}
    else:
        return made
    return made | {"error_title": column.title[lang], "error_message": wrong}


def write_answer(
    draft: Draft,
    sheet: Sheet,
    at: tuple[int, int],
    spot: Spot,
    column: Column,
    value: Value,
    look: Style,
) -> None:
    """One cell of a table; in a review copy coloured, with a note, where there is something to correct."""
    row, position = at
    draft.placed[spot] = (sheet.name, row, position)
    told = draft.told(spot)
    if told:
        wrong = any(finding.severity == "error" for finding in told)
        look = {**look, "bg_color": styles.FILL_RED if wrong else styles.FILL_AMBER}
        sheet.note(row, position, note_on(told, draft.lang), NOTE_AUTHOR)
    write_cell(sheet, row, position, column, value, draft.lang, look)
