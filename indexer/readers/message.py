"""Parts of a message of electronic mail (RFC 5322, MIME)."""

from __future__ import annotations

import base64
import binascii
import email
import email.policy
import quopri
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.message import EmailMessage
from pathlib import Path
from typing import cast
from urllib.parse import unquote_to_bytes

from indexer.ports import ReadFailure
from indexer.readers import charset, cms, tnef

_LIMIT = 96 << 20
_PARTS = 2000


def parsed(path: Path) -> EmailMessage:
    """The message in a file."""
    if path.stat().st_size > _LIMIT:
        raise ReadFailure("too-large", "thư điện tử lớn quá 96 MB")
    try:
        with path.open("rb") as stream:
            return cast(EmailMessage, email.message_from_binary_file(stream, policy=email.policy.default))
    except (MessageError, ValueError, LookupError, RecursionError) as problem:
        raise ReadFailure("truncated", "thư điện tử hỏng") from problem


def parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """Every part that holds something; a message that was forwarded as a file is one part."""
    waiting, seen = [message], 0
    while waiting:
        part = waiting.pop(0)
        seen += 1
        if seen > _PARTS:
            raise ReadFailure("bad-archive", "thư điện tử có quá nhiều phần")
        if inside := _packed(part):
            waiting[:0] = inside
        elif part.get_content_maintype() == "multipart":
            waiting[:0] = [child for child in part.iter_parts() if isinstance(child, EmailMessage)]
        else:
            yield part


def _packed(part: EmailMessage) -> list[EmailMessage]:
    """The parts that mail programs pack into one: a message with its signature, or Outlook's `winmail.dat`."""
    kind = part.get_content_type()
    if kind in _SIGNED and (signed := cms.signed_content(content(part))) is not None:
        return [cast(EmailMessage, email.message_from_bytes(signed, policy=email.policy.default))]
    if kind not in _OUTLOOK and not content_begins(part, tnef.SIGNATURE):
        return []
    found = []
    for title, data in tnef.files(content(part)):
        file = EmailMessage()
        file.set_content(data, "application", "octet-stream", filename=title or "tệp kèm")
        found.append(file)
    return found


def content_begins(part: EmailMessage, start: bytes) -> bool:
    """Whether a part of unknown type begins with some bytes."""
    return part.get_content_type() == "application/octet-stream" and content(part).startswith(start)


def attachments(message: EmailMessage) -> list[EmailMessage]:
    """The parts that are files; pictures shown inside the text are none."""
    return [part for part in parts(message) if _is_file(part)]


def texts(message: EmailMessage) -> list[EmailMessage]:
    """The parts that are the text, plain rather than HTML where both are given."""
    shown = [part for part in parts(message) if part.get_content_type() in _SHOWN and not _is_file(part)]
    plain = [part for part in shown if part.get_content_subtype() == "plain"]
    return plain or shown


_SIGNED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature"})
_OUTLOOK = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_ANYTHING = frozenset({"", "ascii", "us-ascii", "iso-8859-1", "latin1", "latin-1", "windows-1252", "cp1252"})
"""Character sets that programs write whatever the letters are."""
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bq])\?([^?\s]{0,10000})\?=(?:\s+(?==\?))?", re.IGNORECASE)
_NAMED = re.compile(r"name(\*?(?:0\*?)?)\s*=\s*(?:\"([^\"]*)\"|([^;\s]+))", re.IGNORECASE)
_SHOWN = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext"})


def _is_file(part: EmailMessage) -> bool:
    if part.get_content_type() in _SIGNATURES:
        return False
    if part.get_content_disposition() == "attachment" or part.get_content_type() == "message/rfc822":
        return True
    if part.get_content_maintype() == "text":
        return part.get_filename() is not None
    inside = part.get("content-id") or part.get("content-location")  # a picture that the page shows
    return part.get_content_disposition() != "inline" and inside is None


def name(part: EmailMessage) -> str:
    """The file's name as the sender gave it."""
    given = part.get_filename()
    if given and "\ufffd" in given:  # bytes of another encoding, or an unknown one: the library gives up
        given = _name_as_written(part) or given
    if given:
        return _western(given)
    return "thư.eml" if part.get_content_type() == "message/rfc822" else "tệp kèm"


def content(part: EmailMessage) -> bytes:
    """The bytes of a part."""
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload(0)
        return inner.as_bytes() if isinstance(inner, EmailMessage) else b""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _western(name: str) -> str:
    """A name said to be in Western letters, which programs say whatever the letters are."""
    try:
        return name if name.isascii() else charset.named(name.encode("latin-1"))
    except UnicodeEncodeError:
        return name


def raw(part: EmailMessage, name: str) -> str:
    """A field as it was sent, unfolded, bytes beyond ASCII as surrogates; "" where there is none."""
    return next((" ".join(value.split()) for field, value in part.raw_items() if field.lower() == name), "")


def words(text: str) -> str:
    """A field's words, encoded ones decoded (RFC 2047), in whatever letters they are."""
    pieces: list[tuple[str, bytes]] = []
    position = 0
    for match in _WORD.finditer(text):
        if between := text[position : match.start()]:
            pieces.append(("", _bytes(between)))
        packed = match[3].encode("ascii", "replace")
        data = _base64(packed) if match[2].lower() == "b" else quopri.decodestring(packed, header=True)
        known = match[1].partition("*")[0].lower()
        # A letter may be cut in two between words.
        pieces.append((known, pieces.pop()[1] + data) if pieces and pieces[-1][0] == known else (known, data))
        position = match.end()
    pieces.append(("", _bytes(text[position:])))
    return "".join(decoded(data, known) or charset.named(data) for known, data in pieces)


def decoded(data: bytes, known: str) -> str | None:
    """Bytes by the character set that was named; None where that says nothing, or is not true."""
    try:
        return None if known.lower() in _ANYTHING else data.decode(known)
    except (LookupError, UnicodeError):
        return None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _base64(data: bytes) -> bytes:
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        return b""


def _name_as_written(part: EmailMessage) -> str:
    for field in ("content-disposition", "content-type"):
        if match := _NAMED.search(raw(part, field)):
            given = match[2] or match[3] or ""
            if "*" not in match[1]:
                return words(given)
            return charset.named(unquote_to_bytes(given.rpartition("'")[2]))
    return ""
