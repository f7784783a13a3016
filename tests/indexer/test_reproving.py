"""Signatures judged again: proofs of the receipt go on counting, what is learnt later changes the verdict."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from archive import accept, annex, catalogue, checkpoint, fixity, patrol, proofs, rounds, trust
from archive.database import now
from archive.settings import HANOI
from archive.verdicts import Report, Verdict
from archive.viewer import SYSTEM
from indexer import doctor, night, reproving, worker
from indexer.wiring import Service
from tests.archive import authority, pki
from web import create_app


def _install(service: Service, **files: bytes) -> None:
    """These files and no others are what the operator trusts."""
    folder = service.settings.trust
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, data in files.items():
        (folder / f"{name}.der").write_bytes(data)


def _crl(**more: object) -> bytes:
    return pki.trust(**more).crls[0]  # type: ignore[arg-type]


@pytest.fixture
def signed(service: Service) -> str:
    """A paper signed by someone whose chain is in the trust folder only, with the list of revoked ones."""
    _install(service, root=pki.ROOT.der, sub=pki.SUB.der, crl=_crl())
    pdf = pki.sign(pki.paper(), pki.PERSON)
    document = accept.accept(service.archive, SYSTEM, BytesIO(pdf), name="KH.pdf", how="test").document
    worker.run(service, forever=False)
    assert _shown(service, document).verdict is Verdict.VALID
    return document


def _shown(service: Service, document: str) -> Report:
    view = service.findings.document(SYSTEM, document)
    assert view is not None
    return view.signatures


def _kinds(service: Service, document: str) -> list[str]:
    return [event.kind for event in catalogue.history(service.archive, SYSTEM, document)]


def test_chain_and_revocation_list_of_the_receipt_are_kept_and_go_on_counting(service: Service, signed: str) -> None:
    kept = proofs.kept(service.archive, signed)
    assert kept and len(kept.signatures[0].chain) == 3 and kept.signatures[0].proofs
    _install(service, root=pki.ROOT.der)  # the intermediate and the list are gone from this machine
    helped = proofs.helped(trust.load(service.settings.trust), kept)
    assert pki.SUB.der in helped.others and helped.crls and helped.roots == (pki.ROOT.der,)
    assert not reproving.judge(service, signed)
    assert _shown(service, signed).verdict is Verdict.VALID
    assert "không bị thu hồi" in "; ".join(_shown(service, signed).signatures[0].notes)
    service.read_again([signed])
    assert _shown(service, signed).verdict is Verdict.VALID, "reading again uses what was kept too"


def test_what_was_kept_makes_no_root(service: Service, signed: str) -> None:
    _install(service)
    assert proofs.helped(trust.load(service.settings.trust), proofs.kept(service.archive, signed)).roots == ()
    assert reproving.judge(service, signed)
    assert _shown(service, signed).verdict is Verdict.UNKNOWN_SIGNER


def test_a_revocation_learnt_later_changes_the_verdict_once_and_is_told(service: Service, signed: str) -> None:
    _install(service, root=pki.ROOT.der, crl=_crl(revoked=pki.PERSON, on=dt.datetime(2024, 1, 1)))
    assert reproving.judge(service, signed) and not reproving.judge(service, signed)
    assert _shown(service, signed).verdict is Verdict.EXPIRED
    assert _kinds(service, signed).count(reproving.KIND) == 1
    (change,) = reproving.changes(service, signed)
    assert (change.before, change.verdict) == ("valid", "expired-or-revoked")
    receipt = annex.find(service.archive, SYSTEM, signed, annex.SIGNATURES)
    newest = annex.find(service.archive, SYSTEM, signed, reproving.NEWEST)
    assert receipt and newest and json.loads(receipt)["verdict"] == "valid"
    assert json.loads(newest)["verdict"] == "expired-or-revoked"
    page = create_app(service).test_client().get(f"/documents/{signed}").get_data(as_text=True)
    assert "Kiểm tra lại" in page and "từ «Chữ ký hợp lệ» thành «Chứng thư hết hạn hoặc bị thu hồi»" in page
    assert list(fixity.check(service.archive)) == []


def test_a_round_is_taken_up_where_it_stopped(service: Service, signed: str) -> None:
    pdf = pki.sign(pki.paper(lines=("BAO CAO",)), pki.SEAL)
    accept.accept(service.archive, SYSTEM, BytesIO(pdf), name="BC.pdf", how="test")
    worker.run(service, forever=False)
    asked = iter([False, True])
    first = reproving.go_on(service, lambda: next(asked))
    assert (first.complete, first.documents) == (False, 1)
    second = reproving.go_on(service, lambda: False)
    assert (second.complete, second.documents, second.changed) == (True, 2, 0)
    done = rounds.last(service.archive).signatures
    assert done and done.details == {"documents": 2, "changed": 0}
    assert not (service.settings.data / reproving.NOTES).exists()


def _tonight(service: Service) -> None:
    """The night begins now."""
    hour = now().astimezone(HANOI).hour
    service.settings = replace(service.settings, patrol_hour=hour, patrol_hours=2)
    service.archive.settings = service.settings


def test_by_night_the_worker_checks_bytes_and_signatures_and_heals(
    service: Service, signed: str, add: Callable[..., str], tmp_path: Path
) -> None:
    harmed = add("Kế hoạch số 5.")
    second = tmp_path / "bản hai"


    shutil.copytree(service.settings.originals_folder, second)
    path = service.archive.store.original(harmed, 1)
    whole = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(b"x")
    _tonight(service)
    service.settings = replace(service.settings, copy=str(second))
    service.archive.settings = service.settings
    walk = night.Night(service)
    walk.look()
    until = time.monotonic() + 60
    while (rounds.last(service.archive).signatures is None) and time.monotonic() < until:
        time.sleep(0.1)
    walk.close()
    done = rounds.last(service.archive)
    assert done.files and len(done.files.details["problems"]) > 0 and done.signatures
    assert path.read_bytes() == whole and "healed" in _kinds(service, harmed)
    before = done.files.at
    walk.look()  # tonight's rounds are done
    walk.close()
    assert rounds.last(service.archive).files.at == before  # type: ignore[union-attr]


def test_a_night_that_is_called_off_rests_where_it_is(service: Service, signed: str) -> None:
    _tonight(service)
    halt = threading.Event()
    halt.set()
    night.go(service, now() + dt.timedelta(hours=1), halt)
    assert rounds.last(service.archive).files is None and rounds.last(service.archive).signatures is None
    assert patrol.patrol(service.archive).complete


WINDOWS = [
    (1, 5, "2024-05-02T00:59", None),
    (1, 5, "2024-05-02T01:00", "01 06"),
    (1, 5, "2024-05-02T05:59", "01 06"),
    (1, 5, "2024-05-02T06:00", None),
    (22, 6, "2024-05-02T03:00", "22 04"),
    (22, 6, "2024-05-02T23:00", "22 04"),
    (22, 6, "2024-05-02T04:00", None),
    (0, 24, "2024-05-02T13:00", "00 00"),
    (1, 0, "2024-05-02T01:00", None),
]


@pytest.mark.parametrize(("hour", "hours", "at", "expected"), WINDOWS)
def test_the_night_has_a_beginning_and_an_end(
    service: Service, hour: int, hours: int, at: str, expected: str | None
) -> None:
    settings = replace(service.settings, patrol_hour=hour, patrol_hours=hours)
    found = night.window(settings, dt.datetime.fromisoformat(at).replace(tzinfo=HANOI))
    assert (found and f"{found[0]:%H} {found[1]:%H}") == expected


def test_doctor_and_status_say_when_it_was_done_last(service: Service, signed: str) -> None:
    before = {remark.what: remark for remark in doctor.examine(service)}
    assert before["kiểm tra tệp"].detail == "chưa xong lần nào"
    patrol.patrol(service.archive)
    reproving.go_on(service, lambda: False)
    checkpoint.make(service.archive)
    after = {remark.what: remark.detail for remark in doctor.examine(service)}
    for what in ("kiểm tra tệp", "kiểm tra chữ ký", "mốc sổ sự kiện"):
        assert after[what].startswith("xong lần cuối")
    said = service.status(SYSTEM)["rounds"]
    assert said["files"]["objects"] >= 1 and said["signatures"]["documents"] == 1 and said["checkpoint"]["at"]


def test_the_days_checkpoint_is_stamped_by_the_service_named_and_asked_again_after_a_failure(
    service: Service, signed: str, tmp_path: Path
) -> None:
    root = authority.make(tmp_path / "tsa")
    _install(service, root=pki.ROOT.der, tsa=root.read_bytes())
    service.settings = replace(service.settings, tsa="http://127.0.0.1:9/")
    worker._seal(service, 0)
    one = checkpoint.newest(service.archive.store)
    assert one and not checkpoint.stamped(service.archive.store, one)
    assert not {r.what: r.good for r in doctor.examine(service)}["dấu thời gian"]
    with authority.serving(tmp_path / "tsa") as address:
        service.settings = replace(service.settings, tsa=address)
        worker._seal(service, 0)
    assert checkpoint.newest(service.archive.store) == one and checkpoint.stamped(service.archive.store, one)
    assert {r.what: r.good for r in doctor.examine(service)}["dấu thời gian"]


