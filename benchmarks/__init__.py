"""How fast the product is, and how many times faster than stock Rasa; `python -m benchmarks` (docs/runtime.md)."""
