"""THE catalogue: every finding that crmxl can make, with its severity, its text and what to do about it.

The codes stand here, their texts in `messages.csv`, a line a code, which whoever words them can edit: severity, what is
wrong and what to do in Spanish and English, and what to tell the country where that differs. Texts name what was found
in `{braces}`; advice is in the imperative.
A code is stable: F the file, S sheets, columns and rows, C cells, P personal data, A authority, E the block Envío,
R rules across rows and the plan itself, B the issued base, M merge.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import Enum, auto
from importlib import resources
from typing import Literal, cast, get_args

from crmxl.text import B

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Message:
    """How bad it is, what it says, what to do."""

    severity: Severity
    text: B
    advice: B
    country: B
    """The advice to the country itself, where it is otherwise than to the Secretariat."""


def _catalogue() -> dict[str, Message]:
    text = resources.files("crmxl").joinpath("messages.csv").read_text(encoding="utf-8")
    found = {}
    for row in csv.DictReader(text.splitlines()):
        if row["severity"] not in get_args(Severity):
            raise ValueError(f"messages.csv: {row['code']} has no severity")
        severity = cast("Severity", row["severity"])
        advice = B(row["do_es"], row["do_en"])
        own = B(row["country_es"], row["country_en"]) if row["country_es"] else advice
        found[row["code"]] = Message(severity, B(row["es"], row["en"]), advice, own)
    return found


_MESSAGES = _catalogue()


class Code(Enum):
    """The findings; the name is the code that users see."""

    # the file
    F101 = auto()
    F102 = auto()
    F103 = auto()
    F104 = auto()
    F105 = auto()
    F106 = auto()
    F107 = auto()
    F108 = auto()
    F109 = auto()
    F110 = auto()
    F111 = auto()
    F112 = auto()
    F113 = auto()
    F114 = auto()
    F115 = auto()

    # sheets, columns and rows
    S101 = auto()
    S102 = auto()
    S103 = auto()
    S104 = auto()
    S105 = auto()
    S106 = auto()
    S107 = auto()
    S108 = auto()
    S109 = auto()
    S110 = auto()
    S111 = auto()
    S112 = auto()
    S113 = auto()
    S114 = auto()
    S115 = auto()
    S116 = auto()
    S117 = auto()
    S118 = auto()
    S119 = auto()
    S120 = auto()
    S121 = auto()
    S122 = auto()
    S123 = auto()
    S124 = auto()
    S125 = auto()
    S126 = auto()
    S127 = auto()
    S128 = auto()
    S129 = auto()
    S130 = auto()

    # cells
    C101 = auto()
    C102 = auto()
    C103 = auto()
    C104 = auto()
    C105 = auto()
    C106 = auto()
    C107 = auto()
    C108 = auto()
    C109 = auto()
    C110 = auto()
    C111 = auto()
    C112 = auto()
    C113 = auto()
    C114 = auto()
    C115 = auto()
    C116 = auto()
    C117 = auto()

    # personal data
    P101 = auto()
    P102 = auto()
    P103 = auto()
    P104 = auto()

    # authority
    A101 = auto()
    A102 = auto()
    A103 = auto()

    # the block Envío
    E101 = auto()
    E102 = auto()
    E103 = auto()
    E104 = auto()

    # rules across rows, and the plan itself
    R101 = auto()
    R102 = auto()
    R103 = auto()
    R104 = auto()
    R105 = auto()
    R106 = auto()
    R107 = auto()
    R108 = auto()
    R109 = auto()
    R110 = auto()
    R111 = auto()
    R201 = auto()
    R202 = auto()
    R203 = auto()
    R301 = auto()
    R302 = auto()

    # the issued base
    B101 = auto()
    B103 = auto()
    B104 = auto()
    B105 = auto()
    B106 = auto()
    B102 = auto()

    # merge
    M101 = auto()
    M102 = auto()
    M120 = auto()
    M103 = auto()
    M104 = auto()
    M107 = auto()
    M108 = auto()
    M109 = auto()
    M110 = auto()
    M111 = auto()
    M112 = auto()
    M113 = auto()
    M114 = auto()
    M105 = auto()
    M115 = auto()
    M116 = auto()
    M117 = auto()
    M118 = auto()
    M119 = auto()
    M121 = auto()
    M122 = auto()
    M106 = auto()

    @property
    def message(self) -> Message:
        """Its severity and its texts."""
        return _MESSAGES[self.name]

    @property
    def severity(self) -> Severity:
        """error, warning or note."""
        return self.message.severity
