"""Make `workbooks/ejemplo-2010/`: the returns of nine members to the templates of cycle 2010-1, as they would arrive.

They are EXAMPLES, and each says so: nothing in them was said by any government. They are made by filling issued
templates with openpyxl, as a program that is not ours; some are saved again by LibreOffice, which must be on the PATH,
as .xlsx, .ods and .xls.

    python workbooks/fuentes/ejemplo_2010.py
"""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment

from crmxl.cycle import issue
from crmxl.definition import Kind, Record
from crmxl.demo import CANONICAL, CYCLE, DEADLINE, EXAMPLES
from crmxl.envelope import ENVELOPE
from crmxl.issued import read_issued
from crmxl.kinds import BY_KEY, KINDS
from crmxl.members import BY_CODE
from crmxl.reading import read_book
from crmxl.text import B, Lang, fold

HERE = Path(__file__).parent
TARGET = HERE.parent / EXAMPLES
MARK = "EJEMPLO"

Fill = Mapping[str, Mapping[str, Any]]
"""What is written: by row number, then by column key."""


@dataclass(frozen=True)
class Return:
    """One file of the example: whose, under which name, what its Envío says, what was filled in."""

    country: str
    name: str
    envelope: Mapping[str, Any]
    fill: Fill = field(default_factory=dict)
    every: Mapping[str, Any] = field(default_factory=dict)
    """What is written in every row of the plan."""
    laws: int = 0
    """Of how many questions out of twelve, in both matrices, the return answers."""
    comment: tuple[str, str] | None = None
    extra_column: tuple[str, Mapping[str, str]] | None = None
    extra_sheet: tuple[str, list[list[str]]] | None = None
    resave: str = ""
    """The format in which LibreOffice saves it again."""


def envelope(kind: str, number: int = 1, restriction: str = "sólo la red") -> dict[str, Any]:
    return {
        "institution": f"{MARK}: institución ficticia",
        "office": f"{MARK}: cargo ficticio",
        "number": number,
        "type": kind,
        "restriction": restriction,
    }


def _progress(state: str, text: str, **more: Any) -> dict[str, Any]:
    return {"state": state, "progress": f"{MARK}: {text}", **more}


_ANSWERS = {
    "es": ("Sí", "Sí", "Parcial", "No", "Sí", "Por definir", "Parcial", "Sin información", "Sí", "No aplica", "No"),
    "en": ("Yes", "Partial", "Yes", "No", "Yes", "No information", "Sí", "No", "Yes", "To be defined", "Partial"),
}
"""Made-up answers, dealt out in turn; choices are understood in both languages."""


