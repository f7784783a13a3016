"""XML signatures (W3C XML-DSig, XAdES): canonical bytes, digests and the signature value computed again.

The only module that names lxml; it loads no DTD, no entity and nothing from outside.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree  # type: ignore[attr-defined]

from archive.cms import HASHES, Unparsed, weak_key

DS = "{http://www.w3.org/2000/09/xmldsig#}"
XADES = "{http://uri.etsi.org/01903/v1.3.2#}"
_C14N = {
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315": (False, False),
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments": (False, True),
    "http://www.w3.org/2006/12/xml-c14n11": (False, False),
    "http://www.w3.org/2006/12/xml-c14n11#WithComments": (False, True),
    "http://www.w3.org/2001/10/xml-exc-c14n#": (True, False),
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments": (True, True),
}
"""Whether exclusive, whether with comments."""
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_DIGESTS = {
    "http://www.w3.org/2000/09/xmldsig#sha1": "sha1",
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
_KINDS = ("rsa", "ecdsa", "dsa")


@dataclass(frozen=True, slots=True)
class XmlSignature:
    """One parsed signature."""

    root: Any
    """Its `Signature` element."""
    certificate: x509.Certificate
    others: tuple[bytes, ...]
    digest: str
    """Hash of the signature method."""
    weak: str | None


def parse(data: bytes) -> Any:
    """The root element; raises `Unparsed` for what is no XML or brings a DTD."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise Unparsed("XML không đúng cú pháp") from problem
    if root.getroottree().docinfo.doctype:
        raise Unparsed("XML có khai báo DTD")
    return root


def read(data: bytes) -> XmlSignature:
    """The signature in an XML file whose root it is. Raises `Unparsed`."""
    root = parse(data)
    if root.tag != DS + "Signature":
        raise Unparsed("không phải chữ ký XML")
    method = only(root, DS + "SignedInfo", DS + "SignatureMethod").get("Algorithm", "")
    digest = _signature_hash(method)
    certificates = _certificates(root)
    leaf = _signer(root, certificates)
    weak = digest.upper().replace("SHA1", "SHA-1") if digest == "sha1" else None
    others = tuple(der for der, loaded in certificates if loaded != leaf)
    return XmlSignature(root, leaf, others, digest, weak or weak_key(leaf))


def only(element: Any, *path: str) -> Any:
    """The one descendant at a path of child names; `Unparsed` where there is none or more than one."""
    for name in path:
        found = element.findall(name)
        if len(found) != 1:
            raise Unparsed(f"chữ ký XML có {len(found)} phần tử {etree.QName(name).localname}")
        element = found[0]
    return element


def _signature_hash(method: str) -> str:
    name = method.rpartition("#")[2]
    kind, _, digest = name.partition("-")
    if kind not in _KINDS or digest not in ("sha1", "sha256", "sha384", "sha512"):
        raise Unparsed("thuật toán ký chưa tính được")
    return digest


def _certificates(root: Any) -> list[tuple[bytes, x509.Certificate]]:
    found = []
    names = (DS + "X509Certificate", XADES + "EncapsulatedX509Certificate")
    for element in root.iter(*names):
        der = decoded(element)
        try:
            found.append((der, x509.load_der_x509_certificate(der)))
        except ValueError:
            continue  # one that cannot be read helps nobody
    return found


def _signer(root: Any, certificates: list[tuple[bytes, x509.Certificate]]) -> x509.Certificate:
    info = only(root, DS + "KeyInfo")
    ours = {decoded(element) for element in info.iter(DS + "X509Certificate")}
    candidates = [loaded for der, loaded in certificates if der in ours]
    issuers = {one.issuer for one in candidates if one.issuer != one.subject}
    leaves = [one for one in dict.fromkeys(candidates) if one.subject not in issuers]
    if len(leaves) != 1:
        raise Unparsed("không rõ chứng thư nào là của người ký")
    return leaves[0]


def decoded(element: Any) -> bytes:
    """The base64 text of an element. Raises `Unparsed`."""
    try:
        return base64.b64decode("".join((element.text or "").split()), validate=True)
    except ValueError as problem:
        raise Unparsed("chữ ký XML không đúng base64") from problem


def canonical(element: Any, method: str, prefixes: str = "") -> bytes:
    """Canonical bytes of an element by a method's address. Raises `Unparsed`."""
    if method not in _C14N:
        raise Unparsed("cách chuẩn hóa XML chưa tính được")
    exclusive, comments = _C14N[method]
    if not exclusive:
        # Inclusive canonicalisation keeps the namespaces in scope, which a plain copy carries along.
        element = parse(etree.tostring(element, with_tail=False))
    return etree.tostring(
        element, method="c14n", exclusive=exclusive, with_comments=comments, with_tail=False,
        inclusive_ns_prefixes=prefixes.split() or None if exclusive else None,
    )  # fmt: skip


