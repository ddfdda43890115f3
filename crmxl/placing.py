"""Finding one's place: which row of the template a returned row is, when numbers were retyped, sorted, lost or copied.

Three witnesses: the number that is seen, the hidden key, and what was issued in the row, its texts and the answers of
the cycle before. Where they name one row, it is that one. Where the number and the hidden key differ and the texts side
with the hidden key, someone retyped the number. Where they side with the number, a part of the columns was moved
without the rest, and only earlier answers can tell on which side the new ones are; where they don't, the row is not
taken. Nor is a row of which every text is another's, whatever its number says. A row without any key is recognised by
its text, from a likeness on and only if nothing else is as like. Where one column was sorted without the others nothing
can be trusted, and the sheet is not taken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz import fuzz, process

from crmxl.definition import Column, Key, Owner, Record
from crmxl.text import LANGS, fold
from crmxl.values import Choice, Id, Raw, as_text, is_blank

LIKE = 90
"""From this likeness on (0 to 100) a text is the one that was issued, and a row without a key the one whose text it
resembles."""
MARGIN = 8
"""By so much the most like row must be more like than the next."""
SORTED = 3
"""From so many displaced cells on, a column is held to be sorted alone."""


@dataclass(frozen=True, slots=True)
class Placing:
    """The key of each row by its place, and how it was found: `restored` from the hidden key, `recognised` by its text,
    each with its place; `disputed` are rows of which nothing tells whose answers they hold; `sorted_alone` are columns
    that no longer belong to their rows."""

    keys: Mapping[int, str] = field(default_factory=dict)
    restored: tuple[int, ...] = ()
    recognised: tuple[int, ...] = ()
    disputed: tuple[int, ...] = ()
    sorted_alone: tuple[Column, ...] = ()
    doubtful: tuple[Column, ...] = ()
    """Columns of the country's own of which the earlier answers stand in other rows or columns now."""
    exchanged: tuple[tuple[str, str], ...] = ()
    """Pairs of rows of which the earlier answers have changed places."""


