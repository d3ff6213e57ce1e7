"""The measurements as a table in Markdown."""

from __future__ import annotations

from benchmarks.measuring import Measured

Row = tuple[str, float | None, bool]  # what, how much, and whether less is better


def rows(measured: Measured) -> list[Row]:
    """The lines of one bot's column."""
    return [
        ("cold start, s", measured.cold_start_s, True),
        ("turns/s, 1 client", measured.one.turns_per_second, False),
        ("p50, ms, 1 client", measured.one.p50_ms, True),
        ("p95, ms, 1 client", measured.one.p95_ms, True),
        ("turns/s, 8 clients", measured.eight.turns_per_second, False),
        ("p50, ms, 8 clients", measured.eight.p50_ms, True),
        ("p95, ms, 8 clients", measured.eight.p95_ms, True),
        ("CPU, ms a turn", measured.one.cpu_ms, True),
        ("memory, MiB", measured.memory_mib, True),
        *((f"CPU at message {mark}, ms", value, True) for mark, value in measured.growth.items()),
    ]


def table(product: Measured, stock: Measured | None) -> str:
    """The product alone, or beside stock Rasa with how many times better it is."""
    if stock is None:
        lines = ["| measured | product |", "| --- | --- |"]
        return "\n".join([*lines, *(f"| {what} | {_number(value)} |" for what, value, _ in rows(product))])
    theirs = {what: value for what, value, _ in rows(stock)}
    lines = ["| measured | stock Rasa | product | times better |", "| --- | --- | --- | --- |"]
    for what, value, less_is_better in rows(product):
        other = theirs.get(what)
        ratio = _ratio(other, value) if less_is_better else _ratio(value, other)
        lines.append(f"| {what} | {_number(other)} | {_number(value)} | {_number(ratio)} |")
    return "\n".join(lines)


def _ratio(dividend: float | None, divisor: float | None) -> float | None:
    return dividend / divisor if dividend is not None and divisor else None


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}"
