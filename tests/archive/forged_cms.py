"""CMS signatures as no honest signer writes them, put into the gap of a signed PDF."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Sequence
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils

from tests.archive import pki

HASHES = {"md5": hashes.MD5, "sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha512": hashes.SHA512}
_GAP = re.compile(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\s*\]")


def signed_bytes(pdf: bytes) -> bytes:
    """What the newest byte range of a PDF covers."""
    start, before, after, rest = map(int, _GAP.findall(pdf)[-1])
    return pdf[start : start + before] + pdf[after : after + rest]


def refilled(pdf: bytes, der: bytes, *, digits: int | None = None) -> bytes:
    """The PDF with another signature at the start of the gap of its newest byte range; `digits`: where it ends."""
    _, before, after, _ = map(int, _GAP.findall(pdf)[-1])
    room = after - before - 2 if digits is None else digits
    held = der.hex().encode().ljust(room, b"0")
    assert len(held) == room
    return pdf[:before] + b"<" + held + b">" + pdf[before + room + 2 :]


def resigned(pdf: bytes, who: pki.Pair, *, digits: int | None = None, **how: Any) -> bytes:
    """The PDF signed anew, as `how` says (see `signature`)."""
    return refilled(pdf, signature(signed_bytes(pdf), who, **how), digits=digits)


def signature(
    content: bytes, who: pki.Pair, *, md: str = "sha256", declared: bytes | None = None, attributes: bool = True,
    leave: Sequence[str] = (), more: Sequence[cms.CMSAttribute] = (), certificates: Sequence[bytes] | None = None,
    pss: int | None = None, copies: int = 1, inside: bytes | None = None, kind: str = "data",
    signed_at: dt.datetime | None = None, ess: pki.Pair | None = None, unsigned: Sequence[cms.CMSAttribute] = (),
    names: str | None = None,
) -> bytes:  # fmt: skip
    """A SignedData over `content`; `leave` names signed attributes to leave out, `inside` is content to carry along,
    `declared` another message digest, `names` another digest algorithm than the one used."""
    held = [] if not attributes else _attributes(
        declared or hashlib.new(md, content).digest(), kind, md, leave, signed_at, ess, more
    )  # fmt: skip
    signed = cms.CMSAttributes(held) if held else None
    message = signed.dump() if signed else content
    info = cms.SignerInfo({
        "version": "v1", "sid": _sid(who), "digest_algorithm": {"algorithm": names or md},
        "signature_algorithm": _algorithm(who, md, pss), "signature": _value(who, message, md, pss),
        **({"signed_attrs": signed} if signed else {}),
        **({"unsigned_attrs": cms.CMSAttributes(list(unsigned))} if unsigned else {}),
    })  # fmt: skip
    held_certificates = [who.der, pki.SUB.der] if certificates is None else certificates
    data = cms.SignedData({
        "version": "v1" if kind == "data" else "v3", "digest_algorithms": [{"algorithm": md}],
        "encap_content_info": _inner(kind, inside), "signer_infos": [info] * copies,
        "certificates": [asn1_x509.Certificate.load(one) for one in held_certificates],
    })  # fmt: skip
    return cms.ContentInfo({"content_type": "signed_data", "content": data}).dump()


def stamp(stamped: bytes, at: dt.datetime, *, md: str = "sha256", by: pki.Pair = pki.TSA,
          imprint: bytes | None = None) -> bytes:  # fmt: skip
    """A time-stamp token (RFC 3161) over these bytes, or over another `imprint`."""
    held = {"hash_algorithm": {"algorithm": md}, "hashed_message": imprint or hashlib.new(md, stamped).digest()}
    info = tsp.TSTInfo({
        "version": "v1", "policy": "1.2.3", "message_imprint": tsp.MessageImprint(held), "serial_number": 1,
        "gen_time": core.GeneralizedTime(at),
    }).dump()  # fmt: skip
    return signature(info, by, inside=info, kind="tst_info", ess=by, certificates=[by.der, pki.SUB.der])


def stamped(pdf: bytes, who: pki.Pair, at: dt.datetime, *, signed_at: dt.datetime | None = None, **how: Any) -> bytes:
    """The PDF signed anew, with a time stamp over the signature made as `how` says (see `stamp`)."""
    plain = cms.ContentInfo.load(signature(signed_bytes(pdf), who, signed_at=signed_at))
    value = plain["content"]["signer_infos"][0]["signature"].native
    token = cms.ContentInfo.load(stamp(value, at, **how))
    held = cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [token]})
    return resigned(pdf, who, signed_at=signed_at, unsigned=[held])


def certified(
    name: str, issuer: pki.Pair | None, *, key: Any = None, since: int = 2018, until: int = 2034,
    purposes: Sequence[x509.ObjectIdentifier] = (), usage: bool | None = True, issuer_key: Any = None,
) -> pki.Pair:  # fmt: skip
    """A signer whose certificate is as the arguments say; `issuer_key`: forged in the issuer's name."""
    key = key or pki.issue("khóa", pki.SUB, 50).key
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder().subject_name(subject).public_key(key.public_key()).serial_number(77)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .not_valid_before(dt.datetime(since, 1, 1)).not_valid_after(dt.datetime(until, 1, 1))
    )  # fmt: skip
    if usage is not None:
        rest = ("data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
        named = {"digital_signature": usage, "content_commitment": usage, "key_encipherment": not usage}
        builder = builder.add_extension(x509.KeyUsage(**named | dict.fromkeys(rest, False)), critical=True)
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    return pki.Pair(key, builder.sign(issuer_key or (issuer.key if issuer else key), hashes.SHA256()))


def _inner(kind: str, inside: bytes | None) -> dict[str, Any]:
    if inside is None:
        return {"content_type": kind}
    holder = core.OctetString if kind == "data" else core.ParsableOctetString
    return {"content_type": kind, "content": holder(inside)}


def _sid(who: pki.Pair) -> cms.SignerIdentifier:
    certificate = asn1_x509.Certificate.load(who.der)
    return cms.SignerIdentifier({"issuer_and_serial_number": {
        "issuer": certificate.issuer, "serial_number": certificate.serial_number,
    }})  # fmt: skip


def _attributes(digest, kind, md, leave, signed_at, ess, more) -> list[cms.CMSAttribute]:
    made = {
        "content_type": cms.CMSAttribute({"type": "content_type", "values": [kind]}),
        "message_digest": cms.CMSAttribute({"type": "message_digest", "values": [digest]}),
    }
    if signed_at:
        made["signing_time"] = cms.CMSAttribute({"type": "signing_time", "values": [cms.Time(
            {"utc_time": core.UTCTime(signed_at)})]})  # fmt: skip
    if ess:
        made["ess"] = cms.CMSAttribute({"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2(
            {"certs": [{"cert_hash": hashlib.sha256(ess.der).digest()}]})]})  # fmt: skip
    return [one for name, one in made.items() if name not in leave] + list(more)


def _algorithm(who: pki.Pair, md: str, pss: int | None) -> Any:
    if isinstance(who.key, ec.EllipticCurvePrivateKey):
        return {"algorithm": f"{md}_ecdsa"}
    if pss is None:
        return {"algorithm": f"{md}_rsa"}
    mask = {"algorithm": "mgf1", "parameters": {"algorithm": md}}
    return {"algorithm": "rsassa_pss", "parameters": algos.RSASSAPSSParams(
        {"hash_algorithm": {"algorithm": md}, "mask_gen_algorithm": mask, "salt_length": pss})}  # fmt: skip


def _value(who: pki.Pair, message: bytes, md: str, pss: int | None) -> bytes:
    key: Any = who.key
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(message, ec.ECDSA(HASHES[md]()))
    filling = padding.PKCS1v15() if pss is None else padding.PSS(padding.MGF1(HASHES[md]()), pss)
    # The digest is made here, as the library signs none by MD5.
    return key.sign(hashlib.new(md, message).digest(), filling, utils.Prehashed(HASHES[md]()))
