"""PDF signatures as the file's structure shows them: fields, revisions, what was changed since. By pyHanko.

The only module that names pyHanko. Whatever it raises becomes a `problem`: not knowing is no proof of a forgery.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from typing import Any, TypeVar

from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.xref import XRefSectionType
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel, StandardDiffPolicy
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from archive import updates
from archive.pdf_tree import entry
from archive.updates import Update
from archive.verdicts import Changes

log = logging.getLogger(__name__)
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # it logs what files say; that is ours to judge

Answer = TypeVar("Answer")

_LEVELS = {
    ModificationLevel.NONE: Changes.NONE,
    ModificationLevel.LTA_UPDATES: Changes.LTA,
    ModificationLevel.FORM_FILLING: Changes.FORM,
}
_FREEING = StandardDiffPolicy(
    DEFAULT_DIFF_POLICY.global_rules, DEFAULT_DIFF_POLICY.form_rule, reject_object_freeing=False
)
_CALCULABLE = ("/adbe.pkcs7.detached", "/ETSI.CAdES.detached", "/pades")
_STAMP = "/DocTimeStamp"
_MOST = 100
"""Signature fields one file may have: each costs a look at all revisions."""


@dataclass(frozen=True, slots=True)
class Structure:
    """One signature field that is filled."""

    name: str
    range: tuple[int, ...] = ()
    stamp: bool = False
    """A time stamp over the document, not a person's or a body's signature."""
    claimed_at: dt.datetime | None = None
    whole: bool = False
    """The signature reaches to the end of the file."""
    revision: bool = False
    """It covers all of its revision at least."""
    newest: bool = False
    """No later revision exists."""
    changes: Changes = Changes.UNKNOWN
    permitted: bool = True
    """What was changed is what the signer allows (DocMDP)."""
    genuine: bool | None = None
    """By pyHanko's own computation; None where it makes none."""
    allows: int | None = None
    """What a certifying signer lets be changed (DocMDP): 1 nothing, 2 fields and signatures, 3 comments too."""
    update: Update = field(default_factory=Update)
    """What was changed, for people and for the comparison of pictures."""
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Structures:
    """All signature fields of a file, and the proofs kept in it (DSS)."""

    found: tuple[Structure, ...] = ()
    empty: int = 0
    """Fields made for a signature that is not there."""
    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    last_table: int | None = None
    """Where the newest cross-reference table ends."""
    problem: str | None = None
    """Why the structure could not be read at all."""


def read(data: bytes) -> Structures:
    """The structure of a PDF; never raises for what the file holds."""
    opened, problem = _guarded(lambda: _opened(data))
    if opened is None:
        return Structures(problem=problem)
    fields, problem = _guarded(lambda: list(islice(enumerate_sig_fields(opened), _MOST + 1)))
    if fields is None:
        return Structures(problem=problem)
    if len(fields) > _MOST:
        return Structures(problem=f"tệp có hơn {_MOST} trường chữ ký")
    filled = [(name, field) for name, value, field in fields if value is not None]
    stored, _ = _guarded(lambda: _stored(opened))
    certificates, crls, ocsps = stored or ((), (), ())
    table, _ = _guarded(lambda: opened.xrefs.get_xref_container_info(opened.xrefs.total_revisions - 1).end_location)
    found = tuple(_structure(opened, str(name), field) for name, field in filled)
    return Structures(found, len(fields) - len(filled), certificates, crls, ocsps, table)


def _guarded(work: Callable[[], Answer]) -> tuple[Answer | None, str | None]:
    try:
        return work(), None
    except MemoryError:
        raise
    except Exception as problem:  # a parser of foreign files may raise anything at all
        log.info("pyhanko: %s", type(problem).__name__)
        return None, f"cấu trúc tệp không đúng chuẩn ({type(problem).__name__})"


def _opened(data: bytes) -> PdfFileReader:
    reader = PdfFileReader(BytesIO(data))
    if reader.xrefs.hybrid_xrefs_present:
        # Word writes both kinds of table side by side; refused below where a later revision does so.
        reader = PdfFileReader(BytesIO(data), strict=False)
    if reader.encrypted:
        reader.decrypt(b"")
    _ = reader.root
    return reader


