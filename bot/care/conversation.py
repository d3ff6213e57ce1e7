"""One turn with somebody in danger: read the message, keep to the path, find the words.

Never silent, one question at a time, other words each time; it goes on until a human ends it.
"""

from __future__ import annotations

from typing import Any

from bot.care import concern, numbers, paths, readings, wording
from bot.care.exchange import Around, Heard, Reply
from bot.care.paths import ABOUT_OTHERS, ACTING, LIGHT, PATHS, SELF, THIRD, VIOLENCE, WITNESS
from bot.care.readings import NO, UNSURE, YES
from bot.care.state import CONCERN, ENDED, CareState
from bot.care.wording import LONGEST, Voice

MOST_ASKED = 2  # times a question is put in a round before it is left
UNASKED = 12  # characters up to which a text can be an answer to a question that was not put
SURE = 0.6  # confidence from which an intent counts as a request
# Signals that give way to a clear answer, and those that are not listened to while life is at stake.
YIELDING = ("calm", "joke", "silence", "farewell", "identity", "thanks")
IN_DANGER = ("helped", "no_answer", "police", "secrecy", "identity", "anger")
BLUNT = ("anger", "police", "secrecy", "method", "useless")
IN_CRISIS = (*IN_DANGER, "method", "useless")
PRESSING = frozenset({"plan", "preparation", "farewell", "entrusting"})  # families of the guard that mean: soon
SOON = 2  # turns after words of dying in which "nothing is the matter" is not taken at its word
# answers that the human who takes over must see at once: question → (answer, reason for the alarm)
FINDINGS = {
    "hurt": (YES, "act"),
    "alone": (NO, "alone"),
    "adult": (NO, "alone"),
    "means": (YES, "means_at_hand"),
    "near": (YES, "means_at_hand"),
    "away": (NO, "means_at_hand"),
    "away_place": (NO, "means_at_hand"),
    "plan": (YES, "plan_soon"),
    "baby": (NO, "baby_alone"),
    "third_danger": (YES, "act"),
}


def respond(stored: Any, heard: Heard, around: Around) -> Reply:
    """What to say to a message in the careful mode, or to one that begins it. stored: the slot `care`, or None."""
    state = CareState.restore(stored)
    if around.closed and not heard.is_crisis:
        return _release(state)
    if not around.careful and state.path in PATHS:
        state.begin(ENDED)
    if state.path == CONCERN and not heard.is_crisis:
        eased = concern.read_answer(state, heard)
        if eased is not None:
            return eased
    return _Turn(state, heard, around).reply()


def _release(state: CareState) -> Reply:
    state.begin(ENDED)
    return Reply((), state.store(), careful=False, released=True)


