"""`registro.xlsx`: the register of a cycle's folder as the Secretariat reads and corrects it.

One sheet tells how each country stands, one what has arrived. In the yellow cells the Secretariat writes what it knows
better; what differs from what they held when the workbook was written becomes lines of the journal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crmxl.canonical import Canonical, read_canonical
from crmxl.dates import understand
from crmxl.definition import COUNTRY as COUNTRY_COLUMN
from crmxl.definition import Column, Kind, Record
from crmxl.files import UsageError
from crmxl.findings import Finding
from crmxl.issued import STAMP_SHEET
from crmxl.ledger import (
    CONTACTED,
    COUNTRY,
    EXTENSION,
    NOTHING,
    OF_COUNTRY,
    OF_FILE,
    RECEIVED,
    REMARK,
    USED,
    Arrival,
    Ledger,
    Verdict,
)
from crmxl.members import BY_CODE
from crmxl.reading import read_book
from crmxl.responses import STATES, Response, day
from crmxl.text import LANGS, B, Bilingual, Lang, tidy, unique
from crmxl.values import YES_NO, Country, Date, Id, Number, Text, Value
from crmxl.writing import styles
from crmxl.writing.data import Look, Rows, write_data
from crmxl.writing.sheet import Style, Workbook

AUTHOR = B("Secretaría Técnica", "Technical Secretariat")
_DAYS = (EXTENSION, NOTHING, CONTACTED)

COUNTRIES = Kind(
    key="desk_countries",
    sheet=B("Países", "Countries"),
    title=B("Quién ha enviado", "Who has sent"),
    notes=(
        B(
            "Las columnas amarillas son suyas: una prórroga, un aviso de que no hay novedades, un contacto, una nota. "
            "La orden siguiente de crmxl las toma y las guarda.",
            "The yellow columns are yours: an extension, a word that there is nothing to report, a contact, a remark. "
            "The next command of crmxl takes them and keeps them.",
        ),
    ),
    id="country",
    fillable=False,
    columns=(
        COUNTRY_COLUMN,
        Column("state", B("Situación", "State"), Text(), width=26),
        Column("until", B("Plazo", "Deadline"), Date(), width=12),
        Column("late", B("Días de retraso", "Days late"), Number(), width=10),
        Column("extension", B("Prórroga hasta", "Extension until"), Date(), width=14),
        Column("nothing", B("Sin novedades, avisó el", "Nothing to report, told on"), Date(), width=16),
        Column("contacted", B("Contactado el", "Contacted on"), Date(), width=14),
        Column("remark", B("Nota", "Remark"), Text(), width=36),
        Column("contact", B("Última carta o envío", "Last letter or return"), Date(), width=12),
        Column("files", B("Archivos", "Files"), Number(), width=10),
        Column("errors", B("Por corregir", "To correct"), Number(), width=10),
        Column("last", B("Último archivo", "Last file"), Text(), width=40),
    ),
)

FILES = Kind(
    key="desk_files",
    sheet=B("Archivos", "Files"),
    title=B("Qué ha llegado", "What has arrived"),
    notes=(
        B(
            "En amarillo puede corregir cuándo llegó un archivo (en hora universal, UTC: las 18:00 son las 12:00 en "
            "Centroamérica), de qué país es, y si se consolida. El original está en recibidos, en la carpeta que se "
            "dice.",
            "In yellow you may correct when a file arrived (in universal time, UTC: 18:00 is 12:00 in Central "
            "America), which country it is from, and whether it is merged. The original is in recibidos, in the folder "
            "that is said.",
        ),
    ),
    id="sha256",
    fillable=False,
    columns=(
        Column("received", B("Recibido el (UTC)", "Received on (UTC)"), Id(), width=18),
        Column("name", B("Archivo", "File"), Text(), width=44),
        Column("country", B("País", "Country"), Country(), width=20),
        Column("used", B("Se consolida", "Is merged"), YES_NO, width=11),
        Column("remark", B("Nota", "Remark"), Text(), width=30),
        Column("verdict", B("Qué se encontró", "What was found"), Text(), width=40),
        Column("supersedes", B("Sustituye a", "Supersedes"), Text(), width=30),
        Column("times", B("Veces que llegó", "Times it came"), Number(), width=10),
        Column("review", B("Copia revisada", "Checked copy"), Text(), width=36),
        Column("folder", B("Carpeta", "Folder"), Id(), width=16),
        Column("sha256", B("SHA-256", "SHA-256"), Id(), width=20),
    ),
)

WRITTEN = Kind(
    key="desk_written",
    sheet=Bilingual(STAMP_SHEET, STAMP_SHEET),
    fillable=False,
    key_columns=("of", "what"),
    id="of",
    columns=(
        Column("of", B("De", "Of"), Id()),
        Column("what", B("Qué", "What"), Id()),
        Column("value", B("Valor", "Value"), Text()),
    ),
)
"""What the yellow cells held when the workbook was written: what differs from it now, somebody corrected."""

EDITABLE: dict[str, tuple[str, ...]] = {COUNTRIES.key: OF_COUNTRY, FILES.key: OF_FILE}
"""The columns in which the Secretariat writes."""
DESK_KINDS = (COUNTRIES, FILES, WRITTEN)


def write_register(
    cycle: str,
    board: Sequence[Response],
    known: Ledger,
    folders: Mapping[str, str],
    as_of: dt.date,
    lang: Lang,
) -> bytes:
    """The register of a cycle's folder as a workbook, as of a day; `folders` tells where each original is."""
    lines = list(_lines(known))
    cells = {line.sha256: shown(known, line) for line in lines}
    workbook = Workbook(f"{COUNTRIES.sheet[lang]} {cycle}", AUTHOR[lang], as_of, lang)
    countries = [_country(one, known, lang) for one in board]
    files = [_file(line, known, cells[line.sha256], folders[line.arrival.sha256], lang) for line in lines]
    said = {code: {what: known.of(code, what) for what in OF_COUNTRY} for code in (one.country for one in board)}
    written = [
        Record((of, what), {"of": of, "what": what, "value": value})
        for of, told in (*said.items(), *cells.items())
        for what, value in told.items()
        if value
    ] or [Record(("", ""), {"of": "—", "what": "—", "value": "—"})]
    for kind, records, lead in ((COUNTRIES, countries, 1), (FILES, files, 2)):
        sheet, _ = write_data(
            workbook,
            kind.items_table,
            Rows(records, _head(kind, cycle, as_of, lang), look=_look(kind, known), lead=lead),
            lang,
        )
        allowed = ("format_columns", "format_rows", "autofilter", "sort", "select_locked_cells")
        sheet.raw.protect("", dict.fromkeys(allowed, True))  # what is typed beside the yellow cells would be lost
        if lead == 1:
            sheet.raw.activate()
    hidden, _ = write_data(workbook, WRITTEN.items_table, Rows(written), lang)
    hidden.raw.hide()
    return workbook.finish()


