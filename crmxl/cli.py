"""The command line: each command reads its options, calls one library function and prints.

The only place that prints, exits or reads the clock. Help and messages are Spanish or English: `--lang`, then the
variable CRMXL_LANG, then the locale, else Spanish.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import click

from crmxl import members
from crmxl.options import (
    ASKED,
    BilingualCommand,
    BilingualOption,
    Help,
    as_of_option,
    country_option,
    current_lang,
    format_option,
    issued_option,
    lang_option,
    option,
    usual_lang,
)
from crmxl.text import B, Bilingual


def _said(fault: click.ClickException) -> Bilingual:
    """What click found wrong with how a command was written."""
    if isinstance(fault, click.NoSuchOption):
        return B("No hay una opción {name}.", "There is no option {name}.").format(name=fault.option_name)
    if isinstance(fault, click.MissingParameter):
        name = "/".join(fault.param.opts) if isinstance(fault.param, click.Option) else ""
        name = name or (fault.param.make_metavar(fault.ctx) if fault.param and fault.ctx else "")
        return B("Falta {name}.", "{name} is missing.").format(name=name)
    if isinstance(fault, click.BadParameter) and isinstance(fault.param, click.Option):
        wrong = B("El valor de {name} no sirve. {about}", "The value of {name} cannot be used. {about}")
        about = fault.param.about if isinstance(fault.param, BilingualOption) else fault.message
        return wrong.format(name="/".join(fault.param.opts), about=about)
    return Bilingual(fault.format_message(), fault.format_message())


class Program(Help, click.Group):
    """The program: what is wrong with how it is used ends with one message and code 2, in the language asked for."""

    def __init__(self, *args: Any, about: Bilingual, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options and the list of commands."""
        Help.format_options(self, ctx, formatter)
        rows = [(name, command.get_short_help_str()) for name, command in self.commands.items()]
        with formatter.section(B("Órdenes", "Commands")[current_lang()]):
            formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first word names."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            raise _no_command(args[0], ", ".join(self.commands))
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, *more: Any, **kwargs: Any) -> NoReturn:
        """Run the program and end it with the command's own code."""
        from crmxl.cycle import UsageError

        words = list(sys.argv[1:] if args is None else args)
        spread = [part for word in words for part in (word.split("=", 1) if word.startswith("--lang=") else [word])]
        wanted = [after for word, after in pairwise(spread) if word == "--lang"]
        ASKED[:] = ["en" if word == "en" else "es" for word in wanted]
        try:
            code = super().main(words, *more, **{**kwargs, "standalone_mode": False})
        except UsageError as fault:
            _stop(fault.text, None)
        except click.ClickException as fault:
            _stop(_said(fault), getattr(fault, "ctx", None))
        except click.Abort:
            sys.exit(130)
        sys.exit(code if isinstance(code, int) else 0)


def _no_command(name: str, known: str) -> Exception:
    from crmxl.cycle import UsageError

    text = B("No hay una orden «{name}»; hay: {known}.", "There is no command “{name}”; there are: {known}.")
    return UsageError(text.format(name=name, known=known))


def _stop(said: Bilingual, ctx: click.Context | None) -> NoReturn:
    """Say what is wrong, and where the help is; code 2."""
    lang = current_lang()
    click.echo(f"crmxl: {said[lang]}", err=True)
    if ctx is not None:
        help_ = B("Vea: {path} --help", "See: {path} --help").format(path=ctx.command_path)
        click.echo(help_[lang], err=True)
    sys.exit(2)


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"crmxl {version('crmxl')}")
        ctx.exit()


