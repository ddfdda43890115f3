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
from collections.abc import Iterable, Sequence
from dataclasses import replace

from crmxl import members
from crmxl.decisions import (
    Decision,
    Question,
    Tables,
    Target,
    new_item,
)
from crmxl.definition import Column, Kind, Owner, Record
from crmxl.placing import is_open_row
from crmxl.registers import (
    Before,
    Change,
    Claim,
    Outcome,
)
from crmxl.submission import Submission
from crmxl.succession import Succession, about, succession
from crmxl.tables import ERASED, shown
from crmxl.validation import changed
from crmxl.values import Value


def _rank(submission: Submission) -> tuple[object, ...]:
    return (
        members.order(submission.country or ""),
        submission.deadline,
        submission.received,
        submission.mailed,
        submission.number or 0,
        submission.source.sha256,
    )


def ordered(submissions: Iterable[Submission]) -> list[tuple[Submission, tuple[str, ...]]]:
    """Each file once, with all its names, in an order that names have no part in."""
    by_sha: dict[str, list[Submission]] = {}
    for submission in submissions:
        by_sha.setdefault(submission.source.sha256, []).append(submission)
    unique = [(_first(group), tuple(sorted(s.source.name for s in group))) for group in by_sha.values()]
    return sorted(unique, key=lambda pair: _rank(pair[0]))


def _first(copies: Sequence[Submission]) -> Submission:
    """One file that came several times, with the first moments at which it came; it goes by the first of its names."""
    mailed = min((copy.mailed for copy in copies if copy.mailed), default="")
    received = min((copy.received for copy in copies if copy.received), default="")
    first = min(copies, key=lambda copy: (not copy.accepted, copy.source.name))
    return replace(first, mailed=mailed, received=received)


