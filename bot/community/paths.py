"""Where the editable data files of the product lie."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
MIGRATIONS = ROOT / "bot" / "migrations"
