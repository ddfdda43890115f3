"""The merge: canonical workbooks and every return at once, into one Consolidation.

Each cell takes one n-way step. A country's own cell takes the value of its latest sending; a shared cell changes only
by a decision of the Secretariat, so every differing value becomes part of a question. Nothing depends on the order of
files or on their names. Every cell that was read ends in exactly one outcome, and the outcomes add up.

Within a country, a later sending (of a later cycle, or with a higher number in Envío) supersedes an earlier one cell by
cell: a cell that was left as issued changes nothing, a blank erases nothing, `(borrar)` erases. Two sendings that
differ while nothing tells which is later are a question, and neither is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crmxl import members
from crmxl.canonical import Canonical
from crmxl.citations import check_citations
from crmxl.decisions import (
    Catalogue,
    Decision,
    Question,
    Tables,
    Target,
    natural,
    new_item,
    read_decisions,
    replay,
    write_decision,
)
from crmxl.definition import Column, Key, Kind, Owner, Record
from crmxl.findings import Finding, Place, Source, finding
from crmxl.messages import Code
from crmxl.numbering import check_numbers
from crmxl.placing import is_open_row
from crmxl.registers import (
    OUTCOMES,
    Before,
    Change,
    Claim,
    Outcome,
    Reception,
    joined,
    provenance_rows,
    reception_row,
    stray_row,
)
from crmxl.submission import Submission
from crmxl.tables import ERASED, doubts, shown
from crmxl.text import Lang
from crmxl.validation import changed
from crmxl.values import Value, as_text


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


def _rank(submission: Submission) -> tuple[object, ...]:
    return (
        members.order(submission.country or ""),
        submission.deadline,
        submission.number or 0,
        submission.source.sha256,
    )


def _ordered(submissions: Iterable[Submission]) -> list[tuple[Submission, tuple[str, ...]]]:
    """Each file once, with all its names, in an order that names have no part in."""
    by_sha: dict[str, list[Submission]] = {}
    for submission in submissions:
        by_sha.setdefault(submission.source.sha256, []).append(submission)
    unique = [(group[0], tuple(sorted(s.source.name for s in group))) for group in by_sha.values()]
    return sorted(unique, key=lambda pair: _rank(pair[0]))


class _Merge:
    """One merge: the tables as they become, and the outcome of every cell that was read."""

    def __init__(self, tables: Tables, decisions: Sequence[Decision], kinds: Sequence[Kind], before: Before) -> None:
        self.tables, self.kinds, self.before = tables, kinds, before
        self.decisions = list(decisions)
        self.outcomes: list[tuple[Outcome, Claim]] = []
        self.unchanged: Counter[str] = Counter()
        self.changes: list[Change] = []
        self.proposals: dict[Target, dict[str, Claim]] = {}
        self.doubts: list[Claim] = []
        self.numbered = {d.question.target.item: d.assigned for d in decisions if d.assigned}

    def country(self, code: str, submissions: Sequence[Submission]) -> None:
        """All sendings of one country: what it says now, cell by cell."""
        claims: dict[Target, list[Claim]] = {}
        for submission in submissions:
            for kind in self.kinds:
                for record in submission.records.get(kind.key, ()):
                    self.row(kind, record, submission, code, claims)
        for said in claims.values():
            current = [c for c in said if not any(o.submission.sent.after(c.submission.sent) for o in said)]
            current = [c for c in current if not self.before.outdated(c)]
            taken = {id(claim) for claim in current}
            self.outcomes += [("superseded", claim) for claim in said if id(claim) not in taken]
            groups: dict[Target, list[Claim]] = {}
            for claim in map(self.retargeted, current):
                groups.setdefault(claim.target, []).append(claim)
            for group in groups.values():
                self.settle(code, group)

    def row(
        self, kind: Kind, record: Record, submission: Submission, code: str, claims: dict[Target, list[Claim]]
    ) -> None:
        new = kind.open_rows > 0 and is_open_row(record.key[0])
        item = new_item(code, submission.cycle, record.key[0]) if new else record.key[0]
        differing = 0
        for column, value, before in changed(kind, record, submission):
            own = column.owner is Owner.COUNTRY
            table = kind.answers_table if own and kind.answers_table else kind.items_table
            target = Target(table.name, item, code if own else None, column.key)
            written, place = record.written[column.key], record.places[column.key]
            claim = Claim(target, column, value, before, written, place, submission)
            claims.setdefault(target, []).append(claim)
            differing += 1
        self.unchanged[submission.source.sha256] += len(record.values) - differing

    def retargeted(self, claim: Claim) -> Claim:
        """A correction of a proposed activity that has its number by now is a proposal for the activity itself."""
        number = self.numbered.get(claim.target.item)
        if number is None or self.decided(claim):
            return claim
        return replace(claim, target=replace(claim.target, item=number))

    def settle(self, code: str, current: list[Claim]) -> None:
        """What a country says of one cell, when later sendings have replaced earlier ones."""
        told = [(self.known(claim), claim) for claim in current]
        if any(outcome is None for outcome, _ in told):  # to erase nothing is a word against what another sending says
            nothing = {id(c) for o, c in told if o == "unchanged" and c.value == ERASED and not self.before.seen(c)}
            told = [(None if id(claim) in nothing else outcome, claim) for outcome, claim in told]
        self.outcomes += [(outcome, claim) for outcome, claim in told if outcome]
        said = [claim for outcome, claim in told if not outcome]
        if not said:
            return
        first = said[0]
        target, column = first.target, first.column
        doubt = next((c.value for c in said if not _same(column, c.value, first.value)), None)
        if doubt is None:
            known = first.issued if first.submission.issued else None  # it was issued when that was known
            rivals = [
                value
                for value in self.before.rivals(first)
                if not self.was_asked(target, code, value) and not _same(column, value, known)
            ]
            doubt = next((v for v in rivals if not _same(column, v, first.value)), None)
        if doubt is not None:
            self.doubts.append(first)
            self.outcomes += [("conflicting", claim) for claim in said]
            self.ask(Question(target, self.tables.value(target), ((code, first.value),), doubt))
            return
        self.outcomes += [("unchanged", claim) for claim in said[1:]]
        self.clear_doubt(first)
        if target.country is None:
            self.proposals.setdefault(target, {})[code] = first
        else:
            self.answer(target, first)

    def known(self, claim: Claim) -> Outcome | None:
        """The outcome of a claim that brings nothing new: it was decided, or this very file was merged before, or it
        lost its stamp and only repeats what was there; None for all others."""
        target, column = claim.target, claim.column
        now = self.tables.value(target)
        wanted = None if claim.value == ERASED else claim.value
        here = _same(column, now, wanted)
        if wanted is None and now is None:
            return "unchanged"
        if self.decided(claim):
            return "unchanged" if here else "proposed" if target.country is None else "superseded"
        if self.before.seen(claim):
            question = self.open_question(target)
            values = [v for c, v in question.proposals if c == claim.submission.country] if question else []
            if question and any(_same(column, v, claim.value) for v in (*values, question.other)):
                if question.type == "within" and any(_same(column, v, claim.value) for v in values):
                    self.doubts.append(claim)
                return "proposed" if question.type == "proposal" else "conflicting"
            return "unchanged" if here else "superseded"
        repeats = self.before.received(claim) or self.was_base(claim) or self.before.said(claim)
        if not claim.submission.issued and repeats:
            return "unchanged"
        return None

    def open_question(self, target: Target) -> Question | None:
        """The question that is open on a cell."""
        return next((d.question for d in self.decisions if d.stage == "open" and d.question.target == target), None)

    def was_asked(self, target: Target, code: str, value: Value) -> bool:
        """Whether a value of a country was part of a question on the cell that has been decided."""
        column = self.tables.catalogue.column(target)
        return any(
            d.stage == "applied"
            and d.question.target == target
            and any(_same(column, v, value) for v in (dict(d.question.proposals).get(code), d.question.other))
            for d in self.decisions
        )

    def clear_doubt(self, claim: Claim) -> None:
        """A later word of a country settles what two of its sendings had left open."""
        question = self.open_question(claim.target)
        if question is None or question.other is None:
            return
        texts = {spoken.text for spoken in self.before.others(claim)}
        if claim.target.country is None and shown(question.other, claim.column, "es") not in texts:
            return  # the doubt is another country's
        left = tuple((c, v) for c, v in question.proposals if c != claim.submission.country)
        clean = [Decision(Question(question.target, question.base, left))] if left else []
        self.decisions = [d for d in self.decisions if d.stage == "applied" or d.question is not question] + clean

    def answer(self, target: Target, claim: Claim) -> None:
        """A country's own cell."""
        now = self.tables.value(target)
        value = None if claim.value == ERASED else claim.value
        if _same(claim.column, now, value):
            self.outcomes.append(("unchanged", claim))
            return
        self.tables.put(target, value)
        self.changes.append(Change(target, now, value))
        self.outcomes.append(("merged", claim))

    def decided(self, claim: Claim) -> bool:
        """Whether this value of this country was part of a question that has been decided: asked by this very file,
        or on the same base. The same value on another base is a new question."""
        column, code = claim.column, claim.submission.country
        for item in self.decisions:
            question = item.question
            if item.stage != "applied" or question.target != claim.target:
                continue
            values = [value for country, value in question.proposals if country == code]
            values += [question.other] if question.other is not None else []
            known = any(_same(column, value, claim.value) for value in values)
            if known and (self.before.seen(claim) or _same(column, claim.issued, question.base)):
                return True
        return False

    def was_base(self, claim: Claim) -> bool:
        """Whether a file without its issued copy only repeats what the cell said before it was decided."""
        return not claim.submission.issued and any(
            d.stage == "applied"
            and d.question.target == claim.target
            and _same(claim.column, d.question.base, claim.value)
            for d in self.decisions
        )

    def shared(self) -> None:
        """The shared cells: what countries propose for each, together with what is already asked."""
        order = self.tables.catalogue.order
        for target, by_country in sorted(self.proposals.items(), key=lambda pair: order(pair[0])):
            now = self.tables.value(target)
            open_now: dict[str, Claim] = {}
            for code, claim in by_country.items():
                if _same(claim.column, now, None if claim.value == ERASED else claim.value):
                    self.outcomes.append(("unchanged", claim))
                else:
                    open_now[code] = claim
            if open_now:
                question = self.ask(Question(target, now, tuple((c, claim.value) for c, claim in open_now.items())))
                outcome: Outcome = "proposed" if question.type == "proposal" else "conflicting"
                self.outcomes += [(outcome, claim) for claim in open_now.values()]

    def ask(self, question: Question) -> Question:
        """Put a question, joined with the one open on the same cell; a country's newer value replaces its own."""
        said: dict[str, Value] = {}
        other = question.other
        for item in self.decisions:
            if item.stage == "open" and item.question.target == question.target:
                said.update(item.question.proposals)
                other = other if other is not None else item.question.other
        said.update(question.proposals)
        whole = Question(
            question.target,
            question.base,
            tuple((code, said[code]) for code in members.CODES if code in said),
            other,
        )
        kept = [d for d in self.decisions if d.stage == "applied" or d.question.target != question.target]
        same = next((d for d in self.decisions if d.stage == "open" and d.question.key == whole.key), None)
        self.decisions = [*kept, same or Decision(whole)]
        return whole