def _head(kind: Kind, cycle: str, as_of: dt.date, lang: Lang) -> tuple[str, ...]:
    title = kind.title or kind.sheet
    when = B("Ciclo {cycle}, a la fecha {day}", "Cycle {cycle}, as of {day}").format(cycle=cycle, day=as_of.isoformat())
    return (title[lang], when[lang], *(note[lang] for note in kind.notes))


def _look(kind: Kind, known: Ledger) -> Look:
    arrivals = {arrival.sha256: arrival for arrival in known.arrivals}

    def look(record: Record, column: Column) -> Style | None:
        if column.key not in EDITABLE[kind.key] or (
            kind is FILES and column.key in _not_said(arrivals.get(record.key[0]))
        ):
            return None
        return {**styles.OWN, "num_format": "yyyy-mm-dd"} if column.key in _DAYS else styles.OWN

    return look


def _country(one: Response, known: Ledger, lang: Lang) -> Record:
    values: dict[str, Value] = {what: known.of(one.country, what) or None for what in OF_COUNTRY}
    values |= {what: day(known.of(one.country, what)) for what in _DAYS}
    values |= {
        "country": one.country,
        "state": STATES[one.state][lang],
        "until": one.until,
        "late": one.late or None,
        "contact": one.contact,
        "files": one.files or None,
        "errors": one.errors or None,
        "last": one.file or None,
    }
    return Record((one.country,), values)


@dataclass(frozen=True)
class _Line:
    """A line of the register: a file or, below one that brought several workbooks, each of them; `books` are those of
    which it tells."""

    arrival: Arrival
    sha256: str
    name: str
    books: tuple[Verdict, ...]

    @property
    def part(self) -> bool:
        """Whether it is one of several workbooks that came in one file."""
        return self.sha256 != self.arrival.sha256


def _lines(known: Ledger) -> Iterator[_Line]:
    parts = known.parts
    for arrival in known.arrivals:
        within = [sha for sha, (whole, _) in parts.items() if whole is arrival]
        own = tuple(one for one in arrival.verdicts or () if one.sha256 not in within)
        yield _Line(arrival, arrival.sha256, "; ".join(arrival.names), own)
        for sha in within:
            verdict = parts[sha][1]
            yield _Line(arrival, sha, verdict.name, (verdict,))


