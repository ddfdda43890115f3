"""Everything that a merge says: the tables as they become, the registers, what is open, who has not sent.

`load` replays the decisions on the canonical data, `merge` puts every return to them (see `merging`) and gathers what
came of it. The result is one value; the workbook that shows it is made elsewhere.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from crmxl import members
from crmxl.canonical import Canonical
from crmxl.citations import check_citations
from crmxl.decisions import (
    DECISIONS,
    Catalogue,
    Decision,
    Question,
    Tables,
    Target,
    chosen,
    is_new,
    natural,
    read_decisions,
    replay,
    write_decision,
)
from crmxl.definition import Column, Key, Kind, Owner, Record
from crmxl.findings import Finding, Place, Source, at, finding, ranges
from crmxl.limits import over_limits
from crmxl.merging import Merge, ordered
from crmxl.messages import Code
from crmxl.numbering import check_numbers
from crmxl.provenance import read_said
from crmxl.reasons import Reason
from crmxl.registers import (
    OUTCOMES,
    Before,
    Change,
    Claim,
    Reception,
    joined,
    provenance_rows,
    reception_row,
    stray_row,
    stray_rows,
    written_over,
)
from crmxl.submission import Submission
from crmxl.succession import alike
from crmxl.tables import ERASED, Stray, doubts, shown
from crmxl.text import LANGS, B, Bilingual, Lang, tidy, unique
from crmxl.values import Unreadable, Value, as_text


@dataclass(frozen=True, slots=True)
class Consolidation:
    """Everything that the consolidated workbook shows. `tables` are its data sheets by table name."""

    cycle: str
    tables: Mapping[str, tuple[Record, ...]]
    canonical: Canonical
    decisions: tuple[Decision, ...]
    changes: tuple[Change, ...]
    receptions: tuple[Reception, ...]
    missing: tuple[str, ...]
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    comments: int

    def questions(self, *types: str) -> int:
        """How many questions of these types are open."""
        return sum(d.stage == "open" and d.question.type in types for d in self.decisions)


def load(
    canonical: Canonical, kinds: Sequence[Kind], lang: Lang, newer: Iterable[Record] = ()
) -> tuple[Tables, list[Decision], list[Finding], list[Change]]:
    """The canonical tables with every decision applied that was taken and not applied yet.

    `newer` are rows of a sheet Decisiones that replace those of the canonical workbook, question by question.
    """
    catalogue = Catalogue(kinds)
    data = {table.name: canonical.of(table.name) for kind in kinds for table in kind.tables}
    tables = Tables(data, catalogue)
    late: list[Finding] = []
    decisions = {}
    for item in read_decisions(canonical.of("decisions"), catalogue):
        item_as_asked = _as_asked(item, tables, Before(canonical, catalogue)) if item.altered else item
        if item_as_asked:
            decisions[item_as_asked.question.key] = item_as_asked
        if item.altered:
            late.append(_about(Code.M116, item, catalogue, lang))
    asked = {d.question.target: d.question.key for d in decisions.values() if d.stage == "open"}
    for item in read_decisions(newer, catalogue):
        question = item.question
        known = decisions.get(question.key)
        if item.altered:
            late.append(_about(Code.M116, item, catalogue, lang))
        elif asked.get(question.target, question.key) != question.key:  # another question is open on this cell by now
            if item.decision or item.own:
                late.append(_about(Code.M103, item, catalogue, lang))
        elif known is None or (known.stage == "open" and (item.decision or item.own)):
            decisions[question.key] = replace(item, stage="open")  # applied elsewhere, not yet to these tables
    before = {name: {key: dict(row) for key, row in rows.items()} for name, rows in tables.rows.items()}
    applied, findings = replay(tables, list(decisions.values()), Source(DECISIONS[lang], ""), lang)
    return tables, applied, [*late, *findings], list(_differences(before, tables, catalogue))


def _about(code: Code, item: Decision, catalogue: Catalogue, lang: Lang) -> Finding:
    """A finding on a row of Decisiones of which nothing is applied."""
    arguments = (("item", item.question.target.item), ("column", catalogue.column(item.question.target).title))
    return Finding(code, item.place or Place(Source(DECISIONS[lang], "")), arguments)


def _as_asked(item: Decision, tables: Tables, before: Before) -> Decision | None:
    """A question that somebody wrote over, as it was put, from what earlier merges took of the returns; None where
    they do not tell it, so that the returns ask it again."""
    target = item.question.target
    words = before.words(target, tables.catalogue.column(target))
    first = tuple((code, said[0]) for code, said in words.items())
    asked = [Question(target, base, first) for base in (item.question.base, tables.value(target))]
    for code, said in words.items():
        pairs = permutations(said, 2) if len(words) == 1 else ()
        asked += [Question(target, q.base, ((code, one),), other) for q in asked[:2] for one, other in pairs]
    return next((Decision(question) for question in asked if question.key == item.stated), None)


def _run(canonical: Canonical, tables: Tables, decisions: Sequence[Decision], kinds: Sequence[Kind]) -> Merge:
    """A merge about to begin, with what earlier ones have taken."""
    numbered = {d.question.target.item: d.assigned for d in decisions if d.assigned}
    before = Before(canonical, tables.catalogue, numbered)
    return Merge(tables, decisions, [kind for kind in kinds if kind.returns], before)


def _differences(
    before: Mapping[str, Mapping[Key, Mapping[str, Value]]], tables: Tables, catalogue: Catalogue
) -> Iterator[Change]:
    for name, rows in tables.rows.items():
        for key, row in rows.items():
            old = before[name].get(key, {})
            for column in catalogue.table(name).columns:
                if column.computed or old.get(column.key) == row.get(column.key):
                    continue
                country = key[1] if len(key) > 1 else None
                yield Change(Target(name, key[0], country, column.key), old.get(column.key), row.get(column.key))


def merge(
    canonical: Canonical,
    submissions: Iterable[Submission],
    kinds: Sequence[Kind],
    lang: Lang = "es",
    newer: Iterable[Record] = (),
    cycle: str = "",
    as_of: dt.date | None = None,
) -> Consolidation:
    """Merge returns into canonical data. The result is the same for any order of submissions and any file names.

    `cycle` is the one being merged, the latest of the returns if not given; `as_of` the day of the version being made.
    """
    tables, decisions, findings, changes = load(canonical, kinds, lang, newer)
    arrived = ordered(submissions)
    run = _run(canonical, tables, decisions, kinds)
    by_country = _by_country(submission for submission, _ in arrived)
    for code, sent in by_country.items():
        run.country(code, sent)
    run.shared()
    receptions = tuple(_receptions(run, arrived, by_country))
    cycle = cycle or max(((s.deadline, s.cycle) for s, _ in arrived if s.accepted), default=("", ""))[1]
    order = tables.catalogue.order
    decisions = sorted(run.decisions, key=lambda d: (d.stage == "applied", *order(d.question.target), d.question.key))
    data = _data(tables, kinds) | _registers(canonical, run, receptions, lang)
    subjects = _subjects(decisions, tables)
    data["decisions"] = tuple(
        write_decision(d, tables.catalogue, subjects.get(d.question.target.item, ""), lang) for d in decisions
    )
    return Consolidation(
        cycle=cycle,
        tables=data,
        canonical=canonical,
        decisions=tuple(decisions),
        changes=tuple(sorted((*changes, *run.changes), key=lambda c: order(c.target))),
        receptions=receptions,
        missing=tuple(missing(data["reception"], cycle)),
        findings=(
            *canonical.findings,
            *findings,
            *_left_behind(run, canonical),
            *_about_data(data, canonical, decisions, tables, kinds, as_of, lang),
        ),
        counts=_counts(run, [submission for submission, _ in arrived]),
        comments=sum(len(s.comments) for s, _ in arrived),
    )


def _about_data(
    data: Mapping[str, Sequence[Record]],
    canonical: Canonical,
    decisions: Sequence[Decision],
    tables: Tables,
    kinds: Sequence[Kind],
    as_of: dt.date | None,
    lang: Lang,
) -> Iterator[Finding]:
    """What the Secretariat should look at in its own data, as they were and as they have become."""
    yield from _by_hand(canonical, tables.catalogue)
    yield from _contradicted(decisions, tables, DECISIONS[lang], lang)
    yield from _alike(decisions, tables, DECISIONS[lang])
    yield from doubtful(canonical, kinds, as_of)
    yield from orphans(data, canonical, kinds)
    yield from over_limits(data, kinds, lang)


def _by_country(submissions: Iterable[Submission]) -> dict[str, list[Submission]]:
    """The sendings of each country that can be used."""
    found: dict[str, list[Submission]] = {}
    for submission in submissions:
        if submission.accepted and submission.country:
            found.setdefault(submission.country, []).append(submission)
    return found


def missing(reception: Iterable[Record], cycle: str) -> Iterator[str]:
    """The countries that have sent nothing in a cycle; a file that lost its stamp is of this one."""
    sent = (r for r in reception if r.text("accepted") == "yes" and r.text("cycle") in (cycle, ""))
    here = {record.text("country") for record in sent}
    yield from (code for code in members.CODES if code not in here)


def _alike(decisions: Sequence[Decision], tables: Tables, sheet: str) -> Iterator[Finding]:
    """New items that resemble one that is there, or that another country proposes: named, never dropped."""
    proposed: dict[str, dict[str, str]] = {}
    for item in decisions:
        target = item.question.target
        kind = tables.catalogue.kind(target.table)
        if item.stage == "open" and is_new(target) and target.column == kind.subject and item.question.proposals:
            proposed.setdefault(target.table, {})[target.item] = as_text(item.question.proposals[0][1])
    for table, fresh in proposed.items():
        kind = tables.catalogue.kind(table)
        existing = {key[0]: kind.about(row, "es") for key, row in tables.rows.get(table, {}).items()}
        for likeness in alike(fresh, existing):
            place = Place(Source(sheet, ""), sheet)
            yield finding(Code.M110, place, found=likeness.new, other=likeness.other, percent=likeness.percent)


def doubtful(canonical: Canonical, kinds: Sequence[Kind], as_of: dt.date | None = None) -> Iterator[Finding]:
    """What is doubtful in the canonical data: citations, calendars, numbers."""
    yield from check_citations(kinds, canonical, as_of)
    for table in (table for kind in kinds for table in kind.tables):
        asking = [column for column in table.columns if column.doubt]
        for record in canonical.of(table.name) if asking else ():
            yield from doubts(record, asking)
    for kind in kinds:
        yield from check_numbers(canonical.of(kind.items_table.name)) if kind.number else ()


def orphans(data: Mapping[str, Sequence[Record]], canonical: Canonical, kinds: Sequence[Kind]) -> Iterator[Finding]:
    """Answers on items that are not there: taken out, numbered anew by hand, or in a workbook that was not given."""
    for kind in kinds:
        answers = kind.answers_table
        gone = {r.key[0] for r in data.get(answers.name, ())} if answers else set()
        gone -= {record.key[0] for record in data.get(kind.items_table.name, ())}
        if answers and gone:
            place = next((p for r in canonical.of(answers.name) for p in r.places.values()), Place(Source("", "")))
            keys = ", ".join(sorted(gone, key=natural))
            sheet = place._replace(cell=None)
            yield finding(Code.S114, sheet, sheet=answers.sheet, items=kind.sheet, keys=keys)


def _counts(run: Merge, arrived: Sequence[Submission]) -> dict[str, int]:
    """How many cells were read, and how many ended in each outcome."""
    counts = Counter(outcome for outcome, _ in run.outcomes)
    counts["unchanged"] += sum(run.unchanged.values())
    counts["set_aside"] += sum(stray.cells for submission in arrived for stray in submission.strays)
    return {"read": sum(s.cells for s in arrived), **{name: counts[name] for name in OUTCOMES}}


def _registers(
    canonical: Canonical, run: Merge, receptions: Sequence[Reception], lang: Lang
) -> dict[str, tuple[Record, ...]]:
    """The Secretariat's registers: what they held and what this merge adds."""
    arrived = [reception.submission for reception in receptions]
    here_now = {submission.source.sha256 for submission in arrived}
    gone = _by_file(run.gone)
    aside = [
        record
        for s in arrived
        for record in stray_rows(
            s,
            (*map(_gone, gone.get(s.source.sha256, ())), *s.strays, *s.comments, *s.margins),
            run.tables.catalogue,
            lang,
        )
    ]
    aside += [stray_row(None, stray, lang) for stray in canonical.strays]
    told = [(outcome, claim) for outcome, claim in run.outcomes if outcome != "set_aside"]
    kept = [record for record in canonical.of("set_aside") if record.text("sha256") not in here_now]
    return {
        "reception": joined(canonical.of("reception"), [reception_row(r) for r in receptions]),
        "set_aside": joined(kept, aside),
        "provenance": provenance_rows(canonical.of("provenance"), told, run.tables.catalogue, lang),
    }


