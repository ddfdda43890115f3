"""One draft plan of what working groups put in: every action, in the axis that its group became, and what to look at.

An action is regional, so it names at least two countries; and it should not repeat what the network's own plan, another
group or another forum does. What is alike is listed side by side; nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crmxl import parties
from crmxl.definition import Kind, Record, Values
from crmxl.findings import Finding, Place, Source, finding
from crmxl.messages import Code
from crmxl.submission import Submission
from crmxl.succession import alike
from crmxl.text import LANGS, Bilingual, listed
from crmxl.values import Value

_NEEDED = ("group", "action", "countries", "responsible", "period")
REGIONAL = 2
"""An action of fewer countries is not regional."""


@dataclass(frozen=True, slots=True)
class Alike:
    """An action of the draft and what it resembles: the number and text of each, where the other stands, how alike."""

    number: str
    text: str
    where: str
    other: str
    other_text: str
    percent: int


@dataclass(frozen=True)
class Draft:
    """The draft: its rows, what is alike, what was found in the groups' files."""

    rows: tuple[Record, ...]
    alike: tuple[Alike, ...]
    findings: tuple[Finding, ...]


def draft(
    plan: Kind,
    group: Kind,
    inputs: Sequence[Submission],
    became: Mapping[str, str],
    elsewhere: Mapping[tuple[str, str], str],
) -> Draft:
    """Put the input of working groups together. `became` tells which axis each group became; `elsewhere` is what is
    done already: its text by where it stands and its number there."""
    found: list[Finding] = [item for one in inputs for item in one.findings]
    told = [
        (one, record)
        for one in sorted(inputs, key=lambda item: item.source.sha256)
        for record in one.records.get(group.key, ())
    ]
    told.sort(key=lambda pair: (became.get(pair[1].text("group"), "z"), pair[1].text("group")))
    rows: list[Record] = []
    before: dict[str, Values] = {}
    for submission, record in told:
        whose = record.text("group")
        said = {**(before.get(whose, {}) if whose else {}), **_named(record)}
        before[whose] = {key: said[key] for key in _ONCE if key in said}
        number = f"TIM-{len(rows) + 1}"
        rows.append(Record((number,), _row(number, record, said, became), record.places))
        found += _doubtful(group, record, number, submission.source)
    return Draft(tuple(rows), tuple(_alike(plan, rows, elsewhere)), tuple(found))


_ONCE = ("facilitator", "rapporteur")
"""What a group says once for all of its rows."""


def _named(record: Record) -> Values:
    return {key: record.values[key] for key in _ONCE if key in record.values}


def _row(number: str, record: Record, said: Values, became: Mapping[str, str]) -> Values:
    own = ("group", "action", "countries", "responsible", "period", "indicator")
    values: dict[str, Value] = {"id": number, "axis": became.get(record.text("group"))}
    values |= {key: record.values[key] for key in own if key in record.values}
    return {key: value for key, value in {**values, **said}.items() if value is not None}


def _doubtful(group: Kind, record: Record, number: str, source: Source) -> Iterator[Finding]:
    """What to ask a group about an action."""
    place = record.places.get("countries") or next(iter(record.places.values()), Place(source))
    countries = record.text("countries")
    understood = parties.understand(countries)
    if countries and (len(understood.concerned) < REGIONAL or understood.unread):
        yield finding(Code.R111, place, item=number, found=countries)
    missing = [group.column(key).title for key in _NEEDED if key not in record.values]
    if missing:
        names = Bilingual(*(listed((title[lang] for title in missing), lang) for lang in LANGS))
        yield finding(Code.R102, place, key=number, missing=names)


def _alike(plan: Kind, rows: Sequence[Record], elsewhere: Mapping[tuple[str, str], str]) -> Iterator[Alike]:
    own = {row.key[0]: text for row in rows if (text := row.text(plan.subject or ""))}
    known = {f"{where}\x1f{number}": text for (where, number), text in elsewhere.items()}
    for likeness in alike(own, known):
        where, _, number = likeness.other.rpartition("\x1f")
        text = known.get(likeness.other) or own.get(likeness.other, "")
        yield Alike(likeness.new, own[likeness.new], where or plan.sheet.es, number, text, likeness.percent)
