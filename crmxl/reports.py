"""Results in words: the lines that the command line shows. Nothing is printed here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from crmxl import members
from crmxl.assembling import Assembly
from crmxl.cycle import History, MergeResult, Published
from crmxl.dates import spoken
from crmxl.dates.writing import in_days
from crmxl.demo import CYCLE, DEADLINE, EXAMPLES, REGISTER_EXAMPLES, Demonstration
from crmxl.findings import Finding, brief
from crmxl.marks import MARK_LABELS, MARKS, Mark
from crmxl.messages import Code, Severity
from crmxl.receiving import replaced
from crmxl.registers import Reception
from crmxl.reminding import Reminded
from crmxl.responses import STATES, Response
from crmxl.standing import Standing
from crmxl.status import Item, calendar_text, count
from crmxl.submission import Submission
from crmxl.text import LANGS, B, Bilingual, Lang

SEVERITY_WORDS: dict[Severity, Bilingual] = {
    "error": B("ERROR", "ERROR"),
    "warning": B("ADVERTENCIA", "WARNING"),
    "note": B("NOTA", "NOTE"),
}


def country_name(code: str | None, lang: Lang) -> str:
    """A country's name; a dash where there is none."""
    return members.BY_CODE[code].name[lang] if code in members.BY_CODE else "—"


def counted(number: int, one: Bilingual, many: Bilingual) -> Bilingual:
    """A number with its noun, in the singular or the plural."""
    noun = one if number == 1 else many
    return Bilingual(f"{number} {noun.es}", f"{number} {noun.en}")


def _errors(number: int) -> Bilingual:
    return counted(number, B("error", "error"), B("errores", "errors"))


def _warnings(number: int) -> Bilingual:
    return counted(number, B("advertencia", "warning"), B("advertencias", "warnings"))


def verdict(item: Submission, lang: Lang) -> str:
    """One line on a file: its name, its country, whether it was taken, how much is wrong."""
    if not item.accepted and not item.refused:
        return f"{item.source.name} — {B('no es un libro', 'no workbook')[lang]}"
    country = country_name(item.country, lang) if item.country else B("país desconocido", "country unknown")[lang]
    counts = Counter(finding.severity for finding in item.findings)
    fine = B("por corregir", "to be corrected") if counts["error"] else B("aceptado", "accepted")
    taken = fine if item.accepted else B("NO aceptado", "NOT accepted")
    cells = counted(item.cells, B("celda", "cell"), B("celdas", "cells"))
    explained = sum(bool(finding.explained) for finding in item.findings)
    heard = counted(explained, B("explicación", "explanation"), B("explicaciones", "explanations"))
    parts = (taken, cells, _errors(counts["error"]), _warnings(counts["warning"]), *([heard] if explained else []))
    return f"{item.source.name} — {country}: {', '.join(part[lang] for part in parts)}"


REPLACED = B(
    "{name} — sustituido por un envío posterior de su país", "{name} — replaced by a later return of its country"
)


def totals(received: Sequence[Submission], over: Sequence[Submission] = ()) -> Bilingual:
    """The last line of a check: how many files, and which of them have errors; nothing is asked of those that are
    `over`."""
    asked = [s for s in received if s not in over]
    wrong = [s.source.name for s in asked if s.refused or any(f.severity == "error" for f in s.findings)]
    files = counted(len(received), B("archivo", "file"), B("archivos", "files"))
    if not wrong:
        return B("{files}, sin errores", "{files}, without errors").format(files=files)
    if len(wrong) > NAMED:
        return B("{files}; con errores: {n}", "{files}; with errors: {n}").format(files=files, n=len(wrong))
    return B("{files}; con errores: {names}", "{files}; with errors: {names}").format(
        files=files, names=", ".join(wrong)
    )


def by_part(found: Assembly) -> tuple[list[Submission], list[Finding]]:
    """The parts of a return, each with what there is to correct in it, and what parts do not agree on."""
    disputes = [item for item in found.findings if item.code is Code.M112]
    parts = []
    for part in found.parts:
        own = [f for f in found.findings if f.place.source.sha256 == part.source.sha256 and f not in disputes]
        parts.append(replace(part, findings=tuple(own)))
    return parts, disputes


