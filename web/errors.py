"""Error pages: what happened, what is safe, what to do."""

from __future__ import annotations

import logging

from flask import Flask, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from archive.errors import ArchiveError
from web.context import service

log = logging.getLogger(__name__)

_WORDS = {
    400: ("Không hiểu yêu cầu này.", "Địa chỉ hoặc biểu mẫu không đúng. Xin quay lại trang trước."),
    404: ("Trang này không có, hoặc tài khoản chưa được xem.", "Xin kiểm tra địa chỉ, hoặc tìm trong kho."),
    405: ("Trang này không nhận cách gửi ấy.", "Xin quay lại trang trước và thử lại."),
    416: ("Không có phần tệp ấy.", "Xin tải lại bản gốc từ đầu."),
}
_LEFT = (
    "Trang này gặp lỗi.",
    "Bản gốc đã nhận không bị ảnh hưởng. Xin thử lại; nếu vẫn lỗi, xin báo quản trị.",
)


def page(code: int, what: str, advice: str) -> tuple[str, int]:
    """An error as a page of the site."""
    return render_template("error.html", code=code, what=what, advice=advice), code


def register(app: Flask) -> None:
    """Give every error its page."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _session)
    app.register_error_handler(413, _too_large)
    app.register_error_handler(ArchiveError, _deliberate)
    app.register_error_handler(500, _unforeseen)


def _http(error: HTTPException):
    if error.code is None or error.code < 400:
        return error
    return page(error.code, *_WORDS.get(error.code, _LEFT))


def _session(_error: CSRFError) -> tuple[str, int]:
    return page(400, "Phiên đã hết.", "Tệp vẫn còn trên máy này; xin mở lại trang và gửi lại.")


def _too_large(_error: HTTPException) -> tuple[str, int]:
    limit = service().settings.max_upload
    advice = f"Mỗi lần gửi tối đa {limit} MB. Tệp vẫn còn trên máy này; xin gửi từng phần, hoặc báo quản trị."
    return page(413, "Chưa lưu được: tệp quá lớn.", advice)


def _deliberate(error: ArchiveError) -> tuple[str, int]:
    if error.http_status >= 500:
        log.error("%s: %s", type(error).__name__, error.message("en"))
    if error.http_status == 404:
        return page(404, *_WORDS[404])
    return page(error.http_status, error.message("vi"), "")


def _unforeseen(_error: Exception) -> tuple[str, int]:
    return page(500, *_LEFT)
