"""The Secretariat's registers in a consolidated workbook: what arrived, what was decided, where values came from."""

from __future__ import annotations

from crmxl.decisions import DECISIONS as SHEET
from crmxl.decisions import SUGGESTED
from crmxl.definition import COUNTRY, Column, Kind
from crmxl.envelope import RESTRICTIONS, SENDING_TYPES
from crmxl.marks import MARK_LABELS
from crmxl.members import MEMBERS
from crmxl.reasons import Reason
from crmxl.text import B
from crmxl.values import YES_NO, Calendar, Choice, Id, Number, Option, Text

_SHA = Column("sha256", B("SHA-256", "SHA-256"), Id(), width=20)
_CYCLE = Column("cycle", B("Ciclo", "Cycle"), Id(), width=12)
_TABLE = Column("table", B("Hoja", "Sheet"), Text(), width=20)
_ITEM = Column("item", B("Ítem", "Item"), Id(), width=16)
_COLUMN = Column("column", B("Columna", "Column"), Text(), width=18)
_ORIGIN_SHEET = Column("origin_sheet", B("Hoja de origen", "Sheet of origin"), Text(), width=18)
_ORIGIN_CELL = Column("origin_cell", B("Celda de origen", "Cell of origin"), Id(), width=14)
_MARK = Choice(tuple(Option(mark, label) for mark, label in MARK_LABELS.items()))
_REASON = Choice(tuple(Option(reason.name.lower(), reason.value) for reason in Reason))

_TO_CONFIRM = B("{country} (por confirmar)", "{country} (to be confirmed)")
DECISION = Choice(
    (
        Option("keep", B("Mantener", "Keep")),
        *(Option(member.code, member.name, (member.code,)) for member in MEMBERS),
        Option("other", B("Otro envío", "Other sending")),
        Option("own", B("Texto propio", "Own text")),
        *(Option(m.code + SUGGESTED, _TO_CONFIRM.format(country=m.name), offered=False) for m in MEMBERS),
    )
)

DECISIONS = Kind(
    key="decisions",
    sheet=SHEET,
    title=B("Conflictos y propuestas por decidir", "Conflicts and proposals to decide"),
    notes=(
        B(
            "Elija en Decisión: Mantener, el país cuyo valor se adopta, o Texto propio. Luego consolide de nuevo con "
            "este libro como canónico: cada decisión se aplica una vez.",
            "Choose in Decision: Keep, the country whose value is adopted, or Own text. Then merge again with this "
            "workbook as the canonical one: each decision is applied once.",
        ),
        B(
            "Donde sólo hay una propuesta, Decisión ya la trae (por confirmar). Vale cuando se escribe un nombre en "
            "Decidido por, o cuando se elige de la lista; mientras tanto no cambia nada.",
            "Where there is only one proposal, Decision already holds it (to be confirmed). It counts once a name is "
            "written in Decided by, or once it is chosen from the list; until then nothing changes.",
        ),
    ),
    fillable=False,
    columns=(
        _ITEM,
        Column(
            "type",
            B("Clase", "Class"),
            Choice(
                (
                    Option("proposal", B("Propuesta", "Proposal")),
                    Option("conflict", B("Conflicto", "Conflict")),
                    Option("within", B("Conflicto del país", "Conflict within the country")),
                )
            ),
            width=12,
        ),
        _COLUMN,
        Column("subject", B("Asunto", "Subject"), Text(), width=38),
        Column("base", B("Valor base", "Base value"), Text(), width=24),
        Column("proposals", B("Qué se propone", "What is proposed"), Text(), computed=True, width=34),
        Column("decision", B("Decisión", "Decision"), DECISION, width=22),
        Column("own", B("Texto propio", "Own text"), Text(), width=24),
        Column("decided_by", B("Decidido por", "Decided by"), Text(), width=16),
        Column("decided_on", B("Decidido el", "Decided on"), Calendar(), width=13),
        Column(
            "stage",
            B("Etapa", "Stage"),
            Choice((Option("open", B("Abierta", "Open")), Option("applied", B("Aplicada", "Applied")))),
            width=10,
        ),
        Column("assigned", B("Nº asignado", "No. assigned"), Id(), width=12),
        _TABLE,
        COUNTRY,
        *(Column(m.code.lower(), m.name, Text(), width=20) for m in MEMBERS),
        Column("other", B("Otro envío del mismo país", "Other sending of that country"), Text(), width=24),
        Column("id", B("Clave", "Key"), Id(), width=14),
    ),
)