class Merge:
    """One merge: the tables as they become, and the outcome of every cell that was read."""

    def __init__(self, tables: Tables, decisions: Sequence[Decision], kinds: Sequence[Kind], before: Before) -> None:
        self.tables, self.kinds, self.before = tables, kinds, before
        self._asked: dict[Target, list[Decision]] = {}
        for item in decisions:
            self._asked.setdefault(item.question.target, []).append(item)
        self.outcomes: list[tuple[Outcome, Claim]] = []
        self.unchanged: Counter[str] = Counter()
        self.changes: list[Change] = []
        self.proposals: dict[Target, dict[str, Claim]] = {}
        self.doubts: list[Claim] = []
        self.gone: list[Claim] = []
        self._now: dict[str, dict[str, set[str]]] = {}
        self.became: dict[tuple[str, str], Succession] = {}
        """What became of the rows that a file answers, by its SHA-256 and the kind."""
        self.numbered = {d.question.target.item: d.assigned for d in decisions if d.assigned}

    def country(self, code: str, submissions: Sequence[Submission]) -> None:
        """All sendings of one country: what it says now, cell by cell."""
        claims: dict[Target, list[Claim]] = {}
        for submission in submissions:
            for kind in self.kinds:
                for record in submission.records.get(kind.key, ()):
                    self.row(kind, record, submission, code, claims)
            submission.memo.clear()  # nobody asks for it any more
        for said in claims.values():
            current = said
            if len(said) > 1:
                current = [c for c in said if not any(o.submission.sent.after(c.submission.sent) for o in said)]
            current = current or said  # the order of their dates contradicts that of their numbers: nobody knows
            current = [c for c in current if not self.before.outdated(c)]
            taken = {id(claim) for claim in current}
            self.outcomes += [("superseded", claim) for claim in said if id(claim) not in taken]
            if current:
                self.settle(code, current)

    def row(
        self, kind: Kind, record: Record, submission: Submission, code: str, claims: dict[Target, list[Claim]]
    ) -> None:
        """What a returned row says that was not issued so; of an item that is gone it is set aside."""
        number = record.key[0]
        new = kind.open_rows > 0 and is_open_row(number)
        now = number if new else self.succession(kind, submission).numbers.get(number, number)
        item = new_item(code, submission.cycle, number) if new else now or number
        differing = 0
        for column, value, before in changed(kind, record, submission):
            own = column.owner is Owner.COUNTRY
            table = kind.answers_table if own and kind.answers_table else kind.items_table
            target = Target(table.name, item, code if own else None, column.key)
            claim = self.retargeted(Claim(target, column, value, before, record, submission))
            differing += 1
            if now is None:
                self.gone.append(claim)
                self.outcomes.append(("set_aside", claim))
            else:
                claims.setdefault(claim.target, []).append(claim)
        self.unchanged[submission.source.sha256] += len(record.values) - differing

    def succession(self, kind: Kind, submission: Submission) -> Succession:
        """What became of the rows that a submission answers."""
        file = (submission.source.sha256, kind.key)
        if file not in self.became:
            items = self.tables.rows.get(kind.items_table.name, {})
            if kind.key not in self._now:
                self._now[kind.key] = about(kind, items)
            self.became[file] = succession(kind, submission.base.get(kind.key, {}), self._now[kind.key])
        return self.became[file]

    def retargeted(self, claim: Claim) -> Claim:
        """A correction of a proposed activity that has its number by now is a proposal for the activity itself."""
        number = self.numbered.get(claim.target.item)
        if number is None or self.decided(claim):
            return claim
        return replace(claim, target=claim.target._replace(item=number))

    def settle(self, code: str, current: list[Claim]) -> None:
        """What a country says of one cell, when later sendings have replaced earlier ones."""
        first = current[0]
        if len(current) == 1 and first.submission.issued and self.is_new(first):
            if first.target.country is None:
                self.proposals.setdefault(first.target, {})[code] = first
            else:
                self.answer(first.target, first)
            return
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

    def is_new(self, claim: Claim) -> bool:
        """Whether a cell says something, of which nothing was said or asked before."""
        return claim.value != ERASED and claim.target not in self._asked and not self.before.spoken(claim)

    def known(self, claim: Claim) -> Outcome | None:
        """The outcome of a claim that brings nothing new: it was decided, or this very file was merged before, or it
        lost its stamp and only repeats what was there; None for all others."""
        target, column = claim.target, claim.column
        now = self.tables.value(target)
        wanted = None if claim.value == ERASED else claim.value
        here = _same(column, now, wanted)
        if wanted is None and now is None and not self.proposes(claim):
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
            if not here and self.before.waiting(claim):
                return None  # its question is gone from Decisiones, and nobody decided it: it is asked again
            return "unchanged" if here or self.before.said_nothing(claim) else "superseded"
        repeats = self.before.received(claim) or self.was_base(claim) or self.before.said(claim)
        if not claim.submission.issued and repeats:
            return "unchanged"
        return None

    def proposes(self, claim: Claim) -> bool:
        """Whether the country's own proposal for a shared cell is open, so that it can be withdrawn."""
        question = self.open_question(claim.target)
        return question is not None and claim.submission.country in dict(question.proposals)

    def withdraw(self, target: Target, code: str) -> None:
        """A country no longer proposes anything for a cell: its word leaves the question, the others' stay."""
        question = self.open_question(target)
        if question is None or code not in dict(question.proposals) or question.type == "within":
            return
        left = tuple((c, v) for c, v in question.proposals if c != code)
        kept = [Decision(replace(question, proposals=left))] if left else []
        self._instead(question, kept)

    @property
    def decisions(self) -> list[Decision]:
        """Every question with what was decided of it, cell by cell."""
        return [item for items in self._asked.values() for item in items]

    def _instead(self, question: Question, others: list[Decision]) -> None:
        """Put others in the place of a question that is open."""
        asked = self._asked.get(question.target, [])
        self._asked[question.target] = [d for d in asked if d.stage == "applied" or d.question is not question] + others

    def open_question(self, target: Target) -> Question | None:
        """The question that is open on a cell."""
        return next((d.question for d in self._asked.get(target, ()) if d.stage == "open"), None)

    def was_asked(self, target: Target, code: str, value: Value) -> bool:
        """Whether a value of a country was part of a question on the cell that has been decided."""
        column = self.tables.catalogue.column(target)
        return any(
            d.stage == "applied"
            and any(_same(column, v, value) for v in (dict(d.question.proposals).get(code), d.question.other))
            for d in self._asked.get(target, ())
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
        self._instead(question, clean)

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
        for item in self._asked.get(claim.target, ()):
            question = item.question
            if item.stage != "applied":
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
            d.stage == "applied" and _same(claim.column, d.question.base, claim.value)
            for d in self._asked.get(claim.target, ())
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
                    self.withdraw(target, code)
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
        asked = self._asked.get(question.target, [])
        for item in asked:
            if item.stage == "open":
                said.update(item.question.proposals)
                other = other if other is not None else item.question.other
        said.update(question.proposals)
        whole = Question(
            question.target,
            question.base,
            tuple((code, said[code]) for code in members.CODES if code in said),
            other,
        )
        kept = [d for d in asked if d.stage == "applied"]
        same = next((d for d in asked if d.stage == "open" and d.question.key == whole.key), None)
        self._asked[question.target] = [*kept, same or Decision(whole)]
        return whole


def _same(column: Column, a: Value, b: Value) -> bool:
    """Whether two values of a column mean the same; a blank is the same as a blank only."""
    return a is b if a is None or b is None else column.type.same(a, b)