def to_settle(found: Assembly) -> Bilingual:
    """The last line of an assembly: how many parts, and what the liaison still has to settle."""
    counts = Counter(item.severity for item in found.findings)
    parts = counted(len(found.parts), B("parte", "part"), B("partes", "parts"))
    return B("{parts}; por resolver: {errors} y {warnings}", "{parts}; to settle: {errors} and {warnings}").format(
        parts=parts, errors=_errors(counts["error"]), warnings=_warnings(counts["warning"])
    )


def finding_lines(item: Finding, lang: Lang, *, to_country: bool = False, named: bool = False) -> tuple[str, str, str]:
    """A finding in three lines: where (with the file, if that is to be `named`), what, what to do, said to the
    Secretariat or to the country."""
    place = item.place
    where = (
        f"{place.sheet}!{brief(place.cell)}"
        if place.cell
        else place.sheet or B("todo el archivo", "the whole file")[lang]
    )
    if named and place.source.sha256:
        where = f"{place.source.name}: {where}"
    label = f" ({item.label[lang]})" if item.label else ""
    meant = B(" ¿Quiso decir «{text}»?", " Did you mean “{text}”?").format(text=item.suggestion)[lang]
    advice = item.advice_to_country(lang) if to_country else item.advice(lang)
    advice += meant if item.suggestion else ""
    return f"{item.code.name}  {where}{label}", item.message(lang), f"→ {advice}"


ARROW = B(
    "Después de → está qué hacer. Al país se le dice en la copia revisada y en la respuesta (--review).",
    "After → stands what to do. The country is told in the checked copy and in the reply (--review).",
)
IN_REPLY = B(
    "Después de → está qué hacer. Al país se le dice en la copia revisada y en la respuesta.",
    "After → stands what to do. The country is told in the checked copy and in the reply.",
)
NOT_SURE = B(
    "No se sabe con certeza qué se emitió: alguna diferencia puede venir de una celda que nadie llenó. Dé la plantilla "
    "como se recibió con --issued, o como una parte más.",
    "What was issued is not known for sure: a difference may come from a cell that nobody filled in. Give the template "
    "as it was received with --issued, or as one more part.",
)
NAMED = 5
"""So many files with errors are named; of more their number is told."""


def _state(item: Reception) -> Bilingual:
    if not item.submission.accepted:
        return B("apartado", "set aside") if item.submission.refused else B("no es un libro", "no workbook")
    if item.superseded:
        return B("sustituido por un envío posterior", "superseded by a later sending")
    if any(found.severity == "error" for found in item.submission.findings):
        return B("incorporado, salvo lo que tiene errores", "merged, but for what has errors")
    return B("incorporado", "merged")


def standing_lines(found: Standing, lang: Lang) -> Iterator[str]:
    """Where a cycle stands, and what to do next."""
    yield from (line[lang] for line in found.lines)
    yield f"{B('Siguiente', 'Next')[lang]}: {found.next[lang]}"
    if found.order:
        yield f"   {found.order}"


OTHER_CYCLE = B(" (sólo de otro ciclo)", " (of another cycle only)")


