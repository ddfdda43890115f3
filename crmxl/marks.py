"""The marks that an activity of a plan can bear: their names, their labels, which of them ask for attention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from crmxl.text import B, Bilingual

Mark = Literal["overdue", "due_soon", "on_time", "continuous", "undefined", "pending", "done", "unreadable"]
MARKS: tuple[Mark, ...] = get_args(Mark)
MARK_LABELS: Mapping[Mark, Bilingual] = {
    "overdue": B("Vencida", "Overdue"),
    "due_soon": B("Por vencer", "Due soon"),
    "on_time": B("En plazo", "On time"),
    "continuous": B("Continua", "Continuous"),
    "undefined": B("Por definir", "Undefined"),
    "pending": B("Pendiente", "Pending"),
    "done": B("Cumplida", "Done"),
    "unreadable": B("No se entiende", "Not understood"),
}
OPEN_MARKS: frozenset[Mark] = frozenset(("undefined", "pending"))
"""What the legend of the plan underlines: "Todo aquello que está pendiente o por definir"."""
ATTENTION: tuple[Mark, ...] = ("overdue", "due_soon", "unreadable", "undefined", "pending")
"""The marks that ask for attention, most urgent first."""
