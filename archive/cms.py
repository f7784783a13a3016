"""Cryptographic Message Syntax (RFC 5652): one signer's signature taken apart and computed again.

Knows nothing of files, chains or trust.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa, utils

HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "md5": hashes.MD5, "sha1": hashes.SHA1, "sha224": hashes.SHA224, "sha256": hashes.SHA256,
    "sha384": hashes.SHA384, "sha512": hashes.SHA512,
    "sha3_224": hashes.SHA3_224, "sha3_256": hashes.SHA3_256, "sha3_384": hashes.SHA3_384, "sha3_512": hashes.SHA3_512,
}  # fmt: skip
_WEAK_HASHES = ("md2", "md4", "md5", "sha1")
_REVOCATION_ARCHIVE = "1.2.840.113583.1.1.8"  # adbe-revocationInfoArchival


Asn1 = Any
"""A value of asn1crypto, which declares its fields at run time."""


class Unparsed(ValueError):
    """Not a signature that can be computed; says nothing about whether it holds."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A parsed signature of one signer."""

    certificate: x509.Certificate
    """Of the signer, as named in the signature."""
    others: tuple[bytes, ...]
    """Further certificates that came with it, DER; not covered by the signature."""
    crls: tuple[bytes, ...]
    ocsps: tuple[bytes, ...]
    digest: str
    """Name of the hash of the content."""
    hash: str
    """Name of the hash that was signed."""
    signed_at: dt.datetime | None
    """By the signer's own clock."""
    content_type: str
    content: bytes | None
    """What lies inside; None for a detached signature."""
    token: bytes | None
    """Time-stamp token over the signature, DER."""
    value: bytes
    info: Asn1

    @property
    def weak(self) -> str | None:
        """The algorithm or key that no longer proves anything."""
        if self.content is not None and self.content_type == "data":
            return weak_hash("sha1")  # adbe.pkcs7.sha1: whatever signs the sum, the document has only that
        for name in (self.digest, self.hash):
            if name in _WEAK_HASHES:
                return weak_hash(name)
        return weak_key(self.certificate)


def weak_hash(name: str) -> str | None:
    """The hash of this name where it is broken, as words."""
    return name.upper().replace("SHA1", "SHA-1") if name in _WEAK_HASHES else None


