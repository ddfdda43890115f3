"""Figures side by side: what every country reports to each item of a kind, and what they come to.

A total is formed only where every country has said its number, or that it does not apply: a part that is missing, not
counted or kept back would make it a wrong one. A total that was reported is never replaced; where its parts do not add
up to it, that is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from crmxl import members
from crmxl.definition import Key, Kind, Record, Tally, Values
from crmxl.suppression import Cell, Group
from crmxl.values import Value

NOT_SUMMED = frozenset(("percent", "years"))
"""The units of which a sum means nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """One item with the figures of those countries that have said one, by country."""

    item: Record
    values: Mapping[str, Value]
    answers: Mapping[str, Record]
    summed: bool
    """Whether its figures can be added up."""
    apart: frozenset[str] = frozenset()
    """The countries of which a part is reserved: nothing is said of what is not there."""

    @property
    def total(self) -> int | float | None:
        """What the countries' numbers come to; None while one of them is missing."""
        numbers = [value for value in self.values.values() if is_number(value)]
        apply = [code for code in members.CODES if self.values.get(code) != "not_applicable"]
        return sum(numbers) if self.summed and numbers and len(numbers) == len(apply) else None

    @property
    def without(self) -> tuple[str, ...]:
        """The countries that have said nothing, or that there is no data."""
        known = {code for code in self.apart if code not in self.values}
        return tuple(c for c in members.CODES if self.values.get(c) in (None, "no_data") and c not in known)


@dataclass(frozen=True)
class Tallied:
    """A kind with figures, side by side."""

    kind: Kind
    tally: Tally
    lines: tuple[Line, ...]

    def charts(self, most: int) -> list[list[Line]]:
        """The items that are worth a picture: of one thing, the rows of its periods, where three countries or more have
        a number; of wholes, not of their parts; the first `most` of them."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            part = self.tally.part_of and line.item.text(self.tally.part_of)
            if line.summed and not part and sum(map(is_number, line.values.values())) >= WORTH:
                period = line.item.text(self.tally.period)
                found.setdefault(line.item.key[0].removesuffix(f".{period}"), []).append(line)
        return list(found.values())[:most]


WORTH = 3
"""Countries with a number from which a picture tells something."""


def is_number(value: Value) -> TypeGuard[int | float]:
    """Whether a figure is a number."""
    return isinstance(value, int | float)


def tallied(
    kind: Kind, tally: Tally, tables: Mapping[str, Sequence[Record]], apart: frozenset[str] = frozenset()
) -> Tallied:
    """The figures of a kind, from the tables of a workbook; `apart` are countries of which a part is reserved."""
    by_item: dict[str, dict[str, Record]] = {}
    for record in tables.get(kind.answers_table.name, ()) if kind.answers_table else ():
        by_item.setdefault(record.key[0], {})[record.key[1]] = record
    lines = []
    for item in tables.get(kind.items_table.name, ()):
        answers = {code: row for code in members.CODES if (row := by_item.get(item.key[0], {}).get(code))}
        values = {c: row.values[tally.value] for c, row in answers.items() if tally.value in row.values}
        summed = bool(item.text(tally.unit)) and item.text(tally.unit) not in NOT_SUMMED
        lines.append(Line(item, values, answers, summed, apart))
    return Tallied(kind, tally, tuple(lines))


def groups(kinds: Iterable[Kind], tables: Mapping[str, Sequence[Record]]) -> Iterator[Group]:
    """The items of kinds with figures that stand in sums: a whole, the same figure in another kind, and the parts that
    divide it, by what they divide it."""
    kinds = [kind for kind in kinds if kind.tally]
    homes = {record.key[0]: kind.key for kind in kinds for record in tables.get(kind.items_table.name, ())}
    for kind in kinds:
        tally = kind.tally
        wholes: dict[str, list[Cell]] = {}
        parts: dict[str, dict[str, list[Cell]]] = {}
        for record in tables.get(kind.items_table.name, ()) if tally and tally.part_of else ():
            whole = record.text(tally.part_of) if tally and tally.part_of else ""
            cell = (kind.key, record.key[0])
            if whole and tally and tally.dimension:
                parts.setdefault(whole, {}).setdefault(record.text(tally.dimension), []).append(cell)
            else:
                same = record.text(tally.same_as) if tally and tally.same_as else ""
                wholes[record.key[0]] = [cell, *([(homes[same], same)] if same in homes else [])]
        for whole in dict.fromkeys((*wholes, *parts)):
            yield Group(tuple(wholes.get(whole, ())), tuple(map(tuple, parts.get(whole, {}).values())))


def divided(kind: Kind, rows: Mapping[Key, Values]) -> Iterator[tuple[Key, str, list[Key]]]:
    """The wholes of a kind whose figure and all of whose parts by one thing are numbers: the row of the whole, by what
    it is divided, the rows of its parts."""
    tally = kind.tally
    if tally is None or tally.part_of is None or tally.dimension is None:
        return
    parts: dict[tuple[str, str], list[Key]] = {}
    for key, values in rows.items():
        if whole := values.get(tally.part_of):
            parts.setdefault((str(whole), str(values.get(tally.dimension))), []).append(key)
    for (whole, dimension), keys in parts.items():
        if all(is_number(rows.get(key, {}).get(tally.value)) for key in ((whole,), *keys)):
            yield (whole,), dimension, keys
