"""Make `workbooks/ejemplo-2010/`: the returns of nine members to the templates of cycle 2010-1, as they would arrive.

They are EXAMPLES, and each says so: nothing in them was said by any government. They are made by filling issued
templates with openpyxl, as a program that is not ours; one is re-saved by LibreOffice, which must be on the PATH.

    python workbooks/fuentes/ejemplo_2010.py
"""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment

from crmxl.cycle import issue
from crmxl.demo import CYCLE, DEADLINE, EXAMPLES, PLAN
from crmxl.envelope import ENVELOPE
from crmxl.kinds import BY_KEY
from crmxl.text import fold

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
    comment: tuple[str, str] | None = None
    extra_column: tuple[str, Mapping[str, str]] | None = None
    extra_sheet: tuple[str, list[list[str]]] | None = None
    resave: bool = False


def _envelope(kind: str, number: int = 1, restriction: str = "sólo la red") -> dict[str, Any]:
    return {
        "institution": f"{MARK}: institución ficticia",
        "office": f"{MARK}: cargo ficticio",
        "number": number,
        "type": kind,
        "restriction": restriction,
    }


def _progress(state: str, text: str, **more: Any) -> dict[str, Any]:
    return {"state": state, "progress": f"{MARK}: {text}", **more}


RETURNS: tuple[Return, ...] = (
    Return(
        "CRI",
        "Plan de Trabajo CRI FINAL (2).xlsx",
        _envelope("completo"),
        {
            "1.1": _progress("Cumplida", "informe presentado en la última reunión.", date="diciembre de 2009"),
            "4.5": _progress("En proceso", "resumen semestral en preparación.", date=dt.date(2010, 5, 14)),
            "4.6": _progress("Cumplida", "punto focal nombrado.", institution=f"{MARK}: oficina de migración"),
            "6.4": _progress("En proceso", "artículos enviados a la ST.", evidence="https://example.org/cri/matriz"),
            "9.3": {"calendar": "Mayo de 2010", **_progress("En proceso", "se propone fecha para designar el enlace.")},
            "13.1": _progress("Cumplida", "cifra del segundo semestre de 2009 enviada."),
        },
        every={"state": "Sin iniciar"},
    ),
    Return(
        "SLV",
        "SLV plan de trabajo.xlsx",
        _envelope("parcial", 1),
        {
            "2.2": _progress("En proceso", "agenda del taller en consulta.", date="febrero de 2010"),
            "9.5": _progress("En proceso", "borrador de lineamientos."),
            "6.6": _progress("Sin iniciar", "por coordinar."),
        },
    ),
    Return(
        "SLV",
        "SLV plan de trabajo (corregido).xlsx",
        _envelope("parcial", 2),
        {
            "2.2": {
                "calendar": "Agosto de 2010",
                **_progress("En proceso", "el taller se traslada; ver nueva fecha.", date="agosto de 2010"),
            },
            "9.5": _progress("En proceso", "borrador de lineamientos, segunda versión."),
            "6.6": _progress("En proceso", "primera reunión realizada."),
        },
    ),
    Return(
        "GTM",
        "Guatemala_matriz_avance_2010.xlsx",
        _envelope("parcial"),
        {
            "1.2": _progress("Cumplida", "programas difundidos.", date="10 de febrero de 2010"),
            "3.1": _progress("En proceso", "protocolo en revisión."),
            "8.1": _progress("Sin iniciar", "a la espera de la sede."),
            "12.5": _progress("Cumplida", "especímenes entregados.", remarks=f"{MARK}: sin observaciones"),
        },
        resave=True,
    ),
    Return(
        "HND",
        "HND.xlsx",
        _envelope("parcial", restriction="sólo la ST"),
        {
            "1.1": _progress("Hecho", "informe enviado."),
            "4.3": _progress("En proceso", "campaña en diseño.", date="31 de febrero de 2010"),
            "9.3": _progress("Cumplida", "enlace designado.", date=dt.date(2010, 1, 20)),
            "10.1": _progress("Suspendida", "sin fondos."),
        },
    ),
    Return(
        "MEX",
        "Envío México.xlsx",
        _envelope("parcial"),
        {
            "6.3": {"calendar": "Segundo semestre de 2010", **_progress("En proceso", "propuesta de indicadores.")},
            "6.5": _progress("En proceso", "fichas del directorio.", evidence="https://example.org/mex/directorio"),
            "9.3": {"calendar": "Junio de 2010", **_progress("Sin iniciar", "en consulta interna.")},
            "12.2": _progress("En proceso", "taller conjunto en preparación.", date="I Semestre 2010"),
        },
    ),
    Return("PAN", "Panamá sin novedades.xlsx", _envelope("sin novedades")),
    Return(
        "DOM",
        "Rep. Dominicana - plan (1).xlsx",
        _envelope("parcial"),
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
    ),
    Return(
        "USA",
        "USA return.xlsx",
        _envelope("partial", restriction="network only"),
        {
            "1.1": _progress("Done", "report presented at the last meeting.", date="December 2009"),
            "12.2": _progress("In progress", "joint workshop planned.", date="May 2010"),
        },
    ),
    Return(
        "CAN",
        "Canada - CRM work plan.xlsx",
        _envelope("partial", restriction="free"),
        {
            "12.2": _progress("In progress", "joint workshop planned.", date="May 2010"),
            "12.4": _progress("Done", "bulletins shared."),
        },
    ),
)


