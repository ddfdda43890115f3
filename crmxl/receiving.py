"""What came back: files read and checked, whose they are, and the review copies that go back to their countries."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crmxl import members
from crmxl.assembling import Assembly, assemble
from crmxl.decisions import Tables
from crmxl.definition import Key, Kind, Owner, Record
from crmxl.diagnosis import Diagnosis, diagnose
from crmxl.files import MISSING, WATCH, UsageError, check_is_output, write_whole
from crmxl.findings import Source
from crmxl.issued import Base, Issued, is_sure, issue_of, read_issued, read_stamp, reconstructed, stamp_of
from crmxl.kinds import KINDS
from crmxl.messages import Code
from crmxl.reading import Book, read_all, read_books, read_each
from crmxl.review import deadline_of, mail, review
from crmxl.submission import Layout, Submission, read_submission
from crmxl.tables import template_rows
from crmxl.text import LANGS, B, Bilingual, Lang, listed, unique
from crmxl.validation import validate
from crmxl.values import Country, Unreadable
from crmxl.writing import write_assembly, write_review


def joined(tables: Tables, kinds: Sequence[Kind], country: str, lang: Lang) -> dict[str, tuple[Record, ...]]:
    """What the template of a country shows, by kind."""
    data = {table.name: tables.records(table.name) for kind in kinds for table in kind.tables}
    return {kind.key: template_rows(kind, data, country, lang) for kind in kinds if kind.fillable}


def default_issued() -> Path | None:
    """The issued copies of the folder that one stands in; a cycle's folder says itself where they are."""
    folder = Path("emitidos")
    return folder if folder.is_dir() else None


def open_issued(folder: Path | None) -> dict[str, Issued]:
    """The issued copies of a folder, by issue id; none without a folder."""
    if folder is None:
        return {}
    if not folder.is_dir():
        raise UsageError(MISSING.format(path=folder))
    paths = [path for path in sorted(folder.rglob("*.xlsx")) if not path.name.startswith("~$")]
    return read_issued(map(_whole, read_each(paths)), KINDS)


def _whole(book: Book) -> Book:
    """An issued copy that could be read; a UsageError for any other."""
    if book.findings:
        text = B(
            "{file}, en la carpeta de copias emitidas, no se puede leer: {why} Repóngala o quítela.",
            "{file}, in the folder of issued copies, cannot be read: {why} Put it back or take it out.",
        )
        why = book.findings[0]
        said = Bilingual(why.message("es"), why.message("en"))
        raise UsageError(text.format(file=book.source.name, why=said))
    return book


def country_code(name: str) -> str:
    """The code of the member country that a name or code means."""
    read = Country().read(name)
    if not isinstance(read, Unreadable):
        return str(read)
    known = Bilingual(*(", ".join(f"{m.name[lang]} ({m.code})" for m in members.MEMBERS) for lang in LANGS))
    text = B("«{name}» no es un país miembro: {known}.", "“{name}” is not a member country: {known}.")
    meant = B(" ¿Quiso decir {name}?", " Did you mean {name}?").format(name=read.suggestion)
    said = text.format(name=name, known=known)
    raise UsageError(Bilingual(said.es + meant.es, said.en + meant.en) if read.suggestion else said)


def parse_countries(options: Iterable[str]) -> dict[str, str]:
    """The options FILE=COUNTRY: the country's code by the file's name or path."""
    found: dict[str, str] = {}
    for option in options:
        name, _, country = option.rpartition("=")
        if not name:
            text = B("--country espera ARCHIVO=PAÍS, no «{found}».", "--country takes FILE=COUNTRY, not “{found}”.")
            raise UsageError(text.format(found=option))
        found[name] = country_code(country)
    return found


