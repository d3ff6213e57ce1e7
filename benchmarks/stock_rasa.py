"""Stock Rasa on the same domain and training data: DIET, TED and UnexpecTED, `rasa run` and `rasa run actions`.

It lives in an environment of its own (scripts/stock_environment.sh). How many epochs the networks were trained for
does not change what a turn costs, only how well they answer; on this project's data the usual hundred would take
hours, so they get as many as BENCH_STOCK_EPOCHS says, one if nothing is said.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from benchmarks.subject import Subject, free_port
from bot.runtime import training
from bot.settings import ROOT, VAR

HERE = Path(__file__).parent / "stock"
ENVIRONMENT = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "2", "PYTHONWARNINGS": "ignore"}
DATA = training.NLU_FILES + training.DIALOGUE_FILES
ENDPOINTS = """action_endpoint: {{url: "http://127.0.0.1:{actions}/webhook"}}
tracker_store: {{type: SQL, dialect: sqlite, db: "{directory}/stock.db"}}
"""


def stock_rasa(environment: Path, directory: Path) -> Subject:
    """Stock Rasa as its documentation starts it, with its own SQLite tracker store; trains its model first, once."""
    rasa = str(environment.resolve() / "bin" / "rasa")
    model = _model(rasa)
    actions, port = free_port(), free_port()
    shutil.copy(HERE / "actions.py", directory / "stock_actions.py")
    (directory / "endpoints.yml").write_text(ENDPOINTS.format(actions=actions, directory=directory), encoding="utf-8")
    (directory / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    run = [rasa, "run", "--model", str(model), "--port", str(port), "--interface", "127.0.0.1"]
    return Subject(
        name="stock",
        commands=[
            [rasa, "run", "actions", "--actions", "stock_actions", "--port", str(actions)],
            [*run, "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"],
        ],
        ready=[f"http://127.0.0.1:{actions}/health", f"http://127.0.0.1:{port}/webhooks/rest/"],
        webhook=f"http://127.0.0.1:{port}/webhooks/rest/webhook",
        directory=directory,
        environment=ENVIRONMENT | {"STOCK_DOMAIN": str(ROOT / "domain.yml")},
        must_answer=False,
    )


def epochs() -> int:
    return int(os.environ.get("BENCH_STOCK_EPOCHS", "1"))


def _model(rasa: str) -> Path:
    """The model of the present data, trained if there is none yet."""
    config = re.sub(r"epochs: \d+", f"epochs: {epochs()}", (HERE / "config.yml").read_text(encoding="utf-8"))
    directory = VAR / "stock-models"
    directory.mkdir(parents=True, exist_ok=True)
    name = f"stock-{hashlib.sha256((training.fingerprint() + config).encode()).hexdigest()[:16]}"
    if not (directory / f"{name}.tar.gz").exists():
        print(f"training stock Rasa ({epochs()} epochs) ...", flush=True)
        (directory / "config.yml").write_text(config, encoding="utf-8")
        command = [rasa, "train", "--config", str(directory / "config.yml"), "--domain", "domain.yml"]
        command += ["--data", *(path for path in DATA if (ROOT / path).exists())]
        command += ["--out", str(directory), "--fixed-model-name", name]
        subprocess.run(command, cwd=ROOT, env=os.environ | ENVIRONMENT, check=True)
    return directory / f"{name}.tar.gz"
