"""Whether the service is well, for monitors."""

from __future__ import annotations

import fcntl
from pathlib import Path

from flask import Blueprint, jsonify
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from archive import jobs
from web.context import service, viewer

blueprint = Blueprint("status", __name__)


@blueprint.get("/healthz")
def healthz() -> tuple[Response, int]:
    """200 when the catalogue answers and a worker lives, else 503; the same JSON either way."""
    try:
        queue = jobs.counts(service().archive, viewer())
    except SQLAlchemyError:
        return jsonify(ok=False, database=False), 503
    alive = worker_alive(service().settings.data)
    health = {"ok": alive, "database": True, "worker": alive, "queue": queue}
    return jsonify(health), 200 if alive else 503


def worker_alive(data: Path) -> bool:
    """Whether some process holds the worker's lock."""
    try:
        with (data / "worker.lock").open() as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
