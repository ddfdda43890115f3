"""The review of a return: what the country is asked to correct, where that stands in its template, and the reply to it.

A review copy is the template as it was issued, with the country's answers in their places and what is wrong marked in
colour; corrected, it can be sent back like any other return. What a country's own file looked like is not kept.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crmxl import members
from crmxl.around import sending_texts
from crmxl.dates import spoken, understand
from crmxl.definition import Key, Kind, Owner, Record
from crmxl.envelope import SENDING
from crmxl.findings import Finding, brief, cells_of
from crmxl.issued import Stamp, answers_id
from crmxl.messages import Code
from crmxl.placing import is_open_row
from crmxl.reasons import Reason
from crmxl.submission import Submission
from crmxl.tables import shown
from crmxl.text import B, Bilingual, Lang
from crmxl.values import Value, as_text

Spot = tuple[str, str, str]
"""A cell of a template whatever sheet it stands on: kind, number of its row, column."""


@dataclass(frozen=True)
class Review:
    """What goes back to a country, or what its own parts make. `rows` are those of its template with its answers, by
    kind; `opened` what it wrote in open rows; `marked` the cells with findings; `spots` the cells of each finding, in
    the order of the findings."""

    submission: Submission
    stamp: Stamp
    rows: Mapping[str, Sequence[Record]]
    opened: Mapping[tuple[str, str], Mapping[str, Value]] = field(default_factory=dict)
    marked: Mapping[Spot, Sequence[Finding]] = field(default_factory=dict)
    spots: Sequence[Sequence[Spot]] = ()
    assembled: bool = False
    """Whether it is made of parts, and goes on to the Secretariat when it is in order."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What there is to correct or to know, in reading order."""
        return self.submission.findings

    @property
    def lang(self) -> Lang:
        """The language in which the country is written to."""
        return language(self.submission)

    @property
    def base(self) -> Mapping[str, Sequence[Record]]:
        """The rows of the template as they were issued, by kind."""
        return {kind: tuple(rows.values()) for kind, rows in self.submission.base.items()}

    def earlier(self, kind: Kind, key: Key) -> Record | None:
        """A row as it was issued."""
        return self.submission.base.get(kind.key, {}).get(key)

    def count(self, severity: str) -> int:
        """How many findings are of a severity."""
        return sum(finding.severity == severity for finding in self.findings)


def language(submission: Submission) -> Lang:
    """The language of the template that came back; of its country, where that is not known."""
    if submission.stamp and submission.issued:
        return submission.stamp.lang
    if submission.country in members.BY_CODE:
        return members.BY_CODE[submission.country or ""].lang
    return submission.stamp.lang if submission.stamp else "es"


def review(submission: Submission, kinds: Sequence[Kind]) -> Review:
    """The review of a return; only the list of findings without its issued copy, or while it is not known whose it
    is."""
    asked = sorted(submission.findings, key=lambda item: item.severity == "note")  # what asks for nothing comes last
    submission = replace(submission, findings=tuple(asked))
    stamp = submission.stamp if submission.issued and submission.stamp else Stamp(lang=language(submission))
    if not submission.issued or submission.country is None:
        return Review(submission, stamp, {}, spots=[() for _ in submission.findings])
    where = dict(spots_of(submission))
    written = _written(submission, kinds, where)
    rows = {
        kind.key: [
            Record(record.key, {**record.values, **written.get((kind.key, key[0]), {})})
            for key, record in submission.base[kind.key].items()
            if not _is_open(kind, key)
        ]
        for kind in kinds
        if kind.key in submission.base
    }
    opened = {row: values for row, values in written.items() if is_open_row(row[1])}
    envelope, places = submission.envelope, submission.envelope_places
    sending = sending_texts(envelope, places, submission.findings)
    number = (SENDING, "", "number")
    if "number" in envelope or number not in sending:
        sending[number] = as_text(next_number(submission))
    stamp = replace(stamp, reviewed=answers_id({**_texts(kinds, rows, opened, stamp.lang), **sending}))
    where |= {
        (place.sheet or "", place.cell or ""): (SENDING, "", key) for key, place in submission.envelope_places.items()
    }
    spots = [tuple(cells_in(finding, where)) for finding in submission.findings]
    return Review(submission, stamp, rows, opened, mark(submission.findings, spots), spots)


def mark(findings: Iterable[Finding], spots: Iterable[Sequence[Spot]]) -> dict[Spot, list[Finding]]:
    """The cells in which something is to be corrected; of what stays as it was issued, nothing is."""
    marked: dict[Spot, list[Finding]] = {}
    for finding, cells in zip(findings, spots, strict=True):
        for cell in () if finding.code in _AS_ISSUED else cells:
            marked.setdefault(cell, []).append(finding)
    return marked


