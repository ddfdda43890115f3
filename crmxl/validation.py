"""Rules across rows and sheets: `CHECKS`, each from a submission to its findings.

What one cell may hold is the business of its column's value type and was found when it was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from crmxl.around import INSTRUCTIONS, asked
from crmxl.definition import Column, Key, Kind, Owner, Record, Values
from crmxl.findings import Finding, Place, finding, in_order, position, ranges
from crmxl.messages import Code
from crmxl.personal import personal
from crmxl.placing import is_open_row
from crmxl.submission import Submission
from crmxl.tables import ERASED, doubts
from crmxl.tallying import divided, is_number
from crmxl.text import B, Bilingual, fold, listed, tidy, together
from crmxl.values import Choice, Option, Text, Value, as_text

Check: TypeAlias = Callable[[Submission, Sequence[Kind]], Iterator[Finding]]


def changed(kind: Kind, record: Record, submission: Submission) -> tuple[tuple[Column, Value, Value], ...]:
    """The cells of a returned row that differ from the row as issued: column, value, value as issued. Several rules and
    the merge ask for them; they are looked for once."""
    spot = (kind.key, record.key)
    if spot not in submission.memo:
        submission.memo[spot] = tuple(_changed(kind, record, submission))
    return submission.memo[spot]


def _changed(kind: Kind, record: Record, submission: Submission) -> Iterator[tuple[Column, Value, Value]]:
    issued = submission.base.get(kind.key, {}).get(record.key)
    columns = kind.template_table.by_key
    for key, value in record.values.items():
        if column := columns.get(key):
            before = issued.values.get(key) if issued else None
            if before is None or not (value is before or column.type.same(value, before)):
                yield column, value, before


def _changes(submission: Submission, kinds: Sequence[Kind]) -> int:
    return sum(
        len(changed(kind, record, submission)) for kind in kinds for record in submission.records.get(kind.key, ())
    )


def check_type(submission: Submission, kinds: Sequence[Kind]) -> Iterator[Finding]:
    """A sending says whether it is complete, partial or nothing to report; and nothing to report brings no changes."""
    count = _changes(submission, kinds)
    spot = submission.envelope_places.get("type", Place(submission.source))
    unread = any(found.place == spot and found.severity == "error" for found in submission.findings)
    untouched = (
        not count
        and submission.base
        and submission.type != "nothing"
        and not (submission.strays or submission.comments or submission.margins)
    )
    if "type" not in submission.envelope and not unread and not untouched:
        yield finding(Code.E102, spot, sheet=spot.sheet or INSTRUCTIONS[submission.lang])
    elif submission.type == "nothing" and count and submission.issued:
        yield finding(Code.E103, spot, count=count)
    if untouched:
        yield finding(Code.R103, Place(submission.source), sheet=INSTRUCTIONS[submission.lang])


def check_required(submission: Submission, kinds: Sequence[Kind]) -> Iterator[Finding]:
    """In a complete sending, the required answers stand in every row that was issued."""
    if submission.type != "complete":
        return
    unread = {(stray.place.sheet, stray.place.cell) for stray in submission.strays}
    for kind in kinds:
        layout = submission.layouts.get(kind.key)
        rows = {record.key: record.values for record in submission.records.get(kind.key, ())}
        issued = [k for k in submission.base.get(kind.key, {}) if not (kind.open_rows and is_open_row(k[0]))]
        for column in kind.owned_by(Owner.COUNTRY) if layout else ():
            if layout is None or not column.required:
                continue
            blank = (key for key in issued if column.key not in rows.get(key, {}))
            spots = [spot for key in blank if (spot := layout.address(key, column.key))]
            spots = [spot for spot in spots if (layout.sheet, spot) not in unread]
            if spots:
                place = Place(submission.source, layout.sheet, ranges(spots))
                first = INSTRUCTIONS[submission.lang]
                yield finding(Code.R101, place, label=column.title, column=column.title, count=len(spots), sheet=first)


def check_new_rows(submission: Submission, kinds: Sequence[Kind]) -> Iterator[Finding]:
    """A proposed activity says what, who and when."""
    for kind in kinds:
        for record in submission.records.get(kind.key, ()):
            if not (kind.open_rows and is_open_row(record.key[0])):
                continue
            wanted = [c for c in kind.owned_by(Owner.SHARED) if c.required and c.key not in record.values]
            if wanted:
                missing = Bilingual(
                    listed((c.title.es for c in wanted), "es"), listed((c.title.en for c in wanted), "en")
                )
                place = next(iter(record.places.values()))
                yield finding(Code.R102, place, key=record.key[0], missing=missing)


def _whole(record: Record, submission: Submission, kind: Kind) -> Values:
    """A row as it would be: what was issued, with what the country wrote over it."""
    issued = submission.base.get(kind.key, {}).get(record.key)
    values = {**(issued.values if issued else {}), **record.values}
    return {column: value for column, value in values.items() if value != ERASED}


def check_rules(submission: Submission, kinds: Sequence[Kind]) -> Iterator[Finding]:
    """The rules of a kind hold in every row that the country changed; one finding a rule and sheet. A row has its
    finding already where a cell that the rule looks at could not be read."""
    unread = {(s.place.sheet, *position(str(s.place.cell))) for s in submission.strays if s.place.cell}
    for kind in kinds:
        layout = submission.layouts.get(kind.key)
        if layout is None:
            continue
        rows = [r for r in submission.records.get(kind.key, ()) if changed(kind, r, submission)]
        whole = {record.key: _whole(record, submission, kind) for record in rows}
        for rule in kind.rules:
            looked = {layout.columns.get(key) for key in rule.of or layout.columns}
            lost = {row for sheet, row, across in unread if sheet == layout.sheet and across in looked}
            broken = [key for key, values in whole.items() if layout.rows.get(key) not in lost and rule.broken(values)]
            spots = [spot for key in broken if (spot := layout.address(key, rule.column))]
            if broken:
                place = Place(submission.source, layout.sheet, ranges(spots) or None)
                yield finding(rule.code, place, label=kind.column(rule.column).title, count=len(broken))


def check_doubts(submission: Submission, kinds: Sequence[Kind]) -> Iterator[Finding]:
    """What a country proposes can be understood; what was issued is not its business."""
    for kind in kinds:
        for record in submission.records.get(kind.key, ()):
            yield from doubts(record, [column for column, _, _ in changed(kind, record, submission) if column.doubt])


def check_personal(submission: Submission, kinds: Sequence[Kind]) -> Iterator[Finding]:
    """No personal data in what a country wrote; one finding a kind of data, column and sheet."""
    for kind in kinds:
        found: dict[tuple[str, str], list[str]] = {}
        for record in submission.records.get(kind.key, ()):
            for column, value, _ in changed(kind, record, submission):
                if isinstance(value, str) and isinstance(column.type, Text) and not column.official:
                    for code in personal(value):
                        found.setdefault((code.name, column.key), []).append(str(record.places[column.key].cell))
        for (name, key), spots in found.items():
            sheet = submission.layouts[kind.key].sheet
            yield finding(Code[name], Place(submission.source, sheet, ranges(spots)), label=kind.column(key).title)


def check_taken(submission: Submission, kinds: Sequence[Kind]) -> Iterator[Finding]:
    """A choice that was written otherwise than the list has it is taken, and said; one finding a text and column."""
    for kind in kinds:
        taken: dict[tuple[str, str], list[tuple[Option, str, str]]] = {}
        for record in submission.records.get(kind.key, ()):
            for column, value, _ in changed(kind, record, submission):
                if not isinstance(column.type, Choice):
                    continue
                option, written = column.type.option(value), tidy(record.written[column.key])
                if option and written not in option.label.both():
                    cell = str(record.places[column.key].cell)
                    taken.setdefault((column.key, fold(written)), []).append((option, written, cell))
        for (key, _), cells in taken.items():
            spots = ranges(cell for _, _, cell in cells)
            place = Place(submission.source, submission.layouts[kind.key].sheet, spots)
            title, (option, written, _) = kind.column(key).title, cells[0]
            yield finding(
                Code.C114, place, label=title, found=written, value=option.label, count=len(cells), column=title
            )


def check_sums(submission: Submission, kinds: Sequence[Kind]) -> Iterator[Finding]:
    """A total that a country reports is the sum of its parts, where it reports them all."""
    for kind in kinds:
        layout, tally = submission.layouts.get(kind.key), kind.tally
        if layout is None or tally is None or tally.dimension is None:
            continue
        rows = _as_they_would_be(submission, kind)
        touched = {r.key for r in submission.records.get(kind.key, ()) if changed(kind, r, submission)}
        wrong: dict[Key, list[Bilingual]] = {}
        for whole, dimension, parts in divided(kind, rows):
            added = sum(number for key in parts if is_number(number := rows[key][tally.value]))
            if rows[whole][tally.value] != added and touched & {whole, *parts}:
                told = B("por {dimension}: {sum}", "by {dimension}: {sum}")
                label = _labelled(kind.column(tally.dimension), dimension)
                wrong.setdefault(whole, []).append(told.format(dimension=label, sum=as_text(added)))
        for whole, sums in wrong.items():
            place = Place(submission.source, layout.sheet, layout.address(whole, tally.value))
            title, total = kind.column(tally.value).title, as_text(rows[whole][tally.value])
            yield finding(Code.R109, place, label=title, found=total, sums=together("; ", *sums))


def check_same(submission: Submission, kinds: Sequence[Kind]) -> Iterator[Finding]:
    """Two rows that ask for the same figure have the same."""
    tallied = {kind.key: kind for kind in kinds if kind.tally and kind.key in submission.layouts}
    rows = {key: _as_they_would_be(submission, kind) for key, kind in tallied.items()}
    for key, kind in tallied.items():
        tally = kind.tally
        for row, values in rows[key].items() if tally and tally.same_as else ():
            same: Key = (str(values.get(tally.same_as or "") if tally else ""),)
            name = next((name for name in rows if name != key and same in rows[name]), "")
            there = tallied[name].tally if name else None
            if tally is None or there is None:
                continue
            here, found = values.get(tally.value), rows[name][same].get(there.value)
            if is_number(here) and is_number(found) and here != found:
                layout = submission.layouts[key]
                yield finding(
                    Code.R110,
                    Place(submission.source, layout.sheet, layout.address(row, tally.value)),
                    label=kind.column(tally.value).title,
                    found=as_text(found),
                    other=f"{same[0]} ({submission.layouts[name].sheet})",
                    here=as_text(here),
                )


def _as_they_would_be(submission: Submission, kind: Kind) -> dict[Key, Values]:
    """The rows of a kind with what the country wrote over them."""
    said = {record.key: record for record in submission.records.get(kind.key, ())}
    base = submission.base.get(kind.key, {})
    rows = {key: _whole(said.get(key, Record(key, {})), submission, kind) for key in {**base, **said}}
    return {key: kind.derived(values) for key, values in rows.items()}


def _labelled(column: Column, key: str) -> Bilingual:
    """A choice in words."""
    option = column.type.option(key) if isinstance(column.type, Choice) else None
    return option.label if option else Bilingual(key, key)


CHECKS: tuple[Check, ...] = (
    check_type,
    check_required,
    check_new_rows,
    check_rules,
    check_doubts,
    check_personal,
    check_taken,
    check_sums,
    check_same,
)
"""Every rule across rows; this list is what gets checked."""


def validate(submission: Submission, kinds: Sequence[Kind]) -> Submission:
    """The submission with the findings of all rules, in reading order, those that the country has explained with what
    it says. A file set aside is not checked further."""
    if not submission.accepted:
        return submission
    found = [*submission.findings, *(item for check in CHECKS for item in check(submission, kinds))]
    if submission.explained and submission.stamp:
        said, lang = submission.explained, submission.stamp.lang
        found = [replace(item, explained=said.get(asked(item, lang), "")) for item in found]
    return replace(submission, findings=in_order(found, submission.sheets))
