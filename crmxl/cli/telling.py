"""Commands that tell something: status, when, doctor, why, diff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmxl.cli.folder import NOTHING_MERGED, working
from crmxl.cli.program import command, print_findings, print_json, print_lines, print_table, today_or
from crmxl.options import (
    as_of_option,
    current_lang,
    format_option,
    from_desk,
    here,
    issued_option,
    option,
)
from crmxl.text import B

if TYPE_CHECKING:
    from crmxl.cycle import History
    from crmxl.desk import Desk


@command(
    "status",
    B(
        "Dice qué actividades están vencidas, por definir, pendientes o en plazo.",
        "Tells which activities are overdue, undefined, pending or on time.",
    ),
    "crmxl status plan-de-trabajo-2009.xlsx --as-of 2010-03-01",
)
@click.argument(
    "workbook",
    metavar="WORKBOOK",
    required=False,
    callback=from_desk(lambda desk: desk.latest),
    type=click.Path(path_type=Path),
)
@as_of_option
@option(
    "--due-soon",
    type=click.IntRange(0, 3650),
    default=60,
    show_default=True,
    about=B("Días en que algo está por vencer.", "Days within which something is due soon."),
)
@option(
    "--history",
    is_flag=True,
    about=B(
        "Cómo se movieron las marcas de ciclo en ciclo: qué sigue abierto y qué se aplazó.",
        "How the marks moved from cycle to cycle: what stays open and what was put off.",
    ),
)
@format_option
def status(workbook: Path, as_of: dt.datetime | None, due_soon: int, history: bool, form: str) -> None:
    from crmxl import cycle
    from crmxl.reports import MARK_HEADS, mark_rows, marks_line
    from crmxl.status import report

    lang = current_lang()
    day = today_or(as_of)
    if history:
        _tell_history(cycle.history(workbook, day), form)
        return
    items = cycle.marks(workbook, day, due_soon)
    if form == "json":
        print_json(report(items, day, lang))
        return
    if not items:
        click.echo(B("El libro no contiene un plan.", "The workbook holds no plan.")[lang])
        return
    text = B("Marcas a la fecha {day} ({path})", "Marks as of {day} ({path})")
    title = text.format(day=day.isoformat(), path=workbook)[lang]
    print_table(title, [head[lang] for head in MARK_HEADS], mark_rows(items, lang), prose=True)
    click.echo(marks_line(items)[lang])


def _tell_history(found: History, form: str) -> None:
    """The cycles as a table, then what stays open and what was put off."""
    from crmxl.reports import history_heads, history_lines, history_rows

    lang = current_lang()
    if form == "json":
        print_json(found.as_dict())
        return
    if not found.cycles:
        click.echo(B("El libro no tiene ciclos consolidados.", "The workbook has no merged cycles.")[lang])
        return
    heads = history_heads(found, lang)
    print_table(B("Marcas por ciclo", "Marks by cycle")[lang], heads, history_rows(found))
    print_lines(history_lines(found, lang))


@command(
    "remind",
    B(
        "Escribe las cartas del ciclo como borradores de correo: gracias, recordatorios, correcciones. Nada se envía.",
        "Writes the letters of the cycle as drafts of mails: thanks, reminders, corrections. Nothing is sent.",
    ),
    "crmxl remind --until 2010-04-12",
)
@option("--country", "countries", multiple=True, about=B("Sólo este país.", "This country only."))
@option(
    "--until",
    metavar="DATE",
    type=click.DateTime(("%Y-%m-%d",)),
    about=B(
        "Hasta cuándo se pide el envío a quien va tarde (AAAA-MM-DD); dos meses después del plazo si no se da.",
        "By when those that are late are asked to send (YYYY-MM-DD); two months after the deadline if not given.",
    ),
)
@format_option
def remind(countries: tuple[str, ...], until: dt.datetime | None, form: str) -> None:
    from crmxl import reminding
    from crmxl.files import UsageError
    from crmxl.receiving import country_code
    from crmxl.reports import reminder_lines

    lang = current_lang()
    codes = [country_code(name) for name in countries]
    with working() as keeping:
        if keeping is None:
            text = B(
                "Las cartas salen de la carpeta de un ciclo: entre en ella, o hágala con crmxl init.",
                "Letters come from the folder of a cycle: go into it, or make one with crmxl init.",
            )
            raise UsageError(text)
        done = reminding.remind(keeping, lang, codes, until.date() if until else None)
    if form == "json":
        print_json(
            [{"country": one.row.country, "state": one.row.state, "file": str(one.path)} for one in done.letters]
        )
    else:
        print_lines(reminder_lines(done, lang))


@command(
    "when",
    B(
        "Dice cómo se entiende una expresión de calendario.",
        "Tells how a calendar expression is understood.",
    ),
    'crmxl when "I Trimestre del 2018" "before each meeting of the RCM"',
)
@click.argument("texts", metavar="TEXT...", nargs=-1, required=True)
@as_of_option
@format_option
@click.pass_context
def when(ctx: click.Context, texts: tuple[str, ...], as_of: dt.datetime | None, form: str) -> None:
    from crmxl.dates import understand
    from crmxl.spoken import as_dict, in_words

    lang = current_lang()
    read = [understand(text) for text in texts]
    if form == "json":
        print_json([as_dict(item) for item in read])
    else:
        day = today_or(as_of)
        for item in read:
            print_lines(in_words(item, day, lang))
    ctx.exit(1 if any(item.kind in ("ambiguous", "unreadable") for item in read) else 0)


@command(
    "doctor",
    B(
        "Dice qué es un archivo: formato, programa, plantilla, país, y qué esconde.",
        "Tells what a file is: format, program, template, country, and what hides in it.",
    ),
    "crmxl doctor recibidos",
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@issued_option
@format_option
def doctor(files: tuple[Path, ...], issued: Path | None, form: str) -> None:
    from crmxl import receiving
    from crmxl.diagnosis import diagnosis_lines
    from crmxl.files import find_files
    from crmxl.kinds import KINDS

    lang = current_lang()
    found = receiving.examine(find_files(files), receiving.open_issued(issued or receiving.default_issued()))
    if form == "json":
        print_json([item.as_dict(lang) for item in found])
        return
    for item in found:
        print_lines(diagnosis_lines(item, KINDS, lang))
        print_findings(item.book.findings, lang)


@command(
    "why",
    B(
        "Dice de dónde viene un valor del libro consolidado: quién lo dijo, en qué archivo y celda, y quién decidió.",
        "Tells where a value of the consolidated workbook came from: who said it, in which file and cell, who decided.",
    ),
    'crmxl why consolidado.xlsx "Avance!C2"',
)
@click.argument("words", metavar="CONSOLIDATED SHEET!CELL", nargs=-1, required=True)
@format_option
@click.pass_context
def why(ctx: click.Context, words: tuple[str, ...], form: str) -> None:
    from crmxl import cycle
    from crmxl.tracing import trace_lines

    *given, spot = words
    last = here(lambda desk: desk.latest)
    if len(given) > 1 or not (given or last):
        raise click.MissingParameter(ctx=ctx, param=next(one for one in ctx.command.params if one.name == "words"))
    workbook = Path(given[0]) if given else last
    found = cycle.why(workbook, spot)
    if form == "json":
        print_json(found.as_dict(current_lang()))
    else:
        print_lines(trace_lines(found, current_lang()))


@command(
    "diff",
    B(
        "Dice qué cambió entre dos versiones, por actividad, pregunta y país.",
        "Tells what changed between two versions, by activity, question and country.",
    ),
    "crmxl diff consolidado-2010-1.xlsx consolidado-2010-2.xlsx",
)
@click.argument("books", metavar="OLD NEW", nargs=-1, type=click.Path(path_type=Path))
@option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    about=B("Libro con los cambios, si se quiere.", "Workbook with the changes, if wanted."),
)
@format_option
@click.pass_context
def diff(ctx: click.Context, books: tuple[Path, ...], output: Path | None, form: str) -> None:
    from crmxl import cycle
    from crmxl.decisions import Catalogue
    from crmxl.difference import change_dict, change_lines
    from crmxl.kinds import DATA

    lang = current_lang()
    old, new = ([books[0]], books[1]) if len(books) == VERSIONS else _last_two(ctx, books)
    found = cycle.diff(old, new, output, lang)
    if form == "json":
        catalogue = Catalogue(DATA)
        print_json([change_dict(change, catalogue, lang) for change in found.changes])
        return
    print_lines(change_lines(found.changes, found.old, found.new, DATA, lang))
    count = B("Cambios: {n} ({old} → {new})", "Changes: {n} ({old} → {new})")
    click.echo(count.format(n=len(found.changes), old=", ".join(path.name for path in old), new=new.name)[lang])
    if output:
        click.echo(B("Libro de cambios: {path}", "Workbook of changes: {path}").format(path=output)[lang])


def _tell_by_hand(desk: Desk) -> None:
    """That somebody has written into a consolidated workbook since it was made: both versions say it."""
    from crmxl.journal import read_journal
    from crmxl.keeping import ORIGINALS
    from crmxl.ledger import ledger
    from crmxl.standing import is_as_made

    known = ledger(read_journal(desk.folder(ORIGINALS)).lines)
    for path in desk.merged[-2:]:
        if path.name in known.merged and not is_as_made(known, path):
            text = B(
                "! {name} se editó después de hecho (por ejemplo, las decisiones). Lo que se cambió ahí a mano está en "
                "las dos versiones, y por eso no sale aquí.",
                "! {name} was edited after it was made (the decisions, for instance). What was changed there by hand "
                "is in both versions, so it is not shown here.",
            )
            click.echo(text.format(name=path.name)[current_lang()], err=True)


VERSIONS = 2
"""A difference is between so many workbooks."""


def _last_two(ctx: click.Context, books: tuple[Path, ...]) -> tuple[Sequence[Path], Path]:
    """What is compared where no two workbooks are named: in a cycle's folder the last consolidated one with the one
    before it, or with what the cycle began with."""
    from crmxl.files import UsageError

    desk = here(lambda desk: desk)
    if books or desk is None:
        raise click.MissingParameter(ctx=ctx, param=next(one for one in ctx.command.params if one.name == "books"))
    if not desk.merged:
        raise UsageError(NOTHING_MERGED)
    _tell_by_hand(desk)
    *before, last = desk.merged
    return before[-1:] or desk.canonical, last
