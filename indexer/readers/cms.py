"""The message inside a signed one whose text is packed with its signature (S/MIME `smime.p7m`, RFC 8551)."""

from __future__ import annotations

from asn1crypto import cms


def signed_content(data: bytes) -> bytes | None:
    """What was signed; None where nothing can be taken out: encrypted, without content, or damaged."""
    try:
        info = cms.ContentInfo.load(data)
        if info["content_type"].native != "signed_data":
            return None
        content = info["content"]["encap_content_info"]["content"].native
    except (ValueError, TypeError, KeyError, AttributeError):  # whatever damaged bytes make of the structure
        return None
    return content if isinstance(content, bytes) else None
