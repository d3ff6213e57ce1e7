"""Measures understanding on labelled messages that nobody trains on: cases, measures, report, baseline."""