def merge_lines(result: MergeResult, lang: Lang) -> Iterator[str]:
    """A merge: each file, who did not send, what is to be decided, the cells, the findings, the marks."""
    data = result.as_dict()
    for item in result.consolidation.receptions:
        name = country_name(item.submission.country, lang)
        yield f"   {name:22} {'; '.join(item.files)} — {_state(item)[lang]}"
    past = {s.country for r in result.consolidation.receptions if (s := r.submission).accepted and s.cycle}
    names = (country_name(code, lang) + (OTHER_CYCLE[lang] if code in past else "") for code in data["missing"])
    yield B("   No enviaron: {missing}", "   Did not send: {missing}").format(missing=", ".join(names) or "—")[lang]
    conflicts = counted(data["conflicts"], B("conflicto", "conflict"), B("conflictos", "conflicts"))
    proposals = counted(data["proposals"], B("propuesta", "proposal"), B("propuestas", "proposals"))
    decide = B(
        "   Por decidir: {c} y {p} (hoja Decisiones); decisiones aplicadas: {d}",
        "   To decide: {c} and {p} (sheet Decisions); decisions applied: {d}",
    )
    yield decide.format(c=conflicts, p=proposals, d=data["decided"])[lang]
    cells = B(
        "   Celdas leídas: {read} = incorporadas {merged} + sin cambio {unchanged} + propuestas {proposed} + "
        "en conflicto {conflicting} + sustituidas {superseded} + apartadas {set_aside}; comentarios: {n}",
        "   Cells read: {read} = merged {merged} + unchanged {unchanged} + proposed {proposed} + "
        "conflicting {conflicting} + superseded {superseded} + set aside {set_aside}; comments: {n}",
    )
    yield cells.format(n=data["comments"], **data["cells"])[lang]
    found = B("   Hallazgos: {e} y {w} (hoja Hallazgos)", "   Findings: {e} and {w} (sheet Findings)")
    over = replaced([one.submission for one in result.consolidation.receptions])
    open_ = Counter(
        f.severity for r in result.consolidation.receptions if r.submission not in over for f in r.findings
    ) + Counter(f.severity for f in result.consolidation.findings)
    yield found.format(e=_errors(open_["error"]), w=_warnings(open_["warning"]))[lang]
    if result.items:
        marks = B("   Actividades a la fecha {day}: {marks}", "   Activities as of {day}: {marks}")
        yield marks.format(day=data["as_of"], marks=marks_line(result.items))[lang]


def marks_line(items: Sequence[Item]) -> Bilingual:
    """How many activities bear each mark, in one line."""
    counts = [(MARK_LABELS[mark], number) for mark, number in count(items).items() if number]
    return Bilingual(
        *(", ".join(f"{label[lang].lower()} {number}" for label, number in counts) or "—" for lang in LANGS)
    )


def left_open(done: Published, lang: Lang) -> Iterator[str]:
    """What is still open in what circulates: questions, and countries that have not sent."""
    if done.undecided:
        text = B(
            "Quedan preguntas por decidir ({n}): circula lo que había antes.",
            "Questions are still to be decided ({n}): what stood before circulates.",
        )
        yield text.format(n=done.undecided)[lang]
    if missing := done.found.result.missing:
        names = ", ".join(country_name(code, lang) for code in missing)
        yield B("No han enviado: {names}", "Have not sent: {names}").format(names=names)[lang]


_WORDINGS: dict[str, Bilingual] = {
    "recordatorio": B("recordatorio", "reminder"),
    "correccion": B("correcciones", "corrections"),
    "ilegible": B("no se pudo leer", "not readable"),
    "gracias": B("gracias", "thanks"),
}


def reminder_lines(done: Reminded, lang: Lang) -> Iterator[str]:
    """The letters that were written, a line each, and where they are."""
    for one in done.letters:
        attached = f" + {one.attached.name}" if one.attached else ""
        yield f"{country_name(one.row.country, lang):22} {_WORDINGS[one.wording][lang]:14} {one.path}{attached}"
    if any(one.row.late and one.wording != "gracias" for one in done.letters):
        text = B(
            "A quienes se les venció el plazo se les pide enviar a más tardar el {day}; otro día: crmxl remind --until",
            "Those whose deadline has passed are asked to send by {day}; for another day: crmxl remind --until",
        )
        yield text.format(day=B(spoken(done.until), spoken(done.until, "en")))[lang]
    yield B("Todas en una hoja: {path}", "All of them in a sheet: {path}").format(path=done.sheet)[lang]
    text = B("Para el informe de la reunión: {path}", "For the report of the meeting: {path}")
    yield text.format(path=done.paragraph)[lang]
    yield B("Son borradores: nada se ha enviado.", "They are drafts: nothing has been sent.")[lang]