def _not_said(whole: Arrival | None) -> tuple[str, ...]:
    """What is not said of a line: of a file with several workbooks whose it is, of one of those when it came."""
    if whole is None:
        return (RECEIVED,)
    return (COUNTRY,) if whole.several else ()


def _file(line: _Line, known: Ledger, cells: Mapping[str, str], folder: str, lang: Lang) -> Record:
    arrival = line.arrival
    values: dict[str, Value] = {what: text or None for what, text in cells.items()}
    copies = [copy for book, copy in arrival.reviews.items() if book in {one.sha256 for one in line.books}]
    values |= {
        "received": arrival.received,
        "name": line.name,
        "verdict": "; ".join(_found(line, lang)),
        "supersedes": "; ".join(_superseded(line, known)) or None,
        "times": None if line.part else arrival.times,
        "review": "; ".join(dict.fromkeys(copies)) or None,
        "folder": folder,
        "sha256": line.sha256,
    }
    return Record((line.sha256,), values)


def _found(line: _Line, lang: Lang) -> Iterator[str]:
    """What was found in a file, a part for each workbook of which its line tells."""
    if line.arrival.verdicts is None:
        yield B("sin revisar", "not checked")[lang]
    elif line.arrival.several and not line.part:
        count = sum(one.is_book for one in line.arrival.verdicts)
        yield B("trae {n} libros: véanse abajo", "brings {n} workbooks: see below").format(n=count)[lang]
    for one in line.books:
        name = f"{one.name.rpartition('/')[2]}: " if len(line.books) > 1 or line.arrival.several else ""
        name = "" if line.part else name
        country = (
            BY_CODE[one.country].name[lang]
            if one.country in BY_CODE
            else B("país desconocido", "country unknown")[lang]
        )
        if not one.is_book:
            yield name + B("no es un libro", "no workbook")[lang]
        elif not one.accepted:
            yield name + B("no aceptado ({why})", "not accepted ({why})").format(why=one.why)[lang]
        else:
            text = B(
                "{country}, ciclo {cycle}; errores: {errors}, advertencias: {warnings}",
                "{country}, cycle {cycle}; errors: {errors}, warnings: {warnings}",
            )
            told = {"country": country, "cycle": one.cycle or "—", "errors": one.errors, "warnings": one.warnings}
            yield name + text.format(**told)[lang]


def _superseded(line: _Line, known: Ledger) -> Iterator[str]:
    """The earlier files of the same country and cycle."""
    mine = {(one.country, one.cycle) for one in line.books if one.accepted and one.country}
    for other in known.arrivals:
        if other.received < line.arrival.received:
            theirs = [one for one in other.verdicts or () if one.accepted and (one.country, one.cycle) in mine]
            yield from unique(one.name if other.several else other.name for one in theirs)


def corrections(path: Path, known: Ledger, deadline: dt.date, today: dt.date) -> list[dict[str, str]]:
    """What somebody wrote into the yellow cells since the workbook was written: of which country or file, what, and its
    value; a UsageError that names every cell that cannot be used. Nothing where there is no such workbook."""
    if not path.is_file():
        return []
    found = read_canonical([read_book(path)], DESK_KINDS, ())
    _check_whole(path, found, known)
    before = {(r.text("of"), r.text("what")): r.text("value") for r in found.of(WRITTEN.key)}
    wrong = [_told(path, one) for one in found.findings if one.severity == "error"]
    arrivals = {arrival.sha256: arrival for arrival in known.arrivals}
    corrected = []
    for kind in DESK_KINDS:
        for record in found.of(kind.key) if kind.key in EDITABLE else ():
            unsaid = _not_said(arrivals.get(record.key[0])) if kind is FILES else ()
            for what in (what for what in EDITABLE[kind.key] if what not in unsaid):
                value = _plain(record, what)
                place = record.places.get(what)
                fault = _fault(what, value, deadline, today)
                if fault is not None:
                    cell = f"{path.name}, {place.sheet}!{place.cell}" if place else path.name
                    told = Bilingual(*(f"{cell}: {fault[lang]}" for lang in LANGS))
                    wrong.append(told.format(found=record.text(what), deadline=deadline.isoformat()))
                elif (
                    value is not None
                    and _is_new(value, before, (record.key[0], what))
                    and value != _now(known, record.key[0], what)
                ):
                    corrected.append({"of": record.key[0], "what": what, "value": value})
    if wrong:
        raise UsageError(Bilingual(*("\n".join(one[lang] for one in wrong) for lang in LANGS)))
    return corrected


