"""A cycle, step by step: issue, validate, merge, status. Files are read and written here, and nowhere above or below.

Each function is what one command does; it takes paths and plain values and gives plain results. Faults of the caller
(a path that does not exist, a canonical workbook that cannot be used) are `UsageError`; everything that is wrong in a
returned file is a finding.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crmxl import members
from crmxl.canonical import Canonical, read_canonical
from crmxl.decisions import Tables
from crmxl.definition import Kind, Record
from crmxl.diagnosis import Diagnosis, diagnose
from crmxl.evolution import evolution_rows
from crmxl.findings import Finding
from crmxl.issued import STAMP_SHEET, Base, Issued, Stamp, issue_id, read_issued, read_stamp
from crmxl.kinds import BY_KEY, KINDS
from crmxl.merging import Consolidation, load, merge
from crmxl.messages import Code
from crmxl.reading import Book, read_book, read_books
from crmxl.review import mail, review
from crmxl.status import DUE_SOON_DAYS, PLAN, Item, assess
from crmxl.submission import Submission, read_submission
from crmxl.tables import template_rows
from crmxl.text import LANGS, B, Bilingual, Lang, fold
from crmxl.validation import validate
from crmxl.values import Country, Unreadable
from crmxl.writing import VIEWS, write_consolidated, write_review, write_template


class UsageError(Exception):
    """The command cannot be done as it was given; the message says why, in the language of the user."""

    def __init__(self, text: Bilingual) -> None:
        super().__init__(text.es)
        self.text = text


_MISSING = B(
    "No existe: {path}. Revise el nombre y desde qué carpeta da la orden.",
    "It does not exist: {path}. Check the name, and the folder in which you give the command.",
)
_NOT_OURS = ("~$", ".", "Thumbs.db", "desktop.ini")
"""How the names of other programs' own files begin: locks, hidden files, what Windows leaves in folders."""


def data_folder(name: str) -> Path:
    """A folder of workbooks that come with crmxl: inside the installed package, or in a checkout beside it."""
    installed = Path(__file__).parent / "_data" / name
    return installed if installed.is_dir() else Path(__file__).parent.parent / name


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write files whole or not at all: all are staged beside their places, then moved there at once."""
    staged: list[tuple[Path, Path]] = []
    try:
        for path in files:
            if path.exists():
                path.open("r+b").close()  # a folder, or a file that another program holds, is found out before anything
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".crmxl-", suffix=path.suffix, dir=path.parent)
            staged.append((Path(name), path))
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        for temporary, path in staged:
            temporary.chmod(0o644)
            temporary.replace(path)
    except OSError as fault:
        where = Path(fault.filename2 or fault.filename or "").name
        raise UsageError(
            B(
                "No se pudo escribir {where}: ciérrelo si está abierto en otro programa, o elija otro nombre con -o.",
                "Could not write {where}: close it if another program has it open, or choose another name with -o.",
            ).format(where=where)
        ) from fault
    finally:
        for temporary, _ in staged:
            with suppress(OSError):
                temporary.unlink()


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files that paths mean, each once: a file itself, and of a folder every file at any depth but hidden ones."""
    found: dict[Path, Path] = {}
    for path in paths:
        if path.is_dir():
            inside = (p for p in sorted(path.rglob("*")) if p.is_file() and not p.name.startswith(_NOT_OURS))
            found.update({p.resolve(): p for p in inside})
        elif path.exists():
            found[path.resolve()] = path
        else:
            raise UsageError(_MISSING.format(path=path))
    if not found:
        raise UsageError(B("No se encontró ningún archivo.", "No file was found."))
    return list(found.values())


def open_canonical(paths: Sequence[Path]) -> Canonical:
    """Read canonical workbooks; a workbook that cannot be used is a UsageError that names the cause."""
    books = []
    for path in paths:
        if not path.exists():
            raise UsageError(_MISSING.format(path=path))
        book = read_book(path)
        if book.grid(STAMP_SHEET):
            raise UsageError(
                B(
                    "{file} es una plantilla de país, no un libro canónico.",
                    "{file} is a country's template, not a canonical workbook.",
                ).format(file=path.name)
            )
        books.append(book)
    canonical = read_canonical(books, KINDS, VIEWS)
    faults = [item for item in canonical.findings if item.severity == "error" and _is_fatal(item)]
    unusable = not any(canonical.of(kind.items_table.name) for kind in KINDS if kind.returns)
    if unusable or faults:
        text = B("{file} no sirve como libro canónico: {why}", "{file} cannot be used as a canonical workbook: {why}")
        none = B("no contiene un plan ni una matriz.", "it holds neither a plan nor a matrix.")
        why = Bilingual(faults[0].message("es"), faults[0].message("en")) if faults else none
        spot = faults[0].place if faults else None
        where = f" ({spot.sheet}!{spot.cell})" if spot and spot.cell else ""
        name = spot.source.name if spot else ", ".join(path.name for path in paths)
        raise UsageError(text.format(file=name + where, why=why))
    return canonical


