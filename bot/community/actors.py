"""How the one who did something is written into events: "resident:5", "staff:3", "system"."""

from __future__ import annotations

SYSTEM = "system"


def resident(resident_id: int | None) -> str:
    return f"resident:{resident_id}" if resident_id is not None else "resident"


def staff(staff_id: int) -> str:
    return f"staff:{staff_id}"
