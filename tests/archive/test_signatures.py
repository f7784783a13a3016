"""What is said of signed PDFs: each kind of change and of signer gets its own verdict, and no trap is «valid»."""

from __future__ import annotations

import datetime as dt
import json
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, append_signature_field

from archive import byteranges, signatures
from archive import trust as roots
from archive.signatures import Terms
from archive.verdicts import Changes, Report, Signature, Verdict
from indexer import signing
from indexer.readers import revisions
from tests.archive import pki

name = generic.pdf_name


def check(
    tmp_path: Path, pdf: bytes, *, trust: roots.Trust | None = None, at: dt.datetime = pki.NOW,
    known_since: dt.datetime | None = None, compare: bool = True,
) -> Report:  # fmt: skip
    path = tmp_path / "van-ban.pdf"
    path.write_bytes(pdf)
    comparer = revisions.Comparer() if compare else None
    return signatures.verify(path, Terms(trust or pki.trust(), at, known_since, comparer))


def one(report: Report) -> Signature:
    assert len(report.signatures) == 1
    return report.signatures[0]


def updated(pdf: bytes, change) -> bytes:
    """A further revision with a change made through `change(writer)`."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def test_a_good_signature_is_valid_and_says_by_whom(tmp_path: Path) -> None:
    found = one(check(tmp_path, pki.sign(pki.paper(), pki.PERSON)))
    assert (found.verdict, found.intact, found.trusted, found.coverage) == (Verdict.VALID, True, True, "whole-file")
    assert (found.signer, found.organisation) == ("Trần Văn Lực", "Ủy ban nhân dân huyện Yên Hà")
    assert found.changes is Changes.NONE
    assert not found.timestamped
    assert len(found.chain) == 3, "signer, authority, root are kept as proof"


def test_a_stored_report_comes_back_equal(tmp_path: Path) -> None:
    report = check(tmp_path, pki.sign(pki.paper(), pki.PERSON, stamped=pki.NOW))
    assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report


def test_what_verify_prints_is_what_the_interface_says(tmp_path: Path) -> None:
    shown = check(tmp_path, pki.sign(pki.paper(), pki.PERSON)).public("van-ban.pdf")
    assert list(shown) == ["file", "verdict", "signatures"]
    assert list(shown["signatures"][0]) == [
        "signer", "organisation", "serial", "signed_at", "timestamped", "intact", "trusted", "coverage", "changes",
        "verdict", "reason",
    ]  # fmt: skip
    assert dt.datetime.fromisoformat(shown["signatures"][0]["signed_at"]).utcoffset() == dt.timedelta(hours=7)


SIGNERS = [
    (pki.STRANGER, {}, Verdict.UNKNOWN_SIGNER, "gốc tin cậy"),
    (pki.EXPIRED, {}, Verdict.EXPIRED, "hết hạn ngày 01/01/2021"),
    (pki.EXPIRED, {"stamped": dt.datetime(2020, 6, 1, tzinfo=dt.UTC)}, Verdict.VALID, "có dấu thời gian"),
    (pki.EXPIRED, {"stamped": dt.datetime(2022, 6, 1, tzinfo=dt.UTC)}, Verdict.EXPIRED, "hết hạn"),
    (pki.PERSON, {"md": "sha1"}, Verdict.WEAK, "SHA-1"),
    (pki.STRANGER, {"md": "sha1"}, Verdict.WEAK, "SHA-1"),
    (pki.SHORT_KEY, {}, Verdict.WEAK, "RSA 1024"),
    (pki.NOT_FOR_SIGNING, {}, Verdict.UNKNOWN_SIGNER, "không được cấp để ký"),
]


@pytest.mark.parametrize(("who", "how", "verdict", "words"), SIGNERS)
def test_the_signer_is_judged_by_chain_time_and_strength(tmp_path: Path, who, how, verdict, words) -> None:
    found = one(check(tmp_path, pki.sign(pki.paper(), who, **how)))
    assert (found.verdict, found.intact) == (verdict, True)
    assert words in found.reason


def test_revoked_before_the_proved_time_is_revoked_and_after_it_is_not(tmp_path: Path) -> None:
    revoked = pki.trust(revoked=pki.PERSON, on=dt.datetime(2023, 3, 1))
    assert one(check(tmp_path, pki.sign(pki.paper(), pki.PERSON), trust=revoked)).verdict is Verdict.EXPIRED
    stamped = pki.sign(pki.paper(), pki.PERSON, stamped=dt.datetime(2023, 2, 1, tzinfo=dt.UTC))
    found = one(check(tmp_path, stamped, trust=revoked))
    assert found.verdict is Verdict.VALID
    assert "thu hồi từ ngày 01/03/2023, sau lúc ký" in found.reason


def test_receipt_by_the_archive_proves_that_the_signature_existed(tmp_path: Path) -> None:
    signed = pki.sign(pki.paper(), pki.EXPIRED)
    received = dt.datetime(2020, 8, 1, tzinfo=dt.UTC)
    assert one(check(tmp_path, signed, known_since=received)).verdict is Verdict.VALID


def test_a_time_stamp_of_a_stranger_proves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pki, "TSA", pki.issue("TSA lạ", pki.STRANGER_ROOT, 20, stamps=True))
    found = one(check(tmp_path, pki.sign(pki.paper(), pki.EXPIRED, stamped=dt.datetime(2020, 6, 1, tzinfo=dt.UTC))))
    assert (found.verdict, found.timestamped) == (Verdict.EXPIRED, False)


def test_nobody_is_trusted_without_installed_roots(tmp_path: Path) -> None:
    nobody = roots.load(tmp_path / "không có")
    assert one(check(tmp_path, pki.sign(pki.paper(), pki.PERSON), trust=nobody)).verdict is Verdict.UNKNOWN_SIGNER


def test_an_authority_that_is_no_root_is_not_trusted_as_one(tmp_path: Path) -> None:
    folder = tmp_path / "trust"
    folder.mkdir()
    (folder / "sub.cer").write_bytes(pki.SUB.der)
    loaded = roots.load(folder)
    assert (loaded.roots, loaded.others) == ((), (pki.SUB.der,))
    assert one(check(tmp_path, pki.sign(pki.paper(), pki.PERSON), trust=loaded)).verdict is Verdict.UNKNOWN_SIGNER


# -- what was done to the file


def test_a_flipped_byte_is_broken(tmp_path: Path) -> None:
    signed = bytearray(pki.sign(pki.paper(), pki.PERSON))
    signed[100] ^= 1
    found = one(check(tmp_path, bytes(signed)))
    assert (found.verdict, found.intact) == (Verdict.BROKEN, False)


def test_a_changed_signature_value_is_broken_while_the_content_is_intact(tmp_path: Path) -> None:
    signed = pki.sign(pki.paper(), pki.PERSON)
    _, before, after, _ = byteranges.find(signed)[0]
    value = byteranges.check(signed, byteranges.find(signed)[0]).signed.value.hex().encode()
    at = signed[before:after].lower().index(value) + before + 40
    forged = signed[:at] + (b"0" if signed[at : at + 1] != b"0" else b"1") + signed[at + 1 :]
    found = one(check(tmp_path, forged))
    assert (found.verdict, found.intact) == (Verdict.BROKEN, True)


def test_bytes_after_the_end_are_named(tmp_path: Path) -> None:
    signed = pki.sign(pki.paper(), pki.PERSON)
    for extra in (b"rac", b"\n\n\n", b"startxref\n1\n%%EOF\n", b"rac\n%%EOF"):
        found = one(check(tmp_path, signed + extra))
        assert found.verdict is not Verdict.VALID, extra
    assert "5 byte nối thêm" in one(check(tmp_path, signed + b"12345")).reason


def test_bytes_before_the_header_are_named(tmp_path: Path) -> None:
    found = one(check(tmp_path, b"\x00" * 21 + pki.sign(pki.paper(), pki.PERSON)))
    assert found.verdict is Verdict.CHANGED
    assert "21 byte" in found.reason


def test_content_wrapped_into_the_gap_is_named(tmp_path: Path) -> None:
    signed = pki.sign(pki.paper(), pki.PERSON)
    numbers = byteranges.find(signed)[0]
    _, before, after, rest = numbers
    inserted = b" /Fake (new content) "
    moved = b"%d %d %d %d" % (0, before, after + len(inserted), rest)
    old = b"%d %d %d %d" % numbers
    wrapped = signed[:after] + inserted + signed[after:]
    wrapped = wrapped.replace(old, moved[: len(old)].ljust(len(old)) if len(moved) <= len(old) else moved, 1)
    report = check(tmp_path, wrapped)
    assert report.verdict in (Verdict.BROKEN, Verdict.CHANGED, Verdict.UNCHECKED)


def test_a_truncated_file_is_not_unsigned(tmp_path: Path) -> None:
    signed = pki.sign(pki.paper(), pki.PERSON)
    for cut in (400, 6000):
        assert check(tmp_path, signed[:-cut]).verdict in (Verdict.UNCHECKED, Verdict.BROKEN)


def test_a_file_written_anew_is_broken(tmp_path: Path) -> None:
    output = BytesIO()
    copy_into_new_writer(PdfFileReader(BytesIO(pki.sign(pki.paper(), pki.PERSON)))).write(output)
    assert check(tmp_path, output.getvalue()).verdict is Verdict.BROKEN


def test_changed_content_is_named_with_its_page(tmp_path: Path) -> None:
    def cover(writer: IncrementalPdfFileWriter) -> None:
        ground = generic.StreamObject(stream_data=b"q 1 1 1 rg 30 210 200 30 re f Q")
        writer.add_stream_to_page(0, writer.add_object(ground))

    found = one(check(tmp_path, updated(pki.sign(pki.paper(), pki.PERSON), cover)))
    assert (found.verdict, found.changes) == (Verdict.CHANGED, Changes.OTHER)
    assert "trang 1" in found.reason


def test_a_comment_is_named(tmp_path: Path) -> None:
    def comment(writer: IncrementalPdfFileWriter) -> None:
        note = generic.DictionaryObject({
            name("/Type"): name("/Annot"), name("/Subtype"): name("/FreeText"),
            name("/Contents"): generic.pdf_string("thêm"),
            name("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (40, 40, 90, 60)]),
        })  # fmt: skip
        page = writer.root["/Pages"]["/Kids"][0]
        page.setdefault("/Annots", generic.ArrayObject()).append(writer.add_object(note))
        writer.update_container(page)

    found = one(check(tmp_path, updated(pki.sign(pki.paper(), pki.PERSON), comment)))
    assert found.verdict is Verdict.CHANGED
    assert "ghi chú" in found.reason


def fill(value: str, *, ink: bytes = b"0 g BT /Helv 10 Tf 2 5 Td (12) Tj ET"):
    """Fill in the form field, with a look that draws `ink`."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        fields = [one.get_object() for one in writer.root["/AcroForm"]["/Fields"]]
        field = next(one for one in fields if one["/T"] == "so_den")
        field[name("/V")] = generic.pdf_string(value)
        look = generic.StreamObject(stream_data=ink)
        look[name("/Type")], look[name("/Subtype")] = name("/XObject"), name("/Form")
        look[name("/BBox")] = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 100, 20)])
        look[name("/Resources")] = generic.DictionaryObject({name("/Font"): writer.root["/AcroForm"]["/DR"]["/Font"]})
        field[name("/AP")] = generic.DictionaryObject({name("/N"): writer.add_object(look)})
        writer.update_container(field)

    return change


