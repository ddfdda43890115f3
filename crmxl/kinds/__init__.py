"""The kinds of sheet that crmxl knows: data, one file a kind or family of kinds, and one explicit tuple.

A new kind is one file here and one line below.
"""

from __future__ import annotations

from crmxl.definition import Kind
from crmxl.kinds.directory import COMPETENCES, DIRECTORY
from crmxl.kinds.figures import FIGURES
from crmxl.kinds.following import FOLLOWED
from crmxl.kinds.history import HISTORY
from crmxl.kinds.matrices import MATRICES
from crmxl.kinds.meetings import MEETINGS
from crmxl.kinds.plan import PLAN
from crmxl.kinds.registers import REGISTERS
from crmxl.kinds.smuggling_plan import AGAINST_SMUGGLING

KINDS: tuple[Kind, ...] = (
    PLAN,
    HISTORY,
    *MATRICES,
    *FIGURES,
    DIRECTORY,
    COMPETENCES,
    *FOLLOWED,
    *AGAINST_SMUGGLING,
    MEETINGS,
    *REGISTERS,
)
"""Every kind, in the order of the sheets of a consolidated workbook."""

DATA: tuple[Kind, ...] = tuple(kind for kind in KINDS if kind not in REGISTERS)
"""The kinds that are not the Secretariat's registers: what a cycle is about."""

BY_KEY: dict[str, Kind] = {kind.key: kind for kind in KINDS}
