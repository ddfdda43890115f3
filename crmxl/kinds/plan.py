"""The work plan of the network: its activities, and how each country advances in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crmxl import parties
from crmxl.dates import periodicity, understand
from crmxl.definition import Board, Column, Kind, Owner, Values
from crmxl.messages import Code
from crmxl.references import citations, without_citations
from crmxl.text import B, fold, tidy, unique
from crmxl.values import Calendar, Choice, Date, Id, Link, Option, Text, Unreadable, Value, calendar_doubt

SITUATIONS = Choice(
    (
        Option("active", B("Vigente", "Active")),
        Option("done", B("Cumplida", "Done"), ("Cumplido", "Finalizada", "Concluida")),
        Option("archive", B("Pasar al histórico", "Move to history")),
        Option("drop", B("Eliminar", "Drop"), ("Suprimir",)),
    )
)
STATES = Choice(
    (
        Option("not_started", B("Sin iniciar", "Not started"), ("No iniciada",), tone="open"),
        Option("in_progress", B("En proceso", "In progress"), ("En ejecución", "En curso"), tone="fair"),
        Option("done", B("Cumplida", "Done"), ("Cumplido", "Finalizada"), tone="good"),
        Option("suspended", B("Suspendida", "Suspended"), ("Suspendido",), tone="idle"),
        Option("not_applicable", B("No aplica", "Not applicable"), tone="none"),
    )
)
ORIGINS = Choice((Option("plan_of_action", B("Plan de Acción", "Plan of Action")),))
_SOURCE = ("objective", "activity", "responsible", "calendar")


def _texts(values: Values) -> list[str]:
    return [value for key in _SOURCE if isinstance(value := values.get(key), str)]


def _references(values: Values) -> Value:
    """The bodies of all citations of the row, each once."""
    return "; ".join(unique(body for text in _texts(values) for body in citations(text))) or None


def _origin(text: Value) -> Value:
    """Capitals mark what was taken from the Plan of Action (legend of the 2009 plan)."""
    words = without_citations(text) if isinstance(text, str) else ""
    return "plan_of_action" if words.isupper() and len(tidy(words)) > 3 else None


def _objective_origin(values: Values) -> Value:
    return _origin(values.get("objective"))


def _activity_origin(values: Values) -> Value:
    return _origin(values.get("activity"))


def _periodicity(values: Values) -> Value:
    """The words of the activity or of who is responsible that make the duty recur."""
    return "; ".join(unique(found for text in _texts(values)[1:] if (found := periodicity(text)))) or None


def _note(values: Values) -> Value:
    """What stands behind `NOTA:`, and the remark behind the calendar's own expression."""
    notes = [tidy(text.split("NOTA:", 1)[1]) for text in _texts(values) if "NOTA:" in text]
    calendar = values.get("calendar")
    if isinstance(calendar, str) and (remark := understand(calendar).note):
        notes.append(remark)
    return " ".join(unique(notes)) or None


def _responsible(value: Value) -> Unreadable | None:
    """What is asked about a text of RESPONSABLE of which not all is understood."""
    read = parties.understand(value) if isinstance(value, str) else None
    return Unreadable(Code.C113, (("found", value),)) if read and read.unread else None


def _number(new: Values, rows: Sequence[Values]) -> Values:
    """The next number under the objective that the new activity names; a new objective gets the next number of all."""
    objective = fold(str(new.get("objective") or ""))
    same = [row for row in rows if objective and fold(str(row.get("objective") or "")) == objective]
    numbers = [tuple(map(int, re.findall(r"\d+", str(row.get("id"))))) for row in same or rows]
    if same:
        top, *rest = max(numbers)
        number = f"{top}.{rest[0] + 1 if rest else 1}"
        return {"id": number, "section": same[-1].get("section"), "situation": "active"}
    return {"id": f"{max((parts[0] for parts in numbers if parts), default=0) + 1}.1", "situation": "active"}


REMARKS = Column(
    "remarks",
    B("Observaciones", "Remarks"),
    Text(4000),
    Owner.COUNTRY,
    aliases=("Comentarios", "Comments"),
    advice=B("Lo que quiera agregar.", "Anything that you wish to add."),
    width=30,
)

