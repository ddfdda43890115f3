"""The block Envío of a template: who sends, for the how-manieth time, how complete, and who may see it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crmxl.definition import COUNTRY, Column
from crmxl.text import B
from crmxl.values import Choice, Number, Option, Text

SENDING = "sending"
"""In the place of a kind: the block Envío, whose cells have no row."""

SENDING_TYPES = Choice(
    (
        Option("complete", B("completo", "complete"), ("completa",)),
        Option("partial", B("parcial", "partial")),
        Option("nothing", B("sin novedades", "nothing to report"), ("nil",)),
    )
)
RESTRICTIONS = Choice(
    (
        Option("free", B("libre", "free")),
        Option("network", B("sólo la red", "network only")),
        Option("st", B("sólo la ST", "TS only")),
    )
)
"""The sender's limits on use, which the receiver respects (articles 10 of the two Protocols)."""

ENVELOPE: tuple[Column, ...] = (
    replace(COUNTRY, advice=B("Su país.", "Your country.")),
    Column(
        "institution",
        B("Institución", "Institution"),
        Text(200),
        advice=B("La institución que envía.", "The institution that sends this."),
    ),
    Column(
        "office",
        B("Cargo de quien envía", "Sender's office"),
        Text(200),
        advice=B("El cargo, no el nombre de la persona.", "The office, not the person's name."),
    ),
    Column(
        "number",
        B("Número de este envío", "Number of this sending"),
        Number(),
        advice=B("1 la primera vez; si corrige y reenvía, 2, 3…", "1 the first time; if you correct and resend, 2, 3…"),
    ),
    Column(
        "type",
        B("Tipo de envío", "Type of sending"),
        SENDING_TYPES,
        advice=B(
            "completo: toda la plantilla está revisada; parcial: faltan partes; sin novedades: nada cambió.",
            "complete: the whole template was reviewed; partial: parts are missing; nothing to report: no change.",
        ),
    ),
    Column(
        "restriction",
        B("Restricción de uso", "Restriction of use"),
        RESTRICTIONS,
        advice=B(
            "Quién puede ver lo que envía: libre (cualquiera), sólo la red, o sólo la Secretaría Técnica.",
            "Who may see what you send: free (anybody), network only, or the Technical Secretariat only.",
        ),
    ),
)
"""The block Envío: a label and, to its right, a cell to fill."""


@dataclass(frozen=True, slots=True)
class Sent:
    """When a file was sent, as far as is known: the deadline of its cycle (ISO), the number of the sending, and the
    moments (ISO, UTC) at which the Secretariat received it and at which it was mailed."""

    deadline: str = ""
    number: float | None = None
    mailed: str = ""
    received: str = ""

    def after(self, other: Sent) -> bool:
        """Whether this is known to be later: of a later cycle; in the same one, by the reception where it differs, else
        by the mail, else by the number."""
        if self.deadline != other.deadline:
            return bool(self.deadline and other.deadline) and self.deadline > other.deadline
        for mine, theirs in ((self.received, other.received), (self.mailed, other.mailed)):
            if mine and theirs and mine != theirs:
                return mine > theirs
        return self.number is not None and other.number is not None and self.number > other.number
