import bot  # noqa: F401 (first of all: it makes Rasa importable without what the product leaves out)
