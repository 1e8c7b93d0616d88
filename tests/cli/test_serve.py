"""The server as a process: it answers, it names a taken port, it stops when told."""

import json
import signal
import socket
import stat
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import pytest

from tests.support.commands import Commands, spawn
from tests.support.ports import free_port
from tests.support.waiting import until


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def server(port: int) -> Iterator[Popen[str]]:
    process = spawn(["serve", "--port", str(port)])
    until(lambda: process.poll() is not None or listens(port))
    yield process
    process.kill()
    process.communicate()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_fresh_home_is_served_and_left_cleanly(server: Popen[str], port: int, home: Path) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
        assert json.load(answer)["status"] == "ok"
        assert "Server" not in answer.headers
    assert stat.S_IMODE((home / "secret.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=20) == 0


def test_several_workers_answer_and_end_with_the_first_process(port: int) -> None:
    process = spawn(["serve", "--port", str(port), "--workers", "2"])
    address = f"http://127.0.0.1:{port}/healthz"
    try:
        until(lambda: process.poll() is not None or listens(port), seconds=60)
        with urllib.request.urlopen(address, timeout=60) as answer:
            assert json.load(answer)["status"] == "ok"
    finally:
        process.kill()
        process.wait()
    # Whoever outlived it would hold the port.
    until(lambda: not listens(port), seconds=60)
    process.communicate()


def test_a_port_that_is_taken_is_named_with_its_cure(maskballot: Commands, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        said = maskballot("serve", "--port", str(port))
    assert said.code == 2
    assert str(port) in said.err
    assert "--port" in said.err


def test_an_address_of_another_machine_is_named(maskballot: Commands, port: int) -> None:
    said = maskballot("serve", "--host", "192.0.2.1", "--port", str(port))
    assert said.code == 2
    assert "192.0.2.1" in said.err


def test_a_worker_has_nothing_to_do_beside_an_embedded_database(maskballot: Commands) -> None:
    said = maskballot("worker")
    assert said.code == 2
    assert "SQLite" in said.err


def test_an_old_database_server_is_upgraded_by_an_operator_only(
    maskballot: Commands, postgresql_url: str, monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    monkeypatch.setenv("MASKBALLOT_DATABASE_URL", postgresql_url)
    assert maskballot("db", "upgrade").code == 0
    from app.db import migrate

    migrate.downgrade(postgresql_url, "0002")
    said = maskballot("serve", "--port", str(port))
    assert said.code == 2
    assert "maskballot db upgrade" in said.err
