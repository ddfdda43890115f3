"""The template that a country fills in: one workbook a country, prefilled with what is known.

What a country fills in is unlocked and coloured; the rest is locked, without a password. Long lists, and all others,
stand on the hidden sheet with the stamp. `Antes de enviar` tells, by formulas alone, what is still missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crmxl import members
from crmxl.anchors import crossing
from crmxl.around import BEFORE_SENDING, CORRECTIONS, INSTRUCTIONS
from crmxl.assembling import LEFT, NOT_PLACED, Assembly
from crmxl.dates import spoken, understand
from crmxl.definition import Column, Kind, Owner, Record
from crmxl.envelope import ENVELOPE
from crmxl.findings import Finding, letters
from crmxl.issued import STAMP_SHEET, Stamp
from crmxl.reading import OURS
from crmxl.review import SENDING, Review, Spot, next_number
from crmxl.tables import Stray
from crmxl.text import LANGS, B, Bilingual, Lang, listed, unique
from crmxl.values import Calendar, Value, as_text
from crmxl.writing import styles
from crmxl.writing.checklist import Progress, write_before_sending
from crmxl.writing.corrections import NOTE_AUTHOR, note_on, write_corrections
from crmxl.writing.data import REPEATING, write_cell
from crmxl.writing.sheet import Sheet, Style, Workbook

KEY_ROW = 2
"""The hidden row with the keys of the columns (from 0)."""
HEADER_ROW = 5
"""The header row of a template's tables (from 0): title, a note, the hidden keys, bands and help stand above."""
_OWNER_STYLE: Mapping[Owner, Style] = {
    Owner.ST: styles.FIXED,
    Owner.SHARED: styles.PROPOSABLE,
    Owner.COUNTRY: styles.OWN,
}
_BANDS: Mapping[Owner, tuple[Bilingual, Style]] = {
    Owner.ST: (B("GRIS: fijo", "GREY: fixed"), styles.BAND_FIXED),
    Owner.SHARED: (
        B("VERDE: el plan; puede proponer cambios", "GREEN: the plan; you may propose changes"),
        styles.BAND_PROPOSABLE,
    ),
    Owner.COUNTRY: (B("AMARILLO: lo llena su país", "YELLOW: your country fills this in"), styles.BAND_OWN),
}


@dataclass
class _Lists:
    """The lists of the hidden sheet: the range of each, made once."""

    sheet: Sheet
    ranges: dict[tuple[str, ...], str] = field(default_factory=dict)

    def range(self, labels: Sequence[str]) -> str:
        key = tuple(labels)
        if key not in self.ranges:
            column = 3 + len(self.ranges)
            for row, label in enumerate(key):
                self.sheet.text(row, column, label, styles.PLAIN)
            letter = letters(column)
            self.ranges[key] = f"='{STAMP_SHEET}'!${letter}$1:${letter}${len(key)}"
        return self.ranges[key]


@dataclass(frozen=True)
class _Context:
    workbook: Workbook
    lists: _Lists
    lang: Lang
    stamp: Stamp
    review: Review | None = None
    placed: dict[Spot, tuple[str, int, int]] = field(default_factory=dict)
    """Where each cell of a row stands: its sheet, row and column."""

    def told(self, spot: Spot) -> Sequence[Finding]:
        """What is to be corrected in a cell."""
        told = self.review.marked.get(spot, ()) if self.review else ()
        return [finding for finding in told if finding.severity != "note"]


