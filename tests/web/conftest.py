"""A real service with papers of a fictional district, read by the real worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer import worker
from indexer.wiring import Service
from tests.web.papers import (
    DIRECTIVE,
    HOSTILE,
    HOSTILE_NAME,
    PLAN,
    REPORT,
    Site,
    accepted,
    settings_in,
)
from web import create_app


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Five papers, all read; nobody writes to it but tests that hand in papers of their own."""
    settings = settings_in(tmp_path_factory.mktemp("site"))
    with Service.open(settings) as service:
        ids = {
            name: accepted(service, f"{name}.txt", text.encode())
            for name, text in (("directive", DIRECTIVE), ("plan", PLAN), ("report", REPORT))
        }
        ids["hostile"] = accepted(service, HOSTILE_NAME, HOSTILE.encode())
        ids["unreadable"] = accepted(service, "hỏng.pdf", b"%PDF-1.4\nnothing else")
        worker.run(service, forever=False)
        app = create_app(service)
        app.config["TESTING"] = True
        yield Site(service, app.test_client(), **ids)
