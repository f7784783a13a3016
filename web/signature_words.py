"""Words for the report on a file's signatures: on the command line, and in the panel «Chữ ký số»."""

from __future__ import annotations

from archive.verdicts import Report, Signature, Verdict
from web import labels
from web.filters import moment


def in_words(name: str, report: Report) -> str:
    """The report for people, in several lines."""
    lines = [f"{name}: {labels.signature(report.verdict).words}"]
    if report.reason:
        lines.append(f"  {report.reason}")
    for number, one in enumerate(report.signatures, start=1):
        lines.append(f"{number}. {one.signer or 'Không rõ người ký'}: {labels.signature(one.verdict).words}")
        lines += [f"   {label}: {words}" for label, words in facts(one, report)]
    return "\n".join(lines)


def facts(one: Signature, report: Report) -> list[tuple[str, str]]:
    """Labels and words of one signature, as the panel «Chữ ký số» shows them; what is not known is left out."""
    found = [
        ("Người ký", one.signer),
        ("Cơ quan", one.organisation),
        ("Lúc ký", _time(one)),
        ("Phạm vi", _scope(one)),
        ("Chứng thư", _certificate(one)),
        ("Kiểm tra", moment(report.checked_at) if report.checked_at else None),
        ("Lý do", one.reason),
    ]
    return [(label, words) for label, words in found if words]


def _time(one: Signature) -> str | None:
    if one.signed_at is None:
        return None
    return f"{moment(one.signed_at)}, " + ("có dấu thời gian" if one.timestamped else "theo máy người ký")


def _scope(one: Signature) -> str | None:
    if one.coverage is None:
        return None
    if one.coverage == "whole-file":
        return "Toàn bộ tệp, không đổi sau khi ký"
    words = {
        "form": "sau khi ký có điền ô hoặc thêm chữ ký",
        "lta": "sau khi ký chỉ thêm dữ liệu xác minh",
        "none": "không đổi sau khi ký",
        "other": "tệp đã thay đổi sau khi ký",
        "unknown": "chưa rõ thay đổi sau khi ký",
    }
    return f"Bản đã ký, {words[one.changes]}"


def _certificate(one: Signature) -> str | None:
    if one.issuer is None or one.not_after is None:
        return None
    if not one.trusted:
        return f"{one.issuer}, chưa có gốc tin cậy"
    if one.verdict is Verdict.EXPIRED:
        return f"{one.issuer}, hết hạn hoặc bị thu hồi"
    good = one.proved_at is not None and one.proved_at <= one.not_after
    return f"{one.issuer}, " + ("còn hạn lúc ký" if good and one.timestamped else "còn hạn" if good else "hết hạn")
