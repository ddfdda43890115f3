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
from dataclasses import dataclass
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


_GROUPS: dict[Reach, tuple[str, ...]] = {
    "every": (
        *(
            "once paises miembros",
            "once paises",
            "paises miembros",
            "todos los paises",
            "cada pais",
            "cada uno de los paises",
            "paises",
            "estados",
        ),
        *("estados miembros", "gobiernos de los paises miembros", "gobiernos"),
        *("cancillerias", "ministerios de relaciones exteriores", "direcciones generales de migracion"),
        *("direcciones de migracion", "autoridades migratorias", "puntos focales", "oficiales de enlace", "enlaces"),
        *("cada pais miembro", "cada estado miembro", "todos los paises miembros", "delegaciones", "todos"),
        *("rcm member countries", "member countries", "member states", "all countries", "all member countries"),
        *("each country", "each member country", "countries", "governments", "focal points", "liaison officers"),
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
_CODES = frozenset(CODES) | {name for m in MEMBERS for name in m.variants if re.fullmatch("[A-Z]{2,3}", name)}
"""Codes count only where they stand in capitals: `can`, `do` and `pa` are words of other meanings too."""
_NAMES: dict[str, tuple[str, Reach]] = {
    **{fold(name): (b.code, "named") for b in BODIES for name in (*b.name.both(), *b.variants, b.code)},
    **{fold(n): (m.code, "named") for m in MEMBERS for n in (m.code, *m.name.both(), *m.variants)},
    **{fold(phrase): (phrase, reach) for reach, phrases in _GROUPS.items() for phrase in phrases},
}
_NAME = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(_NAMES, key=len, reverse=True)))
_OF = r"(?: tecnic[oa]s?| financier[oa]s?)?(?: (?:de|del|de la|de los|de las|por parte de))"
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
            rf"(?:en|con) (?:estrecha )?(?:coordinacion|conjunto|colaboracion|consulta|cooperacion|alianza){_WITH}"
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
_EXCEPT = re.compile(r"(?:a |con )?(?:excepto|salvo|menos|excepcion de|except(?: for)?)(?!\w)")
_JOINED = re.compile(r"[,;/&.:\s-]+|(?<!\w)(?:y|e|and|con|with|asi como|as well as|tambien|also)(?!\w)")
_FILLED = re.compile(r"(?<!\w)(?:la|el|los|las|the|gobiernos? de|government of)(?!\w)")
_OWNED = re.compile(r"(?:de|del|of)(?: la| el| los| las| the)?")
"""What ties a group to those of whom it is a group: "cancillerías de México y Guatemala", "países de la CRM"."""
_INSTITUTION = re.compile(
    r"(?:ministeri|secretari|direccion|institut|fiscali|polici|procuradur|comision|consej|embajad|consulad|vicemin"
    r"|autoridad|unidad|ministr|department|office|police|embassy|delegaci|delegation)[\w ]* (?:de|del|de la|of)"
)
_WISH = re.compile(
    r"si (?:asi )?lo desea[n]?|si asi lo considera[n]?|de (?:forma|manera) voluntaria|cuando (?:proceda|corresponda)"
    r"|segun (?:proceda|corresponda)|if they (?:so )?wish|as appropriate|voluntarily"
)
_ACTION = re.compile(
    r"(?<!\w)(?:presenta|informa|elabora|envia|remit|comparti|comparte|reporta|actualiza|entrega|designa|realiza"
    r"|organiza|proporciona|identifica|brinda|coordina|propon|report|present|inform|submit|send|share|provide|update)"
    r"(?:n|ran|ra|ntes?|s|es|rse|en|nen|ndran|dra|will)?(?!\w).*"
)
_NOTE = re.compile(r"\bnotas?\s*:.*|\bnotes?\s*:.*", re.DOTALL)


def _names(text: str, folded: str) -> Iterator[re.Match[str]]:
    """The known names of a text, the longest first; codes only where they are written in capitals."""
    capitals = set(re.findall(r"(?<![\w-])[A-Z]{2,3}(?![\w-])", text))
    short = {name.lower() for name in _CODES} - {name.lower() for name in capitals}
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
        """`of` behind a group: the group gives way to those that are named; `of` behind a name is not understood."""
        if self.parties[-1].reach != "every" or self.leaving:
            return words
        self.group = self.parties.pop()
        return ""

    def wished(self, words: str) -> str:
        """The words without `si lo desean`, which makes the parties of the last role those that are invited."""
        found = _WISH.search(words)
        if found is None or not self.parties:
            return words
        last = self.parties[-1].role
        self.parties = [Party(p.name, "invited", p.reach) if p.role == last else p for p in self.parties]
        return words[: found.start()] + words[found.end() :]

    def remember(self, words: str) -> None:
        """What is left of words when those that join are taken away."""
        if rest := _rest(words):
            self.unread.append(rest)

    def name(self, name: str, reach: Reach) -> None:
        """A name that is known."""
        group, self.group = self.group, None
        if group and name in ORGAN_NAMES:
            self.parties.append(group)  # the members of the Conference are its members
        elif group and reach == "every":
            self.parties.append(Party(name, self.role, reach))  # focal points of the members: each member's own
        elif group and name not in CODES:
            self.unread.append(f"{group.name} … {name}")
        elif self.leaving:
            self.without.add(name)
        else:
            self.parties.append(Party(name, "invited" if reach == "willing" else self.role, reach))


def _aside(match: re.Match[str]) -> str:
    """What stands in brackets is a note, unless it speaks of countries."""
    names = [_NAMES[found[0]] for found in _names(match[0], fold(match[0]))]
    if all(reach == "named" and name not in CODES for name, reach in names):
        return " "
    return f" {match[1]} " if _EXCEPT.match(fold(match[1])) else f" {match[0]} "


def understand(text: str) -> Responsible:
    """Who is responsible, by a text of RESPONSABLE. Never raises.

    >>> sorted(understand("México, OIM y otros gobiernos interesados.").owing)
    ['MEX']
    >>> [party.role for party in understand("La ST con insumos de los países").parties]
    ['lead', 'input']
    """
    plain = tidy(re.sub(r"\(([^()]*)\)", _aside, without_citations(text)))
    folded = _NOTE.sub("", fold(plain)).strip(" .;:-")
    if not folded or _OPEN.fullmatch(folded):
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
    if action and any(n in CODES or r != "named" for n, r in (_NAMES[m[0]] for m in _names(plain, action[0]))):
        reader.unread.append(action[0])
    said = action[0] if action else None
    return Responsible(tuple(unique(reader.parties)), frozenset(reader.without), said, tuple(reader.unread))


_OPEN = re.compile(r"por definir|pendiente|a definir|tbd|to be (?:defined|determined)|n/?a|-+")
