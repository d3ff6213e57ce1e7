"""The console in a real Chromium at 360 and 1440 px: what staff see and do, and that anybody can use it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.community import conversations, staff
from bot.community.clock import utcnow
from bot.community.database import Database
from bot.console.sessions import LOGIN, Signer
from bot.settings import Settings
from tests.community.factories import PASSWORD
from tests.console import seeds
from tests.console.conftest import database, filled_template, rasa, settings, url

__all__ = ["database", "filled_template", "rasa", "settings", "url"]

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"phone": (360, 740), "desktop": (1440, 900)}
SENDER = "web:r1"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=SIZES)
def window(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A page of a phone and of a desktop; what its console complains about fails the test."""
    width, height = SIZES[request.param]
    context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if _refused(message.text) else None)
    yield page
    context.close()
    assert complaints == []


def _refused(text: str) -> bool:
    return "Content Security Policy" in text or "Uncaught" in text


Enter = Callable[..., int]


@pytest.fixture
def enter(window: Page, database: Database, settings: Settings, url: str) -> Enter:
    """enter("operator") logs the window in with that role; returns the staff id."""

    def log_in(role: str, **values: object) -> int:
        staff_id, token = seeds.log_in_token(database, role, role, **values)
        sealed = Signer(settings.secret_key.get_secret_value()).seal(LOGIN, token)
        window.context.add_cookies([{"name": LOGIN, "value": sealed, "url": url}])
        return staff_id

    return log_in


@pytest.fixture
def full(database: Database) -> dict[str, str]:
    """Something in every room, and the address of each page."""
    session_id = seeds.talk(database, SENDER, seeds.LEAK, category="leak_plumbing", confidence=0.93)
    number = seeds.ticket(database, SENDER, urgency="emergency", phone="13900001234", building="3")
    seeds.wait(database, SENDER, "anger", timedelta(minutes=4))
    alarm = seeds.alarm(database, "web:c1", ago=timedelta(minutes=2))
    referral = seeds.referral(database, "web:r2")
    return {
        "desk": "/desk",
        "desk conversation": f"/desk/{alarm.session_id}",
        "conversations": "/conversations",
        "conversation": f"/conversations/{session_id}",
        "tickets": "/tickets",
        "ticket": f"/tickets/{number}",
        "referrals": "/referrals",
        "referral": f"/referrals/{referral}",
        "services": "/catalogue/services",
        "guides": "/catalogue/guides",
        "users": "/users",
        "news": "/news",
        "password": "/password",
        "missing": "/nope",
    }


def test_every_page_fits_and_is_accessible(window, url, enter, full):
    window.goto(url + "/login")
    assert_usable(window, "login")
    enter("admin", name="王芳")
    for name, address in full.items():
        window.goto(url + address)
        assert_usable(window, name)


def assert_usable(page: Page, name: str) -> None:
    """No sideways scrolling, and nothing that axe-core objects to."""
    from axe_playwright_python.sync_playwright import Axe  # slow to import, and used here alone

    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{name} is {wider} px too wide"
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"


def test_log_in_first_password_and_log_out(window, url, database):
    made = database.call(staff.add_user, "wang", "operator", name="王芳", now=utcnow())
    window.goto(url)
    window.get_by_label("登录名").fill("wang")
    window.get_by_label("密码").fill(made.password)
    window.get_by_role("button", name="登录").click()
    expect(window.get_by_role("heading", name="请先换一个自己的密码")).to_be_visible()
    window.get_by_label("当前密码").fill(made.password)
    window.get_by_label("新密码", exact=True).fill(PASSWORD)
    window.get_by_label("再输入一次新密码").fill(PASSWORD)
    window.get_by_role("button", name="保存新密码").click()
    expect(window.get_by_role("heading", name="值守", exact=True)).to_be_visible()
    open_menu(window)
    window.get_by_role("button", name="退出").click()
    expect(window.get_by_role("heading", name="登录")).to_be_visible()


def open_menu(page: Page) -> None:
    """On a phone the navigation is behind a button."""
    toggler = page.get_by_role("button", name="打开菜单")
    if toggler.is_visible():
        toggler.click()
        expect(page.locator("#menu.show")).to_be_visible()