@click.group(
    cls=Program,
    about=B(
        "Libros de Excel que viajan por correo entre gobiernos: emite plantillas, revisa lo que vuelve y lo consolida.",
        "Excel workbooks that travel by mail between governments: issues templates, checks what returns, merges it.",
    ),
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
)
@lang_option
@option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    about=B("Muestra la versión.", "Show the version."),
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def command(name: str, about: Bilingual, example: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command of the program, with its help and the language option."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        return cli.command(name, cls=BilingualCommand, about=about, example=example)(lang_option(function))

    return decorate


def _day(moment: dt.datetime | None) -> dt.date:
    return moment.date() if moment else dt.date.today()


def _print_json(data: object) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _print_findings(findings: Iterable[Any], lang: Any) -> None:
    from crmxl.reports import SEVERITY_WORDS, finding_lines

    colours = {"error": "red", "warning": "yellow", "note": "blue"}
    for found in findings:
        where, what, advice = finding_lines(found, lang)
        word = click.style(SEVERITY_WORDS[found.severity][lang], fg=colours[found.severity], bold=True)
        _print_lines((f"  {word} {where}", f"      {what}", f"      {advice}"))


def _print_table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table as wide as the terminal, or 140 columns into a file; the last column gives way where it is narrow."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for head in heads[:-2]:
        table.add_column(head, overflow="fold")
    table.add_column(heads[-2], overflow="fold", min_width=34)
    table.add_column(heads[-1], no_wrap=True, overflow="ellipsis", max_width=46)
    for row in rows:
        table.add_row(*map(escape, row))
    Console(width=None if sys.stdout.isatty() else 140, highlight=False).print(table)


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
        _print_json(done.merged.as_dict())
    else:
        _print_lines(demo_lines(done, current_lang()))
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
def template(kinds: tuple[str, ...], output: Path | None) -> None:
    from crmxl import cycle
    from crmxl.cycle import UsageError

    lang = current_lang()
    known = {kind.key: kind for kind in cycle.fillable()}
    if not kinds:
        for key, kind in known.items():
            click.echo(f"{key:12} {(kind.title or kind.sheet)[lang]}")
        return
    keys = [cycle.kind_key(name) for name in kinds]
    if None in keys:
        wrong = B("No hay plantilla «{name}»; hay: {names}", "There is no template “{name}”; there are: {names}")
        raise UsageError(wrong.format(name=kinds[keys.index(None)], names=", ".join(known)))
    chosen = [key for key in keys if key]
    path = output or Path("-".join(chosen) + ".xlsx")
    cycle.template(chosen, path, lang)
    click.echo(str(path))


@command(
    "issue",
    B(
        "Emite una plantilla por país, con lo que ya se sabe, a partir del libro canónico.",
        "Issues one template a country, with what is known already, from the canonical workbook.",
    ),
    "crmxl issue plan-de-trabajo-2009.xlsx --cycle 2010-1 --deadline 2010-02-12 -o emitidos",
)
@click.argument("canonical", metavar="CANONICAL...", nargs=-1, required=True, type=click.Path(path_type=Path))
@option("--cycle", required=True, about=B("Nombre del ciclo, p. ej. 2010-1.", "Name of the cycle, e.g. 2010-1."))
@option(
    "--deadline",
    metavar="DATE",
    required=True,
    type=click.DateTime(("%Y-%m-%d",)),
    about=B("Último día para enviar (AAAA-MM-DD).", "Last day to send (YYYY-MM-DD)."),
)
@option("--country", "countries", multiple=True, about=B("Sólo este país.", "This country only."))
@option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), about=B("Carpeta de salida.", "Output folder.")
)
@format_option
def issue(
    canonical: tuple[Path, ...],
    cycle: str,
    deadline: dt.datetime,
    countries: tuple[str, ...],
    output: Path,
    form: str,
) -> None:
    from crmxl import cycle as work

    codes = [work.country_code(text) for text in countries]
    paths = work.issue(canonical, cycle, deadline.date(), output, codes)
    if form == "json":
        _print_json([{"country": path.stem, "file": str(path)} for path in paths])
        return
    for path in paths:
        click.echo(f"{members.BY_CODE[path.stem].name[current_lang()]:24} {path}")