def language(path: Path) -> Lang | None:
    """The language of the register as it is; None where there is none."""
    names = {grid.name for grid in read_book(path).grids} if path.is_file() else set()
    return next((lang for lang in LANGS if COUNTRIES.sheet[lang] in names), None)


def _check_whole(path: Path, found: Canonical, known: Ledger) -> None:
    """The journal has everything that the workbook tells of: else it was lost, or is still on its way."""
    if any(not one.place.sheet for one in found.findings):
        text = B(
            "{path} no se puede leer. Bórrelo, y se hace de nuevo; lo que estaba anotado sigue en el registro.",
            "{path} cannot be read. Delete it, and it is made again; what was noted is still in the register.",
        )
        raise UsageError(text.format(path=path.name))
    there = {line.sha256 for line in _lines(known)}
    lost = [record for record in found.of(FILES.key) if record.key[0] not in there]
    noted = [r for r in found.of(WRITTEN.key) if r.text("what") in _DAYS and not known.of(r.key[0], r.text("what"))]
    gone = [record for record in noted if record.key[0] in BY_CODE and not known.said]
    if lost or gone:
        text = B(
            "{path} habla de lo que el registro no tiene (recibidos/registro.jsonl): si la carpeta se está "
            "sincronizando, espere; si se perdió, repóngalo de una copia. Para empezar de nuevo, borre {path}.",
            "{path} tells of what the register does not have (recibidos/registro.jsonl): if the folder is being "
            "synchronised, wait; if it was lost, put it back from a copy. To begin anew, delete {path}.",
        )
        raise UsageError(text.format(path=path.name))


def _fault(what: str, value: str | None, deadline: dt.date, today: dt.date) -> Bilingual | None:
    """Why a yellow cell cannot be used; None if it can."""
    if value is None:
        return B(
            "«{found}» no es un solo día; escriba, por ejemplo, 2010-04-12.",
            "“{found}” is no single day; write, for instance, 2010-04-12.",
        )
    if what == EXTENSION and value and value <= deadline.isoformat():
        return B(
            "la prórroga «{found}» no pasa del plazo ({deadline}).",
            "the extension “{found}” is not after the deadline ({deadline}).",
        )
    if what in (NOTHING, CONTACTED) and value > today.isoformat():
        return B("«{found}» todavía no ha llegado.", "“{found}” has not come yet.")
    return None


def _is_new(value: str, before: Mapping[tuple[str, str], str], spot: tuple[str, str]) -> bool:
    """Whether somebody wrote it; where it is not known what stood there, a blank is nobody's word."""
    return value != before.get(spot, "") if before else bool(value)


def _told(path: Path, one: Finding) -> Bilingual:
    cell = f"{path.name}, {one.place.sheet}!{one.place.cell}" if one.place.cell else path.name
    return Bilingual(*(f"{cell}: {one.message(lang)} {one.advice(lang)}" for lang in LANGS))


def _plain(record: Record, what: str) -> str | None:
    """What a yellow cell says: a day or a moment in ISO where one is due, else its text; None of what is no day."""
    text = tidy(record.text(what))
    if not text or what not in (*_DAYS, RECEIVED):
        return text
    if what in _DAYS:
        when = understand(text)
        return when.end.isoformat() if when.kind == "period" and when.end and when.begin == when.end else None
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=None).isoformat(" ", "seconds")
    except ValueError:
        when = understand(text)
        single = when.kind == "period" and when.end and when.begin == when.end
        return f"{when.end} 00:00:00" if single else None


def _now(known: Ledger, of: str, what: str) -> str:
    """What is known now of what a yellow cell says."""
    line = next((line for line in _lines(known) if line.sha256 == of), None)
    return known.of(of, what) if line is None else shown(known, line).get(what, "")


def shown(known: Ledger, line: _Line) -> dict[str, str]:
    """What the yellow cells of a line show."""
    whose = {verdict.country for verdict in line.books if verdict.country}
    found = {
        COUNTRY: known.of(line.sha256, COUNTRY) or (next(iter(whose)) if len(whose) == 1 else ""),
        RECEIVED: line.arrival.received,
        USED: "yes" if known.counts(line.sha256) else "no",
        REMARK: known.of(line.sha256, REMARK),
    }
    unsaid = _not_said(None if line.part else line.arrival)
    return {what: text for what, text in found.items() if what not in unsaid}
