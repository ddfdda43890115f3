"""From kinds and records to .xlsx: templates, canonical and consolidated workbooks. The only importer of xlsxwriter.

Every writer gives bytes, the same for the same input; whoever calls puts them into a file, whole or not at all.
"""

from __future__ import annotations

from crmxl.writing.consolidated import as_of_line, write_canonical, write_circulated, write_consolidated
from crmxl.writing.drafted import write_drafted
from crmxl.writing.template import write_assembly, write_review, write_template
from crmxl.writing.views import VIEWS, write_difference

__all__ = [
    "VIEWS",
    "as_of_line",
    "write_assembly",
    "write_canonical",
    "write_circulated",
    "write_consolidated",
    "write_difference",
    "write_drafted",
    "write_review",
    "write_template",
]