def _is_fatal(item: Finding) -> bool:
    """Whether a canonical workbook cannot be used for it. A decision that is no choice, and a column that older
    workbooks did not have, are findings like any other."""
    if item.place.sheet in BY_KEY["decisions"].sheet.both():
        return False
    tables = [table for kind in KINDS for table in kind.tables]
    needed = {c.title for table in tables for c in table.columns if c.required or c.key in table.key}
    return item.code is not Code.S104 or item.label in needed


def _slug(text: str) -> str:
    return re.sub(r"[^\w-]+", "-", text).strip("-")


def _joined(tables: Tables, kinds: Sequence[Kind], country: str, lang: Lang) -> dict[str, tuple[Record, ...]]:
    """What the template of a country shows, by kind."""
    data = {table.name: tables.records(table.name) for kind in kinds for table in kind.tables}
    return {kind.key: template_rows(kind, data, country, lang) for kind in kinds if kind.fillable}


def issue(
    canonical: Sequence[Path], cycle: str, deadline: dt.date, folder: Path, countries: Sequence[str] = ()
) -> list[Path]:
    """Write one template a country into a folder, each in its country's language; the paths, in the usual order."""
    if not _slug(cycle):
        raise UsageError(B("El nombre del ciclo está vacío.", "The name of the cycle is empty."))
    tables, _, _, _ = load(open_canonical(canonical), KINDS, "es")
    kinds = [kind for kind in KINDS if kind.fillable and tables.rows.get(kind.items_table.name)]
    files: dict[Path, bytes] = {}
    for member in members.MEMBERS:
        if countries and member.code not in countries:
            continue
        rows = _joined(tables, kinds, member.code, member.lang)
        stamp = Stamp(
            issue=issue_id(_slug(cycle), deadline.isoformat(), member.code, rows),
            country=member.code,
            cycle=_slug(cycle),
            deadline=deadline.isoformat(),
            lang=member.lang,
            kinds=tuple(f"{kind.key}:{kind.version}" for kind in kinds),
        )
        path = folder / f"{member.code}.xlsx"
        _check_not_issued(path, stamp)
        files[path] = write_template(kinds, rows, stamp)
    write_whole(files)
    return list(files)


def _check_not_issued(path: Path, stamp: Stamp) -> None:
    """An issued copy is what returns are held against: it is not overwritten by that of another cycle or content."""
    book = read_book(path) if path.is_file() else None
    there = read_stamp(book) if book else None
    if book and there and there.issue == stamp.issue and stamp.issue not in read_issued([book], KINDS):
        raise UsageError(
            B(
                "{file} ya fue llenado: no se escribe encima. Muévalo a los envíos recibidos.",
                "{file} has been filled in: it is not written over. Move it to the returns received.",
            ).format(file=path)
        )
    if there is not None and there.issue not in ("", stamp.issue):
        raise UsageError(
            B(
                "{file} es la copia emitida de otro ciclo u otro contenido ({cycle}); emita en otra carpeta.",
                "{file} is the issued copy of another cycle or content ({cycle}); issue into another folder.",
            ).format(file=path, cycle=there.cycle)
        )


BLANK_ROWS = 60
"""Open rows of a blank template."""


def template(keys: Sequence[str], path: Path, lang: Lang) -> None:
    """Write a blank template of the kinds named."""
    kinds = [BY_KEY[key] for key in keys]
    if path.is_file() and any(read_submission(read_book(path), KINDS, {}).records.values()):
        text = B(
            "{path} ya tiene datos; elija otro nombre con -o.", "{path} holds data already; choose another with -o."
        )
        raise UsageError(text.format(path=path))
    stamp = Stamp(lang=lang, kinds=tuple(f"{kind.key}:{kind.version}" for kind in kinds))
    known = {kind.items_table.name: [Record((str(row[kind.id]),), row) for row in kind.seed] for kind in kinds}
    rows = {kind.key: template_rows(kind, known, "", lang) for kind in kinds}
    write_whole({path: write_template(kinds, rows, stamp, BLANK_ROWS)})