def _named(countries: Mapping[str, str], books: Sequence[tuple[Path, Book]]) -> dict[str, str]:
    """The country of each file that the ST names, by the file's SHA-256; a file is named by its path or its name."""
    found: dict[str, str] = {}
    for name, country in countries.items():
        exact = [book for _, book in books if name == book.source.sha256]
        exact = exact or [book for path, book in books if Path(name).resolve() == path.resolve()]
        alike = [book for _, book in books if name in (book.source.name, book.source.name.rsplit("/", 1)[-1])]
        meant = exact or alike or [book for path, book in books if path.name == name]
        if not meant:
            text = B(
                "--country nombra un archivo que no está: {name}", "--country names a file that is not there: {name}"
            )
            raise UsageError(text.format(name=name))
        if len({book.source.sha256 for book in meant}) > 1:
            text = B(
                "Hay varios archivos {name}; indique la ruta completa en --country.",
                "There are several files {name}; give the whole path in --country.",
            )
            raise UsageError(text.format(name=name))
        found[meant[0].source.sha256] = country
    return found


@dataclass(frozen=True)
class Registered:
    """A file in the register of reception: its SHA-256, and when it came (ISO, UTC)."""

    sha256: str
    moment: str


def receive(
    files: Sequence[Path],
    issued: Mapping[str, Issued],
    countries: Mapping[str, str],
    canonical: Tables | None = None,
    *,
    repair: bool = True,
    registered: Mapping[Path, Registered] | None = None,
    withdrawn: Collection[str] = (),
) -> list[Submission]:
    """Read and check returned files. Where its issued copy is not known, a file is held against the canonical data or,
    without them, the copy last issued; without `repair` nothing is taken for what it resembles. `registered` is what
    the register of reception knows of them; `withdrawn` are the workbooks, by their SHA-256, that do not count: of
    several in one archive, some may."""
    kinds = [kind for kind in KINDS if kind.fillable]
    read = ((path, book) for path, books in zip(WATCH.get()(files), read_all(files), strict=True) for book in books)
    books: Iterable[tuple[Path, Book]] = (one for one in read if one[1].source.sha256 not in withdrawn)
    named: Mapping[str, str] = {}
    if countries:  # who names one file has to be shown that there is one and no other
        books = list(books)
        named = _named(countries, books)
    found = []
    for path, book in books:
        option = named.get(book.source.sha256)
        first = read_submission(book, kinds, issued, base_of(canonical, kinds, issued, None), option, repair=repair)
        if first.country and not first.issued:
            base = base_of(canonical, kinds, issued, first.country)
            first = read_submission(book, kinds, issued, base, option, repair=repair)
        known = registered.get(path) if registered else None
        if known:
            parcel = known.sha256 if known.sha256 != book.source.sha256 else ""
            first = replace(first, received=known.moment, parcel=parcel)
        found.append(validate(first, kinds))
    return found


def told_nothing(country: str, issued: Mapping[str, Issued], day: str) -> Submission | None:
    """The return of a country that said, otherwise than by a file, that it has nothing to report: what was issued to it
    last stands confirmed. None if nothing was issued to it."""
    copies = [(copy.deadline, issue, copy) for issue, copy in issued.items() if copy.country == country]
    if not copies:
        return None
    _, issue, copy = max(copies, key=lambda known: known[:2])
    kinds = [kind for kind in KINDS if kind.key in copy.base]
    lang = copy.lang
    words = B("Sin novedades, avisado el {day} ({country})", "Nothing to report, told on {day} ({country})")
    name = words.format(day=day, country=country)[lang]
    return Submission(
        source=Source(name, hashlib.sha256(f"{issue}:{day}".encode()).hexdigest()),
        envelope={"type": "nothing"},
        country=country,
        cycle=copy.cycle,
        deadline=copy.deadline,
        received=day,
        issued=True,
        accepted=True,
        base=copy.base,
        records={kind.key: () for kind in kinds},
        layouts={kind.key: Layout(kind.sheet[lang], 0, {}, {}) for kind in kinds},
    )


def replaced(received: Sequence[Submission]) -> list[Submission]:
    """The files in whose place their country has sent a later one in the same cycle: nothing more is asked of them."""
    used = [item for item in received if item.accepted and item.country]
    return [
        item
        for item in received
        if any(
            other.country == item.country
            and other.cycle == item.cycle
            and other.sent.after(item.sent)
            and item.layouts.keys() <= other.layouts.keys()
            for other in used
        )
    ]


