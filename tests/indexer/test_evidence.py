import subprocess
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from archive import accept, annex, checkpoint, trust
from archive.errors import AlreadyThere, Damaged, NotFound
from archive.viewer import GUEST, SYSTEM
from indexer import evidence, worker
from indexer.wiring import Service
from tests.archive import authority, pki

Add = Callable[..., str]

TEXT = "KẾ HOẠCH\nThực hiện Chỉ thị số 19-CT/TU ngày 15/3/2016 của Ban Thường vụ Tỉnh ủy.\n1. Làm việc A.\n"


def _pack(service: Service, document: str, target: Path, **options: evidence.Report) -> Path:
    return evidence.write(service.archive, service.findings, GUEST, document, target, **options)


def _check(pack: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(pack / "kiem-tra.sh"), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_pack_is_checked_by_the_script_and_by_sha256sum_alone(
    service: Service, add: Add, tmp_path: Path
) -> None:
    for n in range(5):
        add(f"Công văn {n}", f"{n}.txt", work=False)
    document = add(TEXT, "Kế hoạch khuyến học.txt")
    add("khác", "khác.txt", work=False)
    annex.keep(service.archive, SYSTEM, document, {annex.SIGNATURES: b"[]"}, why="Kiểm tra chữ ký")
    pack = _pack(service, document, tmp_path / "chứng cứ")
    subprocess.run(["sha256sum", "--quiet", "-c", evidence.MANIFEST], cwd=pack, check=True)
    done = _check(pack)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("nằm dưới gốc cây băm") == 2 and "Gói chứng cứ nguyên vẹn." in done.stdout
    assert (pack / "goc" / "Kế hoạch khuyến học.txt").read_text() == TEXT
    assert "19-CT/TU" in (pack / "lien-ket.json").read_text()
    assert (pack / "kem-theo" / annex.SIGNATURES).read_bytes() == b"[]"
    assert checkpoint.newest(service.archive.store).root in (pack / "DOC-TRUOC.txt").read_text()
    with pytest.raises(AlreadyThere):
        _pack(service, document, pack)


HARMS = [
    "echo x >> 'goc/Kế hoạch.txt'",
    "sed -i s/HOẠCH/x/ van-ban.txt",
    # A forger who mends the manifest is caught by the ledger and the tree.
    "echo x >> 'goc/Kế hoạch.txt'; sed -i '/manifest/d' manifest-sha256.txt; sha256sum */* *.* > m; "
    "grep -v manifest m | grep -v ' m$' > manifest-sha256.txt; rm m",
    "f=$(ls so/*.json | head -1); sed -i s/vankho/nobody/ $f; sha256sum */* *.txt *.json *.sh > m; "
    "grep -v manifest m > manifest-sha256.txt; rm m",
]


@pytest.mark.parametrize("harm", HARMS)
def test_a_changed_pack_is_found_out(service: Service, add: Add, tmp_path: Path, harm: str) -> None:
    pack = _pack(service, add(TEXT, "Kế hoạch.txt"), tmp_path / "pack")
    assert _check(pack).returncode == 0
    subprocess.run(harm, shell=True, cwd=pack, check=True)
    done = _check(pack)
    assert done.returncode == 1 and "SAI:" in done.stdout


def test_a_stamped_checkpoint_is_proved_with_openssl(service: Service, add: Add, tmp_path: Path) -> None:
    document = add(TEXT, "a.txt")
    root = authority.make(tmp_path / "tsa")
    other = authority.make(tmp_path / "other")
    with authority.serving(root.parent) as address:
        checkpoint.make(service.archive, tsa=address, roots=trust.load(root.parent).roots)
    pack = _pack(service, document, tmp_path / "pack")
    assert "Đúng: dấu thời gian" in _check(pack, str(root)).stdout
    assert _check(pack, str(other)).returncode == 1


@pytest.fixture
def signed(service: Service, tmp_path: Path) -> Path:
    """The pack of a paper signed twice, whose signers lead to an installed root, with a list of revoked ones."""
    folder = service.settings.trust
    folder.mkdir()
    for name, data in (("goc", pki.ROOT.der), ("ca", pki.SUB.der), ("thu-hoi", pki.trust().crls[0])):
        (folder / f"{name}.der").write_bytes(data)
    pdf = pki.sign(pki.sign(pki.paper(), pki.PERSON), pki.SEAL, name="ConDau", box=(200, 40, 300, 90))
    document = accept.accept(service.archive, SYSTEM, BytesIO(pdf), name="Kế hoạch.pdf", how="test").document
    worker.run(service, forever=False)
    return _pack(service, document, tmp_path / "gói có chữ ký")


def _pem(path: Path, pair: pki.Pair) -> str:
    path.write_bytes(pair.certificate.public_bytes(Encoding.PEM))
    return str(path)


def test_the_signatures_of_a_paper_are_proved_with_openssl(signed: Path, tmp_path: Path) -> None:
    done = _check(signed, _pem(tmp_path / "goc.pem", pki.ROOT))
    assert (done.returncode, done.stderr) == (0, "")
    for number in (1, 2):
        for words in ("khớp với tệp gốc", "dẫn đến gốc tin cậy và còn hạn khi nhận", "không bị thu hồi"):
            assert any(f"chu-ky/{number}.p7s" in line and words in line for line in done.stdout.splitlines()), words
    assert "Chưa rõ" not in done.stdout
    assert _check(signed).stdout.count("khớp với tệp gốc.") == 2
    stranger = _check(signed, _pem(tmp_path / "la.pem", pki.STRANGER_ROOT)).stdout
    assert stranger.count("không dẫn đến gốc đã đưa") == 2
    assert "openssl cms -verify" in (signed / "DOC-TRUOC.txt").read_text()


def test_a_signature_of_another_paper_is_found_out(signed: Path) -> None:
    (signed / "chu-ky" / "1.p7s").write_bytes((signed / "chu-ky" / "2.p7s").read_bytes())
    done = _check(signed)
    assert done.returncode == 1 and "chữ ký chu-ky/1.p7s không khớp" in done.stdout


def test_a_pack_may_be_one_file(service: Service, add: Add, tmp_path: Path) -> None:
    path = _pack(service, add(TEXT, "a.txt"), tmp_path / "pack.zip")
    with zipfile.ZipFile(path) as file:
        file.extractall(tmp_path / "out")
    assert _check(tmp_path / "out").returncode == 0


def test_a_paper_that_could_not_be_read_has_its_pack_too(service: Service, add: Add, tmp_path: Path) -> None:
    document = add("\x00\x01", "hỏng.pdf", work=False)
    pack = _pack(service, document, tmp_path / "pack", report=lambda path: b'{"verdict": "could-not-check"}')
    assert _check(pack).returncode == 0 and not (pack / "van-ban.txt").exists()
    assert b"could-not-check" in (pack / "kem-theo" / annex.SIGNATURES).read_bytes()


def test_of_a_harmed_original_no_pack_is_made(service: Service, add: Add, tmp_path: Path) -> None:
    document = add(TEXT, "a.txt")
    place = service.archive.store.original(document, 1)
    place.chmod(0o644)
    place.write_bytes(b"other")
    with pytest.raises(Damaged):
        _pack(service, document, tmp_path / "pack")
    assert not (tmp_path / "pack").exists()
    with pytest.raises(NotFound):
        _pack(service, "none", tmp_path / "pack")
