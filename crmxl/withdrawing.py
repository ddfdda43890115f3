"""Taking back what a file said: it was given to another country, or is not to count after all.

The workbook that the next merge starts from holds what earlier merges took. What a file that is withdrawn had said is
taken out of it: each cell says again what the country had sent before, or what was issued to it; questions that it had
part in are put anew by the returns that stay. What the Secretariat decided stays decided.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from crmxl.canonical import Canonical
from crmxl.decisions import Catalogue, Target
from crmxl.definition import Column, Record
from crmxl.findings import Finding, Place, Source, finding
from crmxl.issued import Issued
from crmxl.members import BY_CODE
from crmxl.messages import Code
from crmxl.registers import Change, lateness, spot_of
from crmxl.text import B
from crmxl.values import Unreadable, Value, is_erase

Spot = tuple[str, ...]
"""A cell: table, item, country, column."""


@dataclass(frozen=True)
class Withdrawn:
    """A canonical workbook without what some files had said, the cells that say otherwise now, and what is told."""

    canonical: Canonical
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()


def without(
    canonical: Canonical, catalogue: Catalogue, files: Collection[str], issued: Mapping[str, Issued]
) -> Withdrawn:
    """Take back what files had said, by their SHA-256; `issued` tells what was issued to each country."""
    received = {r.key[0]: r for r in canonical.of("reception")}
    gone = {sha: received[sha] for sha in files if sha in received and received[sha].text("accepted") == "yes"}
    if not gone:
        return Withdrawn(canonical)
    leaving = [r for r in canonical.of("provenance") if r.text("sha256") in gone]
    staying = [r for r in canonical.of("provenance") if r.text("sha256") not in gone]
    merged = {spot_of(r, catalogue): r for r in leaving if r.text("state") == "merged"}
    again = {spot: _latest(staying, spot, catalogue, received) for spot in merged}
    tables = dict(canonical.records)
    changes = []
    for spot, row in merged.items():
        before = again[spot]
        column = catalogue.table(spot[0]).column(spot[3])
        value = _said(before, column) if before else _issued(spot, gone[row.text("sha256")], issued, catalogue)
        changes += [change for change in [_put(tables, spot, value)] if change]
    asked = {spot_of(r, catalogue) for r in leaving if r.text("state") in ("proposed", "conflicting")}
    revived = {before.key: "merged" for before in again.values() if before}
    waiting = [_latest(staying, spot, catalogue, received) for spot in asked]
    revived |= {before.key: "proposed" for before in waiting if before}
    kept = [replace(r, values={**r.values, "state": revived.get(r.key, r.text("state"))}) for r in staying]
    tables["provenance"] = tuple(kept)
    tables["decisions"] = tuple(r for r in canonical.of("decisions") if not _takes_part(r, asked, catalogue))
    tables["reception"] = tuple(r for r in canonical.of("reception") if r.key[0] not in gone)
    tables["set_aside"] = tuple(r for r in canonical.of("set_aside") if r.text("sha256") not in gone)
    told = tuple(_told(row, sum(r.text("sha256") == sha for r in merged.values())) for sha, row in gone.items())
    return Withdrawn(replace(canonical, records=tables), tuple(changes), told)


def _latest(
    rows: Collection[Record], spot: Spot, catalogue: Catalogue, received: Mapping[str, Record]
) -> Record | None:
    """What the country had said of a cell before, in a file that stays."""
    said = [r for r in rows if r.text("state") == "superseded" and spot_of(r, catalogue) == spot]
    return max(said, key=lambda r: lateness(received[r.text("sha256")]), default=None) if said else None


def _said(row: Record, column: Column) -> Value:
    """The value of a text of Procedencia."""
    text = row.text("value")
    read = None if is_erase(text) else column.type.read(text)
    return text if isinstance(read, Unreadable) else read


def _issued(spot: Spot, file: Record, issued: Mapping[str, Issued], catalogue: Catalogue) -> Value:
    """What was issued to the country for a cell, in the cycle of a file; nothing where its copy is not there."""
    table, item, country, column = spot
    kind = catalogue.kind(table).key
    for copy in issued.values():
        if (copy.country, copy.cycle) == (country, file.text("cycle")) and (item,) in copy.base.get(kind, {}):
            return copy.base[kind][item,].values.get(column)
    return None


def _put(tables: dict[str, tuple[Record, ...]], spot: Spot, value: Value) -> Change | None:
    """Change an answer in the data."""
    table, item, country, column = spot
    key = (item, country)
    row = next((r for r in tables.get(table, ()) if r.key == key), None)
    if row is None:
        return None
    values = {name: told for name, told in row.values.items() if name != column}
    values |= {} if value is None else {column: value}
    tables[table] = tuple(replace(r, values=values) if r.key == key else r for r in tables[table])
    return Change(Target(table, item, country, column), row.values.get(column), value)


def _takes_part(row: Record, asked: Collection[Spot], catalogue: Catalogue) -> bool:
    """Whether an open question has a proposal of a file that is withdrawn."""
    found = catalogue.called(row.text("table"), row.text("column"))
    if row.text("stage") == "applied" or found is None:
        return False
    return any(
        (table, item, column) == (found[0].name, row.text("item"), found[1].key)
        and (row.text(country.lower()) or row.text("country") == country)
        for table, item, country, column in asked
    )


def _told(row: Record, count: int) -> Finding:
    country = BY_CODE[row.text("country")].name if row.text("country") in BY_CODE else B("—", "—")
    place = Place(Source(row.text("file"), row.key[0]))
    return finding(Code.M119, place, country=country, count=count)


def given_anew(canonical: Canonical, countries: Mapping[str, str | None]) -> Iterator[str]:
    """The files that were merged as another country's than they are now known to be, by their SHA-256; `countries`
    tells whose each is now."""
    for row in canonical.of("reception"):
        now = countries.get(row.key[0])
        if row.text("accepted") == "yes" and now and now != row.text("country"):
            yield row.key[0]
