"""The site: a Flask application over an opened service. The `vankho` command is in `cli`."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request, url_for
from flask_wtf.csrf import CSRFProtect

from archive import journal
from web import (
    appraising,
    bodies,
    corrections,
    documents,
    dossier_acts,
    dossier_plans,
    dossiers,
    due,
    effects,
    errors,
    evidence,
    filters,
    graph,
    labels,
    lists,
    metadata,
    missing,
    plans,
    preferences,
    registers,
    review,
    saved,
    search,
    status,
    task_exchange,
    tasks,
    upload,
    wording,
)
from web.context import service, viewer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from archive.archive import Archive
    from indexer.wiring import Service

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
BLUEPRINTS = (
    search,
    lists,
    saved,
    documents,
    corrections,
    graph,
    due,
    task_exchange,
    plans,
    tasks,
    evidence,
    review,
    dossiers,
    dossier_acts,
    dossier_plans,
    appraising,
    registers,
    metadata,
    upload,
    missing,
    bodies,
    status,
    preferences,
)


def create_app(opened: Service) -> Flask:
    """The site over an opened service; many may live in one process."""
    app = Flask(__name__)
    app.extensions["vankho"] = opened
    app.config.update(
        SECRET_KEY=secret_key(opened.settings.data),
        MAX_CONTENT_LENGTH=opened.settings.max_upload << 20,
        MAX_FORM_PARTS=10_000,
        MAX_FORM_MEMORY_SIZE=2 * task_exchange.LONGEST_FORM,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="vankho",
        # A page left open over lunch must still be able to send its files.
        WTF_CSRF_TIME_LIMIT=None,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    CSRFProtect(app)
    filters.register(app)
    wording.register(app)
    effects.register(app)
    errors.register(app)
    app.jinja_env.globals.update(labels=labels, here=here, asset=asset)
    app.context_processor(furniture)
    app.after_request(protect)
    for module in BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    app.wsgi_app = told(app.wsgi_app, opened.archive)  # type: ignore[method-assign]
    return app


def told(site: WSGIApplication, archive: Archive) -> WSGIApplication:
    """The site, which has the store told of all acts of a request before its answer goes out."""

    def answering(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with journal.together(archive):
            return site(environ, start_response)

    return answering


def secret_key(folder: Path) -> bytes:
    """The key of sessions and forms: made once, kept in the data folder for its owner only."""
    path = folder / "secret.key"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".secret.{secrets.token_hex(8)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(secrets.token_bytes(32))
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(part, path)  # fails when another process was first: then its key is the key
    except FileExistsError:
        pass
    finally:
        part.unlink()
    return path.read_bytes()


def here(**changes: Any) -> str:
    """This page's address with some of its parameters changed; None removes one."""
    arguments: dict[str, Any] = {name: request.args.getlist(name) for name in request.args}
    arguments |= changes
    assert request.endpoint is not None  # templates of pages only; error pages do not call it
    return url_for(request.endpoint, **(request.view_args or {}), **arguments)


def asset(name: str) -> str:
    """Address of a static file; changes with its content, so that browsers never show an old one."""
    folder = Path(__file__).parent / "static"
    return url_for("static", filename=name, v=int((folder / name).stat().st_mtime))


def furniture() -> dict[str, Any]:
    """What the frame around every page needs."""
    theme = request.cookies.get("theme")
    vendor = Path(__file__).parent / "static" / "vendor" / "htmx.min.js"
    return {
        "office": service().settings.office, "viewer": viewer(),
        "theme": theme if theme in ("dark", "light") else None,
        "keys_off": request.cookies.get("keys") == "off", "has_htmx": vendor.is_file(),
        "to_review": service().findings.review_count(viewer()),
    }  # fmt: skip


def protect(response: Response) -> Response:
    """Headers of every answer; a route that needs a stricter policy sets its own first."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response