BOARD_HEADS: tuple[Bilingual, ...] = (
    B("País", "Country"),
    B("Plazo", "Deadline"),
    B("Retraso", "Late"),
    B("Contacto", "Contact"),
    B("Situación", "State"),
    B("Último archivo", "Last file"),
)


def board_rows(rows: Iterable[Response], lang: Lang) -> Iterator[tuple[str, ...]]:
    """How each country stands, as rows of a table under `BOARD_HEADS`."""
    for row in rows:
        late = in_days(row.late)[lang] if row.late else ""
        contact = row.contact.isoformat() if row.contact else ""
        state = STATES[row.state][lang] + (f" ({row.errors})" if row.errors else "")
        file = row.file
        yield country_name(row.country, lang), row.until.isoformat(), late, contact, state, file


def history_heads(found: History, lang: Lang) -> list[str]:
    """The headings of `history_rows`: the cycle, its day, and each mark that some activity bore."""
    first = (B("Ciclo", "Cycle"), B("A la fecha", "As of"))
    return [*(head[lang] for head in first), *(MARK_LABELS[mark][lang] for mark in _borne(found))]


def history_rows(found: History) -> Iterator[tuple[str, ...]]:
    """The cycles as rows of a table, oldest first."""
    for past in found.cycles:
        yield past.cycle, past.as_of, *(str(past.marks.get(mark, 0)) for mark in _borne(found))


def _borne(found: History) -> list[Mark]:
    return [mark for mark in MARKS if any(past.marks.get(mark) for past in found.cycles)]


def history_lines(found: History, lang: Lang) -> Iterator[str]:
    """What has stayed open for two cycles or more, and what was put off."""
    if found.lasting:
        yield B("Siguen abiertas:", "They stay open:")[lang]
    for item in found.lasting:
        if item.since:
            text = B("   {id}  {mark} {since} ({n} ciclos)", "   {id}  {mark} {since} ({n} cycles)")
            mark = Bilingual(*(MARK_LABELS[item.mark][lang_].lower() for lang_ in LANGS))
            yield text.format(id=item.record.key[0], mark=mark, since=item.since.text, n=item.since.cycles)[lang]
    if found.put_off:
        yield B("Se aplazaron:", "They were put off:")[lang]
    for item in found.put_off:
        yield f"   {item.record.key[0]}  {' → '.join([item.slips[0].old, *(slip.new for slip in item.slips)])}"


MARK_HEADS: tuple[Bilingual, ...] = (
    B("Nº", "No."),
    B("Marca", "Mark"),
    B("Calendario", "Schedule"),
    B("Por qué", "Why"),
    B("Actividad", "Activity"),
)


def mark_rows(items: Iterable[Item], lang: Lang) -> Iterator[tuple[str, ...]]:
    """The marks as rows of a table, under `MARK_HEADS`."""
    for item in items:
        text = item.record.text
        yield text("id"), item.label[lang], calendar_text(item), item.reason[lang], text("activity")


def demo_lines(done: Demonstration, lang: Lang) -> Iterator[str]:
    """The demonstration, step by step; the last line is the path of the consolidated workbook."""
    where = done.issued[0].parent
    steps = (
        B(
            "1. Se emitieron {n} plantillas del ciclo {cycle} (plazo: {day}) en {where}",
            "1. {n} templates of the cycle {cycle} were issued (deadline: {day}) to {where}",
        ).format(n=len(done.issued), cycle=CYCLE, day=DEADLINE, where=where),
        B("2. Llegaron {n} archivos de ejemplo ({folder})", "2. {n} example files arrived ({folder})").format(
            n=len(done.received), folder=f"{EXAMPLES}, {REGISTER_EXAMPLES}"
        ),
        B("3. Se revisaron:", "3. They were checked:"),
    )
    yield from (step[lang] for step in steps)
    yield from (f"   {verdict(item, lang)}" for item in done.received)
    yield B("4. Se consolidaron:", "4. They were consolidated:")[lang]
    yield from merge_lines(done.merged, lang)
    yield B("Libro consolidado:", "Consolidated workbook:")[lang]
    yield str(done.merged.path)
