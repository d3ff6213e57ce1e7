"""What the documents name exists: files, links, make targets, commands; and both READMEs show the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from bot.__main__ import COMMANDS, app
from bot.settings import ROOT, Settings

ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh-CN.md"
OVERVIEWS = [ENGLISH, CHINESE, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
ROOTS = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
MADE_AT_RUN_TIME = ("var/", "models/", "deploy/secrets/")


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("document", OVERVIEWS, ids=relative)
def test_links_lead_somewhere(document: Path) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", text(document)):
        name, _, part = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        assert target.exists(), f"{link} is not there"
        headings = re.findall(r"^#+ (.+)$", text(target), re.MULTILINE) if part else []
        assert not part or part in map(anchor, headings), f"{name} has no heading {part}"


@pytest.mark.parametrize("document", OVERVIEWS, ids=relative)
def test_files_that_are_named_exist(document: Path) -> None:
    for name in re.findall(r"`([\w./-]+)`", text(document)):
        if name.split("/")[0] in ROOTS and ("/" in name or "." in name) and not name.startswith(MADE_AT_RUN_TIME):
            assert (ROOT / name).exists(), f"{name} is not there"


@pytest.mark.parametrize("document", OVERVIEWS, ids=relative)
def test_make_targets_that_are_named_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text(ROOT / "Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text(document), re.MULTILINE)) <= targets


@pytest.mark.parametrize("document", OVERVIEWS, ids=relative)
def test_commands_and_options_that_are_named_exist(document: Path) -> None:
    for line in re.findall(r"python -m bot ([^`\n|]+)", text(document)):
        name, *rest = line.split()
        assert name in COMMANDS, f"python -m bot {name} is no command"
        command: Any = get_command(app).get_command(None, name)  # type: ignore[attr-defined, arg-type]
        if hasattr(command, "commands") and rest:
            assert rest[0] in command.commands, f"python -m bot {name} {rest[0]} is no command"
            command = command.commands[rest.pop(0)]
        known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        assert {word for word in rest if word.startswith("--")} <= known, line


def test_readmes_show_the_same_commands_addresses_and_files() -> None:
    blocks, links = r"(?:<!-- check.*?-->\n)?```sh\n.*?```", r"\]\(([^)]+)\)|<(http[^>]+)>"
    assert re.findall(blocks, text(ENGLISH), re.DOTALL) == re.findall(blocks, text(CHINESE), re.DOTALL)
    first, second = (set(re.findall(links, text(path))) for path in (ENGLISH, CHINESE))
    assert first ^ second == {("README.md", ""), ("README.zh-CN.md", "")}


def test_readmes_propose_the_same_ten_messages() -> None:
    def proposed(path: Path) -> list[str]:
        table = re.search(r"\| (?:say|说) \|.*?\n\n", text(path), re.DOTALL)
        assert table
        return [line.split("|")[1].strip() for line in table[0].strip().splitlines()[2:]]

    assert len(proposed(ENGLISH)) == 10
    assert proposed(ENGLISH) == proposed(CHINESE)


def test_addresses_are_those_of_the_settings() -> None:
    defaults = {name: Settings.__fields__[name].default for name in ("rasa_port", "console_port")}
    assert f"<http://127.0.0.1:{defaults['rasa_port']}/chat>" in text(ENGLISH)
    assert f"<http://127.0.0.1:{defaults['console_port']}/>" in text(ENGLISH)


def test_decisions_are_numbered_and_have_their_four_parts() -> None:
    assert [path.name[:4] for path in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]
    for path in DECISIONS:
        assert re.search(r"\*\*Status\*\*: \w+", text(path)), path.name
        assert re.findall(r"^## (.+)$", text(path), re.MULTILINE) == ["Context", "Decision", "Consequences"], path.name
