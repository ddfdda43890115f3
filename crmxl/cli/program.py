"""The program itself: its group of commands, what is said of wrong use, and how results are printed."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any, NoReturn

import click

from crmxl.options import (
    ASKED,
    BilingualCommand,
    BilingualOption,
    Help,
    current_lang,
    lang_option,
    option,
)
from crmxl.text import LANGS, B, Bilingual, Lang, fold


def _said(fault: click.ClickException) -> Bilingual:
    """What click found wrong with how a command was written."""
    if isinstance(fault, click.NoSuchOption):
        return B("No hay una opción {name}.", "There is no option {name}.").format(name=fault.option_name)
    if isinstance(fault, click.MissingParameter):
        name = "/".join(fault.param.opts) if isinstance(fault.param, click.Option) else ""
        name = name or (fault.param.make_metavar(fault.ctx).rstrip(".") if fault.param and fault.ctx else "")
        said = B("Falta {name}.", "{name} is missing.").format(name=name)
        return Bilingual(*(f"{said[lang]} {_INSIDE[lang]}" for lang in LANGS)) if _knows(fault) else said
    if isinstance(fault, click.BadParameter) and isinstance(fault.param, click.Option):
        wrong = B("{value} no sirve para {name}. {about}", "{value} cannot be used for {name}. {about}")
        about = fault.param.about if isinstance(fault.param, BilingualOption) else fault.message
        quoted = re.search(r"'([^']*)'", fault.message)
        value = B("«{text}»", "“{text}”").format(text=quoted[1]) if quoted else B("El valor", "The value")
        return wrong.format(name="/".join(fault.param.opts), about=about, value=value)
    if match := re.match(r"Got unexpected extra arguments? \((.*)\)", fault.format_message()):
        text = B(
            "Sobra: {words}. Cada valor de más lleva delante su opción.",
            "Too much: {words}. Each further value has its option in front.",
        )
        return text.format(words=match[1])
    return Bilingual(fault.format_message(), fault.format_message())


_IN_A_FOLDER = frozenset(("issue", "validate", "merge", "status", "publish"))
"""The commands that need nothing more in the folder of a cycle."""
_INSIDE = B(
    "En la carpeta de un ciclo no hace falta: entre en ella (cd CARPETA), o hágala con crmxl init.",
    "In the folder of a cycle it is not needed: go into it (cd FOLDER), or make one with crmxl init.",
)


def _knows(fault: click.MissingParameter) -> bool:
    return bool(fault.ctx and fault.ctx.command.name in _IN_A_FOLDER)


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
        from crmxl.files import WATCH, WRITTEN, UsageError

        WATCH.set(watched)
        WRITTEN.set(partial(watched, what=_WRITING))
        words = list(sys.argv[1:] if args is None else args)
        spread = [part for word in words for part in (word.split("=", 1) if word.startswith("--lang=") else [word])]
        wanted = [after for word, after in pairwise(spread) if word == "--lang"]
        ASKED[:] = ["en" if word == "en" else "es" for word in wanted]
        try:
            code = super().main(args, *more, **{**kwargs, "standalone_mode": False})
        except UsageError as fault:
            _stop(fault.text, None)
        except click.ClickException as fault:
            _stop(_said(fault), getattr(fault, "ctx", None))
        except click.Abort:
            stopped = B("Interrumpido: nada quedó a medias.", "Stopped: nothing was left half done.")
            click.echo(stopped[current_lang()], err=True)
            sys.exit(130)
        sys.exit(code if isinstance(code, int) else 0)


def _no_command(name: str, known: str) -> Exception:
    from crmxl.files import UsageError

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
        print_lines(_where_it_stands(current_lang()) or _first_steps(current_lang()))


def _where_it_stands(lang: Lang) -> list[str]:
    """In a cycle's folder, how far the cycle has come and what comes next; nothing elsewhere."""
    from crmxl.desk import find_desk
    from crmxl.reports import standing_lines
    from crmxl.standing import standing

    desk = find_desk(Path.cwd())
    return list(standing_lines(standing(desk, today_or(None)), lang)) if desk else []


