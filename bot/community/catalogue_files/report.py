"""What an import found and did; problem and hint are Chinese sentences for the staff member."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_ERRORS = 500


@dataclass(frozen=True)
class RowError:
    """row counts from 1 with the header as row 1 (in YAML: the line); 0 is the file as a whole."""

    file: str
    row: int
    column: str
    value: str
    problem: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file} 第 {self.row} 行" if self.row else self.file
        column = f"「{self.column}」" if self.column else ""
        value = f"：{self.value} " if self.value else "："
        hint = f"（{self.hint}）" if self.hint else ""
        return f"{place}{column}{value}{self.problem}{hint}"


@dataclass
class ImportReport:
    """counts: rows per kind; errors: at most MAX_ERRORS of error_count. With any error nothing was written."""

    counts: dict[str, int] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    error_count: int = 0
    written: bool = False

    @property
    def ok(self) -> bool:
        return self.error_count == 0

    def add(self, error: RowError) -> None:
        self.error_count += 1
        if len(self.errors) < MAX_ERRORS:
            self.errors.append(error)


class FileProblem(Exception):
    """A whole file can't be read; becomes a RowError of the report."""

    def __init__(self, problem: str, hint: str = "", row: int = 0) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint
        self.row = row


class CellProblem(Exception):
    """A value breaks its column's rule; becomes a RowError of the report."""

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint
