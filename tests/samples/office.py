"""Conversion to the binary Word format by LibreOffice, which writes times into the file: not repeatable."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path


def to_doc(docx: bytes) -> bytes:
    """The DOCX as a Word 97 file."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "paper.docx"
        source.write_bytes(docx)
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        command += ["--convert-to", "doc:MS Word 97", "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return source.with_suffix(".doc").read_bytes()
