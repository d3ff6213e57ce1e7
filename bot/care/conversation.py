"""One turn with somebody in danger: the message is followed, then the words are found.

Never silent, one question at a time, other words each time; it goes on until a human ends it.
"""

from __future__ import annotations

from typing import Any

from bot.care import concern, numbers, paths, readings, wording
from bot.care.exchange import Around, Heard, Reply
from bot.care.following import Following
from bot.care.paths import ABOUT_OTHERS, ACTING, LIGHT, PATHS, SELF, THIRD, VIOLENCE, WITNESS
from bot.care.state import CONCERN, ENDED, CareState
from bot.care.wording import LONGEST, Voice

MOST_ASKED = 2  # times a question is put in a round before it is left
GUESSED = {"learnt", "recent"}  # reasons of the guard without a word of dying in the message itself
SURE = 0.5  # confidence from which an intent counts as a request
SHORTEST_REQUEST = 3  # characters
FEW = 6  # characters up to which more than a nod would be too much
# Signals that give way to a clear answer, and those that alone are listened to while life is at stake.
YIELDING = ("calm", "joke", "silence", "farewell", "identity", "thanks")
IN_DANGER = ("helped", "no_answer", "where_human", "hospital", "police", "secrecy", "identity", "anger")
IN_CRISIS = (*IN_DANGER, "method", "useless")


def respond(stored: Any, heard: Heard, around: Around) -> Reply:
    """What to say to a message in the careful mode, or to one that begins it. stored: the slot `care`, or None."""
    state = CareState.restore(stored)
    if around.closed and not heard.is_crisis:
        return _release(state)
    if (around.closed or not around.careful) and state.path in PATHS:
        state.begin(ENDED)  # that round is over; this is a new one
    if state.path == CONCERN and not heard.is_crisis:
        eased = concern.read_answer(state, heard)
        if eased is not None:
            return eased
    return _Turn(state, heard, around).reply()


def _release(state: CareState) -> Reply:
    state.begin(ENDED)
    return Reply((), state.store(), careful=False, released=True)


