"""The parts that ministries of one country filled in, as its one return: by the same merge as the returns of countries.

No part is later than another: where two of them say different things, the cell stays as it was issued, and the liaison
decides. What has no place in the template goes along on a sheet of its own, so that nothing that a ministry wrote is
lost on the way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crmxl.canonical import Canonical
from crmxl.decisions import Catalogue, Tables, Target, is_new
from crmxl.definition import Key, Kind, Record
from crmxl.envelope import ENVELOPE
from crmxl.findings import Finding, Source, finding, in_order
from crmxl.issued import Base, Stamp
from crmxl.merging import Merge, ordered
from crmxl.messages import Code
from crmxl.placing import is_open_row
from crmxl.reasons import Reason
from crmxl.registers import Before, Claim
from crmxl.review import Review, Spot, cells_in, mark, spots_of
from crmxl.submission import Submission
from crmxl.tables import ERASED, Stray
from crmxl.text import B, Bilingual, fold, unique
from crmxl.values import Value

STRICTEST = ("st", "network", "free")
"""The restrictions of use, the strictest first: one return has one, and it must suit every part."""
NAMES_LIMIT = 200
"""Characters of the names of institutions that the block Envío holds."""
_EMPTY = Canonical({}, {}, {}, (), (), ())


@dataclass(frozen=True)
class Assembly:
    """One return made of parts: what goes into the template, and what has no place in it."""

    parts: tuple[Submission, ...]
    review: Review
    left: tuple[Stray, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the liaison has to look at."""
        return self.review.findings


def assemble(parts: Iterable[Submission], stamp: Stamp, base: Base, kinds: Sequence[Kind]) -> Assembly:
    """Put the parts of one country together; `base` is what was issued to it with this stamp."""
    found = [submission for submission, _ in ordered(parts)]
    taken = list(_apart((part for part in found if part.accepted), kinds))
    catalogue = Catalogue(kinds)
    run = Merge(_tables(base, stamp.country, kinds, catalogue), [], kinds, Before(_EMPTY, catalogue))
    run.country(
        stamp.country,
        [replace(part, envelope={**part.envelope, "number": None}, mailed="", received="") for part in taken],
    )
    run.shared()
    put = {spot: claim for outcome, claim in run.outcomes if outcome in ("merged", "proposed")
           for spot in [_spot(claim.target, catalogue)]}  # fmt: skip
    disputed: dict[Spot, list[Claim]] = {}
    for outcome, claim in run.outcomes:
        if outcome == "conflicting":
            disputed.setdefault(_spot(claim.target, catalogue), []).append(claim)
    values: dict[Spot, Value] = {spot: claim.value for spot, claim in put.items()}
    unread = {
        spot: stray for part in taken for spot, stray in _unread(part) if spot not in put and spot not in disputed
    }
    values |= {spot: stray.value for spot, stray in unread.items()}
    left = [stray for part in found for stray in (*part.strays, *part.comments, *part.margins)]
    left = [stray for stray in left if stray not in unread.values()]
    left += [_left(c, Reason.FILE) for outcome, c in run.outcomes if outcome in ("superseded", "set_aside")]
    left += [_left(claim, Reason.DISPUTED) for claims in disputed.values() for claim in claims]
    left += _unnamed(taken, _envelope(taken))
    for outcome, claim in run.outcomes:
        if outcome == "unchanged" and claim.value == ERASED:  # it may still erase what nobody here knows of
            values.setdefault(_spot(claim.target, catalogue), ERASED)
    review = _review(found, taken, stamp, base, kinds, values, disputed)
    return Assembly(tuple(found), review, tuple(left))


