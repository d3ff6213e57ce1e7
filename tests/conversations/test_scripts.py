"""Scripted conversations, black box: over HTTP, with the trained model; then the database is looked at.

A script (scripts/*.yml) is a list of conversations:
  name, turns: [{say, hear: [every text must be in the answer], not: [none of these], any: [one of these],
  attachments: what comes with it,
  twice: true (the same message is delivered twice and answered once)}], and what the database must hold afterwards:
  tickets, referrals, alarms, demands: lists of rows with the fields that matter; left out means none.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conversations.records import differences, read
from tests.conversations.server import Resident, Server

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.yml"))
CONVERSATIONS = [
    pytest.param(conversation, id=f"{path.stem}: {conversation['name']}")
    for path in SCRIPTS
    for conversation in yaml.safe_load(path.read_text(encoding="utf-8"))
]
NEVER = ("Traceback", "Error", "utter_", "action_", "None", "{", "}", "slot")


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_conversation(conversation: dict[str, Any], server: Server) -> None:
    resident = Resident(server)
    transcript = []
    for number, turn in enumerate(conversation["turns"]):
        key = f"m{number}"
        heard = resident.hear(turn["say"], message_id=key, attachments=turn.get("attachments"))
        transcript += [f"> {turn['say'][:200]}", heard]
        told = "\n".join(transcript)
        assert heard.strip(), f"silence\n{told}"
        for text in turn.get("hear", []):
            assert text in heard, f"expected 「{text}」\n{told}"
        if turn.get("any"):
            assert any(text in heard for text in turn["any"]), f"expected one of {turn['any']}\n{told}"
        for text in (*turn.get("not", []), *NEVER):
            assert text not in heard, f"did not expect 「{text}」\n{told}"
        if turn.get("twice"):
            assert resident.hear(turn["say"], message_id=key) == heard, f"a repeat was answered otherwise\n{told}"
    found = read(server.database, resident.sender_id)
    for kind in ("tickets", "referrals", "alarms", "demands"):
        wrong = differences(conversation.get(kind, []), found[kind])
        assert not wrong, f"{kind}: {wrong}\n" + "\n".join(transcript)
