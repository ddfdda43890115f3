"""What a sheet is: kinds, columns, owners. Frozen, and refusing nonsense when they are made.

A kind with columns of the countries is kept as two flat data sheets, its items and its answers; a template joins
them for one country. All three are a `Table`, so that one reader and one writer serve them all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from crmxl.findings import Place
from crmxl.messages import Code
from crmxl.text import B, Bilingual, Lang, fold
from crmxl.values import Choice, Country, Unreadable, Value, ValueType

TITLE_LIMIT = 32
ADVICE_LIMIT = 255
SHEET_LIMIT = 31

Values: TypeAlias = Mapping[str, Value]
Derivation: TypeAlias = Callable[[Values], Value]
Doubt: TypeAlias = Callable[[Value], Unreadable | None]
Numbering: TypeAlias = Callable[[Values, Sequence[Values]], Values]
"""From a new item and the rows that there are, the values that the Secretariat gives it: its number above all."""


class Owner(Enum):
    """Who may change a cell."""

    ST = "st"
    """The Technical Secretariat: locked in templates."""
    COUNTRY = "country"
    """Each country has its own value."""
    SHARED = "shared"
    """Countries propose, the Technical Secretariat decides."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what its cells may hold, who may change them.

    `derive` makes the value from the others of its row (kept, and made again only when those change by a decision).
    `doubt` says what is asked about a value that stands all the same, as a calendar that is not understood. A
    `computed` column is written anew each time and never read. `width` is in characters. `english_of` names the
    column of which this is the English wording: templates in English show it, and no template shows both where the
    Secretariat alone owns the text. In an `official` column the work data of officials is what is asked for. An
    `inner` one is the Secretariat's alone, and in no template. `since` is the version of its kind that it came with:
    older workbooks do not have it. What stands in a `secret` one is for the Secretariat only.
    """

    key: str
    title: Bilingual
    type: ValueType
    owner: Owner = Owner.ST
    required: bool = False
    aliases: tuple[str, ...] = ()
    advice: Bilingual | None = None
    derive: Derivation | None = None
    doubt: Doubt | None = None
    computed: bool = False
    width: int = 16
    english_of: str | None = None
    official: bool = False
    inner: bool = False
    since: int = 1
    secret: bool = False
    _names: frozenset[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_names", frozenset(map(fold, (*self.title.both(), *self.aliases))))
        if not self.key.isidentifier():
            raise ValueError(f"column key {self.key!r} is not an identifier")
        for text in self.title.both():
            if len(text) > TITLE_LIMIT:
                raise ValueError(f"title {text!r} is longer than {TITLE_LIMIT} characters")
        for text in self.advice.both() if self.advice else ():
            if len(text) > ADVICE_LIMIT:
                raise ValueError(f"advice of {self.key!r} is longer than {ADVICE_LIMIT} characters: Excel cuts it")
        if self.owner is not Owner.ST and (self.derive or self.computed):
            raise ValueError(f"{self.key!r}: what is derived or computed belongs to the Technical Secretariat")
        if self.owner is not Owner.ST and self.advice is None:
            raise ValueError(f"{self.key!r}: a column that countries fill in needs advice")

    def __hash__(self) -> int:
        """By its key: columns are looked up often, and all that they declare need not be gone through each time."""
        return hash(self.key)

    def names(self) -> frozenset[str]:
        """Every heading under which the column is known, folded."""
        return self._names


@dataclass(frozen=True, slots=True)
class Table:
    """A flat sheet: its name, its columns from left to right, the columns that identify a row."""

    name: str
    sheet: Bilingual
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    by_key: Mapping[str, Column] = field(init=False, compare=False, repr=False)
    derived: tuple[Column, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {column.key: column for column in self.columns})
        object.__setattr__(self, "derived", tuple(column for column in self.columns if column.derive))
        keys = [column.key for column in self.columns]
        if len(set(keys)) != len(keys):
            raise ValueError(f"{self.name}: a column is declared twice")
        if missing := set(self.key) - set(keys):
            raise ValueError(f"{self.name}: the key names no column: {sorted(missing)}")
        for text in self.sheet.both():
            if len(text) > SHEET_LIMIT or set(text) & set("[]:*?/\\'"):
                raise ValueError(f"Excel refuses the sheet name {text!r}")
        seen: set[str] = set()
        for column in self.columns:
            if twice := seen & column.names():
                raise ValueError(f"{self.name}: two columns are called {sorted(twice)}")
            seen |= column.names()

    def column(self, key: str) -> Column:
        """The column of that key."""
        return self.by_key[key]

    @property
    def stored(self) -> tuple[Column, ...]:
        """The columns that are read back: all but the computed ones."""
        return tuple(column for column in self.columns if not column.computed)

    @property
    def optional(self) -> frozenset[str]:
        """The columns that a sheet may lack: what is derived anew, of two wordings the one not shown, and what older
        versions did not have."""
        english = {column.key for column in self.columns if column.english_of}
        worded = {column.english_of for column in self.columns if column.english_of}
        own = {c.key for c in self.columns if c.derive or (c.key in worded and c.owner is Owner.ST)}
        return frozenset(english | own | {column.key for column in self.columns if column.since > 1})


COUNTRY = Column("country", B("País", "Country"), Country(), width=20)


@dataclass(frozen=True, slots=True)
class Rule:
    """What the cells of one row must not say together: the finding, the column that it points at, the test; `of` are
    the columns that it looks at, where it does not look at all of them."""

    code: Code
    column: str
    broken: Callable[[Values], bool]
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """How the answers of a kind are compared: its view of item by country.

    Each cell shows in short the choice of the column `answer` and the values of `figures`; its note tells the columns
    of `detail`. `lead` are columns of the item beside its number; items with the same `band` stand together under it.
    `tentative` names the column and the choice by which an answer is still to be confirmed, `reviewed` the column that
    says when the country last looked at it, `expires` the one that says until when it holds. A `legal` board shows the
    state of the instruments above its items.
    """

    sheet: Bilingual
    title: Bilingual
    answer: str
    lead: tuple[str, ...] = ()
    band: str | None = None
    figures: tuple[str, ...] = ()
    detail: tuple[str, ...] = ()
    tentative: tuple[str, str] | None = None
    reviewed: str | None = None
    expires: str | None = None
    legal: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How the figures of a kind are compared and protected: its view of item by country, in numbers.

    `value` is the column of the figures, `unit` that of what they count, `period` that of the year or half year; items
    with the same `band` stand together. Where items are parts of another, `part_of` names its number and `dimension`
    by what they divide it. `same_as` names an item of another kind that asks for the same number, `made_of` the items
    that a rate is worked out from. Counts of `people` below a limit are not published.
    """

    sheet: Bilingual
    title: Bilingual
    value: str
    unit: str
    period: str
    people: frozenset[str]
    band: str
    lead: tuple[str, ...] = ()
    part_of: str | None = None
    dimension: str | None = None
    same_as: str | None = None
    made_of: str | None = None
    detail: tuple[str, ...] = ()

    def columns(self) -> set[str]:
        """The columns that it names."""
        named = (
            self.value,
            self.unit,
            self.period,
            self.band,
            self.part_of,
            self.dimension,
            self.same_as,
            self.made_of,
        )
        return {key for key in (*named, *self.lead, *self.detail) if key}


