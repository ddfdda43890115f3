"""Which item of the canonical data an issued row is now: itself, another number, or gone.

Between issue and return the Secretariat may take an item out, or number it anew. A row is known by its number as long
as its text stands there, or stands nowhere else; where its text stands under another number, it is that one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from crmxl.definition import Key, Kind, Record, Values
from crmxl.placing import is_open_row
from crmxl.text import fold
from crmxl.values import as_text

ALIKE = 86
"""From this likeness on (0 to 100) what two countries propose, or what the plan has already, may be the same item."""


def current_items(kind: Kind, base: Mapping[Key, Record], items: Mapping[Key, Values]) -> dict[str, str | None]:
    """The number that each issued row has now, by the number it had; None where the item is gone. Nothing is known
    where the canonical data hold no item of the kind."""
    subjects = [key for key in (kind.subject, kind.wording(kind.subject or "", "en")) if key]
    now = _texts(subjects, {key[0]: values for key, values in items.items()})
    then = _texts(subjects, {key[0]: record.values for key, record in base.items()})
    holders: dict[str, list[str]] = {}
    for number, told in now.items():
        for text in told:
            holders.setdefault(text, []).append(number)
    found: dict[str, str | None] = {}
    for number, told in then.items() if items else ():
        if is_open_row(number):
            continue
        twins = {holder for text in told for holder in holders.get(text, ())}
        stays = number in twins or len(twins) != 1 or sum(bool(told & other) for other in then.values()) > 1
        found[number] = (number if number in now else None) if stays else twins.pop()
    return found


def _texts(subjects: Sequence[str], rows: Mapping[str, Values]) -> dict[str, set[str]]:
    """What each item is about, in every wording that it has."""
    return {
        number: {fold(as_text(values[key])) for key in subjects if values.get(key)} for number, values in rows.items()
    }


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two items of which the texts are alike: a new one, and one that is there or that another country proposes."""

    new: str
    other: str
    percent: int


def alike(proposed: Mapping[str, str], existing: Mapping[str, str]) -> Iterator[Likeness]:
    """For each proposed item the one that it resembles most: of the existing ones, else of those proposed after it."""
    known = {number: fold(text) for number, text in existing.items() if text}
    fresh = {number: fold(text) for number, text in proposed.items() if text}
    for number, text in fresh.items():
        rest = {other: words for other, words in fresh.items() if other > number}
        for others in (known, rest):
            best = process.extractOne(text, others, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
            if best:
                yield Likeness(number, best[2], round(best[1]))