@command(
    "validate",
    B(
        "Revisa archivos devueltos: qué está mal, dónde, y qué hacer.",
        "Checks returned files: what is wrong, where, and what to do.",
    ),
    "crmxl validate recibidos --issued emitidos",
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@issued_option
@country_option
@as_of_option
@format_option
@click.pass_context
def validate(
    ctx: click.Context,
    files: tuple[Path, ...],
    issued: Path | None,
    countries: tuple[str, ...],
    as_of: dt.datetime | None,
    form: str,
) -> None:
    from crmxl import cycle
    from crmxl.reports import verdict

    lang = current_lang()
    copies = cycle.open_issued(issued or cycle.default_issued())
    received = cycle.receive(cycle.find_files(files), copies, cycle.parse_countries(countries))
    if form == "json":
        _print_json([cycle.submission_dict(item, lang) for item in received])
    else:
        for item in received:
            click.echo(verdict(item, lang))
            _print_findings(item.findings, lang)
        click.echo(B("A la fecha: {day}", "As of: {day}").format(day=_day(as_of).isoformat())[lang])
    failed = any(f.severity == "error" for item in received for f in item.findings)
    ctx.exit(1 if failed or not all(item.accepted for item in received) else 0)


@command(
    "merge",
    B(
        "Consolida los envíos en un libro nuevo: nada se pierde y nada compartido se decide en silencio.",
        "Merges the returns into a new workbook: nothing is lost and nothing shared is decided in silence.",
    ),
    "crmxl merge plan-de-trabajo-2009.xlsx --submissions recibidos --issued emitidos -o consolidado.xlsx",
)
@click.argument("canonical", metavar="CANONICAL...", nargs=-1, required=True, type=click.Path(path_type=Path))
@option(
    "--submissions",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    about=B("Archivo o carpeta de envíos; puede repetirse.", "File or folder of returns; may be repeated."),
)
@option(
    "-o",
    "--output",
    required=True,
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
    as_of: dt.datetime | None,
    form: str,
) -> None:
    from crmxl import cycle
    from crmxl.reports import merge_lines

    lang = current_lang()
    result = cycle.consolidate(
        canonical,
        submissions,
        output,
        _day(as_of),
        issued=issued or cycle.default_issued(),
        countries=cycle.parse_countries(countries),
        decisions=decisions,
        lang=lang,
    )
    if form == "json":
        _print_json(result.as_dict())
    else:
        _print_lines(merge_lines(result, lang))
        _print_findings([f for f in result.consolidation.findings if f.severity != "note"], lang)
        click.echo(str(result.path))
    bad = result.as_dict()["errors"] or not all(r.submission.accepted for r in result.consolidation.receptions)
    ctx.exit(1 if bad else 0)


@command(
    "status",
    B(
        "Dice qué actividades están vencidas, por definir, pendientes o en plazo.",
        "Tells which activities are overdue, undefined, pending or on time.",
    ),
    "crmxl status plan-de-trabajo-2009.xlsx --as-of 2010-03-01",
)
@click.argument("workbook", metavar="WORKBOOK", type=click.Path(path_type=Path))
@as_of_option
@option(
    "--due-soon",
    type=click.IntRange(0, 3650),
    default=60,
    show_default=True,
    about=B("Días en que algo está por vencer.", "Days within which something is due soon."),
)
@format_option
def status(workbook: Path, as_of: dt.datetime | None, due_soon: int, form: str) -> None:
    from crmxl import cycle
    from crmxl.reports import MARK_HEADS, mark_rows, marks_line
    from crmxl.status import report

    lang = current_lang()
    day = _day(as_of)
    items = cycle.marks(workbook, day, due_soon)
    if form == "json":
        _print_json(report(items, day, lang))
        return
    if not items:
        click.echo(B("El libro no contiene un plan.", "The workbook holds no plan.")[lang])
        return
    title = B("Marcas a la fecha {day}", "Marks as of {day}").format(day=day.isoformat())[lang]
    _print_table(title, [head[lang] for head in MARK_HEADS], mark_rows(items, lang))
    click.echo(marks_line(items)[lang])


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
        _print_json([as_dict(item) for item in read])
    else:
        day = _day(as_of)
        for item in read:
            _print_lines(in_words(item, day, lang))
    ctx.exit(1 if any(item.kind in ("ambiguous", "unreadable") for item in read) else 0)


def run(arguments: Sequence[str] | None = None) -> None:
    """The entry point. A fault of the program itself ends with code 3, one line and the name of a report file."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        cli.main(args=None if arguments is None else list(arguments), prog_name="crmxl")
    except SystemExit:
        raise
    except BrokenPipeError:
        sys.exit(0)
    except Exception:
        handle, name = tempfile.mkstemp(prefix="crmxl-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(traceback.format_exc())
        said = B(
            "Fallo interno de crmxl. No se escribió nada. Envíe este informe a quien lo mantiene: {name}",
            "Internal fault of crmxl. Nothing was written. Send this report to its maintainers: {name}",
        )
        click.echo(said.format(name=name)[usual_lang()], err=True)
        sys.exit(3)