def test_filling_in_an_empty_field_is_allowed_and_named(tmp_path: Path) -> None:
    signed = pki.sign(pki.paper(form=True), pki.PERSON)
    found = one(check(tmp_path, updated(signed, fill("12"))))
    assert (found.verdict, found.changes, found.coverage) == (Verdict.VALID, Changes.FORM, "revision")
    assert "«so_den»" in found.reason


def test_another_value_for_a_filled_field_is_a_change(tmp_path: Path) -> None:
    signed = pki.sign(updated(pki.paper(form=True), fill("12")), pki.PERSON)
    found = one(check(tmp_path, updated(signed, fill("99"))))
    assert found.verdict is Verdict.CHANGED
    assert "«so_den»" in found.reason


def test_a_field_that_hides_signed_words_is_a_change(tmp_path: Path) -> None:
    # The field lies over signed words: filled in with a white ground it would show something else.
    signed = pki.sign(pki.paper(lines=("KE HOACH" + " " * 46 + "1.000.000",), form=True), pki.PERSON)
    white = b"1 1 1 rg 0 0 100 20 re f 0 g BT /Helv 10 Tf 2 5 Td (9) Tj ET"
    found = one(check(tmp_path, updated(signed, fill("9", ink=white))))
    assert found.verdict is Verdict.CHANGED
    assert "che hoặc thay" in found.reason


