"""Signatures of the test PKI on sample PDFs: a visible field whose look says who signed, in Vietnamese."""

from __future__ import annotations

import datetime as dt
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.stamp import StaticStampStyle
from reportlab.lib.units import cm
from reportlab.pdfgen.canvas import Canvas

from tests.samples import pdf_paper

PKI = Path(__file__).parent / "pki"
VIETNAM = dt.timezone(dt.timedelta(hours=7))
BOX = (280, 40, 540, 100)
"""Where the signature shows on the last page, in points from the lower left corner."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, and when."""

    name: str
    person: str
    body: str
    root: str | None
    """The certificate above; None: the signer's own vouches for itself."""
    at: dt.datetime


SIGNERS = {
    "huyen-uy": Signer(
        "huyen-uy",
        "Trần Văn Lực",
        "Huyện ủy Yên Hà",
        "goc-thu-nghiem",
        dt.datetime(2016, 9, 30, 16, 42, tzinfo=VIETNAM),
    ),
    "khuyen-hoc": Signer(
        "khuyen-hoc",
        "Nguyễn Thị Hoa",
        "Hội Khuyến học huyện Yên Hà",
        None,
        dt.datetime(2017, 12, 5, 15, 10, tzinfo=VIETNAM),
    ),
}


def sign(pdf: bytes, who: str) -> bytes:
    """The PDF with one visible signature over the whole file, at the fixed time of its signer."""
    signer = SIGNERS[who]
    keys = signers.SimpleSigner.load(
        PKI / f"{who}.key.pem",
        PKI / f"{who}.cert.pem",
        ca_chain_files=[PKI / f"{signer.root}.cert.pem"] if signer.root else [],
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    field = fields.SigFieldSpec("ChuKySo", on_page=-1, box=BOX)
    meta = signers.PdfSignatureMetadata("ChuKySo", name=signer.person, location="Yên Hà", md_algorithm="sha256")
    with tempfile.NamedTemporaryFile(suffix=".pdf") as look:
        look.write(_look(signer))
        look.flush()
        style = StaticStampStyle.from_pdf_file(look.name, border_width=0)
        made = _AtTime(meta, keys, stamp_style=style, new_field_spec=field)
        made.at = signer.at
        signed = io.BytesIO()
        made.sign_pdf(writer, output=signed)
    return signed.getvalue()


class _AtTime(signers.PdfSigner):
    """Signs at the time it is told."""

    at: dt.datetime

    def init_signing_session(self, pdf_out, existing_fields_only=False):
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.at
        return session


def _look(signer: Signer) -> bytes:
    pdf_paper.register_fonts()
    width, height = BOX[2] - BOX[0], BOX[3] - BOX[1]
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(width, height), invariant=1)
    canvas.setStrokeColorRGB(0.66, 0.16, 0.12)
    canvas.rect(1, 1, width - 2, height - 2)
    canvas.setFont("Serif", 10)
    at = f"{signer.at:%d/%m/%Y %H:%M:%S +07:00}"
    lines = (f"Người ký: {signer.person}", f"Cơ quan: {signer.body}", f"Thời gian ký: {at}")
    for number, line in enumerate(lines):
        canvas.drawString(0.3 * cm, height - 18 - 15 * number, line)
    canvas.save()
    return stream.getvalue()


# -- the test PKI; run `python -m tests.samples.signing` to make what is missing


def make_pki() -> None:
    """Make keys and certificates that are missing. They protect nothing: the keys lie beside them."""
    PKI.mkdir(exist_ok=True)
    root = _pair("goc-thu-nghiem", "Vankho - gốc THỬ NGHIỆM, không có giá trị", None, None)
    for signer in SIGNERS.values():
        _pair(signer.name, signer.person, signer.body, root if signer.root else None)


def _pair(name: str, person: str, body: str | None, root):
    paths = PKI / f"{name}.key.pem", PKI / f"{name}.cert.pem"
    if all(path.exists() for path in paths):
        key = serialization.load_pem_private_key(paths[0].read_bytes(), None)
        return key, x509.load_pem_x509_certificate(paths[1].read_bytes())
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    certificate = _certificate(key, person, body, root)
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    paths[0].write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    paths[1].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return key, certificate


def _certificate(key, person: str, body: str | None, root) -> x509.Certificate:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN")]
    parts += [x509.NameAttribute(NameOID.ORGANIZATION_NAME, body)] if body else []
    subject = x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, person)])
    signing_key, issuer = (root[0], root[1].subject) if root else (key, subject)
    usage = {"key_cert_sign": body is None, "crl_sign": body is None, "digital_signature": body is not None}
    rest = ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only")
    usage |= {"content_commitment": body is not None} | dict.fromkeys(rest, False)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(dt.datetime(2016, 1, 1))
        .not_valid_after(dt.datetime(2046, 1, 1))
        .add_extension(x509.BasicConstraints(ca=body is None, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
        .sign(signing_key, hashes.SHA256())
    )


if __name__ == "__main__":
    make_pki()