def _same(column: Column, a: Value, b: Value) -> bool:
    """Whether two values of a column mean the same; a blank is the same as a blank only."""
    return a is b if a is None or b is None else column.type.same(a, b)


def load(
    canonical: Canonical, kinds: Sequence[Kind], lang: Lang, newer: Iterable[Record] = ()
) -> tuple[Tables, list[Decision], list[Finding], list[Change]]:
    """The canonical tables with every decision applied that was taken and not applied yet.

    `newer` are rows of a sheet Decisiones that replace those of the canonical workbook, question by question.
    """
    catalogue = Catalogue(kinds)
    data = {table.name: canonical.of(table.name) for kind in kinds for table in kind.tables}
    tables = Tables(data, catalogue)
    decisions = {d.question.key: d for d in read_decisions(canonical.of("decisions"), catalogue)}
    for item in read_decisions(newer, catalogue):
        known = decisions.get(item.question.key)
        if known is None or known.stage == "open":
            decisions[item.question.key] = replace(item, stage="open")  # applied elsewhere, not yet to these tables
    before = {name: {key: dict(row) for key, row in rows.items()} for name, rows in tables.rows.items()}
    applied, findings = replay(tables, list(decisions.values()), Source("Decisiones", ""), lang)
    return tables, applied, findings, list(_differences(before, tables, catalogue))


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
) -> Consolidation:
    """Merge returns into canonical data. The result is the same for any order of submissions and any file names.

    `cycle` is the one that is being merged; where it is not given, the latest of the returns is.
    """
    tables, decisions, findings, changes = load(canonical, kinds, lang, newer)
    arrived = _ordered(submissions)
    before = Before(canonical, tables.catalogue)
    run = _Merge(tables, decisions, [kind for kind in kinds if kind.returns], before)
    by_country: dict[str, list[Submission]] = {}
    for submission, _ in arrived:
        if submission.accepted and submission.country:
            by_country.setdefault(submission.country, []).append(submission)
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
    here = {
        r.text("country")
        for r in data["reception"]
        if r.text("accepted") == "yes" and r.text("cycle") in (cycle, "")  # a file that lost its stamp is of this cycle
    }
    return Consolidation(
        cycle=cycle,
        tables=data,
        canonical=canonical,
        decisions=tuple(decisions),
        changes=tuple(sorted((*changes, *run.changes), key=lambda c: order(c.target))),
        receptions=receptions,
        missing=tuple(code for code in members.CODES if code not in here),
        findings=(*canonical.findings, *findings, *_doubts(data, canonical, kinds)),
        counts=_counts(run, [submission for submission, _ in arrived]),
        comments=sum(len(s.comments) for s, _ in arrived),
    )


