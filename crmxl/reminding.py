"""The letters of a cycle's folder: who is thanked, who is reminded, who is asked to correct, and what is attached.

The Secretariat thanks those that have sent, and reminds those that have not (report of the network's meeting of 21 June
2017); who was late has two months more (report of 8 June 2016). Letters are drafts that a mail program opens.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from crmxl import letters, members
from crmxl.dates import spoken
from crmxl.definition import COUNTRY, Column, Kind, Record
from crmxl.desk import LETTERS
from crmxl.files import UsageError, write_whole
from crmxl.keeping import Keeping
from crmxl.letters import Letter
from crmxl.logbook import AUTHOR
from crmxl.responses import SENT, STATES, Response, day
from crmxl.standing import named
from crmxl.text import LANGS, B, Bilingual, Lang
from crmxl.values import Date, Id, Text, Value
from crmxl.writing.data import Rows, write_data
from crmxl.writing.sheet import Workbook

MONTHS_MORE = 2
_LETTERS = Kind(
    key="letters",
    sheet=B("Cartas", "Letters"),
    title=B("Cartas del ciclo: borradores, nada se ha enviado", "Letters of the cycle: drafts, nothing has been sent"),
    id="country",
    fillable=False,
    columns=(
        COUNTRY,
        Column("state", B("Situación", "State"), Text(), width=24),
        Column("until", B("Plazo", "Deadline"), Date(), width=12),
        Column("to", B("Para", "To"), Text(), width=28),
        Column("subject", B("Asunto", "Subject"), Text(), width=36),
        Column("text", B("Texto", "Text"), Text(), width=70),
        Column("attached", B("Adjunto", "Attached"), Id(), width=30),
        Column("draft", B("Borrador", "Draft"), Id(), width=16),
    ),
)


@dataclass(frozen=True)
class Reminder:
    """A letter to a country as written: how the country stands, the wording, the draft, what is attached."""

    row: Response
    wording: str
    letter: Letter
    path: Path
    attached: Path | None


@dataclass(frozen=True)
class Reminded:
    """The letters of a day: the drafts, the sheet that lists them, the paragraph for the report of a meeting."""

    letters: tuple[Reminder, ...]
    sheet: Path
    paragraph: Path
    until: dt.date
    """The day that those which are late are asked to keep."""


def remind(keeping: Keeping, lang: Lang, countries: Sequence[str] = (), until: dt.date | None = None) -> Reminded:
    """Write the letters of the day into the folder devueltos, all or none; `until` is the day that those which are late
    are asked to keep, two months after the deadline if it is not given."""
    desk, today = keeping.desk, keeping.today
    if not keeping.known.issued and desk.issued is None:
        text = B("Todavía no se emitieron las plantillas: crmxl issue", "No templates were issued yet: crmxl issue")
        raise UsageError(text)
    board = keeping.board()
    until = until or _months_later(desk.deadline, MONTHS_MORE)
    folder = desk.folder("devueltos") / f"{LETTERS}-{today.isoformat()}"
    files: dict[Path, bytes] = {}
    made = []
    for row in board:
        if countries and row.country not in countries:
            continue
        one = _reminder(keeping, row, folder, until)
        attached = {one.attached.name: one.attached.read_bytes()} if one.attached else {}
        draft = letters.draft(one.letter, desk.mail.get(row.country, ""), attached)
        one = replace(one, path=_untaken(keeping, one.path, draft))
        files[one.path] = draft
        made.append(one)
    spoken_of = "\n".join(_paragraph(keeping, board)).encode()
    listed = _listed(keeping, made, lang)
    sheet = _untaken(keeping, folder / "cartas.xlsx", listed)
    paragraph = _untaken(keeping, folder / "reunion.txt", spoken_of)
    files |= {sheet: listed, paragraph: spoken_of}
    write_whole(files)
    lost = [one.row.country for one in made if not desk.mail.get(one.row.country)]
    if lost:
        text = B(
            "Sin dirección en crmxl.toml, sección [mail]: {names}. Escríbala en cada borrador, o ahí.",
            "Without an address in crmxl.toml, section [mail]: {names}. Write it into each draft, or there.",
        )
        keeping.notices.append(text.format(names=named(lost)))
    drafts = {keeping.said(path): hashlib.sha256(data).hexdigest() for path, data in files.items()}
    reached = [one.row.country for one in made if one.wording != "gracias"]
    keeping.note([("reminded", {"countries": reached, "drafts": drafts})])
    return Reminded(tuple(made), sheet, paragraph, until)


def _untaken(keeping: Keeping, path: Path, data: bytes) -> Path:
    """A name that is free, or where what we wrote stands as we wrote it: what somebody has worked on is not written
    over."""
    found, count, drafts = path, 1, keeping.known.drafts
    while found.exists() and not _is_ours(found, data, drafts.get(keeping.said(found), "")):
        count += 1
        found = path.with_name(f"{path.stem} ({count}){path.suffix}")
    return found


def _is_ours(path: Path, data: bytes, sha: str) -> bool:
    """Whether a file is what is to be written, or a draft that nobody has touched."""
    there = path.read_bytes()
    return there == data or hashlib.sha256(there).hexdigest() == sha


def _reminder(keeping: Keeping, row: Response, folder: Path, until: dt.date) -> Reminder:
    """The letter to one country."""
    desk, lang = keeping.desk, keeping.desk.lang(row.country)
    wording = (
        "gracias" if row.state in ("valid", "explained", "nothing") else "correccion" if row.files else "recordatorio"
    )
    if row.state == "refused" and not row.review:
        wording = "ilegible"
    attached = _attached(keeping, row, wording)
    received = row.sent if row.last else None
    said = day(keeping.known.of(row.country, "nothing"))
    told = {
        "country": members.BY_CODE[row.country].name[lang],
        "cycle": desk.cycle,
        "deadline": spoken(desk.deadline, lang),
        "term": _term(row, keeping, until)[lang],
        "file": row.file,
        "received": spoken(received, lang) if received else "",
        "told": spoken(said, lang) if said and not row.last else "",
        "points": str(row.errors or 1),
        "attached": attached.name if attached else "",
        "contact": desk.contact or AUTHOR[lang],
    }
    letter = letters.worded(desk.folder(LETTERS), wording, lang, told)
    return Reminder(row, wording, letter, folder / f"{row.country}.eml", attached)


def _attached(keeping: Keeping, row: Response, wording: str) -> Path | None:
    """The template of a country that has not sent, the checked copy of one that is asked to correct."""
    if wording == "gracias":
        return None
    path = keeping.desk.folder("emitidos") / f"{row.country}.xlsx"
    if wording == "correccion":
        path = keeping.desk.root / row.review if row.review else path
    if path.is_file():
        return path
    text = B("No está {path}: la carta va sin adjunto.", "{path} is not there: the letter goes without attachment.")
    keeping.notices.append(text.format(path=path))
    return None


def _term(row: Response, keeping: Keeping, until: dt.date) -> Bilingual:
    """By when a country is asked to send."""
    due, today = keeping.desk.deadline, keeping.today
    told = {"due": _day(due), "until": _day(row.until)}
    if row.until > due and row.until >= today:
        past = B(
            "El plazo era el {due}; su país tiene prórroga hasta el {until}.",
            "The deadline was {due}; your country has an extension until {until}.",
        )
        coming = B(
            "El plazo es el {due}; su país tiene prórroga hasta el {until}.",
            "The deadline is {due}; your country has an extension until {until}.",
        )
        return (past if due < today else coming).format(**told)
    if due >= today:
        return B("El plazo vence el {due}.", "The deadline is {due}.").format(**told)
    if until >= today:
        text = B(
            "El plazo venció el {due}. Le rogamos que envíe su información a más tardar el {late}.",
            "The deadline was {due}. Please send your information by {late}.",
        )
        return text.format(late=_day(until), **told)
    text = B(
        "El plazo venció el {due}. Le rogamos que envíe su información cuanto antes.",
        "The deadline was {due}. Please send your information as soon as possible.",
    )
    return text.format(**told)


def _day(when: dt.date) -> Bilingual:
    return B(spoken(when), spoken(when, "en"))


def _months_later(when: dt.date, months: int) -> dt.date:
    """The same day some months later, or the last one of a shorter month."""
    years, month = divmod(when.month - 1 + months, 12)
    for last in range(when.day, 27, -1):
        try:
            return dt.date(when.year + years, month + 1, last)
        except ValueError:
            continue
    return dt.date(when.year + years, month + 1, when.day)


def _paragraph(keeping: Keeping, board: Sequence[Response]) -> Iterator[str]:
    """The paragraph for the report of a meeting, in both languages: who is thanked, who is reminded."""
    sent = [row.country for row in board if row.state in SENT]
    missing = [row.country for row in board if row.state not in SENT]
    for lang in LANGS:
        told = {
            "cycle": keeping.desk.cycle,
            "sent": named(sent)[lang] if sent else "",
            "missing": named(missing)[lang] if missing else "",
        }
        letter = letters.worded(keeping.desk.folder(LETTERS), "reunion", lang, told)
        yield f"{letter.subject}\n\n{letter.text}"


def _listed(keeping: Keeping, made: Sequence[Reminder], lang: Lang) -> bytes:
    """The letters as a sheet."""
    workbook = Workbook(_LETTERS.sheet[lang], AUTHOR[lang], keeping.today, lang)
    title = (_LETTERS.title or _LETTERS.sheet)[lang]
    records = []
    for one in made:
        values: dict[str, Value] = {
            "country": one.row.country,
            "state": STATES[one.row.state][lang],
            "until": one.row.until,
            "to": keeping.desk.mail.get(one.row.country) or None,
            "subject": one.letter.subject,
            "text": one.letter.text.strip(),
            "attached": one.attached.name if one.attached else None,
            "draft": one.path.name,
        }
        records.append(Record((one.row.country,), values))
    write_data(workbook, _LETTERS.items_table, Rows(records, (title, keeping.today.isoformat())), lang)
    return workbook.finish()
