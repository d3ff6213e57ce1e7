"""docker-compose.yml: valid by the Compose specification, and safe to run.

compose_spec.json is the schema of the Compose specification (github.com/compose-spec/compose-spec, Apache-2.0) as
published with docker-compose 1.29.2.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.__main__ import COMMANDS
from bot.settings import ROOT, Settings
from tests.deploy.compose import compose

SCHEMA = json.loads((Path(__file__).parent / "compose_spec.json").read_text(encoding="utf-8"))
OURS = ("migrate", "rasa", "console", "dispatcher")
SERVICES = compose()["services"]


@pytest.mark.parametrize("name", ["docker-compose.yml", "deploy/wechat.yml"])
def test_file_is_valid_by_the_specification(name: str) -> None:
    content = compose(name)
    jsonschema.validate({key: value for key, value in content.items() if not key.startswith("x-")}, SCHEMA)


@pytest.mark.parametrize("name", SERVICES)
def test_container_has_an_account_of_its_own_and_few_rights(name: str) -> None:
    service = SERVICES[name]
    unprivileged = "unprivileged" in service["image"]
    assert unprivileged or service["user"] not in ("root", "0", "0:0")
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_container_that_serves_has_a_health_check_and_comes_back(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", OURS)
def test_command_and_settings_are_known(name: str) -> None:
    service = SERVICES[name]
    assert service["command"][0] in COMMANDS
    known = {each.upper() for each in Settings.__fields__}
    assert {variable.removesuffix("_FILE") for variable in service["environment"]} <= known


@pytest.mark.parametrize("files", [["docker-compose.yml"], ["docker-compose.yml", "deploy/wechat.yml"]])
def test_secrets_are_files_that_exist_in_the_containers(files: list[str]) -> None:
    contents = [compose(name) for name in files]
    declared = {name for content in contents for name in content["secrets"]}
    given = {name: _merged(contents, name) for name in OURS}
    for service in given.values():
        for variable, value in service["environment"].items():
            assert not _is_secret(variable) or variable.endswith("_FILE"), variable
            if variable.endswith("_FILE"):
                assert value.removeprefix("/run/secrets/") in set(service["secrets"]) & declared


def test_only_the_front_is_reachable_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]
    assert compose()["networks"]["data"]["internal"] is True
    assert all(SERVICES[name]["networks"] == ["data"] for name in ("postgres", "redis"))


def test_front_lets_no_internal_address_through() -> None:
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    residents = text[text.index("listen 8443") : text.index("listen 8444")]
    locations = [line.split("{")[0].split()[-1] for line in residents.splitlines() if "location" in line]
    assert locations == ["/", "/chat", "/webhooks/wechat/webhook", "/webhooks/wecom/webhook", "/"]
    assert "location / { return 404; }" in residents


def test_processes_start_after_the_tables_are_there() -> None:
    for name in ("rasa", "console", "dispatcher"):
        assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def _is_secret(variable: str) -> bool:
    field = Settings.__fields__.get(variable.removesuffix("_FILE").lower())
    return field is not None and (field.type_.__name__ == "SecretStr" or variable.startswith("DATABASE_URL"))


def _merged(contents: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """A service of several files, as the Compose client merges them."""
    parts = [content["services"].get(name, {}) for content in contents]
    return {
        "environment": {key: value for part in parts for key, value in part.get("environment", {}).items()},
        "secrets": [secret for part in parts for secret in part.get("secrets", [])],
    }