def fillable() -> list[Kind]:
    """The kinds that have a blank template."""
    return [kind for kind in KINDS if kind.fillable]


def kind_key(name: str) -> str | None:
    """The key of the kind with a blank template that a name means: its key, or its sheet in either language."""
    wanted = fold(name).replace("-", " ")
    names = {text: kind.key for kind in fillable() for text in (kind.key, *map(fold, kind.sheet.both()))}
    return names.get(wanted)


def default_issued() -> Path | None:
    """The issued copies of the cycle folder that one stands in."""
    folder = Path("emitidos")
    return folder if folder.is_dir() else None


def open_issued(folder: Path | None) -> dict[str, Issued]:
    """The issued copies of a folder, by issue id; none without a folder."""
    if folder is None:
        return {}
    if not folder.is_dir():
        raise UsageError(B("No existe la carpeta {path}", "There is no folder {path}").format(path=folder))
    books = [read_book(path) for path in sorted(folder.rglob("*.xlsx")) if not path.name.startswith("~$")]
    damaged = [book for book in books if book.findings]
    if damaged:
        text = B(
            "{file}, en la carpeta de copias emitidas, no se puede leer: {why} Repóngala o quítela.",
            "{file}, in the folder of issued copies, cannot be read: {why} Put it back or take it out.",
        )
        why = damaged[0].findings[0]
        said = Bilingual(why.message("es"), why.message("en"))
        raise UsageError(text.format(file=damaged[0].source.name, why=said))
    return read_issued(books, KINDS)


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
        exact = [book for path, book in books if Path(name).resolve() == path.resolve()]
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


def receive(
    files: Sequence[Path],
    issued: Mapping[str, Issued],
    countries: Mapping[str, str],
    canonical: Tables | None = None,
    *,
    repair: bool = True,
) -> list[Submission]:
    """Read and check returned files. Without an issued copy the canonical data, if given, are the base; without
    `repair` nothing is taken for what it resembles."""
    kinds = [kind for kind in KINDS if kind.fillable]
    books = [(path, book) for path in files for book in read_books(path)]
    named = _named(countries, books)
    found = []
    for _, book in books:
        option = named.get(book.source.sha256)
        first = read_submission(book, kinds, issued, _fallback(canonical, kinds, None), option, repair=repair)
        if canonical is not None and first.country and not first.issued:
            base = _fallback(canonical, kinds, first.country)
            first = read_submission(book, kinds, issued, base, option, repair=repair)
        found.append(validate(first, kinds))
    return found


@dataclass(frozen=True)
class Reviewed:
    """The review of one file as written: the copy that goes back, and the text of the reply."""

    submission: Submission
    copy: Path
    """The template with its answers; of a file that was not issued, for which there is none, the list alone."""
    mail: Path


def write_reviews(received: Sequence[Submission], folder: Path, inputs: Iterable[Path] = ()) -> list[Reviewed]:
    """Write a review copy and a reply for each file into a folder, all or none."""
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
        found = review(item, kinds)
        stem = Path(item.source.name).stem
        name, count = B("{stem} - revisado", "{stem} - checked").format(stem=stem)[found.lang], 1
        copy = folder / f"{name}.xlsx"
        while copy.with_suffix(".txt") in files:
            count += 1
            copy = folder / f"{name} ({count}).xlsx"
        reply = copy.with_suffix(".txt")
        files[copy] = write_review(kinds, found)
        files[reply] = mail(found, copy.name if found.rows else None).encode("utf-8")
        done.append(Reviewed(item, copy, reply))
    write_whole(files)
    return done


def examine(files: Sequence[Path], issued: Mapping[str, Issued]) -> list[Diagnosis]:
    """What files are, in the order given."""
    return [diagnose(book, KINDS, issued) for path in files for book in read_books(path)]


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


def _fallback(canonical: Tables | None, kinds: Sequence[Kind], country: str | None) -> Base | None:
    if canonical is None:
        return None
    lang = members.BY_CODE[country].lang if country else "es"
    rows = _joined(canonical, kinds, country or "", lang)
    return {key: {record.key: record for record in records} for key, records in rows.items()}


