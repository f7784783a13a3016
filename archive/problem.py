"""What a check found wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it should be."""

    where: str
    """The path, document or ledger record it is about."""
    what: str
    """Vietnamese: what is wrong with it."""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"
