"""What recurs, as ISO 8601 durations.

    recurring := adverb | "cada" [number] unit | number ("veces" | noun) ("al" | "cada" | "per") unit
               | number noun adverb | day "de cada" unit

`dos veces al año`, `two meetings per year` and `dos reuniones anuales` are every six months. What says more than that
(`cada año y medio`, `cada mes de mayo`, `enero y julio de cada año`) is not understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from crmxl.dates.when import Unread, When, month_end
from crmxl.dates.words import MONTHS, NUMBERS, ORDINALS, PARTS, TIMES, Token
from crmxl.text import fold, tidy

_ADVERBS: dict[str, str] = {}
for _duration, _words in (
    ("P1D", "diario diaria diarios diarias diariamente daily"),
    ("P1W", "semanal semanales semanalmente weekly"),
    ("P14D", "fortnightly"),
    ("P15D", "quincenal quincenales quincenalmente bimensual bimensuales bimensualmente semimonthly"),
    ("P1M", "mensual mensuales mensualmente monthly"),
    ("P2M", "bimestral bimestrales bimestralmente"),
    ("P3M", "trimestral trimestrales trimestralmente quarterly"),
    ("P4M", "cuatrimestral cuatrimestrales cuatrimestralmente"),
    (
        "P6M",
        "semestral semestrales semestralmente semiannual semiannually bianual bianuales bianualmente semianual "
        "semianuales semianualmente",
    ),
    ("P1Y", "anual anuales anualmente annual annually yearly"),
    ("P2Y", "bienal bienales bienalmente biennial biennially"),
    ("P3Y", "trienal trienales trienalmente triennial triennially"),
    ("P4Y", "cuatrienal cuatrienales"),
    ("P5Y", "quinquenal quinquenales"),
):
    _ADVERBS.update(dict.fromkeys(_words.split(), _duration))
_TWO_MEANINGS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("biannual", "biannually", "biyearly"), ("P6M", "P2Y")),
    **dict.fromkeys(("bimonthly",), ("P15D", "P2M")),
    **dict.fromkeys(("biweekly",), ("P3D", "P14D")),
}
_EVERY = frozenset(("cada", "every", "each", "per"))
_PER = frozenset("al a por per en el un una cada each every the".split())
_TIMES_A = frozenset(("vez", "veces", "time", "times"))
_PREFIXES = {"semi": "semi", "half": "semi", "bi": "bi"}


def counted(token: Token) -> int | None:
    """What a token counts: a small number in digits or in letters."""
    if token.ordinal:
        return None
    if token.kind == "number":
        return token.number if 0 < len(token.text) < 4 and token.number else None
    return NUMBERS.get(token.text)


def _length(count: int, unit: str) -> str | None:
    """An ISO 8601 duration of some days, weeks, months, years, quarters…"""
    if unit in TIMES:
        return f"P{count}{TIMES[unit]}"
    return f"P{count * PARTS[unit]}M" if unit in PARTS else {"quincena": f"P{15 * count}D"}.get(unit)


_MONTHS = {"P1Y": 12, "P6M": 6, "P4M": 4, "P3M": 3, "P2M": 2}


def _share(count: int, unit: str) -> str:
    """How often something comes that comes some times in a unit (`P1Y`); Unread where the unit has no such parts."""
    if count == 1:
        return unit
    months = _MONTHS.get(unit, 0)
    if months and months % count == 0:
        return f"P{months // count}M"
    if (unit, count) == ("P1M", 2):
        return "P15D"
    raise Unread(slip=str(count))


class _Reader:
    """Reads the recurrences of an expression from word to word."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.words = [token.text for token in tokens]

    def word(self, at: int) -> str:
        return self.words[at] if 0 <= at < len(self.words) else ""

    def adverb(self, at: int) -> tuple[str, int]:
        """The adverb at a place, its prefix joined (`semi-annual`, `bi monthly`), and where it ends."""
        prefix = _PREFIXES.get(self.word(at))
        if prefix is None:
            return self.word(at), at + 1
        next_ = at + 2 if self.word(at + 1) == "-" else at + 1
        bare = self.word(next_).replace("yearly", "annually") if prefix == "semi" else self.word(next_)
        return prefix + bare, next_ + 1

    def number(self, at: int) -> tuple[int | None, int]:
        """A number, the same in brackets behind it (`seis (6)`) passed over, and where it ends."""
        found = counted(self.tokens[at]) if at < len(self.tokens) else None
        if found is None:
            return None, at
        again = self.word(at + 1) == "(" and self.word(at + 2) == str(found) and self.word(at + 3) == ")"
        return found, at + (4 if again else 1)

    def unit(self, at: int) -> tuple[str | None, int]:
        """`año`, `mes`, `semestre`…, as one of it, and where it ends."""
        found = _length(1, self.word(at))
        return found, at + 1 if found else at

    def each(self, at: int) -> tuple[str | None, int]:
        """`cada dos meses`, `every year`, `todos los meses`."""
        word = self.word(at)
        if word in ("todos", "todas", "all"):
            start = at + 2 if self.word(at + 1) in ("los", "las", "the") else at + 1
            found = _length(1, self.word(start)) if self.word(start).endswith("s") else None
            return self.whole(found, start + 1) if found else (None, at)
        if word not in _EVERY:
            return None, at
        start = at + 1
        while self.word(start) in ("los", "las", "the", "uno", "una") and self.word(start + 1) not in ("", "ano"):
            start += 1
        if word == "every" and self.word(start) == "other":
            found = _length(2, self.word(start + 1))
            return self.whole(found, start + 2) if found else (None, at)
        count, after = self.number(start)
        found = _length(count or 1, self.word(after))
        return self.whole(found, after + 1) if found else (None, at)

    def whole(self, found: str | None, end: int) -> tuple[str | None, int]:
        """A length, unless what stands behind its unit says more: `cada año y medio`, `cada mes de mayo`."""
        behind = self.word(end)
        month = behind in ("de", "of") and self.word(end + 1) in MONTHS
        half = (behind in ("y", "and") and self.word(end + 1) in ("medio", "media", "half", "a")) or behind in (
            "par",
            "impar",
            "alterno",
            "alternos",
        )
        numbered = end < len(self.tokens) and self.tokens[end].kind == "number"
        if month or half or numbered:
            raise Unread(slip=" ".join(self.words[max(end - 2, 0) : end + 2]))
        return found, end

    def times(self, at: int) -> tuple[str | None, int]:
        """`dos veces al año`, `twice a year`, `two meetings per year`, `dos reuniones anuales`, `once yearly`."""
        count, after = {"once": 1, "twice": 2}.get(self.word(at)), at + 1
        if (
            count is None
            or self.tokens[at].kind != "word"
            or (self.word(at) == "once" and self.word(after) in _TIMES_A)
        ):
            count, after = self.number(at)
            if count is None:
                return None, at
            named = self.word(after) in _TIMES_A
            if not named and (self.noun(after) is False or self.word(after) in _EVERY):
                return None, at
            after += 1
            if (
                not named
                and self.word(after) not in _PER
                and self.noun(after)
                and self.word(after + 1) in _PER | set(_ADVERBS)
            ):
                after += 1
        start = after
        while self.word(after) in _PER:
            after += 1
        name, end = self.adverb(after)
        if after == start:
            unit = _ADVERBS.get(name)
        else:
            unit, end = self.unit(after)
        return (_share(count, unit), end) if unit else (None, at)

    def noun(self, at: int) -> bool:
        """Whether a word can be what is counted: no unit, month, number or joint."""
        word = self.word(at)
        known = word in TIMES or word in PARTS or word in MONTHS or word in ("de", "of", "y", "and", "o", "or", "por")
        return bool(word) and self.tokens[at].kind == "word" and not known and word not in _ADVERBS

    def read(self) -> Iterator[tuple[str, ...]]:
        at = 0
        while at < len(self.tokens):
            if (
                at > 1
                and self.word(at - 1) == "-"
                and not self.tokens[at].spaced
                and self.word(at - 2) not in _PREFIXES
            ):
                at += 1  # a slip of semi-annual is not annual
                continue
            for rule in (self.times, self.each):
                length, end = rule(at)
                if length:
                    yield (length,)
                    break
            else:
                name, end = self.adverb(at)
                if name in _TWO_MEANINGS:
                    yield _TWO_MEANINGS[name]
                elif name in _ADVERBS:
                    yield (_ADVERBS[name],)
                elif end > at + 1:
                    end = at + 1
            at = max(end, at + 1)


