"""The value types: what a cell may hold, with four faces each.

`read(raw)` gives the value or an `Unreadable`; `write(value, lang)` gives what the cell shows; `restrict()` is
what Excel can enforce; `same(a, b)` tells whether two values mean the same. Values are plain Python: text,
number, day; a choice is its key and a country its code, whatever the language of the sheet.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol, TypeAlias

from rapidfuzz import fuzz

from crmxl import members
from crmxl.dates import When, render, spoken, understand
from crmxl.messages import Code
from crmxl.text import CELL_LIMIT, LANGS, B, Bilingual, Lang, fold, storable, tidy

Raw: TypeAlias = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None
Value: TypeAlias = str | int | float | dt.date | None
Format: TypeAlias = Literal["text", "date", "number", "link"]
"""How a spreadsheet shows the values of a type."""

ERASE = Bilingual("(borrar)", "(erase)")
"""What a country writes in a cell to erase its earlier answer; a blank cell erases nothing."""


_ERASE = frozenset((*ERASE.both(), "(delete)"))


def is_blank(raw: Raw) -> bool:
    """Whether a cell holds nothing but spaces and invisible characters."""
    return raw is None or (isinstance(raw, str) and not raw[:1].isalnum() and not tidy(raw))


def is_erase(raw: Raw) -> bool:
    """Whether a cell asks to erase what was there."""
    return isinstance(raw, str) and len(raw) < 40 and "(" in raw and fold(raw).replace(" ", "").rstrip(".") in _ERASE


def as_text(raw: Raw | Value) -> str:
    """A raw cell as the text that a person sees in it; numbers without a needless `.0`, days as ISO dates."""
    if isinstance(raw, str):
        return storable(raw)
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "VERDADERO" if raw else "FALSO"
    if isinstance(raw, float):
        return str(int(raw)) if math.isfinite(raw) and raw.is_integer() and abs(raw) < 1e15 else repr(raw)
    if isinstance(raw, dt.datetime):
        return raw.date().isoformat() if raw.time() == dt.time() else raw.isoformat(" ")
    if isinstance(raw, dt.date | dt.time):
        return raw.isoformat()
    return storable(str(raw))


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a cell has no value: the finding's code, what fills its text, and the nearest value that has one."""

    code: Code
    arguments: tuple[tuple[str, object], ...] = ()
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Restriction:
    """What a spreadsheet program can enforce: one of a list, a text up to a length, a number that is not below 0."""

    kind: Literal["list", "length", "number", "none"] = "none"
    options: tuple[Bilingual, ...] = ()
    limit: int = 0


class ValueType(Protocol):
    """One object, four faces."""

    format: ClassVar[Format]

    def read(self, raw: Raw) -> Value | Unreadable:
        """The value of a cell that is not blank, or why it has none."""

    def write(self, value: Value, lang: Lang) -> Value:
        """What the cell shows."""

    def restrict(self) -> Restriction:
        """What a spreadsheet program can enforce."""

    def same(self, a: Value, b: Value) -> bool:
        """Whether two values mean the same."""


@dataclass(frozen=True, slots=True)
class Text:
    """Free text, kept as written; two texts are the same but for composed accents and runs of spaces."""

    limit: int = CELL_LIMIT
    format: ClassVar[Format] = "text"

    def read(self, raw: Raw) -> Value | Unreadable:
        text = as_text(raw)
        if len(text) > self.limit:
            return Unreadable(Code.C106, (("length", len(text)), ("limit", self.limit)))
        return text

    def write(self, value: Value, lang: Lang) -> Value:
        return value

    def restrict(self) -> Restriction:
        return Restriction("length", limit=self.limit) if self.limit < CELL_LIMIT else Restriction()

    def same(self, a: Value, b: Value) -> bool:
        return a == b or tidy(as_text(a)) == tidy(as_text(b))


