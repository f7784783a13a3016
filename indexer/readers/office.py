"""DOC, XLS, PPT, RTF and OpenDocument by LibreOffice: converted in a profile of its own, without macros, then read."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

from corpus.model import Body
from indexer import sandbox
from indexer.ports import ReadFailure
from indexer.readers import media
from indexer.readers.docx import read_document
from indexer.readers.pptx import read_slides
from indexer.readers.sniff import OLE_MAGIC
from indexer.readers.xlsx import read_workbook

_NAMES = {
    media.DOC: ("in.doc", "docx"),
    media.RTF: ("in.rtf", "docx"),
    media.ODT: ("in.odt", "docx"),
    media.DOCX: ("in.docx", "docx"),
    media.WORDML: ("in.xml", "docx"),
    media.XLS: ("in.xls", "xlsx"),
    media.XLSML: ("in.xml", "xlsx"),
    media.ODS: ("in.ods", "xlsx"),
    media.XLSX: ("in.xlsx", "xlsx"),
    media.PPT: ("in.ppt", "pptx"),
    media.ODP: ("in.odp", "pptx"),
    media.PPTX: ("in.pptx", "pptx"),
}
"""Name of the copy given to the program, and what it is converted to."""
_MODULES = {"docx": ("Writer", "libswlo.so"), "xlsx": ("Calc", "libsclo.so"), "pptx": ("Impress", "libsdlo.so")}
"""Part of LibreOffice that a conversion needs and the file that shows it is there; Debian packages them apart."""
_TIMES = "Times New Roman"
_SERIFS = {_TIMES: 1.0, "Tinos": 1.0, "Liberation Serif": 1.0, "Noto Serif": 0.88, "DejaVu Serif": 0.84}
"""What our papers are written in and what stands in for it, the nearest first; by how much smaller it is as broad."""
_FONTS, _SIZES = re.compile(r"<w:rFonts [^>]*>"), re.compile(r'<w:sz w:val="(\d+)"/>')
_SECTOR = 512  # bytes; streams of a compound file begin at multiples
_WORD, _WORD_FLAGS = b"\xec\xa5", 11
_SIZE_AT, _DIRECTORY_AT = 30, 48  # MS-CFB, 2.2
_ROOT = "r".encode("utf-16-le")
"""How the directory begins: with the root entry, which some programs name otherwise but for its first letter."""
_START = 4096  # bytes in which a file shows its type
PROGRAM = "soffice"
SECONDS = 55.0
_SETTINGS = (
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Writer/Content/Update", "Link", "2"),
    ("Calc/Content/Update", "Link", "2"),
    ("Common/Misc", "FirstRun", "false"),
)
"""No macros, no links followed."""
_ITEM = (
    '<item oor:path="/org.openoffice.Office.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
)
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
{}
</oor:items>
"""


class OfficeReader:
    """Reads what only a full office program understands; also DOCX that our own reader cannot."""

    name = "libreoffice"
    programs_mib = sandbox.PROGRAM_MEMORY

    def accepts(self, media_type: str) -> bool:
        """Office files before 2007, RTF, OpenDocument, and files of the later forms that are damaged."""
        return media_type in media.OFFICE

    def read(self, path: Path, media_type: str) -> Body:
        """The body as a reading of the later form would give it."""
        name, target = _NAMES[media_type]
        require(target)
        return read_converted(convert(path, name, target, seconds=SECONDS), media_type)


READER = OfficeReader()


def read_converted(converted: Path, media_type: str) -> Body:
    """The body of a file of that type from its later form."""
    name, target = _NAMES[media_type]
    source = {media.WORDML: "doc", media.XLSML: "xls"}.get(media_type, name.removeprefix("in."))
    if target == "xlsx":
        return read_workbook(converted, media_type, source=source)
    if target == "pptx":
        return read_slides(converted, media_type, source=source)
    return read_document(converted, media_type, source=source)


def convert_all(files: Sequence[tuple[str, str]], folder: Path) -> tuple[str, ...]:
    """Convert files, each given with its type, in one start for each later form; what came of each stands in
    `folder` under its position. Gives the forms, empty where a file was not converted."""
    made: list[str] = [""] * len(files)
    for target in _MODULES:
        batch = [(i, Path(path), _NAMES[kind][0]) for i, (path, kind) in enumerate(files) if _NAMES[kind][1] == target]
        if not batch:
            continue
        names = [f"{position}{Path(name).suffix}" for position, _, name in batch]
        for (_, path, _name), name in zip(batch, names, strict=True):
            _copy(path, Path.cwd() / name)
        _run([Path.cwd() / name for name in names], target, seconds=SECONDS + len(names))
        for position, _, _name in batch:
            result = Path.cwd() / "out" / f"{position}.{target}"
            if result.exists():
                shutil.move(result, folder / str(position))
                made[position] = target
    return tuple(made)


