"""Commands by which the Secretariat looks after its own workbooks: archive, period, draft."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from crmxl.cli.folder import NOTHING_MERGED, working
from crmxl.cli.program import command, print_findings, print_json, today_or
from crmxl.options import as_of_option, current_lang, format_option, from_desk, here, option, output_option
from crmxl.text import B


@command(
    "archive",
    B(
        "Pasa al Histórico las actividades terminadas, con su resultado: las que dice Situación, o las de --items.",
        "Passes finished activities to the History, with their result: those that Situation says, or --items.",
    ),
    "crmxl archive plan-de-trabajo-2009.xlsx --items 2.2 -o plan-2010.xlsx",
)
@click.argument(
    "workbook",
    metavar="PLAN",
    required=False,
    callback=from_desk(lambda desk: desk.merged and desk.merged[-1], NOTHING_MERGED),
    type=click.Path(path_type=Path),
)
@option(
    "--items",
    multiple=True,
    metavar="ID",
    about=B("Número de una actividad; puede repetirse.", "Number of an activity; may be repeated."),
)
@option(
    "-o",
    "--output",
    callback=from_desk(lambda desk: desk.next_output),
    type=click.Path(path_type=Path),
    about=B("Libro que se escribe.", "Workbook to write."),
)
@as_of_option
@format_option
def archive(workbook: Path, items: tuple[str, ...], output: Path, as_of: dt.datetime | None, form: str) -> None:
    from crmxl import upkeep

    lang, day = current_lang(), today_or(as_of)
    wanted = [part for text in items for part in text.replace(",", " ").split()]
    with working(given=not here(lambda desk: output == desk.next_output)) as keeping:
        done = upkeep.archive(workbook, output, day, wanted, lang)
        if keeping is not None:
            keeping.merged(done.path, day)
    if form == "json":
        rows = [{"id": row.text("former"), "history": row.key[0]} for row in done.rows]
        print_json({"file": str(done.path), "as_of": day.isoformat(), "archived": rows})
        return
    for row in done.rows:
        click.echo(f"{row.text('former'):6} → {row.key[0]:10} {row.text('activity')[:90]}")
    text = B("Al Histórico: {n}, a la fecha {day}", "Into the History: {n}, as of {day}")
    click.echo(text.format(n=len(done.rows), day=day.isoformat())[lang])
    click.echo(B("Libro: {path}", "Workbook: {path}").format(path=done.path)[lang])


@command(
    "period",
    B(
        "Agrega a indicadores y estadísticas las filas de otro año (2010) o semestre (2010-1).",
        "Adds the rows of another year (2010) or half year (2010-1) to indicators and statistics.",
    ),
    "crmxl period registros.xlsx 2025 2025-1 2025-2 -o registros-2025.xlsx",
)
@click.argument("workbook", metavar="WORKBOOK", type=click.Path(path_type=Path))
@click.argument("periods", metavar="PERIOD...", nargs=-1, required=True)
@output_option
@as_of_option
def period(workbook: Path, periods: tuple[str, ...], output: Path, as_of: dt.datetime | None) -> None:
    from crmxl import upkeep

    done = upkeep.open_periods(workbook, output, today_or(as_of), periods, current_lang())
    text = B("Filas nuevas: {n}. Libro: {path}", "New rows: {n}. Workbook: {path}")
    click.echo(text.format(n=len(done.rows), path=done.path)[current_lang()])


@command(
    "draft",
    B(
        "Reúne los aportes de los grupos de trabajo en un borrador del plan contra el tráfico ilícito.",
        "Puts the input of working groups together as a draft of the plan against smuggling.",
    ),
    "crmxl draft grupo1.xlsx grupo2.xlsx --against plan-de-trabajo-2009.xlsx -o borrador.xlsx",
)
@click.argument("groups", metavar="GROUP...", nargs=-1, required=True, type=click.Path(path_type=Path))
@option(
    "--against",
    multiple=True,
    type=click.Path(path_type=Path),
    about=B(
        "Libro con lo que ya se hace (el plan de la red, la hoja Otros espacios); puede repetirse.",
        "Workbook with what is done already (the network's plan, the sheet Other forums); may be repeated.",
    ),
)
@output_option
@as_of_option
def draft(groups: tuple[Path, ...], against: tuple[Path, ...], output: Path, as_of: dt.datetime | None) -> None:
    from crmxl import upkeep
    from crmxl.files import find_files

    lang = current_lang()
    path, found = upkeep.draft_plan(find_files(groups), output, today_or(as_of), against, lang)
    print_findings(found.findings, lang, named=True)
    text = B(
        "Acciones: {n}; parecidas a otras: {alike} (hoja Parecidos)",
        "Actions: {n}; like others: {alike} (sheet Look-alikes)",
    )
    click.echo(text.format(n=len(found.rows), alike=len(found.alike))[lang])
    click.echo(B("Borrador: {path}", "Draft: {path}").format(path=path)[lang])