@dataclass(frozen=True, slots=True)
class Id(Text):
    """A number that identifies a row; it is text, so 6.1 is not 6.10."""

    def read(self, raw: Raw) -> Value | Unreadable:
        return tidy(as_text(raw)).rstrip(".")


@dataclass(frozen=True, slots=True)
class Number:
    """A count or a measure."""

    format: ClassVar[Format] = "number"

    def read(self, raw: Raw) -> Value | Unreadable:
        if isinstance(raw, int | float) and not isinstance(raw, bool) and math.isfinite(raw):
            return raw
        plain = tidy(as_text(raw))
        if match := re.fullmatch(r"(-?\d{1,15})(?:[.,]0+)?", plain):
            return int(match[1])
        return Unreadable(Code.C104, (("found", plain),))

    def write(self, value: Value, lang: Lang) -> Value:
        return value

    def restrict(self) -> Restriction:
        return Restriction("number")

    def same(self, a: Value, b: Value) -> bool:
        return a == b


@dataclass(frozen=True, slots=True)
class Figure:
    """What a country reports to an indicator: a number, a day, yes or no, or why there is no number.

    The value is the number (a count, a measure, never below 0), a day or a text that says a period, or the key of one
    of `WORDS`: 0 is a number, `no_data` means that nobody has counted, `not_applicable` that there is nothing to count,
    `suppressed` that the country keeps a small count to itself (`<5` says so with its limit). A blank is no answer.
    """

    format: ClassVar[Format] = "number"

    def read(self, raw: Raw) -> Value | Unreadable:
        if isinstance(raw, bool):
            return "yes" if raw else "no"
        if isinstance(raw, int | float):
            return self._counted(raw)
        if isinstance(raw, dt.date):
            return Calendar().read(raw)
        text = tidy(as_text(raw))
        plain = fold(text).strip(" .;,")
        if plain in _NOT_SURE:
            return Unreadable(Code.C115, (("found", text), ("options", _EXPECTED)))
        if key := _FIGURE_WORDS.get(plain):
            return key
        if match := _BELOW.fullmatch(text):
            return f"<{match[1]}"
        if _TWO_WAYS.fullmatch(text):
            plain = re.sub(r"\D", "", text)
            return Unreadable(Code.C116, (("found", text), ("first", plain), ("second", text.replace(",", "."))))
        number = re.sub(r"(?<=\d)[\s\u00a0\u202f'](?=\d{3})", "", text.removesuffix("%").strip())
        if re.fullmatch(r"\d{1,3}([.,]\d{3}){2,}", number):
            return int(re.sub(r"\D", "", number))
        if re.fullmatch(r"\d{1,15}([.,]\d{1,4})?", number):
            return self._counted(float(number.replace(",", ".")))
        if understand(text).kind == "period":
            return text
        return Unreadable(Code.C117, (("found", text),))

    def _counted(self, number: float) -> Value | Unreadable:
        if not math.isfinite(number) or number < 0:
            return Unreadable(Code.C117, (("found", as_text(number)),))
        return int(number) if float(number).is_integer() else number

    def write(self, value: Value, lang: Lang) -> Value:
        return WORDS[value][lang] if isinstance(value, str) and value in WORDS else value

    def restrict(self) -> Restriction:
        return Restriction()

    def same(self, a: Value, b: Value) -> bool:
        return a == b


