"""Points: days, months, parts of years and years, alone and in lists.

    span    := point [to point] | point [or point]
    point   := [turn] (numeric | code | part | days month | month days | month | years) [year]
    part    := ordinals unit | unit ordinal | code
    days    := day {("," | and) day} | day to day

A point may lack its year, and a day its month, where the one behind it has them: `28 de febrero al 3 de marzo de 2010`,
`enero a marzo de 2010`. A first part that would lie after the second is of the year before. Numbers alone are read in
the order that the cursor is given (day first or month first), so that the caller can compare both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from crmxl.dates.when import PART_PRECISION, Precision, Unread
from crmxl.dates.words import (
    AND,
    CODES,
    FILLERS,
    LAST,
    MONTHS,
    OR,
    ORDINALS,
    PARTS,
    TO,
    TURN,
    WEEKDAYS,
    Token,
)

Order = Literal["dmy", "mdy"]
FIRST_YEAR, LAST_YEAR = 1800, 2199
_NOTHING = Token("sign", "", 0, 0)


@dataclass(frozen=True, slots=True)
class Point:
    """A day, month, part of a year or year, or an unbroken list of them; what is None is still to be known."""

    precision: Precision
    year: int | None = None
    months: tuple[int, int] | None = None
    days: tuple[int, int] | None = None
    turn: Literal["early", "middle", "late", "week"] | None = None
    last_year: int | None = None
    tentative: bool = False


class Cursor:
    """Where one stands among the tokens, and the order of day and month in numbers."""

    def __init__(self, tokens: Sequence[Token], order: Order = "dmy") -> None:
        self.tokens, self.order, self.at = tokens, order, 0
        self.weekday: int | None = None
        """The weekday (Monday is 0) named before the point that was read last."""
        self.weekdays: list[tuple[int, int]] = []
        """Days of a list or range behind its first, with the weekdays named before them."""
        self.single = False
        """Whether `y` joins the two ends of a range (entre … y …) and not a list."""

    def take_and(self, *more: str) -> Token | None:
        """The joint of a list."""
        return None if self.single else self.take(AND | set(more))

    def peek(self, ahead: int = 0) -> Token:
        """A token ahead; an empty sign behind the last."""
        place = self.at + ahead
        return self.tokens[place] if 0 <= place < len(self.tokens) else _NOTHING

    def take(self, words: frozenset[str] | set[str]) -> Token | None:
        """The next token if it is one of these."""
        token = self.peek()
        if token.text in words and token.kind != "number":
            self.at += 1
            return token
        return None

    def phrase(self, *words: str) -> bool:
        """Pass over these words if they come next, one after the other."""
        if all(self.peek(i).text == word for i, word in enumerate(words)):
            self.at += len(words)
            return True
        return False

    def fill(self) -> None:
        """Pass over words and commas that say nothing."""
        while (self.peek().text in FILLERS and self.peek().kind == "word") or self.peek().text == ",":
            self.at += 1

    def dot(self) -> None:
        """Pass over the full stop of an abbreviation."""
        if self.peek().text == "." and not self.peek().spaced:
            self.at += 1

    def number(self, low: int, high: int) -> int | None:
        """The next token if it is a number within bounds."""
        token = self.peek()
        if token.kind != "number" or len(token.text) > 4 or not low <= token.number <= high:
            return None
        self.at += 1
        return token.number

    def year(self) -> int | None:
        """A year of four digits, with the fillers before it; the cursor stays if there is none."""
        start = self.at
        self.fill()
        found = self.number(FIRST_YEAR, LAST_YEAR) if len(self.peek().text) == 4 else None
        if found is None:
            self.at = start
        return found

    def lookup(self, table: dict[str, int]) -> int | None:
        """What a table gives for the next word, its full stop passed over."""
        token = self.peek()
        if token.kind != "word" or token.text not in table:
            return None
        self.at += 1
        self.dot()
        return table[token.text]

    def attempt(self, read: Callable[[], Point | None]) -> Point | None:
        """What a rule finds; the cursor stays where it was if it finds nothing."""
        start = self.at
        found = read()
        if found is None:
            self.at = start
        return found


def _consecutive(numbers: Sequence[int]) -> bool:
    return all(b == a + 1 for a, b in pairwise(numbers))


# Numbers with signs between them


def _numeric(cursor: Cursor) -> Point | None:
    """`15/02/2010`, `2010-02-15`, `02/2010`, `14-dic-2027`."""
    first, sign, second = cursor.peek(), cursor.peek(1), cursor.peek(2)
    if first.kind != "number" or sign.text not in ("/", "-", ".") or second.spaced or sign.spaced:
        return None
    third = cursor.peek(4) if cursor.peek(3).text == sign.text and not cursor.peek(3).spaced else _NOTHING
    if second.kind == "word" and second.text in MONTHS and third.kind == "number":
        return _named(cursor, first, MONTHS[second.text], third)
    if second.kind != "number":
        return None
    if third.kind == "number" and not third.spaced:
        return _three(cursor, first, second, third)
    if len(second.text) == 4 and len(first.text) <= 2 and sign.text != ".":
        return _month_of(cursor, first.number, second.number)
    if len(first.text) == 4 and sign.text != "." and third is _NOTHING:
        return _year_first(cursor, first.number, second)
    return None


def _year_first(cursor: Cursor, year: int, second: Token) -> Point | None:
    """`2010-02` is a month, `2010/2011` two years; `2010-11` can be either, as the order of reading has it."""
    if len(second.text) == 4:
        if cursor.peek(1).text == "-" or second.number <= year:
            return None
        cursor.at += 3
        return Point("year", year, (1, 12), last_year=second.number)
    if len(second.text) != 2:
        return None
    if second.number == (year + 1) % 100 and cursor.order == "mdy" and second.number <= 12:
        cursor.at += 3
        return Point("year", year, (1, 12), last_year=year + 1)
    return _month_of(cursor, second.number, year)


def _named(cursor: Cursor, day: Token, month: int, year: Token) -> Point:
    if len(year.text) != 4 or not 1 <= day.number <= 31:
        raise Unread(slip=year.text)
    cursor.at += 5
    return Point("day", year.number, (month, month), (day.number, day.number))


def _three(cursor: Cursor, first: Token, second: Token, third: Token) -> Point:
    cursor.at += 5
    if len(first.text) == 4 and len(third.text) <= 2:
        year, month, day = first.number, second.number, third.number
        _pass_time(cursor)
    elif len(third.text) == 4 and len(first.text) <= 2 and len(second.text) <= 2:
        year = third.number
        day, month = (first.number, second.number) if cursor.order == "dmy" else (second.number, first.number)
    else:
        raise Unread(slip=third.text)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise Unread(slip=f"{first.text}/{second.text}")
    return Point("day", year, (month, month), (day, day))


def _pass_time(cursor: Cursor) -> None:
    """Pass over the time of the day behind a date in ISO form: `2011-05-15 00:00:00`."""
    if cursor.peek().text == "t" and cursor.peek(1).kind == "number":
        cursor.at += 1
    while cursor.peek().kind == "number" and cursor.peek(1).text == ":":
        cursor.at += 2 if cursor.peek(3).text == ":" else 3


def _month_of(cursor: Cursor, month: int, year: int) -> Point:
    if not 1 <= month <= 12:
        raise Unread(slip=str(month))
    cursor.at += 3
    return Point("month", year, (month, month))


# Parts of a year


def _code(cursor: Cursor) -> Point | None:
    """`T2 2024`, `2T 2024`, `4º T 2022`, `2024T1`, `2024-T3`, `S2-2019`, `Q1/2018`."""
    year = cursor.year()
    if year is not None:
        cursor.take({"-", "/"})
    letter, digit = cursor.peek(), cursor.peek(1)
    if letter.kind == "number":
        letter, digit = digit, letter
    size = CODES.get(letter.text) if letter.kind == "word" else None
    joined = not cursor.peek(1).spaced or digit.ordinal
    if size is None or digit.kind != "number" or not joined or not 1 <= digit.number <= 12 // size:
        return None
    cursor.at += 2
    if year is None:
        start = cursor.at
        cursor.take({"-", "/"})
        year = cursor.year()
        cursor.at = start if year is None else cursor.at
    return _part(size, (digit.number, digit.number), year)


def _part(size: int, nth: tuple[int, int], year: int | None) -> Point:
    if nth[1] * size > 12:
        raise Unread(slip=str(nth[1]))
    return Point(PART_PRECISION[size], year, ((nth[0] - 1) * size + 1, nth[1] * size))


def _ordinal(cursor: Cursor) -> int | None:
    token = cursor.peek()
    if token.kind == "number" and token.ordinal and 1 <= token.number <= 6:
        cursor.at += 1
        return token.number
    return cursor.lookup(ORDINALS)


def _nth(cursor: Cursor) -> Point | None:
    """`primer trimestre de 2018`, `I y II semestre`, `último trimestre`, `trimestre 2 de 2010`."""
    start = cursor.at
    last = cursor.take(set(LAST))
    nth = [] if last else [n for n in [_ordinal(cursor)] if n is not None]
    ranged = False
    while nth and not ranged and (cursor.take_and(",") or (ranged := cursor.take(TO) is not None)):
        cursor.fill()
        more = _ordinal(cursor)
        if more is None:
            cursor.at = start
            return None
        nth.append(more)
    size = cursor.lookup(PARTS)
    if size is None:
        cursor.at = start
        return None
    if not nth and not last:
        nth = [n for n in [_ordinal(cursor), cursor.number(1, 6) if len(cursor.peek().text) == 1 else None] if n]
        if len(nth) != 1:
            raise Unread(slip=cursor.peek(-1).text)
    count = 12 // size
    nth = [count] if last else nth
    if not (ranged or _consecutive(nth)) or nth[0] > nth[-1]:
        raise Unread
    return _part(size, (nth[0], nth[-1]), cursor.year())


def _fortnight(cursor: Cursor) -> Point | None:
    """`primera quincena de mayo de 2010`, `second half of May 2010`: to the 15th, or from the 16th."""
    nth = 2 if cursor.take(set(LAST)) else _ordinal(cursor)
    halved = cursor.take({"mitad", "half"})
    if nth not in (1, 2) or not (halved or cursor.take({"quincena", "fortnight"})):
        return None
    cursor.fill()
    month = cursor.lookup(MONTHS)
    if month is None:
        if halved:
            return None
        raise Unread(slip="quincena")
    return Point("day", cursor.year(), (month, month), (1, 15) if nth == 1 else (16, 0))


def _spelt_part(cursor: Cursor) -> Point | None:
    """`trimestre enero-marzo de 2016`: a part of a year that its months name; they must be as many."""
    size = cursor.lookup(PARTS)
    cursor.fill()
    first = cursor.lookup(MONTHS) if size else None
    last = cursor.lookup(MONTHS) if first and cursor.take(TO) else None
    if size is None or first is None or last is None:
        return None
    if last - first + 1 != size:
        raise Unread(slip=cursor.peek(-1).text)
    return Point("month", cursor.year(), (first, last))


def _week(cursor: Cursor) -> Point | None:
    """`semana del 17 de agosto de 2016`: the week of that day, by convention from Monday; of a range, the range."""
    if not cursor.take({"semana", "week"}) or cursor.peek().kind == "number":  # week 3 of May is another thing
        return None
    cursor.fill()
    found = cursor.attempt(lambda: _month_first(cursor)) or _day_first(cursor)
    if found is None or found.days is None:
        return None
    ranged = found.days[0] != found.days[1] or cursor.peek().text in TO
    return found if ranged else replace(found, turn="week")


# Days, months, years


def _days(cursor: Cursor) -> tuple[list[int], bool, bool]:
    """The days of a list or range; whether it is a range; whether they are alternatives."""
    days: list[int] = []
    ranged = other = False
    while True:
        start = cursor.at
        cursor.fill()
        named = cursor.take(set(WEEKDAYS)) if days else None
        token = cursor.peek()
        day = cursor.number(1, 31) if len(token.text) <= 2 else None
        if day is None and token.text in ("primero", "uno") and token.kind == "word":
            cursor.at += 1
            day = 1
        if day is None:
            cursor.at = start
            if days and cursor.peek(-1).text in AND | OR | TO | {","}:
                cursor.at -= 1
            return days, ranged, other
        days.append(day)
        if named:
            cursor.weekdays.append((day, WEEKDAYS[named.text]))
        if ranged:
            return days, ranged, other
        if cursor.take_and(","):
            cursor.take_and()
            continue
        if cursor.take(OR):
            other = True
        elif len(days) == 1 and cursor.take(TO):
            ranged = True
        else:
            return days, ranged, other


def _day_first(cursor: Cursor) -> Point | None:
    """`7 - 11 de febrero de 2005`, `27, 28 y 29 de octubre de 1999`, `24 de abril, 2007`, `21 June 2017`."""
    days, ranged, other = _days(cursor)
    if not days:
        return None
    if cursor.peek().text in ("dias", "days"):
        raise Unread(slip=cursor.peek().text)
    cursor.fill()
    month = cursor.lookup(MONTHS)
    if month is None:
        return None
    if sorted(set(days)) != days or not (ranged or other or _consecutive(days)):
        raise Unread(slip=", ".join(map(str, days)))
    return Point("day", cursor.year(), (month, month), (days[0], days[-1]), tentative=other)


def _bare_day(cursor: Cursor) -> Point | None:
    """A day alone, before a range: `del 28 al 3 de marzo` (its month is still to be known)."""
    day = cursor.number(1, 31) if len(cursor.peek().text) <= 2 else None
    return None if day is None else Point("day", days=(day, day))


def _month_first(cursor: Cursor) -> Point | None:
    """`Febrero 2010`, `enero y febrero de 2010`, `November 24-25, 2014`, `mayo 5`."""
    month = cursor.lookup(MONTHS)
    if month is None:
        return None
    start = cursor.at
    cursor.take({"the"})
    if cursor.peek().kind == "number" and len(cursor.peek().text) <= 2:
        days, ranged, other = _days(cursor)
        if (
            days
            and (ranged or other or _consecutive(days))
            and sorted(set(days)) == days
            and not (ranged and cursor.peek().text in MONTHS)
        ):
            return Point("day", cursor.year(), (month, month), (days[0], days[-1]), tentative=other)
    cursor.at = start
    months, other = [month], False
    while True:
        start = cursor.at
        joint = cursor.take_and(",", "/") or cursor.take(OR)
        cursor.take({"de"})
        more = cursor.lookup(MONTHS) if joint else None
        if more is None or (cursor.peek().kind == "number" and len(cursor.peek().text) <= 2):
            cursor.at = start
            break
        other |= joint is not None and joint.text in OR
        months.append(more)
    if not (_consecutive(months) or (other and months[0] < months[-1])):
        raise Unread(slip=", ".join(map(str, months)))
    if cursor.peek().text in ("-", "/") and cursor.peek(1).kind == "number" and len(cursor.peek(1).text) == 4:
        cursor.at += 1
    return Point("month", cursor.year(), (months[0], months[-1]), tentative=other)


def _years(cursor: Cursor) -> Point | None:
    """`2010`, `1998,1999 y 2000`, `2010 o 2011`, `2010, mayo`."""
    first = cursor.year()
    if first is None:
        return None
    start = cursor.at
    cursor.take({",", "-"})
    month = cursor.lookup(MONTHS)
    if month is not None and cursor.peek().kind != "number":
        return Point("month", first, (month, month))
    cursor.at = start
    inner = cursor.attempt(lambda: _after_year(cursor, first))
    if inner:
        return inner
    years, other = [first], False
    while True:
        start = cursor.at
        joint = cursor.take_and(",") or cursor.take(OR)
        more = cursor.number(FIRST_YEAR, LAST_YEAR) if joint and len(cursor.peek().text) == 4 else None
        if more is None:
            cursor.at = start
            break
        other |= joint is not None and joint.text in OR
        years.append(more)
    if not _consecutive(years):
        raise Unread(slip=str(years[-1]))
    return Point("year", first, (1, 12), last_year=years[-1], tentative=other)


def _after_year(cursor: Cursor, year: int) -> Point | None:
    """`2010, primer semestre`."""
    cursor.take({",", "-"})
    cursor.fill()
    found = _nth(cursor)
    return replace(found, year=year) if found and found.year is None else None


_RULES: tuple[Callable[[Cursor], Point | None], ...] = (
    _numeric,
    _code,
    _week,
    _spelt_part,
    _fortnight,
    _nth,
    _day_first,
    _month_first,
    _years,
    _bare_day,
)


def point(cursor: Cursor) -> Point | None:
    """The next point, with a turn (`finales de`) before it if there is one."""
    cursor.fill()
    weekday = cursor.take(set(WEEKDAYS))
    cursor.weekday = WEEKDAYS[weekday.text] if weekday else None
    cursor.weekdays = []
    if weekday:
        cursor.dot()
    cursor.fill()
    start = cursor.at
    cursor.take({"a"})
    turn = TURN.get(cursor.peek().text) if cursor.peek().kind == "word" else None
    if turn:
        cursor.at += 1
        cursor.take({"-"})
        if cursor.peek().text in ("en", "in", "on"):
            raise Unread(slip=cursor.peek(-1).text)  # what begins in May does not end on the tenth
        cursor.fill()
    else:
        cursor.at = start
    for rule in _RULES:
        found = cursor.attempt(lambda rule=rule: rule(cursor))  # type: ignore[misc]
        if found:
            return replace(found, turn=turn) if turn else found
    cursor.at = start
    return None
