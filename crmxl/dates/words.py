"""The words of calendar expressions, in Spanish and English, and how a text is cut into tokens.

Everything here is folded: small letters, no accents, one kind of dash. A word stands in one table only where it can
mean one thing only; the grammar decides among the others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from crmxl.text import fold

TokenKind = Literal["number", "word", "sign"]


@dataclass(frozen=True, slots=True)
class Token:
    """A number, a word or a sign: folded, with its place in the text, and whether a space stands before it.

    `ordinal` marks a number with a suffix (1er, 2º, 3rd).
    """

    kind: TokenKind
    text: str
    start: int
    end: int
    spaced: bool = True
    ordinal: bool = False

    @property
    def number(self) -> int:
        """The value of a number."""
        return int(self.text)


_PIECE = re.compile(r"(?P<number>[0-9]+)|(?P<word>[^\W\d_]+)|(?P<sign>[^\s])")
_SUFFIX = re.compile(r"\.?(?:er[oa]?|ro|ra|[dt]?[oa]|v[oa]|st|nd|rd|th|[ºª°])\.?(?![^\W\d_])", re.IGNORECASE)
LONGEST = 400
"""Characters; a longer text is prose and no calendar expression."""


def tokens(text: str) -> list[Token]:
    """The tokens of a tidy text, in order."""
    found: list[Token] = []
    at = 0
    while match := _PIECE.search(text, at):
        at = match.end()
        spaced = match.start() == 0 or text[match.start() - 1].isspace()
        kind: TokenKind = "number" if match["number"] else "word" if match["word"] else "sign"
        suffix = _SUFFIX.match(text, at) if kind == "number" and len(match[0]) < 3 else None
        if suffix:
            at = suffix.end()
        word = fold(match[0])
        if word:
            found.append(Token(kind, word, match.start(), at, spaced, suffix is not None))
    return found


def _numbered(*rows: str, first: int = 1) -> dict[str, int]:
    return {word: number for number, row in enumerate(rows, start=first) for word in row.split()}


MONTHS = _numbered(
    "enero ene january jan",
    "febrero feb february",
    "marzo mar march",
    "abril abr april apr",
    "mayo may",
    "junio jun june",
    "julio jul july",
    "agosto ago ag august aug",
    "septiembre setiembre sep sept set september",
    "octubre oct october",
    "noviembre nov november",
    "diciembre dic december dec",
)
WEEKDAYS = _numbered(
    "lunes monday mon",
    "martes tuesday tue",
    "miercoles wednesday wed",
    "jueves thursday thu",
    "viernes friday fri",
    "sabado saturday",
    "domingo sunday",
    first=0,
)
ORDINALS = _numbered(
    "i primer primero primera first",
    "ii segundo segunda second",
    "iii tercer tercero tercera third",
    "iv cuarto cuarta fourth",
    "v quinto quinta fifth",
    "vi sexto sexta sixth",
)
LAST = frozenset(("ultimo", "ultima", "last"))
"""The last quarter, half… of a year."""
NUMBERS = {
    **_numbered(
        "un uno una one",
        "dos two",
        "tres three",
        "cuatro four",
        "cinco five",
        "seis six",
        "siete seven",
        "ocho eight",
        "nueve nine",
        "diez ten",
        "once eleven",
        "doce twelve",
    ),
    "quince": 15,
    "fifteen": 15,
    "veinte": 20,
    "twenty": 20,
    "treinta": 30,
    "thirty": 30,
    "cuarenta": 40,
    "cuarenticinco": 45,
    "sesenta": 60,
    "sixty": 60,
    "noventa": 90,
    "ninety": 90,
    "ciento": 100,
}
PARTS: dict[str, int] = {
    **dict.fromkeys(("trimestre", "trimestres", "trim", "quarter", "quarters", "qtr"), 3),
    **dict.fromkeys(("semestre", "semestres", "sem", "half", "halves", "semester", "semesters"), 6),
    **dict.fromkeys(("cuatrimestre", "cuatrimestres", "cuatrim"), 4),
    **dict.fromkeys(("bimestre", "bimestres", "bim"), 2),
}
"""Parts of a year: months of one."""
CODES = {"t": 3, "q": 3, "s": 6, "h": 6, "c": 4, "b": 2}
"""Letters of codes such as T2 2024, 2023Q4, S1-2010."""
TIMES: dict[str, str] = {
    **dict.fromkeys("dia dias day days".split(), "D"),
    **dict.fromkeys("semana semanas week weeks".split(), "W"),
    **dict.fromkeys("mes meses month months".split(), "M"),
    **dict.fromkeys("ano anos year years".split(), "Y"),
}
"""Units of length, as in ISO 8601."""
TURN: dict[str, Literal["early", "middle", "late"]] = {
    **dict.fromkeys("principio principios inicio inicios comienzo comienzos early beginning start".split(), "early"),
    **dict.fromkeys("mediado mediados middle mid".split(), "middle"),
    **dict.fromkeys("fin fines final finales late end".split(), "late"),
}
AND = frozenset(("y", "e", "and", "&"))
OR = frozenset(("o", "u", "or"))
TO = frozenset(("-", "a", "al", "to", "through", "thru", "hasta", "until", "till"))
FILLERS = frozenset(
    "de del el la los las lo en of in on the at durante during para for dia dias day days mes meses month "
    "months ano anos year years periodo period fecha fechas date dates over throughout hacia calendar bienio "
    "trienio semana transcurso".split()
)
"""Words that may stand before and between the parts of a period and say nothing."""