def recurring(tokens: Sequence[Token]) -> tuple[str, ...]:
    """The lengths, as ISO 8601 durations, at which something recurs; two where an expression can mean two."""
    stop = next((at for at, t in enumerate(tokens) if t.text == "." and tokens[at + 1 : at + 2]), len(tokens))
    tokens = tokens[:stop]
    if any(token.text in ("o", "u", "or") for token in tokens[:-1]) and any(t.text in _TIMES_A for t in tokens):
        return ()
    found = list(_Reader(tokens).read())
    two = next((lengths for lengths in found if len(lengths) > 1), None)
    return two or tuple(dict.fromkeys(length for lengths in found for length in lengths))


_OF_A_DAY = frozenset("el la los las de del dia dias day days on the of a mas tardar of each cada every".split())


def of_each(tokens: Sequence[Token]) -> str | None:
    """`el día 17 de cada mes`, `30 de junio de cada año`: one day or month, and how often it comes."""
    for at, token in enumerate(tokens):
        if token.text not in _EVERY or not at:
            continue
        length, _ = _Reader(tokens).each(at)
        before = tokens[:at]
        months = [MONTHS[t.text] for t in before if t.text in MONTHS]
        days = [t.number for t in before if t.kind == "number"]
        parts = [t for t in before if t.text in PARTS]
        if not length or not (days or months or parts):
            continue
        ordinals = [t for t in before if t.text in ORDINALS or t.ordinal]
        named = [t for t in before if t.kind == "word" and t.text not in _OF_A_DAY and t.text not in MONTHS]
        if len(months) > 1 or len(days) > 1 or len(ordinals) > 1 or parts:
            raise Unread(slip=" ".join(t.text for t in before))
        if days and named:
            return None  # two meetings each year are no day
        last = month_end(2000, months[0]).day if months else 31
        if not all(1 <= day <= last for day in days):
            raise Unread(slip=str(days))
        return length
    return None


