"""Distress without a word of dying: one gentle, direct question, and how its answer is taken."""

from __future__ import annotations

from typing import Any

from bot.care import numbers, readings, wording
from bot.care.exchange import Around, Heard, Reply
from bot.care.readings import NO, YES
from bot.care.state import CONCERN, CareState
from bot.care.wording import Voice

QUESTION = "wish"
MOST_ASKED = 2
SHORTEST_REQUEST = 3  # characters
SURE = 0.45  # confidence from which an intent counts: somebody who asks for help must not be held up
# Intents that don't ask for anything: under one of these the message is talk, and may still be the answer.
TALK = ("seek_counselling", "affirm", "deny", "inform", "out_of_scope", "nlu_fallback", "greet", "thanks", "skip")


def ask_gently(stored: Any, heard: Heard, around: Around) -> Reply:
    """Warm words and the direct question, asked once a day; after that, warm words and what there is."""
    state = CareState.restore(stored)
    asked_lately = state.was_asked_gently(heard.at)
    voice = Voice(state)
    state.turns += 1
    theme = readings.theme(readings.plain(heard.text))
    if heard.signs.get("third_person"):
        texts, buttons = [voice.say("concern.third")], tuple(wording.variants("concern.buttons"))
    elif asked_lately:
        texts, buttons = [voice.say("concern.listen")], tuple(wording.variants("concern.buttons"))
    else:
        lead = voice.say(f"themes.{theme}" if theme else "concern.heard")
        texts, buttons = [lead + voice.say("concern.ask")], tuple(wording.variants(f"steps.{QUESTION}.buttons"))
        state.begin(CONCERN)
        state.pending, state.asked[QUESTION] = QUESTION, 1
        state.asked_gently_at = heard.at.isoformat()
    if not asked_lately or numbers.due(state):
        texts.append(numbers.numbers(state, voice, around.hotlines))
    return _reply(state, heard, texts, buttons)


def read_answer(state: CareState, heard: Heard) -> Reply | None:
    """The reply to what follows the gentle question; None when it was a yes, or near it: then the crisis begins."""
    text = readings.plain(heard.text)
    wants_something = heard.intent not in TALK and heard.confidence >= SURE and len(text) >= SHORTEST_REQUEST
    answer = readings.answer(QUESTION, text)
    if answer == NO:
        state.pending = None
        voice = Voice(state)
        return _reply(state, heard, [voice.say("concern.no")], tuple(wording.variants("concern.buttons")))
    if readings.specific(QUESTION, text) == YES or (answer is not None and not wants_something):
        state.answers[QUESTION] = YES
        return None
    if wants_something or state.asked.get(QUESTION, 0) >= MOST_ASKED:
        state.pending = None
        return Reply((), state.store(), level=CONCERN, careful=False, released=True)
    state.asked[QUESTION] = state.asked.get(QUESTION, 0) + 1
    voice = Voice(state)
    return _reply(state, heard, [voice.say("concern.again")], tuple(wording.variants(f"steps.{QUESTION}.buttons")))


def _reply(state: CareState, heard: Heard, texts: list[str], buttons: tuple[str, ...]) -> Reply:
    state.last_at = heard.at.isoformat()
    state.last_texts = texts
    return Reply(
        tuple(texts),
        state.store(),
        buttons=buttons,
        level=CONCERN,
        reasons=tuple(heard.reasons) or ("concern",),
        third_person=bool(heard.signs.get("third_person")),
        careful=False,
    )
