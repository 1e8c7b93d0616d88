"""An installation made of real processes on loopback, and people who use it over HTTP."""

import io
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from app.cli.main import run
from app.settings import settings
from tests.support.commands import spawn
from tests.support.ports import free_port
from tests.support.waiting import until

PASSWORD = re.compile(r"\w{4}(?:-\w{4}){3}")


@dataclass
class Installation:
    """Commands and servers that share settings. Whatever still runs at the end is killed."""

    settings: dict[str, str]
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def run(self, *arguments: str | Path) -> str:
        """Run a command to its end, in this process, and return what it printed."""
        said = io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(said):
            for name, value in self.settings.items():
                patch.setenv(name, value)
            settings.cache_clear()
            code = run([str(argument) for argument in arguments])
        settings.cache_clear()
        assert code == 0, f"{arguments}: exit {code}: {said.getvalue()}"
        return said.getvalue()

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Start a command and leave it running."""
        process = spawn(arguments, **self.settings)
        self.running.append(process)
        return process

    def serve(self, port: int | None = None) -> tuple[subprocess.Popen[str], str]:
        """Start a web process; return it and its address once it answers."""
        port = port or free_port()
        process = self.start("serve", "--port", str(port))
        address = f"http://127.0.0.1:{port}"
        until(lambda: _answers(process, address), seconds=180)
        return process, address

    def add_user(self, name: str, role: str) -> str:
        """Make an account and return its password."""
        found = PASSWORD.search(self.run("user", "add", name, "--role", role))
        assert found
        return found[0]

    def close(self) -> None:
        """Kill what still runs."""
        for process in self.running:
            process.kill()
            process.communicate()


@contextmanager
def installation(**settings: str) -> Iterator[Installation]:
    """Hand out an installation and clear up after it."""
    made = Installation(settings)
    try:
        yield made
    finally:
        made.close()


def _answers(process: subprocess.Popen[str], address: str) -> bool:
    if process.poll() is not None:
        raise AssertionError(f"the server ended: {process.communicate()[1]}")
    try:
        return httpx2.get(f"{address}/healthz", timeout=10).status_code == 200
    except httpx2.TransportError:
        return False


class Person:
    """Someone signed in at one web process, who may go on at another with the same cookie."""

    def __init__(self, address: str, name: str, password: str) -> None:
        self.client = httpx2.Client(base_url=address, timeout=60)
        form = {"name": name, "password": password}
        assert self.client.post("/sign-in", data=form).status_code == 303

    def close(self) -> None:
        """Close the connections."""
        self.client.close()

    def move_to(self, address: str) -> None:
        """Talk to another web process from now on, as a load balancer would decide."""
        self.client.base_url = address

    def get(self, path: str) -> httpx2.Response:
        """Ask for a page that must be there."""
        answer = self.client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:500]}"
        return answer

    def act(self, path: str, **form: str) -> str:
        """Send a form and return where it leads."""
        answer = self.client.post(path, data=form)
        assert answer.status_code == 303, f"{path}: {answer.status_code} {answer.text[:500]}"
        location: str = answer.headers["location"]
        return location

    def next_ballot(self, study: str) -> str | None:
        """Return the address of the next ballot, or None when there is none left."""
        answer = self.client.get(f"/studies/{study}/next")
        assert answer.status_code == 303, answer.text[:500]
        location: str = answer.headers["location"]
        return location if location.startswith("/ballots/") else None

    def vote(self, ballot: str, letter: str, *, key: str) -> httpx2.Response:
        """Choose a slot under an idempotency key."""
        body = {"idempotency_key": key, "answer": {"kind": "slot", "slots": [letter]}}
        return self.client.post(f"{ballot}/answers", json=body)
