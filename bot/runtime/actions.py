"""How Rasa reaches custom actions: in its own process by default, else over HTTP with one kept-alive session.

In process saves the JSON encoding, the HTTP round trip and a second interpreter (rasa-runtime.md: 3.0 to 2.2 ms a
turn). A rejected action must still look to Rasa like the action server's 400 answer.
"""

from __future__ import annotations

import json
from typing import Any

import aiohttp
from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from bot.runtime.action_executor import ApologisingExecutor

BAD_REQUEST = 400


class InProcessActions(EndpointConfig):
    """An endpoint whose requests are answered by an action executor in this process."""

    def __init__(self, package: str) -> None:
        super().__init__(url=f"in-process:{package}", enable_selective_domain=True)
        self._executor = ApologisingExecutor()
        self._executor.register_package(package)

    def names(self) -> set[str]:
        """Names of the actions found in the package."""
        return set(self._executor.actions)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Run the action that kwargs["json"] asks for; the answer of Rasa's action protocol."""
        try:
            return await self._executor.run(kwargs["json"])
        except ActionExecutionRejection as error:
            raise ClientResponseError(BAD_REQUEST, "rejected", _error(error.action_name, error)) from error
        except ActionNotFoundException as error:
            raise ClientResponseError(404, "not found", _error(error.action_name, error)) from error


def _error(action_name: str, error: Exception) -> str:
    return json.dumps({"action_name": action_name, "error": str(error)})


class RemoteActions(EndpointConfig):
    """A separate action server, spoken to over one session that stays open."""

    def __init__(self, url: str, token: str) -> None:
        super().__init__(url=url, headers={"Authorization": f"Bearer {token}"}, enable_selective_domain=True)
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """POST the action call; raises ClientResponseError as Rasa expects for any status but 2xx."""
        if self._session is None or self._session.closed:
            timeout = aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT)
            self._session = aiohttp.ClientSession(headers=self.headers, timeout=timeout)
        async with self._session.post(f"{self.url}/webhook", json=kwargs["json"]) as response:
            if response.status >= BAD_REQUEST:
                raise ClientResponseError(response.status, response.reason, await response.text())
            return await response.json()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
