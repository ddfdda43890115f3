"""The folder of a cycle: what its `crmxl.toml` says, where things are in it, how far the cycle has come.

A folder holds one cycle. `crmxl.toml` is written once and edited by hand; nothing else in the folder is needed to know
where the cycle stands, so that a copy of the folder is the cycle.
"""

from __future__ import annotations

import codecs
import datetime as dt
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crmxl import cycle as work
from crmxl import members
from crmxl.files import UsageError, write_whole
from crmxl.letters import as_come
from crmxl.receiving import country_code
from crmxl.text import B, Bilingual, Lang

CONFIG = "crmxl.toml"
LETTERS = "cartas"
"""Where the wordings of letters are."""
FOLDERS = ("entrada", "emitidos", "recibidos", "devueltos", "consolidados")
"""The folders of a cycle: what arrives, what went out, what was received, what went back, what came of it."""
ENGLISH = tuple(member.code for member in members.MEMBERS if member.lang == "en")
"""The countries that are written to in English, unless a folder says otherwise."""
HALF = 6
"""The last month of the first half of a year."""


@dataclass(frozen=True)
class Desk:
    """A cycle's folder, as its `crmxl.toml` has it; `canonical` are the workbooks that the cycle begins with."""

    root: Path
    cycle: str
    deadline: dt.date
    canonical: tuple[Path, ...]
    countries: tuple[str, ...] = ()
    contact: str = ""
    mail: Mapping[str, str] = field(default_factory=dict)
    """To which address each country is written, by its code."""
    english: tuple[str, ...] = ENGLISH
    """The countries that are written to in English, by their codes."""

    @property
    def config(self) -> Path:
        """Its `crmxl.toml`."""
        return self.root / CONFIG

    def lang(self, country: str) -> Lang:
        """The language in which a country is written to."""
        return "en" if country in self.english else "es"

    @property
    def name(self) -> str:
        """The cycle's name as a file can bear it on every system."""
        return re.sub(r"[^\w.-]+", "-", self.cycle).strip("-.") or "ciclo"

    def folder(self, name: str) -> Path:
        """One of its folders."""
        return self.root / name

    @property
    def merged(self) -> list[Path]:
        """The consolidated workbooks of the cycle, in the order in which they were made."""
        made = [path for path in self.folder("consolidados").glob("*.xlsx") if not path.name.startswith("~$")]
        numbered = [(int(match[1]), path) for path in made if (match := self._pattern.fullmatch(path.name))]
        return [path for _, path in sorted(numbered)]

    @property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(rf"(?:consolidado|consolidated)-{re.escape(self.name)}-(\d+)\.xlsx")

    @property
    def base(self) -> tuple[Path, ...]:
        """What the next merge starts from: the last consolidated workbook, with the decisions written in it."""
        return (self.merged[-1],) if self.merged else self.canonical

    @property
    def latest(self) -> Path:
        """The workbook that tells how things stand: the last consolidated one, else the plan to begin with."""
        return self.merged[-1] if self.merged else self.canonical[0]

    @property
    def next_output(self) -> Path:
        """What the next merge writes."""
        return self.folder("consolidados") / f"consolidado-{self.name}-{self.number + 1}.xlsx"

    @property
    def number(self) -> int:
        """The number of the last consolidated workbook; 0 if there is none."""
        match = self._pattern.fullmatch(self.merged[-1].name) if self.merged else None
        return int(match[1]) if match else 0

    @property
    def circular(self) -> Path:
        """The copy of the last consolidated workbook that may circulate, with its number: none is written over."""
        return self.folder("consolidados") / f"circular-{self.name}-{self.number}.xlsx"

    @property
    def issued(self) -> Path | None:
        """The folder of the issued copies, once there are any."""
        folder = self.folder("emitidos")
        return folder if any(not path.name.startswith("~$") for path in folder.glob("*.xlsx")) else None


def find_desk(start: Path) -> Desk | None:
    """The cycle's folder that a path is in; None outside of one."""
    for folder in (start, *start.parents):
        if (folder / CONFIG).is_file():
            return read_desk(Path(os.path.relpath(folder)))  # as short as it can be said
    return None


