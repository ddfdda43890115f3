"""The first sheet of a review copy: what is to be corrected, in reading order, each with a link to its cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from crmxl.around import CORRECTIONS, EXPLANATION
from crmxl.findings import Finding, address, brief, quoted
from crmxl.messages import Severity
from crmxl.review import Review, Spot, coloured, counted, in_place
from crmxl.tables import NOTE_END
from crmxl.text import B, Bilingual, Lang
from crmxl.writing import styles
from crmxl.writing.sheet import Sheet

_WEIGHT: Mapping[Severity, Bilingual] = {
    "error": B("Necesaria", "Needed"),
    "warning": B("Sugerencia", "Suggestion"),
    "note": B("Para saber", "For information"),
}
_EXPLAINED = B("Explicada", "Explained")
_HEADS = (
    B("Nº", "No."),
    B("Corrección", "Correction"),
    B("Hoja", "Sheet"),
    B("Celda", "Cell"),
    B("Columna", "Column"),
    B("Qué pasa", "What is wrong"),
    B("Qué hacer", "What to do"),
    B("Lo que dice", "What it says"),
    B("¿Quiso decir?", "Did you mean?"),
    EXPLANATION,
    B("En su archivo", "In your file"),
)
_WIDTHS = (5, 12, 15, 11, 15, 38, 38, 20, 16, 30, 16)
_OWN, _ELSEWHERE = 9, 10
"""The columns of the country's explanation and of where it stood in its file."""
_HEAD = 5
_NOTHING = B(
    "No hay nada que corregir. Gracias. Guarde esta copia; no hace falta que envíe nada.",
    "There is nothing to correct. Thank you. Keep this copy; you need not send anything.",
)
_STEPS = B(
    "{counts}. Corrija {cells} de las hojas que siguen, o explique en la columna amarilla de esta hoja; guarde el "
    "libro y envíelo de nuevo.",
    "{counts}. Correct {cells} of the sheets that follow, or explain in the yellow column of this sheet; save the "
    "workbook and send it back.",
)
_ADVICE = B(
    "{counts}. Nada le obliga a corregir: si quiere tomarlo en cuenta, cambie lo que se indica, guarde el libro y "
    "envíelo de nuevo; si no, no hace falta que envíe nada.",
    "{counts}. Nothing has to be corrected: if you wish to follow it, change what is said, save the workbook and send "
    "it back; if not, you need not send anything.",
)
_ALONE = B(
    "{counts}. Este libro sólo las enumera: sus respuestas van en la plantilla que se envió a su país.",
    "{counts}. This workbook only lists them: your answers belong into the template that was sent to your country.",
)
_NOT_KEPT = B(
    "Es su plantilla con sus respuestas en su lugar. Los colores, tamaños, gráficos y hojas propias de su archivo no "
    "se conservan aquí; lo que agregó fuera de la plantilla lo guarda la Secretaría Técnica, sin llevarlo a los "
    "cuadros.",
    "It is your template with your answers in their places. The colours, sizes, charts and sheets of your own are not "
    "kept here; what you added outside the template is kept by the Technical Secretariat, and goes into no table.",
)


NOTE_AUTHOR = "crmxl"
"""Who signs the notes of a review copy."""


_PARTS = B(
    "Este libro reúne lo que llenaron varias instituciones. Donde no dicen lo mismo, la celda quedó como se emitió: "
    "escriba en ella lo que vale. Lo que no tiene lugar en la plantilla está en la hoja Apartados.",
    "This workbook puts together what several institutions filled in. Where they do not say the same, the cell stayed "
    "as it was issued: write into it what holds. What has no place in the template is on the sheet Set aside.",
)


def note_on(findings: Sequence[Finding], lang: Lang) -> str:
    """The note on a cell that is to be corrected."""
    advised = groupby(findings, key=lambda finding: finding.advice_to_country(lang))
    told = [" ".join((*(finding.message(lang) for finding in same), advice)) for advice, same in advised]
    return "\n".join([*told, NOTE_END[lang]])