class _Turn:
    """Finds the words for one message; the state remembers them."""

    def __init__(self, state: CareState, heard: Heard, around: Around) -> None:
        self.state, self.heard, self.around = state, heard, around
        self.now = Following(state, heard)
        self.voice = Voice(state)
        self.buttons: tuple[str, ...] = ()
        self.numbers_wanted = False

    def reply(self) -> Reply:
        texts = self._words()
        if self.around.answered_by and self.state.told != self.around.answered_by:
            self.state.told = self.around.answered_by
            texts.append(self.voice.say("named", name=self.around.answered_by))
        if self.numbers_wanted or numbers.due(self.state):
            texts.append(numbers.numbers(self.state, self.voice, self.around.hotlines))
        self.state.last_at = self.heard.at.isoformat()
        self.state.last_texts = texts
        return Reply(
            tuple(texts),
            self.state.store(),
            buttons=self.buttons,
            reasons=tuple(dict.fromkeys([*self.heard.reasons, *self.now.findings])) or ("careful_mode",),
            third_person=self.state.path in ABOUT_OTHERS,
        )

    def _words(self) -> list[str]:
        if self.now.before not in PATHS or self.now.returning:
            return self._open()
        if self.now.was_away:
            return [self._greet_back()]
        if self.state.path != self.now.before:
            return self._turn_over()
        reaction = self._react()
        if reaction is not None:
            return [reaction]
        request = self._request()
        if request is not None:
            return self._join(self.voice.say(f"request.{request}"), self._ask())
        if self.now.is_pressing:
            return self._join(self.voice.say("react.urgent"), self._put("urgent"))
        return self._join(self._lead(), self._ask())

    def _open(self) -> list[str]:
        """The first words of all: taken seriously, by a program, a human is called; then the first question."""
        self.numbers_wanted = True
        if self.state.path == ACTING:
            return self._first_aid()
        if self.now.returning:
            return self._join(self.voice.say("again_open"), self._ask())
        if self.now.confirms:
            return self._join(self.voice.say("turned.asked"), self._ask())
        opening = self._join(self.voice.say(f"open.{self.state.path}"), self._ask())
        if self.state.path == THIRD and "act" in self.heard.reasons:
            return [self.voice.say("act_third"), *opening]
        return opening

    def _first_aid(self) -> list[str]:
        means = self.state.means if wording.has(f"act.{self.state.means}") else "other"
        note = self.voice.say("act_note")
        return [self.voice.say(f"act.{means}"), *self._join(note, self._ask())]

    def _greet_back(self) -> str:
        text = self.voice.say(f"back.{self.state.path}")
        if self.state.path == ACTING:
            self.state.answers["wish"] = readings.YES
            self.state.begin(SELF)
        self.state.pending = "check" if self.state.path == SELF else None
        return text

    def _turn_over(self) -> list[str]:
        """The path has changed on the way."""
        if self.state.path == ACTING:
            return self._first_aid()
        if self.now.is_pressing:
            return self._join(self.voice.say("react.urgent"), self._put("urgent"))
        if self.now.signal in ("joke", "calm") and self.state.path == LIGHT and not self.now.answered:
            return [self.voice.say(f"react.{self.now.signal}")]
        return self._join(self.voice.say(self.now.answered or f"turned.{self.state.path}"), self._ask())

    def _react(self) -> str | None:
        """To what the message does, whatever was asked: anger, silence, a plea not to call anybody ..."""
        if self.heard.has_picture:
            return self.voice.say("react.picture")
        signal = self.now.signal
        if signal is None or not self._listens_to(signal):
            return None
        self.numbers_wanted = signal in ("no_answer", "where_human")
        if signal == "calm" and self.state.path == SELF and self.now.is_soon:
            signal = "calm_soon"
        if signal == "where_human" and self.around.answered_by:
            return self.voice.say("pools.waiting_named", name=self.around.answered_by)
        if signal in ("where_human", "no_answer") and self.state.path in (VIOLENCE, WITNESS):
            return self.voice.say("pools.waiting_other")
        return self.voice.say(f"react.{signal}")

    def _listens_to(self, signal: str) -> bool:
        if self.now.answered and signal in YIELDING:
            return False
        if self.state.path in (ACTING, VIOLENCE, WITNESS):
            return signal in IN_DANGER
        return signal in IN_CRISIS if self.heard.is_crisis else True

    def _request(self) -> str | None:
        """The kind of thing that is asked for besides, None when the message is talk."""
        kind = wording.content()["requests"].get(self.heard.intent)
        sure = self.heard.confidence >= SURE and len(self.now.text) >= SHORTEST_REQUEST
        if kind is None or not sure or self.heard.is_crisis or (self.now.answered and kind not in ("human", "hotline")):
            return None
        self.numbers_wanted = kind in ("human", "hotline")
        return kind

    def _lead(self) -> str | None:
        """A sentence that shows that the message was heard."""
        theme = readings.theme(self.now.text) if self.state.path in (SELF, LIGHT) else None
        if self.now.answered and not (theme and self.now.told_freely):
            return self.voice.say(self.now.answered)
        if readings.says("address", self.now.text):
            return self.voice.say("react.address")
        if self.state.path not in (SELF, LIGHT):
            return self.voice.say("react.heard_brief")
        if theme:
            return self.voice.say(f"themes.{theme}")
        if set(self.heard.reasons) - GUESSED:
            return self.voice.say("react.crisis" if self.heard.is_crisis else "react.heard")
        return self.voice.say("react.heard_short" if len(self.now.text) <= FEW else "react.heard")

    def _ask(self) -> str:
        """The open question in other words, the next one, or something to stay with."""
        question = self.state.pending
        if question is None or self.state.asked.get(question, 0) >= MOST_ASKED:
            question = paths.next_question(self.state)
        return self._put(question) if question else self._stay()

    def _put(self, question: str) -> str:
        times = self.state.asked.get(question, 0)
        self.state.pending = question
        self.state.asked[question] = times + 1
        if self.state.path != VIOLENCE or question == "safe_now":
            self.buttons = tuple(wording.content()["steps"][question].get("buttons", ()))
        kinds = [f"steps.{question}.{kind}" for kind in (("again", "ask") if times else ("ask", "again"))]
        known = [kind for kind in kinds if wording.has(kind)]
        return self.voice.say(next((kind for kind in known if not self.voice.is_spent(kind)), known[0]))

    def _stay(self) -> str:
        """Round and round through the thoughts that the path has for staying."""
        names = wording.content()["stay"][self.state.path]
        name = names[self.state.stayed % len(names)]
        self.state.stayed += 1
        if wording.has(f"steps.{name}"):
            self.state.pending = name
            return self.voice.say(f"steps.{name}.ask")
        self.state.pending = None
        if name == "waiting" and self.around.answered_by:
            return self.voice.say("pools.waiting_named", name=self.around.answered_by)
        return self.voice.say(f"pools.{name}")

    def _join(self, *parts: str | None) -> list[str]:
        """As one message where it stays short, else one each."""
        said = [part for part in parts if part]
        joined = "".join(said)
        return [joined] if len(joined) <= LONGEST else said
