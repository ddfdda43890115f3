"""The template that a country fills in: one workbook a country, prefilled with what is known.

What a country fills in is unlocked and coloured; the rest is locked, without a password. Long lists, and all others,
stand on the hidden sheet with the stamp. `Antes de enviar` tells, by formulas alone, what is still missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from crmxl import members
from crmxl.anchors import crossing
from crmxl.around import BEFORE_SENDING, CORRECTIONS, INSTRUCTIONS
from crmxl.assembling import LEFT, NOT_PLACED, Assembly
from crmxl.dates import understand
from crmxl.definition import Column, Kind, Owner, Record
from crmxl.findings import letters
from crmxl.issued import STAMP_SHEET, Stamp
from crmxl.reading import OURS
from crmxl.review import Review
from crmxl.tables import Stray, shown
from crmxl.text import B, Bilingual, Lang, unique
from crmxl.values import Calendar, as_text
from crmxl.writing import styles
from crmxl.writing.checklist import Progress, write_before_sending
from crmxl.writing.corrections import write_corrections
from crmxl.writing.data import REPEATING
from crmxl.writing.draft import Draft, Lists, rule, write_answer
from crmxl.writing.instructions import untranslated, write_instructions
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


_SEVERAL = B("Plan de trabajo y matrices de legislación", "Work plan and legislation matrices")
_REGISTERS = B("Registros de la red", "Registers of the network")
"""The titles of a workbook with several tables to fill in."""


def write_template(
    kinds: Sequence[Kind],
    rows: Mapping[str, Sequence[Record]],
    stamp: Stamp,
    blank_rows: int = 0,
    review: Review | None = None,
    left: Sequence[Stray] = (),
    last: Bilingual | None = None,
) -> bytes:
    """The workbook for one country; `rows` by kind. Without a country it is a blank, with `blank_rows` open rows. With
    a `review` it is the copy that goes back: a first sheet lists what is to be corrected, and the cells are marked.
    What is `left` of the parts that it was made of stands on a last sheet; `last` says what was received last.
    """
    lang = stamp.lang
    name = members.BY_CODE[stamp.country].name[lang] if stamp.country in members.BY_CODE else ""
    deadline = dt.date.fromisoformat(stamp.deadline) if stamp.deadline else None
    returned = [kind for kind in kinds if kind.returns] or list(kinds)
    title = _title(returned)[lang]
    workbook = Workbook(
        f"{title} {name}".strip(), B("Secretaría Técnica", "Technical Secretariat")[lang], deadline, lang
    )
    listed = review if review and (review.findings or not review.assembled) else None
    corrections = workbook.sheet(CORRECTIONS[lang], "#C00000") if listed else None
    instructions = workbook.sheet(INSTRUCTIONS[lang], styles.NAVY)
    tables = {kind.key: workbook.sheet(kind.sheet[lang], "#FFC000" if kind.returns else None) for kind in kinds}
    before = workbook.sheet(BEFORE_SENDING[lang], "#548235")
    hidden = workbook.sheet(STAMP_SHEET)
    draft = Draft(workbook, Lists(hidden), lang, stamp, review, last, _answered(kinds, review.base if review else rows))
    cells = write_instructions(draft, instructions, kinds, title, name)
    progress = [
        found
        for kind in kinds
        for found in [_write_table(draft, tables[kind.key], kind, rows.get(kind.key, ()), blank_rows)]
        if kind.returns
    ]
    write_before_sending(
        before,
        progress,
        cells,
        lang,
        review.submission.type if review and review.submission.envelope.get("type") else None,
        reviewed=listed is not None,
    )
    _write_stamp(hidden, stamp)
    if left:
        _write_left(workbook, left, lang)
    if corrections and review:
        write_corrections(corrections, review, draft.placed, name)
    (corrections or instructions).raw.activate()
    return workbook.finish()


def _title(returned: Sequence[Kind]) -> Bilingual:
    """What a workbook is, by the tables to fill in."""
    if len(returned) == 1:
        return returned[0].title or returned[0].sheet
    return _SEVERAL if any(kind.board and kind.board.legal for kind in returned) else _REGISTERS


def _answered(kinds: Sequence[Kind], rows: Mapping[str, Sequence[Record]]) -> bool:
    """Whether the rows hold answers of the country."""
    own = {(kind.key, column.key) for kind in kinds for column in kind.owned_by(Owner.COUNTRY)}
    return any((name, key) in own for name, told in rows.items() for record in told for key in record.values)


def _write_stamp(hidden: Sheet, stamp: Stamp) -> None:
    for row, (label, text) in enumerate(stamp.rows()):
        hidden.across(row, 0, (label, text), styles.PLAIN)
    hidden.raw.protect()
    hidden.raw.hide()


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
    author = B("Secretaría Técnica", "Technical Secretariat")[review.lang]
    workbook = Workbook(CORRECTIONS[review.lang], author, lang=review.lang)
    country = members.BY_CODE.get(review.submission.country or "")
    sheet = workbook.sheet(CORRECTIONS[review.lang], "#C00000")
    write_corrections(sheet, review, {}, country.name[review.lang] if country else "")
    return workbook.finish()


def _write_table(draft: Draft, sheet: Sheet, kind: Kind, records: Sequence[Record], blank_rows: int) -> Progress:
    """One fillable table: bands, help, header, rows, and open rows for what a country proposes."""
    lang = draft.lang
    columns = _columns(kind, records)
    sheet.text(0, 0, (kind.title or kind.sheet)[lang], styles.TITLE)
    if kind.spoken and kind.spoken != lang:
        sheet.text(1, 0, untranslated(kind)[lang], styles.SMALL)
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
            write_answer(
                draft,
                sheet,
                (row, position),
                (kind.key, record.key[0], column.key),
                column,
                value,
                _style(column, record, before, kind.returns and draft.is_earlier(kind, record, column)),
            )
        before = record
    count = (blank_rows or kind.open_rows) if kind.returns else blank_rows
    if draft.review:
        count = max([count, *(int(row[1:]) for name, row in draft.review.opened if name == kind.key)])
    count = 0 if kind.seed else count
    opened = first + len(records)
    for number in range(count):
        for position, column in enumerate(columns):
            _write_open_cell(draft, sheet, (opened + number, position), column, kind, number)
    _write_rules(draft, sheet, columns, first, len(records), count, records)
    _write_anchors(draft, sheet, kind, columns, [record.key[0] for record in records], count)
    sheet.raw.freeze_panes(first, _frozen(kind, columns, lang))
    if records:
        sheet.raw.autofilter(HEADER_ROW, 0, first + len(records) + count - 1, len(columns))  # with the hidden numbers
    allowed = ("format_columns", "format_rows", "autofilter", "select_locked_cells")
    sheet.raw.protect("", dict.fromkeys(allowed, True))
    sheet.print_setup(HEADER_ROW, title=((kind.title or kind.sheet)[lang], HEADER_ROW - 2))
    required = [(c, i) for i, c in enumerate(columns) if c.owner is Owner.COUNTRY and c.required]
    return Progress(kind, sheet.name, first, records, required, _tentative(kind, columns, lang))


def _tentative(kind: Kind, columns: Sequence[Column], lang: Lang) -> tuple[int, tuple[str, str], str] | None:
    """Where a template says that an answer is still to be confirmed."""
    named = kind.board.tentative if kind.board else None
    place = next((i for i, column in enumerate(columns) if named and column.key == named[0]), None)
    if named is None or place is None:
        return None
    return place, named, shown(named[1], columns[place], lang)


def _write_anchors(
    draft: Draft, sheet: Sheet, kind: Kind, columns: Sequence[Column], keys: Sequence[str], opened: int
) -> None:
    """What a returned sheet is recognised by when its name, its headings or its numbers are changed: a hidden row with
    the keys of the columns, a hidden column with those of the rows, and a name that the workbook gives to the table."""
    across = len(columns)
    for position, column in enumerate(columns):
        sheet.text(KEY_ROW, position, column.key, styles.SMALL)
    sheet.text(KEY_ROW, across, crossing(kind.key, draft.stamp.issue), styles.SMALL)
    rows = [*keys, *(f"N{number + 1}" if kind.returns else "" for number in range(opened))]
    for row, key in enumerate(rows, start=HEADER_ROW + 1):
        if key:
            sheet.text(row, across, key, styles.SMALL)
    sheet.raw.set_row(KEY_ROW, None, None, {"hidden": True})
    sheet.raw.set_column(across, across, 12, None, {"hidden": True})
    area = f"${letters(0)}${HEADER_ROW + 1}:${letters(across)}${HEADER_ROW + 1 + len(rows)}"
    draft.workbook.name(f"{OURS}{kind.key}", sheet.name, area)


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
        if column.owner is owner:
            sheet.blank(HEADER_ROW - 2, position, style)  # so that the label beside it may be longer than its cell
        else:
            sheet.text(HEADER_ROW - 2, position, label[lang], style)
        owner = column.owner
        sheet.text(HEADER_ROW - 1, position, column.advice[lang] if column.advice else "", styles.HELP)
        sheet.text(HEADER_ROW, position, column.title[lang], styles.HEADER)


def _style(column: Column, record: Record, before: Record | None, answered: bool) -> Style:
    """How a cell looks; with `answered`, what a country has answered before is shown as such."""
    repeated = (
        column.key in REPEATING
        and before is not None
        and before.values.get(column.key) == record.values.get(column.key)
    )
    base = _OWNER_STYLE[column.owner]
    if column.owner is Owner.COUNTRY and answered:
        return {**base, **styles.EARLIER}
    if column.owner is Owner.SHARED and isinstance(column.type, Calendar) and _is_open(record, column):
        return {**base, **styles.OPEN}
    return {**base, "font_color": styles.GREY, "font_size": 8} if repeated else base


def _is_open(record: Record, column: Column) -> bool:
    """Whether a calendar is still to be defined, or pending: there is room for a proposal."""
    value = record.values.get(column.key)
    return isinstance(value, str | dt.date) and understand(value).kind in ("undefined", "pending")


def _write_open_cell(draft: Draft, sheet: Sheet, at: tuple[int, int], column: Column, kind: Kind, number: int) -> None:
    """A cell of a row for a new item: its number is fixed, shared columns are open, answers come later."""
    name = f"N{number + 1}"
    own = draft.review.opened.get((kind.key, name), {}) if draft.review else {}
    if column.key == kind.id and kind.returns:
        sheet.text(*at, name, styles.FIXED)
        return
    open_ = column.owner is Owner.SHARED or not kind.returns
    look = styles.PROPOSABLE if open_ else styles.FIXED
    write_answer(draft, sheet, at, (kind.key, name, column.key), column, own.get(column.key), look)


def _write_rules(
    draft: Draft,
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
        made = rule(draft, column)
        if count:
            sheet.rule((first, position), (first + count - 1, position), made)
        if opened and column.owner is Owner.SHARED:
            known = unique(as_text(r.values.get(column.key)) for r in records) if column.key in REPEATING else ()
            if known:
                made = {**made, "validate": "list", "source": draft.lists.range(known), "show_error": False}
            sheet.rule((first + count, position), (first + count + opened - 1, position), made)
