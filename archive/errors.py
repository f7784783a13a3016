"""Deliberate errors: one line that says what to do next, in Vietnamese or English."""

from __future__ import annotations

import os
from collections.abc import Mapping


def language(environ: Mapping[str, str] = os.environ) -> str:
    """`en` when LANG asks for English, else `vi`."""
    return "en" if environ.get("LANG", "").lower().startswith("en") else "vi"


class ArchiveError(Exception):
    """Something a person can act on. Subclasses give both wordings; `{…}` is filled from the keywords."""

    exit_code = 1
    http_status = 500
    vi = "Có lỗi: {reason}"
    en = "Error: {reason}"

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.message())

    def message(self, lang: str | None = None) -> str:
        """The sentence to show; `lang` is `vi` or `en`, by default as LANG says."""
        wording = self.en if (lang or language()) == "en" else self.vi
        return wording.format(**self.values)


class NotFound(ArchiveError):
    """No such document, plan or section in the archive."""

    http_status = 404
    vi = "Không tìm thấy trong kho: “{what}”."
    en = "Not found in the archive: “{what}”."


class Unreadable(ArchiveError):
    """A path that cannot be opened."""

    http_status = 400
    vi = "Không mở được {path}: {reason}. Xin kiểm tra đường dẫn và quyền đọc."
    en = "Cannot open {path}: {reason}. Check the path and the right to read it."


class EmptyFile(ArchiveError):
    """A file of no bytes."""

    http_status = 400
    vi = "Tệp rỗng: {name}. Không có gì để lưu; xin gửi lại tệp."
    en = "Empty file: {name}. There is nothing to keep; please send it again."


class DiskFull(ArchiveError):
    """The archive's disk has no room; nothing was kept."""

    http_status = 507
    vi = "Chưa lưu được. Ổ đĩa của máy chủ đã đầy. Tệp vẫn còn nơi gửi; xin báo quản trị."
    en = "Not saved. The server's disk is full. The file is still where it was; tell the administrator."


class NoRight(ArchiveError):
    """The data folder cannot be written or read."""

    vi = "Không có quyền ghi vào {path}. Xin chọn thư mục khác bằng --data hoặc sửa quyền."
    en = "No right to write to {path}. Choose another folder with --data or mend its rights."


class NotAFolder(ArchiveError):
    """Something other than a folder where the archive should be."""

    vi = "{path} không phải là thư mục. Xin chọn thư mục khác bằng --data."
    en = "{path} is not a folder. Choose another one with --data."


class NoArchive(ArchiveError):
    """A command that needs an archive where there is none."""

    vi = "Chưa có kho ở {path}. Xin nạp văn bản trước (vankho ingest) hoặc sửa --data."
    en = "There is no archive in {path}. Ingest something first, or mend --data."


class StorageFailure(ArchiveError):
    """The disk reported an error of its own; nothing was kept."""

    http_status = 503
    vi = "Chưa lưu được. Ổ đĩa báo lỗi ở {path}: {reason}. Xin báo quản trị."
    en = "Not saved. The disk reported an error at {path}: {reason}. Tell the administrator."


class CatalogueUnreachable(ArchiveError):
    """The database does not answer, or not in time."""

    http_status = 503
    vi = "Chưa dùng được cơ sở dữ liệu: {reason}. Xin thử lại, hoặc kiểm tra VANKHO_DATABASE."
    en = "The database cannot be used: {reason}. Try again, or check VANKHO_DATABASE."


class NothingRecorded(ArchiveError):
    """Decisions that were to be recorded together, and the disk or the database failed; none was."""

    http_status = 503
    vi = "Chưa ghi quyết định nào trong {count} quyết định vừa gửi; mọi thứ như trước khi gửi. {cause}"
    en = "None of the {count} decisions was recorded; everything is as it was. {cause}"

    def message(self, lang: str | None = None) -> str:
        """With what went wrong, in the same language."""
        cause = self.values["cause"]
        if isinstance(cause, DiskFull):  # whose own words speak of a file that was sent
            told = "Server disk full; tell the administrator, then send again."
            if (lang or language()) != "en":
                told = "Ổ đĩa của máy chủ đã đầy; xin báo quản trị, rồi quay lại trang trước và gửi lại."
        else:
            told = cause.message(lang) if isinstance(cause, ArchiveError) else str(cause)
        wording = self.en if (lang or language()) == "en" else self.vi
        return wording.format(count=self.values["count"], cause=told)


class AlreadyServing(ArchiveError):
    """A second service on the same data."""

    vi = "Kho {path} đang được một tiến trình khác phục vụ (số {pid}). Xin tắt tiến trình ấy trước."
    en = "The archive {path} is already served by another process ({pid}). Stop that one first."


class LineChanged(ArchiveError):
    """A line of a register that someone else changed meanwhile; nothing was written."""

    http_status = 409
    vi = "Dòng số {number} vừa được {by} sửa. Chưa ghi gì; xin xem lại dòng rồi sửa tiếp."
    en = "Line {number} was just changed by {by}. Nothing was written; look at it again, then change it."


