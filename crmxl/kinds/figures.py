"""What countries report in numbers: indicators of how the Protocols are carried out, and statistics.

Both are proposals until the network adopts a list. One row asks for one figure, of one year or half year where it
repeats; the Secretariat opens a further period with `crmxl period`. Figures are aggregates: no row is about a person.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources

from crmxl.definition import Column, Derivation, Kind, Owner, Rule, Tally, Values
from crmxl.kinds.plan import REMARKS
from crmxl.messages import Code
from crmxl.text import B, Bilingual
from crmxl.values import WORDS, Choice, Date, Figure, Id, Option, Text, Value

PILLARS = Choice(
    (
        Option("law", B("Legislación", "Legislation")),
        Option("coordination", B("Coordinación", "Coordination")),
        Option("prosecution", B("Persecución penal", "Prosecution")),
        Option("protection", B("Protección", "Protection")),
        Option("prevention", B("Prevención", "Prevention")),
        Option("cooperation", B("Cooperación", "Cooperation")),
        Option("network", B("La red", "The network")),
    )
)
CRIMES = Choice(
    (
        Option("tip", B("Trata", "Trafficking")),
        Option("som", B("Tráfico", "Smuggling")),
        Option("both", B("Los dos", "Both")),
    )
)
ASKED = Choice(
    (
        Option("figure", B("Cifra", "Figure")),
        Option("yes_no", B("Sí o No", "Yes or No")),
        Option("date", B("Fecha", "Date")),
    )
)
UNITS = Choice(
    (
        Option("persons", B("personas", "persons")),
        Option("cases", B("casos", "cases")),
        Option("groups", B("grupos", "groups")),
        Option("percent", B("%", "%")),
        Option("years", B("años", "years")),
        Option("usd", B("dólares (USD)", "US dollars")),
        Option("institutions", B("instituciones", "institutions")),
        Option("units", B("unidades", "units")),
        Option("circumstances", B("circunstancias", "circumstances")),
        Option("places", B("lugares", "places")),
        Option("permits", B("permisos", "permits")),
        Option("campaigns", B("campañas", "campaigns")),
        Option("requests", B("solicitudes", "requests")),
        Option("agreements", B("acuerdos", "agreements")),
    )
)
PEOPLE = frozenset(("persons", "cases", "permits", "requests", "groups"))
"""The units of which a small count can tell who somebody is."""

PROPOSED = B(
    "Propuesta: la red no ha adoptado todavía esta lista.", "A proposal: the network has not adopted this list yet."
)
AGGREGATES = B(
    "Sólo cifras totales, nunca datos de una persona. 0: se contó y no hubo; n.d.: no hay dato; n.a.: no aplica.",
    "Totals only, never data of a person. 0: counted, and there were none; n.d.: no data; n.a.: not applicable.",
)
_HOW = B(
    "Indicadores y Estadísticas son una propuesta: la red no los ha adoptado. En Valor escriba una cifra total, nunca "
    "datos de una persona: 0 si se contó y no hubo, n.d. si no hay dato, n.a. si no aplica. Un total es la suma de sus "
    "partes.",
    "Indicators and Statistics are a proposal: the network has not adopted them. In Value write a total, never data of "
    "a person: 0 if counted and there were none, n.d. if there is no data, n.a. if it does not apply. A total is the "
    "sum of its parts.",
)
_ANSWER = (
    Column(
        "value",
        B("Valor", "Value"),
        Figure(),
        Owner.COUNTRY,
        required=True,
        aliases=("Cifra", "Figure"),
        advice=B(
            "Un número, Sí o No, o una fecha, según lo que se pide. 0 si se contó y no hubo; n.d. si no hay dato; n.a. "
            "si no aplica.",
            "A number, Yes or No, or a date, as is asked. 0 if counted and there were none; n.d. if there is no data; "
            "n.a. if it does not apply.",
        ),
        width=12,
    ),
    Column(
        "date",
        B("Fecha", "Date"),
        Date(),
        Owner.COUNTRY,
        advice=B("Desde cuándo, si corresponde.", "Since when, where that applies."),
        width=14,
    ),
    Column(
        "detail",
        B("Detalle", "Detail"),
        Text(2000),
        Owner.COUNTRY,
        advice=B(
            "Lo que la cifra no dice: qué se cuenta, desglose, reservas. Sin datos de personas.",
            "What the figure does not say: what is counted, breakdown, reservations. No data of persons.",
        ),
        width=34,
    ),
    Column(
        "source",
        B("Fuente", "Source"),
        Text(500),
        Owner.COUNTRY,
        advice=B("La institución o el documento de donde sale.", "The institution or document that it comes from."),
        width=26,
    ),
)


def _says_other(values: Values) -> bool:
    """The value is not of the sort that the row asks for; a word for why there is none fits everywhere."""
    value, asked = values.get("value"), values.get("asks") or "figure"
    if value is None or value in ("no_data", "not_applicable", "suppressed"):
        return False
    word = isinstance(value, str) and value in WORDS
    below = isinstance(value, str) and value.startswith("<")
    if asked == "yes_no":
        return not word
    if asked == "date":
        return word or below or not isinstance(value, str | dt.date)
    whole = values.get("unit") in PEOPLE
    return not below and not isinstance(value, int if whole else (int, float))


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = resources.files("crmxl.kinds").joinpath(name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _filled(values: Mapping[str, str], derived: Mapping[str, Derivation]) -> Values:
    """A row without its blanks, with what is derived."""
    told: dict[str, Value] = {key: value for key, value in values.items() if value}
    more = {key: derive(told) for key, derive in derived.items()}
    return told | {key: value for key, value in more.items() if value}


def _apart(values: Values) -> tuple[str, str, str]:
    """What the number of a row is made of: the thing that is counted, the period, the part."""
    thing, *rest = str(values.get("id") or "").split(".")
    period = rest[0] if rest and rest[0][:1].isdigit() else ""
    part = rest[-1] if rest and rest[-1] != period else ""
    return thing, period, part


RATES = {"IND-16": ("IND-15",), "IND-17": ("IND-15", "IND-14"), "IND-29": ("IND-21",)}
"""The indicators that are worked out from others, or that are about a few people where those are few."""


def _made_of(values: Values) -> Value:
    thing, period, _ = _apart(values)
    return "; ".join(numbered(part, period) for part in RATES.get(thing, ())) or None


def indicators(periods: Sequence[str] = ()) -> Iterator[Values]:
    """The candidate indicators; those that repeat once for each of the periods (`2009`, `2009-1`) that fit them, or
    once without a period where there is none."""
    for row in _rows("indicators.csv"):
        values = {key: row[key] for key in ("pillar", "crime", "asks", "unit", "provision")}
        values |= {"indicator": row["indicator_es"], "indicator_en": row["indicator_en"]}
        values |= {"disaggregation": row["disaggregation_es"], "disaggregation_en": row["disaggregation_en"]}
        for period in fitting(row["repeats"], periods):
            yield _filled({"id": numbered(row["id"], period), **values, "period": period}, {"made_of": _made_of})


def numbered(number: str, period: str) -> str:
    """The number of a row that repeats."""
    return f"{number}.{period}" if period else number


def fitting(repeats: str, periods: Sequence[str]) -> Sequence[str]:
    """The periods of which a row is asked: years, half years, none where it does not repeat."""
    if not repeats:
        return ("",)
    return [period for period in periods if ("-" in period) == (repeats == "semester")] or ([""] if not periods else [])


INDICATORS = Kind(
    key="indicators",
    sheet=B("Indicadores", "Indicators"),
    answers=B("Valores", "Values"),
    title=B("Indicadores de aplicación de los Protocolos", "Indicators of how the Protocols are carried out"),
    subject="indicator",
    notes=(PROPOSED, AGGREGATES),
    how=_HOW,
    columns=(
        Column("id", B("Nº", "No."), Id(), width=13),
        Column("indicator", B("Indicador", "Indicator (es)"), Text(), width=44),
        Column("indicator_en", B("Indicador (en)", "Indicator"), Text(), width=44, english_of="indicator"),
        Column("period", B("Año o semestre", "Year or half year"), Id(), width=10),
        Column("asks", B("Qué se pide", "What is asked"), ASKED, width=11),
        Column("unit", B("Unidad", "Unit"), UNITS, width=13),
        Column("disaggregation", B("Desglose sugerido", "Suggested breakdown (es)"), Text(), width=20),
        Column(
            "disaggregation_en",
            B("Desglose sugerido (en)", "Suggested breakdown"),
            Text(),
            width=20,
            english_of="disaggregation",
        ),
        Column("provision", B("Artículo del instrumento", "Article of the instrument"), Text(), width=14),
        Column("pillar", B("Pilar", "Pillar"), PILLARS, width=15, inner=True),
        Column("crime", B("Delito", "Crime"), CRIMES, width=11, inner=True),
        Column("made_of", B("Se calcula de", "Worked out from"), Text(), derive=_made_of, width=14),
        *_ANSWER,
        REMARKS,
    ),
    seed=tuple(indicators()),
    repeats=indicators,
    rules=(Rule(Code.R108, "value", _says_other),),
    tally=Tally(
        sheet=B("Cuadro de indicadores", "Indicators table"),
        title=B("Indicadores: qué informa cada país", "Indicators: what each country reports"),
        value="value",
        unit="unit",
        period="period",
        people=PEOPLE,
        band="pillar",
        lead=("period", "unit"),
        made_of="made_of",
        detail=("date", "detail", "source", "remarks"),
    ),
)
DIMENSIONS = Choice(
    (
        Option("sex", B("sexo", "sex")),
        Option("age", B("edad", "age")),
        Option("form", B("forma de explotación", "form of exploitation")),
        Option("origin", B("origen", "origin")),
        Option("route", B("ruta", "route")),
        Option("document", B("documento", "document")),
        Option("crime", B("delito", "crime")),
    )
)
CATEGORIES: dict[str, tuple[tuple[str, Bilingual], ...]] = {
    "sex": (
        ("f", B("mujeres", "women")),
        ("m", B("hombres", "men")),
        ("u", B("sexo no registrado", "sex not recorded")),
    ),
    "age": (
        ("c", B("menores de 18 años", "under 18")),
        ("a", B("18 años o más", "18 or over")),
        ("u", B("edad no registrada", "age not recorded")),
    ),
    "form": (
        ("s", B("explotación sexual", "sexual exploitation")),
        ("l", B("trabajo forzoso", "forced labour")),
        ("o", B("otra forma o no registrada", "another form, or not recorded")),
    ),
    "origin": (
        ("i", B("intrarregional", "intra-regional")),
        ("x", B("extrarregional", "extra-regional")),
        ("u", B("origen no registrado", "origin not recorded")),
    ),
    "route": (
        ("l", B("por tierra", "by land")),
        ("s", B("por mar", "by sea")),
        ("a", B("por aire", "by air")),
        ("u", B("ruta no registrada", "route not recorded")),
    ),
    "document": (
        ("p", B("pasaporte falso o alterado", "forged or altered passport")),
        ("i", B("pasaporte auténtico de otra persona", "genuine passport of somebody else")),
        ("o", B("otro documento", "another document")),
    ),
    "crime": (
        ("t", B("trata de personas", "trafficking in persons")),
        ("s", B("tráfico de migrantes", "migrant smuggling")),
    ),
}
"""By what a count is divided, and into which parts: they leave nobody out, so they add up to the whole."""
SERIES: tuple[tuple[str, Bilingual, str, str, str, tuple[str, ...]], ...] = (
    (
        "EST-V",
        B("Víctimas de trata identificadas", "Victims of trafficking identified"),
        "persons",
        "year",
        "IND-21",
        ("sex", "age", "form", "origin"),
    ),
    (
        "EST-M",
        B("Migrantes objeto de tráfico detectados", "Smuggled migrants detected"),
        "persons",
        "year",
        "IND-23",
        ("sex", "age", "origin", "route"),
    ),
    (
        "EST-C",
        B("Casos conocidos por las autoridades", "Cases known to the authorities"),
        "cases",
        "year",
        "",
        ("crime", "origin"),
    ),
    (
        "EST-P",
        B("Viajeros con pasaporte falso o fraudulento", "Travellers with false or fraudulent passports"),
        "persons",
        "semester",
        "IND-35",
        ("document", "origin"),
    ),
)
"""What is counted: number, name, unit, how often, the indicator that asks for the same, by what it is divided."""


def _part_of(values: Values) -> Value:
    """The number of the whole that a row is a part of."""
    thing, period, part = _apart(values)
    return numbered(thing, period) if part else None


def _dimension(values: Values) -> Value:
    """By what a row divides its whole."""
    return _apart(values)[2].partition("-")[0] or None


def _same_as(values: Values) -> Value:
    """The indicator that asks for the same figure."""
    thing, period, part = _apart(values)
    indicator = next((same for number, _, _, _, same, _ in SERIES if number == thing), "")
    return numbered(indicator, period) if indicator and not part else None


_DERIVED: Mapping[str, Derivation] = {"dimension": _dimension, "part_of": _part_of, "same_as": _same_as}


def statistics(periods: Sequence[str] = ()) -> Iterator[Values]:
    """The rows of the statistics: of each series and period the whole, then its parts."""
    for number, name, unit, repeats, _, dimensions in SERIES:
        for period in fitting(repeats, periods):
            whole = numbered(number, period)
            common = {"series": name.es, "series_en": name.en, "period": period, "unit": unit}
            yield _filled({"id": whole, **common}, _DERIVED)
            for dimension in dimensions:
                for letter, label in CATEGORIES[dimension]:
                    said = {"category": label.es, "category_en": label.en}
                    yield _filled({"id": f"{whole}.{dimension}-{letter}", **common, **said}, _DERIVED)


STATISTICS = Kind(
    key="statistics",
    sheet=B("Estadísticas", "Statistics"),
    answers=B("Cifras", "Figures"),
    title=B("Estadísticas: sólo cifras agregadas", "Statistics: aggregate figures only"),
    subject="series",
    notes=(PROPOSED, AGGREGATES),
    how=_HOW,
    columns=(
        Column("id", B("Nº", "No."), Id(), width=19),
        Column("series", B("Qué se cuenta", "What is counted (es)"), Text(), width=34),
        Column("series_en", B("Qué se cuenta (en)", "What is counted"), Text(), width=34, english_of="series"),
        Column("category", B("De ellos", "Of them (es)"), Text(), width=26),
        Column("category_en", B("De ellos (en)", "Of them"), Text(), width=26, english_of="category"),
        Column("period", B("Año o semestre", "Year or half year"), Id(), width=10),
        Column("unit", B("Unidad", "Unit"), UNITS, width=11),
        Column("dimension", B("Dividido por", "Divided by"), DIMENSIONS, derive=_dimension, width=14),
        Column("part_of", B("Parte de", "Part of"), Id(), derive=_part_of, width=12),
        Column("same_as", B("Igual al indicador", "Same as indicator"), Id(), derive=_same_as, width=14),
        *(column for column in _ANSWER if column.key != "date"),
        REMARKS,
    ),
    seed=tuple(statistics()),
    repeats=statistics,
    rules=(Rule(Code.R108, "value", _says_other),),
    tally=Tally(
        sheet=B("Cuadro de estadísticas", "Statistics table"),
        title=B("Estadísticas: qué informa cada país", "Statistics: what each country reports"),
        value="value",
        unit="unit",
        period="period",
        people=PEOPLE,
        band="series",
        lead=("category", "period"),
        part_of="part_of",
        dimension="dimension",
        same_as="same_as",
        detail=("detail", "source", "remarks"),
    ),
)
FIGURES: tuple[Kind, ...] = (INDICATORS, STATISTICS)
