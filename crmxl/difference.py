"""What changed between two versions of the Secretariat's workbooks: cell by cell, by item and country.

An item that was numbered anew is the same item: its number is what changed. What is derived from other cells is left
out, for it says nothing new.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from crmxl import members
from crmxl.canonical import Canonical
from crmxl.dates import spoken
from crmxl.decisions import Catalogue, Target, natural
from crmxl.definition import Column, Key, Kind, Record, Table
from crmxl.registers import Change
from crmxl.succession import about, succession
from crmxl.tables import shown
from crmxl.text import B, Bilingual, Lang
from crmxl.values import Value

ABOUT = 70
"""Characters of an activity's text that introduce its changes."""


def difference(old: Canonical, new: Canonical, kinds: Sequence[Kind]) -> tuple[Change, ...]:
    """Every cell of the data sheets of `kinds` that is otherwise, in the order of the new workbook; of a kind that only
    one of the two holds nothing is told."""
    catalogue = Catalogue(kinds)
    found: list[Change] = []
    for kind in (kind for kind in kinds if _holds(old, kind) and _holds(new, kind)):
        items = kind.items_table.name
        rows = {record.key: record.values for record in new.of(items)}
        before = {record.key: record for record in old.of(items)}
        numbers = succession(kind, before, about(kind, rows)).numbers if kind.answers_table else {}
        for table in kind.tables:
            lost = [record.key for record in old.of(table.name) if numbers.get(record.key[0], "") is None]
            then = {_moved(r.key, numbers): r for r in old.of(table.name) if r.key not in lost}
            now = {record.key: record for record in new.of(table.name)}
            if table == kind.items_table:
                lost += [record.key for key, record in then.items() if key not in now]
            gone = {record.key: record for record in old.of(table.name) if record.key in lost}
            found += _changes(table, {key: r for key, r in then.items() if r.key not in lost}, now)
            found += (replace(change, gone=True) for change in _changes(table, gone, {}))
    kind_of = {table.name: place for place, kind in enumerate(kinds) for table in kind.tables}

    def order(change: Change) -> tuple[object, ...]:
        target = change.target
        return (kind_of[target.table], natural(target.item), not change.gone, catalogue.order(target))

    return tuple(sorted(found, key=order))


def _holds(workbook: Canonical, kind: Kind) -> bool:
    return bool(workbook.of(kind.items_table.name))


def _moved(key: Key, numbers: Mapping[str, str | None]) -> Key:
    return (numbers.get(key[0]) or key[0], *key[1:])


def _changes(table: Table, then: Mapping[Key, Record], now: Mapping[Key, Record]) -> Iterator[Change]:
    columns = [column for column in table.stored if column.derive is None]
    for key in dict.fromkeys((*now, *then)):
        old, new = then.get(key), now.get(key)
        country = key[table.key.index("country")] if "country" in table.key else None
        item = " · ".join(part for name, part in zip(table.key, key, strict=True) if name != "country")
        for column in columns:
            before = old.values.get(column.key) if old else None
            after = new.values.get(column.key) if new else None
            renumbered = old is not None and new is not None and old.key != key
            if (column.key not in table.key or renumbered) and not _same(column, before, after):
                yield Change(Target(table.name, item, country, column.key), before, after)


def _same(column: Column, before: Value, after: Value) -> bool:
    return before is after if before is None or after is None else column.type.same(before, after)


def change_dict(change: Change, catalogue: Catalogue, lang: Lang) -> dict[str, Any]:
    """A change as JSON gives it."""
    target, column = change.target, catalogue.column(change.target)
    return {
        "id": target.item,
        "country": target.country,
        "sheet": catalogue.table(target.table).sheet[lang],
        "column": column.title[lang],
        "old": shown(change.old, column, lang) or None,
        "new": shown(change.new, column, lang) or None,
        "change": change.kind,
    }


