"""Commands that take what came back: validate, merge, assemble."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click
from click.core import ParameterSource

from crmxl.cli.program import command, print_findings, print_json, print_lines, today_or
from crmxl.options import (
    as_of_option,
    country_option,
    current_lang,
    format_option,
    from_desk,
    here,
    issued_option,
    option,
    output_option,
    repair_option,
)
from crmxl.text import B

NOTHING_ARRIVED = B(
    "No ha llegado nada todavía: ponga en la carpeta entrada los archivos que lleguen.",
    "Nothing has arrived yet: put the files that arrive into the folder entrada.",
)


@command(
    "validate",
    B(
        "Revisa archivos devueltos: qué está mal, dónde, y qué hacer.",
        "Checks returned files: what is wrong, where, and what to do.",
    ),
    "crmxl validate recibidos --issued emitidos",
)
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    callback=from_desk(lambda desk: desk.arrived, NOTHING_ARRIVED),
    type=click.Path(path_type=Path),
)
@issued_option
@country_option
@option(
    "--review",
    metavar="DIR",
    type=click.Path(path_type=Path),
    about=B(
        "Carpeta para las copias revisadas y las respuestas por correo, una por archivo.",
        "Folder for the checked copies and the replies by mail, one a file.",
    ),
)
@repair_option
@as_of_option
@format_option
@click.pass_context
def validate(
    ctx: click.Context,
    files: tuple[Path, ...],
    issued: Path | None,
    countries: tuple[str, ...],
    review: Path | None,
    repair: bool,
    as_of: dt.datetime | None,
    form: str,
) -> None:
    from crmxl import receiving
    from crmxl.files import find_files
    from crmxl.reports import ARROW, totals, verdict

    lang = current_lang()
    if review is None and ctx.get_parameter_source("files") is not ParameterSource.COMMANDLINE:
        review = here(lambda desk: desk.folder("devueltos"))
    copies = receiving.open_issued(issued or receiving.default_issued())
    paths = find_files(files)
    received = receiving.receive(paths, copies, receiving.parse_countries(countries), repair=repair)
    written = receiving.write_reviews(received, review, paths) if review else []
    if form == "json":
        replies = {id(r.submission): {"review": str(r.copy), "mail": str(r.mail)} for r in written}
        print_json([{**receiving.submission_dict(item, lang), **replies.get(id(item), {})} for item in received])
    else:
        for item in received:
            click.echo(verdict(item, lang))
            print_findings(item.findings, lang)
        if any(item.findings for item in received):
            click.echo(ARROW[lang])
        for reply in written:
            what = B("Copia revisada", "Checked copy") if reply.whole else B("Lista de puntos", "List of points")
            click.echo(f"{what[lang]}: {reply.copy}")
            click.echo(B("Respuesta por correo: {path}", "Reply by mail: {path}").format(path=reply.mail)[lang])
        click.echo(totals(received)[lang])
        click.echo(B("A la fecha: {day}", "As of: {day}").format(day=today_or(as_of).isoformat())[lang])
    failed = any(f.severity == "error" for item in received for f in item.findings)
    ctx.exit(1 if failed or any(item.refused for item in received) else 0)


@command(
    "merge",
    B(
        "Consolida los envíos en un libro nuevo: nada se pierde y nada compartido se decide en silencio.",
        "Merges the returns into a new workbook: nothing is lost and nothing shared is decided in silence.",
    ),
    "crmxl merge plan-de-trabajo-2009.xlsx --submissions recibidos --issued emitidos -o consolidado.xlsx",
)
@click.argument(
    "canonical",
    metavar="CANONICAL...",
    nargs=-1,
    callback=from_desk(lambda desk: desk.base),
    type=click.Path(path_type=Path),
)
@option(
    "--submissions",
    multiple=True,
    callback=from_desk(lambda desk: desk.arrived, NOTHING_ARRIVED),
    type=click.Path(path_type=Path),
    about=B("Archivo o carpeta de envíos; puede repetirse.", "File or folder of returns; may be repeated."),
)
@option(
    "-o",
    "--output",
    callback=from_desk(lambda desk: desk.next_output),
    type=click.Path(path_type=Path),
    about=B("Libro que se escribe.", "Workbook to write."),
)
@issued_option
@country_option
@option(
    "--decisions",
    type=click.Path(path_type=Path),
    about=B("Libro con decisiones más nuevas.", "Workbook with newer decisions."),
)
@repair_option
@as_of_option
@format_option
@click.pass_context
def merge(
    ctx: click.Context,
    canonical: tuple[Path, ...],
    submissions: tuple[Path, ...],
    output: Path,
    issued: Path | None,
    countries: tuple[str, ...],
    decisions: Path | None,
    repair: bool,
    as_of: dt.datetime | None,
    form: str,
) -> None:
    from crmxl import cycle, receiving
    from crmxl.reports import merge_lines

    lang = current_lang()
    result = cycle.consolidate(
        canonical,
        submissions,
        output,
        today_or(as_of),
        issued=issued or receiving.default_issued(),
        countries=receiving.parse_countries(countries),
        decisions=decisions,
        lang=lang,
        repair=repair,
    )
    if form == "json":
        print_json(result.as_dict())
    else:
        print_lines(merge_lines(result, lang))
        print_findings([f for f in result.consolidation.findings if f.severity != "note"], lang)
        click.echo(B("Libro consolidado: {path}", "Consolidated workbook: {path}").format(path=result.path)[lang])
    bad = result.as_dict()["errors"] or any(r.submission.refused for r in result.consolidation.receptions)
    ctx.exit(1 if bad else 0)


@command(
    "assemble",
    B(
        "Reúne lo que llenaron varias instituciones de un país en un solo envío.",
        "Puts together what several institutions of one country filled in, as its one return.",
    ),
    "crmxl assemble fiscalia.xlsx migracion.xlsx -o CRI.xlsx",
)
@click.argument("parts", metavar="PART...", nargs=-1, required=True, type=click.Path(path_type=Path))
@output_option
@issued_option
@repair_option
@format_option
@click.pass_context
def assemble(
    ctx: click.Context, parts: tuple[Path, ...], output: Path, issued: Path | None, repair: bool, form: str
) -> None:
    from crmxl import receiving
    from crmxl.files import find_files
    from crmxl.reports import NOT_SURE, by_part, to_settle, verdict

    lang = current_lang()
    copies = receiving.open_issued(issued or receiving.default_issued())
    done = receiving.assemble_parts(find_files(parts), output, copies, repair=repair)
    found = done.assembly
    if form == "json":
        told = [receiving.submission_dict(part, lang) for part in found.parts]
        print_json({"file": str(done.path), "parts": told, "findings": [f.as_dict(lang) for f in found.findings]})
    else:
        filled, disputes = by_part(found)
        for part in filled:
            click.echo(verdict(part, lang))
            print_findings(part.findings, lang, to_country=True)
        print_findings(disputes, lang, to_country=True)
        if not done.sure:
            click.echo(NOT_SURE[lang])
        click.echo(to_settle(found)[lang])
        click.echo(B("Envío reunido: {path}", "Assembled return: {path}").format(path=done.path)[lang])
    failed = any(f.severity == "error" for f in found.findings) or any(part.refused for part in found.parts)
    ctx.exit(1 if failed else 0)
