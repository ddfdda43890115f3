"""A cycle in a few sentences: who has not sent, what is overdue or to be defined, what changed since the last one.

`news` tells in words what a list of changes comes to: in which items the Secretariat's data changed, and on how many
each country answered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from crmxl import members
from crmxl.dates import in_days
from crmxl.decisions import Catalogue
from crmxl.definition import Record
from crmxl.evolution import last_cycle
from crmxl.marks import MARK_LABELS, MARKS
from crmxl.registers import Change
from crmxl.status import Item, count
from crmxl.text import LANGS, B, Bilingual, listed

LISTED = 20
"""So many changed items are named; of more, their number is told."""
NAMED = 6
"""So many activities are named in a sentence; of more, their number is told."""


def digest(
    missing: Iterable[str], items: Sequence[Item], evolution: Sequence[Record], cycle: str, as_of: dt.date
) -> list[Bilingual]:
    """The sentences, in both languages. `missing` are the countries that have not sent, by code; `evolution` is the
    register of that name, in which `cycle` is the present one."""
    names = [members.BY_CODE[code].name for code in missing]
    told = Bilingual(*(listed((name[lang] for name in names), lang) or "—" for lang in LANGS))
    found = [
        B("Falta el envío de {names}.", "Missing returns: {names}.").format(names=told)
        if names
        else B("Enviaron los once países.", "All eleven countries have sent.")
    ]
    if not items:
        return found
    overdue = sorted((item for item in items if item.mark == "overdue"), key=lambda item: -(item.days_late or 0))
    undefined = [item for item in items if item.mark == "undefined"]
    undefined.sort(key=lambda item: item.since.as_of if item.since else as_of)
    if overdue:
        found.append(B("Vencidas: {items}.", "Overdue: {items}.").format(items=_named(overdue)))
    else:
        found.append(B("Ninguna actividad está vencida.", "No activity is overdue."))
    if undefined:
        found.append(B("Por definir: {items}.", "Undefined: {items}.").format(items=_named(undefined, since=True)))
    return [*found, _progress(items, evolution, cycle)]


def news(changes: Iterable[Change], catalogue: Catalogue) -> list[Bilingual]:
    """What changed, in sentences: the items of each kind, then the answers of each country, by kind."""
    items: dict[str, dict[str, None]] = {}
    answers: dict[str, dict[str, set[str]]] = {}
    sheets: dict[str, Bilingual] = {}
    for change in changes:
        target, kind = change.target, catalogue.kind(change.target.table)
        sheets[kind.key] = kind.sheet
        if target.country in members.BY_CODE:
            answers.setdefault(str(target.country), {}).setdefault(kind.key, set()).add(target.item)
        elif kind.returns:
            items.setdefault(kind.key, {})[target.item] = None
    found = [
        B("{sheet}: cambió {items}.", "{sheet}: {items} changed.").format(sheet=sheets[key], items=_some(list(numbers)))
        for key, numbers in items.items()
    ]
    told = [_answered(code, answers[code], sheets) for code in members.CODES if code in answers]
    if told:
        lines = Bilingual(*("; ".join(text[lang] for text in told) for lang in LANGS))
        found.append(
            B("Filas contestadas o corregidas: {lines}.", "Rows answered or corrected: {lines}.").format(lines=lines)
        )
    return found or [B("Nada cambió.", "Nothing changed.")]


def _answered(code: str, rows: Mapping[str, set[str]], sheets: Mapping[str, Bilingual]) -> Bilingual:
    """On how many rows of each sheet a country answered."""
    counts = [Bilingual(*(f"{len(items)} ({sheets[key][lang]})" for lang in LANGS)) for key, items in rows.items()]
    return Bilingual(
        *(f"{members.BY_CODE[code].name[lang]} {listed((c[lang] for c in counts), lang)}" for lang in LANGS)
    )


def _some(numbers: Sequence[str]) -> Bilingual:
    """The first of some items by their numbers, and how many more."""
    more = [B("{n} más", "{n} more").format(n=len(numbers) - LISTED)] if len(numbers) > LISTED else []
    return Bilingual(*(listed((*numbers[:LISTED], *(text[lang] for text in more)), lang) for lang in LANGS))


def _progress(items: Sequence[Item], evolution: Sequence[Record], cycle: str) -> Bilingual:
    """How the marks changed since the last cycle."""
    last = last_cycle(evolution, cycle)
    if last is None:
        return B("Es el primer ciclo que se consolida.", "It is the first cycle that is consolidated.")
    name, before = last
    now = count(items)
    changes = [(mark, now[mark] - before.get(mark, 0)) for mark in MARKS if now[mark] != before.get(mark, 0)]
    if not changes:
        return B("Las marcas son las del ciclo {name}.", "The marks are those of cycle {name}.").format(name=name)
    told = [
        ", ".join(f"{MARK_LABELS[mark][lang].lower()} {change:+d}".replace("-", "−") for mark, change in changes)
        for lang in LANGS
    ]
    text = B("Desde el ciclo {name}: {told}.", "Since cycle {name}: {told}.")
    return text.format(name=name, told=Bilingual(*told))


def _named(items: Sequence[Item], *, since: bool = False) -> Bilingual:
    """The first of some activities, with how late they are or since when they bear their mark, and how many more."""
    groups: dict[Bilingual | None, list[str]] = {}
    for item in items[:NAMED]:
        late = B("hace {days}", "{days} ago").format(days=in_days(item.days_late)) if item.days_late else None
        groups.setdefault(item.since.text if since and item.since else late, []).append(item.record.key[0])
    rest = [B("{n} más", "{n} more").format(n=len(items) - NAMED)] if len(items) > NAMED else []
    told = []
    for lang in LANGS:
        parts = [
            f"{listed(numbers, lang)} ({why[lang]})" if why else listed(numbers, lang)
            for why, numbers in groups.items()
        ]
        told.append("; ".join((*parts, *(more[lang] for more in rest))))
    return Bilingual(*told)
