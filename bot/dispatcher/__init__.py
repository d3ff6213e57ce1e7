"""Delivers what the core queued in the outbox, and watches alarms and service levels."""
