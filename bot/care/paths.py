"""Which path a conversation is on, and which question comes next."""

from __future__ import annotations

from collections.abc import Iterator

from bot.care import readings
from bot.care.exchange import Heard
from bot.care.readings import NO, YES
from bot.care.state import CareState
from bot.care.wording import content

SELF, LIGHT, ACTING, THIRD, VIOLENCE, WITNESS = "self", "light", "acting", "third", "violence", "witness"
PATHS = (SELF, LIGHT, ACTING, THIRD, VIOLENCE, WITNESS)
ABOUT_OTHERS = (THIRD, WITNESS)
PLACES = ("height", "water", "traffic")  # means that one walks away from


def path_of(state: CareState, heard: Heard, text: str) -> str:
    """The path after this message, before its answer is weighed."""
    if not heard.is_crisis:
        if state.path == ACTING and readings.says("unhurt", text):
            return SELF
        return state.path if state.path in PATHS else SELF
    about_other = bool(heard.signs.get("third_person"))
    if heard.signs.get("violence"):
        own = state.path == VIOLENCE or readings.says("own_violence", text)
        return WITNESS if about_other and not own else VIOLENCE
    if about_other and state.path not in (SELF, ACTING, VIOLENCE):
        return THIRD
    if state.path in ABOUT_OTHERS and not readings.says("oneself", text):
        return state.path
    happening = "act" in heard.reasons or readings.says("done", text)
    return ACTING if happening or state.path == ACTING else SELF


def after_answer(state: CareState, question: str, answer: str) -> str:
    """The path that an answer leads to."""
    if question == "wish" and answer == NO:
        return LIGHT
    if question == "hurt" and answer == YES:
        return ACTING
    return state.path


def next_question(state: CareState) -> str | None:
    """The next question of the path that was neither put nor answered, None when all are through."""
    for question in _questions(state):
        if not state.asked.get(question) and question not in state.answers:
            return question
    return None


def _questions(state: CareState) -> Iterator[str]:
    for question in content()["paths"][state.path]:
        yield _for_this_person(state, question)
        for trait in state.traits:
            extra = content()["also"].get(trait, {}).get(question)
            if extra:
                yield extra
        if question == "means" and YES in (state.answers.get("means"), state.answers.get("near")):
            yield away(state)


def _for_this_person(state: CareState, question: str) -> str:
    if question == "means" and state.means in PLACES:
        return "near"
    for trait in state.traits:
        question = content()["instead"].get(trait, {}).get(question, question)
    return question


def away(state: CareState) -> str:
    """How to ask for distance: a thing is put away, a place is left."""
    return "away_place" if state.means in PLACES else "away"