def read_desk(root: Path) -> Desk:
    """A cycle's folder; a UsageError that says what is wrong in its `crmxl.toml`."""
    path = root / CONFIG
    try:
        told = tomllib.loads(_text(path.read_bytes()))
    except tomllib.TOMLDecodeError as fault:
        line = re.search(r"line (\d+)", str(fault))
        text = B(
            "{path}, línea {line}: no se entiende. Los textos van entre comillas, los días así: 2010-02-12.",
            "{path}, line {line}: it cannot be understood. Texts stand in quotes, days like this: 2010-02-12.",
        )
        raise UsageError(text.format(path=path, line=line[1] if line else 1)) from fault
    if strange := sorted(told.keys() - _EXPLAINED.keys()):
        text = B(
            "{path}: no se sabe qué es «{key}»; hay: {known}.",
            "{path}: “{key}” is not known; there are: {known}.",
        )
        raise UsageError(text.format(path=path, key=strange[0], known=", ".join(_EXPLAINED)))
    cycle, deadline, canonical = told.get("cycle"), told.get("deadline"), told.get("canonical")
    if not isinstance(cycle, str) or not cycle.strip():
        raise _lacking(path, 'cycle = "2010-1"')
    if isinstance(deadline, str):
        deadline = _day(deadline)
    if not isinstance(deadline, dt.date) or isinstance(deadline, dt.datetime):
        raise _lacking(path, "deadline = 2010-02-12")
    if not isinstance(canonical, list) or not canonical or not all(isinstance(name, str) for name in canonical):
        raise _lacking(path, 'canonical = ["plan.xlsx"]')
    lists = {key: told.get(key, list(known)) for key, known in (("countries", ()), ("english", ENGLISH))}
    for key, names in lists.items():
        if not isinstance(names, list):
            raise _lacking(path, f'{key} = ["BLZ", "CAN"]')
    contact = told.get("contact", "")
    if not isinstance(contact, str):
        raise _lacking(path, 'contact = "ST, st@example.org"')
    mail = told.get("mail", {})
    if not isinstance(mail, dict) or not all(isinstance(address, str) for address in mail.values()):
        raise _lacking(path, '[mail]\nCRI = "enlace@example.org"')
    if bad := next((address for address in mail.values() if "@" not in address), None):
        text = B("{path}: «{found}» no es una dirección de correo.", "{path}: “{found}” is no mail address.")
        raise UsageError(text.format(path=path, found=bad))
    codes, english = (tuple(country_code(str(name)) for name in names) for names in lists.values())
    addresses = {country_code(name): address.strip() for name, address in mail.items()}
    books = tuple(root / name for name in canonical)
    return Desk(root, cycle.strip(), deadline, books, codes, contact, addresses, english)


