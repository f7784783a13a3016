"""A certificate authority, its signers and papers signed by them, made anew for each run: nothing lies on disk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from io import BytesIO

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.pdfgen.canvas import Canvas

from archive.trust import Trust

NOW = dt.datetime(2024, 6, 1, 3, tzinfo=dt.UTC)
"""The moment at which the tests ask."""
ENCODING = serialization.Encoding.DER


@dataclass(frozen=True)
class Pair:
    """A key and its certificate."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(ENCODING)


@cache
def _key(number: int, bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def issue(
    name: str, issuer: Pair | None, number: int, *, ca: bool = False, until: int = 2034, stamps: bool = False,
    bits: int = 2048, usage: bool = True,
) -> Pair:  # fmt: skip
    key = _key(number, bits)
    named = {NameOID.ORGANIZATION_NAME: "Ủy ban nhân dân huyện Yên Hà", NameOID.COMMON_NAME: name}
    subject = x509.Name([x509.NameAttribute(kind, value) for kind, value in named.items()])
    signing = issuer.key if issuer else key
    used = dict.fromkeys(("data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False)
    signs = usage and not ca
    used |= {"key_cert_sign": ca, "crl_sign": ca, "key_encipherment": not usage}
    used |= {"digital_signature": signs, "content_commitment": signs}
    builder = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key()).serial_number(1000 + number)
        .not_valid_before(dt.datetime(2018, 1, 1)).not_valid_after(dt.datetime(until, 1, 1))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**used), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
    )  # fmt: skip
    if stamps:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return Pair(key, builder.sign(signing, hashes.SHA256()))


ROOT = issue("Gốc thử", None, 1, ca=True)
SUB = issue("CA thử", ROOT, 2, ca=True)
PERSON = issue("Trần Văn Lực", SUB, 3)
SEAL = issue("UBND huyện Yên Hà", SUB, 4)
EXPIRED = issue("Hết Hạn", SUB, 5, until=2021)
STRANGER_ROOT = issue("Gốc lạ", None, 6, ca=True)
STRANGER = issue("Người Lạ", STRANGER_ROOT, 7)
TSA = issue("Dấu thời gian thử", SUB, 8, stamps=True)
NOT_FOR_SIGNING = issue("Máy chủ", SUB, 9, usage=False)
SHORT_KEY = issue("Khóa Ngắn", SUB, 10, bits=1024)


def trust(*, revoked: Pair | None = None, on: dt.datetime | None = None) -> Trust:
    builder = (
        x509.CertificateRevocationListBuilder().issuer_name(SUB.certificate.subject)
        .last_update(dt.datetime(2024, 5, 31)).next_update(dt.datetime(2034, 1, 1))
    )  # fmt: skip
    if revoked and on:
        entry = x509.RevokedCertificateBuilder().serial_number(revoked.certificate.serial_number).revocation_date(on)
        builder = builder.add_revoked_certificate(entry.build())
    crl = builder.sign(SUB.key, hashes.SHA256()).public_bytes(ENCODING)
    return Trust((ROOT.der,), (SUB.der,), (crl,))


def paper(*, lines: tuple[str, ...] = ("KE HOACH", "Kinh phi: 1.000.000 dong"), form: bool = False) -> bytes:
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=(400, 300), invariant=1)
    for number, line in enumerate(lines):
        canvas.drawString(40, 250 - 24 * number, line)
    if form:
        canvas.acroForm.textfield(name="so_den", x=250, y=250, width=100, height=20, borderWidth=0, fillColor=None)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def sign(
    pdf: bytes, who: Pair, *, name: str = "ChuKy1", stamped: dt.datetime | None = None, md: str = "sha256",
    box: tuple[int, int, int, int] | None = None, certify: fields.MDPPerm | None = None,
) -> bytes:  # fmt: skip
    signer = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(who.der),
        signing_key=_asn1_key(who),
        cert_registry=_registry(SUB, STRANGER_ROOT),
    )
    stamper = None
    if stamped:
        stamper = timestamps.DummyTimeStamper(
            asn1_x509.Certificate.load(TSA.der), _asn1_key(TSA), certs_to_embed=_registry(SUB), fixed_dt=stamped
        )
    meta = signers.PdfSignatureMetadata(
        field_name=name, md_algorithm=md, subfilter=fields.SigSeedSubFilter.PADES, certify=certify is not None,
        docmdp_permissions=certify or fields.MDPPerm.FILL_FORMS,
    )  # fmt: skip
    spec = fields.SigFieldSpec(name, box=box) if box else None
    output = BytesIO()
    signers.PdfSigner(meta, signer, timestamper=stamper, new_field_spec=spec).sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)), output=output
    )
    return output.getvalue()


def _registry(*pairs: Pair) -> SimpleCertificateStore:
    registry = SimpleCertificateStore()
    registry.register_multiple([asn1_x509.Certificate.load(pair.der) for pair in pairs])
    return registry


def _asn1_key(pair: Pair) -> keys.PrivateKeyInfo:
    plain = serialization.NoEncryption()
    return keys.PrivateKeyInfo.load(pair.key.private_bytes(ENCODING, serialization.PrivateFormat.PKCS8, plain))