_AS_ISSUED = frozenset((Code.A101, Code.A102, Code.A103))
"""Changes of cells that are not the country's: in the copy they stand as they were issued."""


def _texts(
    kinds: Sequence[Kind],
    rows: Mapping[str, Sequence[Record]],
    opened: Mapping[tuple[str, str], Mapping[str, Value]],
    lang: Lang,
) -> dict[Spot, str]:
    """The texts of all cells that the country may change, as the copy shows them."""
    found: dict[Spot, str] = {}
    for kind in kinds:
        answered = {(kind.key, record.key[0]): record.values for record in rows.get(kind.key, ())}
        answered |= {row: values for row, values in opened.items() if row[0] == kind.key}
        for (name, number), values in answered.items():
            for column in kind.template_table.columns:
                if column.owner is not Owner.ST and column.key in values:
                    found[name, number, column.key] = shown(values[column.key], column, lang)
    return found


def _is_open(kind: Kind, key: Key) -> bool:
    return kind.open_rows > 0 and is_open_row(key[0])


def _written(
    submission: Submission, kinds: Sequence[Kind], where: Mapping[tuple[str, str], Spot]
) -> dict[tuple[str, str], dict[str, Value]]:
    """What the country wrote, by kind and row; what could not be read stands as it was written."""
    found: dict[tuple[str, str], dict[str, Value]] = {}
    for kind in kinds:
        for record in submission.records.get(kind.key, ()):
            found.setdefault((kind.key, record.key[0]), {}).update(record.values)
    for stray in submission.strays:
        cell = (stray.place.sheet or "", stray.place.cell or "")
        if stray.reason is Reason.UNREADABLE and cell in where and not _is_fault(stray.value):
            name, number, column = where[cell]
            found.setdefault((name, number), {})[column] = stray.value
    return found


def _is_fault(text: str) -> bool:
    """Whether a text is a formula or an error of calculation: written as a text it would look like an answer."""
    return text.startswith("=") or _FAULT.fullmatch(text) is not None


_FAULT = re.compile(r"#(?:REF!|DIV/0!|VALUE!|NAME\?|NUM!|N/A|NULL!|SPILL!|CALC!)|Err:[0-9]{3}")


def spots_of(submission: Submission) -> Iterator[tuple[tuple[str, str], Spot]]:
    """What each cell of the returned sheets is, by sheet and address."""
    for kind, layout in submission.layouts.items():
        for key in layout.rows:
            for column in layout.columns:
                address = layout.address(key, column)
                if address:
                    yield (layout.sheet, address), (kind, key[0], column)


def cells_in(finding: Finding, where: Mapping[tuple[str, str], Spot]) -> Iterator[Spot]:
    """The cells of a template that a finding is about."""
    place = finding.place
    for cell in cells_of(place.cell) if place.cell else ():
        if (place.sheet or "", cell) in where:
            yield where[place.sheet or "", cell]


_GREETING = B("Estimadas y estimados colegas de {country}:", "Dear colleagues ({country}),")
_STRANGER = B("Estimadas y estimados colegas:", "Dear colleagues,")
_CLOSED = B(
    "No pudimos usar el archivo {file}. {why} {what}",
    "We could not use the file {file}. {why} {what}",
)
_FINE = B(
    "Recibimos su envío ({file}) y está en orden. Muchas gracias.",
    "We have received your submission ({file}), and it is in order. Thank you very much.",
)
_HEARD = B(
    "Recibimos su envío ({file}) con sus explicaciones, y no le pedimos nada más. Muchas gracias.",
    "We have received your submission ({file}) with your explanations, and ask for nothing more. Thank you very much.",
)
_TO_CORRECT = B(
    "Gracias por su envío ({file}). Al revisarlo encontramos {counts}.",
    "Thank you for your submission ({file}). On checking it we found {counts}.",
)
_COPY = B(
    "Adjuntamos {copy}. Es su plantilla con sus respuestas; la primera hoja, Correcciones, dice dónde está cada punto, "
    "qué pasa y qué hacer, con un vínculo a la celda. Corrija ahí {cells}, o explique en la columna amarilla de esa "
    "hoja si la respuesta es correcta, y envíenos ese mismo libro{deadline}.",
    "We attach {copy}. It is your template with your answers; its first sheet, Corrections, tells where each point is, "
    "what is wrong and what to do, with a link to the cell. Correct {cells} there, or explain in the yellow column of "
    "that sheet if the answer is right, and send us that same workbook{deadline}.",
)
_ADVISED = B(
    "Nada le obliga a corregir. Adjuntamos {copy}: es su plantilla con sus respuestas, y su primera hoja, "
    "Correcciones, dice cada punto. Si quiere tomarlo en cuenta, envíenos ese mismo libro{deadline}; si no, no hace "
    "falta que envíe nada.",
    "Nothing has to be corrected. We attach {copy}: it is your template with your answers, and its first sheet, "
    "Corrections, tells each point. If you wish to follow it, send us that same workbook{deadline}; if not, you need "
    "not send anything.",
)
_BY = B(", a más tardar el {day}", ", by {day}")
_LIST = B("Los puntos son:", "The points are:")
_THANKS = B("Con nuestro agradecimiento,\nSecretaría Técnica", "With our thanks,\nTechnical Secretariat")


