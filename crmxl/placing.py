"""Finding one's place: which row of the template a returned row is, when numbers were retyped, sorted, lost or copied.

Three witnesses: the number that is seen, the hidden key, and the texts that were issued in the row. Where the two keys
agree, that settles it. Where one is missing or is none of those issued, the other counts. Where they differ, the texts
decide, if they decide clearly. A row without any key is recognised by its text, from a likeness on and only if nothing
else is as like. Where one column was sorted without the others nothing can be trusted, and the sheet is not taken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from crmxl.definition import Column, Key, Owner, Record
from crmxl.text import fold
from crmxl.values import Raw, as_text, is_blank

LIKE = 90
"""From this likeness on (0 to 100) a row without a key is the one whose text it resembles."""
MARGIN = 8
"""By so much the most like row must be more like than the next."""
SORTED = 3
"""From so many displaced cells on, a column is held to be sorted alone."""


@dataclass(frozen=True, slots=True)
class Placing:
    """The key of each row by its place, and how it was found: `restored` from the hidden key, `recognised` by its text,
    each with its place; `sorted_alone` are columns that no longer belong to their rows."""

    keys: Mapping[int, str] = field(default_factory=dict)
    restored: tuple[int, ...] = ()
    recognised: tuple[int, ...] = ()
    sorted_alone: tuple[Column, ...] = ()


class _Placer:
    """Places the rows of one sheet against the rows that were issued."""

    def __init__(
        self,
        rows: Mapping[int, Mapping[int, Raw]],
        columns: Mapping[int, Column],
        key: str,
        hidden: Mapping[int, str],
        issued: Mapping[Key, Record],
    ) -> None:
        self.rows, self.hidden = rows, hidden
        across = {column.key: place for place, column in columns.items()}
        self.seen = {r: cells[across[key]] for r, cells in rows.items() if across.get(key) in cells}
        self.texts = {c: place for place, c in columns.items() if c.owner is not Owner.COUNTRY and c.key != key}
        self.issued = {row_key[0]: record for row_key, record in issued.items()}
        self.open = {text for text in (*hidden.values(), *map(as_text, self.seen.values())) if is_open_row(text)}

    def known(self, text: str) -> bool:
        return text in self.issued or text in self.open

    def place(self) -> Placing:
        keys: dict[int, str] = {}
        restored: list[int] = []
        doubtful: list[int] = []
        for row in self.rows:
            seen, hidden = self.seen.get(row), self.hidden.get(row, "")
            text = "" if is_blank(seen) else as_text(seen)
            sure = self.known(text) and not (isinstance(seen, float) and f"{text}0" in self.issued)
            if (text and text == hidden) or (sure and not hidden):
                keys[row] = text
            elif self.known(hidden):
                if sure:
                    doubtful.append(row)
                else:
                    keys[row] = hidden
                    restored.append(row)
            elif text and hidden:
                keys[row] = text
        self.settle(doubtful, keys, restored)
        alone = self.displaced(keys)
        recognised = [] if alone else self.recognise(keys)
        return Placing(keys, tuple(restored), tuple(recognised), alone)

    def settle(self, doubtful: Sequence[int], keys: dict[int, str], restored: list[int]) -> None:
        """Rows whose number and hidden key are both of the template and differ: the texts tell which is right; where
        the whole table was sorted without its hidden column, the numbers are."""
        witnesses = [(as_text(self.seen[row]), self.hidden[row]) for row in doubtful]
        likes = [
            (self.agreement(row, seen), self.agreement(row, hidden))
            for row, (seen, hidden) in zip(doubtful, witnesses, strict=True)
        ]
        seen_right = sum(a > b for a, b in likes)
        hidden_right = sum(b > a for a, b in likes)
        for row, (seen, hidden) in zip(doubtful, likes, strict=True):
            if hidden > seen or (hidden == seen and hidden_right > seen_right):
                keys[row] = self.hidden[row]
                restored.append(row)
            else:
                keys[row] = as_text(self.seen[row])

    def agreement(self, row: int, key: str) -> int:
        """In how many cells a row says what was issued under a key."""
        record = self.issued.get(key)
        return sum(self.same(row, column, record) for column in self.texts) if record else 0

    def same(self, row: int, column: Column, record: Record) -> bool:
        raw = self.rows[row].get(self.texts[column])
        return not is_blank(raw) and fold(as_text(raw)) == fold(record.text(column.key))

    def displaced(self, keys: Mapping[int, str]) -> tuple[Column, ...]:
        """The columns of which several cells stand in the row of another item: someone sorted them alone."""
        found = []
        for column, across in self.texts.items():
            owners = Counter(fold(record.text(column.key)) for record in self.issued.values())
            here = {r: fold(as_text(self.rows[r].get(across))) for r, key in keys.items() if key in self.issued}
            wanted = {r: fold(self.issued[keys[r]].text(column.key)) for r in here}
            moved = [r for r, text in here.items() if text and text != wanted[r] and owners[text] == 1]
            if len(moved) >= SORTED and {here[r] for r in moved} & {wanted[r] for r in moved}:
                found.append(column)
        return tuple(found)

    def recognise(self, keys: dict[int, str]) -> list[int]:
        """The rows without a key whose text is that of an issued row which no other row is."""
        free = {key: self.text_of(record) for key, record in self.issued.items() if key not in keys.values()}
        found = []
        for row, cells in self.rows.items():
            if row in keys or not free:
                continue
            text = fold(" ".join(as_text(cells[place]) for place in self.texts.values() if place in cells))
            best = process.extract(text, free, scorer=fuzz.ratio, limit=2) if text else []
            if best and best[0][1] >= LIKE and (len(best) == 1 or best[0][1] - best[1][1] >= MARGIN):
                keys[row] = best[0][2]
                del free[best[0][2]]
                found.append(row)
        return found

    def text_of(self, record: Record) -> str:
        return fold(" ".join(record.text(column.key) for column in self.texts if record.text(column.key)))


_OPEN_ROW = re.compile(r"N\d{1,3}")


def is_open_row(number: str) -> bool:
    """Whether a number is that of an open row, for an item that a country proposes."""
    return _OPEN_ROW.fullmatch(number) is not None


def place_rows(
    rows: Mapping[int, Mapping[int, Raw]],
    columns: Mapping[int, Column],
    key: str,
    hidden: Mapping[int, str],
    issued: Mapping[Key, Record],
) -> Placing:
    """Place the rows below a header. `columns` gives the columns by their position, `key` the one of the numbers,
    `hidden` the hidden keys by row, `issued` what was issued, by key."""
    return _Placer(rows, columns, key, hidden, issued).place()
