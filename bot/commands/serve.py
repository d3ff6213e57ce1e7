"""`python -m bot serve`: everything from a fresh clone to a running product, until Ctrl-C."""

from __future__ import annotations

import asyncio
import sys
from urllib.parse import urlsplit

import typer

from bot import settings
from bot.commands import preparation
from bot.commands.readiness import when_ready
from bot.commands.steps import Steps
from bot.runtime.process_log import ProcessLog
from bot.runtime.quiet import silence_libraries
from bot.runtime.supervisor import ProcessSpec, Supervisor, own_process
from bot.settings import Settings, loopback

app = typer.Typer()

LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


@app.command()
def serve() -> None:
    """Prepare database, content, model and first account, then serve until Ctrl-C or SIGTERM."""
    silence_libraries()
    config = settings.load()
    preparation.check(config, local_actions=has_local_actions(config))
    with Steps() as steps:
        account = preparation.prepare(config, steps)
    specs = processes(config)
    log = ProcessLog([spec.name for spec in specs])
    sys.exit(asyncio.run(_serve(config, Supervisor(specs, log), account)))


def processes(config: Settings) -> list[ProcessSpec]:
    """What runs: an action server only where ACTIONS_URL points to this machine's ACTIONS_PORT."""
    names = ["rasa", "console", "dispatcher"]
    return [own_process(name) for name in (["actions", *names] if has_local_actions(config) else names)]


def has_local_actions(config: Settings) -> bool:
    """Whether the action server that ACTIONS_URL names is ours to start."""
    address = urlsplit(config.actions_url)
    return address.port == config.actions_port and address.hostname in (*LOCAL_HOSTS, config.bind_host)


async def _serve(config: Settings, supervisor: Supervisor, account: preparation.Account | None) -> int:
    announcing = asyncio.create_task(_announce(config, account))
    try:
        return await supervisor.run()
    finally:
        announcing.cancel()


async def _announce(config: Settings, account: preparation.Account | None) -> None:
    rasa = f"http://{loopback(config.bind_host)}:{config.rasa_port}"
    console = f"http://{loopback(config.bind_host)}:{config.console_port}"
    await when_ready([f"{rasa}/healthz", f"{console}/healthz"])
    lines = [f"chat      {config.public_url or rasa}/chat", f"console   {console}/"]
    if account:
        lines.append(account.announcement())
    typer.echo("\n" + "\n".join(f"  {line}" for line in [*lines, "Ctrl-C stops everything"]) + "\n")
