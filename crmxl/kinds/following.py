"""What the network follows up besides its plan: campaigns, trainings, contributions, recommendations, reports due.

Each is a list of the network: countries propose rows and answer to those that are there, the Secretariat decides.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from crmxl.dates import understand
from crmxl.definition import Board, Column, Kind, Numbering, Owner, Values
from crmxl.kinds.plan import REMARKS, STATES
from crmxl.text import B
from crmxl.values import Calendar, Choice, Date, Id, Link, Option, Text, Value, calendar_doubt

MONTHS_AFTER = 6
"""When the effect of a training is looked at (report of the network of 24 April 2007, point 5)."""


def numbering(prefix: str) -> Numbering:
    """New rows are numbered on: `CAM-1`, `CAM-2`."""

    def number(_: Values, rows: Sequence[Values]) -> Values:
        taken = [int(match[1]) for row in rows if (match := re.search(r"(\d+)$", str(row.get("id"))))]
        return {"id": f"{prefix}-{max(taken, default=0) + 1}"}

    return number


def _shared(key: str, title: B, advice: B, *, required: bool = False, width: int = 28) -> Column:
    return Column(key, title, Text(1000), Owner.SHARED, required=required, advice=advice, width=width)


def _when(advice: B) -> Column:
    title = B("Cuándo", "When")
    return Column("when", title, Calendar(), Owner.SHARED, required=True, doubt=calendar_doubt, advice=advice, width=20)


_ID = Column("id", B("Nº", "No."), Id(), width=9)
_LINK = Column(
    "link",
    B("Enlace", "Link"),
    Link(),
    Owner.SHARED,
    advice=B("Dirección de Internet (https://…), si es público.", "Internet address (https://…), if it is public."),
    width=26,
)
_COUNTRIES = _shared("countries", B("Países", "Countries"), B("Dónde, o quiénes.", "Where, or who."), required=True)

CAMPAIGNS = Kind(
    key="campaigns",
    sheet=B("Campañas", "Campaigns"),
    title=B("Campañas de información", "Information campaigns"),
    subject="campaign",
    number=numbering("CAM"),
    spoken="es",
    open_rows=5,
    columns=(
        _ID,
        _shared("campaign", B("Campaña", "Campaign"), B("Nombre y mensaje.", "Name and message."), required=True),
        _COUNTRIES,
        _when(B("Desde y hasta cuándo.", "From and until when.")),
        _shared("medium", B("Medios", "Media"), B("Radio, redes, escuelas…", "Radio, networks, schools…")),
        _shared("audience", B("A quién se dirige", "Audience"), B("A quién llega, y a cuántos.", "Whom it reaches.")),
        _shared("language", B("Idiomas", "Languages"), B("En qué idiomas.", "In which languages."), width=16),
        _LINK,
    ),
)

EVALUATED = Choice(
    (
        Option("done", B("Hecha", "Done"), (), B("H", "D"), "good"),
        Option("planned", B("Prevista", "Planned"), (), B("P", "P"), "fair"),
        Option("not_done", B("No se hizo", "Not done"), (), B("N", "N"), "poor"),
        Option("not_applicable", B("No aplica", "Not applicable"), (), B("A", "A"), "none"),
    )
)


def _evaluate_by(values: Values) -> Value:
    """Six months after the end of the training."""
    said = values.get("when")
    when = understand(said) if isinstance(said, str | dt.date) else None
    if when is None or when.end is None:
        return None
    years, month = divmod(when.end.month - 1 + MONTHS_AFTER, 12)
    first = dt.date(when.end.year + years, month + 1, 1)
    last = (dt.date(first.year + first.month // 12, first.month % 12 + 1, 1) - first).days
    return first.replace(day=min(when.end.day, last))


TRAININGS = Kind(
    key="trainings",
    sheet=B("Capacitaciones", "Trainings"),
    answers=B("Evaluaciones", "Evaluations"),
    title=B("Capacitaciones, y su evaluación a los seis meses", "Trainings, and their evaluation after six months"),
    subject="training",
    number=numbering("CAP"),
    spoken="es",
    open_rows=5,
    columns=(
        _ID,
        _shared("training", B("Capacitación", "Training"), B("Nombre y tema.", "Name and topic."), required=True),
        _shared("host", B("País sede", "Host"), B("Dónde se hizo o se hará.", "Where it was or will be."), width=18),
        _COUNTRIES,
        _when(B("Cuándo se hizo o se hará.", "When it was or will be held.")),
        _shared("by", B("Quién la da", "Given by"), B("Países u organismos.", "Countries or organisations.")),
        Column("evaluate_by", B("Evaluar antes del", "To be evaluated by"), Date(), derive=_evaluate_by, width=14),
        Column(
            "evaluated",
            B("Evaluación", "Evaluation"),
            EVALUATED,
            Owner.COUNTRY,
            advice=B("Si se evaluó su efecto a los seis meses.", "Whether its effect was looked at after six months."),
            width=14,
        ),
        Column(
            "result",
            B("Resultado", "Result"),
            Text(2000),
            Owner.COUNTRY,
            advice=B("Qué cambió en el trabajo. Sin datos de personas.", "What has changed at work. No personal data."),
            width=36,
        ),
    ),
    board=Board(
        sheet=B("Cuadro de capacitaciones", "Trainings table"),
        title=B("Capacitaciones: evaluación a los seis meses", "Trainings: evaluation after six months"),
        answer="evaluated",
        detail=("result",),
    ),
)

CONTRIBUTIONS = Kind(
    key="contributions",
    sheet=B("Aportes", "Contributions"),
    title=B("Aportes y compromisos", "Contributions and pledges"),
    subject="contribution",
    number=numbering("APO"),
    spoken="es",
    open_rows=5,
    columns=(
        _ID,
        _shared(
            "contribution", B("Aporte", "Contribution"), B("Qué, y para qué.", "What, and what for."), required=True
        ),
        _shared("by", B("De quién", "By whom"), B("País u organismo.", "Country or organisation."), required=True),
        _shared("amount", B("Monto o especie", "Amount or in kind"), B("Con su moneda.", "With its currency.")),
        _when(B("Cuándo se ofreció o se entrega.", "When it was pledged or is given.")),
        _shared("state", B("Situación", "Situation"), B("Ofrecido, entregado, usado.", "Pledged, given, used.")),
        _LINK,
    ),
)

RECOMMENDATIONS = Kind(
    key="recommendations",
    sheet=B("Recomendaciones", "Recommendations"),
    answers=B("Seguimiento", "Follow-up"),
    title=B("Recomendaciones de la sociedad civil (RROCM)", "Recommendations of civil society (RNCOM)"),
    subject="recommendation",
    spoken="es",
    columns=(
        _ID,
        Column("recommendation", B("Recomendación", "Recommendation"), Text(), width=56),
        Column("origin", B("De dónde viene", "Where it comes from"), Text(), width=30),
        Column(
            "state",
            B("Estado", "Status"),
            STATES,
            Owner.COUNTRY,
            required=True,
            advice=B("Cómo está en su país. Elija de la lista.", "How it stands in your country. Choose."),
            width=14,
        ),
        Column(
            "progress",
            B("Avance", "Progress"),
            Text(2000),
            Owner.COUNTRY,
            advice=B("Qué se hizo, en pocas líneas.", "What was done, in a few lines."),
            width=38,
        ),
        REMARKS,
    ),
    board=Board(
        sheet=B("Cuadro de recomendaciones", "Recommendations table"),
        title=B("Recomendaciones: cómo están en cada país", "Recommendations: how they stand in each country"),
        answer="state",
        detail=("progress", "remarks"),
    ),
)

PRESENTED = Choice(
    (
        Option("presented", B("Presentado", "Presented"), ("Presentada",), B("S", "Y"), "good"),
        Option("under_way", B("En preparación", "Under way"), (), B("E", "U"), "fair"),
        Option("not_presented", B("No presentado", "Not presented"), (), B("N", "N"), "poor"),
        Option("not_applicable", B("No aplica", "Not applicable"), (), B("A", "A"), "none"),
    )
)

REPORTS = Kind(
    key="reports",
    sheet=B("Informes", "Reports"),
    answers=B("Informes presentados", "Reports presented"),
    title=B("Informes que se deben a cada reunión", "Reports due to each meeting"),
    subject="report",
    spoken="es",
    columns=(
        _ID,
        Column("report", B("Informe", "Report"), Text(), width=46),
        Column("meeting", B("Reunión", "Meeting"), Text(), width=26),
        Column("due", B("Para el", "Due on"), Date(), width=16),
        Column("plan", B("Actividad del plan", "Activity of the plan"), Text(), width=12),
        Column(
            "state",
            B("Estado", "Status"),
            PRESENTED,
            Owner.COUNTRY,
            required=True,
            advice=B("Si su país lo presentó. Elija de la lista.", "Whether your country presented it. Choose."),
            width=14,
        ),
        Column(
            "on",
            B("Presentado el", "Presented on"),
            Date(),
            Owner.COUNTRY,
            advice=B("Cuándo se presentó.", "When it was presented."),
            width=14,
        ),
        Column(
            "document",
            B("Documento", "Document"),
            Link(),
            Owner.COUNTRY,
            advice=B("Dirección de Internet, si es público.", "Internet address, if it is public."),
            width=26,
        ),
        REMARKS,
    ),
    board=Board(
        sheet=B("Cuadro de informes", "Reports table"),
        title=B("Informes: quién los presentó", "Reports: who presented them"),
        answer="state",
        detail=("on", "document", "remarks"),
    ),
)
FOLLOWED: tuple[Kind, ...] = (CAMPAIGNS, TRAININGS, CONTRIBUTIONS, RECOMMENDATIONS, REPORTS)
