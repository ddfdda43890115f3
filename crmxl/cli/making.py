"""Commands that make workbooks: demo, template, issue, publish."""

from __future__ import annotations

import datetime as dt
import shlex
from pathlib import Path

import click

from crmxl.cli.folder import NOTHING_MERGED, working
from crmxl.cli.program import (
    ALL_COUNTRIES,
    NO_COUNTRY,
    asked,
    asked_countries,
    asked_day,
    asked_paths,
    command,
    print_findings,
    print_json,
    print_lines,
    today_or,
)
from crmxl.options import (
    as_of_option,
    current_lang,
    english_option,
    format_option,
    from_desk,
    here,
    option,
    perhaps_from_desk,
)
from crmxl.suppression import LEAST, MOST, USUAL
from crmxl.text import B, Lang

_WORK = ("crmxl validate", "crmxl merge")
"""The commands that mean that a cycle is not at its end."""
CYCLE_FOLDER = B("ciclo", "cycle")


@command(
    "demo",
    B(
        "Muestra un ciclo completo con el plan de 2009 y envíos de ejemplo: emite, recibe, revisa y consolida.",
        "Shows a whole cycle with the 2009 plan and example returns: issues, receives, checks and consolidates.",
    ),
    "crmxl demo",
)
@click.argument("folder", metavar="[DIR]", default="demo", type=click.Path(path_type=Path))
@format_option
@click.pass_context
def demo(ctx: click.Context, folder: Path, form: str) -> None:
    from crmxl.demo import demonstrate
    from crmxl.reports import demo_lines

    done = demonstrate(folder, current_lang())
    if form == "json":
        print_json(done.merged.as_dict())
    else:
        print_lines(demo_lines(done, current_lang()))
    ctx.exit(0 if done.as_foreseen else 1)


@command(
    "template",
    B(
        "Hace una plantilla en blanco. Sin nombre, dice qué plantillas hay.",
        "Makes a blank template. Without a name, tells which templates there are.",
    ),
    "crmxl template plan -o plan.xlsx",
)
@click.argument("kinds", metavar="[KIND]...", nargs=-1)
@option("-o", "--output", type=click.Path(path_type=Path), about=B("Archivo que se escribe.", "File to write."))
@option(
    "--canonical",
    is_flag=True,
    about=B(
        "El libro canónico con que la Secretaría empieza, en vez de una plantilla.",
        "The canonical workbook that the Secretariat begins with, instead of a template.",
    ),
)
def template(kinds: tuple[str, ...], output: Path | None, canonical: bool) -> None:
    from crmxl import blanks
    from crmxl.files import UsageError

    lang = current_lang()
    known = {kind.key: kind for kind in blanks.fillable()}
    if not kinds and (canonical or output):
        raise UsageError(B("Diga qué plantilla: crmxl template", "Tell which template: crmxl template"))
    if not kinds:
        for key, kind in known.items():
            click.echo(f"{key:16} {(kind.title or kind.sheet)[lang]}")
        return
    keys = [blanks.kind_key(name) for name in kinds]
    if None in keys:
        wrong = B("No hay plantilla «{name}»; hay: {names}", "There is no template “{name}”; there are: {names}")
        raise UsageError(wrong.format(name=kinds[keys.index(None)], names=", ".join(known)))
    chosen = [key for key in keys if key]
    path = output or Path("-".join(chosen) + ".xlsx")
    if canonical:
        blanks.begin(chosen, path, today_or(None), lang)
    else:
        blanks.template(chosen, path, lang)
    click.echo(str(path))