def write_template(
    kinds: Sequence[Kind],
    rows: Mapping[str, Sequence[Record]],
    stamp: Stamp,
    blank_rows: int = 0,
    review: Review | None = None,
    left: Sequence[Stray] = (),
) -> bytes:
    """The workbook for one country; `rows` by kind. Without a country it is a blank, with `blank_rows` open rows. With
    a `review` it is the copy that goes back: a first sheet lists what is to be corrected, and the cells are marked.
    What is `left` of the parts that it was made of stands on a last sheet.
    """
    lang = stamp.lang
    name = members.BY_CODE[stamp.country].name[lang] if stamp.country in members.BY_CODE else ""
    deadline = dt.date.fromisoformat(stamp.deadline) if stamp.deadline else None
    returned = [kind for kind in kinds if kind.returns] or list(kinds)
    title = ((returned[0].title or returned[0].sheet) if len(returned) == 1 else _SEVERAL)[lang]
    workbook = Workbook(f"{title} {name}".strip(), B("Secretaría Técnica", "Technical Secretariat")[lang], deadline)
    listed = review if review and (review.findings or not review.assembled) else None
    corrections = workbook.sheet(CORRECTIONS[lang], "#C00000") if listed else None
    instructions = workbook.sheet(INSTRUCTIONS[lang], styles.NAVY)
    tables = {kind.key: workbook.sheet(kind.sheet[lang], "#FFC000" if kind.returns else None) for kind in kinds}
    before = workbook.sheet(BEFORE_SENDING[lang], "#548235")
    hidden = workbook.sheet(STAMP_SHEET)
    context = _Context(workbook, _Lists(hidden), lang, stamp, review)
    cells = _write_instructions(context, instructions, kinds, title, name)
    progress = [
        found
        for kind in kinds
        for found in [_write_table(context, tables[kind.key], kind, rows.get(kind.key, ()), blank_rows)]
        if kind.returns
    ]
    write_before_sending(
        before,
        progress,
        cells,
        lang,
        review.submission.type if review and review.submission.envelope.get("type") else None,
    )
    for row, (label, text) in enumerate(stamp.rows()):
        hidden.across(row, 0, (label, text), styles.PLAIN)
    hidden.raw.protect()
    hidden.raw.hide()
    if left:
        _write_left(workbook, left, lang)
    if corrections and review:
        write_corrections(corrections, review, context.placed, name)
    (corrections or instructions).raw.activate()
    return workbook.finish()


def write_assembly(kinds: Sequence[Kind], assembly: Assembly) -> bytes:
    """The one return that parts make."""
    known = [kind for kind in kinds if kind.key in assembly.review.rows]
    return write_template(known, assembly.review.rows, assembly.review.stamp, 0, assembly.review, assembly.left)


def _write_left(workbook: Workbook, left: Sequence[Stray], lang: Lang) -> None:
    """What ministries wrote that has no place in the template."""
    sheet = workbook.sheet(NOT_PLACED[lang])
    sheet.across(0, 0, (head[lang] for head in LEFT), styles.HEADER)
    for row, stray in enumerate(left, start=1):
        label = stray.label if isinstance(stray.label, str) else stray.label[lang]
        place = stray.place
        told = (place.source.name, place.sheet or "", place.cell or "", stray.reason.value[lang], label, stray.value)
        sheet.across(row, 0, told, styles.CELL)
    sheet.widths((26, 16, 10, 24, 24, 60))
    sheet.print_setup(0)


def write_review(kinds: Sequence[Kind], review: Review) -> bytes:
    """The copy of a return that goes back to its country; of a file that was never issued, the list alone."""
    known = [kind for kind in kinds if kind.key in review.rows]
    if known:
        return write_template(known, review.rows, review.stamp, review=review)
    workbook = Workbook(CORRECTIONS[review.lang], B("Secretaría Técnica", "Technical Secretariat")[review.lang])
    country = members.BY_CODE.get(review.submission.country or "")
    sheet = workbook.sheet(CORRECTIONS[review.lang], "#C00000")
    write_corrections(sheet, review, {}, country.name[review.lang] if country else "")
    return workbook.finish()


_SEVERAL = B("Plan de trabajo y matrices de legislación", "Work plan and legislation matrices")
"""The title of a workbook with several tables to fill in."""


def _steps(kinds: Sequence[Kind], lang: Lang) -> Iterator[Bilingual]:
    """How to fill in the workbook: what applies to the tables that it has."""
    returned = [kind for kind in kinds if kind.returns]
    sheets = Bilingual(*(listed((kind.sheet[lang] for kind in returned), lang) for lang in LANGS))
    yield B(
        "Llene las celdas amarillas ({sheets}): es lo que su país informa en cada fila.",
        "Fill in the yellow cells ({sheets}): it is what your country reports in each row.",
    ).format(sheets=sheets)
    yield from unique(kind.how for kind in returned if kind.how)
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
            yield _untranslated(kind)