def _by_hand(canonical: Canonical, catalogue: Catalogue) -> Iterator[Finding]:
    """The answers of countries that somebody changed in the Secretariat's own workbook: one finding a sheet."""
    by_sheet: dict[str | None, list[tuple[Record, Column, str]]] = {}
    for record, column, sent in written_over(canonical, catalogue):
        place = next(iter(record.places.values()), Place(Source("", "")))
        by_sheet.setdefault(place.sheet, []).append((record, column, sent))
    for found in by_sheet.values():
        record, _, _ = found[0]
        spots = [r.places[c.key] for r, c, _ in found if c.key in r.places]
        told = Bilingual(*("; ".join(_sent_and_found(*one, lang) for one in found[:TOLD]) for lang in LANGS))
        place = at(spots[0], ranges(str(spot.cell) for spot in spots)) if spots else next(iter(record.places.values()))
        yield finding(Code.M117, place, count=len(found), told=told)


def _contradicted(decisions: Sequence[Decision], tables: Tables, sheet: str, lang: Lang) -> Iterator[Finding]:
    """The shared cells that say other than what was decided of them and applied: somebody changed the decision, or the
    cell, by hand."""
    by_cell: dict[Target, list[Decision]] = {}
    for item in decisions:
        if item.stage == "applied" and item.question.target.country is None and tables.has(item.question.target):
            by_cell.setdefault(item.question.target, []).append(item)
    for target, taken in by_cell.items():
        column, now = tables.catalogue.column(target), tables.value(target)
        meant = {_text_of(chosen(item, column)): item for item in taken}
        questions = [item.question for item in taken]
        known = {_text_of(value) for q in questions for value in (q.base, *dict(q.proposals).values())}
        changed = _text_of(now) not in meant and (_text_of(now) in known or any(item.own for item in taken))
        if changed:
            text, item = list(meant.items())[-1]
            found = shown(now, column, lang) or "—"
            place = Place(Source(sheet, ""), sheet)  # its row is another in the workbook that is being made
            yield finding(Code.M118, place, item=target.item, column=column.title, said=text or "—", found=found)


