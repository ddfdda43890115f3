"""A cycle's folder while a command is at work in it: what arrives is taken in, what is noted by hand is kept.

Originals are moved, unchanged, from `entrada` to `recibidos/<start of their SHA-256>/`; the journal has a line for
each. Whatever moment a command is stopped at, the next one finds the file in one of the two places, and writes the
line that is missing. What the Secretariat writes into the yellow cells of `registro.xlsx` becomes lines of the journal.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crmxl import members
from crmxl.cycle import slug
from crmxl.desk import Desk
from crmxl.files import UsageError, is_not_ours, write_whole
from crmxl.journal import NO_WRITING, alone, is_own, read_journal
from crmxl.ledger import COUNTRY, NOTHING, Arrival, Ledger, Verdict, ledger
from crmxl.logbook import corrections, write_register
from crmxl.messages import Code
from crmxl.receiving import Registered
from crmxl.responses import Response, responses
from crmxl.submission import Submission
from crmxl.text import B, Bilingual, Lang

REGISTER = "registro.xlsx"
INBOX, ORIGINALS = "entrada", "recibidos"
SHORT = 12
"""Characters of a SHA-256 that name the folder of an original."""
NAME_LIMIT = 100
"""Characters of the name under which an original is kept: longer paths are more than Windows opens."""
PUT_AWAY = "reemplazados"
"""Where the copies are, in devueltos, that are not to go back any more."""
NOT_MOVED = B(
    "{path} responde a un archivo que ya fue reemplazado: no lo envíe. No se pudo mover; ciérrelo si está abierto.",
    "{path} answers a file that has been replaced: do not mail it. It could not be moved; close it if it is open.",
)
_HOME = re.compile(rf"[0-9a-f]{{{SHORT}}}")


class Keeping:
    """A cycle's folder, its journal and what it tells; `notices` are what the person at work should know."""

    def __init__(self, desk: Desk, at: dt.datetime) -> None:
        self.desk = desk
        self.at = at.astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ", "seconds")
        self.today = at.date()
        self.journal = read_journal(desk.folder(ORIGINALS))
        self.notices: list[Bilingual] = []
        self.altered: set[Path] = set()
        """Originals that somebody has changed since they came."""

    @property
    def known(self) -> Ledger:
        """What the journal tells."""
        return ledger(self.journal.lines)

    def note(self, events: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """Write into the journal what happened."""
        self.journal = self.journal.having(events, self.at)

    @property
    def registered(self) -> dict[Path, Registered]:
        """What the register knows of each original that counts."""
        return {path: Registered(one.sha256, one.received) for path, one in self.originals.items()}

    @property
    def countries(self) -> dict[str, str]:
        """The country of each original that the Secretariat has told, by its path; of several workbooks that came in
        one file, by the SHA-256 of each."""
        known, here = self.known, self.originals
        told = {str(path): one.said.get(COUNTRY) for path, one in here.items() if not one.several}
        there = {one.sha256 for one in here.values()}
        told |= {
            sha: known.of(sha, COUNTRY)
            for sha, (arrival, _) in known.parts.items()
            if arrival.sha256 in there and known.counts(sha)
        }
        return {name: code for name, code in told.items() if code}

    @property
    def by_word(self) -> dict[str, str]:
        """The countries that said, otherwise than by a file, that they have nothing to report, with the day; of one
        that has sent a file, the file counts."""
        known = self.known
        sent = {one.country for one in self.board() if one.last}
        return {code: day for code in members.CODES if code not in sent and (day := known.of(code, NOTHING))}

    def board(self) -> tuple[Response, ...]:
        """How each country stands today."""
        return board(self.desk, self.known, self.today)

    def original(self, arrival: Arrival) -> Path:
        """Where the original of a file is."""
        return self.desk.folder(ORIGINALS) / arrival.sha256[:SHORT] / kept_name(arrival.name)

    @property
    def originals(self) -> dict[Path, Arrival]:
        """The originals that count, in the order in which they came; one that is gone is told."""
        found = {self.original(arrival): arrival for arrival in self.known.arrivals if arrival.used}
        for path in self.altered:
            found.pop(path, None)
        for path in [path for path in found if not path.is_file()]:
            text = B(
                "Falta el original {path}: si lo borró, póngalo otra vez en entrada; si la carpeta se está "
                "sincronizando, espere.",
                "The original {path} is missing: if you deleted it, put it into entrada again; if the folder is being "
                "synchronised, wait.",
            )
            self.notices.append(text.format(path=path))
            del found[path]
        return found

    def checked(self, received: Iterable[Submission]) -> None:
        """Write down what was found in files, where it was not found before."""
        by_file: dict[str, list[Verdict]] = {}
        for item in received:
            by_file.setdefault(item.parcel or item.source.sha256, []).append(_verdict(item))
        known = {arrival.sha256: arrival for arrival in self.known.arrivals}
        for sha, found in by_file.items():  # what was not looked at again, for it does not count, stays known
            looked_at = {one.sha256 for one in found}
            found += [one for one in (known[sha].verdicts or () if sha in known else ()) if one.sha256 not in looked_at]
            found.sort(key=lambda one: (one.name, one.sha256))
        self.note([
            ("checked", {"sha256": sha, "books": [asdict(one) for one in found]})
            for sha, found in by_file.items()
            if sha in known and set(known[sha].verdicts or ()) != set(found)
        ])  # fmt: skip

    def reviewed(self, copies: Iterable[tuple[Submission, Path]]) -> None:
        """Write down the copies that go back, each with the file and the workbook that it answers, and to whom."""
        self._note_reviews(
            (one.parcel or one.source.sha256, one.source.sha256, one.country or "", path) for one, path in copies
        )

    def _note_reviews(self, copies: Iterable[tuple[str, str, str, Path]]) -> None:
        self.note([
            ("reviewed", {"sha256": sha, "book": book, "country": country, "copy": self.said(path)})
            for sha, book, country, path in copies
        ])  # fmt: skip

    def put_away(self, replaced: Iterable[Submission]) -> None:
        """Move the copies that were to go back, of files that a later one has replaced or that do not count, into a
        folder of their own, so that nobody mails them."""
        moved: list[tuple[str, str, str, Path]] = []
        over = {item.source.sha256 for item in replaced} | self.known.withdrawn
        pairs = [(one, book) for one in self.known.arrivals for book in one.reviews if book in over]
        for one, book in pairs:
            copy = self.desk.root / one.reviews[book]
            if not copy.is_file() or copy.parent.name == PUT_AWAY:
                continue
            target = _free(copy.parent / PUT_AWAY / copy.name)
            try:
                target.parent.mkdir(exist_ok=True)
                for path in (copy.with_suffix(".txt"), copy):
                    if path.is_file():
                        path.replace(target.with_suffix(path.suffix))
            except OSError:
                self.notices.append(NOT_MOVED.format(path=copy))
                continue
            moved.append((one.sha256, book, one.reviewed_for.get(book, ""), target))
        self._note_reviews(moved)

    @property
    def deadlines(self) -> dict[str, dt.date | None]:
        """The day until which each country may send; None where it is past."""
        return {row.country: row.until if row.until >= self.today else None for row in self.board()}

    def issued(self, paths: Sequence[Path]) -> None:
        """Write down to whom templates were issued."""
        codes = [path.stem for path in paths if path.stem not in self.known.issued]
        if codes:
            told = {"cycle": slug(self.desk.cycle), "deadline": self.desk.deadline.isoformat(), "countries": codes}
            self.note([("issued", told)])

    def published(self, workbook: Path) -> None:
        """Write down of which consolidated workbook the circulating copy was made."""
        self.note([("published", {"of": workbook.name})])

    def merged(self, path: Path, as_of: dt.date) -> None:
        """Write down that a consolidated workbook was made."""
        self.note([("merged", {"name": path.name, "sha256": _digest(path), "as_of": as_of.isoformat()})])

    def said(self, path: Path) -> str:
        """A path as it is told inside the folder."""
        return path.relative_to(self.desk.root).as_posix() if path.is_relative_to(self.desk.root) else path.name


def board(desk: Desk, known: Ledger, today: dt.date) -> tuple[Response, ...]:
    """How each country that was asked stands on a day."""
    return responses(known, slug(desk.cycle), desk.deadline, desk.countries or members.CODES, today)


@contextmanager
def at_work(desk: Desk, at: dt.datetime, lang: Lang = "es") -> Iterator[Keeping]:
    """Be at work in a cycle's folder, alone: what was noted by hand and what has arrived is taken in first, and
    `registro.xlsx` tells how things stand afterwards."""
    with alone(desk.folder(ORIGINALS)):
        keeping = Keeping(desk, at)
        check_cycle(desk, keeping.known)
        told = corrections(desk.root / REGISTER, keeping.known, desk.deadline, keeping.today)
        keeping.note([("corrected", one) for one in told])
        _take_in(keeping)
        yield keeping
        show(keeping, lang)


def waiting(desk: Desk) -> list[Path]:
    """The files that were dropped into the folder and not taken in: those of entrada, and loose ones of recibidos."""
    return [path for path in _found(desk) if not _HOME.fullmatch(path.parent.name)]


def _found(desk: Desk) -> list[Path]:
    """Every file of somebody else in entrada and recibidos."""
    folders = [folder for name in (INBOX, ORIGINALS) if (folder := desk.folder(name)).is_dir()]
    found = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if not is_not_ours(path.name) and not is_own(path.name))


