"""What the journal of a cycle's folder tells: each file that came, what was found in it, what was noted by hand.

What a person corrects never changes a line: it is one more line, and the last word on a thing counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crmxl.journal import Line

EXTENSION, NOTHING, CONTACTED, REMARK = "extension", "nothing", "contacted", "remark"
"""What can be noted of a country: a day until which it may send, the day on which it said that it has nothing to
report, the day of a contact, and free words."""
OF_COUNTRY = (EXTENSION, NOTHING, CONTACTED, REMARK)
COUNTRY, RECEIVED, USED = "country", "received", "used"
"""What can be corrected of a file: whose it is, when it came, whether it counts."""
OF_FILE = (COUNTRY, RECEIVED, USED, REMARK)


@dataclass(frozen=True)
class Verdict:
    """What was found in one workbook: of a file, or one of those that a mail or an archive brought."""

    name: str = ""
    sha256: str = ""
    country: str = ""
    cycle: str = ""
    accepted: bool = False
    refused: bool = False
    type: str = ""
    cells: int = 0
    errors: int = 0
    warnings: int = 0
    explained: int = 0
    same: bool = False
    """Whether it is the template as it was issued."""
    mailed: str = ""
    number: float = 0
    sheets: str = ""
    """The keys of the tables that it holds, in their order."""
    why: str = ""
    """Of a file that was not accepted, the code of the first finding that says why."""

    @property
    def is_book(self) -> bool:
        """Whether it is a workbook, and no letter that came along."""
        return self.accepted or self.refused


@dataclass(frozen=True)
class Arrival:
    """A file that came: its SHA-256, its names, when it came first, how often, and what was found in it."""

    sha256: str
    names: tuple[str, ...]
    at: str
    times: int = 1
    verdicts: tuple[Verdict, ...] | None = None
    """None while it was not looked at."""
    reviews: Mapping[str, str] = field(default_factory=dict)
    """The copy that goes back, by the SHA-256 of the workbook that it answers."""
    reviewed_for: Mapping[str, str] = field(default_factory=dict)
    """To which country it goes, by the same."""
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name under which it came first."""
        return self.names[0]

    @property
    def several(self) -> bool:
        """Whether it brought more than one workbook."""
        return sum(verdict.is_book for verdict in self.verdicts or ()) > 1

    @property
    def received(self) -> str:
        """When it came (ISO, UTC), as the Secretariat has it."""
        return self.said.get(RECEIVED) or self.at

    @property
    def used(self) -> bool:
        """Whether it counts."""
        return self.said.get(USED, "yes") != "no"


@dataclass(frozen=True)
class Ledger:
    """What the journal tells: the files in the order in which they came, and what was noted of each country."""

    arrivals: tuple[Arrival, ...] = ()
    said: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    contacts: Mapping[str, str] = field(default_factory=dict)
    """When the Secretariat last turned to a country (ISO, UTC)."""
    issued: frozenset[str] = frozenset()
    """The countries to which a template was issued."""
    cycle: str = ""
    """The name of the cycle for which templates were issued."""
    deadline: str = ""
    """The deadline with which they were issued (ISO)."""
    published: str = ""
    """The consolidated workbook of which the circulating copy was made last."""
    merged: Mapping[str, str] = field(default_factory=dict)
    """The SHA-256 of each consolidated workbook as it was made, by its name."""
    drafts: Mapping[str, str] = field(default_factory=dict)
    """The SHA-256 of each letter as it was written, by its path in the folder."""

    def of(self, country: str, what: str) -> str:
        """What was noted of a country; blank if nothing was."""
        return self.said.get(country, {}).get(what, "")

    def counts(self, sha256: str) -> bool:
        """Whether the Secretariat lets a file, or one of the workbooks that it brought, count."""
        return self.said.get(sha256, {}).get(USED) != "no"

    @property
    def books(self) -> Iterator[tuple[Arrival, Verdict]]:
        """Each workbook that was looked at and counts, with the file that brought it, in the order of their coming."""
        for arrival in self.arrivals:
            for verdict in arrival.verdicts or () if arrival.used else ():
                if self.counts(verdict.sha256):
                    yield arrival, verdict

    @property
    def withdrawn(self) -> frozenset[str]:
        """The workbooks that do not count, by their SHA-256."""
        seen = {verdict.sha256 for arrival in self.arrivals for verdict in arrival.verdicts or ()}
        return frozenset(seen - {verdict.sha256 for _, verdict in self.books})

    @property
    def parts(self) -> Mapping[str, tuple[Arrival, Verdict]]:
        """The workbooks of files that brought several, by their SHA-256: of each is said whose it is, and whether it
        counts."""
        alone = {arrival.sha256 for arrival in self.arrivals}
        return {
            verdict.sha256: (arrival, verdict)
            for arrival in self.arrivals
            if arrival.several
            for verdict in arrival.verdicts or ()
            if verdict.is_book and verdict.sha256 not in alone
        }

    @property
    def waiting(self) -> tuple[Arrival, ...]:
        """The files that count and were not looked at."""
        return tuple(arrival for arrival in self.arrivals if arrival.used and arrival.verdicts is None)


