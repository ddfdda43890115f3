"""What stands around the tables of a returned file: the block Envío, explanations, and notes in the margins.

The sheets Instrucciones, Antes de enviar and Correcciones are ours; what a country adds to them is kept all the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from crmxl.envelope import ENVELOPE, SENDING
from crmxl.findings import Finding, Place, address, finding, ranges
from crmxl.issued import Issued, Stamp
from crmxl.messages import Code
from crmxl.reading import Book, Grid
from crmxl.reasons import Reason
from crmxl.tables import Stray, find_sheets
from crmxl.text import B, Bilingual, Lang, fold, tidy, together
from crmxl.values import Unreadable, Value, as_text, is_blank

INSTRUCTIONS = B("Instrucciones", "Instructions")
BEFORE_SENDING = B("Antes de enviar", "Before sending")
CORRECTIONS = B("Correcciones", "Corrections")
EXPLANATION = Reason.EXPLANATION.value
"""The heading of the column in which a country explains, on the first sheet of a review copy."""
_ABOUT = (2, 3)
"""The columns of that sheet that say which sheet and which cell a line is about."""
_SAID = 5
"""The column that says what is wrong."""
_LABELS = 3
"""A sheet under another name that has so many labels of the block Envío is the one that holds it."""
_REACH = 3
"""What belongs to a label stands at most so many columns to its right."""


def sheets_lang(stamp: Stamp | None, names: Collection[str]) -> Lang:
    """The language in which the sheets of a returned file are named: that of its stamp or, without one, of its first
    page."""
    return stamp.lang if stamp else "en" if INSTRUCTIONS.en in names else "es"


def own_sheets(grids: Sequence[Grid]) -> dict[str, str]:
    """The names of the sheets of ours that are no tables: instructions, before, corrections; the instructions by their
    block Envío, where they have another name."""
    wanted = {"instructions": INSTRUCTIONS, "before": BEFORE_SENDING, "corrections": CORRECTIONS}
    found = find_sheets([grid.name for grid in grids], wanted, near=False)
    if "instructions" not in found:
        names = frozenset().union(*(column.names() for column in ENVELOPE))
        free = [grid for grid in grids if grid.name not in found.values()]
        labels = {g.name: sum(_label(raw) in names for raw in g.cells.values() if isinstance(raw, str)) for g in free}
        best = max(labels, key=lambda name: labels[name], default=None)
        if best is not None and labels[best] >= _LABELS:
            found["instructions"] = best
    return found


def _label(raw: object) -> str:
    return fold(raw).rstrip(":") if isinstance(raw, str) and len(raw) < 60 else ""


def read_envelope(book: Book) -> tuple[dict[str, Value], dict[str, Place], list[Finding]]:
    """The block Envío: what stands to the right of each of its labels, and where."""
    grid = book.grid(own_sheets(book.grids).get("instructions", ""))
    values: dict[str, Value] = {}
    places: dict[str, Place] = {}
    findings: list[Finding] = []
    for row, left in grid.cells if grid else ():
        column = next((c for c in ENVELOPE if grid and _label(grid.cells[row, left]) in c.names()), None)
        if grid is None or column is None:
            continue
        advice = column.advice.both() if column.advice else ()
        beside = (left + step for step in range(1, _REACH + 1) if not is_blank(grid.cells.get((row, left + step))))
        across = next(beside, left + 1)
        written = grid.cells.get((row, across))
        blank = is_blank(written) or as_text(written) in advice
        place = Place(book.source, grid.name, address(row, left + 1 if blank else across))
        places.setdefault(column.key, place)
        if blank or column.key in values:
            continue
        read = column.type.read(written)
        if isinstance(read, Unreadable):
            arguments = (*read.arguments, ("column", column.title))
            text = as_text(written)
            strict = column.key == "restriction"
            meant = None if strict else read.suggestion
            told = Finding(read.code, place, arguments, column.title, text, meant, _STRICT if strict else None)
            findings.append(told)
        else:
            values[column.key] = read
            places[column.key] = place
    return values, places, findings


def sending_texts(
    values: Mapping[str, Value], places: Mapping[str, Place], findings: Iterable[Finding]
) -> dict[tuple[str, str, str], str]:
    """What the block Envío says, as a review copy repeats it; what could not be read, as it was written. The country
    says nothing there: it is fixed."""
    told = {(SENDING, "", key): as_text(value) for key, value in values.items() if key != "country"}
    where = {place: key for key, place in places.items() if key not in values and key != "country"}
    unread = {(SENDING, "", where[f.place]): f.found for f in findings if f.place in where and f.found}
    return {**told, **unread}


_STRICT = B(
    "Elija una: libre, sólo la red o sólo la ST. Mientras tanto vale la más estricta, sólo la ST: no circula.",
    "Choose one: free, network only or TS only. Until then the strictest one holds, TS only: it does not circulate.",
)


def explanations(book: Book, grid: Grid | None) -> Iterator[Stray]:
    """What a country explains on the first sheet of a review copy, and what it wrote beside or below the list; the rest
    of that sheet is ours."""
    heads = {fold(text) for text in EXPLANATION.both()}
    spots = [spot for spot, raw in grid.cells.items() if fold(as_text(raw)) in heads] if grid else []
    if grid is None or not spots:
        return
    head, column = spots[0]
    last = max((c for r, c in grid.cells if r == head), default=column)
    for (row, across), raw in sorted(grid.cells.items(), key=lambda item: item[0]):
        listed = (row, 0) in grid.cells
        if row > head and (across == column or across > last or not listed):
            place = Place(book.source, grid.name, address(row, across))
            about = "!".join(as_text(grid.cells[row, spot]) for spot in _ABOUT if (row, spot) in grid.cells)
            label = together(" · ", EXPLANATION, Bilingual(about, about)) if about and listed else EXPLANATION
            yield Stray(place, as_text(raw), label, Reason.EXPLANATION)


Asked: TypeAlias = tuple[str, str, str]
"""A point of a checked copy: its sheet, the first of its cells (blank where it is about none), what is said."""


def explained(grid: Grid | None) -> dict[Asked, str]:
    """What a country explains to each point of a checked copy."""
    heads = {fold(text) for text in EXPLANATION.both()}
    spots = [spot for spot, raw in grid.cells.items() if fold(as_text(raw)) in heads] if grid else []
    if grid is None or not spots:
        return {}
    head, column = spots[0]
    found: dict[Asked, str] = {}
    for (row, across), raw in grid.cells.items():
        if row > head and across == column and tidy(as_text(raw)):
            sheet, cell, said = (tidy(as_text(grid.cells.get((row, spot)))) for spot in (*_ABOUT, _SAID))
            found[sheet, first_cell(cell), said] = tidy(as_text(raw))
    return found


def asked(point: Finding, lang: Lang) -> Asked:
    """How a checked copy names a finding."""
    place = point.place
    return place.sheet or "", first_cell(place.cell or ""), tidy(point.message(lang))


def first_cell(cells: str) -> str:
    """The first cell of those that a line names (`E5:E9`, `E5 (+3)`); blank where it names none."""
    match = re.match(r"[A-Z]{1,3}[0-9]+(?![A-Za-z0-9])", cells)
    return match[0] if match else ""


def in_margins(
    book: Book, tables: Mapping[str, int], issued: Issued, envelope: Collection[Place]
) -> tuple[list[Stray], list[Finding]]:
    """What a country wrote outside the tables: on Instrucciones and above the headings texts that were not issued, on
    Antes de enviar what stands beyond the sheet as issued. `tables` gives the row of the headings by sheet."""
    own = own_sheets(book.grids)
    instructions, before = own.get("instructions", ""), own.get("before", "")
    rows, columns = next((issued.extent[n] for n in BEFORE_SENDING.both() if n in issued.extent), (2**20, 2**14))
    answered = {place.cell for place in envelope}
    strays: list[Stray] = []
    findings: list[Finding] = []
    for grid in book.grids:
        end = 2**20 if grid.name in (instructions, before) else tables.get(grid.name, -1)
        found = [
            (spot, text)
            for spot, raw in sorted(grid.cells.items(), key=lambda item: item[0])
            if spot[0] < end
            and tidy(text := as_text(raw)) not in issued.around
            and (grid.name != before or spot[0] >= rows or spot[1] >= columns)
            and not (grid.name == instructions and (address(*spot) in answered or isinstance(raw, int | float)))
        ]
        place = Place(book.source, grid.name)
        strays += [Stray(Place(book.source, grid.name, address(*s)), t, "", Reason.MARGIN) for s, t in found]
        if found:
            spots = ranges(address(*spot) for spot, _ in found)
            findings.append(finding(Code.S127, Place(place.source, grid.name, spots), count=len(found)))
    return strays, findings
