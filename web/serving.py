"""One command that serves: the site on waitress, and a worker beside it that is started again if it dies."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click
from waitress.server import create_server

from archive.errors import language
from archive.lock import serving
from archive.settings import Settings
from indexer.wiring import Service
from web import create_app

log = logging.getLogger(__name__)

RESTART = 2.0  # seconds before a dead worker is started again


def serve(settings: Settings) -> None:
    """Serve until interrupted. Raises `AlreadyServing` when another process serves the same data."""
    with Service.open(settings) as service, serving(settings), _worker(settings):
        server = create_server(
            create_app(service), host=settings.host, port=settings.port, threads=settings.threads,
            ident=None, max_request_body_size=settings.max_upload << 20,
        )  # fmt: skip
        signal.signal(signal.SIGTERM, _interrupt)
        address = f"http://{settings.host}:{settings.port}"
        click.echo(f"Vankho: {address}  (Ctrl+C để dừng)" if language() == "vi" else f"Vankho: {address}")
        try:
            server.run()
        except KeyboardInterrupt:
            click.echo("")
        finally:
            server.close()


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


@contextmanager
def _worker(settings: Settings) -> Iterator[None]:
    """A `vankho work` process for as long as the block runs."""
    stop = threading.Event()
    guard = threading.Thread(target=_keep_running, args=(settings, stop), name="worker-guard", daemon=True)
    guard.start()
    try:
        yield
    finally:
        stop.set()
        guard.join(timeout=15)


def _keep_running(settings: Settings, stop: threading.Event) -> None:
    command = [sys.executable, "-m", "web", "--data", str(settings.data), "work"]
    while not stop.is_set():
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, env=os.environ.copy())
        while process.poll() is None and not stop.wait(0.5):
            pass
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        elif not stop.is_set():
            log.warning("the worker ended with %s; starting it again", process.returncode)
            stop.wait(RESTART)
