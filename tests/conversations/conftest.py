from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot import settings
from bot.runtime import training
from tests.conversations.server import Resident, Server, running


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server with the real trained model for all conversations; residents don't know each other."""
    if training.current_model(settings.load().model_dir) is None:
        pytest.skip("there is no trained model: make train")
    with running(tmp_path_factory.mktemp("conversations")) as started:
        yield started


@pytest.fixture
def resident(server: Server) -> Resident:
    return Resident(server)
