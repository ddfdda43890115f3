"""Taking back what a file said: it was given to another country, or is not to count after all.

The workbook that the next merge starts from holds what earlier merges took. What a file that is withdrawn had said is
taken out of it: each cell says again what the country had sent before, or what was issued to it; questions that it had
part in are put anew by the returns that stay. What the Secretariat decided stays decided.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from crmxl.canonical import Canonical
from crmxl.decisions import Catalogue, Target
from crmxl.definition import Column, Record
from crmxl.findings import Finding, Place, Source, finding
from crmxl.issued import Issued
from crmxl.members import BY_CODE
from crmxl.messages import Code
from crmxl.provenance import Said, read_said, written
from crmxl.registers import Change, lateness
from crmxl.text import B, Lang
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
    canonical: Canonical,
    catalogue: Catalogue,
    files: Collection[str],
    issued: Mapping[str, Issued],
    lang: Lang = "es",
) -> Withdrawn:
    """Take back what files had said, by their SHA-256; `issued` tells what was issued to each country."""
    received = {r.key[0]: r for r in canonical.of("reception")}
    gone = {sha: received[sha] for sha in files if sha in received and received[sha].text("accepted") == "yes"}
    if not gone:
        return Withdrawn(canonical)
    said = list(read_said(canonical.of("provenance"), catalogue))
    leaving = [one for one in said if one.sha256 in gone]
    staying = [one for one in said if one.sha256 not in gone]
    merged = {one.spot: one for one in leaving if one.state == "merged"}
    latest = _latest(staying, received)
    again = {spot: latest.get(spot) for spot in merged}
    tables = dict(canonical.records)
    changes = []
    for spot, row in merged.items():
        before = again[spot]
        column = catalogue.table(spot[0]).column(spot[3])
        value = _said(before, column) if before else _issued(spot, gone[row.sha256], issued, catalogue)
        changes += [change for change in [_put(tables, spot, value)] if change]
    asked = {one.spot for one in leaving if one.state in ("proposed", "conflicting")}
    revived = {before.place: "merged" for before in again.values() if before}
    revived |= {latest[spot].place: "proposed" for spot in asked if spot in latest}
    kept = (one._replace(state=revived.get(one.place, one.state)) for one in staying)
    tables["provenance"] = written(kept, catalogue, lang)
    tables["decisions"] = tuple(r for r in canonical.of("decisions") if not _takes_part(r, asked, catalogue))
    tables["reception"] = tuple(r for r in canonical.of("reception") if r.key[0] not in gone)
    tables["set_aside"] = tuple(r for r in canonical.of("set_aside") if r.text("sha256") not in gone)
    told = tuple(_told(row, sum(one.sha256 == sha for one in merged.values())) for sha, row in gone.items())
    return Withdrawn(replace(canonical, records=tables), tuple(changes), told)


def _latest(staying: Iterable[Said], received: Mapping[str, Record]) -> dict[Spot, Said]:
    """What the countries had said of each cell before, in the latest of the files that stay."""
    found: dict[Spot, Said] = {}
    for one in (one for one in staying if one.state == "superseded"):
        known = found.get(one.spot)
        if known is None or lateness(received[one.sha256]) > lateness(received[known.sha256]):
            found[one.spot] = one
    return found


def _said(said: Said, column: Column) -> Value:
    """The value of a text of Procedencia."""
    text = said.text
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