class _Placer:
    """Places the rows of one sheet against the rows that were issued."""

    def __init__(
        self,
        rows: Mapping[int, Mapping[int, Raw]],
        columns: Mapping[int, Column],
        key: str,
        hidden: Mapping[int, Raw],
        issued: Mapping[Key, Record],
        foreign: Collection[str],
    ) -> None:
        self.rows, self.hidden = rows, hidden
        across = {column.key: place for place, column in columns.items()}
        self.seen = {r: cells[across[key]] for r, cells in rows.items() if across.get(key) in cells}
        self.texts = {c: place for place, c in columns.items() if c.owner is not Owner.COUNTRY and c.key != key}
        self.answers = {c: place for place, c in columns.items() if c.owner is Owner.COUNTRY and c.key != key}
        self.across = {**self.texts, **self.answers}
        self._said: dict[tuple[int, str], str] = {}
        self._worded: dict[tuple[Key, str], frozenset[str]] = {}
        self.issued = {row_key[0]: record for row_key, record in issued.items()}
        self.foreign = foreign
        self.open = {text for text in map(as_text, (*hidden.values(), *self.seen.values())) if is_open_row(text)}

    def unmoved(self) -> dict[int, str] | None:
        """The key of each row, where nothing was moved: every row bears a number and, if any, the same hidden one, once
        each; its fixed texts are to the letter those that were issued; and no text of the country's own is one that was
        issued elsewhere. None where that is not so plain."""
        keys: dict[int, str] = {}
        for row, cells in self.rows.items():
            raw = self.seen.get(row)
            if not isinstance(raw, str) or raw in self.foreign or self.hidden.get(row, raw) != raw:
                return None
            record = self.issued.get(raw)
            if record is None and raw not in self.open:
                return None
            keys[row] = raw
            for column, place in self.texts.items() if record else ():
                if record and as_text(cells.get(place)) != record.written.get(column.key, ""):
                    return None
        if len(set(keys.values())) < len(keys):
            return None
        known = {c: place for c, place in self.answers.items() if _is_free(c)}
        elsewhere = {fold(r.written[c.key]) for r in self.issued.values() for c in known if c.key in r.written}
        for row, cells in self.rows.items() if elsewhere else ():
            record = self.issued.get(keys[row])
            for column, place in known.items():
                text = as_text(cells.get(place))
                if text and fold(text) in elsewhere and not (record and record.written.get(column.key) == text):
                    return None
        return keys

    def place(self, *, repair: bool) -> Placing:
        plain = self.unmoved()
        if plain is not None:
            return Placing(plain)
        keys: dict[int, str] = {}
        torn: list[int] = []
        disputed: set[int] = set()
        for row in self.rows:
            if _number(self.seen.get(row)) in self.foreign and not self.meant(self.seen.get(row)):
                disputed.add(row)
                continue
            seen, hidden = self.meant(self.seen.get(row)), self.meant(self.hidden.get(row))
            best = self.likeliest(row, [key for key in seen if key in hidden] or [*seen, *hidden])
            if best is not None:
                keys[row] = best
                if hidden and best not in hidden:
                    torn.append(row)
            elif seen and hidden and not set(seen) & set(hidden):
                disputed.add(row)
        alone = tuple(self.displaced(keys))
        if any(column.owner is not Owner.COUNTRY for column in alone):
            return Placing(keys, sorted_alone=alone)
        doubtful = self.doubtful(keys, {*alone, *self.crossed(keys)})
        outdone = self.outdone(keys)
        disputed.update(self.unsettled(torn, keys))
        disputed.update(row for row, key in keys.items() if row not in outdone and self.is_another(row, key))
        keys = {row: key for row, key in keys.items() if row not in disputed and row not in outdone}
        changed = [row for row, key in keys.items() if _number(self.seen.get(row)) != key]
        if not repair:
            disputed.update(outdone, (row for row in changed if self.meant(self.seen.get(row))))
            keys = {row: key for row, key in keys.items() if row not in changed}
            return Placing(keys, disputed=tuple(sorted(disputed)), doubtful=doubtful)
        recognised = self.recognise(keys, [row for row in self.rows if row not in keys and row not in disputed])
        disputed.update(row for row in outdone if row not in keys)
        restored = [row for row in changed if keys[row] in self.meant(self.hidden.get(row))]
        recognised += [row for row in changed if row not in restored]
        return Placing(
            keys,
            tuple(restored),
            tuple(sorted(recognised)),
            tuple(sorted(disputed)),
            (),
            doubtful,
            self.exchanged(keys, doubtful),
        )

    def meant(self, raw: Raw) -> tuple[str, ...]:
        """The numbers of the template that a cell may mean; 6.1 typed as a number may be 6.10."""
        text = _number(raw)
        longer = (f"{text}0",) if isinstance(raw, float) else ()
        return tuple(key for key in (text, *longer) if key in self.issued or key in self.open)

    def likeliest(self, row: int, keys: Sequence[str]) -> str | None:
        """The only one of these numbers, or the one whose texts the row says; None where they don't decide."""
        if len(keys) < 2:
            return keys[0] if keys else None
        first, second = sorted(((self.agreement(row, key), key) for key in keys), reverse=True)[:2]
        return first[1] if first[0] > second[0] else None

    def agreement(self, row: int, key: str) -> int:
        """In how many cells a row says what was issued under a number."""
        record = self.issued.get(key)
        return sum(self.same(row, column, record) for column in self.texts) if record else 0

    def same(self, row: int, column: Column, record: Record) -> bool:
        """Whether a cell says what was issued, but for slips of typing."""
        text, wordings = self.text(row, column), self.wordings(record, column)
        if text in wordings:
            return True
        if text in self.owners[column] or not _WORDS.search(text):
            return False  # another row's own text, or a code, is no slip
        return any(fuzz.ratio(text, wording) >= LIKE for wording in wordings)

    def text(self, row: int, column: Column) -> str:
        """What a cell says, without what makes no difference."""
        spot = (row, column.key)
        if spot not in self._said:
            self._said[spot] = fold(as_text(self.rows[row].get(self.across[column])))
        return self._said[spot]

    def wordings(self, record: Record, column: Column) -> frozenset[str]:
        """What a cell may have said when it was issued, in either language."""
        spot = (record.key, column.key)
        if spot not in self._worded:
            value = record.values.get(column.key)
            told = () if value is None else (fold(as_text(column.type.write(value, lang))) for lang in LANGS)
            texts = (fold(record.written.get(column.key, "")), *told)
            self._worded[spot] = frozenset(text for text in texts if text)
        return self._worded[spot]

    @cached_property
    def owners(self) -> Mapping[Column, Mapping[str, str]]:
        """By column, the texts that were issued in one row only, and the number of that row."""
        found = {}
        for column in (*self.texts, *self.answers):
            told = [(text, key) for key, record in self.issued.items() for text in self.wordings(record, column)]
            times = Counter(text for text, _ in told)
            found[column] = {text: key for text, key in told if times[text] == 1}
        return found

    def is_another(self, row: int, key: str) -> bool:
        """Whether the texts of a row are plainly not those of its number: pasted from another table or row."""
        record = self.issued.get(key)
        told = [c for c in self.texts if record and self.text(row, c) and self.wordings(record, c)]
        if record is None or not told:
            return False
        vouching = [c for c in told if self.same(row, c, record)]
        own = [c for c in told if self.wordings(record, c) & self.owners[c].keys()]
        if not is_blank(self.seen.get(row)) and key not in self.meant(self.seen[row]):
            return not set(vouching) & set(own or told)  # a foreign number: its own texts must vouch
        others = any(self.owners[c].get(self.text(row, c), key) != key for c in own)
        return (not vouching and len(told) > 1) or (others and not set(vouching) & set(own))

    def unsettled(self, torn: Sequence[int], keys: Mapping[int, str]) -> list[int]:
        """Of the rows whose number and texts have left their hidden key, those where nothing tells whether the answers
        went along: only what was answered in the cycle before can."""
        went, stayed = {}, {}
        for row in torn:
            here, there = self.issued.get(keys[row]), self.issued.get(self.meant(self.hidden.get(row))[0])
            said = {c: (self.wordings(r, c) if r else frozenset()) for r in (here,) for c in self.answers}
            left = {c: (self.wordings(r, c) if r else frozenset()) for r in (there,) for c in self.answers}
            differing = [c for c in self.answers if said[c] != left[c]]
            went[row] = sum(self.text(row, c) in said[c] for c in differing)
            stayed[row] = sum(self.text(row, c) in left[c] for c in differing)
        all_went = any(went.values()) and not any(stayed.values())
        answered = (row for row in torn if any(self.text(row, column) for column in self.answers))
        return [row for row in answered if not (went[row] > stayed[row] or (went[row] == stayed[row] and all_went))]

    def outdone(self, keys: Mapping[int, str]) -> list[int]:
        """Rows that claim the number of another one with no text to show for it, where the other has."""
        claims: dict[str, list[int]] = {}
        for row, key in keys.items():
            claims.setdefault(key, []).append(row)
        found = []
        for key, rows in claims.items():
            likes = {row: self.agreement(row, key) for row in rows} if len(rows) > 1 else {}
            found += [row for row, like in likes.items() if not like and any(likes.values())]
        return found

    def displaced(self, keys: Mapping[int, str]) -> Iterator[Column]:
        """The columns of which several cells stand in the row of another item: someone sorted them alone. Where a
        country may write, it may also have copied: then what stands elsewhere still stands in its own row too; and
        what many rows could say, a date or the number of an article, proves nothing."""
        for column in (*self.texts, *self.answers):
            here = {row: self.text(row, column) for row, key in keys.items() if key in self.issued}
            wanted = {row: self.wordings(self.issued[keys[row]], column) for row in here}
            kept = {self.owners[column].get(text) for row, text in here.items() if text in wanted[row]}
            owner = {row: self.owners[column].get(text) for row, text in here.items() if text not in wanted[row]}
            own = column.owner is Owner.COUNTRY
            moved = {r: key for r, key in owner.items() if key is not None and (not own or _tells(column, here[r]))}
            copied = column.owner is not Owner.ST and (
                kept & set(moved.values()) or len(set(moved.values())) < len(moved)
            )
            if len(moved) >= SORTED and not copied and set(moved.values()) & {keys[row] for row in moved}:
                yield column

    def answers_by(self, keys: Mapping[int, str], column: Column) -> Iterator[tuple[int, str, frozenset[str]]]:
        """The rows with an earlier answer in a column of the country's own: the row, what it says, what was issued."""
        for row, key in keys.items():
            wordings = self.wordings(self.issued[key], column) if key in self.issued else frozenset()
            if wordings:
                yield row, self.text(row, column), wordings

    def crossed(self, keys: Mapping[int, str]) -> set[Column]:
        """Columns of the country's own that say what was issued in another of them, and the reverse."""
        says: Counter[tuple[Column, Column]] = Counter()
        for column in self.answers:
            for row, _, wordings in self.answers_by(keys, column):
                told = [other for other in self.answers if other is not column and self.text(row, other) in wordings]
                says.update((column, other) for other in told if _tells(other, self.text(row, other)))
        return {a for (a, b), count in says.items() if count >= SORTED and says[b, a] >= SORTED}

    def doubtful(self, keys: Mapping[int, str], moved: Collection[Column]) -> tuple[Column, ...]:
        """The columns of which earlier answers were moved, and those beside them of which nothing shows that they were
        not: most of what was issued in a column that stayed still stands in its row."""
        found = []
        for column in self.answers if moved else ():
            rows = list(self.answers_by(keys, column))
            stayed = sum(text in wordings for _, text, wordings in rows)
            written = any(self.text(row, column) for row in keys)
            if column in moved or (written and not rows) or 5 * stayed < 4 * len(rows):
                found.append(column)
        return tuple(found)

    def exchanged(self, keys: Mapping[int, str], doubtful: Collection[Column]) -> tuple[tuple[str, str], ...]:
        """Pairs of rows of which each says what the other said before, in columns that are taken."""
        places: Counter[tuple[str, str]] = Counter()
        for column in (column for column in self.answers if column not in doubtful):
            for row, text, wordings in self.answers_by(keys, column):
                other = self.owners[column].get(text)
                if text not in wordings and other is not None and _tells(column, text):
                    places[keys[row], other] += 1
        return tuple(sorted(pair for pair in places if pair[0] < pair[1] and places[pair[1], pair[0]]))

    def recognise(self, keys: dict[int, str], rows: Sequence[int]) -> list[int]:
        """Rows without a key whose text is that of an issued row which no other row is."""
        free = {key: self.text_of(record) for key, record in self.issued.items() if key not in keys.values()}
        found = []
        for row in rows if free else ():
            text = " ".join(filter(None, (self.text(row, column) for column in self.texts)))
            best = process.extract(text, free, scorer=fuzz.ratio, limit=2) if text else []
            if best and best[0][1] >= LIKE and (len(best) == 1 or best[0][1] - best[1][1] >= MARGIN):
                keys[row] = best[0][2]
                del free[best[0][2]]
                found.append(row)
        return found

    def text_of(self, record: Record) -> str:
        """The texts of an issued row, one after the other, in its own words."""
        told = (record.written.get(c.key) or as_text(record.values.get(c.key)) for c in self.texts)
        return " ".join(fold(text) for text in told if text)


