"""Odd and forged signatures inside sound files: attributes, algorithms, certificates, clocks and time stamps."""

from __future__ import annotations

import datetime as dt
import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers, timestamps

from archive.verdicts import Signature, Verdict
from tests.archive import pki
from tests.archive.forged_cms import certified, refilled, resigned, signature, signed_bytes, stamp, stamped
from tests.archive.forged_pdf import paper
from tests.archive.test_signatures import check, one

SIGNED = pki.sign(paper(), pki.PERSON)
IN_2010, IN_2020, IN_2049 = (dt.datetime(year, 6, 1, tzinfo=dt.UTC) for year in (2010, 2020, 2049))


def kind(pdf: bytes, name: bytes) -> bytes:
    """The paper with another kind of signature named, to be signed anew."""
    return pdf.replace(b"/ETSI.CAdES.detached", name.ljust(len(b"/ETSI.CAdES.detached")))


def twice(name: str, *values: bytes) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": name, "values": list(values)})


RIGHT = hashlib.sha256(signed_bytes(SIGNED)).digest()
ODD = [
    ({}, Verdict.VALID, "nguyên vẹn"),
    ({"attributes": False}, Verdict.VALID, "nguyên vẹn"),
    ({"pss": 32}, Verdict.VALID, "nguyên vẹn"),
    ({"pss": 20}, Verdict.VALID, "nguyên vẹn"),
    ({"md": "sha512"}, Verdict.VALID, "nguyên vẹn"),
    ({"ess": pki.PERSON}, Verdict.VALID, "nguyên vẹn"),
    ({"md": "md5"}, Verdict.WEAK, "MD5"),
    ({"md": "sha1"}, Verdict.WEAK, "SHA-1"),
    ({"md": "sha1", "pss": 20}, Verdict.WEAK, "SHA-1"),
    ({"attributes": False, "md": "md5"}, Verdict.WEAK, "MD5"),
    ({"declared": b"1" * 32}, Verdict.BROKEN, "giá trị băm không khớp"),
    ({"names": "sha1"}, Verdict.BROKEN, "giá trị băm không khớp"),
    ({"inside": b"other"}, Verdict.BROKEN, "giá trị băm không khớp"),
    ({"ess": pki.SEAL}, Verdict.BROKEN, "không phải chứng thư mà người ký đã ghi"),
    ({"leave": ["message_digest"]}, Verdict.UNCHECKED, "thiếu thuộc tính bắt buộc"),
    ({"leave": ["content_type"]}, Verdict.UNCHECKED, "thiếu thuộc tính bắt buộc"),
    ({"more": [twice("message_digest", b"2" * 32)]}, Verdict.UNCHECKED, "lặp lại"),
    ({"leave": ["message_digest"], "more": [twice("message_digest", RIGHT, b"2" * 32)]}, Verdict.UNCHECKED, "lặp lại"),
    ({"certificates": []}, Verdict.UNCHECKED, "không kèm chứng thư của người ký"),
    ({"certificates": [pki.SUB.der]}, Verdict.UNCHECKED, "không kèm chứng thư của người ký"),
    ({"copies": 2}, Verdict.UNCHECKED, "có 2 người ký"),
    ({"copies": 0}, Verdict.UNCHECKED, "có 0 người ký"),
    ({"kind": "tst_info"}, Verdict.UNCHECKED, "không phải dấu thời gian"),
]


@pytest.mark.parametrize(("how", "verdict", "words"), ODD, ids=range(len(ODD)))
def test_each_odd_signature_gets_its_own_verdict(tmp_path: Path, how, verdict: Verdict, words: str) -> None:
    found = one(check(tmp_path, resigned(SIGNED, pki.PERSON, **how)))
    assert found.verdict is verdict
    assert words in found.reason[:1].lower() + found.reason[1:]


