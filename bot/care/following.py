"""What a message means for the conversation: who is speaking, what was answered, which path it is on now."""

from __future__ import annotations

from bot.care import paths, readings, wording
from bot.care.exchange import Heard
from bot.care.paths import ABOUT_OTHERS, ACTING, LIGHT, PATHS, SELF
from bot.care.readings import NO, UNSURE, YES
from bot.care.state import CONCERN, ENDED, CareState

UNASKED = 12  # characters up to which a text can be an answer to a question that was not put
SOON = 2  # turns after words of dying in which "nothing is the matter" is not taken at its word
PRESSING = frozenset({"plan", "preparation", "farewell", "entrusting"})  # families of the guard that mean: soon
# signals that say nothing about the open question
BLUNT = ("anger", "police", "secrecy", "method", "useless", "where_human", "hospital")
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


class Following:
    """A message taken in: the state is on its path afterwards, with the answer to the open question noted.

    before: the path until now. confirms: the answer to a gentle question was a yes. was_away: hours have passed.
    returning: this is a new crisis after an earlier one. answered: key of the words that the answer calls for.
    told_freely: it answered a question about the resident's own story. findings: reasons for the alarm.
    """

    def __init__(self, state: CareState, heard: Heard) -> None:
        self._state, self._heard = state, heard
        self.text = readings.plain(heard.text)
        self.signal = readings.signal(self.text)
        self.before = state.path
        self.confirms = state.path == CONCERN and state.pending is not None
        self.was_away = state.was_away(heard.at)
        self.returning = bool(state.last_at) and (self.before == ENDED or (self.was_away and heard.is_crisis))
        self.answered: str | None = None
        self.told_freely = False
        self.findings: list[str] = []
        state.turns += 1
        self._note_who()
        if self.was_away or self.before not in PATHS:
            self._begin_round()
        else:
            self._go_on()

    @property
    def is_soon(self) -> bool:
        """Whether words of dying were heard just now."""
        return self._state.turns - self._state.crisis_turn <= SOON

    @property
    def is_pressing(self) -> bool:
        """Whether it may happen soon: said in so many words."""
        said = self._heard.is_crisis and bool(PRESSING.intersection(self._heard.reasons))
        return said and self._state.path == SELF

    def _note_who(self) -> None:
        state, signs = self._state, self._heard.signs
        found = [trait for trait in readings.traits(self.text) if trait != "female" or self.before not in ABOUT_OTHERS]
        if signs.get("minor"):
            found.append("minor")
        state.traits = list(dict.fromkeys([*state.traits, *found]))
        state.means = signs.get("means") or state.means
        if self._heard.is_crisis:
            state.crisis_turn = state.turns
        if "minor" in state.traits:
            self.findings.append("minor")

    def _begin_round(self) -> None:
        self._state.answers = {}
        if self.confirms:
            self._state.answers["wish"] = YES
            self.findings.append("asked_directly")
        self._note_preparation()
        if self._heard.is_crisis:
            self._state.path = ""  # what it is about is read anew
        self._state.begin(paths.path_of(self._state, self._heard, self.text))

    def _go_on(self) -> None:
        state = self._state
        if not wording.has(f"steps.{state.pending}"):
            state.pending = None
        self._note_preparation()
        path = paths.path_of(state, self._heard, self.text)
        answer = self._answer() if state.pending and path == state.path else None
        if answer and state.pending:
            self._record(state.pending, answer)
            path = paths.after_answer(state, state.pending, answer)
            state.pending = None
        elif self._takes_back():
            path = LIGHT
        elif state.path == SELF and len(self.text) <= UNASKED and readings.says("unasked_alone", self.text):
            self._record("alone", NO)
        if path != state.path:
            if path in (SELF, ACTING):
                state.answers["wish"] = YES
            state.begin(path)

    def _note_preparation(self) -> None:
        if "preparation" in self._heard.reasons:
            self._state.answers["means"] = YES

    def _answer(self) -> str | None:
        question = self._state.pending or ""
        if self._heard.is_crisis and question == "wish":
            return YES
        if self._heard.is_crisis and question in readings.patterns().free:
            return None
        if question == "wish" and self.signal == "calm":
            return None  # "nothing is the matter" right after words of dying is no answer yet
        return readings.specific(question, self.text) if self.signal in BLUNT else readings.answer(question, self.text)

    def _record(self, question: str, answer: str) -> None:
        self._state.answers[question] = answer
        if FINDINGS.get(question, (None, ""))[0] == answer:
            self.findings.append(FINDINGS[question][1])
        self.told_freely = question in readings.patterns().free and answer == YES
        key = f"steps.{question}.answered.{answer}"
        self.answered = key if wording.has(key) else f"steps.{question}.answered.{NO if answer == UNSURE else YES}"

    def _takes_back(self) -> bool:
        """Whether a resident says that it was not meant, or is through the worst."""
        if self._state.path != SELF or self._heard.is_crisis:
            return False
        return bool(self._heard.signs.get("denied")) or (not self.is_soon and self.signal in ("joke", "calm"))
