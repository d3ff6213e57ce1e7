from __future__ import annotations

import io
import json
import signal
import urllib.request
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect

from bot.channels.web_session import WebSessions
from tests.browser.conftest import DESKTOP, OpenPage
from tests.channels.chat_server import SECRET
from tests.channels.running_chat import RunningChat

SIZES = [{"width": 320, "height": 640}, {"width": 360, "height": 740}, DESKTOP]


def say(page: Page, text: str) -> None:
    box = page.get_by_label("输入消息")
    box.fill(text)
    box.press("Enter")


def bubbles(page: Page) -> Locator:
    return page.locator(".Bubble.text")


def sender_id(context: BrowserContext) -> str:
    cookie = next(cookie for cookie in context.cookies() if cookie["name"] == "chat_session")
    session = WebSessions(SECRET, secure=False).read(cookie["value"])
    assert session
    return session.sender_id


def operator_says(chat: RunningChat, sender: str, text: str, key: str) -> None:
    body = json.dumps({"sender_id": sender, "text": text, "key": key}).encode()
    urllib.request.urlopen(f"{chat.url}/test/operator", body).close()


def font_size(page: Page, selector: str) -> float:
    return float(page.locator(selector).first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)"))


def smallest_target(page: Page) -> float:
    """The smaller side of the smallest visible button or field, in pixels."""
    boxes = [node.bounding_box() for node in page.locator("button:visible, textarea:visible").all()]
    return min(min(box["width"], box["height"]) for box in boxes if box and box["width"] > 1)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def settled(page: Page) -> None:
    """Wait until nothing fades or slides any more: half-faded letters have no contrast."""
    page.wait_for_timeout(300)
    page.wait_for_function("document.getAnimations().every(animation => animation.playState === 'finished')")


def test_resident_and_bot_talk(open_chat: OpenPage) -> None:
    page = open_chat()
    expect(page.get_by_text("是个机器人程序")).to_be_visible()
    say(page, "附近哪里有老年食堂")
    answer = page.locator(".Message.left .Bubble.text")
    expect(answer).to_contain_text("幸福街道老年食堂\n地址：和平路 18 号", use_inner_text=True)
    expect(page.locator(".Message.right .Bubble.text")).to_have_text(["附近哪里有老年食堂"])
    expect(page.locator(".Message.right .Avatar img")).to_have_attribute("alt", "我")
    expect(page.get_by_label("输入消息")).to_be_focused()


def test_quick_reply_is_said_and_gone(open_chat: OpenPage) -> None:
    page = open_chat()
    say(page, "厨房水管爆了")
    page.get_by_text("不报了").click()
    expect(bubbles(page).last).to_have_text("收到：不报了")
    expect(page.locator(".QuickReply")).to_have_count(0)


def test_nothing_said_becomes_markup(open_chat: OpenPage) -> None:
    page = open_chat()
    page.evaluate("void (window.alert = () => { window.hit = true })")
    text = "<img src=x onerror=alert(1)><script>alert(1)</script>**粗** 13900001234"
    say(page, text)
    expect(page.locator(".Message.right .Bubble.text")).to_have_text([text])
    say(page, "网页")
    expect(bubbles(page).last).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator(".Message.right .Bubble a, .Bubble.text img, .Bubble script").count() == 0
    assert not page.evaluate("window.hit")


def test_links_and_numbers_can_be_tapped_and_prices_not(open_chat: OpenPage) -> None:
    page = open_chat()
    say(page, "网页")
    expect(bubbles(page).last).to_contain_text("每次 120 元")
    say(page, "我难受")
    expect(bubbles(page).last).to_contain_text("12356")
    say(page, "附近哪里有老年食堂")
    expect(bubbles(page).last).to_contain_text("0790-5550123")
    links = [link.get_attribute("href") for link in page.locator(".Bubble a").all()]
    assert links == ["https://example.org/a?b=1", "tel:12356", "tel:120", "tel:110", "tel:07905550123"]


