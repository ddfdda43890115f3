"""Where a value of a consolidated workbook came from: who said it, in which file and cell, what became of it, and who
decided. All of it is read from the workbook's own registers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from crmxl import members
from crmxl.canonical import Canonical
from crmxl.decisions import Catalogue, taken
from crmxl.definition import Column, Key, Kind, Record, Table
from crmxl.findings import address, position, ranges
from crmxl.provenance import read_said
from crmxl.reading import Book, Grid
from crmxl.reasons import Reason
from crmxl.registers import OUTCOMES
from crmxl.tables import shown
from crmxl.text import B, Bilingual, Lang, fold
from crmxl.values import as_text

_CODE = re.compile(r"\(([A-Z]{3})\)")
"""A country's code in the heading of a board."""
_SHORT = 12
"""Characters of a hash that are told to people."""


@dataclass(frozen=True, slots=True)
class Origin:
    """One cell of one file that spoke on a value: the country, the file's names, where it stood, what it said, and what
    became of it (`merged`, `proposed`, `conflicting`, `superseded`, `unchanged`, `set_aside` with the reason)."""

    country: str
    file: str
    sha256: str
    sheet: str
    cell: str
    value: str
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of one value: its table, row and column, the cells that spoke on it, the decisions about it."""

    table: Table
    column: Column
    record: Record
    cell: str
    origins: tuple[Origin, ...]
    decisions: tuple[Record, ...]
    adopted: bool = False
    """Whether its row was proposed by a country and got its number by a decision."""

    @property
    def country(self) -> str | None:
        """The country of an answer."""
        return self.record.key[1] if "country" in self.table.key else None

    def value(self, lang: Lang) -> str:
        """The value as its sheet shows it."""
        return shown(self.record.values.get(self.column.key), self.column, lang)

    def as_dict(self, lang: Lang) -> dict[str, Any]:
        """The trace as JSON gives it."""
        return {
            "value": self.value(lang) or None,
            "item": self.record.key[0],
            "column": self.column.title[lang],
            "sources": [
                {
                    "country": origin.country or None,
                    "file": origin.file,
                    "sha256": origin.sha256,
                    "sheet": origin.sheet,
                    "cell": origin.cell,
                    "value": origin.value,
                    "state": origin.state,
                    **({"reason": origin.reason} if origin.reason else {}),
                }
                for origin in self.origins
            ],
            "decisions": [
                {
                    "decision": taken(decision),
                    "stage": decision.text("stage"),
                    "decided_by": decision.text("decided_by") or None,
                    "decided_on": decision.text("decided_on") or None,
                }
                for decision in self.decisions
            ],
        }


def trace(canonical: Canonical, book: Book, kinds: Sequence[Kind], sheet: str, cell: str) -> Trace | None:
    """What is known of the value in a cell of a data sheet, or of a board of countries; None where none can stand."""
    grid = next((grid for grid in book.grids if fold(grid.name) == fold(sheet)), None)
    if grid is None:
        return None
    row, across = position(cell)
    for kind in kinds:
        for table in kind.tables:
            if fold(sheet) in map(fold, table.sheet.both()):
                return _in_table(canonical, kinds, table, grid, row, across)
        for board, answer in _boards(kind):
            if kind.answers_table and fold(sheet) in map(fold, board.both()):
                return _on_board(canonical, kinds, kind, answer, grid, row, across)
    return None


def _in_table(
    canonical: Canonical, kinds: Sequence[Kind], table: Table, grid: Grid, row: int, across: int
) -> Trace | None:
    reading = canonical.readings.get(table.name)
    record = next((r for r in canonical.of(table.name) if reading and reading.rows.get(r.key) == row), None)
    column = next((c for c in table.columns if reading and reading.columns.get(c.key) == across), None)
    if record and column and column.computed:  # it is not read back, so its cell tells what it says
        record = replace(record, values={**record.values, column.key: as_text(grid.cells.get((row, across)))})
    return _traced(canonical, kinds, table, record, column) if record and column else None


def _boards(kind: Kind) -> Iterator[tuple[Bilingual, str]]:
    """The boards of a kind, each with the column whose answers it shows."""
    if kind.board:
        yield kind.board.sheet, kind.board.answer
    if kind.tally:
        yield kind.tally.sheet, kind.tally.value


def _on_board(
    canonical: Canonical, kinds: Sequence[Kind], kind: Kind, answer: str, grid: Grid, row: int, across: int
) -> Trace | None:
    """A board shows the answer of the country above, to the item in front."""
    table = kind.answers_table
    codes = (_CODE.search(as_text(raw)) for (r, c), raw in sorted(grid.cells.items()) if c == across and r < row)
    code = next((match[1] for match in codes if match and match[1] in members.CODES), None)
    key = (as_text(grid.cells.get((row, 0))), code or "")
    if table is None:
        return None
    record = next((record for record in canonical.of(table.name) if record.key == key), None)
    if record is None and code and any(item.key[0] == key[0] for item in canonical.of(kind.items_table.name)):
        record = Record(key, dict(zip(table.key, key, strict=True)))  # nothing was answered
    return _traced(canonical, kinds, table, record, table.column(answer)) if record else None


def _traced(canonical: Canonical, kinds: Sequence[Kind], table: Table, record: Record, column: Column) -> Trace:
    catalogue = Catalogue(kinds)
    country = record.key[1] if "country" in table.key else None
    found = [
        origin for origin, spot in _origins(canonical, catalogue) if _is_about(spot, table, record, column, country)
    ]
    found += _aside(canonical, record, column, country)
    found.sort(key=lambda origin: (OUTCOMES.index(origin.state), members.order(origin.country), origin.sha256))
    decisions = [
        decision
        for decision in canonical.of("decisions")
        if (called := catalogue.called(decision.text("table"), decision.text("column")))
        and (called[0].name, called[1].key) == (table.name, column.key)
        and record.key[0] in (decision.text("item"), decision.text("assigned"))
        and decision.text("country") in ("", country or "")
    ]
    reading = canonical.readings.get(table.name)
    there = reading is not None and record.key in reading.rows and column.key in reading.columns
    cell = address(reading.rows[record.key], reading.columns[column.key]) if reading and there else ""
    adopted = any(row.text("assigned") == record.key[0] for row in canonical.of("decisions"))
    return Trace(table, column, record, cell, tuple(found), tuple(decisions), adopted)


def _aside(canonical: Canonical, record: Record, column: Column, country: str | None) -> Iterator[Origin]:
    """What Apartados holds on the value: what could not be read, was not taken, or is a comment on its cell."""
    files = {row.text("sha256"): row.text("file") for row in canonical.of("reception")}
    for row in canonical.of("set_aside"):
        if row.text("item") != record.key[0] or fold(row.text("label")) not in column.names():
            continue
        if country in (None, row.text("country")):
            sha = row.text("sha256")
            sheet, cell, value = (row.text(name) for name in ("origin_sheet", "origin_cell", "value"))
            file = files.get(sha, "")
            yield Origin(row.text("country"), file, sha, sheet, cell, value, "set_aside", row.text("reason"))


def _is_about(spot: tuple[str, ...], table: Table, record: Record, column: Column, country: str | None) -> bool:
    name, item, who, key = spot
    return (name, item, key) == (table.name, record.key[0], column.key) and country in (None, who)


def _origins(canonical: Canonical, catalogue: Catalogue) -> Iterator[tuple[Origin, tuple[str, ...]]]:
    """Every cell that Procedencia tells of, with the value that it is about."""
    files = {record.text("sha256"): record.text("file") for record in canonical.of("reception")}
    assigned = {r.text("item"): r.text("assigned") for r in canonical.of("decisions") if r.text("assigned")}
    for said in read_said(canonical.of("provenance"), catalogue):
        yield (
            Origin(said.country, files.get(said.sha256, ""), said.sha256, said.sheet, said.cell, said.text, said.state),
            (said.table, assigned.get(said.item, said.item), said.country, said.column),
        )


_FROM = B("Origen: {place} (SHA-256 {sha}…)", "Origin: {place} (SHA-256 {sha}…)")


Files: TypeAlias = Mapping[tuple[str, str], Sequence[str]]
"""Cells by their file's SHA-256 and their sheet."""


