"""A headless Chromium and a running chat; tests are skipped where there is no browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.channels.running_chat import RunningChat

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1440, "height": 900}
OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium here: scripts/browser.sh installs one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningChat]:
    """The server that all tests share; one that kills it starts it again."""
    server = RunningChat(tmp_path_factory.mktemp("chat"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Residents: each context is a browser of its own. Any error in a page's console fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def make(**options: Any) -> BrowserContext:
        known = {"viewport": PHONE, "locale": "zh-CN", "timezone_id": "America/New_York"}
        context = browser.new_context(**{**known, **options})
        context.set_default_timeout(15_000)
        context.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert [error for error in errors if "ERR_CONNECTION" not in error and "WebSocket" not in error] == []


@pytest.fixture
def open_chat(chat: RunningChat, new_context: Callable[..., BrowserContext]) -> OpenPage:
    """Opens the chat page as a new resident, or as another tab of a context."""

    def open_(context: BrowserContext | None = None, **options: Any) -> Page:
        page = (context or new_context(**options)).new_page()
        page.goto(f"{chat.url}/chat")
        page.get_by_label("输入消息").wait_for()
        return page

    return open_
