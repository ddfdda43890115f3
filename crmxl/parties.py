"""Who owes what: the column RESPONSABLE, understood.

    responsible := side {joint side} [wish] [action]
    side        := party {("," | ";" | "/" | "y" | "and") party}
    party       := [article] (member | body | group) | institution "de" member
    group       := "países miembros" | "cancillerías" | …      every member
                 | "país sede" | "países participantes" | …    some members: the text does not say which
                 | "otros gobiernos interesados" | …           those that wish
    joint       := "con insumos de" | "en coordinación con" | "con apoyo de" | "excepto" | …
    wish        := "si lo desean"
    action      := "presentan informes durante las reuniones…"

Citations and what stands behind `NOTA:` are no part of it. Whatever else the text holds is `unread`, and asked: a name
that is not known is never passed over, and of "México o Guatemala" nobody can tell who it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from crmxl.members import BODIES, CODES, MEMBERS, ORGAN_NAMES
from crmxl.references import without_citations
from crmxl.text import fold, tidy, unique

Role = Literal["lead", "input", "coordination", "support", "invited"]
Reach = Literal["named", "every", "some", "willing"]
"""Which countries a party is: the one that is named, every member, some that are not named, those that wish."""


@dataclass(frozen=True, slots=True)
class Party:
    """One of those whom a text names: a member's or a body's code, or a group of members; and what it is to do."""

    name: str
    role: Role
    reach: Reach = "named"


@dataclass(frozen=True, slots=True)
class Responsible:
    """A text of RESPONSABLE understood. `unread` are the pieces that are not; while there is one, nobody is certain."""

    parties: tuple[Party, ...] = ()
    without: frozenset[str] = frozenset()
    action: str | None = None
    unread: tuple[str, ...] = ()

    def _of(self, *reaches: Reach) -> frozenset[str]:
        if self.unread:
            return frozenset()
        found = [p for p in self.parties if p.reach in reaches and p.role != "invited"]
        named = {p.name for p in found if p.reach == "named"} & set(CODES)
        return frozenset(named.union(*(CODES for p in found if p.reach != "named"))) - self.without

    @property
    def owing(self) -> frozenset[str]:
        """The countries that certainly owe something: by what they do, by what they send in, by their support."""
        return self._of("named", "every")

    @property
    def concerned(self) -> frozenset[str]:
        """Those that owe, and all of whom the text only says that some of them do."""
        return self._of("named", "every", "some")

    @property
    def nobody(self) -> bool:
        """Whether the text names nobody: it is blank, or says that this is to be defined."""
        return not self.parties and not self.unread


_EACH = (
    "cada uno de los",
    "cada una de las",
    "cada",
    "todos los",
    "todas las",
    "los",
    "las",
    "all the",
    "all",
    "each",
    "every",
    "the",
)
_MEMBERS_SAID = (
    *("paises miembros", "pais miembro", "paises de la region", "paises", "pais", "estados miembros", "estado miembro"),
    *(
        "estados",
        "gobiernos de los paises miembros",
        "gobiernos",
        "cancillerias",
        "ministerios de relaciones exteriores",
    ),
    *("direcciones generales de migracion", "direcciones de migracion", "autoridades migratorias", "puntos focales"),
    *("oficiales de enlace", "enlaces", "delegaciones", "member countries", "member country", "member states"),
    *("member state", "countries", "country", "governments", "focal points", "liaison officers", "delegations"),
)
_GROUPS: dict[Reach, tuple[str, ...]] = {
    "every": (
        *(name for name in _MEMBERS_SAID if name.endswith("s")),
        *(f"{each} {name}" for each in _EACH for name in _MEMBERS_SAID),
        *(f"{number} {name}" for number in ("11", "once", "eleven") for name in _MEMBERS_SAID if name.endswith("s")),
        *("todos", "all eleven countries", "all eleven member countries"),
    ),
    "some": (
        *("paises participantes", "paises asistentes", "pais sede", "pais anfitrion", "paises sede"),
        *("paises de origen", "paises de destino", "paises de transito", "pais de origen", "pais de destino"),
        *("pais que ejerce la ppt", "pais en ejercicio de la ppt", "paises que participen", "paises que participan"),
        *("host country", "participating countries", "countries of origin", "countries of destination"),
        *("countries of transit",),
    ),
    "willing": (
        *("otros gobiernos interesados", "gobiernos interesados", "otros paises interesados", "paises interesados"),
        *("otros estados interesados", "other interested governments", "interested governments"),
        *("other interested countries", "interested countries", "paises que lo deseen", "countries that wish"),
    ),
}
_CODES = frozenset(CODES)
"""Codes count only where they stand in capitals: `can` is a word of another meaning too. Codes of two letters stand for
too many other things."""
_NAMES: dict[str, tuple[str, Reach]] = {
    **{fold(name): (b.code, "named") for b in BODIES for name in (*b.name.both(), *b.variants, b.code)},
    **{fold(n): (m.code, "named") for m in MEMBERS for n in (m.code, *m.name.both(), *m.variants) if len(n) > 2},
    **{fold(phrase): (phrase, reach) for reach, phrases in _GROUPS.items() for phrase in phrases},
}
_NAME = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(_NAMES, key=len, reverse=True)))})(?!\w)")
_KINDS_OF_HELP = r"(?: tecnic[oa]s?| financier[oa]s?)?(?: y (?:tecnic|financier)[oa]s?)?"
_OF = rf"{_KINDS_OF_HELP}(?: (?:de|del|de la|de los|de las|por parte de))"
_WITH = r"(?: tecnicos?)? (?:con|de)"
_JOINTS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (
        "input",
        re.compile(
            rf"con (?:los |las |la )?(?:insumos?|aportes?|informacion|contribuciones|datos|participacion){_OF}"
            r"|with (?:the )?(?:inputs?|contributions?|information|data|participation) (?:from|of|by)"
        ),
    ),
    (
        "coordination",
        re.compile(
            r"(?:en|con|bajo) (?:la )?(?:estrecha )?"
            rf"(?:coordinacion|conjunto|colaboracion|consulta|cooperacion|alianza){_WITH}"
            r"|(?:coordinad[oa]s?|conjuntamente|junto) con|(?:a traves|por medio|por conducto)(?: de| del)"
            r"|in (?:close )?(?:coordination|collaboration|consultation|cooperation) with|together with|jointly with"
            r"|through|via"
        ),
    ),
    (
        "support",
        re.compile(
            rf"(?:con|bajo) (?:el |la )?(?:apoyo|asistencia|acompanamiento|ayuda|financiamiento|facilitacion){_OF}"
            r"|(?:apoyad[oa]s?|acompanad[oa]s?|asistid[oa]s?|financiad[oa]s?) por"
            r"|with (?:the )?(?:technical |financial )?(?:support|assistance|help|funding) (?:of|from|by)|supported by"
        ),
    ),
)
_EXCEPT = re.compile(
    r"(?:a |con )?(?:excepto|salvo|menos|excepcion de(?:l)?|except(?: for)?|with the exception of)(?!\w)"
)
_JOINED = re.compile(r"[,;/&.:\s-]+|(?<!\w)(?:y|e|and|con|with|asi como|as well as|tambien|also)(?!\w)")
_FILLED = re.compile(r"(?<!\w)(?:la|el|los|las|the|sus?|their|responsables?:?|gobiernos? de|government of)(?!\w)")
_OWNED = re.compile(r"(?:de|del|of)(?: la| el| los| las| the)?")
"""What ties a group to those of whom it is a group: "cancillerías de México y Guatemala", "países de la CRM"."""
_INSTITUTION = re.compile(
    r"(?:ministeri|secretari|direccion|institut|fiscali|polici|procuradur|comision|consej|embajad|consulad|vicemin"
    r"|autoridad|unidad|cancilleri|servicio|ministr|department|office|police|embassy|delegaci|delegation)"
    r"(?:(?! y | and )[\w ]){0,80}? (?:de|del|de la|of)$"
)
_WISH = re.compile(
    r"si (?:asi )?lo dese(?P<many>an|en)?a?|si asi lo considera[n]?|de (?:forma|manera) voluntaria"
    r"|cuando (?:proceda|corresponda)|segun (?:proceda|corresponda)|if they (?:so )?wish|as appropriate|voluntarily"
)
_ACTION = re.compile(
    r"(?<!\w)(?:deberan |debe |deben |will |shall |must )?"
    r"(?:presenta|informa|elabora|envia|remit|comparti|comparte|reporta|actualiza|entrega|designa|realiza"
    r"|organiza|proporciona|identifica|brinda|coordina|propon|report|present|inform|submit|send|share|provide|update)"
    r"(?:n|ran|ra|r|s|es|rse|en|nen|ndran|dra)?(?!\w).*"
)
_NOTE = re.compile(r"\bnotas?\s*:.*|\bnotes?\s*:.*", re.DOTALL)


def _names(text: str, folded: str) -> Iterator[re.Match[str]]:
    """The known names of a text, the longest first; codes only where they are written in capitals."""
    capitals = set(re.findall(r"(?<!\w)[A-Z]{3}(?!\w)", text))
    short = {name.lower() for name in _CODES - capitals}
    for match in _NAME.finditer(folded):
        if match[0] not in short:
            yield match


def _rest(words: str) -> str:
    """Words without those that only join names."""
    return tidy(_JOINED.sub(" ", _FILLED.sub(" ", _INSTITUTION.sub(" ", words))))


class _Reader:
    """Reads a text from name to name."""

    def __init__(self) -> None:
        self.parties: list[Party] = []
        self.without: set[str] = set()
        self.unread: list[str] = []
        self.role: Role = "lead"
        self.leaving = False
        self.group: Party | None = None

    def between(self, words: str) -> None:
        """The words before a name: the role that they give it, and what of them is not understood."""
        if self.parties and words.isspace():  # a body's office in a country is not the country
            self.unread.append(self.parties[-1].name)
        left = self.wished(words).strip(" .,;:-/")
        for given, pattern in _JOINTS:
            if found := pattern.search(left):
                self.role, self.leaving = given, False
                left = left[: found.start()] + " " + left[found.end() :]
                break
        else:
            if found := _EXCEPT.search(left):
                self.leaving = True
                left = left[: found.start()] + " " + left[found.end() :]
            elif self.parties and _OWNED.fullmatch(left):
                left = self.owned(left)
        self.remember(left)

    def owned(self, words: str) -> str:
        """`of` behind a group: the group gives way to those that are named, an organ to the Conference; `of` behind
        another name is not understood."""
        last = self.parties[-1]
        body = last.reach == "named" and last.name not in CODES
        if self.leaving or not (last.reach == "every" or body):
            return words
        self.group = self.parties.pop()
        return ""

    def wished(self, words: str) -> str:
        """The words without `si lo desean`: the party before it is invited, not bound. Of several nobody can tell which
        of them are meant."""
        found = _WISH.search(words)
        if found is None or not self.parties:
            return words
        last = self.parties[-1].role
        same = [party for party in self.parties if party.role == last]
        if found.groupdict().get("many") and len(same) > 1:
            return words
        self.parties[-1] = replace(self.parties[-1], role="invited")
        return words[: found.start()] + words[found.end() :]

    def remember(self, words: str) -> None:
        """What is left of words when those that join are taken away."""
        if rest := _rest(words):
            self.unread.append(rest)

    def name(self, name: str, reach: Reach) -> None:
        """A name that is known."""
        group, self.group = self.group, None
        if self.leaving and reach == "every":
            self.leaving = False  # except Belize, all countries
        if group and name in ORGAN_NAMES:
            self.parties.append(group)  # the members of the Conference are its members
        elif group and reach == "every" and group.reach == "every":
            self.parties.append(Party(name, self.role, reach))  # focal points of the members: each member's own
        elif group and (name not in CODES or group.reach != "every"):
            self.unread.append(f"{group.name} … {name}")
        elif self.leaving:
            self.without.add(name)
            self.unread += [name] if name not in CODES and reach != "named" else []
        else:
            self.parties.append(Party(name, "invited" if reach == "willing" else self.role, reach))

    def acted(self, action: str, text: str) -> None:
        """What they are to do, which may name organs and nobody else: a strange name in it could be anybody."""
        told = [_NAMES[match[0]] for match in _names(text, action)]
        capitals = re.findall(r"(?<![.:] )\b[A-ZÁÉÍÓÚÑ][\w]+(?: [A-ZÁÉÍÓÚÑ][\w]+)*", text[-len(action) :])
        strange = [word for word in capitals if fold(word) not in _NAMES and not text.isupper()]
        if any(n in CODES or r != "named" for n, r in told) or _EXCEPT.search(action) or strange:
            self.unread.append(action)
        elif _WISH.search(action):
            self.parties = [replace(party, role="invited") for party in self.parties]


LONGEST = 2_000
"""Characters; a longer text is prose, and asked."""
_HARMLESS = re.compile(
    r"\((?:[A-ZÁÉÍÓÚÑ]{2,8}|(?i:coordinador[a]?|coordinacion|coordinación|líder|lider|lead|sede|todos"
    r"|(?:asistencia|apoyo) t[eé]cnic[oa]|technical assistance))\)"
)


def _aside(match: re.Match[str]) -> str:
    """What stands in brackets: a role or an acronym is a note; a wish or an exception belongs to the text; all else is
    read with it, and asked if it is not understood."""
    if _HARMLESS.fullmatch(match[0]):
        return " "
    inner = fold(match[1])
    return f" {match[1]} " if _EXCEPT.match(inner) or _WISH.fullmatch(inner) else f" «{match[1]}» "


def understand(text: str) -> Responsible:
    """Who is responsible, by a text of RESPONSABLE. Never raises.

    >>> sorted(understand("México, OIM y otros gobiernos interesados.").owing)
    ['MEX']
    >>> [party.role for party in understand("La ST con insumos de los países").parties]
    ['lead', 'input']
    """
    if len(text) > LONGEST:
        return Responsible(unread=(text[:80],))
    plain = tidy(re.sub(r"\(([^()]*)\)", _aside, without_citations(text)))
    note = _NOTE.search(fold(plain))
    plain = plain[: note.start()].strip() if note and len(plain) == len(fold(plain)) else plain
    folded = _NOTE.sub("", fold(plain)).strip(" ;:-")
    if not folded.strip(" .") or _OPEN.fullmatch(folded.strip(" .")):
        return Responsible()
    reader, end, action = _Reader(), 0, None
    for match in _names(plain, folded):
        words = folded[end : match.start()]
        action = _ACTION.search(words) if reader.parties else None
        if action:
            break
        reader.between(words)
        reader.name(*_NAMES[match[0]])
        end = match.end()
    action = _ACTION.search(folded, end) if reader.parties else None
    reader.remember(reader.wished(folded[end : action.start() if action else None]))
    if action:
        reader.acted(action[0], plain)
    if note and _EXCEPT.search(note[0]):
        reader.unread.append(note[0])
    said = action[0].strip(" .") if action else None
    return Responsible(tuple(unique(reader.parties)), frozenset(reader.without), said, tuple(reader.unread))


_OPEN = re.compile(
    r"por definir|pendiente|a definir|tbd|to be (?:defined|determined)|n/?a|-+|ningun[oa]|no hay|nadie|none|nobody"
    r"|no se identifican? responsables?|sin responsables?"
)