@dataclass(frozen=True)
class MergeResult:
    """A merge as done: the consolidation, the plan's marks, the day, and where the workbook was written."""

    consolidation: Consolidation
    items: tuple[Item, ...]
    as_of: dt.date
    path: Path

    def as_dict(self) -> dict[str, Any]:
        """The merge as JSON gives it."""
        result = self.consolidation
        severities = [f.severity for r in result.receptions for f in r.findings] + [f.severity for f in result.findings]
        return {
            "consolidated": str(self.path),
            "as_of": self.as_of.isoformat(),
            "received": [
                {
                    "country": r.submission.country,
                    "files": list(r.files),
                    "sha256": r.submission.source.sha256,
                    "accepted": r.submission.accepted,
                    "superseded": r.superseded,
                }
                for r in result.receptions
            ],
            "missing": list(result.missing),
            "conflicts": result.questions("conflict", "within"),
            "proposals": result.questions("proposal"),
            "decided": sum(d.stage == "applied" for d in result.decisions),
            "errors": severities.count("error"),
            "warnings": severities.count("warning"),
            "comments": result.comments,
            "cells": dict(result.counts),
        }


def _check_output(path: Path) -> None:
    """The output is an Excel workbook, and no work of the Secretariat is overwritten: decisions not applied yet."""
    if path.suffix.lower() != ".xlsx":
        raise UsageError(B("{path} debe terminar en .xlsx.", "{path} must end in .xlsx.").format(path=path))
    there = read_canonical([read_book(path)], KINDS, VIEWS).of("decisions") if path.is_file() else ()
    waiting = [r for r in there if r.text("stage") != "applied" and (r.text("decision") or r.text("own"))]
    if waiting:
        raise UsageError(
            B(
                "{path} tiene decisiones escritas que aún no se aplicaron ({n}). Delo como libro canónico (o con "
                "--decisions) y escriba en otro archivo.",
                "{path} holds decisions that were written and not applied yet ({n}). Give it as the canonical workbook "
                "(or with --decisions) and write to another file.",
            ).format(path=path, n=len(waiting))
        )


def consolidate(
    canonical: Sequence[Path],
    submissions: Sequence[Path],
    path: Path,
    as_of: dt.date,
    *,
    issued: Path | None = None,
    countries: Mapping[str, str] | None = None,
    decisions: Path | None = None,
    lang: Lang = "es",
    repair: bool = True,
) -> MergeResult:
    """Merge returns into canonical workbooks and write the consolidated one."""
    base = open_canonical(canonical)
    files = find_files(submissions)
    given = (*canonical, *files, *([decisions] if decisions else []), *(issued.rglob("*.xlsx") if issued else ()))
    inputs = {p.resolve() for p in given}
    if path.resolve() in inputs:
        text = B(
            "{path} es uno de los archivos de entrada; elija otro nombre.", "{path} is an input; choose another name."
        )
        raise UsageError(text.format(path=path))
    _check_output(path)
    newer = open_canonical([decisions]).of("decisions") if decisions else ()
    tables, _, _, _ = load(base, KINDS, lang, newer)
    copies = open_issued(issued)
    current = max(copies.values(), key=lambda copy: copy.deadline, default=None)
    received = receive(files, copies, countries or {}, tables, repair=repair)
    result = merge(base, received, KINDS, lang, newer, current.cycle if current else "")
    earlier = base.of("evolution")
    items = assess(KINDS, {**result.tables, "evolution": earlier}, as_of)
    history = evolution_rows([item.told for item in items], result.cycle, as_of, earlier)
    result = replace(result, tables={**result.tables, "evolution": history})
    items = assess(KINDS, result.tables, as_of)  # since when, with this cycle's own row
    write_whole({path: write_consolidated(result, KINDS, items, as_of, lang)})
    return MergeResult(result, items, as_of, path)


def marks(workbook: Path, as_of: dt.date, due_soon: int = DUE_SOON_DAYS) -> tuple[Item, ...]:
    """The marks of every activity of a canonical or consolidated workbook on a day."""
    canonical = open_canonical([workbook])
    tables = {table.name: canonical.of(table.name) for kind in KINDS for table in kind.tables}
    return assess(KINDS, tables, as_of, due_soon, where=lambda key: canonical.place(PLAN, key, "calendar"))
