"""The eleven member countries of the Regional Conference on Migration: codes, names, languages, order.

Codes are ISO 3166-1 alpha-3. The order is that of the Conference's Spanish documents: alphabetical in Spanish,
`Estados Unidos` between `El Salvador` and `Guatemala`, `República Dominicana` last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from crmxl.text import B, Lang, fold


@dataclass(frozen=True, slots=True)
class Member:
    """A member country: its code, its short name, the language in which it is written to, other names in use."""

    code: str
    name: B
    lang: Lang = "es"
    variants: tuple[str, ...] = ()


MEMBERS: tuple[Member, ...] = (
    Member("BLZ", B("Belice", "Belize"), "en", ("BZ",)),
    Member("CAN", B("Canadá", "Canada"), "en", ("CA",)),
    Member("CRI", B("Costa Rica", "Costa Rica"), "es", ("CR", "República de Costa Rica")),
    Member("SLV", B("El Salvador", "El Salvador"), "es", ("SV", "Salvador", "República de El Salvador")),
    Member(
        "USA",
        B("Estados Unidos", "United States"),
        "en",
        (
            "US",
            "EUA",
            "EE.UU.",
            "EEUU",
            "EE. UU.",
            "Estados Unidos de América",
            "United States of America",
            "U.S.A.",
        ),
    ),
    Member("GTM", B("Guatemala", "Guatemala"), "es", ("GT", "República de Guatemala")),
    Member("HND", B("Honduras", "Honduras"), "es", ("HN", "República de Honduras")),
    Member("MEX", B("México", "Mexico"), "es", ("MX", "Estados Unidos Mexicanos")),
    Member("NIC", B("Nicaragua", "Nicaragua"), "es", ("NI", "República de Nicaragua")),
    Member("PAN", B("Panamá", "Panama"), "es", ("PA", "República de Panamá")),
    Member("DOM", B("República Dominicana", "Dominican Republic"), "es", ("DO", "RD", "Rep. Dominicana")),
)
CODES: tuple[str, ...] = tuple(member.code for member in MEMBERS)
BY_CODE: dict[str, Member] = {member.code: member for member in MEMBERS}

_ARTICLE = re.compile(r"^(the|la|el|los|las) (?=\w)")


def _key(name: str) -> str:
    return re.sub(r"[.\s]+", " ", _ARTICLE.sub("", fold(name))).strip()


_BY_NAME: dict[str, Member] = {
    _key(name): member for member in MEMBERS for name in (member.code, *member.name.both(), *member.variants)
}


def find(name: str) -> Member | None:
    """The member that a code or a usual name in Spanish or English means; None if it means none of them."""
    return _BY_NAME.get(_key(name))


def order(code: str) -> int:
    """The place of a country in the Conference's own order; unknown codes come last."""
    return CODES.index(code) if code in CODES else len(CODES)


_ALL = re.compile(r"\b(paises miembros|los paises|paises participantes|member (countries|states))\b")


def responsible(text: str) -> frozenset[str] | None:
    """The countries that a text of the column RESPONSABLE names; None where it cannot be told from the text.

    "Países miembros" is all eleven; a country's name is that country; an organ alone (OIM, ST) is none of them.
    """
    folded = fold(text)
    if _ALL.search(folded):
        return frozenset(CODES)
    return frozenset(_IN_TEXT[match[0]] for match in _NAMES.finditer(folded)) or None


_IN_TEXT = {fold(name): m.code for m in MEMBERS for name in (*m.name.both(), *m.variants) if len(name) > 3}
"""How each member is named in a text; its codes of two and three letters are words of other meanings too."""
_NAMES = re.compile(
    "|".join(
        rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(_IN_TEXT, key=len, reverse=True)
    )  # the longest first
)