@dataclass(frozen=True)
class Reviewed:
    """The review of one file as written: the copy that goes back, and the text of the reply."""

    submission: Submission
    copy: Path
    """The template with its answers; of a file that was not issued, for which there is none, the list alone."""
    mail: Path
    whole: bool = True
    """Whether the copy holds the template, and not the list alone."""


_RESERVED = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)\d)\s*(?:\.|$)", re.IGNORECASE)
"""How a file may not be called on Windows, whatever its name ends in."""


_CHECKED = re.compile(r"(?: - (?:revisado|checked)(?: \(\d+\))?)+(?: ?\(\d+\))?$")
"""The end of the name of a checked copy, as it comes back."""


def on_every_system(stem: str) -> str:
    """The name of a file as every system takes it."""
    stem = re.sub(r'[<>:"|?*]', "-", stem)
    return f"_{stem}" if _RESERVED.match(stem) else stem


def write_reviews(
    received: Sequence[Submission],
    folder: Path,
    inputs: Iterable[Path] = (),
    *,
    keep: bool = False,
    deadlines: Mapping[str, dt.date | None] | None = None,
) -> list[Reviewed]:
    """Write a review copy and a reply for each file into a folder, all or none; with `keep` under names that are not
    taken there, so that no reply is lost that somebody has worked on. `deadlines` are the days until which countries
    may send, where they are other than those of the templates; None where no day is to be named."""
    kinds = [kind for kind in KINDS if kind.fillable]
    for path in inputs:
        if path.resolve().is_relative_to(folder.resolve()) or folder.resolve().is_relative_to(path.resolve().parent):
            raise UsageError(
                B(
                    "{folder} está entre los envíos; elija para --review una carpeta aparte, o las copias se tomarían "
                    "por envíos.",
                    "{folder} is among the returns; choose a folder apart for --review, or the copies would be taken "
                    "for returns.",
                ).format(folder=folder)
            )
    files: dict[Path, bytes] = {}
    done: list[Reviewed] = []
    for item in received:
        if not item.accepted and not item.refused:
            continue  # a letter that came along
        if any(told.code is Code.F111 for told in item.findings):
            continue  # the Secretariat's own workbook: there is nobody to reply to
        found = review(item, kinds)
        stem = _CHECKED.sub("", on_every_system(Path(item.source.name).stem))  # the answer to a copy bears its name
        name, count = B("{stem} - revisado", "{stem} - checked").format(stem=stem)[found.lang], 1
        copy = folder / f"{name}.xlsx"
        book = write_review(kinds, found)
        while copy in files or (keep and copy.exists() and copy.read_bytes() != book):
            count += 1
            copy = folder / f"{name} ({count}).xlsx"
        reply = copy.with_suffix(".txt")
        files[copy] = book
        if not (keep and reply.exists()):
            until = (deadlines or {}).get(item.country or "", deadline_of(item) if deadlines is None else None)
            files[reply] = mail(found, copy.name if found.rows else None, until).encode("utf-8")
        done.append(Reviewed(item, copy, reply, whole=bool(found.rows)))
    write_whole(files)
    return done


def examine(files: Sequence[Path], issued: Mapping[str, Issued]) -> list[Diagnosis]:
    """What files are, in the order given."""
    read = zip(WATCH.get()(files), read_all(files), strict=True)
    return [diagnose(book, KINDS, issued) for _, books in read for book in books]


def submission_dict(item: Submission, lang: Lang) -> dict[str, Any]:
    """A checked file as JSON gives it."""
    return {
        "file": item.source.name,
        "sha256": item.source.sha256,
        "country": item.country,
        "cycle": item.cycle or None,
        "accepted": item.accepted,
        "program": item.program,
        "cells": item.cells,
        "comments": len(item.comments),
        "findings": [finding.as_dict(lang) for finding in item.findings],
    }