RECEPTION = Kind(
    key="reception",
    sheet=B("Recepción", "Reception"),
    title=B("Registro de envíos recibidos", "Register of returns received"),
    id="sha256",
    fillable=False,
    columns=(
        _SHA,
        COUNTRY,
        Column("file", B("Archivo", "File"), Text(), width=44),
        _CYCLE,
        Column("deadline", B("Plazo del ciclo", "Deadline of the cycle"), Id(), width=12),
        Column("received", B("Recibido el (UTC)", "Received on (UTC)"), Id(), width=16),
        Column("mailed", B("Enviado el (UTC)", "Sent on (UTC)"), Id(), width=16),
        Column("number", B("Envío", "Sending"), Number(), width=9),
        Column("type", B("Tipo", "Type"), SENDING_TYPES, width=14),
        Column("restriction", B("Restricción de uso", "Restriction of use"), RESTRICTIONS, width=18),
        Column("institution", B("Institución", "Institution"), Text(), width=26),
        Column("office", B("Cargo de quien envía", "Sender's office"), Text(), width=26),
        Column("program", B("Programa", "Program"), Text(), width=30),
        Column("accepted", B("Aceptado", "Accepted"), YES_NO, width=10),
        Column("superseded", B("Sustituido", "Superseded"), YES_NO, width=11),
        Column("sheets", B("Hojas devueltas", "Sheets returned"), Text(), width=24),
        Column("cells", B("Celdas leídas", "Cells read"), Number(), width=10),
        Column("errors", B("Errores", "Errors"), Number(), width=9),
        Column("warnings", B("Advertencias", "Warnings"), Number(), width=12),
    ),
)

SET_ASIDE = Kind(
    key="set_aside",
    sheet=B("Apartados", "Set aside"),
    title=B("Lo que llegó y no pudo entrar en su lugar", "What arrived and could not go to its place"),
    id="sha256",
    key_columns=("sha256", "origin_sheet", "origin_cell", "reason"),
    fillable=False,
    columns=(
        COUNTRY,
        Column("reason", B("Motivo", "Reason"), _REASON, width=26),
        _ITEM,
        Column("label", B("Rótulo", "Label"), Text(), width=24),
        Column("value", B("Valor recibido", "Value received"), Text(), width=60),
        _ORIGIN_SHEET,
        _ORIGIN_CELL,
        _SHA,
    ),
)

PROVENANCE = Kind(
    key="provenance",
    sheet=B("Procedencia", "Provenance"),
    title=B("De dónde viene cada valor", "Where each value came from"),
    id="sha256",
    key_columns=("sha256", "origin_sheet", "origin_cell"),
    fillable=False,
    columns=(
        _TABLE,
        _ITEM,
        COUNTRY,
        _COLUMN,
        Column(
            "state",
            B("Destino", "Outcome"),
            Choice(
                (
                    Option("merged", B("Incorporado", "Merged")),
                    Option("proposed", B("Propuesto", "Proposed")),
                    Option("conflicting", B("En conflicto", "Conflicting")),
                    Option("superseded", B("Sustituido", "Superseded")),
                    Option("unchanged", B("Sin cambio", "Unchanged")),
                )
            ),
            width=14,
        ),
        Column("value", B("Valor recibido", "Value received"), Text(), width=50),
        _ORIGIN_SHEET,
        _ORIGIN_CELL,
        _SHA,
    ),
)

EVOLUTION = Kind(
    key="evolution",
    sheet=B("Evolución", "Evolution"),
    title=B("Cómo cambió cada actividad, ciclo por ciclo", "How each activity changed, cycle by cycle"),
    key_columns=("cycle", "id"),
    fillable=False,
    columns=(
        _CYCLE,
        Column("as_of", B("A la fecha", "As of"), Calendar(), width=14),
        Column("id", B("Nº", "No."), Id(), width=8),
        Column("calendar", B("CALENDARIO", "SCHEDULE"), Calendar(), width=30),
        Column("mark", B("Marca", "Mark"), _MARK, width=18),
    ),
)

REGISTERS: tuple[Kind, ...] = (DECISIONS, RECEPTION, SET_ASIDE, PROVENANCE, EVOLUTION)
