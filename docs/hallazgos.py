"""Make `docs/hallazgos.md`, the page of every finding, from the catalogue.

python docs/hallazgos.py
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from crmxl.messages import Code
from crmxl.text import B

FAMILIES = {
    "F": B("El archivo", "The file"),
    "S": B("Hojas, columnas y filas", "Sheets, columns and rows"),
    "C": B("Celdas", "Cells"),
    "P": B("Datos personales", "Personal data"),
    "A": B("Lo que un país no puede cambiar", "What a country cannot change"),
    "E": B("El bloque Envío", "The block Sending"),
    "R": B("Reglas entre celdas, y el plan mismo", "Rules between cells, and the plan itself"),
    "B": B("La copia emitida", "The issued copy"),
    "M": B("La consolidación", "The merge"),
}
SEVERITIES = {
    "error": B("error", "error"),
    "warning": B("advertencia", "warning"),
    "note": B("nota", "note"),
}


def lines() -> Iterator[str]:
    """The page, line by line."""
    yield "# Hallazgos / Findings"
    yield ""
    yield "Cada código es estable. Un error pide una corrección; una advertencia, una revisión; una nota sólo informa."
    yield "Lo que está entre llaves es lo que se encontró en el archivo."
    yield ""
    yield "Each code is stable. An error asks for a correction, a warning for a look; a note only tells. What stands in"
    yield "braces is what was found in the file."
    for family, codes in groupby(Code, key=lambda code: code.name[0]):
        title = FAMILIES[family]
        yield f"\n## {family} · {title.es} / {title.en}"
        for code in codes:
            message, severity = code.message, SEVERITIES[code.severity]
            yield f"\n### {code.name}\n"
            yield f"**{severity.es}** — {message.text.es}  "
            yield f"{message.advice.es}\n"
            yield f"**{severity.en}** — {message.text.en}  "
            yield f"{message.advice.en}"


def page() -> str:
    """The whole page."""
    return "\n".join(lines()) + "\n"


if __name__ == "__main__":
    target = Path(__file__).with_suffix(".md")
    target.write_text(page(), encoding="utf-8")
    print(target)
