"""The tables of an evaluation as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.evaluation.measures import Scores
from bot.evaluation.run import ALL
from bot.evaluation.speed import Speed

MEASURES = (
    "domain",
    "category",
    "among_three",
    "let_in",
    "refused",
    "booking",
    "crisis_found",
    "crisis_raised",
    "concern_raised",
    "calm_kept",
    "calm_quiet",
    "urgency",
    "address",
    "fields",
)
CONFUSIONS = 20


def report(sets: dict[str, Scores], speed: Speed) -> Iterator[str]:
    """The lines to print; sets has the total under ALL."""
    total = sets[ALL]
    yield from _table("Sets", ["measure", *sets], _by_measure(sets))
    yield from _table("Categories", ["category", "messages", "right"], _by_category(total))
    taken = [[wanted, got, str(count)] for (wanted, got), count in total.confusions.most_common(CONFUSIONS)]
    yield from _table("Taken for something else", ["wanted", "got", "times"], taken)
    yield f"calibration error (ECE): {total.calibration_error:.3f}"
    yield f"latency of one message: median {speed.median_ms:.1f} ms, 95 % within {speed.p95_ms:.1f} ms"
    yield f"loading: {speed.loading_s:.1f} s; throughput in batches: {speed.per_second:.0f} messages a second"


def _by_measure(sets: dict[str, Scores]) -> Iterator[list[str]]:
    for measure in MEASURES:
        shares = [scores.measures.get(measure) for scores in sets.values()]
        if any(shares):
            yield [measure, *(f"{share.value:.3f}/{share.of}" if share else "" for share in shares)]
    yield ["category macro", *(f"{scores.macro:.3f}" if scores.categories else "" for scores in sets.values())]


def _by_category(total: Scores) -> Iterator[list[str]]:
    for category, share in sorted(total.categories.items(), key=lambda item: (item[1].value, item[0])):
        yield [category, str(share.of), f"{share.value:.2f}"]


def _table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    lines = [list(head), *map(list, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    yield title
    for line in lines:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
    yield ""
