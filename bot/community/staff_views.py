"""A member of staff as the edges see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class StaffView:
    """communities empty means all. must_change: the password was given by somebody else."""

    id: int
    login: str
    name: str
    role: str
    must_change: bool
    disabled: bool
    communities: Sequence[str]
    skills: Sequence[str]
    call_order: int | None


def staff_view(row: Any) -> StaffView:
    return StaffView(**{name: getattr(row, name) for name in StaffView.__dataclass_fields__})
