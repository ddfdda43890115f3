"""Who answers for what: liaison officers by role, and institutions by function.

The directory holds official work data of officials only, with the day on which they agreed and the day until which it
holds; it never circulates.
"""

from __future__ import annotations

from crmxl.definition import Board, Column, Kind, Owner
from crmxl.kinds.plan import REMARKS
from crmxl.text import B
from crmxl.values import Choice, Date, Id, Option, Text

NAMED = Choice(
    (
        Option("named", B("Nombrado", "Named"), ("Nombrada", "Designado", "Appointed"), B("N", "N"), "good"),
        Option("vacant", B("Por nombrar", "To be named"), ("Vacante", "Vacant"), B("V", "V"), "open"),
        Option("not_applicable", B("No aplica", "Not applicable"), (), B("A", "A"), "none"),
    )
)
_ROLES = (
    ("ENL-1", "13", B("Funcionario de enlace de la red", "Liaison officer of the network")),
    ("ENL-2", "", B("Punto focal principal contra el tráfico ilícito", "Main focal point against smuggling")),
    ("ENL-3", "9.3", B("Enlace para la repatriación de víctimas de trata", "Liaison for repatriating victims")),
    ("ENL-4", "4.6", B("Punto focal de las campañas de información", "Focal point of information campaigns")),
    ("ENL-5", "6.9; 6.10; 13.1", B("Responsable de las estadísticas", "In charge of statistics")),
    ("ENL-6", "6.4", B("Responsable de la matriz de legislación", "In charge of the legislation matrix")),
    ("ENL-7", "6.5", B("Referencia para la reinserción de víctimas", "Reference for reintegrating victims")),
)
"""The roles that the work plan of 2009 and the network's report of 2017 (a focal point against smuggling) speak of."""


def _official(key: str, title: B, advice: B, limit: int = 200, width: int = 24) -> Column:
    return Column(key, title, Text(limit), Owner.COUNTRY, advice=advice, width=width, official=True)


DIRECTORY = Kind(
    key="directory",
    sheet=B("Directorio", "Directory"),
    answers=B("Enlaces", "Liaisons"),
    title=B("Directorio de enlaces: datos oficiales de trabajo", "Directory of liaisons: official work data"),
    subject="role",
    private=True,
    notes=(
        B(
            "Sólo datos oficiales de trabajo, de quien estuvo de acuerdo. Esta hoja nunca circula.",
            "Official work data only, of people who agreed. This sheet never circulates.",
        ),
    ),
    how=B(
        "En Directorio ponga sólo datos oficiales de trabajo, de quien estuvo de acuerdo: esa hoja nunca circula.",
        "In Directory put official work data only, of people who agreed: that sheet never circulates.",
    ),
    columns=(
        Column("id", B("Nº", "No."), Id(), width=9),
        Column("role", B("Función", "Role (es)"), Text(), width=36),
        Column("role_en", B("Función (en)", "Role"), Text(), width=36, english_of="role"),
        Column("plan", B("Actividad del plan", "Activity of the plan"), Text(), width=12),
        Column(
            "state",
            B("Situación", "Situation"),
            NAMED,
            Owner.COUNTRY,
            required=True,
            advice=B("Si hay una persona nombrada. Elija de la lista.", "Whether somebody is named. Choose."),
            width=14,
        ),
        _official("name", B("Nombre", "Name"), B("Nombre y apellido de quien está a cargo.", "Name of the person.")),
        _official("post", B("Cargo", "Post"), B("Su cargo oficial.", "The official post.")),
        _official("institution", B("Institución", "Institution"), B("Donde trabaja.", "Where the person works.")),
        _official(
            "mail",
            B("Correo oficial", "Official e-mail"),
            B("Correo de trabajo; ninguno personal.", "Work e-mail; no personal one."),
        ),
        _official(
            "phone",
            B("Teléfono oficial", "Official telephone"),
            B("Teléfono de la oficina; ninguno personal.", "Office telephone; no personal one."),
            width=18,
        ),
        Column(
            "agreed",
            B("De acuerdo desde", "Agreed on"),
            Date(),
            Owner.COUNTRY,
            advice=B("Cuándo aceptó figurar aquí.", "When the person agreed to stand here."),
            width=14,
        ),
        Column(
            "until",
            B("Vigente hasta", "Valid until"),
            Date(),
            Owner.COUNTRY,
            advice=B("Hasta cuándo vale este dato.", "Until when this holds."),
            width=14,
        ),
        REMARKS,
    ),
    seed=tuple(
        {key: value for key, value in {"id": n, "role": r.es, "role_en": r.en, "plan": plan}.items() if value}
        for n, plan, r in _ROLES
    ),
    board=Board(
        sheet=B("Cuadro de enlaces", "Liaison table"),
        title=B("Enlaces: quién está nombrado en cada país", "Liaisons: who is named in each country"),
        answer="state",
        expires="until",
        detail=("name", "post", "institution", "mail", "phone", "agreed", "until", "remarks"),
    ),
)

