"""The legislation matrices: what each country's law says on every question that the two Protocols ask.

One builder makes both, from the questions of `criteria.csv`: their numbers name the instrument, article, paragraph,
letter and, where one provision asks several things, the number of the question (`TIP-5.1.a`, `SOM-6.1.b.2`). Trata de
personas is trafficking in persons (TIP); tráfico ilícito de migrantes is smuggling of migrants (SOM).
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from importlib import resources

from crmxl.dates import understand
from crmxl.definition import Board, Column, Kind, Owner, Rule, Values
from crmxl.kinds.plan import REMARKS
from crmxl.messages import Code
from crmxl.text import B
from crmxl.values import YES_NO, Choice, Country, Date, Id, Link, Option, Penalty, Text

INSTRUMENTS = Choice(
    (
        Option("UNTOC", B("Convención de Palermo", "Palermo Convention"), ("UNTOC", "CCDOT")),
        Option("TIP", B("Protocolo contra la trata", "Trafficking Protocol"), ("TIP",)),
        Option("SOM", B("Protocolo contra el tráfico", "Smuggling Protocol"), ("SOM",)),
    )
)
"""The United Nations Convention against Transnational Organized Crime (2000) and its two Protocols."""

TOPICS = Choice(
    (
        Option("scope", B("Ámbito y definiciones", "Scope and definitions")),
        Option("offence", B("Tipificación y penas", "Offences and penalties")),
        Option("protection", B("Protección y asistencia", "Protection and assistance")),
        Option("stay", B("Permanencia y retorno", "Stay and return")),
        Option("sea", B("Tráfico por mar", "Smuggling by sea")),
        Option("prevention", B("Prevención", "Prevention")),
        Option("cooperation", B("Cooperación e información", "Cooperation and information")),
        Option("borders", B("Fronteras y documentos", "Borders and documents")),
        Option("final", B("Salvaguardia y cláusulas finales", "Saving and final clauses")),
    )
)
ANSWERS = Choice(
    (
        Option("yes", B("Sí", "Yes"), ("S", "Y"), B("S", "Y"), "good"),
        Option("partial", B("Parcial", "Partial"), ("Parcialmente", "Partly", "En parte"), B("P", "P"), "fair"),
        Option("no", B("No", "No"), (), B("N", "N"), "poor"),
        Option("undefined", B("Por definir", "To be defined"), ("Pendiente", "TBD"), B("D", "D"), "open"),
        Option("not_applicable", B("No aplica", "Not applicable"), (), B("A", "A"), "none"),
        Option(
            "unknown",
            B("Sin información", "No information"),
            ("S/I", "No hay información", "Se desconoce", "Unknown"),
            B("I", "I"),
            "unknown",
        ),
    )
)
NORM_STATES = Choice(
    (
        Option("in_force", B("vigente", "in force")),
        Option("repealed", B("derogada", "repealed"), ("derogado",)),
        Option("in_reform", B("en reforma", "under reform")),
        Option("unconfirmed", B("por confirmar", "to be confirmed")),
    )
)
REACH = Choice(
    (
        Option("no", B("Protocolo", "Protocol")),
        Option("yes", B("Además de él", "Further to it"), ("Más allá", "Beyond it")),
    )
)
"""Whether the Protocol itself asks, or the question is about what several countries provide beyond it."""
ACTS = Choice(
    (Option("ratification", B("Ratificación", "Ratification")), Option("accession", B("Adhesión", "Accession")))
)


def criteria(instrument: str) -> Iterator[Values]:
    """The questions on one instrument (`TIP`, `SOM`), in the order of its articles."""
    text = resources.files("crmxl.kinds").joinpath("criteria.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        if row["id"].startswith(f"{instrument}-"):
            yield {
                "id": row["id"],
                "instrument": instrument,
                "provision": row["article"],
                "topic": row["topic"],
                "question": row["question_es"],
                "question_en": row["question_en"],
                "penalty": row["penalty"],
                "beyond": row["beyond"],
            }


_ITEM = (
    Column("id", B("Criterio", "Criterion"), Id(), aliases=("Nº de criterio", "Criterion No."), width=12),
    Column("question", B("Pregunta", "Question (es)"), Text(), aliases=("Pregunta (es)",), width=46),
    Column(
        "question_en",
        B("Pregunta (en)", "Question"),
        Text(),
        aliases=("Question (en)",),
        width=46,
        english_of="question",
    ),
    Column("topic", B("Tema", "Topic"), TOPICS, width=17),
    Column("instrument", B("Instrumento", "Instrument"), INSTRUMENTS, width=16),
    Column("provision", B("Artículo del instrumento", "Article of the instrument"), Id(), width=12),
    Column("beyond", B("Quién lo pide", "Who asks"), REACH, width=11),
    Column("penalty", B("Pide pena", "Asks for penalty"), YES_NO, width=9),
)
_ANSWER = (
    Column(
        "answer",
        B("Respuesta", "Answer"),
        ANSWERS,
        Owner.COUNTRY,
        required=True,
        advice=B(
            "Qué dice la ley de su país. Parcial: sólo en parte, o en parte del país. Por definir: la norma está en "
            "preparación. Sin información: aún no se sabe.",
            "What your country's law says. Partial: in part only, or in part of the country. To be defined: a law is "
            "being prepared. No information: it is not known yet.",
        ),
        width=20,
    ),
    Column(
        "norm",
        B("Norma", "Law"),
        Text(500),
        Owner.COUNTRY,
        aliases=("Ley", "Norm", "Legislation"),
        advice=B("Nombre oficial de la norma: ley, código, decreto.", "Official name of the law: act, code, decree."),
        width=26,
    ),
    Column(
        "number",
        B("Número", "Number"),
        Text(200),
        Owner.COUNTRY,
        advice=B("Número de la norma: Ley 9095, Decreto 824.", "Number of the law: Act 9095, S.C. 2001, c. 27."),
        width=14,
    ),
    Column(
        "article",
        B("Artículo", "Article"),
        Text(200),
        Owner.COUNTRY,
        aliases=("Artículos", "Articles", "Section"),
        advice=B("Artículo o artículos de la norma.", "Article, section or provision of the law."),
        width=11,
    ),
    Column(
        "min_penalty",
        B("Pena mínima", "Minimum penalty"),
        Penalty(),
        Owner.COUNTRY,
        aliases=("Pena mín.",),
        advice=B(
            "Si se pide pena: años de prisión, sólo el número.",
            "If a penalty is asked for: years of imprisonment, the number only.",
        ),
        width=10,
    ),
    Column(
        "max_penalty",
        B("Pena máxima", "Maximum penalty"),
        Penalty(),
        Owner.COUNTRY,
        aliases=("Pena máx.",),
        advice=B(
            "Si se pide pena: años de prisión, o un texto (hasta 14, perpetua).",
            "If a penalty is asked for: years of imprisonment, or a text (up to 14, life).",
        ),
        width=10,
    ),
    Column(
        "in_force",
        B("Vigente desde", "In force from"),
        Date(),
        Owner.COUNTRY,
        advice=B(
            "Desde cuándo rige: un día (8 de octubre de 2003), un mes o un año.",
            "Since when it is in force: a day (8 October 2003), a month or a year.",
        ),
        width=14,
    ),
    Column(
        "norm_state",
        B("Estado de la norma", "State of the law"),
        NORM_STATES,
        Owner.COUNTRY,
        advice=B(
            "vigente, derogada, en reforma, o por confirmar si la ST la anotó y su país no la ha revisado.",
            "in force, repealed, under reform; to be confirmed: noted by the TS, not reviewed by your country.",
        ),
        width=14,
    ),
    Column(
        "summary",
        B("Resumen", "Summary"),
        Text(4000),
        Owner.COUNTRY,
        advice=B(
            "Qué dispone, en una o dos líneas: conducta, agravantes, multa.",
            "What it provides, in one or two lines: conduct, aggravations, fine.",
        ),
        width=38,
    ),
    Column(
        "link",
        B("Enlace", "Link"),
        Link(),
        Owner.COUNTRY,
        advice=B(
            "Dirección de Internet del texto de la norma (https://…).", "Internet address of the text (https://…)."
        ),
        width=24,
    ),
    Column(
        "consulted",
        B("Consultado el", "Consulted on"),
        Date(),
        Owner.COUNTRY,
        advice=B("Cuándo revisó su país esta respuesta.", "When your country last reviewed this answer."),
        width=14,
    ),
    Column(
        "source",
        B("Fuente", "Source"),
        Text(1000),
        Owner.COUNTRY,
        advice=B(
            "De dónde sale la respuesta. Lo que anotó la ST queda aquí; reemplácelo si responde su institución.",
            "Where the answer comes from. What the TS noted stays here; replace it if your institution answers.",
        ),
        width=30,
    ),
    REMARKS,
)


CAUTION = B(
    "Lo que dice «por confirmar» fue anotado de fuentes públicas y cada país debe confirmarlo; "
    "lo que está en blanco no se conoce.",
    "What says “to be confirmed” was noted from public sources, and each country has to confirm it; "
    "what is blank is not known.",
)
_HOW = B(
    "En las matrices, responda cada pregunta con la lista y diga en qué norma y artículo consta. Lo que dice «por "
    "confirmar» lo anotó la Secretaría de fuentes públicas: corríjalo si hace falta, y cambie su estado a «vigente» (o "
    "al que corresponda). Un Estado "
    "federal responde por la ley federal y dice en Observaciones lo que rige en sus estados.",
    "In the matrices, answer each question from the list and say in which law and article it stands. What says “to be "
    "confirmed” was noted by the Secretariat from public sources: correct it where needed, and set its state to “in "
    "force” (or to what it is). A "
    "federal State answers for federal law and tells in Remarks what is in force in its states.",
)


def _says_yes(values: Values) -> bool:
    return values.get("answer") in ("yes", "partial")


def _before_it_was_law(row: Values) -> bool:
    """The answer was looked up before the law that it names was in force."""
    asked, since = (understand(v) if isinstance(v := row.get(key), str | dt.date) else None for key in _DATES)
    return bool(asked and since and asked.end and since.begin and asked.end < since.begin)


_DATES = ("consulted", "in_force")


def _without_source(values: Values) -> bool:
    named = values.get("norm") or values.get("number")
    return _says_yes(values) and not named and values.get("topic") != "final"


def _without_penalty(values: Values) -> bool:
    asked = values.get("penalty") == "yes" and values.get("answer") == "yes"
    told = values.get("min_penalty"), values.get("max_penalty"), values.get("remarks")
    return asked and not any(told)


def _wrong_way_round(values: Values) -> bool:
    least, most = values.get("min_penalty"), values.get("max_penalty")
    return isinstance(least, int | float) and isinstance(most, int | float) and least > most


def matrix(instrument: str, *, key: str, sheet: B, answers: B, title: B, board: B, comparison: B) -> Kind:
    """The matrix of one instrument."""
    return Kind(
        key=key,
        sheet=sheet,
        answers=answers,
        title=title,
        subject="question",
        columns=(*_ITEM, *_ANSWER),
        notes=(CAUTION,),
        how=_HOW,
        seed=tuple(criteria(instrument)),
        rules=(
            Rule(Code.R104, "max_penalty", _wrong_way_round, ("min_penalty", "max_penalty")),
            Rule(Code.R105, "norm", _without_source),
            Rule(Code.R106, "max_penalty", _without_penalty),
            Rule(Code.R107, "consulted", _before_it_was_law),
        ),
        board=Board(
            sheet=board,
            title=comparison,
            answer="answer",
            lead=("provision", "beyond"),
            band="topic",
            figures=("min_penalty", "max_penalty"),
            detail=(
                "norm",
                "number",
                "article",
                "min_penalty",
                "max_penalty",
                "in_force",
                "norm_state",
                "summary",
                "source",
                "remarks",
            ),
            tentative=("norm_state", "unconfirmed"),
            reviewed="consulted",
            legal=True,
        ),
    )


TRAFFICKING = matrix(
    "TIP",
    key="trafficking",
    sheet=B("Matriz trata", "Trafficking matrix"),
    answers=B("Respuestas trata", "Trafficking answers"),
    title=B("Matriz comparada: trata de personas", "Comparison matrix: trafficking in persons"),
    board=B("Cuadro trata", "Trafficking table"),
    comparison=B(
        "Trata de personas: qué dice la ley de cada país", "Trafficking in persons: what each country's law says"
    ),
)
SMUGGLING = matrix(
    "SOM",
    key="smuggling",
    sheet=B("Matriz tráfico", "Smuggling matrix"),
    answers=B("Respuestas tráfico", "Smuggling answers"),
    title=B("Matriz comparada: tráfico ilícito de migrantes", "Comparison matrix: smuggling of migrants"),
    board=B("Cuadro tráfico", "Smuggling table"),
    comparison=B(
        "Tráfico ilícito de migrantes: qué dice la ley de cada país",
        "Smuggling of migrants: what each country's law says",
    ),
)

RATIFICATIONS = Kind(
    key="ratifications",
    sheet=B("Ratificaciones", "Ratifications"),
    title=B("Firma, ratificación y adhesión", "Signature, ratification and accession"),
    id="country",
    key_columns=("country", "instrument"),
    fillable=False,
    columns=(
        Column("country", B("País", "Country"), Country(), width=20),
        Column("instrument", B("Instrumento", "Instrument"), INSTRUMENTS, width=26),
        Column("signed", B("Firma", "Signed"), Date(), width=13),
        Column("act", B("Acto", "Act"), ACTS, width=14),
        Column("deposited", B("Depósito", "Deposited"), Date(), width=13),
        Column("source", B("Fuente", "Source"), Text(), width=50),
        Column("remark", B("Nota", "Note"), Text(), width=30),
    ),
)
"""Rows of the Secretariat, a country and instrument: the dates on which acts were deposited with the United Nations."""

MATRICES: tuple[Kind, ...] = (TRAFFICKING, SMUGGLING, RATIFICATIONS)
