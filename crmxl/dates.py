"""Calendar expressions: what the column CALENDARIO says, understood without guessing.

    expression := state [note] | [due] period ["."] [note]
    state      := "continuo" | "permanente" | "por definir" | "pendiente" | … (Spanish or English)
    note       := "." text | dash text | "," text | "(" text ")"
    due        := "a más tardar" | "no later than" | "antes de" | "before" | …
    period     := days month year | month day year | month [dash month] year
                | nth (quarter | half) year | year [dash year] | year "-" month "-" day | day "/" month "/" year
    days       := day {("," | "y" | "and") day} | day (dash | "al" | "to") day

Small words (`de`, `del`, `el`, `of`, a comma) may stand between the parts. Begin and end are inclusive; "antes
del" is exclusive, so it ends a day earlier. Two readings possible (03/04/2012) give `ambiguous` with both; what
the grammar does not hold, and dates that do not exist, give `unreadable`. The text itself is always kept.

The conventions are those of the plan of the Conference's network of liaison officers (2009) and of its meeting
reports; nothing here reads the clock.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass, replace
from typing import Literal

from crmxl.references import without_citations
from crmxl.text import Lang, fold, tidy

WhenKind = Literal[
    "period",
    "continuous",
    "undefined",
    "pending",
    "recurring",
    "event",
    "relative",
    "horizon",
    "done",
    "ambiguous",
    "unreadable",
]
Precision = Literal["day", "month", "quarter", "half", "year"]


@dataclass(frozen=True, slots=True)
class When:
    """A calendar expression understood.

    `begin` and `end` are inclusive days; both None where the kind has none, `begin` alone None for a deadline.
    `readings` holds the two meanings of an ambiguous expression. `text` is the expression verbatim.
    """

    text: str
    kind: WhenKind
    begin: dt.date | None = None
    end: dt.date | None = None
    precision: Precision | None = None
    approximate: bool = False
    tentative: bool = False
    recurs: str | None = None
    note: str | None = None
    readings: tuple[When, ...] = ()


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "enero ene january jan",
            "febrero feb february",
            "marzo mar march",
            "abril abr april apr",
            "mayo may",
            "junio jun june",
            "julio jul july",
            "agosto ago august aug",
            "septiembre setiembre sep set sept september",
            "octubre oct october",
            "noviembre nov november",
            "diciembre dic december dec",
        ),
        start=1,
    )
    for name in names.split()
}
MONTH_NAMES: dict[Lang, tuple[str, ...]] = {
    "es": (
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_STATES: tuple[tuple[str, WhenKind], ...] = (
    (r"continu[oa]s?|continuamente|permanentes?|ongoing|continuous(ly)?|permanent", "continuous"),
    (r"por definir(se)?|a definir(se)?|sin definir|to be (determined|defined)|tbd|undefined", "undefined"),
    (r"pendientes?|pending", "pending"),
)
_STATE = tuple((re.compile(rf"(?:{words})\b"), kind) for words, kind in _STATES)
_ORDINALS = {
    word: number
    for number, words in enumerate(
        (
            "i primer primero 1er 1ero 1o first 1st",
            "ii segundo 2do 2o second 2nd",
            "iii tercer tercero 3er 3o third 3rd",
            "iv cuarto 4to 4o fourth 4th",
        ),
        start=1,
    )
    for word in words.split()
}
_UNITS: dict[str, Precision] = {
    "trimestre": "quarter",
    "quarter": "quarter",
    "semestre": "half",
    "half": "half",
    "semester": "half",
}
_FILLERS = frozenset(["de", "del", "el", "la", "en", "los", "dia", "dias", "mes", "ano", "of", "in", "the"])
_AND = frozenset(("y", "e", "and"))
_TO = frozenset(("-", "a", "al", "to", "through"))
_DUE = re.compile(r"(?:a mas tardar|no mas tarde del?|hasta|(?:at the latest |no later than|on or before|by))\s+(?=\w)")
_BEFORE = re.compile(r"(?:antes del?|before)\s+(?=\w)")
_TOKEN = re.compile(r"\d+(?:er|ero|o|do|to|st|nd|rd|th)?\b|[a-z]+|\S")
_CODED = re.compile(r"(?:([tqs])([1-4])[ -/]?((?:19|20)\d\d)|((?:19|20)\d\d)[ -]?([tqs])([1-4]))\.?$")
_FIRST_YEAR, _LAST_YEAR = 1800, 2199


class _UnreadError(Exception):
    """The text is not in the grammar, or names a day that does not exist."""


@dataclass(frozen=True, slots=True)
class _Span:
    begin: dt.date
    end: dt.date
    precision: Precision


def _day(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise _UnreadError from None


def _months(year: int, first: int, last: int, precision: Precision) -> _Span:
    return _Span(dt.date(year, first, 1), dt.date(year, last, monthrange(year, last)[1]), precision)


def _part(year: int, unit: Precision, nth: int) -> _Span:
    length = 3 if unit == "quarter" else 6
    if nth * length > 12:
        raise _UnreadError
    return _months(year, (nth - 1) * length + 1, nth * length, unit)


class _Cursor:
    """Reads a folded expression token by token; every method consumes what it returns."""

    def __init__(self, text: str) -> None:
        self._tokens = _TOKEN.findall(text)
        self._at = 0

    def peek(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else ""

    def take(self, words: frozenset[str]) -> bool:
        if self.peek() in words:
            self._at += 1
            return True
        return False

    def fill(self) -> None:
        while self.peek() in _FILLERS or self.peek() == ",":
            self._at += 1

    def lookup(self, table: dict[str, int]) -> int | None:
        found = table.get(self.peek())
        if found is not None:
            self._at += 1
            if self.peek() == "." and self._at < len(self._tokens) - 1:
                self._at += 1
        return found

    def number(self, low: int, high: int) -> int | None:
        digits = re.match(r"\d+", self.peek())
        if digits is None or not low <= int(digits[0]) <= high or len(digits[0]) > 4:
            return None
        self._at += 1
        return int(digits[0])

    def year(self) -> int:
        self.fill()
        found = self.number(_FIRST_YEAR, _LAST_YEAR) if self.peek().isdigit() else None
        if found is None:
            raise _UnreadError
        return found

    def finish(self) -> None:
        self.take(frozenset("."))
        if self.peek():
            raise _UnreadError


def _days_then_month(cursor: _Cursor) -> _Span | None:
    """`7 - 11 de febrero de 2005`, `27, 28 y 29 de octubre de 1999`, `24 de abril, 2007`."""
    days: list[int] = []
    while (day := cursor.number(1, 31)) is not None:
        days.append(day)
        if not cursor.take(_AND | frozenset(",")) and not (cursor.take(_TO) and len(days) == 1):
            break
        cursor.fill()
    if not days:
        return None
    cursor.fill()
    month = cursor.lookup(_MONTHS)
    if month is None or sorted(set(days)) != days:
        raise _UnreadError
    year = cursor.year()
    return _Span(_day(year, month, days[0]), _day(year, month, days[-1]), "day")


def _month_first(cursor: _Cursor) -> _Span | None:
    """`Febrero 2010`, `enero - diciembre de 2007`, `November 24-25, 2014`."""
    month = cursor.lookup(_MONTHS)
    if month is None:
        return None
    first = cursor.number(1, 31)
    if first is not None:
        last = cursor.number(1, 31) if cursor.take(_TO | _AND) else first
        year = cursor.year()
        if last is None or last < first:
            raise _UnreadError
        return _Span(_day(year, month, first), _day(year, month, last), "day")
    if cursor.take(_TO) and cursor.peek() in _MONTHS:
        last_month = cursor.lookup(_MONTHS)
        if last_month is None or last_month < month:
            raise _UnreadError
        return _months(cursor.year(), month, last_month, "month")
    return _months(cursor.year(), month, month, "month")


def _nth_of_year(cursor: _Cursor) -> _Span | None:
    """`Primer trimestre de 2018`, `I Semestre 2020`."""
    unit = _UNITS.get(cursor.peek(ahead=1))
    nth = cursor.lookup(_ORDINALS) if unit else None
    if unit is None or nth is None:
        return None
    cursor.take(frozenset(_UNITS))
    return _part(cursor.year(), unit, nth)


def _years(cursor: _Cursor) -> _Span:
    """`2010`, `2019-2025`."""
    first = cursor.year()
    last = cursor.year() if cursor.take(_TO) else first
    if last < first:
        raise _UnreadError
    return _Span(dt.date(first, 1, 1), dt.date(last, 12, 31), "year")


_NUMERIC = re.compile(r"(?:(\d{4})-(\d\d?)-(\d\d?)|(\d\d?)[/.-](\d\d?)[/.-](\d{4}))\.?$")


def _numeric(text: str) -> list[_Span]:
    """The readings of `2010-02-15` (one) and of `15/02/2010` (one or two)."""
    match = _NUMERIC.match(text)
    if match is None:
        return []
    if match[1]:
        wanted = {(int(match[1]), int(match[2]), int(match[3]))}
    else:
        a, b, year = int(match[4]), int(match[5]), int(match[6])
        wanted = {(year, m, d) for d, m in ((a, b), (b, a)) if m <= 12}
    days = sorted(_day(*parts) for parts in wanted) if wanted else []
    if not days or not all(_FIRST_YEAR <= day.year <= _LAST_YEAR for day in days):
        raise _UnreadError
    return [_Span(day, day, "day") for day in days]


def _spans(text: str) -> list[_Span]:
    numeric = _numeric(text)
    if numeric:
        return numeric
    coded = _CODED.match(text)
    if coded:
        letter, nth, year = coded[1] or coded[5], coded[2] or coded[6], coded[3] or coded[4]
        return [_part(int(year), "half" if letter == "s" else "quarter", int(nth))]
    cursor = _Cursor(text)
    cursor.fill()
    span = _nth_of_year(cursor) or _days_then_month(cursor) or _month_first(cursor) or _years(cursor)
    cursor.finish()
    return [span]


_NOTE = re.compile(r"^[\s.,;:]*(?:[-–—]+\s*)?(.*?)\s*$", re.DOTALL)
_WHOLE_BRACKET = re.compile(r"^\(([^()]*)\)\.?$", re.DOTALL)
_BRACKET = re.compile(r"^(.*?\w\.?)\s*\(([^()]+)\)\s*\.?$", re.DOTALL)
_TENTATIVE = re.compile(r"\b(tentativ[ao]|propuesta|por confirmar|a validar|tentative|to be confirmed)\b")


def _state(text: str) -> When | None:
    """A state and the note behind it; the state must be a whole word at the beginning."""
    folded = fold(text)
    for pattern, kind in _STATE:
        match = pattern.match(folded)
        if match:
            note = _NOTE.match(_after(text, match[0]))
            bare = note[1] if note else ""
            inside = _WHOLE_BRACKET.match(bare)
            return When(text, kind, note=(inside[1] if inside else bare) or None)
    return None


def _after(text: str, folded_head: str) -> str:
    """What stands behind the head of a text, the head given folded."""
    for end in range(len(text) + 1):
        if fold(text[:end]) == folded_head:
            return text[end:]
    return ""


def _period(text: str) -> When:
    body, note = text, None
    bracket = _BRACKET.match(text)
    if bracket:
        body, note = bracket[1], bracket[2].strip()
    folded = fold(body)
    due = _DUE.match(folded)
    before = None if due else _BEFORE.match(folded)
    lead = due or before
    spans = _spans(folded[lead.end() :] if lead else folded)
    tentative = note is not None and _TENTATIVE.search(fold(note)) is not None
    readings = tuple(When(text, "period", s.begin, s.end, s.precision, tentative=tentative, note=note) for s in spans)
    if due:
        readings = tuple(replace(r, begin=None) for r in readings)
    if before:
        day = dt.timedelta(days=1)
        readings = tuple(replace(r, begin=None, end=r.begin and r.begin - day) for r in readings)
    if len(readings) > 1:
        return When(text, "ambiguous", note=note, readings=readings)
    return readings[0]


def understand(written: str | dt.date) -> When:
    """The meaning of a calendar cell: a text, or a date that the cell itself holds. Never raises.

    >>> understand("Febrero 2010.").end
    datetime.date(2010, 2, 28)
    >>> understand("Por definir. (Tegucigalpa, noviembre de 2008)").kind
    'undefined'
    """
    if isinstance(written, dt.date):
        day = written.date() if isinstance(written, dt.datetime) else written
        return When(day.isoformat(), "period", day, day, "day")
    text = tidy(without_citations(written))
    try:
        read = _state(text) or _period(text)
    except _UnreadError:
        read = When(text, "unreadable")
    return replace(read, text=written, readings=tuple(replace(r, text=written) for r in read.readings))


_RECURRENCE = re.compile(
    r"\b(?:(?:un dia )?antes de cada reunion (?:de la|del) \w+(?: y (?:de la|del) \w+)?"
    r"|(?:durante|en) las reuniones (?:de la|del) \w+(?: y (?:de )?la \w+)?"
    r"|en cada (?:crm|grcm|reunion)"
    r"|(?:mensual|bimestral|trimestral|cuatrimestral|semestral|anual|regular|periodica)mente"
    r"|de manera periodica|cada (?:ano|mes|trimestre|semestre))\b"
)


def periodicity(text: str) -> str | None:
    """The words that make a duty recur ("antes de cada reunión de la CRM y del GRCM"), verbatim; None if none do."""
    shown = tidy(text)
    plain = "".join((fold(char) or " ")[0] for char in shown)  # one for one, so that the positions are the same
    found = _RECURRENCE.search(plain)
    return shown[found.start() : found.end()] if found else None


def spoken(day: dt.date, lang: Lang = "es") -> str:
    """A day as an official writes it: `26 de noviembre de 2009`, `26 November 2009`."""
    joint = " de " if lang == "es" else " "
    return f"{day.day}{joint}{MONTH_NAMES[lang][day.month - 1]}{joint}{day.year}"
