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
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from crmxl import members
from crmxl.text import LANGS, B, Bilingual, Lang

F = TypeVar("F", bound=Callable[..., Any])

_META = "crmxl.lang"


def _usual_lang() -> Lang:
    """The language of the environment: CRMXL_LANG, then the locale, else Spanish."""
    for name in ("CRMXL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")[:2].lower()
        if value == "es" or value == "en":
            return "es" if value == "es" else "en"
    return "es"


def _lang(context: click.Context) -> Lang:
    return "en" if context.find_root().meta.get(_META, _usual_lang()) == "en" else "es"


def current_lang() -> Lang:
    """The language of the running command."""
    context = click.get_current_context(silent=True)
    return _lang(context) if context else _usual_lang()


class _Option(click.Option):
    """An option whose help is bilingual."""

    def __init__(self, *args: Any, about: Bilingual, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The line of this option in the help text."""
        self.help = self.about[_lang(ctx)]
        return super().get_help_record(ctx)


class _Command(click.Command):
    """A command whose help is bilingual and ends with an example that runs."""

    def __init__(self, *args: Any, about: Bilingual, example: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about, self.example = about, example

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002
        """The line of this command in the list of commands."""
        return self.about[current_lang()].split(". ")[0]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the command does, in the language asked for."""
        lang = _lang(ctx)
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(self.about[lang])
        if self.example:
            with formatter.section(B("Ejemplo", "Example")[lang]):
                formatter.write_text(self.example)


class _Group(click.Group):
    """The program: faults of the caller end with a message and code 2, in the language asked for."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; usage errors of the library become click's."""
        from crmxl.cycle import UsageError

        try:
            return super().invoke(ctx)
        except UsageError as fault:
            raise click.UsageError(fault.text[_lang(ctx)]) from None


def _set_lang(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    if value:
        ctx.find_root().meta[_META] = value


def option(*names: str, about: Bilingual, **attributes: Any) -> Callable[[F], F]:
    """An option with bilingual help."""
    return click.option(*names, cls=_Option, about=about, **attributes)


_lang_option = option(
    "--lang",
    type=click.Choice(LANGS),
    is_eager=True,
    expose_value=False,
    callback=_set_lang,
    about=B("Idioma: es o en.", "Language: es or en."),
)
_format_option = option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    about=B("Forma del resultado: text o json.", "Form of the result: text or json."),
)
_as_of_option = option(
    "--as-of",
    type=click.DateTime(("%Y-%m-%d",)),
    about=B(
        "Día al que se refiere (AAAA-MM-DD); hoy si no se da.", "Day that it refers to (YYYY-MM-DD); default today."
    ),
)
_issued_option = option(
    "--issued",
    type=click.Path(path_type=Path),
    about=B("Carpeta de las copias emitidas (emitidos/).", "Folder of the issued copies (default emitidos/)."),
)
_country_option = option(
    "--country",
    "countries",
    multiple=True,
    metavar="FILE=CRI",
    about=B("De qué país es un archivo, si él no lo dice.", "Which country a file is from, where it does not say."),
)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@_lang_option
@click.version_option(package_name="crmxl")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """crmxl."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def command(name: str, about: Bilingual, example: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command of the program, with its help and the language option."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        return cli.command(name, cls=_Command, about=about, example=example)(_lang_option(function))

    return decorate


def _day(moment: dt.datetime | None) -> dt.date:
    return moment.date() if moment else dt.date.today()


def _print_json(data: object) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def _console() -> Any:
    """A console of rich: as wide as the terminal, or 140 columns into a file."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 140, highlight=False, soft_wrap=False)


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for number, head in enumerate(heads):
        table.add_column(head, justify="right" if number in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    _console().print(table)


def _code(text: str) -> str:
    member = members.find(text)
    if member is None:
        names = ", ".join(members.CODES)
        wrong = B("«{text}» no es un país miembro: {names}", "“{text}” is not a member country: {names}")
        raise click.UsageError(wrong.format(text=text, names=names)[current_lang()])
    return member.code


@command(
    "demo",
    B(
        "Muestra un ciclo completo con el plan de 2009 y envíos de ejemplo: emite, recibe, revisa y consolida.",
        "Shows a whole cycle with the 2009 plan and example returns: issues, receives, checks and consolidates.",
    ),
    "crmxl demo",
)
@click.argument("folder", metavar="[DIR]", default="demo", type=click.Path(path_type=Path))
@_format_option
@click.pass_context
def demo(ctx: click.Context, folder: Path, form: str) -> None:
    from crmxl.demo import CYCLE, DEADLINE, EXAMPLES, demonstrate

    lang = current_lang()
    done = demonstrate(folder, lang)
    result = done.merged
    if form == "json":
        _print_json(result.as_dict())
    else:
        steps = (
            B("1. Se emitieron {n} plantillas del ciclo {cycle} (plazo: {day}) en {where}",
              "1. {n} templates of the cycle {cycle} were issued (deadline: {day}) to {where}").format(
                n=len(done.issued), cycle=CYCLE, day=DEADLINE, where=done.issued[0].parent),
            B("2. Llegaron {n} archivos de ejemplo ({folder}), en {where}",
              "2. {n} example files ({folder}) arrived, in {where}").format(
                n=len(done.received), folder=EXAMPLES, where=folder / "recibidos"),
            B("3. Se revisaron:", "3. They were checked:"),
        )  # fmt: skip
        for step in steps:
            click.echo(step[lang])
        for item in done.received:
            click.echo("   " + _verdict(item, lang))
        click.echo(B("4. Se consolidaron:", "4. They were consolidated:")[lang])
        _print_merge(result, lang)
        click.echo(B("Libro consolidado:", "Consolidated workbook:")[lang])
        click.echo(str(result.path))
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

    lang = current_lang()
    known = {kind.key: kind for kind in cycle.fillable()}
    if not kinds:
        for key, kind in known.items():
            click.echo(f"{key:12} {(kind.title or kind.sheet)[lang]}")
        return
    if unknown := [key for key in kinds if key not in known]:
        wrong = B("No hay plantilla «{name}»; hay: {names}", "There is no template “{name}”; there are: {names}")
        raise click.UsageError(wrong.format(name=unknown[0], names=", ".join(known))[lang])
    path = output or Path("-".join(kinds) + ".xlsx")
    cycle.template(kinds, path, lang)
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
    required=True,
    type=click.DateTime(("%Y-%m-%d",)),
    about=B("Último día para enviar (AAAA-MM-DD).", "Last day to send (YYYY-MM-DD)."),
)
@option("--country", "countries", multiple=True, about=B("Sólo este país.", "This country only."))
@option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), about=B("Carpeta de salida.", "Output folder.")
)
@_format_option
def issue(
    canonical: tuple[Path, ...],
    cycle: str,
    deadline: dt.datetime,
    countries: tuple[str, ...],
    output: Path,
    form: str,
) -> None:
    from crmxl import cycle as work

    codes = [_code(text) for text in countries]
    paths = work.issue(canonical, cycle, deadline.date(), output, codes)
    if form == "json":
        _print_json([{"country": path.stem, "file": str(path)} for path in paths])
        return
    for path in paths:
        click.echo(f"{members.BY_CODE[path.stem].name[current_lang()]:24} {path}")


