from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from bot.channels.web_session import WebSessions
from tests.browser.conftest import ARGUMENTS
from tests.channels.chat_server import SECRET
from tests.channels.running_chat import RunningChat


@pytest.fixture
def site(chat: RunningChat) -> Iterator[str]:
    """Another site with a strict policy of its own, which embeds the chat with one line."""
    page = (
        "<!doctype html><html lang=zh><title>街道办</title><body><h1>街道办</h1>"
        f'<script src="{chat.url}/chat/widget.js" data-title="幸福街道" data-color="#7a1f3d"></script>'
    )

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            policy = f"default-src 'none'; script-src {chat.url}; frame-src {chat.url}"
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            if self.path == "/":
                self.wfile.write(page.encode())

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}/"  # by name: another site than the chat's 127.0.0.1
    server.shutdown()
    server.server_close()
    thread.join()


def operator_says(chat: RunningChat, sender: str, text: str) -> None:
    body = json.dumps({"sender_id": sender, "text": text, "key": text}).encode()
    urllib.request.urlopen(f"{chat.url}/test/operator", body).close()


def sender_in_frame(page: Page) -> str:
    """The embedded resident, by the token that the frame keeps."""
    frame = next(frame for frame in page.frames if "/chat/embed" in frame.url)
    session = WebSessions(SECRET, secure=False).read(frame.evaluate("localStorage.getItem('chat-token')"))
    assert session
    return session.sender_id


@pytest.fixture
def profile(playwright: Playwright, chromium: str, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser with a profile that gives frames storage of their own: Debian's and private windows give them none."""
    preferences = tmp_path / "Default" / "Preferences"
    preferences.parent.mkdir()
    preferences.write_text(json.dumps({"profile": {"cookie_controls_mode": 0, "block_third_party_cookies": False}}))
    context = playwright.chromium.launch_persistent_context(tmp_path, executable_path=chromium, args=ARGUMENTS)
    yield context
    context.close()


def test_widget_in_a_strict_site_talks_counts_and_remembers(
    site: str, chat: RunningChat, profile: BrowserContext
) -> None:
    errors: list[str] = []
    profile.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page = profile.new_page()
    page.goto(site)
    launcher = page.locator("div[data-side] button")
    launcher.click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="幸福街道")).to_be_visible()
    frame.get_by_label("输入消息").fill("你好")
    frame.get_by_label("输入消息").press("Enter")
    expect(frame.locator(".Bubble.text").last).to_have_text("收到：你好")
    assert page.context.cookies(chat.url) == []

    launcher.click()
    expect(page.locator("iframe")).to_be_hidden()
    operator_says(chat, sender_in_frame(page), "我是王芳")
    expect(page.locator(".count")).to_have_text("1")
    expect(launcher).to_have_attribute("aria-label", "幸福街道，1 条新消息")
    launcher.click()
    expect(page.locator(".count")).to_have_text("")

    page.reload()
    launcher.click()
    expect(page.frame_locator("iframe").locator(".Bubble.text")).to_have_text(["你好", "收到：你好", "我是王芳"])
    assert errors == []


def test_widget_without_storage_still_talks(site: str, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context().new_page()
    page.goto(site)
    page.locator("div[data-side] button").click()
    frame = page.frame_locator("iframe")
    frame.get_by_label("输入消息").fill("你好")
    frame.get_by_label("输入消息").press("Enter")
    expect(frame.locator(".Bubble.text").last).to_have_text("收到：你好")


def test_frame_hears_its_parent_alone(site: str, chat: RunningChat, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context().new_page()
    heard: list[str] = []
    page.expose_function("heard", lambda message: heard.append(message))
    page.goto(site)
    page.evaluate("void window.addEventListener('message', event => heard(JSON.stringify(event.data)))")
    # A frame that was told of another parent says nothing to this one.
    page.evaluate(
        """home => new Promise(done => {
            const frame = document.createElement('iframe');
            frame.src = home + '/chat/embed?host=https://elsewhere.example';
            frame.onload = done;
            document.body.append(frame);
        })""",
        chat.url,
    )
    page.wait_for_timeout(500)
    assert heard == []