def write_corrections(sheet: Sheet, found: Review, placed: Mapping[Spot, tuple[str, int, int]], country: str) -> None:
    """Fill the sheet Correcciones; `placed` tells where each cell of the template stands in this workbook."""
    lang = found.lang
    sheet.widths(_WIDTHS)
    sheet.text(0, 0, f"{CORRECTIONS[lang]} — {country}" if country else CORRECTIONS[lang], styles.TITLE)
    file = B("Archivo recibido: {name}", "File received: {name}").format(name=found.submission.source.name)
    sheet.text(1, 0, file[lang], styles.SUBTITLE)
    sheet.text(2, 0, _steps(found, alone=not placed)[lang], styles.PLAIN)
    if placed:
        sheet.text(3, 0, (_PARTS if found.assembled else _NOT_KEPT)[lang], styles.SMALL)
    if found.findings:
        _write_list(sheet, found, placed)
    sheet.raw.protect("", {"format_columns": True, "format_rows": True})
    sheet.print_setup(_HEAD if found.findings else None)
    sheet.raw.fit_to_pages(1, 0)


def _steps(found: Review, *, alone: bool) -> Bilingual:
    """What a country is asked to do."""
    if not found.count("error") and not found.count("warning"):
        return _NOTHING
    counts = counted(found)
    if alone:
        return _ALONE.format(counts=counts)
    cells = coloured(found)
    return _STEPS.format(counts=counts, cells=cells) if cells else _ADVICE.format(counts=counts)


def _write_list(sheet: Sheet, found: Review, placed: Mapping[Spot, tuple[str, int, int]]) -> None:
    """The list itself, a row a finding."""
    lang = found.lang
    sheet.across(_HEAD, 0, (head[lang] for head in _HEADS), styles.HEADER)
    looks = {"error": styles.FILL_RED, "warning": styles.FILL_AMBER}
    for number, (finding, spots) in enumerate(zip(found.findings, found.spots, strict=True), start=1):
        row = _HEAD + number
        sheet.value(row, 0, number, styles.CELL)
        ground = looks.get(finding.severity)
        weight = _EXPLAINED if finding.explained else _WEIGHT[finding.severity]
        sheet.text(row, 1, weight[lang], {**styles.CELL, "bg_color": ground} if ground else styles.CELL)
        _write_place(sheet, row, finding, spots, placed, found)
        label = finding.label[lang] if finding.label else ""
        advice = finding.advice_to_country(lang)
        said = (label, finding.message(lang), advice, quoted(finding.found or ""), finding.suggestion or "")
        sheet.across(row, 4, said, styles.CELL)
        sheet.value(row, _OWN, finding.explained or None, styles.OWN)
    sheet.raw.freeze_panes(_HEAD + 1, 0)


def _write_place(
    sheet: Sheet,
    row: int,
    finding: Finding,
    spots: Sequence[Spot],
    placed: Mapping[Spot, tuple[str, int, int]],
    found: Review,
) -> None:
    """Where a finding is: in this workbook with a link, and in the country's file where that is elsewhere."""
    place = finding.place
    part = place.source.name if found.assembled else None
    here = [placed[spot] for spot in spots if spot in placed]
    elsewhere = ", ".join(filter(None, (part, place.sheet, brief(place.cell or ""))))
    if not here:
        page = _page(finding, placed, found)
        sheet.text(row, 2, page or place.sheet or "", styles.CELL)
        sheet.blank(row, 3, styles.CELL)
        if page:
            sheet.internal_link(row, 3, page, "A1", B("ver", "see")[found.lang], styles.LINK)
        named = part or page not in (None, place.sheet)
        told = ", ".join(filter(None, (part, place.sheet if named else "", brief(place.cell or ""))))
        sheet.value(row, _ELSEWHERE, told or None, styles.CELL)
        return
    name, top, across = here[0]
    cell = address(top, across)
    more = f" (+{len(here) - 1})" if len(here) > 1 else ""
    same = not found.assembled and name == place.sheet and in_place(found, spots[0], cell)
    sheet.text(row, 2, name, styles.CELL)
    sheet.internal_link(row, 3, name, cell, cell + more, styles.LINK)
    sheet.value(row, _ELSEWHERE, None if same else elsewhere, styles.CELL)


def _page(finding: Finding, placed: Mapping[Spot, tuple[str, int, int]], found: Review) -> str | None:
    """The sheet of this workbook that a finding is about, where it is about no cell of it: a sheet or a column that was
    not found, or one that has another name in the country's file."""
    pages = {kind: sheet for (kind, _, _), (sheet, _, _) in placed.items()}
    layouts = found.submission.layouts.items()
    known = next((kind for kind, layout in layouts if layout.sheet == finding.place.sheet), None)
    said = {finding.place.sheet}
    for _, value in finding.arguments:
        said |= set(value.both()) if isinstance(value, Bilingual) else {value} if isinstance(value, str) else set()
    return pages.get(known or "") or next((page for page in pages.values() if page in said), None)