def kept_name(name: str) -> str:
    """The name under which an original is kept: its own, shortened where paths would become too long."""
    stem, dot, ending = name.rpartition(".")
    return name if len(name) <= NAME_LIMIT else f"{(stem or ending)[: NAME_LIMIT - 10]}{dot}{ending[:8]}"


def _free(path: Path) -> Path:
    """The path, or the next one like it that is free."""
    names = (path.with_name(f"{path.stem} ({count}){path.suffix}") for count in range(2, 1_000))
    return path if not path.exists() else next((other for other in names if not other.exists()), path)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _take_in(keeping: Keeping) -> None:
    """Move what has arrived to where the originals are, and write a line for each."""
    originals = keeping.desk.folder(ORIGINALS)
    known = {(arrival.sha256, kept_name(name)) for arrival in keeping.known.arrivals for name in arrival.names}
    seen = {sha for sha, _ in known}
    events: list[tuple[str, Mapping[str, Any]]] = []
    for path in _found(keeping.desk):
        try:
            sha = _digest(path)
            kept = kept_name(path.name)
            target = originals / sha[:SHORT] / kept
            at_home = path == target
            if not at_home and _HOME.fullmatch(path.parent.name):
                _tell_altered(keeping, path)
                continue
            if not at_home:
                target.parent.mkdir(parents=True, exist_ok=True)
                if target.is_file() and _digest(target) != sha:  # somebody worked in it: that is not written over
                    target.replace(target.with_name(f"{target.stem} (cambiado){target.suffix}"))
                path.replace(target)
        except OSError:
            text = B(
                "No se pudo tomar {path}: ciérrelo si está abierto en otro programa.",
                "{path} could not be taken in: close it if another program has it open.",
            )
            keeping.notices.append(text.format(path=path))
            continue
        if at_home and (sha, kept) in known:
            continue
        if sha in seen:
            text = B("{name} ya había llegado: es el mismo archivo.", "{name} had arrived before: it is the same file.")
            keeping.notices.append(text.format(name=path.name))
        event = "again" if sha in seen else "received"
        events.append((event, {"sha256": sha, "name": path.name}))
        seen.add(sha)
        known.add((sha, kept))
    keeping.note(events)