def _rows(sheet: Any) -> tuple[dict[str, int], dict[str, int], int]:
    """Row by number, column by key, and the header row of the sheet Plan."""
    table = BY_KEY["plan"].template_table
    for row in range(1, 20):
        heads = {fold(str(cell.value)): cell.column for cell in sheet[row] if cell.value}
        columns = {c.key: heads[name] for c in table.columns for name in c.names() if name in heads}
        if len(columns) == len(table.columns):
            numbers = {str(sheet.cell(r, columns["id"]).value): r for r in range(row + 1, sheet.max_row + 1)}
            return numbers, columns, row
    raise LookupError("no header row")


def fill(template: Path, target: Path, item: Return) -> None:
    """Fill one issued template as its country would."""
    book = openpyxl.load_workbook(template)
    sheet: Any = book["Plan"]
    rows, columns, header = _rows(sheet)
    for number, row in rows.items():
        values = {**(item.every if not number.startswith("N") else {}), **item.fill.get(number, {})}
        for key, value in values.items():
            sheet.cell(row, columns[key]).value = value
    if item.comment:
        sheet.cell(rows[item.comment[0]], columns["state"]).comment = Comment(item.comment[1], "DOM")
    if item.extra_column:
        last = max(columns.values()) + 1
        sheet.cell(header, last).value = item.extra_column[0]
        for number, text in item.extra_column[1].items():
            sheet.cell(rows[number], last).value = text
    if item.extra_sheet:
        extra: Any = book.create_sheet(item.extra_sheet[0])
        for line in item.extra_sheet[1]:
            extra.append(line)
    _fill_envelope(book.worksheets[0], item.envelope)
    book.save(target)


def _fill_envelope(sheet: Any, envelope: Mapping[str, Any]) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            column = next((c for c in ENVELOPE if fold(str(cell.value)) in c.names()), None)
            if column and column.key in envelope:
                sheet.cell(cell.row, cell.column + 1).value = envelope[column.key]


def resave(path: Path) -> None:
    """Open and save a workbook with LibreOffice, as a country that uses it would."""
    program = shutil.which("soffice")
    if program is None:
        raise SystemExit("LibreOffice (soffice) is needed to re-save one of the examples")
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to"]
        subprocess.run([*command, "xlsx:Calc MS Excel 2007 XML", "--outdir", f"{folder}/out", str(path)], check=True)  # noqa: S603
        shutil.copyfile(Path(folder) / "out" / path.name, path)


def make() -> Iterator[Path]:
    """Write all returns anew."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir()
    with tempfile.TemporaryDirectory() as folder:
        templates = {path.stem: path for path in issue([HERE.parent / PLAN], CYCLE, DEADLINE, Path(folder))}
        for item in RETURNS:
            target = TARGET / item.name
            fill(templates[item.country], target, item)
            if item.resave:
                resave(target)
            yield target


if __name__ == "__main__":
    for made in make():
        print(made.name)
