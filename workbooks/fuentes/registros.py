"""Make the canonical workbooks of the network's other registers: `registros.xlsx`, blank for the years to come, and
`registros-de-ejemplo.xlsx` for the example cycle. Nothing in them is known: countries fill them in.

    python workbooks/fuentes/registros.py
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from matrices_nacionales import EXAMPLE
from plan_2009 import AS_OF as PLAN_DAY

from crmxl.definition import Kind, Record, Values
from crmxl.files import write_whole
from crmxl.kinds import BY_KEY, KINDS
from crmxl.kinds.figures import indicators, statistics
from crmxl.writing import as_of_line, write_canonical

HERE = Path(__file__).parent
AS_OF = dt.date(2025, 7, 31)
PERIODS: dict[str, tuple[Any, ...]] = {
    "registros": (AS_OF, ("2024", "2024-1", "2024-2")),
    "registros-de-ejemplo": (PLAN_DAY, ("2008", "2009", "2009-1", "2009-2"), EXAMPLE),
}
"""The workbooks, each with its day and the years and half years that it asks of."""


def records(kind: Kind, items: Iterable[Values]) -> list[Record]:
    """The items of a kind as rows."""
    return [Record((str(item[kind.id]),), item) for item in items]


def make(day: dt.date, periods: Sequence[str], *more: str) -> bytes:
    """A canonical workbook of the registers, of some periods, with `more` lines above each."""
    rows = {"indicators": indicators(periods), "statistics": statistics(periods)}
    tables = {key: records(BY_KEY[key], items) for key, items in rows.items()}
    known = [BY_KEY[key] for key in (EXAMPLES if more else REGISTERS)]
    tables |= {kind.key: records(kind, kind.seed) for kind in known}
    tables["recommendations"] = recommendations(day)
    preambles = {}
    for key in (key for key in tables if tables[key]):
        kind = BY_KEY[key]
        preambles[key] = ((kind.title or kind.sheet).es, as_of_line(day).es, *(note.es for note in kind.notes), *more)
    return write_canonical(KINDS, tables, preambles, (), day)


REGISTERS: tuple[str, ...] = ("directory", "competences")
EXAMPLES = ("directory",)
"""The kinds whose items are all known to them; those of the example cycle."""
RECOMMENDATIONS = (
    "Actualizar en los países que aún no lo han hecho, las legislaciones para el efectivo combate a la trata de "
    "personas y tráfico ilícito de migrantes.",
    "Reforzar estrategias para evitar la impunidad en la judicialización de los casos, entre ellas los factores como "
    "el uso de estereotipos de género.",
    "Incluir a las organizaciones de la sociedad civil en los procesos para la implementación de planes de trabajo "
    "contra la trata de personas y el tráfico ilícito de migrantes.",
    "Exhortar al desarrollo de políticas públicas para la eliminación de las causas estructurales de la trata de "
    "personas.",
)
"""What civil society recommended, as the network took note of it in its report of 2017, point 6."""
ORIGIN = "Informe de la red, noviembre de 2017, punto 6"


def recommendations(day: dt.date) -> list[Record]:
    """The recommendations that there were on a day."""
    known = RECOMMENDATIONS if day.year > YEAR else ()
    items = [{"id": f"REC-{n}", "recommendation": text, "origin": ORIGIN} for n, text in enumerate(known, start=1)]
    return records(BY_KEY["recommendations"], items)


YEAR = 2017


if __name__ == "__main__":
    files = {HERE.parent / f"{name}.xlsx": make(*told) for name, told in PERIODS.items()}
    write_whole(files)
    print(*files, sep="\n")
