"""`python -m bot wechat …`: what is set up once for the Official Account."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import typer

from bot import settings
from bot.channels.wechat import abilities
from bot.channels.wechat.api import WeChatApi
from bot.channels.wechat.errors import ApiError
from bot.channels.wechat.menu import menu_of
from bot.channels.wechat.words import FILE, content
from bot.community.database import Database
from bot.problems import Problem
from bot.runtime.channel_settings import check, configured

app = typer.Typer(help="The WeChat Official Account.", no_args_is_help=True)


@app.command()
def menu() -> None:
    """Replace the menu below the chat by the one in data/wechat.yml. Example: python -m bot wechat menu"""
    wanted = menu_of(content()["menu"])
    kind = settings.load().wechat_account_kind
    if not abilities.KINDS[kind].menu:
        raise Problem(f"an account of kind {kind} can't set its menu by API: use the console of the platform")
    _call(lambda api: api.create_menu(wanted))
    typer.echo(f"The menu of {FILE.name} is set; phones show it within five minutes.")


@app.command()
def status() -> None:
    """Try the credentials and say what the account can't do. Example: python -m bot wechat status"""
    config = settings.load()

    async def ask(api: WeChatApi) -> None:
        addresses = await api.callback_addresses()
        typer.echo(f"The account {config.wechat_app_id} answers; callbacks come from {len(addresses)} addresses.")

    _call(ask)
    for sentence in abilities.KINDS[config.wechat_account_kind].missing():
        typer.echo(f"Not possible for {config.wechat_account_kind}: {sentence}")


def _call(work: Callable[[WeChatApi], Awaitable[None]]) -> None:
    """Do something with the configured account. Raises Problem with what to do."""
    config = settings.load()
    check(config)
    if not configured(config, "wechat"):
        raise Problem("the WeChat channel is not configured: set WECHAT_TOKEN, WECHAT_APP_ID and WECHAT_APP_SECRET")
    asyncio.run(_with_api(config, work))


async def _with_api(config: settings.Settings, work: Callable[[WeChatApi], Awaitable[None]]) -> None:
    database = Database(config.database_url)
    api = WeChatApi(
        config.wechat_app_id,
        config.wechat_app_secret.get_secret_value(),
        database,
        base=config.wechat_api_base,
        stable=config.wechat_token_kind == "stable",  # noqa: S105
    )
    try:
        await work(api)
    except ApiError as error:
        raise Problem(f"the platform refused: {error}") from None
    finally:
        await api.close()
        database.dispose()
