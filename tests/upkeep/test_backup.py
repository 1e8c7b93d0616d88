"""A backup holds everything, and a restore brings back that or nothing."""

import sqlite3
import tarfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from app.accounts import passwords, users
from app.accounts.roles import Role
from app.accounts.tables import User
from app.blobs.store import open_store
from app.clock import FixedClock
from app.db.engine import make_engine, session_factory
from app.settings import Settings, secret_key
from app.upkeep import backup
from app.upkeep.checks import findings
from app.upkeep.tarball import BackupRefused


def quiet(done: int, total: int) -> None:
    """Show nothing."""


@pytest.fixture
def lived_in(settings: Settings, clock: FixedClock) -> Settings:
    """An installation with a user, two blobs and a key."""
    secret_key(settings.home)
    store = open_store(settings)
    store.put(b"a film")
    store.put(b"a mask")
    add_user(settings, clock, "anna")
    return settings


def add_user(settings: Settings, clock: FixedClock, name: str) -> None:
    engine = make_engine(settings.database)
    with session_factory(engine).begin() as session:
        users.add_user(
            session,
            name=name,
            full_name=name,
            role=Role.PHYSICIAN,
            password=passwords.generate(),
            clock=clock,
        )
    engine.dispose()


def names(settings: Settings) -> list[str]:
    engine = make_engine(settings.database)
    with session_factory(engine)() as session:
        found = list(session.scalars(select(User.name)))
    engine.dispose()
    return found


@pytest.fixture
def elsewhere(
    request: pytest.FixtureRequest, settings: Settings, tmp_path: Path
) -> Iterator[Settings]:
    """An empty place with a database of the same kind."""
    home = tmp_path / "elsewhere"
    if settings.database.startswith("sqlite"):
        yield Settings(home=home)
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"restored_{uuid.uuid4().hex}"
    yield Settings(home=home, database_url=server.create(name))
    server.drop(name)


def restore(settings: Settings, file: Path) -> None:
    contents = backup.check_restorable(settings, file, progress=quiet)
    backup.restore(settings, file, contents, progress=quiet)


def test_what_was_backed_up_comes_back(
    lived_in: Settings, elsewhere: Settings, clock: FixedClock, tmp_path: Path
) -> None:
    file = tmp_path / "backup.tar"
    contents = backup.back_up(lived_in, file, clock=clock, progress=quiet)
    assert contents.blobs == 2
    restore(elsewhere, file)
    assert names(elsewhere) == ["anna"]
    assert set(open_store(elsewhere).all()) == set(open_store(lived_in).all())
    assert secret_key(elsewhere.home) == secret_key(lived_in.home)


def test_a_restored_database_still_refuses_to_change_a_vote_and_to_show_origins(
    lived_in: Settings, elsewhere: Settings, clock: FixedClock, tmp_path: Path
) -> None:
    file = tmp_path / "backup.tar"
    backup.back_up(lived_in, file, clock=clock, progress=quiet)
    restore(elsewhere, file)
    found = {finding.name: finding for finding in findings(elsewhere, clock)}
    assert found["blindness"].ok
    assert found["schema"].ok


def test_a_backup_can_be_read_by_its_owner_only(
    lived_in: Settings, clock: FixedClock, tmp_path: Path
) -> None:
    file = tmp_path / "backup.tar"
    backup.back_up(lived_in, file, clock=clock, progress=quiet)
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.fixture
def sqlite_home(sqlite_url: str, home: Path, clock: FixedClock) -> Settings:
    settings = Settings(home=home, database_url=sqlite_url)
    open_store(settings).put(b"a film")
    add_user(settings, clock, "anna")
    return settings


@pytest.fixture
def whole(sqlite_home: Settings, clock: FixedClock, tmp_path: Path) -> Path:
    file = tmp_path / "backup.tar"
    backup.back_up(sqlite_home, file, clock=clock, progress=quiet)
    return file


@pytest.fixture
def empty(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "empty")


def test_any_damaged_byte_that_matters_is_found_and_nothing_is_written(
    whole: Path, empty: Settings
) -> None:
    data = bytearray(whole.read_bytes())
    position = data.index(b"a film")
    data[position] ^= 1
    whole.write_bytes(data)
    with pytest.raises(BackupRefused, match="damaged"):
        restore(empty, whole)
    assert not empty.home.exists()


def test_a_backup_that_was_cut_short_is_refused(whole: Path, empty: Settings) -> None:
    whole.write_bytes(whole.read_bytes()[:4096])
    with pytest.raises(BackupRefused):
        restore(empty, whole)


def test_a_backup_that_lacks_a_blob_is_refused(
    whole: Path, empty: Settings, tmp_path: Path
) -> None:
    thinner = tmp_path / "thinner.tar"
    with tarfile.open(whole) as old, tarfile.open(thinner, "w") as new:
        for member in old:
            if not member.name.startswith("blobs/"):
                new.addfile(member, old.extractfile(member))
    with pytest.raises(BackupRefused, match="0 blobs"):
        restore(empty, thinner)


def test_a_file_that_is_no_backup_is_refused(empty: Settings, tmp_path: Path) -> None:
    (tmp_path / "film.png").write_bytes(b"\x89PNG")
    with pytest.raises(BackupRefused):
        restore(empty, tmp_path / "film.png")


def test_a_place_that_is_not_empty_is_left_alone(
    whole: Path, sqlite_home: Settings, clock: FixedClock
) -> None:
    add_user(sqlite_home, clock, "berta")
    with pytest.raises(backup.NotEmpty):
        restore(sqlite_home, whole)
    assert names(sqlite_home) == ["anna", "berta"]


def test_a_restore_that_was_stopped_begins_again(
    whole: Path, empty: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    contents = backup.check_restorable(empty, whole, progress=quiet)
    with pytest.raises(KeyboardInterrupt):
        backup.restore(empty, whole, contents, progress=stop)
    restore(empty, whole)
    assert names(empty) == ["anna"]


def test_a_backup_is_whole_while_others_write(
    sqlite_home: Settings, empty: Settings, clock: FixedClock, tmp_path: Path
) -> None:
    url = sqlite_home.database.removeprefix("sqlite:///")
    writer = sqlite3.connect(url)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE users SET full_name = 'half written'")
    file = tmp_path / "meanwhile.tar"
    backup.back_up(sqlite_home, file, clock=clock, progress=quiet)
    writer.rollback()
    writer.close()
    restore(empty, file)
    assert names(empty) == ["anna"]


def test_an_existing_file_is_never_written_over(
    whole: Path, sqlite_home: Settings, clock: FixedClock
) -> None:
    with pytest.raises(backup.NotEmpty):
        backup.back_up(sqlite_home, whole, clock=clock, progress=quiet)


def test_a_backup_of_another_kind_of_database_is_named(
    whole: Path, postgresql_url: str, tmp_path: Path
) -> None:
    other = Settings(home=tmp_path / "other", database_url=postgresql_url)
    with pytest.raises(backup.NotEmpty, match=r"database\.sqlite"):
        restore(other, whole)
