"""click in two languages: options and commands with bilingual help, and the options that several commands share.

The language is that of `--lang`, then of the variable CRMXL_LANG, then of the locale, else Spanish.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from crmxl.text import LANGS, B, Bilingual, Lang

F = TypeVar("F", bound=Callable[..., Any])

ASKED: list[Lang] = []
"""The language that `--lang` asks for, wherever it stands; read before all else, so that help and faults obey it."""


def usual_lang() -> Lang:
    """The language of the environment: CRMXL_LANG, then the locale, else Spanish."""
    for name in ("CRMXL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")[:2].lower()
        if value == "es" or value == "en":
            return "es" if value == "es" else "en"
    return "es"


def _asked() -> Lang | None:
    return ASKED[-1] if ASKED else None


def current_lang() -> Lang:
    """The language of the running command."""
    return _asked() or usual_lang()


class BilingualOption(click.Option):
    """An option whose help is bilingual."""

    def __init__(self, *args: Any, about: Bilingual, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The line of this option in the help text."""
        self.help = self.about[current_lang()]
        record = super().get_help_record(ctx)
        required = B("[obligatoria]", "[required]")[current_lang()]
        return (record[0], record[1].replace("[required]", required)) if record else None


class Help(click.Command):
    """The parts of a help text that click itself words, in the language asked for."""

    about: Bilingual
    example: str = ""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The line that shows how the command is written."""
        usage = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, usage, prefix=B("Uso: ", "Usage: ")[current_lang()])

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """What the command does, and an example that runs."""
        lang = current_lang()
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(self.about[lang])
        if self.example:
            with formatter.section(B("Ejemplo", "Example")[lang]):
                formatter.write_text(self.example)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, a line each."""
        options = (param for param in self.get_params(ctx) if isinstance(param, click.Option))
        records = [record for param in options if (record := param.get_help_record(ctx))]
        with formatter.section(B("Opciones", "Options")[current_lang()]):
            formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option that shows this help."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = B("Muestra esta ayuda.", "Show this help.")[current_lang()]
        return found


class BilingualCommand(Help):
    """A command whose help is bilingual and ends with an example that runs."""

    def __init__(self, *args: Any, about: Bilingual, example: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about, self.example = about, example

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002
        """The line of this command in the list of commands."""
        return self.about[current_lang()]


def option(*names: str, about: Bilingual, **attributes: Any) -> Callable[[F], F]:
    """An option with bilingual help."""
    return click.option(*names, cls=BilingualOption, about=about, **attributes)


def from_desk(
    what: Callable[[Any], Any], empty: Bilingual | None = None
) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """What a parameter is that was not given: in a cycle's folder what the folder knows, elsewhere it is missing. Where
    the folder does not have it yet, `empty` says so."""

    def filled(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
        if value:
            return value
        known = here(what)
        if not known and empty and here(bool):
            from crmxl.files import UsageError

            raise UsageError(empty)
        if not known:
            raise click.MissingParameter(ctx=ctx, param=param)
        return known

    return filled


def here(what: Callable[[Any], Any]) -> Any:
    """What the cycle's folder that one stands in knows; None outside of one."""
    from crmxl.desk import find_desk

    desk = find_desk(Path.cwd())
    return what(desk) if desk else None


def perhaps_from_desk(what: Callable[[Any], Any]) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """The same for a parameter that may be missing."""

    def filled(_ctx: click.Context, _param: click.Parameter, value: Any) -> Any:
        return value or here(what) or value

    return filled


lang_option = option(
    "--lang",
    type=click.Choice(LANGS),
    expose_value=False,
    about=B("Idioma: es o en.", "Language: es or en."),
)
output_option = option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    about=B("Libro que se escribe.", "Workbook to write."),
)
format_option = option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    about=B("Forma del resultado: text o json.", "Form of the result: text or json."),
)
as_of_option = option(
    "--as-of",
    metavar="DATE",
    type=click.DateTime(("%Y-%m-%d",)),
    about=B(
        "Día al que se refiere (AAAA-MM-DD); hoy si no se da.", "Day that it refers to (YYYY-MM-DD); default today."
    ),
)
issued_option = option(
    "--issued",
    callback=perhaps_from_desk(lambda desk: desk.issued),
    type=click.Path(path_type=Path),
    about=B(
        "Carpeta de las copias emitidas; emitidos/ si no se da.", "Folder of the issued copies (default emitidos/)."
    ),
)
country_option = option(
    "--country",
    "countries",
    multiple=True,
    metavar="FILE=CRI",
    about=B("De qué país es un archivo, si él no lo dice.", "Which country a file is from, where it does not say."),
)
english_option = option(
    "--english",
    multiple=True,
    metavar="COUNTRY",
    about=B(
        "Un país al que se escribe en inglés; puede repetirse. Si no se da: Belice, Canadá y Estados Unidos.",
        "A country that is written to in English; may be repeated. If not given: Belize, Canada and the United States.",
    ),
)
repair_option = option(
    "--no-repair",
    "repair",
    is_flag=True,
    default=True,
    flag_value=False,
    about=B(
        "No da por bueno lo que se parece: hojas, títulos, números y opciones deben decir lo que dice la plantilla.",
        "Takes nothing for what it resembles: sheets, headings, numbers and choices must say what the template says.",
    ),
)