def origins(provenance: Sequence[Record], kinds: Sequence[Kind]) -> Mapping[str, Mapping[Key, Files]]:
    """Where the answers in force came from, by table and by the key of the answer."""
    found: dict[str, dict[Key, dict[tuple[str, str], list[str]]]] = {}
    for said in read_said(provenance, Catalogue(kinds)):
        if said.state == "merged":
            files = found.setdefault(said.table, {}).setdefault((said.item, said.country), {})
            files.setdefault((said.sha256, said.sheet), []).append(said.cell)
    return found


def told_origin(files: Files, lang: Lang) -> str:
    """Where an answer came from, in a few words."""
    return "\n".join(
        _FROM[lang].format(place=f"{sheet}!{ranges(spots)}", sha=sha[:_SHORT]) for (sha, sheet), spots in files.items()
    )


_STATES: Mapping[str, Bilingual] = {
    "merged": B("incorporado", "merged"),
    "proposed": B("propuesto", "proposed"),
    "conflicting": B("en conflicto", "in conflict"),
    "superseded": B("sustituido por un envío posterior", "superseded by a later sending"),
    "unchanged": B("sin cambio", "unchanged"),
    "set_aside": B("apartado", "set aside"),
}
_NOBODY = B(
    "Ningún envío habló de esta celda: viene del libro canónico.",
    "No sending spoke on this cell: it comes from the canonical workbook.",
)


