"""Settings: from the environment, from files, and in docs/settings.md."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from bot import settings
from bot.problems import Problem
from bot.settings import ROOT, Settings, kept_secret


def test_value_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("from a file\n")
    monkeypatch.setenv("BOT_API_TOKEN_FILE", str(tmp_path / "token"))
    assert settings.read().bot_api_token.get_secret_value() == "from a file"


def test_environment_goes_before_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "port").write_text("1111")
    monkeypatch.setenv("RASA_PORT_FILE", str(tmp_path / "port"))
    monkeypatch.setenv("RASA_PORT", "2222")
    assert settings.read().rasa_port == 2222


def test_unreadable_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY_FILE", "/does/not/exist")
    with pytest.raises(Problem, match="SECRET_KEY_FILE names /does/not/exist"):
        settings.read()


def test_all_bad_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASA_PORT", "many")
    monkeypatch.setenv("SESSION_MINUTES", "long")
    with pytest.raises(Problem, match=r"RASA_PORT \(.*SESSION_MINUTES \("):
        settings.read()


def test_secrets_do_not_show_in_messages() -> None:
    assert "hidden" not in repr(Settings(_env_file=None, wechat_token="hidden", sms_token="hidden"))


def test_secret_is_made_once_and_private(tmp_path: Path) -> None:
    first = kept_secret("token", tmp_path)
    assert kept_secret("token", tmp_path) == first
    assert len(first) > 30
    assert (tmp_path / "secrets" / "token").stat().st_mode & 0o777 == 0o600


def test_documents_have_every_setting_as_it_is() -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "settings_tables.py"))
    assert script["DOCUMENT"].read_text(encoding="utf-8") == script["tables"](), "run scripts/settings_tables.py"
    assert all(f"| `{name.upper()}` |" in script["tables"]() for name in Settings.__fields__)
