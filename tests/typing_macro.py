"""Cells filled in by LibreOffice itself, through its own scripting interface, as if somebody had typed them."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Typed" script:language="StarBasic">
Sub Fill(before As String, after As String, typed As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL(ConvertToURL(before), "_blank", 0, hidden())
  number = FreeFile
  Open typed For Input As #number
  Do While Not Eof(number)
    Line Input #number, entry
    If Len(entry) &gt; 0 Then
      parts = Split(entry, Chr(9))
      book.Sheets.getByName(parts(0)).getCellRangeByName(parts(1)).setString(parts(2))
    End If
  Loop
  Close #number
  book.calculateAll()
  Dim kind(0) As New com.sun.star.beans.PropertyValue
  kind(0).Name = "FilterName"
  kind(0).Value = "Calc MS Excel 2007 XML"
  book.storeToURL(ConvertToURL(after), kind())
  book.close(True)
End Sub
</script:module>
"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Typed"/></library:library>
"""


def typed(program: str, profile: Path, before: Path, after: Path, cells: Mapping[tuple[str, str], str]) -> None:
    """Open a workbook in LibreOffice, type texts into cells by sheet and address, save it elsewhere."""
    begun = [program, "--headless", f"-env:UserInstallation=file://{profile}"]
    basic = profile / "user" / "basic" / "Standard"
    if not basic.exists():  # the first start writes libraries of its own over those that are there
        subprocess.run([*begun, "--terminate_after_init"], check=True, capture_output=True, timeout=180)
    (basic / "Typed.xba").write_text(_MODULE, encoding="utf-8")
    (basic / "script.xlb").write_text(_LIBRARY, encoding="utf-8")
    entries = after.with_suffix(".txt")
    entries.write_text("".join(f"{sheet}\t{cell}\t{text}\n" for (sheet, cell), text in cells.items()), encoding="utf-8")
    call = f'macro:///Standard.Typed.Fill("{before}","{after}","{entries}")'
    subprocess.run([*begun, call], check=True, capture_output=True, timeout=180)