@command(
    "init",
    B(
        "Prepara la carpeta de un ciclo; dentro de ella las demás órdenes no piden rutas.",
        "Prepares the folder of a cycle; inside it the other commands need no paths.",
    ),
    "crmxl init ciclo-2010-1 --cycle 2010-1 --deadline 2010-02-12 --canonical plan-de-trabajo-2009.xlsx",
)
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@option("--cycle", about=B("Nombre del ciclo, p. ej. 2010-1.", "Name of the cycle, e.g. 2010-1."))
@option(
    "--deadline",
    metavar="DATE",
    type=click.DateTime(("%Y-%m-%d",)),
    about=B("Último día para enviar (AAAA-MM-DD).", "Last day to send (YYYY-MM-DD)."),
)
@option(
    "--canonical",
    multiple=True,
    type=click.Path(path_type=Path),
    about=B(
        "Libro con que empieza el ciclo; puede repetirse.", "Workbook that the cycle begins with; may be repeated."
    ),
)
@option("--country", "countries", multiple=True, about=B("Sólo este país.", "This country only."))
@english_option
@option("--contact", about=B("A quién se devuelve la plantilla.", "To whom the template is sent back."))
def init(
    folder: Path | None,
    cycle: str | None,
    deadline: dt.datetime | None,
    canonical: tuple[Path, ...],
    countries: tuple[str, ...],
    english: tuple[str, ...],
    contact: str | None,
) -> None:
    from crmxl import cycle as work
    from crmxl import desk
    from crmxl.files import UsageError
    from crmxl.reports import standing_lines
    from crmxl.standing import standing

    lang = current_lang()
    earlier = here(lambda before: before)  # the cycle that this one follows
    suggested = desk.suggested_cycle(today_or(None), earlier)
    cycle = cycle or asked(B("Nombre del ciclo", "Name of the cycle"), suggested)
    if earlier and work.slug(cycle) == work.slug(earlier.cycle):
        same = B("El ciclo {name} es el de esta carpeta.", "The cycle {name} is the one of this folder.")
        raise UsageError(same.format(name=cycle))
    day = deadline.date() if deadline else asked_day(B("Último día para enviar", "Last day to send"))
    last = earlier.merged[-1:] if earlier else []
    paths = (
        canonical
        or last
        or asked_paths(B("Libros con que empieza, con comas", "Workbooks that it begins with, with commas"), Path.cwd())
    )
    before = earlier.countries if earlier else ()
    asked_for = countries or asked_countries(B("Países, con comas", "Countries, with commas"), before, ALL_COUNTRIES)
    usual = earlier.english if earlier else desk.ENGLISH
    spoken_to = english or asked_countries(B("Se les escribe en inglés", "Written to in English"), usual, NO_COUNTRY)
    if contact is None:
        words = B("A quién se devuelve (oficina y correo)", "To whom it goes back (office and address)")
        contact = asked(words, earlier.contact if earlier else "")
    if folder is None:
        beside = earlier.root.resolve().parent if earlier else Path.cwd()
        folder = beside / asked(B("Carpeta", "Folder"), f"{CYCLE_FOLDER[lang]}-{work.slug(cycle)}")
    made = desk.init(folder, cycle, day, paths, asked_for, contact, earlier, spoken_to)
    click.echo(B("Carpeta del ciclo: {path}", "Folder of the cycle: {path}").format(path=made.root)[lang])
    begun = B("Empieza con: {names}", "It begins with: {names}").format(names=", ".join(p.name for p in made.canonical))
    click.echo(begun[lang])
    enter = B("Entre en ella: cd {path}", "Go into it: cd {path}").format(path=shlex.quote(str(made.root)))
    click.echo(enter[lang])
    left = standing(earlier, today_or(None)) if earlier else None
    if left and left.order in _WORK:
        text = B("Queda en el ciclo anterior: {what}", "Left in the cycle before: {what}").format(what=left.next)
        click.echo(text[lang])
    print_lines(standing_lines(standing(made, today_or(None)), lang))


