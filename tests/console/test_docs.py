"""docs/console.md says who may open which room; it must say what the table of routes says."""

from __future__ import annotations

from pathlib import Path

from bot.console.access import ROUTES
from bot.console.pages import NAVIGATION

DOCUMENT = Path(__file__).parents[2] / "docs" / "console.md"


def test_rooms_of_the_document_are_those_of_the_table():
    lines = [line.strip("|").split("|") for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if "| `/" in line]
    told = {cells[1].strip(" `"): [cell.strip() == "yes" for cell in cells[2:]] for cells in lines}
    header = next(line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| room"))
    roles = [cell.strip() for cell in header.strip("|").split("|")][2:]
    rooms = {entry.address: entry.route for entry in NAVIGATION} | {"/news": "news.index"}
    assert told == {address: [role in ROUTES[route] for role in roles] for address, route in rooms.items()}
