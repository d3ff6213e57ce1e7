"""Which platforms are configured, and what a half-configured one lacks."""

from __future__ import annotations

from pydantic import SecretStr

from bot.problems import Problem
from bot.settings import Settings

# Everything a platform needs to work; what else its settings hold is optional.
NEEDED = {
    "wechat": ("wechat_token", "wechat_app_id", "wechat_app_secret"),
    "wecom": ("wecom_corp_id", "wecom_agent_id", "wecom_secret", "wecom_token", "wecom_aes_key"),
}
OPTIONAL = {"wechat": ("wechat_aes_key",), "wecom": ()}


def configured(settings: Settings, platform: str) -> bool:
    """Whether everything that the platform needs is set."""
    return not missing(settings, platform) and bool(_value(settings, NEEDED[platform][0]))


def missing(settings: Settings, platform: str) -> list[str]:
    """Environment variables that are missing although others of the platform are set."""
    names = NEEDED[platform]
    if not any(_value(settings, name) for name in names + OPTIONAL[platform]):
        return []
    return [name.upper() for name in names if not _value(settings, name)]


def check(settings: Settings) -> None:
    """Raises Problem that names what a half-configured platform lacks."""
    for platform in NEEDED:
        lacking = missing(settings, platform)
        if lacking:
            raise Problem(
                f"the {platform} channel is only half configured: set {', '.join(lacking)} as well, "
                f"or unset every {platform.upper()}_* setting"
            )


def _value(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    return value.get_secret_value() if isinstance(value, SecretStr) else value
