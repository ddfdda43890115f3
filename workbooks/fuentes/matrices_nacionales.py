"""Make the canonical legislation matrices: `matriz-trata.xlsx`, `matriz-trafico.xlsx`, and as they stood in 2009 for
the example cycle, `matriz-trata-2009.xlsx` and `matriz-trafico-2009.xlsx`.

`hechos-nacionales.csv` holds single facts with their own confidence: H and M are printed, each row with its sources, in
the state "por confirmar" and in the language of its country until that country confirms it; L and K are kept there and
never printed. `from` and `until` say between which days a fact held. What is not known stays blank.
`ratificaciones.csv` holds the 33 facts on the three instruments.

    python workbooks/fuentes/matrices_nacionales.py
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

from plan_2009 import AS_OF as PLAN_DAY
from plan_2009 import meeting_records, record

from crmxl.definition import Kind, Record
from crmxl.files import write_whole
from crmxl.kinds import BY_KEY, KINDS
from crmxl.members import BY_CODE, CODES
from crmxl.tables import restored
from crmxl.text import B, unique
from crmxl.values import Unreadable, Value
from crmxl.writing import as_of_line, write_canonical

HERE = Path(__file__).parent
AS_OF = dt.date(2025, 7, 31)
"""The end of the month of the latest source that was consulted."""
PRINTED = frozenset("HM")
"""The confidences with which a fact may be printed."""
_NOTED = {
    True: B(
        "Anotado por la Secretaría Técnica (confianza alta)", "Noted by the Technical Secretariat (high confidence)"
    ),
    False: B(
        "Anotado por la Secretaría Técnica (confianza media)", "Noted by the Technical Secretariat (medium confidence)"
    ),
}
"""What the ST noted is for its country to confirm, so it stands in that country's language, as the facts do."""
NAMES = {"trafficking": "matriz-trata", "smuggling": "matriz-trafico"}


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one of the plain sources."""
    with (HERE / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def held(fact: Mapping[str, str], day: dt.date) -> bool:
    """Whether a fact held on a day and is known well enough to be printed."""
    since = fact["from"] <= day.isoformat()
    return since and (not fact["until"] or day.isoformat() < fact["until"]) and fact["confidence"] in PRINTED


def answers(kind: Kind, day: dt.date) -> Iterator[Record]:
    """The answers that the facts give, as of a day: an item and country each, to be confirmed by the country."""
    facts: dict[tuple[str, str], list[dict[str, str]]] = {}
    for fact in rows("hechos-nacionales.csv"):
        if held(fact, day):
            facts.setdefault((fact["criterion"], fact["country"]), []).append(fact)
    for criterion in (str(item["id"]) for item in kind.seed):
        for code in CODES:
            if (criterion, code) in facts:
                yield _answer(kind, criterion, code, facts[criterion, code])


def _answer(kind: Kind, criterion: str, code: str, facts: list[dict[str, str]]) -> Record:
    values: dict[str, Value] = {"id": criterion, "country": code, "norm_state": "unconfirmed"}
    for fact in facts:
        read = restored(fact["value"], kind.column(fact["column"]))
        if isinstance(read, Unreadable) or fact["column"] in values:
            raise ValueError(f"hechos-nacionales.csv: {fact}")
        values[fact["column"]] = read
    sources = unique(part.strip() for fact in facts for part in fact["source"].split(";"))
    sure = all(fact["confidence"] == "H" for fact in facts)
    values["source"] = f"{_NOTED[sure][BY_CODE[code].lang]}: {'; '.join(sources)}"
    return Record((criterion, code), values)


def ratification_records() -> Iterator[Record]:
    """The 33 facts on signature, ratification and accession."""
    for row in rows("ratificaciones.csv"):
        yield record(BY_KEY["ratifications"], row)


def make(kind: Kind, day: dt.date, *more: str) -> bytes:
    """The canonical workbook of one matrix as of a day, with `more` lines above it."""
    title = kind.title or kind.sheet
    tables = {
        kind.items_table.name: [Record((str(item[kind.id]),), item) for item in kind.seed],
        f"{kind.key}.answers": list(answers(kind, day)),
        "ratifications": list(ratification_records()),
        "meetings": list(meeting_records()),
    }
    preambles = {kind.items_table.name: (title.es, as_of_line(day).es, *(note.es for note in kind.notes), *more)}
    return write_canonical(KINDS, tables, preambles, (), day)


EXAMPLE = "EJEMPLO: en el ciclo de demostración, lo que dice EJEMPLO es ficticio. What says EJEMPLO is made up."


def make_all() -> dict[Path, bytes]:
    """Every workbook by its path."""
    made = {}
    for key, name in NAMES.items():
        made[HERE.parent / f"{name}.xlsx"] = make(BY_KEY[key], AS_OF)
        made[HERE.parent / f"{name}-2009.xlsx"] = make(BY_KEY[key], PLAN_DAY, EXAMPLE)
    return made


if __name__ == "__main__":
    files = make_all()
    write_whole(files)
    print(*files, sep="\n")