def ledger(lines: Iterable[Line]) -> Ledger:
    """What lines tell, in their order."""
    arrivals: dict[str, Arrival] = {}
    said: dict[str, dict[str, str]] = {}
    contacts: dict[str, str] = {}
    merged: dict[str, str] = {}
    drafts: dict[str, str] = {}
    cycle = deadline = published = ""
    issued: set[str] = set()
    for line in lines:
        told = line.told
        sha = str(told.get("sha256", ""))
        if line.event in ("received", "again"):
            arrivals[sha] = _again(arrivals.get(sha), sha, str(told.get("name", "")), line.at)
        elif line.event == "checked" and sha in arrivals:
            arrivals[sha] = replace(arrivals[sha], verdicts=_verdicts(told.get("books", ())))
        elif line.event == "reviewed" and sha in arrivals:
            book = str(told.get("book", sha))
            known = arrivals[sha]
            copies = {**known.reviews, book: str(told.get("copy", ""))}
            whose = {**known.reviewed_for, book: str(told.get("country", ""))}
            arrivals[sha] = replace(known, reviews=copies, reviewed_for=whose)
        elif line.event == "corrected":
            said.setdefault(str(told.get("of", "")), {})[str(told.get("what", ""))] = str(told.get("value", ""))
        elif line.event in ("issued", "reminded"):
            reached = dict.fromkeys(map(str, told.get("countries", ())), line.at)
            contacts |= reached if line.event == "reminded" else {}
            issued |= set(reached) if line.event == "issued" else set()
            drafts |= {str(path): str(sha_) for path, sha_ in dict(told.get("drafts", {})).items()}
            cycle, deadline = str(told.get("cycle", cycle)), str(told.get("deadline", deadline))
        elif line.event == "merged":
            merged[str(told.get("name", ""))] = sha
        elif line.event == "published":
            published = str(told.get("of", ""))
    told_of = [replace(arrival, said=said.get(sha, {})) for sha, arrival in arrivals.items()]
    by_time = sorted(told_of, key=lambda arrival: (arrival.received, arrival.name))
    return Ledger(tuple(by_time), said, contacts, frozenset(issued), cycle, deadline, published, merged, drafts)


def _again(known: Arrival | None, sha: str, name: str, at: str) -> Arrival:
    if known is None:
        return Arrival(sha, (name,), at)
    names = known.names if name in known.names else (*known.names, name)
    return replace(known, names=names, times=known.times + 1)


def _verdicts(books: Sequence[Mapping[str, Any]]) -> tuple[Verdict, ...]:
    return tuple(
        Verdict(**{name: book[name] for name in Verdict.__dataclass_fields__ if name in book}) for book in books
    )