ASSIGNED = Choice(
    (
        Option("assigned", B("Asignada", "Assigned"), ("Asignado",), B("S", "Y"), "good"),
        Option("shared", B("Compartida", "Shared"), ("Compartido",), B("C", "C"), "fair"),
        Option("nobody", B("Sin asignar", "Not assigned"), (), B("N", "N"), "poor"),
        Option("not_applicable", B("No aplica", "Not applicable"), (), B("A", "A"), "none"),
    )
)
_FUNCTIONS = (
    B("Detección e identificación de víctimas", "Detecting and identifying victims"),
    B("Investigación policial", "Police investigation"),
    B("Persecución penal", "Prosecution"),
    B("Protección y albergue", "Protection and shelter"),
    B("Atención médica, psicológica y legal", "Medical, psychological and legal help"),
    B("Permanencia y documentación migratoria", "Stay and migration documents"),
    B("Repatriación y reinserción", "Repatriation and reintegration"),
    B("Control de fronteras y de documentos", "Border and document control"),
    B("Prevención y campañas", "Prevention and campaigns"),
    B("Estadísticas", "Statistics"),
    B("Coordinación entre instituciones", "Coordination between institutions"),
    B("Asistencia judicial y cooperación internacional", "Mutual legal assistance and international cooperation"),
)

COMPETENCES = Kind(
    key="competences",
    sheet=B("Competencias", "Competences"),
    answers=B("Instituciones", "Institutions"),
    title=B("Competencias institucionales en materia de trata", "Institutional competences on trafficking"),
    subject="function",
    columns=(
        Column("id", B("Nº", "No."), Id(), width=9),
        Column("function", B("Competencia", "Competence (es)"), Text(), width=40),
        Column("function_en", B("Competencia (en)", "Competence"), Text(), width=40, english_of="function"),
        Column(
            "state",
            B("Situación", "Situation"),
            ASSIGNED,
            Owner.COUNTRY,
            required=True,
            advice=B("Si una institución la tiene a cargo. Elija de la lista.", "Whether somebody has it. Choose."),
            width=14,
        ),
        Column(
            "institution",
            B("Institución", "Institution"),
            Text(500),
            Owner.COUNTRY,
            advice=B("La o las instituciones a cargo.", "The institution or institutions in charge."),
            width=34,
        ),
        Column(
            "part",
            B("Papel", "Part"),
            Text(1000),
            Owner.COUNTRY,
            advice=B("Qué hace cada una, en pocas palabras.", "What each does, in a few words."),
            width=34,
        ),
        Column(
            "norm",
            B("Norma", "Law"),
            Text(500),
            Owner.COUNTRY,
            advice=B("La norma que le da la competencia.", "The law that gives the competence."),
            width=28,
        ),
        REMARKS,
    ),
    seed=tuple(
        {"id": f"COM-{n}", "function": function.es, "function_en": function.en}
        for n, function in enumerate(_FUNCTIONS, start=1)
    ),
    board=Board(
        sheet=B("Cuadro de competencias", "Competences table"),
        title=B("Competencias: qué institución en cada país", "Competences: which institution in each country"),
        answer="state",
        detail=("institution", "part", "norm", "remarks"),
    ),
)
