"""Dialogue policies of our own, beside Rasa's rules and memoised stories."""