def _number(raw: Raw) -> str:
    """The number that a cell says, as a column of numbers reads it."""
    return "" if is_blank(raw) else str(Id().read(as_text(raw)))


_WORDS = re.compile(r"[^\W\d_]{3}")
"""Letters that make a text more than a number or a code."""
TELLING = 12
"""A free text of so many characters, with words in it, belongs to one answer; others many could say."""


def _is_free(column: Column) -> bool:
    """Whether anything can be written in a column: only there a text belongs to one answer."""
    return column.type.format == "text" and not isinstance(column.type, Choice)


def _tells(column: Column, text: str) -> bool:
    return _is_free(column) and len(text) >= TELLING and _WORDS.search(text) is not None


_OPEN_ROW = re.compile(r"N\d{1,3}")


def is_open_row(number: str) -> bool:
    """Whether a number is that of an open row, for an item that a country proposes."""
    return _OPEN_ROW.fullmatch(number) is not None


def place_rows(
    rows: Mapping[int, Mapping[int, Raw]],
    columns: Mapping[int, Column],
    key: str,
    hidden: Mapping[int, Raw],
    issued: Mapping[Key, Record],
    foreign: Collection[str] = (),
    *,
    repair: bool = True,
) -> Placing:
    """Place the rows below a header. `columns` gives the columns by their position, `key` the one of the numbers,
    `hidden` the hidden keys by row, `issued` what was issued, by key, `foreign` the numbers of other tables. Without
    `repair` a row is what its number says, or disputed where that cannot be."""
    return _Placer(rows, columns, key, hidden, issued, foreign).place(repair=repair)