def _state(origin: Origin) -> Bilingual:
    """What became of a cell, and why it was set aside."""
    if origin.state != "set_aside" or not origin.reason:
        return _STATES[origin.state]
    why = Reason[origin.reason.upper()].value
    return B("apartado: {why}", "set aside: {why}").format(why=Bilingual(why.es.lower(), why.en.lower()))


def _settled(origin: Origin, found: Trace) -> Bilingual | None:
    """What became of a proposal once its question was decided; of what was as issued, once the cell is otherwise."""
    for decision in found.decisions:
        if decision.text("stage") != "applied" or origin.state not in ("proposed", "conflicting"):
            continue
        if decision.text(origin.country.lower()):
            return _ADOPTED if decision.text("decision") == origin.country else _DECLINED
    return _CHANGED_SINCE if origin.state == "superseded" and not found.country else None


_ADOPTED = B("adoptado", "adopted")
_DECLINED = B("no adoptado", "not adopted")
_CHANGED_SINCE = B("lo vigente es otro texto", "another text is in force")


def trace_lines(found: Trace, lang: Lang) -> Iterator[str]:
    """A trace in words."""
    who = members.BY_CODE[found.country].name[lang] if found.country in members.BY_CODE else ""
    where = f"{found.table.sheet[lang]}!{found.cell}" if found.cell else found.table.sheet[lang]
    yield " — ".join((where, ", ".join(filter(None, (found.record.key[0], who, found.column.title[lang])))))
    value = found.value(lang)
    blank = B("(en blanco)", "(blank)")
    yield f"  {_QUOTED.format(value=value)[lang] if value else blank[lang]}"
    for origin in found.origins:
        name = members.BY_CODE[origin.country].name[lang] if origin.country in members.BY_CODE else "—"
        told = _ORIGIN.format(
            name=name,
            file=origin.file or "—",
            place=f"{origin.sheet}!{origin.cell}",
            value=origin.value,
            state=_settled(origin, found) or _state(origin),
            sha=origin.sha256[:_SHORT],
        )
        yield f"  {told[lang]}"
    for decision in found.decisions:
        yield f"  {_decided(decision)[lang]}"
    if found.column.computed or found.column.derive:
        yield f"  {_COMPUTED[lang]}"
    elif not found.origins and not found.decisions:
        given = _GIVEN if found.adopted else _NOBODY
        yield f"  {(given if value else _NEVER)[lang]}"


_GIVEN = B(
    "Ningún país lo propuso: se puso al adoptar la fila.",
    "No country proposed it: it was put when the row was adopted.",
)
_COMPUTED = B("Se calcula a partir de las demás celdas.", "It is worked out from the other cells.")
_NEVER = B("Ningún envío habló de esta celda.", "No sending spoke on this cell.")
_QUOTED = B("«{value}»", "“{value}”")
_ORIGIN = B(
    "{name}: {file}, {place}, «{value}» — {state} (SHA-256 {sha}…)",
    "{name}: {file}, {place}, “{value}” — {state} (SHA-256 {sha}…)",
)
_OPEN = B("Por decidir en la hoja Decisiones.", "To be decided in the sheet Decisions.")
_DECIDED = B(
    "Decisión de la Secretaría Técnica: {what}{by}{on}.", "Decision of the Technical Secretariat: {what}{by}{on}."
)


def _decided(decision: Record) -> Bilingual:
    if decision.text("stage") != "applied":
        return _OPEN
    what = decision.text("decision")
    known: dict[str, Bilingual] = {
        "keep": B("mantener", "keep"),
        "own": B("texto propio", "own text"),
        "other": B("el otro envío", "the other sending"),
    }
    member = members.BY_CODE.get(what)
    by, on = decision.text("decided_by"), decision.text("decided_on")
    return _DECIDED.format(
        what=known.get(what) or (member.name if member else B(what or "—", what or "—")),
        by=f" ({by})" if by else "",
        on=B(f", el {on}", f", on {on}") if on else "",
    )
