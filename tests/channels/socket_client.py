"""A socket.io client of the size that tests need: python-socketio's own asks for a newer aiohttp than is locked."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from typing import Any

import aiohttp

PACKET = re.compile(r"4([0-4])(\d*)(.*)", re.DOTALL)
CONNECT, DISCONNECT, EVENT, ACK, REFUSED = "01234"


class Refused(Exception):
    """The server does not let this client in."""


class SocketClient:
    """One connection over a websocket; events are collected in `received` by name."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http
        self._ids = itertools.count()
        self._answers: dict[str, asyncio.Future[Any]] = {}
        self.received: dict[str, list[Any]] = {}

    async def connect(self, path: str, auth: dict[str, str], headers: dict[str, str]) -> None:
        """Raises Refused."""
        try:
            self._socket = await self._http.ws_connect(f"{path}/?EIO=4&transport=websocket", headers=headers)
        except aiohttp.WSServerHandshakeError as error:
            raise Refused(error.status) from error
        first = await self._socket.receive()
        if first.type is not aiohttp.WSMsgType.TEXT:
            raise Refused(first)
        await self._socket.send_str(f"40{json.dumps(auth)}")
        connected = await self._socket.receive_str(timeout=10)
        if not connected.startswith("40"):
            await self._socket.close()
            raise Refused(connected)
        self._reader = asyncio.create_task(self._read())

    async def call(self, event: str, value: Any) -> Any:
        """Send an event and return its acknowledgement."""
        id = str(next(self._ids))
        answer = self._answers[id] = asyncio.get_running_loop().create_future()
        await self._socket.send_str(f"42{id}{json.dumps([event, value])}")
        return await asyncio.wait_for(answer, 10)

    async def close(self) -> None:
        await self._socket.close()
        await self._reader

    async def _read(self) -> None:
        async for message in self._socket:
            if message.data == "2":
                await self._socket.send_str("3")
                continue
            packet = PACKET.fullmatch(message.data)
            if packet is None:
                continue
            kind, id, body = packet.groups()
            if kind == EVENT:
                name, content = json.loads(body)
                self.received.setdefault(name, []).append(content)
            elif kind == ACK:
                self._answers.pop(id).set_result(json.loads(body)[0])
