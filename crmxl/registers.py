"""What a merge writes down: the outcome of each cell, and the registers Recepción, Apartados and Procedencia.

`Before` reads the registers of the canonical workbook: what earlier merges have taken from which file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal

from crmxl import members
from crmxl.canonical import Canonical
from crmxl.decisions import Catalogue, Target
from crmxl.definition import Column, Key, Record
from crmxl.envelope import SENDING_TYPES, Sent
from crmxl.findings import Finding, Place, position
from crmxl.provenance import Said, read_said, written
from crmxl.submission import Submission
from crmxl.tables import Stray
from crmxl.text import B, Bilingual, Lang, tidy
from crmxl.values import Unreadable, Value, as_text, is_erase

Outcome = Literal["merged", "unchanged", "proposed", "conflicting", "superseded", "set_aside"]
OUTCOMES: tuple[Outcome, ...] = ("merged", "unchanged", "proposed", "conflicting", "superseded", "set_aside")


@dataclass(frozen=True, slots=True)
class Claim:
    """A changed cell of one submission: what it says of a cell of a data sheet, what was issued, the row in which it
    stands."""

    target: Target
    column: Column
    value: Value
    issued: Value
    record: Record
    submission: Submission

    @property
    def written(self) -> str:
        """The text that stands in the cell."""
        return self.record.written[self.column.key]

    @property
    def place(self) -> Place:
        """Where the cell is."""
        return self.record.places[self.column.key]


@dataclass(frozen=True, slots=True)
class Change:
    """A cell of a data sheet that is otherwise than it was."""

    target: Target
    old: Value
    new: Value
    gone: bool = False
    """Whether the whole item is no longer there."""

    @property
    def kind(self) -> Literal["added", "removed", "changed"]:
        """What happened to the value."""
        return "added" if self.old is None else "removed" if self.new is None else "changed"


@dataclass(frozen=True, slots=True)
class Reception:
    """A file that came: every name under which it came, what was read of it, and whether a later one replaced it."""

    submission: Submission
    files: tuple[str, ...]
    superseded: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What an earlier merge took from a file for one cell: when the file was sent, its text, what became of it."""

    sent: Sent
    text: str
    state: str


class Before:
    """What earlier merges, as the canonical registers tell, have taken from which file."""

    def __init__(self, canonical: Canonical, catalogue: Catalogue, numbered: Mapping[str, str] | None = None) -> None:
        """`numbered` gives the number of each proposed activity that has one by now."""
        self._numbered = numbered or {}
        sent = {r.key[0]: _sent(r) for r in canonical.of("reception")}
        self._taken = {r.key[0] for r in canonical.of("reception") if r.text("accepted") == "yes"}
        self._aside = {record.key[:3] for record in canonical.of("set_aside")}
        self._spoken: dict[tuple[str, ...], dict[str, Spoken]] = {}
        for said in read_said(canonical.of("provenance"), catalogue):
            spoken = Spoken(sent.get(said.sha256, Sent()), said.text, said.state)
            spot = (said.table, self._numbered.get(said.item, said.item), said.country, said.column)
            self._spoken.setdefault(spot, {})[said.sha256] = spoken

    def _of(self, claim: Claim) -> dict[str, Spoken]:
        if not self._spoken:
            return {}
        target = claim.target
        item = self._numbered.get(target.item, target.item)
        return self._spoken.get((target.table, item, claim.submission.country or "", target.column), {})

    def spoken(self, claim: Claim) -> bool:
        """Whether any file of the country has said anything of this cell before."""
        return bool(self._of(claim))

    def received(self, claim: Claim) -> bool:
        """Whether this file was merged before, whatever it said of this cell; not where the cell was set aside."""
        sha, place = claim.submission.source.sha256, claim.place
        return sha in self._taken and (sha, place.sheet or "", place.cell or "") not in self._aside

    def seen(self, claim: Claim) -> bool:
        """Whether this very cell of this very file was merged before."""
        return claim.submission.source.sha256 in self._of(claim)

    def said_nothing(self, claim: Claim) -> bool:
        """Whether this very cell of this very file brought nothing new when it was merged."""
        spoken = self._of(claim).get(claim.submission.source.sha256)
        return spoken is not None and spoken.state == "unchanged"

    def waiting(self, claim: Claim) -> bool:
        """Whether this very cell of this very file was part of a question when it was merged last."""
        spoken = self._of(claim).get(claim.submission.source.sha256)
        return spoken is not None and spoken.state in ("proposed", "conflicting")

    def others(self, claim: Claim) -> list[Spoken]:
        """What other files of the country have said of the cell."""
        own, spoken = claim.submission.source.sha256, self._of(claim)
        return [one for sha, one in sorted(spoken.items()) if sha != own] if spoken else []

    def outdated(self, claim: Claim) -> bool:
        """Whether a later sending has already spoken on this cell."""
        return any(spoken.sent.after(claim.submission.sent) for spoken in self.others(claim))

    def rivals(self, claim: Claim) -> list[Value]:
        """What files of the country have said of the cell of which nothing tells whether they are earlier or later."""
        values = []
        for spoken in self.others(claim):
            if spoken.state != "superseded" and not claim.submission.sent.after(spoken.sent):
                read = claim.column.type.read(spoken.text)
                values.append(spoken.text if isinstance(read, Unreadable) else read)
        return values

    def words(self, target: Target, column: Column) -> dict[str, list[Value]]:
        """What each country said of a cell that is still to be decided; countries in their order."""
        said: dict[str, list[Value]] = {}
        for code in members.CODES:
            spoken = self._spoken.get((target.table, target.item, code, target.column), {})
            for one in spoken.values():
                read = column.type.read(one.text)
                if one.state in ("proposed", "conflicting"):
                    said.setdefault(code, []).append(one.text if isinstance(read, Unreadable) else read)
        return said

    def said(self, claim: Claim) -> bool:
        """Whether another file of the country has said the same of the cell."""
        return any(spoken.text == claim.written for spoken in self.others(claim))


