"""What narrows a search, as an address or a saved search writes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from corpus import dates
from indexer.views import Filters

NAMES = ("kind", "issuer", "year", "signer", "dossier", "effect", "since", "until", "on")
"""Parameters of an address that narrow."""


def read(values: Mapping[str, Sequence[str]]) -> Filters:
    """The filters; values nobody can read are left out."""
    effects = (effect for effect in values.get("effect", ()) if effect in ("current", "replaced"))
    return Filters(
        kinds=tuple(values.get("kind", ())), issuers=tuple(values.get("issuer", ())),
        years=tuple(sorted(int(year) for year in values.get("year", ()) if year.isdecimal())),
        signers=tuple(values.get("signer", ())), dossiers=tuple(values.get("dossier", ())), effects=tuple(effects),
        since=_day(values, "since"), until=_day(values, "until"), on=_day(values, "on"),
    )  # fmt: skip


def _day(values: Mapping[str, Sequence[str]], name: str) -> dt.date | None:
    """A day as people write it, or as machines do."""
    given = next(iter(values.get(name, ())), "").strip()
    try:
        return dt.date.fromisoformat(given)
    except ValueError:
        return dates.read(given)
