"""Notes: what stands behind a state or a period, and what it does to it.

A note that is itself a period makes a second reading; one that takes the period back, or speaks of another date in
words that are not understood, leaves the whole unread.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crmxl.dates.phrases import state, takes_back
from crmxl.dates.points import Cursor, Order
from crmxl.dates.recurrence import recurring
from crmxl.dates.spans import Span, span
from crmxl.dates.when import Unread
from crmxl.dates.words import FILLERS, MONTHS, PARTS, WEEKDAYS, Token, tokens
from crmxl.text import fold

TENTATIVE = re.compile(
    r"\b(tentativ\w*|propuest\w+|por confirmar\w*|a confirmar|sin confirmar|a validar|por validar|sujet[oa] a|"
    r"provisional\w*|preliminar\w*|estimad\w+|posible\w*|probable\w*|to be confirmed|tbc|proposed|proposal|"
    r"subject to|estimated|sin confirmar|unconfirmed|en caso de|siempre que|disponibilidad de|dependiendo|depending|"
    r"condicionad[oa]|quizas?|maybe|perhaps|provided)\b|\?"
)


def note_of(text: str, rest: Sequence[Token]) -> str | None:
    """What stands behind an expression, without the signs that set it off."""
    if not rest:
        return None
    told = text[rest[0].start :].lstrip(".,;:-–— ").strip()
    inner = re.fullmatch(r"[(\[]([^()\[\]]*)[)\]]\.?", text[rest[0].start :].strip(" .,;:-–—"))
    return (inner[1] if inner else told).strip() or None


_ONWARD = frozenset("adelante onwards onward antes earlier".split())
_SET_OFF = frozenset(".,;:(-?/")
_DATED = frozenset((*MONTHS, *PARTS)) - {"sem", "trim", "half", "set", "may", "mar", "ag"}


def _check_note(note: str | None, tail: Sequence[Token], weekday: int | None) -> None:
    """A note that takes the period back, or says of it what no period is, leaves the whole unread."""
    inside = [token for token in tail if token.kind == "word"]
    maybe = note is not None and TENTATIVE.search(fold(note)) is not None
    taken_back = not maybe and any(takes_back(token.text) or token.text in _ONWARD for token in inside)
    unsaid = note is not None and not TENTATIVE.search(fold(note)) and inside and state(inside) is not None
    if taken_back or unsaid or recurring(inside):
        raise Unread(slip=note)
    if inside and inside[0].text in WEEKDAYS and (len(inside) > 1 or WEEKDAYS[inside[0].text] != weekday):
        raise Unread(slip=note)


def _is_where(text: str, tail: Sequence[Token]) -> bool:
    """`en Managua`, `in Antigua Guatemala`: the place behind a date, in capitals."""
    words = [token for token in tail[1:] if token.kind == "word" and token.text not in FILLERS]
    capitals = bool(words) and all(text[t.start].isupper() and t.text not in MONTHS for t in words)
    return tail[0].text in ("en", "in") and capitals and not text.isupper()


def tail_of(text: str, tail: Sequence[Token], order: Order, weekday: int | None) -> tuple[str | None, Span | None]:
    """The note behind a period. A note that is itself a period makes a second reading; one that speaks of another date
    in words that are not understood leaves the whole unread."""
    stopped = False
    while tail and tail[0].text in (".", "period", "periodo", "inclusive"):
        stopped |= tail[0].text == "." and tail[1:2] != [] and tail[1].spaced
        tail = tail[1:]
    if not tail:
        return None, None
    if not (stopped or tail[0].text in _SET_OFF or _is_where(text, tail)) or (
        tail[0].text in "-/" and not tail[0].spaced
    ):
        raise Unread(slip=tail[0].text)
    note = note_of(text, tail)
    _check_note(note, tail, weekday)
    if note is None:
        return ("?", None) if any(token.text == "?" for token in tail) else (None, None)
    inside = [token for token in tail if token.text not in ("(", ")")]
    dated = any((t.kind == "number" and len(t.text) == 4) or t.text in _DATED for t in inside)
    if not dated:
        return note, None
    try:
        cursor = Cursor(tokens(note), order)
        second = span(cursor)
    except Unread:
        second = None
    if second is None or cursor.peek().text not in ("", ".", ","):
        raise Unread(slip=note)
    return note, second
