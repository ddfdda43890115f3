"""What `doctor` says of a file."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from crmxl.cli import cli
from crmxl.diagnosis import HAZARDS
from crmxl.receiving import examine, open_issued
from tests.bench import PLAN
from tests.test_reading import REFUSED


def packed(path: Path, **parts: str) -> Path:
    """A copy of the canonical plan with more parts; `__` stands for `/`."""
    stream = io.BytesIO()
    with zipfile.ZipFile(PLAN) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        for name, text in parts.items():
            new.writestr(name.replace("__", "/"), text)
    path.write_bytes(stream.getvalue())
    return path


def test_an_issued_template(issued: Path) -> None:
    (found,) = examine([issued / "CRI.xlsx"], open_issued(issued))
    told = found.as_dict("es")
    assert (told["format"], told["template"], told["country"], told["cycle"], told["role"]) == (
        "xlsx",
        "plan+trafficking+smuggling+meetings",
        "CRI",
        "2010-1",
        "template",
    )
    assert told["version"].startswith("plan 1, ")
    assert told["issued_copy"] is True
    assert told["hazards"] == []


def test_a_canonical_workbook_and_one_of_somebody_else(tmp_path: Path) -> None:
    other = openpyxl.Workbook()
    other.save(tmp_path / "otro.xlsx")
    roles = [found.role for found in examine([PLAN, tmp_path / "otro.xlsx"], {})]
    assert roles == ["canonical", "other"]


@pytest.mark.parametrize(
    ("name", "form"), [("pdf", "pdf"), ("csv", "csv"), ("password", "encrypted"), ("word", "word")]
)
def test_what_cannot_be_read(name: str, form: str, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(REFUSED[name][0])
    (found,) = examine([path], {})
    assert (found.role, found.as_dict("es")["format"]) == ("unreadable", form)
    assert found.as_dict("es")["findings"]


def test_hazards_of_the_package(tmp_path: Path) -> None:
    path = packed(
        tmp_path / "x.xlsx",
        **{
            "xl/vbaProject.bin": "x",
            "xl/externalLinks/externalLink1.xml": "<externalLink><ddeLink/></externalLink>",
            "xl/connections.xml": "<connections/>",
            "xl/embeddings/oleObject1.bin": "x",
        },
    )
    (found,) = examine([path], {})
    assert found.hazards[:5] == ("macros", "external_links", "connections", "embedded_objects", "dde")


def test_hazards_of_the_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["A3"], sheet["B1"] = "tachado", "=1+1", "#REF!"
    sheet["B1"].data_type = "e"
    sheet["A1"].font = openpyxl.styles.Font(strike=True)
    sheet.merge_cells("C1:D2")
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["F"].hidden = True
    sheet["A1"].comment = openpyxl.comments.Comment("nota", "yo")
    book.create_sheet("oculta").sheet_state = "hidden"
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904  # type: ignore[attr-defined]
    book.save(tmp_path / "x.xlsx")
    (found,) = examine([tmp_path / "x.xlsx"], {})
    assert set(found.hazards) == {
        "date_1904",
        "hidden_sheets",
        "hidden_rows",
        "hidden_columns",
        "merged_cells",
        "struck_text",
        "comments",
        "error_cells",
        "formulas_without_value",
    }
    assert set(found.hazards) <= set(HAZARDS)


def test_the_command(issued: Path) -> None:
    run = CliRunner().invoke(cli, ["doctor", str(issued / "BLZ.xlsx"), "--issued", str(issued), "--lang", "en"])
    assert run.exit_code == 0
    assert run.output.splitlines()[0] == "BLZ.xlsx: template of the Secretariat"
    assert "   country: Belize" in run.output
    told = CliRunner().invoke(cli, ["doctor", str(PLAN), "--format", "json"])
    assert [item["role"] for item in json.loads(told.output)] == ["canonical"]
