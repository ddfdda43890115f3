"""Calendar expressions: what the column CALENDARIO says, understood without guessing.

    expression := state [note] | recurrence | event | term | horizon | done | [lead] period [tail]
    lead       := "a más tardar" | "antes de" | "a partir de" | "by" | "no later than" | …
    tail       := "." text | dash text | "(" text ")" | "," text

`points` and `spans` have the grammar of periods, `phrases` that of all others, `words` the words of both languages.
Begin and end are inclusive; "antes del" is exclusive, so it ends a day earlier; "finales de" and its like are thirds,
by convention. Two readings possible give `ambiguous` with both, never a choice; what the grammar does not hold, days
that do not exist and slips of the pen give `unreadable`, with what stands in the way and the nearest text that can be
read. The text itself is always kept.

The conventions are those of the plan of the Conference's network of liaison officers (2009) and of its meeting reports;
nothing here reads the clock.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from crmxl.dates.notes import TENTATIVE, note_of, tail_of
from crmxl.dates.phrases import DENIED, denied, done, event, horizon, relative, state, takes_back
from crmxl.dates.points import Cursor, Order
from crmxl.dates.recurrence import of_each, periodicity, readings, recurring
from crmxl.dates.slips import mended
from crmxl.dates.spans import Span, span
from crmxl.dates.when import Unread, When, WhenKind
from crmxl.dates.words import FILLERS, LONGEST, MONTHS, OR, ORDINALS, PARTS, TURN, WEEKDAYS, Token, tokens
from crmxl.dates.writing import convened, in_days, render, short, spoken
from crmxl.references import without_citations
from crmxl.text import fold, tidy

__all__ = ["When", "WhenKind", "convened", "in_days", "periodicity", "render", "short", "spoken", "understand"]

Phrases = dict[str, tuple[tuple[str, ...], ...]]
"""Phrases by their first word."""


def _phrases(*texts: str) -> Phrases:
    found: dict[str, list[tuple[str, ...]]] = {}
    for text in texts:
        words = tuple(text.split())
        found.setdefault(words[0], []).append(words)
    return {first: tuple(phrases) for first, phrases in found.items()}


_DUE = _phrases(
    "a mas tardar",
    "al mas tardar",
    "no mas tarde de",
    "no mas tarde del",
    "al finalizar",
    "al concluir",
    "al terminar",
    "al cierre de",
    "al cierre del",
    "antes de finalizar",
    "antes de terminar",
    "antes de concluir",
    "antes de que finalice",
    "antes de que termine",
    "antes del fin de",
    "antes de fin de",
    "antes de fines de",
    "antes de finales de",
    "antes del final de",
    "antes del cierre de",
    "before the end of",
    "no later than",
    "not later than",
    "at the latest by",
    "at the latest",
    "on or before",
    "by the end of",
    "by end of",
    "by",
    "until",
    "till",
    "through",
    "no despues del",
    "no despues de",
    "al termino de",
    "al termino del",
    "up to",
    "hasta",
    "como maximo",
    "fecha limite",
    "plazo limite",
    "plazo",
    "deadline",
    "due by",
    "due on",
    "due",
    "vence",
    "al",
)
"""What makes a period a deadline; its last day is the last of the period."""
_BEFORE = _phrases("antes de", "antes del", "antes de la", "before", "prior to", "previo a", "previo al")
_SINCE = _phrases(
    "a partir de", "a partir del", "desde", "since", "starting", "starting in", "from", "as of", "con inicio en"
)
_BETWEEN = _phrases("entre", "between")
_ALONG = _phrases("a lo largo de", "a lo largo del")
_PLANNED = frozenset(
    "a al se sera seran ha previsto prevista programado programada planificado planificada planeado planeada "
    "planned scheduled expected realizarse realizara realizar celebrarse celebrara celebrar llevara llevarse "
    "cabo ejecutarse implementarse presentarse entregarse iniciara to be held carried out estimado estimada".split()
)
_ABOUT = frozenset("aproximadamente alrededor cerca circa around about approximately aprox approx".split())
_MAYBE = frozenset(
    "tentativo tentativa tentative tentativamente posiblemente probablemente tentatively possibly probably provisional "
    "preliminar".split()
)
_NUMBERS = re.compile(r"\d[/.-]\d")
"""Where the order of day and month can matter."""
_ITEM = re.compile(r"^\d+(?:\.\d+)+\.?\s+(?=\D|\d{4}\b)")


def understand(written: str | dt.date) -> When:
    """The meaning of a calendar cell: a text, or a date that the cell itself holds. Never raises.

    >>> understand("Febrero 2010.").end
    datetime.date(2010, 2, 28)
    >>> understand("Por definir. (Tegucigalpa, noviembre de 2008)").kind
    'undefined'
    >>> understand("antes de cada reunión de la CRM y del GRCM").recurs
    'CRM+GRCM'
    """
    if isinstance(written, dt.date):
        day = written.date() if isinstance(written, dt.datetime) else written
        return When(day.isoformat(), "period", day, day, "day")
    return _understood(written)


@lru_cache(maxsize=4096)
def _understood(written: str) -> When:
    text = _ITEM.sub("", tidy(without_citations(written))).lstrip("¿¡ ")
    try:
        read = _read(text)
    except Unread as why:
        read = When(written, "unreadable", slip=why.slip, suggestion=why.near)
    if read.kind == "unreadable":
        read = _suggested(read, text)
    return replace(read, text=written, readings=tuple(replace(r, text=written) for r in read.readings))


def _suggested(read: When, text: str) -> When:
    """An unreadable expression with the slip in it and the nearest text that can be read."""
    for slip, near in mended(text):
        try:
            if _read(near).kind not in ("unreadable", "ambiguous"):
                return replace(read, slip=slip, suggestion=near)
        except Unread:
            continue
    return read


def _read(text: str) -> When:
    found = tokens(text[:LONGEST])
    if not found:
        raise Unread
    told = _state(text, found)
    if told:
        return told
    if len(text) > LONGEST or any(token.text in _FISCAL for token in found):
        raise Unread(slip=next((token.text for token in found if token.text in _FISCAL), None))
    return _phrase(text, found) or _placed(text, found) or _period(text, found)


def _phrase(text: str, found: Sequence[Token]) -> When | None:
    """Everything but states and periods."""
    dated = any(token.kind == "number" and len(token.text) == 4 for token in found)
    if denied(found):
        return None
    if done(found):
        return When(text, "done")
    if (length := of_each(found)) and not dated:
        return When(text, "recurring", recurs=length)
    if not dated:
        return _undated(text, found)
    return None


def _undated(text: str, found: Sequence[Token]) -> When | None:
    """What names no year: meetings, terms, what recurs, horizons."""
    organs, lengths, far = event(found), recurring(found), horizon(found)
    if far and lengths:
        return None
    ahead = {"antes", "before", "prior"} & {token.text for token in found}
    if not lengths and relative(found) and not (organs and ahead):
        return When(text, "relative")
    if organs is not None:
        return When(text, "event", recurs=organs or None)
    if lengths:
        return readings(text, lengths)
    return When(text, "horizon") if far else None


_FISCAL = frozenset("fy fiscal fiscales ejercicio".split())


def _placed(text: str, found: Sequence[Token]) -> When | None:
    """`San José, 11 de diciembre de 2014`: a place in capitals before its date is a note."""
    commas = [at for at, token in enumerate(found[:10]) if token.text == ","]
    for comma in commas[:2]:
        before = _without_saints([token for token in found[:comma] if token.text != ","])
        named = all(t.kind == "word" and (text[t.start].isupper() or t.text in FILLERS) for t in before)
        if not before or not named or {t.text for t in before} & _SPOKEN or not _is_place(text, before):
            return None
        try:
            read = _period(text, found[comma + 1 :])
        except Unread:
            continue
        if read.kind == "period" and read.note is None:
            return replace(read, note=text[found[0].start : found[comma].start])
    return None


def _without_saints(found: Sequence[Token]) -> list[Token]:
    """The words of a place without those of `Santo Domingo`, of which one is a day of the week."""
    pairs = [
        at for at, token in enumerate(found[1:], start=1) if token.text == "domingo" and found[at - 1].text == "santo"
    ]
    return [token for at, token in enumerate(found) if at not in pairs]


_NO_PLACE = frozenset(
    "vencido vencida vencidas hecho hizo se anual si sujeto ya cada inicio inicia fin start end".split()
)


def _is_place(text: str, before: Sequence[Token]) -> bool:
    """Whether words can name a place: nothing that takes back, limits, recurs or says a state."""
    if any(takes_back(token.text) or token.text in _NO_PLACE or token.text in _MAYBE for token in before):
        return False
    told = fold(text[before[0].start : before[-1].end])
    return not (TENTATIVE.search(told) or recurring(before) or state(before) or done(before))


# States, and the notes behind them


def _state(text: str, found: Sequence[Token]) -> When | None:
    told = state(found)
    note: str | None
    if told is None:  # an owner with the state in brackets
        opened = next((at for at, token in enumerate(found) if token.text == "("), 0)
        inner = state(found[opened + 1 :]) if opened and found[-1].text in (")", ".") else None
        if inner is None or any(t.text in MONTHS or t.kind == "number" for t in found[:opened]):
            return None
        return When(text, inner[0], note=text[: found[opened].start].strip() or None)
    kind, count = told
    rest = found[count:]
    note = note_of(text, rest)
    if rest and rest[0].text in OR:
        raise Unread(slip=rest[0].text)
    if kind == "continuous" and (lengths := recurring(rest)):
        return readings(text, lengths)
    bounded = _bounded(text, rest) if rest else None
    if bounded and (kind == "continuous" or bounded.begin is None):
        return bounded
    return When(text, kind, note=note)


_BOUNDS = "hasta until till a desde since from through no by durante during de del en in entre between".split()


def _bounded(text: str, rest: Sequence[Token]) -> When | None:
    """`Continuo hasta diciembre de 2012` is a deadline, `continuo a partir de 2010` has a beginning."""
    if rest[0].text == "," and _after(rest[1:], _DUE):
        rest = rest[1:]
    if rest[0].text not in _BOUNDS:
        return None
    try:
        read = _period(text, rest)
    except Unread:
        return None
    return read if read.kind in ("period", "continuous") else None


# Periods


def _after(found: Sequence[Token], *tables: Phrases) -> int:
    """How many tokens the longest phrase of some tables takes at the beginning."""
    if not found:
        return 0
    first = found[0].text
    longest = 0
    for table in tables:
        for words in table.get(first, ()):
            if len(words) > longest and tuple(token.text for token in found[: len(words)]) == words:
                longest = len(words)
    return longest


_LABELS = frozenset(
    "calendario cronograma fecha fechas de del la el y prevista previsto periodo mes ano sede lugar taller "
    "evento schedule date dates timeline period planned expected time when".split()
)
_SPOKEN = {*MONTHS, *PARTS, *ORDINALS, *WEEKDAYS, *TURN, *DENIED}
"""Words of time, which no name of a place is."""


def _label(found: Sequence[Token]) -> int:
    """How many tokens a label takes with its colon: `Calendario:`, `Sede y fecha:`; nothing that speaks of time."""
    colon = next((at for at, token in enumerate(found[:6]) if token.text == ":"), -1)
    plain = all(t.text in _LABELS for t in found[: max(colon, 0)])
    return colon + 1 if colon > 0 and plain and not _after(found, _DUE, _BEFORE, _SINCE) else 0


def _opening(found: Sequence[Token]) -> tuple[int, bool, bool]:
    """Words before a period that only say that it is planned, about or perhaps then, and a label with its colon."""
    at, about, maybe = _label(found), False, False
    while at < len(found) - 1:
        word = found[at].text
        if all_along := _after(found[at:], _ALONG):
            at += all_along
            continue
        if _after(found[at:], _DUE, _BEFORE, _SINCE, _BETWEEN) and word != "a":
            break
        if word == "a" and _after(found[at:], _DUE, _SINCE):
            break
        if word in _ABOUT:
            about = True
        elif word == "." and at and found[at - 1].text in _ABOUT:
            pass
        elif word in _MAYBE:
            maybe = True
        elif not (word in _PLANNED or word == ":" or (word in FILLERS and found[at].kind == "word")):
            break
        if word == "a" and found[at + 1].text not in _PLANNED:
            break
        at += 1
    return at, about, maybe


def _period(text: str, found: Sequence[Token]) -> When:
    """A period in either order of day and month; ambiguous where both can be and differ."""
    results: list[When] = []
    faults: list[Unread] = []
    orders: tuple[Order, ...] = ("dmy", "mdy") if _NUMBERS.search(text) else ("dmy",)
    for order in orders:
        try:
            read = _ordered(text, found, order)
        except Unread as fault:
            faults.append(fault)
            continue
        if read not in results:
            results.append(read)
    if not results:
        raise faults[0]
    if len(results) > 1:
        return When(text, "ambiguous", readings=tuple(results))
    return results[0]


def _ordered(text: str, found: Sequence[Token], order: Order) -> When:
    start, about, maybe = _opening(found)
    rest = found[start:]
    bounded = (_after(rest, _DUE), _after(rest, _BEFORE), _after(rest, _SINCE), _after(rest, _BETWEEN))
    longest = max(bounded)
    lead = bounded.index(longest) if longest else None
    tokens_left = rest[longest:]
    while tokens_left and tokens_left[0].text == ":":
        tokens_left = tokens_left[1:]
    cursor = Cursor(tokens_left, order)
    if lead == 0 and cursor.take({"a"}) is None:
        cursor.fill()
    period = span(cursor, between=lead == 3)
    if period is None:
        raise _missing(tokens_left)
    late = _latest(cursor)
    tail = tokens_left[cursor.at :]
    if lead == 2:
        tail = tail[_after(tail, _ONWARDS) :]
    single = period.begin.weekday() if period.begin == period.end else None
    note, other = tail_of(text, tail, order, single)
    maybe = maybe or period.tentative or (note is not None and TENTATIVE.search(fold(note)) is not None)
    words = set(fold(note or "").replace(".", " ").split())
    about = about or period.approximate or bool(words & _ABOUT)
    maybe = maybe or bool(words & {"si", "if", "depende", "depends"})
    made = _bound(text, period, 0 if late else lead)
    made = replace(made, approximate=about, tentative=maybe, note=note)
    if other:
        second = replace(made, begin=other.begin, end=other.end, precision=other.precision)
        return When(text, "ambiguous", note=note, readings=(made, second))
    return made


def _bound(text: str, period: Span, lead: int | None) -> When:
    """A period under its lead: due by its end, due before its beginning, or from its beginning on."""
    made = When(text, "period", period.begin, period.end, period.precision)
    if lead == 0:
        return replace(made, begin=None)
    if lead == 1:
        return replace(made, begin=None, end=period.begin - dt.timedelta(days=1), precision="day")
    if lead == 2 and not period.ranged:
        return replace(made, kind="continuous", end=None)
    return made


def _missing(rest: Sequence[Token]) -> Unread:
    """Nothing that is a period: the first word that is neither filler nor known is in the way."""
    strange = next((t for t in rest if t.kind == "word" and t.text not in FILLERS), rest[0] if rest else None)
    return Unread(slip=strange.text if strange else None)


_ONWARDS = _phrases("en adelante", "onwards", "onward", "on")
_AT_THE_LATEST = ("at the latest", "a mas tardar", "como maximo", "or earlier", "o antes")


def _latest(cursor: Cursor) -> bool:
    """`…, at the latest`, `… a más tardar` behind a period."""
    start = cursor.at
    cursor.take({","})
    if any(cursor.phrase(*words.split()) for words in _AT_THE_LATEST):
        return True
    cursor.at = start
    return False
