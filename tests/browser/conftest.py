"""A headless Chromium and a running chat; tests are skipped where there is no browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

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
WAIT_MS = 15_000
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1440, "height": 900}
# What Chromium itself writes when a server is away or refuses a file; the tests look at what the page makes of it.
TOLD = ("ERR_CONNECTION", "ERR_EMPTY_RESPONSE", "WebSocket connection", "status of 400")
OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """One for each module: two at once are refused."""
    with sync_playwright() as started:
        expect.set_options(timeout=WAIT_MS)
        yield started


@pytest.fixture(scope="module")
def chromium() -> str:
    """Path of a Chromium."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium here: scripts/browser.sh installs one")
    return path


@pytest.fixture(scope="module")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
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
        context.set_default_timeout(WAIT_MS)
        context.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert [error for error in errors if not any(part in error for part in TOLD)] == []


@pytest.fixture
def open_chat(chat: RunningChat, new_context: Callable[..., BrowserContext]) -> OpenPage:
    """Opens the chat page as a new resident, or as another tab of a context."""

    def open_(context: BrowserContext | None = None, **options: Any) -> Page:
        page = (context or new_context(**options)).new_page()
        page.goto(f"{chat.url}/chat")
        page.get_by_label("输入消息").wait_for()
        return page

    return open_