def _doubts(data: Mapping[str, Sequence[Record]], canonical: Canonical, kinds: Sequence[Kind]) -> Iterator[Finding]:
    """What is doubtful in the canonical data: citations, calendars, numbers, answers on items that are gone."""
    yield from check_citations(kinds, canonical)
    for table in (table for kind in kinds for table in kind.tables):
        asking = [column for column in table.columns if column.doubt]
        for record in canonical.of(table.name) if asking else ():
            yield from doubts(record, asking)
    for kind in kinds:
        yield from check_numbers(canonical.of(kind.items_table.name)) if kind.number else ()
    for kind in kinds:
        answers = kind.answers_table
        gone = {r.key[0] for r in data.get(answers.name, ())} if answers else set()
        gone -= {record.key[0] for record in data.get(kind.items_table.name, ())}
        if answers and gone:
            place = next((p for r in canonical.of(answers.name) for p in r.places.values()), Place(Source("", "")))
            keys = ", ".join(sorted(gone, key=natural))
            sheet = replace(place, cell=None)
            yield finding(Code.S114, sheet, sheet=answers.sheet, items=kind.sheet, keys=keys)


def _counts(run: _Merge, arrived: Sequence[Submission]) -> dict[str, int]:
    """How many cells were read, and how many ended in each outcome."""
    counts = Counter(outcome for outcome, _ in run.outcomes)
    counts["unchanged"] += sum(run.unchanged.values())
    counts["set_aside"] += sum(len(submission.strays) for submission in arrived)
    return {"read": sum(s.cells for s in arrived), **{name: counts[name] for name in OUTCOMES}}


