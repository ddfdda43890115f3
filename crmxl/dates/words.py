"""The words of calendar expressions, in Spanish and English, and how a text is cut into tokens.

Everything here is folded: small letters, no accents, one kind of dash. A word stands in one table only where it can
mean one thing only; the grammar decides among the others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from crmxl.text import fold

TokenKind = Literal["number", "word", "sign"]


class Token(NamedTuple):
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


_SUFFIX = r"\.?(?:er[oa]?|ro|ra|[dt]?[oa]|v[oa]|st|nd|rd|th|[ºª°])\.?(?![^\W\d_])"
_PIECE = re.compile(
    rf"(?P<number>[0-9]{{1,2}}(?![0-9]))(?P<suffix>{_SUFFIX})?|(?P<long>[0-9]+)|(?P<word>[^\W\d_]+)|(?P<sign>\S)",
    re.IGNORECASE,
)
_KINDS: dict[str | None, TokenKind] = {"number": "number", "suffix": "number", "long": "number", "word": "word"}
_BRACKETS = {"[": "(", "]": ")"}
LONGEST = 400
"""Characters; a longer text is prose and no calendar expression."""


def tokens(text: str) -> list[Token]:
    """The tokens of a tidy text, in order."""
    found: list[Token] = []
    end = 0
    for match in _PIECE.finditer(text):
        group = match.lastgroup
        piece = match["number"] if group == "suffix" else match[0]
        start = match.start()
        word = _BRACKETS.get(piece) or fold(piece)
        if word:
            spaced = start > end or not start
            found.append(Token(_KINDS.get(group, "sign"), word, start, match.end(), spaced, group == "suffix"))
        end = match.end()
    return _spelt(found)


def _spelt(found: Sequence[Token]) -> list[Token]:
    """The tokens with days and years in letters as numbers, as laws write them: `quince (15) de enero de dos mil doce`.
    Words count as a day only before a month, so that `dos veces` stays what it is."""
    if not any(token.text in LETTERS or token.text == "mil" for token in found):
        return list(found)
    made: list[Token] = []
    at = 0
    while at < len(found):
        size, number = _year_in_letters(found, at) or _day_in_letters(found, at) or (1, 0)
        if number:
            made.append(Token("number", str(number), found[at].start, found[at + size - 1].end, found[at].spaced))
        else:
            made.append(found[at])
        at += size
    return made


def _year_in_letters(found: Sequence[Token], at: int) -> tuple[int, int] | None:
    """How many tokens a year in letters takes, and the year: `dos mil doce`, `mil novecientos noventa y nueve`."""
    words = [token.text for token in found[at : at + 6]]
    start, year = (
        (2, 2000) if words[:2] == ["dos", "mil"] else (2, 1900) if words[:2] == ["mil", "novecientos"] else (0, 0)
    )
    if not start:
        return None
    size, rest = _below_hundred(words[start:])
    return (start + size, year + rest) if rest or year == 2000 else None


def _below_hundred(words: Sequence[str]) -> tuple[int, int]:
    """How many words a number below a hundred takes, and the number; 0 and 0 if they do not begin with one."""
    if not words or words[0] not in LETTERS:
        return 0, 0
    tens = LETTERS[words[0]]
    ones = LETTERS.get(words[2], 0) if len(words) > 2 and words[1] == "y" else 0
    return (3, tens + ones) if tens % 10 == 0 and tens > 10 and 0 < ones < 10 else (1, tens)


def _day_in_letters(found: Sequence[Token], at: int) -> tuple[int, int] | None:
    """How many tokens a day in letters takes, and the day; a number in brackets behind it that says the same too."""
    size, day = _below_hundred([token.text for token in found[at : at + 3]])
    if not 1 <= day <= 31 or found[at].kind != "word":
        return None
    behind = [token.text for token in found[at + size : at + size + 3]]
    if behind == ["(", str(day), ")"] or behind == ["(", f"{day:02}", ")"]:
        size += 3
    rest = [token.text for token in found[at + size : at + size + 12]]
    month = next((place for place, word in enumerate(rest) if word in MONTHS), len(rest))
    joints = {"de", "del", "y", "e", "al", "a", "el", ",", "(", ")", *LETTERS}
    plain = all(word in joints or word.isdigit() for word in rest[:month])
    return (size, day) if plain and 0 < month < len(rest) and rest[month - 1] in ("de", "del") else None


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
LETTERS = {
    **{word: number for word, number in NUMBERS.items() if number < 100 and word not in ("un", "una", "one")},
    **_numbered("trece", "catorce", "quince", "dieciseis", "diecisiete", "dieciocho", "diecinueve", first=13),
    **_numbered("veintiuno veintiun", "veintidos", "veintitres", "veinticuatro", "veinticinco", first=21),
    **_numbered("veintiseis", "veintisiete", "veintiocho", "veintinueve", first=26),
    **dict(zip(("cincuenta", "setenta", "ochenta"), (50, 70, 80), strict=True)),
}
"""Numbers below a hundred in letters; with `y` they make the others."""
PARTS: dict[str, int] = {
    **dict.fromkeys(("trimestre", "trimestres", "trim", "quarter", "quarters", "qtr"), 3),
    **dict.fromkeys(("semestre", "semestres", "sem", "half", "halves", "semester", "semesters", "mitad"), 6),
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
    "trienio transcurso curso course todo toda all calendario dentro within".split()
)
"""Words that may stand before and between the parts of a period and say nothing."""
