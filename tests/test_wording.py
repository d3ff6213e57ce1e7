"""Every message of domain.yml and every fragment of data/phrases.yml is used, filled in, and well said."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from rasa_sdk.utils import all_subclasses

from actions.forms import asking  # noqa: F401 (defines the forms)
from actions.forms.form import ResidentForm
from bot.settings import ROOT

CODE = [path for folder in ("actions", "bot") for path in sorted((ROOT / folder).rglob("*.py"))]
TREES = [ast.parse(path.read_text(encoding="utf-8")) for path in CODE]
RESPONSES: dict[str, list[dict[str, Any]]] = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["responses"]
TEXTS = [(name, variant["text"]) for name, variants in RESPONSES.items() for variant in variants]
RULES = "".join((ROOT / "data" / name).read_text("utf-8") for name in ("rules.yml", "stories.yml"))
LONGEST = 120
NO_VALUES = {"response", "buttons", "image", "json_message", "attachment"}
BUREAUCRATIC = "敬请|特此|予以|谅解|尊敬的|贵单位|办理完毕|为您服务|给您带来不便|系统繁忙|请稍后再试|感谢您的来电"
SPEAKS_ENGLISH_TOO = {"utter_foreign_language"}  # to those who read no Chinese
PICTURE = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def pattern(node: ast.expr) -> str | None:
    """What a string in the code can be: exactly this, or this with anything put in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in node.values)
    return None


def strings(node: ast.AST) -> set[str]:
    """Patterns of the strings in the code below; what is put into an f-string is no string of its own."""
    found = pattern(node) if isinstance(node, ast.expr) else None
    if found is not None:
        return {found}
    return set().union(*(strings(child) for child in ast.iter_child_nodes(node)))


def speech(node: ast.AST) -> set[str]:
    return {name for name in strings(node) if name.startswith("utter_")}


def named_responses(scope: ast.AST, name: str) -> set[str]:
    """What a variable that holds a response's name can be."""
    assignments = (each for each in ast.walk(scope) if isinstance(each, ast.Assign))
    values = (each.value for each in assignments if any(getattr(to, "id", "") == name for to in each.targets))
    return set().union(*map(speech, values))


def spoken() -> Iterator[tuple[set[str], set[str] | None]]:
    """For every call that speaks: the names it may say, and the values it fills in (None: a form's summary)."""
    for tree in TREES:
        functions = (each for each in ast.walk(tree) if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)))
        for function in functions:
            for call in ast.walk(function):
                said = said_by(call)
                if said is None:
                    continue
                given = {each.arg for each in call.keywords}
                names = speech(said)
                if isinstance(said, ast.Name):
                    names = named_responses(function, said.id) or named_responses(tree, said.id)
                yield names, (None if None in given else given - NO_VALUES)


def said_by(call: ast.AST) -> ast.expr | None:
    """The argument that names the response, where this is a call that speaks."""
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
        return None
    if call.func.attr == "generate" and call.args:
        return call.args[0]
    named = {each.arg: each.value for each in call.keywords}
    return named.get("response") if call.func.attr == "utter_message" else None


SPOKEN = list(spoken())


def values_for(name: str) -> list[set[str] | None]:
    """What each call gives that says this response by its name, or by a part of it where none does."""
    exact = [values for names, values in SPOKEN if name in names]
    return exact or [values for names, values in SPOKEN if any(re.fullmatch(each, name) for each in names)]


@pytest.mark.parametrize("name", RESPONSES)
def test_response_is_used(name: str) -> None:
    elsewhere = any(re.fullmatch(each, name) for tree in TREES for each in speech(tree))
    assert elsewhere or f"action: {name}\n" in RULES


@pytest.mark.parametrize("name", sorted({name for names, _ in SPOKEN for name in names if "+" not in name}))
def test_response_that_is_spoken_exists(name: str) -> None:
    assert name in RESPONSES


@pytest.mark.parametrize(("name", "text"), TEXTS)
def test_values_of_a_response_are_given_by_who_speaks_it(name: str, text: str) -> None:
    wanted = placeholders(text)
    if f"action: {name}\n" in RULES:
        assert not wanted
    for values in values_for(name):
        if values is None:
            (form,) = [each for each in all_subclasses(ResidentForm) if f"utter_summary_{each.form}" == name]
            values = {field.name for field in form.fields}
        assert wanted <= values


@pytest.mark.parametrize(("name", "text"), TEXTS)
def test_response_is_short_polite_and_plain(name: str, text: str) -> None:
    assert len(text) <= LONGEST
    assert "你" not in text
    assert not re.search(BUREAUCRATIC, text)
    assert not PICTURE.search(text)
    assert text.count("！") <= 1
    if name not in SPEAKS_ENGLISH_TOO:
        assert not re.search("[A-Za-z]", re.sub(r"\{\w+\}", "", text)), "no English words"


@pytest.mark.parametrize("name", RESPONSES)
def test_button_says_what_it_sends(name: str) -> None:
    for variant in RESPONSES[name]:
        buttons = variant.get("buttons", [])
        assert len(buttons) <= 5
        assert all(each["title"] == each["payload"] for each in buttons)


def leaves(content: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in content.items():
        yield from leaves(value, f"{before}{key}.") if isinstance(value, dict) else [(before + key, str(value))]


PHRASES = dict(leaves(yaml.safe_load((ROOT / "data" / "phrases.yml").read_text("utf-8"))))
KEYS = {
    key
    for tree in TREES
    for call in ast.walk(tree)
    if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) == "phrase" and call.args
    for key in strings(call.args[0])
}


@pytest.mark.parametrize("key", PHRASES)
def test_phrase_is_used(key: str) -> None:
    assert any(re.fullmatch(each, key) for each in KEYS)


@pytest.mark.parametrize("key", sorted(KEYS))
def test_phrase_that_is_used_exists(key: str) -> None:
    assert any(re.fullmatch(key, each) for each in PHRASES)


@pytest.mark.parametrize(("key", "text"), PHRASES.items())
def test_phrase_is_polite_and_plain(key: str, text: str) -> None:
    assert "你" not in text
    assert not re.search(BUREAUCRATIC, text)
    assert not re.search("[A-Za-z]", re.sub(r"\{\w+\}", "", text)), "no English words"
