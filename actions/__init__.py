"""Custom actions: read the tracker, call the core, speak. A module per subject; no SQL, no rule, no wording."""