def weak_key(certificate: x509.Certificate) -> str | None:
    """The key of a certificate where it is too short (NIST SP 800-131A), as words."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey | dsa.DSAPublicKey) and key.key_size < 2048:
        return f"{'RSA' if isinstance(key, rsa.RSAPublicKey) else 'DSA'} {key.key_size} bit"
    if isinstance(key, ec.EllipticCurvePublicKey) and key.key_size < 224:
        return f"EC {key.key_size} bit"
    return None


def weak_certificate(certificate: x509.Certificate) -> str | None:
    """What is weak in a certificate of the chain: its key, or the hash its issuer signed."""
    try:
        signed_hash = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return "thuật toán lạ"
    return (signed_hash and weak_hash(signed_hash.name)) or weak_key(certificate)


def parse(der: bytes) -> Signed:
    """The signature in these bytes (zeros may follow); raises `Unparsed`."""
    try:
        message: Asn1 = cms.ContentInfo.load(der)
        if message["content_type"].native != "signed_data":
            raise Unparsed("không phải SignedData")
        data = message["content"]
        infos = data["signer_infos"]
        if len(infos) != 1:
            raise Unparsed(f"có {len(infos)} người ký trong một chữ ký")
        return _parsed(data, infos[0])
    except Unparsed:
        raise
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError) as problem:
        raise Unparsed("chữ ký không đúng cấu trúc CMS") from problem


def _parsed(data: Asn1, info: Asn1) -> Signed:
    certificates = _certificates(data)
    signer = _signer(info, certificates)
    inner = data["encap_content_info"]
    crls, ocsps = _revocation(data, info)
    digest = info["digest_algorithm"]["algorithm"].native
    return Signed(
        certificate=signer,
        others=tuple(der for _, loaded, der in certificates if loaded != signer),
        crls=crls,
        ocsps=ocsps,
        digest=digest,
        hash=_signature_hash(info["signature_algorithm"], digest),
        signed_at=_claimed(info),
        content_type=inner["content_type"].native,
        content=_inner(inner),
        token=_token(info),
        value=info["signature"].native,
        info=info,
    )


def _certificates(data: Asn1) -> list[tuple[asn1_x509.Certificate, x509.Certificate, bytes]]:
    found = []
    for choice in data["certificates"] or ():
        if choice.name != "certificate":
            continue
        der = choice.chosen.dump()
        try:
            found.append((asn1_x509.Certificate.load(der), x509.load_der_x509_certificate(der), der))
        except ValueError:
            continue  # one that cannot be read helps nobody; the signature does not cover it
    return found


def _signer(
    info: Asn1, certificates: list[tuple[asn1_x509.Certificate, x509.Certificate, bytes]]
) -> x509.Certificate:
    sid = info["sid"]
    for known, loaded, _ in certificates:
        if sid.name == "issuer_and_serial_number":
            named = sid.chosen
            if known.serial_number == named["serial_number"].native and known.issuer == named["issuer"]:
                return loaded
        elif known.key_identifier == sid.chosen.native:
            return loaded
    raise Unparsed("không kèm chứng thư của người ký")


def _attribute(attributes: Asn1, name: str) -> Asn1:
    values = [one["values"] for one in attributes if one["type"].native == name] if attributes else []
    if len(values) > 1 or (values and len(values[0]) != 1):
        raise Unparsed(f"thuộc tính {name} lặp lại")
    return values[0][0] if values else None


def _claimed(info: Asn1) -> dt.datetime | None:
    value = _attribute(info["signed_attrs"], "signing_time")
    return value.native if value is not None else None


def _token(info: Asn1) -> bytes | None:
    for one in info["unsigned_attrs"] or ():
        if one["type"].native == "signature_time_stamp_token" and len(one["values"]):
            return one["values"][0].dump()
    return None


def _inner(inner: Asn1) -> bytes | None:
    content = inner["content"]
    if content.native is None:
        return None
    return bytes(content.contents if not hasattr(content, "parsed") else content)


def _revocation(data: Asn1, info: Asn1) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    crls = [one.chosen.dump() for one in data["crls"] or () if one.name == "certificate_list"]
    ocsps: list[bytes] = []
    for one in info["signed_attrs"] or ():
        if one["type"].dotted == _REVOCATION_ARCHIVE:
            archived: Asn1 = _Archive.load(one["values"][0].dump())
            crls += [crl.dump() for crl in archived["crl"] or ()]
            ocsps += [answer.dump() for answer in archived["ocsp"] or ()]
    return tuple(crls), tuple(ocsps)


class _Anything(core.SequenceOf):
    _child_spec = core.Any


class _Archive(core.Sequence):
    _fields = [  # noqa: RUF012 - asn1crypto's way to declare a structure
        ("crl", _Anything, {"explicit": 0, "optional": True}),
        ("ocsp", _Anything, {"explicit": 1, "optional": True}),
        ("other", _Anything, {"explicit": 2, "optional": True}),
    ]


# -- computing it again -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """Both must be true for a signature to hold."""

    content: bool
    """The content has the digest that was signed."""
    value: bool
    """The signature value is that of the key in the certificate."""
    variant: bool = False
    """It holds in a form that not every reader accepts: RSA without the empty parameters of the hash."""
    exchanged: bool = False
    """The certificate that came with it is not the one that its signer named."""

    def __bool__(self) -> bool:
        return self.content and self.value


def holds(signed: Signed, content_digest: bytes) -> Outcome:
    """The signature against content with this digest (by `signed.digest`). Raises `Unparsed`."""
    try:
        return _holds(signed, content_digest)
    except (ValueError, TypeError, KeyError, AttributeError, UnsupportedAlgorithm) as problem:
        if isinstance(problem, Unparsed):
            raise
        raise Unparsed("thuật toán hoặc tham số của chữ ký chưa tính được") from problem


def _holds(signed: Signed, content_digest: bytes) -> Outcome:
    attributes = signed.info["signed_attrs"]
    if not len(attributes or ()):
        sound = _verified(signed, content_digest, prehashed=True)
        return Outcome(content=sound, value=sound)
    declared, kind = _attribute(attributes, "message_digest"), _attribute(attributes, "content_type")
    if declared is None or kind is None:
        raise Unparsed("chữ ký thiếu thuộc tính bắt buộc")
    # The signature is over the attributes with the tag of a SET in place of [0] (RFC 5652, 5.4).
    message = b"\x31" + attributes.dump()[1:]
    plain = _verified(signed, message, prehashed=False)
    variant = not plain and _without_parameters(signed, message)
    same = _same_certificate(signed)
    named = kind.native == signed.content_type and same
    matches = declared.native == content_digest
    return Outcome(matches, value=(plain or variant) and named, variant=variant, exchanged=not same)


def _same_certificate(signed: Signed) -> bool:
    """Whether the certificate is the one that the signed attributes name (RFC 5035); true where they name none."""
    kinds = {"signing_certificate_v2": tsp.SigningCertificateV2, "signing_certificate": tsp.SigningCertificate}
    for name, kind in kinds.items():
        value = _attribute(signed.info["signed_attrs"], name)
        if value is not None:
            identity: Asn1 = kind.load(value.dump())["certs"][0]
            algorithm = identity["hash_algorithm"]["algorithm"].native if name.endswith("v2") else "sha1"
            return signed.certificate.fingerprint(HASHES[algorithm]()) == identity["cert_hash"].native
    return True


def _signature_hash(algorithm: Asn1, digest: str) -> str:
    if algorithm.signature_algo == "rsassa_pss":
        return algorithm["parameters"]["hash_algorithm"]["algorithm"].native
    try:
        return algorithm.hash_algo
    except ValueError:
        return digest


def _verified(signed: Signed, message: bytes, *, prehashed: bool) -> bool:
    key = signed.certificate.public_key()
    chosen: hashes.HashAlgorithm | utils.Prehashed = HASHES[signed.hash]()
    if prehashed:
        if signed.hash != signed.digest:
            raise Unparsed("hai thuật toán băm khác nhau")
        chosen = utils.Prehashed(HASHES[signed.hash]())
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signed.value, message, _padding(signed), chosen)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signed.value, message, ec.ECDSA(chosen))
        elif isinstance(key, dsa.DSAPublicKey):
            key.verify(signed.value, message, chosen)
        elif isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey) and not prehashed:
            key.verify(signed.value, message)
        else:
            raise Unparsed("loại khóa chưa tính được")
    except InvalidSignature:
        return False
    return True


def _hashed(name: str, data: bytes) -> bytes:
    return hashlib.new(name.replace("sha3_", "sha3-"), data, usedforsecurity=False).digest()


def _without_parameters(signed: Signed, message: bytes) -> bool:
    """RSA over a hash named without its NULL parameters, which RFC 8017, A.2.4 asks readers to accept."""
    key = signed.certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey) or signed.info["signature_algorithm"].signature_algo != "rsassa_pkcs1v15":
        return False
    made = _hashed(signed.hash, message)
    identifier = algos.DigestAlgorithmId(signed.hash).dump()
    named = b"\x30" + bytes([len(identifier)]) + identifier
    inside = named + b"\x04" + bytes([len(made)]) + made
    try:
        found = key.recover_data_from_signature(signed.value, padding.PKCS1v15(), None)
        return found == b"\x30" + bytes([len(inside)]) + inside
    except (InvalidSignature, ValueError):
        return False


def _padding(signed: Signed) -> padding.AsymmetricPadding:
    algorithm = signed.info["signature_algorithm"]
    if algorithm.signature_algo != "rsassa_pss":
        return padding.PKCS1v15()
    parameters = algorithm["parameters"]
    mask = parameters["mask_gen_algorithm"]["parameters"]["algorithm"].native
    return padding.PSS(padding.MGF1(HASHES[mask]()), parameters["salt_length"].native)


# -- time stamps ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time-stamp token (dấu thời gian, RFC 3161) whose mathematics hold; trust is another question."""

    at: dt.datetime
    signed: Signed
    weak: str | None = None
    """The hash of what it stamps, where that no longer proves anything."""


