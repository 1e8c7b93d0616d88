"""docker-compose.yml: valid, complete, pinned, and without a secret."""

import json
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from app.settings import Settings
from tests.support.commands import REPOSITORY

Compose = dict[str, Any]
VARIABLE = re.compile(r"\$\{(\w+)(:[-?])?([^}]*)\}")


@pytest.fixture(scope="module")
def compose() -> Compose:
    loaded: Compose = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())
    return loaded


@pytest.fixture(scope="module")
def dotenv(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What scripts/make-secrets writes."""
    folder = tmp_path_factory.mktemp("compose")
    (folder / "scripts").mkdir()
    script = shutil.copy(REPOSITORY / "scripts" / "make-secrets", folder / "scripts")
    subprocess.run([script], check=True, capture_output=True)
    assert stat.S_IMODE((folder / ".env").stat().st_mode) == 0o600
    assert subprocess.run([script], capture_output=True).returncode == 1
    lines = (folder / ".env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


def test_it_follows_the_compose_specification(compose: Compose) -> None:
    schema = json.loads((Path(__file__).parent / "compose-spec/compose_spec.json").read_text())
    # Newer than the schema's edition of the specification, and part of today's.
    known = {key: value for key, value in compose.items() if key != "name"}
    jsonschema.Draft7Validator(schema).validate(known)


def test_it_has_the_services_of_a_hospital(compose: Compose) -> None:
    assert set(compose["services"]) == {"web", "worker", "migrate", "postgres", "objects"}


def test_every_lasting_service_has_a_health_check(compose: Compose) -> None:
    lasting = {name for name, one in compose["services"].items() if one.get("restart") != "no"}
    assert lasting == {name for name, one in compose["services"].items() if "healthcheck" in one}


def test_every_image_is_pinned_and_none_is_minio(compose: Compose) -> None:
    for service in compose["services"].values():
        name, _, tag = service["image"].partition(":")
        assert re.search(r"\d+\.\d+", tag), service["image"]
        assert "minio" not in name


def test_every_volume_is_named_or_a_file_of_the_repository(compose: Compose) -> None:
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (REPOSITORY / source).is_file()
                assert volume.endswith(":ro")
            else:
                assert source in compose["volumes"]


def test_every_dependency_exists_and_is_waited_for(compose: Compose) -> None:
    services = compose["services"]
    for service in services.values():
        for name, how in service.get("depends_on", {}).items():
            wanted = "service_healthy" if "healthcheck" in services[name] else None
            assert how["condition"] == (wanted or "service_completed_successfully")


def test_every_setting_is_one_that_the_code_reads(compose: Compose) -> None:
    known = {f"MASKBALLOT_{name.upper()}" for name in Settings.model_fields}
    for name in ("web", "worker", "migrate"):
        assert set(compose["services"][name]["environment"]) <= known


def test_web_and_workers_share_the_folder_of_uploads_and_the_key(compose: Compose) -> None:
    for name in ("web", "worker"):
        service = compose["services"][name]
        home = service["environment"]["MASKBALLOT_HOME"]
        assert f"home:{home}" in service["volumes"]


def test_every_command_of_ours_exists(compose: Compose) -> None:
    from app.cli.main import COMMANDS

    for name in ("web", "worker", "migrate"):
        command = compose["services"][name]["command"]
        assert command[:3] == ["python", "-m", "app"]
        assert command[3] in COMMANDS


def test_every_variable_has_a_value_and_every_secret_comes_from_the_file(
    compose: Compose, dotenv: dict[str, str]
) -> None:
    for name, operator, _ in VARIABLE.findall(json.dumps(compose)):
        if operator == ":?":
            assert dotenv[name], name
        else:
            assert operator == ":-", f"{name} has neither a default nor a message"


def test_no_secret_stands_in_it(compose: Compose) -> None:
    for service in compose["services"].values():
        for name, value in service["environment"].items():
            if re.search("PASSWORD|SECRET|ACCESS_KEY", name):
                assert VARIABLE.fullmatch(value), name
            if "://" in str(value) and "@" in value:
                assert ":${" in value, name


def test_the_secrets_are_long_and_differ(dotenv: dict[str, str]) -> None:
    secrets = [value for name, value in dotenv.items() if name.isupper() and "HTTPS" not in name]
    assert len(set(secrets)) == len(secrets) == 4
    assert min(map(len, secrets)) >= 26


def test_only_the_web_service_is_reached_and_only_from_this_machine(compose: Compose) -> None:
    open_to = {name: one["ports"] for name, one in compose["services"].items() if "ports" in one}
    assert list(open_to) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in open_to["web"])


def test_our_containers_cannot_gain_rights(compose: Compose) -> None:
    for name in ("web", "worker", "migrate"):
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]


def test_the_image_is_built_from_the_same_requirements_as_an_ordinary_user() -> None:
    lines = (REPOSITORY / "Dockerfile").read_text().splitlines()
    assert any("-r requirements.txt" in line for line in lines if line.startswith("RUN"))
    users = [line.split()[1] for line in lines if line.startswith("USER")]
    assert users
    assert users[-1] != "root"
    copied = [word for line in lines if line.startswith("COPY") for word in line.split()[1:-1]]
    assert all((REPOSITORY / word).exists() for word in copied), copied
    allowed = (REPOSITORY / ".dockerignore").read_text().split()
    assert all(f"!{word}" in allowed for word in copied)


def test_every_script_can_be_run() -> None:
    for script in ("scripts/make-env", "scripts/make-secrets", ".ci/run"):
        assert os.access(REPOSITORY / script, os.X_OK)
