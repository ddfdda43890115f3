"""A cycle, step by step: issue, validate, merge, status. Files are read and written here, and nowhere above or below.

Each function is what one command does; it takes paths and plain values and gives plain results. Faults of the caller
(a path that does not exist, a canonical workbook that cannot be used) are `UsageError`; everything that is wrong in a
returned file is a finding.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crmxl import members
from crmxl.canonical import Canonical, read_canonical
from crmxl.consolidation import Consolidation, doubtful, load, merge, orphans
from crmxl.dates import understand
from crmxl.decisions import Catalogue, taken
from crmxl.definition import Key, Record
from crmxl.difference import difference
from crmxl.evolution import Past, cycles, evolution_rows
from crmxl.files import MISSING, UsageError, check_is_output, find_files, write_whole
from crmxl.findings import Finding
from crmxl.issued import STAMP_SHEET, Stamp, issue_id, read_issued, read_stamp
from crmxl.kinds import BY_KEY, DATA, KINDS
from crmxl.messages import Code
from crmxl.placing import is_open_row
from crmxl.publishing import Circulated, circulated
from crmxl.reading import Book, read_book, read_each
from crmxl.receiving import Registered, joined, open_issued, receive, told_nothing
from crmxl.registers import Change, changed_over, last_return
from crmxl.status import DUE_SOON_DAYS, PLAN, Item, assess
from crmxl.submission import read_submission
from crmxl.suppression import USUAL
from crmxl.text import LANGS, B, Bilingual, Lang, tidy
from crmxl.tracing import Trace, trace
from crmxl.values import as_text
from crmxl.withdrawing import Withdrawn, given_anew, without
from crmxl.writing import VIEWS, write_circulated, write_consolidated, write_difference, write_template


def open_canonical(paths: Sequence[Path]) -> Canonical:
    """Read canonical workbooks; a workbook that cannot be used is a UsageError that names the cause."""
    books = []
    if lost := next((path for path in paths if not path.exists()), None):
        raise UsageError(MISSING.format(path=lost))
    for path, book in zip(paths, read_each(paths), strict=True):
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


def slug(text: str) -> str:
    """The name of a cycle as stamps and file names bear it."""
    return re.sub(r"[^\w-]+", "-", text).strip("-")


def issue(
    canonical: Sequence[Path],
    cycle: str,
    deadline: dt.date,
    folder: Path,
    countries: Sequence[str] = (),
    contact: str = "",
    langs: Mapping[str, Lang] | None = None,
) -> list[Path]:
    """Write one template a country into a folder, each in its country's language; the paths, in the usual order.

    `contact` is to whom it is sent back, as its first page says it: an office and its address. `langs` are the
    languages of countries, by their codes, where they are other than the usual ones.
    """
    if not slug(cycle):
        raise UsageError(B("El nombre del ciclo está vacío.", "The name of the cycle is empty."))
    opened = open_canonical(canonical)
    tables, _, _, _ = load(opened, KINDS, "es")
    begun = [kind for kind in KINDS if kind.open_rows and kind.items_table.name in opened.readings]
    kinds = [kind for kind in KINDS if kind.fillable and (kind in begun or tables.rows.get(kind.items_table.name))]
    files: dict[Path, bytes] = {}
    for member in members.MEMBERS:
        if countries and member.code not in countries:
            continue
        lang = (langs or {}).get(member.code, member.lang)
        rows = joined(tables, kinds, member.code, lang)
        stamp = Stamp(
            issue=issue_id(slug(cycle), deadline.isoformat(), member.code, rows),
            country=member.code,
            cycle=slug(cycle),
            deadline=deadline.isoformat(),
            lang=lang,
            kinds=tuple(f"{kind.key}:{kind.version}" for kind in kinds),
            contact=tidy(contact),
        )
        path = folder / f"{member.code}.xlsx"
        _check_not_issued(path, stamp)
        files[path] = write_template(kinds, rows, stamp, last=last_return(opened.of("reception"), member.code))
    write_whole(files)
    return list(files)


def doubts(canonical: Sequence[Path]) -> list[Finding]:
    """What the Secretariat should look at in its canonical workbooks before it issues them: errors and warnings."""
    opened = open_canonical(canonical)
    found = (*opened.findings, *doubtful(opened, KINDS), *orphans(opened.records, opened, KINDS))
    return [item for item in found if item.severity != "note"]


def _is_filled(book: Book) -> bool:
    """Whether somebody wrote into an issued copy, its rows for new items included."""
    copies = read_issued([book], KINDS)
    rows = (r for records in read_submission(book, KINDS, copies).records.values() for r in records)
    return not copies or any(is_open_row(record.key[0]) for record in rows)


def _check_not_issued(path: Path, stamp: Stamp) -> None:
    """An issued copy is what returns are held against: it is not overwritten by that of another cycle or content."""
    book = read_book(path) if path.is_file() else None
    there = read_stamp(book) if book else None
    if book and there and there.issue == stamp.issue and _is_filled(book):
        raise UsageError(
            B(
                "{file} ya fue llenado: no se escribe encima. Muévalo a los envíos recibidos.",
                "{file} has been filled in: it is not written over. Move it to the returns received.",
            ).format(file=path)
        )
    if there is not None and there.issue == stamp.issue and there.contact != stamp.contact:
        raise UsageError(
            B(
                "{file} ya se emitió, con otro contacto («{old}»). Si ya se envió, deje el contacto como estaba; si "
                "no, borre el archivo y emita de nuevo.",
                "{file} has been issued, with another contact (“{old}”). If it was mailed already, leave the contact "
                "as it was; if not, delete the file and issue again.",
            ).format(file=path, old=there.contact or "—")
        )
    if there is not None and there.cycle == stamp.cycle and there.deadline not in ("", stamp.deadline):
        raise UsageError(
            B(
                "{file} ya se emitió para el ciclo {cycle} con el plazo {old}. Un plazo emitido no cambia: anote las "
                "prórrogas en registro.xlsx, o emita en otra carpeta.",
                "{file} has been issued for the cycle {cycle} with the deadline {old}. A deadline that was issued does "
                "not change: note extensions in registro.xlsx, or issue into another folder.",
            ).format(file=path, cycle=there.cycle, old=there.deadline)
        )
    if there is not None and there.issue not in ("", stamp.issue):
        raise UsageError(
            B(
                "{file} es la copia emitida de otro ciclo u otro contenido ({cycle}); emita en otra carpeta.",
                "{file} is the issued copy of another cycle or content ({cycle}); issue into another folder.",
            ).format(file=path, cycle=there.cycle)
        )


@dataclass(frozen=True)
class MergeResult:
    """A merge as done: the consolidation, the plan's marks, the day, and where the workbook was written."""

    consolidation: Consolidation
    items: tuple[Item, ...]
    as_of: dt.date
    path: Path
    new: bool = True
    """Whether a workbook was written; else `path` is the last one, which says the same."""

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
            **({} if self.new else {"new": False}),
        }


