"""The Conference: its eleven member countries, its observers, its organs and the bodies that its texts name.

Codes of countries are ISO 3166-1 alpha-3. The order of the members is that of the Conference's Spanish documents:
alphabetical in Spanish, `Estados Unidos` between `El Salvador` and `Guatemala`, `República Dominicana` last. Members
and observers are those on the Conference's own pages (crmsv.org, rcmvs.org), bodies those of its reports and plans.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from crmxl.text import B, Lang, fold, listed

Nature = Literal["organ", "observer", "organisation"]


@dataclass(frozen=True, slots=True)
class Member:
    """A member country: its code, its short name, the language in which it is written to, other names in use."""

    code: str
    name: B
    lang: Lang = "es"
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """An organ of the Conference, an observer country, or an organisation: who can have a task and sends no return."""

    code: str
    name: B
    variants: tuple[str, ...] = ()
    nature: Nature = "organisation"


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

ORGANS: tuple[Body, ...] = (
    Body(
        "CRM",
        B("CRM", "RCM"),
        (
            *("Conferencia Regional sobre Migración", "Regional Conference on Migration"),
            *("Reunión Viceministerial", "Vice-Ministerial Meeting"),
        ),
        "organ",
    ),
    Body(
        "GRCM",
        B("GRCM", "RCGM"),
        ("Grupo Regional de Consulta sobre Migración", "Regional Consultation Group on Migration"),
        "organ",
    ),
    Body(
        "RED",
        B("Red", "Network"),
        (
            "Red de trata",
            "Red de Trata y Tráfico",
            "Red de Tráfico y Trata",
            "Red de oficiales de enlace",
            "Liaison Officer Network",
        ),
        "organ",
    ),
)
"""The organs whose meetings the plan follows."""
ORGAN_NAMES: dict[str, B] = {organ.code: organ.name for organ in ORGANS}

BODIES: tuple[Body, ...] = (
    *ORGANS,
    Body("PROT", B("Red de Protección Consular", "Consular Protection Network"), ("Red de Protección",), "organ"),
    Body(
        "PPT",
        B("PPT", "PPT"),
        ("Presidencia Pro-Témpore", "Presidencia Pro Témpore", "Secretaría Pro-Témpore", "Pro-Tempore Presidency"),
        "organ",
    ),
    Body(
        "ST",
        B("ST", "TS"),
        ("Secretaría Técnica", "Technical Secretariat", "Secretaría Ejecutiva", "Executive Secretariat"),
        "organ",
    ),
    Body("TROIKA", B("Troika", "Troika"), (), "organ"),
    Body(
        "RROCM",
        B("RROCM", "RNCOM"),
        (
            "Red Regional de Organizaciones Civiles para las Migraciones",
            "Regional Network of Civil Organizations on Migration",
            *("sociedad civil", "organizaciones civiles", "civil society"),
        ),
        "organ",
    ),
    Body(
        "GT-FRONTERA",
        B("Grupo de Trabajo de Gestión Fronteriza", "Working Group on Border Management"),
        nature="organ",
    ),
    Body(
        "GT-LABORAL",
        B("Grupo de Trabajo de Migración Laboral", "Working Group on Labor Migration"),
        nature="organ",
    ),
    Body(
        "GT-IRREGULAR",
        B(
            "Grupo de Trabajo de Migración Irregular y Masiva",
            "Working Group on Irregular and Mass Migration",
        ),
        nature="organ",
    ),
    Body("GT-PROTECCION", B("Grupo de Trabajo de Protección", "Working Group on Protection"), nature="organ"),
    Body("OBS", B("Países observadores", "Observer countries"), ("observadores", "observers"), "observer"),
    Body("ARG", B("Argentina", "Argentina"), nature="observer"),
    Body("COL", B("Colombia", "Colombia"), nature="observer"),
    Body("ECU", B("Ecuador", "Ecuador"), nature="observer"),
    Body("JAM", B("Jamaica", "Jamaica"), nature="observer"),
    Body("PER", B("Perú", "Peru"), nature="observer"),
    Body(
        "OIM",
        B("OIM", "IOM"),
        ("Organización Internacional para las Migraciones", "International Organization for Migration"),
    ),
    Body("CEPAL", B("CEPAL", "ECLAC"), ("CEPAL-CELADE", "ECLAC-CELADE", "CELADE")),
    Body("ACNUR", B("ACNUR", "UNHCR")),
    Body("CIDH", B("CIDH", "IACHR")),
    Body(
        "RELATOR",
        B("Relator Especial sobre los Derechos Humanos de los Migrantes", "Special Rapporteur on migrants"),
        ("Relator Especial", "Relatoría Especial", "Special Rapporteur"),
    ),
    Body("SICA", B("SICA", "SICA")),
    Body("UNFPA", B("UNFPA", "UNFPA")),
    Body("SEGIB", B("SEGIB", "SEGIB")),
    Body("CICR", B("CICR", "ICRC")),
    Body("UNICEF", B("UNICEF", "UNICEF")),
    Body("OIT", B("OIT", "ILO"), ("OIT/IPEC", "OIT-IPEC", "IPEC")),
    Body("PNUD", B("PNUD", "UNDP")),
    Body("UNODC", B("UNODC", "UNODC"), ("ONUDD",)),
    Body("CORETT", B("Coalición Regional", "Regional Coalition"), ("CORETT",)),
)
"""Everybody else that a text of the plan can make responsible: organs, observers (five countries, thirteen
organisations), the coalition with which the network works."""

_ARTICLE = re.compile(r"^(the|la|el|los|las) (?=\w)")


def _key(name: str) -> str:
    return re.sub(r"[.\s]+", " ", _ARTICLE.sub("", fold(name))).strip()


_BY_NAME: dict[str, Member] = {
    _key(name): member for member in MEMBERS for name in (member.code, *member.name.both(), *member.variants)
}


def find(name: str) -> Member | None:
    """The member that a code or a usual name in Spanish or English means; None if it means none of them."""
    return _BY_NAME.get(_key(name))


def names(codes: Iterable[str]) -> B:
    """Member countries as a sentence lists them; all of them as `los once países`."""
    found = [BY_CODE[code].name for code in codes]
    if len(found) == len(MEMBERS):
        return B("los once países", "all eleven countries")
    return B(listed((name.es for name in found), "es"), listed((name.en for name in found), "en"))


@lru_cache(maxsize=1024)
def order(code: str) -> int:
    """The place of a country in the Conference's own order; unknown codes come last."""
    return CODES.index(code) if code in CODES else len(CODES)