def test_form_filling_is_not_called_valid_where_pictures_cannot_be_compared(tmp_path: Path) -> None:
    signed = pki.sign(pki.paper(form=True), pki.PERSON)
    assert one(check(tmp_path, updated(signed, fill("12")), compare=False)).verdict is Verdict.UNCHECKED


def test_a_second_signature_leaves_the_first_valid(tmp_path: Path) -> None:
    signed = pki.sign(pki.paper(), pki.PERSON)
    both = pki.sign(signed, pki.SEAL, name="ChuKy2", box=(200, 40, 300, 90))
    first, second = check(tmp_path, both).signatures
    assert (first.verdict, first.changes, first.coverage) == (Verdict.VALID, Changes.FORM, "revision")
    assert "thêm 1 chữ ký" in first.reason
    assert (second.verdict, second.coverage) == (Verdict.VALID, "whole-file")
    assert both[: first.signed_bytes] == signed, "the very paper that was signed first"


def test_a_seal_over_signed_words_is_no_change_as_long_as_they_are_seen(tmp_path: Path) -> None:
    # Nghị định 30/2020/NĐ-CP, Phụ lục I: the seal covers a third of the person's signature.
    both = pki.sign(pki.sign(pki.paper(), pki.PERSON), pki.SEAL, name="ChuKy2", box=(30, 200, 330, 275))
    first, _ = check(tmp_path, both).signatures
    assert first.verdict is Verdict.VALID


