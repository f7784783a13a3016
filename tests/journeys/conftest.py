"""The site as `vankho serve` runs it, and a real browser in front of it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "corpus" / "samples" / "papers"
QUIET = ("--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-quic", "--no-first-run")  # fmt: skip


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def vankho(data: Path, *words: object) -> list[str]:
    """The command line of `vankho` on an archive."""
    return [sys.executable, "-m", "web", "--data", str(data), *map(str, words)]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the site over the sample papers, as on 15 January 2018."""
    data = tmp_path_factory.mktemp("journey") / "kho"
    told = {"LANG": "vi_VN.UTF-8", "VANKHO_TODAY": "2018-01-15", "VANKHO_OFFICE": "Văn khố huyện Yên Hà"}
    environ = {**os.environ, **told}
    subprocess.run(vankho(data, "ingest", SAMPLES), check=True, env=environ, capture_output=True)
    port = _free_port()
    site = subprocess.Popen(vankho(data, "serve", "--port", port), env=environ)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, site)
        yield address
    finally:
        site.terminate()
        site.wait(timeout=20)


def _wait(address: str, site: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
                if json.load(answer)["ok"]:
                    return
        except OSError:
            assert site.poll() is None, "the site ended"
        time.sleep(0.2)
    pytest.fail("the site did not answer")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless; closed with the module, as its event loop keeps others from having one."""
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("Chromium is not installed (Debian: chromium); `make test` installs it")
    with sync_playwright() as playwright:
        args = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else list(QUIET)
        opened = playwright.chromium.launch(executable_path=program, args=args)
        yield opened
        opened.close()


def pdf_of(page: Page) -> bytes:
    """A page as Chromium prints it. Its printing process may not be up yet at the first call on a busy machine."""
    for _ in range(2):
        try:
            return page.pdf(prefer_css_page_size=True)
        except Error as error:
            if "Printing failed" not in str(error):
                raise
            page.wait_for_timeout(2000)
    return page.pdf(prefer_css_page_size=True)