def _nothing_new(tables: Mapping[str, Sequence[Record]], base: Canonical) -> bool:
    """Whether a merge says what its canonical workbook says, but for how the marks stand on another day."""
    columns = {table.name: [c.key for c in table.stored] for kind in KINDS for table in kind.tables}

    def said(rows: Iterable[Record], name: str) -> dict[Key, list[str]]:
        return {row.key: [tidy(as_text(row.values.get(key))) for key in columns[name]] for row in rows}

    known = (name for name in tables if name in columns and name != "evolution")
    return all(said(tables[name], name) == said(base.of(name), name) for name in known)


def _check_output(path: Path) -> None:
    """No work of the Secretariat is overwritten: decisions that are not applied yet."""
    there = read_canonical([read_book(path)], KINDS, VIEWS).of("decisions") if path.is_file() else ()
    waiting = [r for r in there if r.text("stage") != "applied" and (taken(r) or r.text("own"))]
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
    registered: Mapping[Path, Registered] | None = None,
    by_word: Mapping[str, str] | None = None,
    withdrawn: Collection[str] = (),
    last: Path | None = None,
) -> MergeResult:
    """Merge returns into canonical workbooks and write the consolidated one.

    `registered` is what the register of reception knows of the files, `by_word` the countries that said otherwise
    that they have nothing to report, with the day; `withdrawn` the files that no longer count, by their SHA-256: what
    earlier merges took of them is taken back. With `last`, the workbook that was made before, none is written that
    would hold nothing new.
    """
    base = open_canonical(canonical)
    files = find_files(submissions) if submissions or not (by_word or withdrawn) else []
    given = (*canonical, *files, *([decisions] if decisions else []), *(issued.rglob("*.xlsx") if issued else ()))
    check_is_output(path, given)
    _check_output(path)
    newer = open_canonical([decisions]).of("decisions") if decisions else ()
    intake = _Intake(files, issued, countries or {}, repair, registered, by_word or {}, withdrawn)
    result = _taken_in(base, intake, newer, as_of, lang)
    _check_numbers(result)
    earlier = base.of("evolution")
    items = assess(KINDS, {**result.tables, "evolution": earlier}, as_of)
    history = evolution_rows([item.told for item in items], result.cycle, as_of, earlier)
    result = replace(result, tables={**result.tables, "evolution": history})
    items = assess(KINDS, result.tables, as_of)  # since when, with this cycle's own row
    if last is not None and _nothing_new(result.tables, base):
        return MergeResult(result, items, as_of, last, new=False)
    write_whole({path: write_consolidated(result, KINDS, items, as_of, lang)})
    return MergeResult(result, items, as_of, path)


