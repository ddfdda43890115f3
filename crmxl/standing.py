"""Where a cycle stands, from what is in its folder, and the command that comes next."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crmxl import cycle as work
from crmxl import members
from crmxl.canonical import Canonical
from crmxl.decisions import taken
from crmxl.definition import Record
from crmxl.desk import Desk
from crmxl.files import UsageError
from crmxl.journal import Line, read_journal
from crmxl.keeping import ORIGINALS, REGISTER, board, check_cycle, waiting
from crmxl.ledger import COUNTRY, Ledger, ledger
from crmxl.logbook import corrections
from crmxl.responses import STATES, Response
from crmxl.text import LANGS, B, Bilingual, listed, unique


@dataclass(frozen=True)
class Standing:
    """How far a cycle has come: lines to read, the board, what comes next and its command; no command where something
    else is to be done first."""

    desk: Desk
    lines: tuple[Bilingual, ...]
    board: tuple[Response, ...]
    next: Bilingual
    order: str = ""


def standing(desk: Desk, today: dt.date) -> Standing:
    """Where a cycle stands on a day. Nothing is written."""
    journal = read_journal(desk.folder(ORIGINALS))
    known = ledger(journal.lines)
    try:
        told = corrections(desk.root / REGISTER, known, desk.deadline, today)
    except UsageError as fault:
        text = B("Corregir registro.xlsx", "Correct registro.xlsx")
        return Standing(desk, (*_head(desk, known, today), fault.text), board(desk, known, today), text)
    known = ledger((*journal.lines, *(Line(_LAST, "corrected", one) for one in told)))
    rows = board(desk, known, today)
    fresh = waiting(desk)
    lines = [*_head(desk, known, today), *_came(rows, known)]
    try:
        check_cycle(desk, known)
    except UsageError as fault:
        return Standing(desk, (*lines, fault.text), rows, B("Corregir crmxl.toml", "Correct crmxl.toml"))
    if fresh:
        lines.append(B("En entrada, sin tomar: {n}", "In entrada, not taken in: {n}").format(n=len(fresh)))
    if journal.torn:
        text = B(
            "Líneas del registro que no se entienden: {n} (recibidos/registro.jsonl)",
            "Lines of the register that cannot be read: {n} (recibidos/registro.jsonl)",
        )
        lines.append(text.format(n=journal.torn))
    if desk.merged:
        last = desk.merged[-1].relative_to(desk.root).as_posix()
        lines.append(B("Último consolidado: {path}", "Last consolidated workbook: {path}").format(path=last))
    return Standing(desk, tuple(lines), rows, *_next(desk, known, fresh, today))


_LAST = "9999"
"""A moment after all others: of what was written by hand and no command has kept yet."""
NOBODYS = "E101"
"""The code of a file of which it is not known whose it is."""
_AWAY = frozenset(("away", "extended", "refused", "other"))
"""The states of a country of which nothing can be used."""


def _head(desk: Desk, known: Ledger, today: dt.date) -> Iterator[Bilingual]:
    days = (desk.deadline - today).days
    when = B("faltan {n} días", "{n} days left") if days >= 0 else B("venció hace {n} días", "{n} days ago")
    head = B("Ciclo {cycle}, plazo {deadline} ({when})", "Cycle {cycle}, deadline {deadline} ({when})")
    told = when.format(n=abs(days))
    yield head.format(cycle=desk.cycle, deadline=desk.deadline.isoformat(), when=told)
    there = {path.stem for path in desk.folder("emitidos").glob("*.xlsx") if not path.name.startswith("~$")}
    yield B("Plantillas emitidas: {n}", "Templates issued: {n}").format(n=len(there))
    lost = [code for code in members.CODES if code in known.issued and code not in there]
    if lost:
        text = B(
            "Se emitieron y ya no están en emitidos: {names}. Sin ellas no se sabe qué se envió: crmxl issue las "
            "repone.",
            "Issued and no longer in emitidos: {names}. Without them it is not known what was sent: crmxl issue puts "
            "them back.",
        )
        yield text.format(names=named(lost))
    made = {path.name for path in desk.merged}
    for name in (name for name in known.merged if name not in made):
        text = B(
            "El registro dice que se hizo {name}, y no está en consolidados: sus decisiones estaban en él.",
            "The register says that {name} was made, and it is not in consolidados: its decisions were in it.",
        )
        yield text.format(name=name)


def _came(rows: tuple[Response, ...], known: Ledger) -> Iterator[Bilingual]:
    """How many countries have sent, and how."""
    away = [row.country for row in rows if row.state in _AWAY]
    text = B("Países que han enviado: {n} de {all}", "Countries that have sent: {n} of {all}")
    yield text.format(n=len(rows) - len(away), all=len(rows))
    for state, words in STATES.items():
        codes = [row.country for row in rows if row.state == state and state not in _AWAY]
        if codes:
            yield Bilingual(*(f"   {words[lang]}: {len(codes)} ({named(codes)[lang]})" for lang in LANGS))
    unknown = sum(
        not verdict.country and not arrival.said.get(COUNTRY) and verdict.why == NOBODYS
        for arrival, verdict in known.books
    )
    if unknown:
        text = B(
            "   de país desconocido: {n} (dígalo en registro.xlsx, hoja Archivos)",
            "   from an unknown country: {n} (say it in registro.xlsx, sheet Files)",
        )
        yield text.format(n=unknown)

    if away and known.arrivals:
        yield B("Faltan: {names}", "Missing: {names}").format(names=named(away))
        others = [row.country for row in rows if row.state == "other"]
        if others:
            text = B("   (de otro ciclo sí envió: {names})", "   (of another cycle there is something: {names})")
            yield text.format(names=named(others))
    if known.arrivals and any(row.state in (*_AWAY, "faulty") for row in rows):
        yield B("Para recordar y pedir correcciones: crmxl remind", "To remind and ask for corrections: crmxl remind")


def named(codes: Sequence[str]) -> Bilingual:
    """Countries in a sentence."""
    return Bilingual(*(listed((members.BY_CODE[code].name[lang] for code in codes), lang) for lang in LANGS))


def _next(desk: Desk, known: Ledger, fresh: list[Path], today: dt.date) -> tuple[Bilingual, str]:
    if desk.issued is None:
        return B("Emitir las plantillas", "Issue the templates"), "crmxl issue"
    if not known.arrivals and not fresh and not desk.merged:
        put = B(
            "Enviar a cada país su archivo de emitidos, y poner lo que llegue en entrada",
            "Mail to each country its file of emitidos, and put what arrives into entrada",
        )
        return put, ""
    if fresh or known.waiting:
        check = B("Revisar lo que llegó ({n})", "Check what arrived ({n})")
        return check.format(n=len(fresh) + len(known.waiting)), "crmxl validate"
    if not desk.merged:
        return B("Consolidar lo que llegó", "Merge what arrived"), "crmxl merge"
    return _after(desk, known, work.open_canonical([desk.merged[-1]]), today)


def _after(desk: Desk, known: Ledger, opened: Canonical, today: dt.date) -> tuple[Bilingual, str]:
    """What comes next once there is a consolidated workbook, and its command."""
    there = {row.text("sha256") for row in opened.of("reception")}
    found = {one.sha256 for _, one in known.books if one.accepted}
    if found - there:
        text = B("Consolidar lo que llegó desde entonces ({n})", "Merge what has arrived since ({n})")
        return text.format(n=len(found - there)), "crmxl merge"
    rows = [row for row in opened.of("decisions") if row.text("stage") != "applied"]
    decided = [row for row in rows if taken(row) and (taken(row) != "own" or row.text("own"))]
    if decided and is_as_made(known, desk.merged[-1]):
        items = ", ".join(unique(row.text("item") for row in decided))
        text = B(
            "Corregir en la hoja Decisiones lo que no se pudo aplicar ({items}); la orden dice por qué",
            "Correct in the sheet Decisions what could not be applied ({items}); the command tells why",
        )
        return text.format(items=items), "crmxl merge"
    if decided:
        return B("Aplicar lo que se decidió", "Apply what was decided"), "crmxl merge"
    if rows:
        decide = B(
            "Decidir en la hoja Decisiones de ese libro (filas: {n}), y consolidar de nuevo",
            "Decide in the sheet Decisions of that workbook (rows: {n}), and merge again",
        )
        return decide.format(n=len(rows)), "crmxl merge"
    if any(row.state in _AWAY and row.until >= today for row in board(desk, known, today)):
        text = B(
            "Esperar a los países que faltan, hasta su plazo; para recordarles: crmxl remind",
            "Wait for the countries that are missing, until their deadline; to remind them: crmxl remind",
        )
        return text, ""
    circular = desk.circular
    if not circular.exists() or (known.published and known.published != desk.merged[-1].name):
        return B("Hacer la copia que puede circular", "Make the copy that may circulate"), "crmxl publish"
    done = B(
        "Hacer circular {path}; el ciclo siguiente empieza en otra carpeta, con el último consolidado: crmxl init",
        "Circulate {path}; the next cycle begins in another folder, with the last consolidated workbook: crmxl init",
    )
    return done.format(path=circular.relative_to(desk.root).as_posix()), ""


def is_as_made(known: Ledger, path: Path) -> bool:
    """Whether nobody has written into a consolidated workbook since it was made."""
    return known.merged.get(path.name) == hashlib.sha256(path.read_bytes()).hexdigest()


def _word(row: Record) -> tuple[str | None, str]:
    """What a row of Decisiones decides."""
    return taken(row), row.text("own")


def check_decisions(desk: Desk, known: Ledger) -> None:
    """Decisions that were written in an earlier consolidated workbook than the last are not to be lost: a UsageError
    that names them."""
    if len(desk.merged) < 2:
        return
    *earlier, last = desk.merged
    waiting_: dict[str, tuple[str | None, str]] | None = None
    for path in earlier:
        if is_as_made(known, path):
            continue
        if waiting_ is None:
            rows = work.open_canonical([last]).of("decisions")
            waiting_ = {r.text("id"): _word(r) for r in rows if r.text("stage") != "applied"}
        written = [r for r in work.open_canonical([path]).of("decisions") if taken(r)]
        lost = [
            r for r in written if waiting_.get(r.text("id"), (taken(r), r.text("own"))) != (taken(r), r.text("own"))
        ]
        if lost:
            text = B(
                "En {earlier} hay decisiones escritas que {last} no tiene ({n}). Escríbalas en {last}, o tómelas de "
                "allí: crmxl merge --decisions {path}",
                "In {earlier} decisions are written that {last} does not have ({n}). Write them in {last}, or take "
                "them from there: crmxl merge --decisions {path}",
            )
            raise UsageError(text.format(earlier=path.name, last=last.name, n=len(lost), path=path))