WORDS: dict[str, Bilingual] = {
    "yes": B("Sí", "Yes"),
    "no": B("No", "No"),
    "partial": B("Parcial", "Partial"),
    "no_data": B("n.d.", "n.d."),
    "not_applicable": B("n.a.", "n.a."),
    "suppressed": B("s", "s"),
}
"""What can stand in the place of a number: yes, no, in part; no data; not applicable; kept back."""
_NO_DATA = "n.d|nd|n/d|s/d|sin datos|sin dato|no hay datos|no hay dato|no disponible|no se cuenta|no data|not available"
_FIGURE_WORDS = {
    word: key
    for key, words in {
        "yes": "si|yes",
        "no": "no",
        "partial": "parcial|parcialmente|en parte|partial|partly",
        "no_data": _NO_DATA,
        "not_applicable": "n.a|no aplica|no se aplica|not applicable",
        "suppressed": "s|suprimido|suppressed",
    }.items()
    for word in words.split("|")
}
_NOT_SURE = frozenset(("n/a", "na", "#n/a", "-", "--", "?"))
"""What can mean that something does not apply, or that it is not known: neither is taken for the other."""
_BELOW = re.compile(r"<\s*(\d{1,2})")
_TWO_WAYS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
"""A number with one sign before three figures: thousands to some, a fraction to others."""


_EXPECTED = B("un número, n.d. (no hay dato), n.a. (no aplica)", "a number, n.d. (no data), n.a. (not applicable)")


