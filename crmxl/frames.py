"""Frames for analysts: the items and answers of a workbook as pandas DataFrames. The only importer of pandas.

Numbers of items stay text (6.1 is not 6.10), choices are their keys, countries their codes; nothing that was written
becomes NaN but a blank cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crmxl.definition import Record, Table

if TYPE_CHECKING:
    import pandas as pd


def frame(table: Table, records: Iterable[Record]) -> pd.DataFrame:
    """The rows of a table, a column for each stored column; blank cells are None, every dtype is object."""
    import pandas as pd

    keys = [column.key for column in table.stored]
    rows = [[record.values.get(key) for key in keys] for record in records]
    return pd.DataFrame(rows, columns=keys, dtype=object)
