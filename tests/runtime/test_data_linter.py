"""Each check of the training data, on examples that break it and examples that don't."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.runtime import data_linter
from bot.runtime.training_data import Example, read_examples
from bot.settings import ROOT

BLOCK = """
nlu:
- intent: crisis
  metadata:
    category: depression_mood
    crisis: crisis
  examples: |
    - 撑不住了
"""


def example(text: str, category: str | None = "noise", crisis: str = "none", file: str = "data/nlu/a.yml") -> Example:
    return Example(file, text, "some_intent", category, crisis)


def test_committed_data_is_in_order() -> None:
    assert data_linter.lint(ROOT) == []


@pytest.mark.parametrize("text", ["谢谢[微笑][微笑]", "看这个[图](链接)", "[流泪]{好}"])
def test_brackets_that_rasa_eats(text: str) -> None:
    assert list(data_linter.brackets([example(text)]))


def test_single_sticker_is_left_alone() -> None:
    assert not list(data_linter.brackets([example("谢谢[微笑] [微笑]")]))


@pytest.mark.parametrize(
    ("other", "complains"),
    [
        (example("楼上太吵!", "fees"), True),
        (example("楼上太吵", "noise", "concern"), True),
        (example("楼上太吵。。", "noise"), False),
        (example("楼上不吵", "fees"), False),
    ],
)
def test_text_under_two_labels(other: Example, complains: bool) -> None:
    assert bool(list(data_linter.contradictions([example("楼上，太吵"), other]))) is complains


def test_signs_alone_are_no_contradiction() -> None:
    assert not list(data_linter.contradictions([example("👍", "affirm"), example("👎", "deny")]))


@pytest.mark.parametrize(
    ("other", "complains"),
    [
        (example("请问物业费一个平方收多少钱呢", "bill_payment"), True),
        (example("请问物业费一个平方收多少钱呢", "fees"), False),
        (example("请问物业费一个平方收多少钱呢", "fees", "crisis"), False),
        (example("请问车位一个月租金要多少钱", "parking_vehicle"), False),
    ],
)
def test_nearly_the_same_text_under_two_labels(other: Example, complains: bool) -> None:
    pair = [example("请问物业费一个平方收多少钱", "fees"), other]
    assert bool(list(data_linter.near_contradictions(pair))) is complains


def test_category_without_long_examples_is_named() -> None:
    complaints = list(data_linter.balance(example("短的", "fees") for _ in range(200)))
    assert [line for line in complaints if line.startswith("fees: ")] == [
        "fees: 0 examples of at least 60 characters, not 15"
    ]


def test_leak_of_a_held_out_message() -> None:
    kept_back = {data_linter.key("楼上漏水，快来人"): "chats.jsonl"}
    leaked = example("楼上漏水 快来人!")
    button = example("楼上漏水快来人", file=data_linter.BUTTONS)
    inside_a_form = example("楼上漏水快来人", category=None)
    assert len(list(data_linter.leaks([leaked, button, inside_a_form], kept_back))) == 1


def test_held_out_are_evaluation_sets_and_whole_messages_of_scripts(tmp_path: Path) -> None:
    scripts, sets = tmp_path / "tests/conversations/scripts", tmp_path / "tests/evaluation"
    scripts.mkdir(parents=True)
    sets.mkdir(parents=True)
    (scripts / "a.yml").write_text("- {name: x, turns: [{say: 你好}, {say: 我家厨房的水管爆了}]}", encoding="utf-8")
    (sets / "b.jsonl").write_text('{"text": "没水"}\n', encoding="utf-8")
    assert data_linter.held_out(tmp_path) == {"我家厨房的水管爆了": "a.yml", "没水": "b.jsonl"}


def test_examples_carry_their_block(tmp_path: Path) -> None:
    (tmp_path / "data/nlu").mkdir(parents=True)
    (tmp_path / "data/nlu.yml").write_text(BLOCK, encoding="utf-8")
    (found,) = read_examples(tmp_path)
    assert (found.file, found.label) == ("data/nlu.yml", "crisis/depression_mood/crisis")
