"""`python -m benchmarks [TURNS]`: measure the product, and stock Rasa beside it where BENCH_STOCK_VENV names one.

Prints a table in Markdown. Both are measured in one run, one after the other, so that the ratios hold on a machine
that is slow or busy.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

from benchmarks.measuring import Measured, measure
from benchmarks.product import product
from benchmarks.report import table
from benchmarks.stock_rasa import epochs, stock_rasa

TURNS = 160  # of the one client; the eight share twice as many
MARKS = (10, 200, 1000)
STOCK_MARKS = (10, 200)  # at message 1000 stock Rasa would take a second a turn


def main() -> None:
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else TURNS
    given = os.environ.get("BENCH_STOCK_VENV", "")
    with tempfile.TemporaryDirectory() as directory:
        stock: Measured | None = None
        if given:
            subject = stock_rasa(Path(given), _made(Path(directory) / "stock"))
            print("measuring stock Rasa ...", flush=True)
            stock = measure(subject, turns=turns, marks=STOCK_MARKS)
        print("measuring the product ...", flush=True)
        mine = measure(product(_made(Path(directory) / "product")), turns=turns, marks=MARKS)
    when = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    print(f"\n{when} · {platform.machine()}, {os.cpu_count()} cores · Python {platform.python_version()}", end="")
    print(f" · load {os.getloadavg()[0]:.1f}" + (f" · stock trained for {epochs()} epochs\n" if stock else "\n"))
    print(table(mine, stock))
    if stock is None:
        print("\nTo compare with stock Rasa: scripts/stock_environment.sh, then BENCH_STOCK_VENV=var/stock make bench")


def _made(directory: Path) -> Path:
    directory.mkdir()
    return directory


if __name__ == "__main__":
    main()
