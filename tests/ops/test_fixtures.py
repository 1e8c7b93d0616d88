"""The tests' own ground: every database at the newest migration, nothing outside reached."""

import socket

import pytest
from sqlalchemy import Engine, text

from app.db import migrate
from tests.support.sockets import OutsideReached


def test_a_fresh_database_stands_at_the_newest_migration(database_url: str) -> None:
    assert migrate.is_current(database_url)


def test_each_test_has_a_database_of_its_own(engine: Engine) -> None:
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM users")) == 0


def test_a_test_cannot_leave_this_machine() -> None:
    with socket.socket() as opened, pytest.raises(OutsideReached):
        opened.connect(("192.0.2.1", 80))
    with pytest.raises(OutsideReached):
        socket.getaddrinfo("example.org", 443)