def _structure(reader: PdfFileReader, name: str, field: object) -> Structure:
    embedded, problem = _guarded(lambda: EmbeddedPdfSignature(reader, field, name))  # type: ignore[arg-type]
    if embedded is None:
        numbers, _ = _guarded(lambda: _range(_value(field)["/ByteRange"]))
        return Structure(name, numbers or (), problem=problem)
    numbers, problem = _guarded(lambda: _range(embedded.byte_range))
    if not numbers:
        return Structure(name, problem=problem)
    stamp = embedded.sig_object_type == _STAMP
    claimed, _ = _guarded(lambda: embedded.self_reported_timestamp)
    judged, problem = _guarded(lambda: _judged(embedded, name, numbers, stamp, claimed))
    return judged or Structure(name, numbers, stamp, _aware(claimed), problem=problem)


def _range(written: Any) -> tuple[int, ...]:
    """A byte range as the structure has it, whatever stands there; a sum of forged numbers is for `byteranges`."""
    return tuple(int(one) for one in written)


def _value(field: Any) -> Any:
    return entry(field.get_object(), "/V")


def _judged(
    embedded: EmbeddedPdfSignature, name: str, numbers: tuple[int, ...], stamp: bool, claimed: dt.datetime | None
) -> Structure:
    reader, signed = embedded.reader, embedded.signed_revision
    if _hybrid_since(reader, signed):
        raise ValueError("two tables side by side in a later revision")
    embedded.compute_integrity_info(diff_policy=_FREEING if _frees_unused(reader, signed) else None)
    summary = embedded.summarise_integrity_info()
    coverage, difference = summary["coverage"], summary["diff_result"]
    changes = Changes.OTHER
    if isinstance(difference, DiffResult):
        changes = _LEVELS.get(difference.modification_level, Changes.OTHER)
    newest = signed >= reader.xrefs.total_revisions - 1
    update = Update()
    if not newest:
        described, _ = _guarded(lambda: updates.describe(reader, signed))
        update = described or Update(unclear=True)
    return Structure(
        name=name, range=numbers, stamp=stamp, claimed_at=_aware(claimed),
        whole=coverage is SignatureCoverageLevel.ENTIRE_FILE,
        revision=coverage in (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION),
        newest=newest, changes=changes, permitted=changes is Changes.OTHER or summary["docmdp_ok"] is not False,
        genuine=_genuine(embedded), update=update, allows=embedded.docmdp_level and embedded.docmdp_level.value,
    )  # fmt: skip


def _hybrid_since(reader: PdfFileReader, signed: int) -> bool:
    """Whether a revision after the signed one shows different objects to old and to new readers."""
    later = range(signed + 1, reader.xrefs.total_revisions)
    kinds = (XRefSectionType.HYBRID_MAIN, XRefSectionType.HYBRID_STREAM)
    return any(reader.xrefs.get_xref_container_info(one).xref_section_type in kinds for one in later)


def _frees_unused(reader: PdfFileReader, signed: int) -> bool:
    """Whether later revisions free objects, but only such as the signed one never had.

    Signing software of the State's authorities marks the number of its own table so; it takes nothing away.
    """
    later = range(signed + 1, reader.xrefs.total_revisions)
    freed = [ref for one in later for ref in reader.xrefs.refs_freed_in_revision(one)]
    generations = (0, 1, 65534, 65535)
    return bool(freed) and all(
        reader.xrefs.get_historical_ref(Reference(ref.idnum, generation), signed) is None
        for ref in freed
        for generation in {ref.generation, *generations}
    )


def _genuine(embedded: EmbeddedPdfSignature) -> bool | None:
    if entry(embedded.sig_object, "/SubFilter") not in _CALCULABLE:
        return None
    outcome, _ = _guarded(
        lambda: validate_sig_integrity(
            embedded.signer_info, embedded.signer_cert, "data", embedded.compute_digest()
        )
    )
    return None if outcome is None else all(outcome)


def _aware(at: dt.datetime | None) -> dt.datetime | None:
    return at.replace(tzinfo=dt.UTC) if at is not None and at.tzinfo is None else at


def _stored(reader: PdfFileReader) -> tuple[tuple[bytes, ...], tuple[bytes, ...], tuple[bytes, ...]]:
    """Certificates, CRLs and OCSP answers of the document security store."""
    store = entry(reader.root, "/DSS")
    if store is None:
        return (), (), ()
    kinds = ("/Certs", "/CRLs", "/OCSPs")
    certificates, crls, ocsps = (
        tuple(one.get_object().data for one in list(entry(store, kind, ()))[:_MOST]) for kind in kinds
    )
    return certificates, crls, ocsps