def readings(text: str, lengths: Sequence[str]) -> When:
    """A recurrence; ambiguous where there are two lengths."""
    each = tuple(When(text, "recurring", recurs=length) for length in lengths)
    return each[0] if len(each) == 1 else When(text, "ambiguous", readings=tuple(replace(r, text=text) for r in each))


# What makes a duty recur, verbatim

_RECURRENCE = re.compile(
    r"\b(?:(?:un dia )?antes de cada reunion (?:de la|del) \w+(?: y (?:de la|del) \w+)?"
    r"|(?:durante|en) las reuniones (?:de la|del) \w+(?: y (?:de )?la \w+)?"
    r"|en cada (?:crm|grcm|reunion)"
    r"|(?:mensual|bimestral|trimestral|cuatrimestral|semestral|anual|regular|periodica)mente"
    r"|de manera periodica|cada (?:ano|mes|trimestre|semestre)|(?:dos|tres) veces al ano"
    r"|(?:before|at|during) (?:each|every) (?:\w+ )?meeting(?: of the \w+(?: and (?:of )?the \w+)?)?"
    r"|twice a year|(?:semi-?annual|annual|quarter|month)ly|every (?:year|month|quarter|six months))\b"
)


def periodicity(text: str) -> str | None:
    """The words that make a duty recur ("antes de cada reunión de la CRM y del GRCM"), verbatim; None if none do."""
    shown = tidy(text)
    plain = "".join((fold(char) or " ")[0] for char in shown)  # one for one, so that the positions are the same
    found = _RECURRENCE.search(plain)
    return shown[found.start() : found.end()] if found else None