def _verdict(item: Any, lang: Lang) -> str:
    """One line on a file: its name, its country, whether it was taken, how many findings."""
    country = (
        members.BY_CODE[item.country].name[lang] if item.country else B("país desconocido", "country unknown")[lang]
    )
    taken = B("aceptado", "accepted") if item.accepted else B("NO aceptado", "NOT accepted")
    counts = Counter(finding.severity for finding in item.findings)
    words = B(
        "{cells} celdas, {errors} errores, {warnings} advertencias",
        "{cells} cells, {errors} errors, {warnings} warnings",
    ).format(cells=item.cells, errors=counts["error"], warnings=counts["warning"])
    return f"{item.source.name} — {country}: {taken[lang]}, {words[lang]}"


def _print_findings(findings: Iterable[Any], lang: Lang) -> None:
    words = {"error": B("ERROR", "ERROR"), "warning": B("AVISO", "WARNING"), "note": B("NOTA", "NOTE")}
    colours = {"error": "red", "warning": "yellow", "note": "blue"}
    for item in findings:
        place = item.place
        where = f"{place.sheet}!{place.cell}" if place.cell else place.sheet or B("archivo", "file")[lang]
        label = f" ({item.label[lang]})" if item.label else ""
        head = click.style(words[item.severity][lang], fg=colours[item.severity], bold=True)
        click.echo(f"  {head} {item.code.name}  {where}{label}")
        click.echo(f"      {item.message(lang)}")
        meant = B(" ¿Quiso decir «{text}»?", " Did you mean “{text}”?").format(text=item.suggestion)[lang]
        click.echo(f"      → {item.advice(lang)}{meant if item.suggestion else ''}")


