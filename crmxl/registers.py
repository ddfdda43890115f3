"""What a merge writes down: the outcome of each cell, and the registers Recepción, Apartados and Procedencia.

`Before` reads the registers of the canonical workbook: what earlier merges have taken from which file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from crmxl import members
from crmxl.decisions import Catalogue, Target
from crmxl.definition import Column, Key, Record
from crmxl.findings import Finding, Place
from crmxl.submission import Submission
from crmxl.tables import Canonical, Stray
from crmxl.text import LANGS, Lang
from crmxl.values import Value

Outcome = Literal["merged", "unchanged", "proposed", "conflicting", "superseded", "set_aside"]
OUTCOMES: tuple[Outcome, ...] = ("merged", "unchanged", "proposed", "conflicting", "superseded", "set_aside")


@dataclass(frozen=True, slots=True)
class Claim:
    """A changed cell of one submission: what it says of a cell of a data sheet, what was issued, where it stands."""

    target: Target
    column: Column
    value: Value
    issued: Value
    written: str
    place: Place
    submission: Submission


@dataclass(frozen=True, slots=True)
class Change:
    """A cell of a data sheet that is otherwise than in the canonical workbook."""

    target: Target
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class Reception:
    """A file that came: every name under which it came, what was read of it, and whether a later one replaced it."""

    submission: Submission
    files: tuple[str, ...]
    superseded: bool
    findings: tuple[Finding, ...]


def is_later(a: Submission, b: Submission) -> bool:
    """Whether the first sending is known to be later: another cycle's deadline, or a higher number in the same one."""
    if a.deadline != b.deadline:
        return a.deadline > b.deadline
    return a.number is not None and b.number is not None and a.number > b.number


class Before:
    """What earlier merges, as the canonical registers tell, have taken from which file."""

    def __init__(self, canonical: Canonical, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        sent = {r.key[0]: (r.text("cycle"), r.values.get("number")) for r in canonical.of("reception")}
        self._files: dict[tuple[str, ...], dict[str, tuple[str, Value]]] = {}
        for record in canonical.of("provenance"):
            sha = record.text("sha256")
            self._files.setdefault(_spot(record), {})[sha] = sent.get(sha, ("", None))

    def _of(self, claim: Claim) -> dict[str, tuple[str, Value]]:
        target = claim.target
        table, column = self._catalogue.table(target.table).sheet, claim.column.title
        spots = ((table[lang], target.item, claim.submission.country or "", column[lang]) for lang in LANGS)
        return {sha: sent for spot in spots for sha, sent in self._files.get(spot, {}).items()}

    def seen(self, claim: Claim) -> bool:
        """Whether this very cell of this very file was merged before."""
        return claim.submission.source.sha256 in self._of(claim)

    def outdated(self, claim: Claim) -> bool:
        """Whether a later sending of the same cycle has already spoken on this cell."""
        own = claim.submission
        return any(
            cycle == own.cycle and isinstance(number, int | float) and own.number is not None and number > own.number
            for cycle, number in self._of(claim).values()
        )


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
            "number": envelope.get("number"),
            "type": envelope.get("type"),
            "restriction": envelope.get("restriction"),
            "institution": envelope.get("institution"),
            "office": envelope.get("office"),
            "program": submission.program,
            "accepted": "yes" if submission.accepted else "no",
            "superseded": "yes" if item.superseded else "no",
            "cells": submission.cells,
            "errors": severities["error"],
            "warnings": severities["warning"],
        },
    )


def stray_row(country: str | None, stray: Stray) -> Record:
    """A cell or a comment in the register Apartados."""
    place, reason = stray.place, stray.reason.name.lower()
    values: dict[str, Value] = {
        "country": country,
        "reason": reason,
        "label": stray.label,
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
    new: list[Record] = []
    replaced: set[tuple[str, ...]] = set()
    for outcome, claim in outcomes:
        if outcome in ("unchanged", "set_aside"):
            continue
        target, sha = claim.target, claim.submission.source.sha256
        values: dict[str, Value] = {
            "table": catalogue.table(target.table).sheet[lang],
            "item": target.item,
            "country": claim.submission.country,
            "column": claim.column.title[lang],
            "state": outcome,
            "value": claim.written,
            "origin_sheet": claim.place.sheet,
            "origin_cell": claim.place.cell,
            "sha256": sha,
        }
        new.append(_filled((sha, claim.place.sheet or "", claim.place.cell or ""), values))
        if outcome == "merged":
            replaced.add(_spot(new[-1]))
    kept = [
        replace(record, values={**record.values, "state": "superseded"})
        if record.text("state") == "merged" and _spot(record) in replaced
        else record
        for record in old
    ]
    return joined(kept, new)


def _spot(record: Record) -> tuple[str, ...]:
    return tuple(record.text(name) for name in ("table", "item", "country", "column"))