def written_over(canonical: Canonical, catalogue: Catalogue) -> Iterator[tuple[Record, Column, str]]:
    """The answers of a canonical workbook that are not what their country sent last, by its registers: its row, the
    column, what was sent. What a decision settled is the decision's, and what does not read again says nothing."""
    decided = {
        (target[0].name, r.text("item"), r.text("country"), target[1].key)
        for r in canonical.of("decisions")
        if r.text("stage") == "applied" and (target := catalogue.called(r.text("table"), r.text("column")))
    }
    rows = {(t.name, r.key): (r, t) for t in catalogue.answers for r in canonical.of(t.name)}
    for said in read_said(canonical.of("provenance"), catalogue):
        row, table = rows.get((said.table, (said.item, said.country)), (None, None))
        if said.state != "merged" or row is None or table is None or said.spot in decided:
            continue
        column, key, text = table.column(said.column), said.column, said.text
        sent = None if is_erase(text) else column.type.read(text)
        now = row.values.get(key)
        if isinstance(sent, Unreadable) or tidy(as_text(now)) in (tidy(as_text(sent)), tidy(text)):
            continue
        if sent is None or now is None or not column.type.same(sent, now):
            yield row, column, text


def last_return(reception: Sequence[Record], country: str) -> Bilingual | None:
    """What the Secretariat received last of a country, in a sentence; None while it has received nothing of anybody."""
    sent = [r for r in reception if r.text("country") == country and r.text("accepted") == "yes"]
    if not sent:
        none = B(
            "La Secretaría Técnica todavía no tiene ningún envío de su país.",
            "The Technical Secretariat has received no return from your country yet.",
        )
        return none if reception else None
    record = max(sent, key=lateness)
    errors = record.values.get("errors") or 0
    state = B("sin nada por corregir", "with nothing to correct")
    if errors:
        state = B("con {n} por corregir", "with {n} to correct").format(n=errors)
    kinds = {option.key: option.label for option in SENDING_TYPES.options}
    kind = kinds.get(record.text("type"), kinds["partial"])
    return B(
        "Último envío recibido de su país: ciclo {cycle}, {kind}, {state}.",
        "Last return received from your country: cycle {cycle}, {kind}, {state}.",
    ).format(cycle=record.text("cycle") or "—", kind=kind, state=state)


def lateness(record: Record) -> tuple[str, str, str, float]:
    """An order in which a later return, by its row in Recepción, comes later."""
    sent = _sent(record)
    return sent.deadline, sent.received, sent.mailed, sent.number or 0


def _sent(record: Record) -> Sent:
    number = record.values.get("number")
    known = number if isinstance(number, int | float) else None
    return Sent(record.text("deadline"), known, record.text("mailed"), record.text("received"))


