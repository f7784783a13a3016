"""LibreOffice as a clerk uses it: opens a workbook, sorts, moves, types, and saves."""

from __future__ import annotations

import subprocess
from pathlib import Path
from xml.sax.saxutils import escape

_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Clerk"/></library:library>
"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Clerk" script:language="StarBasic">{}
</script:module>
"""
_MACRO = """
Sub Edit(source As String, target As String, filter As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, hidden())
  sheet = book.Sheets.getByIndex(0)
  {acts}
  Dim how(0) As New com.sun.star.beans.PropertyValue
  how(0).Name = "FilterName"
  how(0).Value = filter
  book.storeToURL(ConvertToURL(target), how())
  book.close(True)
End Sub

Sub Sort(sheet, column As Integer, first As Long, last As Long, width As Integer)
  area = sheet.getCellRangeByPosition(0, first, width, last)
  Dim fields(0) As New com.sun.star.table.TableSortField
  fields(0).Field = column
  fields(0).IsAscending = False
  Dim how(1) As New com.sun.star.beans.PropertyValue
  how(0).Name = "SortFields"
  how(0).Value = fields()
  how(1).Name = "ContainsHeader"
  how(1).Value = False
  area.sort(how())
End Sub
"""
FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "ods": "calc8", "xls": "MS Excel 97"}


def edit(source: Path, target: Path, acts: str = "", *, profile: Path) -> Path:
    """Open `source`, do what `acts` (Basic, on `sheet` and `book`) says, and save as `target` by its ending."""
    soffice = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo"]
    standard = profile / "user" / "basic" / "Standard"
    if not standard.exists():  # the first start writes a profile over whatever is there
        subprocess.run([*soffice, "--terminate_after_init"], capture_output=True, timeout=180, check=False)
    (standard / "script.xlb").write_text(_LIBRARY, encoding="utf-8")
    (standard / "Clerk.xba").write_text(_MODULE.format(escape(_MACRO.replace("{acts}", acts))), encoding="utf-8")
    call = f'macro:///Standard.Clerk.Edit("{source}","{target}","{FILTERS[target.suffix[1:]]}")'
    done = subprocess.run([*soffice, call], capture_output=True, timeout=180, check=False)
    assert target.exists(), done.stderr.decode()
    return target
