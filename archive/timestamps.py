"""Timestamps (dấu thời gian) of RFC 3161: asked of a service the operator names, and verified."""

from __future__ import annotations

import datetime as dt
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException

from asn1crypto import tsp
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from archive.errors import NoTimestamp

LARGEST = 1 << 20  # bytes of an answer; real ones have a few thousand
WAIT = 20.0  # seconds


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a timestamp proves."""

    at: dt.datetime
    """The data was there at this moment."""
    trusted: bool
    """Whether the service's certificate leads to a root the operator installed."""
    reason: str | None
    """Vietnamese: why it is not trusted."""


def ask(address: str, data: bytes, *, roots: Sequence[bytes] = ()) -> bytes:
    """The answer (`.tsr`) of the service at this address for these bytes. Raises NoTimestamp.

    With roots (DER, as `trust.load` gives them) an answer that does not lead to one of them is refused.
    """
    request = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    answer = _post(address, request.as_bytes())
    try:
        response = _decode(answer)
        if response.status not in (0, 1):  # granted, granted with changes
            raise NoTimestamp(address=address, reason=f"dịch vụ từ chối (mã {response.status})")
        if response.tst_info.nonce != request.nonce:
            raise NoTimestamp(address=address, reason="trả lời cho một yêu cầu khác")
        if roots:
            _verify(response, data, roots)
    except (ValueError, VerificationError) as error:
        raise NoTimestamp(address=address, reason=error) from error
    return answer


def verify(answer: bytes, data: bytes, roots: Sequence[bytes]) -> Stamp:
    """What an answer proves of these bytes. ValueError when it is not a timestamp at all."""
    response = _decode(answer)
    at = response.tst_info.gen_time
    if not roots:
        return Stamp(at, trusted=False, reason="chưa cài chứng thư gốc của dịch vụ dấu thời gian")
    try:
        _verify(response, data, roots)
    except VerificationError as error:
        return Stamp(at, trusted=False, reason=str(error))
    return Stamp(at, trusted=True, reason=None)


def _decode(answer: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(answer)
    except ValueError:
        # Many services send their certificates in another order than DER has; nothing signed depends on it.
        return decode_timestamp_response(tsp.TimeStampResp.load(answer).dump(force=True))


def _verify(response: TimeStampResponse, data: bytes, roots: Sequence[bytes]) -> None:
    builder = VerifierBuilder(roots=[x509.load_der_x509_certificate(root) for root in roots])
    builder.build().verify_message(response, data)


class _Stay(urllib.request.HTTPRedirectHandler):
    """Only the host the operator named is ever spoken to."""

    def redirect_request(self, req, fp, code, msg, headers, newurl) -> None:  # type: ignore[no-untyped-def]
        """None: an answer that sends us elsewhere is an error."""


def _post(address: str, body: bytes) -> bytes:
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    try:
        request = urllib.request.Request(address, data=body, headers=headers, method="POST")
        opener = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=WAIT) as answer:
            data = answer.read(LARGEST + 1)
    except (OSError, HTTPException, ValueError) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        raise NoTimestamp(address=address, reason=getattr(error, "reason", None) or error) from error
    if len(data) > LARGEST:
        raise NoTimestamp(address=address, reason="trả lời quá dài")
    return data