CYCLE = ("issue", "validate", "merge")
"""The commands of a cycle, in their order."""


def _first_steps(lang: Lang) -> Iterable[str]:
    """What a person sees who types the name of the program alone: the three commands of a cycle, and where the rest
    is."""
    steps = (
        B("Emitir una plantilla por país", "Issue a template for each country"),
        B("Revisar lo que volvió", "Check what came back"),
        B("Consolidar, y decidir en la hoja Decisiones", "Merge, and decide in the sheet Decisions"),
    )
    yield B("Un ciclo son tres órdenes:", "A cycle is three commands:")[lang]
    for number, (name, step) in enumerate(zip(CYCLE, steps, strict=True), start=1):
        order = cli.commands[name]
        yield f"  {number}. {step[lang]}"
        yield f"     {order.example if isinstance(order, BilingualCommand) else name}"
    yield B(
        "En una carpeta de ciclo no hacen falta rutas; para hacerla: crmxl init CARPETA",
        "In the folder of a cycle no paths are needed; to make one: crmxl init FOLDER",
    )[lang]
    yield B("Para verlo con ejemplos: crmxl demo", "To see it with examples: crmxl demo")[lang]
    yield B("Todas las órdenes: crmxl --help", "All commands: crmxl --help")[lang]


def command(name: str, about: Bilingual, example: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command of the program, with its help and the language option."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        return cli.command(name, cls=BilingualCommand, about=about, example=example)(lang_option(function))

    return decorate


def today_or(moment: dt.datetime | None) -> dt.date:
    """The day that was asked for, else today: the one place where the clock is read."""
    return moment.date() if moment else dt.date.today()


def now() -> dt.datetime:
    """This moment: the clock is read here and in `today_or`."""
    return dt.datetime.now().astimezone()


def is_answered() -> bool:
    """Whether somebody is there who can answer."""
    return sys.stdin.isatty()


def asked(words: Bilingual, known: str) -> str:
    """What a person answers at the terminal; what is known already, where nobody is there to answer."""
    if not is_answered():
        if not known:
            return ""
        return known
    return str(click.prompt(words[current_lang()], default=known, show_default=bool(known)))


ALL_COUNTRIES = B("los once", "all eleven")
NO_COUNTRY = B("ninguno", "none")


_AND = re.compile(r"[,;]|\by\b|\band\b")


def asked_countries(words: Bilingual, known: Sequence[str], none: Bilingual) -> tuple[str, ...]:
    """The codes of the countries that a person names at the terminal; `none` is the word that stands for no name."""
    from crmxl.files import UsageError
    from crmxl.receiving import country_code

    lang = current_lang()
    while True:
        told = asked(words, ", ".join(known) or none[lang])
        if fold(told) in map(fold, none.both()):
            return ()
        try:
            return tuple(country_code(name.strip()) for name in _AND.split(told) if name.strip())
        except UsageError as fault:
            if not is_answered():
                raise
            click.echo(fault.text[lang])


def asked_day(words: Bilingual) -> dt.date:
    """A day that a person gives at the terminal."""
    from crmxl.files import UsageError

    if not is_answered():
        raise UsageError(B("Falta --deadline AAAA-MM-DD.", "--deadline YYYY-MM-DD is missing."))
    from crmxl.dates import understand

    lang = current_lang()
    form = B("AAAA-MM-DD", "YYYY-MM-DD")[lang]
    while True:
        told = str(click.prompt(f"{words[lang]} ({form})"))
        when = understand(told)
        if when.kind == "period" and when.end and when.begin == when.end:
            return when.end
        two = B("«{told}» son dos días posibles; escriba: 2010-02-12", "“{told}” can be two days; write: 2010-02-12")
        wrong = B("«{told}» no es un día; por ejemplo: 2010-02-12", "“{told}” is no day; for instance: 2010-02-12")
        click.echo((two if when.kind == "ambiguous" else wrong).format(told=told)[lang])


def asked_paths(words: Bilingual, folder: Path) -> tuple[Path, ...]:
    """Workbooks that a person names at the terminal; those of the folder are offered."""
    from crmxl.files import UsageError

    there = sorted(path.name for path in folder.glob("*.xlsx") if not path.name.startswith("~$"))
    if not is_answered():
        raise UsageError(B("Falta --canonical LIBRO.", "--canonical WORKBOOK is missing."))
    lang = current_lang()
    while True:
        named = click.prompt(words[lang], default=", ".join(there), show_default=bool(there))
        paths = [folder / name for part in str(named).split(",") if (name := part.strip().strip("\"'").strip())]
        missing = [path.name for path in paths if not path.is_file()]
        if paths and not missing:
            return tuple(paths)
        if not paths:
            text = B("Escriba el nombre de un libro de {folder}", "Write the name of a workbook of {folder}")
            click.echo(text.format(folder=folder.resolve())[lang])
            continue
        text = B("No es un libro de {folder}: {name}", "It is no workbook of {folder}: {name}")
        click.echo(text.format(folder=folder.resolve(), name=", ".join(missing))[lang])


PATIENCE = 1.0
"""Seconds after which a terminal shows how far the reading of files, or the writing of rows, is."""
STEPS = 200
"""How often a bar moves, at the most."""


_READING = B("Leyendo los envíos", "Reading the returns")
_WRITING = B("Escribiendo las filas", "Writing the rows")


def watched(things: Sequence[Any], clock: Callable[[], float] = monotonic, what: Bilingual = _READING) -> Iterator[Any]:
    """Files as they are read, rows as they are written; on a terminal with a bar, if that takes more than a moment."""
    if not sys.stderr.isatty():
        yield from things
        return
    from rich.console import Console
    from rich.progress import Progress

    began, task = clock(), None
    bar = Progress(console=Console(stderr=True), transient=True)
    try:
        step = max(1, len(things) // STEPS)
        for number, thing in enumerate(things):
            if number % step == 0 and task is None and clock() - began > PATIENCE:
                bar.start()
                task = bar.add_task(what[current_lang()], total=len(things))
            if task is not None and number % step == 0:
                bar.update(task, completed=number)
            yield thing
    finally:
        bar.stop()


def print_json(data: object) -> None:
    """Print a result as JSON."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def print_lines(lines: Iterable[str]) -> None:
    """Print lines as they come."""
    for line in lines:
        click.echo(line)


def print_findings(findings: Iterable[Any], lang: Any, *, to_country: bool = False, named: bool = False) -> None:
    """Print findings, three lines each: where, what, what the Secretariat or the country has to do."""
    from crmxl.reports import SEVERITY_WORDS, finding_lines

    colours = {"error": "red", "warning": "yellow", "note": "blue"}
    for found in findings:
        where, what, advice = finding_lines(found, lang, to_country=to_country, named=named)
        word = click.style(SEVERITY_WORDS[found.severity][lang], fg=colours[found.severity], bold=True)
        print_lines((f"  {word} {where}", f"      {what}", f"      {advice}"))


def print_table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, prose: bool = False) -> None:
    """A table as wide as the terminal, or 140 columns into a file; the last column gives way where it is narrow,
    and the one before it, where it is `prose`, has room."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for place, head in enumerate(heads[:-1]):
        table.add_column(head, overflow="fold", min_width=34 if prose and place == len(heads) - 2 else None)
    table.add_column(heads[-1], no_wrap=True, overflow="ellipsis", max_width=46)
    for row in rows:
        table.add_row(*map(escape, row))
    Console(width=None if sys.stdout.isatty() else 140, highlight=False).print(table)
