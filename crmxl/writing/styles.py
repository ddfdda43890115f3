"""The look of every workbook, in one place. Colour always goes with a text that says the same."""

from __future__ import annotations

from crmxl.marks import Mark
from crmxl.values import Tone
from crmxl.writing.sheet import Style

NAVY, GREY, PALE, LINE = "#1F3864", "#616161", "#F2F2F2", "#BFBFBF"
FILL_YELLOW, FILL_GREEN = "#FFF9DB", "#EAF4E4"
FILL_RED, FILL_AMBER = "#FFC7CE", "#F8B878"

TITLE: Style = {"bold": True, "font_size": 14, "font_color": NAVY}
SUBTITLE: Style = {"bold": True, "font_size": 11, "font_color": NAVY}
PLAIN: Style = {"valign": "top"}
SMALL: Style = {"italic": True, "font_size": 9, "font_color": GREY}
PARAGRAPH: Style = {"valign": "top", "text_wrap": True}
BOLD: Style = {"valign": "top", "bold": True, "text_wrap": True}
HEADER: Style = {
    "bold": True,
    "font_color": "#FFFFFF",
    "bg_color": NAVY,
    "text_wrap": True,
    "valign": "vcenter",
    "border": 1,
    "border_color": LINE,
}
HELP: Style = {"italic": True, "font_size": 8, "font_color": "#404040", "text_wrap": True, "valign": "top"}
CELL: Style = {"text_wrap": True, "valign": "top", "border": 1, "border_color": LINE}
REPEATED: Style = {**CELL, "font_color": GREY, "font_size": 8}
"""A value that the row above has too: small and grey."""
SECTION: Style = {"bg_color": "#D9E2F3", "bold": True}
"""The section of the plan, down the side of its activities."""
BEGINS: Style = {"top": 2, "top_color": NAVY}
"""The first row of a section."""
LINK: Style = {**CELL, "font_color": "#0563C1", "underline": 1}
FIXED: Style = {**CELL, "bg_color": PALE, "font_color": "#404040", "locked": True}
OWN: Style = {**CELL, "bg_color": FILL_YELLOW, "locked": False, "num_format": "@"}
PROPOSABLE: Style = {**CELL, "bg_color": FILL_GREEN, "locked": False, "num_format": "@"}
EARLIER: Style = {"italic": True, "font_color": "#44546A"}
"""What a country answered before, until it is corrected."""
OPEN: Style = {"bold": True, "underline": 1, "font_color": "#7F6000"}
"""What is to be defined or pending, underlined as in the plan's legend."""
BAND_OWN: Style = {"bold": True, "bg_color": "#FFE699", "font_size": 9, "valign": "vcenter"}
BAND_PROPOSABLE: Style = {"bold": True, "bg_color": "#C6E0B4", "font_size": 9, "valign": "vcenter"}
BAND_FIXED: Style = {"bold": True, "bg_color": "#D9D9D9", "font_size": 9, "valign": "vcenter"}

_MARK_COLOURS: dict[Mark, tuple[str, str]] = {
    "overdue": ("#9C0006", "#FFC7CE"),
    "due_soon": ("#833C0B", "#FCE4D6"),
    "on_time": ("#375623", "#E2EFDA"),
    "continuous": ("#1F4E78", "#DDEBF7"),
    "undefined": ("#7F6000", "#FFF2CC"),
    "pending": ("#5B2C6F", "#E8DAEF"),
    "done": ("#FFFFFF", "#548235"),
    "unreadable": ("#FFFFFF", "#7B241C"),
}


_PATTERNS: dict[Mark, str] = {
    "overdue": "wide_upward_diagonal",
    "due_soon": "light_upward_diagonal",
    "on_time": "light_horizontal",
    "undefined": "wide_downward_diagonal",
    "pending": "percent_20",
    "unreadable": "small_grid",
}


def mark_fill(mark: Mark) -> dict[str, dict[str, str]]:
    """How a mark fills a part of a chart: by its colour, and by a pattern that shows without colour."""
    ink, ground = _MARK_COLOURS[mark]
    if mark not in _PATTERNS:
        return {"fill": {"color": ground}}
    return {"pattern": {"pattern": _PATTERNS[mark], "fg_color": _between(ink, ground), "bg_color": ground}}


def _between(one: str, other: str) -> str:
    """A colour nearer to the other than to the one."""
    parts = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{(a + 2 * b) // 3:02X}" for a, b in parts)


def mark_colours(mark: Mark) -> tuple[str, str]:
    """The colours of a mark: of its text and of its ground."""
    return _MARK_COLOURS[mark]


def mark_style(mark: Mark) -> Style:
    """The look of a mark: its colours. What is underlined elsewhere is a link, or the plan's own text."""
    ink, ground = _MARK_COLOURS[mark]
    return {**CELL, "bold": True, "font_color": ink, "bg_color": ground}


_TONES: dict[Tone, tuple[str, str]] = {
    "good": ("#375623", "#C6E0B4"),
    "fair": ("#1F4E78", "#DDEBF7"),
    "poor": ("#9C0006", "#FFC7CE"),
    "open": ("#7F6000", "#FFF2CC"),
    "idle": ("#5B2C6F", "#E8DAEF"),
    "unknown": ("#5B2C6F", "#F4ECF7"),
    "none": (GREY, PALE),
}


def tone_style(tone: Tone | None) -> Style:
    """The look of a choice in a view; the text in the cell says the same."""
    if tone is None:
        return CELL
    ink, ground = _TONES[tone]
    return {**CELL, "font_color": ink, "bg_color": ground}
