"""The files of a case: a canonical workbook, what was issued, what came back. Made once, kept in a folder.

Returns are templates of ours in which answers were put straight into the XML, as a spreadsheet program saves them:
shared strings, in the cells that a country may change.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.sax.saxutils import escape

from crmxl import cycle, members
from crmxl.around import INSTRUCTIONS
from crmxl.definition import Owner, Record
from crmxl.envelope import ENVELOPE
from crmxl.findings import address
from crmxl.issued import read_issued
from crmxl.kinds import BY_KEY, KINDS
from crmxl.reading import Book, read_book
from crmxl.submission import read_submission
from crmxl.text import Lang, fold
from crmxl.values import Choice, as_text
from crmxl.writing import write_canonical
from tests.bench import CANONICAL
from tests.benchmarks.states import extend

CYCLE, DEADLINE, AS_OF = "2010-1", dt.date(2010, 2, 12), dt.date(2010, 3, 1)
_ANSWERED = ("state", "progress", "date", "institution", "evidence", "remarks")
"""What a country answers to an activity."""


@dataclass(frozen=True)
class Case:
    """So many states send so often, so many activities each; `real` are the Conference's own plan and matrices. Long
    texts have `letters` letters; in a `wide` return its country added so many columns of its own."""

    name: str
    states: int
    sendings: int
    rows: int
    letters: int = 60
    real: bool = False
    wide: int = 0

    @property
    def files(self) -> int:
        """How many returns there are."""
        return self.states * self.sendings


CASES = (
    Case("real", 11, 1, 40, real=True),
    Case("200x200", 200, 1, 200),
    Case("100x60", 100, 1, 60),
    Case("100x240", 100, 1, 240),
    Case("200x60", 100, 2, 60),
    Case("500x60", 100, 5, 60),
    Case("1000x60", 100, 10, 60),
    Case("10000x60", 100, 100, 60),
    Case("largo", 11, 1, 60, letters=8_000),
    Case("ancho", 11, 1, 60, wide=300),
)


@dataclass(frozen=True)
class Made:
    """The files of a case: the canonical workbooks, the folders of what was issued and of what came back."""

    canonical: tuple[Path, ...]
    issued: Path
    received: Path


def make(case: Case, root: Path) -> Made:
    """The files of a case in a folder of its own, made if they are not there."""
    folder = root / case.name
    made = Made(_canonical(case, folder), folder / "emitidos", folder / "recibidos")
    if (folder / "whole").exists():
        return made
    extend(case.states)
    codes = members.CODES[: case.states]
    paths = cycle.issue(made.canonical, CYCLE, DEADLINE, made.issued, codes)
    made.received.mkdir(exist_ok=True)
    spots: dict[Lang, Spots] = {}
    for path in paths:
        lang = members.BY_CODE[path.stem].lang
        spots.setdefault(lang, _spots(read_book(path), lang))
        template = Template(path.read_bytes(), case.wide)
        for number in range(1, case.sendings + 1):
            cells = dict(_answers(case, spots[lang], path.stem, number))
            (made.received / f"{path.stem}-{number:03}.xlsx").write_bytes(template.filled(cells))
    (folder / "whole").touch()
    return made


def _canonical(case: Case, folder: Path) -> tuple[Path, ...]:
    """The canonical workbooks; a plan as long as is asked for says what the one of 2009 says, again and again."""
    if case.real:
        return tuple(CANONICAL)
    path = folder / "plan.xlsx"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        opened = cycle.open_canonical([CANONICAL[0]])
        rows = [_again(opened.of("plan"), number) for number in range(case.rows)]
        tables: Mapping[str, Sequence[Record]] = {"plan": rows, "meetings": opened.of("meetings")}
        path.write_bytes(write_canonical(KINDS, tables, opened.preambles, (), DEADLINE))
    return (path,)


def _again(plan: Sequence[Record], number: int) -> Record:
    """An activity of a longer plan: one of 2009, under a number of its own and with it in its text."""
    record = plan[number % len(plan)]
    key = f"{number // 10 + 1}.{number % 10 + 1}"
    activity = f"{record.text('activity')} ({key})"
    values = {**record.values, "id": key, "activity": activity, "printed": None}
    return replace(record, key=(key,), values={name: value for name, value in values.items() if value is not None})


Spots = Mapping[tuple[str, str, str], tuple[str, str]]
"""The sheet and the address of each cell that a country fills in, by kind, row and column; those of Envío too."""


def _spots(book: Book, lang: Lang) -> Spots:
    kinds = [kind for kind in KINDS if kind.fillable]
    layouts = read_submission(book, kinds, read_issued([book], kinds)).layouts
    found = {
        (kind, key[0], column.key): (layout.sheet, address(row, layout.columns[column.key]))
        for kind, layout in layouts.items()
        for key, row in layout.rows.items()
        for column in BY_KEY[kind].owned_by(Owner.COUNTRY)
        if column.key in layout.columns
    }
    grid = book.grid(INSTRUCTIONS[lang])
    assert grid is not None
    labels = {name: column.key for column in ENVELOPE for name in column.names()}
    for (row, column), raw in grid.cells.items():
        if fold(as_text(raw)) in labels:
            found["", "", labels[fold(as_text(raw))]] = (grid.name, address(row, column + 1))
    return found


def _answers(case: Case, spots: Spots, code: str, sending: int) -> Iterator[tuple[tuple[str, str], str | int]]:
    """What a country answers, by cell: everywhere a choice, mostly a text, here and there a source and a remark."""
    lang = members.BY_CODE[code].lang
    for number, ((kind, row, key), spot) in enumerate(spots.items()):
        if not kind:
            told: str | int = {"type": "parcial" if lang == "es" else "partial", "number": sending}.get(key, "")
        else:
            told = _answer(case, kind, row, key, f"{code} {row} {sending}", lang, number)
        if told != "":
            yield spot, told


def _answer(case: Case, kind: str, row: str, key: str, mark: str, lang: Lang, number: int) -> str:
    column = next(c for c in BY_KEY[kind].owned_by(Owner.COUNTRY) if c.key == key)
    turn = sum(map(ord, mark))
    if isinstance(column.type, Choice):
        offered = [option for option in column.type.options if option.offered]
        return offered[turn % len(offered)].label[lang]
    if kind == "plan":
        text = f"EJEMPLO {mark}: se avanzó con las instituciones del país y se informó a la red. "
        words = {
            "progress": (text * (case.letters // len(text) + 1))[: max(case.letters, len(mark) + 12)],
            "date": "Marzo de 2010" if lang == "es" else "March 2010",
            "institution": f"Institución {turn % 7} (EJEMPLO)",
            "evidence": f"https://example.org/{mark.replace(' ', '/')}" if turn % 5 == 0 else "",
            "remarks": f"Nota de {mark}" if turn % 3 == 0 else "",
        }
        return words.get(key, "")
    return f"EJEMPLO {mark}" if column.type.format == "text" and number % 3 == 0 else ""


_COUNTS = re.compile(r' count="\d+" uniqueCount="(\d+)"')


class Template:
    """The parts of an issued template, in which cells can be filled."""

    def __init__(self, data: bytes, wide: int = 0) -> None:
        self.wide = wide
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        workbook = self.parts["xl/workbook.xml"].decode()
        relations = dict(
            re.findall(r'Id="(\w+)" [^>]*Target="([^"]+)"', self.parts["xl/_rels/workbook.xml.rels"].decode())
        )
        sheets = re.findall(r'<sheet name="([^"]+)"[^>]* r:id="(\w+)"', workbook)
        self.sheets = {name: f"xl/{relations[relation]}" for name, relation in sheets}

    def filled(self, cells: Mapping[tuple[str, str], str | int]) -> bytes:
        """The template as a country saves it, with texts and numbers in some of its cells."""
        strings = self.parts["xl/sharedStrings.xml"].decode()
        match = _COUNTS.search(strings)
        assert match is not None
        first = int(match[1])
        texts = {text: first + place for place, text in enumerate(dict.fromkeys(map(str, cells.values())))}
        added = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
        count = f' count="{first + len(texts)}" uniqueCount="{first + len(texts)}"'
        strings = _COUNTS.sub(count, strings).replace("</sst>", f"{added}</sst>")
        parts = {**self.parts, "xl/sharedStrings.xml": strings.encode()}
        for name, part in self.sheets.items():
            here = {spot: told for (sheet, spot), told in cells.items() if sheet == name}
            if here:
                xml = _put(parts[part].decode(), here, texts)
                parts[part] = (_widened(xml, self.wide) if len(here) > len(ENVELOPE) else xml).encode()
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, data in parts.items():
                archive.writestr(name, data)
        return stream.getvalue()


FAR = 40
"""The first column of those that a country added, from 0."""


def _widened(xml: str, columns: int) -> str:
    """The sheet with further columns to the right, a text in each cell of their rows."""

    def more(match: re.Match[str]) -> str:
        row = int(match[1]) - 1
        cells = (address(row, FAR + n) for n in range(columns))
        added = "".join(f'<c r="{spot}" t="inlineStr"><is><t>propio {spot}</t></is></c>' for spot in cells)
        return f"{match[0].removesuffix('</row>')}{added}</row>"

    return re.sub(r'<row r="(\d+)"[^>]*>(?:(?!</row>).)*</row>', more, xml) if columns else xml


def _put(xml: str, cells: Mapping[str, str | int], texts: Mapping[str, int]) -> str:
    def put(match: re.Match[str]) -> str:
        told = cells.get(match[1])
        if told is None:
            return match[0]
        kind, value = ("", told) if isinstance(told, int) else (' t="s"', texts[told])
        return f'<c r="{match[1]}"{match[2]}{kind}><v>{value}</v></c>'

    return re.sub(r'<c r="([A-Z]+\d+)"( s="\d+")?(?:/>|[^>]*><v>[^<]*</v></c>)', put, xml)


if __name__ == "__main__":  # in a process of its own: how many members there are cannot be taken back
    make(next(case for case in CASES if case.name == sys.argv[1]), Path(sys.argv[2]))
