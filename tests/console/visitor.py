"""A person with a browser, without scripts: follows links, sends forms with the token that the page gave."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL

CSRF = re.compile(r'name="csrf" value="([0-9a-f]+)"|X-CSRF-Token": "([0-9a-f]+)"')


@dataclass(frozen=True)
class Answer:
    """What came back; address is the path of the page after redirects."""

    status: int
    text: str
    address: str
    headers: Any


class Visitor:
    """One browser with its own cookies."""

    def __init__(self, url: str) -> None:
        self.url = URL(url)
        self.staff_id = 0
        self._session: aiohttp.ClientSession | None = None
        self._cookies: dict[str, str] = {}

    async def __aenter__(self) -> Visitor:
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._session is not None
        await self._session.close()

    def set_cookie(self, name: str, value: str) -> None:
        assert self._session is not None
        self._session.cookie_jar.update_cookies({name: value}, self.url)

    def cookie(self, name: str) -> str | None:
        assert self._session is not None
        found = self._session.cookie_jar.filter_cookies(self.url).get(name)
        return found.value if found else None

    async def get(self, path: str, *, follow: bool = True, **headers: str) -> Answer:
        return await self._send("GET", path, follow=follow, headers=headers)

    async def post(self, path: str, *, page: str = "/password", follow: bool = True, **fields: str) -> Answer:
        """Send a form as `page` offers it."""
        csrf = await self.csrf(page)
        return await self._send("POST", path, follow=follow, data={"csrf": csrf, **fields})

    async def post_bare(self, path: str, headers: dict[str, str] | None = None, **fields: str) -> Answer:
        """Send a form without a token, as another site would."""
        return await self._send("POST", path, follow=False, data=fields, headers=headers or {})

    async def csrf(self, page: str = "/password") -> str:
        found = CSRF.search((await self.get(page)).text)
        assert found, f"no form on {page}"
        return found[1] or found[2]

    async def _send(self, method: str, path: str, *, follow: bool, **values: Any) -> Answer:
        assert self._session is not None
        async with self._session.request(method, self.url.join(URL(path)), allow_redirects=follow, **values) as answer:
            content = await answer.read()
            return Answer(answer.status, content.decode("utf-8", "replace"), answer.url.path_qs, answer.headers)
