"""Published attacks on what a signed PDF shows: shadow attacks, evil annotations, fields, layers, sneaky signatures."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.sign import signers
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
)
from pyhanko.stamp import StaticStampStyle

from archive.verdicts import Changes, Report, Verdict
from tests.archive import pki
from tests.archive.forged_cms import resigned
from tests.archive.forged_pdf import (
    CONTENT,
    FONT,
    FORGED,
    INFO,
    PAGE,
    PAGES,
    ROOT,
    WORDS,
    appended,
    object_of,
    paper,
    stream,
)
from tests.archive.test_signatures import check

SIGNED = pki.sign(paper(), pki.PERSON)
FIELD, LOOK, FORM = 7, 8, 9
"""Object numbers of `form_paper()`."""


def plus(number: int, entries: bytes, pdf: bytes = SIGNED) -> dict[int, bytes]:
    """An object with further entries."""
    return {number: object_of(pdf, number)[:-2] + entries + b" >>"}


def named(report: Report) -> str:
    """The reason of the one signature, which is not valid."""
    found = report.signatures[0]
    assert found.verdict is Verdict.CHANGED and found.intact, found.reason
    assert found.changes is Changes.OTHER
    return found.reason


JS = b"<< /S /JavaScript /JS (app.alert) >>"
DIFFERENCES = b"/Encoding << /Differences [ 49 /nine ] >>"
PARTS = [
    (plus(ROOT, b"/OpenAction " + JS), "thao tác chạy khi mở tệp"),
    (plus(ROOT, b"/AA << /WS " + JS + b" >>"), "thao tác tự chạy"),
    (plus(ROOT, b"/Names << /JavaScript << /Names [ (a) " + JS + b" ] >> >>"), "JavaScript"),
    (plus(ROOT, b"/Names << /EmbeddedFiles << /Names [ (a) << /F (a) >> ] >> >>"), "tệp đính kèm"),
    (plus(ROOT, b"/PageLabels << /Nums [ 0 << /P (X) >> ] >>"), "nhãn số trang"),
    (plus(ROOT, b"/OCProperties << /OCGs [] /D << >> >>"), "lớp nội dung"),
    (plus(PAGE, b"/CropBox [ 0 0 200 300 ]"), "khổ giấy, vùng cắt hoặc chiều xoay của trang 1"),
    (plus(PAGE, b"/Rotate 180"), "chiều xoay của trang 1"),
    (plus(PAGES, b"/Rotate 90"), "chiều xoay của trang 1"),
    ({PAGE: object_of(SIGNED, PAGE).replace(b"400 300", b"400 200")}, "khổ giấy"),
    ({FONT: object_of(SIGNED, FONT).replace(b"Helvetica", b"Times-Roman")}, "phông chữ"),
    (plus(FONT, DIFFERENCES), "phông chữ"),
    (plus(FONT, b"/ToUnicode 30 0 R") | {30: stream(b"1 beginbfchar <31> <0039> endbfchar")}, "phông chữ"),
    ({CONTENT: stream(FORGED)}, "nội dung trang 1 bị sửa"),
]


@pytest.mark.parametrize(("objects", "words"), PARTS, ids=range(len(PARTS)))
def test_a_part_changed_after_signing_is_called_what_it_is(tmp_path: Path, objects, words: str) -> None:
    assert words in named(check(tmp_path, appended(SIGNED, objects)))


def test_what_the_file_says_of_itself_may_change_and_is_told(tmp_path: Path) -> None:
    for objects in (
        {INFO: b"<< /Title (Quyet dinh) >>"},
        plus(ROOT, b"/Metadata 30 0 R")
        | {30: stream(b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>', b"/Type /Metadata /Subtype /XML")},
    ):
        found = check(tmp_path, appended(SIGNED, objects)).signatures[0]
        assert found.verdict is Verdict.VALID and "thông tin mô tả tệp" in found.reason
    nothing = check(tmp_path, appended(SIGNED, {40: stream(FORGED)})).signatures[0]
    assert nothing.verdict is Verdict.VALID and "không thay gì trong nội dung hiện ra" in nothing.reason


# -- comments on papers of every kind of certification


@pytest.mark.parametrize("level", [None, *MDPPerm])
@pytest.mark.parametrize("kind", [b"FreeText", b"Stamp", b"Redact"])
def test_an_evil_annotation_is_named_whatever_the_signer_allows(tmp_path: Path, level, kind: bytes) -> None:
    signed = pki.sign(paper(), pki.PERSON, certify=level)
    mark = b"<< /Type /Annot /Subtype /%s /F 4 /Rect [40 200 200 230] /Contents (9) /DA (/Helv 12 Tf) >>" % kind
    page = object_of(signed, PAGE).replace(b"/Annots [ ", b"/Annots [ 30 0 R ")
    assert "ghi chú hoặc hình vẽ" in named(check(tmp_path, appended(signed, {PAGE: page, 30: mark})))


@pytest.mark.parametrize(
    ("kind", "old", "new", "words"),
    [(b"FreeText", b"[ 40 100", b"[ 40 200", "thêm hoặc sửa ở trang 1"),
     (b"Stamp", b"/Contents (x)", b"/Contents (y)", "thêm hoặc sửa ở trang 1"),
     (b"Link", b"http://a/", b"http://b/", "liên kết ở trang 1")],
)  # fmt: skip
def test_a_signed_annotation_that_is_changed_is_named(tmp_path: Path, kind, old, new, words) -> None:
    mark = b"<< /Type /Annot /Subtype /%s /Rect [ 40 100 200 230 ] /Contents (x) /F 4 /A << /URI (http://a/) >> >>"
    signed = pki.sign(paper({7: mark % kind}, page=b"/Annots [ 7 0 R ]"), pki.PERSON)
    assert words in named(check(tmp_path, appended(signed, {7: (mark % kind).replace(old, new)})))
    if kind != b"Link":
        page = object_of(signed, PAGE).replace(b"7 0 R", b"")
        assert "bị gỡ" in named(check(tmp_path, appended(signed, {PAGE: page})))


def test_a_layer_switched_on_after_signing_is_named(tmp_path: Path) -> None:
    words = WORDS + b" /OC /L0 BDC BT /F1 12 Tf 40 150 Td (them 5.000.000) Tj ET EMC"
    use = b"/Resources << /Font << /F1 5 0 R >> /Properties << /L0 7 0 R >> >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 400 300 ] /Contents 4 0 R %s >>" % use
    layer = {7: b"<< /Type /OCG /Name (L) >>", 8: b"<< /OCGs [7 0 R] /D << /OFF [7 0 R] >> >>"}
    made = paper(layer | {PAGE: page, CONTENT: stream(words)}, root=b"/OCProperties 8 0 R")
    signed = pki.sign(made, pki.PERSON)
    assert check(tmp_path, signed).verdict is Verdict.VALID
    switched = appended(signed, {8: b"<< /OCGs [7 0 R] /D << /ON [7 0 R] >> >>"})
    printed = appended(signed, {7: b"<< /Type /OCG /Name (L) /Usage << /Print << /PrintState /OFF >> >> >>"})
    assert all("lớp nội dung ẩn, hiện" in named(check(tmp_path, forged)) for forged in (switched, printed))


# -- form fields


def drawn(words: bytes, size: bytes = b"100 20") -> bytes:
    ink = words if b" " in words else b"BT /F1 12 Tf 2 5 Td (%s) Tj ET" % words
    font = b"/Resources << /Font << /F1 5 0 R >> >>"
    return stream(ink, b"/Type /XObject /Subtype /Form /BBox [0 0 %s] %s" % (size, font))


def form_paper(*, value: bytes = b"", look: bytes = b"", form: bytes = b"", flags: int = 4, box: bytes = b"") -> bytes:
    field = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (tien) /F %d /Rect [ %s ] /P 3 0 R /DA (/F1 12 Tf 0 g) %s%s>>"
    entries = (b"/V (%s) " % value if value else b"", b"/AP << /N 8 0 R >>" if look else b"")
    objects = {
        FIELD: field % (flags, box or b"250 150 350 170", *entries), LOOK: drawn(look or b"()"),
        FORM: b"<< /Fields [7 0 R] /DA (/F1 12 Tf 0 g) /DR << /Font << /F1 5 0 R >> >> %s >>" % form,
    }  # fmt: skip
    return paper(objects, root=b"/AcroForm 9 0 R", page=b"/Annots [7 0 R]")


def edited(pdf: bytes, pattern: bytes, new: bytes, number: int = FIELD, **more: bytes) -> bytes:
    """A further revision in which a stretch of an object reads otherwise; `look`: another appearance, object 30."""
    text = object_of(pdf, number)
    assert re.search(pattern, text), text
    looks = {30: drawn(more["look"])} if more else {}
    return appended(pdf, {number: re.sub(pattern, lambda _: new, text, count=1)} | looks)


TELLING = pki.sign(form_paper(value=b"1.000.000", look=b"1.000.000"), pki.PERSON)
EMPTY = pki.sign(form_paper(), pki.PERSON)
NEW_LOOK = (rb"/N 8 0 R", b"/N 30 0 R")
FILLING = (rb"/F 4", b"/F 4 /V (9) /AP << /N 30 0 R >>")
STYLED = "cách hiện của ô đã có giá trị bị đổi: «tien»"
FORMS = [
    (edited(TELLING, *NEW_LOOK, look=b"9.000.000"), "trang 1 hiện khác với lúc ký"),
    (edited(TELLING, rb"/N 8 0 R", b"/N 8 0 R /D 30 0 R", look=b"9.000.000"), STYLED),
    (edited(TELLING, rb"/F 4", b"/F 2"), STYLED),
    (edited(TELLING, rb"/F 4", b"/F 36"), STYLED),
    (edited(TELLING, rb"/F 4", b"/F 0"), STYLED),
    (edited(TELLING, rb"/F 4", b"/F 4 /Ff 8192"), STYLED),
    (edited(TELLING, rb"/DA \([^)]*\)", b"/DA (/F1 12 Tf 1 g)"), STYLED),
    (edited(TELLING, rb"/V \([^)]*\)", b"/V (9.000.000)"), "đang hiện chữ khi ký bị thay: «tien»"),
    (edited(TELLING, rb"\[ 250", b"[ 200"), "vị trí hoặc thao tác của ô bị đổi: «tien»"),
    (edited(TELLING, rb"/F 4", b"/F 4 /AA << /F " + JS + b" >>"), "vị trí hoặc thao tác"),
    (edited(TELLING, rb"/SigFlags 3", b"/SigFlags 3 /XFA 30 0 R", FORM, look=b"x"), "biểu mẫu XFA"),
    # The look stands in for a value that is missing: filling the field in replaces what was seen.
    (edited(pki.sign(form_paper(look=b"1.000.000"), pki.PERSON), rb"/AP <<\s*/N 8 0 R",
            b"/V (9) /AP << /N 30 0 R", look=b"9.000.000"), "đang hiện chữ khi ký bị thay: «tien»"),
    # Shown on paper only, and replaced there.
    (edited(pki.sign(form_paper(value=b"1", look=b"1.000.000", flags=36), pki.PERSON), *NEW_LOOK, look=b"9.000.000"),
     "trang 1 hiện khác với lúc ký"),
    # Readers that draw values anew would show another one than the look that was signed.
    (edited(pki.sign(form_paper(value=b"9.000.000", look=b"1.000.000"), pki.PERSON), rb"/SigFlags 3",
            b"/SigFlags 3 /NeedAppearances true", FORM), "trang 1 hiện khác với lúc ký"),
]  # fmt: skip


@pytest.mark.parametrize(("forged", "words"), FORMS, ids=range(len(FORMS)))
def test_a_field_that_told_something_when_signed_tells_nothing_else(tmp_path: Path, forged: bytes, words: str) -> None:
    assert words in named(check(tmp_path, forged))


@pytest.mark.parametrize(
    ("pattern", "new"),
    [(rb"/DA \([^)]*\)", b"/DA (/F1 12 Tf 1 g)"), (rb"/F1 5 0 R", b"/F1 << /Type /Font %s >>" % DIFFERENCES)],
)
def test_values_that_readers_draw_anew_keep_their_font(tmp_path: Path, pattern: bytes, new: bytes) -> None:
    # The library that signs takes the entry away, so it is signed under a name of the same length first.
    signed = pki.sign(form_paper(value=b"1", look=b"1", form=b"/NeedAppearancez true"), pki.PERSON)
    signed = resigned(signed.replace(b"Appearancez", b"Appearances"), pki.PERSON)
    assert check(tmp_path, signed).verdict is Verdict.VALID
    assert STYLED in named(check(tmp_path, edited(signed, pattern, new, FORM)))


@pytest.mark.parametrize("level", [None, MDPPerm.FILL_FORMS, MDPPerm.ANNOTATE])
def test_filling_an_empty_field_stays_allowed(tmp_path: Path, level: MDPPerm | None) -> None:
    signed = pki.sign(form_paper(), pki.PERSON, certify=level)
    found = check(tmp_path, edited(signed, *FILLING, look=b"12")).signatures[0]
    assert (found.verdict, found.changes) == (Verdict.VALID, Changes.FORM)


@pytest.mark.parametrize(
    ("action", "names", "allowed"),
    [(FieldMDPAction.ALL, None, False), (FieldMDPAction.INCLUDE, ["tien"], False),
     (FieldMDPAction.EXCLUDE, ["tien"], True)],
)  # fmt: skip
def test_fields_that_the_signer_locked_stay_empty(tmp_path: Path, action, names, allowed: bool) -> None:
    writer, output = IncrementalPdfFileWriter(BytesIO(form_paper())), BytesIO()
    append_signature_field(writer, SigFieldSpec("ChuKy1", field_mdp_spec=FieldMDPSpec(action, names)))
    writer.write(output)
    report = check(tmp_path, edited(pki.sign(output.getvalue(), pki.PERSON), *FILLING, look=b"12"))
    assert report.verdict is Verdict.VALID if allowed else "chữ ký đã khóa: «tien»" in named(report)


LINES = WORDS + b"".join(b" BT /F1 12 Tf 40 %d Td (Noi dung dai, nhieu muc, nhieu dong) Tj ET" % y
                         for y in range(110, 220, 14))  # fmt: skip


@pytest.mark.parametrize(
    ("ink", "verdict"),
    [(b"1 g 74 124 7 12 re f 0 g BT /F1 12 Tf 74 126 Td (9) Tj ET", Verdict.CHANGED),
     (b"1 g 73 124 5 12 re f", Verdict.CHANGED), (b"1 g 20 124 300 12 re f", Verdict.CHANGED),
     (b"BT /F1 12 Tf 250 126 Td (12) Tj ET", Verdict.VALID)],
)  # fmt: skip
def test_one_digit_replaced_under_a_field_as_large_as_the_page_is_seen(tmp_path: Path, ink, verdict) -> None:
    # Shadow attack «replace by overlay»: the loss of a digit drowned in the ink of all that lies under the field.
    made = form_paper(box=b"20 100 380 280")
    signed = pki.sign(appended(made, {CONTENT: stream(LINES)}), pki.PERSON)
    filled = plus(FIELD, b"/V (x) /AP << /N 30 0 R >>", signed) | {30: drawn(ink, b"360 180")}
    found = check(tmp_path, appended(signed, filled)).signatures[0]
    assert found.verdict is verdict, found.reason


# -- what may be added


@pytest.mark.parametrize("level", [None, *MDPPerm])
def test_proofs_for_the_long_term_are_allowed_on_every_paper(tmp_path: Path, level: MDPPerm | None) -> None:
    signed = pki.sign(paper(), pki.PERSON, certify=level)
    store = plus(ROOT, b"/DSS 30 0 R", signed) | {30: b"<< /Certs [31 0 R] >>", 31: stream(pki.SUB.der)}
    found = check(tmp_path, appended(signed, store)).signatures[0]
    assert (found.verdict, found.changes) == (Verdict.VALID, Changes.LTA)
    assert "dữ liệu xác minh lâu dài" in found.reason
    for more in ({CONTENT: stream(FORGED)}, {FONT: stream(pki.SUB.der)}, {30: b"<< /Certs [31 0 R] /Evil 4 0 R >>"}):
        named(check(tmp_path, appended(signed, store | more)))


@pytest.mark.parametrize("level", [MDPPerm.FILL_FORMS, MDPPerm.ANNOTATE])
def test_a_second_signature_in_a_prepared_field_is_allowed(tmp_path: Path, level: MDPPerm) -> None:
    writer, output = IncrementalPdfFileWriter(BytesIO(paper())), BytesIO()
    append_signature_field(writer, SigFieldSpec("ConDau", box=(200, 40, 300, 90)))
    writer.write(output)
    certified = pki.sign(output.getvalue(), pki.PERSON, certify=level)
    first, second = check(tmp_path, pki.sign(certified, pki.SEAL, name="ConDau")).signatures
    assert first.verdict is second.verdict is Verdict.VALID and "thêm 1 chữ ký" in first.reason


def sneaky(ink: bytes, box: tuple[int, int, int, int], who: pki.Pair) -> bytes:
    """A further signature whose look draws `ink` on the signed page."""
    drawing = RawContent(ink, box=BoxConstraints(box[2] - box[0], box[3] - box[1]))
    style = StaticStampStyle(background=drawing, border_width=0, background_opacity=1)
    signer = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(who.der), signing_key=pki._asn1_key(who),
        cert_registry=pki._registry(pki.SUB, pki.STRANGER_ROOT),
    )  # fmt: skip
    meta, output = signers.PdfSignatureMetadata(field_name="Hai", subfilter=SigSeedSubFilter.PADES), BytesIO()
    made = signers.PdfSigner(meta, signer, stamp_style=style, new_field_spec=SigFieldSpec("Hai", box=box))
    made.sign_pdf(IncrementalPdfFileWriter(BytesIO(SIGNED)), output=output)
    return output.getvalue()


LINE = (40, 220, 240, 245)
"""Over the second line of the paper."""
LOOKS = [
    (b"1 g 0 0 20 25 re f", (95, 220, 115, 245), Verdict.CHANGED),
    (b"0 g 0 0 200 25 re f", LINE, Verdict.CHANGED),
    (b".6 g 0 0 200 25 re f", LINE, Verdict.CHANGED),
    (b"1 0 0 rg 0 0 200 25 re f", LINE, Verdict.CHANGED),
    (b"0 g 0 0 40 25 re f", LINE, Verdict.CHANGED),
    (b"1 g 0 0 7 17 re f 0 g 1 4 5 9 re f", (88, 219, 105, 241), Verdict.CHANGED),
    # A seal: a ring, and a star that is smaller than a word.
    (b"1 0 0 RG 2 w 2 2 196 21 re S 1 0 0 rg 30 2 26 20 re f", LINE, Verdict.VALID),
    (b"0 0 1 RG 0 0 m 200 25 l S", LINE, Verdict.VALID),
]


@pytest.mark.parametrize("who", [pki.SEAL, pki.STRANGER])
@pytest.mark.parametrize(("ink", "box", "verdict"), LOOKS, ids=range(len(LOOKS)))
def test_a_later_signature_hides_no_signed_words(tmp_path: Path, ink, box, verdict: Verdict, who: pki.Pair) -> None:
    first, _ = check(tmp_path, sneaky(ink, box, who)).signatures
    assert first.verdict is verdict, first.reason
    assert verdict is Verdict.VALID or "bị che hoặc thay" in first.reason
