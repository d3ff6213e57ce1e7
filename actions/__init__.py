"""Custom actions: read the tracker, call the core, speak. A module per subject; no SQL, no business rule, no wording."""
