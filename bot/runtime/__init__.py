"""How Rasa is started, stored, locked and sped up. Nothing in here knows about communities."""
