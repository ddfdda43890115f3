"""Questions and decisions: what countries propose for a cell, and what the Secretariat decided.

A `Question` is a value: the base and every differing proposal with its country; one value proposed is a proposal, two
or more are a conflict. A `Decision` is a row of the sheet Decisiones. `replay` applies what was decided and not yet
applied, each once, and only where the question has not changed since; so a decision can be read, repeated and undone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from crmxl import members
from crmxl.archiving import former
from crmxl.definition import Column, Key, Kind, Record, Table, Values
from crmxl.findings import Finding, Place, Source, at, ranges
from crmxl.messages import Code
from crmxl.tables import ERASED, doubts, restored, shown
from crmxl.text import LANGS, B, Bilingual, Lang, fold, listed, tidy
from crmxl.values import Unreadable, Value, as_text, is_erase

SUGGESTED = "?"
"""Ends a decision that is only suggested: the country of the one value that is proposed."""

DECISIONS = B("Decisiones", "Decisions")
"""The sheet in which the Secretariat decides."""

QuestionType = Literal["proposal", "conflict", "within"]


class Target(NamedTuple):
    """A cell of a data sheet: table, item, the country for answers, column."""

    table: str
    item: str
    country: str | None
    column: str

    @property
    def key(self) -> Key:
        """The key of its row."""
        return (self.item,) if self.country is None else (self.item, self.country)


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be decided about one cell: the value it has and each country's differing value.

    `other` is the second of two returns of the same country that differ while nothing tells which is later.
    """

    target: Target
    base: Value
    proposals: tuple[tuple[str, Value], ...]
    other: Value = None

    @property
    def type(self) -> QuestionType:
        """proposal (one value), conflict (several), within (two returns of one country)."""
        if self.other is not None:
            return "within"
        return "proposal" if len({tidy(as_text(value)) for _, value in self.proposals}) == 1 else "conflict"

    @property
    def key(self) -> str:
        """What identifies the question: the cell, its base and all proposals, hashed; spaces and line ends, which
        programs change, do not count."""
        target = self.target
        parts = [target.table, target.item, target.country or "", target.column, tidy(as_text(self.base))]
        parts += [f"{country}={tidy(as_text(value))}" for country, value in self.proposals]
        parts.append(tidy(as_text(self.other)))
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Decision:
    """A question with what the Secretariat decided, if it has: keep, a country's code, other, or own text."""

    question: Question
    stage: Literal["open", "applied"] = "open"
    decision: str | None = None
    own: str | None = None
    decided_by: str | None = None
    decided_on: Value = None
    assigned: str | None = None
    suggested: bool = False
    """Whether the choice is the one that was prefilled, and only signed."""
    place: Place | None = field(default=None, compare=False)
    """Where the decision was written."""
    stated: str = field(default="", compare=False)
    """The key that its row states."""

    @property
    def altered(self) -> bool:
        """Whether somebody wrote over the question itself, in a row that waits: it is no longer what was asked."""
        return self.stage == "open" and bool(self.stated) and self.stated != self.question.key


class Catalogue:
    """The tables and columns that questions can be about, found by their key or by what a sheet calls them."""

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self._kinds = {table.name: kind for kind in kinds for table in kind.tables}
        self._tables = {table.name: table for kind in kinds for table in kind.tables}
        self._called: dict[tuple[str, str], tuple[Table, Column] | None] = {}
        self._sheets = {fold(text): table for table in reversed(self._tables.values()) for text in table.sheet.both()}
        self._places = {
            (table.name, column.key): (place, across)
            for place, table in enumerate(self._tables.values())
            for across, column in enumerate(table.columns)
        }

    def table(self, name: str) -> Table:
        """The table of that key."""
        return self._tables[name]

    @property
    def answers(self) -> tuple[Table, ...]:
        """The tables of what countries answer."""
        return tuple(table for table in self._tables.values() if table is self._kinds[table.name].answers_table)

    def kind(self, table: str) -> Kind:
        """The kind that a table belongs to."""
        return self._kinds[table]

    def column(self, target: Target) -> Column:
        """The column of a cell."""
        return self._tables[target.table].column(target.column)

    def order(self, target: Target) -> tuple[object, ...]:
        """Where a cell stands among others: table by table, item by item, country by country, column by column."""
        place, column = self._places[target.table, target.column]
        return (place, is_new(target), natural(target.item), members.order(target.country or ""), column)

    def called(self, sheet: str, title: str) -> tuple[Table, Column] | None:
        """The table and column that a sheet's name and a heading mean, in either language."""
        spot = (sheet, title)
        if spot not in self._called:
            table = self._sheets.get(fold(sheet))
            columns = table.columns if table else ()
            column = next((c for c in columns if fold(title) in c.names()), None)
            self._called[spot] = (table, column) if table and column else None
        return self._called[spot]

    def known(self, name: str) -> Table | None:
        """The table of that key; None if there is none."""
        return self._tables.get(name)


