"""The community services bot. Importing the package makes Rasa importable without what the product leaves out."""

from bot.runtime import placeholders

placeholders.install()
