"""Make `workbooks/plan-de-trabajo-2009.xlsx` from the plan's own text, `plan-2009.txt`, and `reuniones.csv`.

In the text every table cell begins with a tab; further paragraphs of the same cell have none. The living part has
rows of four cells (objective, activities, who, when), the Histórico rows of three (objective, activities, results).
Numbers are printed at four levels; some are misprinted, so activities, who and when are matched by their order in the
row, and the printed numbers are kept beside the right ones.

    python workbooks/fuentes/plan_2009.py
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crmxl.definition import Kind, Record
from crmxl.evolution import evolution_rows
from crmxl.files import write_whole
from crmxl.kinds import BY_KEY, KINDS
from crmxl.status import assess
from crmxl.tables import restored
from crmxl.values import Unreadable, Value
from crmxl.writing import write_canonical

HERE = Path(__file__).parent
TARGET = HERE.parent / "plan-de-trabajo-2009.xlsx"
AS_OF = dt.date(2009, 11, 26)
"""The day of the version: "Actualizado por la ST el 26 de noviembre de 2009"."""

_NUMBERED = re.compile(r"^(\d+(?:\.\d+)*\.?)\s+(.+)$", re.DOTALL)
_SECTION = re.compile(r"^[A-C]\. ")
_HISTORY = "I. POLÍTICAS Y GESTIÓN MIGRATORIA"
_LEGEND = ("Subrayado:", "MAYÚSCULAS:", "\ufffdPasar al histórico")


@dataclass
class Part:
    """One of the two parts of the document: its heading lines and its rows, each with its section."""

    lines: list[str] = field(default_factory=list)
    rows: list[tuple[str, list[list[str]]]] = field(default_factory=list)


def parse(text: str) -> tuple[Part, Part, list[str]]:
    """The living part, the Histórico and the legend."""
    living, history, legend = Part(), Part(), []
    part, width, section = living, 4, ""
    cells: list[list[str]] = []
    started = False
    for line in text.split("\n"):
        paragraph = line.strip()
        if line.startswith("\t"):
            cells.append([paragraph] if paragraph else [])
            if cells == [["OBJETIVOS"], ["ACTIVIDADES"], ["RESPONSABLE"], ["CALENDARIO"]]:
                cells, started = [], True
            elif len(cells) > width:
                part.rows.append((section, cells[:width]))
                cells = cells[width:]
        elif not paragraph:
            continue
        elif paragraph.startswith(_LEGEND):
            legend.append(paragraph)
        elif not started or paragraph.startswith("POLÍTICAS Y GESTIÓN"):
            living.lines.append(paragraph)
        elif _SECTION.match(paragraph) or paragraph == _HISTORY:
            if cells:
                part.rows.append((section, cells))
                cells = []
            if paragraph == _HISTORY:
                part, width = history, 3
                history.lines.append(paragraph)
            else:
                section = paragraph
        else:
            cells[-1].append(paragraph)
    part.rows.append((section, cells))
    return living, history, legend


def numbered(paragraphs: list[str]) -> Iterator[tuple[str, str]]:
    """Printed number and text of each numbered paragraph; the ones without a number belong to the one before."""
    found: list[tuple[str, str]] = []
    for paragraph in paragraphs:
        match = _NUMBERED.match(paragraph)
        if match:
            found.append((match[1], match[2]))
        else:
            number, text = found[-1]
            found[-1] = (number, f"{text}\n{paragraph}")
    yield from found


def record(kind: Kind, written: Mapping[str, Value]) -> Record:
    """A row of a kind from what is written in its columns; what is derived from it is added."""
    kept: dict[str, Value] = {}
    for column in kind.items_table.columns:
        if written.get(column.key):
            read = restored(str(written[column.key]), column)
            if isinstance(read, Unreadable):
                raise ValueError(f"{kind.key}: {column.key} cannot be {written[column.key]!r}")
            kept[column.key] = read
    for column in kind.items_table.columns:
        derived = column.derive(kept) if column.derive else None
        if derived is not None:
            kept[column.key] = derived
    return Record(tuple(str(kept[key]) for key in kind.items_table.key), kept)


def _printed(*numbers: str) -> str:
    return " | ".join(numbers)


def plan_records(part: Part) -> Iterator[Record]:
    """One record an activity."""
    kind = BY_KEY["plan"]
    for section, (objectives, activities, responsible, calendar) in part.rows:
        ((objective_number, objective),) = numbered(objectives)
        who, when = list(numbered(responsible)), list(numbered(calendar))
        for index, (number, activity) in enumerate(numbered(activities)):
            who_number, who_text = who[index] if who else ("", "")
            when_number, when_text = when[index] if when else ("", "")
            yield record(
                kind,
                {
                    "id": number.rstrip("."),
                    "printed": _printed(objective_number, number, who_number, when_number),
                    "section": section,
                    "objective": objective,
                    "activity": activity,
                    "responsible": who_text,
                    "calendar": when_text,
                    "situation": "Vigente",
                },
            )


def history_records(part: Part) -> Iterator[Record]:
    """One record a result; numbers start anew in each section, so the section's letter is part of the id."""
    kind = BY_KEY["history"]
    for section, (objectives, activities, results) in part.rows:
        ((objective_number, objective),) = numbered(objectives)
        named = dict(numbered(activities))
        for number, result in numbered(results):
            activity = ".".join(number.split(".")[:2])
            yield record(
                kind,
                {
                    "id": f"{section[0]}.{number}",
                    "printed": _printed(objective_number, activity, number),
                    "section": section,
                    "objective": objective,
                    "activity": named[activity],
                    "result": result,
                },
            )


def meeting_records() -> Iterator[Record]:
    """The meetings; a day or month that is not known is not there."""
    names = {
        "clave": "id",
        "organo": "organ",
        "numero": "number",
        "fecha": "date",
        "lugar": "place",
        "sede": "host",
        "confirmacion": "certainty",
        "nota": "remark",
        "fuente": "source",
    }
    with (HERE / "reuniones.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield record(BY_KEY["meetings"], {names[key]: value for key, value in row.items()})


def make() -> bytes:
    """The canonical workbook of the 2009 plan, as bytes."""
    living, history, legend = parse((HERE / "plan-2009.txt").read_text(encoding="utf-8"))
    plan = list(plan_records(living))
    tables: dict[str, Sequence[Record]] = {
        "plan": plan,
        "history": list(history_records(history)),
        "meetings": list(meeting_records()),
    }
    items = assess(KINDS, tables, AS_OF)
    tables["evolution"] = evolution_rows([item.told for item in items], "2009", AS_OF, ())
    preambles = {"plan": (*living.lines, *legend), "history": tuple(history.lines)}
    return write_canonical(KINDS, tables, preambles, items, AS_OF)


if __name__ == "__main__":
    write_whole({TARGET: make()})
    print(TARGET)
