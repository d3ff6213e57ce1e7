"""What `python -m bot rasa` runs: the Rasa server with its stores, actions and channels, built before it forks."""

from __future__ import annotations

from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic

from bot import settings, wiring
from bot.problems import Problem
from bot.runtime import channels, recovery, training
from bot.runtime.actions import InProcessActions, RemoteActions
from bot.runtime.channel_settings import check
from bot.runtime.listening import BACKLOG, listen
from bot.runtime.server import build_agent, build_app, lock_store, prepare
from bot.runtime.workers import check_workers, follow_in_workers
from bot.settings import Settings
from bot.store import ConversationStore

GRACE_SECONDS = 3.0  # for turns in work and open sockets; a supervisor kills a little later


def run() -> None:
    """Serve until SIGTERM or SIGINT. Raises Problem."""
    config = settings.load()
    check(config)
    check_workers(config)
    listener = listen(config.bind_host, config.rasa_port, "RASA_PORT")
    prepare(config.bot_patches_off)
    app = make_app(config)
    app.run(sock=listener, workers=config.rasa_workers, backlog=BACKLOG, motd=False, access_log=False)


def make_app(config: Settings) -> Sanic:
    """The whole application for these settings. Raises Problem."""
    model = training.current_model(config.model_dir)
    if model is None:
        raise Problem(f"there is no model in {config.model_dir}: run `python -m bot train` (make train)")
    database = wiring.database()
    store = ConversationStore(database)
    agent = build_agent(model, store, lock_store(config.redis_url), action_endpoint(config))
    inputs = channels.build(config, database)
    app = build_app(agent, database, inputs, config.bot_api_token.get_secret_value())
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = GRACE_SECONDS
    recovery.install(app, database, sole_server=config.rasa_workers == 1)
    follow_in_workers(app)
    # Connections made until now must not be shared with the workers forked from here.
    database.engine.dispose()
    return app


def action_endpoint(config: Settings) -> EndpointConfig:
    """The custom actions: in this process, or at ACTIONS_URL."""
    if config.actions_url:
        return RemoteActions(config.actions_url.rstrip("/"), config.bot_api_token.get_secret_value())
    return InProcessActions("actions")