@command(
    "issue",
    B(
        "Emite una plantilla por país, con lo que ya se sabe, a partir del libro canónico.",
        "Issues one template a country, with what is known already, from the canonical workbook.",
    ),
    "crmxl issue plan-de-trabajo-2009.xlsx --cycle 2010-1 --deadline 2010-02-12 -o emitidos",
)
@click.argument(
    "canonical",
    metavar="CANONICAL...",
    nargs=-1,
    callback=from_desk(lambda desk: desk.canonical),
    type=click.Path(path_type=Path),
)
@option(
    "--cycle",
    callback=from_desk(lambda desk: desk.cycle),
    about=B("Nombre del ciclo, p. ej. 2010-1.", "Name of the cycle, e.g. 2010-1."),
)
@option(
    "--deadline",
    metavar="DATE",
    callback=from_desk(lambda desk: desk.deadline),
    type=click.DateTime(("%Y-%m-%d",)),
    about=B("Último día para enviar (AAAA-MM-DD).", "Last day to send (YYYY-MM-DD)."),
)
@option(
    "--country",
    "countries",
    multiple=True,
    callback=perhaps_from_desk(lambda desk: desk.countries),
    about=B("Sólo este país.", "This country only."),
)
@english_option
@option(
    "--contact",
    default="",
    callback=perhaps_from_desk(lambda desk: desk.contact),
    about=B(
        "A quién se devuelve la plantilla, como lo dirá su primera hoja: oficina y correo.",
        "To whom the template is sent back, as its first sheet will say: office and address.",
    ),
)
@option(
    "-o",
    "--output",
    callback=from_desk(lambda desk: desk.folder("emitidos")),
    type=click.Path(path_type=Path),
    about=B("Carpeta de salida.", "Output folder."),
)
@format_option
def issue(
    canonical: tuple[Path, ...],
    cycle: str,
    deadline: dt.date,
    countries: tuple[str, ...],
    english: tuple[str, ...],
    contact: str,
    output: Path,
    form: str,
) -> None:
    from crmxl import cycle as work
    from crmxl import members
    from crmxl.receiving import country_code

    codes = [country_code(text) for text in countries]
    in_english = [country_code(text) for text in english] or here(lambda desk: desk.english)
    langs = None if in_english is None else {code: _lang(code in in_english) for code in members.CODES}
    day = deadline.date() if isinstance(deadline, dt.datetime) else deadline
    own = here(lambda desk: output == desk.folder("emitidos"))
    with working(given=not own) as keeping:
        paths = work.issue(canonical, cycle, day, output, codes, contact, langs)
        if keeping is not None:
            keeping.issued(paths)
    if form == "json":
        print_json([{"country": path.stem, "file": str(path)} for path in paths])
        return
    for path in paths:
        click.echo(f"{members.BY_CODE[path.stem].name[current_lang()]:24} {path}")
    print_findings(work.doubts(canonical), current_lang())


def _lang(english: bool) -> Lang:
    return "en" if english else "es"


@command(
    "publish",
    B(
        "Escribe la copia del consolidado que puede circular, y dice qué se dejó fuera.",
        "Writes the copy of the consolidated workbook that may circulate, and tells what was left out.",
    ),
    "crmxl publish consolidado.xlsx -o circular.xlsx",
)
@click.argument(
    "workbook",
    metavar="CONSOLIDATED",
    required=False,
    callback=from_desk(lambda desk: desk.merged and desk.merged[-1], NOTHING_MERGED),
    type=click.Path(path_type=Path),
)
@option(
    "-o",
    "--output",
    callback=from_desk(lambda desk: desk.circular),
    type=click.Path(path_type=Path),
    about=B("Libro que se escribe.", "Workbook to write."),
)
@option(
    "--threshold",
    type=click.IntRange(LEAST, MOST),
    default=USUAL,
    show_default=True,
    about=B(
        "Las cuentas de personas de 1 hasta menos de N se ocultan.", "Counts of people from 1 to below N are hidden."
    ),
)
@as_of_option
@format_option
def publish(workbook: Path, output: Path, threshold: int, as_of: dt.datetime | None, form: str) -> None:
    from crmxl import cycle
    from crmxl.publishing import omission_lines
    from crmxl.reports import left_open

    lang = current_lang()
    own = here(lambda desk: output == desk.circular)
    with working(given=not own) as keeping:
        done = cycle.publish(workbook, output, today_or(None), as_of.date() if as_of else None, lang, threshold)
        if keeping is not None:
            keeping.published(workbook)
    last = here(lambda desk: desk.merged and desk.merged[-1])
    if last and last.resolve() != workbook.resolve():
        text = B(
            "! No es el último consolidado: ése es {path}", "! It is not the last consolidated workbook: that is {path}"
        )
        click.echo(text.format(path=last)[lang], err=True)
    omissions = done.found.omissions
    if form == "json":
        left = [one.as_dict(lang) for one in omissions]
        print_json({"file": str(done.path), "as_of": done.as_of.isoformat(), "omitted": left})
        return
    registers = B(
        "No circulan los registros de la Secretaría Técnica: envíos, procedencia, apartados, hallazgos, decisiones.",
        "The Technical Secretariat's registers do not circulate: returns, provenance, set aside, findings, decisions.",
    )
    click.echo(registers[lang])
    if omissions:
        click.echo(B("Además se dejó fuera:", "Left out besides:")[lang])
        print_lines(omission_lines(omissions, lang))
    print_lines(left_open(done, lang))
    where = B("Libro que puede circular: {path}", "Workbook that may circulate: {path}").format(path=done.path)
    click.echo(where[lang])
