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

_META = "crmxl.lang"


def usual_lang() -> Lang:
    """The language of the environment: CRMXL_LANG, then the locale, else Spanish."""
    for name in ("CRMXL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")[:2].lower()
        if value == "es" or value == "en":
            return "es" if value == "es" else "en"
    return "es"


def _lang(context: click.Context) -> Lang:
    return "en" if context.find_root().meta.get(_META, usual_lang()) == "en" else "es"


def current_lang() -> Lang:
    """The language of the running command."""
    context = click.get_current_context(silent=True)
    return _lang(context) if context else usual_lang()


class BilingualOption(click.Option):
    """An option whose help is bilingual."""

    def __init__(self, *args: Any, about: Bilingual, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The line of this option in the help text."""
        self.help = self.about[_lang(ctx)]
        return super().get_help_record(ctx)


class BilingualCommand(click.Command):
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


class Program(click.Group):
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
    return click.option(*names, cls=BilingualOption, about=about, **attributes)


lang_option = option(
    "--lang",
    type=click.Choice(LANGS),
    is_eager=True,
    expose_value=False,
    callback=_set_lang,
    about=B("Idioma: es o en.", "Language: es or en."),
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
    type=click.DateTime(("%Y-%m-%d",)),
    about=B(
        "Día al que se refiere (AAAA-MM-DD); hoy si no se da.", "Day that it refers to (YYYY-MM-DD); default today."
    ),
)
issued_option = option(
    "--issued",
    type=click.Path(path_type=Path),
    about=B("Carpeta de las copias emitidas (emitidos/).", "Folder of the issued copies (default emitidos/)."),
)
country_option = option(
    "--country",
    "countries",
    multiple=True,
    metavar="FILE=CRI",
    about=B("De qué país es un archivo, si él no lo dice.", "Which country a file is from, where it does not say."),
)
