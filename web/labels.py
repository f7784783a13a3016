"""What states, signatures and effects are called and look like: words first, then shape, then colour."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.views import Card, State, TaskState


@dataclass(frozen=True, slots=True)
class Label:
    """A badge: `icon` is a symbol of icons.svg, `colour` a class of the style sheet (empty: grey)."""

    words: str
    icon: str
    colour: str = ""
    short: str = ""
    """At most three words, for a cell of the matrix."""


_TASKS = {
    TaskState.NOT_DUE: Label("Chưa đến hạn", "not-due", "", "Chưa đến hạn"),
    TaskState.ONGOING: Label("Đang thực hiện", "ongoing", "blue", "Đang làm"),
    TaskState.PARTIAL: Label("Đã báo cáo một phần", "partial", "ochre", "Một phần"),
    TaskState.DONE: Label("Hoàn thành đúng hạn", "done", "green", "Đúng hạn"),
    TaskState.DONE_LATE: Label("Hoàn thành, quá hạn", "done-late", "green", "Xong, quá"),
    TaskState.OVERDUE: Label("Quá hạn", "overdue", "red", "Quá hạn"),
    TaskState.SUSPECT: Label("Cần rà soát lại", "suspect", "plum", "Rà soát lại"),
    TaskState.NO_DUE: Label("Không có hạn", "no-due", "", "Không hạn"),
}
_SIGNATURES = {
    "valid": Label("Chữ ký hợp lệ", "seal-valid", "green"),
    "intact-unknown-signer": Label("Nguyên vẹn, chưa xác định được người ký", "seal-unknown"),
    "weak-algorithm": Label("Nguyên vẹn, ký bằng thuật toán cũ", "seal-old"),
    "expired-or-revoked": Label("Chứng thư hết hạn hoặc bị thu hồi", "seal-warning", "ochre"),
    "changed-after-signing": Label("Tệp đã thay đổi sau khi ký", "seal-warning", "red"),
    "broken": Label("Chữ ký không khớp với tệp", "seal-broken", "red"),
    "could-not-check": Label("Chưa kiểm tra được chữ ký", "seal-unchecked"),
    "unsigned": Label("Không có chữ ký số", "seal-none"),
}
_STATES = {
    State.WAITING: Label("Đang chờ đọc", "not-due", "blue"),
    State.READING: Label("Đang đọc", "ongoing", "blue"),
    State.SEARCHABLE: Label("Tìm được", "done", "green"),
    State.UNREADABLE: Label("Không đọc được", "overdue", "red"),
    State.TOOL_MISSING: Label("Chờ công cụ", "seal-warning", "ochre"),
    State.REFUSED: Label("Không nhận", "seal-broken", "red"),
    State.DESTROYED: Label("Đã tiêu hủy", "seal-none"),
}
_DOSSIERS = {
    "planned": Label("Chưa mở", "not-due"), "open": Label("Đang mở", "ongoing", "blue"),
    "closed": Label("Đã kết thúc", "done", "green"), "destroyed": Label("Đã tiêu hủy", "seal-none"),
}  # fmt: skip
_DISPOSALS = {
    "drawn": Label("Chờ quyết định", "not-due", "ochre"), "decided": Label("Đã có quyết định", "ongoing", "blue"),
    "done": Label("Đã tiêu hủy", "done"), "given-up": Label("Đã bỏ", "no-due"),
}  # fmt: skip
TALLY = (
    TaskState.DONE, TaskState.DONE_LATE, TaskState.PARTIAL, TaskState.ONGOING, TaskState.OVERDUE,
    TaskState.SUSPECT, TaskState.NOT_DUE, TaskState.NO_DUE,
)  # fmt: skip
"""Order of the states in bars and tallies."""

_COUNTED = {TaskState.DONE_LATE: "Hoàn thành quá hạn"}


def task(state: TaskState, days: int = 0) -> Label:
    """The badge of a task; `days` late or overdue are part of the words."""
    label = _TASKS[state]
    if not days or state not in (TaskState.DONE_LATE, TaskState.OVERDUE):
        return label
    late = f" {days} ngày"
    return Label(label.words + late, label.icon, label.colour, label.short + late)


def counted(state: TaskState) -> Label:
    """The badge that heads a count of tasks."""
    label = _TASKS[state]
    return Label(_COUNTED.get(state, label.words), label.icon, label.colour)


def signature(verdict: str) -> Label:
    """The badge of a verdict of INTERFACES; unknown ones are «could-not-check», never «broken»."""
    return _SIGNATURES.get(verdict, _SIGNATURES["could-not-check"])


def state(value: State) -> Label:
    """Where a document stands on its way to being found."""
    return _STATES[value]


def dossier(value: str) -> Label:
    """Where a dossier stands."""
    return _DOSSIERS[value]


def disposal(value: str) -> Label:
    """How far a list for destruction is."""
    return _DISPOSALS[value]


def effect(card: Card) -> Label:
    """Never «còn hiệu lực»: only what this archive shows."""
    if card.replaced_by is None:
        return Label("Chưa thấy văn bản thay thế trong kho", "info")
    by = card.replaced_by_number or "văn bản khác"
    return Label(f"Đã bị thay thế bởi {by}", "suspect", "plum")
