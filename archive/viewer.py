"""Who is asking: every read in archive, indexer and web takes a `Viewer`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person, or the part of the service, on whose behalf something is read or done.

    Rights hold in SQL (`catalogue.visible`) and in the engine's candidates, so that lists, counts,
    facets and snippets agree. For now every viewer sees every document.
    """

    name: str
    """Account name; shown in the ledger as the actor."""

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("a viewer needs a name")


SYSTEM = Viewer("vankho")
"""The service itself: worker, check, rebuild."""

GUEST = Viewer("khách")
"""Anyone in the building, as long as there are no accounts."""
