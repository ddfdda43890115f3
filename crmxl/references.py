"""Citations in the plan: `(Ref.: p. 10.b, CC, CRM, mayo, 2002)`.

    citation := "(" "Ref" ["."] [":"] body ")"
    body     := [locator ","] part {"," part}
    locator  := ("p." | "pto." | "pf.") token            8, 10.b, e.B, ii
    part     := organ | document | place | month ["," | "de"] year

Organ and document come in two orders, with the oddities of a text written over ten years: missing commas and full
stops, `p.ii` without a space, `pf 11` without its stop, a place instead of the organ, `XI RCM` in English. The body is
kept whole and verbatim; what is understood stands beside it, and `Reference.rest` holds what is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from crmxl.members import ORGAN_NAMES
from crmxl.text import MONTH_NAMES, B, Bilingual, Lang, fold

_CITATION = re.compile(r"\(\s*ref\b\s*\.?\s*:?\s*(?P<body>[^()]*?)\s*\)", re.IGNORECASE)

DOCUMENTS: dict[str, Bilingual] = {
    "CC": B("Comunicado Conjunto", "Joint Communique"),
    "DECI": B("Decisiones", "Decisions"),
    "DECLA": B("Declaración", "Declaration"),
    "CONCL": B("Conclusiones", "Conclusions"),
    "INF": B("Informe de la Red", "Report of the Network"),
}
"""The documents that are cited: joint communiqués of the Conference until 2002, declarations and decisions since 2003,
conclusions of its consultation group, reports of its networks."""
_DOCUMENT = (
    (re.compile(r"c\.? ?c\.?"), "CC"),
    (re.compile(r"deci(?:s(?:ion(?:es)?)?)?\.?"), "DECI"),
    (re.compile(r"decla(?:racion)?\.?"), "DECLA"),
    (re.compile(r"concl(?:usion(?:es)?)?\.?"), "CONCL"),
    (
        re.compile(r"inf(?:orme)?\.? (?:de )?(?:la )?(?:red )?(?:de )?trata.*|inf(?:orme)?\.? (?:de )?(?:la )?red.*"),
        "INF",
    ),
)
_ORGAN = re.compile(r"(?:(?P<nth>[ivxl]+) )?(?P<organ>crm|rcm|grcm|rcgm|red)\.?")
_ENGLISH = {"rcm": "CRM", "rcgm": "GRCM"}
_LOCATOR = re.compile(r"(?P<kind>pto|pf|p)\s*\.?\s*(?P<token>[0-9a-z]+(?:\.[0-9a-z]+)?)", re.IGNORECASE)
_LOCATORS: dict[str, Bilingual] = {
    "p": B("punto", "point"),
    "pto": B("punto", "point"),
    "pf": B("párrafo", "paragraph"),
}
_WHEN = re.compile(
    rf"\b(?P<month>{'|'.join(MONTH_NAMES['es'])}|setiembre)\b,?\s*(?:del? )?(?P<year>(?:19|20)\d\d)\b\s*\.?\s*$"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A citation understood: where in which document of which organ, of which month; `text` is its body verbatim.

    `locator` is the kind of place (`p` a point, `pf` a paragraph) and its token; `nth` the roman number of a meeting
    that is named by it; `place` a place named instead of an organ; `rest` what was not understood.
    """

    text: str
    locator: tuple[str, str] | None = None
    document: str | None = None
    organ: str | None = None
    nth: str | None = None
    place: str | None = None
    year: int | None = None
    month: int | None = None
    rest: tuple[str, ...] = ()

    @property
    def meeting(self) -> tuple[str, int, int] | None:
        """The meeting that is cited: organ, year, month; None where the citation does not tell."""
        if self.organ is None or self.year is None or self.month is None:
            return None
        return self.organ, self.year, self.month

    def normal(self, lang: Lang) -> str:
        """The one form in which citations are listed: `CRM, mayo de 2004, Decisiones, punto 8`."""
        return ", ".join(self._parts(lang))

    def _parts(self, lang: Lang) -> Iterator[str]:
        if self.organ:
            yield " ".join(filter(None, (self.nth, ORGAN_NAMES[self.organ][lang])))
        if self.place:
            yield self.place
        if self.month and self.year:
            yield f"{MONTH_NAMES[lang][self.month - 1]}{' de ' if lang == 'es' else ' '}{self.year}"
        if self.document:
            yield DOCUMENTS[self.document][lang]
        if self.locator:
            yield f"{_LOCATORS[self.locator[0]][lang]} {self.locator[1]}"
        yield from self.rest


def read_reference(body: str) -> Reference:
    """Understand the body of a citation. Never raises; what is not understood is in `rest`.

    >>> read_reference("pto. 8, Deci., CRM, mayo, 2004").normal("es")
    'CRM, mayo de 2004, Decisiones, punto 8'
    """
    found = Reference(body)
    plain = "".join((fold(char) or " ")[0] for char in body)  # one for one, so that positions are the same
    dated = _WHEN.search(plain)
    if dated:
        month = dated["month"].replace("setiembre", "septiembre")
        found = replace(found, year=int(dated["year"]), month=MONTH_NAMES["es"].index(month) + 1)
        body = body[: dated.start()]
    for part in (piece.strip(" .,\t\n") if piece.strip(" .") else "" for piece in body.split(",")):
        if part:
            found = _with_part(found, part)
    if found.organ is None and len(found.rest) == 1 and found.rest[0][:1].isupper() and " " not in found.rest[0]:
        found = replace(found, place=found.rest[0], rest=())
    return found


def _with_part(found: Reference, part: str) -> Reference:
    """A citation with one more part understood."""
    words = fold(part)
    locator = _LOCATOR.fullmatch(part.strip())
    if locator and found.locator is None and fold(locator["kind"]) in _LOCATORS:
        return replace(found, locator=(fold(locator["kind"]), locator["token"]))
    organ = _ORGAN.fullmatch(words)
    if organ and found.organ is None:
        name = organ["organ"]
        return replace(found, organ=_ENGLISH.get(name, name.upper()), nth=organ["nth"] and organ["nth"].upper())
    document = next((key for pattern, key in _DOCUMENT if pattern.fullmatch(words)), None)
    if document and found.document is None:
        return replace(found, document=document)
    return replace(found, rest=(*found.rest, part))


def citations(text: str) -> tuple[str, ...]:
    """The bodies of the citations of a text, in order, verbatim.

    >>> citations("Informar. (Ref: pto. 8, Deci., CRM, mayo, 2004)")
    ('pto. 8, Deci., CRM, mayo, 2004',)
    """
    return tuple(match["body"] for match in _CITATION.finditer(text))


def without_citations(text: str) -> str:
    """The text with its citations cut out; what stays is verbatim but for the edges of the cut."""
    return _CITATION.sub(" ", text).strip()


_CROSS = re.compile(
    r"\b(?:punto|numeral|actividad|objetivo|point|item|activity)s? +(?P<item>\d+(?:\.\d+)*)\b[^.;]{0,40}?"
    r"\b(?:este|presente|de este|this) plan\b",
    re.IGNORECASE,
)


def cross_references(text: str) -> tuple[str, ...]:
    """The numbers of items of the same plan to which a text refers (`Referirse al punto 6.3 de este Plan`)."""
    return tuple(match["item"] for match in _CROSS.finditer(text))