def changed_over(first: Sequence[Change], then: Sequence[Change]) -> tuple[Change, ...]:
    """Changes one after the other, those of one cell as one; none where a cell says again what it said."""
    by_cell = {change.target: change for change in first}
    for change in then:
        before = by_cell.get(change.target)
        by_cell[change.target] = replace(change, old=before.old) if before else change
    return tuple(change for change in by_cell.values() if change.old != change.new)


def joined(old: Iterable[Record], new: Iterable[Record]) -> tuple[Record, ...]:
    """A register: what it held, and what is new; a row with the same key is replaced."""
    rows = {record.key: record for record in old}
    rows.update({record.key: record for record in new})
    return tuple(rows[key] for key in sorted(rows, key=lambda key: _register_order(rows[key])))


def _register_order(record: Record) -> tuple[object, ...]:
    return (members.order(record.text("country")), *record.key)


def _filled(key: Key, values: Mapping[str, Value]) -> Record:
    return Record(key, {name: value for name, value in values.items() if value not in (None, "")})


def reception_row(item: Reception) -> Record:
    """A file in the register Recepción."""
    submission = item.submission
    envelope = submission.envelope
    severities = Counter(f.severity for f in item.findings)
    return _filled(
        (submission.source.sha256,),
        {
            "sha256": submission.source.sha256,
            "country": submission.country,
            "file": "; ".join(item.files),
            "cycle": submission.cycle,
            "deadline": submission.deadline,
            "received": submission.received,
            "mailed": submission.mailed,
            "number": envelope.get("number"),
            "type": envelope.get("type"),
            "restriction": submission.restriction,
            "institution": envelope.get("institution"),
            "office": envelope.get("office"),
            "program": submission.program,
            "accepted": "yes" if submission.accepted else "no",
            "superseded": "yes" if item.superseded else "no",
            "sheets": "; ".join(submission.layouts[kind].sheet for kind in submission.records),
            "cells": submission.cells,
            "errors": severities["error"],
            "warnings": severities["warning"],
        },
    )


def stray_rows(submission: Submission, strays: Iterable[Stray], catalogue: Catalogue, lang: Lang) -> Iterator[Record]:
    """The rows of the register Apartados on cells and comments of a submission, with the item that each stands at."""
    items: dict[tuple[str, int], str] = {}
    titles: dict[tuple[str, int], Bilingual] = {}
    for kind, layout in submission.layouts.items():
        table = catalogue.kind(kind).template_table
        items |= {(layout.sheet, row): key[0] for key, row in layout.rows.items()}
        titles |= {(layout.sheet, across): table.column(key).title for key, across in layout.columns.items()}
    for stray in strays:
        sheet, (row, across) = stray.place.sheet or "", position(stray.place.cell) if stray.place.cell else (-1, -1)
        item = items.get((sheet, row))
        label = stray.label or (titles.get((sheet, across), "") if item else "")
        yield stray_row(submission.country, replace(stray, label=label), lang, item)


def stray_row(country: str | None, stray: Stray, lang: Lang, item: str | None = None) -> Record:
    """A cell or a comment in the register Apartados; `item` is the number of its row where that is known."""
    place, reason = stray.place, stray.reason.name.lower()
    values: dict[str, Value] = {
        "country": country,
        "reason": reason,
        "item": item,
        "label": stray.label if isinstance(stray.label, str) else stray.label[lang],
        "value": stray.value,
        "origin_sheet": place.sheet,
        "origin_cell": place.cell,
        "sha256": place.source.sha256,
    }
    return _filled((place.source.sha256, place.sheet or "", place.cell or "", reason), values)


def provenance_rows(
    old: Iterable[Record], outcomes: Iterable[tuple[Outcome, Claim]], catalogue: Catalogue, lang: Lang
) -> tuple[Record, ...]:
    """Where each value came from; what a newer value of the same cell replaces is superseded and stays."""
    known = {said.place: said for said in read_said(old, catalogue)}
    new: list[Said] = []
    for outcome, claim in outcomes:
        target, place = claim.target, claim.place
        said = Said(
            target.table,
            target.item,
            claim.submission.country or "",
            target.column,
            outcome,
            claim.written,
            place.sheet or "",
            place.cell or "",
            claim.submission.source.sha256,
        )
        if outcome != "unchanged" or said.place not in known:
            new.append(said)
    there = {said.place for said in new} if known else set()
    replaced = {said.spot for said in new if said.state == "merged"} if known else set()
    kept = (
        said._replace(state="superseded") if said.state == "merged" and said.spot in replaced else said
        for place, said in known.items()
        if place not in there
    )
    return written(chain(kept, new), catalogue, lang)
