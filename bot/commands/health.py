"""What `doctor` looks at; every check answers with one line."""

from __future__ import annotations

import json
import shutil
import stat
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.commands import preparation, starting
from bot.community import contents, schema, staff
from bot.community.database import Database
from bot.problems import Problem
from bot.runtime import training
from bot.runtime.channel_settings import NEEDED, configured, missing
from bot.runtime.listening import check_free
from bot.runtime.workers import check_workers
from bot.settings import VAR, Settings, loopback

GOOD, WORTH_A_LOOK, FAILED = "good", "worth a look", "failed"
MARKS = {GOOD: "ok  ", WORTH_A_LOOK: "look", FAILED: "FAIL"}
ANSWER_SECONDS = 3


@dataclass(frozen=True)
class Finding:
    """What a check found; state is GOOD, WORTH_A_LOOK or FAILED."""

    subject: str
    state: str
    text: str


def checks(config: Settings) -> list[Callable[[], Finding]]:
    """All checks for these settings; none raises."""
    servers = (("rasa", config.rasa_port, "RASA_PORT"), ("console", config.console_port, "CONSOLE_PORT"))
    return [
        partial(_guarded, "settings", check_settings, config),
        partial(_guarded, "disk", check_disk, VAR),
        partial(_guarded, "secrets", check_secrets, VAR / "secrets"),
        partial(_guarded, "database", check_database, config),
        partial(_guarded, "model", check_model, config.model_dir),
        *(partial(_guarded, name, check_channel, config, name) for name in NEEDED),
        partial(_guarded, "redis", check_redis, config.redis_url),
        *(partial(_guarded, name, check_server, name, config.bind_host, port, var) for name, port, var in servers),
    ]


def check_settings(config: Settings) -> Finding:
    """Values that fit together."""
    check_workers(config)
    if config.public_url and not config.public_url.startswith("https://"):
        text = "PUBLIC_URL is not https: browsers will not keep the residents' sessions safe"
        return Finding("settings", WORTH_A_LOOK, text)
    return Finding("settings", GOOD, "the environment and .env can be read")


def check_disk(directory: Path) -> Finding:
    """Room for a while."""
    starting.check_disk(directory)
    return Finding("disk", GOOD, f"{shutil.disk_usage(directory).free / 2**30:.1f} GB free at {directory}")


def check_secrets(directory: Path) -> Finding:
    """Secrets that only this account can read."""
    exposed = [each.name for each in directory.glob("*") if stat.S_IMODE(each.stat().st_mode) & 0o077]
    if exposed:
        return Finding("secrets", FAILED, f"others can read {', '.join(exposed)}: chmod 600 {directory}/*")
    return Finding("secrets", GOOD, "readable by this account alone")


def check_database(config: Settings) -> Finding:
    """Reachable, at the newest version, with content and somebody to log in."""
    with preparation.opened(config) as database:
        if not schema.is_current(database.engine):
            return Finding("database", FAILED, "the tables are not up to date: python -m bot db upgrade")
        return _content(database)


def _content(database: Database) -> Finding:
    if database.call_reading(contents.is_empty):
        return Finding("database", WORTH_A_LOOK, "no content yet: python -m bot catalogue import data/catalogue")
    people = [user for user in database.call_reading(staff.list_users) if not user.disabled]
    if not people:
        return Finding("database", WORTH_A_LOOK, "nobody can log in: python -m bot users add NAME --role admin")
    return Finding("database", GOOD, f"in use, with {len(people)} accounts")


def check_model(directory: Path) -> Finding:
    """A model, and of the present data."""
    found = training.current_model(directory)
    if found is None:
        return Finding("model", FAILED, f"none in {directory}: python -m bot train")
    if found != training.model_path(directory):
        return Finding("model", WORTH_A_LOOK, f"{found.name} is older than the data: python -m bot train")
    return Finding("model", GOOD, found.name)


def check_channel(config: Settings, platform: str) -> Finding:
    """Wholly configured or not at all."""
    lacking = missing(config, platform)
    if lacking:
        return Finding(platform, FAILED, f"half configured: set {', '.join(lacking)}")
    return Finding(platform, GOOD, "configured" if configured(config, platform) else "not used")


def check_redis(url: str) -> Finding:
    """Reachable, where it is used."""
    if not url:
        return Finding("redis", GOOD, "not used")
    from redis import Redis, RedisError

    try:
        with Redis.from_url(url, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS) as client:
            client.ping()
    except (RedisError, ValueError) as error:
        return Finding("redis", FAILED, f"REDIS_URL does not answer: {error}")
    return Finding("redis", GOOD, "answers")


def check_server(name: str, host: str, port: int, setting: str) -> Finding:
    """Ours is running, or the port is free for it."""
    try:
        with urllib.request.urlopen(f"http://{loopback(host)}:{port}/healthz", timeout=ANSWER_SECONDS) as answer:
            ours = isinstance(json.load(answer), dict)
    except (OSError, ValueError):
        check_free(host, port, setting)
        return Finding(name, GOOD, f"not running; port {port} is free")
    if not ours:
        return Finding(name, FAILED, f"another program answers on port {port}: set {setting}")
    return Finding(name, GOOD, f"running on port {port}")


def _guarded(subject: str, check: Callable[..., Finding], *arguments: object) -> Finding:
    try:
        return check(*arguments)
    except Problem as problem:
        return Finding(subject, FAILED, str(problem))
