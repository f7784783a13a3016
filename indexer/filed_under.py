"""Dossiers as a search narrows by them: which documents lie in one that is named, and in which each lies."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from archive import dossiers
from archive.viewer import Viewer

if TYPE_CHECKING:
    from archive.archive import Archive


def documents(archive: Archive, viewer: Viewer, wanted: str) -> set[str]:
    """Documents in the dossiers with this code, of whatever year, else in those whose title has these words."""
    found = dossiers.named(archive, viewer, wanted) or dossiers.listed(archive, viewer, words=wanted)
    return {one for dossier in found for one in dossiers.memberships(archive, viewer, dossier.id)}


def of(archive: Archive, viewer: Viewer, some: Collection[str]) -> Mapping[str, Collection[tuple[str, str]]]:
    """Code and title of the dossiers each of these documents lies in."""
    if not dossiers.years(archive, viewer):
        return {}
    found = dossiers.of_documents(archive, viewer, some)
    return {document: [(one.code, one.title) for one in held] for document, held in found.items()}