def _registers(
    canonical: Canonical, run: _Merge, receptions: Sequence[Reception], lang: Lang
) -> dict[str, tuple[Record, ...]]:
    """The Secretariat's registers: what they held and what this merge adds."""
    arrived = [reception.submission for reception in receptions]
    here_now = {submission.source.sha256 for submission in arrived}
    aside = [stray_row(s.country, stray, lang) for s in arrived for stray in (*s.strays, *s.comments, *s.margins)]
    aside += [stray_row(None, stray, lang) for stray in canonical.strays]
    kept = [record for record in canonical.of("set_aside") if record.text("sha256") not in here_now]
    return {
        "reception": joined(canonical.of("reception"), [reception_row(r) for r in receptions]),
        "set_aside": joined(kept, aside),
        "provenance": provenance_rows(canonical.of("provenance"), run.outcomes, run.tables.catalogue, lang),
    }


def _subjects(decisions: Iterable[Decision], tables: Tables) -> dict[str, str]:
    """What each item that is asked about is about: its activity, as it is or as it is proposed."""
    found: dict[str, str] = {}
    for item in decisions:
        target, kind = item.question.target, tables.catalogue.kind(item.question.target.table)
        subject = replace(target, table=kind.items_table.name, country=None, column=kind.subject or "")
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
    run: _Merge, arrived: Sequence[tuple[Submission, tuple[str, ...]]], by_country: Mapping[str, Sequence[Submission]]
) -> Iterator[Reception]:
    in_force = {claim.submission.source.sha256 for outcome, claim in run.outcomes if outcome != "superseded"}
    for submission, names in arrived:
        sha = submission.source.sha256
        sent = by_country.get(submission.country or "", ())
        later = any(other.sent.after(submission.sent) for other in sent)
        found = list(submission.findings)
        found += [finding(Code.M101, claim.place) for claim in run.doubts if claim.submission.source.sha256 == sha]
        if len(names) > 1:
            found.append(finding(Code.M102, Place(submission.source), count=len(names)))
        yield Reception(submission, names, submission.accepted and later and sha not in in_force, tuple(found))
