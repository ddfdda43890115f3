"""Small counts that do not circulate, and what has to be kept back with them so that nobody can work them out.

A count of people from 1 to below the limit is hidden. One that stands alone is shown as `<5`. Where counts stand in
sums
(a whole and what it is divided into, and the same figure asked for elsewhere), what is hidden says only that it is
(`s`), so that nothing tells a small count from one that was kept back with it:

- where the whole is small, the whole, all its parts, those that are 0 too, and the same figure elsewhere are hidden;
- else in each division with a small part the smallest other parts are hidden with it, until there are different ones
  among them: then they could be exchanged. Where all parts are alike, all is hidden. 0 is shown: it is about nobody.

Somebody who knows what is shown, the sums and this rule still finds at least two values for each hidden count;
`tests/test_suppression.py` goes through all tables to see it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

LEAST, MOST = 3, 11
"""Limits that may be chosen; agencies publish with limits in between."""
USUAL = 5
KEPT_BACK = "suppressed"
"""The value of a cell that is kept back without saying how small it is."""

Cell: TypeAlias = tuple[str, str]
"""A figure: its table and item. Figures of different countries have no sums in common, and are looked at apart."""
Shown: TypeAlias = int | float | str
"""A figure as it circulates: a number, `<5`, or `KEPT_BACK`."""


@dataclass(frozen=True, slots=True)
class Group:
    """Counts that stand in sums: the cells that say the whole, and the cells of each of its divisions, as far as they
    are there."""

    wholes: tuple[Cell, ...]
    divisions: tuple[tuple[Cell, ...], ...] = ()

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All of them."""
        return (*self.wholes, *(cell for division in self.divisions for cell in division))


def suppressed(
    counts: Mapping[Cell, float],
    groups: Sequence[Group],
    limit: int = USUAL,
    kept: Collection[Cell] = (),
    unsaid: Collection[Cell] = (),
) -> dict[Cell, Shown]:
    """The counts as they may circulate, and those that are `unsaid`: cells of which the country itself says only that
    they are small. Those that are `kept` do not circulate for another reason, and are not to be told either."""
    shown: dict[Cell, Shown] = {cell: below(limit) if 0 < n < limit else n for cell, n in counts.items()}
    shown |= dict.fromkeys(unsaid, below(limit))
    shown |= dict.fromkeys(kept, KEPT_BACK)
    for group in groups:
        cells = [cell for cell in group.cells if cell in shown]
        if len(cells) < 2:
            continue
        hidden = _hidden_in(group, counts, limit, kept, unsaid)
        shown |= dict.fromkeys((cell for cell in cells if cell in hidden), KEPT_BACK)
    return shown


def _hidden_in(
    group: Group, counts: Mapping[Cell, float], limit: int, kept: Collection[Cell], unsaid: Collection[Cell]
) -> set[Cell]:
    """The cells of a group that are hidden."""
    divisions = [[cell for cell in division if cell in counts or cell in unsaid] for division in group.divisions]
    totals = [counts[cell] for cell in group.wholes if cell in counts]
    totals += [sum(counts.get(cell, 1) for cell in division) for division in divisions if division]
    out = {*kept, *unsaid}
    if any(0 < total < limit for total in totals) or out & set(group.wholes):
        if any(0 < total < limit for total in totals):
            return set(group.cells)
        found = set(group.wholes)  # the whole itself is not to be told: nor by any of its divisions
        for division in divisions:
            found |= _with(division, counts, limit, out, least=1)
        return found
    each = [_with(division, counts, limit, out) for division in divisions]
    if any(found and not _safe(found, counts, out) for found in each):
        return set(group.cells)  # all parts are alike, and the whole would tell them
    return {cell for found in each for cell in found}


def _with(
    division: Sequence[Cell], counts: Mapping[Cell, float], limit: int, out: Collection[Cell], least: int = 0
) -> set[Cell]:
    """The parts of one division that are hidden: the small ones, and the smallest others with them."""
    found = {cell for cell in division if cell in out or 0 < counts.get(cell, 0) < limit}
    if not found and not least:
        return found
    others = sorted((cell for cell in division if cell not in found and counts[cell]), key=lambda c: (counts[c], c))
    while others and not _safe(found, counts, out):
        smallest = counts[others[0]]
        found |= {cell for cell in others if counts[cell] == smallest}
        others = [cell for cell in others if cell not in found]
    return found


def _safe(hidden: Collection[Cell], counts: Mapping[Cell, float], out: Collection[Cell]) -> bool:
    """Whether what is hidden of one division can still be several things: two cells or more of different counts, which
    could be exchanged; beside one that is not known to be anything, two people or more."""
    if any(cell in out for cell in hidden):
        return len(hidden) > 1 and sum(counts.get(cell, 1) for cell in hidden) > 1
    return len({counts[cell] for cell in hidden}) > 1


def below(limit: int) -> str:
    """How a small count that stands alone is shown."""
    return f"<{limit}"


def is_hidden(value: object) -> bool:
    """Whether a figure is shown as hidden."""
    return value == KEPT_BACK or (isinstance(value, str) and value.startswith("<"))
