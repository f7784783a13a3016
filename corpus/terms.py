"""Terms of Party committees (nhiệm kỳ), within which the numbers of each type run on; DOMAIN §1.5."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right

from corpus import lexicon

# Day after which a new central term numbers anew: the closing of each national congress, VI to XIV.
_CONGRESSES = (
    dt.date(1986, 12, 18), dt.date(1991, 6, 27), dt.date(1996, 7, 1), dt.date(2001, 4, 22), dt.date(2006, 4, 25),
    dt.date(2011, 1, 19), dt.date(2016, 1, 28), dt.date(2021, 2, 1), dt.date(2026, 1, 25),
)  # fmt: skip
# Lower committees hold their congresses in the year before: communes first, provinces last.
_BEFORE = {"central": 0, "province": 110, "district": 190, "commune": 260}  # days, about


def term(day: dt.date, body_code: str | None) -> int:
    """Which term a day falls in; equal numbers mean the same run of numbers.

    The bounds of terms below the centre are about right, not exact: every committee set its own day.

    >>> term(dt.date(2016, 8, 24), "TU") == term(dt.date(2020, 5, 1), "TU"), term(dt.date(2007, 4, 13), "TW")
    (True, 5)
    """
    bodies = lexicon.bodies_of_code(body_code or "")
    level = bodies[0].level.split()[0].split("/")[0] if bodies else "province"
    return bisect_right(_CONGRESSES, day + dt.timedelta(days=_BEFORE.get(level, 110)))
