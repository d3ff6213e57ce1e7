"""A real server with the real intake and web channel, and a scripted bot: `python -m tests.channels.chat_server`."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from rasa.core.channels.channel import UserMessage
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.web import WebChannel
from bot.community import conversations
from bot.community.conversations import NewMessage
from bot.community.database import Database
from bot.runtime.locks import InProcessLockStore
from bot.runtime.server import build_app

SECRET = "secret of the tests"
CHOICES = [
    {"title": title, "payload": title} for title in ("我要报修", "找附近的服务", "怎么办事", "心里不舒服", "转人工")
]
SERVICE = (
    "幸福街道老年食堂\n地址：和平路 18 号，社区服务中心一楼\n时间：10:30 到 13:00（现在开着）\n"
    "电话：0790-5550123\n费用：60 岁以上每餐 12 元"
)
SCRIPT: dict[str, tuple[str, list[dict[str, str]]]] = {
    "附近哪里有老年食堂": (SERVICE, [{"title": t, "payload": t} for t in ("还有别的吗", "怎么走", "打电话")]),
    "厨房水管爆了": (
        "明白，厨房水管爆了，这个急。请先关掉水表旁的总阀门。\n您住哪个小区、几栋几单元几室？",
        [{"title": "我在公共地方", "payload": "我在公共地方"}, {"title": "不报了", "payload": "不报了"}],
    ),
    "我难受": ("我在听。想找人说说，随时可以打 12356，紧急时打 120 或 110。", CHOICES[4:]),
    "网页": ("<img src=x onerror=alert(1)> 请看 https://example.org/a?b=1 ，每次 120 元", []),
}


class ScriptedProcessor:
    """Answers by SCRIPT and logs both sides as the tracker store does."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.paused: set[str] = set()

    async def handle_message(self, message: UserMessage) -> None:
        text = message.text or ""
        if text == "坏了":
            raise RuntimeError("the bot fails")
        if text.startswith("慢"):
            await asyncio.sleep(1.5)
        metadata = message.metadata or {}
        said = NewMessage(
            "resident", text, attachments=metadata["attachments"], message_key=metadata["message_id"], at=_now()
        )
        answer, buttons = SCRIPT.get(text, (f"收到：{text}", []))
        listed = [{"kind": "buttons", "value": buttons}] if buttons else []
        words = [] if message.sender_id in self.paused else [NewMessage("bot", answer, attachments=listed, at=_now())]
        await self._database.run(conversations.append, message.sender_id, [said, *words], now=_now())
        if words:
            await message.output_channel.send_text_with_buttons(message.sender_id, answer, buttons)


class FixedAnswers:
    """The domain's answers that the channel itself asks for."""

    async def generate(self, name: str, tracker: Any, channel: str, **values: Any) -> dict[str, Any]:
        if name == "utter_introduce":
            return {
                "text": "您好！我是社区服务小助手，是个机器人程序。报修、找服务、办事指南、心理咨询都可以问我；"
                "想找真人，随时说「转人工」。",
                "buttons": CHOICES,
            }
        return {"text": f"抱歉，刚才这句我没处理好（编号 {values['error_id']}）。"}


class NoTrackers:
    """Tells the intake whether a human has the conversation."""

    def __init__(self, processor: ScriptedProcessor) -> None:
        self._processor = processor

    async def retrieve(self, sender_id: str) -> Any:
        return SimpleNamespace(is_paused=lambda: sender_id in self._processor.paused, latest_message=None)


def make_app(database: Database, media_dir: Path, redis_url: str) -> Sanic:
    """The server, with a route at which a test plays the operator."""
    processor = ScriptedProcessor(database)
    agent: Any = SimpleNamespace(
        processor=processor,
        lock_store=InProcessLockStore(),
        tracker_store=NoTrackers(processor),
        nlg=FixedAnswers(),
        model_name="scripted",
    )
    channel = WebChannel(SECRET, database, media_dir, "", redis_url)
    app = build_app(agent, database, [channel], "token of the tests")
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 1.0

    @app.post("/test/operator")
    async def operator(request: Request) -> HTTPResponse:
        said = request.json
        processor.paused.add(said["sender_id"])
        words = NewMessage("operator", said["text"], operator="王芳", message_key=said["key"], at=_now())
        await database.run(conversations.append, said["sender_id"], [words], now=_now())
        await channel.get_output_channel().send_response(said["sender_id"], {"text": said["text"]})
        return response.empty()

    return app


def _now() -> datetime:
    return datetime.now(timezone.utc)


def main(port: str, directory: str, redis_url: str = "") -> None:
    """Serve from a directory that holds, or will hold, the database."""
    database = Database(f"sqlite:///{directory}/chat.db", synchronous="OFF")
    database.create_all()
    app = make_app(database, Path(directory) / "media", redis_url)
    app.run("127.0.0.1", int(port), motd=False, access_log=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