def _untranslated(kind: Kind) -> Bilingual:
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
        "Do not write personal data of victims or cases, nor of open investigations.",
    ),
    B(
        "Llene abajo el bloque Envío. Si nada cambió, elija «sin novedades»: así su país confirma lo que ya consta.",
        "Fill in the block Sending below. If nothing changed, choose “nothing to report”: it confirms what is there.",
    ),
    B(
        "Vea la hoja «Antes de enviar»: cuando diga LISTO, guarde el libro y envíelo por correo a la Secretaría "
        "Técnica. El nombre del archivo no importa.",
        "See the sheet “Before sending”: when it says READY, save the workbook and mail it to the Technical "
        "Secretariat. The name of the file does not matter.",
    ),
)
_HIDDEN_NOTE = B(
    "La hoja oculta «_crmxl» identifica este libro y guarda las listas; una fila y una columna ocultas de cada cuadro "
    "identifican sus celdas. No las borre.",
    "The hidden sheet “_crmxl” identifies this workbook and holds the lists; a hidden row and a hidden column of each "
    "table identify its cells. Do not delete them.",
)
_SENDING = B("Envío", "Sending")


def _write_instructions(
    context: _Context, sheet: Sheet, kinds: Sequence[Kind], title: str, name: str
) -> dict[str, str]:
    """The first sheet; the address of each cell of the block Envío by its key."""
    lang, stamp = context.lang, context.stamp
    deadline = dt.date.fromisoformat(stamp.deadline) if stamp.deadline else None
    sheet.widths((3, 30, 34, 60))
    sheet.text(0, 1, f"{title} — {name}" if name else title, styles.TITLE)
    if deadline:
        sending = B("Ciclo {cycle} · envíe a más tardar el {day}", "Cycle {cycle} · send by {day}")
        line = sending.format(cycle=stamp.cycle, day=B(spoken(deadline), spoken(deadline, "en")))
        sheet.text(1, 1, line[lang], styles.SUBTITLE)
    row = 3
    sheet.text(row, 1, B("Cómo llenar este libro", "How to fill in this workbook")[lang], styles.SUBTITLE)
    for number, step in enumerate(_steps(kinds, lang), start=1):
        row += 1
        sheet.value(row, 0, number, {"align": "right", "valign": "top", "num_format": "0\\."})
        look = context.workbook.format({"text_wrap": True, "valign": "top"})
        sheet.raw.merge_range(row, 1, row, 3, "", look)
        sheet.text(row, 1, step[lang], {"text_wrap": True, "valign": "top"})
        sheet.height(row, 15 + 13 * (len(step[lang]) // 126))
    row += 2
    sheet.text(row, 1, _SENDING[lang], styles.SUBTITLE)
    cells: dict[str, str] = {}
    for column in ENVELOPE:
        row += 1
        _write_envelope_row(context, sheet, row, column)
        cells[column.key] = f"'{sheet.name}'!${letters(2)}${row + 1}"
    sheet.text(row + 2, 1, _HIDDEN_NOTE[lang], styles.SMALL)
    sheet.raw.protect("", {"format_columns": True, "format_rows": True})
    sheet.raw.hide_gridlines(2)
    sheet.print_setup(landscape=False)
    return cells


def _write_envelope_row(context: _Context, sheet: Sheet, row: int, column: Column) -> None:
    lang = context.lang
    sheet.text(row, 1, column.title[lang], styles.BOLD)
    known: dict[str, Value] = {"country": context.stamp.country or None, "number": 1}
    sent_values: Mapping[str, Value] = {}
    if context.review:
        sent = context.review.submission
        number = sent.number if context.review.assembled else next_number(sent)
        sent_values = sent.envelope
        known = {**sent_values, **known, "number": number}
    fixed = column.key == "country" and bool(context.stamp.country)
    style: Style = styles.FIXED if fixed else {**styles.OWN, "align": "left"}
    if column.key == "number":
        style = {**style, "num_format": "0"}
    spot = (SENDING, "", column.key)
    unread = next((f.found for f in context.told(spot) if f.found and column.key not in sent_values), None)
    _write_answer(context, sheet, (row, 2), spot, column, unread or known.get(column.key), style)
    sheet.text(row, 3, column.advice[lang] if column.advice else "", styles.SMALL)
    if not fixed:
        sheet.rule((row, 2), (row, 2), _rule(context, column))


def _rule(context: _Context, column: Column) -> dict[str, Any]:
    """What Excel enforces in a column, with the message that it shows; the advice of the one declaration."""
    lang = context.lang
    restriction = column.type.restrict()
    advice = column.advice[lang] if column.advice else ""
    rule: dict[str, Any] = {"validate": "any", "input_title": column.title[lang], "input_message": advice}
    if restriction.kind == "list":
        labels = [option[lang] for option in restriction.options]
        wrong = B("Elija una opción de la lista.", "Choose one of the list.")[lang]
        rule |= {"validate": "list", "source": context.lists.range(labels)}
    elif restriction.kind == "length":
        limit = restriction.limit
        wrong = B("El texto pasa de {n} caracteres.", "The text is longer than {n} characters.").format(n=limit)[lang]
        rule |= {"validate": "length", "criteria": "<=", "value": limit}
    else:
        return rule
    return rule | {"error_title": column.title[lang], "error_message": wrong}


def _write_table(context: _Context, sheet: Sheet, kind: Kind, records: Sequence[Record], blank_rows: int) -> Progress:
    """One fillable table: bands, help, header, rows, and open rows for what a country proposes."""
    lang = context.lang
    columns = _columns(kind, records)
    sheet.text(0, 0, (kind.title or kind.sheet)[lang], styles.TITLE)
    if kind.spoken and kind.spoken != lang:
        sheet.text(1, 0, _untranslated(kind)[lang], styles.SMALL)
    _write_bands(sheet, columns, lang)
    sheet.widths(column.width for column in columns)
    if not kind.returns:
        sheet.height(HEADER_ROW - 1, 4)
    sheet.height(HEADER_ROW, 30)
    first = HEADER_ROW + 1
    before: Record | None = None
    for row, record in enumerate(records, start=first):
        for position, column in enumerate(columns):
            value = record.values.get(column.key)
            _write_answer(
                context,
                sheet,
                (row, position),
                (kind.key, record.key[0], column.key),
                column,
                value,
                _style(column, record, before),
            )
        before = record
    count = (blank_rows or kind.open_rows) if kind.returns else blank_rows
    if context.review:
        count = max([count, *(int(row[1:]) for name, row in context.review.opened if name == kind.key)])
    count = 0 if kind.seed else count
    opened = first + len(records)
    for number in range(count):
        for position, column in enumerate(columns):
            _write_open_cell(context, sheet, (opened + number, position), column, kind, number)
    _write_rules(context, sheet, columns, first, len(records), count, records)
    _write_anchors(context, sheet, kind, columns, [record.key[0] for record in records], count)
    sheet.raw.freeze_panes(first, _frozen(kind, columns, lang))
    if records:
        sheet.raw.autofilter(HEADER_ROW, 0, first + len(records) + count - 1, len(columns))  # with the hidden numbers
    allowed = ("format_columns", "format_rows", "autofilter", "select_locked_cells")
    sheet.raw.protect("", dict.fromkeys(allowed, True))
    sheet.print_setup(HEADER_ROW)
    required = [(c, i) for i, c in enumerate(columns) if c.owner is Owner.COUNTRY and c.required]
    return Progress(kind, sheet.name, first, records, required)


def _write_anchors(
    context: _Context, sheet: Sheet, kind: Kind, columns: Sequence[Column], keys: Sequence[str], opened: int
) -> None:
    """What a returned sheet is recognised by when its name, its headings or its numbers are changed: a hidden row with
    the keys of the columns, a hidden column with those of the rows, and a name that the workbook gives to the table."""
    across = len(columns)
    for position, column in enumerate(columns):
        sheet.text(KEY_ROW, position, column.key, styles.SMALL)
    sheet.text(KEY_ROW, across, crossing(kind.key, context.stamp.issue), styles.SMALL)
    rows = [*keys, *(f"N{number + 1}" if kind.returns else "" for number in range(opened))]
    for row, key in enumerate(rows, start=HEADER_ROW + 1):
        if key:
            sheet.text(row, across, key, styles.SMALL)
    sheet.raw.set_row(KEY_ROW, None, None, {"hidden": True})
    sheet.raw.set_column(across, across, 12, None, {"hidden": True})
    area = f"${letters(0)}${HEADER_ROW + 1}:${letters(across)}${HEADER_ROW + 1 + len(rows)}"
    context.workbook.name(f"{OURS}{kind.key}", sheet.name, area)


FROZEN_WIDTH = 60
"""Characters; more columns than that would leave no room to move in."""


def _frozen(kind: Kind, columns: Sequence[Column], lang: Lang) -> int:
    """How many columns stay in sight: to what the row is about if there is room, else to what stands before it."""
    about = (kind.subject, kind.wording(kind.subject or "", lang))
    place = next((i for i, column in enumerate(columns) if column.key in about), -1)
    return place + 1 if sum(column.width for column in columns[: place + 1]) <= FROZEN_WIDTH else place


def _columns(kind: Kind, records: Sequence[Record]) -> list[Column]:
    """The columns that a template shows: of two wordings of a text, those that some row has."""
    optional = kind.template_table.optional
    present = {key for record in records for key in record.values}
    return [c for c in kind.template_table.columns if c.key not in optional or c.key in present]


def _write_bands(sheet: Sheet, columns: Sequence[Column], lang: Lang) -> None:
    owner: Owner | None = None
    for position, column in enumerate(columns):
        label, style = _BANDS[column.owner]
        sheet.text(HEADER_ROW - 2, position, label[lang] if column.owner is not owner else "", style)
        owner = column.owner
        sheet.text(HEADER_ROW - 1, position, column.advice[lang] if column.advice else "", styles.HELP)
        sheet.text(HEADER_ROW, position, column.title[lang], styles.HEADER)


def _style(column: Column, record: Record, before: Record | None) -> Style:
    repeated = (
        column.key in REPEATING
        and before is not None
        and before.values.get(column.key) == record.values.get(column.key)
    )
    base = _OWNER_STYLE[column.owner]
    if column.owner is Owner.SHARED and isinstance(column.type, Calendar) and _is_open(record, column):
        return {**base, **styles.OPEN}
    return {**base, "font_color": "#8C8C8C", "text_wrap": False} if repeated else base


def _is_open(record: Record, column: Column) -> bool:
    """Whether a calendar is still to be defined, or pending: there is room for a proposal."""
    value = record.values.get(column.key)
    return isinstance(value, str | dt.date) and understand(value).kind in ("undefined", "pending")


def _write_open_cell(
    context: _Context, sheet: Sheet, at: tuple[int, int], column: Column, kind: Kind, number: int
) -> None:
    """A cell of a row for a new item: its number is fixed, shared columns are open, answers come later."""
    name = f"N{number + 1}"
    own = context.review.opened.get((kind.key, name), {}) if context.review else {}
    if column.key == kind.id and kind.returns:
        sheet.text(*at, name, styles.FIXED)
        return
    open_ = column.owner is Owner.SHARED or not kind.returns
    look = styles.PROPOSABLE if open_ else styles.FIXED
    _write_answer(context, sheet, at, (kind.key, name, column.key), column, own.get(column.key), look)


def _write_answer(
    context: _Context,
    sheet: Sheet,
    at: tuple[int, int],
    spot: Spot,
    column: Column,
    value: Value,
    look: Style,
) -> None:
    """One cell of a table; in a review copy coloured, with a note, where there is something to correct."""
    row, position = at
    context.placed[spot] = (sheet.name, row, position)
    told = context.told(spot)
    if told:
        wrong = any(finding.severity == "error" for finding in told)
        look = {**look, "bg_color": styles.FILL_RED if wrong else styles.FILL_AMBER}
        sheet.note(row, position, note_on(told, context.lang), NOTE_AUTHOR)
    write_cell(sheet, row, position, column, value, context.lang, look)


def _write_rules(
    context: _Context,
    sheet: Sheet,
    columns: Sequence[Column],
    first: int,
    count: int,
    opened: int,
    records: Sequence[Record],
) -> None:
    for position, column in enumerate(columns):
        if column.owner is Owner.ST:
            continue
        rule = _rule(context, column)
        if count:
            sheet.rule((first, position), (first + count - 1, position), rule)
        if opened and column.owner is Owner.SHARED:
            known = unique(as_text(r.values.get(column.key)) for r in records) if column.key in REPEATING else ()
            if known:
                rule = {**rule, "validate": "list", "source": context.lists.range(known), "show_error": False}
            sheet.rule((first + count, position), (first + count + opened - 1, position), rule)
