"""What the plan rests on: each citation of its texts, the meeting that it names, and what is doubtful about it.

A citation names a meeting by its organ and month, or by its place and month; Reuniones tells whether such a meeting was
held. What Reuniones does not know is a note, never an error: the list may lack a meeting.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crmxl.archiving import former
from crmxl.canonical import Canonical
from crmxl.dates import understand
from crmxl.dates.when import month_end
from crmxl.definition import Kind, Record
from crmxl.findings import Finding, Place, at, finding, ranges
from crmxl.meetings import Meeting, meetings, named
from crmxl.messages import Code
from crmxl.references import Reference, citations, cross_references, read_reference
from crmxl.text import Bilingual, fold, unique

_AS_OF = re.compile(r"actualizado por la st el (?P<day>.+)$")


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation where it stands: kind and item, its place if it was read from a file, the meeting that it means."""

    reference: Reference
    kind: Kind
    item: str
    place: Place | None
    meeting: Record | None


def _meeting_of(reference: Reference, held: Sequence[Meeting]) -> Record | None:
    """The meeting of Reuniones that a citation means: of its organ or at its place, in its month."""
    if reference.nth and reference.organ:
        named = (m.record for m in held if m.record.text("number") == reference.nth)
        return next((record for record in named if record.text("organ") == reference.organ), None)
    if reference.year is None or reference.month is None:
        return None
    begin = dt.date(reference.year, reference.month, 1)
    end = month_end(reference.year, reference.month)
    then = [meeting.record for meeting in held if meeting.end >= begin and meeting.begin <= end]
    if reference.organ:
        return next((record for record in then if record.text("organ") == reference.organ), None)
    here = [record for record in then if reference.place and fold(reference.place) in fold(record.text("place"))]
    return here[0] if len(here) == 1 else None


def cited(kinds: Sequence[Kind], tables: Mapping[str, Sequence[Record]]) -> Iterator[Cited]:
    """Every citation in the texts of the kinds that keep one, in the order of their items."""
    held = meetings(tables.get("meetings", ()))
    for kind in kinds:
        own = [c.key for c in kind.items_table.columns if c.derive is None and not c.computed]
        if "references" not in (c.key for c in kind.columns):
            continue
        for record in tables.get(kind.items_table.name, ()):
            for key in own:
                for body in citations(record.text(key)):
                    reference = read_reference(body)
                    place = record.places.get(key)
                    yield Cited(reference, kind, record.key[0], place, _meeting_of(reference, held))


def _named(reference: Reference) -> Bilingual:
    return named([reference.organ or reference.place or ""], reference.year or 0, reference.month)


def check_citations(kinds: Sequence[Kind], canonical: Canonical, as_of: dt.date | None = None) -> Iterator[Finding]:
    """Meetings that Reuniones does not know, meetings after the day of the version, items that are not there. `as_of`
    is the day of the version that is being made of it."""
    found = [one for one in cited(kinds, canonical.records) if one.place and one.reference.month]
    if canonical.of("meetings"):
        unknown = [one for one in found if one.meeting is None]
        yield from _by_meeting(Code.R201, unknown)
    day = _version(canonical)
    if day and as_of:
        day = max(day, as_of)
    if day:
        later = [one for one in found if _begins(one.reference) > day]
        yield from _by_meeting(Code.R202, later, day=day.isoformat())
    yield from _crossed(kinds, canonical)


def _begins(reference: Reference) -> dt.date:
    return dt.date(reference.year or dt.MINYEAR, reference.month or 1, 1)


def _version(canonical: Canonical) -> dt.date | None:
    """The day of the version, where the lines above the plan say it."""
    for lines in canonical.preambles.values():
        for line in lines:
            match = _AS_OF.search(fold(line))
            if match:
                return understand(match["day"]).end
    return None


def _by_meeting(code: Code, found: Iterable[Cited], day: str = "") -> Iterator[Finding]:
    """One finding a meeting and sheet, with all cells that cite it."""
    grouped: dict[tuple[object, ...], list[Cited]] = {}
    for one in found:
        if one.place:
            key = (one.kind.key, one.reference.organ, one.reference.place, one.reference.year, one.reference.month)
            grouped.setdefault(key, []).append(one)
    for group in grouped.values():
        places = [one.place for one in group if one.place]
        spot = ranges({str(place.cell): None for place in places})
        yield finding(code, at(places[0], spot), meeting=_named(group[0].reference), count=len(group), day=day)


def _crossed(kinds: Sequence[Kind], canonical: Canonical) -> Iterator[Finding]:
    """References to items of the same plan that are not in it."""
    plan = next((kind for kind in kinds if kind.number and canonical.of(kind.items_table.name)), None)
    if plan is None:
        return
    numbers = {record.key[0] for record in canonical.of(plan.items_table.name)}
    numbers |= {number.split(".")[0] for number in numbers}
    numbers |= {str(row["id"]) for row in former(canonical.of(plan.archive or ""))}
    for kind in kinds:
        for record in canonical.of(kind.items_table.name) if kind.spoken else ():
            for key, place in record.places.items():
                for item in unique(cross_references(record.text(key))):
                    if item not in numbers:
                        yield finding(Code.R203, place, item=item)
