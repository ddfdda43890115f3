"""Whose a returned file is, and which issued copy it answers, as far as stamp, block Envío and the copies tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from crmxl import members
from crmxl.definition import Kind
from crmxl.findings import Finding, Place, finding
from crmxl.issued import Issued, Stamp
from crmxl.messages import Code
from crmxl.reading import Book
from crmxl.text import LANGS, B, Bilingual, together
from crmxl.values import Value

Claims: TypeAlias = Mapping[Bilingual, str]
"""What a file says of its country: where it says it, and the code."""


def claimed(stamp: Stamp | None, envelope: Mapping[str, Value], issued: Issued | None) -> Claims:
    """What a file says of its country, and where."""
    printed = stamp.country if stamp else ""
    said = {
        B("la copia emitida dice", "the issued copy says"): issued.country if issued else "",
        B("la plantilla dice", "the template says"): "" if issued and issued.country == printed else printed,
        B("el bloque Envío dice", "the block Sending says"): str(envelope.get("country") or ""),
    }
    return {who: code for who, code in said.items() if code}


def identify(claims: Claims, option: str | None) -> tuple[str | None, Bilingual | None]:
    """The country of a file, or why it cannot be told. The issued copy decides; the option of the ST overrides all."""
    if option:
        return option, None
    if len(set(claims.values())) == 1:
        return next(iter(claims.values())), None
    return None, _listed(claims) if claims else B("no lo dice", "it does not say")


def against(claims: Claims, option: str | None, place: Place) -> Iterator[Finding]:
    """The Secretariat says that a file is of a country of which nothing in it speaks."""
    if option and claims and option not in claims.values():
        yield finding(Code.E104, place, country=members.BY_CODE[option].name, details=_listed(claims))


def _listed(claims: Claims) -> Bilingual:
    names = {
        who: members.BY_CODE[code].name if code in members.BY_CODE else B(code, code) for who, code in claims.items()
    }
    return Bilingual(*("; ".join(f"{who[lang]} {name[lang]}" for who, name in names.items()) for lang in LANGS))


def about_copy(
    book: Book, stamp: Stamp | None, issued: Mapping[str, Issued], kinds: Sequence[Kind], *, known: bool
) -> Iterator[Finding]:
    """What there is to say of the copy that a file was issued as: it is not there, or of another version."""
    if stamp is None or stamp.issue not in issued:
        yield _no_copy(book, stamp, issued, known=known)
    yield from _older(book, stamp, kinds)


def _older(book: Book, stamp: Stamp | None, kinds: Sequence[Kind]) -> Iterator[Finding]:
    """A template whose definitions are of another version than ours."""
    versions = dict(name.split(":", 1) for name in (stamp.kinds if stamp else ()) if ":" in name)
    now = {kind.key: str(kind.version) for kind in kinds if kind.key in versions}
    old = [kind for kind in kinds if kind.key in now and versions[kind.key] != now[kind.key]]
    if old:
        found, current = (
            Bilingual(*(", ".join(f"{kind.sheet[lang]} {of[kind.key]}" for kind in old) for lang in LANGS))
            for of in (versions, now)
        )
        since = [text for kind in old for text in _since(kind, versions[kind.key])]
        changes = together("; ", *since) if since else B("no se sabe", "not known")
        arguments = (("found", found), ("current", current), ("changes", changes))
        yield Finding(Code.B105, Place(book.source), arguments)


def _since(kind: Kind, version: str) -> Iterator[Bilingual]:
    """What has changed in a kind since a version."""
    for number, text in sorted(kind.changes.items()):
        if version.isdigit() and number > int(version):
            yield text


def _no_copy(book: Book, stamp: Stamp | None, issued: Mapping[str, Issued], *, known: bool) -> Finding:
    """Why a file was not held against its issued copy: no stamp, another cycle, or the copy is not there."""
    place = Place(book.source)
    current = max(issued.values(), key=lambda copy: copy.deadline, default=None)
    if stamp is None:
        return finding(Code.B104, place)
    if current is not None and stamp.cycle and stamp.cycle != current.cycle:
        return finding(Code.B103, place, found=stamp.cycle, current=current.cycle)
    return finding(Code.B101 if known else Code.B102, place)
