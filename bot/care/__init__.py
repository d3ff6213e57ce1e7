"""The conversation with somebody in danger: what is said next, decided in plain Python (docs/crisis.md).

No Rasa, no database: `respond` takes what is remembered and the new message, and returns the words and what to
remember. `actions/crisis.py` does the rest.
"""

from bot.care.concern import ask_gently
from bot.care.conversation import respond
from bot.care.exchange import Around, Heard, Reply
from bot.care.state import awaits_answer

__all__ = ["Around", "Heard", "Reply", "ask_gently", "awaits_answer", "respond"]
