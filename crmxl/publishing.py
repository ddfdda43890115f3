"""What may circulate of a consolidated workbook: its data without what belongs to the Secretariat or to a sender alone.

The Secretariat's registers stay with it (who sent what, provenance, what was set aside, findings, decisions), and so do
sheets of its own. What a country sent for the Secretariat only is left out, and every text that holds personal data.
Everything that is shown is made anew from what is left, so that no total and no mark tells what was left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crmxl import members
from crmxl.canonical import Canonical
from crmxl.consolidation import Consolidation, missing
from crmxl.decisions import Catalogue
from crmxl.definition import Column, Kind, Owner, Record, Table, Tally
from crmxl.personal import personal
from crmxl.provenance import read_said
from crmxl.suppression import KEPT_BACK, USUAL, Cell, Shown, is_hidden, suppressed
from crmxl.tallying import groups
from crmxl.text import B, Bilingual, Lang, unique
from crmxl.values import Value

RESTRICTED = B("Enviado sólo para la Secretaría Técnica", "Sent for the Technical Secretariat only")
PERSONAL = B("Contiene datos personales", "It holds personal data")
SMALL = B("Cifra pequeña, o que dejaría calcular una", "A small count, or one that would tell it")
PRIVATE = B("No circula: datos de contacto", "Does not circulate: contact data")
OWN_SHEET = B("Hoja propia de la Secretaría Técnica", "A sheet of the Technical Secretariat's own")
OMITTED = B("[omitido: datos personales]", "[omitted: personal data]")
OMITTED_COUNT = B("[omitido: cifra pequeña]", "[omitted: small count]")
FOR_THE_SECRETARIAT = "st"
"""The restriction of use of what is sent for the Secretariat only."""


@dataclass(frozen=True, slots=True)
class Omission:
    """Something that does not circulate: a cell, or a whole sheet, and why."""

    sheet: Bilingual
    reason: Bilingual
    item: str = ""
    country: str = ""
    column: Bilingual | None = None

    def as_dict(self, lang: Lang) -> dict[str, Any]:
        """The omission as JSON gives it."""
        return {
            "sheet": self.sheet[lang],
            "id": self.item or None,
            "country": self.country or None,
            "column": self.column[lang] if self.column else None,
            "reason": self.reason[lang],
        }


@dataclass(frozen=True)
class Circulated:
    """What may circulate, what was left out, and the countries of which something was."""

    result: Consolidation
    omissions: tuple[Omission, ...]
    reserved: frozenset[str]
    told: Mapping[str, tuple[Record, ...]]
    """The registers by which marks and reviews are judged; they do not circulate."""

    @property
    def quiet(self) -> frozenset[str]:
        """The countries that had nothing to report in the cycle."""
        rows = [r for r in self.told["reception"] if r.text("accepted") == "yes"]
        rows = [r for r in rows if r.text("cycle") in ("", self.result.cycle)]
        told = {r.text("country") for r in rows if r.text("type") != "nothing"}
        return frozenset(r.text("country") for r in rows) - told - self.reserved


def circulated(canonical: Canonical, data: Sequence[Kind], lang: Lang, limit: int = USUAL) -> Circulated:
    """What may circulate of a consolidated workbook; `data` are the kinds that are not the Secretariat's registers, and
    counts of people below the `limit` are kept back."""
    catalogue = Catalogue(data)
    reserved = reserved_cells(canonical, catalogue)
    figures = _figures(canonical, data, reserved, limit)
    tables: dict[str, tuple[Record, ...]] = {}
    omissions: list[Omission] = []
    omissions += (Omission(k.sheet, PRIVATE) for k in data if k.private and canonical.of(k.items_table.name))
    for kind in data:
        for table in () if kind.private else kind.tables:
            rows = []
            for record in canonical.of(table.name):
                kept, left = _without(record, table, reserved, lang)
                if kind.tally and table is kind.answers_table and (kind.key, *record.key) in figures:
                    kept, small = _counted_less(kept, table, kind.tally, figures[kind.key, *record.key], lang)
                    left += small
                omissions += left
                rows += [kept] if table is kind.items_table or _says(kept, table) else []
            tables[table.name] = tuple(rows)
    omissions += (Omission(Bilingual(grid.name, grid.name), OWN_SHEET) for grid in canonical.extra)
    cycle = max(((r.text("deadline"), r.text("cycle")) for r in canonical.of("reception")), default=("", ""))[1]
    result = Consolidation(
        cycle=cycle,
        tables={**tables, "evolution": canonical.of("evolution"), "reception": (), "provenance": ()},
        canonical=replace(canonical, extra=(), strays=()),
        decisions=(),
        changes=(),
        receptions=(),
        missing=tuple(missing(canonical.of("reception"), cycle)),
        findings=(),
        counts={},
        comments=0,
    )
    countries = frozenset(o.country for o in omissions if o.reason is RESTRICTED and o.country)
    told = {name: canonical.of(name) for name in ("reception", "provenance")}
    return Circulated(result, tuple(omissions), countries, told)


def reserved_cells(canonical: Canonical, catalogue: Catalogue) -> Mapping[tuple[str, ...], str]:
    """The cells in force that came in a file for the Secretariat only, by table, item, country and column."""
    files = {r.text("sha256") for r in canonical.of("reception") if r.text("restriction") == FOR_THE_SECRETARIAT}
    return {
        said.spot: said.sha256
        for said in read_said(canonical.of("provenance"), catalogue)
        if said.state == "merged" and said.sha256 in files
    }


def _figures(
    canonical: Canonical, data: Sequence[Kind], reserved: Mapping[tuple[str, ...], str], limit: int
) -> dict[tuple[str, ...], Shown | None]:
    """The figures that circulate otherwise than they are, by kind, item and country: small counts of people, what would
    tell them, and rates that are worked out from them; None where only what is written beside the figure is left out,
    for a figure of the same sums is hidden."""
    figured = [kind for kind in data if kind.tally and kind.answers_table]
    together = list(groups(figured, canonical.records))
    found: dict[tuple[str, ...], Shown | None] = {}
    for code in members.CODES:
        counts: dict[Cell, float] = {}
        kept: set[Cell] = set()
        unsaid: set[Cell] = set()
        rates: dict[Cell, list[Cell]] = {}
        for kind, item, value in _said(canonical, figured, code):
            tally, cell = kind.tally, (kind.key, item.key[0])
            table = kind.answers_table.name if kind.answers_table else ""
            own = tally is not None and (table, item.key[0], code, tally.value) in reserved
            if tally and item.text(tally.unit) in tally.people:
                counts |= {cell: value} if isinstance(value, int | float) else {}
                unsaid |= {cell} if is_hidden(value) else set()
                kept |= {cell} if own else set()
            elif tally and tally.made_of and item.text(tally.made_of):
                rates[cell] = [(kind.key, part.strip()) for part in item.text(tally.made_of).split(";")]
                kept |= {rates[cell][0]} if own else set()  # the rate would come out of its parts
        told = suppressed(counts, together, limit, kept, unsaid)
        hidden: dict[Cell, Shown | None] = {cell: value for cell, value in told.items() if is_hidden(value)}
        beside = {cell for group in together if hidden.keys() & set(group.cells) for cell in group.cells}
        hidden = dict.fromkeys(beside) | hidden
        plain = counts.keys() - {cell for cell, value in told.items() if is_hidden(value)}
        hidden |= {cell: KEPT_BACK for cell, parts in rates.items() if not set(parts) <= plain}
        found |= {(*cell, code): value for cell, value in hidden.items()}
    return found


def _said(canonical: Canonical, kinds: Sequence[Kind], code: str) -> Iterator[tuple[Kind, Record, Value]]:
    """The figures of a country: the kind, the item, the value."""
    for kind in kinds:
        items = {record.key[0]: record for record in canonical.of(kind.items_table.name)}
        for answer in canonical.of(kind.answers_table.name if kind.answers_table else ""):
            if answer.key[1] == code and answer.key[0] in items and kind.tally:
                yield kind, items[answer.key[0]], answer.values.get(kind.tally.value)


def _counted_less(
    record: Record, table: Table, tally: Tally, shown: Shown | None, lang: Lang
) -> tuple[Record, list[Omission]]:
    """A row whose figure is hidden, or stands in a sum with one that is, and what is left out: what is written beside
    it goes too, in words as in figures; a source stays, unless there is a figure in it."""
    values = dict(record.values)
    left = []
    now = values.get(tally.value)
    if shown is not None and now is not None and not (is_hidden(now) and shown != KEPT_BACK):
        values[tally.value] = shown
        left.append(tally.value)
    for column in table.columns:
        text = values.get(column.key)
        if column.key in (tally.value, *table.key) or not isinstance(text, str) or column.type.format != "text":
            continue
        if column.key != "source" or _FIGURE.search(text):
            values[column.key] = OMITTED_COUNT[lang]
            left.append(column.key)
    titles = {column.key: column.title for column in table.columns}
    made = [Omission(table.sheet, SMALL, record.key[0], record.key[1], titles[key]) for key in left]
    return replace(record, values=values), made


_FIGURE = re.compile(r"\d")


def _without(
    record: Record, table: Table, reserved: Mapping[tuple[str, ...], str], lang: Lang
) -> tuple[Record, list[Omission]]:
    """A row without what does not circulate, and what that is."""
    country = record.key[1] if "country" in table.key else ""
    values = dict(record.values)
    left: list[Omission] = []
    for column, reason in _held_back(record, table, country, reserved):
        if reason is PERSONAL:
            values[column.key] = OMITTED[lang]
        else:
            del values[column.key]
        left.append(Omission(table.sheet, reason, record.key[0], country, column.title))
    return replace(record, values=values), left


def _held_back(
    record: Record, table: Table, country: str, reserved: Mapping[tuple[str, ...], str]
) -> Iterator[tuple[Column, Bilingual]]:
    for column in table.columns:
        value = record.values.get(column.key)
        if value is None or column.key in table.key:
            continue
        if column.secret or (table.name, record.key[0], country, column.key) in reserved:
            yield column, RESTRICTED
        elif isinstance(value, str) and column.type.format == "text" and personal(value):
            yield column, PERSONAL


def _says(record: Record, table: Table) -> bool:
    """Whether a row of answers still holds one."""
    return any(record.text(column.key) for column in table.columns if column.owner is Owner.COUNTRY)


def omission_lines(omissions: Sequence[Omission], lang: Lang) -> Iterator[str]:
    """What was left out, a line a sheet, country and reason, with its items."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for one in omissions:
        groups.setdefault((one.sheet[lang], one.country, one.reason[lang]), []).append(one.item)
    for (sheet, country, reason), items in groups.items():
        name = members.BY_CODE[country].name[lang] if country in members.BY_CODE else ""
        where = ", ".join(filter(None, (sheet, name, *unique(item for item in items if item)[:12])))
        more = "…" if len(unique(items)) > 12 else ""
        yield f"   {where}{more}: {reason}"
