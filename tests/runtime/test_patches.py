from __future__ import annotations

import logging

import pytest

from bot.runtime import means, patches
from bot.runtime.action_validation import _validate_action_result
from bot.runtime.patches import Patch, source_hash


class Library:
    def answer(self) -> str:
        return "slow"

    @staticmethod
    def shared() -> str:
        return "slow"


def fast(*_: object) -> str:
    return "fast"


SLOW = source_hash(Library.answer)


@pytest.fixture
def library() -> type[Library]:
    return type("Fresh", (Library,), dict(vars(Library)))


def patch_of(library: type[Library], *, attribute: str = "answer", sha256: str = SLOW) -> Patch:
    return Patch("faster", library, attribute, fast, sha256)


def test_known_source_is_replaced_and_twice_does_no_harm(library: type[Library]) -> None:
    wanted = [patch_of(library)]
    assert patches.apply(wanted) == patches.apply(wanted) == ["faster"]
    assert library().answer() == "fast"


def test_unknown_source_stays_and_is_reported(library: type[Library], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert patches.apply([patch_of(library, sha256="another")]) == []
    assert library().answer() == "slow"
    assert "faster" in caplog.text


@pytest.mark.parametrize("off", ["faster", "other, faster", "all"])
def test_switched_off(library: type[Library], off: str) -> None:
    assert patches.apply([patch_of(library)], off=off) == []
    assert library().answer() == "slow"


def test_static_method_stays_static(library: type[Library]) -> None:
    patches.apply([patch_of(library, attribute="shared", sha256=source_hash(Library.shared))])
    assert library().shared() == library.shared() == "fast"


def test_every_means_fits_the_installed_rasa() -> None:
    assert sorted(means.speed_up()) == sorted(patch.name for patch in means.ALL)


@pytest.mark.parametrize(
    "result",
    [
        {},
        {"events": [], "responses": []},
        {
            "events": [{"event": "slot", "name": "room", "value": "501", "timestamp": None}],
            "responses": [{"text": "好"}],
        },
        {"events": [{"event": "active_loop", "name": None}]},
        {"events": [{"event": "followup", "name": "action_listen"}]},
    ],
)
def test_right_action_results_pass(result: dict[str, object]) -> None:
    assert _validate_action_result(None, result)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "result",
    [
        [],
        {"events": {}},
        {"responses": ["好"]},
        {"events": [{"event": "slot", "value": "501"}]},
        {"events": [{"event": "unheard_of"}]},
        {"events": [{"name": "room", "value": "501"}]},
        {"events": [{"event": "slot", "name": "room", "value": "501", "timestamp": "noon"}]},
    ],
)
def test_wrong_action_results_are_rasas_error(result: object) -> None:
    from jsonschema import ValidationError

    with pytest.raises(ValidationError):
        _validate_action_result(None, result)  # type: ignore[arg-type]