def _review(
    found: Sequence[Submission],
    taken: Sequence[Submission],
    stamp: Stamp,
    base: Base,
    kinds: Sequence[Kind],
    values: Mapping[Spot, Value],
    disputed: Mapping[Spot, Sequence[Claim]],
) -> Review:
    """The template with what the parts say, and what is to be corrected in it."""
    refused = [part for part in found if not part.accepted]
    sent = {name for part in taken for name in part.layouts}
    whole_sheets = [kind.sheet for kind in kinds if kind.key in sent]  # one part may lack what another brings
    told = {
        id(f): (f, spots)
        for part in (*taken, *refused)
        for f, spots in _wrong(part)
        if f.code is not Code.S101 or dict(f.arguments).get("sheet") not in whole_sheets
    }
    told |= {id(f): (f, (spot,)) for spot, claims in disputed.items() for f in [_disagreement(claims)]}
    findings = in_order([f for f, _ in told.values()], unique(name for part in found for name in part.sheets))
    rows = {
        kind.key: [
            Record(key, {**record.values, **_of(values, kind.key, key[0])})
            for key, record in base[kind.key].items()
            if not (kind.open_rows and is_open_row(key[0]))
        ]
        for kind in kinds
        if kind.key in base
    }
    opened = {(kind, row): _of(values, kind, row) for kind, row, _ in values if is_open_row(row)}
    names = "; ".join(part.source.name for part in found)
    sha = hashlib.sha256("".join(part.source.sha256 for part in found).encode()).hexdigest()
    whole = Submission(
        source=Source(names, sha), stamp=stamp, country=stamp.country, envelope=_envelope(taken), findings=findings
    )
    spots = [told[id(item)][1] for item in findings]
    marked = mark(findings, spots)
    return Review(whole, replace(stamp, reviewed=""), rows, opened, marked, spots, assembled=True)


def _of(values: Mapping[Spot, Value], kind: str, row: str) -> dict[str, Value]:
    return {column: value for (name, number, column), value in values.items() if (name, number) == (kind, row)}


def _tables(base: Base, country: str, kinds: Sequence[Kind], catalogue: Catalogue) -> Tables:
    """The data sheets as far as the template of one country shows them."""
    data: dict[str, list[Record]] = {table.name: [] for kind in kinds for table in kind.tables}
    for kind in kinds:
        for key, record in base.get(kind.key, {}).items():
            shared = {c.key for c in kind.items_table.columns}
            data[kind.items_table.name].append(Record(key, {k: v for k, v in record.values.items() if k in shared}))
            if kind.answers_table:
                own = {k: v for k, v in record.values.items() if k not in shared}
                row = {kind.id: key[0], "country": country, **own}
                data[kind.answers_table.name].append(Record((key[0], country), row))
    return Tables(data, catalogue)


def _spot(target: Target, catalogue: Catalogue) -> Spot:
    """A cell of the template; a new row by its number there."""
    item = target.item.rsplit("/", 1)[-1] if is_new(target) else target.item
    return catalogue.kind(target.table).key, item, target.column


def _unread(part: Submission) -> Iterator[tuple[Spot, Stray]]:
    """The cells of a part that could not be read, by where they stand in the template."""
    where = dict(spots_of(part))
    for stray in part.strays:
        spot = where.get((stray.place.sheet or "", stray.place.cell or ""))
        if spot and stray.reason is Reason.UNREADABLE:
            yield spot, stray


def _wrong(part: Submission) -> Iterator[tuple[Finding, tuple[Spot, ...]]]:
    """What there is to correct in a part, with the cells of the template that it is about."""
    where = dict(spots_of(part))
    for item in part.findings:
        if item.severity != "note" and item.code not in (Code.E102, Code.R101):  # of the whole, not of a part
            yield item, tuple(cells_in(item, where))


def _disagreement(claims: Sequence[Claim]) -> Finding:
    """That parts say different things of one cell."""
    first = claims[0]
    told = "; ".join(f"{claim.submission.source.name}: {claim.written}" for claim in claims)
    return finding(Code.M112, first.place, label=first.column.title, column=first.column.title, values=told)


def _left(claim: Claim, reason: Reason) -> Stray:
    return Stray(claim.place, claim.written, claim.column.title, reason)