def _text_of(value: Value | Unreadable) -> str:
    """A value as it is compared; nothing for what is blank, erased or no value."""
    return "" if value is None or value == ERASED or isinstance(value, Unreadable) else tidy(as_text(value))


def _sent_and_found(record: Record, column: Column, sent: str, lang: Lang) -> str:
    """What a country sent for a cell, and what stands there."""
    text = B("{item}, {country}: envió «{sent}», dice «{now}»", "{item}, {country}: it sent “{sent}”, it says “{now}”")
    now = record.values.get(column.key)
    there = "—" if now is None else shown(now, column, lang)
    return text.format(item=record.key[0], country=members.BY_CODE[record.key[1]].name, sent=sent, now=there)[lang]


TOLD = 3
"""So many cells are told with what was sent and what stands there."""


def _left_behind(run: Merge, canonical: Canonical) -> Iterator[Finding]:
    """The Secretariat numbered items anew in a workbook that has answers and registers under their old numbers: whose
    those are can no longer be told."""
    moved = {
        (kind.key, old): new
        for kind in run.kinds
        for (_, name), became in run.became.items()
        if name == kind.key
        for old, new in became.moved.items()
    }
    catalogue = run.tables.catalogue
    used = {
        (catalogue.kind(said.table).key, said.item)
        for said in read_said(canonical.of("provenance"), catalogue)
        if catalogue.known(said.table)
    }
    used |= {
        (catalogue.kind(called[0].name).key, record.text("item"))
        for record in canonical.of("decisions")
        if (called := catalogue.called(record.text("table"), record.text("column")))
    }
    stale = {old: new for (kind, old), new in moved.items() if (kind, old) in used}
    if stale:
        told = ", ".join(f"{old} → {new}" for old, new in sorted(stale.items(), key=lambda pair: natural(pair[0])))
        yield finding(Code.M114, Place(Source("Plan", "")), keys=told)