def _laws(item: Return, known: Sequence[Record], lang: Lang) -> Fill:
    """Made-up answers to the questions of a matrix on which nothing is known yet."""
    filled: dict[str, dict[str, Any]] = {}
    start = sum(map(ord, item.country))
    for place, record in enumerate(known):
        if "answer" in record.values or (start + 5 * place) % 12 >= item.laws:
            continue
        asks = record.values["penalty"] == "yes"
        answer = _ANSWERS[lang][0 if asks else (start + 3 * place + place // 7) % 11]
        row: dict[str, Any] = {
            "answer": answer,
            "remarks": f"{MARK}: " + B("respuesta ficticia", "made-up answer")[lang],
        }
        if answer in ("Sí", "Yes", "Parcial", "Partial"):
            name = B("norma ficticia", "fictitious law")[lang]
            row |= {"norm": f"{MARK}: {name}", "article": str(1 + (start + place) % 90), "norm_state": "vigente"}
            if asks:
                row |= {"min_penalty": 2 + (start + place) % 6, "max_penalty": 9 + (start + place) % 9}
        if place % 3:
            row["consulted"] = B("enero de 2010", "January 2010")[lang]
        filled[record.key[0]] = row
    return filled


RETURNS: tuple[Return, ...] = (
    Return(
        "CRI",
        "Plan de Trabajo CRI FINAL (2).xlsx",
        envelope("completo"),
        {
            "1.1": _progress("Cumplida", "informe presentado en la última reunión.", date="diciembre de 2009"),
            "4.5": _progress("En proceso", "resumen semestral en preparación.", date=dt.date(2010, 5, 14)),
            "4.6": _progress("Cumplida", "punto focal nombrado.", institution=f"{MARK}: oficina de migración"),
            "6.4": _progress("En proceso", "artículos enviados a la ST.", evidence="https://example.org/cri/matriz"),
            "9.3": {"calendar": "Mayo de 2010", **_progress("En proceso", "se propone fecha para designar el enlace.")},
            "13.1": _progress("Cumplida", "cifra del segundo semestre de 2009 enviada."),
        },
        every={"state": "Sin iniciar"},
        laws=12,
    ),
    Return(
        "SLV",
        "SLV plan de trabajo.xlsx",
        envelope("parcial", 1),
        {
            "2.2": _progress("En proceso", "agenda del taller en consulta.", date="febrero de 2010"),
            "9.5": _progress("En proceso", "borrador de lineamientos."),
            "6.6": _progress("Sin iniciar", "por coordinar."),
        },
    ),
    Return(
        "SLV",
        "SLV plan de trabajo (corregido).xlsx",
        envelope("parcial", 2),
        {
            "2.2": {
                "calendar": "Agosto de 2010",
                **_progress("En proceso", "el taller se traslada; ver nueva fecha.", date="agosto de 2010"),
            },
            "9.5": _progress("En proceso", "borrador de lineamientos, segunda versión."),
            "6.6": _progress("En proceso", "primera reunión realizada."),
        },
        laws=6,
    ),
    Return(
        "GTM",
        "Guatemala_matriz_avance_2010.xlsx",
        envelope("parcial"),
        {
            "1.2": _progress("Cumplida", "programas difundidos.", date="10 de febrero de 2010"),
            "3.1": _progress("En proceso", "protocolo en revisión."),
            "8.1": _progress("Sin iniciar", "a la espera de la sede."),
            "12.5": _progress("Cumplida", "especímenes entregados.", remarks=f"{MARK}: sin observaciones"),
            "TIP-9.5": {"answer": "Sí", "remarks": f"{MARK}: falta citar la norma"},
        },
        laws=5,
        resave="xlsx",
    ),
    Return(
        "HND",
        "HND.xlsx",
        envelope("parcial", restriction="sólo la ST"),
        {
            "1.1": _progress("Hecho", "informe enviado."),
            "4.3": _progress("En proceso", "campaña en diseño.", date="31 de febrero de 2010"),
            "9.3": _progress("Cumplida", "enlace designado.", date=dt.date(2010, 1, 20)),
            "10.1": _progress("Suspendida", "sin fondos."),
            "SOM-6.1.b.1": {"answer": "Sí", "norm": f"{MARK}: norma ficticia", "min_penalty": dt.date(2010, 12, 8)},
            "SOM-6.1.b.2": {
                "answer": "Sí",
                "norm": f"{MARK}: norma ficticia",
                "min_penalty": 12,
                "max_penalty": 8,
                "remarks": f"{MARK}: cifras cambiadas de lugar",
            },
        },
        laws=4,
    ),
    Return(
        "MEX",
        "Envío México.ods",
        envelope("parcial"),
        {
            "6.3": {"calendar": "Segundo semestre de 2010", **_progress("En proceso", "propuesta de indicadores.")},
            "6.5": _progress("En proceso", "fichas del directorio.", evidence="https://example.org/mex/directorio"),
            "9.3": {"calendar": "Junio de 2010", **_progress("Sin iniciar", "en consulta interna.")},
            "12.2": _progress("En proceso", "taller conjunto en preparación.", date="I Semestre 2010"),
        },
        laws=9,
        resave="ods",
    ),
    Return("PAN", "Panamá sin novedades.xlsx", envelope("sin novedades")),
    Return(
        "DOM",
        "Rep. Dominicana - plan (1).xls",
        envelope("parcial"),
        {
            "2.1": _progress("En proceso", "seguimiento legislativo."),
            "9.1": _progress("En proceso", "buenas prácticas recopiladas."),
            "N1": {
                "objective": "Facilitar el intercambio de información  para el combate al tráfico ilícito "
                "de migrantes y trata de personas en el contexto de seguridad regional",
                "activity": f"{MARK}: Realizar una reunión virtual anual de puntos focales.",
                "responsible": "Países miembros",
                "calendar": "Por definir",
            },
        },
        comment=("2.1", f"{MARK}: pendiente de confirmar con el Congreso."),
        extra_column=("Presupuesto", {"2.1": f"{MARK}: sin costo", "9.1": f"{MARK}: por estimar"}),
        extra_sheet=("Notas internas", [[f"{MARK}: contactos por actualizar"], [f"{MARK}: ver anexo"]]),
        laws=8,
        resave="xls",
    ),
    Return(
        "USA",
        "USA return.xlsx",
        envelope("partial", restriction="network only"),
        {
            "1.1": _progress("Done", "report presented at the last meeting.", date="December 2009"),
            "12.2": _progress("In progress", "joint workshop planned.", date="May 2010"),
        },
        laws=10,
    ),
    Return(
        "CAN",
        "Canada - CRM work plan.xlsx",
        envelope("partial", restriction="free"),
        {
            "12.2": _progress("In progress", "joint workshop planned.", date="May 2010"),
            "12.4": _progress("Done", "bulletins shared."),
            "TIP-5.1.a": {"norm_state": "in force", "consulted": "January 2010", "remarks": f"{MARK}: confirmed"},
        },
        laws=7,
    ),
)


@dataclass(frozen=True)
class Table:
    """Where a table stands in a template: row by number, column by key, the header row."""

    sheet: Any
    rows: dict[str, int]
    columns: dict[str, int]
    header: int


def find(book: Any, kind: Kind) -> Table:
    sheet = next(book[name] for name in kind.sheet.both() if name in book.sheetnames)
    for row in range(1, 20):
        heads = {fold(str(cell.value)): cell.column for cell in sheet[row] if cell.value}
        columns = {c.key: heads[n] for c in kind.template_table.columns for n in c.names() if n in heads}
        if "id" in columns and len(columns) > 5:
            rows = {str(sheet.cell(r, columns["id"]).value): r for r in range(row + 1, sheet.max_row + 1)}
            return Table(sheet, rows, columns, row)
    raise LookupError("no header row")


def write(table: Table, rows: Fill) -> None:
    for number, values in rows.items():
        for key, value in values.items() if number in table.rows else ():
            table.sheet.cell(table.rows[number], table.columns[key]).value = value


def fill(template: Path, target: Path, item: Return) -> None:
    """Fill one issued template as its country would."""
    book = openpyxl.load_workbook(template)
    lang = BY_CODE[item.country].lang
    known = next(iter(read_issued([read_book(template)], KINDS).values())).base
    for kind in (kind for kind in KINDS if kind.returns and kind.key in known):
        table = find(book, kind)
        if kind.seed:
            write(table, _laws(item, tuple(known[kind.key].values()), lang))
        else:
            write(table, {n: item.every for n in table.rows if item.every and n != "None" and not n.startswith("N")})
        write(table, item.fill)
    plan = find(book, BY_KEY["plan"])
    if item.comment:
        plan.sheet.cell(plan.rows[item.comment[0]], plan.columns["state"]).comment = Comment(item.comment[1], "DOM")
    if item.extra_column:
        last = max(plan.columns.values()) + 2  # behind the hidden column
        plan.sheet.cell(plan.header, last).value = item.extra_column[0]
        for number, text in item.extra_column[1].items():
            plan.sheet.cell(plan.rows[number], last).value = text
    if item.extra_sheet:
        extra: Any = book.create_sheet(item.extra_sheet[0])
        for line in item.extra_sheet[1]:
            extra.append(line)
    fill_envelope(book.worksheets[0], item.envelope)
    book.save(target)


def fill_envelope(sheet: Any, envelope: Mapping[str, Any]) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            column = next((c for c in ENVELOPE if fold(str(cell.value)) in c.names()), None)
            if column and column.key in envelope:
                sheet.cell(cell.row, cell.column + 1).value = envelope[column.key]


FILTERS = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "ods": "ods", "xls": "xls:MS Excel 97"}


def resave(path: Path, target: Path) -> None:
    """Open a workbook with LibreOffice and save it in the format of the target, as a country that uses it would."""
    program = shutil.which("soffice")
    if program is None:
        raise SystemExit("LibreOffice (soffice) is needed to save some of the examples again")
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to"]
        suffix = target.suffix.removeprefix(".")
        subprocess.run([*command, FILTERS[suffix], "--outdir", f"{folder}/out", str(path)], check=True)  # noqa: S603
        shutil.copyfile(Path(folder) / "out" / f"{path.stem}.{suffix}", target)


def make() -> Iterator[Path]:
    """Write all returns anew."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir()
    with tempfile.TemporaryDirectory() as folder:
        canonical = [HERE.parent / name for name in CANONICAL]
        templates = {path.stem: path for path in issue(canonical, CYCLE, DEADLINE, Path(folder))}
        for item in RETURNS:
            target = TARGET / item.name
            filled = Path(folder) / "filled.xlsx" if item.resave else target
            fill(templates[item.country], filled, item)
            if item.resave:
                resave(filled, target)
            yield target


if __name__ == "__main__":
    for made in make():
        print(made.name)