def test_a_later_signature_field_that_nobody_signed_may_show_nothing(tmp_path: Path) -> None:
    def add(writer: IncrementalPdfFileWriter) -> None:
        append_signature_field(writer, SigFieldSpec("ChuKy2", box=(200, 40, 300, 90)))
        field = writer.root["/AcroForm"]["/Fields"][-1].get_object()
        look = generic.StreamObject(stream_data=b"0 g 0 0 90 40 re f")
        look[name("/Type")], look[name("/Subtype")] = name("/XObject"), name("/Form")
        look[name("/BBox")] = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 100, 50)])
        field[name("/AP")] = generic.DictionaryObject({name("/N"): writer.add_object(look)})
        writer.update_container(field)

    assert one(check(tmp_path, updated(pki.sign(pki.paper(), pki.PERSON), add))).verdict is Verdict.CHANGED


def test_certified_papers_take_no_further_change(tmp_path: Path) -> None:
    signed = pki.sign(pki.paper(form=True), pki.PERSON, certify=MDPPerm.NO_CHANGES)
    assert one(check(tmp_path, signed)).verdict is Verdict.VALID
    found = one(check(tmp_path, updated(signed, fill("12"))))
    assert found.verdict is Verdict.CHANGED
    assert "không cho phép" in found.reason


@pytest.mark.parametrize("level", [MDPPerm.FILL_FORMS, MDPPerm.ANNOTATE])
def test_a_seal_after_a_certifying_signature_is_told_as_what_it_is(tmp_path: Path, level: MDPPerm) -> None:
    certified = pki.sign(pki.paper(), pki.PERSON, certify=level)
    first, second = check(tmp_path, pki.sign(certified, pki.SEAL, name="ConDau", box=(200, 40, 300, 90))).signatures
    assert first.verdict is Verdict.CHANGED and second.verdict is Verdict.VALID
    for words in ("chỉ cho phép điền ô, ký vào ô có sẵn", "thêm 1 chữ ký vào ô mới: «ConDau» của UBND huyện Yên Hà",
                  "trên các trang đã ký không đổi"):  # fmt: skip
        assert words in first.reason


