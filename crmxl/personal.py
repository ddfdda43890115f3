"""Personal data in free text: what a template must not hold, found by its form.

Only what is sure enough to be worth a question: addresses of mail, telephone numbers with their word or their prefix,
numbers of documents with their word, days of birth with their word. Numbers of laws and days of meetings are none.
"""

from __future__ import annotations

import re

from crmxl.messages import Code
from crmxl.text import fold

_COUNTED = (
    r"%|(?:de )?(?:colones|pesos|dolares|quetzales|lempiras|cordobas|balboas|euros|usd|us\$|personas|casos|people)"
)
"""Of what a number is an amount, and not a telephone."""
_YEARS = r"(?:19|20)\d\d-(?:(?:19|20)\d\d|\d\d)\b"
_NO_ONE = r"(?![^.;]{0,20}?\b(?:desde|partir|despues|antes|hasta|since|after|before|until)\b)"
"""Not a day from or until which something holds for all that were born."""
_NUMBER = r"[+(]?\d[\d\s().-]{5,16}\d\b"
_PATTERNS: tuple[tuple[Code, re.Pattern[str]], ...] = (
    (Code.P101, re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")),
    (
        Code.P102,
        re.compile(
            rf"\b(?:tel|telefono|telefonos|tels|cel|celular|movil|whatsapp|phone|mobile|fax)\b[\s.:n°#]*{_NUMBER}"
            rf"|\+\d{{1,3}}[\s.-]?\(?\d[\d\s().-]{{5,14}}\d\b(?!\s*(?:{_COUNTED}))"
        ),
    ),
    (
        Code.P103,
        re.compile(
            r"\b(?:cedula|dui|dpi|dni|curp|pasaporte|passport|documento de identidad|carne|id card|ssn|nit|ruc)\b"
            r"[\s.:n°#-]*(?:no\.?|num\.?|numero|number|of)?[\s.:#-]*"
            rf"(?!{_YEARS})(?=[a-z\d-]*\d{{4}})[a-z\d][a-z\d-]{{4,20}}"
            r"|\b[a-z]{4}\d{6}[hm][a-z]{5}[a-z\d]\d\b"
        ),
    ),
    (
        Code.P104,
        re.compile(
            rf"\b(?:nacid[oa]s?|nacimiento|born|date of birth|dob|f\.? ?n\.?)\b{_NO_ONE}[^.;]{{0,20}}?\b"
            r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2} de [a-z]+ del? \d{4}|[a-z]+ \d{1,2},? \d{4}|\d{4}-\d\d-\d\d)"
        ),
    ),
)


_FIGURES = re.compile(r"(?:\d[^\d]*){4}")
"""Figures enough for a telephone, a document or a day."""


def personal(text: str) -> list[Code]:
    """The kinds of personal data that a text holds, as far as its form tells.

    >>> [code.name for code in personal("Escribir a ana.perez@migracion.go.cr")]
    ['P101']
    """
    if "@" not in text and not _FIGURES.search(text):
        return []
    plain = fold(text)
    return [code for code, pattern in _PATTERNS if pattern.search(plain)]
