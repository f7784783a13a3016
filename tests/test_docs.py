"""The README tells the truth: every command, option of its own, setting and page stands in it."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from archive.settings import Settings
from web import create_app
from web.cli import cli

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
SHARED_OPTIONS = {"--data", "--json", "--debug", "--help", "--no-wait"}


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_is_documented(name: str) -> None:
    assert f"`vankho {name}" in README


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_option_is_documented(name: str) -> None:
    options = {
        option
        for parameter in cli.commands[name].params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
    }
    row = next(line for line in README.splitlines() if line.startswith(f"| `vankho {name}"))
    undocumented = {option for option in options - SHARED_OPTIONS if option.startswith("--") and option not in row}
    assert undocumented - {"--wait"} == set()


@pytest.mark.parametrize("field", sorted(Settings.__annotations__))
def test_every_setting_is_documented(field: str) -> None:
    assert f"`VANKHO_{field.upper()}`" in README


def test_no_setting_is_documented_that_does_not_exist() -> None:
    named = set(re.findall(r"VANKHO_([A-Z_]+)", README))
    assert named == {field.upper() for field in Settings.__annotations__}


def test_every_page_is_documented(service) -> None:
    rules = {str(rule) for rule in create_app(service).url_map.iter_rules() if rule.endpoint != "static"}
    first = {"/" + rule.split("/")[1].partition("<")[0].rstrip(".") for rule in rules}
    assert {page for page in first if f"`{page}" not in README} == set()
