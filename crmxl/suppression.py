"""Small counts that do not circulate, and what has to be kept back with them so that nobody can work them out.

A count of people from 1 to below the limit is hidden (`<5`). Where sums of what is left would still tell it, another
count of the same sum is kept back too (`s`), the smallest first; where even that tells, the limit itself is left out. 0
is shown: it is about nobody. What is checked is the strongest thing that sums and differences allow: after hiding,
every hidden count can still have at least two values.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

LEAST, MOST = 3, 11
"""Limits that may be chosen; agencies publish with limits in between."""
USUAL = 5
KEPT_BACK = "suppressed"
"""The value of a cell that is kept back without saying how small it is."""
_ENDLESS = 10**18

Cell: TypeAlias = tuple[str, str]
"""A figure: its table and item. Figures of different countries have no sums in common, and are looked at apart."""
Shown: TypeAlias = int | float | str
"""A figure as it circulates: a number, `<5`, or `KEPT_BACK`."""
Range: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sum:
    """A whole and the parts that it is the sum of; one part alone means that both are the same figure."""

    whole: Cell
    parts: tuple[Cell, ...]


def suppressed(
    counts: Mapping[Cell, int], sums: Sequence[Sum], limit: int = USUAL, kept: Collection[Cell] = ()
) -> dict[Cell, Shown]:
    """The counts as they may circulate; those that are `kept` do not circulate for another reason, and are not to be
    told either. `sums` that do not hold among the counts tell nothing and are passed over."""
    sums = [one for one in sums if holds(one, counts)]
    shown: dict[Cell, Shown] = {
        cell: KEPT_BACK if cell in kept else below(limit) if 0 < n < limit else n for cell, n in counts.items()
    }
    while told := next(_told(shown, sums, limit), None):
        shown[_next(told, shown, sums, counts)] = KEPT_BACK
    return shown


def below(limit: int) -> str:
    """How a small count is shown."""
    return f"<{limit}"


def holds(one: Sum, counts: Mapping[Cell, int]) -> bool:
    """Whether a sum is complete, and its parts add up."""
    cells = (one.whole, *one.parts)
    return all(cell in counts for cell in cells) and counts[one.whole] == sum(counts[part] for part in one.parts)


def _told(shown: Mapping[Cell, Shown], sums: Sequence[Sum], limit: int) -> Iterator[Cell]:
    """The hidden counts that what is shown tells after all."""
    found = ranges(shown, sums, limit)
    yield from (cell for cell, value in shown.items() if is_hidden(value) and found[cell][0] == found[cell][1])


def is_hidden(value: object) -> bool:
    """Whether a figure is shown as hidden."""
    return value == KEPT_BACK or (isinstance(value, str) and value.startswith("<"))


def _next(told: Cell, shown: Mapping[Cell, Shown], sums: Sequence[Sum], counts: Mapping[Cell, int]) -> Cell:
    """What is to be kept back next, to protect a count: the smallest count beside it in a sum that is still shown, the
    whole last; then limits, those of others first."""
    near = [one for one in sums if told in (one.whole, *one.parts)]
    reach = near + [one for one in sums if any({one.whole, *one.parts} & {n.whole, *n.parts} for n in near)]
    for some in (near, reach):
        beside = {cell for one in some for cell in one.parts if not is_hidden(shown[cell]) and counts[cell]}
        wholes = {one.whole for one in some if not is_hidden(shown[one.whole]) and counts[one.whole]}
        for cells in (beside, wholes):
            if cells:
                return min(cells, key=lambda cell: (counts[cell], cell))
    limits = {cell for one in reach for cell in (one.whole, *one.parts) if shown[cell] not in (KEPT_BACK, counts[cell])}
    others = sorted(limits - {told}, key=lambda cell: (-counts[cell], cell))
    return (others or [told])[0]


def ranges(shown: Mapping[Cell, Shown], sums: Sequence[Sum], limit: int) -> dict[Cell, Range]:
    """Between which values each count can lie, for somebody who knows what is shown, the sums and the rule: narrowed
    from sum to sum until nothing changes."""
    found = {cell: _first(value, limit) for cell, value in shown.items()}
    changed = True
    while changed:
        changed = False
        for one in sums:
            for cell, (least, most) in _narrowed(one, found):
                low, high = max(found[cell][0], least), min(found[cell][1], most)
                if (low, high) != found[cell]:
                    found[cell], changed = (low, high), True
    return found


def _first(value: Shown, limit: int) -> Range:
    if isinstance(value, int):
        return value, value
    return (1, limit - 1) if value == below(limit) else (1, _ENDLESS)


def _narrowed(one: Sum, found: Mapping[Cell, Range]) -> Iterator[tuple[Cell, Range]]:
    """What a sum tells of each of its members."""
    least, most = (sum(found[part][end] for part in one.parts) for end in (0, 1))
    yield one.whole, (least, most)
    low, high = found[one.whole]
    for part in one.parts:
        mine = found[part]
        yield part, (low - (most - mine[1]), high - (least - mine[0]))