def _about_items(
    run: Merge, submission: Submission, gone: Sequence[Claim], answered: Collection[str]
) -> Iterator[Finding]:
    """What became of the items that a file answers, since it was issued: gone, or numbered anew. `gone` are its cells
    of items that are not there any more, `answered` the items that it answers."""
    sheets = unique(claim.place.sheet for claim in gone)
    for sheet in sheets:
        lost = [claim for claim in gone if claim.place.sheet == sheet]
        keys = ", ".join(unique(claim.target.item for claim in lost))
        place = at(lost[0].place, ranges(str(claim.place.cell) for claim in lost))
        yield finding(Code.M108, place, keys=keys, count=len(lost))
    for kind in run.kinds:
        became = run.became.get((submission.source.sha256, kind.key))
        if became is None:
            continue
        moved = {old: new for old, new in became.moved.items() if new in answered}
        rewritten = [number for number in became.rewritten if number in answered]
        if moved:
            told = ", ".join(f"{old} → {new}" for old, new in moved.items())
            yield finding(Code.M109, Place(submission.source), keys=told)
        if rewritten:
            yield finding(Code.M113, Place(submission.source), keys=", ".join(rewritten))


def _in_doubt(places: Iterable[Place]) -> Iterator[Finding]:
    """The cells of a file of which nothing tells whether they or another sending's are later: one finding a sheet."""
    by_sheet: dict[str | None, list[Place]] = {}
    for place in places:
        by_sheet.setdefault(place.sheet, []).append(place)
    for cells in by_sheet.values():
        yield finding(Code.M101, at(cells[0], ranges(str(place.cell) for place in cells)), count=len(cells))


