"""Section 4.7: the menu below the chat."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.channels.wechat.api import WeChatApi
from bot.channels.wechat.errors import ApiError
from bot.channels.wechat.menu import menu_of
from bot.channels.wechat.words import content
from bot.community.database import Database
from bot.problems import Problem
from tests.channels.wechat.platform import Account, Platform


async def set_menu(account: Account, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'menu.db'}", synchronous="OFF")
    database.create_all()
    async with Platform("", account) as platform:
        api = WeChatApi(account.app_id, account.secret, database, base=platform.api_base)
        try:
            await api.create_menu(menu_of(content()["menu"]))
        finally:
            await api.close()


async def test_menu_of_the_file_is_accepted(tmp_path: Path) -> None:
    await set_menu(Account(), tmp_path)


async def test_account_without_the_right_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ApiError, match="48001"):
        await set_menu(Account(kind="subscription", verified=False), tmp_path)


@pytest.mark.parametrize(
    ("entries", "wrong"),
    [
        ([], "0 entries"),
        ([{"name": "a", "key": "k"}] * 4, "4 entries"),
        ([{"name": "很长很长的名字", "key": "k"}], "16 bytes"),
        ([{"name": "a", "entries": [{"name": "b", "key": "k"}] * 6}], "at most 5"),
        ([{"name": "a", "entries": [{"name": "好" * 21, "key": "k"}]}], "60 bytes"),
        ([{"name": "a", "key": "k" * 129}], "128 bytes"),
    ],
)
def test_menu_beyond_the_limits_is_refused_before_the_call(entries: list[dict[str, Any]], wrong: str) -> None:
    with pytest.raises(Problem, match=wrong):
        menu_of(entries)


def test_address_is_a_view_entry() -> None:
    menu = menu_of([{"name": "网页", "url": "https://example.org"}])
    assert menu == {"button": [{"type": "view", "name": "网页", "url": "https://example.org"}]}