@dataclass(frozen=True)
class Kind:
    """The one declarative description of a sheet; everything else is derived from it.

    `answers` names the sheet of the countries' answers, given exactly where there are columns of the countries.
    `open_rows` is how many rows a template offers for new items. `version` changes when the columns do, and `changes`
    tells what each version brought. A kind that is not `fillable` is a register: data of the Secretariat, in no
    template. `subject` names the column that tells a person what a row is about. `number` gives a new item, once
    adopted, its number; `archive` names the kind that finished items pass to. `seed` are the items that the kind itself
    knows; `repeats` gives the rows of further periods, where the same is asked each year. `notes` stand under its
    title, `how` among the instructions of a template. `spoken` is the language of texts that are not translated. A
    `private` kind never circulates.
    """

    key: str
    sheet: Bilingual
    columns: tuple[Column, ...]
    id: str = "id"
    answers: Bilingual | None = None
    version: int = 1
    changes: Mapping[int, Bilingual] = field(default_factory=dict)
    repeats: Callable[[Sequence[str]], Iterable[Values]] | None = None
    open_rows: int = 0
    fillable: bool = True
    key_columns: tuple[str, ...] = ()
    title: Bilingual | None = None
    subject: str | None = None
    number: Numbering | None = None
    seed: tuple[Values, ...] = ()
    notes: tuple[Bilingual, ...] = ()
    how: Bilingual | None = None
    spoken: Lang | None = None
    rules: tuple[Rule, ...] = ()
    board: Board | None = None
    tally: Tally | None = None
    private: bool = False
    archive: str | None = None
    items_table: Table = field(init=False, repr=False)
    answers_table: Table | None = field(init=False, repr=False)
    template_table: Table = field(init=False, repr=False)

    def __post_init__(self) -> None:
        own = tuple(c for c in self.columns if c.owner is Owner.COUNTRY)
        common = tuple(c for c in self.columns if c.owner is not Owner.COUNTRY)
        if bool(own) != (self.answers is not None):
            raise ValueError(f"{self.key}: columns of the countries and an answers sheet go together")
        if own and common[0].key != self.id:
            raise ValueError(f"{self.key}: the first column of a kind with answers is its number")
        key = self.key_columns or (self.id,)
        put = object.__setattr__
        put(self, "items_table", Table(self.key, self.sheet, common, key))
        first = common[0]
        answers = self.answers and Table(
            f"{self.key}.answers", self.answers, (first, COUNTRY, *own), (self.id, "country")
        )
        put(self, "answers_table", answers)
        joined = tuple(c for c in self.columns if not c.computed and c.derive is None and not c.inner)
        put(self, "template_table", Table(self.key, self.sheet, joined, key))
        self._check_names()
        if set(self.changes) != set(range(2, self.version + 1)):
            raise ValueError(f"{self.key}: each version after the first tells what it changed")

    def _check_names(self) -> None:
        """What the declarations beside the columns name is there."""
        board = self.board
        named = {self.subject, *(rule.column for rule in self.rules), *(c.english_of for c in self.columns)}
        if board:
            named |= {
                board.answer,
                board.reviewed,
                board.expires,
                board.band,
                *board.lead,
                *board.figures,
                *board.detail,
            }
            named |= set(board.tentative[:1]) if board.tentative else set()
        named |= self.tally.columns() if self.tally else set()
        if missing := named - {column.key for column in self.columns} - {None}:
            raise ValueError(f"{self.key}: there is no column {sorted(map(str, missing))}")
        if board and not isinstance(self.column(board.answer).type, Choice):
            raise ValueError(f"{self.key}: a board shows choices")

    def column(self, key: str) -> Column:
        """The column of that key."""
        return next(column for column in self.columns if column.key == key)

    def wording(self, key: str, lang: Lang) -> str:
        """The column that holds a text in a language: its English wording where there is one."""
        return next((c.key for c in self.columns if c.english_of == key), key) if lang == "en" else key

    def derived(self, values: Values) -> Values:
        """A row with what is derived from it."""
        made = {column.key: column.derive(values) for column in self.columns if column.derive}
        return {**values, **{key: value for key, value in made.items() if value is not None}}

    def about(self, values: Values, lang: Lang) -> str:
        """What a row is about, in a language if it is there in it."""
        if self.subject is None:
            return ""
        return str(values.get(self.wording(self.subject, lang)) or values.get(self.subject) or "")

    @property
    def tables(self) -> tuple[Table, ...]:
        """Its data sheets: items, and answers if it has any."""
        return (self.items_table, *((self.answers_table,) if self.answers_table else ()))

    def owned_by(self, owner: Owner) -> tuple[Column, ...]:
        """The columns of one owner."""
        return tuple(column for column in self.columns if column.owner is owner)

    @property
    def returns(self) -> bool:
        """Whether countries send anything back in it."""
        return any(column.owner is not Owner.ST for column in self.columns)


Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its key, its values by column key, where each value came from, and the text that stood there."""

    key: Key
    values: Values
    places: Mapping[str, Place] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)

    def text(self, column: str) -> str:
        """The value of a column as text; nothing where it is blank."""
        value = self.values.get(column)
        return value.isoformat() if isinstance(value, dt.date) else "" if value is None else str(value)
