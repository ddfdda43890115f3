"""What a calendar expression means: `When`, and how it is written in Spanish and English."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass
from typing import Literal

WhenKind = Literal[
    "period",
    "continuous",
    "undefined",
    "pending",
    "recurring",
    "event",
    "relative",
    "horizon",
    "done",
    "ambiguous",
    "unreadable",
]
Precision = Literal["day", "month", "bimester", "quarter", "four_months", "half", "year"]
PART_PRECISION: dict[int, Precision] = {2: "bimester", 3: "quarter", 4: "four_months", 6: "half"}
"""The precision of a part of a year, by its months."""


@dataclass(frozen=True, slots=True)
class When:
    """A calendar expression understood.

    `begin` and `end` are inclusive days; both None where the kind has none, `begin` alone None for a deadline.
    `approximate` is a convention ("finales de junio"), `tentative` a plan that may change ("propuesta a validar").
    `recurs` is an ISO 8601 duration, or for an event the organs whose meetings it follows (`CRM+GRCM`). `readings`
    holds the meanings of an ambiguous expression. Of one that cannot be read, `slip` is what stands in the way and
    `suggestion` the nearest text that can be read. `text` is the expression verbatim.
    """

    text: str
    kind: WhenKind
    begin: dt.date | None = None
    end: dt.date | None = None
    precision: Precision | None = None
    approximate: bool = False
    tentative: bool = False
    recurs: str | None = None
    note: str | None = None
    readings: tuple[When, ...] = ()
    slip: str | None = None
    suggestion: str | None = None


class Unread(Exception):  # noqa: N818 - it is an outcome of the grammar, not a fault of the program
    """The tokens are not in the grammar, or name a day that does not exist; `near` is a text that could be meant."""

    def __init__(self, slip: str | None = None, near: str | None = None) -> None:
        super().__init__(slip)
        self.slip, self.near = slip, near


def month_end(year: int, month: int) -> dt.date:
    """The last day of a month."""
    return dt.date(year, month, monthrange(year, month)[1])
