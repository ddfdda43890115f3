"""What a file is, before anything is done with it: its format, who wrote it, whose template it is, what hides in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmxl import members
from crmxl.anchors import find_anchors
from crmxl.around import BEFORE_SENDING, INSTRUCTIONS
from crmxl.definition import Kind
from crmxl.issued import STAMP_SHEET, Issued, read_stamp
from crmxl.reading import Book, Grid
from crmxl.text import B, Bilingual, Lang, fold, listed

HAZARDS: Mapping[str, Bilingual] = {
    "macros": B("macros (no se ejecutan)", "macros (they are not run)"),
    "external_links": B("vínculos a otros libros (no se siguen)", "links to other workbooks (not followed)"),
    "dde": B("enlaces dinámicos a otros programas (no se siguen)", "dynamic links to other programs (not followed)"),
    "connections": B("conexiones a datos (no se abren)", "data connections (not opened)"),
    "embedded_objects": B("objetos incrustados (no se leen)", "embedded objects (not read)"),
    "threaded_comments": B("conversaciones en comentarios (se conservan)", "threads of comments (kept)"),
    "comments": B("comentarios (se conservan)", "comments (kept)"),
    "hidden_sheets": B("hojas ocultas (se leen)", "hidden sheets (read)"),
    "hidden_rows": B("filas ocultas o filtradas (se leen)", "hidden or filtered rows (read)"),
    "hidden_columns": B("columnas ocultas (se leen)", "hidden columns (read)"),
    "merged_cells": B("celdas combinadas", "merged cells"),
    "struck_text": B("texto tachado", "text that is struck out"),
    "error_cells": B("celdas con errores de cálculo", "cells with errors of calculation"),
    "formulas_without_value": B("fórmulas sin valor guardado", "formulas without a saved value"),
    "date_1904": B("fechas contadas desde 1904 (se entienden)", "dates counted from 1904 (understood)"),
    "strict": B("formato Open XML estricto (se lee)", "strict Open XML format (read)"),
}
"""What a workbook can hold that does not show at first sight, and what becomes of it; keys as JSON gives them."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a file is. `role` is template (of crmxl, filled or not), canonical (it has data sheets of the Secretariat),
    other (a workbook that is none of ours), or unreadable; `known` tells whether its issued copy was found."""

    book: Book
    role: str
    kinds: tuple[str, ...] = ()
    version: str | None = None
    country: str | None = None
    cycle: str | None = None
    known: bool = False

    @property
    def hazards(self) -> tuple[str, ...]:
        """What the file holds that does not show at first sight, keys of HAZARDS; our own hidden sheet is none."""
        own = {STAMP_SHEET, *INSTRUCTIONS.both(), *BEFORE_SENDING.both()} if self.role == "template" else set()
        grids = [grid for grid in self.book.grids if grid.name not in own]
        signs = {
            "hidden_sheets": any(grid.hidden for grid in grids),
            "hidden_rows": any(grid.hidden_rows - _anchored(grid)[0] for grid in grids),
            "hidden_columns": any(grid.hidden_columns - _anchored(grid)[1] for grid in grids),
            "merged_cells": any(grid.merged for grid in grids),
            "struck_text": any(grid.struck for grid in grids),
            "comments": any(grid.comments for grid in grids),
            "error_cells": any(grid.errors for grid in grids),
            "formulas_without_value": any(grid.unsaved for grid in grids),
        }
        return (*self.book.hazards, *(name for name, there in signs.items() if there))

    def as_dict(self, lang: Lang) -> dict[str, Any]:
        """The file as JSON gives it."""
        findings = [finding.as_dict(lang) for finding in self.book.findings]
        return {
            "file": self.book.source.name,
            "sha256": self.book.source.sha256,
            "format": self.book.format or None,
            "program": self.book.program,
            "template": "+".join(self.kinds) if self.role == "template" and self.kinds else None,
            "version": self.version,
            "country": self.country,
            "cycle": self.cycle,
            "hazards": list(self.hazards),
            "role": self.role,
            "issued_copy": self.known,
            "sheets": [grid.name for grid in self.book.grids],
            "findings": findings,
        }


def _anchored(grid: Grid) -> tuple[frozenset[int], frozenset[int]]:
    """The row and the column that crmxl itself hides in a table."""
    anchors = find_anchors(grid)
    return (frozenset([anchors.row]), frozenset([anchors.column])) if anchors else (frozenset(), frozenset())


def diagnose(book: Book, kinds: Sequence[Kind], issued: Mapping[str, Issued]) -> Diagnosis:
    """Tell what a file is, from what was read of it."""
    if not book.grids:
        return Diagnosis(book, "unreadable")
    stamp = read_stamp(book)
    names = {fold(grid.name) for grid in book.grids}
    if stamp is not None:
        declared = [name.partition(":") for name in stamp.kinds]
        version = ", ".join(f"{key} {number}" for key, _, number in declared) or None
        code = stamp.country if stamp.country in members.CODES else None
        keys = tuple(key for key, _, _ in declared)
        return Diagnosis(book, "template", keys, version, code, stamp.cycle or None, stamp.issue in issued)
    there = tuple(kind.key for kind in kinds if names & {fold(name) for name in kind.sheet.both()})
    if there and names & {fold(name) for name in INSTRUCTIONS.both()}:
        return Diagnosis(book, "template", there)
    return Diagnosis(book, "canonical" if there else "other", there)


_ROLES: Mapping[str, Bilingual] = {
    "template": B("plantilla de la Secretaría", "template of the Secretariat"),
    "canonical": B("libro de la Secretaría", "workbook of the Secretariat"),
    "other": B("libro ajeno a la plantilla", "workbook that is not of the Secretariat"),
    "unreadable": B("no es un libro, o no se puede leer", "no workbook, or it cannot be read"),
}


def diagnosis_lines(found: Diagnosis, kinds: Sequence[Kind], lang: Lang) -> Iterator[str]:
    """The file in words, a line a fact."""
    book = found.book
    yield f"{book.source.name}: {_ROLES[found.role][lang]}"
    titles = [kind.sheet[lang] for kind in kinds if kind.key in found.kinds]
    name = members.BY_CODE[found.country].name[lang] if found.country else ""
    copy = B("encontrada", "found") if found.known else B("no está (¿falta --issued?)", "not there (--issued?)")
    facts = (
        (B("formato", "format"), book.format),
        (B("programa", "program"), book.program or ""),
        (B("hojas", "sheets"), listed(titles, lang)),
        (B("país", "country"), name),
        (B("ciclo", "cycle"), found.cycle or ""),
        (B("copia emitida", "issued copy"), copy[lang] if found.role == "template" else ""),
    )
    for label, text in facts:
        if text:
            yield f"   {label[lang]}: {text}"
    for hazard in found.hazards:
        yield f"   • {HAZARDS[hazard][lang]}"
