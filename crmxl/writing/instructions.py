"""The first sheet of a template: by when and to whom, what the Secretariat has of the country, how to fill it in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from crmxl.dates import spoken
from crmxl.definition import Column, Kind, Owner
from crmxl.envelope import ENVELOPE, SENDING
from crmxl.findings import letters
from crmxl.review import next_number
from crmxl.text import LANGS, B, Bilingual, Lang, listed, unique
from crmxl.values import Value
from crmxl.writing import styles
from crmxl.writing.draft import Draft, rule, write_answer
from crmxl.writing.sheet import Sheet, Style


def _steps(kinds: Sequence[Kind], answered: bool, lang: Lang) -> Iterator[Bilingual]:
    """How to fill in the workbook: what applies to the tables that it has."""
    returned = [kind for kind in kinds if kind.returns]
    sheets = Bilingual(*(listed((kind.sheet[lang] for kind in returned), lang) for lang in LANGS))
    yield B(
        "Llene las celdas amarillas ({sheets}): es lo que su país informa en cada fila.",
        "Fill in the yellow cells ({sheets}): it is what your country reports in each row.",
    ).format(sheets=sheets)
    yield from unique(kind.how for kind in returned if kind.how)
    if answered:
        yield B(
            "Lo que está en cursiva en las celdas amarillas es lo que ya consta de su país: si cambió, corríjalo; si "
            "sigue igual y no dice «por confirmar», déjelo.",
            "Text in italics in the yellow cells is what is on record for your country: correct it if it has changed; "
            "if it has not and does not say “to be confirmed”, leave it.",
        )
    if any(kind.owned_by(Owner.SHARED) for kind in returned):
        yield B(
            "Las celdas verdes son el texto del plan. Si su país propone un cambio, escríbalo encima: la Secretaría "
            "Técnica reúne las propuestas de todos y ninguna se aplica sin decidirla.",
            "The green cells are the text of the plan. If your country proposes a change, write over it: the Technical "
            "Secretariat gathers the proposals of all, and none is applied without a decision.",
        )
    yield B("Las celdas grises son fijas.", "The grey cells are fixed.")
    for kind in returned:
        if kind.open_rows:
            yield B(
                "Para proponer una actividad nueva, use las filas N1, N2… al final de la hoja {sheet}.",
                "To propose a new activity, use the rows N1, N2… at the end of the sheet {sheet}.",
            ).format(sheet=kind.sheet)
    yield from _LAST_STEPS
    for kind in returned:
        if kind.spoken and kind.spoken != lang:
            yield untranslated(kind)


def untranslated(kind: Kind) -> Bilingual:
    """That the texts of a table are in one language alone."""
    return B(
        "Los textos de la hoja {sheet} están en español, como se adoptaron.",
        "The texts of the sheet {sheet} are in Spanish, as adopted; labels, lists and messages are in English.",
    ).format(sheet=kind.sheet)


_LAST_STEPS: tuple[Bilingual, ...] = (
    B(
        "Una celda en blanco no borra nada. Para borrar una respuesta anterior, escriba (borrar).",
        "A blank cell erases nothing. To erase an earlier answer, write (erase).",
    ),
    B(
        "No escriba datos personales de víctimas, de casos ni de investigaciones abiertas.",
        "Do not write personal data on victims, nor details of cases or open investigations.",
    ),
    B(
        "Llene abajo el bloque Envío. Si nada cambió, elija «sin novedades»: así su país confirma lo que ya consta.",
        "Fill in the block Sending below. If nothing changed, choose “nothing to report”: it confirms what is there.",
    ),
    B(
        "Vea la hoja «Antes de enviar»: cuando diga LISTO, guarde el libro y envíelo por correo a la Secretaría "
        "Técnica, a la dirección de la que vino. El nombre del archivo no importa.",
        "See the sheet “Before sending”: when it says READY, save the workbook and e-mail it to the Technical "
        "Secretariat, to the address that it came from. The name of the file does not matter.",
    ),
)
_HIDDEN_NOTE = B(
    "La hoja oculta «_crmxl» identifica este libro y guarda las listas; una fila y una columna ocultas de cada cuadro "
    "identifican sus celdas. No las borre.",
    "The hidden sheet “_crmxl” identifies this workbook and holds the lists; a hidden row and a hidden column of each "
    "table identify its cells. Do not delete them.",
)
_SENDING = B("Envío", "Sending")


def write_instructions(draft: Draft, sheet: Sheet, kinds: Sequence[Kind], title: str, name: str) -> dict[str, str]:
    """The first sheet; the address of each cell of the block Envío by its key."""
    lang, stamp = draft.lang, draft.stamp
    deadline = dt.date.fromisoformat(stamp.deadline) if stamp.deadline else None
    sheet.widths((3, 30, 34, 60))
    sheet.text(0, 1, f"{title} — {name}" if name else title, styles.TITLE)
    row = 1
    if deadline:
        sending = B("Ciclo {cycle} · envíe a más tardar el {day}", "Cycle {cycle} · send by {day}")
        line = sending.format(cycle=stamp.cycle, day=B(spoken(deadline), spoken(deadline, "en")))
        sheet.text(row, 1, line[lang], styles.SUBTITLE)
        row += 1
    if stamp.contact:
        line = B("Envíelo a: {contact}", "Send it to: {contact}").format(contact=stamp.contact)
        sheet.text(row, 1, line[lang], {**styles.PLAIN, "bold": True})
        row += 1
    if draft.last:
        sheet.text(row, 1, draft.last[lang], styles.PLAIN)
        row += 1
    row += 1
    sheet.text(row, 1, B("Cómo llenar este libro", "How to fill in this workbook")[lang], styles.SUBTITLE)
    for number, step in enumerate(_steps(kinds, draft.answered, lang), start=1):
        row += 1
        sheet.value(row, 0, number, {"align": "right", "valign": "top", "num_format": "0\\."})
        look = draft.workbook.format({"text_wrap": True, "valign": "top"})
        sheet.raw.merge_range(row, 1, row, 3, "", look)
        sheet.text(row, 1, step[lang], {"text_wrap": True, "valign": "top"})
        sheet.height(row, 15 + 13 * (len(step[lang]) // 126))
    row += 2
    sheet.text(row, 1, _SENDING[lang], styles.SUBTITLE)
    cells: dict[str, str] = {}
    for column in ENVELOPE:
        row += 1
        _write_envelope_row(draft, sheet, row, column)
        cells[column.key] = f"'{sheet.name}'!${letters(2)}${row + 1}"
    sheet.text(row + 2, 1, _HIDDEN_NOTE[lang], styles.SMALL)
    sheet.raw.protect("", {"format_columns": True, "format_rows": True})
    sheet.raw.hide_gridlines(2)
    sheet.print_setup(landscape=False)
    return cells


def _write_envelope_row(draft: Draft, sheet: Sheet, row: int, column: Column) -> None:
    lang = draft.lang
    sheet.text(row, 1, column.title[lang], styles.BOLD)
    known: dict[str, Value] = {"country": draft.stamp.country or None, "number": 1}
    sent_values: Mapping[str, Value] = {}
    if draft.review:
        sent = draft.review.submission
        number = sent.number if draft.review.assembled else next_number(sent)
        sent_values = sent.envelope
        known = {**sent_values, **known, "number": number}
    fixed = column.key == "country" and bool(draft.stamp.country)
    style: Style = styles.FIXED if fixed else {**styles.OWN, "align": "left"}
    if column.key == "number":
        style = {**style, "num_format": "0"}
    spot = (SENDING, "", column.key)
    unread = next((f.found for f in draft.told(spot) if f.found and column.key not in sent_values), None)
    write_answer(draft, sheet, (row, 2), spot, column, unread or known.get(column.key), style)
    sheet.text(row, 3, column.advice[lang] if column.advice else "", {**styles.SMALL, "valign": "top"})
    if not fixed:
        sheet.rule((row, 2), (row, 2), rule(draft, column))