_SAID: Mapping[str, Bilingual] = {
    "added": B("{what}: «{new}»", "{what}: “{new}”"),
    "removed": B("{what}: ya no dice «{old}»", "{what}: no longer “{old}”"),
    "changed": B("{what}: de «{old}» a «{new}»", "{what}: from “{old}” to “{new}”"),
}
_ANSWERED: Mapping[str, Bilingual] = {
    "added": B("{who} informó en {where}, {what}: «{new}».", "{who} reported in {where}, {what}: “{new}”."),
    "removed": B(
        "{who} borró su respuesta en {where}, {what}, que decía «{old}».",
        "{who} erased its answer in {where}, {what}, which said “{old}”.",
    ),
    "changed": B(
        "{who} cambió su respuesta en {where}, {what}, de «{old}» a «{new}».",
        "{who} changed its answer in {where}, {what}, from “{old}” to “{new}”.",
    ),
}
_CHANGED: Mapping[str, Bilingual] = {
    "added": B("En {where} se agregó {what}: «{new}».", "In {where}, {what} was added: “{new}”."),
    "removed": B(
        "En {where} se quitó {what}, que decía «{old}».", "In {where}, {what} was taken out, which said “{old}”."
    ),
    "changed": B("En {where}, {what} pasó de «{old}» a «{new}».", "In {where}, {what} went from “{old}” to “{new}”."),
}
_SEVERAL = B("{who} informó en {where}: {told}.", "{who} reported in {where}: {told}.")
_QUOTED = B("«{text}»", "“{text}”")
_OLD = B("La hoja {sheet} está sólo en el primer libro.", "The sheet {sheet} is in the first workbook only.")
_FRESH = B("La hoja {sheet} está sólo en el segundo libro.", "The sheet {sheet} is in the second workbook only.")
_NEW = B(" (fila nueva)", " (new row)")
_GONE = B(" (ya no está)", " (no longer there)")


def in_words(value: Value, column: Column, lang: Lang) -> str:
    """A value as it is told: a day in words, everything else as its sheet shows it."""
    return spoken(value, lang) if isinstance(value, dt.date) else shown(value, column, lang)


def _heading(change: Change, catalogue: Catalogue) -> tuple[str, str, bool]:
    return catalogue.kind(change.target.table).key, change.target.item, change.gone


def _told(change: Change, catalogue: Catalogue, lang: Lang) -> str:
    """A change in words: whose word on which column, what it was, what it is."""
    column = catalogue.column(change.target)
    who = members.BY_CODE[change.target.country].name[lang] if change.target.country in members.BY_CODE else ""
    what = " · ".join(filter(None, (who, column.title[lang])))
    values = {"old": in_words(change.old, column, lang), "new": in_words(change.new, column, lang)}
    return _SAID[change.kind].format(what=what, **values)[lang]


def sentence(changes: Sequence[Change], catalogue: Catalogue, lang: Lang) -> str:
    """A change as a sentence that stands alone, to be pasted into a report; of several, what a country answered to an
    item for the first time."""
    change = changes[0]
    target, column = change.target, catalogue.column(change.target)
    if len(changes) > 1:
        columns = [(catalogue.column(one.target), one.new) for one in changes]
        told = "; ".join(
            f"{c.title[lang]}, {_QUOTED[lang].format(text=_ended(in_words(v, c, lang)))}" for c, v in columns
        )
        who = members.BY_CODE[str(target.country)].name[lang]
        where = f"{catalogue.kind(target.table).sheet[lang]} {target.item}"
        return _SEVERAL[lang].format(who=who, where=where, told=told)
    texts = _ANSWERED if target.country in members.BY_CODE else _CHANGED
    return texts[change.kind][lang].format(
        who=members.BY_CODE[target.country].name[lang] if target.country in members.BY_CODE else "",
        what=column.title[lang],
        where=f"{catalogue.kind(target.table).sheet[lang]} {target.item}",
        old=_ended(in_words(change.old, column, lang)),
        new=_ended(in_words(change.new, column, lang)),
    )


def _ended(text: str) -> str:
    """A text as it is quoted within a sentence: without the point at its end."""
    return text.rstrip().removesuffix(".") or "—"


def change_lines(
    changes: Sequence[Change], old: Canonical, new: Canonical, kinds: Sequence[Kind], lang: Lang
) -> Iterator[str]:
    """Changes in words, by item."""
    catalogue = Catalogue(kinds)
    for side, other, which in ((old, new, _OLD), (new, old, _FRESH)):
        for kind in (kind for kind in kinds if _holds(side, kind) and not _holds(other, kind)):
            yield which.format(sheet=kind.sheet)[lang]
    for (name, item, gone), group in groupby(changes, key=lambda c: _heading(c, catalogue)):
        kind = next(kind for kind in kinds if kind.key == name)
        told = list(group)
        rows = {record.key[0]: record for record in (old if gone else new).of(kind.items_table.name)}
        fresh = all(change.kind == "added" for change in told) and any(
            change.target.table == name and change.target.column == kind.subject for change in told
        )
        record = rows.get(item)
        about = kind.about(record.values, lang) if record else ""
        came = _GONE[lang] if gone else _NEW[lang] if fresh else ""
        about = about if len(about) <= ABOUT else f"{about[:ABOUT]}…"
        yield f"{kind.sheet[lang]} {item}{came}: {about}".rstrip(": ")
        for change in told:
            yield f"   {_told(change, catalogue, lang)}"
