"""A running console on a small community, with a stand-in for Rasa, and browsers that are logged in."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.community.catalogue_files import import_files
from bot.community.database import Database
from bot.console.app import build_app
from bot.console.sessions import LOGIN, Signer
from bot.settings import Settings
from tests.console import seeds
from tests.console.fake_rasa import FakeRasa
from tests.console.running import Running
from tests.console.visitor import Visitor

CONTENT = Path(__file__).parents[1] / "community" / "content"
TOKEN = "rasa-token"


@pytest.fixture(scope="session")
def filled_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the small catalogue, copied for each test."""
    path = tmp_path_factory.mktemp("console") / "template.db"
    template = Database(f"sqlite:///{path}", synchronous="OFF")
    template.create_all()
    assert template.call(import_files, [CONTENT]).errors == []
    template.dispose()
    return path


@pytest.fixture
def database(filled_template: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "community.db"
    shutil.copy(filled_template, path)
    database = Database(f"sqlite:///{path}", synchronous="OFF")
    yield database
    database.dispose()


@pytest.fixture
def rasa(database: Database) -> FakeRasa:
    return FakeRasa(database, TOKEN)


@pytest.fixture
def settings(database: Database, rasa: FakeRasa, tmp_path: Path) -> Iterator[Settings]:
    with Running(rasa.app()) as rasa_url:
        yield Settings(
            database_url=database.url,
            secret_key="a secret of the tests",
            bot_api_token=TOKEN,
            rasa_url=rasa_url,
            media_dir=tmp_path,
            console_proxies=0,
        )


@pytest.fixture
def url(settings: Settings, database: Database) -> Iterator[str]:
    """Where the console is served."""
    with Running(build_app(settings, database)) as url:
        yield url


class Staff:
    """Makes members of the staff who are logged in."""

    def __init__(self, database: Database, settings: Settings, url: str, visitors: AsyncExitStack) -> None:
        self._database = database
        self._signer = Signer(settings.secret_key.get_secret_value())
        self._url = url
        self._visitors = visitors

    async def __call__(self, role: str, login: str = "", **values: object) -> Visitor:
        staff_id, token = seeds.log_in_token(self._database, login or role, role, **values)
        visitor = await self._visitors.enter_async_context(Visitor(self._url))
        visitor.staff_id = staff_id
        visitor.set_cookie(LOGIN, self._signer.seal(LOGIN, token))
        return visitor


@pytest.fixture
async def logged_in(database: Database, settings: Settings, url: str) -> AsyncIterator[Staff]:
    """await logged_in("operator") is a visitor with that role."""
    async with AsyncExitStack() as visitors:
        yield Staff(database, settings, url, visitors)


@pytest.fixture
async def stranger(url: str) -> AsyncIterator[Visitor]:
    """A visitor who is not logged in."""
    async with Visitor(url) as visitor:
        yield visitor
