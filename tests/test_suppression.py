"""Small counts: nobody works out a hidden one from what is published.

The attacker knows everything but the counts: what is shown, which sums hold, the limit, and the rule by which counts
are hidden. It goes through every table that there can be, and keeps those that would have been published just so: what
they all agree on, it knows.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmxl.suppression import KEPT_BACK, Cell, Group, Shown, is_hidden, suppressed

WHOLE: Cell = ("statistics", "T")
AGAIN: Cell = ("indicators", "T")
Counts: TypeAlias = dict[Cell, float]
Published: TypeAlias = tuple[tuple[Cell, Shown], ...]


def tables(most: int, shape: Sequence[int], *, whole: bool, again: bool) -> Iterator[tuple[Counts, Group]]:
    """Every count up to one size, divided in every way into so many parts by one thing or two."""
    divisions = [tuple(("statistics", f"{d}-{place}") for place in range(parts)) for d, parts in enumerate(shape)]
    wholes = tuple(cell for cell, there in ((WHOLE, whole), (AGAIN, again)) if there)
    group = Group(wholes, tuple(divisions))
    for total in range(most + 1):
        ways = [
            [way for way in itertools.product(range(total + 1), repeat=parts) if sum(way) == total] for parts in shape
        ]
        for chosen in itertools.product(*ways):
            counts: Counts = dict.fromkeys(wholes, total)
            for cells, way in zip(divisions, chosen, strict=True):
                counts |= dict(zip(cells, way, strict=True))
            yield counts, group


@pytest.mark.parametrize(
    ("shape", "most", "whole", "again"),
    [
        ((2,), 24, True, False),
        ((3,), 18, True, False),
        ((3,), 14, False, False),
        ((3,), 12, False, True),
        ((4,), 12, True, True),
        ((2, 2), 12, True, False),
        ((2, 2), 10, False, False),
        ((3, 2), 9, True, True),
    ],
)
@pytest.mark.parametrize("limit", [3, 4, 5])
def test_no_hidden_count_can_be_known(limit: int, shape: tuple[int, ...], most: int, whole: bool, again: bool) -> None:
    alike: dict[Published, list[Counts]] = {}
    for counts, group in tables(most, shape, whole=whole, again=again):
        shown = suppressed(counts, [group], limit)
        assert all(is_hidden(shown[cell]) or shown[cell] == count for cell, count in counts.items())
        assert all(is_hidden(shown[cell]) for cell, count in counts.items() if 0 < count < limit)
        alike.setdefault(tuple(sorted(shown.items())), []).append(counts)
    edge = most - limit - 1  # of larger ones the tables that look like them are not all there
    for published, possible in alike.items():
        if max(sum(table[cell] for cell in table if cell[1].startswith("0-")) for table in possible) > edge:
            continue
        known = [cell for cell, value in published if is_hidden(value) and len({t[cell] for t in possible}) == 1]
        assert known == [], (dict(published), possible)


def people(draw: st.DrawFn) -> tuple[Counts, Group]:
    """A large table: a whole divided by several things, as statistics are."""
    total = draw(st.integers(0, 400))
    counts: Counts = {WHOLE: total, AGAIN: total}
    divisions = []
    for dimension in range(draw(st.integers(1, 4))):
        cuts = sorted(draw(st.lists(st.integers(0, total), min_size=1, max_size=4)))
        cells = tuple(("statistics", f"{dimension}-{place}") for place in range(len(cuts) + 1))
        counts |= dict(zip(cells, (b - a for a, b in itertools.pairwise([0, *cuts, total])), strict=True))
        divisions.append(cells)
    return counts, Group((WHOLE, AGAIN), tuple(divisions))


@settings(max_examples=3000)
@given(st.data())
def test_in_large_tables_no_sum_or_difference_leaves_one_value(data: st.DataObject) -> None:
    """The counts that are hidden in a division could be exchanged: that changes no sum, and what is published."""
    counts, group = people(data.draw)
    limit = data.draw(st.integers(3, 11))
    shown = suppressed(counts, [group], limit)
    if shown[WHOLE] == KEPT_BACK:
        assert all(shown[cell] == KEPT_BACK for cell in group.cells)
        return
    for division in group.divisions:
        hidden = [cell for cell in division if is_hidden(shown[cell])]
        if not hidden:
            continue
        assert len({counts[cell] for cell in hidden}) > 1
        turned = counts | dict(zip(hidden, (counts[cell] for cell in (*hidden[1:], hidden[0])), strict=True))
        assert suppressed(turned, [group], limit) == shown


SEX = (("s", "f"), ("s", "m"), ("s", "u"))
AGE = (("s", "c"), ("s", "a"))
BOTH = Group((("s", "T"), ("i", "T")), (SEX, AGE))


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"T": 3}, {"T": "<5"}),
        ({"T": 20, "f": 14, "m": 3, "u": 3}, {"T": 20, "f": "s", "m": "s", "u": "s"}),
        ({"T": 20, "f": 17, "m": 3, "u": 0}, {"T": 20, "f": "s", "m": "s", "u": 0}),
        ({"T": 20, "f": 20, "m": 0, "u": 0}, {"T": 20, "f": 20, "m": 0, "u": 0}),
        ({"T": 3, "f": 3, "m": 0, "u": 0}, {"T": "s", "f": "s", "m": "s", "u": "s"}),
        ({"T": 9, "f": 3, "m": 3, "u": 3}, {"T": "s", "f": "s", "m": "s", "u": "s"}),
        ({"T": 20, "f": 12, "m": 8, "c": 2, "a": 18}, {"T": 20, "f": 12, "m": 8, "c": "s", "a": "s"}),
        ({"f": 8, "m": 2, "u": 0, "c": 5, "a": 5}, {"f": "s", "m": "s", "u": 0, "c": 5, "a": 5}),
        ({"T": 12, "f": 8, "m": 2, "u": 0, "c": 5, "a": 5}, {"T": 12, "f": "s", "m": "s", "u": 0, "c": 5, "a": 5}),
    ],
)
def test_what_is_kept_back_with_a_small_count(counts: dict[str, float], said: dict[str, Shown]) -> None:
    shown = suppressed({("s", name): count for name, count in counts.items()}, [BOTH], 5)
    assert {name: "s" if value == KEPT_BACK else value for (_, name), value in shown.items()} == said


def test_the_same_figure_elsewhere_does_not_tell_it() -> None:
    counts: Counts = {("s", "T"): 3, ("s", "f"): 3, ("s", "m"): 0, ("i", "T"): 3}
    assert set(suppressed(counts, [BOTH], 5).values()) == {KEPT_BACK}


@pytest.mark.parametrize("count", [0, 1, 6, 25])
def test_what_does_not_circulate_for_another_reason_is_not_told_either(count: int) -> None:
    counts: Counts = {("s", "T"): 25 + count, ("s", "f"): 25, ("s", "m"): count, ("s", "u"): 0}
    shown = suppressed(counts, [BOTH], 5, kept={("s", "m")})
    assert is_hidden(shown["s", "f"])
    whole = suppressed(counts, [BOTH], 5, kept={("s", "T")})
    assert is_hidden(whole["s", "f"]) or is_hidden(whole["s", "m"])


def test_what_a_country_keeps_to_itself_is_not_told() -> None:
    counts: Counts = {("s", "T"): 10, ("s", "f"): 6, ("s", "u"): 0}
    shown = suppressed(counts, [BOTH], 5, unsaid={("s", "m")})
    assert [shown["s", name] for name in "Tfmu"] == [10, KEPT_BACK, KEPT_BACK, 0]
