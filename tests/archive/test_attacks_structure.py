"""Published attacks on the structure of signed PDFs: forged ranges, wrapping, incremental saving; none is «valid»."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive.verdicts import Verdict
from indexer import signing
from tests.archive import pki
from tests.archive.forged_cms import resigned
from tests.archive.forged_pdf import (
    CONTENT,
    FORGED,
    PAGE,
    PAGES,
    ROOT,
    appended,
    last_table,
    object_of,
    paper,
    replaced,
    stream,
)  # fmt: skip
from tests.archive.test_signatures import check

SIGNED = pki.sign(paper(), pki.PERSON)
FORM, FIELD, VALUE = 8, 9, 10
"""What signing adds to the paper."""
_RANGE = re.compile(rb"/ByteRange \[[0-9 ]+\] *")
_HELD = re.compile(rb"/Contents <[0-9A-Fa-f]+>")
START, BEFORE, AFTER, REST = (int(one) for one in re.findall(rb"\d+", _RANGE.findall(SIGNED)[-1]))
OTHER = {CONTENT: stream(FORGED)}


def test_the_paper_is_valid_and_numbered_as_the_forgeries_expect(tmp_path: Path) -> None:
    assert check(tmp_path, SIGNED).verdict is Verdict.VALID
    for number, words in ((FORM, b"/Fields"), (FIELD, b"/FT /Sig"), (VALUE, b"/ByteRange")):
        assert words in object_of(SIGNED, number)


def in_place(pattern: re.Pattern[bytes], new: bytes) -> bytes:
    """The signed paper with a stretch written over, its length kept."""
    found = list(pattern.finditer(SIGNED))[-1]
    assert len(new) <= len(found.group()), new
    return SIGNED[: found.start()] + new.ljust(len(found.group())) + SIGNED[found.end() :]


RANGES = [
    b"", b"/ByteRange null", b"/ByteRange []", b"/ByteRange (0 1)", b"/ByteRange 5 0 R", b"/ByteRange [0 0 0 0]",
    b"/ByteRange [0 -%d %d %d]" % (BEFORE, AFTER, REST), b"/ByteRange [0 %d]" % BEFORE,
    b"/ByteRange [0 %d %d %d 0 0]" % (BEFORE, AFTER, REST), b"/ByteRange [0 %d %d %d]" % (BEFORE, BEFORE - 50, REST),
    b"/ByteRange [0 0 0 %d]" % len(SIGNED), b"/ByteRange [5 %d %d %d]" % (BEFORE - 5, AFTER, REST),
]  # fmt: skip


@pytest.mark.parametrize("written", RANGES)
def test_a_signature_without_a_true_range_proves_nothing(tmp_path: Path, written: bytes) -> None:
    report = check(tmp_path, in_place(_RANGE, written))
    assert report.verdict is Verdict.UNCHECKED
    assert report.signatures[0].intact is None and report.signatures[0].reason


HELD = len(_HELD.findall(SIGNED)[-1]) - len(b"/Contents <>")


@pytest.mark.parametrize(
    "written", [b"", b"/Contents null", b"/Contents 1", b"/Contents <>", b"/Contents <" + b"0" * HELD + b">",
                b"/Contents <" + b"41" * (HELD // 2) + b">", b"/Contents (" + b"a" * HELD + b")"],
)  # fmt: skip
def test_a_signature_without_its_value_proves_nothing(tmp_path: Path, written: bytes) -> None:
    report = check(tmp_path, in_place(_HELD, written))
    assert report.verdict in (Verdict.UNCHECKED, Verdict.BROKEN)
    assert not report.signatures[0].trusted


@pytest.mark.parametrize("kind", [b"/adbe.x509.rsa_sha1", b"/adbe.pkcs7.sha1", b"/ETSI.RFC3161", b"/Unknown"])
def test_another_kind_of_signature_named_is_not_believed(tmp_path: Path, kind: bytes) -> None:
    relabelled = SIGNED.replace(b"/ETSI.CAdES.detached", kind.ljust(len(b"/ETSI.CAdES.detached")))
    assert check(tmp_path, relabelled).verdict is Verdict.BROKEN, "the label itself is signed"


# -- signature wrapping


def moved(inserted: bytes) -> bytes:
    """The second signed part moved back, with other objects in between (Signature Wrapping)."""
    out = SIGNED[:AFTER] + inserted + SIGNED[AFTER:]
    found = _RANGE.search(out)
    assert found
    written = b"/ByteRange [0 %d %d %d]" % (BEFORE, AFTER + len(inserted), REST)
    return out[: found.start()] + written.ljust(len(found.group())) + out[found.end() :]


@pytest.mark.parametrize(
    "inserted", [b" /X (a) ", b"\n>>\nendobj\n4 0 obj\n" + stream(FORGED) + b"\nendobj\n", b"\n%%EOF\n"]
)
def test_what_is_wrapped_between_the_signed_parts_is_seen(tmp_path: Path, inserted: bytes) -> None:
    assert check(tmp_path, moved(inserted)).verdict is Verdict.BROKEN


@pytest.mark.parametrize("more", [b"", b" /Name (Ong Khac) "])
def test_a_gap_that_holds_the_range_itself_is_named(tmp_path: Path, more: bytes) -> None:
    # The signer's own software left more than the digits out: whoever comes later may change the range.
    held, written = _HELD.search(SIGNED), list(_RANGE.finditer(SIGNED))[-1]
    assert held and held.start() < written.start()
    body = SIGNED[: written.end()] + more + SIGNED[written.end() :]
    before, after = held.start() + len(b"/Contents "), written.end() + len(more)
    text = (b"/ByteRange [0 %d %d %d]" % (before, after, len(body) - after)).ljust(len(written.group()))
    body = body[: written.start()] + text + body[written.end() :]
    found = check(tmp_path, resigned(body, pki.PERSON, digits=HELD)).signatures[0]
    assert (found.verdict, found.intact) == (Verdict.CHANGED, True)
    assert "gói vào đó" in found.reason


FIELDS = replaced(SIGNED, FORM, b"/Fields [ ", b"/Fields [ 30 0 R ")


def test_a_copied_signature_is_no_second_one(tmp_path: Path) -> None:
    copy = {30: b"<< /FT /Sig /T (Hai) /V 31 0 R >>", 31: object_of(SIGNED, VALUE)}
    report = check(tmp_path, appended(SIGNED, FIELDS | copy))
    assert report.verdict is Verdict.CHANGED
    assert [one.field for one in report.signatures] == ["ChuKy1", "Hai"]
    assert "bản thân nó không ký gì" in report.signatures[1].reason


@pytest.mark.parametrize(
    ("objects", "words"),
    [(FIELDS | {30: b"<< /FT /Sig /T (Hai) /V 10 0 R >>"}, "«Hai»"),
     ({VALUE: object_of(SIGNED, VALUE)}, "tượng chữ ký bị ghi lại"),
     ({VALUE: object_of(SIGNED, VALUE), **OTHER}, "tượng chữ ký bị ghi lại"),
     ({VALUE: object_of(SIGNED, VALUE).replace(b"/M (", b"/Name (Ong Khac) /M (")}, "tượng chữ ký bị ghi lại"),
     ({FIELD: object_of(SIGNED, FIELD).replace(b"10 0 R", b"31 0 R"), 31: object_of(SIGNED, VALUE)}, "ghi lại"),
     ({ROOT: b"<< /Type /Catalog /Pages 2 0 R >>"}, "gỡ khỏi biểu mẫu"),
     ({ROOT: b"<< /Type /Catalog /Pages 2 0 R >>", **OTHER}, "gỡ khỏi biểu mẫu"),
     ({FORM: b"<< /Fields [] >>"}, "gỡ khỏi biểu mẫu")],
)  # fmt: skip
def test_a_signature_taken_away_or_written_again_is_named(tmp_path: Path, objects, words: str) -> None:
    report = check(tmp_path, appended(SIGNED, objects))
    assert report.verdict is Verdict.CHANGED
    assert words in report.signatures[0].reason


@pytest.mark.parametrize("rights", [False, True])
def test_a_signature_that_was_never_in_a_form_is_not_called_taken_away(tmp_path: Path, rights: bool) -> None:
    at = SIGNED.rindex(b"/AcroForm 8 0 R")
    name = b"/Perms 8 0 R   " if rights else b"/AcroForX 8 0 R"
    made = SIGNED[:at] + name + SIGNED[at + len(name) :]
    held = object_of(made, FORM)
    made = made.replace(held, b"<< /UR3 10 0 R >>".ljust(len(held))) if rights else made
    found = check(tmp_path, resigned(made, pki.PERSON)).signatures[0]
    assert (found.verdict, found.intact) == (Verdict.UNCHECKED, True)
    assert "không nằm trong ô chữ ký nào" in found.reason


# -- incremental saving


NEW_PAGE = {20: object_of(SIGNED, PAGE).replace(b"4 0 R", b"21 0 R"), 21: stream(FORGED)}
NEW_ROOT = {20: object_of(SIGNED, ROOT).replace(b"2 0 R", b"21 0 R"),
            21: b"<< /Type /Pages /Count 1 /Kids [ 3 0 R ] >>"}  # fmt: skip
BACK = b"/Size 60 /Prev %d" % last_table(SIGNED)
SAVED = {
    "whole": appended(SIGNED, OTHER),
    "without a table": appended(SIGNED, OTHER, table=False),
    "without table and start": appended(SIGNED, OTHER, table=False, start=b""),
    "without a trailer": appended(SIGNED, OTHER, trailer=b""),
    "without an end": appended(SIGNED, OTHER, end=b""),
    "with the old start": appended(SIGNED, OTHER, start=b"startxref\n%d\n" % last_table(SIGNED)),
    "with start 0": appended(SIGNED, OTHER, start=b"startxref\n0\n"),
    "with a table that leads to itself": appended(SIGNED, OTHER, prev=len(SIGNED) + 130),
    "an object alone": SIGNED + b"4 0 obj\n" + stream(FORGED) + b"\nendobj\n",
    "another page": appended(SIGNED, NEW_PAGE | replaced(SIGNED, PAGES, b"3 0 R", b"20 0 R")),
    "another root": appended(SIGNED, NEW_ROOT, trailer=b"/Root 20 0 R " + BACK),
    "another page tree": appended(SIGNED, OTHER | {ROOT: object_of(SIGNED, ROOT).replace(b"/Pages 2", b"/Pages  2")}),
    "a table that says it is encrypted": appended(
        SIGNED, OTHER, trailer=b"/Root 1 0 R /Encrypt << /Filter /Standard /V 1 /R 2 /O (%s) /U (%s) /P -4 >> %s"
        % (b"a" * 32, b"b" * 32, BACK)),
    "a comment": SIGNED + b"% a comment\n",
    "a second header": SIGNED + b"%PDF-1.4\n",
    "many ends": SIGNED + b"%%EOF\n" * 3,
    "blanks": SIGNED + b"   ",
}  # fmt: skip


@pytest.mark.parametrize("name", SAVED)
def test_what_is_saved_behind_a_signature_is_never_valid(tmp_path: Path, name: str) -> None:
    report = check(tmp_path, SAVED[name])
    assert report.verdict in (Verdict.CHANGED, Verdict.UNCHECKED), name
    assert report.signatures[0].intact, "what was signed is untouched, so it is not called broken"


def test_objects_prepared_before_signing_do_not_come_to_show(tmp_path: Path) -> None:
    # Shadow attack «hide and replace»: all bytes were signed, only the table leads elsewhere afterwards.
    other = {8: b"<< /Type /Pages /Count 1 /Kids [ 9 0 R ] >>", 10: stream(FORGED),
             9: b"<< /Type /Page /Parent 8 0 R /MediaBox [0 0 400 300] /Contents 10 0 R "
                b"/Resources << /Font << /F1 5 0 R >> >> >>"}  # fmt: skip
    signed = pki.sign(paper({7: b"<< /Type /Catalog /Pages 8 0 R >>"} | other), pki.PERSON)
    back = b"/Size 60 /Prev %d" % last_table(signed)
    places = {CONTENT: signed.index(b"10 0 obj")}
    for forged in (
        appended(signed, {}, trailer=b"/Root 7 0 R " + back),
        appended(signed, {}, offsets=places),
        appended(signed, {ROOT: object_of(signed, ROOT).replace(b"/Pages 2 0 R", b"/Pages 8 0 R")}),
        appended(signed, {PAGES: other[8]}),
        appended(signed, {PAGE: object_of(signed, PAGE).replace(b"4 0 R", b"10 0 R")}),
    ):
        assert check(tmp_path, forged).verdict in (Verdict.CHANGED, Verdict.UNCHECKED)


# -- what the standard lets pass


@pytest.mark.parametrize("before", [b"junk\n", b"\xef\xbb\xbf", b"x" * 900])
def test_bytes_in_front_that_were_signed_are_not_called_a_change(tmp_path: Path, before: bytes) -> None:
    found = list(_RANGE.finditer(SIGNED))[-1]
    shifted = b"/ByteRange [0 %d %d %d]" % (BEFORE + len(before), AFTER + len(before), REST)
    whole = before + SIGNED[: found.start()] + shifted.ljust(len(found.group())) + SIGNED[found.end() :]
    report = check(tmp_path, resigned(whole, pki.PERSON))
    assert report.verdict is Verdict.UNCHECKED and f"{len(before)} byte" in (report.reason or "")
    assert check(tmp_path, before + SIGNED).verdict is Verdict.CHANGED


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_the_line_end_of_the_last_line_is_no_addition(tmp_path: Path, end: bytes) -> None:
    signed = SIGNED.removesuffix(b"\n")
    found = list(_RANGE.finditer(signed))[-1]
    written = (b"/ByteRange [0 %d %d %d]" % (BEFORE, AFTER, len(signed) - AFTER)).ljust(len(found.group()))
    signed = resigned(signed[: found.start()] + written + signed[found.end() :], pki.PERSON)
    assert check(tmp_path, signed + end).verdict is Verdict.VALID


# -- files that are to wear the reader out


def test_a_file_that_wears_its_reader_out_is_not_judged(tmp_path: Path) -> None:
    ranges = b"\n".join(b"/ByteRange [0 10 20 %d]" % number for number in range(20_000))
    deep = {40 + at: b"<< /Type /Pages /Count 1 /Kids [ %d 0 R ] >>" % (41 + at) for at in range(400)}
    many = {100 + at: b"<< /FT /Sig /T (a%d) >>" % at for at in range(150)}
    listed = b" ".join(b"%d 0 R" % number for number in many)
    for name, forged in {
        "ranges": appended(SIGNED, {60: stream(ranges)}),
        "tree": appended(SIGNED, deep | {PAGES: b"<< /Type /Pages /Count 1 /Kids [40 0 R] >>"}),
        "loop": appended(SIGNED, {FORM: b"<< /Fields [30 0 R] >>", 30: b"<< /T (a) /Kids [30 0 R] >>"}),
        "fields": appended(SIGNED, many | replaced(SIGNED, FORM, b"/Fields [ ", b"/Fields [ %s " % listed)),
    }.items():
        path = tmp_path / "nang.pdf"
        path.write_bytes(forged)
        report = signing.check(path, pki.trust(), at=pki.NOW)
        assert report.verdict is Verdict.UNCHECKED, name
        assert report.reason or report.signatures[0].reason
