"""`python -m bot serve`: everything from a fresh clone to a running product, until Ctrl-C.

The preparation runs in a process of its own: it needs the whole core and perhaps a training, the supervisor only waits.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from urllib.parse import urlsplit

import typer

from bot import settings
from bot.commands import starting
from bot.commands.readiness import when_ready
from bot.runtime.parenthood import PARENT
from bot.runtime.process_log import ProcessLog
from bot.runtime.supervisor import ProcessSpec, Supervisor, own_process
from bot.settings import Settings, loopback

app = typer.Typer()

LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


@app.command()
def serve() -> None:
    """Prepare database, content, model and first account, then serve until Ctrl-C or SIGTERM."""
    config = settings.load()
    starting.check(config, local_actions=has_local_actions(config))
    news = prepare()
    specs = processes(config)
    log = ProcessLog([spec.name for spec in specs])
    sys.exit(asyncio.run(_serve(config, Supervisor(specs, log), news)))


def prepare() -> list[str]:
    """Run `python -m bot prepare`; returns what it prints. Ends this process with its code when it fails."""
    environment = {**os.environ, PARENT: str(os.getpid())}
    command = own_process("prepare").command
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 (ours)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout.splitlines()


def processes(config: Settings) -> list[ProcessSpec]:
    """What runs: an action server only where ACTIONS_URL points to this machine's ACTIONS_PORT."""
    names = ["rasa", "console", "dispatcher"]
    return [own_process(name) for name in (["actions", *names] if has_local_actions(config) else names)]


def has_local_actions(config: Settings) -> bool:
    """Whether the action server that ACTIONS_URL names is ours to start."""
    address = urlsplit(config.actions_url)
    return address.port == config.actions_port and address.hostname in (*LOCAL_HOSTS, config.bind_host)


async def _serve(config: Settings, supervisor: Supervisor, news: list[str]) -> int:
    announcing = asyncio.create_task(_announce(config, news))
    try:
        return await supervisor.run()
    finally:
        announcing.cancel()


async def _announce(config: Settings, news: list[str]) -> None:
    rasa = f"http://{loopback(config.bind_host)}:{config.rasa_port}"
    console = f"http://{loopback(config.bind_host)}:{config.console_port}"
    await when_ready([f"{rasa}/healthz", f"{console}/healthz"])
    lines = [f"chat      {config.public_url or rasa}/chat", f"console   {console}/", *news, "Ctrl-C stops everything"]
    typer.echo("\n" + "\n".join(f"  {line}" for line in lines) + "\n")
