"""crmxl: workbooks that travel by mail between governments, and the one plan that can be trusted.

Every command is one call here: `issue`, `validate`, `merge`, `assess`, `template`, `read`, `frame`. The names are
imported when they are first used, so that a short command does not pay for long ones.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crmxl.api import assess, frame, issue, merge, read, template, validate
    from crmxl.definition import Column, Kind, Owner
    from crmxl.kinds import KINDS
    from crmxl.writing import write_consolidated

_HOMES = {
    "KINDS": "crmxl.kinds",
    "Kind": "crmxl.definition",
    "Column": "crmxl.definition",
    "Owner": "crmxl.definition",
    "write_consolidated": "crmxl.writing",
    **dict.fromkeys(("assess", "frame", "issue", "merge", "read", "template", "validate"), "crmxl.api"),
}

__all__ = [  # noqa: RUF022 - in the order of a cycle
    "KINDS",
    "Kind",
    "Column",
    "Owner",
    "template",
    "issue",
    "read",
    "validate",
    "merge",
    "assess",
    "frame",
    "write_consolidated",
]


def __getattr__(name: str) -> Any:
    """Import a public name from where it lives."""
    if name not in _HOMES:
        raise AttributeError(f"module 'crmxl' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
