"""What Rasa does not find wrong with training data: contradictions, poor balance, eaten brackets, leaked tests."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import yaml

from bot.community import taxonomy
from bot.nlu.normaliser import normalise
from bot.runtime.training_data import Example, read_examples

# Rasa's reader takes [text](entity), [text]{...} and [text][...] for annotations and drops half of them.
EATEN = re.compile(r"\][(\[{]")
_SIGNS = re.compile(r"[^\w]+")
SIZE = 3  # characters of the n-grams that texts are compared by
COMMON = 100  # an n-gram in more texts than this tells nothing about two of them
ALIKE = 0.75  # share of common n-grams from which two texts are nearly the same
COMPARED = 8  # shorter texts differ in meaning by a single character

SHORT, LONG = 12, 60  # characters
FEWEST, FEWEST_SHORT, FEWEST_LONG, MOST = 150, 40, 15, 500
SERVICES = ("property", "convenience", "psychology", "public_service", "safety", "engagement")

SCRIPTED = 7  # characters; shorter turns of a conversation script (你好, 转人工) are said everywhere
BUTTONS = "data/nlu/shortcuts.yml"


def lint(root: Path) -> list[str]:
    """Complaints about the training data below `root`; empty when it is in order."""
    examples = read_examples(root)
    return [
        *brackets(examples),
        *contradictions(examples),
        *near_contradictions(examples),
        *balance(examples),
        *leaks(examples, held_out(root)),
    ]


def key(text: str) -> str:
    """What two texts share that differ in signs, case and spelling alone; empty for signs without words."""
    return _SIGNS.sub("", normalise(text).lower())


def brackets(examples: Iterable[Example]) -> Iterator[str]:
    """Examples that Rasa would read as annotated."""
    for example in examples:
        if EATEN.search(example.text):
            yield f"{example.file}: brackets that Rasa reads as an annotation: {example.text}"


def contradictions(examples: Iterable[Example]) -> Iterator[str]:
    """Texts that stand under two labels."""
    labels: dict[str, dict[str, Example]] = defaultdict(dict)
    for example in examples:
        labels[key(example.text)].setdefault(example.label, example)
    for text, found in labels.items():
        if text and len(found) > 1:
            yield f"{next(iter(found.values())).text}: stands under {' and '.join(sorted(found))}"


def near_contradictions(examples: Sequence[Example]) -> Iterator[str]:
    """Pairs of nearly the same text under two labels. A hard negative may be near its crisis: that is its purpose."""
    grams = [_grams(key(example.text)) for example in examples]
    frequency = Counter(gram for each in grams for gram in each)
    holders: dict[str, list[int]] = defaultdict(list)
    for index, each in enumerate(grams):
        telling = [gram for gram in each if frequency[gram] <= COMMON]
        shared = Counter(other for gram in telling for other in holders[gram])
        for other, common in shared.items():
            first, second = examples[other], examples[index]
            if _contradict(first, second) and _alike(common, each, grams[other]):
                yield f"nearly the same: {first.text} ({first.label}), {second.text} ({second.label})"
        for gram in telling:
            holders[gram].append(index)


def _contradict(first: Example, second: Example) -> bool:
    return first.crisis == second.crisis and first.label != second.label


def _grams(text: str) -> frozenset[str]:
    if len(text) < COMPARED:
        return frozenset()
    return frozenset(text[start : start + SIZE] for start in range(len(text) - SIZE + 1))


def _alike(common: int, one: frozenset[str], other: frozenset[str]) -> bool:
    return common / (len(one) + len(other) - common) >= ALIKE


def balance(examples: Iterable[Example]) -> Iterator[str]:
    """Categories of services with too few or too many examples, or with short or long ones alone."""
    lengths: dict[str, list[int]] = defaultdict(list)
    for example in examples:
        if example.category and example.crisis == "none":
            lengths[example.category].append(len(example.text))
    for domain in SERVICES:
        for category in taxonomy.categories(domain):
            yield from _balance_of(category.id, lengths[category.id])


def _balance_of(category: str, lengths: Sequence[int]) -> Iterator[str]:
    short, long = sum(length <= SHORT for length in lengths), sum(length >= LONG for length in lengths)
    if not FEWEST <= len(lengths) <= MOST:
        yield f"{category}: {len(lengths)} examples, not {FEWEST} to {MOST}"
    if short < FEWEST_SHORT:
        yield f"{category}: {short} examples of at most {SHORT} characters, not {FEWEST_SHORT}"
    if long < FEWEST_LONG:
        yield f"{category}: {long} examples of at least {LONG} characters, not {FEWEST_LONG}"


def leaks(examples: Iterable[Example], kept_back: dict[str, str]) -> Iterator[str]:
    """Examples that a test measures with, but for buttons and answers inside a form, which are the same everywhere.

    kept_back: where a text stands, by its key.
    """
    for example in examples:
        told = example.category and example.file != BUTTONS
        if told and (place := kept_back.get(key(example.text))):
            yield f"{example.file}: {example.text} is kept back for {place}"


def held_out(root: Path) -> dict[str, str]:
    """The texts of the evaluation sets and the whole messages of the conversation scripts, by their keys."""
    found = {}
    for path in sorted((root / "tests/conversations/scripts").glob("*.yml")):
        for conversation in yaml.safe_load(path.read_text(encoding="utf-8")):
            said = (key(str(turn["say"])) for turn in conversation["turns"] if "say" in turn)
            found.update({text: path.name for text in said if len(text) > SCRIPTED})
    for path in sorted((root / "tests/evaluation").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            found[key(json.loads(line)["text"])] = path.name
    found.pop("", None)
    return found