def test_the_old_kind_with_the_sum_inside_is_weak_or_broken(tmp_path: Path) -> None:
    made = kind(SIGNED, b"/adbe.pkcs7.sha1")
    inside = hashlib.sha1(signed_bytes(made)).digest()
    right = refilled(made, signature(inside, pki.PERSON, inside=inside, md="sha1"))
    assert one(check(tmp_path, right)).verdict is Verdict.WEAK
    wrong = refilled(made, signature(b"1" * 20, pki.PERSON, inside=b"1" * 20))
    assert one(check(tmp_path, wrong)).verdict is Verdict.BROKEN
    # A strong sum of the weak one protects the weak one only.
    stronger = one(check(tmp_path, refilled(made, signature(inside, pki.PERSON, inside=inside))))
    assert stronger.verdict is Verdict.WEAK and "SHA-1" in stronger.reason


SIGNERS = [
    (certified("EC", pki.SUB, key=ec.generate_private_key(ec.SECP256R1())), Verdict.VALID, "nguyên vẹn"),
    (certified("Không ghi mục đích", pki.SUB, usage=None), Verdict.VALID, "nguyên vẹn"),
    (certified("Thư", pki.SUB, purposes=[Purpose.CLIENT_AUTH, Purpose.EMAIL_PROTECTION]), Verdict.VALID, "nguyên vẹn"),
    (certified("Chưa", pki.SUB, since=2030), Verdict.EXPIRED, "chỉ có hạn từ ngày 01/01/2030"),
    (certified("Tự ký", None), Verdict.UNKNOWN_SIGNER, "tự ký"),
    (certified("Gốc thử", None), Verdict.UNKNOWN_SIGNER, "tự ký"),
    (certified("Mượn tên", pki.SUB, issuer_key=pki.STRANGER.key), Verdict.UNKNOWN_SIGNER, "không phải do nơi đó cấp"),
    (certified("Con của người ký", pki.PERSON), Verdict.UNKNOWN_SIGNER, "không có quyền cấp"),
    (certified("Trang web", pki.SUB, purposes=[Purpose.SERVER_AUTH]), Verdict.UNKNOWN_SIGNER, "để ký văn bản"),
    (certified("Mã", pki.SUB, purposes=[Purpose.CODE_SIGNING]), Verdict.UNKNOWN_SIGNER, "để ký văn bản"),
    (certified("OCSP", pki.SUB, purposes=[Purpose.OCSP_SIGNING]), Verdict.UNKNOWN_SIGNER, "để ký văn bản"),
    (pki.TSA, Verdict.UNKNOWN_SIGNER, "để ký văn bản"),
    (pki.SUB, Verdict.UNKNOWN_SIGNER, "để ký văn bản"),
]


@pytest.mark.parametrize(("who", "verdict", "words"), SIGNERS, ids=range(len(SIGNERS)))
def test_who_may_not_sign_is_told_why(tmp_path: Path, who: pki.Pair, verdict: Verdict, words: str) -> None:
    found = one(check(tmp_path, resigned(SIGNED, who, certificates=[who.der, pki.SUB.der, pki.PERSON.der])))
    assert (found.verdict, found.intact) == (verdict, True)
    assert words in found.reason


def test_lists_of_strangers_do_not_push_out_the_one_that_revokes(tmp_path: Path) -> None:
    builder = x509.CertificateRevocationListBuilder().issuer_name(pki.STRANGER_ROOT.certificate.subject)
    builder = builder.last_update(dt.datetime(2024, 5, 1)).next_update(dt.datetime(2034, 1, 1))
    strangers = builder.sign(pki.STRANGER_ROOT.key, hashes.SHA256()).public_bytes(pki.ENCODING)
    revoking = pki.trust(revoked=pki.PERSON, on=dt.datetime(2022, 3, 1))
    many = type(revoking)(revoking.roots, revoking.others, (*[strangers] * 60, *revoking.crls))
    assert one(check(tmp_path, SIGNED, trust=many)).verdict is Verdict.EXPIRED


# -- clocks and time stamps


@pytest.mark.parametrize("at", [IN_2010, IN_2049])
def test_a_clock_outside_the_certificate_is_not_believed_in_silence(tmp_path: Path, at: dt.datetime) -> None:
    found = one(check(tmp_path, resigned(SIGNED, pki.PERSON, signed_at=at)))
    assert found.verdict is Verdict.VALID, "what is proved does not rest on the signer's clock"
    assert f"{at:%d/%m/%Y}, ngoài thời hạn chứng thư" in found.reason


