"""What the Secretariat does to its own workbook between cycles: finished activities are archived, periods are opened.

Each makes a new workbook of one that is there. A consolidated workbook stays one: its registers go along.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from crmxl.archiving import archived, to_archive
from crmxl.canonical import Canonical, read_canonical
from crmxl.consolidation import Consolidation, merge
from crmxl.cycle import open_canonical
from crmxl.decisions import Catalogue, natural
from crmxl.definition import Kind, Record
from crmxl.difference import difference
from crmxl.drafting import Draft, draft
from crmxl.files import MISSING, UsageError, check_is_output, write_whole
from crmxl.kinds import BY_KEY, DATA, KINDS
from crmxl.kinds.smuggling_plan import BECAME
from crmxl.publishing import reserved_cells
from crmxl.reading import read_book, read_books
from crmxl.references import without_citations
from crmxl.registers import lateness
from crmxl.status import assess
from crmxl.submission import read_sheets
from crmxl.text import B, Lang
from crmxl.writing import VIEWS, write_canonical, write_consolidated, write_drafted

_PERIOD = re.compile(r"[12]\d{3}(?:-[12])?")


@dataclass(frozen=True)
class Kept:
    """A workbook as written, and what was done: the rows that are new in it."""

    path: Path
    rows: tuple[Record, ...]


def archive(workbook: Path, path: Path, day: dt.date, items: Sequence[str] = (), lang: Lang = "es") -> Kept:
    """Pass finished activities to the Histórico: those that the Secretariat has marked so in Situación, or `items`, by
    their numbers. What each country reported goes along."""
    base = open_canonical([workbook])
    check_is_output(path, [workbook])
    plan, history = BY_KEY["plan"], BY_KEY["history"]
    known = [record.key[0] for record in base.of(plan.items_table.name)]
    if not known:
        raise UsageError(B("{file} no contiene un plan.", "{file} holds no plan.").format(file=workbook.name))
    wanted = list(items) or to_archive(plan, base.records)
    if strange := [item for item in wanted if item not in known]:
        text = B("No hay una actividad {item} en {file}.", "There is no activity {item} in {file}.")
        raise UsageError(text.format(item=strange[0], file=workbook.name))
    if not wanted:
        text = B(
            "Ninguna actividad de {file} dice «Pasar al histórico» o «Cumplida» en Situación; diga cuáles con --items.",
            "No activity of {file} says “Move to history” or “Done” in Situation; tell which with --items.",
        )
        raise UsageError(text.format(file=workbook.name))
    waiting = {r.text("item") for r in base.of("decisions") if r.text("stage") != "applied"} & set(wanted)
    if waiting:
        text = B(
            "Sobre {items} hay preguntas abiertas en la hoja Decisiones: decídalas y consolide antes.",
            "On {items} questions are open in the sheet Decisions: decide them and merge first.",
        )
        raise UsageError(text.format(items=", ".join(sorted(waiting, key=natural))))
    reserved = {(item, country) for _, item, country, _ in reserved_cells(base, Catalogue(DATA))}
    done = archived(plan, history, base.records, wanted, day, lang, reserved)
    write_whole({path: _written(base, done.tables, day, lang)})
    return Kept(path, done.rows)


def open_periods(workbook: Path, path: Path, day: dt.date, periods: Sequence[str], lang: Lang = "es") -> Kept:
    """Add the rows of further years (`2010`) or half years (`2010-1`) to the figures that repeat."""
    base = open_canonical([workbook])
    check_is_output(path, [workbook])
    if wrong := [period for period in periods if not _PERIOD.fullmatch(period)]:
        text = B(
            "«{found}» no es un año (2010) ni un semestre (2010-1, 2010-2).",
            "“{found}” is neither a year (2010) nor a half year (2010-1, 2010-2).",
        )
        raise UsageError(text.format(found=wrong[0]))
    tables = dict(base.records)
    added: list[Record] = []
    for kind in KINDS:
        if kind.repeats is None or not base.of(kind.items_table.name):
            continue
        there = {record.key for record in base.of(kind.items_table.name)}
        rows = kind.repeats(list(dict.fromkeys(periods)))
        fresh = [Record((str(row[kind.id]),), row) for row in rows if row.get("period")]
        fresh = [record for record in fresh if record.key not in there]
        answers = {r.key[0] for r in base.of(kind.answers_table.name)} if kind.answers_table else set()
        asked = {record.key[0].split(".")[0] for record in fresh}
        left = [r for r in base.of(kind.items_table.name) if not _is_timeless(r, asked) or r.key[0] in answers]
        tables[kind.items_table.name] = _beside(kind, left, fresh)
        added += fresh
    if not added:
        text = B(
            "{file} ya pregunta por esos períodos, o no tiene cifras que se repitan.",
            "{file} asks for those periods already, or has no figures that repeat.",
        )
        raise UsageError(text.format(file=workbook.name))
    write_whole({path: _written(base, tables, day, lang)})
    return Kept(path, tuple(added))


def _is_timeless(record: Record, asked: Collection[str]) -> bool:
    """Whether a row asks for a figure without saying of when, of which the new rows say it."""
    return not record.text("period") and record.key[0].split(".")[0] in asked


def draft_plan(
    inputs: Sequence[Path], path: Path, day: dt.date, against: Sequence[Path] = (), lang: Lang = "es"
) -> tuple[Path, Draft]:
    """Put the workbooks of working groups together as one draft plan against smuggling. `against` are workbooks of the
    Secretariat: what resembles their activities, or what other forums do, is listed."""
    check_is_output(path, [*inputs, *against])
    plan, group = BY_KEY["smuggling_plan"], BY_KEY["group_work"]
    read = [read_sheets(book, [group]) for given in inputs for book in read_books(given)]
    if not any(one.records.get(group.key) for one in read):
        text = B(
            "Ningún archivo trae aportes de un grupo; se llenan en: crmxl template {kind}",
            "No file brings the input of a group; it is filled in: crmxl template {kind}",
        )
        raise UsageError(text.format(kind=group.key))
    elsewhere: dict[tuple[str, str], str] = {}
    for given in against:
        base = open_any(given)
        if not any(base.of(BY_KEY[key].items_table.name) for key in ("plan", "other_actions")):
            text = B(
                "{file} no tiene un plan ni la hoja Otros espacios: no hay con qué comparar.",
                "{file} has neither a plan nor the sheet Other forums: there is nothing to compare with.",
            )
            raise UsageError(text.format(file=given.name))
        for kind in (BY_KEY["plan"], BY_KEY["other_actions"]):
            for record in base.of(kind.items_table.name):
                where = record.text("space") or kind.sheet[lang]
                elsewhere[where, record.key[0]] = without_citations(record.text(kind.subject or ""))
    found = draft(plan, group, read, BECAME, elsewhere)
    axes = BY_KEY["axes"]
    versions = [Record((str(row["id"]),), row) for row in axes.seed]
    write_whole({path: write_drafted(found, plan, axes, versions, day, lang)})
    return path, found


def open_any(path: Path) -> Canonical:
    """A workbook of the Secretariat, whatever it holds."""
    if not path.exists():
        raise UsageError(MISSING.format(path=path))
    return read_canonical([read_book(path)], KINDS, VIEWS)


def _beside(kind: Kind, rows: Sequence[Record], fresh: Sequence[Record]) -> tuple[Record, ...]:
    """New rows beside those of the same thing, period after period."""
    things = [str(row[kind.id]) for row in kind.seed]
    order = {number.split(".")[0]: place for place, number in reversed(list(enumerate(things)))}

    def place(record: Record) -> tuple[object, ...]:
        thing = record.key[0].split(".")[0]
        return order.get(thing, len(order)), record.text("period")

    return tuple(sorted((*rows, *fresh), key=place))


def _written(base: Canonical, tables: Mapping[str, tuple[Record, ...]], day: dt.date, lang: Lang) -> bytes:
    """A workbook like the one that was given, with other data."""
    if not base.of("reception"):
        items = assess(KINDS, tables, day)
        return write_canonical(KINDS, tables, base.preambles, items, day, lang)
    changed = replace(base, records=tables)
    cycle = max(base.of("reception"), key=lateness).text("cycle")
    result: Consolidation = merge(changed, [], KINDS, lang, (), cycle, day)
    result = replace(result, changes=difference(base, changed, DATA), tables={**result.tables, **_registers(base)})
    return write_consolidated(result, KINDS, assess(KINDS, result.tables, day), day, lang)


def _registers(base: Canonical) -> dict[str, tuple[Record, ...]]:
    """The registers as they are: nothing has arrived."""
    return {name: base.of(name) for name in ("reception", "set_aside", "provenance", "evolution")}
