"""Messages of electronic mail (.eml): who wrote to whom and the text; attachments are documents of their own."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

from corpus.model import Body
from indexer.layout import Line, Sheet, compose
from indexer.readers import charset, media, message, page
from indexer.readers.text import unicode_lines

_FIELDS = (("Từ", "from"), ("Đến", "to"), ("Đồng gửi", "cc"), ("Ngày gửi", "date"), ("Chủ đề", "subject"))

_FIELD_LENGTH = 20_000


class EmlReader:
    """Reads a message."""

    name = "eml"

    def accepts(self, media_type: str) -> bool:
        """RFC 5322 messages."""
        return media_type == media.EML

    def read(self, path: Path, media_type: str) -> Body:
        """The fields a reader sees, the text, the names of attachments."""
        letter = message.parsed(path)
        lines = [f"{label}: {value}" for label, field in _FIELDS if (value := _field(letter, field))]
        for part in message.texts(letter):
            lines += _text(part)
        lines += [f"Tệp kèm: {message.name(part)}" for part in message.attachments(letter)]
        lines, encoding = unicode_lines("\n".join(lines))
        return compose([Sheet(1, tuple(map(Line, lines)), source="eml")], media_type, source="eml", encoding=encoding)


READER = EmlReader()


def _field(letter: EmailMessage, name: str) -> str:
    value = message.raw(letter, name)
    return message.words(value[:_FIELD_LENGTH]) + (" …" if len(value) > _FIELD_LENGTH else "")


def _text(part: EmailMessage) -> list[str]:
    data = message.content(part)
    text = message.decoded(data, part.get_content_charset() or "") or charset.decoded(data)
    return page.lines(text)[0] if part.get_content_subtype() == "html" else text.splitlines()
