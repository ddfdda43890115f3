"""From points to days: what period a point means, and two points with a joint between them.

A first part of a range that would lie after the second is of the year before; what it lacks it takes from the second.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from crmxl.dates.points import Cursor, Point, point
from crmxl.dates.when import Precision, Unread, month_end
from crmxl.dates.words import AND, OR, TO


@dataclass(frozen=True, slots=True)
class Span:
    """A period found: its first and last day, how fine it is, whether by convention or as an alternative."""

    begin: dt.date
    end: dt.date
    precision: Precision
    approximate: bool = False
    tentative: bool = False
    ranged: bool = False
    """Whether both its ends were named."""


def _day(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        last = month_end(year, month)
        raise Unread(slip=f"{day}/{month}/{year}", near=last.strftime("%d/%m/%Y")) from None


def _bounds(found: Point) -> tuple[dt.date, dt.date]:
    """The first and last day of a point that is whole."""
    if found.year is None or found.months is None:
        raise Unread
    last_year = found.last_year or found.year
    first, last = found.months
    if found.days:
        begin = _day(found.year, first, found.days[0])
        if found.turn == "week":
            monday = begin - dt.timedelta(days=begin.weekday())
            return monday, monday + dt.timedelta(days=6)
        end = _day(found.year, first, found.days[1]) if found.days[1] else month_end(found.year, first)
        return begin, end
    if found.turn:
        return _turned(found, last_year)
    return dt.date(found.year, first, 1), month_end(last_year, last)


def _turned(found: Point, last_year: int) -> tuple[dt.date, dt.date]:
    """The convention: a month in thirds (to the 10th, to the 20th, to its end), longer periods in thirds of months."""
    if found.year is None or found.months is None or last_year != found.year:
        raise Unread
    first, last = found.months
    third = {"early": 0, "middle": 1, "late": 2}[str(found.turn)]
    if first == last:
        end = month_end(found.year, first) if third == 2 else dt.date(found.year, first, 10 * third + 10)
        return dt.date(found.year, first, 10 * third + 1), end
    size, rest = divmod(last - first + 1, 3)
    if rest:
        raise Unread(slip=str(found.turn))
    begin = first + third * size
    return dt.date(found.year, begin, 1), month_end(found.year, begin + size - 1)


def _joined(left: Point, right: Point) -> tuple[Point, Point]:
    """Two ends of a range, what the first lacks taken from the second."""
    if right.months is None and left.months is not None and left.days:  # May 5 to 7
        right = replace(right, months=left.months)
    if left.months is None:
        if right.months is None or right.days is None:
            raise Unread
        if left.days and left.days[0] > right.days[0]:
            raise Unread(slip=str(left.days[0]))
        left = replace(left, months=right.months)
    if left.year is None and right.precision == "year":
        raise Unread
    if left.year is None and right.year is not None:
        later = _month_day(left) > _month_day(right)
        left = replace(left, year=right.year - later)
    return left, right


def _month_day(found: Point) -> tuple[int, int]:
    return (found.months[0] if found.months else 0, found.days[0] if found.days else 0)


def _check_weekday(weekday: int | None, day: dt.date) -> None:
    """A weekday that does not fit its date is a slip of one of them."""
    if weekday is not None and day.weekday() != weekday:
        raise Unread(slip=day.isoformat())


def span(cursor: Cursor, *, between: bool = False) -> Span | None:
    """The next span: a point, a range of two, or alternatives. `between` reads `y` as the joint of a range."""
    cursor.single = between
    left = point(cursor)
    if left is None:
        return None
    weekday, listed_days = cursor.weekday, cursor.weekdays
    start = cursor.at
    cursor.take({","})
    two_days = left.precision == "day" and left.months is not None and left.year is None
    whole = left.precision == "day" and left.year is not None
    month = left.precision == "month" and left.year is not None
    joint = cursor.take(TO | (AND if between or two_days or month else frozenset()) | ({"/"} if whole else set()))
    other = None if joint else cursor.take(OR)
    right = point(cursor) if joint or other else None
    if right is None:
        cursor.at = start
        if between:
            raise Unread
        begin, end = _bounds(left)
        _check_weekday(weekday, begin)
        for day, named in listed_days:
            _check_weekday(named, begin.replace(day=day))
        listed = left.precision == "day" and begin != end
        return Span(begin, end, left.precision, left.turn is not None, left.tentative, ranged=listed)
    left, right = _joined(left, right)
    (begin, until), (last, end) = _bounds(left), _bounds(right)
    _check_weekday(weekday, begin)
    _check_weekday(cursor.weekday, last)
    follows = (last - (until if month else begin)).days == 1
    apart = bool(joint and joint.text in AND and not between and not follows)
    if apart or (other and left.precision != right.precision):
        raise Unread(slip=f"{begin.isoformat()} – {end.isoformat()}")
    if end < begin:
        raise Unread(slip=f"{begin.isoformat()} – {end.isoformat()}")
    fine = min(left.precision, right.precision, key=_FINE.index)
    approximate = bool(left.turn or right.turn)
    tentative = left.tentative or right.tentative or other is not None
    return Span(begin, end, fine, approximate, tentative, ranged=True)


_FINE: tuple[Precision, ...] = ("day", "month", "bimester", "quarter", "four_months", "half", "year")
