"""Small counts: nobody works out a hidden one from what is published. The attacker here shares no code with what it
attacks: it goes through every table of whole numbers that what is shown allows."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmxl.suppression import KEPT_BACK, Cell, Sum, below, is_hidden, suppressed

TOO_MANY = 60_000
"""Tables that the attacker goes through at most; larger ones are drawn again."""


def possible(
    shown: Mapping[Cell, int | float | str], sums: Sequence[Sum], limit: int, most: int
) -> dict[Cell, set[int]]:
    """Every value that each count can have, as far as what is shown, the sums and the rule tell."""
    cells = list(shown)
    choices: list[Sequence[int]] = []
    for cell in cells:
        value = shown[cell]
        if value == below(limit):
            choices.append(range(1, limit))
        else:
            choices.append(range(1, most) if value == KEPT_BACK else [int(value)])
    found: dict[Cell, set[int]] = {cell: set() for cell in cells}
    for values in itertools.product(*choices):
        table = dict(zip(cells, values, strict=True))
        if all(table[one.whole] == sum(table[part] for part in one.parts) for one in sums):
            for cell in cells:
                found[cell].add(table[cell])
    return found


def size(shown: Mapping[Cell, int | float | str], limit: int, most: int) -> int:
    count = 1
    for value in shown.values():
        count *= (limit - 1) if value == below(limit) else (most - 1) if value == KEPT_BACK else 1
    return count


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[Cell, int], list[Sum], int]:
    """A count of people divided by one to three things, and perhaps asked for a second time elsewhere."""
    total = draw(st.integers(0, 14))
    whole: Cell = ("statistics", "EST")
    counts, sums = {whole: total}, []
    for dimension in range(draw(st.integers(1, 3))):
        cuts = sorted(draw(st.lists(st.integers(0, total), max_size=2)))
        sizes = [after - before for before, after in itertools.pairwise([0, *cuts, total])]
        parts: list[Cell] = [("statistics", f"EST.{dimension}-{place}") for place in range(len(sizes))]
        counts |= dict(zip(parts, sizes, strict=True))
        sums.append(Sum(whole, tuple(parts)))
    if draw(st.booleans()):
        counts["indicators", "IND"] = total
        sums.append(Sum(("indicators", "IND"), (whole,)))
    return counts, sums, draw(st.integers(3, 5))


@settings(max_examples=4000)
@given(tables())
@example(({("s", "T"): 2, ("s", "a"): 1, ("s", "b"): 1}, [Sum(("s", "T"), (("s", "a"), ("s", "b")))], 3))
def test_no_hidden_count_can_be_worked_out(table: tuple[dict[Cell, int], list[Sum], int]) -> None:
    counts, sums, limit = table
    shown = suppressed(counts, sums, limit)
    most = max(counts.values()) + 3
    if size(shown, limit, most) > TOO_MANY:
        return
    can_be = possible(shown, sums, limit, most)
    for cell, value in shown.items():
        if is_hidden(value):
            assert counts[cell] in can_be[cell]
            assert len(can_be[cell]) > 1, (counts, shown, cell)
        else:
            assert value == counts[cell]


@settings(max_examples=1000)
@given(tables())
def test_what_is_large_or_nothing_is_shown_where_nothing_small_is_beside_it(
    table: tuple[dict[Cell, int], list[Sum], int],
) -> None:
    counts, sums, limit = table
    shown = suppressed(counts, sums, limit)
    assert all(is_hidden(shown[cell]) for cell, count in counts.items() if 0 < count < limit)
    assert all(shown[cell] == 0 for cell, count in counts.items() if count == 0)
    if not any(0 < count < limit for count in counts.values()):
        assert shown == counts


SEX = Sum(("s", "T"), (("s", "f"), ("s", "m")))
AGE = Sum(("s", "T"), (("s", "c"), ("s", "a")))
AGAIN = Sum(("i", "T"), (("s", "T"),))


@pytest.mark.parametrize(
    ("counts", "sums", "said"),
    [
        ({"T": 20, "f": 17, "m": 3}, [SEX], {"T": 20, "f": "s", "m": "<5"}),
        ({"T": 20, "f": 20, "m": 0}, [SEX], {"T": 20, "f": 20, "m": 0}),
        ({"T": 3, "f": 3, "m": 0}, [SEX], {"T": "<5", "f": "<5", "m": 0}),
        ({"T": 8, "f": 4, "m": 4}, [SEX], {"T": "s", "f": "<5", "m": "<5"}),
        ({"T": 20, "f": 12, "m": 8, "c": 2, "a": 18}, [SEX, AGE], {"T": 20, "f": 12, "m": 8, "c": "<5", "a": "s"}),
    ],
)
def test_what_is_kept_back_with_a_small_count(
    counts: dict[str, int], sums: list[Sum], said: dict[str, int | str]
) -> None:
    shown = suppressed({("s", name): count for name, count in counts.items()}, sums, 5)
    assert {name: "s" if value == KEPT_BACK else value for (_, name), value in shown.items()} == said


def test_the_same_figure_elsewhere_does_not_tell_it() -> None:
    counts = {("s", "T"): 3, ("s", "f"): 3, ("s", "m"): 0, ("i", "T"): 3}
    assert suppressed(counts, [SEX, AGAIN], 5) == {("s", "T"): "<5", ("s", "f"): "<5", ("s", "m"): 0, ("i", "T"): "<5"}


def test_what_does_not_circulate_for_another_reason_is_not_told_either() -> None:
    counts = {("s", "T"): 30, ("s", "f"): 20, ("s", "m"): 10}
    shown = suppressed(counts, [SEX], 5, {("s", "m")})
    assert shown == {("s", "T"): 30, ("s", "f"): KEPT_BACK, ("s", "m"): KEPT_BACK}
