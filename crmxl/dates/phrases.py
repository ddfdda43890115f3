"""What is no period: states, what recurs, what follows meetings, terms that depend on another date, what is done.

state     := [opening] (continuous | undefined | pending) [note]
recurring := "semestralmente" | "cada" [number] unit | number "veces al" unit | period "de cada" unit
event     := tie … organ, as "antes de cada reunión de la CRM y del GRCM"
relative  := [lead] number unit …, as "en un plazo no mayor a dos meses"
horizon   := "corto plazo", "short-medium term"
done      := "realizado", "se aprobaron", …
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from crmxl.dates.when import Unread, When, WhenKind, month_end
from crmxl.dates.words import MONTHS, NUMBERS, ORDINALS, PARTS, TIMES, Token

_OPENING = frozenset(
    "fecha fechas plazo calendario cronograma estado esta estan queda quedan sigue aun todavia actividad "
    "actividades accion acciones proceso tarea trabajo de en el la los las manera forma modo caracter se "
    "encuentra tentativa date dates schedule timeline is are still yet the an a on basis activity process task "
    "work es son".split()
)
"""Words that may stand before a state."""
_CONTINUOUS = (
    "continuo continua continuos continuas continuamente permanente permanentes permanentemente constante "
    "constantemente ongoing continuous continuously continual continually continuing permanent permanently "
    "regularmente regularly periodicamente periodica periodically regular"
).split()
_CONTINUOUS_PHRASES = ("en tiempo real", "tiempo real", "in real time", "real time", "on going", "on - going")
_TO_DEFINE = (
    "definir definirse determinar determinarse establecer establecerse acordar acordarse fijar fijarse "
    "confirmar confirmarse precisar decidir convenir anunciar programar calendarizar defined determined "
    "decided confirmed agreed announced established set scheduled fixed"
).split()
_NOT_DEFINED = (
    "definido definida definidos definidas determinado determinada establecido establecida fijada fijado".split()
)
_UNDEFINED_PHRASES = (
    "tbd",
    "tbc",
    "tba",
    "t . b . d",
    "undefined",
    "undetermined",
    "not defined",
    "not determined",
    "not yet defined",
    "not yet determined",
    "sin fecha",
    "se definira",
    "se determinara",
    "se establecera",
    "a la brevedad",
    "a la mayor brevedad",
    "lo antes posible",
    "lo mas pronto posible",
    "lo mas antes posible",
    "cuanto antes",
    "tan pronto como",
    "tan pronto sea posible",
    "en cuanto sea posible",
    "as soon as",
    "asap",
    "at the earliest",
    "promptly",
)
_ALL_UNDEFINED = tuple(tuple(phrase.split()) for phrase in _UNDEFINED_PHRASES)
_FIRST_UNDEFINED = frozenset(words[0] for words in _ALL_UNDEFINED)
_PENDING = frozenset(("pendiente", "pendientes", "pending"))


def _starts(tokens: Sequence[Token], phrase: str) -> int:
    """How many tokens a phrase takes at the beginning; 0 if they do not begin with it."""
    words = phrase.split()
    return len(words) if [token.text for token in tokens[: len(words)]] == words else 0


def state(tokens: Sequence[Token]) -> tuple[WhenKind, int] | None:
    """The state that an expression begins with, and how many tokens say so."""
    at = 0
    while at < len(tokens):
        rest = tokens[at:]
        word = rest[0].text
        if word in _PENDING:
            return "pending", at + 1
        length = _undefined(rest)
        if length:
            return "undefined", at + length
        length = next((n for phrase in _CONTINUOUS_PHRASES if (n := _starts(rest, phrase))), 0) or word in _CONTINUOUS
        if length:
            return "continuous", at + int(length)
        if word not in _OPENING and word != ":":
            return None
        at += 1
    return None


def _undefined(tokens: Sequence[Token]) -> int:
    if tokens[0].text in _FIRST_UNDEFINED:
        for words in _ALL_UNDEFINED:
            if tuple(token.text for token in tokens[: len(words)]) == words:
                return len(words)
    first, second = tokens[0].text, tokens[1].text if len(tokens) > 1 else ""
    if first in ("por", "a", "sin", "para") and second in _TO_DEFINE:
        return 2
    if first in ("no", "sin") and second in _NOT_DEFINED:
        return 2
    if first == "to" and second == "be" and len(tokens) > 2 and tokens[2].text in _TO_DEFINE:
        return 3
    return 0


# What recurs

_ADVERBS: dict[str, str] = {}
for _duration, _words in (
    ("P1D", "diario diaria diarios diarias diariamente daily"),
    ("P1W", "semanal semanales semanalmente weekly"),
    ("P14D", "fortnightly"),
    ("P15D", "quincenal quincenales quincenalmente bimensual bimensuales bimensualmente"),
    ("P1M", "mensual mensuales mensualmente monthly"),
    ("P2M", "bimestral bimestrales bimestralmente"),
    ("P3M", "trimestral trimestrales trimestralmente quarterly"),
    ("P4M", "cuatrimestral cuatrimestrales cuatrimestralmente"),
    ("P6M", "semestral semestrales semestralmente semiannual semiannually biyearly bianual bianuales bianualmente"),
    ("P1Y", "anual anuales anualmente annual annually yearly"),
    ("P2Y", "bienal bienales bienalmente biennial biennially"),
    ("P3Y", "trienal trienales trienalmente triennial triennially"),
    ("P4Y", "cuatrienal cuatrienales"),
    ("P5Y", "quinquenal quinquenales"),
):
    _ADVERBS.update(dict.fromkeys(_words.split(), _duration))
_TWO_MEANINGS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("biannual", "biannually"), ("P6M", "P2Y")),
    **dict.fromkeys(("bimonthly",), ("P15D", "P2M")),
    **dict.fromkeys(("biweekly",), ("P3D", "P14D")),
}
_EVERY = frozenset(("cada", "every", "each", "per"))
_SKIPPED = frozenset(("los", "las", "the", "of", "de", "other"))


def _number(token: Token) -> int | None:
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


def _every(tokens: Sequence[Token], at: int) -> str | None:
    """`cada dos meses`, `every year`, `todos los meses`."""
    word = tokens[at].text
    rest = [token for token in tokens[at + 1 : at + 4] if token.text not in _SKIPPED]
    if word in ("todos", "todas", "all") and rest and rest[0].text in TIMES and rest[0].text.endswith("s"):
        return _length(1, rest[0].text)
    if word not in _EVERY or not rest:
        return None
    count = _number(rest[0])
    if count is not None and len(rest) > 1:
        return _length(count, rest[1].text)
    if tokens[at + 1].text == "other" and word == "every":
        return _length(2, rest[0].text)
    return _length(1, rest[0].text)


_PER_WORDS = frozenset("al a por per en el".split())
_PER = {"P1Y": {1: "P1Y", 2: "P6M", 3: "P4M", 4: "P3M", 6: "P2M", 12: "P1M"}, "P1M": {1: "P1M", 2: "P15D"}}


def _times(tokens: Sequence[Token], at: int) -> str | None:
    """`dos veces al año`, `twice a year`, `once a month`."""
    count = {"once": 1, "twice": 2}.get(tokens[at].text) if tokens[at].kind == "word" else None
    skip = 1
    if count is None and len(tokens) > at + 1 and tokens[at + 1].text in ("vez", "veces", "time", "times"):
        count, skip = _number(tokens[at]), 2
    rest = [token for token in tokens[at + skip : at + skip + 3] if token.text not in _PER_WORDS]
    unit = _length(1, rest[0].text) or _ADVERBS.get(rest[0].text) if count and rest else None
    return _PER.get(unit or "", {}).get(count or 0)


def recurring(tokens: Sequence[Token]) -> tuple[str, ...]:
    """The lengths, as ISO 8601 durations, at which something recurs; two where an expression can mean two."""
    stop = next((at for at, t in enumerate(tokens) if t.text == "." and tokens[at + 1 : at + 2]), len(tokens))
    tokens = tokens[:stop]
    if any(token.text in _OR for token in tokens[:-1]) and any(token.text in ("veces", "times") for token in tokens):
        return ()
    found: list[str] = []
    for at, token in enumerate(tokens):
        if at > 1 and tokens[at - 1].text == "-" and not token.spaced and tokens[at - 2].text not in _HALVES:
            continue  # a slip of semi-annual is not annual
        if token.kind != "word" and at + 1 >= len(tokens):
            continue
        joined = _joined(tokens, at)
        if token.text in _TWO_MEANINGS or joined in _TWO_MEANINGS:
            return _TWO_MEANINGS[token.text if token.text in _TWO_MEANINGS else joined]
        length = _every(tokens, at) or _times(tokens, at) or _ADVERBS.get(joined) or _ADVERBS.get(token.text)
        if at and tokens[at - 1].text == "-" and joined == token.text and _ADVERBS.get(_joined(tokens, at - 2)):
            continue  # the second half of semi-annual
        if at and tokens[at - 1].text in _COUNTED and _ADVERBS.get(token.text):
            continue  # the unit of twice yearly
        if length:
            found.append(length)
    return tuple(dict.fromkeys(found))


_COUNTED = frozenset(("once", "twice", "times", "veces", "vez"))
_HALVES = frozenset(("semi", "bi", "half"))
_OR = frozenset(("o", "u", "or"))


def _joined(tokens: Sequence[Token], at: int) -> str:
    """A word, with the one behind its hyphen: semi-annual is semiannual."""
    if at < 0 or at + 2 >= len(tokens) or tokens[at + 1].text != "-" or tokens[at].text not in ("semi", "bi", "half"):
        return tokens[at].text if 0 <= at < len(tokens) else ""
    first, second = tokens[at].text, tokens[at + 2].text
    return ("semi" if first == "half" else first) + second.replace("yearly", "annually")


# What follows meetings

_ORGANS = {
    **dict.fromkeys(("crm", "rcm", "viceministerial", "viceministeriales", "ministerial", "viceministros"), "CRM"),
    **dict.fromkeys(("grcm", "rcgm"), "GRCM"),
    **dict.fromkeys(("red", "redes", "network", "networks"), "RED"),
}
_ORGAN_PHRASES = (
    (("grupo", "regional", "de", "consulta"), "GRCM"),
    (("regional", "consultation", "group"), "GRCM"),
    (("conferencia",), "CRM"),
    (("conference",), "CRM"),
)
_MEETING = frozenset("reunion reuniones meeting meetings sesion sesiones session sessions encuentro encuentros".split())
_TIES = frozenset(
    "cada antes previo previa previamente despues termino finalizar finalizada concluir durante en proxima "
    "proximo siguiente siguientes luego tras vispera every each before after at during prior next upcoming "
    "following".split()
)


_AROUND = frozenset("de la las los el del a al un una dia dias two the of one day in that .".split())


_UNKNOWN_ORGAN = re.compile(r"(?!(?:crm|rcm|grcm|rcgm|st|ts|nd|rd|th|xx[vx]?|xxx)$)[bcdfghjklmnpqrstvwxyz]{3,6}")
"""Letters that no word is made of: another organ, or one of these misspelt (`GCRM`, `PPT`)."""


def event(tokens: Sequence[Token]) -> str | None:
    """The organs whose meetings an expression follows, as `CRM+GRCM`; an empty text for meetings of no named organ."""
    words = [token.text for token in tokens]
    organs = {_ORGANS[word] for word in words if word in _ORGANS}
    for phrase, organ in _ORGAN_PHRASES:
        if any(tuple(words[at : at + len(phrase)]) == phrase for at in range(len(words))):
            organs.add(organ)
    if organs and (strange := next((word for word in words if _UNKNOWN_ORGAN.fullmatch(word)), None)):
        raise Unread(slip=strange)
    met = bool(_MEETING & set(words))
    tied = bool(_TIES & set(words))
    if organs and (tied or met):
        return "+".join(organ for organ in ("CRM", "GRCM", "RED") if organ in organs)
    unnamed = met and set(words) & {"cada", "each", "every", "proxima", "siguiente", "next"}
    return "" if unnamed and set(words) <= _MEETING | _TIES | _AROUND else None


# Terms, horizons, what is done

_LEADS = frozenset(
    "en un el la los las plazo termino periodo no mayor menor maximo maxima de del a al que dentro proximos "
    "proximas siguientes within the next in a period term of not later more than maximum up to about "
    "aproximadamente ( ) , por durante".split()
)


def _measured(pair: Sequence[Token]) -> bool:
    """Whether a number stands before its unit, or before the same number in digits."""
    counted = pair[1].text in TIMES or pair[1].text in PARTS or pair[1].text in ("(", "y") if len(pair) > 1 else False
    return counted and _number(pair[0]) is not None


_BETWEEN_NUMBER_AND_UNIT = frozenset("y proximos proximas business working calendar".split())


def relative(tokens: Sequence[Token]) -> bool:
    """Whether an expression is a length of time from a date that it does not give."""
    at = 0
    while at < len(tokens) and tokens[at].text in _LEADS and not _measured(tokens[at : at + 2]):
        at += 1
    rest = [token for token in tokens[at:] if token.text not in ("(", ")")]
    if not rest:
        return False
    first = rest[1] if rest[0].text in ORDINALS and len(rest) > 1 else rest[0]
    if first.text in ("cuatrimestre", "bimestre", "quincena"):
        return not any(token.text in MONTHS for token in rest)
    start = 0
    while start < min(len(rest), 4) and _number(rest[start]) is not None:
        start += 1
    while start < len(rest) and rest[start].text in _BETWEEN_NUMBER_AND_UNIT:
        start += 1
        while start < len(rest) and _number(rest[start]) is not None:
            start += 1
    return start > 0 and start < len(rest) and (rest[start].text in TIMES or rest[start].text in PARTS)


_TERM = frozenset(("plazo", "term", "terms", "plazos"))
_HORIZONS = frozenset("corto corta mediano medio largo short medium long mid near".split())


def horizon(tokens: Sequence[Token]) -> bool:
    """`corto plazo`, `mediano y largo plazo`, `short-medium term`."""
    words = [token.text for token in tokens]
    return any(
        word in _TERM and any(w in _HORIZONS for w in words[max(at - 4, 0) : at]) for at, word in enumerate(words)
    )


_DONE = frozenset(
    "realizado realizada realizados realizadas realizo realizaron celebrado celebrada celebro celebraron "
    "aprobado aprobada aprobo aprobaron aprobados aprobadas adoptado adoptada adoptados adoptadas adopto "
    "adoptaron finalizado finalizada finalizo concluido concluida concluyo cumplido cumplida cumplio "
    "cumplieron ejecutado ejecutada completado completada efectuado efectuada efectuo entregado entregada "
    "completed done held adopted approved finished concluded finalized implemented".split()
)
_NOT_DONE = frozenset("no sera seran ser sea sean be por sin not to will".split())
"""Before the word, within three: it will be done, or was not."""
_PARTLY = frozenset(
    "parcialmente partially parcial casi aun todavia yet when cuando after despues once antes before until "
    "hasta % half by si if vez debe deben debera deberan must should shall tardar realizara realizaran "
    "celebrara hara haran repetir repetira unless salvo excepto except".split()
)


def done(tokens: Sequence[Token]) -> bool:
    """Whether an expression says that something was done; not that it will be, nor that it was in part."""
    words = [token.text for token in tokens]
    if _PARTLY & set(words):
        return False
    if len(words) > 1 and "para" in words[1:] and any(token.kind == "number" for token in tokens):
        return False
    return any(word in _DONE and not _NOT_DONE & set(words[max(at - 3, 0) : at]) for at, word in enumerate(words))


DENIED = frozenset(
    "no not never nunca sin excepto except salvo unless cancelado cancelada cancelled canceled suspendido "
    "suspendida suspended pospuesto pospuesta postponed reprogramado reprogramada rescheduled elimino "
    "eliminada eliminado ago atras hace bisiesto ninguna ningun".split()
)
"""Words by which an expression takes back what the others say; no phrase is read beside them."""
_LIMIT = frozenset("mayor mas menor later more than exceder superior".split())


def denied(tokens: Sequence[Token]) -> bool:
    """Whether an expression denies what it says; `no mayor de` and its like only set a limit."""
    words = [token.text for token in tokens]
    return any(
        word in DENIED and not (word in ("no", "not") and set(words[at + 1 : at + 3]) & _LIMIT)
        for at, word in enumerate(words)
    )


def of_each(tokens: Sequence[Token]) -> str | None:
    """`el día 17 de cada mes`, `30 de junio de cada año`: a day or month, and how often it comes."""
    for at, token in enumerate(tokens):
        if token.text in _EVERY and at:
            length = _every(tokens, at)
            months = [MONTHS[t.text] for t in tokens[:at] if t.text in MONTHS]
            days = [t.number for t in tokens[:at] if t.kind == "number"]
            last = month_end(2000, months[0]).day if months else 31
            if length and (days or months):
                if not all(1 <= day <= last for day in days):
                    raise Unread(slip=str(days))
                return length
    return None


def readings(text: str, lengths: Sequence[str]) -> When:
    """A recurrence; ambiguous where there are two lengths."""
    each = tuple(When(text, "recurring", recurs=length) for length in lengths)
    return each[0] if len(each) == 1 else When(text, "ambiguous", readings=tuple(replace(r, text=text) for r in each))