@dataclass(frozen=True)
class _Intake:
    """What came back and what is known of it, as `consolidate` is told."""

    files: Sequence[Path]
    issued: Path | None
    countries: Mapping[str, str]
    repair: bool
    registered: Mapping[Path, Registered] | None
    by_word: Mapping[str, str]
    withdrawn: Collection[str]


def _taken_in(base: Canonical, intake: _Intake, newer: Sequence[Record], as_of: dt.date, lang: Lang) -> Consolidation:
    """What returned files make of canonical data. The rows that were read and issued are let go: all that became of
    them stands in the result, and what is written next needs their room."""
    tables, _, _, _ = load(base, KINDS, lang, newer)
    copies = open_issued(intake.issued)
    current = max(copies.values(), key=lambda copy: copy.deadline, default=None)
    received = receive(
        intake.files,
        copies,
        intake.countries,
        tables,
        repair=intake.repair,
        registered=intake.registered,
        withdrawn=intake.withdrawn,
    )
    received += [said for code, day in intake.by_word.items() if (said := told_nothing(code, copies, day))]
    anew = given_anew(base, {item.source.sha256: item.country for item in received})
    clean = without(base, Catalogue(KINDS), {*intake.withdrawn, *anew}, copies, lang)
    result = merge(clean.canonical, received, KINDS, lang, newer, current.cycle if current else "", as_of)
    receptions = tuple(
        replace(one, submission=replace(one.submission, base={}, records={})) for one in result.receptions
    )
    return _with_what_was_taken_back(replace(result, receptions=receptions), clean)


def _with_what_was_taken_back(result: Consolidation, clean: Withdrawn) -> Consolidation:
    """A merge that says too what was taken back before it."""
    if not clean.findings:
        return result
    order = Catalogue(KINDS).order
    over = sorted(changed_over(clean.changes, result.changes), key=lambda change: order(change.target))
    return replace(result, changes=tuple(over), findings=(*result.findings, *clean.findings))


def _check_numbers(result: Consolidation) -> None:
    """Nothing is merged where the Secretariat changed numbers in a workbook that has answers under the old ones."""
    stale = next((item for item in result.findings if item.code is Code.M114), None)
    if stale is not None:
        raise UsageError(Bilingual(*(f"{stale.message(lang)} {stale.advice(lang)}" for lang in LANGS)))


def marks(workbook: Path, as_of: dt.date, due_soon: int = DUE_SOON_DAYS) -> tuple[Item, ...]:
    """The marks of every activity of a canonical or consolidated workbook on a day."""
    canonical = open_canonical([workbook])
    tables = {table.name: canonical.of(table.name) for kind in KINDS for table in kind.tables}
    return assess(KINDS, tables, as_of, due_soon, where=lambda key: canonical.place(PLAN, key, "calendar"))


@dataclass(frozen=True)
class History:
    """How the marks of a plan moved: its cycles, oldest first, and its activities with since when they bear theirs."""

    cycles: tuple[Past, ...]
    items: tuple[Item, ...]
    as_of: dt.date

    @property
    def lasting(self) -> tuple[Item, ...]:
        """The activities that have stayed open for two cycles or more, the longest first."""
        open_ = (item for item in self.items if item.since and item.since.cycles > 1)
        return tuple(sorted(open_, key=lambda item: -item.since.cycles if item.since else 0))

    @property
    def put_off(self) -> tuple[Item, ...]:
        """The activities whose date was put off, the most often first."""
        return tuple(sorted((item for item in self.items if item.slips), key=lambda item: -len(item.slips)))

    def as_dict(self) -> dict[str, Any]:
        """The history as JSON gives it."""
        return {
            "as_of": self.as_of.isoformat(),
            "cycles": [{"cycle": p.cycle, "as_of": p.as_of, "counts": dict(p.marks)} for p in self.cycles],
            "open_since": [
                {"id": i.record.key[0], "mark": i.mark, "cycle": i.since.cycle, "cycles": i.since.cycles}
                for i in self.lasting
                if i.since
            ],
            "put_off": [
                {"id": i.record.key[0], "dates": [i.slips[0].old, *(slip.new for slip in i.slips)]}
                for i in self.put_off
            ],
        }


