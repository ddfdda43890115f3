"""What is no period: states, what recurs, what follows meetings, terms that depend on another date, what is done.

state     := [opening] (continuous | undefined | pending) [note]
event     := tie … organ, as "antes de cada reunión de la CRM y del GRCM"
relative  := [lead] number unit …, as "en un plazo no mayor a dos meses"
horizon   := "corto plazo", "short-medium term"
done      := "realizado", "se aprobaron", …
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from crmxl.dates.recurrence import counted as _number
from crmxl.dates.recurrence import recurring
from crmxl.dates.when import Unread, WhenKind
from crmxl.dates.words import MONTHS, ORDINALS, PARTS, TIMES, Token
from crmxl.members import BODIES
from crmxl.text import fold

_OPENING = frozenset(
    "fecha fechas plazo calendario cronograma estado esta estan queda quedan sigue aun todavia actividad "
    "actividades accion acciones proceso tarea trabajo de en el la los las manera forma modo caracter se "
    "encuentra tentativa date dates schedule timeline is are still yet the an a on basis activity process task "
    "work es son y and lugar sede venue exacta exact hora place".split()
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
        if word in ("regular", "regularly", "regulares") and any(t.text in _MEETING for t in rest):
            return None  # regular meetings
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


# What follows meetings

_ORGANS = {
    **dict.fromkeys(("crm", "rcm", "viceministerial", "viceministeriales", "viceministros"), "CRM"),
    **dict.fromkeys(("grcm", "rcgm"), "GRCM"),
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


_OTHER_BODIES = frozenset(
    fold(name) for body in BODIES if body.code not in ("CRM", "GRCM", "RED", "ST") for name in body.name.both()
)
_WEAK = frozenset(("en", "at", "durante", "during"))
_BESIDE = (
    _AROUND | _MEETING | frozenset("cada each every todas todos all proxima proximo siguiente next ambas both".split())
)
_OF_A_NETWORK = frozenset(("", ".", ",", "y", "and", ")", "contra", "to", "-", "(", ";"))


def _named_organs(words: Sequence[str]) -> dict[int, str]:
    """The organs of the Conference that words name, by their place; other conferences and networks are none."""
    found: dict[int, str] = {}
    for at, word in enumerate(words):
        behind = words[at + 1] if at + 1 < len(words) else ""
        if word in ("red", "redes", "network", "networks"):
            trafficking = behind == "de" and words[at + 2 : at + 3] in (["trata"], ["trafico"], ["oficiales"])
            if behind in _OF_A_NETWORK or trafficking:
                found[at] = "RED"
        elif word in _ORGANS:
            found[at] = _ORGANS[word]
    for phrase, organ in _ORGAN_PHRASES:
        for at in range(len(words)):
            end = at + len(phrase)
            alone = len(phrase) > 1 or (words[end] if end < len(words) else "") in (
                "",
                ".",
                ",",
                "y",
                "and",
                "regional",
            )
            if tuple(words[at:end]) == phrase and alone:
                found[at] = organ
    return found


def _tied(words: Sequence[str], organs: Mapping[int, str]) -> bool:
    """Whether words tie something to meetings: `antes de`, `cada`…; `en` and its like only right before the organ."""
    if (_TIES - _WEAK) & set(words):
        return True
    for at, word in enumerate(words):
        if word in _WEAK:
            place = at + 1
            while place < len(words) and (words[place] in _BESIDE or _NTH.fullmatch(words[place])):
                place += 1
            if place in organs:
                return True
    return False


_NTH = re.compile(r"[ivxl]+|\d+")


def event(tokens: Sequence[Token]) -> str | None:
    """The organs whose meetings an expression follows, as `CRM+GRCM`; an empty text for meetings of no named organ."""
    words = [token.text for token in tokens]
    organs = _named_organs(words)
    strange = [w for w in words if _UNKNOWN_ORGAN.fullmatch(w) or w in _OTHER_BODIES]
    counted = any(
        word in ("cada", "every")
        and _number(tokens[at + 1]) is not None
        and {"".join(words[at + 2 : at + 3])} & _COUNTED
        for at, word in enumerate(words[:-1])
    )
    met = bool(_MEETING & set(words))
    if organs and (strange or counted) and (met or _tied(words, organs)):
        raise Unread(slip=strange[0] if strange else " ".join(words))
    if organs and (met or _tied(words, organs)):
        named = set(organs.values())
        return "+".join(organ for organ in ("CRM", "GRCM", "RED") if organ in named)
    unnamed = met and set(words) & {"cada", "each", "every", "proxima", "siguiente", "next"}
    return "" if unnamed and set(words) <= _MEETING | _TIES | _AROUND else None


_COUNTED = _MEETING | frozenset(("crm", "grcm", "rcm", "rcgm", "red"))


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
_NOT_DONE = frozenset("no sera seran ser sea sean be por sin not to will siendo being been".split())
"""Before the word, within three: it will be done, is being done, or was not."""
_PARTLY = frozenset(
    "parcialmente partially partly mostly nearly almost incompletely incompleto parcial parte casi aun todavia yet "
    "when cuando after despues once antes before until hasta luego tras within dentro segun plazo term meses months "
    "% ciento percent half by si if vez debe deben debera deberan must should shall tardar realizara realizaran "
    "celebrara hara haran repetir repetira unless salvo excepto except being proceso process curso ejecucion "
    "ongoing basis pendiente pendientes pending next proxima proximo siguiente fase phase etapa stage otros demas "
    "others rest resto faltan falta missing ¿ ?".split()
)
_OF_THEM = re.compile(r"\b\d+ (?:de|of) (?:\d|los |las |the )|;")


def done(tokens: Sequence[Token]) -> bool:
    """Whether an expression says that something was done; not that it will be, that it was in part, that it is done
    again and again, nor that something else remains."""
    words = [token.text for token in tokens]
    said = [at for at, word in enumerate(words) if word in _DONE]
    if not said or _PARTLY & set(words) or _OF_THEM.search(" ".join(words)) or recurring(tokens):
        return False
    if len(words) > 1 and "para" in words[1:] and any(token.kind == "number" for token in tokens):
        return False
    if said[0] > 0 and words[said[0] - 1] in ("lo", "calendario", "schedule"):  # as the calendar that was approved
        return False
    first = words[: said[0]]
    if any(word in _ORGANS for word in words[said[0] :]) and said[0] == 0 and _MEETING & set(words):
        return False  # `finalizada la reunión`: what follows it
    if said[0] == 0 and words[1:2] in (["la"], ["cada"]) and any(word in _ORGANS for word in words[:4]):
        return False  # `concluida la CRM`
    return not _NOT_DONE & set(first[-3:])


DENIED = frozenset(
    "no not never nunca sin excepto except salvo unless ago atras hace bisiesto ninguna ningun hold withdrawn".split()
)
_TAKEN_BACK = re.compile(
    r"(?:cancel|aplaz|posterg|pospon|pospuest|reprogram|rescheduled|suspend|difer|anul|descart|elimin|traslad|postpon"
    r"|deferr|defer|dropp|withdraw|moved)"
)
"""Words, and how words begin, by which an expression takes back what the others say; no phrase is read beside them."""


def takes_back(word: str) -> bool:
    """Whether a word takes back what the others say."""
    return word in DENIED or _TAKEN_BACK.match(word) is not None


_LIMIT = frozenset("mayor mas menor later more than exceder superior".split())


def denied(tokens: Sequence[Token]) -> bool:
    """Whether an expression denies what it says; `no mayor de` and its like only set a limit."""
    words = [token.text for token in tokens]
    return any(
        takes_back(word) and not (word in ("no", "not") and set(words[at + 1 : at + 3]) & _LIMIT)
        for at, word in enumerate(words)
    )