def test_the_worst_signature_decides_for_the_file(tmp_path: Path) -> None:
    both = pki.sign(pki.sign(pki.paper(), pki.STRANGER), pki.SEAL, name="ChuKy2")
    assert check(tmp_path, both).verdict is Verdict.UNKNOWN_SIGNER


def test_a_paper_without_signatures_is_unsigned(tmp_path: Path) -> None:
    assert check(tmp_path, pki.paper()).verdict is Verdict.UNSIGNED
    assert check(tmp_path, b"").verdict is Verdict.UNSIGNED
    assert check(tmp_path, "chỉ là chữ".encode()).verdict is Verdict.UNSIGNED


def test_in_the_sandbox_the_verdict_is_the_same_and_a_hanging_file_is_not_broken(tmp_path: Path) -> None:
    path = tmp_path / "van-ban.pdf"
    path.write_bytes(pki.sign(pki.paper(), pki.PERSON))
    assert signing.check(path, pki.trust(), at=pki.NOW).verdict is Verdict.VALID
    late = signing.check(path, pki.trust(), at=pki.NOW, seconds=0.001)
    assert (late.verdict, late.signatures) == (Verdict.UNCHECKED, ())
    assert late.reason


# -- the project's measurement files

EXPECTED = {
    "01_valid_bb": Verdict.VALID, "02_two_signatures": Verdict.VALID, "03_formfill_after_sign": Verdict.VALID,
    "04_content_changed_after_sign": Verdict.CHANGED, "05_byte_flipped": Verdict.BROKEN,
    "06_expired_no_ts": Verdict.EXPIRED, "06b_expired_ts_in_validity": Verdict.VALID, "07_revoked": Verdict.EXPIRED,
    "08_unknown_root": Verdict.UNKNOWN_SIGNER, "09_timestamped_bt": Verdict.VALID, "10_ltv_blt": Verdict.VALID,
    "11_lta_blta": Verdict.VALID, "12_certified_nochanges": Verdict.VALID,
    "13_certified_then_formfill": Verdict.CHANGED,
    "14_visible_vietnamese": Verdict.VALID, "15_adbe_pkcs7_detached": Verdict.VALID, "16_sha1_digest": Verdict.WEAK,
    "17_comment_added": Verdict.CHANGED, "18_junk_after_eof": Verdict.CHANGED, "19_revoked_after_ts": Verdict.VALID,
    "20_no_nonrepudiation_ku": Verdict.VALID, "21_empty_sigfield": Verdict.UNSIGNED, "22_unsigned": Verdict.UNSIGNED,
    "23_signature_value_corrupted": Verdict.BROKEN, "23b_unused_embedded_cert_corrupted": Verdict.VALID,
    "24_truncated": Verdict.UNCHECKED, "25_rewritten_not_incremental": Verdict.BROKEN,
    "26_blt_then_content_change": Verdict.CHANGED,
}  # fmt: skip
MANIFEST_AT = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)


def test_every_expectation_of_the_shared_manifest_is_met(shared_data: Path) -> None:
    folder = shared_data / "signed"
    trust = roots.load(folder / "roots")
    for entry in json.loads((folder / "manifest.json").read_text()):
        report = signing.check(folder / entry["file"], trust, at=MANIFEST_AT)
        assert report.verdict is EXPECTED[Path(entry["file"]).stem], (entry["file"], report)
        if not entry["expect"]:
            assert report.verdict is Verdict.UNSIGNED
        for expected, found in zip(entry["expect"], report.signatures, strict=False):
            _meets(expected, found, entry["file"])


def _meets(expected: dict, found: Signature, file: str) -> None:
    good = expected.get("ok", expected.get("ok_ades", expected.get("ok_if_ku_relaxed")))
    if good is not None:
        assert (found.verdict is Verdict.VALID) == bool(good), file
    if "intact" in expected:
        assert found.intact == bool(expected["intact"]), file
    if "ts" in expected:
        assert found.timestamped, file
    if "mod" in expected:
        names = {"LTA_UPDATES": "lta", "FORM_FILLING": "form", "NONE": "none", "OTHER": "other"}
        assert found.changes in {names[one] for one in expected["mod"].split("|")}, file