def test_take_over_reply_and_give_back(window, url, enter, rasa, database):
    seeds.talk(database, SENDER, "我要找人工")
    seeds.wait(database, SENDER)
    enter("operator", name="王芳")
    window.goto(url + "/desk")
    window.get_by_role("button", name="接管").click()
    box = window.get_by_label("回复居民")
    box.fill("您好，我是社区的王芳")
    box.press("Control+Enter")
    thread = window.get_by_role("log")
    expect(thread.get_by_text("您好，我是社区的王芳")).to_be_visible()
    expect(box).to_have_value("")
    seeds.talk(database, SENDER, "太好了")
    expect(thread.get_by_text("太好了")).to_be_visible()
    assert thread.get_by_text("您好，我是社区的王芳").count() == 1
    window.get_by_role("button", name="交还机器人").click()
    expect(window.get_by_text("已交还机器人")).to_be_visible()
    assert [event["event"] for _, event in rasa.events] == ["pause", "pause", "bot", "resume"]


def test_reply_is_kept_until_rasa_is_back(window, url, enter, rasa, database):
    session_id = seeds.wait(database, SENDER)
    enter("operator")
    window.goto(f"{url}/desk/{session_id}")
    window.get_by_role("button", name="接管会话").click()
    box = window.get_by_label("回复居民")
    rasa.down = True
    box.fill("马上给您查")
    window.get_by_role("button", name="发送").click()
    expect(window.get_by_role("alert")).to_contain_text("文字已为您保留")
    expect(window.get_by_label("回复居民")).to_have_value("马上给您查")
    rasa.down = False
    window.get_by_role("button", name="发送").click()
    expect(window.get_by_role("log").get_by_text("马上给您查")).to_be_visible()
    expect(window.get_by_role("alert")).to_have_count(0)


def test_queue_and_counts_move_without_reloading(window, url, enter, database):
    enter("operator")
    window.goto(url + "/desk")
    expect(window.get_by_text("没有人在等")).to_be_visible()
    alarm = seeds.alarm(database, "web:c1")
    expect(window.get_by_text(f"警报 {alarm.number}")).to_be_visible(timeout=10_000)
    expect(window.get_by_role("button", name="我来负责")).to_be_visible()
    window.reload()
    open_menu(window)
    expect(window.get_by_role("link", name="值守")).to_contain_text("1")


def test_alarm_from_first_sight_to_its_end(window, url, enter, rasa, database):
    alarm = seeds.alarm(database, "web:c1")
    enter("counsellor", name="陈静")
    window.goto(url + "/desk")
    window.get_by_role("button", name="我来负责").click()
    expect(window.get_by_role("log").get_by_text(seeds.DESPAIR)).to_be_visible()
    window.get_by_role("button", name="接管会话").click()
    window.get_by_label("处置结果").select_option("已有家人或朋友陪伴")
    window.get_by_role("button", name="结束警报").click()
    expect(window.get_by_text("警报已结束")).to_be_visible()
    expect(window.get_by_text(f"警报 {alarm.number}")).to_have_count(0)
    expect(window.get_by_role("button", name="已回访")).to_have_count(2)
    assert rasa.of("web:c1", "slot")[0]["value"] is False


def test_ticket_moves_on_with_a_reason(window, url, enter, database):
    number = seeds.ticket(database, SENDER)
    enter("operator", name="王芳")
    window.goto(url + "/tickets")
    window.get_by_role("link", name=number).click()
    window.get_by_role("button", name="取消工单").click()
    expect(window.get_by_role("alert")).to_contain_text("请写明原因")
    window.get_by_label("说明").fill("已联系物业，今天下午上门")
    window.get_by_role("button", name="受理", exact=True).click()
    expect(window.get_by_role("status")).to_contain_text("工单状态已更新")
    history = window.get_by_role("region", name="办理经过")
    expect(history.get_by_text("已联系物业，今天下午上门")).to_be_visible()
    expect(history.get_by_text("王芳")).to_be_visible()


def test_what_residents_write_is_never_run(window, url, enter, database):
    attack = "<script>document.title='pwned'</script><img src=x onerror=document.title='pwned'>\"'{{7*7}}"
    session_id = seeds.talk(database, SENDER, attack)
    seeds.wait(database, SENDER)
    number = seeds.ticket(database, SENDER, description=attack, name=attack, compound_text=attack, room=attack)
    enter("operator")
    addresses = ("/desk", f"/desk/{session_id}", "/conversations", f"/conversations/{session_id}", "/tickets")
    for address in (*addresses, f"/tickets/{number}", "/conversations?text=" + attack):
        window.goto(url + address)
        assert window.title() != "pwned"
        assert "{{7*7}}" in window.content()
        assert window.locator("img[onerror]").count() == 0
    assert database.call_reading(conversations.history, SENDER)[0].text == attack