def _bears_its_number(later: Submission, other: Submission) -> bool:
    """Whether a sending bears the number of another of its cycle, which only the day on which it came tells to be the
    earlier one."""
    alike = later.number is not None and later.number == other.number and later.deadline == other.deadline
    return alike and later.sent.after(other.sent)


def _by_file(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    """Cells by the file that holds them."""
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        found.setdefault(claim.submission.source.sha256, []).append(claim)
    return found


def _gone(claim: Claim) -> Stray:
    """A cell of an item that is no longer there."""
    return Stray(claim.place, claim.written, claim.column.title, Reason.GONE)


def _subjects(decisions: Iterable[Decision], tables: Tables) -> dict[str, str]:
    """What each item that is asked about is about: its activity, as it is or as it is proposed."""
    found: dict[str, str] = {}
    for item in decisions:
        target, kind = item.question.target, tables.catalogue.kind(item.question.target.table)
        subject = target._replace(table=kind.items_table.name, country=None, column=kind.subject or "")
        text = as_text(tables.value(subject))
        if not text and target.column == kind.subject and item.question.proposals:
            text = as_text(item.question.proposals[0][1])
        if text:
            found[target.item] = text
    return found


def _data(tables: Tables, kinds: Sequence[Kind]) -> dict[str, tuple[Record, ...]]:
    """The rows of every table; answers in the order of their items, then of the countries."""
    data: dict[str, tuple[Record, ...]] = {}
    for kind in kinds:
        items = tables.rows.get(kind.items_table.name, {})
        data[kind.items_table.name] = tables.records(kind.items_table.name)
        if kind.answers_table is None:
            continue
        order = {key[0]: place for place, key in enumerate(items)}
        own = {column.key for column in kind.owned_by(Owner.COUNTRY)}
        answers = tables.rows.get(kind.answers_table.name, {})
        kept = [Record(key, row) for key, row in answers.items() if own & set(row)]
        kept.sort(key=lambda r: (order.get(r.key[0], len(order)), natural(r.key[0]), members.order(r.key[1])))
        data[kind.answers_table.name] = tuple(kept)
    return data


def _receptions(
    run: Merge, arrived: Sequence[tuple[Submission, tuple[str, ...]]], by_country: Mapping[str, Sequence[Submission]]
) -> Iterator[Reception]:
    in_force = {claim.submission.source.sha256 for outcome, claim in run.outcomes if outcome != "superseded"}
    gone, doubts = _by_file(run.gone), _by_file(run.doubts)
    answered: dict[str, set[str]] = {}
    for _, claim in run.outcomes:
        answered.setdefault(claim.submission.source.sha256, set()).add(claim.target.item)
    for submission, names in arrived:
        sha = submission.source.sha256
        sent = by_country.get(submission.country or "", ())
        later = any(other.sent.after(submission.sent) for other in sent)
        found = list(submission.findings)
        found += _in_doubt(claim.place for claim in doubts.get(sha, ()))
        found += _about_items(run, submission, gone.get(sha, ()), answered.get(sha, ()))
        if len(names) > 1:
            found.append(finding(Code.M102, Place(submission.source), count=len(names)))
        if any(_bears_its_number(submission, other) for other in sent if submission.accepted):
            number = as_text(submission.envelope["number"])
            found.append(finding(Code.M120, Place(submission.source), number=number))
        yield Reception(submission, names, submission.accepted and later and sha not in in_force, tuple(found))
