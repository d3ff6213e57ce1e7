"""The scripted conversations played inside this process, through plain Rasa or through the product's runtime.

Run as a module it plays them and prints the events as JSON: patches change classes for a whole process, so the
differential test plays each way in a process of its own.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
from pathlib import Path
from typing import Any

import numpy
import yaml
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore

from bot import settings, wiring
from bot.community.catalogue_files import import_files
from bot.runtime import training
from bot.runtime.actions import InProcessActions
from bot.runtime.locks import InProcessLockStore
from bot.runtime.means import speed_up
from bot.runtime.server import build_agent
from bot.settings import ROOT
from bot.store import ConversationStore

SCRIPTS = ROOT / "tests" / "conversations" / "scripts"
PASSING = {"timestamp", "message_id", "input_channel", "model_id", "assistant_id"}  # differ from run to run
DRAWN = "draft_id"  # an id drawn by chance
MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT)?\d{1,2}:\d\d(:\d\d[.\d]*)?")  # the clock goes on between two runs
# Long enough to be cut down twice (bot/runtime/compaction.py), with a form left open across the cuts.
LONG = (
    ["家里停电了", "阳光花园3栋2单元501"]
    + ["附近哪里有老年食堂", "谢谢", "高龄津贴怎么办", "你会做什么"] * 12
    + ["继续", "算了"]
)


def conversations() -> list[list[str]]:
    """What the residents of the scripts say, and one of more than fifty messages."""
    found = [LONG]
    for path in sorted(SCRIPTS.glob("*.yml")):
        for conversation in yaml.safe_load(path.read_text(encoding="utf-8")):
            found.append([turn["say"] for turn in conversation["turns"]])
    return found


async def play(agent: Agent, said: list[list[str]]) -> list[list[dict[str, Any]]]:
    """The stored events of each conversation, without what differs from run to run."""
    played = []
    for number, texts in enumerate(said):
        sender = f"rest:differential-{number}"
        for place, text in enumerate(texts):
            _same_choices(place)
            metadata = {"message_id": f"m{place}", "attachments": []}
            message = UserMessage(
                text[:500], CollectingOutputChannel(), sender, input_channel="rest", metadata=metadata
            )
            await agent.processor.handle_message(message)  # type: ignore[union-attr]
        tracker = await agent.tracker_store.retrieve_full_tracker(sender)
        played.append([_lasting(event.as_dict()) for event in tracker.events])  # type: ignore[union-attr]
    return played


def _same_choices(seed: int) -> None:
    """Rasa picks among the variants of a response by chance."""
    random.seed(seed)
    numpy.random.seed(seed)


def _lasting(value: Any) -> Any:
    """The value without the fields that differ from run to run, at any depth."""
    if isinstance(value, dict):
        drawn = "value" if value.get("name") == DRAWN else DRAWN
        return {
            key: bool(each) if key == drawn else _lasting(each) for key, each in value.items() if key not in PASSING
        }
    if isinstance(value, list):
        return [_lasting(each) for each in value]
    return MOMENT.sub("moment", value) if isinstance(value, str) else value


def plain_store(directory: Path) -> TrackerStore:
    return SQLTrackerStore(dialect="sqlite", db=str(directory / "plain.db"))


def agent_of(way: str, directory: Path) -> Agent:
    """An agent as Rasa makes it ("plain"), or as the product does ("ours")."""
    model = training.current_model(settings.load().model_dir)
    assert model is not None
    actions = InProcessActions("actions")
    if way == "plain":
        return Agent.load(model, tracker_store=plain_store(directory), action_endpoint=actions)
    assert speed_up(settings.load().bot_patches_off)
    return build_agent(model, ConversationStore(wiring.database()), InProcessLockStore(), actions)


def main(way: str, directory: Path) -> None:
    database = wiring.database()
    database.upgrade()
    with database.transaction() as session:
        assert import_files(session, [ROOT / "data" / "catalogue"]).ok
    played = asyncio.run(play(agent_of(way, directory), conversations()))
    (directory / f"{way}.json").write_text(json.dumps(played, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
