"""The board of a cycle: which country has sent, in what state, how late, and when it was last written to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from crmxl.ledger import CONTACTED, COUNTRY, EXTENSION, NOTHING, RECEIVED, Arrival, Ledger, Verdict
from crmxl.messages import Code
from crmxl.text import B, Bilingual

State: TypeAlias = Literal[
    "away", "extended", "other", "unchecked", "refused", "same", "faulty", "explained", "valid", "nothing"
]
STATES: dict[State, Bilingual] = {
    "away": B("no recibido", "not received"),
    "extended": B("no recibido, con prórroga", "not received, extended"),
    "other": B("recibido, de otro ciclo", "received, of another cycle"),
    "unchecked": B("recibido, sin revisar", "received, not checked"),
    "refused": B("recibido, no aceptado", "received, not accepted"),
    "same": B("recibido, sin cambios", "received, unchanged"),
    "faulty": B("recibido, por corregir", "received, to be corrected"),
    "explained": B("recibido, con explicaciones", "received, with explanations"),
    "valid": B("recibido, en orden", "received, in order"),
    "nothing": B("sin novedades", "nothing to report"),
}
"""What can be said of a country's return; the latest counts."""
SENT: frozenset[State] = frozenset(("valid", "faulty", "explained", "nothing", "unchecked"))
"""The states of a country that has sent something that may be used."""


@dataclass(frozen=True)
class Response:
    """How one country stands: its deadline with its extension, the days by which it is or was late, the day on which
    it was last written to or wrote, its files, and the latest of them."""

    country: str
    state: State
    until: dt.date
    late: int
    contact: dt.date | None
    files: int = 0
    errors: int = 0
    last: Arrival | None = None
    review: str = ""
    """The copy that goes back for the latest of its files; blank if there is none that can be filled in."""
    sent: dt.date | None = None
    """The day on which the latest of its files was sent: that of its mail, else that of its reception."""
    file: str = ""
    """The name of the latest of its files; of several in an archive, its own."""


def responses(
    known: Ledger, cycle: str, deadline: dt.date, countries: Sequence[str], as_of: dt.date
) -> tuple[Response, ...]:
    """How each country stands on a day, in the usual order."""
    return tuple(_response(known, cycle, deadline, code, as_of) for code in countries)


def of_country(known: Ledger, code: str, cycle: str) -> Iterator[tuple[Arrival, Verdict | None]]:
    """The files of a country in a cycle that count, as they came, each with what was found; a file that does not say
    its cycle is of this one."""
    for arrival in known.arrivals:
        if arrival.used and arrival.verdicts is None and arrival.said.get(COUNTRY) == code:
            yield arrival, None
    for arrival, verdict in known.books:
        whose = verdict.country or arrival.said.get(COUNTRY, "")
        if whose == code and verdict.cycle in ("", cycle):
            yield arrival, verdict


def _response(known: Ledger, cycle: str, deadline: dt.date, code: str, as_of: dt.date) -> Response:
    until = day(known.of(code, EXTENSION)) or deadline
    came = sorted(of_country(known, code, cycle), key=_moment)
    came = [one for one in came if not (one[1] and one[1].why == Code.B106.name)] or came  # a copy nobody worked on
    arrival, verdict = _in_force(came) if came else (None, None)
    nothing = day(known.of(code, NOTHING))
    when = _sent(arrival, verdict) if arrival else nothing
    state: State = "extended" if until > deadline and until >= as_of else "away"
    others = [brought for brought, one in known.books if one.country == code]
    if not came and any(one.accepted and one.country == code for _, one in known.books):
        late = max((as_of - until).days, 0)
        last = others[-1]
        came_on = day(last.received)
        return Response(code, "other", until, late, came_on, last=last, sent=came_on, file=last.name)
    if arrival is not None:
        state = _of_verdict(verdict)
        if state == "refused" and any(one and one.accepted for _, one in came):
            state = "faulty"  # what it sent before still counts
    elif nothing is not None:
        state = "nothing"
    days = [day(text) for text in (known.contacts.get(code, ""), known.of(code, CONTACTED))]
    days += [day(one.received) for one, _ in came] + [nothing]
    late = max(((when or as_of) - until).days, 0)
    errors = verdict.errors if verdict else 0
    copies = {book: copy for one in known.arrivals for book, copy in one.reviews.items()}
    review = copies.get(verdict.sha256, "") if verdict and verdict.sheets else ""
    file = (
        verdict.name.rpartition("/")[2] if arrival and arrival.several and verdict else arrival.name if arrival else ""
    )
    contact = max((one for one in days if one), default=None)
    files = len({one.sha256 for one, _ in came})
    return Response(code, state, until, late, contact, files, errors, arrival, review, when if arrival else None, file)


def _in_force(came: Sequence[tuple[Arrival, Verdict | None]]) -> tuple[Arrival, Verdict | None]:
    """Which of a country's files says how it stands: the latest of each workbook that goes round (the plan, the other
    registers); of several, the one of which most is asked."""
    last: dict[frozenset[str], tuple[Arrival, Verdict | None]] = {}
    for one in came:
        sheets = frozenset(one[1].sheets.split()) if one[1] else frozenset()
        last = {earlier: kept for earlier, kept in last.items() if not earlier <= sheets}
        last[sheets] = one
    return max(last.values(), key=lambda one: (_ASKED.index(_of_verdict(one[1])), _moment(one)))


_ASKED: tuple[State, ...] = ("nothing", "valid", "same", "explained", "unchecked", "refused", "faulty")
"""The states of a file, the more asks of its country the later."""


def _moment(came: tuple[Arrival, Verdict | None]) -> tuple[str, str, float]:
    """When a file came, as a merge has it: by the register, else by its mail, else by its number."""
    arrival, verdict = came
    return arrival.received, verdict.mailed if verdict else "", verdict.number if verdict else 0


def _sent(arrival: Arrival, verdict: Verdict | None) -> dt.date | None:
    """The day on which a file was sent: that of its mail, unless the Secretariat says when it came."""
    mailed = day(verdict.mailed) if verdict and not arrival.said.get(RECEIVED) else None
    return mailed or day(arrival.received)


def _of_verdict(verdict: Verdict | None) -> State:
    if verdict is None:
        return "unchecked"
    if not verdict.accepted:
        return "refused"
    if verdict.errors:
        return "faulty"
    if verdict.same and verdict.type != "nothing":
        return "same"
    if verdict.explained:
        return "explained"
    return "nothing" if verdict.type == "nothing" else "valid"


def day(text: str) -> dt.date | None:
    """The day of a moment or day in ISO; None of anything else."""
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None