def stamp(token: bytes, stamped: bytes) -> Stamp | None:
    """The time stamp over `stamped`; None when it is over something else or forged. Raises `Unparsed`."""
    signed = parse(token)
    at, algorithm, imprint = _info(signed)
    if imprint != _hashed(algorithm, stamped):
        return None
    return Stamp(at, signed, weak_hash(algorithm)) if holds_inside(signed) else None


def stamp_digest(signed: Signed) -> tuple[str, bytes, dt.datetime]:
    """Hash name, digest and time of a time-stamp token, as in a document time stamp. Raises `Unparsed`."""
    at, algorithm, imprint = _info(signed)
    return algorithm, imprint, at


def holds_inside(signed: Signed) -> Outcome:
    """The signature against the content it carries. Raises `Unparsed`."""
    if signed.content is None or signed.digest not in HASHES:
        raise Unparsed("không tính được nội dung bên trong chữ ký")
    return holds(signed, _hashed(signed.digest, signed.content))


def _info(signed: Signed) -> tuple[dt.datetime, str, bytes]:
    if signed.content_type != "tst_info" or signed.content is None:
        raise Unparsed("không phải dấu thời gian")
    try:
        info: Asn1 = tsp.TSTInfo.load(signed.content)
        imprint = info["message_imprint"]
        algorithm = imprint["hash_algorithm"]["algorithm"].native
        if algorithm not in HASHES:
            raise Unparsed("thuật toán băm của dấu thời gian chưa tính được")
        return info["gen_time"].native, algorithm, imprint["hashed_message"].native
    except (ValueError, TypeError, KeyError) as problem:
        raise Unparsed("dấu thời gian không đúng cấu trúc") from problem