def _tell_altered(keeping: Keeping, path: Path) -> None:
    """A file among the originals is no longer what came: it is no return, and the original is gone."""
    keeping.altered.add(path)
    text = B(
        "{path} fue cambiado después de recibido, y no se toma en cuenta. Ponga el original en entrada; si es una "
        "respuesta corregida, póngala en entrada con otro nombre.",
        "{path} was changed after it was received, and is not used. Put the original into entrada; if it is a "
        "corrected return, put it into entrada under another name.",
    )
    keeping.notices.append(text.format(path=path))


def check_cycle(desk: Desk, known: Ledger) -> None:
    """The cycle and the deadline of a folder do not change once its templates went out."""
    if known.cycle and known.cycle != slug(desk.cycle):
        text = B(
            "{path} dice el ciclo «{new}», pero las plantillas de esta carpeta se emitieron para «{old}». Vuelva a "
            "escribir ese nombre; para otro ciclo, haga otra carpeta: crmxl init",
            "{path} says the cycle “{new}”, but the templates of this folder were issued for “{old}”. Write that name "
            "again; for another cycle make another folder: crmxl init",
        )
        raise UsageError(text.format(path=desk.config, new=desk.cycle, old=known.cycle))
    if known.deadline not in ("", desk.deadline.isoformat()):
        text = B(
            "{path} dice el plazo {new}, pero las plantillas se emitieron con el {old}. Vuelva a escribir ese día, y "
            "anote las prórrogas en registro.xlsx, hoja Países.",
            "{path} says the deadline {new}, but the templates were issued with {old}. Write that day again, and note "
            "extensions in registro.xlsx, sheet Countries.",
        )
        raise UsageError(text.format(path=desk.config, new=desk.deadline.isoformat(), old=known.deadline))


def show(keeping: Keeping, lang: Lang) -> None:
    """Write `registro.xlsx` anew, where it does not say so already."""
    known = keeping.known
    path = keeping.desk.root / REGISTER
    if not known.arrivals and not known.issued and not known.said:
        return
    folders = {arrival.sha256: arrival.sha256[:SHORT] for arrival in known.arrivals}
    data = write_register(keeping.desk.cycle, keeping.board(), known, folders, keeping.today, lang)
    if path.is_file() and path.read_bytes() == data:
        return
    try:
        write_whole({path: data})
    except UsageError:
        keeping.notices.append(NO_WRITING.format(path=path))


def _verdict(item: Submission) -> Verdict:
    """What was found in one workbook, as the journal keeps it."""
    severities = [found.severity for found in item.findings]
    why = next((found.code.name for found in item.findings if found.severity == "error"), "")
    return Verdict(
        name=item.source.name,
        sha256=item.source.sha256,
        country=item.country or "",
        cycle=item.cycle,
        accepted=item.accepted,
        refused=item.refused,
        type=item.type,
        cells=item.cells,
        errors=severities.count("error"),
        warnings=severities.count("warning"),
        explained=sum(bool(found.explained) for found in item.findings),
        same=any(found.code is Code.R103 for found in item.findings),
        mailed=item.mailed,
        number=item.number or 0,
        sheets=" ".join(item.layouts),
        why="" if item.accepted else why,
    )
