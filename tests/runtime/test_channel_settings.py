"""A half-configured platform names what it lacks."""

from __future__ import annotations

from typing import Any

import pytest

from bot.problems import Problem
from bot.runtime.channel_settings import NEEDED, check, configured
from bot.settings import Settings


def settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)


@pytest.mark.parametrize("platform", NEEDED)
def test_nothing_set_is_not_configured_and_no_problem(platform: str) -> None:
    check(settings())
    assert not configured(settings(), platform)


@pytest.mark.parametrize("platform", NEEDED)
def test_everything_needed_is_configured(platform: str) -> None:
    complete = settings(**dict.fromkeys(NEEDED[platform], "x"))
    check(complete)
    assert configured(complete, platform)


@pytest.mark.parametrize(("platform", "name"), [(p, name) for p, names in NEEDED.items() for name in names])
def test_missing_setting_is_named(platform: str, name: str) -> None:
    rest = [each for each in NEEDED[platform] if each != name]
    with pytest.raises(Problem, match=rf"set {name.upper()} as well"):
        check(settings(**dict.fromkeys(rest, "x")))


def test_optional_setting_alone_is_half_configured() -> None:
    with pytest.raises(Problem, match="WECHAT_TOKEN, WECHAT_APP_ID, WECHAT_APP_SECRET"):
        check(settings(wechat_aes_key="k" * 43))