def counted(found: Review) -> Bilingual:
    """How much there is to correct: `3 correcciones necesarias y 1 sugerencia`."""
    errors, warnings = found.count("error"), found.count("warning")
    needed = _number(
        errors,
        B("{n} corrección necesaria", "{n} point to correct"),
        B("{n} correcciones necesarias", "{n} points to correct"),
    )
    advised = _number(warnings, B("{n} sugerencia", "{n} suggestion"), B("{n} sugerencias", "{n} suggestions"))
    if errors and warnings:
        return B("{a} y {b}", "{a} and {b}").format(a=needed, b=advised)
    return needed if errors else advised


def coloured(found: Review) -> Bilingual | None:
    """The cells of the copy that are marked, by their colours; None where none is, and nothing has to be done."""
    severities = {finding.severity for told in found.marked.values() for finding in told}
    if {"error", "warning"} <= severities:
        return B("las celdas rojas y anaranjadas", "the red and orange cells")
    if "error" in severities:
        return B("las celdas rojas", "the red cells")
    if "warning" in severities:
        return B("las celdas anaranjadas", "the orange cells")
    return B("lo que se indica", "what is said") if found.count("error") else None


def _number(count: int, one: Bilingual, many: Bilingual) -> Bilingual:
    return (one if count == 1 else many).format(n=count)


_NO_COPY = B(
    "Esta vez no podemos devolverle una copia con los puntos marcados. Son:",
    "This time we cannot return a copy in which the points are marked. They are:",
)


def mail(found: Review, copy: str | None, until: dt.date | None = None) -> str:
    """The text of the reply to a country, in its language; `copy` is the name of the review copy, if there is one, and
    `until` the day by which it is asked for. Its points have the numbers that they have in the copy."""
    submission, lang = found.submission, found.lang
    known = members.BY_CODE.get(submission.country or "")
    lines = [_GREETING.format(country=known.name)[lang] if known else _STRANGER[lang], ""]
    told = [(n, finding) for n, finding in enumerate(found.findings, start=1) if finding.severity != "note"]
    file = submission.source.name.rsplit("/", 1)[-1]
    unusable = [item for _, item in told if item.code.name.startswith("F") or item.code is Code.B106]
    if not submission.accepted and told and (unusable or not submission.layouts):
        why = (unusable or [told[0][1]])[0]
        lines.append(_CLOSED.format(file=file, why=why.message(lang), what=why.advice_to_country(lang))[lang])
    elif not told:
        heard = any(finding.explained for finding in found.findings)
        lines.append((_HEARD if heard else _FINE).format(file=file)[lang])
    else:
        lines.append(_TO_CORRECT.format(file=file, counts=counted(found))[lang])
        if copy:
            cells = coloured(found)
            text = (_COPY if cells else _ADVISED).format(copy=copy, deadline=_by(until), cells=cells or "")
            lines += ["", text[lang], "", _LIST[lang]]
        else:
            lines += ["", _NO_COPY[lang]]
        lines += [f"  {number}. {_point(finding, lang, advised=copy is None)}" for number, finding in told]
    return "\n".join([*lines, "", _THANKS[lang], ""])


def deadline_of(submission: Submission) -> dt.date | None:
    """The deadline of the cycle that a return is of."""
    return understand(submission.deadline).end if submission.deadline else None


def _by(day: dt.date | None) -> Bilingual | str:
    return _BY.format(day=B(spoken(day), spoken(day, "en"))) if day else ""


def _point(finding: Finding, lang: Lang, *, advised: bool) -> str:
    place = finding.place
    where = ", ".join(filter(None, (place.sheet, brief(place.cell or ""))))
    text = f"{where}: {finding.message(lang)}" if where else finding.message(lang)
    return f"{text} {finding.advice_to_country(lang)}" if advised else text


def next_number(submission: Submission) -> float:
    """The number of the sending that answers to a review."""
    return (submission.number or 1) + 1


def in_place(found: Review, spot: Spot, address: str) -> bool:
    """Whether a cell stood in the returned file where it stands in the review copy."""
    if spot[0] == SENDING:
        place = found.submission.envelope_places.get(spot[2])
        return place is not None and place.cell == address
    layout = found.submission.layouts.get(spot[0])
    return layout is not None and layout.address((spot[1],), spot[2]) == address
