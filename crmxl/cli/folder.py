"""What a command does in a cycle's folder besides its own work: taking in, writing down, telling what is new."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmxl.cli.program import now, print_table
from crmxl.options import current_lang, here
from crmxl.text import B, Lang

if TYPE_CHECKING:
    from crmxl.keeping import Keeping
    from crmxl.responses import Response

NOTHING_ARRIVED = B(
    "No ha llegado nada todavía: ponga en la carpeta entrada los archivos que lleguen.",
    "Nothing has arrived yet: put the files that arrive into the folder entrada.",
)
NOTHING_MERGED = B(
    "Todavía no hay un libro consolidado en esta carpeta: primero, crmxl merge.",
    "There is no consolidated workbook in this folder yet: first, crmxl merge.",
)


def or_folder(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """A parameter that may be missing in a cycle's folder only, which knows it."""
    if not value and not here(bool):
        raise click.MissingParameter(ctx=ctx, param=param)
    return value


@contextmanager
def working(*, given: bool = False) -> Iterator[Keeping | None]:
    """Be at work in the cycle's folder that one stands in; None where there is none, or where the paths were given."""
    from crmxl.keeping import at_work

    desk = None if given else here(lambda desk: desk)
    if desk is None:
        yield None
        return
    lang = current_lang()
    notices = []
    with at_work(desk, now(), lang) as keeping:
        try:
            yield keeping
        finally:
            notices = keeping.notices
    for notice in dict.fromkeys(notices):
        click.echo(f"! {notice[lang]}", err=True)


def note_countries(keeping: Keeping, countries: dict[str, str]) -> dict[str, str]:
    """What `--country` says of files in the register is kept there; what it says of others is given back."""
    from crmxl.ledger import COUNTRY

    ledger = keeping.known
    known = {Path(verdict.name).name: sha for sha, (_, verdict) in ledger.parts.items()}
    known |= {name: arrival.sha256 for arrival in ledger.arrivals for name in arrival.names if not arrival.several}
    told = {Path(name).name: code for name, code in countries.items()}
    fresh = [(known[name], code) for name, code in told.items() if name in known]
    keeping.note([
        ("corrected", {"of": sha, "what": COUNTRY, "value": code})
        for sha, code in fresh
        if ledger.of(sha, COUNTRY) != code
    ])  # fmt: skip
    return {name: code for name, code in countries.items() if Path(name).name not in known}


def print_board(rows: Iterable[Response], lang: Lang) -> None:
    """The board by country, as a table; on a narrow terminal without what `registro.xlsx` tells too."""
    from crmxl.reports import BOARD_HEADS, board_rows

    narrow = sys.stdout.isatty() and shutil.get_terminal_size().columns < WIDE
    kept = (0, 1, 2, 4) if narrow else range(len(BOARD_HEADS))
    heads = [BOARD_HEADS[place][lang] for place in kept]
    cells = ([row[place] for place in kept] for row in board_rows(rows, lang))
    print_table(B("Países", "Countries")[lang], heads, cells)


WIDE = 120
"""Columns of a terminal that the whole board needs."""