PLAN = Kind(
    key="plan",
    subject="activity",
    number=_number,
    sheet=B("Plan", "Plan"),
    answers=B("Avance", "Progress"),
    title=B("Plan de trabajo", "Work plan"),
    spoken="es",
    board=Board(
        sheet=B("Cuadro de avance", "Progress table"),
        title=B("Cómo avanza cada país en cada actividad", "How each country advances in each activity"),
        answer="state",
        band="section",
        detail=("progress", "date", "institution", "remarks"),
    ),
    open_rows=5,
    archive="history",
    columns=(
        Column("id", B("Nº", "No."), Id(), aliases=("No", "N°", "Núm.", "Número"), width=7),
        Column(
            "printed",
            B("Nº impreso", "Printed No."),
            Text(),
            aliases=("No. impreso", "N° impreso"),
            advice=B(
                "Como está impreso: objetivo | actividad | responsable | calendario.",
                "As printed: objective | activity | responsible | schedule.",
            ),
            width=13,
        ),
        Column("section", B("Sección", "Section"), Text(), width=24),
        Column(
            "objective",
            B("OBJETIVOS", "OBJECTIVES"),
            Text(),
            Owner.SHARED,
            aliases=("Objetivo", "Objective"),
            advice=B(
                "Texto del objetivo. Puede proponer un cambio: escríbalo aquí; la ST decide con los demás países.",
                "Text of the objective. You may propose a change: write it here; the TS decides with the others.",
            ),
            width=34,
        ),
        Column(
            "activity",
            B("ACTIVIDADES", "ACTIVITIES"),
            Text(),
            Owner.SHARED,
            required=True,
            aliases=("Actividad", "Activity"),
            advice=B(
                "Texto de la actividad. Puede proponer un cambio o, en las filas del final, una actividad nueva.",
                "Text of the activity. You may propose a change or, in the last rows, a new activity.",
            ),
            width=46,
        ),
        Column(
            "responsible",
            B("RESPONSABLE", "RESPONSIBLE"),
            Text(),
            Owner.SHARED,
            required=True,
            aliases=("Responsables",),
            doubt=_responsible,
            advice=B("Quién la realiza: países u organismos.", "Who carries it out: countries or organisations."),
            width=22,
        ),
        Column(
            "calendar",
            B("CALENDARIO", "SCHEDULE"),
            Calendar(),
            Owner.SHARED,
            required=True,
            aliases=("Plazo", "Cronograma", "Calendar", "Timetable"),
            doubt=calendar_doubt,
            advice=B(
                "Cuándo: un mes y año (mayo de 2010), un período, Continuo, Por definir o Pendiente.",
                "When: a month and year (May 2010), a period, Continuo (ongoing), Por definir (to be defined) or "
                "Pendiente (pending).",
            ),
            width=20,
        ),
        Column(
            "situation",
            B("Situación", "Situation"),
            SITUATIONS,
            Owner.SHARED,
            advice=B(
                "Situación de la actividad en el plan. Elija Pasar al histórico si ya terminó para la red.",
                "Where the activity stands in the plan. Choose Move to history if it has ended for the network.",
            ),
            width=13,
        ),
        Column("mark", B("Marca", "Mark"), Text(), computed=True, width=18),
        Column("references", B("Referencias", "References"), Text(), derive=_references, width=30),
        Column("objective_origin", B("Origen del objetivo", "Origin of objective"), ORIGINS, derive=_objective_origin),
        Column("activity_origin", B("Origen de la actividad", "Origin of activity"), ORIGINS, derive=_activity_origin),
        Column("periodicity", B("Periodicidad", "Periodicity"), Text(), derive=_periodicity, width=22),
        Column("note", B("Nota", "Note"), Text(), derive=_note, width=30),
        Column(
            "activity_en",
            B("Actividades (en)", "Activities (en)"),
            Text(),
            width=46,
            english_of="activity",
        ),
        Column(
            "state",
            B("Estado", "Status"),
            STATES,
            Owner.COUNTRY,
            required=True,
            advice=B("Cómo está la actividad en su país. Elija de la lista.", "How it stands in your country. Choose."),
            width=13,
        ),
        Column(
            "progress",
            B("Avance", "Progress"),
            Text(4000),
            Owner.COUNTRY,
            aliases=("Avances",),
            advice=B(
                "Qué se hizo desde la última reunión, en pocas líneas. Sin datos personales de víctimas ni de casos.",
                "What was done since the last meeting, in a few lines. No personal data of victims or cases.",
            ),
            width=38,
        ),
        Column(
            "date",
            B("Fecha", "Date"),
            Date(),
            Owner.COUNTRY,
            aliases=("Fecha realizada o prevista",),
            advice=B(
                "Cuándo se hizo o se hará: un día (15 de febrero de 2010) o un período (febrero de 2010).",
                "When it was or will be done: a day (15 February 2010) or a period (February 2010).",
            ),
            width=16,
        ),
        Column(
            "institution",
            B("Institución responsable", "Institution in charge"),
            Text(500),
            Owner.COUNTRY,
            advice=B("La institución de su país a cargo.", "The institution of your country in charge."),
            width=24,
        ),
        Column(
            "evidence",
            B("Medio de verificación", "Means of verification"),
            Link(),
            Owner.COUNTRY,
            aliases=("Enlace", "Link"),
            advice=B(
                "Dirección de Internet del documento (https://…), si es público.",
                "Internet address of the document (https://…), if it is public.",
            ),
            width=26,
        ),
        REMARKS,
    ),
)
