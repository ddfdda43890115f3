"""A calendar expression told to a person: what kind it is, from when to when, and where that day stands to another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from crmxl.dates import When, WhenKind, convened, in_days, render, spoken
from crmxl.text import B, Bilingual, Lang

KIND_LABELS: dict[WhenKind, Bilingual] = {
    "period": B("período", "period"),
    "continuous": B("continuo", "continuous"),
    "undefined": B("por definir", "to be defined"),
    "pending": B("pendiente", "pending"),
    "recurring": B("se repite", "recurs"),
    "event": B("sigue a las reuniones", "follows the meetings"),
    "relative": B("plazo que depende de otra fecha", "term that depends on another date"),
    "horizon": B("horizonte, sin fecha", "horizon, without a date"),
    "done": B("realizado", "done"),
    "ambiguous": B("dos lecturas posibles", "two readings possible"),
    "unreadable": B("no se entiende", "not understood"),
}


def as_dict(when: When) -> dict[str, Any]:
    """An expression as JSON gives it."""
    return {
        "text": when.text,
        "kind": when.kind,
        "begin": when.begin.isoformat() if when.begin else None,
        "end": when.end.isoformat() if when.end else None,
        "precision": when.precision,
        "approximate": when.approximate,
        "tentative": when.tentative,
        "recurs": when.recurs,
        "note": when.note,
        "readings": [as_dict(reading) for reading in when.readings],
        "slip": when.slip,
        "suggestion": when.suggestion,
    }


def _days(when: When, lang: Lang) -> str:
    if when.end is None:
        since = B("desde el {day}", "since {day}")
        return since.format(day=_day(when.begin))[lang] if when.begin else ""
    if when.begin is None:
        return B("a más tardar el {day}", "by {day}").format(day=_day(when.end))[lang]
    if when.begin == when.end:
        return _day(when.end)[lang]
    return B("del {first} al {last}", "from {first} to {last}").format(first=_day(when.begin), last=_day(when.end))[
        lang
    ]


def _day(day: dt.date | None) -> Bilingual:
    return B(spoken(day), spoken(day, "en")) if day else B("—", "—")


def _stands(when: When, day: dt.date) -> Bilingual | None:
    """Where the end of a period stands to a day."""
    if when.kind != "period" or when.end is None:
        return None
    left = (when.end - day).days
    facts = {"day": _day(day), "days": in_days(abs(left))}
    if left < 0:
        return B("al {day}, terminó hace {days}", "as of {day}, it ended {days} ago").format(**facts)
    return B("al {day}, termina en {days}", "as of {day}, it ends in {days}").format(**facts)


def in_words(when: When, as_of: dt.date, lang: Lang) -> Iterator[str]:
    """What an expression means, in lines."""
    told = [KIND_LABELS[when.kind][lang], _days(when, lang)]
    if when.kind == "recurring":
        told.append(render(when, lang))
    if when.kind == "event":
        told.append(convened(when)[lang])
    told += [B("aproximado", "approximate")[lang]] if when.approximate else []
    told += [B("tentativo", "tentative")[lang]] if when.tentative else []
    if stands := _stands(when, as_of):
        told.append(stands[lang])
    yield f"{when.text}: {', '.join(filter(None, told))}"
    if when.note:
        yield B("   nota: {text}", "   note: {text}").format(text=when.note)[lang]
    for reading in when.readings:
        meant = " ".join(filter(None, (_days(reading, lang), render(reading, lang) if reading.recurs else "")))
        yield B("   puede ser: {text}", "   it may be: {text}").format(text=meant)[lang]
    if when.slip:
        yield B("   lo que no se entiende: «{text}»", "   what is not understood: “{text}”").format(text=when.slip)[
            lang
        ]
    if when.suggestion:
        yield B("   ¿quiso decir «{text}»?", "   did you mean “{text}”?").format(text=when.suggestion)[lang]
