"""The network's plan against migrant smuggling: its axes as they changed, what working groups put in, the plan itself.

Five working groups were to build the plan in 2017 (report of the network, 2017); the plan of 2019-2025 has four axes.
Its actions are not known here: the plan is a scaffold that groups and countries fill.
"""

from __future__ import annotations

from crmxl.definition import Column, Kind, Owner
from crmxl.kinds.following import numbering
from crmxl.text import B
from crmxl.values import Calendar, Choice, Id, Option, Text, calendar_doubt

GROUPS = Choice(
    (
        Option("g1", B("1. Inteligencia/Investigación", "1. Intelligence and investigation"), ("1", "Grupo 1")),
        Option("g2", B("2. Operaciones de Terreno", "2. Field operations"), ("2", "Grupo 2")),
        Option(
            "g3", B("3. Detención Administrativa, Alternativas", "3. Administrative detention, alternatives"), ("3",)
        ),
        Option("g4", B("4. Soluciones Migratorias", "4. Migration solutions"), ("4", "Grupo 4")),
        Option("g5", B("5. Prevención y asistencia", "5. Prevention and assistance"), ("5", "Grupo 5")),
    )
)
"""The working groups of 2017."""
AXES = Choice(
    (
        Option("e1", B("Eje 1. Inteligencia e investigación", "Axis 1. Intelligence and investigation"), ("Eje 1",)),
        Option("e2", B("Eje 2. Cooperación judicial transfronteriza", "Axis 2. Cross-border judicial cooperation")),
        Option("e3", B("Eje 3. Detención administrativa y alternativas", "Axis 3. Administrative detention")),
        Option("e4", B("Eje 4. Protección y soluciones migratorias", "Axis 4. Protection and solutions"), ("Eje 4",)),
    )
)
"""The axes of the plan of 2019-2025."""
BECAME: dict[str, str] = {"g1": "e1", "g2": "e2", "g3": "e3", "g4": "e4", "g5": "e4"}
"""Which axis each group became: the second is judicial cooperation now, the fourth and fifth are one."""

AXIS_VERSIONS = Kind(
    key="axes",
    sheet=B("Ejes", "Axes"),
    title=B("Ejes del plan contra el tráfico, por versión", "Axes of the plan against smuggling, by version"),
    fillable=False,
    columns=(
        Column("id", B("Clave", "Key"), Id(), width=12),
        Column("version", B("Versión", "Version"), Id(), width=12),
        Column("name", B("Eje", "Axis (es)"), Text(), width=46),
        Column("name_en", B("Eje (en)", "Axis"), Text(), width=46, english_of="name"),
        Column("became", B("Pasó a", "Became"), Id(), width=12),
    ),
    seed=(
        *(
            {"id": f"2017-{o.key[1]}", "version": "2017", "name": o.label.es, "name_en": o.label.en,
             "became": f"2019-{BECAME[o.key][1]}"}
            for o in GROUPS.options
        ),
        *(
            {"id": f"2019-{o.key[1]}", "version": "2019-2025", "name": o.label.es, "name_en": o.label.en}
            for o in AXES.options
        ),
    ),
)  # fmt: skip


def _text(key: str, title: B, advice: B, *, required: bool = False, width: int = 28) -> Column:
    return Column(key, title, Text(2000), Owner.SHARED, required=required, advice=advice, width=width)


ACTION = _text(
    "action",
    B("Acción", "Action"),
    B("Qué se hará, entre países.", "What is to be done, between countries."),
    required=True,
    width=48,
)
WHO = (
    _text(
        "countries",
        B("Países", "Countries"),
        B("Al menos dos: la acción es regional.", "At least two: it is regional."),
        required=True,
    ),
    _text("responsible", B("Responsable", "Responsible"), B("Quién la lleva.", "Who leads it."), required=True),
    Column(
        "period",
        B("Período", "Period"),
        Calendar(),
        Owner.SHARED,
        required=True,
        doubt=calendar_doubt,
        advice=B("Cuándo: un año, un semestre, un mes.", "When: a year, a half year, a month."),
        width=18,
    ),
    _text("indicator", B("Indicador", "Indicator"), B("Cómo se sabrá que se hizo.", "How it will be known."), width=30),
)

GROUP_WORK = Kind(
    key="group_work",
    sheet=B("Aportes de grupo", "Group input"),
    title=B("Aportes de un grupo de trabajo al plan contra el tráfico", "Input of a working group to the plan"),
    subject="action",
    spoken="es",
    open_rows=30,
    columns=(
        Column("id", B("Nº", "No."), Id(), width=8),
        Column(
            "group",
            B("Grupo", "Group"),
            GROUPS,
            Owner.SHARED,
            required=True,
            advice=B("El grupo de trabajo. Elija de la lista.", "The working group. Choose."),
            width=26,
        ),
        _text("facilitator", B("Facilitador", "Facilitator"), B("País u organismo.", "Country or body."), width=20),
        _text("rapporteur", B("Relator", "Rapporteur"), B("País que relata.", "The country that reports."), width=20),
        ACTION,
        *WHO,
    ),
)
"""What a working group sends: its workbook is no country's."""

SMUGGLING_PLAN = Kind(
    key="smuggling_plan",
    sheet=B("Plan tráfico", "Smuggling plan"),
    title=B("Plan de trabajo contra el tráfico ilícito: borrador", "Work plan against migrant smuggling: draft"),
    subject="action",
    number=numbering("TIM"),
    spoken="es",
    open_rows=5,
    columns=(
        Column("id", B("Nº", "No."), Id(), width=9),
        Column("axis", B("Eje", "Axis"), AXES, width=28),
        Column("group", B("Grupo de 2017", "Group of 2017"), GROUPS, width=24, inner=True),
        ACTION,
        *WHO,
        Column("facilitator", B("Facilitador", "Facilitator"), Text(), width=20, inner=True),
        Column("rapporteur", B("Relator", "Rapporteur"), Text(), width=20, inner=True),
    ),
)

OTHER_ACTIONS = Kind(
    key="other_actions",
    sheet=B("Otros espacios", "Other forums"),
    title=B("Acciones de la Coalición y de otros espacios", "Actions of the Coalition and of other forums"),
    subject="action",
    fillable=False,
    spoken="es",
    columns=(
        Column("id", B("Clave", "Key"), Id(), width=12),
        Column("space", B("Espacio", "Forum"), Text(), width=30),
        Column("action", B("Acción", "Action"), Text(), width=60),
        Column("source", B("Fuente", "Source"), Text(), width=36),
    ),
)
"""What is done elsewhere, so that the plan does not repeat it; the Secretariat fills it in."""
AGAINST_SMUGGLING: tuple[Kind, ...] = (AXIS_VERSIONS, GROUP_WORK, SMUGGLING_PLAN, OTHER_ACTIONS)
