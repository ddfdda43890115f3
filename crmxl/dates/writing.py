"""Calendar expressions written out: every `When` in Spanish and English, so that it reads back as it was."""

from __future__ import annotations

import datetime as dt

from crmxl.dates.when import When, month_end
from crmxl.text import MONTH_NAMES, B, Bilingual, Lang, listed


def spoken(day: dt.date, lang: Lang = "es") -> str:
    """A day as an official writes it: `26 de noviembre de 2009`, `26 November 2009`."""
    joint = " de " if lang == "es" else " "
    return f"{day.day}{joint}{MONTH_NAMES[lang][day.month - 1]}{joint}{day.year}"


def short(day: dt.date, lang: Lang = "es") -> str:
    """A day as a narrow cell has it: `26/11/2009`, `26 Nov 2009`."""
    return f"{day:%d/%m/%Y}" if lang == "es" else f"{day.day} {MONTH_NAMES['en'][day.month - 1][:3]} {day.year}"


def in_days(count: int) -> Bilingual:
    """A number of days with its noun."""
    return Bilingual(f"{count} día{'s' if count != 1 else ''}", f"{count} day{'s' if count != 1 else ''}")


_NTH: dict[Lang, tuple[str, ...]] = {
    "es": ("primer", "segundo", "tercer", "cuarto", "quinto", "sexto"),
    "en": ("first", "second", "third", "fourth", "fifth", "sixth"),
}
_PART: dict[str, tuple[int, Bilingual]] = {
    "bimester": (2, B("bimestre", "two-month period")),
    "quarter": (3, B("trimestre", "quarter")),
    "four_months": (4, B("cuatrimestre", "four-month period")),
    "half": (6, B("semestre", "half")),
}
_STATES = {
    "continuous": B("Continuo", "Ongoing"),
    "undefined": B("Por definir", "To be defined"),
    "pending": B("Pendiente", "Pending"),
}


def _month(day: dt.date, lang: Lang) -> str:
    joint = " de " if lang == "es" else " "
    return f"{MONTH_NAMES[lang][day.month - 1]}{joint}{day.year}"


def _range(first: str, last: str, lang: Lang) -> str:
    return f"{first} – {last}" if lang == "en" else f"de {first} a {last}"


def _span(begin: dt.date, end: dt.date, lang: Lang) -> str:
    """The shortest exact words for a period."""
    whole = begin.day == 1 and end == month_end(end.year, end.month)
    if begin == end:
        return spoken(begin, lang)
    if not whole:
        first, last = spoken(begin, lang), spoken(end, lang)
        return f"del {first} al {last}" if lang == "es" else f"{first} to {last}"
    if begin.month == 1 and end.month == 12:
        return str(begin.year) if begin.year == end.year else f"{begin.year}–{end.year}"
    if (begin.year, begin.month) == (end.year, end.month):
        return _month(begin, lang)
    return _range(_month(begin, lang), _month(end, lang), lang)


def _part(when: When, lang: Lang) -> str | None:
    """`primer trimestre de 2018`, where the precision says so and the days are those of one part."""
    if when.precision not in _PART or when.begin is None or when.end is None:
        return None
    size, name = _PART[when.precision]
    if lang == "en" and size in (2, 4):
        return None
    nth, rest = divmod(when.begin.month - 1, size)
    if rest or when.begin.day != 1 or when.end != month_end(when.begin.year, when.begin.month + size - 1):
        return None
    joint = "de" if lang == "es" else "of"
    return f"{_NTH[lang][nth]} {name[lang]} {joint} {when.begin.year}"


_TURNS: tuple[Bilingual, ...] = (B("principios", "early"), B("mediados", "mid"), B("finales", "late"))


def _turn(when: When, lang: Lang) -> str | None:
    """`finales de junio de 2010`: a third of a month, or of a year, by convention."""
    if when.begin is None or when.end is None:
        return None
    year, month = when.begin.year, when.begin.month
    days = [(1, 10), (11, 20), (21, month_end(year, month).day)]
    if when.precision == "month" and (when.begin.day, when.end.day) in days and when.end.month == month:
        turn, whole = _TURNS[days.index((when.begin.day, when.end.day))], _month(when.begin, lang)
    elif when.precision == "year" and month in (1, 5, 9) and when.end == month_end(year, month + 3):
        turn, whole = _TURNS[month // 4], str(year)
    else:
        return None
    return f"{turn.es} de {whole}" if lang == "es" else f"{turn.en} {whole}"


_UNITS = {"D": B("días", "days"), "W": B("semanas", "weeks"), "M": B("meses", "months"), "Y": B("años", "years")}
_UNIT = {"D": B("día", "day"), "W": B("semana", "week"), "M": B("mes", "month"), "Y": B("año", "year")}
_ORGANS = {
    "CRM": B("de la CRM", "of the RCM"),
    "GRCM": B("del GRCM", "of the RCGM"),
    "RED": B("de la Red", "of the network"),
}


def convened(when: When) -> Bilingual:
    """Whose meetings an expression follows: `de la CRM y del GRCM`, `of the RCM and of the RCGM`."""
    organs = [_ORGANS[organ] for organ in (when.recurs or "").split("+") if organ in _ORGANS]
    if not organs:
        return B("de la CRM o de sus órganos", "of the RCM or its organs")
    return Bilingual(listed((organ.es for organ in organs), "es"), listed((organ.en for organ in organs), "en"))


def _recurs(when: When, lang: Lang) -> str:
    """`cada 6 meses`, `every 6 months`, `cada año`; `en cada reunión de la CRM y del GRCM`."""
    if when.kind == "recurring" and when.recurs:
        count, unit = when.recurs[1:-1], when.recurs[-1]
        length = _UNIT[unit][lang] if count == "1" else f"{count} {_UNITS[unit][lang]}"
        return f"{B('cada', 'every')[lang]} {length}"
    if not when.recurs:
        return B("en cada reunión", "at each meeting")[lang]
    return f"{B('en cada reunión', 'at each meeting')[lang]} {convened(when)[lang]}"


def render(when: When, lang: Lang) -> str:
    """An expression that means the same, in a language; the text as written where there is no other way to say it."""
    if when.kind in _STATES and when.begin is None:
        return _STATES[when.kind][lang]
    if when.kind in ("recurring", "event"):
        return _recurs(when, lang)
    if when.kind == "continuous" and when.begin is not None:
        return B("a partir del {day}", "since {day}").format(day=B(spoken(when.begin), spoken(when.begin, "en")))[lang]
    if when.kind != "period" or when.end is None:
        return when.text
    text = _period(when, when.end, lang)
    return f"{text} ({B('por confirmar', 'to be confirmed')[lang]})" if when.tentative else text


def _period(when: When, end: dt.date, lang: Lang) -> str:
    if when.begin is None:
        due = B("a más tardar el {day}", "no later than {day}")
        return due.format(day=B(spoken(end), spoken(end, "en")))[lang]
    turn = _turn(when, lang) if when.approximate else None
    text = turn or _part(when, lang) or _span(when.begin, end, lang)
    return text if turn or not when.approximate else f"{B('aproximadamente', 'about')[lang]} {text}"