def history(workbook: Path, as_of: dt.date) -> History:
    """How the marks of a consolidated workbook moved from cycle to cycle, up to a day."""
    return History(cycles(open_canonical([workbook]).of("evolution")), marks(workbook, as_of), as_of)


@dataclass(frozen=True)
class Published:
    """The copy that circulates, as written, and what it leaves out."""

    path: Path
    as_of: dt.date
    found: Circulated
    undecided: int
    """Rows of Decisiones that are still open: they circulate as they stood before."""


def publish(
    workbook: Path,
    path: Path,
    today: dt.date,
    as_of: dt.date | None = None,
    lang: Lang = "es",
    limit: int = USUAL,
) -> Published:
    """Write the copy of a consolidated workbook that may circulate, as of the day of its last marks if none is given;
    as of today if it has none. Counts of people from 1 to below the `limit` are hidden."""
    canonical = open_canonical([workbook])
    if not canonical.of("reception"):
        text = B(
            "{file} no es un libro consolidado: no tiene registro de envíos.",
            "{file} is not a consolidated workbook: it has no register of returns.",
        )
        raise UsageError(text.format(file=workbook))
    check_is_output(path, [workbook])
    found = circulated(canonical, DATA, lang, limit)
    days = [when.end for r in canonical.of("evolution") if (when := understand(r.text("as_of"))).end]
    day = as_of or max(days, default=today)
    known = {**found.result.tables, **found.told}
    items = assess(KINDS, known, day, apart=found.reserved)
    write_whole({path: write_circulated(found, DATA, items, day, lang)})
    undecided = sum(row.text("stage") != "applied" for row in canonical.of("decisions"))
    return Published(path, day, found, undecided)


def why(workbook: Path, spot: str) -> Trace:
    """Where a value of a consolidated workbook came from; `spot` is its sheet and cell, as `Avance!C2`."""
    sheet, mark, cell = spot.replace("$", "").rpartition("!")
    if not mark or not re.fullmatch(r"[A-Za-z]{1,3}[1-9][0-9]{0,6}", cell):
        text = B(
            "Escriba la celda como HOJA!CELDA, por ejemplo Avance!C2: «{spot}».",
            "Write the cell as SHEET!CELL, for instance Progress!C2: “{spot}”.",
        )
        raise UsageError(text.format(spot=spot))
    sheet = sheet.strip("'").replace("''", "'")
    canonical, book = open_canonical([workbook]), read_book(workbook)
    found = trace(canonical, book, DATA, sheet, cell.upper())
    if found is None:
        names = ", ".join(grid.name for grid in book.grids)
        known = book.grid(sheet) is not None
        text = (
            B(
                "{spot} no es la celda de un dato del plan, de una matriz o de un país.",
                "{spot} is not the cell of a datum of the plan, of a matrix or of a country.",
            )
            if known
            else B("No hay una hoja {sheet}; hay: {names}.", "There is no sheet {sheet}; there are: {names}.")
        )
        raise UsageError(text.format(spot=spot, sheet=sheet, names=names))
    return found


@dataclass(frozen=True)
class Compared:
    """Two versions and what changed between them."""

    old: Canonical
    new: Canonical
    changes: tuple[Change, ...]


def diff(old: Path | Sequence[Path], new: Path, output: Path | None = None, lang: Lang = "es") -> Compared:
    """What changed between two canonical or consolidated workbooks, the old one perhaps in several files; `output` is a
    workbook with the changes."""
    earlier = [old] if isinstance(old, Path) else list(old)
    before, after = open_canonical(earlier), open_canonical([new])
    found = difference(before, after, DATA)
    if output is not None:
        check_is_output(output, [*earlier, new])
        write_whole({output: write_difference(found, DATA, lang)})
    return Compared(before, after, found)