def write_decision(item: Decision, catalogue: Catalogue, subject: str, lang: Lang) -> Record:
    """A decision as a row of the sheet Decisiones."""
    question = item.question
    target = question.target
    column = catalogue.column(target)
    values: dict[str, Value] = {
        "id": question.key,
        "type": question.type,
        "stage": item.stage,
        "table": catalogue.table(target.table).sheet[lang],
        "item": target.item,
        "country": target.country,
        "column": column.title[lang],
        "subject": subject or None,
        "base": shown(question.base, column, lang) or None,
        **{country.lower(): shown(value, column, lang) for country, value in question.proposals},
        "other": shown(question.other, column, lang) or None,
        "decision": _written(item),
        "own": item.own,
        "decided_by": item.decided_by,
        "decided_on": item.decided_on,
        "assigned": item.assigned,
    }
    return Record((question.key,), {key: value for key, value in values.items() if value is not None})


def _written(item: Decision) -> str | None:
    """What a row says in Decisión: what was chosen, or what is suggested where only one value is proposed. A row that
    somebody signed without choosing is not filled in behind their back."""
    if item.decision:
        return item.decision + SUGGESTED if item.suggested and item.stage == "open" else item.decision
    asked = item.stage == "open" and item.question.type == "proposal" and item.question.proposals
    return (
        item.question.proposals[0][0] + SUGGESTED if asked and not item.own and not is_name(item.decided_by) else None
    )


_NOBODY = frozenset(("no", "falso", "false"))
"""What a box that is not ticked says."""


def is_name(text: str | None) -> bool:
    """Whether Decidido por says who decided: a name or an office, and no word that means nothing."""
    text = fold(text or "")
    return any(letter.isalpha() for letter in text) and text not in _NOBODY and not is_erase(text)


def taken(record: Record) -> str | None:
    """What a row of Decisiones decides, if it does: what was chosen, or what was suggested where somebody signed it.

    A suggestion that nobody signed is no decision: the program wrote it, and it changes nothing.
    """
    chosen = record.text("decision")
    if chosen.endswith(SUGGESTED):
        chosen = chosen.removesuffix(SUGGESTED) if is_name(record.text("decided_by")) else ""
    return chosen or None


def _value(text: Value, column: Column) -> Value:
    """The value behind a text of Decisiones; a text that no longer reads stays text."""
    if text is None or text == ERASED:
        return text
    read = restored(as_text(text), column)
    return as_text(text) if isinstance(read, Unreadable) else read


def read_decisions(records: Iterable[Record], catalogue: Catalogue) -> Iterator[Decision]:
    """The rows of a sheet Decisiones; rows about sheets or columns that do not exist are passed over."""
    for record in records:
        found = catalogue.called(record.text("table"), record.text("column"))
        if found is None:
            continue
        table, column = found
        values = record.values
        proposals = tuple(
            (code, _value(values[code.lower()], column)) for code in members.CODES if code.lower() in values
        )
        country = record.text("country") or None
        target = Target(table.name, record.text("item"), country, column.key)
        yield Decision(
            Question(target, _value(values.get("base"), column), proposals, _value(values.get("other"), column)),
            "applied" if values.get("stage") == "applied" else "open",
            taken(record),
            record.text("own") or None,
            record.text("decided_by") or None,
            values.get("decided_on"),
            record.text("assigned") or None,
            record.text("decision").endswith(SUGGESTED),
            next(
                place
                for name in ("own" if record.text("own") else "decision", "decided_by", "id")
                if (place := record.places.get(name)) or name == "id"
            ),
            record.text("id"),
        )


