"""The numbers of a plan: whether the printed ones fit their item, and whether items of one objective share it.

An item `n.m` is printed at four levels: objective `n.`, activity `n.m`, who is responsible `n.m.1`, when `n.m.1.1`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crmxl.definition import Record
from crmxl.findings import Finding, at, finding, ranges
from crmxl.messages import Code
from crmxl.text import fold

LEVELS = ("{objective}.", "{item}", "{item}.1", "{item}.1.1")
"""How the four levels of an item are numbered."""


def expected(item: str) -> tuple[str, ...]:
    """The numbers at the four levels of an item.

    >>> expected("2.2")
    ('2.', '2.2', '2.2.1', '2.2.1.1')
    """
    return tuple(level.format(objective=item.split(".")[0], item=item) for level in LEVELS)


def check_numbers(records: Iterable[Record]) -> Iterator[Finding]:
    """Printed numbers that do not fit, each with the right one; objectives that their items name differently."""
    objectives: dict[str, list[Record]] = {}
    for record in records:
        item = record.key[0]
        objectives.setdefault(item.split(".")[0], []).append(record)
        place = record.places.get("printed")
        for found, wanted in zip(record.text("printed").split("|"), expected(item), strict=False):
            if place and found.strip() and found.strip() != wanted:
                yield finding(Code.R301, place, found=found.strip(), item=item, wanted=wanted, suggestion=wanted)
    for group in objectives.values():
        texts = {fold(record.text("objective")) for record in group}
        places = [record.places["objective"] for record in group if "objective" in record.places]
        if len(texts) > 1 and places:
            spot = at(places[0], ranges(str(place.cell) for place in places))
            keys = [record.key[0] for record in group]
            yield finding(Code.R302, spot, keys=", ".join(keys))
