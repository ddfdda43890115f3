"""Texts: labels in two languages, and when two texts are the same words.

Labels of ours are `Bilingual`: a missing language is an error when it is made. What people wrote is plain
`str`, kept as they wrote it; `fold` is for comparing, never for storing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeVar

Lang = Literal["es", "en"]
LANGS: tuple[Lang, ...] = ("es", "en")

T = TypeVar("T")

MONTH_NAMES: dict[Lang, tuple[str, ...]] = {
    "es": (
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A label in Spanish and English; `label["es"]` picks one."""

    es: str
    en: str

    def __post_init__(self) -> None:
        if not self.es.strip() or not self.en.strip():
            raise ValueError(f"a label needs both languages: {self.es!r} / {self.en!r}")

    def __getitem__(self, lang: Lang) -> str:
        return self.es if lang == "es" else self.en

    def both(self) -> tuple[str, str]:
        """The two texts, Spanish first."""
        return (self.es, self.en)

    def format(self, **arguments: object) -> Bilingual:
        """Fill both languages; an argument that is itself Bilingual gives each language its own text."""
        return Bilingual(*(getattr(self, lang).format(**_spoken(arguments, lang)) for lang in LANGS))


B = Bilingual


def together(by: str, *labels: Bilingual) -> Bilingual:
    """Labels one behind the other in both languages, with a sign between them."""
    return Bilingual(by.join(label.es for label in labels), by.join(label.en for label in labels))


def _spoken(arguments: dict[str, object], lang: Lang) -> dict[str, object]:
    return {k: v[lang] if isinstance(v, Bilingual) else v for k, v in arguments.items()}


_SIGNS = {
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
    **dict.fromkeys(map(ord, "‘’‚‛′´`"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″«»"), '"'),
}
_SPACES = re.compile(r"\s+")


class _Visible(dict[int, int | None]):
    """For `str.translate`: drops format characters (zero width, direction marks, soft hyphen) and controls that are no
    white space. Each character is judged once, when it is first met."""

    def __missing__(self, code: int) -> int | None:
        char = chr(code)
        seen = char.isspace() or unicodedata.category(char) not in ("Cf", "Cc")
        self[code] = code if seen else None
        return self[code]


_VISIBLE = _Visible()


class _Bare(dict[int, int | None]):
    """For `str.translate`: drops accents, and what `_Visible` drops."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else _VISIBLE[code]
        return self[code]


_BARE = _Bare()
TEXTS = 16_384
"""Texts of which it is known how they compare: the same ones come again in every template."""


def tidy(text: str) -> str:
    """The same text with composed accents, without invisible characters, single spaces, no edges. Case stays."""
    if text.isascii() and text.isprintable():
        return _SPACES.sub(" ", text).strip() if "  " in text else text.strip()
    return _composed(text)


@lru_cache(maxsize=TEXTS)
def _composed(text: str) -> str:
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(_VISIBLE)).strip()


@lru_cache(maxsize=TEXTS)
def fold(text: str) -> str:
    """A key under which two texts are the same words: case, accents, kinds of dash, quote and space don't count.

    >>> fold("  POR\\u00a0DEFINIR ") == fold("Por definir")
    True
    """
    plain = tidy(text)
    if plain.isascii():
        return plain.casefold()
    spread = unicodedata.normalize("NFKD", plain.translate(_SIGNS).casefold()).translate(_SIGNS)
    bare = spread.translate(_BARE)
    return _SPACES.sub(" ", unicodedata.normalize("NFKD", bare.casefold())).strip()


_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CELL_LIMIT = 32_767
"""Characters that one cell of a workbook can hold."""


def units(text: str) -> int:
    """How long a text is as a workbook counts: an emoji counts as two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def storable(text: str) -> str:
    """The text as a workbook can hold it: line ends as LF, characters that XML forbids as U+FFFD."""
    if text.isprintable():
        return text
    return _FORBIDDEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def within_cell(text: str) -> str:
    """The text as one cell of a workbook can hold it; what is longer is cut, and ends in an ellipsis."""
    text = storable(text)
    if units(text) <= CELL_LIMIT:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * (CELL_LIMIT - 2)].decode("utf-16-le", "ignore") + "…"


def unique(things: Iterable[T]) -> tuple[T, ...]:
    """Each thing once, in the order of its first appearance."""
    return tuple(dict.fromkeys(things))


def listed(words: Iterable[str], lang: Lang) -> str:
    """Words as a sentence lists them: `a, b y c`, `a, b and c`."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + (" y " if lang == "es" else " and ") + items[-1]