def _text(data: bytes) -> str:
    """A text file as an editor saved it: UTF-8, Notepad's "Unicode", or the code page of Western Windows."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return None


def _lacking(path: Path, example: str) -> UsageError:
    text = B(
        "En {path} falta una línea como esta, o está escrita de otra manera: {example}",
        "In {path} a line like this is missing, or written otherwise: {example}",
    )
    return UsageError(text.format(path=path, example=example))


_ABOUT = B(
    "El ciclo de esta carpeta. Lo que sigue a # explica y no cuenta.",
    "The cycle of this folder. What follows # explains and does not count.",
)
_EXPLAINED: Mapping[str, Bilingual] = {
    "cycle": B(
        "El nombre del ciclo, como lo verán los países.", "The name of the cycle, as the countries will see it."
    ),
    "deadline": B("El último día para enviar (AAAA-MM-DD).", "The last day to send (YYYY-MM-DD)."),
    "canonical": B(
        "Los libros con que empieza el ciclo, en esta carpeta.",
        "The workbooks that the cycle begins with, in this folder.",
    ),
    "contact": B(
        "A quién se devuelve la plantilla: oficina y correo.", "To whom the template is sent back: office and address."
    ),
    "countries": B(
        "Los países a los que se emite; sin ninguno, los once.",
        "The countries that it is issued to; none means all eleven.",
    ),
    "english": B(
        "Los países a los que se escribe en inglés; a los demás, en español.",
        "The countries that are written to in English; the others are in Spanish.",
    ),
    "mail": B(
        'A qué dirección se escribe a cada país, una línea cada uno: CRI = "enlace@example.org"',
        'To which address each country is written, a line each: CRI = "liaison@example.org"',
    ),
}
"""What each line of `crmxl.toml` means."""


def init(
    root: Path,
    cycle: str,
    deadline: dt.date,
    canonical: Sequence[Path],
    countries: Sequence[str] = (),
    contact: str = "",
    earlier: Desk | None = None,
    english: Sequence[str] | None = None,
) -> Desk:
    """Make a cycle's folder: its `crmxl.toml`, its folders, and copies of the canonical workbooks that are elsewhere;
    addresses and the wording of letters as the `earlier` cycle has them. `english` are the countries that are written
    to in English, those of `ENGLISH` if it is not given.

    A UsageError if there is one already, or if the workbooks cannot be used.
    """
    if (root / CONFIG).exists():
        text = B("{path} ya es la carpeta de un ciclo.", "{path} is the folder of a cycle already.")
        raise UsageError(text.format(path=root))
    work.open_canonical(canonical)
    copies = {root / path.name: path.read_bytes() for path in canonical if path.resolve().parent != root.resolve()}
    taken = [path for path, data in copies.items() if path.exists() and path.read_bytes() != data]
    if taken:
        text = B("{path} ya existe y es otro libro.", "{path} exists already and is another workbook.")
        raise UsageError(text.format(path=taken[0]))
    codes = tuple(country_code(name) for name in countries)
    spoken_to = ENGLISH if english is None else tuple(country_code(name) for name in english)
    names = tuple(Path(path.name) for path in canonical)
    made = Desk(root, cycle, deadline, names, codes, contact, earlier.mail if earlier else {}, spoken_to)
    letters = {root / LETTERS / name: _wording(name, text, earlier) for name, text in as_come().items()}
    letters = {path: text for path, text in letters.items() if not path.exists()}
    try:
        for name in FOLDERS:
            (root / name).mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        text = B(
            "No se pudo hacer la carpeta {path}: hay un archivo con ese nombre, o falta permiso.",
            "The folder {path} could not be made: a file has that name, or a permission is missing.",
        )
        raise UsageError(text.format(path=root)) from fault
    write_whole({**copies, **letters, root / CONFIG: _in_toml(made).encode()})
    return read_desk(root)


def _in_toml(desk: Desk) -> str:
    """What `crmxl.toml` says of a folder, each line explained."""
    told = {
        "cycle": f"cycle = {_quoted(desk.cycle)}",
        "deadline": f"deadline = {desk.deadline.isoformat()}",
        "canonical": f"canonical = [{', '.join(_quoted(path.name) for path in desk.canonical)}]",
        "contact": f"contact = {_quoted(desk.contact)}",
        "countries": f"countries = [{', '.join(map(_quoted, desk.countries))}]",
        "english": f"english = [{', '.join(map(_quoted, desk.english))}]",
        "mail": "\n".join(("[mail]", *(f"{code} = {_quoted(to)}" for code, to in desk.mail.items()))),
    }
    said = [f"# {_ABOUT.es}\n# {_ABOUT.en}\n"]
    said += [f"# {text.es}\n# {text.en}\n{told[key]}\n" for key, text in _EXPLAINED.items()]
    return "\n".join(said)


def _wording(name: str, text: bytes, earlier: Desk | None) -> bytes:
    """The wording of a letter as the earlier cycle has it, else as it comes."""
    own = earlier.folder(LETTERS) / name if earlier else None
    return own.read_bytes() if own and own.is_file() else text


def _quoted(text: str) -> str:
    """A text as TOML has it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def suggested_cycle(today: dt.date, earlier: Desk | None = None) -> str:
    """A name for the next cycle: its year, and which half of it; the half after, where the earlier cycle bears it."""
    year, half = today.year, 1 if today.month <= HALF else 2
    if earlier and work.slug(earlier.cycle) == f"{year}-{half}":
        year, half = (year, 2) if half == 1 else (year + 1, 1)
    return f"{year}-{half}"
