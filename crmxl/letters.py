"""The letters of a cycle: their wording, which the Secretariat may change, and how it becomes a draft of a mail.

A wording is a text of its own: its first line is the subject, after a blank line comes the letter. What stands in
braces is put in: the country, the cycle, days, names of files. Nothing is ever sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from crmxl.files import UsageError
from crmxl.text import LANGS, B, Bilingual, Lang

FIELDS: Mapping[str, Bilingual] = {
    "country": B("pais", "country"),
    "cycle": B("ciclo", "cycle"),
    "deadline": B("plazo", "deadline"),
    "term": B("termino", "term"),
    "file": B("archivo", "file"),
    "received": B("recibido", "received"),
    "points": B("puntos", "points"),
    "attached": B("adjunto", "attached"),
    "contact": B("contacto", "contact"),
    "sent": B("enviaron", "sent"),
    "missing": B("faltan", "missing"),
    "told": B("avisado", "told"),
}
"""What can stand in braces, by the name that it has in each language."""

WORDINGS = ("recordatorio", "correccion", "ilegible", "gracias", "reunion")
"""A reminder, points to correct, what could not be read, thanks; and the paragraph for the report of a meeting."""
_COME = Path(__file__).parent / "wordings"
_BRACED = re.compile(r"\{([^{}]*)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
"""What stands in square brackets is left out where something in it has nothing to be put in."""


@dataclass(frozen=True)
class Letter:
    """A letter as worded: to whom, its subject and text."""

    subject: str
    text: str


def file_name(name: str, lang: Lang) -> str:
    """The file of a wording."""
    return f"{name}.{lang}.txt"


def as_come() -> dict[str, bytes]:
    """Every wording as it comes, by the name of its file."""
    names = [file_name(name, lang) for name in WORDINGS for lang in LANGS]
    return {name: (_COME / name).read_bytes() for name in names}


def worded(folder: Path, name: str, lang: Lang, told: Mapping[str, str]) -> Letter:
    """A letter in the wording of a folder, else as it comes; a UsageError that names braces that mean nothing."""
    path = folder / file_name(name, lang)
    path = path if path.is_file() else _COME / path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        wrong = B(
            "{path} no se puede leer: guárdelo como texto UTF-8.", "{path} cannot be read: save it as UTF-8 text."
        )
        raise UsageError(wrong.format(path=path)) from fault
    known = {spoken: told.get(key, "") for key, names in FIELDS.items() for spoken in names.both()}
    if strange := [word for word in _BRACED.findall(text) if word.strip() not in known]:
        names = ", ".join(f"{{{field[lang]}}}" for field in FIELDS.values())
        wrong = B(
            "{path}: no se sabe qué poner en {{{found}}}; puede decir: {names}.",
            "{path}: what to put into {{{found}}} is not known; it may say: {names}.",
        )
        raise UsageError(wrong.format(path=path, found=strange[0], names=names))
    text = _OPTIONAL.sub(lambda part: "" if _lacks(part[1], known) else part[1], text.replace("\r\n", "\n"))
    whole = _BRACED.sub(lambda match: known[match[1].strip()], text)
    subject, _, body = whole.partition("\n")
    if not subject.strip() or not body.strip():
        wrong = B(
            "{path}: la primera línea es el asunto, y debajo va la carta; falta una de las dos.",
            "{path}: the first line is the subject, and the letter stands below; one of them is missing.",
        )
        raise UsageError(wrong.format(path=path))
    return Letter(" ".join(subject.split()), body.strip() + "\n")


def _lacks(part: str, known: Mapping[str, str]) -> bool:
    """Whether something that a part of a letter says is not known."""
    return any(not known[word.strip()] for word in _BRACED.findall(part))


def draft(letter: Letter, to: str, attachments: Mapping[str, bytes]) -> bytes:
    """A mail as a file that a mail program opens as a draft (`X-Unsent`), with what is attached by name."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = letter.subject
    if to:
        mail["To"] = to
    mail["X-Unsent"] = "1"
    mail.set_content(letter.text, charset="utf-8", cte="quoted-printable")
    for name, data in attachments.items():
        mail.add_attachment(
            data, maintype="application", subtype="vnd.openxmlformats-officedocument.spreadsheetml.sheet", filename=name
        )
    if attachments:
        mail.set_boundary("=_crmxl_" + "".join(sorted(attachments)).encode().hex()[:40])
    return mail.as_bytes()