def _unnamed(parts: Sequence[Submission], whole: Mapping[str, Value]) -> Iterator[Stray]:
    """The institutions and offices for which the block Envío of the whole has no room."""
    for key in ("institution", "office"):
        title = next(column.title for column in ENVELOPE if column.key == key)
        for part in parts:
            name = str(part.envelope.get(key) or "")
            if name and name not in str(whole.get(key) or "").split("; "):
                yield Stray(part.envelope_places[key], name, title, Reason.MARGIN)


def _envelope(parts: Sequence[Submission]) -> dict[str, Value]:
    """The block Envío of the whole: every institution, the highest number, the strictest restriction; complete only if
    every part is."""
    said: dict[str, Value] = {}
    for key in ("institution", "office"):
        told = unique(str(part.envelope[key]) for part in parts if part.envelope.get(key))
        while told and len("; ".join(told)) > NAMES_LIMIT:
            told = told[:-1]
        said[key] = "; ".join(told) or None
    numbers = [part.number for part in parts if part.number is not None]
    said["number"] = max(numbers, default=1)
    types = {part.envelope.get("type") for part in parts}
    said["type"] = types.pop() if len(types) == 1 and None not in types else "partial"
    restrictions = [part.envelope.get("restriction") for part in parts]
    unread = any(f.place == part.envelope_places.get("restriction") for part in parts for f in part.findings)
    said["restriction"] = None if unread else next((name for name in STRICTEST if name in restrictions), None)
    return {key: value for key, value in said.items() if value is not None}


def _apart(parts: Iterable[Submission], kinds: Sequence[Kind]) -> Iterator[Submission]:
    """The parts with their new rows numbered so that different proposals of two ministries are two: a number means the
    same row in two parts only where what it is about is the same."""
    known: dict[str, dict[str, str]] = {}
    for part in parts:
        records, layouts, findings = dict(part.records), dict(part.layouts), list(part.findings)
        for kind in kinds:
            taken = known.setdefault(kind.key, {})
            rows = {r.key[0]: r for r in records.get(kind.key, ()) if kind.open_rows and is_open_row(r.key[0])}
            names: dict[str, str] = {}
            for number, record in rows.items():
                about = fold(kind.about(record.values, "es"))
                same = taken.get(number, about) == about
                names[number] = number if same else _free({*taken, *rows, *names.values()})
                taken.setdefault(names[number], about)
            if rows:
                findings = [_told_of(finding, names) for finding in findings]
                records[kind.key] = tuple(replace(r, key=_named(r.key, names)) for r in records[kind.key])
                layout = layouts[kind.key]
                moved = {_named(key, names): row for key, row in layout.rows.items() if key[0] not in names.values()}
                moved |= {_named(key, names): row for key, row in layout.rows.items() if key[0] in names}
                layouts[kind.key] = replace(layout, rows=moved)
        yield replace(part, records=records, layouts=layouts, findings=tuple(findings))


def _named(key: Key, names: Mapping[str, str]) -> Key:
    return (names.get(key[0], key[0]), *key[1:])


def _told_of(item: Finding, names: Mapping[str, str]) -> Finding:
    """A finding that names a new row, with the number that the row has now."""
    told = tuple((key, names.get(str(value), value) if key == "key" else value) for key, value in item.arguments)
    return replace(item, arguments=told)


def _free(used: set[str]) -> str:
    return next(number for n in range(1, 1000) if (number := f"N{n}") not in used)


NOT_PLACED = B("Apartados", "Set aside")
"""The sheet of what has no place in the template."""
PART = B("Parte", "Part")
LEFT: tuple[Bilingual, ...] = (
    PART,
    B("Hoja", "Sheet"),
    B("Celda", "Cell"),
    B("Motivo", "Reason"),
    B("Rótulo", "Label"),
    B("Valor", "Value"),
)
"""The headings of that sheet."""
