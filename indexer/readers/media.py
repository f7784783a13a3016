"""Names of the media types we tell apart."""

from __future__ import annotations

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODP = "application/vnd.oasis.opendocument.presentation"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
PPT = "application/vnd.ms-powerpoint"
WORDML = "application/vnd.ms-word.2003+xml"
XLSML = "application/vnd.ms-excel.2003+xml"
ENCRYPTED = "application/x-encrypted-office"
OLE = "application/x-ole-storage"
MSG = "application/vnd.ms-outlook"
RTF = "application/rtf"
ZIP = "application/zip"
HTML = "text/html"
TEXT = "text/plain"
EML = "message/rfc822"
XML = "application/xml"
EDXML = "application/x-edxml"
"""An envelope of the national document exchange (QCVN 102:2016/BTTTT)."""
PNG, JPEG, TIFF, BMP, GIF = "image/png", "image/jpeg", "image/tiff", "image/bmp", "image/gif"
WEBP, HEIC = "image/webp", "image/heic"
RAR, SEVEN_ZIP, TAR = "application/vnd.rar", "application/x-7z-compressed", "application/x-tar"
GZIP, BZIP2, XZ = "application/gzip", "application/x-bzip2", "application/x-xz"
UNKNOWN = "application/octet-stream"

IMAGES = frozenset({PNG, JPEG, TIFF, BMP, GIF, WEBP})
CONTAINERS = frozenset({ZIP, EML, EDXML})
"""What holds other files that are documents of their own."""
PACKED = frozenset({RAR, SEVEN_ZIP, TAR, GZIP, BZIP2, XZ})
"""What holds other files and is not opened here."""
OFFICE = frozenset({DOC, RTF, ODT, WORDML, DOCX, XLS, XLSML, ODS, XLSX, PPT, ODP, PPTX})
"""What LibreOffice may be asked to open."""
