"""Parts of a message of electronic mail (RFC 5322, MIME)."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.errors import MessageError
from email.message import EmailMessage
from pathlib import Path
from typing import cast

from indexer.ports import ReadFailure

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
        if part.get_content_maintype() == "multipart":
            waiting[:0] = [child for child in part.iter_parts() if isinstance(child, EmailMessage)]
        else:
            yield part


def attachments(message: EmailMessage) -> list[EmailMessage]:
    """The parts that are files; pictures shown inside the text are none."""
    return [part for part in parts(message) if _is_file(part)]


def texts(message: EmailMessage) -> list[EmailMessage]:
    """The parts that are the text, plain rather than HTML where both are given."""
    shown = [part for part in parts(message) if part.get_content_type() in _SHOWN and not _is_file(part)]
    plain = [part for part in shown if part.get_content_subtype() == "plain"]
    return plain or shown


_SHOWN = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext"})


def _is_file(part: EmailMessage) -> bool:
    if part.get_content_disposition() == "attachment" or part.get_content_type() == "message/rfc822":
        return True
    if part.get_content_maintype() == "text":
        return part.get_filename() is not None
    inside = part.get("content-id") or part.get("content-location")  # a picture that the page shows
    return part.get_content_disposition() != "inline" and inside is None


def name(part: EmailMessage) -> str:
    """The file's name as the sender gave it."""
    given = part.get_filename()
    if given:
        return given
    return "thư.eml" if part.get_content_type() == "message/rfc822" else "tệp kèm"


def content(part: EmailMessage) -> bytes:
    """The bytes of a part."""
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload(0)
        return inner.as_bytes() if isinstance(inner, EmailMessage) else b""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""