def base_of(
    canonical: Tables | None, kinds: Sequence[Kind], issued: Mapping[str, Issued], country: str | None
) -> Base | None:
    """What a file is held against where its issued copy is not known, as its country (or, not known, any) sees it."""
    if canonical is None:
        copies = [copy for copy in issued.values() if country in (None, copy.country)]
        last = max((copy.deadline for copy in copies), default="")
        return _in_every_language([copy.base for copy in copies if copy.deadline == last], kinds) if copies else None
    lang = members.BY_CODE[country].lang if country else "es"
    rows = joined(canonical, kinds, country or "", lang)
    return {key: {record.key: record for record in records} for key, records in rows.items()}


def _in_every_language(copies: Sequence[Base], kinds: Sequence[Kind]) -> Base:
    """The first of the copies of one cycle, with the wordings of the Secretariat's texts that other copies have: of a
    file whose country is not known neither is the language."""
    found: dict[str, dict[Key, Record]] = {}
    for kind in kinds:
        theirs = {column.key for column in kind.template_table.columns if column.owner is Owner.ST}
        for key, record in copies[0].get(kind.key, {}).items():
            rows = [copy[kind.key][key].values for copy in copies if key in copy.get(kind.key, {})]
            said = {name: value for row in reversed(rows) for name, value in row.items() if name in theirs}
            found.setdefault(kind.key, {})[key] = replace(record, values={**said, **record.values})
    return found


@dataclass(frozen=True)
class Assembled:
    """The one return that parts make, as written."""

    assembly: Assembly
    path: Path
    sure: bool = True
    """Whether what was issued is known; else it was told from the parts, as far as they tell."""


def assemble_parts(
    parts: Sequence[Path], path: Path, issued: Mapping[str, Issued], *, repair: bool = True
) -> Assembled:
    """Put the parts that ministries of one country filled in together, as its one return. The template as it was issued
    is among `issued`, among the parts, or is told from them."""
    check_is_output(path, parts)
    books = [book for given in parts for book in read_books(given)]
    kinds = [kind for kind in KINDS if kind.fillable]
    copies = {**issued, **read_issued(books, KINDS)}
    stamps = {stamp.issue: stamp for book in books if (stamp := read_stamp(book)) and stamp.issue}
    for issue in (issue for issue in stamps if issue not in copies):
        copy = reconstructed([book for book in books if issue_of(book) == issue], kinds)
        copies |= {issue: copy} if copy else {}
    told = [copies[issue] for issue in unique(map(issue_of, books)) if issue in copies]
    country = _one_country([copy.country for copy in told])
    cycles = unique(copy.cycle for copy in told)
    if len(cycles) > 1:
        text = B("Las partes son de varios ciclos: {names}.", "The parts are of several cycles: {names}.")
        raise UsageError(text.format(names=", ".join(cycles)))
    issue = next(issue for issue in map(issue_of, books) if issue in copies)
    stamp = stamps.get(issue) or stamp_of(issue, copies[issue], kinds)
    found = [validate(read_submission(book, kinds, copies, option=country, repair=repair), kinds) for book in books]
    assembly = assemble(found, stamp, copies[issue].base, [kind for kind in kinds if kind.returns])
    write_whole({path: write_assembly(kinds, assembly)})
    return Assembled(assembly, path, is_sure(stamp, copies[issue]))


def _one_country(codes: Sequence[str]) -> str:
    """The country of all parts."""
    countries = unique(codes)
    if not countries:
        raise UsageError(
            B(
                "Ninguna parte es una plantilla emitida para un país; use las que la Secretaría Técnica envió.",
                "No part is a template issued to a country; use the ones that the Technical Secretariat sent.",
            )
        )
    if len(countries) > 1:
        text = B("Las partes son de varios países: {names}.", "The parts are of several countries: {names}.")
        names = (listed((members.BY_CODE[code].name[lang] for code in countries), lang) for lang in LANGS)
        raise UsageError(text.format(names=Bilingual(*names)))
    return countries[0]
