"""What every route asks for: the service behind the site, who is asking, and today's date."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask import current_app

from archive.viewer import GUEST, Viewer

if TYPE_CHECKING:
    from indexer.wiring import Service

def service() -> Service:
    """The opened archive that this site shows."""
    return current_app.extensions["vankho"]


def viewer() -> Viewer:
    """On whose behalf the request reads; every read passes it on."""
    return GUEST


def today() -> dt.date:
    """The day for which standings are shown: a Vietnamese date, wherever the server stands."""
    return service().settings.day
