"""Citations in the plan: `(Ref.: p. 10.b, CC, CRM, mayo, 2002)`.

A citation stands in round brackets and opens with `Ref` in any case, with or without a full stop and a colon.
Its parts (locator, document, organ, month, year) come in two orders, with the oddities of a text written over
ten years; so the body is kept whole and verbatim, as one citation.
"""

from __future__ import annotations

import re

_CITATION = re.compile(r"\(\s*ref\b\s*\.?\s*:?\s*(?P<body>[^()]*?)\s*\)", re.IGNORECASE)


def citations(text: str) -> tuple[str, ...]:
    """The bodies of the citations of a text, in order, verbatim.

    >>> citations("Informar. (Ref: pto. 8, Deci., CRM, mayo, 2004)")
    ('pto. 8, Deci., CRM, mayo, 2004',)
    """
    return tuple(match["body"] for match in _CITATION.finditer(text))


def without_citations(text: str) -> str:
    """The text with its citations cut out; what stays is verbatim but for the edges of the cut."""
    return _CITATION.sub(" ", text).strip()