class RegisterBegun(ArchiveError):
    """A first number for a register that has lines already."""

    http_status = 409
    vi = "Sổ năm {year} đã có số {number}; không đặt lại được số đầu tiên."
    en = "The register of {year} already has number {number}; its first number cannot be set."


class BadQuery(ArchiveError):
    """A query nobody can run as written."""

    exit_code = 2
    http_status = 400
    vi = "Chưa hiểu câu tìm từ chỗ “{where}”. Ví dụ đúng: {example}"
    en = "The query is not understood from “{where}” on. A good example: {example}"


class SecretMark(ArchiveError):
    """A paper stamped MẬT, TỐI MẬT or TUYỆT MẬT, which may not be kept on this system."""

    http_status = 422
    vi = "Không nhận: có dấu {mark}. Văn bản mật không được lưu trên hệ thống này. Tệp không được lưu."
    en = "Refused: stamped {mark}. Secret papers may not be kept on this system. The file was not kept."
    withdrawn = (
        "Có dấu mật. Văn bản mật không được lưu trên hệ thống này; bản đã nhận đã được xóa khỏi kho, cùng mọi lời đã "
        "ghi về nó. Bản sao lưu, gói và bản in làm trước đó không xóa được từ đây: xin tìm và xử lý theo quy định."
    )


class Destroyed(ArchiveError):
    """A paper that was destroyed by a decision comes again."""

    http_status = 409
    vi = "Không nhận: văn bản này đã được tiêu hủy theo quyết định, xem mã {document}. Tệp không được lưu."
    en = "Refused: this paper was destroyed by a decision, see {document}. The file was not kept."
    told = "Đã tiêu hủy theo quyết định; kho chỉ còn dấu vết của việc tiêu hủy."


class NotAllowed(ArchiveError):
    """An act on a dossier that the rules of archiving do not allow as things stand; nothing was changed."""

    http_status = 409
    vi = "{reason}"
    en = "Not allowed as things stand: {reason}"


class IndexRebuilding(ArchiveError):
    """The search index was damaged and is being made again; originals and readings are safe."""

    http_status = 503
    vi = "Chưa tìm được: chỉ mục đang được dựng lại. Văn bản vẫn nguyên trong kho; xin thử lại sau ít phút."
    en = "Search is not ready: the index is being made again. The documents are safe; try again in a few minutes."


class Damaged(ArchiveError):
    """Stored state that contradicts itself; names the place."""

    vi = "Kho bị hỏng ở {where}: {reason}. Chạy “vankho check” để xem hết."
    en = "The archive is damaged at {where}: {reason}. Run “vankho check” for the whole list."


class NoTimestamp(ArchiveError):
    """The time-stamping service gave no stamp that can be used; what was to be stamped is kept without."""

    http_status = 502
    vi = "Chưa có dấu thời gian từ {address}: {reason}. Mốc sổ vẫn được giữ; lần sau sẽ xin lại."
    en = "No timestamp from {address}: {reason}. The checkpoint is kept; it is asked for again next time."


class NoS3(ArchiveError):
    """Originals on S3 without the library that speaks to it."""

    exit_code = 2
    http_status = 503
    vi = "Chưa cài phần nối với kho S3. Xin cài: pip install 'vankho[s3]', hoặc bỏ địa chỉ s3:// trong cấu hình."
    en = "The part that speaks to S3 is not installed. Run: pip install 'vankho[s3]', or configure no s3:// address."


class StoreUnreachable(ArchiveError):
    """The S3 service does not answer, or refuses."""

    http_status = 503
    vi = "Chưa dùng được kho {path}: {reason}. Xin thử lại, hoặc kiểm tra mạng, địa chỉ và khóa truy cập (AWS_…)."
    en = "The store {path} cannot be used: {reason}. Try again, or check network, address and keys (AWS_…)."


class AlreadyThere(ArchiveError):
    """A place that has to be empty and is not."""

    exit_code = 2
    http_status = 409
    vi = "{path} đã có dữ liệu. Xin chọn chỗ khác hoặc một thư mục chưa có."
    en = "{path} already holds data. Choose another place or a folder that is not there yet."


class BadBag(ArchiveError):
    """A package that is not what it says it is; nothing of it was taken in."""

    http_status = 400
    vi = "Gói {path} không hợp lệ: {reason}. Chưa nhận gì từ gói này; xin yêu cầu gửi lại."
    en = "The package {path} is not valid: {reason}. Nothing was taken from it; ask for it to be sent again."


class BadBackup(ArchiveError):
    """A backup that cannot be restored as a whole; nothing was changed."""

    vi = "Không phục hồi được từ {path}: {reason}. Chưa thay đổi gì; xin dùng bản sao lưu khác."
    en = "Cannot restore from {path}: {reason}. Nothing was changed; use another backup."
