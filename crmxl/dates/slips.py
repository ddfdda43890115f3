"""Slips of the pen in calendar expressions: the nearest texts that could have been meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz, process

from crmxl.dates.when import month_end
from crmxl.dates.words import FILLERS, LONGEST, MONTHS, ORDINALS, PARTS, tokens

_KNOWN = [word for word in (*MONTHS, *PARTS, *ORDINALS) if len(word) > 3]
_KNOWN += "continuo pendiente definir permanente semestralmente anualmente mensualmente pending ongoing".split()
NEAR = 75
"""From this likeness on (0 to 100) a word is taken for a slip of another."""
_LETTERS = str.maketrans("oOlI", "0011")


def mended(text: str) -> Iterator[tuple[str, str]]:
    """What could be a slip, and the text with it mended, likeliest first."""
    text = text[:LONGEST]
    found = tokens(text)
    for token in found:
        if token.kind != "word" or token.text in _KNOWN or token.text in FILLERS or len(token.text) < 4:
            continue
        best = process.extractOne(token.text, _KNOWN, scorer=fuzz.ratio, score_cutoff=NEAR)
        if best:
            written = text[token.start : token.end]
            yield written, text[: token.start] + best[0] + text[token.end :]
    for match in re.finditer(r"\b[0-9oOlI]*[0-9][0-9oOlI]*\b", text):
        if not match[0].isdigit():
            yield match[0], text[: match.start()] + match[0].translate(_LETTERS) + text[match.end() :]
    yield from _last_days(text)


def _last_days(text: str) -> Iterator[tuple[str, str]]:
    """`31 de febrero de 2010`: the last day that the month has."""
    found = tokens(text)
    for at, token in enumerate(found):
        if token.kind != "number" or token.text not in ("29", "30", "31"):
            continue
        month = next((MONTHS[t.text] for t in found[at + 1 : at + 4] if t.text in MONTHS), None)
        year = next((t.number for t in found[at:] if t.kind == "number" and len(t.text) == 4), None)
        if month and year and 1 <= year <= 9999:
            last = month_end(year, month).day
            if last < token.number:
                yield text[token.start : token.end], text[: token.start] + str(last) + text[token.end :]
