"""Writes docs/settings.md from bot/settings.py: python scripts/settings_tables.py"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic import SecretStr

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.settings import VAR, Settings  # noqa: E402

DOCUMENT = ROOT / "docs" / "settings.md"
INTRODUCTION = """# Settings

Every setting is an environment variable; all are optional. A `.env` file beside the Makefile is read as well, and the
environment goes before it. `python -m bot doctor` says whether they fit together.

Any setting may also stand in a file that `<NAME>_FILE` names, such as `BOT_API_TOKEN_FILE=/run/secrets/bot_api_token`,
which is how docker-compose.yml hands out secrets. `BOT_API_TOKEN` and `SECRET_KEY` are made on the first start and kept
in `var/secrets/` with mode 0600 when they are unset.

A platform is used when everything it needs is set. Set by half, the server refuses to start and names what is missing.
WeChat needs `WECHAT_TOKEN`, `WECHAT_APP_ID` and `WECHAT_APP_SECRET`; WeCom needs all but `WECOM_API_BASE`.

The tables are written by `python scripts/settings_tables.py`, and `make test` compares them with `bot/settings.py`.
"""
GROUPS = {
    "The product": ("database_url", "redis_url", "bot_api_token", "secret_key", "m", "session_"),
    "Addresses": ("bind_", "rasa_", "public_", "actions_", "console_"),
    "WeChat Official Account": ("wechat_",),
    "WeCom": ("wecom_",),
    "Text messages": ("sms_",),
    "For measuring and finding faults": ("",),
}


def tables() -> str:
    """The page as it should be."""
    return INTRODUCTION + "".join(_group(title, names) for title, names in _grouped())


def shown(default: object) -> str:
    """A default as the tables have it."""
    value = default.get_secret_value() if isinstance(default, SecretStr) else default
    text = str(value).replace(str(VAR), "var").replace(f"{ROOT}/", "")
    return f"`{text}`" if text else "unset"


def _grouped() -> Iterator[tuple[str, list[str]]]:
    left = list(Settings.__fields__)
    for title, prefixes in GROUPS.items():
        names = [name for name in left if name.startswith(prefixes)]
        left = [name for name in left if name not in names]
        yield title, names


def _group(title: str, names: list[str]) -> str:
    rows = "".join(f"| `{name.upper()}` | {_cells(name)} |\n" for name in names)
    return f"\n## {title}\n\n| variable | default | meaning |\n| --- | --- | --- |\n{rows}"


def _cells(name: str) -> str:
    field = Settings.__fields__[name]
    return f"{shown(field.default)} | {field.field_info.description}"


if __name__ == "__main__":
    DOCUMENT.write_text(tables(), encoding="utf-8")