class Tables:
    """The data sheets while they are being merged: rows by table and key, in order, changed in place."""

    def __init__(self, records: Mapping[str, Sequence[Record]], catalogue: Catalogue) -> None:
        self.rows: dict[str, dict[Key, dict[str, Value]]] = {
            name: {record.key: dict(record.values) for record in rows} for name, rows in records.items()
        }
        self.catalogue = catalogue

    def value(self, target: Target) -> Value:
        """The value of a cell now."""
        return self.rows.get(target.table, {}).get(target.key, {}).get(target.column)

    def has(self, target: Target) -> bool:
        """Whether the item of a cell is there."""
        items = self.catalogue.kind(target.table).items_table.name
        return (target.item,) in self.rows.get(items, {})

    def records(self, table: str) -> tuple[Record, ...]:
        """The rows of a table as they are now."""
        return tuple(Record(key, row) for key, row in self.rows.get(table, {}).items())

    def put(self, target: Target, value: Value) -> None:
        """Change a cell, making its row if there is none, and derive again what follows from it."""
        table = self.catalogue.table(target.table)
        row = self.rows.setdefault(target.table, {}).setdefault(
            target.key, dict(zip(table.key, target.key, strict=True))
        )
        if value is None or value == ERASED:
            row.pop(target.column, None)
        else:
            row[target.column] = value
        self.derive(table, row)

    def derive(self, table: Table, row: dict[str, Value]) -> None:
        """Make the derived columns of a row again."""
        for column in table.derived:
            if column.derive:
                row[column.key] = column.derive(row)
                if row[column.key] is None:
                    del row[column.key]

    def add(self, table: str, values: Values, number: str | None = None) -> str:
        """A new item, numbered as its kind says or as it was numbered before; its number."""
        kind = self.catalogue.kind(table)
        rows = self.rows.setdefault(table, {})
        before = former(self.records(kind.archive)) if kind.archive else []
        given = kind.number(values, [*before, *rows.values()]) if kind.number else {}
        row = {**values, **{k: v for k, v in given.items() if v is not None}}
        self.derive(kind.items_table, row)
        if number and (number,) not in rows:
            row[kind.id] = number
        number = str(row[kind.id])
        rows[(number,)] = row
        self.rows[table] = dict(sorted(rows.items(), key=lambda item: natural(item[0][0])))
        return number


@lru_cache(maxsize=4096)
def natural(number: str) -> tuple[tuple[int, str], ...]:
    """An order in which 6.2 comes before 6.10, and TIP-6.1 before TIP-10.1."""
    return tuple((int(part), "") if part.isdigit() else (10**9, part) for part in re.findall(r"\d+|[^\d.]+", number))


def chosen(item: Decision, column: Column) -> Value | Unreadable:
    """The value that a decision means; the base where it keeps it."""
    if item.own and item.decision != "own":
        return Unreadable(Code.M106)
    if item.decision == "keep":
        return item.question.base
    if item.decision == "own":
        return restored(item.own, column) if item.own else Unreadable(Code.M104)
    if item.decision == "other":
        return item.question.other if item.question.other is not None else Unreadable(Code.M104)
    return dict(item.question.proposals).get(item.decision or "", Unreadable(Code.M104))


