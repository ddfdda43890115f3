"""What the styles and the rules of an OpenDocument workbook say that values do not tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from crmxl.text import tidy

NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _TEXT, _STYLE = (NAMESPACE % name for name in ("table", "text", "style"))
DECLARED = (f"{_STYLE}style", f"{_TABLE}content-validation")
"""The elements that declare a style or a rule."""
_LINES = (f"{_STYLE}text-line-through-style", f"{_STYLE}text-line-through-type")


@dataclass(slots=True)
class Looks:
    """What styles and rules say that values do not tell, by their names."""

    hiding: set[str] = field(default_factory=set)
    """Styles that hide a sheet."""
    lists: set[str] = field(default_factory=set)
    """Rules that offer a list to choose from."""
    lines: dict[tuple[str, str], tuple[bool | None, str]] = field(default_factory=dict)
    """By family and name of a style: whether its text is struck out, if it says so itself, and its parent."""

    def add(self, node: Element) -> None:
        """A style or a rule."""
        if node.tag == f"{_TABLE}content-validation":
            if "cell-content-is-in-list" in node.get(f"{_TABLE}condition", ""):
                self.lists.add(node.get(f"{_TABLE}name", ""))
            return
        family, name = node.get(f"{_STYLE}family", ""), node.get(f"{_STYLE}name", "")
        if any(child.get(f"{_TABLE}display") == "false" for child in node):
            self.hiding.add(name)
        lines = [line for child in node for key in _LINES if (line := child.get(key))]
        self.lines[family, name] = ("none" not in lines if lines else None, node.get(f"{_STYLE}parent-style-name", ""))

    def hides(self, style: str) -> bool:
        """Whether a style hides the sheets that have it."""
        return style in self.hiding

    def lists_in(self, cell: Element) -> bool:
        """Whether a cell offers a list to choose from."""
        return cell.get(f"{_TABLE}content-validation-name", "") in self.lists

    def strikes(self, family: str, name: str) -> bool:
        """Whether a style strikes its text out, itself or by the style that it is based on."""
        seen = set()
        while (family, name) in self.lines and name not in seen:
            seen.add(name)
            struck, parent = self.lines[family, name]
            if struck is not None:
                return struck
            name = parent
        return False

    def struck(self, cell: Element, style: str) -> bool:
        """Whether the text of a cell of that style, or a part of it, is struck out."""
        if self.strikes("table-cell", style):
            return True
        spans = cell.iter(f"{_TEXT}span") if len(cell) else ()
        return any(
            self.strikes("text", span.get(f"{_TEXT}style-name", "")) and tidy("".join(span.itertext()))
            for span in spans
        )
