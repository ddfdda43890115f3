"""Which item of the canonical data an issued row is now: itself, another number, or gone.

Between issue and return the Secretariat may take an item out, number it anew, or edit its text. Each issued row is at
most one item of today, and each item at most one row: first where the texts are the same, then where they are alike,
and last by the number alone, if no other row has a better claim to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from crmxl.definition import Key, Kind, Record, Values
from crmxl.placing import is_open_row
from crmxl.text import fold
from crmxl.values import as_text

ALIKE = 86
"""From this likeness on (0 to 100) what two countries propose, or what the plan has already, may be the same item."""
EDITED = 72
"""From this likeness on a text of today may be an issued one that was edited."""
MARGIN = 8
"""By so much it must be more alike than any other, unless the number says the same."""


@dataclass(frozen=True, slots=True)
class Succession:
    """Where the issued rows are now: `numbers` gives the number of today by the number issued, None where the item is
    gone; `rewritten` are those of which the text under the same number is another one."""

    numbers: Mapping[str, str | None]
    rewritten: tuple[str, ...] = ()

    @property
    def moved(self) -> Mapping[str, str]:
        """The rows that have another number now."""
        return {old: new for old, new in self.numbers.items() if new is not None and new != old}


def about(kind: Kind, items: Mapping[Key, Values]) -> dict[str, set[str]]:
    """What each item is about, by its number, in every wording that it has."""
    subjects = [key for key in (kind.subject, kind.wording(kind.subject or "", "en")) if key]
    return {
        number: {fold(as_text(values[key])) for key in subjects if values.get(key)}
        for (number, *_), values in items.items()
    }


def succession(kind: Kind, base: Mapping[Key, Record], now: Mapping[str, set[str]]) -> Succession:
    """What became of each issued row; `now` is what the canonical items are about. Nothing is known where they hold
    none of the kind."""
    issued = {key: r.values for key, r in base.items() if not (kind.open_rows and is_open_row(key[0]))}
    then = about(kind, issued)
    if not now:
        return Succession({})
    found = {number: number for number, told in then.items() if told & now.get(number, set())}
    found |= _same_text(then, now, found)
    found |= _edited(then, now, found)
    taken = set(found.values())
    by_number = [n for n in then if n not in found and n in now and n not in taken]
    found |= {number: number for number in by_number}
    rewritten = tuple(number for number in by_number if then[number] and now[number])
    return Succession({number: found.get(number) for number in then}, rewritten)


def _same_text(then: Mapping[str, set[str]], now: Mapping[str, set[str]], found: Mapping[str, str]) -> dict[str, str]:
    """Rows of which the text stands under one other number, and is no other row's."""
    holders: dict[str, list[str]] = {}
    taken = set(found.values())
    for number, told in now.items():
        for text in told if number not in taken else ():
            holders.setdefault(text, []).append(number)
    moved: dict[str, str] = {}
    left = {number: told for number, told in then.items() if number not in found}
    for number, told in left.items():
        twins = {holder for text in told for holder in holders.get(text, ())}
        if len(twins) == 1 and sum(bool(told & other) for other in left.values()) == 1:
            moved[number] = twins.pop()
    return moved


def _edited(then: Mapping[str, set[str]], now: Mapping[str, set[str]], found: Mapping[str, str]) -> dict[str, str]:
    """Rows of which an edited text stands somewhere: pairs from the most alike on, each row and number once."""
    taken = set(found.values())
    left = {number: told for number, told in then.items() if number not in found and told}
    free = {number: told for number, told in now.items() if number not in taken and told}
    scores = {
        (old, new): max(fuzz.ratio(a, b) for a in told for b in other)
        for old, told in left.items()
        for new, other in free.items()
    }
    scores = {pair: score for pair, score in scores.items() if score >= EDITED - MARGIN}
    matched: dict[str, str] = {}
    for (old, new), score in sorted(scores.items(), key=lambda item: (-item[1], item[0][0] != item[0][1], item[0])):
        rivals = [s for (o, n), s in scores.items() if (o == old) != (n == new) and o not in matched]
        clear = old == new or all(score - rival >= MARGIN for rival in rivals)
        if score >= EDITED and clear and old not in matched and new not in matched.values():
            matched[old] = new
    return matched


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