def transforms(reference: Any) -> list[Any]:
    """The transforms of a reference, in order."""
    return reference.findall(f"{DS}Transforms/{DS}Transform")


def digest_matches(reference: Any, data: bytes) -> bool:
    """Whether the reference's digest is that of these bytes. Raises `Unparsed`."""
    algorithm = _DIGESTS.get(only(reference, DS + "DigestMethod").get("Algorithm", ""))
    if algorithm is None:
        raise Unparsed("thuật toán băm chưa tính được")
    return hashlib.new(algorithm, data, usedforsecurity=False).digest() == decoded(only(reference, DS + "DigestValue"))


def weak_digest(reference: Any) -> bool:
    """Whether the reference is by SHA-1."""
    return only(reference, DS + "DigestMethod").get("Algorithm", "").endswith("#sha1")


def inner(root: Any, reference: Any) -> Any:
    """The element of the same file that a reference names. Raises `Unparsed` where that is not one."""
    wanted = reference.get("URI", "")
    found = [one for one in root.iter(etree.Element) if wanted.startswith("#") and one.get("Id") == wanted[1:]]
    if len(found) != 1:
        raise Unparsed("tham chiếu trong chữ ký XML không rõ ràng")
    return found[0]


def inner_bytes(root: Any, reference: Any) -> bytes:
    """The canonical bytes of such an element. Raises `Unparsed`."""
    methods = [one.get("Algorithm", "") for one in transforms(reference)]
    if len(methods) > 1:
        raise Unparsed("nhiều phép biến đổi trên một tham chiếu")
    return canonical(inner(root, reference), methods[0] if methods else INCLUSIVE)


def value_holds(signature: XmlSignature) -> bool:
    """Whether the signature value is that of the certificate's key over SignedInfo. Raises `Unparsed`."""
    info = only(signature.root, DS + "SignedInfo")
    message = canonical(info, only(info, DS + "CanonicalizationMethod").get("Algorithm", ""))
    value, key = decoded(only(signature.root, DS + "SignatureValue")), signature.certificate.public_key()
    chosen = HASHES[signature.digest]()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(value, message, padding.PKCS1v15(), chosen)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(_joined(value), message, ec.ECDSA(chosen))
        elif isinstance(key, dsa.DSAPublicKey):
            key.verify(_joined(value), message, chosen)
        else:
            raise Unparsed("loại khóa chưa tính được")
    except InvalidSignature:
        return False
    except UnsupportedAlgorithm as problem:
        raise Unparsed("thuật toán ký chưa tính được") from problem
    return True


def _joined(value: bytes) -> bytes:
    """XML writes the two numbers of a DSA signature side by side (RFC 4050)."""
    half = len(value) // 2
    return utils.encode_dss_signature(int.from_bytes(value[:half]), int.from_bytes(value[half:]))


def references(root: Any) -> list[Any]:
    """What the signature value covers, as SignedInfo names it."""
    return only(root, DS + "SignedInfo").findall(DS + "Reference")


def covered(root: Any) -> list[Any]:
    """The elements that SignedInfo names: what stands elsewhere in the file anybody may have written."""
    return [inner(root, reference) for reference in references(root)]


def signed_at(signature: XmlSignature) -> dt.datetime | None:
    """The time the signer's own clock says (XAdES, or Office's), where that is signed. Raises `Unparsed`."""
    names = (XADES + "SigningTime", "{http://schemas.openxmlformats.org/package/2006/digital-signature}Value")
    for element in (one for held in covered(signature.root) for one in held.iter(*names)):
        try:
            at = dt.datetime.fromisoformat((element.text or "").strip())
        except ValueError:
            continue
        return at if at.tzinfo else at.replace(tzinfo=dt.UTC)
    return None


def names_certificate(signature: XmlSignature) -> bool:
    """Whether the certificate is the one that XAdES properties name; true where they name none. Raises `Unparsed`."""
    der = signature.certificate.public_bytes(Encoding.DER)
    names = (XADES + "SigningCertificate", XADES + "SigningCertificateV2")
    listed = [one for held in covered(signature.root) for one in held.iter(*names)]
    digests = [one for element in listed for one in element.iter(XADES + "CertDigest")]
    return not digests or any(digest_matches(one, der) for one in digests)


def token(root: Any) -> tuple[bytes, bytes] | None:
    """The first time-stamp token (XAdES-T) and the bytes it must stamp; None without one. Raises `Unparsed`."""
    stamp = next(root.iter(XADES + "SignatureTimeStamp"), None)
    held = stamp.find(XADES + "EncapsulatedTimeStamp") if stamp is not None else None
    if stamp is None or held is None:
        return None
    method = stamp.find(DS + "CanonicalizationMethod")
    address = method.get("Algorithm", INCLUSIVE) if method is not None else INCLUSIVE
    return decoded(held), canonical(only(root, DS + "SignatureValue"), address)