def test_enter_while_composing_never_sends(open_chat: OpenPage) -> None:
    page = open_chat()
    box = page.get_by_label("输入消息")
    box.focus()
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "lou", "selectionStart": 3, "selectionEnd": 3})
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Enter", "windowsVirtualKeyCode": 229})
    keyboard.send("Input.insertText", {"text": "漏水"})
    expect(box).to_have_value("漏水")
    assert page.locator(".Message.right").count() == 0
    box.press("Shift+Enter")
    assert page.locator(".Message.right").count() == 0
    box.press("Enter")
    expect(page.locator(".Message.right .Bubble")).to_contain_text("漏水")


def test_keyboard_alone_reaches_and_presses_everything(open_chat: OpenPage) -> None:
    page = open_chat(viewport=DESKTOP)
    page.get_by_label("输入消息").fill("你好")
    page.get_by_role("button", name="发送", exact=True).focus()
    page.keyboard.press("Enter")
    expect(bubbles(page).last).to_have_text("收到：你好")
    page.get_by_role("button", name="字号和颜色").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="字号和颜色")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="字号和颜色")).to_be_focused()


def test_photo_is_previewed_sent_and_kept(open_chat: OpenPage) -> None:
    page = open_chat()
    content = io.BytesIO()
    Image.new("RGB", (400, 300), "steelblue").save(content, "JPEG")
    photo: Any = {"name": "漏水.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}
    page.locator("input[type=file]").first.set_input_files(photo)
    expect(page.get_by_alt_text("将要发送的照片")).to_be_visible()
    page.get_by_role("button", name="发送", exact=True).click()
    expect(bubbles(page).last).to_have_text("收到：[图片]")
    page.reload()
    shown = page.get_by_role("button", name="放大照片")
    expect(shown).to_be_visible()
    assert shown.locator("img").evaluate("image => image.complete && image.naturalWidth") == 400
    shown.click()
    expect(page.get_by_role("dialog", name="照片")).to_be_visible()


def test_file_that_is_no_photo_is_refused_in_words(open_chat: OpenPage) -> None:
    page = open_chat()
    page.locator("input[type=file]").first.set_input_files(
        {"name": "x.png", "mimeType": "image/png", "buffer": b"<script>alert(1)</script>"}
    )
    page.get_by_role("button", name="发送", exact=True).click()
    expect(page.get_by_role("button", name="这不是照片")).to_be_visible()


def test_history_is_there_after_reload_and_further_back(open_chat: OpenPage) -> None:
    page = open_chat()
    for number in range(20):
        say(page, f"第{number}句")
        expect(bubbles(page).last).to_have_text(f"收到：第{number}句")
    page.reload()
    expect(bubbles(page)).to_have_count(30)
    expect(bubbles(page).last).to_be_in_viewport()
    page.get_by_role("button", name="看更早的消息").click()
    expect(bubbles(page)).to_have_count(40)
    expect(bubbles(page).first).to_have_text("第0句")
    expect(page.get_by_role("button", name="看更早的消息")).to_be_hidden()


def test_killed_server_loses_and_doubles_nothing(open_chat: OpenPage, chat: RunningChat) -> None:
    page = open_chat()
    say(page, "第一句")
    expect(bubbles(page).last).to_have_text("收到：第一句")
    say(page, "慢慢来")  # is being answered while the server dies
    page.wait_for_timeout(300)
    chat.stop(signal.SIGKILL)
    expect(page.get_by_text("网络不通")).to_be_visible()
    say(page, "第二句")
    say(page, "第三句")
    chat.start()
    expect(bubbles(page).last).to_have_text("收到：第三句")
    said = ["第一句", "慢慢来", "第二句", "第三句"]
    expected = [words for text in said for words in (text, f"收到：{text}")]
    expect(bubbles(page)).to_have_text(expected)
    page.reload()
    expect(bubbles(page)).to_have_text(expected)


def test_browser_without_cookies_still_talks(open_chat: OpenPage, chat: RunningChat) -> None:
    page = open_chat()
    expect(page.get_by_text("是个机器人程序")).to_be_visible()
    page.context.clear_cookies()
    chat.stop(signal.SIGKILL)  # the socket that comes back has no cookie
    chat.start()
    say(page, "你好")
    expect(bubbles(page).last).to_have_text("收到：你好")


def test_tabs_and_operator_speak_at_once(open_chat: OpenPage, chat: RunningChat) -> None:
    first = open_chat()
    second = open_chat(first.context)
    say(first, "有人吗")
    for tab in (first, second):
        expect(bubbles(tab)).to_have_text(["有人吗", "收到：有人吗"])
    operator_says(chat, sender_id(first.context), "我是王芳，请讲", "tabs-1")
    for tab in (first, second):
        expect(bubbles(tab).last).to_have_text("我是王芳，请讲")
        expect(tab.get_by_text("王芳（工作人员）")).to_be_visible()
    expect(second.get_by_role("status")).to_contain_text("工作人员说：我是王芳，请讲")
    say(second, "厨房漏水")
    expect(bubbles(first).last).to_have_text("厨房漏水")


def test_typing_dots_while_the_bot_works(open_chat: OpenPage) -> None:
    page = open_chat()
    say(page, "慢慢来")
    expect(page.get_by_text("对方正在输入")).to_be_visible()
    expect(bubbles(page).last).to_have_text("收到：慢慢来")
    expect(page.get_by_text("对方正在输入")).to_have_count(0)


def test_times_are_those_of_shanghai(open_chat: OpenPage) -> None:
    page = open_chat()  # on a device in New York
    say(page, "几点了")
    shown = page.locator(".Time").first.inner_text()
    now = page.evaluate("new Date().toLocaleTimeString('en-GB', {timeZone: 'Asia/Shanghai'}).slice(0, 5)")
    assert abs(int(shown[-5:-3]) * 60 + int(shown[-2:]) - int(now[:2]) * 60 - int(now[3:])) <= 1


def test_elder_mode_is_large_and_stays(open_chat: OpenPage) -> None:
    page = open_chat()
    say(page, "厨房水管爆了")
    expect(bubbles(page)).to_have_count(2)
    assert smallest_target(page) >= 44
    page.get_by_role("button", name="长辈版").click()
    page.wait_for_timeout(400)
    assert smallest_target(page) >= 60
    assert font_size(page, ".Bubble.text") >= 18
    assert font_size(page, ".QuickReply") >= 18
    page.get_by_role("button", name="字号和颜色").click()
    for _ in range(3):
        page.get_by_role("button", name="字大一点").click()
    assert smallest_target(page) >= 60
    assert font_size(page, ".Bubble.text") == 30
    page.reload()
    expect(bubbles(page)).to_have_count(2)
    assert font_size(page, ".Bubble.text") == 30
    assert fits(page)


@pytest.mark.parametrize("viewport", SIZES, ids=lambda size: str(size["width"]))
def test_page_fits_every_screen(open_chat: OpenPage, viewport: dict[str, int]) -> None:
    page = open_chat(viewport=viewport)
    say(page, "长" * 300 + "a" * 300)
    expect(bubbles(page)).to_have_count(2)
    assert fits(page)
    page.get_by_role("button", name="长辈版").click()
    page.get_by_role("button", name="字号和颜色").click()
    assert fits(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", SIZES[1:], ids=lambda size: str(size["width"]))
def test_axe_finds_nothing(open_chat: OpenPage, viewport: dict[str, int], scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_chat(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    say(page, "附近哪里有老年食堂")
    expect(bubbles(page)).to_have_count(2)
    expect(page.get_by_role("button", name="打电话")).to_be_visible()
    settled(page)
    violations = list(axe.run(page).response["violations"])
    page.get_by_role("button", name="字号和颜色").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    settled(page)
    violations += axe.run(page).response["violations"]
    found = [
        f"{one['id']}: {node['html'][:120]} {node['failureSummary']}" for one in violations for node in one["nodes"]
    ]
    assert "\n".join(found) == ""


def test_reduced_motion_moves_nothing(open_chat: OpenPage) -> None:
    page = open_chat(reduced_motion="reduce")
    page.get_by_role("button", name="字号和颜色").click()
    durations = page.evaluate(
        "[...document.querySelectorAll('*')].map(node => parseFloat(getComputedStyle(node).animationDuration))"
    )
    assert max(durations) < 0.001