def to_pdf(path: Path) -> bytes:
    """A DOCX of ours as PDF; for a child (`sandbox.run`).

    Where there is no Times New Roman, the whole is in the nearest font that has every Vietnamese letter: the usual
    stand-in lacks most of them, and lines with letters of two fonts look broken.
    """
    require("docx")
    font = _serif()
    if font != _TIMES:
        path = _in_font(path, font)
    return convert(path, "in.docx", "pdf", seconds=SECONDS - 5).read_bytes()


def _serif() -> str:
    """The first of our fonts that this machine has with all of Vietnamese."""
    if shutil.which("fc-list") is None:
        return _TIMES
    for font in _SERIFS:
        asked = ["fc-list", f":lang=vi:family={font}", "family"]
        if sandbox.program(asked, seconds=10, folder=Path.cwd()).stdout.strip():
            return font
    return _TIMES


def _in_font(path: Path, font: str) -> Path:
    """The same file with all its words in another font, as broad as they were; both stand in tags alone."""
    changed = Path.cwd() / "font.docx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = _FONTS.sub(lambda tag: tag[0].replace(_TIMES, font), old.read(name).decode("utf-8"))
            smaller = _SIZES.sub(lambda tag: f'<w:sz w:val="{round(int(tag[1]) * _SERIFS[font])}"/>', text)
            new.writestr(name, smaller)
    return changed


def require(target: str) -> None:
    """Tell a missing part of LibreOffice from a broken file: its own message is the same for both."""
    module, library = _MODULES[target]
    program = shutil.which(PROGRAM)
    if program is None or not Path(program).resolve().with_name(library).exists():
        raise ReadFailure("tool-missing", f"chờ công cụ: LibreOffice ({module})")


def convert(path: Path, name: str, target: str, *, seconds: float) -> Path:
    """Let LibreOffice convert a copy named `name` in the current (scratch) folder; the converted file."""
    folder = Path.cwd()
    _refuse_compound(path)
    _copy(path, folder / name)
    message = _run([folder / name], target, seconds=seconds)
    converted = folder / "out" / f"{Path(name).stem}.{target}"
    if not converted.exists():
        raise _refusal(message)
    return converted


def _copy(path: Path, target: Path) -> None:
    """A copy for the program, which takes RTF that begins with anything else for plain text."""
    with path.open("rb") as file:
        start = file.read(_START)
    skipped = start.find(b"{") if target.suffix == ".rtf" else 0
    if skipped <= 0:
        shutil.copyfile(path, target)
    else:
        target.write_bytes(path.read_bytes()[skipped:])


def _run(files: Sequence[Path], target: str, *, seconds: float) -> str:
    """One start of LibreOffice in the current (scratch) folder; what it complained of."""
    folder = Path.cwd()
    profile = folder / "profile" / "user"
    if not profile.exists():
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(_settings(), encoding="utf-8")
    result = sandbox.program(
        [PROGRAM, "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck",
         f"-env:UserInstallation={(folder / 'profile').as_uri()}",
         "--convert-to", target, "--outdir", str(folder / "out"), *map(str, files)],
        seconds=seconds, folder=folder,
    )  # fmt: skip
    return result.stderr.decode("utf-8", "replace")


def _settings() -> str:
    return _PROFILE.format("\n".join(_ITEM.format(*setting) for setting in _SETTINGS))


def _refusal(message: str) -> ReadFailure:
    if "password" in message.lower():
        return ReadFailure("encrypted", "tệp có mật khẩu")
    return ReadFailure("crashed", "LibreOffice không mở được tệp")


def _refuse_compound(path: Path) -> None:
    """Refuse an old file that the program would take for plain text, or only say of that it failed."""
    with path.open("rb") as file:
        head = file.read(_SECTOR)
        if not head.startswith(OLE_MAGIC):
            return
        size, first = 1 << min(head[_SIZE_AT], 12), int.from_bytes(head[_DIRECTORY_AT : _DIRECTORY_AT + 4], "little")
        file.seek((first + 1) * size)
        if not file.read(len(_ROOT)).lower().startswith(_ROOT):
            raise ReadFailure("truncated", "tệp hỏng hoặc bị cắt cụt")
        file.seek(_SECTOR)
        while sector := file.read(_SECTOR):
            if sector.startswith(_WORD):
                if len(sector) > _WORD_FLAGS and sector[_WORD_FLAGS] & 1:  # MS-DOC, 2.5.2: fEncrypted
                    raise ReadFailure("encrypted", "tệp có mật khẩu")
                return