def test_a_time_stamp_goes_before_the_clock_that_contradicts_it(tmp_path: Path) -> None:
    later = stamped(SIGNED, pki.PERSON, IN_2020, signed_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
    found = one(check(tmp_path, later))
    assert (found.verdict, found.signed_at, found.timestamped) == (Verdict.VALID, IN_2020, True)
    assert "lệch với dấu thời gian" in found.reason
    agreeing = one(check(tmp_path, stamped(SIGNED, pki.PERSON, IN_2020, signed_at=IN_2020)))
    assert "giờ máy" not in agreeing.reason


STAMPS = [
    ({}, Verdict.VALID, "có dấu thời gian"),
    ({"md": "md5"}, Verdict.WEAK, "dấu thời gian tính trên MD5"),
    ({"md": "sha1"}, Verdict.WEAK, "dấu thời gian tính trên SHA-1"),
    ({"imprint": b"1" * 32}, Verdict.EXPIRED, "không khớp với chữ ký"),
    ({"by": pki.SEAL}, Verdict.EXPIRED, "chưa được tin cậy"),
    ({"by": certified("TSA giả", pki.SUB, purposes=[Purpose.TIME_STAMPING], issuer_key=pki.STRANGER.key)},
     Verdict.EXPIRED, "chưa được tin cậy"),
]  # fmt: skip


@pytest.mark.parametrize(("how", "verdict", "words"), STAMPS, ids=range(len(STAMPS)))
def test_an_expired_signer_needs_a_sound_time_stamp(tmp_path: Path, how, verdict: Verdict, words: str) -> None:
    found = one(check(tmp_path, stamped(SIGNED, pki.EXPIRED, IN_2020, **how)))
    assert found.verdict is verdict
    assert words in found.reason


def test_a_weak_time_stamp_takes_nothing_from_a_signer_who_needs_none(tmp_path: Path) -> None:
    found = one(check(tmp_path, stamped(SIGNED, pki.PERSON, IN_2020, md="md5")))
    assert (found.verdict, found.timestamped) == (Verdict.VALID, False)


def sealed_in_time(pdf: bytes, md: str = "sha256") -> bytes:
    """A time stamp over the document in a further revision."""
    service = timestamps.DummyTimeStamper(
        asn1_x509.Certificate.load(pki.TSA.der), pki._asn1_key(pki.TSA), certs_to_embed=pki._registry(pki.SUB),
        fixed_dt=IN_2020,
    )  # fmt: skip
    output = BytesIO()
    signers.PdfTimeStamper(service).timestamp_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), md, output=output)
    return output.getvalue()


def only_stamped(found: Signature) -> None:
    assert (found.verdict, found.intact, found.signed_at) == (Verdict.UNKNOWN_SIGNER, True, IN_2020)
    assert "không có chữ ký của người hay cơ quan nào" in found.reason


def test_a_time_stamp_alone_is_no_signature_of_anybody(tmp_path: Path) -> None:
    only_stamped(one(check(tmp_path, sealed_in_time(paper()))))
    made = kind(SIGNED, b"/ETSI.RFC3161")
    only_stamped(one(check(tmp_path, refilled(made, stamp(signed_bytes(made), IN_2020)))))
    weak = one(check(tmp_path, refilled(made, stamp(signed_bytes(made), IN_2020, md="sha1"))))
    assert weak.verdict is Verdict.WEAK and "SHA-1" in weak.reason


def test_a_time_stamp_over_the_document_proves_since_when_it_was_signed(tmp_path: Path) -> None:
    expired = pki.sign(paper(), pki.EXPIRED)
    assert one(check(tmp_path, sealed_in_time(expired))).verdict is Verdict.VALID
    assert one(check(tmp_path, sealed_in_time(expired, "sha1"))).verdict is Verdict.EXPIRED
    assert check(tmp_path, refilled(sealed_in_time(expired), stamp(b"x", IN_2020))).verdict is Verdict.BROKEN


def test_a_signature_that_calls_itself_a_time_stamp_is_listed_as_a_signature(tmp_path: Path) -> None:
    report = check(tmp_path, resigned(sealed_in_time(SIGNED), pki.STRANGER))
    assert [found.signer for found in report.signatures] == ["Trần Văn Lực", "Người Lạ"]
    assert report.verdict is Verdict.UNKNOWN_SIGNER