@command(
    "validate",
    B(
        "Revisa archivos devueltos: qué está mal, dónde, y qué hacer.",
        "Checks returned files: what is wrong, where, and what to do.",
    ),
    "crmxl validate recibidos --issued emitidos",
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@_issued_option
@_country_option
@_as_of_option
@_format_option
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

    lang = current_lang()
    copies = cycle.open_issued(issued or cycle.default_issued())
    received = cycle.receive(cycle.find_files(files), copies, cycle.parse_countries(countries))
    if form == "json":
        _print_json([cycle.submission_dict(item, lang) for item in received])
    else:
        for item in received:
            click.echo(_verdict(item, lang))
            _print_findings(item.findings, lang)
        click.echo(B("A la fecha: {day}", "As of: {day}").format(day=_day(as_of).isoformat())[lang])
    failed = any(f.severity == "error" for item in received for f in item.findings)
    ctx.exit(1 if failed or not all(item.accepted for item in received) else 0)


def _print_merge(result: Any, lang: Lang) -> None:
    data = result.as_dict()
    for entry in data["received"]:
        name = members.BY_CODE[entry["country"]].name[lang] if entry["country"] else "—"
        state = (
            B("apartado", "set aside")
            if not entry["accepted"]
            else B("sustituido por un envío posterior", "superseded by a later sending")
            if entry["superseded"]
            else B("incorporado", "merged")
        )
        click.echo(f"   {name:22} {'; '.join(entry['files'])} — {state[lang]}")
    missing = ", ".join(members.BY_CODE[code].name[lang] for code in data["missing"]) or "—"
    cells: Mapping[str, int] = data["cells"]
    lines = (
        B("   No enviaron: {missing}", "   Did not send: {missing}").format(missing=missing),
        B(
            "   Por decidir: {c} conflictos y {p} propuestas (hoja Decisiones); decisiones aplicadas: {d}",
            "   To decide: {c} conflicts and {p} proposals (sheet Decisions); decisions applied: {d}",
        ).format(c=data["conflicts"], p=data["proposals"], d=data["decided"]),
        B(
            "   Celdas leídas: {read} = {merged} incorporadas + {unchanged} sin cambio + {proposed} propuestas + "
            "{conflicting} en conflicto + {superseded} sustituidas + {set_aside} apartadas; comentarios: {n}",
            "   Cells read: {read} = {merged} merged + {unchanged} unchanged + {proposed} proposed + "
            "{conflicting} conflicting + {superseded} superseded + {set_aside} set aside; comments: {n}",
        ).format(n=data["comments"], **cells),
        B("   Hallazgos: {e} errores y {w} advertencias", "   Findings: {e} errors and {w} warnings").format(
            e=data["errors"], w=data["warnings"]
        ),
        B("   Actividades a la fecha {day}: {marks}", "   Activities as of {day}: {marks}").format(
            day=data["as_of"], marks=_marks_line(result.items)
        ),
    )
    for line in lines:
        click.echo(line[lang])


def _marks_line(items: Sequence[Any]) -> Bilingual:
    from crmxl.marks import MARK_LABELS
    from crmxl.status import count

    counts = [(MARK_LABELS[mark], number) for mark, number in count(items).items() if number]
    return Bilingual(*(", ".join(f"{label[lang].lower()} {number}" for label, number in counts) for lang in LANGS))


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
@_issued_option
@_country_option
@option(
    "--decisions",
    type=click.Path(path_type=Path),
    about=B("Libro con decisiones más nuevas.", "Workbook with newer decisions."),
)
@_as_of_option
@_format_option
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
        _print_merge(result, lang)
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
@_as_of_option
@option(
    "--due-soon",
    type=click.IntRange(0, 3650),
    default=60,
    show_default=True,
    about=B("Días en que algo está por vencer.", "Days within which something is due soon."),
)
@_format_option
def status(workbook: Path, as_of: dt.datetime | None, due_soon: int, form: str) -> None:
    from crmxl import cycle
    from crmxl.status import calendar_text, report

    lang = current_lang()
    day = _day(as_of)
    items = cycle.marks(workbook, day, due_soon)
    if form == "json":
        _print_json(report(items, day, lang))
        return
    heads = (
        B("Nº", "No."),
        B("Marca", "Mark"),
        B("Calendario", "Schedule"),
        B("Por qué", "Why"),
        B("Actividad", "Activity"),
    )
    rows = [
        (i.record.key[0], i.label[lang], calendar_text(i), i.reason[lang], i.record.text("activity")[:90])
        for i in items
    ]
    title = B("Marcas a la fecha {day}", "Marks as of {day}").format(day=day.isoformat())[lang]
    _table(title, [head[lang] for head in heads], rows)
    click.echo(_marks_line(items)[lang])


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
        click.echo(said.format(name=name)[_usual_lang()], err=True)
        sys.exit(3)
