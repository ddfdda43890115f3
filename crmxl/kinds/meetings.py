"""The meetings of the Conference and of its consultation group, by which duties fall due."""

from __future__ import annotations

from crmxl.definition import Column, Kind
from crmxl.members import ORGANS
from crmxl.text import B
from crmxl.values import Choice, Country, Held, Id, Option, Text, calendar_doubt

MEETING_ORGANS = Choice(tuple(Option(organ.code, organ.name, organ.variants) for organ in ORGANS))

CERTAINTIES = Choice(
    (Option("confirmed", B("confirmada", "confirmed")), Option("unconfirmed", B("por confirmar", "to be confirmed")))
)

MEETINGS = Kind(
    key="meetings",
    sheet=B("Reuniones", "Meetings"),
    title=B("Reuniones de la CRM y del GRCM", "Meetings of the RCM and the RCGM"),
    columns=(
        Column("id", B("Clave", "Key"), Id(), width=14),
        Column("organ", B("Órgano", "Organ"), MEETING_ORGANS, width=10),
        Column("number", B("Número", "Number"), Text(), width=10),
        Column("date", B("Fecha", "Date"), Held(), doubt=calendar_doubt, width=30),
        Column("place", B("Lugar", "Place"), Text(), width=26),
        Column("host", B("País sede", "Host country"), Country(), width=22),
        Column("certainty", B("Confirmación", "Certainty"), CERTAINTIES, width=16),
        Column("remark", B("Nota", "Note"), Text(), width=46),
        Column("source", B("Fuente", "Source"), Text(), width=44),
    ),
)
