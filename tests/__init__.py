"""The tests. Importing the package makes Rasa importable without what the product leaves out, whatever is run."""

import bot  # noqa: F401
