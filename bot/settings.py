"""Every setting of the product, from the environment and an optional `.env` file.

Nothing else in the project reads settings from `os.environ`. `docs/settings.md` is checked against this class.
Any setting may also stand in a file that `<NAME>_FILE` names, as container platforms hand out secrets.
"""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import BaseSettings, Field, SecretStr, ValidationError

from bot.problems import Problem

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"


class Settings(BaseSettings):
    """Typed settings; the field's upper-case name is the environment variable."""

    database_url: str = Field(f"sqlite:///{VAR / 'community.db'}", description="SQLAlchemy URL: SQLite or PostgreSQL")
    redis_url: str = Field("", description="locks and socket fan-out when there are several Rasa servers")
    bot_api_token: SecretStr = Field(SecretStr(""), description="token of Rasa's HTTP API, REST channel, triage API")
    secret_key: SecretStr = Field(SecretStr(""), description="signs web session ids and cookies")
    bind_host: str = Field("127.0.0.1", description="address that the servers listen on")
    rasa_port: int = Field(5005, description="port of the Rasa server")
    actions_port: int = Field(5055, description="port of a separate action server")
    console_port: int = Field(8080, description="port of the staff console")
    console_proxies: int = Field(0, description="reverse proxies before the console whose client address is believed")
    actions_url: str = Field("", description="URL of a separate action server; empty: actions run in process")
    rasa_url: str = Field("", description="URL at which the console reaches the Rasa server; empty: the local one")
    public_url: str = Field("", description="https address residents reach the web chat at; empty: plain local use")
    rasa_workers: int = Field(1, description="Rasa server processes; more than one needs REDIS_URL")
    model_dir: Path = Field(ROOT / "models", description="directory of the trained models")
    media_dir: Path = Field(VAR / "media", description="directory of photos and voice messages")
    triage_now: str = Field("", description="ISO moment that relative times count from (evaluation)")
    session_minutes: int = Field(120, description="a conversation's session ends after so many quiet minutes")
    bot_patches_off: str = Field("", description="speed-ups of Rasa to leave out: names, comma-separated, or all")
    sms_url: str = Field("", description="gateway that codes to phones are posted to; empty: they stand in the log")
    sms_token: SecretStr = Field(SecretStr(""), description="bearer token of that gateway")
    wechat_token: SecretStr = Field(SecretStr(""), description="callback token of the Official Account")
    wechat_app_id: str = Field("", description="AppID of the Official Account")
    wechat_app_secret: SecretStr = Field(SecretStr(""), description="AppSecret of the Official Account")
    wechat_aes_key: SecretStr = Field(SecretStr(""), description="EncodingAESKey, 43 characters; empty: plain mode")
    wechat_previous_aes_key: SecretStr = Field(SecretStr(""), description="EncodingAESKey before a change, still good")
    wechat_account_kind: str = Field(
        "service_verified",
        description="service_verified, service_unverified, subscription_verified or subscription_unverified",
    )
    wechat_fresh_seconds: int = Field(600, description="how far a callback's timestamp may be off; 0: any")
    wechat_answer_seconds: float = Field(4.5, description="latest moment of a passive reply; the platform waits 5 s")
    wechat_buttons: str = Field("links", description="buttons as tappable links, or as text to type")
    wechat_token_kind: str = Field("stable", description="access token of stable_token, or classic")
    wechat_messages_per_window: int = Field(5, description="messages allowed within 48 h of a resident's own")
    wechat_template_id: str = Field("", description="template message for news outside the 48 h; empty: none")
    wechat_template_field: str = Field("thing1", description="the key of that template that carries the text")
    wechat_speech_url: str = Field("", description="service that turns voice into text (POST audio, answers text)")
    wechat_api_base: str = Field("https://api.weixin.qq.com", description="address of the Official Account API")
    wecom_corp_id: str = Field("", description="CorpID of the WeCom company")
    wecom_agent_id: str = Field("", description="AgentId of the WeCom application")
    wecom_secret: SecretStr = Field(SecretStr(""), description="secret of the WeCom application")
    wecom_token: SecretStr = Field(SecretStr(""), description="callback token of the WeCom application")
    wecom_aes_key: SecretStr = Field(SecretStr(""), description="EncodingAESKey of the WeCom application")
    wecom_api_base: str = Field("https://qyapi.weixin.qq.com", description="address of the WeCom API")

    class Config:
        env_file = ROOT / ".env"
        env_file_encoding = "utf-8"

        @classmethod
        def customise_sources(cls, init_settings: Any, env_settings: Any, file_secret_settings: Any) -> tuple[Any, ...]:
            return init_settings, env_settings, _from_named_files

    def local_rasa_url(self) -> str:
        """Address at which this machine's other processes reach the Rasa server."""
        return self.rasa_url or f"http://{loopback(self.bind_host)}:{self.rasa_port}"


def loopback(host: str) -> str:
    """The address to connect to when a server listens on `host`."""
    return "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 (compared, not bound)


def kept_secret(name: str, directory: Path = VAR) -> str:
    """The secret kept in `directory/name`, made on first use with mode 0600; one winner when processes race."""
    path = directory / "secrets" / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with open(path, "x", opener=_private) as file:
            file.write(secrets.token_urlsafe(32))
    except FileExistsError:
        pass
    return path.read_text().strip()


def _from_named_files(settings: BaseSettings) -> dict[str, str]:
    """The settings whose value stands in the file that <NAME>_FILE names. Raises Problem."""
    environment = {**dotenv_values(ROOT / ".env"), **os.environ}
    found = {}
    for name in settings.__fields__:
        path = environment.get(f"{name.upper()}_FILE")
        if path:
            try:
                found[name] = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise Problem(f"{name.upper()}_FILE names {path}, which cannot be read: {error}") from error
    return found


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def read() -> Settings:
    """The settings as they are set, read anew. Raises Problem that names every bad one."""
    try:
        return Settings.parse_obj({})
    except ValidationError as error:
        wrong = [f"{str(each['loc'][0]).upper()} ({each['msg']})" for each in error.errors()]
        raise Problem(f"bad setting in the environment or .env: {'; '.join(wrong)}") from error


@lru_cache(maxsize=1)
def load() -> Settings:
    """The settings of this process, read once; unset secrets are made and kept under `var/`. Raises Problem."""
    settings = read()
    for name in ("bot_api_token", "secret_key"):
        if not getattr(settings, name).get_secret_value():
            object.__setattr__(settings, name, SecretStr(kept_secret(name)))
    return settings