@dataclass(frozen=True, slots=True)
class Penalty(Text):
    """A term of imprisonment: years as a number, or a text where the law gives no plain one (`hasta 14`, `perpetua`).

    A spreadsheet turns `8-12` into a day of December: a date is never a penalty.
    """

    limit: int = 120

    def read(self, raw: Raw) -> Value | Unreadable:
        text = tidy(as_text(raw))
        if isinstance(raw, dt.date | dt.time | dt.timedelta | bool):
            return Unreadable(Code.C110, (("found", text),))
        if isinstance(raw, int | float) or _DECIMAL.fullmatch(text):
            years = float(text.replace(",", ".")) if isinstance(raw, str) else float(raw or 0)
            if not 0 < years <= YEARS_LIMIT:
                return Unreadable(Code.C110, (("found", text),))
            return int(years) if years.is_integer() else years
        if fold(text) in _LIFELONG:
            return LIFE
        if fold(text) in _SPELT:
            return Unreadable(Code.C110, (("found", text),), str(_SPELT.index(fold(text)) // 2 + 1))
        two = _RANGE.search(text) or text.replace(",", "").replace(".", "").isdigit()
        return Unreadable(Code.C110, (("found", text),)) if two else Text.read(self, raw)

    def write(self, value: Value, lang: Lang) -> Value:
        return _LIFE_WORDS[lang] if value == LIFE else value

    def same(self, a: Value, b: Value) -> bool:
        return a == b or (isinstance(a, str) and isinstance(b, str) and tidy(a) == tidy(b))


LIFE = "life"
"""Imprisonment for life, in whatever language it was written."""
_LIFE_WORDS = B("perpetua", "life")
_SPELT = (
    *("uno", "one", "dos", "two", "tres", "three", "cuatro", "four", "cinco", "five", "seis", "six"),
    *("siete", "seven", "ocho", "eight", "nueve", "nine", "diez", "ten", "once", "eleven", "doce", "twelve"),
    *("trece", "thirteen", "catorce", "fourteen", "quince", "fifteen", "dieciseis", "sixteen"),
    *("diecisiete", "seventeen", "dieciocho", "eighteen", "diecinueve", "nineteen", "veinte", "twenty"),
)
"""Numbers in words, each in Spanish and English, from one on."""
_LIFELONG = frozenset(("perpetua", "cadena perpetua", "prision perpetua", "life", "life imprisonment"))
_RANGE = re.compile(r"\d\s*(?:-|–|—|/|a|al|y|to|and)\s*\d")
"""Two figures in one cell: a minimum and a maximum have a column each."""
_DECIMAL = re.compile(r"-?\d+(?:[.,]\d{1,2})?")
YEARS_LIMIT = 150
"""A term of more years is a slip: a year of a law in the wrong column."""

Tone = Literal["good", "fair", "poor", "open", "idle", "unknown", "none"]
"""How a choice looks: fulfilled, in part or under way, not, to be defined, suspended, not known, of no concern."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: its key, its label, other words that mean it; how a view shows it, in short and in colour."""

    key: str
    label: Bilingual
    aliases: tuple[str, ...] = ()
    letter: Bilingual | None = None
    tone: Tone | None = None
    offered: bool = True
    """Whether lists offer it; what is not offered is understood all the same."""


def _nearest(text: str, candidates: dict[str, str]) -> str | None:
    """The candidate that a text resembles; short ones only as a whole, for `si` is a part of many words."""
    wanted = fold(text)
    scores = {
        name: fuzz.WRatio(wanted, name) if min(len(name), len(wanted)) > 4 else fuzz.ratio(wanted, name)
        for name in candidates
    }
    best = max(scores, key=lambda name: scores[name], default=None)
    return candidates[best] if best is not None and scores[best] >= 70 else None


_NOT_ANYTHING = frozenset(("n/a", "na", "n.a.", "n.a", "n/d", "nd", "n.d.", "#n/a"))
"""What can mean that something does not apply, or that it is not known: neither is taken for the other."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a list; the value is the option's key. Labels of both languages are understood."""

    options: tuple[Option, ...]
    format: ClassVar[Format] = "text"

    def read(self, raw: Raw) -> Value | Unreadable:
        text = as_text(raw)
        wanted = fold(text)
        plain = wanted.strip(" .;,")
        for option in self.options:
            if {wanted, plain} & {fold(word) for word in (*option.label.both(), *option.aliases)}:
                return option.key
        if wanted in _NOT_ANYTHING:
            return Unreadable(Code.C115, (("found", text), ("options", self._labels())))
        labels = {fold(o.label[lang]): o.label[lang] for lang in reversed(LANGS) for o in self.offered}
        return Unreadable(Code.C101, (("found", text), ("options", self._labels())), _nearest(text, labels))

    def exactly(self, raw: Raw, read: Value | Unreadable) -> Value | Unreadable:
        """What was read, if it was written as the list has it; else the choice is only suggested."""
        option = None if isinstance(read, Unreadable) else self.option(read)
        if option is None or tidy(as_text(raw)) in option.label.both():
            return read
        arguments = (("found", as_text(raw)), ("options", self._labels()))
        return Unreadable(Code.C101, arguments, option.label.es)

    def _labels(self) -> Bilingual:
        return Bilingual(*(", ".join(o.label[lang] for o in self.offered) for lang in LANGS))

    @property
    def offered(self) -> tuple[Option, ...]:
        """The options that lists offer."""
        return tuple(option for option in self.options if option.offered)

    def write(self, value: Value, lang: Lang) -> Value:
        return next((o.label[lang] for o in self.options if o.key == value), value)

    def restrict(self) -> Restriction:
        return Restriction("list", tuple(o.label for o in self.offered))

    def option(self, value: Value) -> Option | None:
        """The option of that key."""
        return next((o for o in self.options if o.key == value), None)

    def same(self, a: Value, b: Value) -> bool:
        return a == b


YES_NO = Choice((Option("yes", Bilingual("Sí", "Yes")), Option("no", Bilingual("No", "No"))))


@dataclass(frozen=True, slots=True)
class Country:
    """A member country; the value is its ISO 3166-1 alpha-3 code."""

    format: ClassVar[Format] = "text"

    def read(self, raw: Raw) -> Value | Unreadable:
        text = as_text(raw)
        member = members.find(text)
        if member:
            return member.code
        names = {fold(m.name[lang]): m.name[lang] for lang in reversed(LANGS) for m in members.MEMBERS}
        return Unreadable(Code.C108, (("found", text),), _nearest(text, names))

    def write(self, value: Value, lang: Lang) -> Value:
        member = members.BY_CODE.get(str(value))
        return member.name[lang] if member else value

    def restrict(self) -> Restriction:
        return Restriction("list", tuple(m.name for m in members.MEMBERS))

    def same(self, a: Value, b: Value) -> bool:
        return a == b


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar expression, verbatim: any text, or a day that the cell holds as a date."""

    format: ClassVar[Format] = "date"

    def read(self, raw: Raw) -> Value | Unreadable:
        if isinstance(raw, dt.datetime) and raw.time() == dt.time():
            return raw.date()
        return raw if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime) else as_text(raw)

    def write(self, value: Value, lang: Lang) -> Value:
        return value

    def restrict(self) -> Restriction:
        return Restriction()

    def same(self, a: Value, b: Value) -> bool:
        if isinstance(a, dt.date) and isinstance(b, dt.date):
            return a == b
        if isinstance(a, str) and isinstance(b, str):
            return tidy(a) == tidy(b)
        left, right = (understand(v) if isinstance(v, str | dt.date) else None for v in (a, b))
        if left is None or right is None:
            return left is right
        return left.begin is not None and (left.begin, left.end) == (right.begin, right.end)


def _two_readings(code: Code, when: When) -> Unreadable:
    """An ambiguous date with both days that it can mean."""
    days = [reading.begin or reading.end for reading in when.readings]
    first, second = (B(spoken(day), spoken(day, "en")) for day in days[:2] if day is not None)
    return Unreadable(code, (("found", when.text), ("first", first), ("second", second)))


def calendar_doubt(value: Value) -> Unreadable | None:
    """What is asked about a calendar that is kept as it is written: two readings, or none."""
    when = understand(value) if isinstance(value, str | dt.date) else None
    if when and when.kind == "ambiguous":
        return _two_readings(Code.C112, when)
    if when and when.kind == "unreadable":
        return Unreadable(Code.C111, (("found", when.text),), when.suggestion)
    return None


@dataclass(frozen=True, slots=True)
class Date(Calendar):
    """When something was or will be done: a day, or a text that says a period or that it is still open."""

    def read(self, raw: Raw) -> Value | Unreadable:
        value = Calendar.read(self, raw)
        if not isinstance(value, str):
            return value
        when = understand(value)
        if when.kind == "ambiguous":
            return _two_readings(Code.C103, when)
        if when.kind in ("period", "undefined", "pending") or when.begin is not None:
            return value
        return Unreadable(Code.C102, (("found", value),), _counted_day(value))


@dataclass(frozen=True, slots=True)
class Held(Calendar):
    """When something of the Secretariat's own register was held: in an English workbook in English words, where they
    say the same days."""

    def write(self, value: Value, lang: Lang) -> Value:
        if lang != "en" or not isinstance(value, str):
            return value
        when = understand(value)
        said = render(when, lang) if when.kind == "period" else value
        again = understand(said)
        return said if (again.begin, again.end) == (when.begin, when.end) else value


def _counted_day(text: str) -> str | None:
    """The day that a number stands for where a date lost its format: workbooks count days from the end of 1899."""
    days = int(text) if re.fullmatch(r"\d{5}", text) else 0
    return spoken(dt.date(1899, 12, 30) + dt.timedelta(days=days)) if 20_000 <= days <= 60_000 else None


_ADDRESS = re.compile(r"https?://[^\s/$.?#][^\s]*", re.IGNORECASE)
_SITE = re.compile(r"(?:www(?:\.[\w-]+){2,}|[\w-]+(?:\.[\w-]+)+(?=/))(?:/\S*)?", re.IGNORECASE)
"""What is an address but for its beginning; the name of a file is none."""


@dataclass(frozen=True, slots=True)
class Link(Text):
    """An Internet address (http or https); shown whole, so that nobody is led elsewhere."""

    format: ClassVar[Format] = "link"

    def read(self, raw: Raw) -> Value | Unreadable:
        text = tidy(as_text(raw))
        if _ADDRESS.fullmatch(text):
            return text
        whole = f"https://{text}"
        meant = whole if _SITE.fullmatch(text) else None
        return Unreadable(Code.C105, (("found", text),), meant)