class _Turn:
    """One turn. The state is changed as the words are found."""

    def __init__(self, state: CareState, heard: Heard, around: Around) -> None:
        self.state, self.heard, self.around = state, heard, around
        self.text = readings.plain(heard.text)
        self.before = state.path
        self.confirms = state.path == CONCERN and state.pending is not None
        self.was_away = state.was_away(heard.at)
        self.returning = bool(state.last_at) and (self.before == ENDED or (self.was_away and heard.is_crisis))
        self.buttons: tuple[str, ...] = ()
        self.findings: list[str] = []
        self.numbers_wanted = False
        self._told_freely = False
        self.answered: str | None = None  # key of the words that an answer calls for
        state.turns += 1
        self._note_who()
        self._follow()
        self.voice = Voice(state)

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
            reasons=tuple(dict.fromkeys([*self.heard.reasons, *self.findings])) or ("careful_mode",),
            third_person=self.state.path in ABOUT_OTHERS,
        )

    # --- reading

    def _note_who(self) -> None:
        found = [trait for trait in readings.traits(self.text) if trait != "female" or self.before not in ABOUT_OTHERS]
        if self.heard.signs.get("minor"):
            found.append("minor")
        self.state.traits = list(dict.fromkeys([*self.state.traits, *found]))
        self.state.means = self.heard.signs.get("means") or self.state.means
        if self.heard.is_crisis:
            self.state.crisis_turn = self.state.turns
        if "preparation" in self.heard.reasons:
            self.state.answers["means"] = YES
        if "minor" in self.state.traits:
            self.findings.append("minor")

    def _follow(self) -> None:
        """Put the state on the right path, with the answer to the open question read."""
        state = self.state
        if self.was_away or self.before not in PATHS:
            state.answers = {"wish": YES} if self.confirms else {}
            self.findings += ["asked_directly"] if self.confirms else []
            state.begin(paths.path_of(state, self.heard, self.text))
            return
        path = paths.path_of(state, self.heard, self.text)
        answer = self._answer() if state.pending and path == state.path else None
        if answer and state.pending:
            self._record(state.pending, answer)
            path = paths.after_answer(state, state.pending, answer)
            state.pending = None
        elif self._denies():
            path = LIGHT
        else:
            self._take_unasked()
        if path != state.path:
            self._change(path)

    def _answer(self) -> str | None:
        question = self.state.pending or ""
        if self.heard.is_crisis and (question == "wish" or question in readings.patterns().free):
            return YES if question == "wish" else None
        if question == "wish" and readings.signal(self.text) == "calm":
            return None  # "nothing is the matter" right after words of dying is no answer yet
        if readings.signal(self.text) in BLUNT:
            return readings.specific(question, self.text)  # 「不用你管」 says nothing about the question
        return readings.answer(question, self.text)

    def _take_unasked(self) -> None:
        """Being alone is often said before it is asked."""
        if self.state.path == SELF and len(self.text) <= UNASKED and readings.says("unasked_alone", self.text):
            self._record("alone", NO)

    def _record(self, question: str, answer: str) -> None:
        self.state.answers[question] = answer
        if FINDINGS.get(question, (None, ""))[0] == answer:
            self.findings.append(FINDINGS[question][1])
        self._told_freely = question in readings.patterns().free and answer == YES
        key = f"steps.{question}.answered.{answer}"
        self.answered = key if wording.has(key) else f"steps.{question}.answered.{NO if answer == UNSURE else YES}"

    def _denies(self) -> bool:
        """Whether a resident takes it back, says that it was a joke, or is through the worst."""
        if self.state.path != SELF or self.heard.is_crisis:
            return False
        taken_back = not self._is_soon() and readings.signal(self.text) in ("joke", "calm")
        return taken_back or bool(self.heard.signs.get("denied"))

    def _is_soon(self) -> bool:
        return self.state.turns - self.state.crisis_turn <= SOON

    def _change(self, path: str) -> None:
        if path in (SELF, ACTING):
            self.state.answers["wish"] = YES
        self.state.begin(path)

    # --- speaking

    def _words(self) -> list[str]:
        if self.before not in PATHS or self.returning:
            return self._open()
        if self.was_away:
            return [self._greet_back()]
        if self.state.path != self.before:
            return self._turn_over()
        reaction = self._react()
        if reaction is not None:
            return [reaction]
        request = self._request()
        if request is not None:
            return self._join(self.voice.say(f"request.{request}"), self._ask())
        if self._is_pressing():
            return self._join(self.voice.say("react.urgent"), self._put("urgent"))
        return self._join(self._lead(), self._ask())

    def _is_pressing(self) -> bool:
        """Whether it may happen soon: said in so many words, once the first questions are under way."""
        return self.heard.is_crisis and self.state.path == SELF and bool(PRESSING.intersection(self.heard.reasons))

    def _open(self) -> list[str]:
        """The first words of all: taken seriously, by a program, a human is called; then the first question."""
        if self.state.path == ACTING:
            return self._first_aid()
        if self.returning:
            return self._join(self.voice.say("again_open"), self._ask())
        if self.confirms:
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
            self._change(SELF)
        self.state.pending = "check" if self.state.path == SELF else None
        return text

    def _turn_over(self) -> list[str]:
        """The path has changed on the way."""
        if self.state.path == ACTING:
            return self._first_aid()
        if self._is_pressing():
            return self._join(self.voice.say("react.urgent"), self._put("urgent"))
        if readings.signal(self.text) in ("joke", "calm") and self.state.path == LIGHT and not self.answered:
            return [self.voice.say(f"react.{readings.signal(self.text)}")]
        return self._join(self.voice.say(self.answered or f"turned.{self.state.path}"), self._ask())

    def _react(self) -> str | None:
        """To what the message does, whatever was asked: anger, silence, a plea not to call anybody ..."""
        if self.heard.has_picture:
            return self.voice.say("react.picture")
        signal = readings.signal(self.text)
        if signal is None or not self._listens_to(signal):
            return None
        self.numbers_wanted = signal == "no_answer"
        if signal == "calm" and self.state.path == SELF and self._is_soon():
            signal = "calm_soon"
        return self.voice.say(f"react.{signal}")

    def _listens_to(self, signal: str) -> bool:
        if self.answered and signal in YIELDING:
            return False
        if self.state.path in (ACTING, VIOLENCE, WITNESS):
            return signal in IN_DANGER
        return signal in IN_CRISIS if self.heard.is_crisis else True

    def _request(self) -> str | None:
        """The kind of thing that is asked for besides, None when the message is talk."""
        kind = wording.content()["requests"].get(self.heard.intent)
        sure = self.heard.confidence >= SURE and len(self.text) > MOST_ASKED
        if kind is None or not sure or self.heard.is_crisis or (self.answered and kind not in ("human", "hotline")):
            return None
        self.numbers_wanted = kind in ("human", "hotline")
        return kind

    def _lead(self) -> str | None:
        """A sentence that shows that the message was heard."""
        theme = readings.theme(self.text) if self.state.path in (SELF, LIGHT) else None
        if self.answered and not (theme and self._told_freely):
            return self.voice.say(self.answered)
        if self.state.path not in (SELF, LIGHT):
            return self.voice.say("react.heard_brief")
        if theme:
            return self.voice.say(f"themes.{theme}")
        return self.voice.say("react.crisis" if self.heard.is_crisis else "react.heard")

    def _ask(self) -> str:
        """The open question in other words, the next one, or something to stay with."""
        question = self.state.pending
        if question is None or self.state.asked.get(question, 0) >= MOST_ASKED:
            question = paths.next_question(self.state)
        return self._put(question) if question else self._stay()

    def _put(self, question: str) -> str:
        again = self.state.asked.get(question, 0) > 0 and wording.has(f"steps.{question}.again")
        self.state.pending = question
        self.state.asked[question] = self.state.asked.get(question, 0) + 1
        if self.state.path != VIOLENCE or question == "safe_now":
            self.buttons = tuple(wording.content()["steps"][question].get("buttons", ()))
        return self.voice.say(f"steps.{question}.{'again' if again else 'ask'}")

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