class _Replay:
    """Applies decisions to tables, in order."""

    def __init__(self, tables: Tables, decisions: Sequence[Decision], source: Source, lang: Lang) -> None:
        self.tables, self.decisions, self.lang = tables, list(decisions), lang
        self.place = Place(source)
        self.findings: list[Finding] = []

    def say(self, code: Code, item: Decision, found: Bilingual | None = None) -> None:
        target = item.question.target
        title = self.tables.catalogue.column(target).title
        arguments = (("item", target.item), ("column", title), ("found", found))
        self.findings.append(Finding(code, item.place or self.place, arguments))

    def run(self) -> list[Decision]:
        for item in list(self.decisions):
            self.new_activity(item)
        return [self.apply(item) for item in self.decisions]

    def siblings(self, item: Decision) -> list[Decision]:
        """The open questions on the same row."""
        row = (item.question.target.table, item.question.target.key)
        return [
            d for d in self.decisions if d.stage == "open" and (d.question.target.table, d.question.target.key) == row
        ]

    def new_activity(self, item: Decision) -> None:
        """A proposed activity becomes a row, with a number of its own, when the Secretariat adopts it and has decided
        every other cell that was proposed for it; if it keeps what there is, the whole proposal is closed."""
        target = item.question.target
        together = self.siblings(item) if is_new(target) else []
        if not together or together[0] is not item:  # each proposal once; some are closed with their row
            return
        for d in together:
            if d.own and d.decision is None:
                self.say(Code.M106, d)
        table = self.tables.catalogue.table(target.table)
        subject = table.column(self.tables.catalogue.kind(target.table).subject or "")
        adopted = next((d for d in together if d.question.target.column == subject.key), None)
        if adopted and adopted.decision == "keep":
            self.close(together, None)
            return
        waiting = [d for d in together if d.decision is None]
        if waiting or adopted is None:
            missing = [table.column(d.question.target.column) for d in waiting] + ([] if adopted else [subject])
            if len(waiting) < len(together):
                self.waits(item, missing, [d.place for d in waiting if d.place])
            return
        chosen = {d.question.target.column: self.chosen(d) for d in together}
        if chosen[subject.key] == ERASED:
            chosen[subject.key] = Unreadable(Code.M107)
        wrong = [d for d in together if isinstance(chosen[d.question.target.column], Unreadable)]
        for d in wrong:
            self.unusable(d)
        if not wrong:
            values = {k: v for k, v in chosen.items() if v not in (None, ERASED) and not isinstance(v, Unreadable)}
            given = next((d.assigned for d in together if d.assigned), None)
            self.close(together, self.tables.add(target.table, values, given))
            for d in together:
                self.ask_about(d, self.tables.catalogue.column(d.question.target))

    def waits(self, item: Decision, missing: Sequence[Column], places: Sequence[Place]) -> None:
        """A proposed activity of which something is decided, and something not."""
        spot = at(places[0], ranges(str(place.cell) for place in places)) if places else item.place or self.place
        titles = Bilingual(*(listed((column.title[lang] for column in missing), lang) for lang in LANGS))
        self.findings.append(Finding(Code.M105, spot, (("item", item.question.target.item), ("column", titles))))

    def close(self, together: Sequence[Decision], number: str | None) -> None:
        closed = [replace(d, stage="applied", assigned=number, decision=d.decision or "keep") for d in together]
        new = dict(zip((d.question.key for d in together), closed, strict=True))
        self.decisions = [new.get(d.question.key, d) if d.stage == "open" else d for d in self.decisions]

    def unusable(self, item: Decision) -> None:
        """The decision names no value: a country that proposed nothing, an own text that is blank or unreadable; or it
        names two: a country's and an own text."""
        if item.own and item.decision != "own":
            self.say(Code.M106, item)
        elif item.decision == "own":
            self.say(Code.M107, item)
        else:
            member = members.BY_CODE.get(item.decision or "")
            self.say(Code.M104, item, found=member.name if member else B("Otro envío", "Other sending"))

    def chosen(self, item: Decision) -> Value | Unreadable:
        return chosen(item, self.tables.catalogue.column(item.question.target))

    def apply(self, item: Decision) -> Decision:
        target = item.question.target
        if item.stage == "open" and item.decision is None and is_name(item.decided_by) and not item.own:
            self.say(Code.M115, item)
        if item.stage == "applied" or is_new(target):
            return item
        if item.decision is None:
            if item.own:
                self.say(Code.M106, item)
            return item
        if not self.tables.has(target):
            self.say(Code.M111, item)
            return item
        value = self.chosen(item)
        if isinstance(value, Unreadable):
            self.unusable(item)
            return item
        column = self.tables.catalogue.column(target)
        now = self.tables.value(target)
        if column.type.same(now, value) if now is not None and value is not None else now is value:
            return replace(item, stage="applied")
        if tidy(as_text(now)) != tidy(as_text(item.question.base)):
            self.say(Code.M103, item)
            return Decision(replace(item.question, base=now))
        self.tables.put(target, value)
        self.ask_about(item, column)
        return replace(item, stage="applied")

    def ask_about(self, item: Decision, column: Column) -> None:
        """An own text is applied as it was written, and what is doubtful in it is asked at once."""
        place = item.place or self.place
        if item.decision == "own" and item.own:
            written = Record(item.question.target.key, {column.key: item.own}, {column.key: place})
            self.findings += doubts(written, [column])


def is_new(target: Target) -> bool:
    """Whether the cell is of an activity that a country proposes and that has no number yet."""
    return "/N" in target.item


def new_item(country: str, cycle: str, row: str) -> str:
    """The name of a proposed activity until it has a number: country, cycle and open row."""
    return f"{country}/{cycle}/{row}"


def replay(
    tables: Tables, decisions: Sequence[Decision], source: Source, lang: Lang
) -> tuple[list[Decision], list[Finding]]:
    """Apply every decision that is taken and not applied yet; the decisions as they are then, and what went wrong."""
    run = _Replay(tables, decisions, source, lang)
    return run.run(), run.findings
