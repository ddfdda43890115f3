"""The command line: each command reads its options, calls one library function and prints.

The only place that prints, exits or reads the clock. Help and messages are Spanish or English: `--lang`, then the
variable CRMXL_LANG, then the locale, else Spanish.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

import click

from crmxl.cli import making, receiving, telling, upkeep
from crmxl.cli.program import cli
from crmxl.options import usual_lang
from crmxl.text import B

__all__ = ["cli", "making", "receiving", "run", "telling", "upkeep"]


SELDOM = (200_000, 50, 1_000)
"""How seldom garbage is looked for: what a command makes, it needs to its end, and to go through all of it again and
again took a third of its time."""


def run(arguments: Sequence[str] | None = None) -> None:
    """The entry point. A fault of the program itself ends with code 3, one line and the name of a report file."""
    gc.set_threshold(*SELDOM)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        cli.main(args=None if arguments is None else list(arguments), prog_name="crmxl")
    except SystemExit:
        raise
    except BrokenPipeError:
        sys.exit(0)
    except KeyboardInterrupt:  # before a command has begun, or after it has ended
        sys.exit(130)
    except Exception:
        import tempfile
        import traceback

        handle, name = tempfile.mkstemp(prefix="crmxl-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(traceback.format_exc())
        said = B(
            "Fallo interno de crmxl. No se escribió nada. Envíe este informe a quien lo mantiene: {name}",
            "Internal fault of crmxl. Nothing was written. Send this report to its maintainers: {name}",
        )
        click.echo(said.format(name=name)[usual_lang()], err=True)
        sys.exit(3)
