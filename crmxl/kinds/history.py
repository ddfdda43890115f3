"""The Histórico: what the network has finished, with its result."""

from __future__ import annotations

from crmxl.definition import Column, Kind, Values
from crmxl.references import citations
from crmxl.text import B, unique
from crmxl.values import Date, Id, Text, Value


def _references(values: Values) -> Value:
    texts = [v for key in ("objective", "activity", "result") if isinstance(v := values.get(key), str)]
    return "; ".join(unique(body for text in texts for body in citations(text))) or None


HISTORY = Kind(
    key="history",
    sheet=B("Histórico", "History"),
    title=B("Histórico del plan de trabajo", "History of the work plan"),
    fillable=False,
    spoken="es",
    version=2,
    changes={
        2: B(
            "Nº anterior y Pasó al histórico, de lo que pasa del plan",
            "Former No. and Moved to history, of what leaves the plan",
        )
    },
    columns=(
        Column("id", B("Nº", "No."), Id(), width=10),
        Column("printed", B("Nº impreso", "Printed No."), Text(), width=11),
        Column("section", B("Sección", "Section"), Text(), width=18),
        Column("objective", B("OBJETIVOS", "OBJECTIVES"), Text(), width=40),
        Column("activity", B("ACTIVIDADES", "ACTIVITIES"), Text(), width=46),
        Column("result", B("RESULTADO", "RESULT"), Text(), aliases=("Realizado",), width=60),
        Column(
            "reserved",
            B("Resultado, sólo para la ST", "Result, for the TS only"),
            Text(),
            width=30,
            since=2,
            secret=True,
        ),
        Column("former", B("Nº anterior", "Former No."), Id(), width=10, since=2),
        Column("archived", B("Pasó al histórico", "Moved to history"), Date(), width=16, since=2),
        Column("references", B("Referencias", "References"), Text(), derive=_references, width=36),
    ),
)
